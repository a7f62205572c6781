"""FluxBB 1.4 and 1.5, PunBB 1.2 to 1.4: one family, whose two branches differ in classes and addresses."""

import re
from html import escape

from lxml.html import HtmlElement

from crawler.engines.forum import Address, Forum, engine
from crawler.markup import breakable_spaces, select

CUT = " … "
SCHEME = re.compile(r"(?:https?|ftp)://")


def as_typed(body: HtmlElement) -> None:
    """Writes out links that were cut short, and makes spaces of those that were made unbreakable to keep them."""
    for link in select(body, "a[href]"):
        start, cut, end = (link.text or "").partition(CUT)
        href = link.get("href", "")
        typed = href if SCHEME.match(start) else SCHEME.sub("", href, count=1)
        # PunBB cuts the address as HTML, so that its end may begin in the middle of "&amp;".
        if (
            cut
            and not len(link)
            and any(full.startswith(start) and full.endswith(end) for full in (typed, escape(typed)))
        ):
            link.text = typed
    breakable_spaces(body)


def addresses(script: str, word: str) -> tuple[Address, ...]:
    """How the family writes addresses of forums or topics: by script, by file or by folder, with a name or without."""
    return (
        Address(
            re.compile(rf"(?<![^/]){script}\.php\?(?:.*&)?id=(?P<number>\d+)(?:.*&p=(?P<part>\d+))?"),
            script + ".php?id={number}",
            "{first}&p={part}",
        ),
        Address(
            re.compile(rf"(?<![^/]){word}(?P<number>\d+)(?P<name>(?:-[^/?]*?)?)(?:p(?P<part>\d+))?\.html"),
            word + "{number}{name}.html",
            word + "{number}{name}p{part}.html",
        ),
        Address(
            re.compile(rf"(?<![^/]){word}/(?P<number>\d+)/(?P<name>(?:(?!page/)[^/?]+/)?)(?:page/(?P<part>\d+)/)?"),
            word + "/{number}/{name}",
            "{first}page/{part}/",
        ),
    )


ENGINE = engine(
    Forum(
        name="fluxbb",
        signs={
            "[id^=pun].pun #brdheader": 0.6,
            ".blockpost[id^=p] .postright .postmsg": 0.5,
            "#brd-wrap .brd-page #brd-main": 0.6,
            ".post > .posthead[id^=p] + .postbody .entry-content": 0.5,
            'a[href*="fluxbb.org"], a[href*="punbb."]': 0.3,
        },
        forums=addresses("viewforum", "forum"),
        topics=addresses("viewtopic", "topic"),
        boards="#punindex .tclcon h3 > a:not(.iredirect *), #brd-index .main-item:not(.redirect) h3 > a",
        crumbs=".crumbs a[href], .linkst:not(:has(.crumbs)) li a[href]",
        title=".crumbs strong, .main-title .permalink, .main-title:not(:has(a)), .firstpost .postright > h3",
        here="#brd-viewforum .main-title, #punviewforum .blocktable > h2",
        pager=".pagelink a[href], .paging a[href]",
        current=".pagelink strong, .paging strong",
        row="#punviewforum .blocktable tbody > tr:not(.inone), .main-forum > .main-item[id^=topic]",
        topic=".tclcon a[href], h3 a[href]",
        says=".tc2, .tcr > a[href], .info-replies strong, .info-lastpost a[href]",
        sticky=".isticky, .main-item.sticky",
        locked=".iclosed, .main-item.closed, .postlink:not(:has(a))",
        moved=".imoved, .movedtext, .main-item.moved",
        empty=".inone, .main-item.empty",
        post=".blockpost[id], .post:has(> .posthead[id])",
        number=re.compile(r"p(\d+)"),
        numbered=".posthead[id]",
        anchor="p{}",
        body=".postright > .postmsg:not(.postsignature), .entry-content",
        author=".postleft dt strong, .author-ident .username",
        time=".blockpost > h2 a[href], .post-link a",
        edited=".postedit em, .post-edit",
        signature=".postsignature, .sig-content",
        quote=".quotebox, blockquote",
        notes=".postedit, .sig-content, .codebox h4",
        message="#msg .inbox p, .main-message p",
        gone=re.compile(
            "The link you followed is incorrect or outdated|lien que vous avez suivi est incorrect|"
            "Link, dem du gefolgt bist, ist ungültig|Este enlace es invalido|Podany link jest niepoprawny|"
            "Odnośnik, który kliknąłeś jest nieprawidłowy|Objekt, který jste požadovali|linkki on virheellinen"
        ),
        prepare=as_typed,
    )
)
