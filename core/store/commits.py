"""Committing a page: its posts, revisions, links, further pages, evidence and the end of its lease, all or nothing."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from core.records import EvidenceRef, PageRef, Post
from core.store import frontier
from core.store.frontier import Lease
from core.store.log import POST, append
from core.store.store import Store
from core.store.tables import crawls, evidence, links, pages, posts, quarantine, revisions

# What we say about a post is no part of what it says: a change in these makes no revision.
NOT_CONTENT = {"source", "first_seen_at", "revision", "deleted_seen_at", "evidence", "language", "views", "mark"}


@dataclass(frozen=True)
class Fetched:
    """A response as it was kept: the WARC record and the validators for the next request."""

    evidence: EvidenceRef
    fetched_at: datetime
    status: int
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class PageResult:
    """What became of one leased page. Exactly one of the outcomes below.

    - read: `fetched` and what was parsed from it;
    - `unchanged`: the site says that nothing changed since the last fetch (304);
    - `gone`: the site says that the page no longer exists; its posts are marked deleted unless an alternate is known;
    - `failure`: why it could not be fetched or understood; asked for again by the next crawl, nothing is touched.
    """

    lease: Lease
    fetched: Fetched | None = None
    posts: Sequence[Post] = ()
    found: Sequence[PageRef] = ()
    parts: int = 1
    lists_board: str | None = None
    unchanged: bool = False
    gone: bool = False
    failure: str | None = None


@dataclass
class Counts:
    """What one commit changed."""

    posts_new: int = 0
    posts_changed: int = 0
    posts_deleted: int = 0
    links: int = 0
    changed_ids: list[str] = field(default_factory=list)


def commit_page(store: Store, result: PageResult, now: datetime) -> Counts:
    """Everything one page gave, in one transaction, the page's lease done with it.

    A lease that was lost meanwhile (expired and handed out again) is committed all the same: every write here is
    idempotent, and the page is simply fetched once more.
    """
    counts = Counts()
    lease = result.lease
    with store.write() as tx:
        kept = keep_evidence(tx, lease.found.url, result.fetched) if result.fetched else None
        if result.failure is not None:
            _fail(tx, result, kept, now)
            return counts
        if result.gone:
            _gone(tx, result, counts, now)
        else:
            if result.unchanged:
                tx.execute(update(posts).where(posts.c.page == lease.page).values(crawl=lease.crawl))
            for post in result.posts:
                _keep_post(tx, post, lease, counts, now)
            frontier.discover(tx, lease.source, lease.crawl, result.found, now)
            if result.lists_board is not None:
                _look_for_unlisted(tx, result, now)
        _done(tx, result, counts, now)
        if not result.gone and lease.found.thread is not None:
            _drop_missing(tx, result, counts, now)
        append(tx, POST, counts.changed_ids)
        tx.execute(
            update(crawls)
            .where(crawls.c.id == lease.crawl)
            .values(
                pages=crawls.c.pages + 1,
                posts_new=crawls.c.posts_new + counts.posts_new,
                posts_changed=crawls.c.posts_changed + counts.posts_changed,
                posts_deleted=crawls.c.posts_deleted + counts.posts_deleted,
                links=crawls.c.links + counts.links,
            )
        )
    return counts


def content_sha256(post: Post) -> str:
    """A hash over what the post itself says."""
    content = post.model_dump(mode="json", exclude=NOT_CONTENT)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()


def keep_evidence(tx: Connection, url: str, fetched: Fetched) -> int:
    """Notes where a response's bytes are; returns the number of the note."""
    # Each record's chain value covers all records before it: one that is changed or taken out later shows.
    before = tx.execute(select(evidence.c.chain).order_by(evidence.c.id.desc()).limit(1)).scalar() or ""
    chain = hashlib.sha256(f"{before}{fetched.evidence.sha256}".encode()).hexdigest()
    record = {"url": url, "fetched_at": fetched.fetched_at, "chain": chain, **fetched.evidence.model_dump()}
    return int(tx.execute(insert(evidence).values(record).returning(evidence.c.id)).scalar_one())


def read_evidence(view: Connection, refs: Sequence[EvidenceRef]) -> list[Row[Any]]:
    """What was noted of these responses (url, fetched_at, file, offset, sha256, chain), in the order of fetching."""
    wanted = {(ref.file, ref.offset) for ref in refs}
    rows = view.execute(select(evidence).where(evidence.c.file.in_({ref.file for ref in refs})).order_by(evidence.c.id))
    return [row for row in rows if (row.file, row.offset) in wanted]


def _keep_post(tx: Connection, post: Post, lease: Lease, counts: Counts, now: datetime) -> None:
    digest = content_sha256(post)
    known = tx.execute(select(posts).where(posts.c.id == post.id)).first()
    seen = {"page": lease.page, "crawl": lease.crawl, "source": lease.source, "deleted_seen_at": None}
    if known is not None and known.content_sha256 == digest:
        tx.execute(update(posts).where(posts.c.id == post.id).values(**seen))
        if known.deleted_seen_at is not None:
            counts.posts_changed += 1
            counts.changed_ids.append(post.id)
        return
    if known is None:
        counts.posts_new += 1
    else:
        counts.posts_changed += 1
        post = post.model_copy(update={"first_seen_at": known.first_seen_at, "revision": known.revision + 1})
    counts.changed_ids.append(post.id)
    counts.links += len(post.links)
    record = post.model_dump(mode="json")
    values = seen | {
        "platform": post.platform, "board": post.board, "number": str(post.number), "posted_at": post.posted_at,
        "thread": None if post.thread is None else str(post.thread), "first_seen_at": post.first_seen_at,
        "revision": post.revision, "content_sha256": digest, "record": record,
    }  # fmt: skip
    if known is None:
        tx.execute(insert(posts).values(id=post.id, **values))
    else:
        tx.execute(update(posts).where(posts.c.id == post.id).values(**values))
        tx.execute(delete(links).where(links.c.post == post.id))
    tx.execute(insert(revisions).values(post=post.id, revision=post.revision, seen_at=now, record=record))
    if post.links:
        tx.execute(
            insert(links),
            [
                {"post": post.id, "position": position}
                | link.model_dump(mode="json", include={"url", "host", "domain", "kind", "service", "handle"})
                for position, link in enumerate(post.links)
            ],
        )


def _fail(tx: Connection, result: PageResult, kept: int | None, now: datetime) -> None:
    lease = result.lease
    if kept is not None:
        tx.execute(
            insert(quarantine).values(
                source=lease.source, url=lease.found.url, why=result.failure, seen_at=now, evidence=kept
            )
        )
    errors = tx.execute(select(crawls.c.errors).where(crawls.c.id == lease.crawl)).scalar_one()
    error = {"url": lease.found.url, "why": result.failure}
    tx.execute(
        update(crawls).where(crawls.c.id == lease.crawl).values(pages=crawls.c.pages + 1, errors=[*errors, error])
    )
    # Still due, but of this crawl: the next one asks again.
    tx.execute(
        update(pages)
        .where(pages.c.id == lease.page)
        .values(crawl=lease.crawl, lease_owner=None, lease_until=None, due_at=now)
    )


def _gone(tx: Connection, result: PageResult, counts: Counts, now: datetime) -> None:
    lease = result.lease
    if lease.found.alternate:
        other = PageRef(
            lease.found.alternate, lease.found.kind, lease.found.board, lease.found.thread, hint=lease.found.hint
        )
        frontier.discover(tx, lease.source, lease.crawl, [other], now, priority=frontier.CHANGED)
        return
    if lease.found.thread is None:
        if lease.found.board is not None:  # a board that vanished: its threads say themselves what became of them
            frontier.make_due(tx, lease.crawl, [*_of_board(lease), pages.c.thread.is_not(None)], now)
        return
    condition = [posts.c.source == lease.source, posts.c.thread == str(lease.found.thread)]
    condition.append(posts.c.board.is_not_distinct_from(lease.found.board))
    if lease.found.part > 1:  # one page of several: only what stood on it, and only if it is on no other page now
        condition += [posts.c.page == lease.page, posts.c.crawl.is_distinct_from(lease.crawl)]
    _mark_deleted(tx, condition, counts, now)


def _of_board(lease: Lease) -> list[ColumnElement[bool]]:
    return [pages.c.source == lease.source, pages.c.board.is_not_distinct_from(lease.found.board)]


def _drop_missing(tx: Connection, result: PageResult, counts: Counts, now: datetime) -> None:
    """Once all pages of a thread were seen in this crawl, its posts that stood on none of them are deleted."""
    lease, found = result.lease, result.lease.found
    thread = str(found.thread)
    same_thread = [*_of_board(lease), pages.c.thread == thread]
    beyond = [*same_thread, pages.c.part > result.parts]
    tx.execute(update(pages).where(*beyond).values(gone=True, due_at=None))
    seen = tx.execute(
        select(func.count(pages.c.part.distinct())).where(
            *same_thread, pages.c.crawl == lease.crawl, pages.c.gone.is_(False)
        )
    ).scalar_one()
    if seen < result.parts:
        return
    _mark_deleted(
        tx,
        [
            posts.c.source == lease.source,
            posts.c.thread == thread,
            posts.c.board.is_not_distinct_from(found.board),
            posts.c.crawl.is_distinct_from(lease.crawl),
        ],
        counts,
        now,
    )


def _mark_deleted(tx: Connection, condition: Iterable[ColumnElement[bool]], counts: Counts, now: datetime) -> None:
    lost = [row.id for row in tx.execute(select(posts.c.id).where(*condition, posts.c.deleted_seen_at.is_(None)))]
    for post in lost:
        tx.execute(update(posts).where(posts.c.id == post).values(deleted_seen_at=now))
    counts.posts_deleted += len(lost)
    counts.changed_ids += lost


def _look_for_unlisted(tx: Connection, result: PageResult, now: datetime) -> None:
    """A list that names every living thread of a board: those it no longer names are looked at at once."""
    lease = result.lease
    listed = {str(page.thread) for page in result.found if page.thread is not None}
    known = tx.execute(
        select(pages.c.id, pages.c.thread).where(
            pages.c.source == lease.source, pages.c.board == result.lists_board, pages.c.thread.is_not(None),
            pages.c.gone.is_(False),
        )
    )  # fmt: skip
    missing = [row.id for row in known if row.thread not in listed]
    for first in range(0, len(missing), 500):
        frontier.make_due(tx, lease.crawl, [pages.c.id.in_(missing[first : first + 500])], now)


def _done(tx: Connection, result: PageResult, counts: Counts, now: datetime) -> None:
    lease = result.lease
    values: dict[str, object] = {
        "crawl": lease.crawl, "due_at": None, "lease_owner": None, "lease_until": None, "attempts": 0,
        "gone": result.gone, "fetched_at": now, "fetched_hint": lease.found.hint,
    }  # fmt: skip
    if result.fetched and not result.gone:
        values |= {
            "status": result.fetched.status, "etag": result.fetched.etag,
            "last_modified": result.fetched.last_modified, "content_sha256": result.fetched.evidence.sha256,
        }  # fmt: skip
    if counts.changed_ids:
        values["changed_at"] = now
    tx.execute(update(pages).where(pages.c.id == lease.page).values(**values))


def read_post(row: Row[tuple[object, ...]]) -> Post:
    """A row of the posts table as a record: the record says what was published, the row what became of it."""
    post = Post.model_validate(row.record)
    return post.model_copy(update={"deleted_seen_at": row.deleted_seen_at}) if row.deleted_seen_at else post
