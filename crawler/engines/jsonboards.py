"""What imageboards with a JSON interface have in common: where their pages lie, messages as HTML."""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from lxml.html import HtmlElement

from core.records import Attachment, PageRef
from crawler.errors import UnexpectedPage
from crawler.markup import drop, first, is_whole, join, parse_fragment, plain_text, select
from crawler.page import Document

BOARD = re.compile(r"/(?P<board>[^/.]+)/(?:(?:index|catalog|\d+)\.(?:json|html)|catalog)?")
CITE = re.compile(r"\s*>>(\d+)\s*(?:\(OP\)|→)?\s*")
"""A link to another post of the same board, as it is shown."""
EXACT_SIZE = re.compile(r"\s*(\d+)(?:\.0+)? ?B\s*")
BLOCKS = "span.code, span.aa"
"""Elements of a message that stand on lines of their own by their style alone."""


@dataclass(frozen=True)
class Layout:
    """Where a software keeps its boards and threads."""

    boards: str
    """Address of the list of boards, from the site's root."""
    folder: str
    """Folder of a board's threads."""
    pages: bool = True
    """Whether each thread has a page beside its JSON, on the same host."""
    boards_page: str | None = None
    """Address of the list of boards as a page, for where JSON is off."""

    def board_in(self, url: str) -> str | None:
        """The board that an address belongs to, if it is one's list or catalog."""
        found = BOARD.fullmatch(urlsplit(url).path)
        return unquote(found["board"]) if found else None

    def thread_in(self, url: str) -> tuple[str, int] | None:
        """Board and number of the thread that an address belongs to."""
        found = re.fullmatch(rf"/([^/]+)/{self.folder}/(\d+)(?:\.(?:json|html))?(?:/.*)?", urlsplit(url).path)
        return (unquote(found[1]), int(found[2])) if found else None

    def entry(self, url: str) -> list[PageRef]:
        """Where a crawl begins: the list of boards; the catalog or thread where the source's address names one."""
        if thread := self.thread_in(url):
            return [self.thread(url, *thread)]
        if board := self.board_in(url):
            return [self.catalog(url, board)]
        return [self.list_of_boards(url)]

    def list_of_boards(self, url: str) -> PageRef:
        """The site's list of its boards."""
        return PageRef(join(url, self.boards) or url, "entry", alternate=join(url, self.boards_page))

    def catalog(self, url: str, board: str) -> PageRef:
        """A board's list of all its living threads."""
        address, page = (join(url, f"/{quote(board)}/catalog.{form}") for form in ("json", "html"))
        return PageRef(address or url, "index", board, alternate=page if self.pages else None)

    def thread(self, url: str, board: str, number: int, hint: str | None = None) -> PageRef:
        """One thread, its page being what is asked for where JSON is off."""
        address, page = (join(url, f"/{quote(board)}/{self.folder}/{number}.{form}") for form in ("json", "html"))
        return PageRef(address or url, "thread", board, number, hint=hint, alternate=page if self.pages else None)


def read_message(
    markup: str | None, page: str | None, *, verbatim: bool = False
) -> tuple[str, tuple[int, ...], list[str]]:
    """Text, numbers of the posts it answers, and where its links lead, those to other posts left out.

    `verbatim`: line ends in the markup are the author's, as the page shows them preformatted.
    """
    if not markup or not markup.strip():
        return "", (), []
    return read_body(parse_fragment(markup, page), page, verbatim=verbatim)


def read_body(body: HtmlElement, page: str | None, *, verbatim: bool = False) -> tuple[str, tuple[int, ...], list[str]]:
    """The same of a message's element, which is changed."""
    quotes: dict[int, None] = {}
    hrefs: list[str] = []
    for link in select(body, "a[href]"):
        cited = CITE.fullmatch(link.text_content())
        if cited:
            quotes[int(cited[1])] = None
            _drop_mark(link)
        elif not link.text_content().lstrip().startswith(">>"):  # `>>>/tea/17` is another board of this site
            hrefs.append(join(page, link.get("href")) or "")
    if verbatim:
        for block in select(body, BLOCKS):
            block.tag = "pre"
        body.tag = "pre"
    return plain_text(body), tuple(quotes), hrefs


def _drop_mark(link: HtmlElement) -> None:
    """Takes away what the software says after a link to the opening post: ` <small>(OP)</small> `."""
    mark = link.getnext()
    if mark is not None and mark.tag == "small" and mark.text == "(OP)" and not (link.tail or "").strip():
        link.tail = ""
        mark.tail = (mark.tail or "").removeprefix(" ")
        drop(link.getparent(), mark)


def only_thread(document: Document, ref: PageRef, css: str, opening: tuple[str, str], omissions: str) -> HtmlElement:
    """The thread of a thread's page.

    `opening`: selector of its opening post, and the attribute with that one's number. Raises UnexpectedPage where the
    page is cut short, shows several threads or another than was asked for, or leaves something of it out.
    """
    threads = select(document.html, css)
    post = first(threads[0], opening[0]) if len(threads) == 1 else None
    number = post.get(opening[1]) if post is not None else None
    if number is None or not number.isdecimal() or not ref.asks_for(int(number)) or not is_whole(document.text):
        raise UnexpectedPage(document.url, "the thread that was asked for, whole")
    if first(threads[0], omissions) is not None:
        raise UnexpectedPage(document.url, "a thread without omissions")
    return threads[0]


def read_element(message: HtmlElement | None, page: str | None) -> tuple[str, tuple[int, ...], list[str]]:
    """The same as `read_message` of the element that a page shows preformatted."""
    return ("", (), []) if message is None else read_body(deepcopy(message), page, verbatim=True)


def shown_file(link: HtmlElement | None, size: str) -> Attachment:
    """A file as a page shows it: its own name; its size only below 1 KB, where a page does not round it."""
    exact = EXACT_SIZE.fullmatch(size)
    return Attachment(
        filename=link.get("download") if link is not None else None, size=int(exact[1]) if exact else None
    )


def json_posts(document: Document, what: str) -> dict[str, Any]:
    """The document as a JSON object; UnexpectedPage, naming what was expected, for anything else."""
    if not document.is_json or not isinstance(document.json, dict):
        raise UnexpectedPage(document.url, what)
    found: dict[str, Any] = document.json
    return found


def hint(thread: Mapping[str, Any], names: Sequence[str]) -> str:
    """What a list says of a thread that changes when the thread does."""
    return " ".join(str(thread.get(name)) for name in names)


def unescaped(value: Any) -> str | None:
    """A field as it was typed, of those that come escaped for HTML; None where there is nothing."""
    return unescape(str(value)) if value else None
