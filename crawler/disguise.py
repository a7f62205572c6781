"""Links made unreadable for machines, read as people read them: split, defanged, spelled out, in other letters.

Each step rewrites what the step before it left; every letter remembers where it stood in the text as written.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from html import unescape
from typing import NamedTuple

from core.hosts import public_suffix
from crawler.services import known_services

UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0000-\U000e01ef"
)
"""Letters without a width: they break a name for machines, not for eyes."""
REPLACED, CLOSED_UP, DEFANGED = 1, 2, 4

INVISIBLE = re.compile(f"[{UNSEEN}]+")
STROKES = "\u0305\u0332\u0333\u0335-\u0338"
"""Lines over, under and through letters, as pages that write in "fonts" add them."""
STROKE = re.compile(f"[{STROKES}]+")
SMALL_CAPITALS = dict(zip("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz", strict=True))
WHITE_ON_BLACK = {chr(first + at): chr(0x61 + at) for first in (0x1F150, 0x1F170) for at in range(26)}
WITHOUT_NORM = str.maketrans(SMALL_CAPITALS | WHITE_ON_BLACK)
"""Letters in other shapes that Unicode's normal forms do not make plain."""
FANCY = (
    "Ａ-Ｚａ-ｚ０-９Ⓐ-ⓩ\U0001d400-\U0001d7ff\U0001f110-\U0001f129\U0001f130-\U0001f149\U0001f150-\U0001f169"
    "\U0001f170-\U0001f189" + "".join(SMALL_CAPITALS)
)
OTHER_LETTERS = re.compile(rf"[{FANCY}](?:[{FANCY}．／：－＿＝？＆＃％]*[{FANCY}／])?")
DOTS = "．。｡․﹒ꓸ"
OTHER_DOT = re.compile(rf"[{DOTS}](?<=[a-zA-Z0-9].)(?=[a-zA-Z0-9])")
SPACES_BUT_ONE = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
OTHER_SPACE = re.compile(f"[{SPACES_BUT_ONE}]")
ODD = re.compile(f"[{UNSEEN}{STROKES}{FANCY}{SPACES_BUT_ONE}]|[{DOTS}](?=[a-zA-Z0-9])")
SPACE = re.compile(" ")
# Letter by letter; several dots or spaces in a row end it.
SPACED = re.compile(r"(?<![\w./])\w(?:(?: | ?(?:: ?/ ?/|[./:-]) ?)\w(?!\w)){3,}+")
SCHEME = re.compile(
    r"""(?xi)
    (?: h(?:tt|xxx?|tx|xt|\*\*|\*t|t\*|__|\#\#|--|[ ]tt|t[ ]t)p | (?<![a-z0-9*_]) (?:x?ttp|htp|hhtp|htttp|htpp|httpp)
        | (?<!\S)(?=://\w) )
    (?:(?P<secure>s?)|[\[(](?P<bracketed>s)[\])])[ ]?
    (?: [\[(]?[:;：]:?[\])]?[ ]?(?:///?|[／∕⁄]{2}|\\/\\/|\\\\|\[//\]|\[/\]\[/\]|/[ ]/)
        | [\[(]:(?://|\\\\)[\])] | [ ]colon[ ]slash[ ]slash
        | (?<![/=]http)(?<![/=]https) (?::/|//) (?=[\w-]{1,63}+\.) )
    (?:[ ](?=[\w-]{1,63}+(?:\.|\[|\(|[ ]d[o0]t[ ])))?"""
)
PLAIN_SCHEME = re.compile(r"(?i)https?://")
DOT_WORDS = (
    "point|punto|ponto|punkt|punt|kropka|tečka|nokta|точка|тчк|крапка|period|点|ドット|डॉट|نقطة|نقطه|τελεία|piste"
)
MIDDLE_DOTS = "·•∙⋅‧●○◦⸱・･˙▪◾⚫⚪⬤⏺🔴🔵"
BRACKETED_DOT = re.compile(
    rf"""(?xi) (?<=[\w%])
    (?: [ ]?[\[({{<]{{1,2}}[ ]?(?:[.,{MIDDLE_DOTS}]|d[.]?[o0][.]?t|{DOT_WORDS})[ ]?[\])}}>]{{1,2}}[ ]?
        | [ ]?(?P<mark>[*|~'"`])(?:\.|d[o0]t|{DOT_WORDS})(?P=mark)[ ]? | [ ]-d[o0]t-[ ] | “\.”
        | [ ]?[\[({{<]\.(?=(?:com|org|info)[\])}}>]) | \[\. | \.\] | \\\. | \[dot\[ )
    (?=[\w%])"""
)
COMMON = "com|net|org|info|onion|example|ru"
JOINED_DOT = re.compile(
    rf"(?i)(?<=[a-z0-9-]{{3}}[a-z0-9])(?:,|\.\.|dot|punkt|punto|ponto|point|точка|ドット|点)(?=(?P<suffix>{COMMON})(?![\w.-]))"
    r"|(?:(?<=(?<![\w'’.])t)|(?<=\btelegram))[, ](?=me/\w)|(?<=\bdiscord)[, ](?=gg/\w)"
)
SPELLED_ENDING = re.compile(
    r"(?i)(?<=[a-z0-9])(?:[ ]?(?:точка|тчк)[ ](?P<ending>ком|ру|орг|нет|инфо)(?!\w)|(?P<com>ドットコム))"
)
SPELLED_ENDINGS = {"ком": "com", "ру": "ru", "орг": "org", "нет": "net", "инфо": "info"}
MISSPELLED = re.compile(r"(?i)(?<=[. \])}>])(?:c0m|0rg|n3t)(?!\w)")
ENTITY = re.compile(r"(?i)&(?:#\d{2,3}|#x[0-9a-f]{2}|period|sol|colon|amp);|%(?:2e|2f|3a)")
ENTITY_BEGINS = "(?:#(?:38|4[5-7]|58|x2|x3)|period|sol;|colon|amp;|2e|2f|3a)"
SPELLED_ENTITIES = {"%2e": ".", "%2f": "/", "%3a": ":"}
BARE_INVITE = re.compile(r"(?i)(?<![\w.])\.(?=gg/\w)")
SPLIT_KEY = re.compile(r"(?i)(?<![\w.])([a-z2-7]{8,48})\s{1,2}([a-z2-7]{8,48})(?=[ ]?[\[(]?(?:\.|dot)[\])]?[ ]?onion)")
DIGITS_AS_LETTERS = str.maketrans("03", "oe")
KEY = 56  # letters of an onion's name
OPEN, CLOSE = r"(?:\[[bius]\]|<[bius]>)", r"(?:\[/[bius]\]|</[bius]>)"
TAGGED_DOT = re.compile(rf"(?i)(?<=\w)(?:{OPEN}(?:\.{CLOSE}|{CLOSE}\.)|\.{OPEN}{CLOSE})(?=\w)")
LATIN = str.maketrans("асеорхуіјѕ", "aceopxyijs")
MIXED_SUFFIX = re.compile(r"(?i)(?<=[\w-]\.)(?=[асеорхуіјѕ]*[a-z])(?=[a-z]*[асеорхуіјѕ])[a-zасеорхуіјѕ]{2,6}(?!\w)")
GLUED_DOT = re.compile(r"(?<=[a-z0-9])(?:DOT|[-_](?:dot|DOT)[-_])(?=(?P<suffix>[a-z]{2,}+)(?![\w-]))")
BRACKETED_SLASH = re.compile(r"(?i)[\[({\\](?<=\w.)(?:/(?<=\\/)|(?:/|slash)[\])}])")
LABEL = r"[^\W_][\w-]{0,79}+"
CERTAIN_DOT = r"[ ](?:dot|d0t|d[ ]o[ ]t)[ ]"
UNSURE_DOT = (
    rf"[ ](?:[.{MIDDLE_DOTS}]|{DOT_WORDS})[ ]"
    rf"|[{MIDDLE_DOTS}]|[ ]\.|\.[ ]"
)
CHAIN = re.compile(rf"(?i)(?<![\w@]){LABEL}(?:(?:\.|{CERTAIN_DOT}|{UNSURE_DOT}){LABEL}){{1,9}}+")
LINK_OF_CHAIN = re.compile(rf"(?i)(?P<dot>\.(?![ ])|{CERTAIN_DOT}|{UNSURE_DOT})(?P<label>{LABEL})")
SLASH = "[ ](?:slash|forward slash|schrägstrich|barra|слэш|слеш|スラッシュ)[ ]"
SPELLED_SLASH = re.compile(
    rf"(?i)(?<=\w)\.[^\W\d_]{{2,20}}+(?::\d{{1,5}}+)?(?:/[\w-]{{1,80}}+|{SLASH}[\w-]{{1,80}}+){{1,8}}+"
)
LOOSE_SLASH = re.compile(r"(?i)(?<![\w.])(?:t\.me|telegram\.me|discord\.gg)([ ]/[ ]?|[ ]?\\[ ]?|/[ ])(?=[\w+@])")
SLASH_WORD = re.compile(rf"(?i){SLASH}")
NEXT_WORD = re.compile(r" +(\w+)")
NEXT_NAME = re.compile(r"[\w.-]*\.(\w+)")
AT_WORDS = "at|ät|@|arroba|собака"
AT = re.compile(rf"(?i)(?<=\w)[ ]?[\[({{<][ ]?(?:{AT_WORDS})[ ]?[\])}}>][ ]?(?=\w)")
LONGEST_LABEL = 80
SPACED_DOT = {" . ", " .", ". "}
USUAL = {"com", "net", "org", "info"}
# Of the sure endings those that neither begin a sentence nor are the name of something (".net").
NO_WORDS = "com|org|xyz|onion|i2p"
AFTER_DE = re.compile(r"[ ](?:facto|jure|luxe|la)\b")
CERTAIN = {"dot", "d0t", "d o t"}
NEAR = 30
SHORTEST_NAME = 4  # letters of a name before a dot that may as well be punctuation

# One of these is in every text, in lower case, that holds the dot of a name or an at, however they are written.
HINTS = tuple(
    re.compile(hint).search
    for hint in (
        rf"[.:,&%](?:(?<=[.:])[^\s.:]|(?<=\.)\.(?:{COMMON})|(?<=,)(?:{COMMON}|me/|gg/)|(?<=[&%]){ENTITY_BEGINS})",
        rf" (?:\. ?\w|(?:d[o0]t|d o t|{DOT_WORDS}) |(?:me|gg)/)",
        rf"\.(?: (?:(?<=www\. )|[\w-]+/|(?:{NO_WORDS})(?!\w)|\w[ ./:-]{{1,7}}\w(?!\w))| ?[\])}}>])",
        rf"[\[({{<|*~'\"`_-] ?(?:d[.]?[o0]|,|[{MIDDLE_DOTS}]|{DOT_WORDS}|{AT_WORDS})",
        "dot",
        rf"t(?:{COMMON})(?![\w-])",
        "ntocom",
        "hr0c",
        "d3d3l",
    )
)
HINTS_BEYOND_ASCII = tuple(
    re.compile(hint).search
    for hint in (
        rf"[{UNSEEN}{STROKES}{FANCY}{MIDDLE_DOTS}{SPACES_BUT_ONE}{DOTS}点ド](?:(?<![{DOTS}点ド])|[a-z0-9]|(?<=ド)ット)",
        "т(?:очка|чк)",
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
    return not any(hint(lowered) for hint in (HINTS if lowered.isascii() else HINTS + HINTS_BEYOND_ASCII))


def as_written(text: str) -> Revealed:
    """A text in which nothing is disguised."""
    return Revealed(text, range(len(text) + 1), bytes(len(text)))


def reveal(text: str) -> Revealed:
    """A text without the disguises of its links; words that only look like a disguise stay."""
    shown = as_written(text)
    if not text.isascii() and ODD.search(text):
        for letters in LETTERS:
            if edits := list(letters(shown.text)):
                shown = _rewritten(shown, edits, REPLACED)
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
    return found[0] if PLAIN_SCHEME.fullmatch(found[0]) else f"http{(found['bracketed'] or found['secure']).lower()}://"


def _letters(found: re.Match[str]) -> str:
    return found[0] if _in_path(found) else unicodedata.normalize("NFKC", found[0].translate(WITHOUT_NORM))


def _glued(found: re.Match[str]) -> str:
    last = found["suffix"]
    parts = is_host(f"x.{last}") if found[0] == "DOT" else last in known_services().sure_suffixes
    return "." if parts and not _in_path(found) else found[0]


def _joined(found: re.Match[str]) -> str:
    following = NEXT_WORD.match(found.string, found.end("suffix")) if found["suffix"] == "com" else None
    words = following is not None and following[1].lower() in known_services().words_after_with
    return found[0] if words or _in_path(found) else "."


def _latin(found: re.Match[str]) -> str:
    meant = found[0].lower().translate(LATIN)
    return meant if meant in known_services().sure_suffixes else found[0]


def _ending(found: re.Match[str]) -> str:
    return ".com" if found["com"] else f".{SPELLED_ENDINGS[found['ending'].lower()]}"


def _unescaped(found: re.Match[str]) -> str:
    meant = SPELLED_ENTITIES.get(found[0].lower()) or unescape(found[0])
    if found[0][0] == "%" and _in_path(found):
        return found[0]
    return meant if meant in "./:&-" else found[0]


def _key_parts(text: str) -> Iterator[Edit]:
    for found in SPLIT_KEY.finditer(text):
        if len(found[1]) + len(found[2]) == KEY:
            yield found.end(1), found.start(2), ""


def _in_path(found: re.Match[str]) -> bool:
    """Whether this stands behind a slash, where an address may hold any letters."""
    before = found.string[max(0, found.start() - LONGEST_LABEL) : found.start()].split()
    return bool(before) and not found.string[found.start() - 1].isspace() and "/" in before[-1].rpartition("://")[2]


def _spaced(text: str) -> Iterator[Edit]:
    for run in SPACED.finditer(text):
        if sum(map(str.isalpha, run[0])) < SHORTEST_NAME:
            continue
        if "." in run[0] or ":" in run[0] or text.startswith((" . ", " dot ", " d o t ", "."), run.end()):
            for space in SPACE.finditer(text, *run.span()):
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
    if dot in SPACED_DOT and after.lstrip(" ").startswith("/") and known.names(f"{before}.{label}"):
        return True
    if label not in known.sure_suffixes and ((spelled.lower(), label) != ("punkt", "de") or AFTER_DE.match(after)):
        return before == "www" and dot == " . " and after.startswith(" . ")
    if before in known.no_name_before_dot or (
        spelled.istitle() and label not in {*USUAL, "de"}
    ):  # of a sentence the first word
        return False
    if before == "www":
        return True
    if len(before) < SHORTEST_NAME or (
        dot in {" .", ". "} and not after.startswith("/") and label not in NO_WORDS.split("|")
    ):
        return False
    if label == "com" and dot.lower() in {" ponto ", *SPACED_DOT} and (following := NEXT_WORD.match(after)):
        if dot in SPACED_DOT:
            return following[1].lower() not in known.words_after_with
        return following[1].lower() in known.words_after_address
    return True


def _slashes(text: str) -> Iterator[Edit]:
    for found in LOOSE_SLASH.finditer(text):
        yield *found.span(1), "/"
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
    _replacing(STROKE, lambda _: ""),
    _replacing(OTHER_SPACE, lambda _: " "),
    _replacing(OTHER_LETTERS, _letters),
    _replacing(OTHER_DOT, lambda _: "."),
)
STEPS = (
    Step(_sign(f"[&%]{ENTITY_BEGINS}"), _replacing(ENTITY, _unescaped), DEFANGED),
    Step(_sign(r"[ ./:-]\w[ ./:-]{1,7}\w(?!\w)"), _spaced),
    Step(
        _sign(r"p(?!(?<=http)s?://[^ /])(?:s?|[\[(]s.)[ ]{0,2}(?:[\[(]?[:;：]|//|colon )", r":(?<!\S.)//"),
        _replacing(SCHEME, _scheme),
    ),
    Step(
        _sign(rf"[\[({{<\\*|~'\"`“_-][ ]?(?:[.,{MIDDLE_DOTS}]|d[.]?[o0]|{DOT_WORDS})", r"\.\]"),
        _replacing(BRACKETED_DOT, lambda _: "."),
        DEFANGED,
    ),
    Step(BRACKETED_SLASH.search, _replacing(BRACKETED_SLASH, lambda _: "/"), DEFANGED),
    Step(_sign(rf"[\[({{<][ ]?(?:{AT_WORDS})"), _replacing(AT, lambda _: "@"), DEFANGED),
    Step(_sign(r"[\[<]/[bius]"), _replacing(TAGGED_DOT, lambda _: ".")),
    Step(_sign(r"\.[a-z]*[асеорхуіјѕ]"), _replacing(MIXED_SUFFIX, _latin)),
    Step(_sign("(?:точка|тчк) |ドットコム"), _replacing(SPELLED_ENDING, _ending), DEFANGED),
    Step(
        _sign(r"[03](?:(?<=c0)m|(?<=0)rg|(?<=n3)t)"),
        _replacing(MISSPELLED, lambda found: found[0].translate(DIGITS_AS_LETTERS)),
        DEFANGED,
    ),
    Step(
        _sign(
            rf"t(?:{COMMON})(?![\w-])", "ntocom", rf"\.\.(?:{COMMON})", rf"[,аト点](?:{COMMON}|me/|gg/)", " (?:me|gg)/"
        ),
        _replacing(JOINED_DOT, _joined),
        DEFANGED,
    ),
    Step(_sign(r"\.gg/"), _replacing(BARE_INVITE, lambda _: "discord.")),
    Step(_sign("onion"), _key_parts),
    Step(_sign("dot"), _replacing(GLUED_DOT, _glued), DEFANGED),
    Step(
        _sign(
            rf" (?:\.|(?:d[o0]t|d o t|{DOT_WORDS})[ ])",
            rf"\. (?:(?<=www..)|[\w-]+/|(?:{NO_WORDS})(?!\w))",
            f"[{MIDDLE_DOTS}]",
        ),
        _chained,
    ),
    Step(_sign(rf"{SLASH}", r"\.(?:me|gg)(?: ?[\\/] ?)"), _slashes),
)
