"""Claim 3: with Elasticsearch gone the crawl goes on, the indexer waits and says so, and loses and repeats nothing."""

import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from core.settings import Settings
from core.store import Store
from core.store.log import TAGGED, backlog
from core.store.tables import posts
from search.elastic import ElasticIndex
from search.index import Search
from search.query import All
from tests.conftest import Program, Recorded, clean_environment
from tests.elasticsearch_server import Server

PUBLISHED = 262
"""Posts that the recording shows."""


@pytest.fixture
def elastic(own_elasticsearch: Callable[[], Server]) -> Server:
    return own_elasticsearch()


@pytest.mark.long
def test_a_server_stopped_while_pages_are_fetched_has_everything_once_after_it_returns(
    program: Program, recorded: Callable[[str], Recorded], elastic: Server
) -> None:
    web = recorded("vichan")
    with crawling(program, web, elastic) as crawl:
        until(crawl, lambda: stored(program) > 30)
        elastic.stop()
        waits = waiting(crawl)
        assert next(waits) == "0.5"
        assert next(waits) == "1.0"
        assert stored(program) == PUBLISHED  # the crawl went on to its end
        elastic.start()
        crawl.communicate(timeout=60)
        assert crawl.returncode == 0
    assert_everything_once(program, elastic)


@pytest.mark.long
def test_a_server_stopped_while_posts_are_indexed_has_everything_once_after_it_returns(
    program: Program, recorded: Callable[[str], Recorded], elastic: Server
) -> None:
    web = recorded("vichan")
    program.source("board", platform="board", url="http://harbor-chan.example/")
    program.json("crawl", "board", "--proxy", web.url, FRINGEWATCH_INDEX="embedded")
    with crawling(program, web, elastic) as crawl:  # the other index starts from nothing
        until(crawl, lambda: unindexed(program, elastic) < PUBLISHED)
        elastic.stop()
        next(waiting(crawl))
        assert 0 < unindexed(program, elastic) < PUBLISHED
        elastic.start()
        crawl.communicate(timeout=60)
        assert crawl.returncode == 0
    assert_everything_once(program, elastic)


def test_a_server_that_stays_away_costs_the_crawl_nothing_but_the_index(
    program: Program, recorded: Callable[[str], Recorded]
) -> None:
    web = recorded("vichan")
    program.source("board", platform="board", url="http://harbor-chan.example/")
    program.write("settings.yml", {"index": "elastic", "elastic_url": f"http://127.0.0.1:{closed_port()}"})
    done = program.run("crawl", "board", "--proxy", web.url, FRINGEWATCH_INDEX_PATIENCE="0.1s")
    assert done.returncode == 1
    assert "nothing is lost, the next run goes on from here" in done.stderr
    assert stored(program) == PUBLISHED
    assert program.json("candidates")


@contextmanager
def crawling(program: Program, web: Recorded, elastic: Server) -> Iterator[subprocess.Popen[str]]:
    program.source("board", platform="board", url="http://harbor-chan.example/")
    environment = {"FRINGEWATCH_INDEX": "elastic", "FRINGEWATCH_ELASTIC_URL": elastic.url, "FRINGEWATCH_BATCH": "12"}
    crawl = subprocess.Popen(
        program.command("crawl", "board", "--proxy", web.url), text=True, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE, env=clean_environment() | environment,
    )  # fmt: skip
    try:
        yield crawl
    finally:
        crawl.kill()
        crawl.communicate()


def until(crawl: "subprocess.Popen[str]", reached: Callable[[], bool]) -> None:
    while not reached():
        assert crawl.poll() is None, "the crawl ended too early"


def waiting(crawl: "subprocess.Popen[str]") -> Iterator[str]:
    """The seconds that the indexer says it waits, as it says them."""
    assert crawl.stderr is not None
    for line in crawl.stderr:
        if "the index does not answer" in line:
            yield line.rpartition("trying again in ")[2].split()[0]


def stored(program: Program) -> int:
    store = Store.open(program.home)
    with store.read() as view:
        count = view.execute(select(func.count()).select_from(posts)).scalar_one()
    store.close()
    return int(count)


def unindexed(program: Program, elastic: Server) -> int:
    """How many posts wait to be indexed in Elasticsearch."""
    store = Store.open(program.home)
    with store.read() as view:
        waiting = backlog(view, ElasticIndex(Settings(elastic_url=elastic.url)).cursor, TAGGED)
    store.close()
    return waiting


def assert_everything_once(program: Program, elastic: Server) -> None:
    store = Store.open(program.home)
    with store.read() as view:
        published = sorted(view.execute(select(posts.c.id)).scalars())
    store.close()
    index = ElasticIndex(Settings(elastic_url=elastic.url))
    assert sorted(index.ids()) == published
    assert index.search(Search(All())).total == len(published) == PUBLISHED
    index.close()


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
