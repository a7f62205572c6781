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
REPLACED, CLOSED_UP, DEFANGED = 1, 2, 4

INVISIBLE = re.compile(f"[{UNSEEN}]+")
FANCY = "Ａ-Ｚａ-ｚ０-９Ⓐ-ⓩ\U0001d400-\U0001d7ff"
OTHER_LETTERS = re.compile(rf"[{FANCY}](?:[{FANCY}．／：－＿＝？＆＃％]*[{FANCY}／])?")
DOTS = "．。｡․﹒ꓸ"
OTHER_DOT = re.compile(rf"[{DOTS}](?<=[a-zA-Z0-9].)(?=[a-zA-Z0-9])")
ODD = re.compile(f"[{UNSEEN}{FANCY}]|[{DOTS}](?=[a-zA-Z0-9])")
SPACE = "[ \u00a0\u2009\u202f]"
# Letter by letter; several dots or spaces in a row end it.
SPACED = re.compile(rf"(?<![\w./])\w(?:(?:{SPACE}|{SPACE}?(?::{SPACE}?/{SPACE}?/|[./:-]){SPACE}?)\w(?!\w)){{3,}}+")
SPACES = re.compile(SPACE)
SCHEME = re.compile(
    r"""(?xi)
    (?: h(?:tt|xx|tx|xt|\*\*|__|\#\#|--)p | (?<![a-z0-9*_]) (?:ttp|htp|hhtp|htttp|htpp|httpp) | (?<!\S)(?=://\w) )
    (?P<secure>s?)[ ]?
    (?: [\[(]?[:;][\])]?[ ]?(?://|\\\\|\[//\]|\[/\]\[/\]|/[ ]/) | [\[(]:(?://|\\\\)[\])] | [ ]colon[ ]slash[ ]slash
        | (?<![/=]http)(?<![/=]https) (?::/|//) (?=[\w-]{1,63}+\.) )
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
BRACKETED_SLASH = re.compile(r"(?i)[\[({](?<=\w.)(?:/|slash)[\])}]")
LABEL = r"[^\W_][\w-]{0,79}+"
CERTAIN_DOT = r"[ ](?:dot|d0t)[ ]"
MIDDLE_DOTS = "·•∙⋅‧"
UNSURE_DOT = (
    rf"[ ](?:[.{MIDDLE_DOTS}]|{DOT_WORDS})[ ]"
    rf"|[{MIDDLE_DOTS}]|[ ]\.|\.[ ]"
)
CHAIN = re.compile(rf"(?i)(?<![\w@]){LABEL}(?:(?:\.|{CERTAIN_DOT}|{UNSURE_DOT}){LABEL}){{1,9}}+")
LINK_OF_CHAIN = re.compile(rf"(?i)(?P<dot>\.(?![ ])|{CERTAIN_DOT}|{UNSURE_DOT})(?P<label>{LABEL})")
SPELLED_SLASH = re.compile(r"(?i)(?<=\w)\.[^\W\d_]{2,20}+(?::\d{1,5}+)?(?:/[\w-]{1,80}+|[ ]slash[ ][\w-]{1,80}+){1,8}+")
SLASH_WORD = re.compile(r"(?i) slash ")
NEXT_WORD = re.compile(r" +(\w+)")
NEXT_NAME = re.compile(r"[\w.-]*\.(\w+)")
AT_WORDS = "at|ät|@|arroba|собака"
AT = re.compile(rf"(?i)(?<=\w)[ ]?[\[({{<][ ]?(?:{AT_WORDS})[ ]?[\])}}>][ ]?(?=\w)")
LONGEST_LABEL = 80
CERTAIN = {"dot", "d0t"}
NEAR = 30
SHORTEST_NAME = 4  # letters of a name before a dot that may as well be punctuation

# One of these is in every text, in lower case, that holds the dot of a name or an at, however they are written.
HINTS = tuple(
    re.compile(hint)
    for hint in (
        r"[.:](?=[^\s.:])",
        rf" (?:\. ?\w|(?:d[o0]t|{DOT_WORDS}) )",
        "dot",
        rf"[\[({{<] ?(?:d0t|{DOT_WORDS}|{AT_WORDS})",
        r"\.(?: (?:(?<=www\. )|[\w-]+/|\w[ ./:-]{1,7}\w(?!\w))| ?[\])}>])",
        rf"[{UNSEEN}{FANCY}{MIDDLE_DOTS}{DOTS}\u00a0\u2009\u202f](?:(?<![{DOTS}])|(?=[a-z0-9]))",
    )
)

Edit = tuple[int, int, str]


class Revealed(NamedTuple):
    """A text as it is meant."""

    text: str
    origin: Sequence[int]
    """Where each letter stands in the text as written; one more than letters."""
    changes: bytes | bytearray
    """For each letter whether it was REPLACED (by a disguise alone: DEFANGED) or CLOSED_UP with the one before."""

    def disguised(self, start: int, end: int) -> bool:
        """Whether anything between two places was written otherwise."""
        return any(self.changes[start + 1 : end]) or (start < end and bool(self.changes[start] & REPLACED))

    def defanged(self, start: int, end: int) -> bool:
        """Whether something between two places was written as nobody writes but to disguise."""
        return any(change & DEFANGED for change in self.changes[start:end])


def is_plain(lowered: str) -> bool:
    """Whether nothing in a text, given in lower case, can be part of an address, written or disguised; cheap."""
    return not any(hint.search(lowered) for hint in HINTS)


def reveal(text: str) -> Revealed:
    """A text without the disguises of its links; words that only look like a disguise stay."""
    shown = Revealed(text, range(len(text) + 1), bytes(len(text)))
    if not text.isascii() and ODD.search(text):
        for letters in LETTERS:
            shown = _rewritten(shown, list(letters(shown.text)), REPLACED)
    lowered = shown.text.lower()
    for step in STEPS:
        if step.possible(lowered) and (edits := list(step.edits(shown.text))):
            shown = _rewritten(shown, edits, REPLACED | step.mark)
            lowered = shown.text.lower()
    return shown


def _rewritten(shown: Revealed, edits: list[Edit], mark: int) -> Revealed:
    pieces: list[str] = []
    origin: list[int] = []
    before, changes, at = bytearray(shown.changes), bytearray(), 0
    for start, end, meant in edits:
        pieces += shown.text[at:start], meant
        origin += shown.origin[at:start]
        origin += [shown.origin[start]] * len(meant)
        changes += before[at:start] + bytes([mark]) * len(meant)
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
    if PLAIN_SCHEME.fullmatch(found[0].rstrip(" ")) and not found[0].endswith("/"):  # a space after it
        following = NEXT_NAME.match(found.string, found.end())
        if not following or following[1].lower() not in known_services().sure_suffixes:
            return found[0]
    return found[0] if PLAIN_SCHEME.fullmatch(found[0]) else f"http{found['secure'].lower()}://"


def _letters(found: re.Match[str]) -> str:
    return found[0] if _in_path(found) else unicodedata.normalize("NFKC", found[0])


def _glued(found: re.Match[str]) -> str:
    last = found["suffix"]
    parts = is_host(f"x.{last}") if found[0] == "DOT" else last in known_services().sure_suffixes
    return "." if parts and not _in_path(found) else found[0]


def _in_path(found: re.Match[str]) -> bool:
    """Whether this stands behind a slash, where an address may hold any letters."""
    before = found.string[max(0, found.start() - LONGEST_LABEL) : found.start()].split()
    return bool(before) and not found.string[found.start() - 1].isspace() and "/" in before[-1].rpartition("://")[2]


def _spaced(text: str) -> Iterator[Edit]:
    for run in SPACED.finditer(text):
        if sum(map(str.isalpha, run[0])) < SHORTEST_NAME:
            continue
        if "." in run[0] or ":" in run[0] or text.startswith((" . ", " dot ", "."), run.end()):
            for space in SPACES.finditer(text, *run.span()):
                yield *space.span(), ""


def _chained(text: str) -> Iterator[Edit]:
    for chain in CHAIN.finditer(text):
        yield from _dots_of(chain, text)


def _dots_of(chain: re.Match[str], text: str) -> Iterator[Edit]:
    """The dots of a name that are written otherwise, where what they part is a host's name in the end."""
    links = list(LINK_OF_CHAIN.finditer(text, *chain.span()))
    if all(link["dot"] == "." for link in links):
        return
    name = text[chain.start() : links[0].start()]
    edits: list[Edit] = []
    for link in links:
        dot, label = link["dot"], link["label"]
        if dot == ".":
            name = f"{name}.{label}"
        elif _parts(dot, name, label.lower(), text[link.end() : link.end() + NEAR]):
            edits.append((*link.span("dot"), "."))
            name = f"{name}.{label}"
        else:
            yield from edits if edits and is_host(name) else ()
            name, edits = label, []
    yield from edits if edits and is_host(name) else ()


def _parts(dot: str, name: str, label: str, after: str) -> bool:
    """Whether a dot that is written otherwise parts a name, rather than sentences or words."""
    known = known_services()
    before, spelled = name.rpartition(".")[2].lower(), dot.strip()
    if spelled.lower() in CERTAIN:
        return before not in known.no_name_before_dot
    if label not in known.sure_suffixes and (spelled.lower(), label) != ("punkt", "de"):
        return before == "www" and dot == " . " and after.startswith(" . ")
    if before in known.no_name_before_dot or spelled.istitle():  # the first word of a sentence
        return False
    if before == "www":
        return True
    if dot in {" .", ". "}:
        return after.startswith("/") and len(before) >= SHORTEST_NAME
    if label == "com" and dot.lower() in {" ponto ", " . "} and (following := NEXT_WORD.match(after)):
        if dot == " . ":
            return following[1].lower() not in known.words_after_with
        return following[1].lower() in known.words_after_address
    return len(before) >= SHORTEST_NAME


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


class Step(NamedTuple):
    """One kind of disguise."""

    possible: Callable[[str], object]
    """Whether a text in lower case has the sign of it: sought by its first letter, which costs little."""
    edits: Callable[[str], Iterator[Edit]]
    mark: int = 0


def _sign(*patterns: str) -> Callable[[str], object]:
    first, *others = (re.compile(pattern).search for pattern in patterns)
    return (lambda text: first(text) or any(sign(text) for sign in others)) if others else first


LETTERS: tuple[Callable[[str], Iterator[Edit]], ...] = (
    _replacing(INVISIBLE, lambda _: ""),
    _replacing(OTHER_LETTERS, _letters),
    _replacing(OTHER_DOT, lambda _: "."),
)
STEPS = (
    Step(_sign(r"[ \u00a0\u2009\u202f./:-]\w[ \u00a0\u2009\u202f./:-]{1,7}\w(?!\w)"), _spaced),
    Step(
        _sign(r"p(?!(?<=http)s?://[^ ])s?[ ]{0,2}(?:[\[(]?[:;]|//|colon )", r":(?<!\S.)//"),
        _replacing(SCHEME, _scheme),
    ),
    Step(
        _sign(rf"[\[({{<\\*'\"][ ]?(?:\.|d[o0]t|{DOT_WORDS})", r"\.\]"),
        _replacing(BRACKETED_DOT, lambda _: "."),
        DEFANGED,
    ),
    Step(BRACKETED_SLASH.search, _replacing(BRACKETED_SLASH, lambda _: "/"), DEFANGED),
    Step(_sign(rf"[\[({{<][ ]?(?:{AT_WORDS})"), _replacing(AT, lambda _: "@"), DEFANGED),
    Step(_sign("dot"), _replacing(GLUED_DOT, _glued), DEFANGED),
    Step(
        _sign(rf" (?:\.|(?:d[o0]t|{DOT_WORDS})[ ])", r"\. (?:(?<=www..)|[\w-]+/)", f"[{MIDDLE_DOTS}]"),
        _chained,
    ),
    Step(_sign(" slash "), _slashes),
)
