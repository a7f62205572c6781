"""Is it hateful as it is used here? By kind of case, in four languages; half is held out from all tuning (run with -s)."""

import time
from collections import Counter

import pytest

from core.records import Context
from nlp.context import ContextRules
from nlp.fold import Reader
from nlp.pipeline import Tagger, TagResult
from nlp.scores.functional import LANGUAGES, Case, Outcome, by_kind, load_suite, run, split, table
from nlp.scores.verdict import FEATURES, LOWERING, RAISING, WEIGHTS, ClauseReader, Verdict
from tests.conftest import ROOT

SUITE = load_suite(ROOT / "tests" / "nlp" / "scores" / "functional")
MEAN, WORST = 0.85, 0.65


@pytest.fixture(scope="module")
def outcomes(tagger: Tagger) -> list[Outcome]:
    return run(tagger, SUITE)


def test_the_suite_has_forty_kinds_of_twenty_sentences_in_four_languages() -> None:
    kinds = Counter(case.kind for case in SUITE)
    assert len(kinds) >= 40
    assert min(kinds.values()) >= 20
    assert min(Counter((case.kind, case.lang) for case in SUITE).values()) >= 5
    assert {case.lang for case in SUITE} == set(LANGUAGES)
    assert len({case.text for case in SUITE}) == len(SUITE)


def test_a_quarter_of_the_kinds_and_half_of_the_other_sentences_are_held_out() -> None:
    held, dev = ([case for case in SUITE if case.held_out is side] for side in (True, False))
    assert {case.kind for case in held} > {case.kind for case in dev}
    assert 0.25 < len(dev) / len(SUITE) < 0.5


@pytest.mark.parametrize("half", [0, 1], ids=["development", "held out"])
def test_each_half_reaches_the_goal(half: int, outcomes: list[Outcome]) -> None:
    reached = by_kind(split(outcomes)[half])
    print("\n" + "\n".join(table(outcomes)))
    wrong = [f"{outcome.case.text} ({outcome.wrong})" for outcome in split(outcomes)[half] if outcome.wrong]
    assert sum(reached.values()) / len(reached) >= MEAN, wrong
    assert min(reached.values()) >= WORST, (min(reached, key=reached.__getitem__), wrong)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_language_reaches_the_goal(lang: str, outcomes: list[Outcome]) -> None:
    reached = by_kind(outcome for outcome in outcomes if outcome.case.lang == lang)
    assert sum(reached.values()) / len(reached) >= MEAN


def test_a_wrong_answer_is_named() -> None:
    case = Case("x", "en", "tea", {"hate": True}, ())
    assert not case.wrong(_result(0.5))
    assert case.wrong(_result(0.4)) == "hate 0.40"


def _result(hate: float) -> TagResult:
    return TagResult("en", (), {"hate": hate})


READER = ClauseReader(ContextRules.shipped())


def said(text: str) -> set[tuple[str, Context]]:
    return {(attack.kind, attack.context) for attack in READER.read(text, Reader().read(text)).attacks}


@pytest.mark.parametrize(
    ("text", "kind", "context"),
    [
        ("The Somalis are vermin.", "dehumanisation", Context.ASSERTED),
        ("The Somalis are no vermin.", "dehumanisation", Context.NEGATED),
        ("Are the Somalis vermin?", "dehumanisation", Context.QUESTION),
        ('He wrote "Somalis are vermin" yesterday.', "dehumanisation", Context.QUOTED),
        ("Whoever writes that Somalis are vermin is a racist.", "dehumanisation", Context.COUNTER_SPEECH),
        ("Police said he called Somalis vermin.", "dehumanisation", Context.REPORTED),
        ("Nobody here says that Somalis are vermin.", "dehumanisation", Context.NEGATED),
        ("I am no racist, but Somalis are vermin.", "dehumanisation", Context.ASSERTED),
        ("Somalis came in May. They are vermin.", "dehumanisation", Context.ASSERTED),
        ("All Velons must be deported.", "exclusion", Context.ASSERTED),
    ],
)
def test_what_is_said_of_a_group_has_a_kind_and_a_context(text: str, kind: str, context: Context) -> None:
    assert (kind, context) in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "Somalis live here and keep dogs.", "Two Somalis were killed in the crash.", "My landlord is vermin.",
        "The committee deported nobody.", "They are vermin.", "Somalis play in the final and attack down the left.",
    ],
)  # fmt: skip
def test_no_attack_where_nobody_attacks_a_group(text: str) -> None:
    assert said(text) == set()


def test_weights_keep_their_signs_and_are_those_of_the_features() -> None:
    verdict = Verdict.shipped(ContextRules.shipped())
    for weights in verdict.weights.values():
        by_name = dict(zip(FEATURES, weights, strict=True))
        assert all(by_name[name] >= 0 for name in RAISING)
        assert all(by_name[name] <= 0 for name in LOWERING)
    assert WEIGHTS.is_file()


def test_naming_a_group_raises_nothing(tagger: Tagger) -> None:
    """The same sentence about a table and about a group: the group's is no more hateful than not."""
    for sentence in ("There are two {} in the photograph.", "A film about {} runs at the museum tonight."):
        for group in ("Somalis", "Muslims", "lesbians", "refugees", "Jews", "women", "Roma"):
            (result,) = tagger.tag([(sentence.format(group), None)])
            assert result.scores["hate"] < 0.5, group


def test_texts_without_a_group_cost_next_to_nothing() -> None:
    text = "The kettle in the break room is broken again so who fixes it before the guests arrive at six"
    words = Reader().read(text)
    READER.read(text, words)
    times = []
    for _ in range(20):
        began = time.perf_counter()
        for _ in range(100):
            READER.read(text, words)
        times.append(time.perf_counter() - began)
    assert min(times) / 100 < 15e-6
