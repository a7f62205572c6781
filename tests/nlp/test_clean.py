"""Everyday posts that resemble indicators are left alone, and the indicators they resemble are found."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from nlp.pipeline import load_tagger
from tests.conftest import ROOT

POSTS: Mapping[str, Mapping[str, str]] = yaml.safe_load(Path(__file__).with_name("clean.yml").read_text("utf-8"))
TAGGER = load_tagger(ROOT / "config", classify=False)


def posts(kind: str) -> list[str]:
    """All of one kind, in every language."""
    return [post for lines in POSTS[kind].values() for post in lines.splitlines()]


def both(post: str) -> Iterator[str]:
    """The two posts that one with "(a|b)" in it stands for."""
    before, first, second, after = re.split(r"\(([^()|]*)\|([^()|]*)\)", post)
    yield before + first + after
    yield before + second + after


def tags_from(text: str, severity: int) -> list[tuple[str, str]]:
    """What is tagged with at least this severity."""
    (result,) = TAGGER.tag([(text, None)])
    return [(tag.rule, tag.matched) for tag in result.tags if tag.severity >= severity]


@pytest.mark.parametrize("text", posts("numbers"))
def test_numbers_of_everyday_life_are_no_codes(text: str) -> None:
    assert tags_from(text, 2) == []


@pytest.mark.parametrize("text", posts("codes"))
def test_number_codes_are_found_where_words_of_the_scene_stand_near(text: str) -> None:
    assert tags_from(text, 2)


def test_clean_posts_are_never_tagged_as_severe() -> None:
    clean = [post for line in posts("sentences") for post in both(line)]
    assert len(clean) >= 600
    assert {post: found for post in clean if (found := tags_from(post, 3))} == {}


@pytest.mark.parametrize("text", posts("homonyms"))
def test_what_only_sounds_like_an_indicator_is_not_tagged_as_severe(text: str) -> None:
    assert tags_from(text, 3) == []
