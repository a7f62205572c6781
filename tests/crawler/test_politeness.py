"""How we behave: robots.txt by RFC 9309, the pace a site asks for, text only, within bounds."""

import json
import threading
import time
from email.utils import formatdate
from itertools import pairwise
from typing import Any

import pytest
from scrapy.http import Headers

from crawler.permitted import is_text
from crawler.politeness import retry_after
from tests.conftest import Program, Site

PAGE = "<!doctype html><article><p>The kettle in the break room is broken again, who fixes it today?</p></article>" * 3
TEXT = {"Content-Type": "text/plain"}
HTML = {"Content-Type": "text/html"}


def crawl(program: Program, site: Site, *, status: int | None = None, **environment: str) -> dict[str, Any]:
    done = program.run("crawl", "--once", "--json", "--proxy", site.url, **environment)
    assert status is None or done.returncode == status, done.stderr
    assert [line for line in done.stderr.splitlines() if not line.startswith(tuple(program.sources()))] == []
    sources: dict[str, Any] = json.loads(done.stdout)["sources"]
    return sources


def asked(site: Site, host: str) -> list[str]:
    return [url for url, _ in site.requests if f"//{host}.example/" in url and not url.endswith("/robots.txt")]


def why(outcome: dict[str, Any]) -> str:
    (error,) = outcome["errors"]
    return str(error["why"])


ROBOTS: dict[str, tuple[Any, str | None]] = {
    "missing": (None, None),
    "forbidden": ((403, TEXT, ""), None),  # 4xx: no rules
    "empty": ((200, TEXT, ""), None),
    "html": ((200, HTML, "<h1>Welcome</h1>"), None),
    "allows": ((200, TEXT, "User-agent: *\nDisallow: /\nAllow: /$\n"), None),  # the longest match wins
    "other-agent": ((200, TEXT, "User-agent: somebot\nDisallow: /\n"), None),
    "crlf-bom": ((200, TEXT, "\ufeffUser-agent: *\r\nDisallow: /private\r\n"), None),
    "moved": ((301, {"Location": "http://moved.example/r.txt"}, ""), "forbidden by robots.txt"),
    "all": ((200, TEXT, "User-agent: *\nDisallow: /\n"), "forbidden by robots.txt"),
    "ours": (
        (200, TEXT, "User-agent: Fringewatch\nDisallow: /\n\nUser-agent: *\nAllow: /\n"),
        "forbidden by robots.txt",
    ),
    "broken": ((500, HTML, "oops"), "could not be read (HTTP 500), which counts as a refusal"),
    "busy": ((503, HTML, "oops"), "could not be read (HTTP 503), which counts as a refusal"),
    "slow-down": ((429, HTML, "oops"), "could not be read (HTTP 429), which counts as a refusal"),
    "long": ((200, TEXT, "User-agent: *\nDisallow: /\n" + "# nothing\n" * 70_000), "forbidden by robots.txt"),
}


def test_robots_txt_is_obeyed_as_rfc_9309_says(program: Program, site: Site) -> None:
    for name, (answer, _) in ROBOTS.items():
        program.source(name, platform=name, engine="generic", url=f"http://{name}.example/")
        site.pages |= {f"http://{name}.example/": PAGE, f"http://{name}.example/robots.txt": answer}
    site.pages["http://moved.example/r.txt"] = (200, TEXT, "User-agent: *\nDisallow: /\n")
    outcomes = crawl(program, site)
    for name, (_, refusal) in ROBOTS.items():
        if refusal is None:
            assert (outcomes[name]["errors"], asked(site, name)[:1]) == ([], [f"http://{name}.example/"]), name
        else:
            assert refusal in why(outcomes[name]), name
            assert [url for url in asked(site, name) if not url.endswith("r.txt")] == [], name


def test_a_site_is_asked_no_faster_than_its_delay(program: Program, site: Site) -> None:
    links = "".join(f'<a href="/{n}">page {n}</a>' for n in range(4))
    times = []

    def page() -> str:
        times.append(time.monotonic())
        return PAGE + links

    program.source("slow", platform="slow", engine="generic", url="http://slow.example/", delay="300ms", concurrency=4)
    site.pages |= {f"http://slow.example/{path}": page for path in ("", "0", "1", "2", "3")}
    crawl(program, site, status=0)
    assert len(times) >= 1
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert all(gap > 0.25 for gap in gaps), gaps


def test_a_passing_failure_is_tried_again_after_the_time_the_site_asks_for(program: Program, site: Site) -> None:
    answers: list[Any] = [(503, HTML | {"Retry-After": "1"}, "busy"), PAGE]
    times = []

    def page() -> Any:
        times.append(time.monotonic())
        return answers.pop(0)

    program.source("busy", platform="busy", engine="generic", url="http://busy.example/")
    site.pages["http://busy.example/"] = page
    assert crawl(program, site, status=0)["busy"]["errors"] == []
    assert times[1] - times[0] >= 1


def test_a_site_that_asks_for_more_patience_is_left_alone_until_the_next_crawl(program: Program, site: Site) -> None:
    program.source("busy", platform="busy", engine="generic", url="http://busy.example/")
    site.pages["http://busy.example/"] = (429, HTML | {"Retry-After": "7200"}, "come back later")
    assert "HTTP 429" in why(crawl(program, site, status=1)["busy"])
    site.requests.clear()
    site.pages["http://busy.example/"] = PAGE
    program.run("crawl", "busy", "--proxy", site.url)
    assert asked(site, "busy") == []


def test_redirects_stay_on_the_site_and_come_to_an_end(program: Program, site: Site) -> None:
    for name in ("within", "away", "circle"):
        program.source(name, platform=name, engine="generic", url=f"http://{name}.example/")
    site.pages |= {
        "http://within.example/": (302, {"Location": "http://www.within.example/new/"}, ""),
        "http://www.within.example/new/": PAGE,
        "http://away.example/": (301, {"Location": "https://newhome.example/"}, ""),
        "http://circle.example/": (302, {"Location": "/"}, ""),
    }
    outcomes = crawl(program, site, status=1, FRINGEWATCH_PROBES="0")  # a look would ask for what the crawl must not
    assert outcomes["within"]["errors"] == []
    assert why(outcomes["away"]) == "the site sends this page's visitors to https://newhome.example/"
    assert outcomes["circle"]["errors"]
    assert len(asked(site, "circle")) < 10
    assert asked(site, "newhome") == []


def test_media_is_never_downloaded_and_bounds_hold(program: Program, site: Site) -> None:
    never = threading.Event()
    for name in ("image", "archive", "huge", "endless"):
        program.source(name, platform=name, engine="generic", url=f"http://{name}.example/")
    site.pages |= {
        "http://image.example/": (200, {"Content-Type": "image/png"}, b"\x89PNG" + b"x" * 100_000),
        "http://archive.example/": (200, {"Content-Type": "application/zip"}, b"PK" + b"x" * 100_000),
        "http://huge.example/": (200, HTML, "x" * 300_000),
        "http://endless.example/": lambda: never.wait(30) and PAGE,
    }
    began = time.monotonic()
    outcomes = crawl(program, site, status=1, FRINGEWATCH_PAGE_BYTES="200000", FRINGEWATCH_PAGE_SECONDS="1s")
    never.set()
    assert time.monotonic() - began < 25
    assert "not a page but image/png; only text is fetched" in why(outcomes["image"])
    assert "only text is fetched" in why(outcomes["archive"])
    assert "larger than" in why(outcomes["huge"])
    assert "could not be" in why(outcomes["endless"])
    kept = [path for path in (program.home / "evidence").rglob("*") if path.is_file()]
    assert kept == []


def test_a_page_that_did_not_change_is_not_sent_again(program: Program, site: Site) -> None:
    def page() -> Any:
        headers = site.requests[-1][1]
        if headers.get("If-None-Match") == '"v1"' and headers.get("If-Modified-Since") == stamp:
            return 304, {"ETag": '"v1"'}, b""
        return 200, HTML | {"ETag": '"v1"', "Last-Modified": stamp}, PAGE

    stamp = "Tue, 24 Nov 2026 12:00:00 GMT"
    program.source("same", platform="same", engine="generic", url="http://same.example/")
    site.pages["http://same.example/"] = page
    first = crawl(program, site, status=0)["same"]
    second = program.json("crawl", "same", "--proxy", site.url)["sources"]["same"]
    assert "If-None-Match" in site.requests[-1][1]
    assert (second["posts_new"], second["posts_changed"], second["posts_deleted"], second["errors"]) == (0, 0, 0, [])
    assert first["posts_new"] == program.json("search", "deleted:false")["total"]


def test_a_site_that_is_down_loses_nothing_and_deletes_nothing(program: Program, site: Site) -> None:
    program.source("down", platform="down", engine="generic", url="http://down.example/")
    site.pages["http://down.example/"] = PAGE
    crawl(program, site, status=0)
    before = program.json("search", "deleted:false")["total"]
    assert before > 0
    for answer in [(502, HTML, "bad gateway"), (404, HTML, "gone"), (200, HTML, "")]:
        site.pages["http://down.example/"] = answer
        program.json("crawl", "down", "--proxy", site.url, status=1)
    assert program.json("search", "deleted:false")["total"] == before


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), ("0", 0.0), ("", None), ("soon", None), ("-5", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)
def test_retry_after_in_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    assert retry_after(Headers({"Retry-After": value})) == seconds


def test_retry_after_a_date_to_come() -> None:
    wait = retry_after(Headers({"Retry-After": formatdate(time.time() + 100, usegmt=True)}))
    assert wait is not None
    assert 95 < wait <= 100


@pytest.mark.parametrize("kind", ["text/html", "TEXT/plain; charset=x", "application/json", "application/rss+xml", ""])
def test_what_is_read(kind: str) -> None:
    assert is_text(kind)


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/zip", "application/octet-stream", "audio/ogg"])
def test_what_never_is(kind: str) -> None:
    assert not is_text(kind)
