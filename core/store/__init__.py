"""The store: one truth in SQLite (or PostgreSQL), written in whole transactions, read by cursors.

`store` opens it, `frontier` hands out pages, `commits` takes what a page gave, `log` lets consumers follow.
"""

from core.store.store import Store, StoreError

__all__ = ["Store", "StoreError"]
