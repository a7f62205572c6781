"""The comparison with the truth: what it counts, and what it does not forgive."""

from datetime import UTC, datetime

from core.records import PublishedPost
from crawler.evaluate import compare, report

TRUE = {
    "engine": "vichan", "board": "b", "thread_id": 1, "post_id": 1, "name": "", "tripcode": None, "capcode": None,
    "subject": None, "body": "[spoiler]Hi[/spoiler] there", "modifiers": {}, "created_at": "2026-11-05T14:00:07Z",
    "is_op": True, "sticky": False, "locked": False, "attachments": [], "reply_to": ["b/3", "c/4"], "deleted": False,
    "links": [{"typed": "two.example", "url": "http://two.example"}],
}  # fmt: skip
SHOWN = PublishedPost(
    board="b", thread=1, number=1, url=None, posted_at=datetime(2026, 11, 5, 14, 0, 7, tzinfo=UTC), text="Hi there",
    quotes=(3,), op=True,
)  # fmt: skip


def test_exact_values_and_all_by_field() -> None:
    fields = compare([SHOWN], [TRUE, TRUE | {"post_id": 2}, TRUE | {"post_id": 5, "deleted": True, "body": None}])
    assert fields["posts"] == (1, 2)
    assert fields["text"] == fields["time"] == fields["quotes"] == (1, 2)
    assert fields["links"] == (0, 2)
    assert "filename" not in fields, "no post has a file"
    assert "posts 1/2, text 1/2" in report("b", fields)


def test_a_post_that_comes_twice_or_was_never_written_counts_against() -> None:
    assert compare([SHOWN, SHOWN], [TRUE])["posts"] == (0, 2)
    assert compare([SHOWN, SHOWN.model_copy(update={"number": 9})], [TRUE])["posts"] == (1, 2)


def test_a_page_without_seconds_is_exact_to_its_minute_and_no_further() -> None:
    minute = SHOWN.model_copy(update={"posted_at": datetime(2026, 11, 5, 14, 0, tzinfo=UTC)})
    other = SHOWN.model_copy(update={"posted_at": datetime(2026, 11, 5, 14, 0, 8, tzinfo=UTC)})
    assert [compare([post], [TRUE])["time"] for post in (minute, other)] == [(1, 1), (0, 1)]
