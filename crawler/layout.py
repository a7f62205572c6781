"""Where each class and id stands on a page, noted in one walk, for parsers that ask many selectors of it."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

import cssselect.parser as css_tree
from lxml.cssselect import LxmlTranslator
from lxml.etree import Element, XPath
from lxml.html import HtmlElement

from crawler.markup import select


class Layout:
    """A page as it stands: what is changed afterwards is not noted."""

    def __init__(self, page: HtmlElement) -> None:
        self.page = page
        self._found: dict[str, list[HtmlElement]] = {}
        self._by_class: defaultdict[str, list[HtmlElement]] = defaultdict(list)
        self._by_id: list[tuple[str, HtmlElement]] = []
        for node in page.iter(Element):
            if names := node.get("class"):
                for name in names.split():
                    self._by_class[name].append(node)
            if name := node.get("id"):
                self._by_id.append((name, node))

    def select(self, css: str) -> list[HtmlElement]:
        """Every element that the selector names, in the page's order, as `crawler.markup.select` gives them.

        An alternative that begins with a class or an id is looked for only where such a one stands: it costs next to
        nothing on a page without it.
        """
        if css not in self._found:
            found: dict[HtmlElement, None] = {}
            for start in _alternatives(css):
                more = self._matches(start)
                if found and more:
                    return self._found.setdefault(css, select(self.page, css))
                found = found or dict.fromkeys(more)
            self._found[css] = list(found)
        return self._found[css]

    def first(self, css: str) -> HtmlElement | None:
        """The first element that the selector names, by the first of its alternatives that is there."""
        return next((found[0] for start in _alternatives(css) if (found := self._matches(start))), None)

    def within(self, parts: Iterable[HtmlElement], css: str) -> Mapping[HtmlElement, list[HtmlElement]]:
        """What the selector names, by the innermost of some parts of the page that it stands in or is."""
        found: dict[HtmlElement, list[HtmlElement]] = {part: [] for part in parts}
        for node in self.select(css):
            if (part := _part_of(node, found)) is not None:
                found[part].append(node)
        return found

    def firsts(self, parts: Mapping[HtmlElement, object], css: str) -> dict[HtmlElement, HtmlElement]:
        """As `first`, in each of some parts of the page."""
        found: dict[HtmlElement, HtmlElement] = {}
        for start in _alternatives(css):
            for node in self._matches(start):
                if (part := _part_of(node, parts)) is not None:
                    found.setdefault(part, node)
            if len(found) == len(parts):
                break
        return found

    def _matches(self, start: "Start") -> list[HtmlElement]:
        """What one alternative names."""
        match start.by:
            case "class":
                nodes = [node for node in self._by_class.get(start.word, ()) if start.tag in ("", node.tag)]
            case "id":
                named = [node for name, node in self._by_id if name.startswith(start.word)]
                nodes = [node for node in named if start.tag in ("", node.tag)]
            case _:
                nodes = [self.page]
        return nodes if start.path is None else [found for node in nodes for found in start.path(node)]


def _part_of(node: HtmlElement | None, parts: Container[HtmlElement]) -> HtmlElement | None:
    while node is not None and node not in parts:
        node = node.getparent()
    return node


class Start(NamedTuple):
    """One alternative of a selector: what it begins with, and its path from there."""

    by: str
    """`class`; `id`, of which `word` may be only the beginning; or nothing of both."""
    word: str
    tag: str
    path: Callable[[HtmlElement], Any] | None
    """None: it names just what it begins with."""


@cache
def _alternatives(css: str) -> list[Start]:
    found = []
    for one in css_tree.parse(css) if css else ():
        by, word, tag = _start(one.parsed_tree)
        path = LxmlTranslator().selector_to_xpath(one, "self::" if by else "descendant-or-self::")
        found.append(Start(by, word, tag, None if one.canonical() == f"{tag}.{word}" else XPath(path)))
    return found


def _start(tree: css_tree.Tree, by: str = "", word: str = "") -> tuple[str, str, str]:
    """The class or id that a selector begins with, and the tag."""
    match tree:
        case css_tree.Element():
            return by, word, tree.element or ""
        case css_tree.CombinedSelector():
            return _start(tree.selector)
        case css_tree.Class():
            return _start(tree.selector, "class", tree.class_name)
        case css_tree.Hash():
            return _start(tree.selector, "id", tree.id)
        case css_tree.Attrib(attrib="id", operator="^=" | "=", value=css_tree.Token() as value):
            return _start(tree.selector, "id", value.value or "")
        case _:
            return _start(tree.selector, by, word)
