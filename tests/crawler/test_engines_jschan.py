"""jschan's pages where its JSON is off, and what only a page can get wrong."""

import pytest

from core.records import PageRef
from crawler.engines import jschan, lynxchan
from crawler.errors import UnexpectedPage
from crawler.page import Document
from crawler.reading import read

POST = (
    '<div class="post-container {kind}" data-board="tea" data-post-id="{number}" data-name="Wren" data-flag="XX"><div class="post-info">'
    '<time class="post-date reltime" datetime="2026-11-24T12:00:00.000Z">24/11/2026, 12:00:00</time></div><div class="post-data">{body}</div></div>'
)
OPENING = POST.format(kind="op", number=17, body='<pre class="post-message">One\n\n  two</pre>{more}')
ANSWER = POST.format(
    kind="",
    number=18,
    body='<pre class="post-message"><a class="quote" href="/tea/thread/17.html#17">&gt;&gt;17</a> <small>(OP)</small> \nCode:\n'
    '<span class="code">a\n  b</span>after it</pre><div class="replies">Replies: <a class="quote" href="#19">&gt;&gt;19</a></div>',
)


def page(*threads: str, end: str = "</body></html>") -> Document:
    body = "".join(f'<div class="thread">{thread}</div>' for thread in threads)
    return Document("http://chan.example/tea/thread/17.html", f"<html><body>{body}{end}".encode(), "text/html")


REF = PageRef("http://chan.example/tea/thread/17.html", "thread", "tea", 17)


def test_line_ends_are_the_authors_and_the_mark_of_the_opening_post_is_not() -> None:
    opening, answer = read(jschan.ENGINE, REF, page(OPENING.format(more="") + ANSWER)).posts
    assert opening.text == "One\n\n  two"
    assert answer.text == ">>17\nCode:\na\n  b\nafter it"
    assert answer.quotes == (17,), "who answers a post is no quote of its own"
    assert answer.country is None, "XX stands for no country"


@pytest.mark.parametrize(
    "document",
    [
        page(OPENING.format(more="<img class='expand-omitted'>") + ANSWER),
        page(OPENING.format(more="<a class='viewfulltext'>View</a>")),
        page(OPENING.format(more=""), OPENING.format(more="")),
        page(OPENING.format(more=""), end=""),
        page(ANSWER),
    ],
    ids=["answers omitted", "text cut", "two threads", "page cut", "no opening post"],
)
def test_a_part_of_a_thread_is_never_taken_for_it(document: Document) -> None:
    with pytest.raises(UnexpectedPage):
        read(jschan.ENGINE, REF, document)


def test_lines_of_a_lynxchan_message_stay_lines() -> None:
    body = b'{"threadId": 17, "boardUri": "tea", "creation": "2026-11-24T12:00:00.000Z", "markdown": "One\\n<span class=\\"greenText\\">&gt;two</span>\\n  three", "posts": []}'
    [post] = read(
        lynxchan.ENGINE,
        PageRef("http://chan.example/tea/res/17.json", "thread", "tea", 17),
        Document("http://chan.example/tea/res/17.json", body, "application/json"),
    ).posts
    assert post.text == "One\n>two\n  three"
