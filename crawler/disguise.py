"""Links made unreadable for machines, read as people read them: split, defanged, spelled out, in other letters.

Each step rewrites what the step before it left; every letter remembers where it stood in the text as written.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from core.hosts import public_suffix
from crawler.services import known_services

UNSEEN = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
"""Letters without a width: they break a name for machines, not for eyes."""
REPLACED, CLOSED_UP = 1, 2

INVISIBLE = re.compile(f"[{UNSEEN}]+")
FANCY = "Ａ-Ｚａ-ｚ０-９Ⓐ-ⓩ\U0001d400-\U0001d7ff"
OTHER_LETTERS = re.compile(rf"[{FANCY}](?:[{FANCY}．／：－＿＝？＆＃％]*[{FANCY}／])?")
OTHER_DOT = re.compile(r"(?<=[a-zA-Z0-9])[．。｡․﹒ꓸ](?=[a-zA-Z0-9])")
SPACE = "[ \u00a0\u2009\u202f]"
# Letter by letter; several dots or spaces in a row end it.
SPACED = re.compile(rf"(?<![\w./])\w(?:(?:{SPACE}|{SPACE}?(?::{SPACE}?/{SPACE}?/|[./:-]){SPACE}?)\w(?!\w)){{3,}}+")
SPACES = re.compile(SPACE)
SCHEME = re.compile(
    r"""(?xi)
    (?: h(?:tt|xx|tx|xt|\*\*|__|\#\#|--)p | (?<![a-z0-9*_]) (?:ttp|htp|hhtp|htttp|htpp|httpp) | (?<!\S)(?=://\w) )
    (?P<secure>s?)[ ]?
    (?: [\[(]?[:;][\])]?[ ]?(?://|\\\\|\[//\]|\[/\]\[/\]|/[ ]/) | [\[(]:(?://|\\\\)[\])] | [ ]colon[ ]slash[ ]slash )
    (?:[ ](?=[\w-]{1,63}+(?:\.|\[|\(|[ ]d[o0]t[ ])))?"""
)
PLAIN_SCHEME = re.compile(r"(?i)https?://")
DOT_WORDS = "point|punto|ponto|punkt|punt|kropka|tečka|nokta|точка|крапка|点|ドット|डॉट|نقطة|نقطه|τελεία|piste"
BRACKETED_DOT = re.compile(
    rf"""(?xi) (?<=[\w%])
    (?: [ ]?[\[({{<][ ]?(?:\.|dot|d0t|{DOT_WORDS})[ ]?[\])}}>][ ]? | \[\. | \.\] | \\\. | \*\.\* | '\.' | "\." )
    (?=[\w%])"""
)
GLUED_DOT = re.compile(r"(?<=[a-z0-9])(?:DOT|[-_](?:dot|DOT)[-_])(?=(?P<suffix>[a-z]{2,}+)(?![\w-]))")
BRACKETED_SLASH = re.compile(r"(?i)(?<=\w)[\[({](?:/|slash)[\])}]")
LABEL = r"[^\W_][\w-]{0,79}+"
CERTAIN_DOT = r"[ ](?:dot|d0t)[ ]"
UNSURE_DOT = (
    rf"[ ](?:[.·•∙⋅‧]|{DOT_WORDS})[ ]"
    r"|[·•∙⋅‧]|[ ]\.|\.[ ]"
)
CHAIN = re.compile(rf"(?i)(?<![\w@]){LABEL}(?:(?:\.|{CERTAIN_DOT}|{UNSURE_DOT}){LABEL}){{1,9}}+")
LINK_OF_CHAIN = re.compile(rf"(?i)(?P<dot>\.(?![ ])|{CERTAIN_DOT}|{UNSURE_DOT})(?P<label>{LABEL})")
SPELLED_SLASH = re.compile(r"(?i)(?<=\w)\.[^\W\d_]{2,20}+(?::\d{1,5}+)?(?:/[\w-]{1,80}+|[ ]slash[ ][\w-]{1,80}+){1,8}+")
SLASH_WORD = re.compile(r"(?i) slash ")
SHORTEST_NAME = 4  # letters of a name before a dot that may as well be punctuation

Edit = tuple[int, int, str]


class Revealed(NamedTuple):
    """A text as it is meant."""

    text: str
    origin: Sequence[int]
    """Where each letter stands in the text as written; one more than letters."""
    changes: bytes | bytearray
    """For each letter whether it was REPLACED or CLOSED_UP with the one before it."""

    def disguised(self, start: int, end: int) -> bool:
        """Whether anything between two places was written otherwise."""
        return any(self.changes[start + 1 : end]) or (start < end and bool(self.changes[start] & REPLACED))


def reveal(text: str) -> Revealed:
    """A text without the disguises of its links; words that only look like a disguise stay."""
    shown = Revealed(text, range(len(text) + 1), bytes(len(text)))
    for step in STEPS:
        edits = list(step(shown.text))
        if edits:
            shown = _rewritten(shown, edits)
    return shown


def _rewritten(shown: Revealed, edits: list[Edit]) -> Revealed:
    pieces: list[str] = []
    origin: list[int] = []
    before, changes, at = bytearray(shown.changes), bytearray(), 0
    for start, end, meant in edits:
        pieces += shown.text[at:start], meant
        origin += shown.origin[at:start]
        origin += [shown.origin[start]] * len(meant)
        changes += before[at:start] + bytes([REPLACED]) * len(meant)
        if not meant and end < len(before):
            before[end] |= CLOSED_UP
        at = end
    origin += shown.origin[at:]
    return Revealed("".join(pieces) + shown.text[at:], origin, changes + before[at:])


def _replacing(pattern: re.Pattern[str], meant: Callable[[re.Match[str]], str]) -> Callable[[str], Iterator[Edit]]:
    def step(text: str) -> Iterator[Edit]:
        return ((*found.span(), new) for found in pattern.finditer(text) if (new := meant(found)) != found[0])

    return step


def _scheme(found: re.Match[str]) -> str:
    return found[0] if PLAIN_SCHEME.fullmatch(found[0]) else f"http{found['secure'].lower()}://"


def _spaced(text: str) -> Iterator[Edit]:
    for run in SPACED.finditer(text):
        if "." in run[0] or ":" in run[0] or text.startswith((" . ", " dot ", "."), run.end()):
            for space in SPACES.finditer(text, *run.span()):
                yield *space.span(), ""


def _chained(text: str) -> Iterator[Edit]:
    for chain in CHAIN.finditer(text):
        yield from _dots_of(chain, text)


def _dots_of(chain: re.Match[str], text: str) -> Iterator[Edit]:
    """The dots of a name that are written otherwise, where what they part is a host's name in the end."""
    known = known_services()
    labels = [found["label"] for found in LINK_OF_CHAIN.finditer(chain[0])]
    dots = [found.span("dot") for found in LINK_OF_CHAIN.finditer(chain[0])]
    if all(chain[0][start:end] == "." for start, end in dots):
        return
    name = chain[0][: dots[0][0]]
    edits: list[Edit] = []
    for (start, end), label in zip(dots, labels, strict=True):
        written = chain[0][start:end]
        if written != "." and not _parts(written, name, label, text[chain.start() + end + len(label) :][:30]):
            if is_host(name):
                yield from edits
            name, edits = label, []
            continue
        if written != ".":
            edits.append((chain.start() + start, chain.start() + end, "."))
        name = f"{name}.{label}"
    if is_host(name) and name.partition(".")[0].lower() not in known.no_name_before_dot:
        yield from edits


def _parts(dot: str, name: str, label: str, after: str) -> bool:
    """Whether a dot that is written otherwise parts a name, rather than sentences or words."""
    known = known_services()
    before = name.rpartition(".")[2].lower()
    if before in known.no_name_before_dot:
        return False
    if re.fullmatch(f"(?i){CERTAIN_DOT}", dot):
        return True
    if label.lower() not in known.sure_suffixes and (dot.lower(), label.lower()) != (" punkt ", "de"):
        return before == "www" and dot.strip() == "."
    if dot in (" .", ". "):
        return after.startswith("/") and len(before) >= SHORTEST_NAME
    if label.lower() == "com" and re.match(r" +[^\W\d_]", after):  # "with" in Portuguese
        return after.split(maxsplit=1)[0].lower() in known.words_after_address
    return before == "www" or len(before) >= SHORTEST_NAME or "." in name


def _slashes(text: str) -> Iterator[Edit]:
    for named in SPELLED_SLASH.finditer(text):
        for word in SLASH_WORD.finditer(text, *named.span()):
            yield *word.span(), "/"


@cache
def _unlisted() -> frozenset[str]:
    return known_services().unlisted_suffixes


def is_host(name: str) -> bool:
    """Whether a name ends as a host's does."""
    return bool(suffix(name))


def suffix(name: str) -> str:
    """The ending that makes a name a host's; empty where nothing does."""
    before, _, last = name.lower().rpartition(".")
    return public_suffix(name) or (last if before and last in _unlisted() else "")


STEPS: tuple[Callable[[str], Iterator[Edit]], ...] = (
    _replacing(INVISIBLE, lambda _: ""),
    _replacing(OTHER_LETTERS, lambda found: unicodedata.normalize("NFKC", found[0])),
    _replacing(OTHER_DOT, lambda _: "."),
    _spaced,
    _replacing(SCHEME, _scheme),
    _replacing(BRACKETED_DOT, lambda _: "."),
    _replacing(BRACKETED_SLASH, lambda _: "/"),
    _replacing(GLUED_DOT, lambda found: "." if is_host(f"x.{found['suffix']}") else found[0]),
    _chained,
    _slashes,
)
