"""HTML to a tree and to text: nothing lost, and nothing that hangs."""

import time
from contextlib import suppress

import pytest

from crawler.errors import UnexpectedPage
from crawler.markup import is_whole, parse_fragment, parse_html, plain_text


def text_of(markup: str) -> str:
    return plain_text(parse_fragment(markup, None))


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("one<br><br>two", "one\n\ntwo"),
        ("one<br />\n\t\ttwo", "one\ntwo"),
        ("one\n   two", "one two"),
        ("one  two ", "one  two "),
        ("<p>one</p>\n\n<p>two</p>", "one\ntwo"),
        ("<div>one<div>two</div></div>three", "one\ntwo\nthree"),
        ("a<b>b</b>c <i>d</i>", "abc d"),
        ("<ul><li>one</li><li>two</li></ul>", "- one\n- two"),
        ("<ul><li>\n<p>one</p><p>more</p></li><li><div><p>two</p></div></li></ul>", "- one\nmore\n- two"),
        ("<ul><li></li><li><ul><li>inner</li></ul></li></ul>", "- \n- \n- inner"),
        ("x<pre>a\n  b\n\nc</pre>y", "x\na\n  b\n\nc\ny"),
        ('well <img src="x" alt=":)"> yes <img src="y">', "well :) yes "),
        ("<table><tr><td>one</td><td>two</td></tr><tr><td>three</td></tr></table>", "one\ttwo\nthree"),
        ("new\u200bboard and\u00a0on 5 &lt; 6 &amp;amp;", "new\u200bboard and\u00a0on 5 < 6 &amp;"),
        ("a<!-- no -->b<script>c</script><style>d</style>e", "abe"),
        ("\u202eright\u202c to 🙂", "\u202eright\u202c to 🙂"),
        (
            '<a href="https://a.example/one/two/three">https://a.example/on...three</a>',
            "https://a.example/one/two/three",
        ),
        ('<a href="https://a.example/one">wait...one</a>', "wait...one"),
        ('<a href="https://a.example/one">this page</a>', "this page"),
        ("", ""),
    ],
)
def test_text_as_its_author_meant_it(markup: str, text: str) -> None:
    assert text_of(markup) == text


@pytest.mark.parametrize("closed", ["</div>", "</p>", "</td></tr></table>", "</blockquote>"])
def test_end_tags_too_many_cut_no_post_short(closed: str) -> None:
    whole = parse_fragment(f"one{closed} two", None)
    assert whole.text_content() == "one two"


@pytest.mark.parametrize(
    "page",
    [
        "<p " + " ".join(f"a{number}=1" for number in range(100_000)) + ">",
        "<p " + " ".join(f"a{number}='>'" for number in range(100_000)) + ">",
        "<div>" * 200_000,
        "<b>" * 200_000 + "</b>" * 200_000 + "<p>after",
    ],
    ids=["attributes", "attributes-with-brackets", "nested", "nested-and-closed"],
)
def test_a_page_made_to_hang_parsers_is_refused_at_once(page: str) -> None:
    began = time.process_time()
    with pytest.raises(UnexpectedPage, match=r"attributes|deep") as refusal:
        parse_html(f"<html><body>{page}", "http://x.example/a")
    assert refusal.value.url == "http://x.example/a"
    assert time.process_time() - began < 1


@pytest.mark.parametrize("piece", ["<", "<!--", "&", '<a href="', "<script>", "<a b=", "<p>x</p>\n", " ", "</b>"])
def test_a_strange_page_costs_no_more_than_its_length(piece: str) -> None:
    began = time.process_time()
    with suppress(UnexpectedPage):
        plain_text(parse_html("<html><body>" + piece * 100_000, None))
    assert time.process_time() - began < 2


def test_a_script_full_of_comparisons_is_no_tag_full_of_attributes() -> None:
    script = "<script>if (a<b) { " + "c = d; " * 1000 + "}</script>"
    assert text_of(f"one{script}two") == "onetwo"


def test_a_large_page_is_read_to_its_end() -> None:
    assert text_of("<p>" + "x" * 12_000_000 + "</p><p>end</p>").endswith("x\nend")


@pytest.mark.parametrize(
    ("text", "whole"),
    [("<html><body>a</body></html>", True), ("<html><body>a</BODY >\n", True), ("<html><body>a", False), ("", False)],
)
def test_a_page_that_was_cut_lacks_its_end(text: str, whole: bool) -> None:  # noqa: FBT001 - a table's column
    assert is_whole(text) is whole
