"""What stands in a site's place: banners, notices, servers' own pages; and where pages send their visitors."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from core.hosts import web_host
from core.probes import ProbeState
from crawler.detect import CHALLENGE_TITLES, CHALLENGES
from crawler.markup import first, join, plain_text, select
from crawler.page import Document, Parsed
from crawler.template import title_of

FEW_WORDS = 1500
"""Letters: a page that stands in for a site says little."""
FAREWELL = 400
"""Letters of a front page with so little left that every link on it is what it is there for."""
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
LOCATION = re.compile(
    r"""(?:^|[\s;{(.])location(?:\.href)?\s*=\s*["']([^"'\s]{1,500})["']|location\.(?:replace|assign)\(\s*["']([^"'\s]{1,500})["']"""
)
REFRESH = re.compile(r"""(?i)^\s*(\d*)(?:\.\d*)?\s*[;,]\s*(?:url\s*=)?\s*["']?([^"'\s]+)""")
SOON = 60
"""Seconds after which a page that sends its visitors on is still only a sign."""


def state_of(why: str | None) -> tuple[ProbeState, str | None]:
    """The state that a reason of `crawler.detect.closed` is."""
    if why is None:
        return ProbeState.UP, None
    state = (
        ProbeState.PARKED if "domain" in why else ProbeState.FAILING if "maintenance" in why else ProbeState.CHALLENGED
    )
    return state, why


def stands_in(page: HtmlElement, said: str, parsed: Parsed) -> tuple[ProbeState, str] | None:
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


def leads_of(page: HtmlElement, url: str) -> Iterator[str]:
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
