"""A page's layout: the same elements as its selectors give, found where they can stand."""

import pytest

from crawler.layout import Layout
from crawler.markup import parse_html, select

PAGE = parse_html(
    """<html><body id="top"><ul class="crumbs"><li><a href="/">Home</a></li></ul>
    <div class="post odd" id="post_1"><b class="name">Wren</b><p class="text odd">one <i class="name">quoted</i></p>
      <div class="post" id="post_2"><span class="name">Lark</span><p id="text_2">two</p></div></div>
    <table class="post" id="post_x"><tr><td class="text post">three</td></tr></table>
    <p class="post_script text">four</p></body></html>""",
    None,
)


@pytest.mark.parametrize(
    "css",
    [
        "",
        ".post",
        "div.post",
        ".text, .name",
        ".name, div.post > p, a[href]",
        ".post .name",
        ".post.odd > .text:not(.name)",
        "[id^=post_]",
        'div[id^="post_"]:has(b), table',
        "#post_1 .name, #top > p",
        "#post",
        "p:not(.post *), .absent, .post_script",
        "[id$=_2]",
        ":scope > body > .post",
        "b + p, .odd + div",
    ],
)
def test_a_selector_names_the_same_elements_in_the_same_order(css: str) -> None:
    assert Layout(PAGE).select(css) == select(PAGE, css)


def test_of_alternatives_the_first_that_is_there_is_preferred() -> None:
    layout = Layout(PAGE)
    first, none = layout.first(".absent, span.name, b.name"), layout.first(".absent, #nowhere")
    assert first is not None
    assert (first.text, none) == ("Lark", None)


def test_what_stands_in_a_part_is_not_of_the_part_around_it() -> None:
    layout = Layout(PAGE)
    one, two, table = layout.select("[id^=post_]")
    found = {
        part.get("id"): [node.text for node in nodes] for part, nodes in layout.within([one, two], ".name").items()
    }
    assert found == {"post_1": ["Wren", "quoted"], "post_2": ["Lark"]}
    texts = layout.firsts({one: 1, two: 2, table: 3}, "p, td")
    assert {part.get("id"): node.text_content().strip() for part, node in texts.items()} == {
        "post_1": "one quoted", "post_2": "two", "post_x": "three",
    }  # fmt: skip
