"""Any page of unknown software: its posts by their structure; where it has none, its text and links as they stand."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import takewhile
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from lxml.html import HtmlElement
from markdown_it import MarkdownIt

from core.records import PageRef, PublishedPost
from crawler.blocks import Block, find_blocks, is_note, is_quote, is_removed, time_of
from crawler.dates import BoardClock, moment_of, named_zone, zone_of
from crawler.engines.timelines import read_markdown
from crawler.errors import UnexpectedPage
from crawler.links import links_in
from crawler.markup import cut_out, drop, first, join, parse_fragment, plain_text, preformat_code, select, words
from crawler.objects import Thing, data_in, things_in
from crawler.page import Document, Engine, Parsed

CONFIDENCE = {"numbered": 0.7, "timed": 0.5, "text": 0.3}
BLOCKS = 'article, [itemtype$="/DiscussionForumPosting"], [itemtype$="/Comment"]'
"""What marks a text as one of several by itself, on a page of any making (HTML, 4.3.2; schema.org)."""
FURNITURE = "nav, header, footer, aside, form, script, style, noscript, template"
"""What stands around a page's text. Its links count, its words do not: they change without anything being said."""
ZONES = re.compile(
    r"(?i)(?:all times|times are|time ?zone|alle zeiten|les heures|fuseau|horas|horario|часовой пояс)\b.{0,60}"
)
"""Before a zone that a board says it writes times in."""
ZONE_TITLES = 'span[title*="/"], abbr[title*="/"]'
"""Where boards give their zone's name: Europe/Berlin."""
PRESENT = re.compile(
    r"(?i)(?:current (?:server |board )?time|it is (?:currently|now)|time now is|aktuelle (?:uhr)?zeit|heure actuelle|"
    r"hora actual|текущее время|сейчас)\W{0,4}(.{8,60})"
)
"""How boards say what time it is for them."""
ANSWER = re.compile(r"(?i)^(?:re|aw|sv|odp|topic|subject|thema|betreff|sujet|tema|тема):\s*")
CITE = re.compile(r">>(\d{1,20})\b")
MARK = re.compile(r"\s*\((?:OP|You|OP, You)\)\s?")
"""What boards write behind a quoted number."""
CITED = re.compile(r"(>>\d{1,20}) \((?:OP|You|OP, You)\)")
UNDER_RULE = re.compile(r"\n+(?:_{10,}(?:\n[^_]{0,600})?|-{15,})\s*$")
"""A signature below the line that old software draws out of letters, and such a line whose signature went."""
SPACES = re.compile(r"\xa0(?= )|(?<= )\xa0|(?<=\n)\xa0|^\xa0")
"""No-break spaces that software writes so that a browser shows each of several."""
CODE = frozenset({"code", "codeblock", "code-block", "aa"})
STORED = re.compile(r"/(\d{10})(?:\d{3})?(?:-\d)?\.\w{2,5}$")
"""Names under which imageboards keep files: the second they came in."""
FILE_NAME = re.compile(r"(?i)[^/\n]{0,200}\.(?:png|jpe?g|gif|webp|webm|mp4|mp3|ogg|pdf|zip|rar|7z|txt|docx?)")
FILE_SIZE = re.compile(r"^\s*\([^()\n]*\d[^()\n]*\)")
"""What stands behind a file's name: "(Size: 102 bytes)"."""
FRAGMENT = re.compile(r"(?:#|[?&](?:p|pid|post|postid)=)\D{0,20}(\d{1,20})$")
BOARD_FOLDER = re.compile(
    r"/(?P<board>[^/.]{1,20})/(?:(?:res|threads?|t)/(?P<thread>\d+)?[^/]*/?|page/\d+/?|(?:index|catalog|\d+)\.(?:html?|json))?"
)
"""How imageboards place a board's threads and lists."""
ZONE_END = re.compile(r"(?:\b(?:UTC|GMT|Z)|(?<=\d )([+-])(\d\d):?(\d\d))$")
BREAKING = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["strikethrough", "table"])
"""Markdown whose line ends are the author's, as most boards have it."""
MARKDOWN = re.compile(r"(?m)\[[^\]\n]+\]\(\S+\)|\*\*\w|^```|^::: |^#{1,4} \w|^\s*- .*\*\w")
MARKUP = re.compile(r"(?i)<(?:(?:a|span|div|img|p|blockquote|pre)\s[^<>]*|/?p|br ?/?|/span|/a|/div)>")
"""Markup that software writes, and hardly anybody types."""
LINE = re.compile(r"(?i)<(?:p|br)\b")
SESSION = re.compile(r"(?i)(?:(?:sid|phpsessid|session(?:id)?)=.*|s=[0-9a-f]{16,})")
"""Parts of a query that are a visitor's, not a page's."""
THREADS = re.compile(
    r"(?i)(?:/(?:res|threads?|topics?|t|d|discussions?|posts?|questions?)[/=-][^?#]*\d|(?:viewtopic|showthread|topic|"
    r"thread|read)\.(?:php|html?|cgi|asp)|[?&](?:topic|tid|thread|t)=\d)"
)
"""Addresses that threads have on most software."""
LISTS = re.compile(
    r"(?i)(?:/(?:forums?|boards?|f|c|category|categories)[/=-]|(?:viewforum|forumdisplay|board)\.(?:php|html?)|"
    r"[?&](?:board|fid|forum|f)=\d|^/[a-z0-9_+]{1,12}/(?:index\.html|catalog(?:\.html)?)?$)"
)
CATALOGS = re.compile(r"(?i)/(?:catalog|boards|overboard|archive)(?:\.\w+)?(?:\?|$)")
"""Addresses of lists, whatever they say of each thread or board."""
TRAPS = re.compile(
    r"(?i)(?:^|/)(?:log-?(?:in|out)|register|sign-?(?:up|in)|search|members?|memberlist|users?|u|ucp|usercp|profiles?|"
    r"calendars?|events?|report|print|printthread|feeds?|rss|syndication|attachments?|src|thumb|posting|new(?:thread|reply|topic)|"
    r"reply|mark|markread|archive/index|lofiversion|lofi)(?:[/.?]|$)|"
    r"[?&](?:sort|order|dir|do|action|mode|view|highlight|print|year|month|week|day|date)=|"
    r"\.(?:png|jpe?g|gif|webm|webp|mp4|mp3|zip|pdf|css|js|xml|txt)$"
)
"""Addresses that lead to no posts, or to the same ones again and again."""
NEXT = re.compile(
    r"(?i)^(?:next(?: page)?|weiter|nächste|suivant|siguiente|следующая|вперед|»|›|>|→|older(?: posts)?)$"
)
PERMALINKS = re.compile(
    r"(?i)[/=-]post-?\d|[?&](?:pid|postid|comment)=\d|latest|last-?post|unread|newpost|goto=|findcomment"
)
"""Addresses of single posts: their threads again, under another name."""
FIRST_PAGE = re.compile(r"(?i)[?&](?:p|page|pg)=1(?:&|$)|[?&](?:start|st|offset)=0(?:&|$)|/page-?/?1/?$")
"""Addresses of first pages, which have a shorter one too."""
MOST_PAGES = 200
"""Further pages that one page may name."""
MOST_PARTS = 200
"""Pages of one list that are followed: some software shows a next page without end."""


def entry(url: str) -> Sequence[PageRef]:
    """The page itself, which is its own only thread: where it is missing, the source is."""
    return [PageRef(url, "entry", thread=_path(url))]


def kind_of(document: Document) -> PageRef | None:
    """A page to be read as it is, unless it is no HTML, or by its address a profile, a search, a copy for printers."""
    url = document.url or ""
    holds = things_in(document.json) if document.is_json else _is_html(document) and not TRAPS.search(_path(url))
    return PageRef(url, "thread", thread=_path(url)) if holds else None


def recognise(document: Document) -> float:
    """Little for any HTML page: who knows its software is surer."""
    return 0.1 if _is_html(document) else 0.0


def parse_page(document: Document, ref: PageRef) -> Parsed:
    """The posts that its structure shows, with what each gives of number, time, author and text, and null for the rest.

    Without any, a list of threads gives its pages; any other page each marked block as a post, and one more for the
    rest, so that nothing is lost. `confidence` says which.
    """
    if document.is_json and (things := things_in(document.json)):
        return Parsed(posts=list(_told(things, document)), confidence=CONFIDENCE["numbered"])
    if not _is_html(document):
        raise UnexpectedPage(document.url, "HTML")
    page = document.html  # refuses what was made to hang a parser
    url = document.url or ref.url or None
    found = find_blocks(page, url)
    blocks = found.blocks
    has_posts = bool(blocks) and not _are_rows(blocks, url)
    further = list(_further(page, found.rows, url, ref, has_posts=has_posts))
    if has_posts:
        posts = list(_posts(page, blocks, url, document))
        kind = "numbered" if any(block.number for block in blocks) else "timed"
        return Parsed(posts=posts, pages=further, confidence=CONFIDENCE[kind])
    if (
        not blocks
        and not found.rows
        and (things := [thing for value in data_in(document.text) for thing in things_in(value)])
    ):
        return Parsed(posts=list(_told(things, document)), pages=further, confidence=CONFIDENCE["numbered"])
    if blocks or found.rows or _is_list(page, further, url):
        return Parsed(pages=further, confidence=CONFIDENCE["text"])
    posts = list(_text(BeautifulSoup(document.text, "lxml"), url))
    if not posts:
        raise UnexpectedPage(document.url, "a page with text or links")
    return Parsed(posts=posts, pages=further, confidence=CONFIDENCE["text"])


def parse_numbered(document: Document, ref: PageRef) -> Parsed:
    """The posts of a thread's page by its structure; UnexpectedPage where it shows none with numbers."""
    parsed = parse_page(document, ref)
    if parsed.confidence != CONFIDENCE["numbered"]:
        raise UnexpectedPage(document.url, "a thread with numbered posts")
    return Parsed(posts=parsed.posts, confidence=parsed.confidence)


def _posts(page: HtmlElement, blocks: Sequence[Block], url: str | None, document: Document) -> Iterator[PublishedPost]:
    written = [time_of(block.time) or "" if block.time is not None else "" for block in blocks]
    said = " ".join(page.text_content().split())
    present = PRESENT.search(said)
    clock = BoardClock.of(written, present[1] if present else None, document.fetched_at, _zone_named(page, said))
    if present is None and clock.zone is None and (zone := zone_of(_told_twice(page, blocks, written, clock))):
        clock = replace(clock, offset=zone)
    verbatim = _keeps_lines([block.body for block in blocks if block.body is not None])
    for block, raw in zip(blocks, written, strict=True):
        body: HtmlElement | None = None
        text = ""
        if block.body is not None:
            body = deepcopy(block.body)
            copies = dict(zip(block.body.iter(), body.iter(), strict=True)) if block.heads else {}
            drop(body, *[copies[node] for node in block.heads])
            body.tail = None
            body.tag = "pre" if verbatim else body.tag
            text = _said(body, page)
            if is_removed(text):
                continue
        moment = _moment(raw, clock) if raw else None
        number = block.number or _hash(raw, text)
        link = _permalink(block, url)
        board, thread = _place(link, url)
        yield PublishedPost(
            board=board, thread=thread, number=number, url=link,
            posted_at=moment, posted_at_raw=raw if raw and moment is None else None,
            name=words(block.author), text=text, quotes=_quotes(block, text, number),
            links=links_in(text, _hrefs_of(body, url)), op=block is blocks[0] and number in (url or ""),
        )  # fmt: skip


def _told(things: Sequence[Thing], document: Document) -> Iterator[PublishedPost]:
    """Posts out of a page's data."""
    url = document.url
    clock = BoardClock.of([thing.time for thing in things if thing.time], None, document.fetched_at)
    marked, typed = (sum(bool(kind.search(thing.text)) for thing in things) for kind in (MARKUP, MARKDOWN))
    is_markdown = typed > 0 and 2 * marked < len(things)
    verbatim = any("\n" in thing.text.strip() for thing in things) and not any(
        LINE.search(thing.text) for thing in things
    )
    for thing in things:
        text, hrefs = thing.text, []
        if (marked and not is_markdown) or MARKUP.search(text):
            body = parse_fragment(text, url)
            body.tag = "pre" if verbatim else body.tag
            hrefs = _hrefs_of(body, url)
            text = _said(body, body)
        elif is_markdown:
            text, hrefs = read_markdown(text, url, BREAKING)
        if is_removed(text):
            continue
        raw = thing.time or ""
        moment = _moment(raw, clock) if raw else None
        number = thing.number or _hash(raw, text)
        board, thread = _place(None, url)
        yield PublishedPost(
            board=board, thread=thread, number=number, url=url,
            posted_at=moment, posted_at_raw=raw if raw and moment is None else None,
            name=thing.author, text=text, quotes=tuple(dict.fromkeys(CITE.findall(text))),
            links=links_in(text, hrefs), op=False,
        )  # fmt: skip


def _moment(raw: str, clock: BoardClock) -> datetime | None:
    """As `moment_of`; a zone that ends a time goes before the page's own."""
    if found := ZONE_END.search(raw):
        sign = -1 if found[1] == "-" else 1
        zone = timezone(sign * timedelta(hours=int(found[2] or 0), minutes=int(found[3] or 0)))
        return moment_of(raw, replace(clock, zone=zone))
    return moment_of(raw, clock)


def _hash(raw: str, text: str) -> str:
    return hashlib.sha256(f"{raw}{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _said(body: HtmlElement, page: HtmlElement) -> str:
    """The author's own words in a body of a page; the body is changed for it."""
    inside = [node for node in body.iterdescendants() if isinstance(node.tag, str)]
    drop(body, *[node for node in inside if is_note(node)])
    cut_out(body, *[node for node in inside if is_quote(node)])
    _tidy(body)
    drop(body, *_headings(body, page))
    text = CITED.sub(r"\1", SPACES.sub(" ", plain_text(body)))
    if text.count("\n") == text.count(" \n "):  # some software sets a space on either side of each line's end
        text = text.replace(" \n ", "\n")
    text = UNDER_RULE.sub("", text)
    return text if body.tag == "pre" else text.strip(" ")


def _keeps_lines(bodies: Sequence[HtmlElement]) -> bool:
    """Whether line ends in the source are the authors', as a page's style may say: nothing else ends a line in any."""
    if any(first(body, "br, p") is not None for body in bodies):
        return False
    return any("\n" in body.text_content().strip() for body in bodies)


def _zone_named(page: HtmlElement, said: str) -> tzinfo | None:
    """The zone that a page says its times are in; `said` is its text."""
    found = ZONES.search(said)
    if found is None:
        return None
    return named_zone(found[0], [node.get("title", "") for node in select(page, ZONE_TITLES)])


def _told_twice(
    page: HtmlElement, blocks: Sequence[Block], written: Sequence[str], clock: BoardClock
) -> Iterator[tuple[datetime, datetime]]:
    """Times that the page gives as its board writes them, as if in UTC, and otherwise: marked, or in a file's name."""
    for node in select(page, "time[datetime]"):
        told, true = clock.place(" ".join(node.text_content().split())), moment_of(node.get("datetime", ""), UNPLACED)
        if told and true and told.second in (0, true.second):
            yield told, true
    for block, raw in zip(blocks, written, strict=True):
        names = (STORED.search(link.get("href") or "") for link in block.element.iter("a"))
        stored = next(filter(None, names), None)
        told = clock.place(raw) if stored else None
        if stored and told:
            yield told, datetime.fromtimestamp(int(stored[1]), UTC)


def _tidy(body: HtmlElement) -> None:
    """Code keeps its lines, and marks behind quoted numbers go."""
    preformat_code(body)
    for link in select(body, "a"):
        if FILE_NAME.fullmatch(link.text_content().strip()) and not re.match("https?:", link.get("href") or ""):
            before = link.getprevious()
            link.tail = FILE_SIZE.sub("", link.tail or "")
            drop(body, link, *([before] if before is not None and before.tag == "img" else []))
    for image in select(body, "img[alt]"):
        if FILE_NAME.fullmatch(image.get("alt", "")):
            image.set("alt", "")
    for node in select(body, "span[class], div[class]"):
        if not CODE.isdisjoint(node.classes):
            node.tag = "pre"
    marks = [node for node in select(body, "small, span") if MARK.fullmatch(node.text_content())]
    for node in marks:
        node.tail = (node.tail or "").removeprefix(" ")
        if (before := node.getprevious()) is not None:
            before.tail = (before.tail or "").rstrip(" ")
    drop(body, *marks)
    for link in body.iter("a"):
        if link.tail and CITE.fullmatch(link.text_content().strip()):
            link.tail = link.tail[found.end() :] if (found := MARK.match(link.tail)) else link.tail


def _headings(body: HtmlElement, page: HtmlElement) -> list[HtmlElement]:
    """Headings in a body that only say what the page's title says."""
    title = " ".join(" ".join(node.text_content() for node in select(page, "title")).split())
    found = select(body, "h1, h2, h3, h4")
    said = {node: ANSWER.sub("", " ".join(node.text_content().split())) for node in found if node is not body}
    return [node for node, heading in said.items() if heading in title]


def _permalink(block: Block, url: str | None) -> str | None:
    if block.number is None:
        return url
    for link in block.element.iter("a"):
        found = FRAGMENT.search(link.get("href") or "")
        if found and found[1] == block.number:
            return join(url, link.get("href"))
    return url


def _quotes(block: Block, text: str, own: str) -> tuple[str, ...]:
    """Numbers of the posts it answers: links to their places in its body or its own quotes, and `>>17`."""
    found = dict.fromkeys(CITE.findall(text))
    if block.body is not None:
        for link in block.body.iter("a"):
            target = FRAGMENT.search(link.get("href") or "")
            within = takewhile(lambda above: above is not block.body, link.iterancestors())
            if target and sum(map(is_quote, within)) <= 1:  # a quote within a quote answers somebody else
                found[target[1]] = None
    found.pop(own, None)
    return tuple(found)


def _place(permalink: str | None, url: str | None) -> tuple[str | None, str]:
    """Board and thread, by the post's own address where imageboards write both; else no board, the page as thread."""
    page = _path(url or "")
    found = BOARD_FOLDER.fullmatch(_path(permalink or "")) or BOARD_FOLDER.fullmatch(page)
    return (found["board"] if found else None), (found["thread"] if found else None) or page


def _further(
    page: HtmlElement, rows: Sequence[HtmlElement], url: str | None, ref: PageRef, *, has_posts: bool
) -> Iterator[PageRef]:
    """Pages of this site that look like threads or lists of them, the next part of this one first.

    Lists are asked for by each crawl, but of one that runs over several pages the first alone. What follows a page
    without posts, as in a calendar, is followed only where its address is a thread's or list's, or it is a list's.
    """
    own = urlsplit(url or "").netloc
    seen: set[str] = set()
    leading = set(rows)
    links = [(_is_next(link), link) for link in select(page, "a[href]")]
    for is_next, link in sorted(links, key=lambda pair: not pair[0]):
        address, _, place = (join(url, link.get("href")) or "").partition("#")
        parts, path = urlsplit(address), _path(address)
        address = f"{parts.scheme}://{parts.netloc}{path}"
        if parts.netloc != own or address in seen or address == url or TRAPS.search(path):
            continue
        if PERMALINKS.search(path) or FIRST_PAGE.search(path) or _names_post(path, place):
            continue
        if len(seen) >= MOST_PAGES:
            return
        seen.add(address)
        if is_next and ref.kind == "index":
            if ref.part < MOST_PARTS:
                yield PageRef(address, "index", part=ref.part + 1)
        elif (is_next and has_posts) or link in leading or THREADS.search(path):
            yield PageRef(address, "thread", thread=path)
        elif LISTS.search(path):
            yield PageRef(address, "index")


def _names_post(path: str, place: str) -> bool:
    """Whether an address is one post's, as its number stands in the query and in the fragment: `?p=17#p17`."""
    number = re.search(r"\d+$", place)
    return number is not None and re.search(rf"[?&]\w+={number[0]}(?:&|$)", path) is not None


def _is_next(link: HtmlElement) -> bool:
    return "next" in (link.get("rel") or "").split() or NEXT.match(link.text_content().strip()) is not None


def _are_rows(blocks: Sequence[Block], url: str | None) -> bool:
    """Whether blocks without numbers are a list's rows: most lead to a thread's own page."""
    if any(block.number for block in blocks):
        return False
    leading = sum(any(_leads_on(link, url) for link in block.element.iter("a")) for block in blocks)
    return 2 * leading > len(blocks)


def _leads_on(link: HtmlElement, url: str | None) -> bool:
    address = (join(url, link.get("href")) or "").partition("#")[0]
    if address == (url or "").partition("#")[0]:
        return False
    return THREADS.search(_path(address)) is not None or LISTS.search(_path(address)) is not None


def _letters(elements: Iterable[HtmlElement]) -> int:
    return sum(len("".join(element.text_content().split())) for element in elements)


def _is_list(page: HtmlElement, further: Sequence[PageRef], url: str | None) -> bool:
    """Whether a page says little but the names of threads: by its own name, or most letters stand in links to them."""
    if further and CATALOGS.search(_path(url or "")):
        return True
    shown = _letters([page]) - _letters(select(page, "script, style"))
    return len(further) > 1 and _letters(select(page, "a")) > shown / 3


def _text(soup: BeautifulSoup, url: str | None) -> Iterator[PublishedPost]:
    """Each marked block as a post, numbered by its id or a hash of its text, and one more for what is outside."""
    path = _path(url or "")
    marked = soup.select(BLOCKS)
    known = {id(block) for block in marked}
    for block in [block for block in marked if known.isdisjoint(map(id, block.parents))]:
        block.extract()
        heading = block.find(["h1", "h2", "h3"])
        name = block.get("id")
        post = _post(block, url, path, heading.get_text(" ", strip=True) if heading else None)
        number = f"{path}#{name or hashlib.sha256(post.text.encode()).hexdigest()[:16]}"
        if post.text or post.links:
            yield post.model_copy(update={"number": number, "url": f"{url}#{name}" if url and name else url})
    title = soup.title.get_text(" ", strip=True) if soup.title else None
    around = soup.select(FURNITURE)
    hrefs = [href for block in around for href in _hrefs(block, url)]
    for block in around:
        block.extract()
    rest = _post(soup.body or soup, url, path, title, hrefs)
    if rest.text or rest.links:
        yield rest


def _post(block: Tag, url: str | None, path: str, subject: str | None, more: Sequence[str] = ()) -> PublishedPost:
    text = plain_text(parse_fragment(str(block), url))
    times = [str(node["datetime"]) for node in block.select("time[datetime]")]
    raw = times[0] if len(set(times)) == 1 else None
    posted_at = moment_of(raw, UNPLACED) if raw else None
    author = block.select_one('[rel~="author"], [itemprop="author"]')
    return PublishedPost(
        board=None, thread=path, number=path, url=url,
        posted_at=posted_at, posted_at_raw=raw if posted_at is None else None,
        name=author.get_text(" ", strip=True) if author else None, subject=subject or None,
        text=text, links=links_in(text, [*_hrefs(block, url), *more]),
    )  # fmt: skip


UNPLACED = BoardClock(None, None, None)
"""For pages that tell nothing of their zone."""


def _hrefs(block: Tag, url: str | None) -> list[str]:
    """Where the links and frames of a block lead outside of the page's own host."""
    return _outside([str(node.get("href") or node.get("src")) for node in block.select("a[href], iframe[src]")], url)


def _hrefs_of(body: HtmlElement | None, url: str | None) -> list[str]:
    if body is None:
        return []
    return _outside([node.get("href") or node.get("src") or "" for node in select(body, "a[href], iframe[src]")], url)


def _outside(addresses: Sequence[str], url: str | None) -> list[str]:
    own = urlsplit(url or "").netloc
    joined = [join(url, address) for address in addresses]
    return [address for address in joined if address and f"//{own}/" not in f"{address}/"]


def _path(url: str) -> str:
    """Path and query; what is only a session's is left out."""
    parts = urlsplit(url)
    kept = [part for part in parts.query.split("&") if part and not SESSION.fullmatch(part)]
    return (parts.path or "/") + (f"?{'&'.join(kept)}" if kept else "")


def _is_html(document: Document) -> bool:
    declared = (document.content_type or "").lower().startswith(("text/html", "application/xhtml"))
    return declared or document.has_html_tag or "<!doctype html" in document.text[:1000].lower()


ENGINE = Engine(
    name="generic",
    recognise=recognise,
    entry=entry,
    kind_of=kind_of,
    pages={"entry": parse_page, "index": parse_page, "thread": parse_page},
)
