"""What a page looks like and says with its posts taken out: the template's shape, and the site's own words.

Sets of paths and of runs of words, so that one more row of a kind that is there already adds nothing.
"""

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import islice
from urllib.parse import urlsplit

from lxml.etree import Element
from lxml.html import HtmlElement

from core.sketch import WORDS, runs
from crawler.engines import generic
from crawler.markup import drop, first, plain_text, select

ENTRIES = (
    ".post, .thread, .opCell, .postCell, .catalogCell, .latestPostCell, .latestImageCell, .post-container, .mix,"
    ".catalog-tile, .postContainer, .message--post, .postbody, .postbit, .windowbg, .topic, .threadbit, .structItem,"
    ".node-extra, .lastpost, .latest, .cPost, .ipsComment, .ipsDataItem, .tgme_widget_message, .status, .comment,"
    ".replies, .op, .reply, .post_body, .omittedposts, article, blockquote,"
    "[id^='post_'], [id^='thread_'], [id^='thread-'], [id^='tid_'], [id^='pid_'], [id^='postrow'], [data-post-id],"
    "[itemtype$='/Comment'], [itemtype$='/DiscussionForumPosting'], tr:has([id^='tid_']), tr:has(.topictitle)"
)
"""What holds posts or rows for threads on the boards that are known, and what marks either on any page."""
ROWS = ".forumbit, .boardtable td, .boardsTable td, .board-list td, .lastpost, .node, .forabg li, .boardlist a"
"""Rows of lists of boards: they come and go."""
FURNITURE = "nav, form, script, style, noscript, template, select, .pages, .pagination, .boardlist, .breadcrumb"
"""What stands around a site's own words."""
TEXTUAL = frozenset({
    "a", "abbr", "b", "bdi", "big", "blockquote", "br", "center", "cite", "code", "dd", "dl", "dt", "em", "font", "h1",
    "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "mark", "ol", "option", "p", "pre", "q", "s", "small",
    "span", "strike", "strong", "sub", "sup", "tbody", "time", "tt", "u", "ul", "wbr", "body", "html", "head", "title",
    "style", "meta", "noscript", "picture", "source", "tr", "td", "th",
})  # fmt: skip
"""Elements that writing is made of: without a class or an id they are what somebody wrote, not a template."""
LINES = frozenset({"li", "td", "tr", "p", "dd", "dt"})
LONGEST_LINE = 300
"""Letters of what is taken out with a link to a thread or post that stands in it."""
DEPTH = 3
"""Elements of a path."""
VARYING = re.compile(r"[\d_-]*\d[\da-f_-]*")
"""Numbers in names of classes and ids, and what hangs on them."""
LONGEST_NAME = 64
"""Letters of a class, an id, a path that count."""
MOST_ITEMS = 20_000
"""Elements of a page that count, and runs of its words."""
STOCK = re.compile(
    r"(?i)powered by|all trademarks|copyrights? (?:on this page|©)|are owned by their respective|responsibility of the "
    r"poster|(?:forum|board) (?:software|engine)|theme by|forum time is|all times are|"
    r"users? (?:are )?(?:currently )?(?:online|browsing)|"
    r"(?:total|our) (?:members|posts|threads)|most users ever|newest (?:registered )?member|"
    r"please (?:welcome|register)|"
    r"hello there,? guest|welcome,? guest|who.s online|(?:forum|board) (?:statistics|contains|is closed)|"
    r"redirect forum|"
    r"lite \(archive\)|return to (?:top|content)|rss syndication|forum threads posts|no(?: new| unread)? posts|"
    r"please enable|log ?in(?: or| to)|sign (?:in|up)|forgot|unique posters|active content|recent (?:images|posts)|"
    r"javascript|cookies?\b|lost password|remember me|mark all|view (?:new|today)|"
    r"posts? (?:in|from) (?:the )?(?:past|last)"
)
"""Lines that a software writes on any site of its own."""
SPOKEN_DIGITS = 0.2
"""Part of a line's letters that are digits, above which it counts something rather than says it."""


def own_part(page: HtmlElement, url: str) -> HtmlElement:
    """A copy of the page at `url` without posts, rows for threads, and lines that lead to either."""
    rest = deepcopy(page)
    drop(rest, *select(rest, ENTRIES))
    own = urlsplit(url).netloc
    for link in list(rest.iter("a")):
        if _leads_to_posts(link.get("href") or "", own):
            above = (node for node in islice(link.iterancestors(), 4) if node.tag in LINES)
            drop(rest, next((node for node in above if len(node.text_content()) <= LONGEST_LINE), link))
    return rest


def _leads_to_posts(href: str, own: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    path = f"{parts.path}?{parts.query}"
    return parts.netloc in ("", own) and bool(generic.THREADS.search(path) or generic.PERMALINKS.search(path))


def structure(page: HtmlElement) -> Iterator[str]:
    """The template of a page from `own_part`: paths of tags with classes and ids, fields, style and script files."""
    drop(page, *select(page, ROWS))
    for at, node in enumerate(page.iter(Element)):
        if at >= MOST_ITEMS:
            return
        if node.tag in ("link", "script"):
            if name := _file(node.get("href") if node.tag == "link" else node.get("src")):
                yield f"{node.tag} {name}"
        elif step := _step(node):
            around = (_step(above) for above in node.iterancestors())
            above = [found for found, _ in zip(filter(None, around), range(DEPTH - 1), strict=False)]
            yield " > ".join([*reversed(above), step])


def _step(node: HtmlElement) -> str:
    """An element in a path; empty for what is only writing."""
    names = sorted({VARYING.sub("#", name[:LONGEST_NAME]) for name in (node.get("class") or "").split()})
    own = VARYING.sub("#", (node.get("id") or "")[:LONGEST_NAME])
    if node.tag in TEXTUAL and not names and not own:
        return ""
    field = (
        f"[{VARYING.sub('#', (node.get('name') or '')[:LONGEST_NAME])}]"
        if node.tag in ("input", "textarea", "select")
        else ""
    )
    return str(node.tag) + "".join(f".{name}" for name in names) + (f"#{own}" if own else "") + field


def _file(address: str | None) -> str:
    """The path of a style or script file of the site's own, without what counts its versions."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return ""
    return VARYING.sub("#", parts.path[-LONGEST_NAME:]) if parts.path.endswith((".js", ".css", ".php")) else ""


def title_of(page: HtmlElement) -> str | None:
    """The page's title; None where it has none."""
    node = first(page, "title")
    said = " ".join(node.text_content().split()) if node is not None else ""
    return said[:300] or None


def own_lines(page: HtmlElement) -> list[str]:
    """What a page from `own_part` says in the site's own words, a line a block; the page is changed for it."""
    drop(page, *select(page, FURNITURE))
    lines = (" ".join(line.split()) for line in plain_text(page).split("\n"))
    return list(dict.fromkeys(line for line in lines if line and not STOCK.search(line) and not _counts(line)))


def _counts(line: str) -> bool:
    return sum(map(str.isdigit, line)) > SPOKEN_DIGITS * len(line)


def passages(title: str | None, lines: Iterable[str]) -> Iterator[str]:
    """Runs of words of a site's title and own lines; a title that is shorter than a run stands as it is."""
    words = WORDS.findall((title or "").casefold())
    if len(words) > 1:
        yield " ".join(words)
    yield from islice((run for line in lines for run in runs(line)), MOST_ITEMS)
