"""Pages made as software makes them that has no parser here: what each shows of a thread is read, and lists are none."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape

import pytest

from crawler.engines import generic
from crawler.page import Document, Parsed
from crawler.reading import read

NOW = datetime(2026, 11, 24, 12, 30, tzinfo=UTC)
SAID = [
    (1041, "Wren", datetime(2026, 11, 20, 9, 15, tzinfo=UTC), "The kettle in the break room is broken, and nobody has the key."),
    (1042, "Mole", datetime(2026, 11, 20, 10, 2, tzinfo=UTC), "Who fixes it? I asked at https://newboard.example/b/ first."),
    (1047, "Wren", datetime(2026, 11, 21, 23, 59, tzinfo=UTC), "Nobody.\nIt is always the same with the old one."),
    (1050, "Heron", datetime(2026, 11, 22, 0, 5, tzinfo=UTC), "ok"),
    (1051, "Old Crow", datetime(2026, 11, 22, 17, 40, tzinfo=UTC), "Bring it on Tuesday; Straße, 湯, чайник."),
]  # fmt: skip
PARENTS = {1042: 1041, 1047: 1042, 1050: 1041}
Made = Callable[[int, str, datetime, str], str]


def parsed(body: str, url: str) -> Parsed:
    text = f"<!doctype html><html><head><title>Kettles</title></head><body>{body}</body></html>"
    document = Document(url, text.encode(), "text/html; charset=utf-8", 200, NOW)
    return read(generic.ENGINE, generic.entry(url)[0], document)


def flat(made: Made) -> str:
    return "".join(made(*said) for said in SAID)


def nested(made: Made, parent: int | None = None) -> str:
    """Answers within what they answer, where `made` leaves a place for them."""
    own = [said for said in SAID if PARENTS.get(said[0]) == parent]
    return "".join(made(*said).replace("ANSWERS", nested(made, said[0])) for said in own)


def lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def comment_tree(number: int, name: str, at: datetime, text: str) -> str:
    """Links' comments: each holds its answers, its number in a class and a code, its author's and its own page linked."""
    return (
        f'<div class="thing id-t1_{number} comment" id="thing_t1_{number}"><div class="entry"><p class="tagline">'
        f'<a href="/user/{name}" class="author">{name}</a> <span class="score" title="5">5 points</span> '
        f'<time title="{at:%a %b %d %H:%M:%S %Y}" datetime="{at.isoformat()}">4 days ago</time></p><form><div class="md">'
        f'{lines(text)}</div></form><ul class="buttons"><li><a href="/r/tea/comments/aaa/kettles/{number}/">permalink</a></li></ul>'
        '</div><div class="child">ANSWERS</div></div>'
    )


def story_table(number: int, name: str, at: datetime, text: str) -> str:
    """Rows of a table, a bare number as id, an age whose title is the time in two ways."""
    return (
        f'<tr class="athing" id="{number}"><td><table><tr><td><img width="0"></td><td class="default"><div><span class="comhead">'
        f'<a href="user?id={name}" class="hnuser">{name}</a> <span class="age" title="{at:%Y-%m-%dT%H:%M:%S} 1795161600">'
        f'<a href="item?id={number}">4 days ago</a></span></span></div><div class="comment"><div class="commtext">{lines(text)}'
        f'</div><div class="reply"><a href="reply?id={number}">reply</a></div></div></td></tr></table></td></tr>'
    )


def heads_and_rows(number: int, name: str, at: datetime, text: str) -> str:
    """A head with number and time, and behind it, not in it, what was said."""
    return (
        f'<div id="post-{number}" class="reply-header"><span class="date">{at:%B %d, %Y at %I:%M %p}</span><a href="#post-{number}">'
        f'#{number}</a></div><div class="loop"><div class="reply-author"><a href="/forums/users/{name}/">{name}</a></div>'
        f'<div class="reply-content"><p>{lines(text)}</p></div></div>'
    )


def definitions(number: int, name: str, at: datetime, text: str) -> str:
    """A textboard's terms and definitions: number, name and time in the one, the words in the other."""
    day = "月火水木金土日"[at.weekday()]
    return f"<dt>{number} ：<b>{name}</b>：{at:%Y/%m/%d}({day}) {at:%H:%M:%S}.22 ID:abc<dd> {lines(text).replace('<br>', ' <br> ')} <br><br>"


def old_table(number: int, name: str, at: datetime, text: str) -> str:
    """Rows of one table without ids, an anchor in the author's cell, when the author joined above the post's time."""
    return (
        f'<tr><td class="row1"><span class="name"><a name="{number}"></a><b>{name}</b></span><br><span class="details">Joined: 03 Jan 2019'
        f'<br>Posts: 45</span></td><td class="row1"><table><tr><td><span class="details">Posted: {at:%a %b %d, %Y %I:%M %p}</span></td></tr>'
        f'<tr><td><span class="postbody">{lines(text)}</span></td></tr></table></td></tr><tr><td><a href="#top">Back to top</a></td><td></td></tr>'
    )


def scripted(number: int, name: str, at: datetime, text: str) -> str:
    """Names of classes that a build made, the number in data and in the link at the time."""
    return (
        f'<article class="_9utaR" data-id="{number}"><div class="_UuSG"><a href="/{name}"><strong class="_2ZzNB">{name}</strong></a>'
        f'<a href="/{name}/posts/{number}"><time datetime="{at.isoformat()}">4d</time></a></div><div class="_1PYuI"><div class="_2ItVr">'
        f"<p>{lines(text)}</p></div></div><div><button>Like</button></div></article>"
    )


THREADS = {
    "comment tree": ("http://links.example/r/tea/comments/aaa/kettles/", nested(comment_tree)),
    "story table": ("http://news.example/item?id=100", f"<table>{flat(story_table)}</table>"),
    "heads and rows": ("http://press.example/forums/topic/kettles/", f'<ul><li class="body">{flat(heads_and_rows)}</li></ul>'),
    "definitions": ("http://text.example/read.cgi/tea/1795161600/", f"<hr><dl>{flat(definitions)}</dl><hr>"),
    "old table": ("http://old.example/viewtopic.php?t=9", f"<table>{flat(old_table)}</table>"),
    "scripted": ("http://app.example/t/9", f"<main>{flat(scripted)}</main>"),
}  # fmt: skip


@pytest.mark.parametrize("making", THREADS)
def test_each_post_with_its_number_time_author_and_words(making: str) -> None:
    url, body = THREADS[making]
    posts = parsed(f'<ul id="menu"><li><a href="/">Home</a><li><a href="/about">About</a></ul>{body}', url).posts
    found = [(str(post.number), post.name, post.posted_at, post.text) for post in posts]
    assert found == [(str(number), *rest) for number, *rest in SAID]


def data() -> str:
    return json.dumps({
        "board": {"id": 3, "name": "Tea", "description": "All of tea", "createdAt": "2020-01-01T00:00:00Z"},
        "entries": {
            str(number): {"id": number, "content": f"<p>{lines(text)}</p>", "createdAt": at.isoformat(),
                          "editedAt": "2026-11-23T00:00:00Z", "user": {"id": 7, "username": name, "createdAt": "2019-01-03"}}
            for number, name, at, text in SAID
        },
    })  # fmt: skip


@pytest.mark.parametrize(
    "page",
    [
        f'<!doctype html><html><body><div id="app">Loading</div><script>window.__STATE__ = {data()};</script></body></html>',
        f'<!doctype html><html><body><script type="application/json">{data()}</script></body></html>',
        data(),
    ],
    ids=["assigned", "embedded", "an answer in JSON"],
)
def test_posts_that_a_page_holds_as_data_alone(page: str) -> None:
    document = Document("http://app.example/t/9", page.encode(), None, 200, NOW)
    ref = generic.kind_of(document)
    assert ref is not None
    posts = read(generic.ENGINE, ref, document).posts
    found = [(str(post.number), post.name, post.posted_at, post.text) for post in posts]
    assert found == [(str(number), *rest) for number, *rest in SAID]


def test_what_the_comments_answer_is_a_post_too() -> None:
    opening = (
        '<article id="post-77"><h1>Kettles</h1><div class="meta"><time datetime="2026-11-20T08:00:00+00:00">20 November</time> by '
        '<span class="author"><a href="/author/keeper">Keeper</a></span></div><div class="entry-content"><p>We collect them.</p></div></article>'
    )
    posts = parsed(
        f'<main>{opening}<div id="comments">{flat(heads_and_rows)}</div></main>', "http://b.example/kettles"
    ).posts
    assert (posts[0].number, posts[0].name, posts[0].text) == (77, "Keeper", "We collect them.")
    assert [post.text for post in posts[1:]] == [text for *_, text in SAID]


def test_a_post_without_an_element_of_its_own_is_read_with_its_answers() -> None:
    (number, name, at, text), *answers = SAID
    opening = (
        f'<form><span class="filesize"><a href="/tea/src/{int(at.timestamp())}123.png">x</a></span><br><a name="{number}"></a> <label>'
        f'<span class="postername">{name}</span> {at:%y/%m/%d(%a)%H:%M}</label> <blockquote>{lines(text)}</blockquote>'
    )
    rest = "".join(
        f'<table><tr><td>&gt;&gt;</td><td class="reply" id="reply{number}"><a name="{number}"></a><label><span class="commentpostername">'
        f"{name}</span> {at:%y/%m/%d(%a)%H:%M}</label> <blockquote>{lines(text)}</blockquote></td></tr></table>"
        for number, name, at, text in answers
    )
    posts = parsed(f"{opening}{rest}</form>", "http://chan.example/tea/res/1041.html").posts
    assert [(post.number, post.name, post.posted_at, post.text) for post in posts] == SAID


def test_quotes_in_tables_and_signatures_under_a_drawn_line_are_not_the_authors_text() -> None:
    quote = '<table><tr><td><b>Heron wrote:</b></td></tr><tr><td class="q">The words of another.</td></tr></table>'
    sign = "<br>_________________<br>my lighthouse"
    posts = parsed(
        f"<table>{flat(lambda n, name, at, text: old_table(n, name, at, 'HERE').replace('HERE', quote + lines(text) + sign))}</table>",
        "http://old.example/t?t=9",
    ).posts
    assert [post.text for post in posts] == [text for *_, text in SAID]


def test_answers_within_answers_are_read_apart_though_none_shows_a_number() -> None:
    def made(_: int, name: str, at: datetime, text: str) -> str:
        return f"<li><p><b>{name}</b> <i>{at:%Y-%m-%d %H:%M}</i></p><blockquote>{lines(text)}</blockquote><ul>ANSWERS</ul></li>"

    posts = parsed(f"<ul>{nested(made)}</ul>", "http://tree.example/t/9").posts
    assert [(post.name, post.posted_at, post.text) for post in posts] == [said[1:] for said in SAID]


def test_a_mark_of_a_removed_post_is_none() -> None:
    removed = [(*said[:3], "This post has been deleted!" if said[0] == 1047 else said[3]) for said in SAID]
    posts = parsed("".join(scripted(*said) for said in removed), "http://app.example/t/9").posts
    assert [post.number for post in posts] == [1041, 1042, 1050, 1051]


def test_an_age_alone_says_when_only_as_written() -> None:
    body = "".join(
        f'<div class="post" id="p{number}"><b class="nick">{name}</b> <i>{days} days ago</i><p>{text}</p></div>'
        for days, (number, name, _, text) in enumerate(SAID, 2)
    )
    posts = parsed(body, "http://app.example/t/9").posts
    assert [(post.posted_at, post.posted_at_raw) for post in posts] == [
        (None, f"{days} days ago") for days in range(2, 7)
    ]


TITLES = [
    "Kettles and their ends",
    "Lids, lost and found",
    "A shelf for the shop",
    "Which tea for winter?",
    "House rules",
]
LISTS = {
    "stories elsewhere": lambda n, title: (
        f'<tr class="athing" id="{n}"><td><span class="titleline"><a href="http://x{n}.example/a">{title}</a></span></td></tr><tr><td>'
        f'<span class="score" id="score_{n}">87 points</span> by <a href="user?id=Wren">Wren</a> <span title="2026-11-2{n}T09:00:00">'
        f'<a href="item?id={n}">3 days ago</a></span> | <a href="item?id={n}">{n} comments</a></td></tr>'
    ),
    "boards": lambda n, title: (
        f'<tr id="forum{n}"><td><a href="b{n}"><strong>{title}</strong></a><div>A place for all that belongs to it.</div></td><td>'
        f'<a href="show?t=9{n}"><b>Re: {title}</b></a> by <a href="member.php?u={n}">Wren</a> 11-2{n}-2026 09:00 AM</td><td>{n}</td></tr>'
    ),
    "threads": lambda n, title: (
        f'<tr id="post_{n}"><td><h4><a href="/read?3,{n}">{title}</a></h4></td><td><a class="username" href="/profile?{n}">Wren</a></td>'
        f"<td>11/2{n}/2026 09:00 am</td></tr>"
    ),
    "news": lambda n, title: (
        f'<tr><td><a href="/story/{n}"><h2>{title}</h2></a><p>What was said on the evening of day {n}, and why it matters.</p>'
        f'<time datetime="2026-11-2{n}T09:00:00Z">2{n} Nov</time></td></tr>'
    ),
    "goods": lambda n, title: (
        f'<tr><td id="product-{n}"><a href="/p/{n}"><h3>{title}</h3></a><p>A good thing, made of tin.</p><b>{n},00</b></td></tr>'
    ),
}  # fmt: skip


@pytest.mark.parametrize("listed", LISTS)
def test_a_list_is_no_thread(listed: str) -> None:
    rows = "".join(LISTS[listed](n, title) for n, title in enumerate(TITLES, 1))
    found = parsed(f"<table>{rows}</table>", "http://list.example/")
    assert found.confidence == generic.CONFIDENCE["text"]
    assert len(found.posts) <= 1, "at most the page's own text"


def test_a_lists_rows_lead_on_whatever_their_addresses_look_like() -> None:
    rows = "".join(LISTS["threads"](n, title) for n, title in enumerate(TITLES, 1))
    pages = parsed(f"<table>{rows}</table>", "http://list.example/").pages
    assert [ref.url for ref in pages if ref.kind == "thread"] == [
        f"http://list.example/read?3,{n}" for n in range(1, 6)
    ]
