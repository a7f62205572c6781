"""Folding: disguises away, offsets exact, whatever the text."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.fold import fold, words

ANY_TEXT = st.text(st.characters(), max_size=80)  # surrogates, marks, controls: everything
DRESSED = st.text("aáàÄçşіоеаИйﬁİıßſ１ｆ\u0301\u200b\u202e\u2066@$!013🤝́)( \n\t.?", max_size=60)


@given(ANY_TEXT | DRESSED)
def test_every_word_is_where_it_says_and_in_order(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.norm
        end = word.end


@given(ANY_TEXT | DRESSED)
def test_folding_twice_is_folding_once(text: str) -> None:
    for word in words(text):
        assert fold(word.norm) == word.norm or word.norm in "\n.!?。！？" or not word.norm.isalnum()


@pytest.mark.parametrize(
    ("disguised", "plain"),
    [
        ("KETTLE", "kettle"), ("ｋｅｔｔｌｅ", "kettle"), ("kéttlè", "kettle"), ("k\u0335e\u0335ttle", "kettle"),
        ("ket\u200btle", "kettle"), ("\u202ekettle\u202c", "kettle"), ("k3ttl3", "kettle"), ("ke77le", "kettle"),
        ("kеttlе", "kettle"), ("KETTLΕ", "kettle"), ("ﬁre", "fire"), ("STRASSE", "strasse"), ("straße", "strasse"),
        ("𝓴𝓮𝓽𝓽𝓵𝓮", "kettle"), ("İstanbul", "istanbul"), ("b@nner", "banner"), ("ba$e", "base"),
    ],
)  # fmt: skip
def test_disguises_fold_away(disguised: str, plain: str) -> None:
    assert fold(disguised) == plain


@pytest.mark.parametrize("text", ["1488", "88", "2026", "15", "9000"])
def test_numbers_stay_numbers(text: str) -> None:
    assert fold(text) == text


@pytest.mark.parametrize("text", ["привет", "борьба", "мир"])
def test_words_of_another_script_stay_in_it(text: str) -> None:
    assert fold(text) == text


def test_marks_echoes_and_emoji_are_words_and_other_punctuation_is_not() -> None:
    assert [word.norm for word in words("(((kettle))) 🤝, done. Next?")] == [
        "(((", "kettle", ")))", "🤝", "done", ".", "next", "?",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "\u0301" * 300_000, "a\u0301" * 300_000, "(" * 500_000, ". " * 300_000, "@" * 500_000]
)
def test_a_text_made_to_stall_is_read_in_time(text: str) -> None:
    began = time.process_time()
    assert sum(1 for _ in words(text)) >= 0
    assert time.process_time() - began < 5


@given(st.characters())
def test_any_single_character_folds_to_something_or_nothing(letter: str) -> None:
    assert isinstance(fold(letter), str)
    assert unicodedata.normalize("NFC", fold(letter)) == fold(letter)
