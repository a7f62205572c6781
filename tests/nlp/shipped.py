"""What is shipped, read once for all tests of a process."""

from functools import cache

from nlp.lexicon import load_lexicons
from nlp.pipeline import Tagger, load_tagger
from tests.conftest import ROOT

RULES = load_lexicons(ROOT / "config" / "lexicons")


@cache
def tagger(*, classify: bool = True) -> Tagger:
    """The tagger with the shipped lexicons."""
    return load_tagger(ROOT / "config", classify=classify)
