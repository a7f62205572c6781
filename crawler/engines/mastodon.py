"""The Mastodon interface (Mastodon, Pleroma, Akkoma, GoToSocial): a server's public timeline, and single accounts."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import moment
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import first, join, parse_html, plain_text, select
from crawler.page import Document, Engine, Parsed

ACCOUNT = re.compile(r"/@(?P<name>[A-Za-z0-9_.-]+(?:@[A-Za-z0-9.-]+)?)/?")
TIMELINE = "/api/v1/timelines/public?local=true&limit=40"
SIGNS = (
    "div#mastodon, script#initial-state, noscript a[href*='pleroma.social'], a[href*='superseriousbusiness/gotosocial']"
)
PARTS = 10
"""Pages of older posts that a crawl goes back, at most: 40 posts each."""


def entry(url: str) -> Sequence[PageRef]:
    """The public timeline of the server's own accounts; one account where the address names it."""
    found = ACCOUNT.fullmatch(urlsplit(url).path)
    path = f"/api/v1/accounts/lookup?acct={quote(found['name'])}" if found else TIMELINE
    return [PageRef(join(url, path) or url, "entry")]


def kind_of(document: Document) -> PageRef | None:
    """A page of posts, or an account."""
    return PageRef(document.url or "", "timeline") if document.is_json and recognise(document) else None


def recognise(document: Document) -> float:
    """How surely a document comes from this interface, 0 to 1."""
    if not document.is_json:
        return 0.9 if first(document.html, SIGNS) is not None else 0.0
    match document.json:
        case [{"id": str(), "created_at": str(), "content": str(), "account": {"acct": str()}}, *_]:
            return 1.0
        case {"id": str(), "acct": str(), "note": str(), "url": str()}:
            return 1.0
    return 0.0


def parse(document: Document, ref: PageRef) -> Parsed:
    """The posts of one page and the page of older ones; an account as a record of its own, with its posts' page.

    A server's front page leads to its timeline. UnexpectedPage for any other document.
    """
    url = document.url or ref.url
    if not document.is_json:
        if recognise(document):
            return Parsed(pages=list(entry(url)))
        raise UnexpectedPage(url, "posts by the Mastodon interface")
    match document.json:
        case {"id": str() as number, "acct": str(), "note": str()} as account:
            posts = join(url, f"/api/v1/accounts/{quote(number)}/statuses?limit=40&exclude_reblogs=true") or url
            return Parsed(posts=[_profile(account)], pages=[PageRef(posts, "timeline")])
        case [*statuses] if all(isinstance(one, dict) and "account" in one and "id" in one for one in statuses):
            older = _older(url, str(statuses[-1]["id"])) if statuses and ref.part < PARTS else None
            pages = [PageRef(older, "timeline", part=ref.part + 1)] if older else []
            return Parsed(posts=[_status(one) for one in statuses if not one.get("reblog")], pages=pages)
    raise UnexpectedPage(url, "posts by the Mastodon interface")


def _older(url: str, number: str) -> str | None:
    """The page of posts before this one."""
    base = re.sub(r"&max_id=[^&]*", "", url)
    return f"{base}{'&' if '?' in base else '?'}max_id={quote(number)}"


def _status(raw: Mapping[str, Any]) -> PublishedPost:
    text, hrefs = _read(raw.get("content") or "")
    answered = raw.get("in_reply_to_id")
    card = raw.get("card") or {}
    files = raw.get("media_attachments") or ()
    return PublishedPost(
        board=None,
        thread=None,
        number=str(raw["id"]),
        url=raw.get("url") or raw.get("uri"),
        posted_at=moment(raw.get("created_at")),
        name=raw["account"].get("acct"),
        subject=raw.get("spoiler_text") or None,
        text=text,
        quotes=(str(answered),) if answered else (),
        attachments=tuple(Attachment(filename=(file.get("url") or "").rpartition("/")[2] or None) for file in files),
        links=links_in(text, [*hrefs, card.get("url") or ""]),
        sticky=bool(raw.get("pinned")),
        edited_at=moment(raw.get("edited_at")),
    )


def _profile(account: Mapping[str, Any]) -> PublishedPost:
    """What an account says of itself: each change of it is a revision."""
    note, hrefs = _read(account["note"])
    lines = [note]
    for field in account.get("fields") or ():
        value, more = _read(str(field.get("value") or ""))
        lines.append(f"{field.get('name')}: {value}")
        hrefs += more
    moved = account.get("moved") or {}
    text = "\n".join(line for line in lines if line)
    return PublishedPost(
        board=None,
        thread=None,
        number=f"profile {account['acct']}",
        url=account.get("url"),
        posted_at=None,
        name=account["acct"],
        subject=account.get("display_name") or None,
        text=text,
        links=links_in(text, [*hrefs, moved.get("url") or ""]),
    )


def _read(markup: str) -> tuple[str, list[str]]:
    """Text of a post, its links as they lead rather than as they are shortened; mentions and hashtags are words."""
    if not markup.strip():
        return "", []
    tree = parse_html(f"<html><body>{markup}</body></html>", None)
    links = [link for link in select(tree, "a[href]") if not {"mention", "hashtag"} & set(link.classes)]
    return plain_text(tree).strip(), [link.get("href") or "" for link in links]


ENGINE = Engine(
    name="mastodon", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse, "timeline": parse}, site_numbers=True,
)  # fmt: skip
