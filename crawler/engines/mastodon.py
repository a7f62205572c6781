"""The Mastodon interface (Mastodon, Pleroma, Akkoma, GoToSocial): a server's public timeline, and single accounts."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from core.records import PageRef, PublishedPost
from crawler.dates import moment
from crawler.engines.timelines import account, field, file_at, links_of, next_page, read_html
from crawler.errors import UnexpectedPage
from crawler.markup import first, join
from crawler.page import Document, Engine, Parsed

ACCOUNT = re.compile(r"/@(?P<name>[A-Za-z0-9_.-]+(?:@[A-Za-z0-9.-]+)?)/?")
TIMELINE = "/api/v1/timelines/public?local=true&limit=40"
SIGNS = (
    "div#mastodon, script#initial-state, noscript a[href*='pleroma.social'], a[href*='superseriousbusiness/gotosocial']"
)


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
        case {"id": str() as number, "acct": str(), "note": str()} as shown:
            posts = join(url, f"/api/v1/accounts/{quote(number)}/statuses?limit=40&exclude_reblogs=true") or url
            return Parsed(posts=[_profile(shown)], pages=[PageRef(posts, "timeline")])
        case [*statuses] if all(isinstance(one, dict) and "account" in one and "id" in one for one in statuses):
            pages = next_page(ref, url, kind="timeline", max_id=statuses[-1]["id"]) if statuses else []
            return Parsed(posts=[_status(one) for one in statuses if not one.get("reblog")], pages=pages)
    raise UnexpectedPage(url, "posts by the Mastodon interface")


def _status(raw: Mapping[str, Any]) -> PublishedPost:
    text, hrefs = read_html(raw.get("content"))
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
        attachments=tuple(file_at(file.get("url")) for file in files),
        links=links_of(text, [*hrefs, card.get("url") or ""]),
        sticky=bool(raw.get("pinned")),
        edited_at=moment(raw.get("edited_at")),
    )


def _profile(shown: Mapping[str, Any]) -> PublishedPost:
    """What an account says of itself: each change of it is a revision."""
    fields = [field(one.get("name"), read_html(one.get("value"))) for one in shown.get("fields") or ()]
    moved = shown.get("moved") or {}
    return account(
        shown["acct"],
        url=shown.get("url"),
        title=shown.get("display_name"),
        said=[read_html(shown["note"]), *fields],
        more=[moved.get("url")],
    )


ENGINE = Engine(
    name="mastodon", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse, "timeline": parse}, site_numbers=True,
)  # fmt: skip
