"""What the pages of a place show of it: documents in, facts out. Pure, and called in the parse worker's process."""

import heapq
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from core.hosts import registrable_domain, web_host
from core.probes import Facts, Pointer, PointerKind, ProbeState
from core.records import Link, LinkKind, PageRef, PublishedPost
from core.sketch import KEPT, sketch, text_hash
from crawler.adopt import mark_of
from crawler.blocks import find_blocks
from crawler.detect import CHALLENGE_TITLES, CHALLENGES, closed, detect
from crawler.engines import ANY_SITE, ENGINES, generic, telegram, webring
from crawler.engines.timelines import ABOUT
from crawler.errors import ClosedPage, GonePage, PageError, UnexpectedPage
from crawler.favicon import favicon, in_data
from crawler.links import links_in
from crawler.markers import contacts, identifiers, public_keys, signed_part, wallets
from crawler.markup import drop, first, join, parse_fragment, plain_text, select, words
from crawler.page import Document, Engine, Parsed
from crawler.reading import kind_of, read
from crawler.template import own_lines, own_part, passages, structure, title_of

ANY_SITES = frozenset(module.ENGINE.name for module in ANY_SITE)
"""Readers of what sites of any software have: they name none."""
SURE_OF_POSTS = 0.5
"""Below this what a page of unknown software gives is its text rather than posts."""
TELEGRAM = frozenset({"t.me", "telegram.me"})
FEW_WORDS = 1500
"""Letters: a page that stands in for a site says little."""
FAREWELL = 400
"""Letters of a front page with so little left that every link on it is what it is there for."""
FAREWELL_LINKS = 5
NOTICE = 500
"""Characters of what stands around a pointer."""
MOST_BOARDS = 2_000
MOST_POSTS = 2_000
MOST_OUTLINKS = 500
MOST_POINTERS = 10_000
MOST_LETTERS = 200_000
"""Of a page's own text that are searched for addresses."""
MOST_LINKS = 5_000
"""Links of a page that are looked at."""
MOST_LINES = 500
"""Lines, and links out of the place, of a front page that are searched for a notice."""
MOST_PAGES = 50
"""Further pages of a kind that are handed on."""

SEIZED = re.compile(
    r"(?i)\b(?:domain|web ?site|site|service|server|forum)\b.{0,60}\b(?:has been|have been|was|is) (?:\w+ )?seized|"
    r"seizure warrant|seized by|seized (?:pursuant|in accordance)|beschlagnahm|sichergestellt durch|"
    r"a été (?:saisi|fermé par)|(?:ha sido|fue) (?:incautad|clausurad|intervenid)|(?:foi|sido) apreendid|"
    r"(?:è stato|posto sotto) sequestr|in beslag ?genomen|został[aoy]? (?:zajęt|przejęt)|har (?:tagits i )?beslag|"
    r"(?:изъят|конфискован|арестован)\w* (?:по|в|сотрудник|правоохран)"
)
PLACEHOLDER = re.compile(
    r"(?i)welcome to nginx|apache\d? (?:\w+ )?default page|^\W*it works!|test page for the|iis windows server|"
    r"^index of /|"
    r"(?:default (?:web ?site|server)|placeholder) page|web server is (?:up|working|running)|hosted by your provider|"
    r"(?:site|domain) (?:is )?(?:not (?:yet )?configured|ist? noch nicht)|there is nothing here yet"
)
"""What servers show where nobody has put anything."""
WITHHELD = re.compile(
    r"(?i)(?:access|site|page|content)\b.{0,40}\b(?:blocked|restricted|unavailable)\b.{0,60}\b(?:court|order|legal|region|"
    r"country|authorit|legislation|your (?:ip|network))|доступ .{0,40}(?:ограничен|заблокирован)|роскомнадзор|"
    r"(?:gesperrt|zugriff verweigert).{0,60}(?:gericht|behörd)|accès (?:à ce site )?(?:bloqué|interdit)"
)
"""What networks and authorities put in a site's place for some of its visitors."""
MOVED = re.compile(
    r"(?i)\bmov(?:ed|ing) (?:to|here|over|house|home|again|from)\b|"
    r"\b(?:have|has|had|\w+.ve|are|is|were|was) (?:\w+ )?moved\b|"
    r"\bnew (?:\w+ )?(?:address|domain|home|site|url|location|link|board|server)\b|\brelocat(?:ed|ing|ion)|\bregroup|"
    r"\b(?:find|join|meet|see) (?:us|you|me)\b.{0,30}(?:\b(?:at|on|here|there)\b|:)|"
    r"\bwe(?:.re| are)? (?:now|back|also)\b.{0,20}\b(?:at|on)\b|"
    r"\b(?:backup|mirrors?|bunker|fallback|alternative)\b.{0,15}(?:\b(?:at|on|site|domain|address)\b|:)|"
    r"umgezogen|neue (?:adresse|domain|heimat|seite)|ziehen um|jetzt (?:unter|auf|bei)|nouvelle adresse|"
    r"nouveau (?:site|domaine)|"
    r"déménag|nueva (?:dirección|casa|web)|nuevo (?:dominio|sitio)|nos (?:mudamos|hemos mudado)|novo (?:endereço|site)|"
    r"mudamos|nuovo (?:indirizzo|sito)|ci siamo (?:trasferiti|spostati)|verhuisd|nieuw (?:adres|domein)|flyttat|"
    r"ny adress|"
    r"nowy adres|przeni(?:eśliśmy|esion)|переехал|новый (?:адрес|домен|сайт)|новое зеркало|зеркал[оа]|"
    r"移転|新しいアドレス"
)
"""How a front page says that it is elsewhere now, or elsewhere too."""
LOCATION = re.compile(
    r"""(?:^|[\s;{(.])location(?:\.href)?\s*=\s*["']([^"'\s]{1,500})["']|location\.(?:replace|assign)\(\s*["']([^"'\s]{1,500})["']"""
)
REFRESH = re.compile(r"""(?i)^\s*(\d*)(?:\.\d*)?\s*[;,]?\s*(?:url\s*=)?\s*["']?([^"'\s]+)""")
SOON = 60
"""Seconds after which a page that sends its visitors on is still only a sign."""
BOARDS = re.compile(
    r"(?i)(?:^|[\s_-])(?:boards?|forums?|rooms?|sections?|categor(?:y|ies)|subs?)(?:[\s_-]?(?:list|bar|index))?"
    r"(?:[\s_-]|$)"
)
"""Classes and ids of lists of boards."""
NUMBER = re.compile(r"\d+")
FEW_THREADS = 3
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

Links = list[tuple[str, HtmlElement]]


@dataclass(frozen=True)
class Look:
    """Which place is looked at, and what reading its pages needs."""

    place: str
    url: str
    key: bytes
    """Of authors' marks."""
    known_keys: tuple[str, ...] = ()
    """Armoured OpenPGP keys whose signatures count."""
    glance: bool = False
    """Whether its front page and its lists of other places are enough."""

    @property
    def tenant(self) -> str:
        """What names the place on a host of many; empty for a host of its own."""
        return self.place.partition("/")[2]

    @cached_property
    def _domains(self) -> frozenset[str]:
        """Its own, by its address and by its key: a service may have several."""
        hosts = (web_host(self.url), self.place.partition("/")[0])
        return frozenset(registrable_domain(host) for host in hosts if host)

    def reaches(self, url: str) -> bool:
        """Whether an address is on the place's site: its own, or of a host with many tenants."""
        host = web_host(url)
        return host is not None and registrable_domain(host) in self._domains

    def holds(self, url: str) -> bool:
        """Whether an address is the place's own."""
        if not self.reaches(url):
            return False
        return not self.tenant or f"/{self.tenant}/" in f"{urlsplit(url).path.lower().replace('@', '')}/"


@dataclass(frozen=True)
class Shown:
    """What one page gave."""

    facts: Facts = field(default_factory=Facts)
    pages: tuple[PageRef, ...] = ()
    """Further pages of the place, as its engine names them."""
    threads: frozenset[str] = frozenset()
    """Threads it names or is."""


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
        return _telegram_card(document, look) if engine is telegram.ENGINE else Front(why="it says that it is no more")
    except ClosedPage as stands_in:
        parsed, why = Parsed(), stands_in.why
    except PageError:
        parsed = Parsed()
    if document.is_json:
        shown = _shown(parsed, look)
        return Front(shown.facts, shown.pages, shown.threads, engine.name, *_state_of(why))
    page = document.html
    rest = _without_posts(page, engine.name, url)
    said = plain_text(rest)[:MOST_LETTERS]
    leads = list(_leads(page, url))
    state, why = _stands_in(page, said, parsed) or _state_of(why)
    sent_away = [lead for lead in leads if not look.holds(lead)]
    boards = list(_linked_boards(page, url, look))
    if state is ProbeState.CHALLENGED and boards and not challenge_in(document):  # a form beside the boards is no wall
        state, why = ProbeState.UP, None
    has_little = len(said.strip()) < FAREWELL and not parsed.pages and not boards
    if sent_away and has_little and state is ProbeState.UP:
        state, why = ProbeState.MOVED, f"its front page sends visitors to {sent_away[0]}"
    speaks = state in (ProbeState.UP, ProbeState.MOVED, ProbeState.FAILING)
    notices = _notices(rest, said, look, url, only=has_little) if speaks else []
    pointers = (*(Pointer(kind=PointerKind.REDIRECT, url=lead) for lead in sent_away), *_onions(page), *notices)
    own = Facts(
        engine=None if engine.name in ANY_SITES else engine.name,
        identifiers=tuple(identifiers(page)),
        asks_for=tuple(sorted(_asks_for(page, engine.name, said, look, url))),
        pointers=tuple(_distinct(pointers)),
    )
    shown = _shown(parsed, look)
    if not shown.facts.boards and state is ProbeState.UP:
        named = tuple(dict.fromkeys(board.board for board in boards if board.board))
        lists = (placed(engine, board) for board in boards)
        shown = Shown(shown.facts.model_copy(update={"boards": named}), (*lists, *shown.pages), shown.threads)
    facts = joined([own, _own_words(page, rest, said, look, url), shown.facts])
    within = [(address, " ".join(node.text_content().split())) for address, node in _links(page, url, look)[0]]
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


def read_page(document: Document, look: Look, engine: str, ref: PageRef) -> Shown:
    """A page of the place as its engine reads it, or as that which it shows. Raises PageError where it is none."""
    told = detect([document]).name if engine == generic.ENGINE.name else engine
    shown = _shown(_read_as(told, engine, ref, document), look)
    if document.is_json:
        return shown
    page, url = document.html, document.url or ref.url
    if told == generic.ENGINE.name and ref.kind == "index" and not shown.threads:
        threads = tuple(_linked_threads(page, url, look))
        shown = Shown(shown.facts, (*threads, *shown.pages), frozenset(thread.url for thread in threads))
    rest = _without_posts(page, engine, url)
    facts = Facts(
        engine=None if told in ANY_SITES else told,
        identifiers=tuple(identifiers(page)),
        pointers=tuple(_onions(page)),
        structure=sketch(structure(rest)),
    )
    return Shown(joined([shown.facts, facts]), shown.pages, shown.threads)


def read_about(document: Document, look: Look) -> Shown:
    """A page of rules or the like: the site's own words, and whom and what it names."""
    if document.is_json or not document.has_html_tag:
        return Shown(_from_text(document.text, document.text.splitlines(), None))
    if reason := closed(document):
        raise ClosedPage(document.url, reason)
    page, url = document.html, document.url or look.url
    rest = _without_posts(page, generic.ENGINE.name, url, blocks=False)
    return Shown(_own_words(page, rest, plain_text(rest)[:MOST_LETTERS], look, url).model_copy(update={"title": None}))


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
        for pointer in _pointers(PointerKind.MIRRORS, line, links_in(line), look, signer)
    ]
    told = _from_text(document.text, (), None)
    return Shown(told.model_copy(update={"pointers": tuple(_distinct(pointers))}))


def read_ring(document: Document, look: Look) -> Shown:
    """The list of a webring."""
    parsed = webring.parse_ring(document, PageRef(document.url or look.url, webring.KIND))
    pointers = [pointer for post in parsed.posts for pointer in _pointers(PointerKind.WEBRING, "", post.links, look)]
    return Shown(Facts(pointers=tuple(_distinct(pointers))))


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
    return Shown(Facts(pointers=tuple(_distinct(peers))))


def read_instance(document: Document, look: Look) -> Shown:
    """What a fediverse server says of itself."""
    told = document.json
    if not isinstance(told, dict):
        raise UnexpectedPage(document.url, "a server's description")
    title = told.get("title") if isinstance(told.get("title"), str) else None
    rules = [rule.get("text") for rule in told.get("rules") or () if isinstance(rule, dict)]
    texts = [_plain(text, document.url) for text in (told.get("short_description"), told.get("description"), *rules)]
    facts = _from_text("\n".join([*texts, str(told.get("email") or "")]), texts, title)
    links = links_in("\n".join(texts))
    return Shown(facts.model_copy(update={"title": title, "outlinks": tuple(_places(links, look))}))


def read_icon(body: bytes) -> Facts:
    """The hashes of an icon. Raises UnexpectedPage where it is none."""
    return Facts(favicon=favicon(body))


def read_headers(headers: Mapping[str, str], url: str) -> Facts:
    """What a response's headers point at."""
    onion = join(url, headers.get("onion-location"))
    host = web_host(onion or "")
    if onion is None or host is None or not host.endswith(".onion"):
        return Facts()
    return Facts(pointers=(Pointer(kind=PointerKind.ONION_LOCATION, url=onion),))


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
    told["pointers"] = tuple(_distinct(pointer for part in given for pointer in part.pointers))
    return Facts(
        **told, newest_post_at=max(newest, default=None), threads=max((part.threads for part in given), default=0)
    )


JOINED = {
    "boards": MOST_BOARDS, "posts": MOST_POSTS, "authors": MOST_POSTS, "identifiers": 100, "keys": 20, "contacts": 100,
    "public_keys": 20, "wallets": 100, "certificate_names": 100, "outlinks": MOST_OUTLINKS, "asks_for": 4,
}  # fmt: skip
"""Lists of facts, each with how many of it are kept."""


def _shown(parsed: Parsed, look: Look) -> Shown:
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
    bios = (pointer for post in accounts for pointer in _pointers(PointerKind.BIO, post.text, post.links, look))
    lines = [line for post in accounts for line in post.text.splitlines()]
    facts = Facts(
        title=next((post.subject for post in accounts if post.subject), None),
        boards=tuple(dict.fromkeys(page.board for page in lists if page.board))[:MOST_BOARDS],
        passages=sketch(passages(None, lines)),
        posts=tuple(dict.fromkeys(hash_ for post in posts if (hash_ := text_hash(post.text)) is not None))[:MOST_POSTS],
        authors=tuple(dict.fromkeys(mark for post in posts if (mark := mark_of(post, look.key))))[:MOST_POSTS],
        newest_post_at=max(times, default=None),
        outlinks=tuple(_places(links, look)),
        pointers=tuple(_distinct(bios)),
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


def _without_posts(page: HtmlElement, engine: str, url: str, *, blocks: bool = True) -> HtmlElement:
    """A copy of the page without posts; where its software is unknown, without what is built like posts."""
    rest = own_part(page, url)
    if blocks and engine == generic.ENGINE.name:
        drop(rest, *[block.element for block in find_blocks(rest, url).blocks])
    return rest


def _own_words(page: HtmlElement, rest: HtmlElement, said: str, look: Look, url: str) -> Facts:
    """What a page says and leads to in the site's own name. `rest`, the page without posts, is changed."""
    title = title_of(page)
    hrefs = [address for address, _ in _links(rest, url, look)[1]]
    links = links_in(said, [href for href in hrefs if web_host(href)])
    shape = sketch(structure(rest))
    mails = " ".join(href.partition("?")[0].replace("mailto:", " ") for href in hrefs if href.startswith("mailto:"))
    told = " ".join(href for href in hrefs if href.lower().startswith(("xmpp:", "bitcoin:", "monero:")))
    facts = _from_text(f"{said}\n{mails}\n{told}", own_lines(rest), title)
    handles = {
        f"{link.service}:{link.handle}" for link in links if link.service and link.handle and not look.holds(link.url)
    }
    return facts.model_copy(update={
        "title": title, "structure": shape, "outlinks": tuple(_places(links, look)),
        "contacts": tuple(sorted({*facts.contacts, *handles}))[:100],
    })  # fmt: skip


def _from_text(text: str, lines: Iterable[str], title: str | None) -> Facts:
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
    for link, _ in _links(page, url, look)[0]:
        address = link.partition("#")[0]
        parts = urlsplit(address)
        if not generic.TRAPS.search(parts.path) and NUMBER.search(f"{parts.path}?{parts.query}"):
            forms.setdefault(NUMBER.sub("#", f"{parts.path}?{parts.query}"), {})[address] = None
    most = max(forms.values(), key=len, default={})
    if len(most) >= FEW_THREADS:
        yield from (PageRef(address, "thread", thread=urlsplit(address).path) for address in islice(most, MOST_PAGES))


def _engine_of(document: Document, look: Look) -> Engine:
    if look.tenant and web_host(document.url or look.url) in TELEGRAM:
        return telegram.ENGINE
    return detect([document])


def _names(node: HtmlElement) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}"


def _linked_boards(page: HtmlElement, url: str, look: Look) -> Iterator[PageRef]:
    """Boards that a front page of unknown making links: folders under their own names, and what lists of them hold."""
    seen = {url}
    for link, node in _links(page, url, look)[0]:
        address = link.partition("#")[0]
        text = " ".join(node.text_content().split())[:NAME]
        if address in seen or not text or generic.TRAPS.search(urlsplit(address).path):
            continue
        folder = generic.BOARD_FOLDER.fullmatch(urlsplit(address).path)
        if folder and folder["thread"] is None and folder["board"].lower() in text.lower():
            name = folder["board"]
        elif any(BOARDS.search(_names(above)) for above in islice(node.iterancestors(), 3)):
            name = text
        else:
            continue
        seen.add(address)
        if len(seen) <= MOST_PAGES:
            yield PageRef(address, "index", name)


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
    bios = tuple(_distinct(_pointers(PointerKind.BIO, text, links, look)))
    facts = _from_text(text, text.splitlines(), title)
    told = {"engine": telegram.ENGINE.name, "title": title, "pointers": bios, "outlinks": tuple(_places(links, look))}
    return Front(facts.model_copy(update=told), engine=telegram.ENGINE.name)


def _state_of(why: str | None) -> tuple[ProbeState, str | None]:
    """The state that a reason of `crawler.detect.closed` is."""
    if why is None:
        return ProbeState.UP, None
    state = (
        ProbeState.PARKED if "domain" in why else ProbeState.FAILING if "maintenance" in why else ProbeState.CHALLENGED
    )
    return state, why


def _stands_in(page: HtmlElement, said: str, parsed: Parsed) -> tuple[ProbeState, str] | None:
    """The state of a place whose front page is a banner of authorities or of a network; None for any other."""
    if parsed.pages or len(said) > FEW_WORDS:
        return None
    pictures = (node.get("alt") or "" for node in select(page, "img"))
    told = " ".join([title_of(page) or "", *said.split(), *pictures])
    if PLACEHOLDER.search(told):
        return ProbeState.PARKED, "a server's or provider's own page stands there"
    if SEIZED.search(told):
        return ProbeState.SEIZED, "its front page says that it was seized"
    return (ProbeState.BLOCKED, "its front page says that access is blocked") if WITHHELD.search(told) else None


def challenge_in(document: Document) -> bool:
    """Whether a refusal is a challenge for browsers rather than a plain one."""
    if document.is_json or not document.text.strip():
        return False
    return (
        first(document.html, CHALLENGES) is not None
        or CHALLENGE_TITLES.search(title_of(document.html) or "") is not None
    )


def _leads(page: HtmlElement, url: str) -> Iterator[str]:
    """Where a page sends its visitors by itself: by a refresh, or by a script where there is little else."""
    for node in select(page, "meta[http-equiv][content]"):
        told = REFRESH.match(node.get("content") or "") if (node.get("http-equiv") or "").lower() == "refresh" else None
        if told and int(told[1] or 0) <= SOON and web_host(target := join(url, told[2]) or ""):
            yield target
    if len(" ".join(plain_text(page).split())) > FAREWELL:
        return
    for script in select(page, "script"):
        for found in LOCATION.finditer((script.text or "")[:20_000]):
            if web_host(target := join(url, found[1] or found[2]) or ""):
                yield target


def _onions(page: HtmlElement) -> Iterator[Pointer]:
    for node in select(page, "meta[http-equiv][content]"):
        if (node.get("http-equiv") or "").lower() == "onion-location":
            yield from read_headers({"onion-location": node.get("content") or ""}, "").pointers


def _notices(rest: HtmlElement, said: str, look: Look, url: str, *, only: bool) -> list[Pointer]:
    """Links with their words where a front page says that it moved, or is only there to say so."""
    found: list[Pointer] = []
    for address, node in _links(rest, url, look)[1][:MOST_LINES]:
        around = _around(node)
        if only or MOVED.search(around):
            found += _pointers(PointerKind.NOTICE, around, links_in("", [address]), look)
    lines = [" ".join(line.split()) for line in said.split("\n")[:MOST_LINES]]
    for at, line in enumerate(lines):
        near = " ".join(lines[max(0, at - 1) : at + 2])[:NOTICE]
        if line and (only or MOVED.search(near)):
            found += _pointers(PointerKind.NOTICE, near, links_in(line), look)
    found = list(_distinct(found))
    is_farewell = len(found) <= FAREWELL_LINKS
    return found if is_farewell or not only else [pointer for pointer in found if MOVED.search(pointer.text)]


def _links(page: HtmlElement, url: str, look: Look) -> tuple[Links, Links]:
    """The first links of a page with their elements: those within the place, and all others."""
    own: Links = []
    other: Links = []
    for node in islice(page.iter("a"), MOST_LINKS):
        if address := join(url, node.get("href")):
            (own if look.holds(address) else other).append((address, node))
    return own, other


def _around(node: HtmlElement) -> str:
    """The words that a link stands in: of the innermost element that says more than the link itself."""
    own = " ".join(node.text_content().split())
    for above in islice(node.iterancestors(), 3):
        said = " ".join(above.text_content().split())
        if len(said) > NOTICE:
            break
        if len(said) > len(own) + 3:
            return said
    return own[:NOTICE]


def _pointers(
    kind: PointerKind, text: str, links: Iterable[Link], look: Look, signer: str | None = None
) -> Iterator[Pointer]:
    """Links that lead out of the place, as pointers."""
    for link in links:
        if link.kind not in (LinkKind.MEDIA, LinkKind.ARCHIVE) and not look.holds(link.url):
            yield Pointer(kind=kind, url=link.url, text=text.strip()[:NOTICE], signed_by=signer)


def _distinct(pointers: Iterable[Pointer]) -> Iterator[Pointer]:
    """Each address once a kind, whatever its scheme, the first of each: signed ones stand before others."""
    kept: dict[tuple[PointerKind, str], Pointer] = {}
    for pointer in pointers:
        kept.setdefault((pointer.kind, pointer.url.partition("://")[2]), pointer)
    return islice(kept.values(), MOST_POINTERS)


def _places(links: Iterable[Link], look: Look) -> Iterator[str]:
    """Where links lead: registrable domains and onions; host and handle for accounts."""
    leading = (link for link in links if link.kind is not LinkKind.ARCHIVE and not look.holds(link.url))
    names = (f"{link.host}/{link.handle.lower()}" if link.handle and link.service else link.domain for link in leading)
    return islice(dict.fromkeys(name for name in names if name), MOST_OUTLINKS)


def _asks_for(page: HtmlElement, engine: str, said: str, look: Look, url: str) -> Iterator[str]:
    """What a front page asks of a visitor that the software's own does not."""
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
    if SEED_WORDS.search(said):
        yield "wallet"
    if any(PROGRAM.search(node.get("href") or "") for node in select(page, "a[href]")):
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


def _without_armour(text: str) -> str:
    """A text without what OpenPGP wrote around and into it."""
    return re.sub(
        r"-----BEGIN PGP (?:SIGNATURE|PUBLIC KEY BLOCK)-----.*?(?:-----END [^\n]*|$)", "", text, flags=re.DOTALL
    )


def _plain(text: Any, url: str | None) -> str:
    return plain_text(parse_fragment(text, url)) if isinstance(text, str) and text.strip() else ""
