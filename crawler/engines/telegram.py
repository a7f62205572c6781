"""Telegram's public channel previews (t.me/s/NAME): messages, who was forwarded, the channel's own description."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import moment
from crawler.errors import GonePage, UnexpectedPage
from crawler.links import links_in
from crawler.markup import first, join, plain_text, select, words
from crawler.page import Document, Engine, Parsed

CHANNEL = re.compile(r"/(?:s/)?(?P<channel>[A-Za-z0-9_]{3,64})/?")
MESSAGE = re.compile(r"(?P<channel>[^/]+)/(?P<number>\d+)")
ABOUT = "about"
"""Number of the record that holds a channel's title and description: each change of them is a revision of it."""


def entry(url: str) -> Sequence[PageRef]:
    """A channel's latest messages."""
    found = CHANNEL.fullmatch(urlsplit(url).path)
    return [_page(url, found["channel"])] if found else [PageRef(url, "entry")]


def kind_of(document: Document) -> PageRef | None:
    """A preview page of a channel; None for anything else."""
    found = CHANNEL.fullmatch(urlsplit(document.url or "").path)
    if not recognise(document):
        return None
    return PageRef(document.url or "", "channel", board=found["channel"].lower() if found else None)


def recognise(document: Document) -> float:
    """1 for a page with Telegram's message boxes or channel heading, else 0."""
    return float("tgme_widget_message" in document.text or "tgme_channel_info" in document.text)


def parse_channel(document: Document, ref: PageRef) -> Parsed:
    """The messages of one page, the channel's description, and the page of earlier messages.

    GonePage where the channel has no public preview; UnexpectedPage for another kind of page.
    """
    page = document.html
    if not recognise(document):
        if first(page, ".tgme_page") is not None:
            raise GonePage(document.url, "the channel shows no public preview")
        raise UnexpectedPage(document.url, "a channel's preview")
    posts = [*_about(page, document.url), *_messages(page, document.url)]
    earlier = first(page, "a.tme_messages_more[data-before], link[rel=prev]")
    before = join(document.url, earlier.get("href")) if earlier is not None else None
    return Parsed(posts=posts, pages=[PageRef(before, "channel", ref.board, part=2)] if before else [])


def _page(url: str, channel: str) -> PageRef:
    parts = urlsplit(url)
    return PageRef(f"{parts.scheme}://{parts.netloc}/s/{channel}", "entry", board=channel.lower())


def _about(page: HtmlElement, url: str | None) -> Iterator[PublishedPost]:
    """What the channel says of itself."""
    info = first(page, ".tgme_channel_info")
    if info is None:
        return
    description = first(info, ".tgme_channel_info_description")
    handle = (words(first(info, ".tgme_channel_info_header_username")) or "").lstrip("@").lower()
    text = plain_text(description) if description is not None else ""
    yield PublishedPost(
        board=handle or None, thread=None, number=ABOUT, url=url and url.partition("?")[0], posted_at=None,
        subject=words(first(info, ".tgme_channel_info_header_title")), text=text,
        links=links_in(text, _hrefs(description, url)),
    )  # fmt: skip


def _messages(page: HtmlElement, url: str | None) -> Iterator[PublishedPost]:
    for message in select(page, ".tgme_widget_message[data-post]"):
        found = MESSAGE.fullmatch(message.get("data-post") or "")
        if found is None:
            raise UnexpectedPage(url, "messages that say their channel and number")
        body = _body(message)
        text = plain_text(body) if body is not None else ""
        forwarded = select(message, ".tgme_widget_message_forwarded_from_name")
        preview = select(message, "a.tgme_widget_message_link_preview[href]")
        hrefs = [*_hrefs(body, url), *(node.get("href") or "" for node in (*preview, *forwarded))]
        reply = MESSAGE.search(
            next((node.get("href") or "" for node in select(message, "a.tgme_widget_message_reply")), "")
        )
        yield PublishedPost(
            board=found["channel"].lower(), thread=None, number=int(found["number"]),
            url=f"https://t.me/{found['channel']}/{found['number']}", posted_at=_time(message),
            name=words(first(message, ".tgme_widget_message_from_author")), text=text,
            quotes=(int(reply["number"]),) if reply else (), attachments=tuple(_files(message)),
            links=links_in(text, hrefs),
            forwarded_from=words(forwarded[0]) if forwarded else None,
        )  # fmt: skip


def _body(message: HtmlElement) -> HtmlElement | None:
    """The message's own words: not those of the message it answers, nor of a page it links to."""
    for body in select(message, ".tgme_widget_message_text"):
        if not any("tgme_widget_message_reply" in above.classes for above in body.iterancestors()):
            return body
    return first(message, ".tgme_widget_message_poll_question")


def _time(message: HtmlElement) -> datetime | None:
    """When it was sent: the time beside its permalink."""
    node = first(message, ".tgme_widget_message_date time[datetime]")
    return moment(node.get("datetime")) if node is not None else None


def _files(message: HtmlElement) -> Iterator[Attachment]:
    """Documents by their names; photos and videos have none. Sizes are rounded by the page, so they stay unknown."""
    for document in select(message, ".tgme_widget_message_document"):
        yield Attachment(filename=words(first(document, ".tgme_widget_message_document_title")))
    for _ in select(message, ".tgme_widget_message_photo_wrap, .tgme_widget_message_video_player"):
        yield Attachment(filename=None)


def _hrefs(body: HtmlElement | None, url: str | None) -> list[str]:
    return [join(url, node.get("href")) or "" for node in select(body, "a[href]")] if body is not None else []


ENGINE = Engine(
    name="telegram", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse_channel, "channel": parse_channel},
)  # fmt: skip
