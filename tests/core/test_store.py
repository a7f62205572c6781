"""Opening the store: durable, migrated, and clear about what it cannot open."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from core.records import PageRef
from core.store import Store, StoreError
from core.store.tables import UTCDateTime, metadata, posts
from tests.core.conftest import ROOT, Crawling, post


def test_a_commit_is_on_disk_when_it_returns(store: Store) -> None:
    with store.write() as tx:
        assert tx.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert tx.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert tx.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_the_migrations_make_exactly_the_tables_the_program_uses(store: Store) -> None:
    with store.read() as view:
        context = MigrationContext.configure(view, opts={"compare_type": _same_type})
        assert compare_metadata(context, metadata) == []


def _same_type(_context: object, _inspected: object, _column: object, _kind: object, declared: object) -> bool | None:
    return False if isinstance(declared, UTCDateTime) else None


def test_the_tables_can_be_made_on_postgresql() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    made = [str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables]
    made += [
        str(CreateIndex(index).compile(dialect=dialect)) for table in metadata.sorted_tables for index in table.indexes
    ]
    assert any("BIGSERIAL" in one for one in made)
    assert all(len(index.name or "") <= 63 for table in metadata.sorted_tables for index in table.indexes)


def test_two_processes_may_open_a_new_store_at_once(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from core.store import Store; Store.open(Path(sys.argv[1])).close()"
    opening = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in opening:
        _, said = process.communicate(timeout=60)
        assert process.returncode == 0, said


def _is_no_database(path: Path) -> None:
    path.write_bytes(b"this is a shopping list, not a database" * 100)


def _is_a_folder(path: Path) -> None:
    path.mkdir()


def _is_newer(path: Path) -> None:
    Store.open(path.parent).close()
    with closing(sqlite3.connect(path)) as store, store:
        store.execute("UPDATE alembic_version SET version_num = 'from the future'")


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (_is_no_database, "file is not a database"),
        (_is_a_folder, "unable to open database file"),
        (_is_newer, "written by a newer Fringewatch"),
    ],
)
def test_a_store_that_cannot_be_opened_says_where_and_what_to_do(
    spoil: Callable[[Path], None], complaint: str, tmp_path: Path
) -> None:
    spoil(tmp_path / "store.sqlite")
    with pytest.raises(StoreError, match=complaint) as caught:
        Store.open(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert "update this one" in str(caught.value) or "name another --home" in str(caught.value)


def test_a_reader_sees_one_state_while_others_write(crawling: Crawling, tmp_path: Path) -> None:
    crawling.begin(PageRef("http://harbor.example/b/1", "thread", "b", 1))
    other = Store.open(tmp_path)
    with other.read() as view:
        assert view.execute(select(posts.c.id)).all() == []
        crawling.read(crawling.page(), post(1))
        assert view.execute(select(posts.c.id)).all() == []
    with other.read() as view:
        assert len(view.execute(select(posts.c.id)).all()) == 1
    other.close()


def test_a_naive_time_never_gets_in(store: Store) -> None:
    with pytest.raises(Exception, match="aware datetimes only"), store.write() as tx:
        tx.execute(text("SELECT 1"))
        naive = post(1).posted_at
        assert naive is not None
        tx.execute(posts.insert().values(id="x", posted_at=naive.replace(tzinfo=None)))
