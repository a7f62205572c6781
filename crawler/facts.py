"""What the pages of a place show of it: documents in, facts out. Pure, and called in the parse worker's process."""

import heapq
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from core.hosts import web_host
from core.probes import Facts, Pointer, PointerKind
from core.records import PageRef, PublishedPost
from core.sketch import KEPT, sketch, text_hash
from crawler.adopt import mark_of
from crawler.blocks import find_blocks
from crawler.detect import closed, detect
from crawler.engines import ANY_SITE, ENGINES, generic, webring
from crawler.engines.timelines import ABOUT
from crawler.errors import ClosedPage, PageError, UnexpectedPage
from crawler.favicon import favicon
from crawler.links import links_in
from crawler.markers import contacts, identifiers, public_keys, signed_part, wallets
from crawler.markup import drop, parse_fragment, plain_text
from crawler.page import Document, Parsed
from crawler.pointing import MOST_OUTLINKS, Look, distinct, links_of, onions_on, places_of, pointers_to
from crawler.reading import kind_of, read
from crawler.template import own_lines, own_part, passages, structure, title_of

ANY_SITES = frozenset(module.ENGINE.name for module in ANY_SITE)
"""Readers of what sites of any software have: they name none."""
SURE_OF_POSTS = 0.5
"""Below this what a page of unknown software gives is its text rather than posts."""
MOST_BOARDS = 2_000
MOST_POSTS = 2_000
MOST_LETTERS = 200_000
"""Of a page's own text that are searched for addresses."""
MOST_PAGES = 50
"""Further pages of a kind that are handed on."""
NUMBER = re.compile(r"\d+")
FEW_THREADS = 3


@dataclass(frozen=True)
class Shown:
    """What one page gave."""

    facts: Facts = field(default_factory=Facts)
    pages: tuple[PageRef, ...] = ()
    """Further pages of the place, as its engine names them."""
    threads: frozenset[str] = frozenset()
    """Threads it names or is."""


def read_page(document: Document, look: Look, engine: str, ref: PageRef) -> Shown:
    """A page of the place as its engine reads it, or as that which it shows. Raises PageError where it is none."""
    told = detect([document]).name if engine == generic.ENGINE.name else engine
    shown = shown_by(_read_as(told, engine, ref, document), look)
    if document.is_json:
        return shown
    page, url = document.html, document.url or ref.url
    if told == generic.ENGINE.name and ref.kind == "index" and not shown.threads:
        threads = tuple(_linked_threads(page, url, look))
        shown = Shown(shown.facts, (*threads, *shown.pages), frozenset(thread.url for thread in threads))
    rest = without_posts(page, engine, url)
    facts = Facts(
        engine=None if told in ANY_SITES else told,
        identifiers=tuple(identifiers(page)),
        pointers=tuple(onions_on(page)),
        structure=sketch(structure(rest)),
    )
    return Shown(joined([shown.facts, facts]), shown.pages, shown.threads)


def read_about(document: Document, look: Look) -> Shown:
    """A page of rules or the like: the site's own words, and whom and what it names."""
    if document.is_json or not document.has_html_tag:
        return Shown(from_text(document.text, document.text.splitlines(), None))
    if reason := closed(document):
        raise ClosedPage(document.url, reason)
    page, url = document.html, document.url or look.url
    rest = without_posts(page, generic.ENGINE.name, url, blocks=False)
    return Shown(own_words(page, rest, plain_text(rest)[:MOST_LETTERS], look, url).model_copy(update={"title": None}))


def read_addresses(document: Document, look: Look) -> Shown:
    """A text file of mirrors or keys: the keys it holds, the addresses, and which of them a known key signed."""
    if document.has_html_tag or document.is_json:
        raise UnexpectedPage(document.url, "a list in plain text")
    texts: list[tuple[str, str | None]] = [(_without_armour(document.text), None)]
    if signed := signed_part(document.text, look.known_keys):
        texts.insert(0, signed)
    pointers = [
        pointer
        for text, signer in texts
        for line in text.splitlines()
        for pointer in pointers_to(PointerKind.MIRRORS, line, links_in(line), look, signer)
    ]
    told = from_text(document.text, (), None)
    return Shown(told.model_copy(update={"pointers": tuple(distinct(pointers))}))


def read_ring(document: Document, look: Look) -> Shown:
    """The list of a webring."""
    parsed = webring.parse_ring(document, PageRef(document.url or look.url, webring.KIND))
    pointers = [pointer for post in parsed.posts for pointer in pointers_to(PointerKind.WEBRING, "", post.links, look)]
    return Shown(Facts(pointers=tuple(distinct(pointers))))


def read_peers(document: Document, look: Look) -> Shown:
    """The servers that a fediverse server talks to: a list of their hosts, or Lemmy's of what it links."""
    match document.json:
        case [*hosts] if all(isinstance(host, str) for host in hosts):
            pass
        case {"federated_instances": {"linked": [*linked]}}:
            hosts = [str(server.get("domain")) for server in linked if isinstance(server, dict)]
        case _:
            raise UnexpectedPage(document.url, "a list of servers")
    urls = (f"https://{host.strip().lower()}/" for host in hosts)
    peers = (Pointer(kind=PointerKind.PEER, url=url) for url in urls if web_host(url) and not look.holds(url))
    return Shown(Facts(pointers=tuple(distinct(peers))))


def read_instance(document: Document, look: Look) -> Shown:
    """What a fediverse server says of itself."""
    told = document.json
    if not isinstance(told, dict):
        raise UnexpectedPage(document.url, "a server's description")
    title = told.get("title") if isinstance(told.get("title"), str) else None
    rules = [rule.get("text") for rule in told.get("rules") or () if isinstance(rule, dict)]
    texts = [_plain(text, document.url) for text in (told.get("short_description"), told.get("description"), *rules)]
    facts = from_text("\n".join([*texts, str(told.get("email") or "")]), texts, title)
    links = links_in("\n".join(texts))
    return Shown(facts.model_copy(update={"title": title, "outlinks": tuple(places_of(links, look))}))


def read_icon(body: bytes) -> Facts:
    """The hashes of an icon. Raises UnexpectedPage where it is none."""
    return Facts(favicon=favicon(body))


def joined(parts: Iterable[Facts]) -> Facts:
    """The facts of several pages as one look's: of what is one, the first; of lists and sketches, all."""
    given = list(parts)
    told: dict[str, Any] = {}
    for name in ("engine", "title", "favicon"):
        told[name] = next((value for part in given if (value := getattr(part, name)) is not None), None)
    for name in ("structure", "passages"):  # the smallest of a union are the smallest of the parts' smallest
        told[name] = tuple(heapq.nsmallest(KEPT, {value for part in given for value in getattr(part, name)}))
    for name, most in JOINED.items():
        told[name] = tuple(islice(dict.fromkeys(value for part in given for value in getattr(part, name)), most))
    newest = [part.newest_post_at for part in given if part.newest_post_at]
    told["pointers"] = tuple(distinct(pointer for part in given for pointer in part.pointers))
    return Facts(
        **told, newest_post_at=max(newest, default=None), threads=max((part.threads for part in given), default=0)
    )


JOINED = {
    "boards": MOST_BOARDS, "posts": MOST_POSTS, "authors": MOST_POSTS, "identifiers": 100, "keys": 20, "contacts": 100,
    "public_keys": 20, "wallets": 100, "certificate_names": 100, "outlinks": MOST_OUTLINKS, "asks_for": 4,
}  # fmt: skip
"""Lists of facts, each with how many of it are kept."""


def shown_by(parsed: Parsed, look: Look) -> Shown:
    """What the engine found on a page."""
    posts = [] if parsed.confidence < SURE_OF_POSTS else [post for post in parsed.posts if post.number != webring.KIND]
    accounts = [post for post in posts if _is_account(post)]
    posts = [post for post in posts if not _is_account(post)]
    times = [post.posted_at for post in posts if post.posted_at]
    lists = [page for page in parsed.pages if page.kind == "index" and page.part == 1]
    threads = {
        f"{page.board}/{page.thread}" for page in parsed.pages if page.thread is not None and page.kind == "thread"
    }
    threads |= {f"{post.board}/{post.thread}" for post in posts if post.thread is not None}
    links = [link for post in parsed.posts for link in post.links]
    bios = (pointer for post in accounts for pointer in pointers_to(PointerKind.BIO, post.text, post.links, look))
    lines = [line for post in accounts for line in post.text.splitlines()]
    facts = Facts(
        title=next((post.subject for post in accounts if post.subject), None),
        boards=tuple(dict.fromkeys(page.board for page in lists if page.board))[:MOST_BOARDS],
        passages=sketch(passages(None, lines)),
        posts=tuple(dict.fromkeys(hash_ for post in posts if (hash_ := text_hash(post.text)) is not None))[:MOST_POSTS],
        authors=tuple(
            dict.fromkeys((mark, text_hash(post.text)) for post in posts if (mark := mark_of(post, look.key)))
        )[:MOST_POSTS],
        newest_post_at=max(times, default=None),
        outlinks=tuple(places_of(links, look)),
        pointers=tuple(distinct(bios)),
    )
    return Shown(facts, tuple(_some_of_each(parsed.pages, look)), frozenset(threads))


def _is_account(post: PublishedPost) -> bool:
    """Whether a record is what an account or site says of itself (crawler.engines.timelines)."""
    return post.number == ABOUT or str(post.number).startswith("profile ")


def _some_of_each(pages: Sequence[PageRef], look: Look) -> Iterator[PageRef]:
    """The first pages of the place of each kind: no more are asked for."""
    counts: dict[str, int] = {}
    for page in pages:
        if counts.get(page.kind, 0) < MOST_PAGES and look.reaches(page.url):
            counts[page.kind] = counts.get(page.kind, 0) + 1
            yield page


def without_posts(page: HtmlElement, engine: str, url: str, *, blocks: bool = True) -> HtmlElement:
    """A copy of the page without posts; where its software is unknown, without what is built like posts."""
    rest = own_part(page, url)
    if blocks and engine == generic.ENGINE.name:
        drop(rest, *[block.element for block in find_blocks(rest, url).blocks])
    return rest


def own_words(page: HtmlElement, rest: HtmlElement, said: str, look: Look, url: str) -> Facts:
    """What a page says and leads to in the site's own name. `rest`, the page without posts, is changed."""
    title = title_of(page)
    hrefs = [address for address, _ in links_of(rest, url, look)[1]]
    links = links_in(said, [href for href in hrefs if web_host(href)])
    shape = sketch(structure(rest))
    mails = " ".join(href.partition("?")[0].replace("mailto:", " ") for href in hrefs if href.startswith("mailto:"))
    told = " ".join(href for href in hrefs if href.lower().startswith(("xmpp:", "bitcoin:", "monero:")))
    facts = from_text(f"{said}\n{mails}\n{told}", own_lines(rest), title)
    handles = {
        f"{link.service}:{link.handle}" for link in links if link.service and link.handle and not look.holds(link.url)
    }
    return facts.model_copy(update={
        "title": title, "structure": shape, "outlinks": tuple(places_of(links, look)),
        "contacts": tuple(sorted({*facts.contacts, *handles}))[:100],
    })  # fmt: skip


def from_text(text: str, lines: Iterable[str], title: str | None) -> Facts:
    """What a site says in its own name, and whom and what that names."""
    keys = public_keys(text)
    return Facts(
        passages=sketch(passages(title, lines)), contacts=tuple(contacts(text)), wallets=tuple(wallets(text)),
        keys=tuple(keys), public_keys=tuple(keys.values()),
    )  # fmt: skip


def _read_as(told: str, engine: str, ref: PageRef, document: Document) -> Parsed:
    """A page as the software that it shows reads it, as far as that can; else as it was asked for."""
    if told != engine and told not in ANY_SITES:
        try:
            kind = kind_of(ENGINES[told], document) or ref
            return read(ENGINES[told], replace(kind, url=ref.url, board=kind.board or ref.board), document)
        except PageError:
            pass
    return read(ENGINES[engine], ref, document)


def _linked_threads(page: HtmlElement, url: str, look: Look) -> Iterator[PageRef]:
    """Threads that a list of unknown making links: addresses of one form that differ in a number, if there are some."""
    forms: dict[str, dict[str, None]] = {}
    for link, _ in links_of(page, url, look)[0]:
        address = link.partition("#")[0]
        parts = urlsplit(address)
        if not generic.TRAPS.search(parts.path) and NUMBER.search(f"{parts.path}?{parts.query}"):
            forms.setdefault(NUMBER.sub("#", f"{parts.path}?{parts.query}"), {})[address] = None
    most = max(forms.values(), key=len, default={})
    if len(most) >= FEW_THREADS:
        yield from (PageRef(address, "thread", thread=urlsplit(address).path) for address in islice(most, MOST_PAGES))


def _without_armour(text: str) -> str:
    """A text without what OpenPGP wrote around and into it."""
    return re.sub(
        r"-----BEGIN PGP (?:SIGNATURE|PUBLIC KEY BLOCK)-----.*?(?:-----END [^\n]*|$)", "", text, flags=re.DOTALL
    )


def _plain(text: Any, url: str | None) -> str:
    return plain_text(parse_fragment(text, url)) if isinstance(text, str) and text.strip() else ""
