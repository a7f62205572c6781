"""XenForo: what differs from board to board: addresses, versions, previews, files within texts, closed doors."""

from datetime import UTC, datetime

import pytest

from core.records import PageRef
from crawler.engines import xenforo
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.page import Document
from crawler.reading import read

URL = "http://kettle.example/threads/old-kettles.4/"
THREAD = PageRef(URL, "thread", "Tea & talk", 4)
FORUM_URL = "http://kettle.example/forums/tea-talk.2/"
FORUM = PageRef(FORUM_URL, "index", "Tea & talk")
DATE = '<time class="u-dt" datetime="2025-06-09T17:30:10-0500" data-timestamp="1749508210" data-time="5:30 PM">9 June</time>'


def page(content: str, url: str = URL, *, template: str = "thread_view") -> Document:
    html = (
        f'<!DOCTYPE html><html id="XF" data-app="public" data-template="{template}"><body>'
        '<ul class="p-breadcrumbs"><li><a href="/">Forums</a></li><li><a href="/forums/tea-talk.2/">Tea &amp; talk</a></li></ul>'
        '<h1 class="p-title-value"><span class="label">News</span><span class="label-append">&nbsp;</span>Old kettles</h1>'
        f'<div class="p-body-pageContent">{content}</div></body></html>'
    )
    return Document(url, html.encode(), "text/html; charset=utf-8")


def post(body: str = "Hello", *, number: int = 9, date: str = DATE, after: str = "", kind: str = "post") -> str:
    return (
        f'<article class="message message--{kind} js-post" data-author="Wren" data-content="post-{number}" id="js-post-{number}">'
        '<h4 class="message-name"><a class="username" href="/members/wren.3/"><span>Wren</span></a></h4>'
        f'<header class="message-attribution"><a href="/threads/old-kettles.4/post-{number}">{date}</a></header>'
        f'<article class="message-body"><div class="bbWrapper">{body}</div></article>{after}</article>'
    )


def test_a_post_and_where_it_stands() -> None:
    [only] = read(xenforo.ENGINE, THREAD, page(post())).posts
    assert (only.board, only.thread, only.number, only.op) == ("Tea & talk", 4, 9, True)
    assert (only.name, only.text, only.subject) == ("Wren", "Hello", "Old kettles")
    assert (only.url, only.posted_at) == (f"{URL}#post-9", datetime(2025, 6, 9, 22, 30, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    "date",
    [
        '<time datetime="2025-06-09T22:30:10+0000" data-time="1749508210" title="Jun 9, 2025 at 10:30 PM">Monday</time>',
        '<time class="u-dt" data-time="1749508210">Monday</time>',
    ],
)
def test_times_of_other_versions(date: str) -> None:
    [only] = read(xenforo.ENGINE, THREAD, page(post(date=date))).posts
    assert only.posted_at == datetime(2025, 6, 9, 22, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("threads/old-kettles.4/page-3#post-9", "threads/old-kettles.4/"),
        ("threads/old-kettles.4/post-9", "threads/old-kettles.4/"),
        ("threads/old-kettles.4", "threads/old-kettles.4/"),
        ("threads/4/latest", "threads/4/"),
        ("talk/index.php?threads/old-kettles.4/page-3", "talk/index.php?threads/old-kettles.4/"),
        ("forums/threads/old-kettles.4/", "forums/threads/old-kettles.4/"),
        ("t/старые-чайники.4/", "t/старые-чайники.4/"),
    ],
)
def test_a_thread_is_known_by_any_of_its_addresses(typed: str, kept: str) -> None:
    [start] = xenforo.ENGINE.entry(f"http://kettle.example/{typed}")
    assert (start.url, start.kind, start.thread) == (f"http://kettle.example/{kept}", "thread", 4)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("forums/tea-talk.2/", "index"),
        ("forums/tea-talk.2/page-2", "index"),
        ("forums/announcements/", "index"),
        ("forums/forums/tea-talk.2/", "index"),
        ("forums/index.php?forums/tea-talk.2/", "index"),
        ("forums/", "entry"),
        ("forums/-/index.rss", "entry"),
        ("threads/old-kettles.4/preview", "entry"),
        ("", "entry"),
    ],
)
def test_what_an_address_is_of(typed: str, kind: str) -> None:
    [start] = xenforo.ENGINE.entry(f"http://kettle.example/{typed}")
    assert start.kind == kind
    if kind == "index":
        assert start.url.endswith(("tea-talk.2/", "forums/announcements/"))


def test_a_thread_shown_at_the_address_of_a_post_is_on_the_page_that_it_marks() -> None:
    pages = '<ul class="pageNav-main"><li class="pageNav-page"><a href="/threads/old-kettles.4/">1</a></li>'
    pages += '<li class="pageNav-page pageNav-page--current"><a href="/threads/old-kettles.4/page-2">2</a></li></ul>'
    parsed = read(xenforo.ENGINE, THREAD, page(pages + post(), f"{URL}post-9"))
    assert [(only.url, only.op) for only in parsed.posts] == [(f"{URL}page-2#post-9", False)]
    assert [ref.url for ref in parsed.pages] == [URL]


def test_previews_and_pictures_become_the_addresses_that_were_typed() -> None:
    preview = (
        '<div class="bbCodeBlock bbCodeBlock--unfurl" data-url="https://shelf.example/teas">'
        '<h3><a href="https://shelf.example/teas">A shelf</a></h3><div>All its teas</div></div>'
    )
    picture = (
        '<img src="/proxy.php?image=https%3A%2F%2Fcdn.example%2Fattachments%2F1%2Fpot.png" class="bbImage" alt="pot.png"'
        ' data-url="https://cdn.example/attachments/1/pot.png">'
    )
    lazy = '<img src="data:image/gif;base64,R0" data-src="https://cdn.example/lid.png" class="bbImage" alt="lid.png">'
    smile = '<img class="smilie" src="data:image/gif;base64,R0" alt=":)" title="Smile">'
    [only] = read(xenforo.ENGINE, THREAD, page(post(f"See<br />\n{preview}{picture}{lazy}end {smile}"))).posts
    assert only.text == "See\nhttps://shelf.example/teas\nend :)"
    assert [link.url for link in only.links] == [
        "https://shelf.example/teas", "https://cdn.example/attachments/1/pot.png", "https://cdn.example/lid.png",
    ]  # fmt: skip
    assert only.attachments == ()


def test_files_within_a_text_are_attachments_and_those_of_a_quote_are_not() -> None:
    quote = '<blockquote class="bbCodeBlock bbCodeBlock--quote"><a href="/attachments/x-png.7/">View attachment 7</a></blockquote>'
    inside = (
        '<a href="/attachments/pot-png.1/" class="js-lbImage"><img src="/data/attachments/0/1.jpg" class="bbImage" alt="pot.png"></a>'
        '<div class="bbImageWrapper"><img src="/attachments/lid-png.2/" data-url="" class="bbImage" alt="lid.png"></div>'
        '<a href="/attachments/tea-txt.3/" target="_blank">View attachment 3</a>'
    )
    listed = (
        '<ul class="attachmentList"><li class="file"><a class="file-preview" href="/attachments/cup-png.5/"><img alt="cup.png"></a>'
        '<span class="file-name" title="cup.png">cup.png</span></li></ul>'
    )
    [only] = read(xenforo.ENGINE, THREAD, page(post(f"{quote}Mine:{inside}", after=listed))).posts
    assert only.text == "Mine:"
    assert [file.filename for file in only.attachments] == ["cup.png", "pot.png", "lid.png", None]


def test_only_quotes_of_posts_name_one_and_words_around_a_quote_stay_apart() -> None:
    quote = (
        '<blockquote class="bbCodeBlock bbCodeBlock--quote" data-source="{source}"><div>Said</div>{inner}</blockquote>'
    )
    inner = quote.format(source="post: 3", inner="")
    body = (
        "One" + quote.format(source="post: 5", inner=inner) + "two" + quote.format(source="profile-post: 6", inner="")
    )
    [only] = read(xenforo.ENGINE, THREAD, page(post(body))).posts
    assert (only.text, only.quotes) == ("One\ntwo", (5,))


def test_what_was_deleted_is_no_post_and_an_article_is_one() -> None:
    stub = '<div class="message message--deleted message--post" data-content="post-8" id="js-post-8">Deleted</div>'
    article = post(kind="article").replace("message-name", "message-articleUserName")
    [only] = read(xenforo.ENGINE, THREAD, page(stub + article, template="thread_view_type_article")).posts
    assert (only.number, only.name, only.op) == (9, "Wren", True)


ROW = (
    '<div class="structItem structItem--thread js-threadListItem-{number}"><div class="structItem-cell structItem-cell--main">{status}'
    '<div class="structItem-title"><a class="labelLink" href="/forums/tea-talk.2/?prefix_id=1">News</a>'
    '<a href="/threads/kettle.{number}/unread">Kettle</a></div></div><div class="structItem-cell structItem-cell--meta">'
    '<dl class="pairs"><dt>Replies</dt><dd>3</dd></dl><dl class="pairs structItem-minor"><dt>Views</dt><dd>77</dd></dl></div>'
    '<div class="structItem-cell--latest"><a href="/threads/kettle.{number}/latest">'
    '<time class="structItem-latestDate" datetime="2025-06-09T17:30:10-0500">Today</time></a></div></div>'
)
STATUS = '<i class="structItem-status structItem-status--{}"></i>'


def test_a_list_says_what_changed_and_leaves_out_redirects() -> None:
    marks = STATUS.format("sticky") + STATUS.format("locked")
    rows = ROW.format(number=4, status=marks) + ROW.format(number=5, status="")
    rows += ROW.format(number=6, status=STATUS.format("redirect"))
    parsed = read(xenforo.ENGINE, FORUM, page(rows, FORUM_URL, template="forum_view"))
    last = "2025-06-09T17:30:10-0500"
    assert [(ref.url, ref.hint) for ref in parsed.pages] == [
        ("http://kettle.example/threads/kettle.4/", f"3, {last}, sticky, locked"),
        ("http://kettle.example/threads/kettle.5/", f"3, {last}"),
    ]


@pytest.mark.parametrize(
    "more",
    ['<a href="/forums/tea-talk.2/?no_date_limit=1">Show older items</a>', '<a class="filterBar-filterToggle">x</a>'],
)
def test_a_list_that_leaves_threads_out_does_not_tell_which_are_gone(more: str) -> None:
    row = ROW.format(number=5, status="")
    whole, part = (page(content, FORUM_URL, template="forum_view") for content in (row, row + more))
    assert read(xenforo.ENGINE, FORUM, whole).lists_board
    assert read(xenforo.ENGINE, FORUM, part).lists_board is None


def test_a_list_of_articles() -> None:
    row = (
        '<article class="message message--article message--articlePreview js-threadListItem-5"><h2 class="articlePreview-title">'
        '<a href="/threads/kettle.5/">Kettle</a></h2><article class="message-body"><div class="bbWrapper">Cut ...</div></article>'
        '<ul><li class="articlePreview-replies"><a href="/threads/kettle.5/unread">Replies: 3</a></li></ul></article>'
    )
    [ref] = read(xenforo.ENGINE, FORUM, page(row, FORUM_URL, template="forum_view_type_article")).pages
    assert (ref.kind, ref.thread, ref.hint) == ("thread", 5, "Replies: 3")


@pytest.mark.parametrize(
    ("before", "locked"),
    [
        ("", False),
        ('<dl class="blockStatus"><dd class="blockStatus-message blockStatus-message--locked">Closed</dd></dl>', True),
    ],
)
def test_a_thread_is_not_locked_because_a_similar_one_is(before: str, locked: bool) -> None:  # noqa: FBT001
    similar = ROW.format(number=7, status=STATUS.format("locked") + STATUS.format("sticky"))
    [only] = read(xenforo.ENGINE, THREAD, page(before + post() + similar)).posts
    assert (only.locked, only.sticky) == (locked, False)


def test_what_does_not_exist_is_gone_and_any_other_message_is_a_closed_door() -> None:
    said = '<div class="blockMessage">\n\t{}\n</div>'
    with pytest.raises(GonePage):
        read(xenforo.ENGINE, THREAD, page(said.format("The requested thread could not be found."), template="error"))
    for message in ("You do not have permission to view this page.", "You must be logged-in to do that."):
        with pytest.raises(ClosedPage, match="the board says"):
            read(xenforo.ENGINE, THREAD, page(said.format(message), template="error"))


def test_a_page_cut_on_its_way_or_of_another_thread_is_refused() -> None:
    whole = page(post() + post(number=10))
    with pytest.raises(UnexpectedPage, match="a whole page"):
        read(xenforo.ENGINE, THREAD, Document(URL, whole.body[: whole.body.index(b"js-post-10")], whole.content_type))
    with pytest.raises(UnexpectedPage, match="topic 4"):
        read(xenforo.ENGINE, THREAD, page(post(), URL.replace(".4/", ".5/")))
