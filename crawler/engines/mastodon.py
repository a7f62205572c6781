"""The Mastodon interface (Mastodon, Pleroma, Akkoma, GoToSocial): a server's public timeline, and single accounts."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from core.records import PageRef, PublishedPost
from crawler.dates import moment
from crawler.engines.timelines import account, field, file_at, links_of, next_page, query_of, read_html, with_query
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.markup import first, join
from crawler.page import Document, Engine, Parsed

ACCOUNT = re.compile(r"/(?:@|users/)(?P<name>[A-Za-z0-9_.-]+(?:@[A-Za-z0-9.-]+)?)/?")
TIMELINE = "/api/v1/timelines/public?local=true&limit=40"
PAGE = 40
"""Posts of a page, the most that a server gives."""
PINNED = "pinned "
"""Begins the hint by which a timeline hears which of its posts are pinned."""
GONE = re.compile(r"(?i)not found")
SIGNS = (
    "div#mastodon, script#initial-state, script#initial-results, noscript a[href*='pleroma.social'],"
    "a[href*='superseriousbusiness/gotosocial']"
)


def entry(url: str) -> Sequence[PageRef]:
    """The public timeline of the server's own accounts; one account where the address names it."""
    found = ACCOUNT.fullmatch(urlsplit(url).path)
    path = f"/api/v1/accounts/lookup?acct={quote(found['name'])}" if found else TIMELINE
    return [PageRef(join(url, path) or url, "entry")]


def kind_of(document: Document) -> PageRef | None:
    """A page of posts, pinned ones or others, or an account."""
    if not document.is_json or not recognise(document):
        return None
    url = document.url or ""
    return PageRef(url, "pinned" if query_of(url).get("pinned") == "true" else "timeline")


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
    """The posts of one page and the page of older ones; an account as a record of its own, with its pinned posts' page.

    A server's front page leads to its timeline. ClosedPage where a login is asked for, GonePage for an account that is
    no more, UnexpectedPage for any other document.
    """
    url = document.url or ref.url
    if not document.is_json:
        if recognise(document):
            return Parsed(pages=list(entry(url)))
        raise UnexpectedPage(url, "posts by the Mastodon interface")
    match document.json:
        case {"error": str() as error}:
            raise (GonePage if GONE.search(error) else ClosedPage)(url, f"the server says: {error[:200]}")
        case {"acct": str(), "suspended": True}:
            raise ClosedPage(url, "the account is suspended")
        case {"id": str() as number, "acct": str(), "note": str()} as shown:
            pinned = join(url, f"/api/v1/accounts/{quote(number)}/statuses?pinned=true&limit={PAGE}") or url
            return Parsed(posts=[_profile(shown)], pages=[PageRef(pinned, "pinned")])
        case [*statuses] if all(isinstance(one, dict) and "account" in one and "id" in one for one in statuses):
            pages = next_page(ref, url, kind="timeline", max_id=statuses[-1]["id"]) if statuses else []
            known = set((ref.hint or "").removeprefix(PINNED).split())
            return Parsed(posts=[_status(one, pinned=str(one["id"]) in known) for one in statuses], pages=pages)
    raise UnexpectedPage(url, "posts by the Mastodon interface")


def parse_pinned(document: Document, ref: PageRef) -> Parsed:
    """The posts that an account pinned, and its timeline, which hears of them: no post says so to others."""
    read = parse(document, ref)
    numbers = " ".join(str(post.number) for post in read.posts)
    timeline = with_query(document.url or ref.url, pinned=None)
    posts = [post.model_copy(update={"sticky": True}) for post in read.posts]
    return Parsed(posts=posts, pages=[PageRef(timeline, "timeline", hint=f"{PINNED}{numbers}")])


def _quoted(raw: Mapping[str, Any]) -> str | None:
    """The post that one quotes: as Mastodon has it, or as Pleroma, Akkoma and Fedibird do."""
    told = raw.get("quote") or {}
    status = told.get("quoted_status") or told
    inner = raw.get("pleroma") or {}
    return (
        told.get("quoted_status_id") or status.get("id") or raw.get("quote_id") or inner.get("quote_id")
        or (inner.get("quote") or {}).get("id")
    )  # fmt: skip


def _status(raw: Mapping[str, Any], *, pinned: bool) -> PublishedPost:
    """A post; one that only forwards another holds that one's words, and says whose they are."""
    shown = raw.get("reblog") or raw
    said, hrefs = read_html(shown.get("content"))
    poll = [f"- {option.get('title')}" for option in (shown.get("poll") or {}).get("options") or ()]
    text = "\n".join(part for part in (said, *poll) if part)
    answers = [] if raw.get("reblog") else [raw.get("in_reply_to_id"), _quoted(raw)]
    files = shown.get("media_attachments") or ()
    hrefs.append((shown.get("card") or {}).get("url") or "")
    return PublishedPost(
        board=None,
        thread=None,
        number=str(raw["id"]),
        url=raw.get("url") or raw.get("uri"),
        posted_at=moment(raw.get("created_at")),
        name=raw["account"].get("acct"),
        subject=shown.get("spoiler_text") or None,
        text=text,
        quotes=tuple(dict.fromkeys(str(one) for one in answers if one)),
        attachments=tuple(file_at(file.get("url")) for file in files),
        links=links_of(text, hrefs, shown.get("spoiler_text"), *(file.get("description") for file in files)),
        sticky=pinned or bool(raw.get("pinned")),
        edited_at=moment(raw.get("edited_at")),
        forwarded_from=(shown.get("account") or {}).get("acct") if raw.get("reblog") else None,
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
    pages={"entry": parse, "timeline": parse, "pinned": parse_pinned}, site_numbers=True,
)  # fmt: skip
