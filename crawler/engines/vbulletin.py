"""vBulletin 4, and 3.8 whose pages are tables: forums, their lists of threads, threads over several pages."""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from core.records import Attachment
from crawler.engines.forum import Address, Forum, engine
from crawler.markup import drop, first, select, words

FILES = 'a[href*="attachment.php?"], img[src*="attachment.php?"]'
NAMED_FILE = re.compile(r"Name:[\s\xa0]*([^\r\n]+?)[\s\xa0]*[\r\n]")
EXACT_SIZE = re.compile(r"\((\d[\d,.]*) (?:Bytes|Byte|bytes)")


def with_words_for_pictures(body: HtmlElement) -> None:
    """Takes files put into a text out of a body, and writes out its smilies, whose names are in titles only."""
    drop(body, *select(body, FILES))
    for smiley in select(body, "img.inlineimg[title]"):
        smiley.set("alt", smiley.get("alt") or smiley.get("title", ""))


def attachments(files: Sequence[HtmlElement]) -> Iterator[Attachment]:
    """The files of a post, whether listed under it, shown as thumbnails or put into its text."""
    for node in files:
        if node.tag == "img" and any(above.tag == "a" for above in node.iterancestors()):
            continue
        picture = node if node.tag == "img" else first(node, "img")
        named = NAMED_FILE.search(picture.get("alt", "")) if picture is not None else None
        size = EXACT_SIZE.search(node.tail or "")
        yield Attachment(
            filename=named[1] if named else words(node), size=int(re.sub(r"\D", "", size[1])) if size else None
        )


def addresses(script: str, folder: str, key: str) -> tuple[Address, ...]:
    """How it writes addresses of forums or threads: by key, by number and name, or as a path of folders."""
    return (
        Address(
            re.compile(rf"(?<![^/]){script}\.php\?(?:.*&)?{key}=(?P<number>\d+)(?:.*&page=(?P<part>\d+))?"),
            f"{script}.php?{key}={{number}}",
            "{first}&page={part}",
        ),
        Address(
            re.compile(
                rf"(?<![^/])(?P<way>{script}\.php[?/]|{folder}/)"
                r"(?P<name>(?P<number>\d+)(?:-[^/?&]*)?)(?:/page(?P<part>\d+))?(?=[/?&]|$)"
            ),
            "{way}{name}",
            "{first}/page{part}",
        ),
    )


ENGINE = engine(
    Forum(
        name="vbulletin",
        signs={
            "li[id^=post_] [id^=post_message_], table[id^=post] [id^=post_message_]": 0.6,
            "li[id^=thread_] a[id^=thread_title_], td[id^=td_threadtitle_] a[id^=thread_title_]": 0.6,
            "li.forumbit_post[id^=forum], li.forumbit_nopost[id^=cat], td.alt1Active[id^=f]": 0.6,
            "input[name=securitytoken]": 0.3,
            '[src*="clientscript/vbulletin"], #vbulletin_html, #footer_copyright a[href*="vbulletin.com"]': 0.5,
        },
        forums=addresses("forumdisplay", "forums", "f"),
        topics=addresses("showthread", "threads", "t"),
        copies=re.compile(r"printthread\.php\?(?:.*&)?(?:t=)?(\d+)|archive/index\.php[/?]t-(\d+)"),
        boards=".forumtitle a[href], .subforum a[href], td.alt1Active a[href]",
        crumbs="li.navbit a[href], span.navbar a[href]",
        title="#pagetitle span.threadtitle, td.navbar strong",
        telling="#pagetitle span.threadtitle a[href], form input[name=t]",
        here="#pagetitle span.forumtitle, td.navbar strong",
        pager="form.pagination a[href], div.pagenav a[href]",
        current="form.pagination span.selected, div.pagenav td.alt2 strong",
        total="form.pagination a.popupctrl, div.pagenav td.vbmenu_control",
        row="li.threadbit, tr:has(td[id^=td_threadtitle_])",
        topic="a[id^=thread_title_]",
        says='a[onclick*="who("], .threadlastpost a[href*="#post"], .smallfont a[href*="#post"]',
        sticky='div.sticky, img[src*="sticky."]',
        locked='li.threadbit.lock, img[src*="_lock"], img[src*="threadclosed"]',
        moved='li.threadbit.moved, img[src*="thread_moved"]',
        empty="#threadlist, #threadslist",
        partly='select[name=daysprune] option[selected]:not([value="-1"])',
        post="li[id^=post_]:has([id^=post_message_]), table[id^=post]:has([id^=post_message_])",
        number=re.compile(r"post_?(\d+)"),
        anchor="post{}",
        body="[id^=post_message_]",
        author="a.username, span.username, div[id^=postmenu_] a, div[id^=postmenu_]:not(:has(a))",
        time="div.posthead span.date, td.thead",
        subject="h2.title, h2.posttitle, td[id^=td_post_] > .smallfont > strong",
        edited="blockquote.lastedited, div.smallfont:has(hr) > em",
        signature="blockquote.signature, td[id^=td_post_] > div:not([id]):not([class]):not([style])",
        quote="div.bbcode_container:has(div.bbcode_quote), div[style*=margin]:has(> .smallfont):has(> table)",
        cite='a[href*="#post"]:has(img)',
        cited=re.compile(r"#post_?(\d+)"),
        notes="div.bbcode_description, div.spoiler-head, div[style*=margin] > .smallfont",
        leads="a[href], img[src]:not(.inlineimg), iframe[src]",
        now="div#footer_time, div.smallfont[align=center]:has(span.time)",
        message=".standard_error .blockrow, .standard_error .restore, .panelsurround .panel",
        gone=re.compile("(?:Invalid|No) (?:Thread|Forum|Post) specified|Ungültige Angabe: (?:Thema|Forum)"),
        files=FILES,
        prepare=with_words_for_pictures,
        attachments=attachments,
    )
)
