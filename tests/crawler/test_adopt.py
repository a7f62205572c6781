"""What a source's policy lets through: pseudonyms by default, names only where they may be kept."""

from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from core.records import Post, PublishedPost
from core.settings import SourceConfig
from crawler.adopt import Adopter

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TOLD: dict[str, Any] = {"name": "Mate", "tripcode": "!x", "capcode": "Admin", "country": "de", "poster_id": "a1"}


def adopted(
    policy: Literal["pseudonym", "published", "none"] = "pseudonym",
    *,
    key: bytes = b"key",
    platform: str = "harbor",
    **given: Any,
) -> Post:
    config = SourceConfig(platform=platform, url="http://harbor.example/", author_policy=policy)
    number, thread = given.pop("number", 1), given.pop("thread", 1)
    published = PublishedPost(board="b", thread=thread, number=number, url=None, posted_at=None, **given)
    return Adopter("harbor", config, site_numbers=False, key=key).post(published, None, NOW)


def test_by_default_nothing_that_names_a_person_is_kept() -> None:
    post = adopted(**TOLD)
    assert (post.name, post.tripcode, post.capcode, post.country, post.poster_id) == (None,) * 5
    assert post.author is not None
    assert "Mate" not in post.model_dump_json()
    assert post.staff  # that it was staff is no person's name


def test_one_author_has_one_pseudonym_under_one_key_on_one_platform() -> None:
    mine = adopted(name="Mate", tripcode="!x").author
    assert mine == adopted(name="Mate", tripcode="!x", number=2, thread=2).author
    assert mine != adopted(name="Mate", tripcode="!y").author
    assert mine != adopted(name="Mate", tripcode="!x", key=b"other").author
    assert mine != adopted(name="Mate", tripcode="!x", platform="lantern").author


def test_an_id_stands_for_a_person_within_its_thread_only() -> None:
    assert adopted(poster_id="a1").author == adopted(poster_id="a1", number=2).author
    assert adopted(poster_id="a1").author != adopted(poster_id="a1", thread=2).author


@pytest.mark.parametrize("name", ["Anonymous", "anonymous ", "Аноним", "名無しさん", None, ""])
def test_nobody_is_nobody(name: str | None) -> None:
    assert adopted(name=name).author is None


def test_published_keeps_what_the_page_shows_and_none_keeps_nobody() -> None:
    post = adopted("published", **TOLD)
    assert {key: getattr(post, key) for key in TOLD} == TOLD
    assert post.author == "Mate!x"
    assert adopted("none", **TOLD).author is None


def test_parts_of_a_name_cannot_be_shifted_into_each_other() -> None:
    assert adopted(name="ab", tripcode="c").author != adopted(name="a", tripcode="bc").author
