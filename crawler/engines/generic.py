"""Any page of unknown software: its main text in blocks, and its links, so that nothing is lost; the rest is null."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from core.records import PageRef, PublishedPost
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import join, parse_html, plain_text
from crawler.page import Document, Engine, Parsed

CONFIDENCE = 0.3
BLOCKS = 'article, [itemtype$="/DiscussionForumPosting"], [itemtype$="/Comment"]'
"""What marks a text as one of several by itself, on a page of any making (HTML, 4.3.2; schema.org)."""
FURNITURE = "nav, header, footer, aside, form, script, style, noscript, template"
"""What stands around a page's text. Its links count, its words do not: they change without anything being said."""


def entry(url: str) -> Sequence[PageRef]:
    """The page itself, which is its own only thread: where it is missing, the source is."""
    return [PageRef(url, "entry", thread=_path(url))]


def kind_of(document: Document) -> PageRef | None:
    """A page to be read as it is, unless it is no HTML."""
    url = document.url or ""
    return PageRef(url, "thread", thread=_path(url)) if _is_html(document) else None


def recognise(document: Document) -> float:
    """Little for any HTML page: who knows its software is surer."""
    return 0.1 if _is_html(document) else 0.0


def parse_page(document: Document, ref: PageRef) -> Parsed:
    """Each block of the page as a post, and one more for what stands outside of them, numbered by the page's path.

    A block's number is its id, or a hash of its text where it has none.
    """
    if not _is_html(document):
        raise UnexpectedPage(document.url, "HTML")
    parse_html(document.text, document.url)  # refuses what was made to hang a parser
    posts = list(_posts(BeautifulSoup(document.text, "lxml"), document.url or ref.url or None))
    if not posts:
        raise UnexpectedPage(document.url, "a page with text or links")
    return Parsed(posts=posts, confidence=CONFIDENCE)


def _posts(soup: BeautifulSoup, url: str | None) -> Iterator[PublishedPost]:
    path = _path(url or "")
    marked = soup.select(BLOCKS)
    known = {id(block) for block in marked}
    for block in [block for block in marked if known.isdisjoint(map(id, block.parents))]:
        block.extract()
        heading = block.find(["h1", "h2", "h3"])
        name = block.get("id")
        post = _post(block, url, path, heading.get_text(" ", strip=True) if heading else None)
        number = f"{path}#{name or hashlib.sha256(post.text.encode()).hexdigest()[:16]}"
        if post.text or post.links:
            yield post.model_copy(update={"number": number, "url": f"{url}#{name}" if url and name else url})
    title = soup.title.get_text(" ", strip=True) if soup.title else None
    around = soup.select(FURNITURE)
    hrefs = [href for block in around for href in _hrefs(block, url)]
    for block in around:
        block.extract()
    rest = _post(soup.body or soup, url, path, title, hrefs)
    if rest.text or rest.links:
        yield rest


def _post(block: Tag, url: str | None, path: str, subject: str | None, more: Sequence[str] = ()) -> PublishedPost:
    text = plain_text(parse_html(f"<html><body>{block}</body></html>", url))
    times = [str(node["datetime"]) for node in block.select("time[datetime]")]
    posted_at = _moment(times[0]) if len(set(times)) == 1 else None
    author = block.select_one('[rel~="author"], [itemprop="author"]')
    return PublishedPost(
        board=None, thread=path, number=path, url=url,
        posted_at=posted_at, posted_at_raw=times[0] if len(set(times)) == 1 and posted_at is None else None,
        name=author.get_text(" ", strip=True) if author else None, subject=subject or None,
        text=text, links=links_in(text, [*_hrefs(block, url), *more]),
    )  # fmt: skip


def _hrefs(block: Tag, url: str | None) -> list[str]:
    """Where the links and frames of a block lead outside of the page's own host."""
    own = urlsplit(url or "").netloc
    addresses = [join(url, str(node.get("href") or node.get("src"))) for node in block.select("a[href], iframe[src]")]
    return [address for address in addresses if address and f"//{own}/" not in f"{address}/"]


def _moment(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _path(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _is_html(document: Document) -> bool:
    declared = (document.content_type or "").lower().startswith(("text/html", "application/xhtml"))
    return declared or "<html" in document.text[:5000].lower() or "<!doctype html" in document.text[:1000].lower()


ENGINE = Engine(
    name="generic", recognise=recognise, entry=entry, kind_of=kind_of, pages={"entry": parse_page, "thread": parse_page}
)
