"""Whether a word is one that people use every day, in any of the languages that the lexicons are in."""

from functools import cache

from wordfreq import get_frequency_dict

from nlp.letters import fold

LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "sv", "uk")
"""Each list holds the words that come at least once in a million."""


@cache
def _rare_words() -> frozenset[str]:
    return frozenset(fold(word) for word in get_frequency_dict("en", "large"))


@cache
def _words() -> frozenset[str]:
    return frozenset(fold(word) for lang in LANGUAGES for word in get_frequency_dict(lang, "small"))


def is_ordinary(word: str) -> bool:
    """Whether a folded word is in a list of frequent words."""
    return word in _words()


def is_word(word: str) -> bool:
    """Whether a folded word is frequent in any language, or an English one of once in a hundred million."""
    return is_ordinary(word) or word in _rare_words()
