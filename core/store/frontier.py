"""The frontier: which pages are known, due, leased and done. It survives a kill at any moment.

A page is handed out under a lease and is done when what it gave is committed (core/store/commits.py). Politeness is
part of handing out: a host's next request waits for its delay, whichever process makes it.
"""

import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, insert, or_, select, update

from core.records import PageRef, number
from core.store.store import Store
from core.store.tables import crawls, hosts, pages

LEASE_SECONDS = 300
"""After this a lease counts as lost. Longer than any request may take."""

ENTRY, INDEX, CHANGED, RECHECK = range(4)
"""Priorities, first to last: where a crawl begins, lists, new or changed pages, known pages in their turn."""


@dataclass(frozen=True)
class Lease:
    """One page to fetch now, with the validators of its last fetch."""

    page: int
    crawl: int
    source: str
    found: PageRef
    owner: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True)
class CrawlBegun:
    """A crawl to work on."""

    id: int
    engine: str | None
    """What the source's latest crawl found it to be."""
    resumed: bool


def begin_crawl(store: Store, source: str, entry: Iterable[PageRef], now: datetime, *, recheck: int) -> CrawlBegun:
    """The source's unfinished crawl, or a new one with its first pages due.

    A new crawl has due: the entry pages, every page that failed last time, and the `recheck` longest unvisited known
    pages. Only one process crawls a source at a time, so leases still held were lost with theirs and are given back.
    """
    with store.write() as tx:
        tx.execute(update(pages).where(pages.c.source == source).values(lease_owner=None, lease_until=None))
        last = last_crawl(tx, source)
        engine = last.engine if last else None
        if last is not None and last.ended_at is None:
            return CrawlBegun(last.id, engine, resumed=True)
        new = insert(crawls).values(source=source, started_at=now, engine=engine, errors=[]).returning(crawls.c.id)
        crawl = int(tx.execute(new).scalar_one())
        turn = (
            select(pages.c.id)
            .where(pages.c.source == source, pages.c.gone.is_(False), pages.c.due_at.is_(None))
            .order_by(pages.c.fetched_at, pages.c.id)
            .limit(recheck)
        )
        tx.execute(update(pages).where(pages.c.id.in_(turn)).values(due_at=now, priority=RECHECK))
        discover(tx, source, crawl, entry, now, priority=ENTRY)
        return CrawlBegun(crawl, engine, resumed=False)


def discover(
    tx: Connection, source: str, crawl: int, found: Iterable[PageRef], now: datetime, *, priority: int | None = None
) -> None:
    """Keeps pages that were pointed to; those new, changed by their hint, or lists' first pages become due."""
    wanted = {page.url: page for page in found}
    known = _by_url(tx, source, wanted)
    for url, page in wanted.items():
        row = known.get(url)
        is_list = page.thread is None
        rank = priority if priority is not None else INDEX if is_list else CHANGED
        kept = {
            "kind": page.kind, "board": page.board, "part": page.part, "hint": page.hint, "alternate": page.alternate,
            "thread": None if page.thread is None else str(page.thread),
        }  # fmt: skip
        if row is None:
            tx.execute(
                insert(pages).values(
                    source=source, url=url, host=urlsplit(url).netloc.lower(), priority=rank, due_at=now, **kept
                )
            )
        else:
            changed = row.gone or row.fetched_at is None or row.fetched_hint != page.hint
            due = row.crawl != crawl and (changed or priority is not None or (is_list and page.part == 1))
            again = {"due_at": now, "priority": min(rank, row.priority) if row.due_at else rank, "gone": False}
            tx.execute(update(pages).where(pages.c.id == row.id).values(**kept, **(again if due else {})))


def _by_url(tx: Connection, source: str, urls: Collection[str]) -> dict[str, Row[tuple[object, ...]]]:
    rows: dict[str, Row[tuple[object, ...]]] = {}
    ordered = list(urls)
    for first in range(0, len(ordered), 500):
        some = ordered[first : first + 500]
        for row in tx.execute(select(pages).where(pages.c.source == source, pages.c.url.in_(some))):
            rows[row.url] = row
    return rows


def make_due(tx: Connection, crawl: int, condition: Sequence[object], now: datetime) -> None:
    """Has the pages that meet the conditions asked for in this crawl, unless they were already."""
    tx.execute(
        update(pages)
        .where(*condition, pages.c.gone.is_(False), pages.c.crawl.is_distinct_from(crawl))  # type: ignore[arg-type]
        .values(due_at=now, priority=CHANGED)
    )


def lease(
    store: Store, source: str, crawl: int, owner: str, delay: float, now: datetime, *, deepest: bool = False
) -> Lease | float | None:
    """The next page of this crawl; or the seconds until its host may be asked again; or None where nothing is due.

    `delay` is in seconds and counts from this lease for the page's host. `deepest` takes threads before the lists
    that lead to more of them.
    """
    present = time.time()
    with store.write() as tx:
        row = tx.execute(
            select(pages, hosts.c.next_at)
            .join_from(pages, hosts, pages.c.host == hosts.c.host, isouter=True)
            .where(
                pages.c.source == source,
                pages.c.due_at <= now,
                pages.c.gone.is_(False),
                pages.c.crawl.is_distinct_from(crawl),
                or_(pages.c.lease_until.is_(None), pages.c.lease_until < present),
            )
            .order_by(pages.c.priority.desc() if deepest else pages.c.priority, pages.c.due_at, pages.c.id)
            .limit(1)
        ).first()
        if row is None:
            return None
        if row.next_at is not None and row.next_at > present:
            return float(row.next_at - present)
        postpone(tx, row.host, present + delay, known=row.next_at is not None)
        tx.execute(
            update(pages)
            .where(pages.c.id == row.id)
            .values(lease_owner=owner, lease_until=present + LEASE_SECONDS, attempts=pages.c.attempts + 1)
        )
    found = PageRef(row.url, row.kind, row.board, number(row.thread), row.part, row.hint, row.alternate)
    return Lease(row.id, crawl, source, found, owner, row.etag, row.last_modified)


def postpone(tx: Connection, host: str, until: float, *, known: bool | None = None) -> None:
    """Leaves a host in peace until a moment (seconds since the epoch), e.g. for its Retry-After."""
    if known is None:
        known = tx.execute(select(hosts.c.host).where(hosts.c.host == host)).first() is not None
    if known:
        tx.execute(update(hosts).where(hosts.c.host == host, hosts.c.next_at < until).values(next_at=until))
    else:
        tx.execute(insert(hosts).values(host=host, next_at=until))


def leave_in_peace(store: Store, host: str, seconds: float) -> None:
    """No request to this host for so many seconds, by any process."""
    with store.write() as tx:
        postpone(tx, host, time.time() + seconds)


def take_turn(store: Store, host: str, delay: float) -> float:
    """Seconds until this host may be asked; 0 where it may be now, and by nobody else for `delay` seconds from now."""
    present = time.time()
    with store.write() as tx:
        row = tx.execute(select(hosts.c.next_at).where(hosts.c.host == host)).first()
        if row is not None and row.next_at > present:
            return float(row.next_at - present)
        postpone(tx, host, present + delay, known=row is not None)
    return 0.0


def keep_engine(store: Store, crawl: int, engine: str) -> None:
    """Notes what board software a crawl found."""
    with store.write() as tx:
        tx.execute(update(crawls).where(crawls.c.id == crawl).values(engine=engine))


def end_crawl(store: Store, crawl: int, now: datetime) -> None:
    """Marks a crawl as finished; its counts stay."""
    with store.write() as tx:
        tx.execute(update(crawls).where(crawls.c.id == crawl).values(ended_at=now))


def is_failing(view: Connection, source: str) -> bool:
    """Whether the source's latest crawl ended with errors."""
    last = last_crawl(view, source)
    return last is not None and bool(last.errors)


def last_crawl(view: Connection, source: str) -> Row[tuple[object, ...]] | None:
    """The source's latest crawl, finished or not."""
    return view.execute(select(crawls).where(crawls.c.source == source).order_by(crawls.c.id.desc()).limit(1)).first()
