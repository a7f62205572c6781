"""A template stays the same while posts come and go, and is told from the templates of other software."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from core.sketch import resemblance, sketch
from crawler.markup import parse_html
from crawler.page import Document
from crawler.template import own_lines, own_part, passages, structure, title_of
from tests.crawler.conftest import pages_of

STOCK = (
    "fluxbb",
    "foolfuuka",
    "invision",
    "jschan",
    "lynxchan",
    "phpbb",
    "smf",
    "vbulletin",
    "xenforo",
    "tinyib",
    "futaba",
)
"""Software that boards in the repository's recordings run."""
RECORDINGS = Path(__file__).parent.parent / "recordings"
PAGES = {
    "vichan": ["/", "/harbor/index.html", "/pol/catalog.html", "/harbor/res/20.html"],
    "mybb": ["/", "/forumdisplay.php?fid=5", "/showthread.php?tid=40", "/memberlist.php"],
}


def shape(document: Document) -> tuple[int, ...]:
    return sketch(structure(own_part(document.html, document.url or "")))


def said(document: Document) -> tuple[int, ...]:
    rest = own_part(document.html, document.url or "")
    return sketch(passages(title_of(document.html), own_lines(rest)))


def by_path(warc: Path) -> Mapping[str, Document]:
    return {document.path: document for document in pages_of(warc).values()}


@pytest.fixture(scope="module")
def snapshots(shared: Path) -> Callable[[str, int], Mapping[str, Document]]:
    known: dict[tuple[str, int], Mapping[str, Document]] = {}

    def take(engine: str, number: int) -> Mapping[str, Document]:
        if (engine, number) not in known:
            known[engine, number] = by_path(shared / "recordings" / engine / f"snapshot-{number}.warc.gz")
        return known[engine, number]

    return take


@pytest.mark.parametrize(("engine", "path"), [(engine, path) for engine in PAGES for path in PAGES[engine]])
def test_a_page_keeps_its_template_when_its_posts_changed(
    engine: str, path: str, snapshots: Callable[[str, int], Mapping[str, Document]]
) -> None:
    before, after = snapshots(engine, 1).get(path), snapshots(engine, 2).get(path)
    if before is None or after is None:
        pytest.fail(f"{path} is not in both snapshots")
    assert shape(before)
    assert resemblance(shape(before), shape(after)) >= 0.95


@pytest.mark.parametrize("engine", PAGES)
def test_a_site_keeps_its_own_words_when_its_posts_changed(
    engine: str, snapshots: Callable[[str, int], Mapping[str, Document]]
) -> None:
    assert resemblance(said(snapshots(engine, 1)["/"]), said(snapshots(engine, 2)["/"])) >= 0.9


def test_templates_of_different_software_differ(snapshots: Callable[[str, int], Mapping[str, Document]]) -> None:
    fronts = {engine: shape(snapshots(engine, 1)["/"]) for engine in PAGES}
    for engine in STOCK:
        documents = by_path(RECORDINGS / engine / "snapshot-1.warc.gz").values()
        fronts[engine] = shape(next(page for page in documents if page.path in ("/", "/index.php")))
    alike = [(one, other, resemblance(fronts[one], fronts[other])) for one in fronts for other in fronts if one < other]
    assert [pair for pair in alike if pair[2] > 0.3] == []


PAGE = """<!doctype html><html><head><title>Harbor Boards</title><link rel="stylesheet" href="/style/tide.css?v=12"></head>
<body class="tide"><header id="top"><h1>Harbor</h1><p class="motto">Whoever holds the lamp keeps the night watch</p></header>
<div class="notice">The desk is open on Monday.</div><div id="boards"><ul class="list"><li><a href="/tea/">Tea</a></li></ul></div>
<div class="post" id="post_17"><p class="intro">Wren</p><div class="body">Kettles <b>boil</b>.</div></div>
<footer class="foot">Harbor harbor harbor</footer></body></html>"""


def made(page: str) -> Document:
    return Document("http://harbor.example/", page.encode(), "text/html")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Kettles <b>boil</b>.", '<span class="quote">&gt;why</span><blockquote><i class="x">so</i></blockquote>'),
        ("<footer", '<div class="post" id="post_18"><p class="intro">Auk</p><img class="pic" src="/1.png"></div><footer'),
        ("</li></ul>", '</li><li><a href="/cake/">Cake</a></li></ul>'),
        ("The desk is open on Monday.", "We moved the desk. <b>Read</b> <a href='/news'>the <i>news</i></a>.<br>Thank you."),
        ("v=12", "v=13"),
        ("post_17", "post_40017"),
    ],
)  # fmt: skip
def test_what_comes_and_goes_changes_no_template(old: str, new: str) -> None:
    assert old in PAGE
    assert resemblance(shape(made(PAGE)), shape(made(PAGE.replace(old, new)))) == 1.0


def test_a_template_that_was_changed_differs_and_one_in_part_is_alike_in_part() -> None:
    renamed = re.sub(r'class="(\w+)"', r'class="x-\1"', PAGE).replace('id="', 'id="x-').replace("tide.css", "reef.css")
    assert resemblance(shape(made(PAGE)), shape(made(renamed))) < 0.3
    partly = PAGE.replace('class="foot"', 'class="foot"><div class="ring"></div><div class="more"></div')
    assert 0.5 < resemblance(shape(made(PAGE)), shape(made(partly))) < 1


def test_own_words_leave_out_posts_and_what_software_says() -> None:
    page = parse_html(PAGE.replace("Harbor harbor harbor", "Powered by KettleBB, all times are UTC"), None)
    lines = own_lines(own_part(page, "http://harbor.example/"))
    assert lines == ["Harbor", "Whoever holds the lamp keeps the night watch", "The desk is open on Monday.", "- Tea"]


def test_a_list_of_latest_posts_is_not_the_sites_own_words() -> None:
    latest = '<ul><li>Tea: <a href="/tea/res/12.html#17">Whoever wrote this was a visitor only</a></li></ul><footer'
    page = parse_html(PAGE.replace("<footer", latest, 1), None)
    assert not any("visitor" in line for line in own_lines(own_part(page, "http://harbor.example/")))
