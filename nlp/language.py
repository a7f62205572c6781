"""The languages of a text: by its script, by the commonest words, and where these do not tell by its letters."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import islice, pairwise
from math import lcm

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from nlp.fold import ENDS
from nlp.letters import fold
from nlp.ordinary import LANGUAGES, commonest

UNKNOWN = "und"
SCRIPTS = {"el": ("\u0370", "\u03ff"), "he": ("\u0590", "\u05ff"), "ka": ("\u10a0", "\u10ff"),
           "th": ("\u0e00", "\u0e7f"), "ko": ("\uac00", "\ud7af"), "ja": ("\u3040", "\u30ff")}  # fmt: skip
"""Scripts that one living language is written in. Latin, Cyrillic and Arabic script tell nothing."""
OTHERS = ("cs", "da", "fa", "fi", "hu", "ja", "no", "ro", "tr", "ur", "zh")
"""Languages without a lexicon that would be taken for a neighbour's."""
COMMON_WORDS = 120
ENOUGH_LETTERS, ENOUGH_TO_GUESS = 10, 20
LOOKED_AT = 2000
"""Characters: more say nothing new."""
SURE = 0.9
VOTE = lcm(*range(1, len(LANGUAGES) + 1))
"""A common word's vote, in whole shares for as many languages as have the word."""
ENOUGH_VOTES, AHEAD = 1.5, 1.5
"""Votes of common words that a language needs, and how many times the second's."""
SHORT = 12
"""Words of a text whose sentences are not looked at one by one."""
SEEN = re.compile(r"[^\W\d_]")


def languages_of(text: str, norms: Sequence[str]) -> tuple[str, ...]:
    """Languages of a text (ISO 639-1), the one that prevails first; `und` where it is too short to say.

    `norms`: its folded words and sentence ends. The languages of single sentences come after the first.
    """
    words: dict[str, int] = {}
    for part in _sentences(norms) if len(norms) > SHORT else ():
        if lang := _by_words(part):
            words[lang] = words.get(lang, 0) + len(part)
    by_share = sorted(words, key=words.__getitem__, reverse=True)
    voted = _by_words(norms)
    if found := dict.fromkeys([voted, *by_share] if voted else by_share):
        return tuple(found)
    letters = SEEN.findall(text[:LOOKED_AT])
    if len(letters) < ENOUGH_LETTERS:
        return (UNKNOWN,)
    for lang, (first, last) in SCRIPTS.items():
        if 2 * sum(first <= letter <= last for letter in letters) > len(letters):
            return (lang,)
    if len(letters) < ENOUGH_TO_GUESS:
        return (UNKNOWN,)
    lang, probability = _identifier().classify(text[:LOOKED_AT])
    return (str(lang) if probability >= SURE else UNKNOWN,)


def _sentences(norms: Sequence[str]) -> Iterator[Sequence[str]]:
    """The sentences of a text, none where it is one alone."""
    if ENDS.isdisjoint(norms[:-1]):
        return
    ends = [at for at, norm in enumerate(norms) if norm in ENDS]
    for start, end in pairwise([-1, *ends, len(norms)]):
        yield norms[start + 1 : end]


def _by_words(norms: Sequence[str]) -> str | None:
    """The language that most of the commonest words among these belong to, if they say so clearly."""
    votes: dict[str, int] = {}
    table = _common_words()
    for norm in table.keys() & norms:
        langs, share = table[norm]
        for lang in langs:
            votes[lang] = votes.get(lang, 0) + share
    if not votes:
        return None
    most = max(votes.values())
    leading = [lang for lang, count in votes.items() if AHEAD * count > most]
    return leading[0] if most >= ENOUGH_VOTES * VOTE and len(leading) == 1 else None


@cache
def _common_words() -> Mapping[str, tuple[tuple[str, ...], int]]:
    """The commonest words by what they fold to, each with the languages that have it among theirs, and each's share."""
    found: dict[str, list[str]] = {}
    for lang in LANGUAGES:
        words = (word for word in commonest(lang) if not word.isdigit() or len(word) == 1)
        for word in dict.fromkeys(map(fold, islice(words, COMMON_WORDS))):
            found.setdefault(word, []).append(lang)
    return {word: (tuple(langs), VOTE // len(langs)) for word, langs in found.items() if not word.isdigit()}


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(sorted({*LANGUAGES, *OTHERS, *SCRIPTS}))
    return identifier
