"""Every indicator's own examples, from the data itself."""

import pytest

from nlp.lexicon import load_lexicons
from nlp.pipeline import Tagger, load_tagger
from tests.conftest import ROOT

RULES = load_lexicons(ROOT / "config" / "lexicons")


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger(ROOT / "config")


@pytest.mark.parametrize("rule", RULES)
def test_examples_hold_with_exact_offsets(rule: str, tagger: Tagger) -> None:
    for wanted, examples in ((True, RULES[rule].match), (False, RULES[rule].no_match)):
        for text in examples:
            (result,) = tagger.tag([(text, None)])
            assert (rule in {tag.rule for tag in result.tags}) == wanted, text
            assert all(text[tag.start : tag.end] == tag.matched for tag in result.tags)
