"""XenForo 2: forums, their lists of threads, threads over several pages. Its JSON asks for a key."""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from core.records import Attachment
from crawler.engines.forum import Address, Forum, engine
from crawler.markup import breakable_spaces, drop, first, select, words

UNFURLED = ".bbCodeBlock--unfurl[data-url]"
PICTURES = "img.bbImage"
EMBEDDED = (
    'a[href*="attachments/"]:not(.link):not(blockquote *), '
    'img.bbImage[src*="attachments/"]:not([data-url^="http"]):not(blockquote *)'
)
"""Files that the author put into a text: a thumbnail, a link that the software names, or a whole picture."""
FILES = ".attachment-name a, .file-name, " + ", ".join(f".message-body {one}" for one in EMBEDDED.split(", "))
"""Those and the ones that are listed under it, by their names."""


def as_typed(body: HtmlElement) -> None:
    """Takes files out of a body, and gives addresses back that became previews, or pictures with names of their own."""
    breakable_spaces(body)
    drop(body, *select(body, EMBEDDED))
    for preview in select(body, UNFURLED):
        for shown in list(preview):
            preview.remove(shown)
        preview.text = preview.get("data-url")
    for picture in select(body, PICTURES):
        picture.set("src", picture.get("data-url") or picture.get("data-src") or picture.get("src") or "")
        picture.set("alt", "")


def attachments(files: Sequence[HtmlElement]) -> Iterator[Attachment]:
    """The files of a post: those listed under it, and those put into its text, each once."""
    embedded = [file for file in files if any("message-body" in above.classes for above in file.iterancestors())]
    for name in files:
        if name not in embedded:
            yield Attachment(filename=words(name) or name.get("title"))
    seen = set()
    for file in embedded:
        picture, above = first(file, "img"), file.getparent()
        address = file.get("href") or (above.get("href") if above is not None else None) or file.get("src")
        if address not in seen:
            seen.add(address)
            yield Attachment(
                filename=(picture.get("alt") or picture.get("title") or None) if picture is not None else None
            )


def addresses(prefixes: str, name: str) -> tuple[Address, ...]:
    """How XenForo writes addresses, after `index.php?` where the server cannot rewrite them."""
    end = r"(?=/?(?:[?&]|$)|/(?:page-|post-|latest|unread))(?:/page-(?P<part>\d+))?"
    return (
        Address(
            re.compile(rf"(?<![^/])(?P<script>(?:(?:index\.php)?\?)?)(?P<prefix>{prefixes})/(?P<name>{name}){end}"),
            "{script}{prefix}/{name}/",
            "{first}page-{part}",
        ),
    )


ENGINE = engine(
    Forum(
        name="xenforo",
        signs={
            "html#XF[data-app][data-template]": 0.6,
            '[data-content^="post-"][id^="js-post-"] .message-body .bbWrapper': 0.5,
            '.structItem--thread[class*="js-threadListItem-"]': 0.5,
            ".p-pageWrapper .p-body-inner .p-body-pageContent": 0.3,
            'a[href*="xenforo.com"]': 0.3,
        },
        forums=addresses(
            "forums|forum|f|boards|board|b|categories",
            r"(?!(?:forums?|threads|categories|members|whats-new|search|index\.php)(?:[/?]|$))[^/?&-][^/?&]*",
        ),
        topics=addresses("threads|thread|topics|topic|t", r"(?:[^/?&]*\.)?(?P<number>\d+)"),
        boards=".node-title a[href], .subNodeLink[href]",
        crumbs=".p-breadcrumbs a[href]",
        title=".p-title-value",
        labels=".label, .label-append",
        here='[data-template^="forum_view"] .p-title-value',
        pager=".pageNav-main a[href]",
        current=".pageNav-main .pageNav-page--current",
        row=".structItem--thread, .message--articlePreview",
        topic=".structItem-title a[href]:not(.labelLink), .articlePreview-title a[href]:not(.labelLink)",
        says=".structItem-cell--meta dl:not(.structItem-minor) dd, .structItem-latestDate, .articlePreview-replies a",
        # A thread's page lists similar ones, whose marks are not its own.
        sticky=":scope > .structItem-cell .structItem-status--sticky, .articlePreview-statuses [class*='--sticky']",
        locked=":scope > .structItem-cell .structItem-status--locked, .blockStatus-message--locked",
        moved=".structItem-status--redirect",
        empty=".structItemContainer, .js-emptyThreadList",
        partly='.filterBar-filterToggle, a[href*="no_date_limit"]',
        post='[data-content^="post-"][id^="js-post-"]:not(.message--deleted)',
        number=re.compile(r"js-post-(\d+)"),
        anchor="post-{}",
        body=".message-body .bbWrapper",
        author=".message-name .username, .message-name:not(:has(.username)), .message-articleUserName .username",
        time=".message-attribution time",
        capcode=".userBanner--staff strong",
        edited=".message-lastEdit time",
        signature=".message-signature",
        quote="blockquote.bbCodeBlock",
        cite="blockquote[data-source]",
        cited=re.compile(r"^post: (\d+)$"),
        notes=".bbCodeBlock-title, .bbCodeBlock-expandLink, .bbCodeSpoiler-button",
        leads="a[href]:not(.username), iframe[src], img.bbImage[src]",
        message=".p-body-pageContent .blockMessage",
        gone=re.compile(
            "The requested (?:thread|forum|page|post) could not be found|"
            "angeforderte (?:Thema|Forum|Seite) konnte nicht gefunden werden|"
            "(?:discussion|page) demandée n'a pas pu être trouvée|Запрашиваемая (?:тема|страница) не найдена"
        ),
        files=FILES,
        prepare=as_typed,
        attachments=attachments,
    )
)
