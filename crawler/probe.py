"""One look at a place: which addresses are asked for, in which order, and what their answers come to.

The plan is a generator. It yields what it wants done (an address asked for, a page read) and is sent what came of it,
so that one plan serves the crawler, which reads pages in a process of their own, and tests, which hold a web in memory.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from core.hosts import is_ip, web_host
from core.probes import Facts, Pointer, PointerKind, Probe, ProbeState
from core.records import EvidenceRef, PageRef
from crawler import facts as reading
from crawler.engines import ENGINES, feed, generic, webring
from crawler.errors import PageError
from crawler.facts import Shown, joined
from crawler.front import TELEGRAM, Front, placed, read_front
from crawler.markup import join
from crawler.page import Document
from crawler.permitted import allows, is_text, robots_rules
from crawler.pointing import Look, read_headers
from crawler.standins import challenge_in

Result = TypeVar("Result")
Steps = Generator["Ask | Read", Any, Result]

MOST_PAGES = 12
"""Addresses of one place that are asked for in one look, robots.txt aside."""
MOST_REDIRECTS = 5
MOST_TURNS = 2
"""How often one address is asked for in a chain of redirects: once more where the first answer set a cookie."""
SCRIPTED = frozenset({"vichan", "jschan", "lynxchan", "fourchan", "futaba", "tinyib", "makaba", "foolfuuka"})
"""Imageboards: they keep lists of mirrors, keys and webrings at addresses of custom, linked or not."""
RINGS: Mapping[str, Sequence[str]] = {
    "jschan": ("/webring.json",), "lynxchan": ("/addon.js/webring", "/webring.json"), "vichan": ("/webring.json",),
}  # fmt: skip
CUSTOM = ("/mirrors.txt", "/pgp.txt")
PEERS = {"mastodon": "/api/v1/instance/peers", "lemmy": "/api/v3/federated_instances"}
BEYOND = {502, 504, 521, 522, 523, 524, 530}
"""What a gateway, a proxy or a service in front of a site answers where it does not reach the site itself."""
UNREACHED = "what stands before the site does not reach it (HTTP {})"
REFUSED = {401, 402, 403, 407, 429, 451}
FORBIDDEN = "forbidden by robots.txt"


@dataclass(frozen=True)
class Ask:
    """An address that is wanted."""

    url: str
    icon: bool = False
    """Whether it is an icon: at most `crawler.permitted.ICON_BYTES` bytes, of an icon's types, never written down."""


@dataclass(frozen=True)
class Read:
    """A function of documents that is to be called where it may hang or be killed; raises PageError."""

    work: Callable[..., Any]
    args: tuple[Any, ...]
    url: str | None = None


@dataclass(frozen=True)
class Answer:
    """What an address answered; with an error, why that cannot be read, or why there is no answer at all."""

    url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """By names in lower case."""
    body: bytes = b""
    error: str | None = None
    forbidden: bool = False
    """Whether robots.txt forbids it."""
    evidence: EvidenceRef | None = None
    certificate_names: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether it is a success."""
        return self.error is None and self.status is not None and self.status // 100 == 2  # noqa: PLR2004

    def document(self, now: datetime) -> Document:
        """The answer to be read."""
        return Document(self.url, self.body, self.headers.get("content-type"), self.status or 0, now)


def look(
    place: str,
    url: str,
    fetch: Callable[[str], Answer],
    key: bytes,
    now: datetime,
    *,
    known_keys: Sequence[str] = (),
    agent: str = "Fringewatch",
    favicons: bool = True,
    glance: bool = False,
    read: Callable[[Read], Any] = lambda step: step.work(*step.args),
) -> Probe:
    """One look at a place in this process, through a function that fetches one address and follows nothing.

    `read` does what is to be done with documents.
    """
    steps = plan(Look(place, url, key, tuple(known_keys), glance), now, agent=agent, favicons=favicons)
    done: Any = None
    while True:
        try:
            step = steps.send(done)
        except StopIteration as ended:
            probe: Probe = ended.value
            return probe
        if isinstance(step, Ask):
            done = fetch(step.url)
            continue
        try:
            done = read(step)
        except PageError as error:
            done = error


def plan(place: Look, now: datetime, *, agent: str, favicons: bool = True) -> Steps[Probe]:
    """The steps of one look. Sent an Answer for each Ask, and for each Read its result or the PageError it raised."""
    visit = _Visit(place, now, agent)
    state, why = yield from visit.all(favicons=favicons)
    told = joined(visit.facts) if visit.facts else None
    if told is not None:
        told = told.model_copy(update={"threads": len(visit.threads)})
    return Probe(
        place=place.place, url=place.url, at=now, state=state, why=why, facts=told,
        pages=tuple(visit.pages), evidence=tuple(visit.evidence), answered=tuple(visit.answered),
    )  # fmt: skip


class _Visit:
    """One look while it goes on."""

    def __init__(self, place: Look, now: datetime, agent: str) -> None:
        self.place, self.now, self.agent = place, now, agent
        self.pages: list[str] = []
        self.evidence: list[EvidenceRef] = []
        self.answered: list[str] = []
        self.facts: list[Facts] = []
        self.threads: set[str] = set()
        self.boards: set[str | None] = set()
        """Those whose lists were seen."""
        self.asked = 0
        self._rules: dict[str, bytes | Answer] = {}
        """Of each origin, or the answer that stands for a refusal."""

    def all(self, *, favicons: bool) -> Steps[tuple[ProbeState, str | None]]:
        """The whole look; what state it found the place in, and why where it is not up."""
        answer = yield from self._front()
        if answer.forbidden:
            state = _refusal(answer.status)
            return state, UNREACHED.format(answer.status) if state is ProbeState.UNREACHABLE else answer.error
        if answer.error is not None:
            return ProbeState.UNREACHABLE if answer.status is None else ProbeState.FAILING, answer.error
        self._note(Shown(read_headers(answer.headers, answer.url)))
        self._note(Shown(Facts(certificate_names=answer.certificate_names)))
        if (moved := _target(answer)) is not None:
            self._note(Shown(Facts(pointers=(Pointer(kind=PointerKind.REDIRECT, url=moved),))))
            return ProbeState.MOVED, f"it sends its visitors to {moved}"
        if not answer.found:
            return (yield from self._refused(answer))
        if not is_text(answer.headers.get("content-type", "")):
            return ProbeState.FAILING, f"not a page but {answer.headers['content-type']}; only text is fetched"
        front = yield from self._read(read_front, answer)
        if isinstance(front, Front) and front.goes_on:
            answer = yield from self._ask(front.goes_on)
            if answer.found:
                self._note(front)
                front = yield from self._read(read_front, answer)
        if not isinstance(front, Front):
            return ProbeState.UP, f"its front page cannot be read: {front.why}"
        self._note(front)
        if front.state in (ProbeState.UP, ProbeState.CHALLENGED, ProbeState.MOVED):
            yield from self._icon(front, favicons=favicons)
        if front.state is ProbeState.UP:
            yield from self._further(front, answer)
        return front.state, front.why

    def _front(self) -> Steps[Answer]:
        """The front page's answer, by the first scheme that gives one."""
        failed: list[Answer] = []
        for address in _fronts(self.place):
            answer = yield from self._ask(address)
            if answer.error is None or answer.forbidden:
                return answer
            failed.append(answer)
        whys = dict.fromkeys(f"{urlsplit(answer.url).scheme}: {answer.error}" for answer in failed)
        status = next((answer.status for answer in failed if answer.status), None)
        return Answer(self.place.url, status, error="; ".join(whys) or "no address of the web")

    def _refused(self, answer: Answer) -> Steps[tuple[ProbeState, str]]:
        """The state that an answer is which is no success."""
        status = UNREACHED.format(answer.status) if answer.status in BEYOND else f"HTTP {answer.status}"
        if is_text(answer.headers.get("content-type", "")):
            is_challenge = yield Read(challenge_in, (answer.document(self.now),), answer.url)
            if is_challenge is True or "cf-mitigated" in answer.headers:
                return ProbeState.CHALLENGED, f"a challenge for browsers stands before the site ({status})"
        return _refusal(answer.status), status

    def _further(self, front: Front, answer: Answer) -> Steps[None]:
        """Whatever else tells of the place, the most telling first, as long as pages may be asked for."""
        if self.place.glance:
            yield from self._texts(front, answer.url)
            yield from self._rings([front], front.engine, answer.url)
            return
        front, url = (yield from self._told_better(front, answer)), answer.url
        engine = front.engine
        lists = yield from self._entries(front, url)
        if self.place.tenant:
            for page in [page for shown in lists for page in shown.pages][:1]:
                yield from self._page(engine, page)
            return
        found = [board for shown in (front, *lists) for board in _boards(shown) if board.board not in self.boards]
        boards = list({board.board or board.url: board for board in found}.values())
        threads: list[PageRef] = []
        while boards and not threads and self.asked < MOST_PAGES // 2:  # the first may be a heading for others
            threads += yield from self._board(engine, boards.pop(0))
        threads += [page for shown in (front, *lists) for page in _threads(shown)]
        threads = _telling(list({page.url: page for page in threads}.values()))
        yield from self._threads(engine, threads[:2])
        yield from self._texts(front, url)
        yield from self._rings([front, *lists], engine, url)
        for address in front.about[:1]:
            yield from self._take(reading.read_about, address)
        for board in boards[:1]:
            more = yield from self._board(engine, board)
            threads = [*threads[:2], *more, *threads[2:]]
        yield from self._threads(engine, threads[2:3])
        for address in front.feeds[:1]:
            yield from self._page(feed.ENGINE.name, PageRef(address, "entry"))

    def _told_better(self, front: Front, answer: Answer) -> Steps[Front]:
        """The front page with what the first board and thread name; read anew where these show the software, not it."""
        if front.engine != generic.ENGINE.name or self.place.tenant:
            return front
        for leading in (_boards, _threads):
            for first in leading(front)[:1]:
                shown = yield from self._page(front.engine, first)
                if shown is None:
                    continue
                if shown.facts.engine is not None:
                    again = yield from self._read(read_front, answer, shown.facts.engine)
                    if isinstance(again, Front):
                        self._note(again)
                        software = ENGINES[again.engine]
                        known = (placed(software, page) for page in front.pages if page.thread is not None)
                        return replace(again, pages=(*again.pages, *shown.pages, *known))
                front = replace(front, pages=(*front.pages, *shown.pages))
        return front

    def _entries(self, front: Front, url: str) -> Steps[list[Shown]]:
        """The list of boards, timeline, channel: where the engine's reading begins, unless that is the front page."""
        begins = [page for page in front.pages if page.kind == "entry"]
        begins += [page for page in ENGINES[front.engine].entry(url) if not _boards(front)]
        wanted = {page.url: page for page in begins if page.url not in self.pages and self.place.reaches(page.url)}
        found = []
        for page in list(wanted.values())[:1]:
            shown = yield from self._page(front.engine, page)
            found += [shown] if shown else []
        return found

    def _board(self, engine: str, board: PageRef) -> Steps[list[PageRef]]:
        """A board's list of threads, as a page where there is one: that shows the template too."""
        as_page = PageRef(board.alternate, board.kind, board.board) if board.alternate else board
        shown = yield from self._page(engine, as_page)
        if shown is None and board.alternate:
            shown = yield from self._page(engine, PageRef(board.url, board.kind, board.board))
        return _threads(shown) if shown else []

    def _threads(self, engine: str, threads: Sequence[PageRef]) -> Steps[None]:
        for page in threads:
            yield from self._page(engine, page)

    def _texts(self, front: Front, url: str) -> Steps[None]:
        """Lists of mirrors and keys."""
        custom = [join(url, path) or "" for path in CUSTOM] if front.engine in SCRIPTED else []
        for address in list(dict.fromkeys([*front.lists, *custom]))[:3]:
            yield from self._take(reading.read_addresses, address)

    def _rings(self, seen: Sequence[Shown], engine: str, url: str) -> Steps[None]:
        """The webring that the site is in, or the servers that it talks to."""
        linked = [page for shown in seen for page in shown.pages if page.kind == webring.KIND]
        named = [address for page in linked for address in (page.url, page.alternate) if address]
        custom = [join(url, path) or "" for path in RINGS.get(engine, ())]
        for address in list(dict.fromkeys([*named, *custom]))[:2]:
            if (yield from self._take(reading.read_ring, address)):
                break
        if engine == "mastodon":
            yield from self._take(reading.read_instance, join(url, "/api/v1/instance") or "")
        yield from self._take(reading.read_peers, join(url, PEERS.get(engine)) or "")

    def _icon(self, front: Front, *, favicons: bool) -> Steps[None]:
        """The site's icon: as it stands in the page, else the first address that gives one."""
        if not favicons or self.place.tenant or self.place.glance:
            return
        self._note(Shown(front.icon))
        for address in front.icons[:2] if front.icon.favicon is None else ():
            answer = yield from self._ask(address, icon=True)
            if answer.found:
                found = yield Read(reading.read_icon, (answer.body,), address)
                if isinstance(found, Facts):
                    self._note(Shown(found))
                    return

    def _page(self, engine: str, page: PageRef) -> Steps[Shown | None]:
        """A page as its engine reads it; None where it is not there or something else."""
        if page.url in self.pages or page.kind not in ENGINES[engine].pages:
            return None
        answer = yield from self._ask(page.url)
        if not answer.found and page.alternate and not answer.forbidden:
            answer = yield from self._ask(page.alternate)
        shown = (yield from self._read(reading.read_page, answer, engine, page)) if _is_page(answer) else None
        if not isinstance(shown, Shown):
            return None
        self._note(shown)
        if page.kind == "index" and page.board and _threads(shown):
            self.boards.add(page.board)
        return shown

    def _take(self, work: Callable[..., Shown], url: str) -> Steps[Shown | None]:
        """A page of another making than the engine's; None where it is not there or something else."""
        if not url or url in self.pages:
            return None
        answer = yield from self._ask(url)
        shown = (yield from self._read(work, answer)) if _is_page(answer) else None
        if isinstance(shown, Shown):
            self._note(shown)
            return shown
        return None

    def _read(self, work: Callable[..., Result], answer: Answer, *more: object) -> Steps[Result | PageError]:
        read: Result | PageError = yield Read(work, (answer.document(self.now), self.place, *more), answer.url)
        return read

    def _note(self, shown: Shown) -> None:
        self.facts.append(shown.facts)
        self.threads |= shown.threads

    def _ask(self, url: str, *, icon: bool = False) -> Steps[Answer]:
        """The answer of an address, robots.txt obeyed and redirects within the place followed."""
        chain, status = [url], None
        while len(chain) <= MOST_REDIRECTS + 1 and chain.count(url) <= MOST_TURNS:
            rules = yield from self._robots(url)
            if isinstance(rules, Answer):
                return rules
            allowed = yield Read(allows, (rules, self.agent, url), url)
            if allowed is not True:
                return Answer(url, error=FORBIDDEN, forbidden=True)
            if self.asked >= MOST_PAGES:
                return Answer(url, error=f"{MOST_PAGES} pages of this place were asked for")
            self.asked += 1
            answer = yield from self._fetch(Ask(url, icon=icon))
            target = _target(answer)
            if target is None or not self.place.holds(target):
                return answer
            url, status = target, answer.status
            chain.append(url)
        return Answer(url, status, error=f"redirects without end, the last to {url}")

    def _robots(self, url: str) -> Steps[bytes | Answer]:
        """The rules of an address's origin; an answer where everything is forbidden, or nothing can be reached."""
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._rules:
            self._rules[origin] = yield from self._ask_robots(f"{origin}/robots.txt")
        return self._rules[origin]

    def _ask_robots(self, url: str) -> Steps[bytes | Answer]:
        for _ in range(MOST_REDIRECTS + 1):
            answer = yield from self._fetch(Ask(url))
            if answer.error is not None:
                return answer
            assert answer.status is not None
            target = _target(answer)
            if target is None or not self.place.holds(target):
                rules = robots_rules(answer.status, answer.body)
                refused = f"robots.txt could not be read (HTTP {answer.status}), which counts as a refusal"
                return Answer(url, answer.status, error=refused, forbidden=True) if rules is None else rules
            url = target
        return b""  # RFC 9309, 2.3.1.2: after five redirects it may be taken as unavailable

    def _fetch(self, wanted: Ask) -> Steps[Answer]:
        self.pages.append(wanted.url)
        answer: Answer = yield wanted
        if answer.evidence is not None:
            self.evidence.append(answer.evidence)
            self.answered.append(wanted.url)
        return answer


def _fronts(place: Look) -> list[str]:
    """Where a place's front page may be: https, then http; onions and hosts with a port by the scheme that was told."""
    host = web_host(place.url)
    if host is None or not set(".:") & set(host):  # session/KEY is a place, and no name of the web's
        return []
    parts = urlsplit(place.url)
    path = parts.path or "/"
    if place.tenant and host in TELEGRAM:
        path = urlsplit(ENGINES["telegram"].entry(place.url)[0].url).path
    path, query = (path, parts.query) if place.tenant else ("/", "")
    told = parts.scheme if parts.port else "http" if host.endswith((".onion", ".i2p")) or is_ip(host) else None
    origin = parts.netloc.rpartition("@")[2]
    return [urlunsplit((scheme, origin, path, query, "")) for scheme in ([told] if told else ["https", "http"])]


def _refusal(status: int | None) -> ProbeState:
    """The state that an answer without a page is; without a status it is the rules of robots.txt that refuse."""
    if status is None:
        return ProbeState.FORBIDDEN
    if status in BEYOND:
        return ProbeState.UNREACHABLE
    return ProbeState.BLOCKED if status in REFUSED else ProbeState.FAILING


def _target(answer: Answer) -> str | None:
    """Where an answer redirects to."""
    if answer.status is None or answer.status // 100 != 3:  # noqa: PLR2004
        return None
    target = join(answer.url, answer.headers.get("location"))
    return target.partition("#")[0] if target and web_host(target) else None


def _is_page(answer: Answer) -> bool:
    return answer.found and is_text(answer.headers.get("content-type", ""))


def _boards(shown: Shown) -> list[PageRef]:
    """Lists of threads, each board once."""
    named = (page for page in shown.pages if page.kind == "index" and page.part == 1)
    return list({page.board or page.url: page for page in named}.values())


def _telling(threads: Sequence[PageRef]) -> list[PageRef]:
    """Threads in the order in which they are looked at: the newest, then the one with most answers, then the others."""
    longest = max(threads[1:], key=lambda page: _answers(page.hint), default=None)
    rest = [page for page in threads[1:] if page is not longest]
    return [*threads[:1], *([longest] if longest else []), *rest]


def _answers(hint: str | None) -> int:
    """How many answers a list says a thread has: what most engines' hints begin with."""
    first = (hint or "").partition(" ")[0]
    return int(first) if first.isascii() and first.isdigit() else 0


def _threads(shown: Shown) -> list[PageRef]:
    """Threads as a list names them: those with the newest answers stand first on every software that is read."""
    return [
        page
        for page in shown.pages
        if page.thread is not None and page.part == 1 and page.kind not in ("entry", "index")
    ]
