"""MyBB 1.6 and 1.8: forums, their lists of topics, topics over several pages. It knows no JSON."""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from html import unescape
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from lxml.html import HtmlElement

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import BoardClock
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.links import links_in
from crawler.markup import drop, first, is_whole, join, plain_text, preformat_code, select, words
from crawler.page import Document, Engine, Parsed

FORUM = re.compile(r"forumdisplay\.php\?(?:.*&)?fid=\d+|forum-\d+(?:-page-\d+)?\.html|Forum-[^/?]+")
TOPIC = re.compile(
    r"showthread\.php\?(?:.*&)?tid=(?P<tid>\d+)|thread-(?P<number>\d+)(?:-(?:page|post)-\d+)?\.html|Thread-[^/?]+"
)
COPY = re.compile(r"archive/index\.php\?thread-(?P<tid>\d+)|printthread\.php\?(?:.*&)?tid=(?P<number>\d+)")
ORIGIN = re.compile(r"^(?:[a-z]+:)?//[^/?]*")
SUFFIX = re.compile(r"-(?:page|post)-\d+(?=\.html)")
PID = re.compile(r"pid=?_?(\d+)")
BODY_ID = re.compile(r"pid_(\d+)")
EXACT_SIZE = re.compile(r"(\d[\d,.]*) (?:bytes|Bytes|Byte|octets|байт|bajt)")
NAMED_FILE = re.compile(r"[^:\r\n]+: *([^\r\n]+)")
IN_BRACKETS = re.compile(r"^\s*\([^)]*\)")
LABEL = re.compile(r"spoiler[_-]?(?:title|head|header|button|toggle)")
STICKY, CLOSED = "sticky", "closed"

GONE = (
    "The specified thread does not exist", "Invalid forum", "The specified forum does not exist",
    "La discussion demandée n'existe pas", "Forum invalide", "El tema especificado no existe", "Foro inválido",
    "Tråden eksisterer ikke", "Ugyldigt forum", "Belirtilen konu mevcut değil", "Geçersiz Forum",
    "Chủ đề không tồn tại", "指定的主题不存在", "无效的论坛", "האשכול שצויין לא קיים", "ไม่พบกระทู้ที่ระบุ",
)  # fmt: skip
"""How MyBB's language packs say that a topic or forum does not exist. Any other message is taken as a closed door."""
SIGNS = {
    'div.post[id^="post_"] .post_body[id^="pid_"], table[id^="post_"] [id^="pid_"]': 0.5,
    'a[href*="mybb.com"]': 0.5,
    'script[src*="jscripts/general.js"]': 0.4,
    'a[href*="forumdisplay.php?fid="], a[href*="showthread.php?tid="]': 0.2,
    'a[href*="archive/index.php?"]': 0.1,
}
"""Markup that gives the software away, each with how far it does."""


def entry(url: str) -> Sequence[PageRef]:
    """Where a crawl begins: the index, or one forum or topic where the source's address names it."""
    name = _name(url)
    if found := TOPIC.match(name):
        number = found["tid"] or found["number"]
        return [PageRef(_canonical(url, url), "thread", thread=int(number) if number else None)]
    if FORUM.match(name):
        return [PageRef(_canonical(url, url), "index")]
    return [PageRef(url, "entry")]


def kind_of(document: Document) -> PageRef | None:
    """What a document is, by its markup; `copy` is a print view or lite page that shows a topic a second time."""
    url = document.url or ""
    if found := COPY.search(url):
        return PageRef(url, "copy", thread=int(found["tid"] or found["number"]))
    if "<html" not in document.text[:5000].lower():
        return None
    page, name = document.html, _name(url)
    if _bodies(page):
        return PageRef(url, "thread", _forum(page), _topic_number(document), part=_part(page))
    if TOPIC.match(name):
        return PageRef(url, "thread")  # it should hold posts, or say why it does not
    if _rows(page) or FORUM.match(name):
        return PageRef(url, "index", _listed_forum(page), part=_part(page))
    return PageRef(url, "entry") if name in ("", "index.php") and any(_forums(page, url)) else None


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if "<html" not in document.text[:5000].lower():
        return 0.0
    found = sum(weight for css, weight in SIGNS.items() if first(document.html, css) is not None)
    return min(1.0, found + (0.5 if "my_post_key" in document.text else 0.0))


def parse_entry(document: Document, ref: PageRef) -> Parsed:
    """The forums that an index names, those within forums too."""
    forums = list(_forums(_whole(document), document.url or ref.url))
    if not forums:
        raise _instead(document, "an index with forums")
    return Parsed(pages=forums)


def parse_list(document: Document, ref: PageRef) -> Parsed:
    """The topics of one page of a forum, its further pages and the forums within it.

    A topic's hint is what the list says of it: replies, last post, and whether it is sticky or closed.
    """
    page, base = _whole(document), document.url or ref.url
    board = _listed_forum(page) or ref.board
    rows, forums = _rows(page), list(_forums(page, base))
    if not rows and not forums and first(page, ".pagination, .thread_legend, select[name=datecut]") is None:
        raise _instead(document, "a forum's list of topics")
    parts = _parts(page)
    shown = PageRef(base, "index", board, part=_part(page))
    topics = [topic for row in rows if (topic := _topic(row, base, board))]
    complete = parts == 1 and bool(topics)
    return Parsed(
        pages=[*topics, *_further(shown, parts), *forums], parts=parts, lists_board=board if complete else None
    )


def parse_topic(document: Document, ref: PageRef) -> Parsed:
    """Every post on one page of a topic, and the topic's other pages.

    Raises GonePage where the board says that there is no such topic, ClosedPage where it says anything else instead,
    and UnexpectedPage where the page is another topic's or was cut short.
    """
    page = _whole(document)
    bodies, number = _bodies(page), _topic_number(document)
    if not bodies:
        raise _instead(document, "a topic with posts")
    if number is None or not ref.asks_for(number):
        raise UnexpectedPage(document.url, f"topic {ref.thread}" if ref.thread else "a topic that tells its number")
    base, parts, part = document.url or ref.url, _parts(page), _part(page)
    shown = PageRef(base, "thread", _forum(page) or ref.board, number, part=part, hint=ref.hint)
    further = list(_further(shown, parts))
    if ref.part > parts:
        # Asked for a page that it no longer has, MyBB shows the first: its posts are not what was asked for.
        return Parsed(pages=further, parts=parts)
    topic = Topic(shown, _title(page), _clock(page, document))
    posts = [_post(body, topic, op=part == 1 and body is bodies[0]) for body in bodies]
    return Parsed(posts=posts, pages=further, parts=parts)


class Topic(NamedTuple):
    """What all posts of a page share."""

    ref: PageRef
    title: str | None
    clock: BoardClock


def _post(body: HtmlElement, topic: Topic, *, op: bool) -> PublishedPost:
    number = int(body.get("id", "").removeprefix("pid_"))
    post = next((node for node in body.iterancestors() if node.get("id") == f"post_{number}"), None)
    if post is None:
        raise UnexpectedPage(topic.ref.url, f"post {number} with its author and date")
    stamp = first(post, ".post_date")
    if stamp is None and (edit := first(post, f"#edited_by_{number}")) is not None:
        stamp = edit.getparent()
    written, edited = _time_written(stamp), _time_written(first(post, ".edited_post"))
    posted_at = topic.clock.place(written)
    subject = first(post, f'a[href$="#pid{number}"][title]')
    flags = (topic.ref.hint or "").split(", ")
    text, quotes, hrefs = _read_body(deepcopy(body))
    return PublishedPost(
        board=topic.ref.board, thread=topic.ref.thread, number=number,
        url=f"{_canonical(topic.ref.url, topic.ref.url, topic.ref.part)}#pid{number}" if topic.ref.url else None,
        posted_at=posted_at, posted_at_raw=written if posted_at is None else None,
        name=words(first(post, ".largetext, .post_author strong")),
        subject=subject.get("title") if subject is not None else topic.title if op else None,
        text=text, quotes=quotes, attachments=tuple(_attachments(post)), links=links_in(text, hrefs), op=op,
        sticky=STICKY in flags, locked=CLOSED in flags, edited_at=topic.clock.place(edited) if edited else None,
    )  # fmt: skip


def _read_body(body: HtmlElement) -> tuple[str, tuple[int, ...], list[str]]:
    """Text, numbers of the posts quoted, and hrefs of a body. Changes the element it is given."""
    quotes = []
    for quoted in select(body, "blockquote"):
        cite = first(quoted, "cite")
        if cite is None or any(node.tag == "blockquote" for node in quoted.iterancestors()):
            continue
        numbers = [PID.search(link.get("href", "")) for link in select(cite, "a[href]")]
        quotes += [int(number[1]) for number in numbers if number]
        drop(body, quoted)
    for file in select(body, 'a[href*="attachment.php"], img[src*="/attachtypes/"]'):
        file.tail = IN_BRACKETS.sub("", (file.tail or "").lstrip("\xa0"))
        drop(body, file)
    for node in select(body, '.codeblock > .title, [class*="spoiler"]'):
        if "title" in node.classes or LABEL.search(node.get("class", "")):
            drop(body, node)
    preformat_code(body)
    leading = select(body, "a[href], img.mycode_img[src], iframe[src]")
    hrefs = [node.get("href") or node.get("src") or "" for node in leading]
    return plain_text(body), tuple(dict.fromkeys(quotes)), hrefs


def _attachments(post: HtmlElement) -> Iterator[Attachment]:
    """The files of a post, whether listed under it, shown as thumbnails or put into its text."""
    seen = set()
    for node in select(post, 'a[href*="attachment.php?aid="], img[src*="attachment.php?aid="]'):
        address = node.get("href") or node.get("src") or ""
        picture = node if node.tag == "img" else first(node, "img")
        about = picture.get("title", "") if picture is not None else node.tail or ""
        named = NAMED_FILE.match(about) if picture is not None else None
        size = EXACT_SIZE.search(about)
        if address not in seen:
            seen.add(address)
            yield Attachment(
                filename=named[1] if named else words(node), size=int(re.sub(r"\D", "", size[1])) if size else None
            )


def _forums(page: HtmlElement, base: str) -> Iterator[PageRef]:
    """The forums that a page lists."""
    seen = {_canonical(base, base)}
    for link in select(page, "a[href]"):
        name = _name(link.get("href", ""))
        if not FORUM.match(name) or words(link) is None:
            continue
        if any(not {"navigation", "pagination", "tcat"}.isdisjoint(node.classes) for node in link.iterancestors()):
            continue
        url = _canonical(base, name)
        if url not in seen:
            seen.add(url)
            yield PageRef(url, "index", unescape(words(link) or ""))


def _rows(page: HtmlElement) -> list[HtmlElement]:
    return [node for node in select(page, '[id^="tid_"]') if node.get("id", "")[len("tid_") :].isdigit()]


def _topic(subject: HtmlElement, base: str, board: str | None) -> PageRef | None:
    """The topic that a row of a list names; None for one that was moved to another forum, where it is listed too."""
    row = next((node for node in subject.iterancestors() if node.tag == "tr" or "inline_row" in node.classes), subject)
    link = first(subject, "a[href]")
    if link is None or first(row, '.movefolder, img[src*="movefolder"]') is not None:
        return None
    replies, last = first(row, 'a[href*="whoposted"]'), first(row, ".lastpost")
    said = [f"{words(replies)} replies", f"last {_time_written(last)}"]
    if first(row, ".forumdisplay_sticky") is not None:
        said.append(STICKY)
    if first(row, '[class*="closefolder"], img[src*="closefolder"], img[src*="lockfolder"]') is not None:
        said.append(CLOSED)
    number = int(subject.get("id", "").removeprefix("tid_"))
    return PageRef(_canonical(base, link.get("href", "")), "thread", board, number, hint=", ".join(said))


def _further(shown: PageRef, parts: int) -> Iterator[PageRef]:
    """The other pages of a list or topic, with what is known of the one that is shown."""
    for part in range(1, parts + 1):
        if part != shown.part:
            yield replace(shown, url=_canonical(shown.url, shown.url, part), part=part)


def _whole(document: Document) -> HtmlElement:
    if not is_whole(document.text):
        raise UnexpectedPage(document.url, "a whole page")
    return document.html


def _instead(document: Document, expected: str) -> Exception:
    """What a page is that does not hold what it should: the board's own message, or nothing known."""
    cells = select(document.html, "td.trow1")
    cells = [cell for cell in cells if not any(node.tag == "form" for node in cell.iterancestors())]
    message = " ".join((words(cells[0]) or "").split()) if len(cells) == 1 else ""
    if any(phrase in message for phrase in GONE):
        return GonePage(document.url, message)
    if message:
        return ClosedPage(document.url, f"the board says: {message[:200]}")
    return UnexpectedPage(document.url, expected)


def _bodies(page: HtmlElement) -> list[HtmlElement]:
    return [node for node in select(page, '[id^="pid_"]') if BODY_ID.fullmatch(node.get("id", ""))]


def _topic_number(document: Document) -> int | None:
    """A topic's number by its address, or by the page's own forms and links."""
    page = document.html
    addresses = [document.url or ""]
    addresses += [link.get("href", "") for link in select(page, "link[rel=canonical], a[href*='printthread.php']")]
    for address in addresses:
        found = TOPIC.match(_name(address)) or COPY.search(address)
        if found and (number := found["tid"] or found["number"]):
            return int(number)
    field = first(page, "input[name=tid]")
    return int(field.get("value", "")) if field is not None and field.get("value", "").isdigit() else None


def _forum(page: HtmlElement) -> str | None:
    """The forum that a topic's breadcrumb ends in. Its name is HTML, which the breadcrumb escapes once more."""
    crumbs = [link for link in select(page, ".navigation > a[href]") if FORUM.match(_name(link.get("href", "")))]
    return unescape(words(crumbs[-1]) or "") or None if crumbs else None


def _listed_forum(page: HtmlElement) -> str | None:
    """The forum that a list is of."""
    return unescape(_title(page) or "") or None


def _title(page: HtmlElement) -> str | None:
    """What the page is called at the end of its breadcrumb."""
    return words(first(page, ".navigation > .active"))


def _part(page: HtmlElement) -> int:
    return next(iter(_page_numbers(page, ".pagination_current")), 1)


def _parts(page: HtmlElement) -> int:
    return max(_page_numbers(page, "a, .pagination_current"), default=1)


def _page_numbers(page: HtmlElement, css: str) -> list[int]:
    bars = select(page, ".pagination:not(.pagination_breadcrumb)")
    found = [words(node) or "" for bar in bars for node in select(bar, css)]
    return [int(number) for number in found if number.isdigit()]


def _clock(page: HtmlElement, document: Document) -> BoardClock:
    """How this page writes times, by all its dates and its own present time (which the footer shows)."""
    stamps = [*select(page, ".post_date, .lastpost, .edited_post"), *select(page, "blockquote cite")]
    now = first(page, "#current_time")
    return BoardClock.of([_time_written(node) for node in stamps], _time_written(now), document.fetched_at)


def _time_written(node: HtmlElement | None) -> str:
    """The first line of an element, with full dates for "yesterday" and "5 minutes ago", which have them as titles."""
    if node is None:
        return ""
    own = deepcopy(node)
    own.tail = None
    drop(own, *select(own, ".post_edit"))
    for shortened in select(own, "span[title]"):
        shortened.text = shortened.get("title")
    return plain_text(own).strip().partition("\n")[0].strip()


def _name(url: str) -> str:
    """The last part of an address with its query: all of the software's pages lie in one folder."""
    path, mark, query = ORIGIN.sub("", url.partition("#")[0]).partition("?")
    return path.rpartition("/")[2] + mark + query


def _canonical(base: str, url: str, part: int = 1) -> str:
    """The one address of a page of a forum or topic on the site at `base`, whatever host and keys a link to it has.

    A board links with the address it was installed at, which need not be the one it is read at (a mirror, an onion).
    """
    name, _, query = _name(url).partition("?")
    kept = [(key, value) for key, value in parse_qsl(query) if key in ("fid", "tid")]
    if name.endswith(".html"):
        name = SUFFIX.sub("", name).removesuffix(".html") + (f"-page-{part}" if part > 1 else "") + ".html"
    elif part > 1:
        kept.append(("page", str(part)))
    return join(base, f"{name}?{urlencode(kept)}" if kept else name) or name


ENGINE = Engine(
    name="mybb",
    recognise=recognise,
    entry=entry,
    kind_of=kind_of,
    pages={"entry": parse_entry, "index": parse_list, "thread": parse_topic},
    site_numbers=True,
)
