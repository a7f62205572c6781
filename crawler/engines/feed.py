"""RSS, Atom and JSON Feed of anything: each entry a post. An entry that is missing has aged out, not been deleted."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import lxml.etree

from core.records import Attachment, PageRef, PublishedPost
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import join, local_name, parse_fragment, parse_xml, plain_text, select
from crawler.page import Document, Engine, Parsed

ENTRIES = {"item", "entry"}
ROOTS = {"rss", "feed", "RDF"}
DATES = ("pubDate", "published", "date", "updated")


def entry(url: str) -> Sequence[PageRef]:
    """The feed is all there is."""
    return [PageRef(url, "entry")]


def kind_of(document: Document) -> PageRef | None:
    """A feed, told by its first element or its version; None for anything else."""
    return PageRef(document.url or "", "feed") if recognise(document) else None


def recognise(document: Document) -> float:
    """1 for a feed, else 0."""
    start = document.text.lstrip("\ufeff \t\r\n")[:2000]
    if start.startswith("{"):
        return float("jsonfeed.org/version" in start)
    if not start.startswith("<") or "<html" in start.lower():
        return 0.0
    return float(any(f"<{root}" in start or f":{root} " in start for root in ROOTS))


def parse_feed(document: Document, ref: PageRef) -> Parsed:
    """Every entry as a post, numbered by its id or address. Raises UnexpectedPage for what is no feed."""
    if not recognise(document):
        raise UnexpectedPage(document.url, "a feed (RSS, Atom or JSON Feed)")
    url = document.url or ref.url
    if document.text.lstrip("\ufeff \t\r\n").startswith("{"):
        items = document.json.get("items") if isinstance(document.json, dict) else None
        if not isinstance(items, list):
            raise UnexpectedPage(url, "a JSON Feed with items")
        return Parsed(posts=[_json_post(item, url) for item in items])
    root = parse_xml(document.text)
    if root is None or local_name(root) not in ROOTS:
        raise UnexpectedPage(document.url, "a feed (RSS, Atom or JSON Feed)")
    return Parsed(posts=[_xml_post(node, url) for node in root.iter() if local_name(node) in ENTRIES])


def _xml_post(node: Any, url: str) -> PublishedPost:
    """One RSS item or Atom entry."""
    parts: dict[str, list[Any]] = {}
    for child in node:
        parts.setdefault(local_name(child), []).append(child)
    links = parts.get("link", [])
    link = next((_address(part) for part in links if part.get("rel", "alternate") == "alternate"), None)
    body = next((parts[name][0] for name in ("encoded", "content", "description", "summary") if name in parts), None)
    text, hrefs = _read(_markup(body), link or url)
    title, authors = _said(parts.get("title")), parts.get("author", [])
    names = [part for author in authors for part in author if local_name(part) == "name"]
    files = [*parts.get("enclosure", ()), *(part for part in links if part.get("rel") == "enclosure")]
    return PublishedPost(
        board=None,
        thread=None,
        number=_said(parts.get("guid")) or _said(parts.get("id")) or link or title or "",
        url=join(url, link) or url,
        **_when(next((_said(parts[name]) for name in DATES if name in parts), None)),
        name=_said(parts.get("creator")) or _said(names) or _said(authors),
        subject=title,
        text=text,
        attachments=tuple(_file(part.get("url") or part.get("href"), part.get("length")) for part in files),
        links=links_in(f"{text}\n{title or ''}", hrefs),
    )


def _json_post(item: Any, url: str) -> PublishedPost:
    """One item of a JSON Feed (jsonfeed.org, 1.1)."""
    if not isinstance(item, dict) or not isinstance(item.get("id"), str | int):
        raise UnexpectedPage(url, "a JSON Feed whose items have ids")
    authors = [author for author in [*(item.get("authors") or ()), item.get("author")] if isinstance(author, dict)]
    text, hrefs = _read(item.get("content_html") or "", item.get("url") or url)
    text = text or item.get("content_text") or item.get("summary") or ""
    title, files = item.get("title") or None, item.get("attachments") or ()
    return PublishedPost(
        board=None,
        thread=None,
        number=str(item["id"]),
        url=join(url, item.get("url")) or url,
        **_when(item.get("date_published")),
        name=", ".join(author["name"] for author in authors if author.get("name")) or None,
        subject=title,
        text=text,
        attachments=tuple(_file(file.get("title") or file.get("url"), file.get("size_in_bytes")) for file in files),
        links=links_in(f"{text}\n{title or ''}", hrefs),
    )


def _read(markup: str, base: str) -> tuple[str, list[str]]:
    """Text and links of an entry's HTML."""
    if not markup.strip():
        return "", []
    tree = parse_fragment(markup, base)
    return plain_text(tree).strip(), [join(base, node.get("href")) or "" for node in select(tree, "a[href]")]


def _when(written: str | None) -> dict[str, Any]:
    """A time by RFC 822 or ISO 8601 with its zone; as written where it has none."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read((written or "").strip())
        except ValueError:
            continue
        if moment.tzinfo:
            return {"posted_at": moment.astimezone(UTC)}
    return {"posted_at": None, "posted_at_raw": written}


def _file(address: str | None, size: Any) -> Attachment:
    return Attachment(
        filename=(address or "").rpartition("/")[2] or None, size=int(size) if str(size).isdigit() else None
    )


def _said(parts: Sequence[Any] | None) -> str | None:
    return " ".join("".join(parts[0].itertext()).split()) or None if parts else None


def _address(part: Any) -> str | None:
    return part.get("href") or _said([part])


def _markup(body: Any) -> str:
    """What an entry holds, as HTML: escaped in RSS and most Atom, elements in Atom's xhtml, plain text as itself."""
    if body is None:
        return ""
    if body.get("type") == "text":
        return "".join(body.itertext()).replace("&", "&amp;").replace("<", "&lt;")
    if len(body):
        return (body.text or "") + "".join(lxml.etree.tostring(child, encoding="unicode") for child in body)
    return body.text or ""


ENGINE = Engine(
    name="feed", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse_feed, "feed": parse_feed}, site_numbers=True,
)  # fmt: skip
