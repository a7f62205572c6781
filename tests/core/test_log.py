"""The change log: numbered without gaps in commit order, consumed once, never past what is still being written."""

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select

from core.clock import fixed_clock
from core.store import Store
from core.store.log import POST, TAGGED, CursorMoved, append, backlog, consume, position
from core.store.tables import cursors, log
from tests.core.conftest import NOW

clock = fixed_clock(NOW)


def write(store: Store, kind: str, *subjects: str) -> None:
    with store.write() as tx:
        append(tx, kind, subjects)


def read(store: Store, name: str = "reader", kind: str = POST, limit: int = 100) -> list[str]:
    with consume(store, name, kind, limit, clock) as batch:
        return list(batch.subjects)


def test_what_lies_beyond_the_cursor_is_handed_out_once_in_order(store: Store) -> None:
    write(store, POST, "a", "b", "c")
    assert read(store, limit=2) == ["a", "b"]
    assert read(store, limit=2) == ["c"]
    assert read(store) == []
    write(store, POST, "a")
    assert read(store) == ["a"]


def test_a_subject_that_changed_twice_comes_once(store: Store) -> None:
    write(store, POST, "a", "b", "a")
    assert read(store) == ["a", "b"]


def test_each_consumer_has_its_own_cursor_and_kind(store: Store) -> None:
    write(store, POST, "a")
    write(store, TAGGED, "b")
    assert (read(store, "tagger", POST), read(store, "indexer", TAGGED)) == (["a"], ["b"])
    assert read(store, "another", POST) == ["a"]


def test_a_cursor_set_back_to_zero_reads_everything_again(store: Store) -> None:
    write(store, POST, "a", "b")
    read(store)
    with store.write() as tx:
        tx.execute(delete(cursors))
    assert read(store) == ["a", "b"]


def test_an_exception_moves_nothing(store: Store) -> None:
    write(store, POST, "a")
    with pytest.raises(ZeroDivisionError), consume(store, "reader", POST, 10, clock):
        raise ZeroDivisionError
    assert read(store) == ["a"]


def test_a_write_that_fails_moves_nothing_and_leaves_no_other_write(store: Store) -> None:
    write(store, POST, "a")

    def fails(_tx: Connection) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), consume(store, "reader", POST, 10, clock) as batch:
        batch.save(append, TAGGED, ["a"])
        batch.save(fails)
    with store.read() as view:
        assert (position(view, "reader"), backlog(view, "indexer", TAGGED)) == (0, 0)


def test_of_two_consumers_of_one_name_one_writes_and_the_other_is_told(store: Store) -> None:
    write(store, POST, "a")
    with pytest.raises(CursorMoved), consume(store, "reader", POST, 10, clock) as slow:
        with consume(store, "reader", POST, 10, clock) as quick:
            quick.save(append, TAGGED, ["quick"])
        slow.save(append, TAGGED, ["slow"])
    assert read(store, "indexer", TAGGED) == ["quick"]


def test_backlog_counts_what_waits(store: Store) -> None:
    write(store, POST, "a", "b", "c")
    read(store, limit=1)
    with store.read() as view:
        assert backlog(view, "reader", POST) == 2


def test_numbers_have_no_gaps_when_many_write_at_once(store: Store, tmp_path: Path) -> None:
    def work(name: str) -> None:
        own = Store.open(tmp_path)
        for turn in range(20):
            write(own, POST, f"{name}{turn}", f"{name}{turn}b")
        own.close()

    writers = [threading.Thread(target=work, args=(name,)) for name in "xyz"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with store.read() as view:
        rows = view.execute(select(log.c.seq, log.c.subject).order_by(log.c.seq)).all()
    assert [row.seq for row in rows] == list(range(1, 121))
    assert sorted(row.subject for row in rows) == sorted(
        f"{n}{t}{b}" for n in "xyz" for t in range(20) for b in ("", "b")
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["write", "read", "crash"]), st.integers(1, 5)), max_size=30))
def test_whatever_the_order_of_writes_reads_and_crashes_everything_is_seen_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    store = Store.open(tmp_path_factory.mktemp("log"))
    written: list[str] = []
    seen: list[str] = []
    for step, size in [*steps, ("read", 1000)]:
        if step == "write":
            subjects = [f"p{len(written) + i}" for i in range(size)]
            written += subjects
            write(store, POST, *subjects)
        elif step == "read":
            seen += read(store, limit=size)
        else:
            with pytest.raises(KeyError), consume(store, "reader", POST, size, clock):
                raise KeyError
    store.close()
    assert seen == written
