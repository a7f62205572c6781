"""Records: frozen, strict, in UTC, exact in JSON."""

import hashlib
import json
import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.records import Attachment, Link, Post, Tag, number, post_id
from tests.core.conftest import NOW, post

CONTRACT = {
    "id", "platform", "source", "board", "thread", "number", "url", "posted_at", "author", "subject", "text", "quotes",
    "attachments", "links", "op", "sticky", "locked", "deleted",
}  # fmt: skip


def test_a_post_is_printed_as_the_contract_says() -> None:
    link = Link(
        raw="newharbor.example", url="http://newharbor.example/", host="newharbor.example", domain="newharbor.example"
    )
    printed = post(1, links=(link,), attachments=(Attachment(filename="a.png", size=3, md5="x"),)).public()
    assert printed.keys() >= CONTRACT
    assert printed["links"][0].keys() == {"raw", "url", "host", "domain", "kind", "service", "handle", "signature"}
    assert printed["attachments"] == [{"filename": "a.png", "size": 3, "md5": "x"}]
    assert printed["deleted"] is False
    assert json.loads(json.dumps(printed)) == printed


def test_records_are_frozen_and_refuse_what_they_do_not_know() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        post(1).text = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="Extra inputs"):
        post(1, mood="grim")


def test_times_are_utc_and_never_naive() -> None:
    east = datetime(2026, 11, 24, 15, tzinfo=timezone(timedelta(hours=3)))
    told = Post.model_validate(post(1).model_dump() | {"posted_at": east})
    assert told.posted_at == NOW
    assert told.posted_at.tzinfo is UTC
    with pytest.raises(ValidationError, match="timezone"):
        Post.model_validate(post(1).model_dump() | {"posted_at": datetime(2026, 11, 24)})  # noqa: DTZ001


@given(st.integers(0, 10**25))
def test_a_number_means_the_same_to_every_reader_of_json(value: int) -> None:
    read = number(str(value))
    assert str(read) == str(value)
    if isinstance(read, int):
        assert math.floor(float(read)) == read


@pytest.mark.parametrize("text", ["007", "12a", "", "١٢", "1.5", "-1"])
def test_what_only_looks_like_a_number_stays_text(text: str) -> None:
    assert number(text) == text


def test_a_posts_id_is_the_same_everywhere() -> None:
    assert post_id("harbor", "b", 17) == post_id("harbor", "b", "17") != post_id("harbor", "c", 17)
    assert post_id("harbor", None, 17) == post_id("harbor", "", 17)
    assert post_id("harbor", "b", 17) == hashlib.sha256(b"harbor/b/17").hexdigest()


@pytest.mark.parametrize("severity", [0, 6])
def test_severity_is_one_to_five(severity: int) -> None:
    with pytest.raises(ValidationError, match="severity"):
        Tag(label="x", start=0, end=1, matched="x", rule="x/x", severity=severity, source="x")
