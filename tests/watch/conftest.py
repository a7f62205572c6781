"""A small world to watch: known platforms, what is said on them, and the program's own tagger and weights."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.clock import fixed_clock
from core.records import Alert, Candidate, EvidenceRef, PageRef, Post, TaggedPost, post_id
from core.settings import Config, PlatformConfig, PlatformDomain, Settings, SourceConfig
from core.store import Store, frontier, watchlist
from core.store.commits import Fetched, PageResult, commit_page
from core.store.frontier import Lease
from core.store.log import POST, consume
from core.store.tagged import read_tagged, save_tags
from crawler.links import links_in
from nlp.pipeline import Tagger, load_tagger
from tests.conftest import ROOT
from watch.known import KnownPlaces
from watch.prints import print_of
from watch.sightings import Sighting, sightings
from watch.signals import Case, Surroundings
from watch.stage import judge_touched, take_sightings
from watch.verdict import Verdict, Weights, judge

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TAGGER: Tagger = load_tagger(ROOT / "config")
WEIGHTS = Weights.load(ROOT / "config")


def platform(*names: str, domain: str, **given: Any) -> PlatformConfig:
    return PlatformConfig(names=names, domains=(PlatformDomain(domain=domain),), **given)


PLATFORMS = {
    "harbor": platform("Harbor Chan", "harborchan", domain="harborchan.example", status="down"),
    "lantern": platform("Lantern Board", domain="lantern.example", accounts=("https://t.me/s/lantern_desk",)),
    "quayside": platform("Quayside", domain="quayside.example", onions=("quay" * 14 + ".onion",)),
}


OFFICIAL = SourceConfig(platform="harbor", url="https://t.me/s/harbor_official", kind="channel")
KNOWN = KnownPlaces.load(
    Config(
        folder=ROOT / "config",
        settings=Settings(),
        sources={name: SourceConfig(platform=name, url=f"http://{name}.example/") for name in PLATFORMS}
        | {"desk": OFFICIAL},
        platforms=PLATFORMS,
    )
)


@pytest.fixture
def known() -> KnownPlaces:
    return KNOWN


def said(
    number: int,
    text: str,
    *,
    on: str = "lantern",
    source: str | None = None,
    thread: int | None = None,
    hours: float = 0,
    **given: Any,
) -> Post:
    """A post on one of the platforms, in a thread of its own unless it says which; by a name where it has an author."""
    given.setdefault("mark", given.get("author"))
    return Post(
        id=post_id(on, "b", number), platform=on, source=source or on, board="b", thread=thread or number, number=number, url=None,
        posted_at=NOW + timedelta(hours=hours), text=text, links=links_in(text, []), first_seen_at=NOW, **given,
    )  # fmt: skip


def tagged(*posts: Post) -> list[TaggedPost]:
    results = TAGGER.tag((post.text, post.language) for post in posts)
    return [
        TaggedPost(post=post, tags=result.tags, scores=result.scores)
        for post, result in zip(posts, results, strict=True)
    ]


def seen(known: KnownPlaces, *posts: Post) -> list[Sighting]:
    return [sighting for one in tagged(*posts) for sighting in sightings(one, known)]


def verdict(known: KnownPlaces, *posts: Post, copies: dict[str, int] | None = None) -> Verdict:
    sighted = seen(known, *posts)
    return judge(Case(sighted[0].candidate, sighted), around(known, copies), WEIGHTS)


def around(known: KnownPlaces, copies: dict[str, int] | None = None) -> Surroundings:
    down = {name: NOW - timedelta(days=400) for name in known.platforms if known.is_down(name)}
    prints = {name: print_of(config) for name, config in known.platforms.items()}
    return Surroundings(known=known, prints=prints, down=down, copies=copies or {})


@dataclass
class World:
    """A store that posts are committed to, and the consumers run over."""

    store: Store
    known: KnownPlaces
    now: datetime = NOW
    crawls: dict[str, int] = field(default_factory=dict)

    def publish(self, *posts: Post) -> None:
        """Each thread's page as it is now: a post of it that is not named is deleted."""
        threads: dict[tuple[str, Any], list[Post]] = {}
        for post in posts:
            threads.setdefault((post.source, post.thread), []).append(post)
        for (source, thread), some in threads.items():
            self.page(source, thread, *some)

    def page(self, source: str, thread: int, *posts: Post) -> None:
        ref = PageRef(f"http://{source}.example/b/{thread}", "thread", "b", thread)
        begun = frontier.begin_crawl(self.store, source, [ref], self.now, recheck=0)
        lease = frontier.lease(self.store, source, begun.id, "me", 0, self.now)
        assert isinstance(lease, Lease)
        evidence = EvidenceRef(file="x.warc.gz", offset=0, sha256="0" * 64)
        commit_page(self.store, PageResult(lease, Fetched(evidence, self.now, 200), posts), self.now)
        frontier.end_crawl(self.store, begun.id, self.now)
        self.now += timedelta(minutes=1)

    def run(self, batch: int = 500, threshold: float = 0.5) -> int:
        """Tags, takes sightings, judges; how many alerts are new."""
        clock = fixed_clock(self.now)
        reading = True
        while reading:
            with consume(self.store, "tag", POST, batch, clock) as entries:
                with self.store.read() as view:
                    posts = [one.post for one in read_tagged(view, entries.subjects)]
                kept = [(one.post.id, one.post.revision, "und", one.tags, one.scores) for one in tagged(*posts)]
                entries.save(save_tags, kept)
            reading = entries.end > entries.start
        while take_sightings(self.store, self.known, clock, batch):
            pass
        return judge_touched(self.store, self.known, WEIGHTS, threshold, clock)

    def alerts(self) -> list[Alert]:
        with self.store.read() as view:
            return watchlist.read_alerts(view)

    def candidates(self) -> dict[str, Candidate]:
        with self.store.read() as view:
            return {candidate.host: candidate for candidate in watchlist.read_candidates(view)}


@pytest.fixture
def world(tmp_path: Path, known: KnownPlaces) -> Iterator[World]:
    store = Store.open(tmp_path / "home")
    yield World(store, known)
    store.close()
