"""Which place is looked at, and where its pages point: links out of it, as pointers and as places."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from core.hosts import registrable_domain, web_host
from core.probes import Facts, Pointer, PointerKind
from core.records import Link, LinkKind
from crawler.links import links_in
from crawler.markup import join, select

FAREWELL_LINKS = 5
NOTICE = 500
"""Characters of what stands around a pointer."""
MOST_OUTLINKS = 500
MOST_POINTERS = 10_000
MOST_LINKS = 5_000
"""Links of a page that are looked at."""
MOST_LINES = 500
"""Lines, and links out of the place, of a front page that are searched for a notice."""
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
        tenant, path = (name.lower().replace("@", "") for name in (self.tenant, urlsplit(url).path))
        return not tenant or f"/{tenant}/" in f"{path}/"


def links_of(page: HtmlElement, url: str, look: Look) -> tuple[Links, Links]:
    """The first links of a page with their elements: those within the place, and all others."""
    own: Links = []
    other: Links = []
    for node in islice(page.iter("a"), MOST_LINKS):
        if address := join(url, node.get("href")):
            (own if look.holds(address) else other).append((address, node))
    return own, other


def pointers_to(
    kind: PointerKind, text: str, links: Iterable[Link], look: Look, signer: str | None = None
) -> Iterator[Pointer]:
    """Links that lead out of the place, as pointers."""
    for link in links:
        if link.kind not in (LinkKind.MEDIA, LinkKind.ARCHIVE) and not look.holds(link.url):
            yield Pointer(kind=kind, url=link.url, text=text.strip()[:NOTICE], signed_by=signer)


def distinct(pointers: Iterable[Pointer]) -> Iterator[Pointer]:
    """Each address once a kind, whatever its scheme, the first of each: signed ones stand before others."""
    kept: dict[tuple[PointerKind, str], Pointer] = {}
    for pointer in pointers:
        kept.setdefault((pointer.kind, pointer.url.partition("://")[2]), pointer)
    return islice(kept.values(), MOST_POINTERS)


def places_of(links: Iterable[Link], look: Look) -> Iterator[str]:
    """Where links lead: registrable domains and onions; host and handle for accounts."""
    leading = (link for link in links if link.kind is not LinkKind.ARCHIVE and not look.holds(link.url))
    names = (f"{link.host}/{link.handle.lower()}" if link.handle and link.service else link.domain for link in leading)
    return islice(dict.fromkeys(name for name in names if name), MOST_OUTLINKS)


def read_headers(headers: Mapping[str, str], url: str) -> Facts:
    """What a response's headers point at."""
    onion = join(url, headers.get("onion-location"))
    host = web_host(onion or "")
    if onion is None or host is None or not host.endswith(".onion"):
        return Facts()
    return Facts(pointers=(Pointer(kind=PointerKind.ONION_LOCATION, url=onion),))


def onions_on(page: HtmlElement) -> Iterator[Pointer]:
    """What a page gives as its onion address in place of the header."""
    for node in select(page, "meta[http-equiv][content]"):
        if (node.get("http-equiv") or "").lower() == "onion-location":
            yield from read_headers({"onion-location": node.get("content") or ""}, "").pointers


def notices_on(rest: HtmlElement, said: str, look: Look, url: str, *, only: bool) -> list[Pointer]:
    """Links with their words where a front page says that it moved, or is only there to say so."""
    found: list[Pointer] = []
    for address, node in links_of(rest, url, look)[1][:MOST_LINES]:
        around = _around(node)
        if only or MOVED.search(around):
            found += pointers_to(PointerKind.NOTICE, around, links_in("", [address]), look)
    lines = [" ".join(line.split()) for line in said.split("\n")[:MOST_LINES]]
    for at, line in enumerate(lines):
        near = " ".join(lines[max(0, at - 1) : at + 2])[:NOTICE]
        if line and (only or MOVED.search(near)):
            found += pointers_to(PointerKind.NOTICE, near, links_in(line), look)
    found = list(distinct(found))
    is_farewell = len(found) <= FAREWELL_LINKS
    return found if is_farewell or not only else [pointer for pointer in found if MOVED.search(pointer.text)]


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
