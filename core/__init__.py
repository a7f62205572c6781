"""The words everyone shares: records, clock, hosts, settings, the store.

Imports no sibling folder; every sibling may import it.
"""
