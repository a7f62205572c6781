"""Classifiers: four scores of any text, the same every time, whatever was read before; measures worked out by hand."""

import time
from pathlib import Path

import numpy as np
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.fold import Reader, Word, plain_words
from nlp.pipeline import FoldingTokenizer
from nlp.scores.classify import Classifiers, combined
from nlp.scores.datasets import PRODUCT, Example, plain, synthetic
from nlp.scores.encoder import Base, base_file, has_base
from nlp.scores.linear import SIZE, Linear, features, keys
from nlp.scores.measures import accuracy, area, calibration_error, macro_f1
from nlp.scores.spans import best_words, character_f1, spans_of, strongest_piece

FAST = Classifiers(dear=False)

EVERYDAY = """
The kettle in the break room is broken again, who fixes it?
She scored twice and the team won the cup after a long season.
Chop two onions, fry them in butter and add the rice.
We are moving to a bigger flat in May, bring boxes.
Wir treffen uns am Samstag zum Kuchen bei meiner Tante.
La bibliothèque ferme à six heures le vendredi.
El tren a Sevilla sale del andén número tres.
В субботу в парке играет оркестр.
Kan iemand mij helpen met deze fiets?
The function returns a list of integers sorted by key.
""".strip().splitlines()


def test_a_text_has_the_four_scores_of_the_product_between_0_and_1() -> None:
    scores = FAST.scores("See you at the lantern tonight")
    assert tuple(scores) == PRODUCT
    assert all(0 <= score <= 1 for score in scores.values())


@given(st.text(max_size=200))
@settings(max_examples=60)
def test_any_text_has_scores(text: str) -> None:
    assert all(0 <= score <= 1 for score in FAST.scores(text).values())


@pytest.mark.parametrize("text", ["", " ", "\ud800", "Z" + "\u0301" * 5000, "(((", "🔪👳🏾‍♂️", "\0", "1488"])
def test_odd_texts_have_scores(text: str) -> None:
    assert set(FAST.scores(text)) == set(PRODUCT)


def test_scores_do_not_depend_on_what_was_read_before() -> None:
    text = "nobody knows where the lantern went"
    before = FAST.scores(text)
    for number in range(300):
        FAST.scores(f"word{number} other{number} lantern{number}")
    assert FAST.scores(text) == before == Classifiers(dear=False).scores(text)


def test_words_are_forgotten_when_too_many_were_seen_and_scores_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.scores.linear.REMEMBERED", 50)
    small = Classifiers(dear=False)
    for text in EVERYDAY * 2:
        assert small.scores(text) == FAST.scores(text)


def test_a_long_text_has_the_score_of_its_worst_part() -> None:
    call, padding = (
        "our new board is lantern dot example",
        "the onions are fried in butter and then the rice is added . " * 40,
    )
    assert FAST.scores(padding + call + padding)["migration"] > FAST.scores(padding)["migration"]


def test_a_megabyte_is_read_in_time() -> None:
    start = time.perf_counter()
    for text in ("a" * 1_000_000, "a b " * 250_000):
        FAST.scores(text)
    assert time.perf_counter() - start < 30


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_texts_are_none_of_it(text: str) -> None:
    assert max(FAST.scores(text).values()) < 0.5


def test_calls_to_migrate_are_told_from_the_same_words_without_a_call() -> None:
    """On sentences that training never saw, in eleven languages; a coin would reach 0.5."""
    reached = {}
    for language, examples in synthetic().test.items():
        truth = np.array([example.targets["migration"] for example in examples]) > 0.5
        reached[language] = area(
            truth, FAST.probabilities("migration", [example.text for example in examples], dear=False)
        )
    assert sum(reached.values()) / len(reached) > 0.85
    assert min(reached.values()) > 0.6


def test_no_sentence_of_the_test_part_is_in_the_training_part() -> None:
    made = synthetic()
    learnt = {example.text for example in (*made.train, *made.dev)}
    assert not learnt & {example.text for part in made.test.values() for example in part}
    assert not {example.text for example in made.train} & {example.text for example in made.dev}


def test_the_component_sets_the_scores_of_a_document() -> None:
    nlp = spacy.blank("xx")
    nlp.tokenizer = FoldingTokenizer(nlp.vocab, Reader(), {})
    nlp.add_pipe("fringewatch_classifiers", config={"dear": False})
    text = "we are moving to lantern dot example, spread the word"
    assert nlp(text).user_data["scores"] == FAST.scores(text)


def test_a_key_is_a_word_or_a_pair_and_stands_once() -> None:
    assert keys(["a", "b", "a", "b"]) == ["a", "b", "a b", "b a"]
    assert len(list(features("a b"))) == 1
    assert all(0 <= row < SIZE for row, _ in features("lantern"))


def test_an_emoji_has_the_features_of_its_name() -> None:
    knife, name = {row for row, _ in features("🕯")}, {row for row, _ in features("candle")}
    assert knife & name


def test_linear_scores_are_the_sum_of_weights_over_the_root_of_words() -> None:
    weights = np.zeros((SIZE, 1), np.float32)
    for row, _ in features("p q"):
        weights[row] = 6.0
    linear = Linear(weights, np.array([1.0], np.float32))
    assert linear.logits(["p", "q", "r", "s"])[0] == pytest.approx(1 + 0.7 * 6 / 2)
    assert linear.logits([])[0] == 1


def test_probabilities_are_those_of_the_weighted_log_odds() -> None:
    assert combined(np.array([[1.0, 2.0]]), [0.5, 0.25, -1.0])[0] == pytest.approx(0.5)


def test_accounts_addresses_and_entities_are_made_plain() -> None:
    assert plain("@USER &amp; @someone: see https://lantern.example/x?y=1 [URL]") == "@user & @user: see http http"


TRUTH = np.array([True, True, False, False])


def test_measures() -> None:
    found = np.array([True, False, False, False])
    assert accuracy(TRUTH, found) == 0.75
    assert macro_f1(TRUTH, found) == pytest.approx((2 / 3 + 4 / 5) / 2)
    assert macro_f1(TRUTH, ~TRUTH) == 0
    assert area(TRUTH, np.array([0.9, 0.4, 0.4, 0.1])) == pytest.approx(0.875)
    assert calibration_error(TRUTH, np.array([0.95, 0.95, 0.05, 0.05])) == pytest.approx(0.05)
    assert calibration_error(TRUTH, np.array([0.5, 0.5, 0.5, 0.5])) == 0


def test_toxic_neighbours_are_one_span() -> None:
    found = [word for word in plain_words("you silly old goat, you") if word.norm.isalnum()]
    assert spans_of(found, [False, True, True, False, True]) == [(4, 13), (20, 23)]


def test_the_words_named_are_those_of_the_highest_expected_f1() -> None:
    found = [Word(letter, at, at + 1) for at, letter in enumerate("abc")]
    assert best_words(found, np.array([0.9, 0.1, 0.8])) == [True, False, True]
    assert best_words(found, np.array([0.02, 0.2, 0.01])) == [False, True, False]
    assert best_words([], np.zeros(0)) == []


@pytest.mark.parametrize(
    ("found", "truth", "score"),
    [([], [], 1), ([(0, 2)], [], 0), ([], [(0, 2)], 0), ([(0, 4)], [(2, 6)], 0.5), ([(0, 2), (4, 6)], [(0, 6)], 0.8)],
)
def test_character_f1(found: list[tuple[int, int]], truth: list[tuple[int, int]], score: float) -> None:
    assert character_f1(found, truth) == pytest.approx(score)


def test_a_word_is_toxic_where_a_span_covers_most_of_it() -> None:
    example = Example("you goat there", {}, ((4, 7),))
    assert example.toxic_words([(0, 3), (4, 8), (9, 14)]).tolist() == [False, True, False]


with_base = pytest.mark.skipif(not has_base(), reason="the package that ships the base model is not installed")


@with_base
@pytest.mark.parametrize(
    "text", ["Hello World! Die Kinder spielen.", "ﬁ ½ Ｈｅｌｌｏ", "🔪👳🏾‍♂️ ❤️x 🇩🇪", "", "a" * 3000, "\ud800 ok"]
)
def test_pieces_stand_in_order_within_the_text(text: str) -> None:
    pieces = BASE().tokens(text)
    assert all(0 <= piece.start <= piece.end <= len(text) for piece in pieces)
    assert [piece.start for piece in pieces] == sorted(piece.start for piece in pieces)
    assert len(pieces) <= 256


@with_base
def test_pieces_are_those_of_the_published_vocabulary() -> None:
    """Numbers as XLM-RoBERTa's vocabulary has them: <s> Hello World ! </s>."""
    assert [piece.id for piece in BASE().tokens("Hello World!")] == [0, 35378, 6661, 38, 2]


def BASE() -> Base:  # noqa: N802  one for all tests, made when first needed
    global _base  # noqa: PLW0603
    _base = _base or Base(base_file())
    return _base


_base: Base | None = None


def test_a_words_value_is_that_of_its_strongest_piece() -> None:
    from nlp.scores.encoder import Piece  # noqa: PLC0415

    found = [Word("silly", 0, 5), Word("goat", 6, 10), Word("far", 90, 93)]
    pieces = [(Piece(1, 0, 3), 0.5), (Piece(2, 3, 5), 2.0), (Piece(3, 6, 10), -1.0)]
    assert strongest_piece(found, pieces).tolist() == [2.0, -1.0, -8.0]


def test_the_trained_files_are_small_and_hold_no_code() -> None:
    folder = Path(FAST.folder)
    assert sum(path.stat().st_size for path in folder.iterdir()) < 25_000_000
    assert {path.suffix for path in folder.iterdir()} <= {".npz", ".json"}
