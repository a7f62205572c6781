"""HTML to a tree, and a tree to plain text; markup made to hang a parser is refused before one sees it."""

import re
import warnings
from copy import deepcopy
from functools import cache
from itertools import islice
from urllib.parse import urljoin

import lxml.etree
import lxml.html
from bs4 import BeautifulSoup, Tag, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PreformattedString
from lxml.cssselect import CSSSelector

from crawler.decode import LOST
from crawler.errors import UnexpectedPage

MOST_ATTRIBUTES = 1_000
"""On one tag. libxml2 compares every attribute with every other: 100,000 of them take it nine seconds."""
FEW_QUOTED_ENDS = 20
MOST_DEEP_TAGS = 100_000
"""In a page that the second reader has to read: they take it a second."""

# A comment, the raw text of a script (where `a<b` opens no tag), or a start tag with its attributes. Possessive, and
# what is never closed runs to the end, so that no byte is read twice.
PIECE = re.compile(
    r"""(?isx) <!--(?:.*?-->|.*) | <(script|style|textarea|title|xmp)\b(?:.*?</\1|.*)
    | (?P<tag><[a-z](?:[^>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|=)*+)"""
)
ATTRIBUTE = re.compile(r"""[^\s=/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s]*+))?+""")
QUOTED_END = re.compile(r"""=(?:"[^">\n]*+|'[^'>\n]*+)>""")
"""A value that holds a `>`, as they are usually written: its tag goes on behind it."""
LONG_TAG = re.compile(rf"(?:<[a-zA-Z]|{QUOTED_END.pattern})[^>]{{{2 * MOST_ATTRIBUTES}}}")
"""Pages without one, and with few such values, are not counted through; what evades both ends in crawler.worker."""
END = re.compile(r"(?i)</(?:body|html)(?:[\s/][^>]{0,99})?>")
USUAL_END = 200
"""Characters before a page's end among which its closing tags usually are."""
CONTROLS = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What libxml2 reads and lxml would not write."""
UNNAMEABLE = re.compile(rf"""[\s&<>/"']|{CONTROLS.pattern}""")

BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend", "li",
    "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
"""Elements that stand on lines of their own."""
UNSEEN = frozenset({"script", "style", "template", "noscript", "head", "select", "textarea"})
SHORTENED = re.compile(r"(.+?)\s*(?:\.\.\.|…)\s*(.*)")
LONG_ENOUGH = 16
"""Letters that an address and what is shown of it have in common: more than two addresses have by chance."""
KEPT_SPACE = re.compile(r"(?<= )\xa0|\xa0(?= )")
LINE_END = re.compile(r"[\r\n][ \t\r\n\f]*+")

PLAIN_ELEMENTS = lxml.etree.ElementDefaultClassLookup(
    lxml.html.HtmlElement, lxml.html.HtmlComment, lxml.html.HtmlProcessingInstruction, lxml.html.HtmlEntity
)
"""Every element of one class, forms too: lxml.html asks a Python function for each element's class, which costs half
of a walk."""


def parse_html(text: str, url: str | None) -> lxml.html.HtmlElement:
    """The page as a tree with nothing left out.

    Raises UnexpectedPage where there is no markup at all, or where it was made to hang a parser: so many attributes,
    or so many tags nested so deep.
    """
    if _has_many_attributes(text):
        raise UnexpectedPage(url, f"HTML with at most {MOST_ATTRIBUTES} attributes on a tag")
    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=_parser())
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        raise UnexpectedPage(url, "HTML") from None
    # Two places where libxml2 loses text: it stops at 2,048 levels, which it says only here, and what follows `</html>`
    # is in a root of its own, where nothing looks for it.
    if any("depth" in entry.message for entry in _parser().error_log.filter_from_fatals()):
        if text.count("<") > MOST_DEEP_TAGS:
            raise UnexpectedPage(url, f"HTML nested less than 2,048 deep, or of at most {MOST_DEEP_TAGS:,} tags")
        return _read_again(END.sub("", text))
    for late in list(tree.itersiblings("html")):
        late.tag = "div"
        tree.append(late)
    return tree


def _read_again(text: str) -> lxml.html.HtmlElement:
    """The page's tree by the second reader: as lxml's, without comments, however deep, at twenty times its cost.

    Beautiful Soup is handed libxml2's tags one by one, where no depth is too much. Its other reader, Python's own,
    closes no `<p>`, `<li>` or `<td>` before the next one: a post would hold all that follow it.
    """
    with warnings.catch_warnings(action="ignore", category=XMLParsedAsHTMLWarning):
        soup = BeautifulSoup(text, "lxml", multi_valued_attributes=None, preserve_whitespace_tags={"html"})
    builder = lxml.etree.TreeBuilder(parser=_parser())
    opened: list[Tag] = [soup]
    for node in soup.descendants:
        while opened[-1] is not node.parent:
            builder.end(_name(opened.pop().name))
        if isinstance(node, Tag):
            builder.start(_name(node.name), {_name(key): CONTROLS.sub(LOST, str(node[key])) for key in node.attrs})
            opened.append(node)
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            builder.data(CONTROLS.sub(LOST, node))
    for node in reversed(opened[1:]):
        builder.end(_name(node.name))
    return builder.close()


def _name(written: str) -> str:
    """A tag's or attribute's name as lxml takes it."""
    return UNNAMEABLE.sub("_", written)


def parse_fragment(markup: str, url: str | None) -> lxml.html.HtmlElement:
    """A piece of the page at `url`, as the body of a tree of its own; empty for an empty one. Raises as `parse_html`.

    No other element around it: an end tag too many in a post's markup would close that, and lose what follows.
    """
    return parse_html(f"<html><body>{END.sub('', markup)}", url)[0]


@cache
def _parser() -> lxml.html.HTMLParser:
    """One for all pages, read one after the other in crawler.worker: to make one costs half of reading a short post."""
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    parser.set_element_class_lookup(PLAIN_ELEMENTS)
    return parser


def _has_many_attributes(text: str) -> bool:
    """Whether a tag has so many attributes that a parser would hang."""
    if not LONG_TAG.search(text) and not next(islice(QUOTED_END.finditer(text), FEW_QUOTED_ENDS, None), None):
        return False
    long = (tag for piece in PIECE.finditer(text) if (tag := piece["tag"]) and len(tag) > 2 * MOST_ATTRIBUTES)
    return any(sum(1 for _ in ATTRIBUTE.finditer(tag)) > MOST_ATTRIBUTES for tag in long)


def parse_xml(text: str) -> lxml.etree._Element | None:
    """The root of an XML document, however damaged; None where there is none.

    Entities are left alone, so that an entity bomb stays as small as it came, and nothing is fetched for it.
    """
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=True, encoding="utf-8")
    return lxml.etree.fromstring(text.lstrip("\ufeff \t\r\n").encode("utf-8", "replace"), parser=parser)


def local_name(node: lxml.etree._Element) -> str:
    """An element's name without its namespace; empty for comments and entities."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def is_whole(text: str) -> bool:
    """Whether the page reaches its closing tags: one that was cut on its way does not."""
    return END.search(text, max(0, len(text) - USUAL_END)) is not None or END.search(text) is not None


@cache
def _selector(css: str) -> CSSSelector:
    return CSSSelector(css)


def select(element: lxml.html.HtmlElement, css: str) -> list[lxml.html.HtmlElement]:
    """Every element in this one (itself included) that the selector names, in the page's order; "" names none.

    A selector that names tags costs a third of one that names classes alone.
    """
    found = _selector(css)(element) if css else []
    assert isinstance(found, list)
    return [node for node in found if isinstance(node, lxml.html.HtmlElement)]


def first(element: lxml.html.HtmlElement, css: str) -> lxml.html.HtmlElement | None:
    """The first element in this one that the selector names."""
    return next(iter(select(element, css)), None)


class Parts(dict[str, list[lxml.html.HtmlElement]]):
    """Elements by what names them: "time" for a tag, ".name" for a class; none where nothing is so named."""

    def __missing__(self, name: str) -> list[lxml.html.HtmlElement]:
        return []

    def first(self, name: str) -> lxml.html.HtmlElement | None:
        """The first element so named."""
        return next(iter(self[name]), None)


def by_name(*elements: lxml.html.HtmlElement) -> Parts:
    """All elements in these (themselves included), in order: one walk where many selectors would be asked."""
    found = Parts()
    for element in elements:
        for node in element.iter(lxml.etree.Element):
            found.setdefault(node.tag, []).append(node)
            if names := node.get("class"):
                for name in names.split():
                    found.setdefault(f".{name}", []).append(node)
    return found


def unnested(page: lxml.html.HtmlElement, css: str) -> list[tuple[lxml.html.HtmlElement, lxml.html.HtmlElement | None]]:
    """Copies of the parts that the selector names, those that stood in one of them taken out, each with that one.

    So each is read once, however deep comments answer comments. In the page's order; the page stays as it is.
    """
    found = select(deepcopy(page), css)
    known = set(found)
    pairs = [(node, next((up for up in node.iterancestors() if up in known), None)) for node in found]
    for node, above in reversed(pairs):
        if above is not None:
            node.drop_tree()
    return pairs


def drop(element: lxml.html.HtmlElement, *nodes: lxml.html.HtmlElement) -> None:
    """Takes nodes out of an element, with all they hold; the text after them stays. The element itself stays too."""
    for node in nodes:
        if node is not element and node.getparent() is not None:
            node.drop_tree()


def cut_out(element: lxml.html.HtmlElement, *nodes: lxml.html.HtmlElement) -> None:
    """As `drop`; what stood before and behind a block stays on lines of its own."""
    for node in nodes:
        if node.tag in BLOCKS and node is not element and (above := node.getparent()) is not None:
            above.insert(above.index(node), element.makeelement("div"))
        drop(element, node)


def preformat_code(body: lxml.html.HtmlElement) -> None:
    """Makes preformatted text of code that was written as lines with no-break spaces, which nobody typed."""
    for code in select(body, "code"):
        for node in code.iter():
            node.text = node.text and node.text.replace("\xa0", " ")
            if node is not code:
                node.tail = node.tail and node.tail.replace("\xa0", " ")
            if node.tag == "br":
                node.tail = (node.tail or "").lstrip("\r\n")
        if len(code):
            code.tag = "pre"


def breakable_spaces(body: lxml.html.HtmlElement) -> None:
    """Makes spaces of those that a software made unbreakable beside another one, to keep both; others were typed."""
    for node in body.iter():
        if node.text and "\xa0" in node.text:
            node.text = KEPT_SPACE.sub(" ", node.text)
        if node.tail and "\xa0" in node.tail:
            node.tail = KEPT_SPACE.sub(" ", node.tail)


def words(element: lxml.html.HtmlElement | None) -> str | None:
    """An element's text without the space around it; None where there is no element or it says nothing."""
    return None if element is None else element.text_content().strip() or None


def join(base: str | None, href: str | None) -> str | None:
    """An address as the page at `base` means it; None where there is none or no address can be made of it."""
    try:
        return urljoin(base or "", href) if href else None
    except ValueError:
        return None


def plain_text(element: lxml.html.HtmlElement) -> str:
    """What an element says, lossless: a line a block or `<br>`, spaces and unseen letters kept, images by their `alt`.

    A line end in the source is layout, not text, except in `<pre>`. Items of a list begin with "- ". A link that shows
    its own address cut short ("http://long.example/pa...html") is written out.
    """
    lines = _Lines()
    walk = lxml.etree.iterwalk(element, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        if event == "start":
            if node.tag in UNSEEN:
                walk.skip_subtree()
            else:
                lines.open(node)
            continue
        if event == "end":
            lines.close(node)
        if node is not element and node.tail:
            lines.add(node.tail)
    return lines.text()


def _full_address(link: lxml.html.HtmlElement) -> str | None:
    """The address of a link whose own text is that address, cut short for looks; None for any other."""
    cut, href = SHORTENED.fullmatch((link.text or "").strip()), link.get("href") or ""
    if cut is None or len(link) or not (href.endswith(cut[2]) or len(cut[1]) >= LONG_ENOUGH):
        return None
    return href if cut[1] in (href[: len(cut[1])], href.partition("://")[2][: len(cut[1])]) else None


class _Lines:
    """Text as it grows, with what is known only later: whether a line end in the source separates two words."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.last = "\n"
        self.gap = False
        self.item_begins = False
        self.verbatim = 0

    def text(self) -> str:
        return "".join(self.pieces).strip("\n")

    def open(self, node: lxml.html.HtmlElement) -> None:
        if node.tag in BLOCKS:
            self.new_line(within_item=node.tag != "li")
        if node.tag == "pre":
            self.verbatim += 1
        match node.tag:
            case "br":
                self.put("\n")
            case "li":
                self.put("- ")
                self.item_begins = True
            case "img":
                self.put(node.get("alt") or "")
            case "a":
                self.put(_full_address(node) or "")
        if node.text and not (node.tag == "a" and _full_address(node)):
            self.add(node.text)

    def close(self, node: lxml.html.HtmlElement) -> None:
        if node.tag in BLOCKS:
            self.new_line(within_item=node.tag != "li")
        if node.tag == "pre":
            self.verbatim -= 1
        if node.tag in ("td", "th") and node.getnext() is not None:
            self.put("\t")

    def new_line(self, *, within_item: bool) -> None:
        self.gap = False
        self.item_begins = self.item_begins and within_item
        if self.last != "\n" and not self.item_begins:
            self.put("\n")

    def put(self, text: str) -> None:
        if text:
            if self.gap and self.last not in "\n\t " and text[0] not in "\n\t ":
                self.pieces.append(" ")
            self.gap = self.item_begins = False
            self.pieces.append(text)
            self.last = text[-1]

    def add(self, text: str) -> None:
        if self.verbatim:
            self.put(text.replace("\r\n", "\n"))
            return
        *ended, rest = LINE_END.split(text)
        for line in ended:
            self.put(line.rstrip(" \t\f"))
            self.gap = True
        self.put(rest)
