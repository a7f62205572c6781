"""A store of a test's own, with a crawl to commit pages to."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.records import EvidenceRef, Link, PageRef, Post, post_id
from core.store import Store, frontier
from core.store.commits import Counts, Fetched, PageResult, commit_page, read_post
from core.store.frontier import Lease
from core.store.tables import posts

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def post(number: int, text: str = "The kettle", *, thread: int = 1, board: str = "b", **given: Any) -> Post:
    return Post(
        id=post_id("harbor", board, number), platform="harbor", source="harbor", board=board, thread=thread,
        number=number, url=None, posted_at=NOW, text=text, first_seen_at=NOW, **given,
    )  # fmt: skip


def link(url: str) -> Link:
    host = url.split("/")[2]
    return Link(raw=url, url=url, host=host, domain=host)


@dataclass
class Crawling:
    """One source's crawls, a page at a time."""

    store: Store
    now: datetime = NOW
    crawl: int = 0
    fetches: Iterator[int] = field(default_factory=count)

    def begin(self, *entry: PageRef, recheck: int = 0) -> frontier.CrawlBegun:
        begun = frontier.begin_crawl(self.store, "harbor", entry, self.now, recheck=recheck)
        self.crawl = begun.id
        return begun

    def end(self) -> None:
        frontier.end_crawl(self.store, self.crawl, self.now)
        self.now += timedelta(hours=1)

    def lease(self, owner: str = "me", delay: float = 0.0) -> Lease | float | None:
        return frontier.lease(self.store, "harbor", self.crawl, owner, delay, self.now)

    def page(self) -> Lease:
        got = self.lease()
        assert isinstance(got, Lease)
        return got

    def pages(self) -> list[str]:
        """Addresses of everything that is due, each done with nothing found."""
        urls = []
        while isinstance(got := self.lease(), Lease):
            urls.append(got.found.url)
            self.read(got)
        return urls

    def read(
        self, lease: Lease, *kept: Post, etag: str | None = None, last_modified: str | None = None, **given: Any
    ) -> Counts:
        at = next(self.fetches)
        evidence = EvidenceRef(file="harbor.warc.gz", offset=at, sha256=f"{at:064x}")
        fetched = Fetched(evidence, self.now, 200, etag, last_modified)
        return commit_page(self.store, PageResult(lease, fetched, kept, **given), self.now)

    def commit(self, lease: Lease, **given: Any) -> Counts:
        return commit_page(self.store, PageResult(lease, **given), self.now)

    def crawl_thread(self, *kept: Post, **given: Any) -> Counts:
        """A whole crawl of one page with one thread."""
        self.begin(PageRef("http://harbor.example/b/1", "thread", "b", 1))
        counts = self.read(self.page(), *kept, **given)
        self.end()
        return counts

    def stored(self) -> dict[int | str, Post]:
        with self.store.read() as view:
            return {one.number: one for one in map(read_post, view.execute(select(posts)))}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def crawling(store: Store) -> Crawling:
    return Crawling(store)
