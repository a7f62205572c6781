"""Claim 4: bad input gets a clear error, harms nothing else, and loses nothing."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.conftest import Program, Site

LOGIN = """<!doctype html><title>Members only</title><h1>Please log in</h1>
<form action=/login method=post><input name=user><input type=password name=password><button>Log in</button></form>"""
HTML = {"Content-Type": "text/html; charset=utf-8"}
JSON = {"Content-Type": "application/json"}


def thread(*posts: str) -> Mapping[str, Any]:
    return {
        "posts": [
            {"no": number, "resto": 1 if number > 1 else 0, "time": 1_764_000_000 + number, "com": text}
            for number, text in enumerate(posts, 1)
        ]
    }


def publish(site: Site, name: str, page: object, *, last_modified: int) -> None:
    """A board of one thread, whose page is as given."""
    root = f"http://{name}.example/b"
    site.pages[f"{root}/catalog.json"] = [{"page": 0, "threads": [{"no": 1, "last_modified": last_modified}]}]
    site.pages[f"{root}/res/1.json"] = page


BROKEN: Mapping[str, tuple[object, str]] = {
    "html-for-json": ((200, HTML, "<!doctype html><p>Our board has a new look!</p></html>"), "expected JSON"),
    "login-wall": ((200, HTML, LOGIN), "a login stands before the page"),
    "truncated-json": ((200, JSON, json.dumps(thread("The kettle", "is broken", "again"))[:-40]), "expected JSON"),
    "cut-connection": ((200, JSON | {"Content-Length": "100000"}, json.dumps(thread("one"))), "could not be fetched"),
    "thirty-megabytes": ((200, JSON, b'{"posts": [' + b" " * 30_000_000 + b"]}"), "larger than"),
    "no-post": ((200, JSON, '{"posts": []}'), "expected"),
    "other-json": ((200, JSON, '{"error": "database is locked"}'), "expected"),
    "server-error": ((500, HTML, "oops"), "HTTP 500"),
}


def test_a_thread_that_turns_bad_is_named_and_loses_nothing_and_comes_back(program: Program, site: Site) -> None:
    for name in (*BROKEN, "sane"):
        program.source(name, platform=name, engine="vichan", url=f"http://{name}.example/b/")
        publish(site, name, thread("The kettle", "is broken"), last_modified=1)
    first = program.json("crawl", "--once", "--proxy", site.url, "--now", "2026-11-24T10:00:00Z")
    assert {name: outcome["posts_new"] for name, outcome in first["sources"].items()} == dict.fromkeys(
        (*BROKEN, "sane"), 2
    )

    for name, (page, _) in BROKEN.items():
        publish(site, name, page, last_modified=2)
    publish(site, "sane", thread("The kettle", "is broken", "again"), last_modified=2)
    second = program.run("crawl", "--once", "--json", "--proxy", site.url, "--now", "2026-11-24T11:00:00Z")
    assert second.returncode == 1
    outcomes = json.loads(second.stdout)["sources"]
    for name, (_, why) in BROKEN.items():
        url = f"http://{name}.example/b/res/1.json"
        line = next(line for line in second.stderr.splitlines() if line.startswith(f"{name}: {url}: "))
        assert why in line
        (error,) = outcomes[name]["errors"]
        assert (error["url"], why in error["why"]) == (url, True)
        assert (outcomes[name]["posts_changed"], outcomes[name]["posts_deleted"]) == (0, 0)
    assert (outcomes["sane"]["posts_new"], outcomes["sane"]["errors"]) == (1, [])
    assert program.json("search", "deleted:false")["total"] == 2 * len(BROKEN) + 3

    for name in BROKEN:
        publish(site, name, thread("The kettle", "is broken", "again"), last_modified=2)
    third = program.json("crawl", "--once", "--proxy", site.url, "--now", "2026-11-24T12:00:00Z")
    assert {outcome["posts_new"] for name, outcome in third["sources"].items() if name in BROKEN} == {1}
    assert program.json("search", "deleted:false")["total"] == 3 * len(BROKEN) + 3


def test_odd_bytes_are_read_as_they_were_meant(program: Program, site: Site) -> None:
    russian = "Опять дождь, сижу дома и читаю; чайник на кухне снова сломался, и никто его не чинит."
    page = (
        '<!doctype html><html><body class="8chan vichan is-not-moderator active-thread"><form name="postcontrols">'
        '<div class="thread" id="thread_7"><div class="post op" id="op_7"><p class="intro"><label>'
        '<span class="name">Anonymous</span> <time datetime="2026-11-23T10:00:00Z">x</time></label>'
        '<a class="post_no" id="post_no_7" href="/b/res/7.html#7">No.</a>'
        '<a class="post_no" href="/b/res/7.html#q7">7</a></p>'
        f'<div class="body"><p class="body-line ltr">{russian}</p></div></div></div></form></body></html>'
    )
    for name, body in (("cyrillic", page.encode("cp1251")), ("zero", page.replace("дождь", "до\0ждь").encode())):
        program.source(name, platform=name, engine="vichan", url=f"http://{name}.example/b/res/7.html")
        site.pages[f"http://{name}.example/b/res/7.html"] = (200, {"Content-Type": "text/html"}, body)
    publish(site, "nul", thread("before\0after"), last_modified=1)
    program.source("nul", platform="nul", engine="vichan", url="http://nul.example/b/")
    program.json("crawl", "--once", "--proxy", site.url)
    texts = {hit["platform"]: hit["text"] for hit in program.json("search")["hits"]}
    assert texts == {
        "cyrillic": russian,
        "zero": russian.replace("дождь", "до\N{REPLACEMENT CHARACTER}ждь"),
        "nul": "before\N{REPLACEMENT CHARACTER}after",
    }
    assert program.json("search", "чайник")["total"] == 2


def test_a_board_that_vanishes_keeps_its_posts_and_says_when_they_went(program: Program, site: Site) -> None:
    site.pages["http://two.example/boards.json"] = {"boards": [{"uri": "b"}, {"uri": "c"}]}
    for board in ("b", "c"):
        root = f"http://two.example/{board}"
        site.pages[f"{root}/catalog.json"] = [{"page": 0, "threads": [{"no": 1, "last_modified": 1}]}]
        site.pages[f"{root}/res/1.json"] = thread("The kettle", "is broken")
    site.pages["http://two.example/"] = (
        '<body class="8chan vichan"><div class="boardlist">[<a href="/b/index.html">b</a> / <a href="/c/index.html">c</a>]</div>'
        '<footer><a href="https://github.com/vichan-devel/vichan">vichan</a></footer></body></html>'
    )
    program.source("two", platform="two", engine="vichan", url="http://two.example/")
    program.json("crawl", "two", "--proxy", site.url, "--now", "2026-11-24T10:00:00Z")
    assert program.json("search", "deleted:false", "--facet", "board")["total"] == 4
    for url in [url for url in site.pages if "/c/" in url]:
        del site.pages[url]
    again = program.run("crawl", "two", "--json", "--proxy", site.url, "--now", "2026-11-24T11:00:00Z")
    assert json.loads(again.stdout)["sources"]["two"]["posts_deleted"] == 2
    found = program.json("search", "deleted:true")["hits"]
    assert {(hit["board"], hit["text"]) for hit in found} == {("c", "The kettle"), ("c", "is broken")}
    assert program.json("search", "deleted:false")["total"] == 2


@pytest.mark.parametrize(
    ("path", "text", "complaint"),
    [
        ("sources/b.yml", "platform: [unclosed\n", "sources/b.yml:2: not valid YAML"),
        ("sources/b.yml", "platform: b\nurl: http://b.example/\ndelya: 5s\n", "sources/b.yml:3: delya: unknown key (did you mean delay?)"),
        ("sources/b.yml", "platform: b\nurl: b.example\n", "sources/b.yml:2: url: expected an address that starts with http"),
        ("settings.yml", "indx: elastic\n", "settings.yml:1: indx: unknown key (did you mean index?)"),
        ("platforms/p.yml", "domains: [p.example]\n", "platforms/p.yml:1: names: required, but not given"),
        ("watch.yml", "weigths: {}\n", "watch.yml:1: weigths: unknown key"),
        ("domains/hosts.yml", "benign: 7\n", "hosts.yml:1: benign:"),
        ("lexicons/own.yml", "rules: [\n", "lexicons/own.yml:2: not valid YAML"),
    ],
)  # fmt: skip
def test_configuration_that_does_not_fit_is_named_by_file_line_and_key_and_nothing_starts(
    path: str, text: str, complaint: str, program: Program, site: Site
) -> None:
    program.source("sane", platform="sane", engine="vichan", url="http://sane.example/b/")
    program.write(path, text)
    done = program.run("crawl", "--once", "--proxy", site.url)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert site.requests == []
