"""A store that an older version wrote keeps what it said when this one opens it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select

from core.store import Store
from core.store.store import MIGRATIONS
from core.store.tables import alerts, deliveries


def test_deliveries_of_before_are_kept_as_told(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'store.sqlite'}")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
    engine.dispose()
    with closing(sqlite3.connect(tmp_path / "store.sqlite")) as old, old:
        old.execute("INSERT INTO alerts VALUES ('a', 'mirror', 'a.example', 'new', '2026-11-24 12:00:00', '{}')")
        old.execute("INSERT INTO deliveries VALUES ('a', 'file', '2026-11-24 12:00:00')")
    store = Store.open(tmp_path)
    with store.read() as view:
        assert view.execute(select(alerts.c.id, alerts.c.revision)).all() == [("a", 1)]
        (row,) = view.execute(select(deliveries)).all()
    store.close()
    assert (row.alert, row.channel, row.tellings, row.seen, row.told, row.waiting_since) == (
        "a",
        "file",
        1,
        0,
        None,
        None,
    )
    assert f"{row.told_at:%Y-%m-%d %H:%M}" == "2026-11-24 12:00"
