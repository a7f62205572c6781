"""Where each class and id stands on a page, noted in one walk, for parsers that ask many selectors of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, cached_property

import cssselect.parser as css_tree
from lxml.cssselect import LxmlTranslator
from lxml.etree import XPath
from lxml.html import HtmlElement

from crawler.markup import select

MARKED = XPath("descendant-or-self::*[@class or @id]")


class Layout:
    """A page as it stands: what is changed afterwards is not noted."""

    def __init__(self, page: HtmlElement) -> None:
        self.page = page

    @cached_property
    def _marked(self) -> Mapping[str, list[HtmlElement]]:
        """The elements that have a word as class or id."""
        marked: defaultdict[str, list[HtmlElement]] = defaultdict(list)
        for node in MARKED(self.page):
            for word in (node.get("class") or "").split():
                marked[word].append(node)
            if word := node.get("id"):
                marked[word].append(node)
        return marked

    def select(self, css: str) -> list[HtmlElement]:
        """Every element that the selector names, in the page's order, as `crawler.markup.select` gives them.

        An alternative that begins with a class or id is looked for only where that stands: it costs next to nothing
        on a page without it.
        """
        found: list[HtmlElement] = []
        for word, matches in _alternatives(css):
            starts = self._marked.get(word, ()) if word else (self.page,)
            more = [node for start in starts for node in matches(start)]
            if found and more:
                return select(self.page, css)
            found = found or more
        return list(dict.fromkeys(found))

    def first(self, css: str) -> HtmlElement | None:
        """The first element that the selector names."""
        return next(iter(self.select(css)), None)

    def within(self, parts: Iterable[HtmlElement], css: str) -> Mapping[HtmlElement, list[HtmlElement]]:
        """What the selector names, by the innermost of some parts of the page that it stands in or is."""
        found: dict[HtmlElement, list[HtmlElement]] = {part: [] for part in parts}
        for node in self.select(css):
            above: HtmlElement | None = node
            while above is not None and above not in found:
                above = above.getparent()
            if above is not None:
                found[above].append(node)
        return found


@cache
def _alternatives(css: str) -> list[tuple[str | None, XPath]]:
    """Each alternative of a selector: the class or id that it begins with, and its path from there."""
    if not css:
        return []
    pairs = [(_first_word(one.parsed_tree), one) for one in css_tree.parse(css)]
    return [
        (word, XPath(LxmlTranslator().selector_to_xpath(one, "self::" if word else "descendant-or-self::")))
        for word, one in pairs
    ]


def _first_word(tree: css_tree.Tree) -> str | None:
    match tree:
        case css_tree.Class():
            return tree.class_name
        case css_tree.Hash():
            return tree.id
        case css_tree.Element():
            return None
        case _:
            return _first_word(tree.selector)
