"""The command line's contract: shapes, statuses, and one place for results."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Program, Site, clean_environment

EVIDENCE = {"signal", "weight", "detail", "posts", "urls"}
ALERT = {
    "id", "kind", "status", "created_at", "host", "domain", "platform", "relation", "probability", "same_operator",
    "first_mention_at", "mentions", "evidence", "history",
}  # fmt: skip
CANDIDATE = {
    "host", "state", "relation", "platform", "probability", "same_operator", "first_mention_at", "first_reachable_at",
    "mentions", "evidence",
}  # fmt: skip
POST = {
    "id", "platform", "source", "board", "thread", "number", "url", "posted_at", "author", "subject", "text", "quotes",
    "attachments", "links", "op", "sticky", "locked", "deleted",
}  # fmt: skip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program on what a demo left, which ends at 2026-11-06."""
    home = tmp_path_factory.mktemp("demo") / "home"
    done = subprocess.run(
        [sys.executable, "-m", "app", "demo", "--home", str(home), "--json"],
        capture_output=True, text=True, check=True, env=clean_environment(), timeout=120,
    )  # fmt: skip
    assert json.loads(done.stdout)["alerts"][0].keys() == ALERT
    return Program(home, home / "config")


@pytest.mark.long
def test_every_list_and_record_has_the_promised_shape(demo: Program) -> None:
    (alert,) = demo.json("alerts")
    assert alert.keys() == ALERT
    assert all(line.keys() == EVIDENCE for line in alert["evidence"])
    assert demo.json("alert", alert["id"][:5]) == alert
    assert demo.json("alerts", "--status", "confirmed") == []
    candidates = demo.json("candidates")
    assert all(candidate.keys() == CANDIDATE for candidate in candidates)
    assert candidates[0]["host"] == "newharbor.example"
    assert demo.json("candidate", "newharbor.example", "show").items() >= candidates[0].items()
    assert {row["source"] for row in demo.json("source", "list")} == {"harborchan", "lantern", "quayside"}
    assert all(finding["ok"] for finding in demo.json("doctor"))

    found = demo.json("search", "tag:migration-call", "--facet", "platform", "--histogram", "day", "--limit", "3")
    assert found.keys() == {"total", "total_is_exact", "hits", "facets", "histogram", "next"}
    assert all(hit.keys() >= POST | {"score", "highlights", "tags"} for hit in found["hits"])
    assert sum(item["count"] for item in found["facets"]["platform"]) == found["total"]
    assert sum(item["count"] for item in found["histogram"]) == found["total"]
    following = demo.json("search", "tag:migration-call", "--limit", "3", "--after", found["next"])
    assert {hit["id"] for hit in found["hits"]}.isdisjoint(hit["id"] for hit in following["hits"])
    bounded = demo.json("search", "--from", "2026-11-05", "--to", "2026-11-05")
    assert 0 < bounded["total"] < demo.json("search")["total"]

    asked = [line["posts"] for line in alert["evidence"]]
    for post in {post for posts in asked for post in posts}:
        assert demo.json("search", f"id:{post}")["total"] == 1  # each reason's posts can be read

    decided = demo.json("alert", alert["id"], "confirm", "--note", "seen it", "--now", "2026-11-06T01:00:00Z")
    assert [(entry["at"], entry["status"], entry["note"]) for entry in decided["history"]] == [
        ("2026-11-06T01:00:00Z", "confirmed", "seen it")
    ]
    assert demo.json("candidate", "newharbor.example")["state"] == "confirmed"


WRONG: list[tuple[list[str], str]] = [
    (["search", "platfrom:x"], "there is no field 'platfrom'; did you mean 'platform'?"),
    (["search", "(a"], "this group is never closed"),
    (["search", "a", "--sort", "best"], "no order 'best'; there are"),
    (["search", "a", "--facet", "mood"], "no facet 'mood'; there are"),
    (["search", "a", "--limit", "5000"], "a page holds at most 1000 hits"),
    (["crawl", "nobody"], "no source nobody; there are: none yet; add one with"),
    (["crawl", "--now", "yesterday"], "'yesterday' is not an ISO 8601 time"),
    (["alert", "x", "eat"], "no action 'eat'; there are show, ack"),
    (["parse", "no-such-file.html"], "no-such-file.html: no such file"),
    (["source", "check", "nobody"], "no source nobody"),
    (["alerts", "--status", "sad"], "'sad' is not one of"),
    (["frobnicate"], "No such command 'frobnicate'"),
]


@pytest.mark.parametrize(
    ("arguments", "complaint"), WRONG, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_wrong_use_ends_with_two_and_says_what_goes(arguments: list[str], complaint: str, program: Program) -> None:
    done = program.run(*arguments) if arguments != ["frobnicate"] else _bare(arguments)
    assert done.returncode == 2, done.stderr
    assert complaint in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def _bare(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=clean_environment())


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [(["alert", "ffff"], "no alert"), (["candidate", "nowhere.example"], "no candidate")],
)
def test_what_is_not_there_ends_with_one(arguments: list[str], complaint: str, program: Program) -> None:
    done = program.run(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert complaint in done.stderr


@pytest.mark.parametrize("arguments", [["alerts"], ["candidates"], ["source", "list"], ["search", "tea"], ["crawl"]])
def test_nothing_yet_is_no_error(arguments: list[str], program: Program) -> None:
    assert program.run(*arguments).returncode == 0
    program.json(*arguments)


def test_pages_that_could_not_be_understood_are_named_and_the_others_parsed(program: Program, tmp_path: Path) -> None:
    thread = {"posts": [{"no": 1, "resto": 0, "time": 1_764_000_000, "com": "The kettle"}]}
    (tmp_path / "1.json").write_text(json.dumps(thread))
    (tmp_path / "2.json").write_text('{"posts": [')
    done = program.run(
        "parse", str(tmp_path / "1.json"), str(tmp_path / "2.json"), "--engine", "vichan",
        "--url", "http://harbor.example/b/res/1.json",
    )  # fmt: skip
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    assert json.loads(line).keys() >= POST
    assert json.loads(line)["platform"] is None  # nobody configured whose it is
    assert "2.json" in done.stderr


def test_a_source_that_fails_ends_a_crawl_with_one(program: Program, site: Site) -> None:
    program.source("gone", platform="gone", engine="vichan", url="http://gone.example/b/")
    done = program.run("crawl", "gone", "--proxy", site.url)
    assert done.returncode == 1
    assert done.stderr.startswith("gone: http://gone.example/b/")


def test_parsing_is_evaluated_on_any_folder_of_recordings(program: Program, shared: Path, tmp_path: Path) -> None:
    found = program.json("evaluate", "parsing", str(shared / "recordings"))
    assert {one["name"] for one in found} == {f"{engine}/snapshot-{n}" for engine in ("vichan", "mybb") for n in (1, 2)}
    for one in found:
        exact, known = one["fields"]["posts"]
        assert exact == known > 200
    empty = program.run("evaluate", "parsing", str(tmp_path))
    assert empty.returncode == 2
    assert "no recordings; expected X-N.warc.gz with truth-N.jsonl beside it" in empty.stderr
