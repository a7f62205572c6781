"""`source add|check|list`: a board of a known engine is added by its address, with no code."""

from collections.abc import Callable

import pytest
import yaml

from tests.conftest import Program, Recorded, Site


@pytest.mark.parametrize(
    ("engine", "url", "posts"),
    [("vichan", "http://harbor-chan.example/", 262), ("mybb", "http://mybb.example/", 230)],
)
def test_a_board_is_added_by_its_address_and_crawled(
    engine: str, url: str, posts: int, program: Program, recorded: Callable[[str], Recorded]
) -> None:
    web = recorded(engine)
    added = program.json("source", "add", url, "--name", "newcomer", "--platform", "harbor", "--proxy", web.url)
    assert (added["engine"], added["errors"]) == (engine, [])
    assert added["posts"] > 0
    assert added["sample"][0]["platform"] == "harbor"
    written = yaml.safe_load((program.config / "sources" / "newcomer.yml").read_text())
    assert written == {"platform": "harbor", "url": url, "engine": engine, "schedule": "every 15m", "delay": "1s"}
    assert not (program.home / "store.sqlite").exists()  # nothing of the trial is kept

    (listed,) = program.json("source", "list")
    assert (listed["source"], listed["last_crawl"], listed["posts"]) == ("newcomer", None, 0)
    program.write("sources/newcomer.yml", written | {"delay": 0})
    (checked,) = program.json("source", "check", "newcomer", "--proxy", web.url)
    assert checked["errors"] == []
    assert program.json("crawl", "newcomer", "--proxy", web.url)["sources"]["newcomer"]["posts_new"] == posts


def test_what_gives_no_posts_is_not_added_and_says_why(program: Program, site: Site) -> None:
    site.pages["http://closed.example/"] = (
        "<title>Log in</title><form action=/login><input name=user><input type=password name=pw></form>"
    )
    for url, why in {
        "http://closed.example/": "a login stands before the page",
        "http://nowhere.example/": "HTTP 404",
    }.items():
        done = program.run("source", "add", url, "--proxy", site.url)
        assert done.returncode == 1
        assert why in done.stdout + done.stderr
    assert not (program.config / "sources").exists()


@pytest.mark.parametrize("url", ["harbor-chan.example", "ftp://harbor-chan.example/", "http://"])
def test_an_address_that_is_none_is_wrong_use(url: str, program: Program) -> None:
    done = program.run("source", "add", url)
    assert done.returncode == 2
    assert f"{url}: expected an address that starts with http:// or https://" in done.stderr


def test_a_name_that_is_taken_is_never_overwritten(program: Program) -> None:
    program.source("board", platform="board", url="http://board.example/")
    before = (program.config / "sources" / "board.yml").read_text()
    done = program.run("source", "add", "http://other.example/", "--name", "board")
    assert done.returncode == 2
    assert "choose another with --name" in done.stderr
    assert (program.config / "sources" / "board.yml").read_text() == before
