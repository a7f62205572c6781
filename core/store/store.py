"""Opening the store, and its two kinds of transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
BUSY_SECONDS = 60
"""How long a writer waits for another before it gives up."""


class StoreError(Exception):
    """The store cannot be used: says where it is, what happened and what to do."""


class Store:
    """The truth: everything collected, said and decided. Open it with `Store.open`."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, home: Path, url: str | None = None) -> Self:
        """The store of a home folder (made where there is none), or at a SQLAlchemy URL; migrated to this version.

        Raises StoreError where it cannot be opened, is damaged, or was written by a newer version.
        """
        location = url or f"sqlite:///{home / 'store.sqlite'}"
        try:
            home.mkdir(parents=True, exist_ok=True)
            engine = create_engine(location)
            if engine.dialect.name == "sqlite":
                _prepare_sqlite(engine)
            _migrate(engine, location)
        except (OSError, DBAPIError) as error:
            reason = error.orig if isinstance(error, DBAPIError) else error
            raise StoreError(
                f"the store at {location} cannot be opened: {reason}. "
                "Check that its folder can be written and the file is a Fringewatch store, or name another --home."
            ) from None
        return cls(engine)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One write transaction: all of it or nothing; writers queue."""
        with self.engine.connect() as connection:
            connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Gives up all connections."""
        self.engine.dispose()


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, _record: Any) -> None:
        # sqlite3's own transaction handling begins late and never IMMEDIATE: we begin them ourselves.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_SECONDS * 1000}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A reader that turns writer in mid-transaction fails at once instead of waiting; so writers say so first.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _migrate(engine: Engine, location: str) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    head = script.get_current_head()
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise StoreError(f"the store at {location} was written by a newer Fringewatch ({current}); update this one.")
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(8675309)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
