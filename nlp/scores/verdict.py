"""Is this text hateful as it is used here? Indicators, classifiers and what is said of whom as calibrated scores.

What is said of whom: a word for a group (`groups.yml`) and a predicate (`predicates.yml`) in one clause, in the context
that `nlp/context.py` tells. A text without such words costs one look-up a word. Every weight is of a known sign: an
asserted attack or indicator can only raise a score, a turned one (quoted, denied, condemned …) only lower it.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import mul
from pathlib import Path
from typing import Literal, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from core.records import Context, Record, Tag
from core.yamlfile import load_yaml, validate
from nlp.context import ContextRules
from nlp.fold import ENDS, Reading, plain_words
from nlp.ordinary import is_ordinary, is_rare_word

VERDICT = "fringewatch_verdict"
"""The component's name for `nlp.add_pipe`."""
HERE = Path(__file__).parent
GROUPS, PREDICATES, TURNS = HERE / "groups.yml", HERE / "predicates.yml", HERE / "turns.yml"
WEIGHTS = HERE / "models" / "verdict.json"

GROUP, PRONOUN, DEMAND, LINK, FRIENDLY, PLAY = "group", "pronoun", "demand", "links", "friendly", "play"
SUBJECTS = frozenset({GROUP, "attacker", "atrocity"})
NEAR, BEHIND_LINK, OBJECT, DOES = 14, 3, 4, 2
"""Words between target and predicate, between "are" and what somebody is, before an object or an "are", and
between target and what it does."""
NAME_NEAR = 10
OWN = 3
"""Words between "I am a" and the group that one is of."""
REMEMBERED = 200_000
LEAST, MOST = 0.02, 0.98
"""A classifier is never taken to be surer than this."""
PLURALS = ("s", "folk", "people", "leute", "ish", "en", "er", "i", "цы", "ы", "и", "ов", "цев")
EACH = frozenset("every each another jeder jeden jedem chaque cada каждый каждого ogni elke".split())
ALL = frozenset(
    "the these those all most some no and die alle diese den der und les ces tous des aux et los estos todos y "
    "все эти всех этих и i gli tutti de deze te wszyscy".split()
)
"""Before a name that nobody has listed: one of a group, or several."""
SHORTEST_NAME = 5
NAME = re.compile(r"[^\W\d_a-zа-я][^\W\d_A-ZА-Я]{4}")
"""A capital letter and at least four small ones."""

ATTACKS = (
    "derogation", "dehumanisation", "exclusion", "threat", "conspiracy", "glorification", "denial", "insinuation",
)  # fmt: skip
SLUR = "slur"
HATEFUL = frozenset({
    SLUR, "slogan", "numeric-code", "dog-whistle", "dehumanisation", "glorification", "call-to-violence",
    "accelerationism", "conspiracy", "symbol",
})  # fmt: skip
"""Labels of indicators that speak of hate; groups, recruitment, propaganda, doxxing and migration do not alone."""
RAISING = ("classifier", "classifier alone", *ATTACKS, SLUR, "strong", "weak")
LOWERING = ("turned", "friendly", "named", "nobody")
FEATURES = (*RAISING, *LOWERING)
NAMED, NOBODY = FEATURES.index("named"), FEATURES.index("nobody")
"""One of these says that nothing is asserted: then no score is above the classifiers' own."""
STRONG, WEAK, SEVERAL = 3, 2, 2
"""Severities, as used here, from which an indicator is a strong or a weak one; so many weak ones are a strong one."""
SCORES = {
    "hate": (frozenset(ATTACKS), HATEFUL),
    "dehumanisation": (frozenset({"dehumanisation"}), frozenset({"dehumanisation"})),
    "violence": (frozenset({"threat"}), frozenset({"call-to-violence"})),
}
"""By score: the attacks and the labels of indicators that speak for it."""


class Predicate(NamedTuple):
    """What may be said of a group: what it comes to, and what else must stand there for it to count."""

    kind: str
    of: str
    link: str
    needs: str = ""


class Words(Record):
    """Words and phrases that are one thing."""

    words: tuple[str, ...]


class Entry(Words):
    """One item of `predicates.yml`."""

    kind: Literal["derogation", "dehumanisation", "exclusion", "threat", "conspiracy", "glorification", "denial",
                  "insinuation"]  # fmt: skip
    of: Literal["group", "attacker", "atrocity"]
    link: Literal["near", "is", "object", "does"]
    needs: Literal["", "demand", "hint", "all"] = ""


class Found(NamedTuple):
    """Words [start:end) of a text and what they are."""

    start: int
    end: int
    what: str | Predicate


class Attack(NamedTuple):
    """A predicate said of a target, words [start:end), and how it is used."""

    kind: str
    start: int
    end: int
    context: Context


Begun = tuple[Sequence[str], str | Predicate]
"""What must follow the words before, and what the whole is."""


class Seen(NamedTuple):
    """A word as the terms see it."""

    fits: tuple[str, ...]
    """The patterns of terms that it fits, and ALONE."""
    begins: Mapping[str, Sequence[Begun]]
    """The terms that it begins, by the pattern of their second word (ALONE where they have none)."""


ALONE = ""
"""What stands for a second word where a term has one only."""
NO_WORD = Seen((ALONE,), {})


class Terms:
    """Words and phrases by what they are; a `*` at a word's end stands for any ending, alone for any word."""

    def __init__(self, texts: Iterable[tuple[str, str | Predicate]]) -> None:
        self._first: dict[str, list[Begun]] = {}
        self._signs: set[str] = set()
        self._patterns: set[str] = set()
        for text, what in texts:
            patterns = _patterns(text)
            self._first.setdefault(patterns[0], []).append((tuple(patterns[1:]), what))
            self._patterns.update(patterns)
            if what in SUBJECTS:
                self._signs.add(max(patterns, key=len))
        self._lengths = sorted({len(pattern) for pattern in self._patterns if pattern.endswith("*")})
        self._known: dict[str, Seen] = {}
        self._subjects: set[str] = set()

    def names_subject(self, norms: Sequence[str]) -> bool:
        """Whether a word stands there that a subject has: of a phrase, its longest."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
            self._subjects.clear()
        for norm in set(norms).difference(self._known):
            fits = self._fitting(norm)
            begins: dict[str, list[Begun]] = {}
            for rest, what in chain.from_iterable(self._first.get(pattern, ()) for pattern in fits):
                begins.setdefault(rest[0] if rest else ALONE, []).append((rest[1:], what))
            self._known[norm] = Seen((ALONE, *fits), begins) if fits else NO_WORD
            if not self._signs.isdisjoint(fits):
                self._subjects.add(norm)
        return not self._subjects.isdisjoint(norms)

    def _fitting(self, norm: str) -> list[str]:
        beginnings = (f"{norm[: length - 1]}*" for length in self._lengths if length <= len(norm) + 1)
        return [pattern for pattern in (norm, *beginnings) if pattern in self._patterns]

    def find(self, norms: Sequence[str]) -> list[Found]:
        """All that stands in these folded words, in order; of what begins at one word and is one thing, the longest.

        Asked after `names_subject` of the same words.
        """
        seen = [self._known[norm] for norm in norms]
        out: list[Found] = []
        for at, (word, behind) in enumerate(zip(seen, [*seen[1:], NO_WORD], strict=True)):
            if word.begins and not word.begins.keys().isdisjoint(behind.fits):
                out += self._longest(seen, at)
        return out

    @staticmethod
    def _longest(seen: Sequence[Seen], at: int) -> list[Found]:
        begins, behind = seen[at].begins, seen[at + 1] if at + 1 < len(seen) else NO_WORD
        ends: dict[str | Predicate, int] = {}
        for fit in behind.fits:
            start = at + (1 if fit is ALONE else 2)
            for rest, what in begins.get(fit, ()):
                end = start + len(rest)
                if not rest or (
                    end <= len(seen) and all(pattern in seen[start + n].fits for n, pattern in enumerate(rest))
                ):
                    ends[what] = max(ends.get(what, 0), end)
        return [Found(at, end, what) for what, end in ends.items()]


def words_looked_for() -> set[str]:
    """Single words for groups and predicates, whole: a disguise is undone into them too."""
    return {text for text, what in _texts() if what == GROUP or isinstance(what, Predicate)
            if text.isalpha() and len(text) >= SHORTEST_NAME}  # fmt: skip


def _patterns(text: str) -> list[str]:
    out = []
    for raw in text.split():
        norms = [word.norm for word in plain_words(raw.removesuffix("*"))]
        if raw.endswith("*"):
            norms = [*norms[:-1], "".join(norms[-1:]) + "*"]
        out += norms
    return out


class ClauseReader:
    """Finds what is said of whom: attacks with their contexts, and whether a group is named or spoken of kindly."""

    def __init__(self, contexts: ContextRules) -> None:
        self.contexts = contexts
        self.terms = Terms(_texts())

    def read(self, text: str, words: Reading) -> "Said":
        """What a text, of which these are the words, says of groups."""
        if not self.terms.names_subject(words.norms) and not NAME.search(text):
            return NOTHING
        found = self.terms.find(words.norms)
        kinds = {item.what for item in found}
        subjects = not kinds.isdisjoint(SUBJECTS)
        if not subjects and not any(isinstance(kind, Predicate) for kind in kinds):
            return NOTHING
        attacks: list[Attack] = []
        before = False
        for clause in self._clauses(words.norms, found):
            attacks += self._attacks(text, words, clause, antecedent=before)
            before = before or any(item.what == GROUP for item in clause)
        friendly = subjects and (FRIENDLY in kinds or any(self._is_own(words.norms, item) for item in found))
        return Said(tuple(attacks), named=subjects, friendly=friendly)

    def _is_own(self, norms: Sequence[str], item: Found) -> bool:
        return item.what == GROUP and self.contexts.own_group.any_in(norms[max(0, item.start - OWN) : item.start])

    def _clauses(self, norms: Sequence[str], found: Iterable[Found]) -> Iterable[list[Found]]:
        """What was found, sentence by sentence; a "but" begins one too."""
        out: list[Found] = []
        last = 0
        for item in found:
            if any(norm[0] in ENDS or norm in self.contexts.contrast.words for norm in norms[last : item.start]):
                yield out
                out = []
            out.append(item)
            last = item.start
        yield out

    def _attacks(self, text: str, words: Reading, clause: Sequence[Found], *, antecedent: bool) -> Iterable[Attack]:
        kinds = {item.what for item in clause}
        for item in clause:
            what = item.what
            if not isinstance(what, Predicate) or not self._counts(item, what, kinds, words.norms):
                continue
            targets = [other for other in clause if other.what == what.of and not _overlap(other, item)]
            if not targets and what.of == GROUP:
                targets = [other for other in clause if other.what == PRONOUN] if antecedent else []
                targets = targets or _names(text, words, item)
            links = [other for other in clause if other.what == LINK]
            if any(_reaches(item, what, target, links) for target in targets):
                context = self.contexts.context_of(text, words, item.start, item.end, what.kind)
                yield Attack(what.kind, item.start, item.end, context)

    @staticmethod
    def _counts(item: Found, what: Predicate, kinds: set[str | Predicate], norms: Sequence[str]) -> bool:
        """Whether what the predicate needs stands in its clause; a command has it in its first word."""
        if what.needs and PLAY in kinds:
            return False
        if what.needs == DEMAND and (item.start == 0 or not norms[item.start - 1].isalnum()):
            return True
        return not what.needs or what.needs in kinds


def _reaches(item: Found, what: Predicate, target: Found, links: Sequence[Found]) -> bool:
    """Whether a predicate is said of a target, by where they stand in one clause."""
    if what.link == "object":
        return 0 <= target.start - item.end <= OBJECT
    if what.link == "does":
        return 0 <= item.start - target.end <= DOES
    if what.link == "is" and target.end < item.start:
        return any(target.end <= link.start <= target.end + OBJECT and 0 <= item.start - link.end <= BEHIND_LINK
                   for link in links)  # fmt: skip
    if what.link == "is" and target.start > item.end:
        return any(item.end <= link.start <= item.end + DOES and link.start < target.start for link in links)
    return max(item.start - target.end, target.start - item.end) <= NEAR


def _texts() -> Iterator[tuple[str, str | Predicate]]:
    """All words of the three files; ConfigError with file and line where one does not fit."""
    for language, words in _words_of(GROUPS).items():
        yield from ((word, PRONOUN if language == "pronouns" else GROUP) for word in words)
    data, lines = load_yaml(PREDICATES)
    for index, item in enumerate(data):
        entry = validate(PREDICATES, item, lines, Entry, (index,))
        yield from ((word, Predicate(entry.kind, entry.of, entry.link, entry.needs)) for word in entry.words)
    for name, words in _words_of(TURNS).items():
        yield from ((word, name) for word in words)


def _words_of(path: Path) -> dict[str, tuple[str, ...]]:
    data, lines = load_yaml(path)
    return {name: validate(path, {"words": words}, lines, Words, ()).words for name, words in data.items()}


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _names(text: str, words: Reading, predicate: Found) -> list[Found]:
    """Words near a predicate that may name a group nobody has listed: capital letter, plural, in no list of words."""
    out = []
    for at in range(max(0, predicate.start - NAME_NEAR), min(len(words), predicate.end + NAME_NEAR)):
        norm = words.norms[at]
        before = words.norms[at - 1] if at else "."
        several = before in EACH or (norm.endswith(PLURALS) and (before in ALL or before[0] in ENDS or norm[0] >= "а"))
        if several and len(norm) >= SHORTEST_NAME and not predicate.start <= at < predicate.end:
            raw = text[words[at].start : words[at].end]
            if raw[0].isupper() and not is_ordinary(norm) and not is_rare_word(raw.lower()):
                out.append(Found(at, at + 1, GROUP))
    return out


@dataclass(frozen=True)
class Said:
    """What a text says of groups."""

    attacks: tuple[Attack, ...] = ()
    named: bool = False
    friendly: bool = False
    """Spoken of kindly, or by one of them."""


NOTHING = Said()


def features_of(said: Said, tags: Iterable[Tag], score: str, probability: float) -> list[float]:
    """The values of FEATURES for one score (`hate`, `dehumanisation` or `violence`) of one text."""
    probability = min(max(probability, LEAST), MOST)
    odds = math.log(probability / (1 - probability))
    kinds, labels = SCORES[score]
    relevant = [attack for attack in said.attacks if attack.kind in kinds]
    attacks = {attack.kind for attack in relevant if attack.context is Context.ASSERTED}
    hateful = [tag for tag in tags if tag.label in labels]
    asserted = [tag for tag in hateful if tag.context is Context.ASSERTED]
    slur = any(tag.label == SLUR and tag.severity >= WEAK for tag in asserted)
    severity = max((tag.severity for tag in asserted if tag.label != SLUR), default=0)
    weak = {tag.rule for tag in asserted if tag.label != SLUR and tag.severity == WEAK}
    calm = not attacks and severity < STRONG and len(weak) < SEVERAL and not slur
    turned = any(attack.context is not Context.ASSERTED for attack in relevant) or len(asserted) < len(hateful)
    # Of a turned attack the classifiers see but the words, which are those of an attack.
    values: dict[str, float] = {
        "classifier": 0 if calm else odds,
        "classifier alone": odds if calm and not turned else 0,
        SLUR: slur,
        "strong": severity >= STRONG or len(weak) >= SEVERAL,
        "weak": severity < STRONG and len(weak) == 1,
        "turned": turned and calm,
        "friendly": said.friendly and calm,
        "named": said.named and calm,
        "nobody": calm and not said.named,
    }
    return [float(values.get(name, name in attacks)) for name in FEATURES]


class Verdict:
    """The calibrated scores of a text from what it says, its tags and the classifiers' scores."""

    def __init__(self, reader: ClauseReader, weights: Mapping[str, Mapping[str, float]]) -> None:
        """`weights`: by score, the weight of each feature (none: 0) and `bias`."""
        self.reader = reader
        self.weights = {score: [weights[score].get(name, 0.0) for name in FEATURES] for score in weights}
        self.bias = {score: weights[score]["bias"] for score in weights}

    @classmethod
    def shipped(cls, contexts: ContextRules) -> "Verdict":
        """With the weights that come with the program."""
        return cls(ClauseReader(contexts), json.loads(WEIGHTS.read_text(encoding="utf-8")))

    def scores(self, text: str, words: Reading, tags: Sequence[Tag], given: Mapping[str, float]) -> dict[str, float]:
        """The classifiers' scores with those of SCORES weighed against what the text says, where it says anything."""
        said, out = self.reader.read(text, words), dict(given)
        if said is NOTHING and not tags:
            return out
        for score, weights in self.weights.items():
            values = features_of(said, tags, score, given[score])
            odds = self.bias[score] + sum(map(mul, weights, values))
            found = 1 / (1 + math.exp(-odds))
            calm = values[NAMED] or values[NOBODY]
            out[score] = round(min(found, given[score]) if calm else found, 4)
        return out


class VerdictComponent:
    """Sets `doc.user_data["scores"]` of documents that have tags and the classifiers' scores."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict

    def __call__(self, doc: Doc) -> Doc:
        """The document with its scores weighed."""
        known = doc.user_data
        known["scores"] = self.verdict.scores(known["text"], known["words"], known["tags"], known["scores"])
        return doc


@Language.factory(VERDICT)
def verdict_component(nlp: Language, name: str) -> VerdictComponent:  # noqa: ARG001
    """The component with the words and weights that come with the program."""
    return VerdictComponent(Verdict.shipped(ContextRules.shipped()))
