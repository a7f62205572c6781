"""Claim 1: a crawl of real board software's pages equals the truth from its database, and so does `parse`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.records import Post
from core.store import Store
from core.store.commits import read_post
from core.store.tables import posts
from crawler.evaluate import compare, report
from tests.conftest import Program, Recorded

HOSTS = {"vichan": "http://harbor-chan.example/", "mybb": "http://mybb.example/"}
UNSHOWN = {"vichan": set(), "mybb": {"subject"}}
"""What no page of the engine shows (see the recordings' READMEs): reply subjects are titles of links only."""


@pytest.mark.parametrize("engine", HOSTS)
def test_a_crawl_equals_the_boards_own_database_and_again_after_edits_and_deletions(
    engine: str,
    program: Program,
    recorded: Callable[[str], Recorded],
    shared: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    web = recorded(engine)
    program.source("board", platform="board", url=HOSTS[engine])
    first = program.json("crawl", "board", "--proxy", web.url)["sources"]["board"]
    truth = _truth(shared, engine, 1)
    _assert_exact(capsys, f"{engine}, crawl of snapshot 1", _stored(program), truth, engine)
    assert first["posts_new"] == sum(not line["deleted"] for line in truth)
    assert (first["posts_deleted"], first["errors"]) == (0, [])

    web.next()
    second = program.json("crawl", "board", "--proxy", web.url)["sources"]["board"]
    later = _truth(shared, engine, 2)
    found = _stored(program)
    _assert_exact(
        capsys, f"{engine}, crawl of snapshot 2", [p for p in found if p.deleted_seen_at is None], later, engine
    )
    assert second["errors"] == []

    before, after = _by_key(truth), _by_key(later)
    gone = {key for key, line in before.items() if not line["deleted"] and (key not in after or after[key]["deleted"])}
    assert {_key(post) for post in found if post.deleted_seen_at} == gone
    edited = {key for key in before.keys() & after.keys() - gone if before[key]["body"] != after[key]["body"]}
    assert {_key(post) for post in found if post.revision > 1} >= edited
    assert edited
    assert gone


@pytest.mark.parametrize("engine", HOSTS)
@pytest.mark.parametrize("snapshot", [1, 2])
def test_parse_gives_the_same_posts_without_a_network(
    engine: str, snapshot: int, program: Program, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warc = shared / "recordings" / engine / f"snapshot-{snapshot}.warc.gz"
    program.source("board", platform="board", url=HOSTS[engine])
    done = program.run("parse", str(warc))
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = [Post.model_validate({name: value for name, value in line.items() if name != "deleted"}) for line in lines]
    _assert_exact(capsys, f"{engine}, parse of snapshot {snapshot}", found, _truth(shared, engine, snapshot), engine)


def _truth(shared: Path, engine: str, snapshot: int) -> list[dict[str, Any]]:
    path = shared / "recordings" / engine / f"truth-{snapshot}.jsonl"
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _by_key(truth: list[dict[str, Any]]) -> dict[tuple[str | None, str], dict[str, Any]]:
    return {(None if line["engine"] == "mybb" else line["board"], str(line["post_id"])): line for line in truth}


def _key(post: Post) -> tuple[str | None, str]:
    return (None if "mybb" in (post.url or "") else post.board, str(post.number))


def _stored(program: Program) -> list[Post]:
    store = Store.open(program.home)
    with store.read() as view:
        found = [read_post(row) for row in view.execute(select(posts))]
    store.close()
    return found


def _assert_exact(
    capsys: pytest.CaptureFixture[str], title: str, found: list[Post], truth: list[dict[str, Any]], engine: str
) -> None:
    fields = compare(found, truth)
    with capsys.disabled():
        print(f"\n{report(title, fields)}")
    wrong = {name: (exact, known) for name, (exact, known) in fields.items() if exact != known}
    assert set(wrong) <= UNSHOWN[engine], wrong
