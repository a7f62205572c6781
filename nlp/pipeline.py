"""The spaCy pipeline: a tokenizer that undoes disguises, a component that finds indicators among its words."""

from collections.abc import Iterable, Iterator, Mapping
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
from nlp.context import ContextRules, Phrases, severity_in
from nlp.fold import Reader, Reading
from nlp.language import UNKNOWN, languages_of
from nlp.lexicon import Indicator, load_lexicons
from nlp.personal import personal_tags
from nlp.scores.classify import CLASSIFIERS
from nlp.scores.verdict import VERDICT, words_looked_for

NEAR = 12
"""How many words to either side an indicator's `needs` and `unless` may stand."""
OTHER = "\0"
"""No folded word is this, so that no phrase has it."""

# What is known of a document is in its `user_data`: text, words (a Reading), languages, tags, scores. `doc._` looks up
# each name by two dictionaries, which costs a fifth of all.


@dataclass(frozen=True)
class TagResult:
    """What the tagger says of one text."""

    lang: str
    """The language given, or told by the text; `und` where it is too short to say."""
    tags: tuple[Tag, ...]
    scores: Mapping[str, float] = field(default_factory=dict)
    """Classifiers' scores, 0–1 by name (hate, dehumanisation, violence, migration)."""


class FoldingTokenizer:
    """Makes documents of folded words; what each is and where it stands in the published text is kept beside it."""

    def __init__(self, vocab: Vocab, reader: Reader, orths: Mapping[str, int]) -> None:
        """`orths`: the words of phrases that are matched, as spaCy numbers them."""
        self.vocab = vocab
        self.reader = reader
        self.orths = orths
        self.other = vocab.strings.add(OTHER)

    def __call__(self, text: str) -> Doc:
        """A document with a token for each word of `Reader.read`, which is in `user_data["words"]`.

        A word that no phrase has is the token OTHER: spaCy keeps every word it is given, and a crawl sees millions.
        """
        found = self.reader.read(text)
        words: list[Any] = [self.orths.get(norm, self.other) for norm in found.norms]  # numbers of words do as well
        doc = Doc(self.vocab, words=words)
        doc.user_data |= {"text": text, "words": found}
        return doc


class LexiconComponent:
    """Finds indicators: phrases first, at C speed; what must stand around and context only where one was found."""

    def __init__(self, vocab: Vocab, rules: Mapping[str, Indicator], reader: Reader, contexts: ContextRules) -> None:
        self.rules = rules
        self.contexts = contexts
        self.matcher = PhraseMatcher(vocab, attr="ORTH")
        self.needs = {rule: Phrases.of(indicator.needs) for rule, indicator in rules.items() if indicator.needs}
        self.unless = {rule: Phrases.of(indicator.unless) for rule, indicator in rules.items() if indicator.unless}
        self.orths: dict[str, int] = {}
        for rule, indicator in rules.items():
            phrases = list(indicator.phrases)
            joined = [("".join(phrase),) for phrase in phrases if "".join(phrase) in reader.compounds]
            self.matcher.add(rule, [Doc(vocab, words=list(phrase)) for phrase in phrases + joined])
            self.orths |= {word: vocab.strings.add(word) for phrase in phrases + joined for word in phrase}

    def __call__(self, doc: Doc) -> Doc:
        """The document with its `tags`, in order of appearance."""
        by_rule: dict[str, list[Span]] = {}
        for rule, start, end in self.matcher(doc):
            by_rule.setdefault(doc.vocab.strings[rule], []).append(Span(doc, start, end))
        found = [(span.start, span.end, rule) for rule, spans in by_rule.items() for span in filter_spans(spans)]
        doc.user_data["tags"] = tuple(self._tag(doc, *place) for place in sorted(found) if self._applies(doc, *place))
        return doc

    def _applies(self, doc: Doc, start: int, end: int, rule: str) -> bool:
        known, languages = doc.user_data, self.rules[rule].languages
        spoken, words = known["languages"], known["words"]
        if languages and UNKNOWN not in spoken and spoken and not set(languages) & set(spoken):
            return False
        if _part_of_a_number(words, start, end):
            return False
        if rule not in self.needs and rule not in self.unless:
            return True
        around = [*words.norms[max(0, start - NEAR) : start], OTHER, *words.norms[end : end + NEAR]]
        if rule in self.unless and self.unless[rule].any_in(around):
            return False
        return rule not in self.needs or self.needs[rule].any_in(around)

    def _tag(self, doc: Doc, start: int, end: int, rule: str) -> Tag:
        text, words, indicator = doc.user_data["text"], doc.user_data["words"], self.rules[rule]
        first, last = words[start].start, words[end - 1].end
        context = self.contexts.context_of(text, words, start, end, indicator.label)
        return Tag(
            label=indicator.label, start=first, end=last, matched=text[first:last], rule=rule,
            severity=severity_in(context, indicator), context=context, source=indicator.source,
            disguise=tuple(dict.fromkeys(how for at in range(start, end) if (how := words[at].disguise))),
        )  # fmt: skip


def _part_of_a_number(found: Reading, start: int, end: int) -> bool:
    """Whether a code of digits only is a group of a longer number (a telephone's), which other digits touch."""
    if not all(norm.isdigit() for norm in found.norms[start:end]):
        return False
    beside = [found[start - 1]] if start and found[start].start - found[start - 1].end == 1 else []
    beside += [found[end]] if end < len(found) and found[end].start - found[end - 1].end == 1 else []
    return any(word.norm.isdigit() and word.norm != found[start].norm for word in beside)


class Tagger:
    """Tags texts. Deterministic: the same text and lexicons give the same tags."""

    def __init__(self, nlp: Language) -> None:
        self.nlp = nlp
        self._components = [component for _name, component in nlp.pipeline]

    def tag(self, texts: Iterable[tuple[str, str | None]]) -> Iterator[TagResult]:
        """One result a (text, language or None), in order."""
        return (self._one(text, lang) for text, lang in texts)

    def _one(self, text: str, lang: str | None) -> TagResult:
        doc = self.prepare(text, lang)
        for component in self._components:
            doc = component(doc)
        known = doc.user_data
        tags = sorted([*known["tags"], *personal_tags(text)], key=lambda tag: tag.start)
        return TagResult(lang or known["languages"][0], tuple(tags), known.get("scores", {}))

    def prepare(self, text: str, lang: str | None = None) -> Doc:
        """The document that the components work on: its words, and its languages, the one given first."""
        doc = self.nlp.make_doc(text)
        told = languages_of(text, doc.user_data["words"].norms)
        doc.user_data["languages"] = told if lang is None else (lang, *told)
        return doc


@Language.factory("fringewatch_lexicon", default_config={"folder": None})
def make_lexicon(nlp: Language, name: str, folder: str) -> LexiconComponent:  # noqa: ARG001
    """The component for the lexicons in a folder; it brings the tokenizer, which must know what is looked for."""
    rules = load_lexicons(Path(folder))
    reader = Reader({*(form for indicator in rules.values() for form in indicator.forms), *words_looked_for()})
    component = LexiconComponent(nlp.vocab, rules, reader, ContextRules.shipped())
    nlp.tokenizer = FoldingTokenizer(nlp.vocab, reader, component.orths)
    return component


def load_tagger(config_folder: Path, *, classify: bool = True, thorough: bool = False) -> Tagger:
    """The tagger with the lexicons of a configuration folder; ConfigError where one does not fit.

    Without `classify` it gives no scores. `thorough` has the language model read what the fast classifiers doubt, where
    its package is installed: better scores, at some 15 ms a text that is doubtful.
    """
    nlp = spacy.blank("xx")
    nlp.max_length = 2**31  # folded words need no parser's memory
    # Nothing asks for a word's shape and the like, which cost more than all else.
    nlp.vocab.lex_attr_getters = {}  # type: ignore[attr-defined]
    nlp.add_pipe("fringewatch_lexicon", config={"folder": str(config_folder / "lexicons")})
    if classify:
        nlp.add_pipe(CLASSIFIERS, config={"dear": thorough})
        nlp.add_pipe(VERDICT)
    return Tagger(nlp)
