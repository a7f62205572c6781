"""Recorded pages read without a network: HTML and JSON files, WARC files; each post once, from the best page it is on.

A WARC is gone through three times (which software, what each page is, the posts), so that only a line a page and a key
a post is kept in memory, however large the file.
"""

import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from core.records import Number, PageRef, PublishedPost
from crawler.detect import detect, sureness, surest
from crawler.engines import ENGINES, feed, generic, sitemap
from crawler.errors import CostlyPage, GonePage, PageError, UnexpectedPage
from crawler.markup import first
from crawler.page import Document, Engine
from crawler.reading import kind_of, read
from crawler.worker import ParseWorker

ONLY_PARTS = "shows only parts of threads whose own pages are not in the file"
LARGEST_PAGE = 32_000_000
"""In bytes. A larger one is named and left out."""
DETECTED_BY = 20
"""Pages of a host that are looked at to tell its software."""
TEXT = re.compile(r"(?i)\s*(?:text/(?:html|xml|json)|application/(?:xhtml|(?:[\w.-]+\+)?(?:xml|json)))\b")
"""Types of pages, feeds, sitemaps and answers in JSON."""
ANY_SITES = {engine.name: engine for engine in (feed.ENGINE, sitemap.ENGINE)}
"""Whose documents sites of any software have: they tell nothing of the site's own."""
WHOLE_THREAD_JSON, WHOLE_THREAD, PART_OF_THREAD, COPY_OF_THREAD = range(4)
"""What a page is worth for its posts, the best first."""


Key = tuple[str | None, Number | None]
"""A board (None where numbers count over the whole site) and a thread's or post's number there."""


class Found(NamedTuple):
    """A post, and where it was read."""

    post: PublishedPost
    engine: str
    host: str | None
    url: str | None
    """The page's address; None for a file that does not tell."""


class Unread(NamedTuple):
    """A page or file that should hold posts and could not be read, or not wholly."""

    where: str
    """The address of a WARC's page; the path of a page saved as a file."""
    why: str


class Page(NamedTuple):
    """A page in a file: where it stands, what it is worth, and what of."""

    worth: int
    order: int
    offset: int
    engine: Engine
    ref: PageRef


@dataclass
class Site:
    """What is known of one host while its file is read."""

    engine: Engine
    as_found: bool
    """Whether its engine was told from its pages."""
    pages: list[Page] = field(default_factory=list)
    hints: dict[Key, str | None] = field(default_factory=dict)
    """What lists say of threads."""
    lists: dict[Key, tuple[str, str]] = field(default_factory=dict)
    """Which list names a thread, and the board it is of by that list; for threads that do not tell it themselves."""
    boards: dict[str, str] = field(default_factory=dict)
    """The boards that a site names, by the addresses of their lists."""


def read_files(paths: Iterable[Path], engine: str | None = None, url: str | None = None) -> Iterator[Found | Unread]:
    """Every post in the files, and every page that should have given some and did not.

    `engine` names the software of all of them, told from their pages otherwise. `url` is the address of pages that
    were saved as files; without it they are asked for their own. Raises KeyError for an engine that does not exist.
    """
    named = ENGINES[engine] if engine else None
    with ParseWorker() as worker:
        for path in paths:
            try:
                with path.open("rb") as file:
                    packed = file.read(2) == b"\x1f\x8b"
                    file.seek(0)
                    with gzip.open(file) if packed else file as stream:
                        is_warc = stream.read(5) == b"WARC/"
                if is_warc:
                    yield from _read_warc(worker, path, named)
                else:
                    yield from _read_page(worker, path, named, url, packed=packed)
            except (OSError, EOFError, zlib.error) as error:
                yield Unread(str(path), " ".join(str(error).split()) or type(error).__name__)


def _read_page(
    worker: ParseWorker, path: Path, named: Engine | None, url: str | None, *, packed: bool
) -> Iterator[Found | Unread]:
    with path.open("rb") as file, gzip.open(file) if packed else file as stream:
        body = stream.read(LARGEST_PAGE + 1)
    if len(body) > LARGEST_PAGE:
        yield Unread(str(path), f"larger than {LARGEST_PAGE} bytes")
        return
    try:
        engine, ref, posts = worker.call(url, _read_alone, Document(url, body), named)
    except PageError as error:
        yield Unread(str(path), error.why)
        return
    for post in posts:
        yield Found(post, engine, urlsplit(ref.url).netloc.lower() or None, ref.url or None)
    if ref.kind == "preview":
        yield Unread(str(path), ONLY_PARTS)


def _read_alone(document: Document, named: Engine | None) -> tuple[str, PageRef, Sequence[PublishedPost]]:
    """Engine, kind and posts of a page that was saved as a file."""
    engine = named or detect([document])
    if document.url is None and (told := _own_address(document)):
        document = replace(document, url=told)
    ref = kind_of(engine, document)
    if ref is None or ref.kind not in engine.pages:
        raise UnexpectedPage(document.url, f"a page of {engine.name} that holds posts")
    return engine.name, replace(ref, url=document.url or ""), read(engine, ref, document).posts


def _own_address(document: Document) -> str | None:
    """The address that a page gives for itself."""
    if not document.has_html_tag:
        return None
    for css, attribute in (('link[rel="canonical"]', "href"), ('meta[property="og:url"]', "content")):
        node = first(document.html, css)
        if node is not None and re.match("https?://", address := str(node.get(attribute, ""))):
            return address
    return None


def _read_warc(worker: ParseWorker, path: Path, named: Engine | None) -> Iterator[Found | Unread]:
    sites = _sites(worker, path, named)
    yield from _look_at_pages(worker, path, sites)
    with path.open("rb") as file:
        for host, site in sites.items():
            yield from _read_site(worker, file, host, site)


def _sites(worker: ParseWorker, path: Path, named: Engine | None) -> dict[str, Site]:
    """Every host in a WARC with its engine, told from its first pages."""
    best: dict[str, dict[str, float]] = {}
    looked_at: Counter[str] = Counter()
    for _, document in documents(path):
        host = _host(document)
        if isinstance(document, Unread) or looked_at[host] == DETECTED_BY:
            continue
        looked_at[host] += 1
        if named is None:
            try:
                sure = worker.call(document.url, sureness, document)
            except CostlyPage:  # named when it is looked at for what it holds
                sure = dict.fromkeys(ENGINES, 0.0)
            before = best.get(host, sure)
            best[host] = {name: max(sure[name], before[name]) for name in sure if name not in ANY_SITES}
    return {host: Site(named or surest(best[host]), as_found=named is None) for host in looked_at}


def _look_at_pages(worker: ParseWorker, path: Path, sites: Mapping[str, Site]) -> Iterator[Unread]:
    """Notes of every page what it is, and of lists what they say of their threads."""
    for order, (offset, document) in enumerate(documents(path)):
        if isinstance(document, Unread):
            yield document
            continue
        site = sites[_host(document)]
        engine = _engine_of(site, document)
        try:
            ref, listed = worker.call(document.url, _look_at, document, engine)
            if ref is None:
                continue
            if ref.kind == "entry":
                site.boards |= {page.url: page.board for page in listed if page.board}
            elif ref.kind == "index":
                site.hints |= {_thread(site, page): page.hint for page in listed}
                site.lists |= {_thread(site, page): (ref.url, page.board) for page in listed if page.board}
            else:
                site.pages.append(Page(_worth(ref, document), -order, offset, engine, ref))
        except GonePage:
            continue
        except PageError as error:
            yield Unread(error.url or str(path), error.why)


def _engine_of(site: Site, document: Document) -> Engine:
    """The site's own; where its software is unknown, a feed's or sitemap's for these: they are its pages too."""
    if site.as_found and site.engine is generic.ENGINE:
        return next((engine for engine in ANY_SITES.values() if engine.recognise(document)), site.engine)
    return site.engine


def _look_at(document: Document, engine: Engine) -> tuple[PageRef | None, Sequence[PageRef]]:
    """What a page is, and of a list the threads or boards it names."""
    ref = kind_of(engine, document)
    if ref is None or ref.kind not in ("index", "entry"):
        return ref, ()
    try:
        return ref, read(engine, ref, document).pages
    except PageError:
        if ref.kind == "entry":
            return ref, ()  # it holds no posts: nothing is lost with it
        raise


def _worth(ref: PageRef, document: Document) -> int:
    match ref.kind:
        case "preview":
            return PART_OF_THREAD
        case "copy":
            return COPY_OF_THREAD
    return WHOLE_THREAD_JSON if document.is_json else WHOLE_THREAD


def _read_site(worker: ParseWorker, file: BinaryIO, host: str, site: Site) -> Iterator[Found | Unread]:
    """The posts of one host, each once: from the best kind of page, and of these from the latest recorded."""
    threads: dict[Key, int] = {}
    posts: set[Key] = set()
    for page in sorted(site.pages, key=lambda page: (page.worth, page.order)):
        is_thread = page.ref.thread is not None
        if is_thread and threads.get(_thread(site, page.ref), page.worth) < page.worth:
            continue
        if page.worth == COPY_OF_THREAD:
            yield Unread(page.ref.url, "another view of a thread whose own page is not in the file")
            continue
        key = _thread(site, page.ref)
        address, board = site.lists.get(key, ("", None))
        board = page.ref.board or site.boards.get(address, board)
        ref = replace(page.ref, board=board, hint=site.hints.get(key))
        try:
            parsed = worker.call(ref.url, read, page.engine, ref, _document_at(file, page.offset))
        except GonePage:
            continue
        except PageError as error:
            yield Unread(error.url or host, error.why)
            continue
        if is_thread and page.worth < PART_OF_THREAD:
            threads[_thread(site, ref)] = page.worth
        partly = False
        for post in parsed.posts:
            key = (None if site.engine.site_numbers else post.board, post.number)
            if key not in posts and not (page.worth == PART_OF_THREAD and (post.board, post.thread) in threads):
                posts.add(key)
                partly = partly or page.worth == PART_OF_THREAD
                yield Found(post, page.engine.name, host or None, ref.url or None)
        if partly:
            yield Unread(ref.url, ONLY_PARTS)


def _thread(site: Site, ref: PageRef) -> Key:
    return (None if site.engine.site_numbers else ref.board, ref.thread)


def _host(document: Document | Unread) -> str:
    return urlsplit(document.url or "").netloc.lower() if isinstance(document, Document) else ""


def documents(path: Path) -> Iterator[tuple[int, Document | Unread]]:
    """Every page of text that a WARC holds an answer 200 for, with the offset of its record, in the file's order."""
    last, count, damage = 0, 0, ""
    with path.open("rb") as file:
        archive = ArchiveIterator(file)
        try:
            for record in archive:
                document, count = _document(record), count + 1
                last = archive.get_record_offset()  # reads the record to its end
                if document is not None:
                    yield last, document
        except (ArchiveLoadFailed, EOFError, zlib.error, AttributeError) as error:
            # warcio asks a record that was cut within its headers for an address that it lacks: AttributeError.
            damage = str(error).strip().partition("\n")[0] or type(error).__name__
    if damage or _is_cut(path, last):
        why = f"damaged or cut short after {count} records"
        yield last, Unread(str(path), f"{why}: {damage}" if damage else why)


def _document_at(file: BinaryIO, offset: int) -> Document:
    file.seek(offset)
    document = _document(next(iter(ArchiveIterator(file))))
    assert isinstance(document, Document)
    return document


def _document(record: ArcWarcRecord) -> Document | Unread | None:
    """The page in a WARC record; None where it is no answer, none of text, or none that was a success."""
    headers = record.http_headers
    if record.rec_type != "response" or headers is None or headers.get_statuscode() != "200":
        return None
    content_type = headers.get_header("Content-Type")
    if content_type and not TEXT.match(content_type):
        return None
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    stream, body = record.content_stream(), bytearray()
    while len(body) <= LARGEST_PAGE and (piece := stream.read(65_536)):
        body += piece
    if len(body) > LARGEST_PAGE:
        return Unread(url, f"larger than {LARGEST_PAGE} bytes")
    if getattr(record.raw_stream, "limit", 0) or record.rec_headers.get_header("WARC-Truncated"):
        return Unread(url, "recorded only in part")
    return Document(url, bytes(body), content_type, fetched_at=_made_at(record))


def _made_at(record: ArcWarcRecord) -> datetime | None:
    """When a page was made, by the server's clock, or by the recorder's where that is silent."""
    readings = (
        (parsedate_to_datetime, record.http_headers.get_header("Date")),
        (datetime.fromisoformat, record.rec_headers.get_header("WARC-Date")),
    )
    for read_time, written in readings:
        try:
            moment: datetime = read_time(written or "")
        except ValueError:
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _is_cut(path: Path, last: int) -> bool:
    """Whether a file ends within its last record, which starts at `last`, or has something after it that is none."""
    with path.open("rb") as file:
        file.seek(last)
        if file.read(2) != b"\x1f\x8b":
            file.seek(max(0, path.stat().st_size - 4))
            return file.read() != b"\r\n\r\n"
        file.seek(last)
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            while not member.eof and (piece := file.read(65_536)):
                member.decompress(piece)
        except zlib.error:
            return True
        return not member.eof or bool(member.unused_data)
