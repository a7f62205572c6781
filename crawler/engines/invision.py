"""Invision Community 4 (IPS, "IP.Board"): forums, their lists of topics, topics over several pages."""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from core.records import Attachment
from crawler.engines.forum import Address, Forum, engine
from crawler.markup import breakable_spaces, drop, select, words

FILES = "a.ipsAttachLink, img[data-fileid]"
QUOTED_POST = "data-ipsquote-contentcommentid"
EMPTY_LINE = re.compile(r"\s*\xa0\s*")


def as_typed(body: HtmlElement) -> None:
    """Takes out files, leaves of a quote's data only the post's number, and makes spaces of those made unbreakable."""
    drop(body, *select(body, FILES))
    for quote in select(body, "blockquote"):
        of_posts = quote.get("data-ipsquote-contentapp", "forums") == "forums"
        for name in quote.keys():  # noqa: SIM118 - it changes on the way
            if name not in ("class", "data-cid", "data-ipsspoiler") and not (name == QUOTED_POST and of_posts):
                del quote.attrib[name]
    for line in select(body, "p"):
        if not len(line) and EMPTY_LINE.fullmatch(line.text or ""):
            line.text = None
    breakable_spaces(body)


def attachments(files: Sequence[HtmlElement]) -> Iterator[Attachment]:
    """The files that a post's author put into it, quoted ones left out."""
    for node in files:
        above = {(parent.tag, "ipsAttachLink" in parent.classes) for parent in node.iterancestors()}
        if not above & {("blockquote", False), ("a", True)}:
            picture = next(iter(select(node, "img[alt]")), None)
            yield Attachment(filename=words(node) or (picture.get("alt") if picture is not None else None))


def addresses(word: str) -> tuple[Address, ...]:
    """How it writes addresses of forums or topics, with rewriting or without; pages as a path (4.5 on) or a key."""
    place = rf"{word}/(?P<name>(?P<number>\d+)(?:-[^/?&]*)?)/?"
    return tuple(
        Address(re.compile(rf"(?<![^/]){script}{place}{page}"), f"{way}{word}/{{name}}/", further)
        for script, way, key in ((r"index\.php\?/", "index.php?/", "&"), ("", "", "?"))
        for page, further in (
            (r"page/(?P<part>\d+)", "{first}page/{part}/"),
            (r"[?&](?:.*[?&])?page=(?P<part>\d+)", f"{{first}}{key}page={{part}}"),
            ("", f"{{first}}{key}page={{part}}"),
        )
    )


ENGINE = engine(
    Forum(
        name="invision",
        signs={
            "article[id^=elComment_] [data-role=commentContent]": 0.6,
            "li.ipsDataItem[data-rowid] .ipsDataItem_title": 0.5,
            ".cForumRow[data-forumid], .cForumGrid[data-forumid]": 0.6,
            ".ipsApp, [data-controller*='core.front']": 0.3,
            '#elCopyright a[href*="invision"]': 0.3,
        },
        forums=addresses("forum"),
        topics=addresses("topic"),
        copies=re.compile(r"(?<![^/?])topic/(\d+)[^?]*[?&/](?:.*&)?(?:do=embed|do=print|preview=1)"),
        boards=".cForumTitle a[href], .cForumRow a[href], .cForumGrid a[href], .ipsDataItem_subList a[href]",
        crumbs="ul[data-role=breadcrumbList] a[href]",
        title="h1.ipsType_pageTitle .ipsType_break, h1.ipsType_pageTitle:not(:has(.ipsType_break))",
        here="h1.ipsType_pageTitle",
        pager="ul.ipsPagination .ipsPagination_page a[href]",
        current="ul.ipsPagination .ipsPagination_active",
        total="ul.ipsPagination[data-pages]",
        row="li.ipsDataItem[data-rowid]",
        topic=".ipsDataItem_title .ipsType_break a[href], .ipsDataItem_title.ipsType_break a[href]",
        says=".ipsDataItem_stats li:first-child .ipsDataItem_stats_number, .ipsDataItem_lastPoster time",
        sticky="li.ipsDataItem[data-rowid] i[class*=fa-thumb], div.ipsPageHeader i[class*=fa-thumb]",
        locked="li.ipsDataItem[data-rowid] i.fa-lock, div.ipsPageHeader i.fa-lock",
        empty="[data-tableid], [data-role=tableRows], .cForumTopicTable",
        post="article[id^=elComment_]",
        number=re.compile(r"elComment_(\d+)"),
        anchor="comment-{}",
        body="div[data-role=commentContent]",
        author="h3.cAuthorPane_author a, h3.cAuthorPane_author:not(:has(a))",
        time="div.ipsComment_meta time[datetime]",
        edited="[data-excludequote] time[datetime]",
        signature="div[data-role=memberSignature]",
        quote="blockquote:not([data-ipsspoiler]):not(.ipsStyle_spoiler)",
        cite=f"blockquote[{QUOTED_POST}], blockquote[data-cid]",
        notes="[data-excludequote], div.ipsSpoiler_header",
        leads="a[href]:not([data-mentionid]), img.ipsImage[src], iframe[src]",
        message="#elErrorMessage, #elError",
        gone=re.compile("could not locate the item|page you are trying to access is not available|does not exist"),
        files=FILES,
        prepare=as_typed,
        attachments=attachments,
    )
)
