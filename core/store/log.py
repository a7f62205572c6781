"""The change log and its consumers: what changed, in commit order, and how far each consumer has read.

Kinds of entry: `post` (a post is new, changed, deleted or back; subject is its id) and `tagged` (its tags were
saved). A consumer's cursor moves in the transaction of its own writes, so a crash loses nothing and repeats nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Concatenate, ParamSpec

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.clock import Clock
from core.store.store import Store
from core.store.tables import cursors, log, log_head

Parameters = ParamSpec("Parameters")

POST = "post"
TAGGED = "tagged"


class CursorMoved(Exception):
    """Another process has consumed the same entries meanwhile; its work stands, this one's is dropped."""


def append(tx: Connection, kind: str, subjects: Iterable[str]) -> None:
    """Adds one entry a subject.

    The head row is locked until the transaction ends, so numbers have no gaps and follow commit order on every
    database: a consumer can never overtake an entry that is still being written.
    """
    subjects = list(subjects)
    if not subjects:
        return
    head = tx.execute(
        update(log_head).values(seq=log_head.c.seq + len(subjects)).returning(log_head.c.seq)
    ).scalar_one()
    first = head - len(subjects) + 1
    tx.execute(insert(log), [{"seq": first + i, "kind": kind, "subject": s} for i, s in enumerate(subjects)])


@dataclass
class Batch:
    """What lies beyond a consumer's cursor: log entries `start < seq <= end`, what changed."""

    start: int
    end: int
    subjects: Sequence[str]
    """Each once, in log order."""
    writes: list[Callable[[Connection], None]] = field(default_factory=list)

    def save(
        self,
        write: Callable[Concatenate[Connection, Parameters], None],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> None:
        """Has `write(transaction, …)` done in the transaction that moves the cursor."""
        self.writes.append(lambda tx: write(tx, *args, **kwargs))


@contextmanager
def consume(store: Store, name: str, kind: str, limit: int, clock: Clock) -> Iterator[Batch]:
    """Hands out the next `limit` entries of a kind; leaving the block does the saved writes and moves the cursor.

    An exception in the block moves nothing. Work outside the store has to be idempotent and acknowledged before the
    block ends. Raises CursorMoved where another process took the same entries first. An empty batch
    (`start == end`) is the end of the log.
    """
    with store.read() as view:
        start = position(view, name)
        found = view.execute(
            select(log.c.seq, log.c.subject)
            .where(log.c.seq > start, log.c.kind == kind)
            .order_by(log.c.seq)
            .limit(limit)
        ).all()
        end = found[-1].seq if found else start
    batch = Batch(start, end, list(dict.fromkeys(row.subject for row in found)))
    yield batch
    if end == start and not batch.writes:
        return
    with store.write() as tx:
        if position(tx, name) != start:
            raise CursorMoved(name)
        for write in batch.writes:
            write(tx)
        _move(tx, name, end, clock)


def position(view: Connection, name: str) -> int:
    """How far the consumer has read; 0 before its first entry."""
    return view.execute(select(cursors.c.seq).where(cursors.c.name == name)).scalar() or 0


def rewind(tx: Connection, name: str, clock: Clock) -> None:
    """Has the consumer read everything once more from the first entry."""
    _move(tx, name, 0, clock)


def head(view: Connection) -> int:
    """The number of the log's last entry; 0 before the first."""
    return view.execute(select(log_head.c.seq)).scalar() or 0


def entries_after(view: Connection, seq: int, kind: str) -> int:
    """How many entries of a kind lie beyond an entry."""
    found = select(func.count()).select_from(log).where(log.c.seq > seq, log.c.kind == kind)
    return view.execute(found).scalar_one()


def backlog(view: Connection, name: str, kind: str) -> int:
    """How many entries of a kind lie beyond the consumer's cursor."""
    return entries_after(view, position(view, name), kind)


def _move(tx: Connection, name: str, seq: int, clock: Clock) -> None:
    moved = tx.execute(update(cursors).where(cursors.c.name == name).values(seq=seq, moved_at=clock()))
    if not moved.rowcount:
        try:
            tx.execute(insert(cursors).values(name=name, seq=seq, moved_at=clock()))
        except IntegrityError:
            raise CursorMoved(name) from None
