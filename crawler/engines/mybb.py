"""MyBB 1.6 and 1.8: forums, their lists of topics, topics over several pages. It knows no JSON."""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from core.records import Attachment
from crawler.engines.forum import Address, Forum, engine
from crawler.markup import drop, first, select, words

EXACT_SIZE = re.compile(r"(\d[\d,.]*) (?:bytes|Bytes|Byte|octets|байт|bajt)")
NAMED_FILE = re.compile(r"[^:\r\n]+: *([^\r\n]+)")
IN_BRACKETS = re.compile(r"^\s*\([^)]*\)")
LABEL = re.compile(r"spoiler[_-]?(?:title|head|header|button|toggle)")


def without_files_and_labels(body: HtmlElement) -> None:
    """Takes files put into a text, with their sizes behind them, and labels of code and spoilers out of a body."""
    for file in select(body, 'a[href*="attachment.php"], img[src*="/attachtypes/"]'):
        file.tail = IN_BRACKETS.sub("", (file.tail or "").lstrip("\xa0"))
        drop(body, file)
    for node in select(body, '.codeblock > .title, [class*="spoiler"]'):
        if "title" in node.classes or LABEL.search(node.get("class", "")):
            drop(body, node)


def attachments(files: Sequence[HtmlElement]) -> Iterator[Attachment]:
    """The files of a post, whether listed under it, shown as thumbnails or put into its text."""
    seen = set()
    for node in files:
        address = node.get("href") or node.get("src") or ""
        picture = node if node.tag == "img" else first(node, "img")
        about = picture.get("title", "") if picture is not None else node.tail or ""
        named = NAMED_FILE.match(about) if picture is not None else None
        size = EXACT_SIZE.search(about)
        if address not in seen:
            seen.add(address)
            yield Attachment(
                filename=named[1] if named else words(node), size=int(re.sub(r"\D", "", size[1])) if size else None
            )


ENGINE = engine(
    Forum(
        name="mybb",
        signs={
            'div.post[id^="post_"] .post_body[id^="pid_"], table[id^="post_"] [id^="pid_"]': 0.5,
            'a[href*="mybb.com"]': 0.5,
            'script[src*="jscripts/general.js"]': 0.4,
            'input[name="my_post_key"]': 0.5,
            'a[href*="forumdisplay.php?fid="], a[href*="showthread.php?tid="]': 0.2,
            'a[href*="archive/index.php?"]': 0.1,
        },
        forums=(
            Address(
                re.compile(r"(?<![^/])forumdisplay\.php\?(?:.*&)?fid=(?P<number>\d+)(?:.*&page=(?P<part>\d+))?"),
                "forumdisplay.php?fid={number}",
                "{first}&page={part}",
            ),
            Address(
                re.compile(r"(?<![^/])(?P<name>forum-\d+)(?:-page-(?P<part>\d+))?\.html"),
                "{name}.html",
                "{name}-page-{part}.html",
            ),
            Address(
                re.compile(r"(?<![^/])(?P<name>Forum-[^/?]+)(?:.*[?&]page=(?P<part>\d+))?"),
                "{name}",
                "{name}?page={part}",
            ),
        ),
        topics=(
            Address(
                re.compile(r"(?<![^/])showthread\.php\?(?:.*&)?tid=(?P<number>\d+)(?:.*&page=(?P<part>\d+))?"),
                "showthread.php?tid={number}",
                "{first}&page={part}",
            ),
            Address(
                re.compile(r"(?<![^/])thread-(?P<number>\d+)(?:-page-(?P<part>\d+)|-post-\d+)?\.html"),
                "thread-{number}.html",
                "thread-{number}-page-{part}.html",
            ),
            Address(
                re.compile(r"(?<![^/])(?P<name>Thread-[^/?]+)(?:.*[?&]page=(?P<part>\d+))?"),
                "{name}",
                "{name}?page={part}",
            ),
        ),
        copies=re.compile(r"archive/index\.php\?thread-(\d+)|printthread\.php\?(?:.*&)?tid=(\d+)"),
        telling='a[href*="printthread.php"], input[name=tid]',
        boards="a[href]:not(.navigation *):not(.pagination *):not(.tcat *)",
        crumbs=".navigation > a[href]",
        title=".navigation > .active",
        here=".navigation > .active",
        pager=".pagination:not(.pagination_breadcrumb) a",
        current=".pagination:not(.pagination_breadcrumb) .pagination_current",
        row="tr:has([id^='tid_'])",
        topic="[id^='tid_'] a[href]",
        says='a[href*="whoposted"], .lastpost',
        sticky=".forumdisplay_sticky",
        locked='.thread_status[class*="closefolder"], img:is([src*="closefolder"], [src*="lockfolder"])',
        moved='.movefolder, img[src*="movefolder"]',
        empty=".pagination, .thread_legend, select[name=datecut]",
        post='[id^="post_"]',
        number=re.compile(r"post_(\d+)"),
        anchor="pid{}",
        body='[id^="pid_"]',
        author=".post_author strong, .largetext:not(.post_author *)",
        time='.post_date, td div:has(> span[id^="edited_by_"])',
        subject='a[href*="#pid"][title]',
        edited=".post_edit, .edited_post:not(.post_edit *)",
        signature=".signature",
        cite="cite a[href]",
        cited=re.compile(r"pid=?_?(\d+)"),
        leads="a[href], img.mycode_img[src], iframe[src]",
        now="#current_time",
        dates=".lastpost, blockquote cite",
        message="td.trow1:only-of-type:not(form td)",
        gone=re.compile(
            "The specified (?:thread|forum) does not exist|Invalid forum|La discussion demandée n'existe pas|"
            "Forum invalide|El tema especificado no existe|Foro inválido|Tråden eksisterer ikke|Ugyldigt forum|"
            "Belirtilen konu mevcut değil|Geçersiz Forum|Chủ đề không tồn tại|指定的主题不存在|无效的论坛|"
            "האשכול שצויין לא קיים|ไม่พบกระทู้ที่ระบุ"
        ),
        files='a[href*="attachment.php?aid="], img[src*="attachment.php?aid="]',
        prepare=without_files_and_labels,
        attachments=attachments,
    )
)
