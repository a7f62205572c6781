"""NodeBB: categories and topics by its JSON, by the same data within its pages, or by their markup where both lack."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from html import escape, unescape
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import lxml.html
from lxml.html import HtmlElement

from core.records import Attachment, PageRef, PublishedPost
from crawler.dates import moment
from crawler.engines.jsonboards import hint
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.links import links_in
from crawler.markup import drop, first, is_whole, join, parse_fragment, plain_text, preformat_code, select, words
from crawler.page import Document, Engine, Parsed

Data = Mapping[str, Any]

TOPIC = re.compile(r"(?P<folder>.*?)/(?:api/)?topic/(?P<number>\d+)(?P<name>/[^/]+)?(?:/.*)?")
CATEGORY = re.compile(r"(?P<folder>.*?)/(?:api/)?category/(?P<number>\d+)(?P<name>/[^/]+)?(?:/.*)?")
POST = re.compile(r"(?:https?://[^/]+)?(?:/[^/]+)*?/post/(\d+)")
UPLOAD = re.compile(r"/assets/uploads/files/(?:.*/)?(?:\d{10,}-)?(?P<name>[^/?#]+)")
SIGNS = {
    "script#ajaxify-data": 0.6,
    '[component="topic"][data-tid], [component="category/topic"][data-tid], [component="categories/category"]': 0.6,
    '[component="post"][data-pid] [component="post/content"]': 0.4,
}
HINTS = ("postcount", "lastposttime", "pinned", "locked")
STAFF = frozenset({"administrators", "Global Moderators"})
ESCAPED = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);")
RAW = re.compile(r"""[<>"']|&(?!\w+;|#)""")
NO_LETTERS = re.compile(r"\W+")


def recognise(document: Document) -> float:
    """How surely a document comes from this software, 0 to 1."""
    if document.is_json:
        return 1.0 if _kind(document.json) or "bodyClass" in document.json else 0.0
    return min(1.0, sum(weight for css, weight in SIGNS.items() if first(document.html, css) is not None))


def entry(url: str) -> Sequence[PageRef]:
    """Where a crawl begins: the categories, or the one category or topic that the source's address names."""
    path = unquote(urlsplit(url).path)
    if found := TOPIC.fullmatch(path):
        slug = found["number"] + (found["name"] or "")
        return [_page(url, f"topic/{slug}", PageRef("", "thread", thread=int(found["number"])))]
    if found := CATEGORY.fullmatch(path):
        return [_page(url, f"category/{found['number']}{found['name'] or ''}", PageRef("", "index"))]
    return [_page(url, "categories", PageRef("", "entry"))]


def kind_of(document: Document) -> PageRef | None:
    """What a document is; topics and lists without their data are told by their markup and address."""
    url = document.url or ""
    data = _data(document)
    match _kind(data):
        case "thread":
            return PageRef(url, "thread", _board(data), data["tid"], part=_pages(data)[0])
        case "index":
            return PageRef(url, "index", _name(data.get("name")), part=_pages(data)[0])
        case "entry":
            return PageRef(url, "entry")
    path = unquote(urlsplit(url).path)
    if TOPIC.fullmatch(path):
        return PageRef(url, "thread")  # it should hold posts, or say why it does not
    return PageRef(url, "index") if CATEGORY.fullmatch(path) else None


def parse_entry(document: Document, ref: PageRef) -> Parsed:
    """The categories of a site, those within categories too; of any other page of it, the list of them."""
    data, url = _data(document), document.url or ref.url
    if _kind(data) == "entry":
        boards = list(_boards(data["categories"], url))
        more = [_page(url, "categories", PageRef("", "entry", part=part)) for part in _others(data)]
        if boards:
            return Parsed(pages=[*boards, *more], parts=_pages(data)[1])
    if (reason := _instead(data, url)) is not None:
        raise reason
    start = entry(url)[0]
    if document.is_json or not recognise(document) or start.url == ref.url or ref.url.endswith("/categories"):
        raise UnexpectedPage(url, "a list of categories")
    return Parsed(pages=[start])


def parse_list(document: Document, ref: PageRef) -> Parsed:
    """The topics of one page of a category, its further pages and the categories within it.

    A topic's hint is how many posts it has, when the last one came, and whether it is pinned or locked.
    """
    data, url = _data(document), document.url or ref.url
    if _kind(data) != "index":
        raise _instead(data, url) or UnexpectedPage(url, "a category's list of topics")
    board = _name(data.get("name")) or ref.board
    topics = [
        _page(
            url,
            f"topic/{one.get('slug') or one['tid']}",
            PageRef("", "thread", board, one["tid"], hint=hint(one, HINTS)),
        )
        for one in data["topics"]
        if not one.get("deleted") and not one.get("scheduled")
    ]
    slug = f"category/{data.get('slug') or data['cid']}"
    further = [_page(url, slug, PageRef("", "index", board, part=part)) for part in _others(data)]
    boards = list(_boards(data.get("children") or (), url))
    last = _pages(data)[1]
    complete = last == 1 and bool(topics)
    return Parsed(pages=[*topics, *further, *boards], parts=last, lists_board=board if complete else None)


def parse_topic(document: Document, ref: PageRef) -> Parsed:
    """Every post on one page of a topic, and the topic's other pages; deleted ones, of which a mark is left, are none.

    Raises GonePage where the site says that there is no such topic, ClosedPage where it wants a login, and
    UnexpectedPage where the page is another topic's or was cut short.
    """
    data, url = _data(document), document.url or ref.url
    if _kind(data) != "thread":
        raise _instead(data, url) or UnexpectedPage(url, "a topic with posts")
    if not ref.asks_for(data["tid"]):
        raise UnexpectedPage(url, f"topic {ref.thread}")
    slug, (shown, last) = f"topic/{data.get('slug') or data['tid']}", _pages(data)
    board = _board(data) or ref.board
    asked = PageRef("", "thread", board, data["tid"], hint=ref.hint)
    further = [_page(url, slug, replace(asked, part=part)) for part in _others(data)]
    if not data["posts"] and shown <= last:
        raise UnexpectedPage(url, "a topic with posts")
    posts = [_post(one, data, board, url) for one in data["posts"] if not one.get("deleted")]
    return Parsed(posts=posts, pages=further, parts=last)


def _post(raw: Data, topic: Data, board: str | None, url: str) -> PublishedPost:
    number, opening = raw["pid"], str(raw["pid"]) == str(topic.get("mainPid"))
    text, quotes, files, hrefs = _read(raw["content"] or "", url)
    user = raw.get("user") or {}
    _, _, _, signed = _read(user.get("signature") or "", url)
    signature = _text(user.get("signature") or "", url)
    answered = [str(raw["toPid"])] if raw.get("toPid") else []
    name = raw.get("handle") or user.get("username")
    return PublishedPost(
        board=board, thread=topic["tid"], number=number, url=join(url, f"{_base(url)}post/{quote(str(number))}"),
        posted_at=_moment(raw.get("timestamp"), raw.get("timestampISO")),
        name=_name(name) if name and not name.startswith("[[") else None,
        capcode=_capcode(user), subject=_name(topic.get("title")) if opening else None,
        text=text, quotes=tuple(dict.fromkeys([*quotes, *answered])), attachments=tuple(files),
        links=links_in(text, hrefs, links_in(signature, signed) if signature or signed else ()), op=opening,
        sticky=bool(topic.get("pinned")), locked=bool(topic.get("locked")),
        edited_at=_moment(raw.get("edited"), raw.get("editedISO")),
    )  # fmt: skip


def _capcode(user: Data) -> str | None:
    """What a member of the site's staff is called beside the name; other groups' badges are none."""
    for group in user.get("selectedGroups") or ():
        if group and group.get("name") in STAFF:
            return _name(group.get("userTitle") or group["name"])
    return None


def _moment(milliseconds: Any, written: Any) -> datetime | None:
    if isinstance(milliseconds, int | float) and milliseconds > 0:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment(written) if written else None


def _read(content: str, url: str) -> tuple[str, list[str], list[Attachment], list[str]]:
    """Text, numbers of the posts quoted, files and hrefs of a post's HTML; quoted words are not its author's."""
    if not content.strip():
        return "", [], [], []
    body = parse_fragment(content, url)
    quoted = [
        quote
        for quote in select(body, "blockquote")
        if not any(one.tag == "blockquote" for one in quote.iterancestors())
    ]
    numbers: dict[str, None] = {}
    for block in quoted:
        credit = _credit(block)
        for link in (*(select(credit, "a[href]") if credit is not None else ()), *select(block, "a[href]")):
            nested = sum(one.tag == "blockquote" for one in link.iterancestors()) > 1
            if not nested and (found := POST.fullmatch(link.get("href", ""))):
                numbers[found[1]] = None
        if credit is not None:
            drop(body, credit)
    drop(body, *quoted)
    files = list(_files(body))
    preformat_code(body)
    links = [link for link in select(body, "a[href]") if "plugin-mentions-a" not in link.classes]
    # What was typed without a scheme is a link by http, whatever its host: the text says it better.
    hrefs = [href for link in links if (href := link.get("href", "")) != f"http://{link.text_content()}"]
    return plain_text(body), list(numbers), files, hrefs


def _text(content: str, url: str) -> str:
    return plain_text(parse_fragment(content, url)) if content.strip() else ""


def _credit(block: HtmlElement) -> HtmlElement | None:
    """The paragraph before a quote that older versions put its author in: `@wren said in Kettles:`."""
    before = block.getprevious()
    if before is None or before.tag != "p" or not before.text_content().rstrip().endswith(":"):
        return None
    match select(before, "a[href]"):
        case [mention, post] if "plugin-mentions-a" in mention.classes and POST.fullmatch(post.get("href", "")):
            return before if not (before.text or "").strip() else None
    return None


def _files(body: HtmlElement) -> Iterator[Attachment]:
    """The uploaded files of a post. They are taken out of its text where their names alone stand for them."""
    for node in select(body, "img[src], a[href]"):
        found = UPLOAD.search(unquote(node.get("src") or node.get("href") or ""))
        if found is None or any("/assets/uploads/" in (above.get("href") or "") for above in node.iterancestors("a")):
            continue
        inner = first(node, "img") if node.tag == "a" else None
        said = (inner if inner is not None else node).get("alt") or words(node) or found["name"]
        image = node.tag == "img" or inner is not None
        named = NO_LETTERS.sub("", said) == NO_LETTERS.sub("", found["name"])
        yield Attachment(filename=said if named or image else found["name"])
        if named or image:
            drop(body, node)


def _kind(data: Any) -> str | None:
    """What the data of a page is of: a topic, a category, the list of categories, or none of them."""
    match data:
        case {"tid": int(), "posts": list() as posts, "pagination": {}} if all("pid" in one for one in posts):
            return "thread"
        case {"cid": int(), "topics": list() as topics, "pagination": {}} if all("tid" in one for one in topics):
            return "index"
        case {"categories": [*boards]} if all(isinstance(one, dict) and "cid" in one for one in boards):
            return "entry"
    return None


def _data(document: Document) -> Data:
    """A page's data: the document itself, what a page carries for its scripts, or what its markup shows."""
    if document.is_json:
        return document.json if isinstance(document.json, dict) else {}
    if not is_whole(document.text):
        raise UnexpectedPage(document.url, "a whole page")
    script = first(document.html, "script#ajaxify-data")
    if script is not None:
        data = (script.text or "").strip().removeprefix("window._ajaxifyData=").rstrip("; \n")
        found = Document(document.url, data.encode()).json
        return found if isinstance(found, dict) else {}
    return _shown(document)


def _shown(document: Document) -> Data:
    """The same data as far as the markup of a page shows it, which a browser's scripts have taken their data from."""
    page, url = document.html, document.url or ""
    numbers = [int(link.get("data-page", "1")) for link in select(page, '[component="pagination"] a[data-page]')]
    current = first(page, '[component="pagination"] .active a[data-page]')
    shown = int(current.get("data-page", "1")) if current is not None else 1
    data: dict[str, Any] = {"pagination": {"currentPage": shown, "pageCount": max(numbers, default=1)}}
    flags = {name: bool(select(page, f'[component="topic/{name}"]:not(.hidden)')) for name in ("pinned", "locked")}
    crumbs = [(words(link), found) for link in select(page, ".breadcrumb a[href]") if (found := _category(url, link))]
    topic = first(page, '[component="topic"][data-tid]')
    if topic is not None:
        posts = [_shown_post(node) for node in select(topic, '[component="post"][data-pid]')]
        opening = next((one["pid"] for one in posts if one["index"] == "0"), None)
        slug = TOPIC.fullmatch(unquote(urlsplit(url).path))
        return data | {
            "tid": int(topic.get("data-tid", "0")), "posts": posts, "mainPid": opening,
            "title": escape(words(first(page, '[component="topic/title"]')) or ""),
            "slug": topic.get("data-tid", "") + ((slug["name"] if slug else None) or ""),
            "category": {"name": escape(crumbs[-1][0] or "")} if crumbs else {},
        } | flags  # fmt: skip
    rows = select(page, '[component="category/topic"][data-tid]')
    here, listed = CATEGORY.fullmatch(unquote(urlsplit(url).path)), first(page, '[component="category"]')
    if here and (rows or listed is not None):
        title = words(first(page, '.breadcrumb [component="breadcrumb/current"], .breadcrumb .active'))
        return data | {
            "cid": int(here["number"]), "slug": here["number"] + (here["name"] or ""), "name": escape(title or ""),
            "topics": [_shown_row(row, url) for row in rows],
            "children": list(_shown_boards(page, url, '[component="categories/category"] a[href]')),
        }  # fmt: skip
    boards = list(_shown_boards(page, url, '[component="categories/category"] a[href]'))
    return data | {"categories": boards} if boards else {}


def _shown_post(node: HtmlElement) -> Data:
    body, signature = first(node, '[component="post/content"]'), first(node, '[component="post/signature"]')
    parent = first(node, '[component="post/parent"]')
    posted, edited = (first(node, f'meta[itemprop="{name}"]') for name in ("datePublished", "dateModified"))
    badges = [link for link in select(node, 'a[href*="/groups/"]') if not _within(link, "post/content")]
    groups = [{"name": link.get("href", "").rpartition("/")[2], "userTitle": words(link)} for link in badges]
    return {
        "pid": int(node.get("data-pid", "0")), "index": node.get("data-index"), "content": _inner(body),
        "timestamp": int(node.get("data-timestamp") or 0),
        "timestampISO": posted.get("content") if posted is not None else None,
        "editedISO": edited.get("content") if edited is not None else None,
        "toPid": parent is not None and (parent.get("data-parent-pid") or parent.get("data-topid")),
        "deleted": "deleted" in node.classes,
        "user": {
            "username": escape(node.get("data-username", "")), "signature": _inner(signature),
            "selectedGroups": [one | {"name": SLUGS.get(one["name"], one["name"])} for one in groups],
        },
    }  # fmt: skip


SLUGS = {"global-moderators": "Global Moderators"}


def _within(node: HtmlElement, component: str) -> bool:
    return any(above.get("component") == component for above in node.iterancestors())


def _inner(element: HtmlElement | None) -> str:
    if element is None:
        return ""
    return escape(element.text or "") + "".join(lxml.html.tostring(child, encoding="unicode") for child in element)


def _shown_row(row: HtmlElement, url: str) -> Data:
    times = [node.get("title", "") for node in select(row, ".timeago[title]")]
    links = [found for link in select(row, "a[href]") if (found := TOPIC.fullmatch(_path(url, link)))]
    flags = {
        name: int(first(row, f'[component="topic/{name}"]:not(.hidden)') is not None) for name in ("pinned", "locked")
    }
    return {
        "tid": int(row.get("data-tid", "0")),
        "slug": row.get("data-tid", "") + ((links[0]["name"] if links else None) or ""),
        "postcount": words(first(row, '[component="topic/post-count"]')), "lastposttime": max(times, default=None),
    } | flags  # fmt: skip


def _shown_boards(page: HtmlElement, url: str, css: str) -> Iterator[Data]:
    for link in select(page, css):
        if (found := _category(url, link)) and (name := words(link)):
            yield {"cid": int(found["number"]), "slug": found["number"] + (found["name"] or ""), "name": escape(name)}


def _category(url: str, link: HtmlElement) -> re.Match[str] | None:
    return CATEGORY.fullmatch(_path(url, link))


def _path(url: str, link: HtmlElement) -> str:
    return unquote(urlsplit(join(url, link.get("href")) or "").path)


def _boards(categories: Sequence[Data], url: str) -> Iterator[PageRef]:
    """The categories of a list, and those within them; links that only look like categories are none."""
    for one in categories:
        if not one.get("link") and not one.get("disabled"):
            named = PageRef("", "index", _name(one.get("name")))
            yield _page(url, f"category/{one.get('slug') or one['cid']}", named)
        yield from _boards(one.get("children") or (), url)


def _board(topic: Data) -> str | None:
    return _name((topic.get("category") or {}).get("name"))


def _name(written: Any) -> str | None:
    """A title or name as it is shown: some versions give it escaped, others as it was typed."""
    text = str(written or "")
    return (unescape(text) if ESCAPED.search(text) and not RAW.search(text) else text).strip() or None


def _pages(data: Data) -> tuple[int, int]:
    """Which page is shown, of how many."""
    pagination = data.get("pagination") or {}
    shown, last = (int(pagination.get(name) or 1) for name in ("currentPage", "pageCount"))
    return shown, max(1, last)


def _others(data: Data) -> list[int]:
    shown, last = _pages(data)
    return [part for part in range(1, last + 1) if part != shown]


def _instead(data: Data, url: str) -> Exception | None:
    """What a page is in place of what was asked for, as its title or template says."""
    title, template = str(data.get("title") or ""), str((data.get("template") or {}).get("name") or "")
    if "404" in title or template == "404":
        return GonePage(url, "the forum says that there is no such page")
    if "403" in title or template in ("403", "login"):
        return ClosedPage(url, "the forum wants a login before it shows the page")
    return ClosedPage(url, "the site is down for maintenance") if "503" in title or template == "503" else None


def _page(url: str, path: str, ref: PageRef) -> PageRef:
    """A page of this site by its JSON; the page itself is what is asked for where the JSON is off."""
    path = quote(path) + (f"?page={ref.part}" if ref.part > 1 else "")
    base = _base(url)
    return replace(ref, url=join(url, f"{base}api/{path}") or url, alternate=join(url, base + path))


def _base(url: str) -> str:
    """The software's folder, with a slash at its end."""
    path = unquote(urlsplit(url).path)
    found = TOPIC.fullmatch(path) or CATEGORY.fullmatch(path)
    return f"{found['folder']}/" if found else _folder(path)


def _folder(path: str) -> str:
    """The software's folder by the address of its front page or list of categories."""
    cut = re.sub(r"(?:api/)?(?:categories|recent|popular|top|unread|world)?/?$", "", path)
    return cut if cut.endswith("/") else f"{cut}/"


ENGINE = Engine(
    name="nodebb", recognise=recognise, entry=entry, kind_of=kind_of,
    pages={"entry": parse_entry, "index": parse_list, "thread": parse_topic}, site_numbers=True,
)  # fmt: skip
