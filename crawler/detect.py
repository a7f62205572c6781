"""Which software a site runs, and whether a page stands in for it: login wall, challenge, maintenance, parking."""

import re
from collections.abc import Iterable, Mapping

from lxml.html import HtmlElement

from crawler.engines import ENGINES, generic
from crawler.errors import UnexpectedPage
from crawler.markup import first, plain_text, select
from crawler.page import Document, Engine

SURE_ENOUGH = 0.5
"""Below this a site is read as any page is."""

CHALLENGES = (
    "#challenge-form, #challenge-running, #cf-challenge-running, .cf-browser-verification, #cf-please-wait,"
    "#anubis_challenge, form[action*='bot-check'], [data-ttrs-challenge], [data-sssg-challenge], #px-captcha"
)
CHALLENGE_TITLES = re.compile(
    r"(?i)just a moment|attention required! \| cloudflare|ddos-guard|checking your browser|verifying (?:you|that you)|"
    r"making sure you.re not a bot|are you (?:a )?(?:human|robot)|security check|one more step|hold on\.\.\."
)
CAPTCHAS = ".g-recaptcha, .h-captcha, .cf-turnstile, iframe[src*='captcha'], img[src*='captcha']"
PARKING = re.compile(
    r"(?i)\b(?:this )?domain (?:name )?(?:is |may be )?(?:for sale|parked|expired)|buy this domain|domain has expired|"
    r"parkingcrew|sedoparking|bodis\.com|account (?:has been )?suspended"
)
MAINTENANCE = re.compile(
    r"(?i)\b(?:under|for|down for|undergoing) (?:scheduled )?maintenance|be (?:right )?back (?:soon|shortly)|"
    r"temporarily (?:unavailable|offline|closed)|wartungsarbeiten|en mantenimiento|en maintenance|технические работы"
)
LOGIN = re.compile(r"(?i)log[ _-]?in|sign[ _-]?in|auth|session|anmeld|connexion|войти|вход|iniciar|acceder|accedi")
LOGIN_ASKED = re.compile(
    r"(?i)\b(?:must|need to|have to|please) (?:first )?(?:be logged in|be a member|log ?in|sign ?in|register)\b|"
    r"not logged in or do not have permission|members only"
)
POSTS = ".post, article, [id^='post'], [itemprop='text'], .message-body, .postbody"
FEW_WORDS = 1500
"""Letters. A page that stands in for a site says little."""


def detect(documents: Iterable[Document]) -> Engine:
    """The engine that is surest of any of a site's pages; the generic one where none is sure enough."""
    best = dict.fromkeys(ENGINES, 0.0)
    for document in documents:
        best = {name: max(best[name], sure) for name, sure in sureness(document).items()}
    return surest(best)


def sureness(document: Document) -> dict[str, float]:
    """How surely a page comes from each engine, 0 to 1, by the engine's name."""
    return {name: _sure(engine, document) for name, engine in ENGINES.items()}


def surest(best: Mapping[str, float]) -> Engine:
    """The engine that is surest; the generic one where none is sure enough."""
    name = max(best, key=lambda name: best[name])
    return ENGINES[name] if best[name] >= SURE_ENOUGH else generic.ENGINE


def _sure(engine: Engine, document: Document) -> float:
    try:
        return engine.recognise(document)
    except UnexpectedPage:
        return 0.0


def closed(document: Document) -> str | None:
    """Why a page that holds nothing expected stands in for the site, or None where it does not.

    Raises UnexpectedPage where the page cannot be read at all.
    """
    if document.text.lstrip()[:1] in ("{", "["):
        return None
    page = document.html
    title = " ".join(node.text_content() for node in select(page, "title"))
    if first(page, CHALLENGES) is not None or CHALLENGE_TITLES.search(title):
        return "a challenge for browsers stands before the site"
    if first(page, POSTS) is not None:
        return None
    said = " ".join(plain_text(page).split())
    if len(said) > FEW_WORDS:
        return None
    if _has_login(page) or LOGIN_ASKED.search(said):
        return "a login stands before the page"
    if first(page, CAPTCHAS) is not None:
        return "a CAPTCHA stands before the page"
    if PARKING.search(said) or PARKING.search(document.text[:20_000]):
        return "the domain is parked or suspended"
    return "the site is down for maintenance" if MAINTENANCE.search(f"{title} {said}") else None


def _has_login(page: HtmlElement) -> bool:
    """Whether the page shows a form to log in with, rather than one that only opens on demand."""
    for field in select(page, "form input[type=password]"):
        above = list(field.iterancestors())
        styles = "".join(node.get("style", "") for node in above).replace(" ", "")
        hidden = "display:none" in styles or any("modal" in node.classes for node in above)
        form = next(node for node in above if node.tag == "form")
        about = [form.get("action"), form.get("id"), form.get("name"), plain_text(form)]
        about += [value for node in select(form, "input, button") for value in (node.get("name"), node.get("value"))]
        if not hidden and LOGIN.search(" ".join(filter(None, about))):
            return True
    return False
