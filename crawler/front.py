"""A front page: which software, what state, what it asks for, where to look further."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from core.hosts import web_host
from core.probes import Facts, Pointer, PointerKind, ProbeState
from core.records import PageRef
from crawler.detect import detect
from crawler.engines import ENGINES, generic, telegram
from crawler.errors import ClosedPage, GonePage, PageError, UnexpectedPage
from crawler.facts import (
    ANY_SITES,
    MOST_LETTERS,
    MOST_PAGES,
    Shown,
    from_text,
    joined,
    own_words,
    read_icon,
    shown_by,
    without_posts,
)
from crawler.favicon import in_data
from crawler.links import links_in
from crawler.markers import identifiers
from crawler.markup import first, join, plain_text, select, words
from crawler.page import Document, Engine, Parsed
from crawler.pointing import Look, distinct, links_of, notices_on, onions_on, places_of, pointers_to
from crawler.reading import read
from crawler.standins import FAREWELL, challenge_in, leads_of, stands_in, state_of

GONE = "its front page says that it is no more"
TELEGRAM = frozenset({"t.me", "telegram.me"})
BOARDS = re.compile(r"(?i)(?:^|[\s_-])(?:boards?|forums?|rooms?)(?:[\s_-]?(?:list|bar|index))?(?:[\s_-]|$)")
"""Classes and ids of lists of boards."""
NAME = 80
"""Letters of a board's name."""
ABOUT_PAGE = re.compile(
    r"(?i)\b(?:rules?|faq|about|regeln|regles|règles|reglas|regras|regole|правила|donat\w+|contact|canary)\b"
)
LISTS_OF_ADDRESSES = ("mirrors.txt", "pgp.txt", "pgp-key.txt", "key.asc", "canary.txt", "security.txt")
SEED_WORDS = re.compile(
    r"(?i)\b(?:seed|recovery|secret|mnemonic) (?:phrase|words)|\b(?:12|24)[- ]word|connect (?:your )?wallet|private key"
)
CARD = re.compile(r"(?i)\b(?:card|cc)[-_ ]?(?:num|number|no)\b|\bcvv2?\b|\bcvc\b|cardnumber|cc-number")
PROGRAM = re.compile(r"(?i)\.(?:exe|msi|apk|dmg|pkg|scr|bat|jar|deb|rpm|appimage|xpi|crx)(?:$|[?#])")
HAS_LOGIN = frozenset({
    "communities", "discourse", "flarum", "fluxbb", "invision", "lemmy", "mastodon", "misskey", "mybb", "nodebb",
    "peertube", "phpbb", "smf", "vbulletin", "voat", "xenforo",
})  # fmt: skip
"""Software that shows a form to log in with on its stock front page."""


@dataclass(frozen=True)
class Front(Shown):
    """What a front page gave."""

    engine: str = generic.ENGINE.name
    state: ProbeState = ProbeState.UP
    why: str | None = None
    goes_on: str | None = None
    """The place's own page that this one sends its visitors to."""
    icons: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    """Pages of rules and the like that it links."""
    feeds: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    """Lists of mirrors and keys that it links."""
    icon: Facts = field(default_factory=Facts)
    """Of an icon that stands in the page itself."""


def read_front(document: Document, look: Look, told: str | None = None) -> Front:
    """A front page: which software, what state, where to look further. Raises UnexpectedPage where it is no page.

    `told` is the software where other pages tell it better.
    """
    url = document.url or look.url
    engine = ENGINES[told] if told else _engine_of(document, look)
    ref = PageRef(url, "entry")
    why = None
    try:
        parsed = read(engine, ref, document)
    except GonePage:
        return (
            _telegram_card(document, look) if engine is telegram.ENGINE else Front(state=ProbeState.FAILING, why=GONE)
        )
    except ClosedPage as wall:
        parsed, why = Parsed(), wall.why
    except PageError:
        parsed = Parsed()
    if document.is_json:
        shown = shown_by(parsed, look)
        return Front(shown.facts, shown.pages, shown.threads, engine.name, *state_of(why))
    page = document.html
    rest = without_posts(page, engine.name, url)
    said = plain_text(rest)[:MOST_LETTERS]
    leads = list(leads_of(page, url))
    state, why = stands_in(page, said, parsed) or state_of(why)
    sent_away = [lead for lead in leads if not look.holds(lead)]
    boards = list(_linked_boards(page, url, look))
    if state is ProbeState.CHALLENGED and boards and not challenge_in(document):  # a form beside the boards is no wall
        state, why = ProbeState.UP, None
    has_little = len(said.strip()) < FAREWELL and not parsed.pages and not boards
    if sent_away and has_little and state is ProbeState.UP:
        state, why = ProbeState.MOVED, f"its front page sends visitors to {sent_away[0]}"
    speaks = state in (ProbeState.UP, ProbeState.MOVED, ProbeState.FAILING)
    notices = notices_on(rest, said, look, url, only=has_little) if speaks else []
    pointers = (*(Pointer(kind=PointerKind.REDIRECT, url=lead) for lead in sent_away), *onions_on(page), *notices)
    own = Facts(
        engine=None if engine.name in ANY_SITES else engine.name,
        identifiers=tuple(identifiers(page)),
        asks_for=tuple(sorted(_asks_for(page, rest, engine.name, look, url))),
        pointers=tuple(distinct(pointers)),
    )
    shown = shown_by(parsed, look)
    if not shown.facts.boards and state is ProbeState.UP:
        named = tuple(dict.fromkeys(board.board for board in boards if board.board))
        lists = (placed(engine, board) for board in boards)
        shown = Shown(shown.facts.model_copy(update={"boards": named}), (*lists, *shown.pages), shown.threads)
    facts = joined([own, own_words(page, rest, said, look, url), shown.facts])
    within = [(address, " ".join(node.text_content().split())) for address, node in links_of(page, url, look)[0]]
    about = [
        address for address, text in within if address != url and ABOUT_PAGE.search(f"{text} {_words_of(address)}")
    ]
    icons = [node.get("href") or "" for node in select(page, 'link[rel~="icon"][href]')]
    held = next((body for address in icons if (body := in_data(address))), None)
    return Front(
        facts, shown.pages, shown.threads, engine.name, state, why,
        goes_on=next((lead for lead in leads if look.holds(lead) and lead != url), None),
        icons=tuple(_same_host([*icons, "/favicon.ico"], url)),
        about=tuple(dict.fromkeys(about))[:3],
        feeds=tuple(islice(_feeds(page, url, look), 3)),
        lists=tuple(dict.fromkeys(address for address, _ in within if address.endswith(LISTS_OF_ADDRESSES)))[:3],
        icon=_icon(held),
    )  # fmt: skip


def placed(engine: Engine, page: PageRef) -> PageRef:
    """A page that was found by its link, as its engine asks for such a one."""
    if engine is generic.ENGINE:
        return page
    known = next((ref for ref in engine.entry(page.url) if ref.kind == page.kind), page)
    return replace(known, board=known.board or page.board)


def _engine_of(document: Document, look: Look) -> Engine:
    if look.tenant and web_host(document.url or look.url) in TELEGRAM:
        return telegram.ENGINE
    return detect([document])


def _linked_boards(page: HtmlElement, url: str, look: Look) -> Iterator[PageRef]:
    """Boards that a front page of unknown making links: folders written as such, and what lists of them hold."""
    seen = {url}
    for link, node in links_of(page, url, look)[0]:
        address = link.partition("#")[0]
        text = " ".join(node.text_content().split())[:NAME]
        if address in seen or not text or generic.TRAPS.search(urlsplit(address).path):
            continue
        folder = generic.BOARD_FOLDER.fullmatch(urlsplit(address).path)
        if folder and folder["thread"] is None and f"/{folder['board']}/" in text:
            name = folder["board"]
        elif any(BOARDS.search(_names(above)) for above in islice(node.iterancestors(), 3)):
            name = text
        else:
            continue
        seen.add(address)
        if len(seen) <= MOST_PAGES:
            yield PageRef(address, "index", name)


def _names(node: HtmlElement) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}"


def _telegram_card(document: Document, look: Look) -> Front:
    """The page that Telegram shows for a name without a public preview: a group, an account, or nobody's."""
    page, url = document.html, document.url or look.url
    title = words(first(page, ".tgme_page_title"))
    if title is None:
        return Front(engine=telegram.ENGINE.name, state=ProbeState.UNREACHABLE, why="nobody has this name there")
    about = first(page, ".tgme_page_description")
    text = plain_text(about) if about is not None else ""
    hrefs = [] if about is None else [join(url, link.get("href")) or "" for link in about.iter("a")]
    links = links_in(text, hrefs)
    bios = tuple(distinct(pointers_to(PointerKind.BIO, text, links, look)))
    facts = from_text(text, text.splitlines(), title)
    told = {"engine": telegram.ENGINE.name, "title": title, "pointers": bios, "outlinks": tuple(places_of(links, look))}
    return Front(facts.model_copy(update=told), engine=telegram.ENGINE.name)


def _asks_for(page: HtmlElement, rest: HtmlElement, engine: str, look: Look, url: str) -> Iterator[str]:
    """What a front page asks of a visitor that the software's own does not. `rest` is the page without posts."""
    for form in select(page, "form"):
        fields = select(form, "input")
        target = join(url, form.get("action")) or url
        has_password = any((node.get("type") or "").lower() == "password" for node in fields)
        posts = first(form, "textarea, input[type=file], input[name^=delete]") is not None
        if has_password and not posts and (engine not in HAS_LOGIN or not look.holds(target)):
            yield "password"
        named = " ".join(
            f"{node.get('name') or ''} {node.get('autocomplete') or ''} {node.get('placeholder') or ''}"
            for node in fields
        )
        if CARD.search(named):
            yield "payment"
    if SEED_WORDS.search(rest.text_content()):
        yield "wallet"
    if any(PROGRAM.search(node.get("href") or "") for node in select(rest, "a[href]")):
        yield "download"


def _same_host(addresses: Iterable[str], url: str) -> Iterator[str]:
    """Addresses on the page's own host."""
    own = urlsplit(url).netloc
    return iter(
        dict.fromkeys(a for given in addresses if (a := join(url, given)) and urlsplit(a).netloc == own and web_host(a))
    )


def _icon(body: bytes | None) -> Facts:
    try:
        return read_icon(body) if body else Facts()
    except UnexpectedPage:
        return Facts()


def _feeds(page: HtmlElement, url: str, look: Look) -> Iterator[str]:
    for node in select(page, 'link[rel~="alternate"][type][href]'):
        address = join(url, node.get("href")) or ""
        if any(form in (node.get("type") or "").lower() for form in ("rss", "atom", "feed+json")) and look.holds(
            address
        ):
            yield address


def _words_of(url: str) -> str:
    return re.sub(r"[\W_]+", " ", urlsplit(url).path)
