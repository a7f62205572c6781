"""Search: one query language, one analysis, two indexes behind one port.

May import core; never crawler, nlp, watch or app.
"""
