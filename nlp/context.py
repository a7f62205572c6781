"""How an indicator is used, from the words around it. Rules in order; the first that fits decides."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from core.records import Context, Record
from core.yamlfile import load_yaml, validate
from nlp.fold import ENDS, Reading, phrase_of
from nlp.lexicon import Indicator

QUOTES = re.compile(
    r"\"[^\"\n]*\"|“[^”\n]*”|«[^»\n]*»|„[^“”\n]*[“”]|‘[^’\n]*’|「[^」\n]*」|»[^«\n]*«|(?<!\w)'[^'\n]{3,}'(?!\w)"
)
CUES = Path(__file__).with_name("cues.yml")
LONGEST_LINE = 10_000
NEGATION_REACH, REPORT_REACH, OWN_REACH, SAID_REACH, BEHIND_REACH = 3, 12, 5, 4, 1
"""Words before an indicator (and behind it) within which each must stand."""
SENTENCE_REACH, ASKING_REACH = 40, 2
SLUR = "slur"

LESS_SEVERE = {
    Context.QUOTED: 1, Context.QUESTION: 1, Context.REPORTED: 2, Context.NEGATED: 2, Context.COUNTER_SPEECH: 2,
    Context.RECLAIMED: 2,
}  # fmt: skip
"""By how many steps an indicator weighs less than where it is asserted."""


def severity_in(context: Context, indicator: Indicator) -> int:
    """How severe an indicator is as it is used here, 1 to 5."""
    return max(1, indicator.severity - LESS_SEVERE.get(context, 0))


class Phrases(NamedTuple):
    """Words and phrases of which one may stand among others."""

    words: frozenset[str]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    """By their first word, as few texts have one."""

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Phrases":
        """From words and phrases as a person writes them."""
        folded = [phrase_of(text) for text in texts]
        phrases: dict[str, tuple[tuple[str, ...], ...]] = {}
        for phrase in folded:
            if len(phrase) > 1:
                phrases[phrase[0]] = (*phrases.get(phrase[0], ()), phrase)
        return cls(frozenset(phrase[0] for phrase in folded if len(phrase) == 1), phrases)

    def any_in(self, norms: Sequence[str]) -> bool:
        """Whether one of them is among these folded words."""
        if not self.words.isdisjoint(norms):
            return True
        if self.phrases.keys().isdisjoint(norms):
            return False
        return any(tuple(norms[at : at + len(phrase)]) == phrase
                   for at, norm in enumerate(norms) for phrase in self.phrases.get(norm, ()))  # fmt: skip


class Cues(Record):
    """The words that tell a context, as `nlp/cues.yml` has them."""

    negation: tuple[str, ...]
    reporting: tuple[str, ...]
    speaking: tuple[str, ...]
    condemning: tuple[str, ...]
    own_group: tuple[str, ...]
    contrast: tuple[str, ...]
    asking: tuple[str, ...]
    denied: tuple[str, ...]
    nobody: tuple[str, ...]


class ContextRules:
    """Tells how an indicator is used."""

    def __init__(self, cues: Cues) -> None:
        self.negation = Phrases.of(cues.negation)
        self.reporting = Phrases.of(cues.reporting)
        self.speaking = Phrases.of(cues.speaking)
        self.condemning = Phrases.of(cues.condemning)
        self.own_group = Phrases.of(cues.own_group)
        self.contrast = Phrases.of(cues.contrast)
        self.asking = Phrases.of(cues.asking)
        self.denied = Phrases.of(cues.denied)
        self.nobody = Phrases.of(cues.nobody)

    @classmethod
    def shipped(cls) -> "ContextRules":
        """With the words that come with the program."""
        data, lines = load_yaml(CUES)
        return cls(validate(CUES, data, lines, Cues))

    def context_of(self, text: str, words: Reading, start: int, end: int, label: str) -> Context:
        """The context of words[start:end] in the text.

        `counter-speech` where the sentence speaks of saying or believing it and turns that down, and where it stands in
        quotation marks and any sentence turns it down; `quoted` on a line of greentext (">…", which is not a ">>123"
        reference) and within quotation marks; `negated` right behind a "not", and where nobody says it; `reclaimed`
        for a slur that people use of themselves; `reported`, `question` by what stands around and ends the sentence.
        What stands before a "but" tells nothing of what follows.
        """
        before, after = _sentence(words.norms, start, end)
        before = self._since_contrast(before)
        sentence = [*before, "\0", *after]
        speaking = self.speaking.any_in(sentence)
        if _is_quoted(text, words[start].start, words[end - 1].end):
            around = words.norms[max(0, start - SENTENCE_REACH) : end + SENTENCE_REACH]
            return Context.COUNTER_SPEECH if self.condemning.any_in(around) else Context.QUOTED
        if (speaking and self.condemning.any_in(sentence)) or self.denied.any_in(sentence):
            return Context.COUNTER_SPEECH
        behind = after[:BEHIND_REACH] if text[words[end - 1].end :][:1].isspace() else ()
        if self.negation.any_in(before[-NEGATION_REACH:]) or self.negation.any_in(behind):
            return Context.NEGATED
        if self._is_unsaid(before, after, label):
            return Context.NEGATED
        if label == SLUR and self.own_group.any_in(before[-OWN_REACH:]):
            return Context.RECLAIMED
        if self.reporting.any_in([*before[-REPORT_REACH:], "\0", *after[:REPORT_REACH]]):
            return Context.REPORTED
        return Context.QUESTION if self._is_asked(text, words, start - len(before), end) else Context.ASSERTED

    def _is_unsaid(self, before: Sequence[str], after: Sequence[str], label: str) -> bool:
        """Whether it is denied that anybody says it: "nobody says …", "das Wort … benutzen wir nicht"."""
        said = [at for at, norm in enumerate(before) if norm in self.speaking.words]
        if not said:
            return False
        around = before[max(0, said[-1] - SAID_REACH) : said[-1] + 2]
        if self.negation.any_in(around) or self.nobody.any_in(around):
            return True
        return label == SLUR and self.negation.any_in(after[:SAID_REACH])

    def _since_contrast(self, before: Sequence[str]) -> Sequence[str]:
        turn = next((at for at in range(len(before) - 1, -1, -1) if before[at] in self.contrast.words), -1)
        return before[turn + 1 :]

    def _is_asked(self, text: str, words: Reading, first: int, end: int) -> bool:
        """Whether the sentence ends in "?", and is a question from its first word or without a comma in between."""
        norms = words.norms
        stop = next((at for at in range(end, min(end + SENTENCE_REACH, len(norms))) if norms[at][0] in ENDS), None)
        if stop is None or norms[stop][0] not in "?？؟":
            return False
        between = text[words[end - 1].end : words[stop].start]
        return "," not in between or self.asking.any_in(norms[first : first + ASKING_REACH])


def _is_quoted(text: str, first: int, last: int) -> bool:
    line_start = text.rfind("\n", 0, first) + 1
    longest = line_start + LONGEST_LINE
    line_end = text.find("\n", last, longest)
    line = text[line_start : longest if line_end < 0 else line_end]
    if line.lstrip().startswith(">") and not line.lstrip().startswith(">>"):
        return True
    return any(start <= first - line_start and end >= last - line_start for start, end in _quotations(line))


@lru_cache(maxsize=16)
def _quotations(line: str) -> tuple[tuple[int, int], ...]:
    """From where to where something is quoted. Remembered, as one line may hold thousands of indicators."""
    return tuple(quote.span() for quote in QUOTES.finditer(line))


def _sentence(norms: Sequence[str], start: int, end: int) -> tuple[Sequence[str], Sequence[str]]:
    """The words of the sentence before and behind norms[start:end]."""
    first = max(0, start - SENTENCE_REACH)
    begin = next((at + 1 for at in range(start - 1, first - 1, -1) if norms[at][0] in ENDS), first)
    last = min(len(norms), end + SENTENCE_REACH)
    stop = next((at for at in range(end, last) if norms[at][0] in ENDS), last)
    return norms[begin:start], norms[end:stop]
