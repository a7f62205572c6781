"""Whether a word is one that people use every day, in any of the languages that the lexicons are in."""

from functools import cache

from wordfreq import available_languages, get_frequency_dict, get_frequency_list

from nlp.letters import fold

LANGUAGES = ("ar", "de", "en", "es", "fr", "it", "nl", "pl", "pt", "ru", "sv", "uk")
"""Each list holds the words that come at least once in a million."""


RARE = 720
"""Centibels: six times in a hundred million words."""
SHORTEST = 6
"""Shorter words of a long list are as often slips and names as words."""


@cache
def _rare_words() -> frozenset[str]:
    large = (lang for lang in LANGUAGES if lang in available_languages("large"))
    return frozenset(word for lang in large for words in get_frequency_list(lang, "large")[: RARE + 1]
                     for word in words if len(word) >= SHORTEST)  # fmt: skip


@cache
def _words() -> frozenset[str]:
    return frozenset(fold(word) for lang in LANGUAGES for word in get_frequency_dict(lang, "small"))


def is_ordinary(word: str) -> bool:
    """Whether a folded word is in a list of frequent words."""
    return word in _words()


def is_rare_word(word: str) -> bool:
    """Whether a word, as written but in lower case, is in the long list of a language, but for its rarest.

    The first call takes seconds: it reads the lists.
    """
    return word in _rare_words()
