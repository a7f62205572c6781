"""FluxBB and PunBB: closed doors, other addresses, and what the lists of either branch say."""

from collections.abc import Callable

import pytest

from core.records import PageRef
from crawler.engines import fluxbb
from crawler.errors import ClosedPage, GonePage, UnexpectedPage
from crawler.page import Document
from crawler.reading import read

URL = "http://kettle.example/talk/viewtopic.php?id=4"
TOPIC = PageRef(URL, "thread", "Wheels", 4)
LIST = PageRef("http://kettle.example/talk/viewforum.php?id=2", "index", "Wheels")


def flux(content: str, url: str = URL) -> Document:
    html = f'<html><body><div id="punviewforum" class="pun"><div id="brdheader"></div>{content}</div></body></html>'
    return Document(url, html.encode(), "text/html; charset=utf-8")


def pun(content: str, url: str = URL) -> Document:
    html = f'<html><body><div id="brd-wrap"><div class="brd-page"><div id="brd-main">{content}</div></div></div></body></html>'
    return Document(url, html.encode(), "text/html; charset=utf-8")


def flux_post(body: str = "<p>Hello</p>", author: str = '<a href="profile.php?id=2">Wren</a>') -> str:
    return (
        '<div id="p9" class="blockpost"><h2><a href="viewtopic.php?pid=9#p9">2026-10-29 14:47:34</a></h2>'
        f'<div class="postleft"><dl><dt><strong>{author}</strong></dt></dl></div>'
        f'<div class="postright"><h3>Kettles</h3><div class="postmsg">{body}</div></div></div>'
    )


def pun_post(body: str = "<p>Hello</p>") -> str:
    return (
        '<div class="post"><div id="p9" class="posthead"><span class="post-link">'
        '<a class="permalink" href="viewtopic.php?pid=9#p9">2026-10-29 14:47:34</a></span></div><div class="postbody">'
        '<ul class="author-ident"><li class="username">Wren</li></ul>'
        f'<div class="entry-content">{body}</div></div></div>'
    )


@pytest.mark.parametrize("document", [flux(flux_post()), flux(flux_post(author="Wren")), pun(pun_post())])
def test_a_post_of_either_branch_by_a_member_or_a_guest(document: Document) -> None:
    [only] = read(fluxbb.ENGINE, TOPIC, document).posts
    assert (only.board, only.thread, only.number, only.op) == ("Wheels", 4, 9, True)
    assert (only.name, only.text, only.url) == ("Wren", "Hello", f"{URL}#p9")
    assert str(only.posted_at) == "2026-10-29 14:47:34+00:00"


@pytest.mark.parametrize("state", ["[ Closed ] ", ""])
def test_a_subject_is_without_what_the_heading_adds(state: str) -> None:
    link = f'<a class="permalink" href="{URL}">Kettles</a>'
    heading = f'<h1 class="main-title">{state}{link} <small>(Page 1 of 2)</small></h1>'
    [only] = read(fluxbb.ENGINE, TOPIC, pun(heading + pun_post())).posts
    assert only.subject == "Kettles"


def test_spaces_and_links_are_as_they_were_typed() -> None:
    href = "https://a.example/one/two?three=3&amp;four=4"
    body = f'<p>a&#160; b <a href="{href}">https://a.example/o … amp;four=4</a> and 5&#160;km</p>'
    [only] = read(fluxbb.ENGINE, TOPIC, pun(pun_post(body))).posts
    assert only.text == "a  b https://a.example/one/two?three=3&four=4 and 5\xa0km"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("viewtopic.php?id=4&p=2", "viewtopic.php?id=4"),
        ("viewtopic.php?id=4#p9", "viewtopic.php?id=4"),
        ("topic4.html", "topic4.html"),
        ("topic4-the-kettlep2.html", "topic4-the-kettle.html"),
        ("topic/4/the-kettle/page/2/", "topic/4/the-kettle/"),
        ("topic/4/page/2/", "topic/4/"),
    ],
)
def test_a_topic_is_known_by_any_of_its_addresses(typed: str, kept: str) -> None:
    [start] = fluxbb.ENGINE.entry(f"http://kettle.example/talk/{typed}")
    assert (start.url, start.kind, start.thread) == (f"http://kettle.example/talk/{kept}", "thread", 4)


def test_the_address_of_a_post_is_no_topics_and_its_page_tells_which_it_is() -> None:
    url = "http://kettle.example/talk/viewtopic.php?pid=9"
    canonical = '<link rel="canonical" href="viewtopic.php?id=4">'
    [only] = read(fluxbb.ENGINE, TOPIC, flux(canonical + flux_post(), url)).posts
    assert (only.thread, only.url) == (4, f"{URL}#p9")


FLUX_ROW = (
    '<tr class="{state}"><td><div class="tclcon"><a href="viewtopic.php?id={number}">Kettles</a></div></td>'
    '<td class="tc2">3</td><td class="tcr"><a href="viewtopic.php?pid=9#p9">Today 10:00</a></td></tr>'
)
PUN_ROW = (
    '<div id="topic{number}" class="main-item {state}"><h3><a href="viewtopic.php?id={number}">Kettles</a></h3><ul>'
    '<li class="info-replies"><strong>3</strong></li>'
    '<li class="info-lastpost"><strong><a href="viewtopic.php?pid=9#p9">Today 10:00</a></strong></li></ul></div>'
)


@pytest.mark.parametrize("branch", ["FluxBB", "PunBB"])
def test_a_list_says_what_changed_the_same_on_every_day_and_leaves_out_moved_topics(branch: str) -> None:
    if branch == "FluxBB":
        states = enumerate(("isticky iclosed", "roweven", "imoved"), 4)
        rows = "".join(FLUX_ROW.format(number=number, state=state) for number, state in states)
        page = flux(f'<div class="blocktable"><h2>Wheels</h2><table><tbody>{rows}</tbody></table></div>', LIST.url)
    else:
        states = enumerate(("sticky closed", "normal", "moved"), 4)
        rows = "".join(PUN_ROW.format(number=number, state=state) for number, state in states)
        page = pun(f'<div class="main-forum">{rows}</div>', LIST.url)
    parsed = read(fluxbb.ENGINE, LIST, page)
    assert [(ref.thread, ref.hint) for ref in parsed.pages] == [(4, "3, p9, sticky, locked"), (5, "3, p9")]
    assert parsed.lists_board == "Wheels"


def flux_says(text: str) -> Document:
    return flux(f'<div id="msg"><div class="inbox"><p>{text}</p><p><a href="x">Go back</a></p></div></div>')


def pun_says(text: str) -> Document:
    return pun(f'<div class="main-message"><p>{text}</p></div>')


@pytest.mark.parametrize("says", [flux_says, pun_says])
def test_what_does_not_exist_is_gone_and_any_other_message_is_a_closed_door(says: Callable[[str], Document]) -> None:
    with pytest.raises(GonePage):
        read(fluxbb.ENGINE, TOPIC, says("Bad request. The link you followed is incorrect or outdated."))
    with pytest.raises(ClosedPage, match="permission"):
        read(fluxbb.ENGINE, TOPIC, says("You do not have permission to view these forums."))


def test_a_page_cut_on_its_way_or_of_another_topic_is_refused() -> None:
    whole = flux(flux_post() + flux_post().replace("p9", "p10"))
    with pytest.raises(UnexpectedPage, match="a whole page"):
        read(fluxbb.ENGINE, TOPIC, Document(URL, whole.body[: whole.body.index(b'"p10"')], whole.content_type))
    with pytest.raises(UnexpectedPage, match="topic 4"):
        read(fluxbb.ENGINE, TOPIC, flux(flux_post(), URL.replace("id=4", "id=5")))
