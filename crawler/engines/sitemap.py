"""Sitemaps (sitemaps.org 0.9, and news): a site's pages, read by structure, again when it says they changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

import lxml.etree

from core.records import PageRef
from crawler.engines import generic
from crawler.errors import UnexpectedPage
from crawler.markup import join, local_name, parse_xml
from crawler.page import Document, Engine, Parsed

ROOTS = frozenset({"urlset", "sitemapindex"})
MOST_ENTRIES = 50_000
"""In one sitemap (sitemaps.org, "Using Sitemap index files")."""
MOST_LEVELS = 3
"""Of indexes that name indexes, which the protocol does not allow."""
CHANGES = ("lastmod", "publication_date")


class Entry(NamedTuple):
    """A page, or a further sitemap, as a sitemap names it."""

    url: str
    changed: str | None


def entry(url: str) -> Sequence[PageRef]:
    """The sitemap itself; of a site's front page, the one at its usual place."""
    return [PageRef(join(url, "/sitemap.xml") or url if urlsplit(url).path in ("", "/") else url, "entry")]


def kind_of(document: Document) -> PageRef | None:
    """A sitemap, told by its first element; any other page as unknown software's."""
    return PageRef(document.url or "", "index") if recognise(document) else generic.kind_of(document)


def recognise(document: Document) -> float:
    """1 for a sitemap, else 0."""
    start = document.text.lstrip("\ufeff \t\r\n")[:2000]
    return float(start.startswith("<") and "<html" not in start.lower() and any(f"<{root}" in start for root in ROOTS))


def parse_sitemap(document: Document, ref: PageRef) -> Parsed:
    """The pages, or the further sitemaps, that a sitemap names, those that changed last first.

    No list of what lives: a page that is missing may be there all the same. UnexpectedPage for what is no sitemap.
    """
    url = document.url or ref.url
    root = parse_xml(document.text) if recognise(document) else None
    if root is None or local_name(root) not in ROOTS:
        raise UnexpectedPage(document.url, "a sitemap")
    entries = sorted(islice(_entries(root, url), MOST_ENTRIES), key=lambda one: one.changed or "", reverse=True)
    if local_name(root) == "urlset":
        return Parsed(pages=[page for one in entries if (page := _page(one))])
    if ref.part >= MOST_LEVELS:
        raise UnexpectedPage(url, f"a sitemap at most {MOST_LEVELS} indexes deep")
    return Parsed(pages=[PageRef(one.url, "index", part=ref.part + 1, hint=one.changed) for one in entries])


def _entries(root: lxml.etree._Element, url: str) -> Iterator[Entry]:
    for node in root.iterchildren("{*}url", "{*}sitemap"):
        told = {local_name(part): " ".join((part.text or "").split()) for part in node.iterdescendants()}
        address = next(("".join(map(str, part.itertext())).strip() for part in node.iterchildren("{*}loc")), "")
        where = join(url, address)
        if where and urlsplit(where).scheme in ("http", "https"):
            yield Entry(where, next((told[name] for name in CHANGES if told.get(name)), None))


def _page(one: Entry) -> PageRef | None:
    """The page as the generic reader would be sent to it; None for one that holds no posts by its address."""
    (page,) = generic.entry(one.url)
    return None if generic.TRAPS.search(str(page.thread)) else replace(page, kind="thread", hint=one.changed)


ENGINE = Engine(
    name="sitemap", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse_sitemap, "index": parse_sitemap, "thread": generic.parse_page},
)  # fmt: skip
