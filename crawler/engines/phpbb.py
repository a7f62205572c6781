"""phpBB 3.0 to 3.3 in its two styles, prosilver and subsilver2, and those made after them. It knows no JSON."""

import re

from lxml.html import HtmlElement

from crawler.engines.forum import Address, Forum, engine
from crawler.markup import drop, select, words

SPOILER = re.compile(r"(?i)\W*(?:(?:show|hide|показать|anzeigen|afficher|mostrar)\W+)?(?:spoiler|спойлер)\W*")


def without_labels(body: HtmlElement) -> None:
    """Takes the names of spoilers out of a body where nobody typed them, and "Image" in place of a picture."""
    for code in select(body, ".codecontent:has(br)"):
        code.tag = "code"
    drop(body, *(node for node in select(body, "summary, .spoiler > *") if SPOILER.fullmatch(words(node) or "")))
    for picture in select(body, 'img:not([class*="smilies"]):not([src*="/smilies/"]):not([src*="/smiles/"])'):
        picture.attrib.pop("alt", None)


def addresses(script: str, key: str, word: str) -> tuple[Address, ...]:
    """How addresses of forums or topics are written: by script, or as extensions for search engines have it."""
    return (
        Address(
            re.compile(rf"(?<![^/]){script}\.php\?(?:.*&)?{key}=(?P<number>\d+)(?:.*&start=(?P<offset>\d+))?"),
            f"{script}.php?{key}={{number}}",
            "{first}&start={offset}",
        ),
        Address(
            re.compile(rf"(?<![^/])(?P<name>{word}|[^/?]+-{key})(?P<number>\d+)(?:-(?P<offset>\d+))?\.html"),
            "{name}{number}.html",
            "{name}{number}-{offset}.html",
        ),
    )


ENGINE = engine(
    Forum(
        name="phpbb",
        signs={
            '#phpbb[class*="section-"]': 0.5,
            '.post[id^="p"] dl.postprofile, .post[id^="p"] .postbody > [id^="post_content"]': 0.6,
            ".topiclist li.row a.topictitle, .topiclist li.row a.forumtitle": 0.6,
            "table.tablebg .postauthor": 0.6,
            "table.tablebg td > a.topictitle, table.tablebg td > a.forumlink": 0.6,
            'link[href*="styles/prosilver/"], script[src*="styles/prosilver/"]': 0.3,
            '.copyright a[href*="phpbb.com"]': 0.3,
        },
        forums=addresses("viewforum", "f", "forum"),
        topics=(
            *addresses("viewtopic", "t", "topic"),
            Address(
                re.compile(r"(?<![^/])viewtopic\.php\?(?:.*&)?p=(?P<post>\d+)"),
                "viewtopic.php?p={post}",
                "{first}",
            ),
        ),
        copies=re.compile(r"viewtopic\.php\?(?=.*view=print)(?:.*&)?t=(\d+)"),
        boards="a.forumtitle:not(.forum_link *), a.subforum, a.forumlink",
        crumbs="ul.navlinks a[href], p.breadcrumbs a[href]",
        title="h2.topic-title, div#page-body > h2, div#pageheader > h2",
        telling="div#page-body > h2 a[href], div#pageheader > h2 a[href], input[name=t]",
        pager="div.pagination:not(.row *) a[href], td.gensmall > b > a[href]",
        current="div.pagination:not(.row *) li.active > span, div.pagination:not(.row *) strong, td.nav > strong",
        row="ul.topics > li.row, tr:has(> td > a.topictitle)",
        topic="a.topictitle",
        says='dd.posts, dd.lastpost a[href*="#p"], p.topicdetails a[href*="#p"]',
        sticky="li.row.sticky, li.row.announce, li.row.global-announce, "
        'img:is([src*="/imageset/sticky_"], [src*="/imageset/announce_"], [src*="/imageset/global_"])',
        locked='dl:is([class*="_locked"], [style*="_locked"]), div.locked-icon, a.locked-icon, .action-bar i.fa-lock, '
        'img[src*="/imageset/"][src*="_locked"]',
        moved='dl:is([class*="topic_moved"], [style*="topic_moved"]), img[src*="/imageset/topic_moved"]',
        empty=".section-viewforum .panel > .inner > strong, td.row1[colspan] > .gen",
        post='div.post[id^="p"], table.tablebg:has(.postauthor)',
        numbered='a[name^="p"]',
        number=re.compile(r"p(\d+)"),
        anchor="p{}",
        body="div.content, td > div.postbody",
        author="p.author strong, dl.postprofile .username, dl.postprofile .username-coloured, b.postauthor",
        time="p.author time, p.author:not(:has(time)), td.gensmall > div + div",
        subject='div.postbody h3 a[href*="#p"], td.gensmall > div > a[href^="#p"]',
        edited="div.notice:not(.post_deleted_msg):not(:has(> br:first-child + br)), "
        "td > span.gensmall:not(.error):not(:has(> br:first-child + br))",
        signature="div.signature, td > div.postbody ~ .postbody",
        quote="blockquote, .quotetitle, .quotecontent",
        cite='cite a[href*="#p"]',
        cited=re.compile(r"#p(\d+)"),
        beside="a[href], strong, .username",
        notes="div.codebox > p, dl.codebox > dt, div.codetitle, div.inline-attachment",
        leads='a[href], img[src]:not([class*="smilies"]), iframe[src]',
        files="dl.file a.postlink, dl.file dt img[alt], dl.thumbnail dt img[alt]",
        zone="#page-footer li.rightside, p.datetime",
        message="#message p, #login p, #login_forum p, td.row1 > p.gen",
        gone=re.compile(
            "requested topic does not exist|forum you selected does not exist|post you requested does not exist|"
            "(?:gewünschte|gewählte) Thema existiert nicht|(?:ausgewählte|gewählte) Forum existiert nicht|"
            "sujet (?:demandé|que vous recherchez) n.existe pas|"
            "forum (?:demandé|sélectionné|que vous avez sélectionné) n.existe pas|"
            "tema solicitado no existe|foro (?:que ha )?seleccionado no existe|argomento richiesto non esiste|"
            "forum selezionato non esiste|Запрошенн(?:ой|ая) тем[аы] не существует|[Вв]ыбранный форум не существует|"
            "Wybrany (?:temat|wątek) nie istnieje|Wybrane forum nie istnieje|onderwerp bestaat niet|forum bestaat niet"
        ),
        prepare=without_labels,
    )
)
