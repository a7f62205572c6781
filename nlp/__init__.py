"""Tag: what in a post's text indicates extremism or a migration, with exact offsets.

May import core; never crawler, search, watch or app.
"""
