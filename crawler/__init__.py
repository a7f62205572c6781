"""Fetch and parse: from an address to posts, links and further pages, committed to the store.

May import core; never nlp, search, watch or app.
"""
