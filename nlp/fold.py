"""Words as published, and what they are compared as: disguises undone where a word that is looked for comes out.

The text is cut into chunks: letters and digits, and the signs between them that may part words or hide one. What a
chunk says is worked out once and remembered. A disguise is undone only into a word of the vocabulary, so that
everything else stays what it is.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice, pairwise
from typing import Any, NamedTuple

from nlp.letters import (
    BOXED,
    CODED,
    INVISIBLE,
    LEET,
    LONG_RUN,
    MARKS,
    UPSIDE_DOWN,
    decoded,
    fold,
    how_hidden,
    is_dressed,
    skeleton,
    spellings,
    turned,
    without_clitics,
)
from nlp.ordinary import is_ordinary, is_rare_word

JOINERS = r"\-._'’‘´`*#@$!|+~/\\^•·=%&:,×✱█?€£°"
"""What may stand between the letters of a chunk."""
LETTERS = rf"[\w{MARKS}{INVISIBLE}{BOXED}]"
CHUNK = re.compile(
    rf"(?:(?:(?:{CODED}){{1,8}}+|[*@$€#!|+]{{1,3}}+[-._~/·]?)(?=[\w{BOXED}]))?"
    rf"[\w{BOXED}]{LETTERS}*+(?:(?:{CODED}){LETTERS}*+|(?:[{JOINERS}]{{1,12}}+|-\n){LETTERS}++)*+"
    r"(?:[-._~/·]?[*@$€!|+]++(?=[\s.,;:?)]|$))?"
    r"|(?<![\w)])\({3}(?=[^()\n]{1,80}\){3}|$)|(?<=[^(])\){3}(?!\))"  # the "echo"
    r"|[.!?\n。！？؟۔]+"  # what ends a sentence
    r"|[^\w\s]",
)  # fmt: skip
CODED_WITHIN = re.compile(CODED)
PART = re.compile(rf"(?:(?!_){LETTERS})+")
ENDING = re.compile(r"[.!?\n]\Z")
GAP = r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]"
SPACED = re.compile(
    r"(?<!\w)(?:[^\W_]|[@$€])(?!\w)(?:"
    rf"(?<![^\s(\"'].)(?:(?:{GAP}{{1,3}}|\n)(?:[^\W_]|[@$€!|+](?={GAP}))(?![\w'’])){{3,60}}+(?![^\s.,;:!?)\"'])"
    rf"|(?:[^\w\s{JOINERS}]{{1,4}}+[^\W_]){{3,60}}+(?!\w))"
)
"""Letters with spaces, line ends, emoji, brackets between them: what no chunk holds together."""
UNUSUAL = re.compile(r"[~*|·•^\\]")
"""Signs that stand between words nowhere but in code."""
WIDE = re.compile(rf"{GAP}{{2}}")
SPACED_WORD = re.compile(rf"[^{GAP[1:-1]}](?:{GAP}[^{GAP[1:-1]}])*+")
SEPARATING = re.compile(r"[-._~/\\*•·,:=^&%'’ \n]+")
"""Signs between letters that stand for none themselves."""
SYMBOLS = frozenset({"So", "Sm", "Lo"})
ENDS = frozenset(".!?\n。！？؟۔")
"""What ends a sentence, as a norm: its first character."""

ECHO = ("(((", ")))")
ELIDED = frozenset({"t", "s", "re", "ve", "ll", "d", "m", "em"})
POSSESSIVE = "s"
APOSTROPHES = "'’‘´`"
HIDING = "*#_.?•█×✱%@$!&^~+=°·"
HIDDEN = re.compile(f"[{re.escape(HIDING)}]+")
SEVERAL_HIDDEN = re.compile(f"[{re.escape(HIDING)}]{{2}}")
MOST_HIDDEN, LEAST_SHOWN = 6, 3

LONGEST = 64
"""Characters of a chunk that may be a disguised word; longer ones are addresses, code, noise."""
SHORTEST_JOINED, SHORTEST_SPLIT, SHORTEST_PIECE, SHORTEST_TYPO, SHORTEST_HIDDEN = 7, 6, 7, 8, 3
LONGEST_JOINED = 40
"""Letters of a phrase that is found in the middle of a chunk."""
MOST_OPTIONS = 24
"""Words that one disguise may be of, among which its neighbours decide."""
MOST_REMEMBERED, LONGEST_REMEMBERED = 200_000, 4 * LONGEST


class Word(NamedTuple):
    """One token: what it is compared as, and where it stands in the text."""

    norm: str
    start: int
    end: int
    disguise: str = ""
    """`unicode`, `leet`, `repeated`, `separated`, `joined`, `censored`, `typo` or `echo`; empty if written openly."""
    others: tuple[str, ...] = ()
    """What it may be compared as instead, where the disguise may be of several words."""


class Reading:
    """A text as words: norms one by one, and where each stands, worked out when asked: most texts are never tagged."""

    __slots__ = ("_coming", "_places", "norms")

    def __init__(self, norms: list[str], places: Iterator[tuple[int, Word]]) -> None:
        """From the norms, and the same words, each with where its chunk begins in the text."""
        self.norms = norms
        self._coming = places
        self._places: list[tuple[int, Word]] = []

    def __len__(self) -> int:
        return len(self.norms)

    def __getitem__(self, at: int) -> Word:
        self._places += islice(self._coming, max(0, at + 1 - len(self._places)))
        start, word = self._places[at]
        return word._replace(start=start + word.start, end=start + word.end)

    def change(self, at: int, **fields: Any) -> None:
        """Say something else of a word."""
        self._places += self._coming
        start, word = self._places[at]
        self._places[at] = start, word._replace(**fields)
        self.norms[at] = self._places[at][1].norm


class Reader:
    """Cuts texts into words, by the words that are looked for."""

    def __init__(self, forms: Iterable[str] = ()) -> None:
        """`forms`: the phrases that are looked for; without them no disguise is undone."""
        forms = list(forms)
        phrases = [phrase_of(form) for form in forms]
        singles = {phrase[0] for phrase in phrases if len(phrase) == 1}
        self.compounds = {"".join(phrase): phrase for phrase in phrases
                          if len(phrase) > 1 and len("".join(phrase)) >= SHORTEST_JOINED
                          and all(map(str.isalnum, phrase)) and not all(map(str.isdigit, phrase))}  # fmt: skip
        self.vocabulary = {word for phrase in phrases for word in phrase}
        self.singles = singles
        self.spelled = {spelling: word.norm for form in forms for word in plain_words(form)
                        for spelling in spellings(form[word.start : word.end])
                        if spelling.isalnum() and spelling not in self.vocabulary}  # fmt: skip
        self.pairs = {pair for phrase in phrases for pair in pairwise(phrase)}
        self.by_skeleton = _index((skeleton(word), word) for word in self._wanted() if not word.isdigit())
        self.by_frame = _index(((word[0], len(word)), word) for word in self._wanted() if len(word) >= SHORTEST_HIDDEN)
        self.beginnings = {word[:SHORTEST_PIECE] for word in self._wanted() if len(word) >= SHORTEST_PIECE}
        self.known: dict[str, tuple[Word, ...]] = {}
        self.unsettled: set[str] = set()

    def _wanted(self) -> list[str]:
        """Words that a disguise may hide, those that are looked for on their own first."""
        return sorted(self.vocabulary | self.compounds.keys(), key=lambda word: (word not in self.singles, word))

    @cached_property
    def typos(self) -> Mapping[object, tuple[str, ...]]:
        """Long words by what they are with one letter left out; many, so made when first asked for."""
        long = [word for word in self._wanted() if len(word) >= SHORTEST_TYPO]
        return _index((shorter, word) for word in long for shorter in (word, *_shorter(word)))

    def read(self, text: str) -> Reading:
        """The tokens of a text in order: words, sentence ends, echoes and symbols; other punctuation is passed over.

        `text[start:end]` is the token as published, for any text.
        """
        spaced = self._spaced_runs(text) if self.vocabulary else []
        raws: list[str] = CHUNK.findall(text)
        if spaced:
            places = list(self._places(text, spaced))
            found = Reading([word.norm for _, word in places], iter(places))
        else:
            known, remember = self.known, self._remember
            chunks = [known[raw] if raw in known else remember(raw) for raw in raws]
            found = Reading([word.norm for chunk in chunks for word in chunk], self._places(text, spaced))
        if spaced or not self.unsettled.isdisjoint(raws):
            self._settle(found)
        if "(((" in raws:
            _mark_echoes(found)
        return found

    def _spaced_runs(self, text: str) -> list[tuple[int, int, list[Word]]]:
        """Letters with spaces between them that spell words: from where to where, and which."""
        return [(*run.span(), words) for run in SPACED.finditer(text) if (words := self._spaced(run[0]))]

    def _places(self, text: str, spaced: Iterable[tuple[int, int, list[Word]]]) -> Iterator[tuple[int, Word]]:
        """The words in order, each with where its chunk begins."""
        at = 0
        for start, end, words in (*spaced, (len(text), len(text), [])):
            for chunk in CHUNK.finditer(text, at, start):
                for word in self.known.get(chunk[0]) or self._remember(chunk[0]):
                    yield chunk.start(), word
            for word in words:
                yield start, word
            at = end

    def _settle(self, found: Reading) -> None:
        """Where a disguise may be of several words, take the one that goes with the words beside it."""

        def options(at: int) -> tuple[str, ...]:
            return (found[at].norm, *found[at].others) if 0 <= at < len(found) else ()

        def fits(at: int, word: str) -> int:
            return (any((before, word) in self.pairs for before in options(at - 1))
                    + any((word, after) in self.pairs for after in options(at + 1)))  # fmt: skip

        for at in range(len(found)):
            if found[at].others:
                found.change(at, norm=max(options(at), key=lambda word: fits(at, word)), others=())

    def _remember(self, raw: str) -> tuple[Word, ...]:
        pieces = tuple(self._pieces(raw))
        if len(raw) <= LONGEST_REMEMBERED:
            if len(self.known) >= MOST_REMEMBERED:
                self.known.clear()
                self.unsettled.clear()
            self.known[raw] = pieces
            if any(word.others for word in pieces):
                self.unsettled.add(raw)
        return pieces

    def _pieces(self, raw: str) -> Iterator[Word]:
        """What a chunk says."""
        coded = CODED_WITHIN.search(raw) if len(raw) <= LONGEST_REMEMBERED else None
        if coded and (words := self._decoded(raw, "unicode" if coded[0][0] in "&%" else "leet")):
            yield from words
            return
        parts = list(_parts(raw))
        if not parts or not self.vocabulary or (len(raw) > LONGEST and len(fold(raw)) > LONGEST):
            yield from parts
            return
        words = [part for part in parts if part.norm[0] not in ENDS]
        if not words:
            yield from parts
        elif len(words) == 1 and words[0].end - words[0].start == len(raw):
            yield from self._undone(raw, words[0])
        elif not self._is_phrase(words) and (whole := self._whole(raw, words)):
            yield whole
            yield from (part for part in parts[-1:] if part.start >= whole.end)  # the sentence's end
        else:
            for part in parts:
                yield from self._undone(raw[part.start : part.end], part)

    def _decoded(self, raw: str, how: str) -> list[Word]:
        """The words of a chunk with what is coded or drawn in it as letters, if one that is looked for is there."""
        plain, places = decoded(raw)
        if plain == raw:
            return []
        found = self.read(plain)
        words = [found[at] for at in range(len(found))]
        if not any(len(word.norm) > SHORTEST_HIDDEN and self._is_wanted(word.norm) for word in words):
            return []
        return [Word(word.norm, places[word.start], places[word.end], word.disguise or how) for word in words]

    def _is_phrase(self, words: Sequence[Word]) -> bool:
        """Whether words follow each other so in what is looked for."""
        return len(words) > 1 and all((one.norm, other.norm) in self.pairs for one, other in pairwise(words))

    def _whole(self, raw: str, words: Sequence[Word]) -> Word | None:
        """A chunk with signs in it as one word, if that is one that is looked for."""
        first, last, body = words[0].start, words[-1].end, fold(raw)
        start = first if raw[0] in "#*" and len(words) == 1 else 0
        spellings = [Word(body[start:], start, len(raw))]
        if len(words) > 1:
            letters = max(len(word.norm) for word in words) == 1
            least = 2 if letters else SHORTEST_HIDDEN
            least = SHORTEST_SPLIT if _are_words(words) and not UNUSUAL.search(raw) else least
            spelled = [(0, len(raw), body.replace(body[1], ""))] if letters else []  # the second one parts them
            spelled += [(0, len(raw), SEPARATING.sub("", body)), (first, last, "".join(word.norm for word in words))]
            spellings += [Word(norm, start, end, "separated") for start, end, norm in spelled
                          if len(norm) >= least and not norm.isdigit()]  # fmt: skip
        found = [word._replace(start=place.start, end=place.end, disguise=place.disguise or word.disguise)
                 for place in spellings if (word := self._found(place.norm))]  # fmt: skip
        hidden = self._hidden(body, words)
        if hidden:
            found.append(Word(hidden[0], start, max(last, len(raw.rstrip("!"))), "censored", hidden[1:]))
        if not found:
            return None
        options = dict.fromkeys(norm for word in found for norm in (word.norm, *word.others))
        return found[0]._replace(others=tuple(options)[1 : MOST_OPTIONS + 1])

    def _hidden(self, body: str, words: Sequence[Word]) -> tuple[str, ...]:
        """The words that a chunk shows with some of their letters hidden ("ke**le")."""
        if body.startswith("*") and body.endswith("*"):  # emphasis
            return ()
        body = body.lstrip("#@$€").rstrip("!@$€")
        shown = HIDDEN.sub("", body)
        if shown == body or not shown.isalpha() or len(shown) < 2 or not body[0].isalpha():  # noqa: PLR2004
            return ()
        if len(words) == 1 and (shown in self.vocabulary or is_ordinary(shown)):
            return ()
        dotted = "." in body
        if dotted and (len(shown) < LEAST_SHOWN or len(shown) == len(words) or _are_words(words)):
            return ()  # the end of a sentence, an abbreviation
        exactly = re.compile(HIDDEN.sub(lambda run: rf"[^\W\d_]{{{len(run[0])}}}", body))
        options = tuple(word for word in self.by_frame.get((body[0], len(body)), ()) if exactly.fullmatch(word))[
            :MOST_OPTIONS
        ]
        if options or dotted or len(shown) < LEAST_SHOWN or not SEVERAL_HIDDEN.search(body):
            return options
        about = re.compile(HIDDEN.sub(rf"[^\\W\\d_]{{1,{MOST_HIDDEN}}}", body))
        lengths = range(len(shown) + 1, len(shown) + MOST_HIDDEN + 1)
        longer = (word for length in lengths for word in self.by_frame.get((body[0], length), ()))
        return tuple(word for word in longer if about.fullmatch(word))[:MOST_OPTIONS]

    def _undone(self, raw: str, part: Word) -> Iterator[Word]:
        """A part of letters and digits: itself, or the words that it hides."""
        plain = part.norm
        if plain in self.vocabulary:
            yield part._replace(disguise="unicode") if is_dressed(raw) else part
        elif spelled := self._spelled(plain):
            yield part._replace(norm=spelled, disguise="unicode" if is_dressed(raw) else "")
        elif plain in self.compounds and not is_ordinary(plain):
            yield part._replace(disguise="joined")
        elif is_ordinary(plain):
            yield part
        elif found := self._found(plain) or self._mistyped(raw, plain):
            yield found._replace(start=part.start, end=part.end)
        else:
            yield from self._joined(raw, part) or (part,)

    def _spelled(self, plain: str) -> str | None:
        """The word that is looked for, if this is another way to write it, or it with what Arabic writes before it."""
        if plain in self.spelled or is_ordinary(plain):
            return self.spelled.get(plain)
        return next(filter(self.vocabulary.__contains__, without_clitics(plain)), None)

    def _found(self, plain: str) -> Word | None:
        """The word that is looked for and how it was hidden, if other letters stand for its own."""
        if self._is_wanted(plain):
            return Word(plain, 0, len(plain), "separated")
        if LEET.keys() >= set(plain):  # a number, signs
            return None
        if UPSIDE_DOWN.search(plain) and self._is_wanted(turned(plain)):
            return Word(turned(plain), 0, len(plain), "unicode")
        hows = {word: how for word in self.by_skeleton.get(skeleton(plain), ())
                if word.isascii() >= plain.isascii() and (how := how_hidden(plain, word))
                and (how == "unicode" or len(word) > SHORTEST_HIDDEN)}  # fmt: skip
        if not LONG_RUN.search(plain) and "repeated" in hows.values() and is_rare_word(plain):
            return None
        options = tuple(sorted(hows, key=len, reverse=True))  # with the fewest letters repeated
        return _of_options(options, plain, hows[options[0]]) if options else None

    def _mistyped(self, raw: str, plain: str) -> Word | None:
        """The word that is looked for and that this one is a slip of."""
        if not plain.isalpha() or len(plain) < SHORTEST_TYPO - 1:
            return None
        options = tuple(dict.fromkeys(
            word for shorter in (plain, *_shorter(plain)) for word in self.typos.get(shorter, ())
            if plain[0] == word[0] and _one_slip(plain, word)
        ))  # fmt: skip
        return _of_options(options, plain, "typo") if options and not is_rare_word(raw.lower()) else None

    def _joined(self, raw: str, part: Word) -> list[Word]:
        """The words that a long chunk is made of without spaces, if one that is looked for is among them."""
        plain = part.norm
        if not SHORTEST_JOINED <= len(plain) <= LONGEST or len(plain) != len(raw) or not self._holds(plain):
            return []
        pieces = self._cut(plain)
        ours = [piece for piece in pieces if self._is_wanted(piece)]
        if not any(len(piece) >= SHORTEST_PIECE for piece in ours) or is_rare_word(raw.lower()):
            return []
        if not SHORT_WORDS.isdisjoint(pieces) and 2 * sum(map(len, ours)) <= len(plain):
            return []  # any name can be cut into short words
        found, at = [], part.start
        for piece in pieces:
            found.append(Word(piece, at, at + len(piece), "joined"))
            at += len(piece)
        return found

    def _is_wanted(self, word: str) -> bool:
        return word in self.vocabulary or word in self.compounds

    def _holds(self, plain: str) -> bool:
        """Whether a word that is looked for and long enough may stand within: it begins somewhere as one does."""
        return any(plain[at : at + SHORTEST_PIECE] in self.beginnings for at in range(len(plain) - SHORTEST_PIECE + 1))

    def _cut(self, plain: str) -> list[str]:
        """The fewest words that a chunk can be cut into; none where it cannot. Those looked for count less."""
        best: list[tuple[float, list[str]]] = [(0, [])]
        for end in range(1, len(plain) + 1):
            options = [(cost + weight, [*words, plain[start:end]])
                       for start in range(max(0, end - LONGEST_JOINED), end) if (cost := best[start][0]) < len(plain)
                       for words in [best[start][1]]
                       if (weight := self._weight(plain[start:end]))]  # fmt: skip
            best.append(min(options, default=(len(plain) + 1.0, [])))
        return best[-1][1]

    def _weight(self, piece: str) -> float:
        if piece in self.compounds or (len(piece) > 1 and piece in self.vocabulary):
            return 0.9 - len(piece) / 1000  # rather the longer one
        if len(piece) > 2:  # noqa: PLR2004
            return 1.0 if is_ordinary(piece) else 0
        return 1.5 if piece in SHORT_WORDS else 0

    def _spaced(self, run: str) -> list[Word]:
        """The words that letters with spaces between them spell, if one that is looked for is among them."""
        if WIDE.search(run) and (words := self._spaced_words(run)):
            return words
        letters = [(letter, at) for at, letter in enumerate(run) if letter.isalnum() or letter in LEET]
        plain = "".join(fold(letter) or letter for letter, _ in letters)
        if len(plain) != len(letters):
            return []
        if (found := self._found(plain)) and len(found.norm) == len(plain) > SHORTEST_HIDDEN:
            return [found._replace(end=len(run), disguise="separated")]
        cut = self._cut(plain)
        if not any(len(word) > SHORTEST_HIDDEN and self._is_wanted(word) for word in cut):
            return []
        words, at = [], 0
        for word in cut:
            words.append(Word(word, letters[at][1], letters[at + len(word) - 1][1] + 1, "separated"))
            at += len(word)
        return words

    def _spaced_words(self, run: str) -> list[Word]:
        """The same where wider gaps part the words."""
        words = []
        for group in SPACED_WORD.finditer(run):
            plain = fold("".join(group[0].split()))
            found = self._found(plain) or Word(plain, 0, 0)
            if plain:
                words.append(found._replace(start=group.start(), end=group.end(), disguise="separated"))
        return words if any(len(word.norm) > SHORTEST_HIDDEN and self._is_wanted(word.norm) for word in words) else []


SHORT_WORDS = frozenset("a i am an as at be by do go he if in is it me my no of on or so to up us we da du er es im in "
                        "le la de et un il en el y e o di w z и в на не а у с".split())  # fmt: skip


def plain_words(text: str) -> Iterator[Word]:
    """The words of a text without looking for disguises."""
    for chunk in CHUNK.finditer(text):
        for part in _parts(chunk[0]):
            yield part._replace(start=chunk.start() + part.start, end=chunk.start() + part.end)


@lru_cache(maxsize=100_000)
def phrase_of(form: str) -> tuple[str, ...]:
    """A form as the words that it is compared as; empty where nothing is left of it."""
    return tuple(word.norm for word in plain_words(form))


def _parts(raw: str) -> Iterator[Word]:
    """The words of a chunk as they stand there, and sentence ends between them; elided endings stay with their word."""
    if raw in ECHO:
        yield Word(raw, 0, 3)
        return
    if ENDS.issuperset(raw):
        yield Word("\n" if "\n" in raw else raw[-1], 0, len(raw))
        return
    if len(raw) == 1 and not raw.isalnum():
        if unicodedata.category(raw) in SYMBOLS:
            yield Word(raw, 0, 1)
        return
    before: Word | None = None
    for found in PART.finditer(raw):
        norm = fold(found[0])
        if not norm:
            continue
        if before and norm in ELIDED and raw[before.end : found.start()] in APOSTROPHES:
            if norm != POSSESSIVE:
                before = Word(before.norm + norm, before.start, found.end())
            continue
        if before:
            yield before
            if ENDING.search(raw[before.end : found.start()]):
                yield Word(raw[found.start() - 1], found.start() - 1, found.start())
        before = Word(norm, found.start(), found.end())
    if before:
        yield before
        if raw.endswith("!"):
            yield Word("!", len(raw) - 1, len(raw))


def _index(pairs: Iterable[tuple[object, str]]) -> Mapping[object, tuple[str, ...]]:
    found: dict[object, dict[str, None]] = {}
    for key, word in pairs:
        found.setdefault(key, {})[word] = None
    return {key: tuple(words) for key, words in found.items()}


def _are_words(words: Sequence[Word]) -> bool:
    """Whether signs stand between words rather than within one; what is shorter than three letters is in every list."""
    return all(len(word.norm) >= SHORTEST_HIDDEN and is_ordinary(word.norm) for word in words)


def _of_options(options: tuple[str, ...], plain: str, how: str) -> Word:
    return Word(options[0], 0, len(plain), how, options[1:MOST_OPTIONS])


def _mark_echoes(found: Reading) -> None:
    """Say of words in triple parentheses that they are."""
    inside = False
    for at, norm in enumerate(found.norms):
        if norm in ECHO:
            inside = norm == "((("
        elif inside and not found[at].disguise:
            found.change(at, disguise="echo")


def _shorter(word: str) -> Iterator[str]:
    """A word with one letter left out, each in turn."""
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one letter more, fewer, other, or two swapped make one word of the other; a new last one inflects it."""
    if abs(len(typed) - len(meant)) > 1 or typed[:-1] == meant[:-1]:
        return False
    same = next(
        (at for at, (one, other) in enumerate(zip(typed, meant, strict=False)) if one != other),
        min(len(typed), len(meant)),
    )
    rest, other = typed[same:], meant[same:]
    swapped = rest[:2] == other[1::-1] if len(rest) > 1 and len(other) > 1 else False
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or (swapped and rest[2:] == other[2:])
