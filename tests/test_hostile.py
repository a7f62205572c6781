"""Pages made to stall, drown or lead astray a crawler cost themselves only: each is named, and the crawl goes on."""

import json
import re
from typing import Any

import pytest

from crawler.engines import ENGINES
from crawler.errors import CostlyPage, PageError
from crawler.page import Document
from crawler.reading import kind_of, read
from crawler.worker import ParseWorker
from tests.conftest import ANY, Program, Site

ROOT = "http://maze.example"
POSTS = "".join(
    f'<div class="msg" id="msg{at}"><b class="author">Wren</b> <span class="when">2026-11-20 10:0{at}</span>'
    f'<div class="said">{"Tea and cake. " * at}Message {at}.</div></div>'
    for at in range(1, 4)
)
THREAD = f"<!doctype html><html><body><h1>Kettles</h1>{POSTS}</body></html>"


def html(inside: str) -> str:
    return f"<!doctype html><html><body>{inside}</body></html>"


BOMB = "".join(f'<!ENTITY e{n} "{"".join(f"&e{n - 1};" for _ in range(10))}">' for n in range(1, 12))
COSTLY = {
    "attributes": html("<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</p>"),
    "attributes-in-quotes": html("<p " + "\n".join(f"a{n} = '>\n'" for n in range(100_000)) + ">x</p>"),
    "nested": html("<div>" * 200_000 + "x"),
    "nested-and-closed": html("<b>" * 200_000 + "x" + "</b>" * 200_000),
    "nested-quotes": html(POSTS.replace("Tea", "<blockquote>" * 3000 + "Tea" + "</blockquote>" * 3000)),
    "many-posts": html(POSTS * 20_000),
    "many-links": html("<p>" + "http://a.example/b " * 100_000 + "</p>"),
    "dots": html("<p>" + "a." * 1_000_000 + "</p>"),
    "spaces": html("<p>" + "dot " * 500_000 + "</p>"),
    "tables": html("<table><tr><td>" * 20_000 + "x"),
    "unclosed": html("<a href='" * 200_000),
    "comments": html("<!--" * 300_000),
    "entities": f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY e0 "lol">{BOMB}]><html><body><p>&e11;</p></body></html>',
    "feed-entities": f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "lol">{BOMB}]><rss><channel><title>&e11;</title></channel></rss>',
    "json": "[" * 500_000,
    "json-numbers": "[" + "9" * 1_000_000 + "]",
}


@pytest.fixture(scope="module")
def worker() -> Any:
    with ParseWorker() as worker:
        yield worker


@pytest.mark.parametrize("engine", ["generic", "vichan", "mybb", "feed"])
@pytest.mark.parametrize("page", COSTLY)
def test_the_worker_ends_with_a_page_of_its_bounds(worker: ParseWorker, page: str, engine: str) -> None:
    """Read, or refused with a reason: the kernel's bounds on the worker's time and memory see to the rest."""
    document = Document(f"{ROOT}/topic/1-kettles", COSTLY[page].encode(), "text/html")
    why = None
    try:
        ref = worker.call(document.url, kind_of, ENGINES[engine], document)
        if ref is not None and ref.kind in ENGINES[engine].pages:
            worker.call(document.url, read, ENGINES[engine], ref, document)
    except CostlyPage as costly:
        why = costly.why
    except PageError as error:
        assert error.why  # noqa: PT017 - reading it to an end is as good
    assert why is None or re.search("more than (1.5 s of processor time|512 MB)|ended with", why)
    assert worker.call(None, divmod, 7, 2) == (3, 1)


def test_a_crawl_goes_on_behind_such_pages_and_names_them(program: Program, site: Site) -> None:
    names = ["attributes", "attributes-in-quotes", "nested", "many-posts", "entities", "fifty-megabytes"]
    pages = COSTLY | {"fifty-megabytes": html("<p>tea</p>" * 5_000_000)}
    links = "".join(f'<p><a href="/topic/{n}-{name}">{name}</a></p>' for n, name in enumerate([*names, "sane"], 1))
    site.pages[f"{ROOT}/"] = html(links)
    for n, name in enumerate(names, 1):
        site.pages[f"{ROOT}/topic/{n}-{name}"] = pages[name]
    site.pages[f"{ROOT}/topic/{len(names) + 1}-sane"] = THREAD
    program.source("maze", platform="maze", engine="generic", url=f"{ROOT}/")
    done = program.run("crawl", "--json", "--proxy", site.url)
    outcome = json.loads(done.stdout)["sources"]["maze"]
    failed = {error["url"].rpartition("-")[0].rpartition("/")[2]: error["why"] for error in outcome["errors"]}
    assert done.returncode == 1
    assert len(outcome["errors"]) >= 4, failed
    assert all(re.search("attributes|deep|processor time|memory|larger", why) for why in failed.values()), failed
    assert program.json("search", '"message 3"')["total"] >= 1


def endless(address: str) -> str:
    """A site that has a page for every address."""
    number = int((re.findall(r"\d+", address) or ["0"])[-1])
    if "/agenda" in address:
        return html(f'<p>Nothing.</p><a rel="next" href="/agenda/{number + 1}">next</a>')
    if "/forum" in address:
        rows = "".join(f'<p><a href="/topic/{n}-kettles">Kettles {n}</a></p>' for n in (1, 2))
        return html(f'{rows}<a rel="next" href="/forum/tea?page={number + 1}">next</a>')
    if "/topic" in address:
        topic = address.partition("/topic/")[2].partition("-")[0]
        return html(f'{POSTS}<a href="/topic/{topic}-kettles?sid={len(address):032x}">again</a>')
    return html('<a href="/forum/tea?page=2">Tea</a><a rel="next" href="/agenda/1">Calendar</a>')


def test_pages_without_end_calendars_and_session_ids_are_not_followed_for_ever(program: Program, site: Site) -> None:
    site.pages[ANY] = endless
    program.source("maze", platform="maze", engine="generic", url=f"{ROOT}/")
    program.write("settings.yml", {"probes": 0})  # what is counted is the crawl's, not what looks at places ask for
    outcome = program.json("crawl", "--proxy", site.url)["sources"]["maze"]
    asked = [url for url, _ in site.requests]
    assert sum("/forum" in url for url in asked) <= 201, "a list's pages are followed to a bound"
    assert sum("/agenda" in url for url in asked) <= 1, "a page without posts leads to no next one"
    assert sum("/topic" in url for url in asked) == 2, "a session in an address makes no new page"
    assert (outcome["posts_new"], outcome["errors"]) == (4, [])  # and the front page's words
