"""SMF 2.0 and 2.1: boards, their lists of topics, topics over several pages. It knows no JSON."""

import re

from lxml.html import HtmlElement

from crawler.engines.forum import Address, Forum, engine
from crawler.markup import breakable_spaces, select, words


def as_typed(body: HtmlElement) -> None:
    """Spaces as they were typed, and the text only of what was made a link up to a dot in brackets: "https://a[.]example"."""
    breakable_spaces(body)
    for link in select(body, "a[href]"):
        if (link.tail or "").startswith(("[", "(")) and words(link) == link.get("href"):
            del link.attrib["href"]


def addresses(key: str) -> tuple[Address, ...]:
    """How addresses of boards or topics are written: as a query, or for search engines as a file."""
    return (
        Address(
            re.compile(rf"(?<![^/])(?:index\.php)?\?(?:.*[;&])?{key}=(?P<number>\d+)(?:\.(?P<offset>\d+))?"),
            f"index.php?{key}={{number}}.0",
            f"index.php?{key}={{number}}.{{offset}}",
        ),
        Address(
            re.compile(
                rf"(?<![^/])(?P<script>index\.php[/?])?{key},(?P<number>\d+)(?:\.(?:(?P<offset>\d+)|\w+))?(?:\.html|/|$)"
            ),
            f"index.php/{key},{{number}}.0.html",
            f"index.php/{key},{{number}}.{{offset}}.html",
        ),
    )


ENGINE = engine(
    Forum(
        name="smf",
        signs={
            'body#smf[class*="action_"]': 0.5,
            '.post_wrapper .inner[id^="msg_"]': 0.6,
            '#messageindex span[id^="msg_"] > a': 0.6,
            "#boardindex_table a.subject, #boardindex_table .children": 0.6,
            '[id^="board_"][id$="_childboards"] a.subject': 0.5,
            '#messageindex, #forumposts, form[action*="action=search2"]': 0.2,
            '#footer a[href*="simplemachines.org"], #footer_section a[href*="simplemachines.org"]': 0.3,
        },
        forums=addresses("board"),
        topics=(
            *addresses("topic"),
            Address(
                re.compile(r"(?<![^/])(?:index\.php)?\?(?:.*[;&])?msg=(?P<post>\d+)"), "index.php?msg={post}", "{first}"
            ),
        ),
        copies=re.compile(
            r"action=printpage;(?:.*;)?topic=(\d+)|topic=(\d+)[^;]*;(?:.*;)?(?:action=printpage|wap2?|imode)\b"
        ),
        boards="a.subject, .children a[href]",
        crumbs="div.navigate_section a[href]",
        title="span#top_subject, div.navigate_section li.last span",
        telling='a[href*="action=printpage"]',
        pager="div.pagelinks a[href]",
        current="div.pagelinks span.current_page, div.pagelinks strong",
        row="#topic_container > div, #messageindex tr:has(td.subject)",
        topic='span[id^="msg_"] > a',
        says='div.board_stats, td.stats, div.lastpost a[href*="#msg"]',
        sticky='span.main_icons.sticky, span.generic_icons.sticky, td.stickybg, img[src*="/topic/"][src*="_sticky"]',
        locked="span.main_icons.lock, span.generic_icons.lock, td.lockedbg, td.locked_sticky, "
        'img[src*="/topic/"][src*="_locked"]',
        moved='img[src*="/post/moved."], span.main_icons.move',
        empty="#messageindex",
        post="div.post_wrapper",
        number=re.compile(r"msg_(\d+)"),
        numbered='div.inner[id^="msg_"]',
        anchor="msg{}",
        body='div.inner[id^="msg_"]',
        author="div.poster h4",
        time="div.postinfo > a.smalltext, "
        "div.keyinfo > div.smalltext time, div.keyinfo > div.smalltext:not(:has(time))",
        subject='div[id^="subject_"], h5[id^="subject_"]',
        edited='span[id^="modified_"], div[id^="modified_"]',
        signature='div[id$="_signature"]',
        quote="blockquote, div.quoteheader",
        cite="cite a[href], div.quoteheader a[href]",
        cited=re.compile(r"msg=?(\d+)"),
        notes='div.codeheader, div.quotefooter, a[href*="action=dlattach"]',
        leads="a[href], img.bbc_img[src], iframe[src]",
        files='div.attachments a[href*="action=dlattach"]:not([id^="link_"])',
        seasonal=True,
        prepare=as_typed,
        now="div.user time",
        message="#frmLogin .information, #fatal_error .padding",
    )
)
