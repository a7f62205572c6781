"""The webring that imageboards join: the sites which one of them follows and knows, read as a record of its own."""

from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from core.records import PageRef, PublishedPost
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import join, select
from crawler.page import Document, Parsed

KIND = "webring"
"""Of page, and the number of the record."""
LINKS = 'a[href$="/webring.json"], a[href$="/dolphinring.json"], a[href$="/addon.js/webring"]'


def is_elsewhere(address: str | None, url: str) -> bool:
    """Whether an address leads to another site, as those of a webring's boards do in a list of boards."""
    host = urlsplit(join(url, address) or "").netloc
    return bool(host) and host != urlsplit(url).netloc


def ring(url: str, *addresses: str) -> PageRef:
    """The list of the site's webring, at the first of these addresses or else at the second."""
    places = [join(url, address) for address in addresses]
    return PageRef(places[0] or url, KIND, alternate=places[1] if len(places) > 1 else None)


def rings_linked(page: HtmlElement, url: str) -> list[PageRef]:
    """The lists of its webring that a page of this site links."""
    return [
        ring(url, link.get("href") or "") for link in select(page, LINKS) if not is_elsewhere(link.get("href"), url)
    ]


def is_ring(document: Document) -> bool:
    """Whether a document is the list of a webring."""
    return document.is_json and _name_and_sites(document.json) is not None


def parse_ring(document: Document, ref: PageRef) -> Parsed:
    """One record: the site's name for itself, and the addresses of the sites it follows and those it knows by them."""
    told = _name_and_sites(document.json) if document.is_json else None
    if told is None:
        raise UnexpectedPage(document.url or ref.url, "the list of a webring")
    text = "\n".join(dict.fromkeys(told[1]))
    about = PublishedPost(
        board=None, thread=None, number=KIND, url=document.url, posted_at=None, subject=told[0], text=text,
        links=links_in(text, []),
    )  # fmt: skip
    return Parsed(posts=[about])


def _name_and_sites(told: Any) -> tuple[str | None, list[str]] | None:
    """Of a site's own list, or of the one that LynxChan's add-on makes for its pages, of all sites' boards."""
    match told:
        case {"name": name, "following": [*following], "boards": list()}:
            return name or None, [str(site) for site in (*following, *(told.get("known") or ()))]
        case {"imageboards": [*sites]} if all(isinstance(site, dict) and site.get("url") for site in sites):
            names = [site.get("name") for site in sites if site.get("local")]
            return names[0] if names else None, [str(site["url"]) for site in sites if not site.get("local")]
    return None
