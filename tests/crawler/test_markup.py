"""HTML to a tree and to text: nothing lost, and nothing that hangs."""

import time
from contextlib import suppress

import lxml.etree
import pytest

from crawler.errors import UnexpectedPage
from crawler.markup import drop, is_whole, parse_fragment, parse_html, plain_text


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


@pytest.mark.parametrize("closed", ["</div>", "</p>", "</td></tr></table>", "</body>", "</HTML >", "</html x>"])
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


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<body>one</body></html>two", ["one", "two"]),
        ("<body>one</body><p>two</p></html>\n<p>three", ["one", "two", "three"]),
        ("<head><title>kettles</title></head></html><body>one", ["one"]),
        ("<body>one</html>two</html>three<html><body><p>four</body></html>", ["one", "two", "three", "four"]),
        ("<body>one</html><!-- no -->\n<!-- no -->", ["one"]),
        ("<frameset><frame src=a></frameset></html>one", ["one"]),
    ],
)
def test_what_follows_the_end_of_a_page_is_of_the_page(page: str, words: list[str]) -> None:
    assert plain_text(parse_html(f"<html>{page}", None)).split() == words


DEEP = {
    "fonts": "".join(f"<font size=2>w{n} " for n in range(3000)),
    "comments": "".join(f"<div class=post id=c{n}><p>w{n}<br></p>" for n in range(3000)) + "</div>" * 3000,
    "lists": "".join(f"<ul><li>w{n}" for n in range(3000)),
    "tables": "".join(f"<table><tr><td>w{n}" for n in range(3000)),
    "odd names": "".join(f"<a\"'b x'y=\x01 {n}>w{n} </c>" for n in range(3000)),
    "cut": "</body></html>".join(f"<b>w{n} " for n in range(3000)),
}


@pytest.mark.parametrize("page", DEEP)
def test_a_page_nested_deeper_than_libxml2_goes_is_read_to_its_end(page: str) -> None:
    began = time.process_time()
    tree = parse_html(f"<html><body>{DEEP[page]}", None)
    assert plain_text(tree).replace("- ", "").split() == [f"w{n}" for n in range(3000)]
    assert time.process_time() - began < 0.5


def test_a_post_nested_deeper_than_libxml2_goes_is_read_to_its_end() -> None:
    assert plain_text(parse_fragment("one</body>" + "<font>" * 3000 + "two", None)) == "onetwo"


def test_the_second_reader_makes_the_tree_that_the_first_would() -> None:
    page = """
      <?xml version="1.0"?><!doctype html><html lang=en><head><title>Tea &amp; cake</title><meta charset=koi8-r></head>
      <body class="a b"><p>one<p>two  <b> </b>  <i>three<b>four</i>five</b><ul><li>x<li>y</ul><table><tr><td>1<td>2</table>
      <a href="/a?b&amp;c=1&copy=2">l</a><script>if (a<b) "</p>"</script><pre>\n  kept\n</pre><input hidden value=''>
      <o:p>\x01 &#1; &nbsp;&#x41;</o:p><svg xlink:href=a></svg>&nosuch; 5 < 6 <![CDATA[no]]></blockquote>end
    """

    def told(inside: str) -> list[tuple[object, ...]]:
        tree = parse_html(page.replace("end", inside), None)
        drop(tree, *tree.iter(lxml.etree.Comment, lxml.etree.ProcessingInstruction))
        return [
            (node.tag, node.get("class"), node.get("href"), node.get("hidden"), node.text, node.tail)
            for node in tree.iter()
        ]

    shallow, deep = told("<b>" * 2000), told("<b>" * 2200)
    plain = [tuple(one.replace("\x01", "\ufffd") if isinstance(one, str) else one for one in node) for node in shallow]
    assert deep[:-2200] == plain[:-2000]


@pytest.mark.parametrize(
    "piece", ["<", "<!--", "&", '<a href="', "<script>", "<a b=", "<p>x</p>\n", " ", "</b>", "</html ", "</html>x"]
)
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
