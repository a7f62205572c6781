"""Disguised indicators are found where they stand and named; what only looks disguised stays untagged."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count, islice
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.records import Tag
from nlp.fold import Reader
from tests.nlp import shipped
from tests.nlp.disguises import INVISIBLE, Post, innocent_posts, kinds, posts_with
from tests.nlp.everyday import clean_posts
from tests.nlp.shipped import RULES

READER = Reader(form for rule in RULES.values() for form in rule.forms)
OF_EACH_KIND, CLEAN = 60, 4000
ANY_TEXT = st.text(st.characters(), max_size=200)  # surrogates, marks, controls: everything
HIDING = st.text(
    "nazi juden евреи k1k3 @$!|+*#_.-~/·﷽1488(){}[]'’ \t\n\u200b\u202e\u0336\u0489\u2066Ⓜ🅰🇳ﬁßİ\ud800", max_size=200
)


class Tagged(NamedTuple):
    """A post with a disguised indicator, what its openly written twin is tagged with, and what it is."""

    post: Post
    wanted: frozenset[str]
    tags: tuple[Tag, ...]

    def found(self) -> list[Tag]:
        """The tags of the hidden indicator where it stands."""
        return [tag for tag in self.tags
                if tag.rule == self.post.rule and tag.start < self.post.end and tag.end > self.post.start]  # fmt: skip


def tags_of(texts: Sequence[str]) -> list[tuple[Tag, ...]]:
    """What indicators are found; personal data is looked for by other means."""
    results = shipped.tagger(classify=False).tag((text, None) for text in texts)
    return [tuple(tag for tag in result.tags if tag.rule in RULES) for result in results]


@pytest.fixture(scope="module")
def tagged() -> list[Tagged]:
    """Posts of every kind of disguise, but those whose carrier itself keeps the rule silent."""
    posts = list(posts_with(RULES, OF_EACH_KIND, Random(5)))
    openly = [frozenset(tag.rule for tag in tags) for tags in tags_of([post.plain for post in posts])]
    every = [Tagged(*one) for one in zip(posts, openly, tags_of([post.text for post in posts]), strict=True)]
    found = [one for one in every if one.post.rule in one.wanted]
    assert len(found) > 0.98 * len(every)
    return found


@pytest.mark.parametrize("kind", list(kinds()))
def test_every_kind_of_disguise_is_undone(kind: str, tagged: list[Tagged]) -> None:
    hits = [bool(one.found()) for one in tagged if one.post.kind == kind]
    assert sum(hits) >= 0.85 * len(hits) > 0


def test_disguised_indicators_are_found(tagged: list[Tagged]) -> None:
    assert sum(bool(one.found()) for one in tagged) >= 0.95 * len(tagged)


def test_a_tag_says_that_its_words_were_disguised(tagged: list[Tagged]) -> None:
    silent = [one.post for one in tagged
              if one.post.kind != "case" and one.found() and not any(tag.disguise for tag in one.found())]  # fmt: skip
    assert len(silent) <= 0.01 * len(tagged), silent[:5]


def test_nothing_is_said_to_be_disguised_that_was_only_capitalised(tagged: list[Tagged]) -> None:
    assert not [one.post.text for one in tagged if one.post.kind == "case" if any(tag.disguise for tag in one.found())]


def test_a_tag_stands_exactly_where_the_disguised_words_do(tagged: list[Tagged]) -> None:
    def seen(text: str) -> str:
        return text.strip(INVISIBLE + "#()")

    hits = [one for one in tagged if one.found()]
    inexact = [one.post for one in hits if not any(
        seen(tag.matched) == seen(one.post.text[one.post.start : one.post.end]) for tag in one.found())]  # fmt: skip
    assert len(inexact) <= 0.02 * len(hits), inexact[:5]  # of some phrases a shorter form of the same rule is found
    assert all(one.post.text[tag.start : tag.end] == tag.matched for one in tagged for tag in one.tags)


def test_what_is_tagged_was_hidden_there(tagged: list[Tagged]) -> None:
    right = sum(tag.rule in one.wanted or tag.matched == "(((" for one in tagged for tag in one.tags)
    wrong = [(tag.rule, tag.matched) for one in tagged for tag in one.tags
             if tag.rule not in one.wanted and tag.matched != "((("]  # fmt: skip
    wrong += [(tag.rule, tag.matched)
              for tags in tags_of(list(innocent_posts(len(tagged), Random(6)))) for tag in tags]  # fmt: skip
    assert right >= 0.98 * (right + len(wrong)), Counter(wrong).most_common(10)


def test_clean_posts_are_hardly_ever_tagged_as_severe() -> None:
    severe = Counter((tag.rule, tag.matched) for tags in tags_of(list(clean_posts(CLEAN, Random(7))))
                     for tag in tags if tag.severity >= 3)  # fmt: skip
    assert severe.total() <= CLEAN / 1000, severe.most_common(10)


@given(ANY_TEXT | HIDING)
@settings(deadline=None)  # the first example loads the lists of words
def test_a_tag_is_what_stands_there_in_any_text(text: str) -> None:
    for tag in tags_of([text])[0]:
        assert 0 <= tag.start < tag.end <= len(text)
        assert text[tag.start : tag.end] == tag.matched


@given(ANY_TEXT | HIDING)
@settings(deadline=None)
def test_words_follow_each_other_in_any_text(text: str) -> None:
    end, found = 0, READER.read(text)
    for at in range(len(found)):
        assert end <= found[at].start < found[at].end <= len(text)
        end = found[at].end


@given(ANY_TEXT, ANY_TEXT)
@settings(deadline=None)
def test_an_indicator_between_lines_of_anything_is_found(before: str, after: str) -> None:
    text = f"{before}\n\nsieg heil\n\n{after}"
    start = len(before) + 2
    assert (start, start + len("sieg heil")) in {(tag.start, tag.end) for tag in tags_of([text])[0]}


def hostile() -> Iterator[str]:
    """Texts of a million letters made to stall or to hide what comes behind."""
    for piece in ("a", "n4z1", "z\u0336\u0489\u0301", "\ud800", "\u200b", "a*", "w.h", "((", "s s ", "🅰️", "ﬃ"):
        yield piece * (1_000_000 // len(piece))


@pytest.mark.parametrize("text", list(hostile()), ids=lambda text: ascii(text[:8]))
def test_nothing_is_lost_behind_a_token_of_a_megabyte(text: str) -> None:
    whole = f"{text}\n\nsieg heil\n\n"
    began = time.process_time()
    (tags,) = tags_of([whole])
    assert any(whole[tag.start : tag.end] == "sieg heil" for tag in tags)
    assert time.process_time() - began < 20


def test_tagging_disguises_takes_as_long_as_the_text_is() -> None:
    numbers = count()

    def seconds(times: int) -> float:
        """For words that were never read before."""
        text = " ".join(
            f"they s.a.i.d n{at}z1 stuff in c*p{at}tals, wh1t€{at} w0rds t h e r e" for at in islice(numbers, times)
        )
        began = time.process_time()
        tags_of([text])
        return time.process_time() - began

    seconds(10)  # loads the lists of words
    shorter = min(seconds(400) for _ in range(3))
    assert min(seconds(3200) for _ in range(3)) < 20 * shorter  # 64 times, if each word looked at all others


def test_of_several_words_that_a_disguise_may_hide_the_one_that_goes_with_its_neighbour_is_read() -> None:
    reader = Reader(["kettle", "kattle tea", "the kittle song"])
    assert reader.read("k*ttle").norms == ["kettle"]
    assert reader.read("k*ttle tea").norms == ["kattle", "tea"]
    assert reader.read("the k*ttle song").norms == ["the", "kittle", "song"]
