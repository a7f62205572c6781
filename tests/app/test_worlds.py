"""The watch measured on a simulated world: from its questions and answers to the table."""

import json
import sys
from pathlib import Path

import pytest

from app.worlds import World, WorldError, run_world
from tests.conftest import ROOT
from watch.measures import HEADINGS, examples, figures, table, watch_alerts
from watch.verdict import Weights

SMALL = {"days": 12, "boards": 8, "posts": 900, "unseen_domains": 40, "events": 2}
TALK = f"{sys.executable} -m tests.world talk --seed {{seed}} --parameters '{json.dumps(SMALL)}'"


def test_a_small_world_is_watched_from_its_first_day_to_its_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    outcome = run_world(TALK, 5, ROOT / "config", Weights.load(ROOT / "config"), 0.5)
    assert outcome.days == pytest.approx(12, abs=1)
    assert outcome.complete == 1
    assert {one.place for one in outcome.seen} & outcome.true_places
    told = figures(outcome, watch_alerts(outcome))
    assert told.found + told.found_late + len([line for line in told.missed if "late" not in line]) == told.events
    rows = table([outcome])
    assert all(len(row) == len(HEADINGS) for row in rows)
    learnt = list(examples([outcome]))
    assert any(one.going for one in learnt)
    assert sum(one.weight for one in learnt) == pytest.approx(len(outcome.by_place))


def test_a_world_that_says_nothing_is_an_error_that_says_so(tmp_path: Path) -> None:
    with World.begun(f"{sys.executable} -c pass", 1) as world, pytest.raises(WorldError, match="did not answer"):
        world.ask("config", folder=str(tmp_path))
