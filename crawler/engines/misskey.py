"""Misskey and its forks, as far as GET goes: an account's feed, and the notes that a server features.

Timelines are answered to POST alone, which no crawl sends.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from markdown_it import MarkdownIt

from core.records import PageRef, PublishedPost
from crawler.dates import moment
from crawler.engines.timelines import account, file_at, links_of, next_page, read_markdown, read_tree
from crawler.errors import UnexpectedPage
from crawler.markup import drop, first, join, local_name, parse_fragment, parse_xml, select
from crawler.page import Document, Engine, Parsed

ACCOUNT = re.compile(r"/@(?P<name>[\w.-]+(?:@[A-Za-z0-9.-]+)?)(?:\.(?:atom|rss|json))?/?")
NOTE = re.compile(r"/notes/(?P<number>[a-z0-9]+)")
PAGE = 100
FEATURED = f"/api/notes/featured?limit={PAGE}&offset=0"
FRONT = "#misskey_app, #misskey_meta, #misskey_clientCtx"
KINDS = "span.new_note, span.reply_note, span.renote_note"
"""What closes a note of a feed, before those that it answers or forwards."""
COUNTS = re.compile(r"^\d+ Notes, [\d?]+ Following, [\d?]+ Followers(?: · )?")
"""What stands before an account's own words in its feed, and changes without anything being said."""
SAYS = re.compile(r"\((?P<handle>@[\w.-]+@[^\s()]+)\) (?:renotes|replies|says): ")
DIALECT = MarkdownIt("zero", {"html": False, "breaks": True}).enable(
    ["autolink", "emphasis", "link", "newline", "strikethrough", "backticks", "fence", "blockquote"]
)
"""What MFM, the markup of notes, shares with Markdown."""


def entry(url: str) -> Sequence[PageRef]:
    """What the server features; one account's feed where the address names it."""
    found = ACCOUNT.fullmatch(urlsplit(url).path)
    return [PageRef(join(url, f"/@{found['name']}.atom" if found else FEATURED) or url, "entry")]


def kind_of(document: Document) -> PageRef | None:
    """A list of notes, or an account's feed."""
    is_page = not document.is_json and _is_page(document)
    return PageRef(document.url or "", "notes") if not is_page and recognise(document) else None


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if document.is_json:
        match document.json:
            case [{"id": str(), "createdAt": str(), "userId": str(), "user": {"username": str()}}, *_]:
                return 1.0
        return 0.0
    if _is_page(document):
        return 0.9 if first(document.html, FRONT) is not None else 0.0
    return float(
        "<feed" in document.text[:1000] and re.search(r"(?:new|reply|renote)_note ", document.text) is not None
    )


def _is_page(document: Document) -> bool:
    """Whether a document is a page for people rather than a feed."""
    return not document.text.lstrip("\ufeff \t\r\n").startswith(("<?xml", "<feed"))


def parse(document: Document, ref: PageRef) -> Parsed:
    """The notes of a list or of an account's feed, with what the account says of itself; of a page, where these are.

    UnexpectedPage for any other document.
    """
    url = document.url or ref.url
    if document.is_json:
        match document.json:
            case [*notes] if all(isinstance(note, dict) and "user" in note for note in notes):
                offset = ref.part * PAGE
                more = next_page(ref, url, kind="notes", offset=offset) if len(notes) >= PAGE else []
                return Parsed(posts=[_note(note, url) for note in notes], pages=more)
    elif _is_page(document):
        if recognise(document):
            return Parsed(pages=list(entry(url)))
    else:
        root = parse_xml(document.text)
        if root is not None and local_name(root) == "feed":
            return Parsed(posts=list(_feed(root, url)))
    raise UnexpectedPage(url, "notes by Misskey's interface, or an account's feed")


def _handle(user: Mapping[str, Any] | None, url: str) -> str | None:
    """A name, with its server where that is another one."""
    name, host = (user or {}).get("username"), (user or {}).get("host")
    return f"{name}@{host}" if name and host and host != urlsplit(url).netloc else name


def _note(note: Mapping[str, Any], url: str) -> PublishedPost:
    """A note; one that only forwards another holds that one's words, and says whose they are."""
    other = note.get("renote") or {}
    forwards = bool(other) and not note.get("text") and not note.get("files") and not note.get("poll")
    shown = other if forwards else note
    poll = [f"- {choice.get('text')}" for choice in (shown.get("poll") or {}).get("choices") or ()]
    words, hrefs = read_markdown(shown.get("text"), url, DIALECT)
    text = "\n".join(part for part in (words, *poll) if part)
    answered = [note.get("replyId"), None if forwards else note.get("renoteId")]
    files = shown.get("files") or ()
    return PublishedPost(
        board=None, thread=None, number=note["id"], name=_handle(note.get("user"), url),
        url=note.get("url") or note.get("uri") or join(url, f"/notes/{note['id']}"),
        posted_at=moment(note.get("createdAt")), edited_at=moment(note.get("updatedAt")),
        subject=shown.get("cw") or None, text=text, quotes=tuple(one for one in answered if one),
        attachments=tuple(file_at(one.get("url"), one.get("name"), one.get("size")) for one in files),
        links=links_of(text, hrefs, shown.get("cw"), *(one.get("comment") for one in files)),
        forwarded_from=_handle(other.get("user"), url) if forwards else None,
    )  # fmt: skip


def _feed(root: Any, url: str) -> Iterator[PublishedPost]:
    """What the account says of itself, and its latest notes."""
    told = {local_name(node): "".join(map(str, node.itertext())) for node in root}
    found = ACCOUNT.fullmatch(urlsplit(url).path)
    name = (found["name"] if found else "").removesuffix(".atom")
    title = re.sub(r" \(@[^()]*\)$", "", told.get("title") or "")
    said = (COUNTS.sub("", told.get("subtitle") or ""), list[str]())
    if name:
        yield account(name, url=join(url, f"/@{name}"), title=title, said=[said])
    for node in root.iterchildren("{*}entry"):
        yield _entry(node, name, url)


def _entry(node: Any, name: str, url: str) -> PublishedPost:
    told = {local_name(part): part for part in node}
    link = told["link"].get("href") if "link" in told else None
    found = NOTE.search(link or "")
    if found is None:
        raise UnexpectedPage(url, "entries that lead to notes")
    own = parse_fragment((told["content"].text or "") if "content" in told else "", url)
    others = _taken_out(own)
    text, hrefs = read_tree(own, url)
    forwarded = None
    if not text and first(own, "img, video, audio, a[download]") is None and others:
        says = SAYS.search(others[0].text_content())
        forwarded = says["handle"].removeprefix("@") if says else None
        text, hrefs = read_tree(others[0], url)
        text = text[says.end() :].lstrip() if (says := SAYS.search(text)) else text
    subject = "".join(map(str, told["summary"].itertext())) if "summary" in told else ""
    files = [one.get("src") or one.get("href") for one in select(own, "img[src], video[src], audio[src], a[download]")]
    updated = "".join(map(str, told["updated"].itertext())) if "updated" in told else None
    return PublishedPost(
        board=None, thread=None, number=found["number"], url=link, posted_at=moment(updated), name=name or None,
        subject=subject or None, text=text.removeprefix(subject).lstrip("\n") if subject else text,
        attachments=tuple(file_at(one) for one in files), links=links_of(text, hrefs), forwarded_from=forwarded,
    )  # fmt: skip


def _taken_out(body: HtmlElement) -> list[HtmlElement]:
    """Of a feed's note those that it answers or forwards, taken out of its text: each follows a line."""
    others: list[HtmlElement] = []
    for rule in select(body, "body > hr"):
        into = body.makeelement("div")
        into.text = rule.tail
        for following in list(rule.itersiblings()):
            if following.tag == "hr":
                break
            into.append(following)
        others.append(into)
        rule.tail = None
        drop(body, rule)
    return others


ENGINE = Engine(
    name="misskey", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse, "notes": parse}, site_numbers=True,
)  # fmt: skip
