"""Boards that descend from Futaba's script and print HTML alone: Futaba, Futallaby, Wakaba, Kusaba X, their forks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, unquote, urlsplit

from lxml.html import HtmlElement

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import MONTHS, QUARTER, BoardClock
from crawler.engines.jsonboards import read_body
from crawler.errors import GonePage, UnexpectedPage
from crawler.links import links_in
from crawler.markup import drop, first, is_whole, join, select, words
from crawler.page import Document, Engine, Parsed

THREAD = re.compile(
    r"(?P<root>.*?/)(?:(?P<board>[^/]+)/)?(?:res/(?P<number>\d+)(?P<cut>[+-]\d+)?\.html?|[^/]+\.php\?res=(?P<query>\d+))"
)
LIST = re.compile(r"(?P<root>.*/)(?P<board>[^/.]+)/(?:(?P<page>\d+)\.html?|[a-z]+\.html?)?")
FURTHER = re.compile(r"(\d+)\.html?")
NO_BOARDS = frozenset({"css", "images", "img", "inc", "js", "lib", "res", "src", "static", "thumb"})
"""First folders of such a site's addresses that are no boards."""

BODIES = "blockquote, .op > .message, .reply > .message"
MARKS = {
    "filetitle": "subject", "replytitle": "subject", "csb": "subject",
    "postername": "name", "commentpostername": "name", "cnm": "name", "postertrip": "tripcode",
}  # fmt: skip
"""What an element in a post's head says, by its class."""
OLD_MARKS = {"#cc1105": "subject", "#117743": "name"}
"""The same of Futaba's script before it had classes, by the colour of its letters."""
ANSWER = 'input[name="parent"], input[name="resto"], input[name="replythread"]'
"""The field of a form to post with, by the thread that it answers."""
PICTURES = {"sticky": "sticky", "pin.": "sticky", "lock": "locked"}
"""What a picture in an opening post's head says, by a part of its address."""
NOT_THE_AUTHORS = ".abbrev, .omittedposts, font[color='#FF0000'] > b"
"""What stands in a body and was put there by moderators or the software."""
CUT = ".omittedposts, blockquote .abbrev, .message .omittedposts"
GONE = re.compile(
    r"(?i)スレッドがありません|スレがありません|thread (?:specified )?does(?:n't| not) exist|invalid thread id"
)

BESIDE = frozenset({
    "backlinks", "cnm", "commentpostername", "csb", "filesize", "filetitle", "postername", "postertrip", "replytitle",
})  # fmt: skip
"""Classes of what stands in a post's head beside its time."""
STAMP = re.compile(
    r"(?P<y>\d{2}|\d{4})[/年.-](?P<m>\d{1,2})[/月.-](?P<d>\d{1,2})日?\s*(?:\([^()\d]{1,12}\))?\s*"
    r"(?P<h>\d{1,2})[:時](?P<min>\d{2})(?:[:分](?P<s>\d{2}))?"
)
NAMED_STAMPS = (
    re.compile(r"(?P<m>[A-Z][a-z]{2})\s+(?P<d>\d{1,2})\s+(?P<h>\d{2}):(?P<min>\d{2}):(?P<s>\d{2})\s+(?P<y>\d{4})"),
    re.compile(r"(?P<d>\d{1,2}) (?P<m>[A-Z][a-z]{2}) (?P<y>\d{4}) (?P<h>\d{2}):(?P<min>\d{2}):(?P<s>\d{2})(?: GMT)?"),
)
"""The same with names of months, as Wakaba may be told to write them."""
POSTER_ID = re.compile(r"\bID:\s*([^\s\[\]()]{4,16})")
CAPCODE = re.compile(r"##\s*(\w[^#\n]*?)\s*(?:##|\n|$|\s\d)")
NUMBER = re.compile(r"No\.?\s*(\d+)")
STORED = re.compile(r"/?src/(?:[^/]*/)?((1\d{9})\d{0,9}\.\w+|[^/?#]+\.\w+)")
ABOUT_FILE = re.compile(
    r"(?s)\(\s*(?P<size>[\d.,]+\s?[KMG]?i?B)\w*(?:\s*,\s*\d+\s?[x×]\s?\d+)?(?:\s*,\s*(?P<name>.+?))?\s*\)(?:[^()]*)$"
)
EXACT = re.compile(r"(\d+)\s?B")
TYPED_CITE = re.compile(r"(?m)^>{1,2}(?:No\.)?(\d+)\s*$|>>(?:No\.)?(\d+)")
UPLOADING = timedelta(minutes=3)
"""Between a file's name and the time of its post, at most."""
SIGNS = {
    "td.doubledash + td.reply, .doubledash ~ .reply": 0.3,
    ".filetitle + .postername, .replytitle + .commentpostername, .filetitle ~ .postername": 0.3,
    'form[action$=".pl"] input[name="task"]': 0.4,
    'form[action$="board.php"] input[name="board"], [id^="thread"] input[name="post[]"]': 0.4,
    'form[action$=".php"] input[name="mode"][value="regist"], input[name="mode"][value="usrdel"]': 0.4,
    ".thre td.rtd, .thre .cnw": 0.9,
    'font[color="#cc1105"] + font[color="#117743"], input[value="delete"] ~ font[color="#117743"]': 0.5,
}
"""Markup that gives the software away, each with how far it does."""
OTHERS = 'form[name="postcontrols"], #Grid, .postContainer, .opCell, .innerOP, input[name="delete[]"]'
"""What boards have that took over some of these classes and are read by engines of their own."""


@dataclass(frozen=True)
class Raw:
    """A post as the page has it: what stands before its body, and the body."""

    number: int
    op: bool
    head: Sequence[HtmlElement]
    body: HtmlElement
    said: str
    """The head's own words, without names and titles."""
    marks: Mapping[str, HtmlElement]
    """What the head says by elements of their own: subject, name, tripcode, box, file, sticky, locked."""


def entry(url: str) -> Sequence[PageRef]:
    """Where a crawl begins: the front page, or one board or thread where the source's address names it."""
    thread = thread_of(url)
    if thread is not None:
        return [PageRef(url, "thread", board_of(url), thread)]
    board = board_of(url)
    if board is None:
        return [PageRef(url, "entry")]
    return [PageRef(url if "." in urlsplit(url).path or url.endswith("/") else f"{url}/", "index", board)]


def thread_of(url: str | None) -> int | None:
    """The number of the thread that an address names."""
    parts = urlsplit(url or "")
    found = THREAD.fullmatch(parts.path + (f"?{parts.query}" if parts.query else ""))
    return int(found["number"] or found["query"]) if found else None


def board_of(url: str | None) -> str | None:
    """The board that an address belongs to; None for a site that is a single board, or tells nothing."""
    path = urlsplit(url or "").path
    path = path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/"
    found = THREAD.fullmatch(path) or LIST.fullmatch(path)
    name = found["board"] if found else path.split("/")[-2] if path.endswith(".php") else None
    return unquote(name) if name and name not in NO_BOARDS else None


def kind_of(document: Document) -> PageRef | None:
    """What a document is: a thread, a page of a board's list, or a part of a thread (`preview`)."""
    if document.is_json or "<" not in document.text[:1000]:
        return None
    url = document.url or ""
    posts = raw_posts(document.html)
    if not posts:
        return PageRef(url, "thread", board_of(url), thread_of(url)) if thread_of(url) else None
    board, thread = board_of(url) or board_named(document.html), answered(document.html)
    if thread is None:
        return PageRef(url, "index", board, part=part_of(url))
    cut = re.search(r"/res/\d+[+-]\d+\.html?$", urlsplit(url).path) or first(document.html, CUT) is not None
    return PageRef(url, "preview" if cut else "thread", board, thread)


def recognise(document: Document) -> float:
    """How surely a document comes from one of these scripts, 0 to 1."""
    if document.is_json or "<" not in document.text[:1000] or first(document.html, OTHERS) is not None:
        return 0.0
    return min(1.0, sum(weight for css, weight in SIGNS.items() if first(document.html, css) is not None))


def parse_entry(document: Document, ref: PageRef) -> Parsed:
    """The boards that a front page names, or its frames, one of which does; its threads where the site is one board.

    Raises UnexpectedPage where it names none.
    """
    if raw_posts(document.html):
        return parse_index(document, ref)
    pages = [PageRef(url, "index", board) for url, board in boards_named(document, ref)]
    pages = pages or [PageRef(url, "entry") for url in frames(document, ref)]
    if not pages:
        raise UnexpectedPage(document.url, "a front page that names boards")
    return Parsed(pages=pages)


def frames(document: Document, ref: PageRef) -> Iterator[str]:
    """The pages of the same host that a front page shows in frames: Kusaba's has its boards in a menu."""
    base = document.url or ref.url
    for node in select(document.html, "frame[src], iframe[src]"):
        url = join(base, node.get("src")) or ""
        if urlsplit(url).netloc == urlsplit(base).netloc and url != base:
            yield url


def boards_named(document: Document, ref: PageRef) -> Iterator[tuple[str, str]]:
    """The folders below a front page that its links lead to, each with its name."""
    base = document.url or ref.url
    here, seen = urlsplit(base), set()
    for node in select(document.html, "a[href]"):
        url = join(base, node.get("href")) or ""
        there = urlsplit(url)
        board = board_of(url)
        if there.netloc != here.netloc or there.query or board is None or board in seen or thread_of(url) is not None:
            continue
        if (
            there.path.startswith(here.path.rpartition("/")[0] + "/")
            and there.path.count("/") == here.path.count("/") + 1
        ):
            seen.add(board)
            yield join(base, f"{here.path.rpartition('/')[0]}/{quote(board)}/") or url, board


def parse_index(document: Document, ref: PageRef) -> Parsed:
    """The threads of one page of a board, and its further pages.

    A thread's hint is what the page shows of it: how many posts it leaves out, the last ones' numbers, its signs.
    """
    page, base = document.html, document.url or ref.url
    posts = raw_posts(page)
    if not is_whole(document.text) or (not posts and first(page, ANSWER_FORM) is None):
        raise instead(document, "a board's whole list of threads")
    board = ref.board or board_of(base) or board_named(page)
    threads, hint = [], ""
    for at, post in enumerate(posts):
        if not post.op:
            continue
        shown = [post.number]
        for answer in posts[at + 1 :]:
            if answer.op:
                break
            shown.append(answer.number)
        left_out = next((words(node) for node in following(post.body) if "omittedposts" in node.classes), "")
        signs = [name for name in ("sticky", "locked") if name in post.marks]
        hint = " ".join(filter(None, [*map(str, shown[1:]), left_out, *signs]))
        threads.append(PageRef(thread_address(post, base), "thread", board, post.number, hint=hint))
    shown_part = max(ref.part, part_of(base))
    parts = further(page, base, PageRef(base, "index", board, part=shown_part))
    return Parsed(pages=[*threads, *parts], parts=len(parts) + 1, lists_board=None if parts else board)


ANSWER_FORM = 'form[enctype="multipart/form-data"] textarea, #delform'


def further(page: HtmlElement, base: str, shown: PageRef) -> list[PageRef]:
    """The other pages of a board's list that this one links to."""
    found = {}
    for link in select(page, "a[href]"):
        href = link.get("href", "")
        number = FURTHER.fullmatch(href.rpartition("/")[2])
        url = join(base, href) or ""
        if number and urlsplit(url).path.rpartition("/")[0] == urlsplit(base).path.rpartition("/")[0]:
            part = int(number[1]) + 1
            if part != shown.part and words(link):
                found[part] = replace(shown, url=url, part=part)
    if shown.part > 1:
        found[1] = replace(shown, url=join(base, ".") or base, part=1)
    return [found[part] for part in sorted(found)]


def part_of(url: str) -> int:
    """Which page of a board's list an address is, from 1: the one called `1.html` is the second."""
    found = FURTHER.fullmatch(urlsplit(url).path.rpartition("/")[2])
    return int(found[1]) + 1 if found and thread_of(url) is None else 1


def thread_address(opening: Raw, base: str) -> str:
    """Where an opening post on a list says that its thread is."""
    for node in [*opening.head, *opening.body.itersiblings()]:
        for link in select(node, "a[href]"):
            url = (join(base, link.get("href")) or "").partition("#")[0]
            if thread_of(url) == opening.number and not re.search(r"[+-]\d+\.html?$", url):
                return url
        if node.tag in ("hr", "table"):
            break
    return join(base, f"res/{opening.number}.html") or base


def parse_thread(document: Document, ref: PageRef) -> Parsed:
    """Every post of one thread, opening post first.

    Raises GonePage where the board says that there is no such thread, and UnexpectedPage where the page is another
    thread's or not all of it.
    """
    posts = raw_posts(document.html)
    if not posts:
        raise instead(document, "a thread with posts")
    opening = posts[0]
    if not opening.op or any(post.op for post in posts[1:]) or not ref.asks_for(opening.number):
        raise UnexpectedPage(document.url, "one thread, the one asked for")
    if not is_whole(document.text) or first(document.html, CUT) is not None:
        raise UnexpectedPage(document.url, "a whole thread")
    return Parsed(posts=published(posts, document, ref))


def parse_preview(document: Document, ref: PageRef) -> Parsed:
    """The posts that a part of a thread shows: its last ones, or its first."""
    return Parsed(posts=published(raw_posts(document.html), document, ref))


def published(posts: Sequence[Raw], document: Document, ref: PageRef) -> list[PublishedPost]:
    """The posts of one thread's page as records. Changes the page."""
    page = document.html
    board = ref.board or board_of(document.url) or board_named(page)
    opening = posts[0].number if posts[0].op else answered(page)
    state = {name: name in posts[0].marks for name in ("sticky", "locked")}
    numbers = {post.number for post in posts}
    zones = zones_of(posts)
    found = [
        post_of(post, zone, numbers, document.url or None, board, opening)
        for post, zone in zip(posts, zones, strict=True)
    ]
    return [found[0].model_copy(update=state) if found[0].op else found[0], *found[1:]]


def post_of(
    raw: Raw, zone: timedelta | None, numbers: Iterable[int], url: str | None, board: str | None, thread: int | None
) -> PublishedPost:
    """One post as a record. Changes its body."""
    drop(raw.body, *select(raw.body, NOT_THE_AUTHORS))
    mend_links(raw.body)
    for code in select(raw.body, 'div[style*="white-space: pre"]'):
        code.tag = "pre"
    text, quotes, hrefs = read_body(raw.body, url)
    # Futaba's script makes no links of these, and Futallaby none either.
    typed = [int(cite[1] or cite[2]) for cite in TYPED_CITE.finditer(text)]
    quotes = tuple(dict.fromkeys([*quotes, *(number for number in typed if number in numbers)]))
    stamp = stamp_in(raw.said)
    local = board_time(raw.said)
    name, tripcode = words(raw.marks.get("name")), words(raw.marks.get("tripcode"))
    if name and tripcode is None and (mark := re.search(r"\s*((?<!\w)!{1,2}[\w./+]{6,12}|◆[\w./+]{8,12})$", name)):
        name, tripcode = name[: mark.start()] or None, mark[1]
    capcode, poster = CAPCODE.search(raw.said), POSTER_ID.search(raw.said)
    posted_at = (local - zone).replace(tzinfo=UTC) if local and zone is not None else None
    page = url.partition("#")[0] if url and thread_of(url) else None
    return PublishedPost(
        board=board,
        thread=thread,
        number=raw.number,
        url=page and f"{page}#{raw.number}",
        posted_at=posted_at,
        posted_at_raw=None if posted_at or not stamp else stamp[0],
        name=name,
        tripcode=tripcode,
        capcode=capcode[1] if capcode else None,
        poster_id=poster[1] if poster else None,
        subject=words(raw.marks.get("subject")),
        text=text,
        quotes=quotes,
        attachments=tuple(attachments(raw)),
        links=links_in(text, hrefs),
        op=raw.op,
    )


def mend_links(body: HtmlElement) -> None:
    """Takes out the line breaks that a board puts into long addresses: nobody types a link over two lines."""
    for link in select(body, "a[href]"):
        if re.sub(r"\s", "", link.text_content()) == link.get("href"):
            for node in select(link, "br, wbr"):
                node.drop_tag()


def raw_posts(page: HtmlElement) -> list[Raw]:
    """The posts of a page in its order. A post is a body that something with a number and a time stands before."""
    found: list[Raw] = []
    for body in select(page, BODIES):
        answer = None
        for node in body.iterancestors():
            if node.tag == "blockquote":
                break
            if answer is None and is_answer(node):
                answer = node
        else:
            head = preceding(body, answer)
            said, marks = spoken(head, body)
            number = number_of(marks.get("box"), answer, said)
            if number is not None and (stamp_in(said) or "name" in marks):
                found.append(Raw(number, answer is None, head, body, said, marks))
    return found


def is_answer(node: HtmlElement) -> bool:
    """Whether an element holds one answer to a thread, rather than a whole thread."""
    return bool({"reply", "rtd"} & set(node.classes)) or (
        node.tag == "td" and (node.get("bgcolor") or "").lower() == "#f0e0d6"
    )


def preceding(body: HtmlElement, answer: HtmlElement | None) -> list[HtmlElement]:
    """What stands before a body within its post: in an answer all of it, else back to the end of the thread before."""
    node = body
    # A head may be an element of its own (as in forks of Kusaba), or the body may be wrapped in one.
    while answer is not None and node.getparent() is not answer and node.getparent() is not None:
        node = node.getparent()
    head = []
    for before in node.itersiblings(preceding=True):
        if before.tag == "hr" or (answer is None and (before.tag == "blockquote" or holds_answer(before))):
            break
        head.append(before)
    return head[::-1]


def holds_answer(node: HtmlElement) -> bool:
    """Whether an element is an answer's, or has answers in it."""
    return node.tag in ("table", "div") and (is_answer(node) or first(node, "td.reply, td.rtd, div.reply") is not None)


def following(body: HtmlElement) -> Iterator[HtmlElement]:
    """What stands after an opening post, up to its answers."""
    for node in body.itersiblings():
        if node.tag in ("hr", "table"):
            return
        yield node
    parent = body.getparent()
    if parent is not None and "op" in parent.classes and parent.getnext() is not None:
        yield parent.getnext()


def spoken(head: Sequence[HtmlElement], body: HtmlElement) -> tuple[str, dict[str, HtmlElement]]:
    """The words before a body that are the software's (times and numbers, but no name or title), and the marks."""
    pieces: list[str] = []
    marks: dict[str, HtmlElement] = {}
    for node in head:
        gather(node, pieces, marks)
    if head and (parent := body.getparent()) is not None and parent[0] is head[0]:
        pieces.insert(0, parent.text or "")
    return unicodedata.normalize("NFKC", "".join(pieces)), marks


def gather(node: HtmlElement, pieces: list[str], marks: dict[str, HtmlElement], *, aloud: bool = True) -> None:
    """Adds an element's own words and what follows it, and what it and those within it are to the post."""
    tag = node.tag
    if isinstance(tag, str):
        classes = node.get("class", "").split()
        if what := mark(node, tag, classes):
            marks.setdefault(what, node)
        own = aloud and tag not in ("script", "style", "font") and BESIDE.isdisjoint(classes)
        if own:
            pieces.append(node.text or "")
        for child in node:
            gather(child, pieces, marks, aloud=own)
    if aloud:
        pieces += (" ", node.tail or "")


def mark(node: HtmlElement, tag: str, classes: Iterable[str]) -> str | None:
    """What an element in a head is to its post, if anything."""
    match tag:
        case "a":
            return "file" if "src/" in node.get("href", "") and len(node) == 0 and words(node) else None
        case "img":
            return next((what for part, what in PICTURES.items() if part in node.get("src", "")), None)
        case "input":
            return "box" if node.get("type") == "checkbox" else None
        case "font":
            return OLD_MARKS.get(node.get("color", "").lower())
    return next((MARKS[name] for name in classes if name in MARKS), None)


def number_of(box: HtmlElement | None, answer: HtmlElement | None, said: str) -> int | None:
    """A post's number: by the box that marks it for deletion, by its element's id, or as the page writes it."""
    written = [box.get("value", ""), box.get("name", "")] if box is not None else []
    if answer is not None:
        written.append(re.sub(r"^(?:reply|post|p)_?", "", answer.get("id", "")))
    numbers = [int(value) for value in written if value.isdigit()]
    if not numbers and (found := NUMBER.search(said)):
        return int(found[1])
    return numbers[0] if numbers else None


def answered(page: HtmlElement) -> int | None:
    """The number of the thread that a page's form answers; None on a list, whose form begins one."""
    written = [node.get("value", "") for node in select(page, ANSWER)]
    return next((int(value) for value in written if value.isdigit() and int(value)), None)


def board_named(page: HtmlElement) -> str | None:
    """The board that a page's forms name."""
    field = first(page, 'form input[name="board"]')
    return field.get("value") or None if field is not None else None


def zones_of(posts: Sequence[Raw]) -> list[timedelta | None]:
    """For each post board time minus UTC: files are named by the second they came in, and a page writes no zone.

    A post without a file has the zone of the one before it that has; None where the page shows no such file.
    """
    known = [zone_of(post) for post in posts]
    last = next((zone for zone in known if zone is not None), None)
    zones = []
    for zone in known:
        last = last if zone is None else zone
        zones.append(last)
    return zones


def zone_of(post: Raw) -> timedelta | None:
    """Board time minus UTC, as written or by the second that a post's file is named by; None where it shows neither."""
    link = post.marks.get("file")
    stored = STORED.search(link.get("href", "")) if link is not None else None
    local, stamp = board_time(post.said), stamp_in(post.said)
    if stamp and stamp[0].endswith("GMT"):
        return timedelta()
    if stored is None or not stored[2] or local is None:
        return None
    difference = local - datetime.fromtimestamp(int(stored[2]), UTC).replace(tzinfo=None)
    zone = round(difference / QUARTER) * QUARTER
    return zone if abs(difference - zone) <= UPLOADING and abs(zone) <= timedelta(hours=14) else None


def stamp_in(said: str) -> re.Match[str] | None:
    """The time in a post's head, as written."""
    return next((found for form in (STAMP, *NAMED_STAMPS) if (found := form.search(said))), None)


def board_time(said: str) -> datetime | None:
    """The time that a post's head gives, without a zone."""
    found = stamp_in(said)
    if found is None:
        placed = BoardClock(None, timedelta(), None).place(said)
        return placed.replace(tzinfo=None) if placed else None
    year, month = int(found["y"]), found["m"]
    try:
        return datetime(  # noqa: DTZ001 - board time
            year if year > 99 else 2000 + year,  # noqa: PLR2004 - two digits
            int(month) if month.isdigit() else MONTHS[month.lower()],
            int(found["d"]), int(found["h"]), int(found["min"]), int(found["s"] or 0),
        )  # fmt: skip
    except (ValueError, KeyError):
        return None


def attachments(raw: Raw) -> Iterator[Attachment]:
    """The file of a post by the name it was sent under; where the board shows none, by the one it is kept under."""
    link = raw.marks.get("file")
    if link is None:
        return
    parent = link.getparent()
    about = link.tail or ""
    if parent is not None and "filesize" in parent.classes:
        about += "".join(f"{node.text_content()}{node.tail or ''}" for node in link.itersiblings())
    found = ABOUT_FILE.search(about)
    size = EXACT.fullmatch(found["size"]) if found else None
    yield Attachment(
        filename=found["name"] if found and found["name"] else words(link), size=int(size[1]) if size else None
    )


def instead(document: Document, expected: str) -> Exception:
    """What a page is that does not hold what it should."""
    if found := GONE.search(document.text[:20_000]):
        return GonePage(document.url, found[0])
    return UnexpectedPage(document.url, expected)


ENGINE = Engine(
    name="futaba",
    recognise=recognise,
    entry=entry,
    kind_of=kind_of,
    pages={"entry": parse_entry, "index": parse_index, "thread": parse_thread, "preview": parse_preview},
)
