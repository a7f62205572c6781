"""The program as a stranger runs it: a simulated web behind a proxy, crawled cycle by cycle, its alerts read as JSON."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.conftest import Program
from tests.world import World
from tests.world.serve import server
from tests.world.world import moment, seconds

HOUR = 3600
CYCLE = 3 * HOUR


@dataclass
class Watched:
    """What the program told over some cycles around a move."""

    truth: dict[str, Any]
    alerts: dict[float, list[dict[str, Any]]] = field(default_factory=dict)
    """After each cycle, by its time."""
    candidates: list[dict[str, Any]] = field(default_factory=list)

    @property
    def event(self) -> dict[str, Any]:
        """The one move of the world."""
        (event,) = self.truth["events"]
        return dict(event)

    @property
    def last(self) -> list[dict[str, Any]]:
        """The alerts after the last cycle."""
        return self.alerts[max(self.alerts)]


@pytest.fixture(scope="module")
def world() -> World:
    """One board of five loses its host and hops to another name; its account tells where."""
    return World(5, days=10, boards=5, posts=1200, events=1, unseen_domains=40)


@pytest.fixture
def proxy(world: World) -> Iterator[Any]:
    running = server(world)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()
    running.server_close()


@pytest.mark.long
def test_a_move_is_alerted_by_the_first_cycle_that_could_read_of_it_and_little_else(
    program: Program, world: World, proxy: Any
) -> None:
    world.configure(program.config)
    program.write("settings.yml", {"probe_delay": 0})
    watched = Watched(world.truth())
    told = min(map(seconds, watched.event["mentions"]))
    first_after = world.start + CYCLE * (1 + (told - world.start) // CYCLE)
    for now in (first_after - 24 * HOUR, first_after - CYCLE, first_after, first_after + CYCLE):
        proxy.RequestHandlerClass.now = now
        at = ("--proxy", f"http://127.0.0.1:{proxy.server_port}", "--now", moment(now), "--json")
        crawled = program.run("crawl", "--once", *at)
        told_of = json.loads(crawled.stdout)
        assert told_of["sources"].keys() == world.sources.keys(), crawled.stderr
        watched.alerts[now] = program.json("alerts")
    watched.candidates = program.json("candidates")

    (home,) = watched.event["places"]
    assert [hosts(alerts).count(home) for alerts in watched.alerts.values()] == [0, 0, 1, 1]
    (alert,) = (alert for alert in watched.last if alert["host"] == home)
    assert (alert["platform"], alert["kind"] in {"new-platform", "mirror"}) == (watched.event["platform"], True)
    assert seconds(alert["first_mention_at"]) == pytest.approx(told, abs=1)
    assert all(line["posts"] or line["urls"] for line in alert["evidence"] if line["signal"] != "name")
    assert any(line["signal"] == "boards" for line in alert["evidence"])  # its own pages were looked at

    decoys = {decoy["place"] for decoy in watched.truth["decoys"]}
    assert decoys & {candidate["host"] for candidate in watched.candidates}  # they were there to be taken for it
    assert not [alert["host"] for alert in watched.last if alert["kind"] == "mirror" and alert["host"] in decoys]
    assert len(set(hosts(watched.last)) - {home}) <= 1, watched.last


def hosts(alerts: list[dict[str, Any]]) -> list[str]:
    return [alert["host"] for alert in alerts]
