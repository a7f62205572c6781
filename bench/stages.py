"""How fast each stage is, side by side in one run: posts a second, and the time as a share of the parser's.

Absolute figures depend on the machine; the ratios hardly do.
"""
# ruff: noqa: INP001, T201 - a script that prints

import json
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from core.records import PageRef, PublishedPost, TaggedPost
from core.settings import Settings, SourceConfig
from core.store import Store, frontier
from core.store.commits import PageResult, commit_page
from core.store.frontier import Lease
from crawler.adopt import Adopter
from crawler.engines.vichan import ENGINE
from crawler.page import Document
from nlp.fold import Reader
from nlp.pipeline import load_tagger
from search.index import open_index

ROOT = Path(__file__).resolve().parent.parent
THREADS, REPLIES = 40, 50
NOW = datetime(2026, 11, 24, tzinfo=UTC)
VOCABULARY = (
    "the kettle in break room is broken again who fixes it nice weather today i repaired my bicycle and made soup "
    "our new board is at lantern dot example https://lantern.example/b/ update your bookmarks"
).split()


def main() -> None:
    """Times every stage on the same posts."""
    chance = random.Random(8)  # noqa: S311 - a script, not a secret
    pages = [
        (PageRef(f"http://a.example/b/res/{n * 1000}.json", "thread", "b", n * 1000), _thread(n, chance))
        for n in range(1, THREADS + 1)
    ]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        store = Store.open(home)
        tagger = load_tagger(ROOT / "config")
        index = open_index(Settings(), home)
        adopter = Adopter("a", SourceConfig(platform="a", url="http://a.example/"), site_numbers=False, key=b"key")
        seconds: dict[str, float] = {}

        def timed(stage: str, work: Callable[[], list[object]]) -> list[object]:
            began = time.perf_counter()
            done = work()
            seconds[stage] = time.perf_counter() - began
            return done

        parsed: list[list[PublishedPost]] = timed(  # type: ignore[assignment]
            "parse", lambda: [list(ENGINE.pages["thread"](Document(ref.url, body), ref).posts) for ref, body in pages]
        )
        kept = [[adopter.post(post, None, NOW) for post in some] for some in parsed]
        posts = [post for some in kept for post in some]
        begun = frontier.begin_crawl(store, "a", [ref for ref, _ in pages], NOW, recheck=0)

        def commit() -> list[object]:
            by_url = {ref.url: some for (ref, _), some in zip(pages, kept, strict=True)}
            while isinstance(lease := frontier.lease(store, "a", begun.id, "me", 0, NOW), Lease):
                commit_page(store, PageResult(lease, posts=by_url[lease.found.url]), NOW)
            return []

        timed("commit", commit)
        timed("split into words", lambda: [Reader().read(post.text) for post in posts])
        results = timed("tag", lambda: list(tagger.tag((post.text, None) for post in posts)))
        documents = [TaggedPost(post=post, tags=result.tags) for post, result in zip(posts, results, strict=True)]  # type: ignore[attr-defined]
        timed("index", lambda: [index.put(documents[first : first + 500]) for first in range(0, len(documents), 500)])
        index.close()
        store.close()
    print(f"{len(posts)} posts in {THREADS} threads")
    for stage, took in seconds.items():
        print(f"{stage:18}{len(posts) / took:10,.0f} posts/s {took / seconds['parse']:8.2f} × parse")


def _thread(number: int, chance: random.Random) -> bytes:
    posts = [
        {
            "no": number * 1000 + reply, "resto": 0 if reply == 0 else number * 1000, "time": 1_764_000_000 + reply,
            "com": f"<p>{' '.join(chance.choices(VOCABULARY, k=40))}</p>", "name": "Anonymous",
        }
        for reply in range(REPLIES)
    ]  # fmt: skip
    return json.dumps({"posts": posts}).encode()


if __name__ == "__main__":
    main()
