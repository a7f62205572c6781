"""The spaCy pipeline: tokens are words folded for comparison, the lexicon component finds indicators among them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from core.records import Tag
from nlp.context import context_of
from nlp.fold import Word, words
from nlp.lexicon import Indicator, load_lexicons

NEAR = 12
"""How many words to either side an indicator's `needs` may stand."""
BATCH = 200
"""Texts whose words are forgotten together: spaCy keeps every word it has seen, a crawl sees millions."""

# Scripts that one living language is written in. Latin, Cyrillic and Arabic script tell nothing.
SCRIPTS = {"el": ("\u0370", "\u03ff"), "he": ("\u0590", "\u05ff"), "ka": ("\u10a0", "\u10ff"),
           "th": ("\u0e00", "\u0e7f"), "ko": ("\uac00", "\ud7af"), "ja": ("\u3040", "\u30ff")}  # fmt: skip
ENOUGH_LETTERS = 10

if not Doc.has_extension("words"):
    Doc.set_extension("words", default=())
    Doc.set_extension("tags", default=())


@dataclass(frozen=True)
class TagResult:
    """What the tagger says of one text."""

    lang: str
    """The language given, or told by the script; `und` otherwise."""
    tags: tuple[Tag, ...]
    scores: Mapping[str, float] = field(default_factory=dict)
    """Classifiers' scores, 0–1 by name; empty while there is no classifier."""


class FoldingTokenizer:
    """Makes documents of folded words; where each stands in the published text is kept beside it."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """A document whose tokens are `nlp.fold.words` of the text; the text itself is in `user_data["text"]`."""
        found = tuple(words(text))
        doc = Doc(self.vocab, words=[word.norm for word in found])
        doc._.words = found
        doc.user_data["text"] = text
        return doc


class LexiconComponent:
    """Finds indicators: phrases first, at C speed; `needs` and context only around what was found."""

    def __init__(self, nlp: Language, rules: Mapping[str, Indicator]) -> None:
        self.rules = rules
        self.matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
        self.needs = {rule: _phrases(indicator.needs) for rule, indicator in rules.items() if indicator.needs}
        self.unless = {rule: _phrases(indicator.unless) for rule, indicator in rules.items() if indicator.unless}
        for rule, indicator in rules.items():
            self.matcher.add(rule, [nlp.make_doc(form) for form in indicator.forms])

    def __call__(self, doc: Doc) -> Doc:
        """The document with `doc._.tags` set, in order of appearance."""
        by_rule: dict[str, list[Span]] = {}
        for rule, start, end in self.matcher(doc):
            by_rule.setdefault(doc.vocab.strings[rule], []).append(Span(doc, start, end))
        found = [(span.start, span.end, rule) for rule, spans in by_rule.items() for span in filter_spans(spans)]
        tags = [self._tag(doc, rule, start, end) for start, end, rule in sorted(found)
                if self._applies(doc, rule, start, end)]  # fmt: skip
        doc._.tags = tuple(tags)
        return doc

    def _applies(self, doc: Doc, rule: str, start: int, end: int) -> bool:
        languages, lang = self.rules[rule].languages, doc.user_data.get("lang", "und")
        if languages and lang != "und" and lang not in languages:
            return False
        if _part_of_a_number(doc._.words, start, end):
            return False
        if rule not in self.needs and rule not in self.unless:
            return True
        around = [word.norm for word in doc._.words[max(0, start - NEAR) : start]] + ["\0"]
        around += [word.norm for word in doc._.words[end : end + NEAR]]
        if _any_in(self.unless.get(rule, ()), around):
            return False
        return rule not in self.needs or _any_in(self.needs[rule], around)

    def _tag(self, doc: Doc, rule: str, start: int, end: int) -> Tag:
        text, indicator = doc.user_data["text"], self.rules[rule]
        first, last = doc._.words[start].start, doc._.words[end - 1].end
        return Tag(
            label=indicator.label,
            start=first,
            end=last,
            matched=text[first:last],
            rule=rule,
            severity=indicator.severity,
            context=context_of(text, doc._.words, start, end),
            source=indicator.source,
        )


def _phrases(texts: Iterable[str]) -> list[tuple[str, ...]]:
    return [tuple(word.norm for word in words(text)) for text in texts]


def _any_in(phrases: Iterable[tuple[str, ...]], around: Sequence[str]) -> bool:
    return any(
        tuple(around[at : at + len(phrase)]) == phrase
        for phrase in phrases
        for at in range(len(around) - len(phrase) + 1)
    )


def _part_of_a_number(found: Sequence[Word], start: int, end: int) -> bool:
    """Whether a code of digits only is a group of a longer number (a telephone's), which other digits touch."""
    if not all(word.norm.isdigit() for word in found[start:end]):
        return False
    beside = [found[start - 1]] if start and found[start].start - found[start - 1].end == 1 else []
    beside += [found[end]] if end < len(found) and found[end].start - found[end - 1].end == 1 else []
    return any(word.norm.isdigit() and word.norm != found[start].norm for word in beside)


@Language.factory("fringewatch_lexicon", default_config={"folder": None})
def make_lexicon(nlp: Language, name: str, folder: str | None) -> LexiconComponent:  # noqa: ARG001
    """The component for the lexicons in a folder."""
    return LexiconComponent(nlp, load_lexicons(Path(folder)) if folder else {})


class Tagger:
    """Tags texts. Deterministic: the same text and lexicons give the same tags."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp

    def tag(self, texts: Iterable[tuple[str, str | None]]) -> Iterator[TagResult]:
        """One result a (text, language or None), in order."""
        batch: list[tuple[str, str | None]] = []
        for item in texts:
            batch.append(item)
            if len(batch) == BATCH:
                yield from self._tag(batch)
                batch = []
        yield from self._tag(batch)

    def _tag(self, batch: list[tuple[str, str | None]]) -> list[TagResult]:
        with self.nlp.memory_zone():
            return [self._one(text, lang or language_of(text)) for text, lang in batch]

    def _one(self, text: str, lang: str) -> TagResult:
        doc = self.nlp.make_doc(text)
        doc.user_data["lang"] = lang
        for _name, component in self.nlp.pipeline:
            doc = component(doc)
        return TagResult(lang, doc._.tags)


def load_tagger(config_folder: Path) -> Tagger:
    """The tagger with the lexicons of a configuration folder; ConfigError where one does not fit."""
    nlp = spacy.blank("xx")
    nlp.tokenizer = FoldingTokenizer(nlp.vocab)
    nlp.max_length = 2**31  # folded words need no parser's memory
    config: dict[str, Any] = {"folder": str(config_folder / "lexicons")}
    nlp.add_pipe("fringewatch_lexicon", config=config)
    return Tagger(nlp)


def language_of(text: str) -> str:
    """The language where its script tells it, else `und`: a guess on few words misleads more than it helps."""
    letters = [letter for letter in text[:2000] if letter.isalpha()]
    if len(letters) < ENOUGH_LETTERS:
        return "und"
    for lang, (first, last) in SCRIPTS.items():
        if 2 * sum(first <= letter <= last for letter in letters) > len(letters):
            return lang
    return "und"
