"""What reading a page costs, per engine, side by side in one run: against lxml alone and BeautifulSoup alone.

The pages are those of the recordings in a folder (by default `tests/recordings`, and the shared ones where they are).
A page is read whole each time: bytes in, posts out. Figures are ratios of the sums of the fastest of several turns.
"""
# ruff: noqa: INP001, T201 - a script that prints

import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import lxml.html
from bs4 import BeautifulSoup

from core.records import PageRef
from crawler.detect import detect
from crawler.engines import ENGINES
from crawler.errors import PageError
from crawler.page import Document, Engine
from crawler.reading import kind_of, read
from crawler.recorded import documents

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT / "tests" / "recordings", ROOT.parent / "shared" / "recordings")
TURNS = 3
MOST_LXML, MOST_SOUP, MOST_GENERIC = 4.0, 0.5, 2.0
"""The goals: of an engine against lxml alone and BeautifulSoup alone, of `generic` against BeautifulSoup."""


def main(folders: list[Path]) -> None:
    """A line an engine."""
    by_engine: defaultdict[str, list[Document]] = defaultdict(list)
    for warc in sorted(path for folder in folders for path in folder.glob("**/*-1.warc.gz")):
        pages = list(html_pages(warc))
        if pages:
            by_engine[detect(pages).name] += pages
    print(f"{'engine':12} {'pages':>5} {'kB':>6} {'/ lxml':>8} {'/ BeautifulSoup':>16} {'generic / BeautifulSoup':>24}")
    for name, pages in sorted(by_engine.items()):
        engine = ENGINES[name]
        own = [page for page in pages if is_thread(engine, page)]
        if not own:
            continue  # its posts come as JSON
        costs = [fastest(work, own) for work in (lxml_alone, soup_alone, reads(engine), reads(ENGINES["generic"]))]
        lxml_cost, soup, reading, generic = costs
        size = sum(len(page.body) for page in own) // 1000
        print(
            f"{name:12} {len(own):5} {size:6} {reading / lxml_cost:8.2f} {reading / soup:16.2f} {generic / soup:24.2f}"
        )


def html_pages(warc: Path) -> Iterator[Document]:
    """The HTML pages of a recording."""
    for _, document in documents(warc):
        if isinstance(document, Document) and not document.is_json:
            yield document


def is_thread(engine: Engine, page: Document) -> bool:
    """Whether the engine reads posts from this page."""
    try:
        ref = kind_of(engine, page)
        return ref is not None and ref.kind == "thread" and bool(read(engine, ref, page).posts)
    except PageError:
        return False


def fastest(work: Callable[[Document], object], pages: list[Document]) -> float:
    """Seconds that all pages take, each page's fastest of several turns."""
    best = dict.fromkeys(range(len(pages)), float("inf"))
    for _ in range(TURNS):
        for place, page in enumerate(pages):
            fresh = replace(page)  # without the readings that it caches
            began = time.perf_counter()
            work(fresh)
            best[place] = min(best[place], time.perf_counter() - began)
    return sum(best.values())


def lxml_alone(page: Document) -> object:
    """The tree, and no more."""
    return lxml.html.fromstring(page.body)


def soup_alone(page: Document) -> object:
    """The soup, and no more."""
    return BeautifulSoup(page.body, "lxml")


def reads(engine: Engine) -> Callable[[Document], object]:
    """A reader of thread pages by this engine, which knows from its lists what they are."""
    return lambda page: read(engine, PageRef(page.url or "", "thread"), page)


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]] or [folder for folder in FOLDERS if folder.is_dir()])
