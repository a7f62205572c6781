"""Every recording, read as `parse` reads it; the two largest walked from the front page as a crawl does, against the boards' own databases."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from core.records import PageRef, PublishedPost
from crawler.engines import ENGINES
from crawler.errors import GonePage
from crawler.evaluate import compare, evaluate
from crawler.page import Document, Engine
from crawler.reading import read

Pages = dict[str, Document]
HOSTS = {"vichan": "http://harbor-chan.example/", "mybb": "http://mybb.example/"}
OWN = Path(__file__).parent.parent / "recordings"
BY_STRUCTURE = {
    "discourse": (1.0, 0.95, 1.0), "flarum": (1.0, 0.97, 1.0), "fluxbb": (1.0, 1.0, 1.0), "foolfuuka": (1.0, 0.97, 1.0),
    "futaba": (1.0, 0.9, 1.0), "invision": (1.0, 0.93, 1.0), "jschan": (0.95, 0.97, 0.97), "lemmy": (0.96, 0.96, 0.96),
    "lynxchan": (0.97, 0.97, 1.0), "makaba": (1.0, 0.97, 1.0), "mastodon": (0.97, 0.93, 0.97), "nodebb": (1.0, 1.0, 1.0),
    "phpbb": (1.0, 0.98, 1.0), "smf": (1.0, 1.0, 1.0), "tinyib": (1.0, 0.97, 1.0), "vbulletin": (1.0, 1.0, 1.0),
    "xenforo": (1.0, 0.93, 1.0),
}  # fmt: skip
"""Least shares of posts (found once, of those living and those made up), exact texts and times. docs/engines.md has
the figures, and says of those that are missing why they are read worse."""
RECORDINGS = [(engine, snapshot) for engine in HOSTS for snapshot in (1, 2)]


def walk(engine: Engine, pages: Pages, url: str) -> tuple[list[PublishedPost], list[str]]:
    """The posts of a site, and every address that was asked for, from the pages alone."""
    posts: list[PublishedPost] = []
    asked: list[str] = []
    waiting: list[PageRef] = list(engine.entry(url))
    while waiting:
        ref = waiting.pop(0)
        if ref.url in asked:
            continue
        asked.append(ref.url)
        document = pages.get(ref.url)
        if document is None or document.status != 200:
            waiting += [PageRef(ref.alternate, ref.kind, ref.board, ref.thread)] if ref.alternate else []
            continue
        parsed = read(engine, ref, document)
        posts += parsed.posts
        waiting += parsed.pages
    return posts, asked


@pytest.mark.parametrize("folder", sorted(path.name for path in OWN.iterdir() if path.is_dir()))
def test_every_recording_is_read_exactly(
    folder: str, figures: Callable[[str, Mapping[str, tuple[int, int]]], None]
) -> None:
    for read_whole in evaluate(OWN / folder):
        figures(read_whole.name, read_whole.fields)
        assert read_whole.engines == (folder,)
        inexact = {name: counts for name, counts in read_whole.fields.items() if counts[0] != counts[1]}
        assert inexact == {}, read_whole.name


@pytest.mark.parametrize("folder", BY_STRUCTURE)
def test_a_software_nobody_knows_is_read_by_structure(
    folder: str, figures: Callable[[str, Mapping[str, tuple[int, int]]], None]
) -> None:
    for by_structure in evaluate(OWN / folder, "generic"):
        fields = by_structure.fields
        figures(f"{by_structure.name} by structure alone", fields)
        shares = [fields[name][0] / fields[name][1] for name in ("posts", "text", "time")]
        assert all(share >= least for share, least in zip(shares, BY_STRUCTURE[folder], strict=True)), shares


@pytest.mark.parametrize(("engine", "snapshot"), RECORDINGS)
def test_every_post_as_the_board_published_it(
    engine: str,
    snapshot: int,
    recorded_pages: Callable[[str, int], Pages],
    truth: Callable[[str, int], list[dict[str, Any]]],
    figures: Callable[[str, dict[str, tuple[int, int]]], None],
) -> None:
    posts, asked = walk(ENGINES[engine], recorded_pages(engine, snapshot), HOSTS[engine])
    fields = compare(posts, truth(engine, snapshot))
    figures(f"{engine}, snapshot {snapshot}", fields)
    assert {name: counts for name, counts in fields.items() if counts[0] != counts[1]} == {}
    twins = ("+50", "archive", "print", "action=", "pid=", "overboard", "recent", "member", "sid=")
    assert not [url for url in asked if any(twin in url for twin in twins)]


@pytest.mark.parametrize("snapshot", [1, 2])
def test_html_where_json_is_off_lacks_only_what_no_html_shows(
    snapshot: int,
    recorded_pages: Callable[[str, int], Pages],
    truth: Callable[[str, int], list[dict[str, Any]]],
    figures: Callable[[str, dict[str, tuple[int, int]]], None],
) -> None:
    pages = {url: page for url, page in recorded_pages("vichan", snapshot).items() if not url.endswith(".json")}
    posts, asked = walk(ENGINES["vichan"], pages, HOSTS["vichan"])
    fields = compare(posts, truth("vichan", snapshot))
    figures(f"vichan without JSON, snapshot {snapshot}", fields)
    # No template prints a file's MD5, and from 1,000 bytes on its size is rounded ("1.19 KB"): both are null then.
    unshown = {"md5", "size"}
    assert {name for name, (exact, known) in fields.items() if exact != known} == unshown
    sizes = {(line["board"], line["post_id"]): line["attachments"] for line in truth("vichan", snapshot)}
    for post in posts:
        for shown, true in zip(post.attachments, sizes[post.board, post.number], strict=True):
            assert shown.md5 is None
            assert shown.size == (true["size"] if true["size"] < 1000 else None)
    assert not [url for url in asked if url.endswith(".json") and "/res/" in url], "no thread's JSON is tried in vain"


def test_a_catalog_names_every_living_thread_and_what_changes_with_it(
    recorded_pages: Callable[[str, int], Pages],
) -> None:
    before, after = (recorded_pages("vichan", snapshot) for snapshot in (1, 2))
    for address in (f"{HOSTS['vichan']}harbor/catalog.json", f"{HOSTS['vichan']}harbor/catalog.html"):
        ref = PageRef(address, "index", "harbor")
        lists = [read(ENGINES["vichan"], ref, pages[address]) for pages in (before, after)]
        assert [parsed.lists_board for parsed in lists] == ["harbor", "harbor"]
        hints = [{page.thread: page.hint for page in parsed.pages} for parsed in lists]
        assert len(hints[0]) == len(hints[1]) == 8
        assert set(hints[0]) != set(hints[1]), "one thread went, one came"
        assert any(hints[0][thread] != hints[1][thread] for thread in set(hints[0]) & set(hints[1]))
        assert any(hints[0][thread] == hints[1][thread] for thread in set(hints[0]) & set(hints[1]))


def test_a_topic_that_is_gone_says_so_with_200(recorded_pages: Callable[[str, int], Pages]) -> None:
    url = "http://mybb.example/showthread.php?tid=6"
    document = recorded_pages("mybb", 2)[url]
    assert document.status == 200
    with pytest.raises(GonePage, match="does not exist"):
        read(ENGINES["mybb"], PageRef(url, "thread", thread=6), document)
