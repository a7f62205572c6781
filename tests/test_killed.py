"""Claim 2: a process killed at any moment loses nothing and repeats nothing."""

import random
import signal
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.settings import Settings
from core.store import Store, watchlist
from core.store.tables import links, posts, revisions, sightings, tags
from search.index import Search, open_index
from search.query import All
from tests.conftest import Program, Recorded, clean_environment

NOW = "2026-11-24T12:00:00Z"
BATCH = 12
STAGES = {
    "crawl": "SELECT count(*) FROM pages WHERE crawl IS NOT NULL",
    "tag": "SELECT seq FROM cursors WHERE name = 'tag'",
    "watch": "SELECT seq FROM cursors WHERE name = 'watch'",
    "judge": "SELECT count(*) FROM candidates WHERE NOT touched",
    "deliver": "SELECT (SELECT count(*) FROM deliveries) + (SELECT coalesce(sum(attempts), 0) FROM messages)"
    " + (SELECT count(*) FROM messages WHERE state = 'sent')",
    "index": "SELECT seq FROM cursors WHERE name LIKE 'index-%'",
}
"""How far each stage has come, as a number that grows."""
KILLS = {"crawl": 16, "tag": 7, "watch": 5, "judge": 1, "deliver": 3, "index": 9}
"""Tried in each stage, until it has come to its end: more than 30, as a quick stage may be over before all are struck."""


@pytest.mark.long
@pytest.mark.parametrize("engine", ["vichan", "mybb"])
def test_thirty_kills_change_nothing(
    engine: str,
    program: Program,
    recorded: Callable[[str], Recorded],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = {"vichan": "http://harbor-chan.example/", "mybb": "http://mybb.example/"}[engine]
    program.source("board", platform="board", url=url)
    program.write("settings.yml", {"pseudonym_key": "the same in both homes"})
    web = recorded(engine)
    arguments = ("crawl", "board", "--proxy", web.url, "--now", NOW)
    program.json(*arguments)
    undisturbed = _everything(program)

    killed = Program(tmp_path / "killed", program.config)
    chance = random.Random(engine)
    hit = 0
    for stage, kills in KILLS.items():
        for _ in range(kills):
            end = _position(program, stage)
            if _position(killed, stage) < end:
                hit += _kill_in(killed, stage, end, chance, arguments)
    for _ in range(20):  # and again at any moment of a whole run, until thirty have struck
        hit += hit < 30 and _kill_after(killed, chance.uniform(1, 3), arguments)
    done = killed.run(*arguments)
    assert done.returncode == 0, done.stderr
    found = _everything(killed)
    for part, expected in undisturbed.items():
        assert found[part] == expected, part
    with capsys.disabled():
        print(f"\n{engine}: {hit} kills struck a running process; all equal to an undisturbed run: {', '.join(found)}")
    assert hit >= 30


def _kill_in(program: Program, stage: str, end: int, chance: random.Random, arguments: tuple[str, ...]) -> bool:
    """Starts the program, kills it a random while after the stage moved on; whether it was still running."""
    target = min(_position(program, stage) + chance.randint(1, 2 if stage == "crawl" else BATCH), end)
    process = _start(program, arguments)
    while process.poll() is None and _position(program, stage) < target:
        pass
    return _kill(process, chance.uniform(0, 0.03))


def _kill_after(program: Program, seconds: float, arguments: tuple[str, ...]) -> bool:
    return _kill(_start(program, arguments), seconds)


def _start(program: Program, arguments: tuple[str, ...]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        program.command(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env=clean_environment() | {"FRINGEWATCH_BATCH": str(BATCH)},
    )  # fmt: skip


def _kill(process: "subprocess.Popen[bytes]", delay: float) -> bool:
    try:
        process.wait(timeout=delay)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def _position(program: Program, stage: str) -> int:
    path = program.home / "store.sqlite"
    if not path.exists():
        return 0
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as store:
            row = store.execute(STAGES[stage]).fetchone()
    except sqlite3.OperationalError:  # not migrated yet
        return 0
    return int(row[0]) if row else 0


def _everything(program: Program) -> dict[str, Any]:
    """All that is kept, but for where evidence lies and the order in which pages came."""
    store = Store.open(program.home)
    with store.read() as view:

        def rows(table: Any, *columns: str) -> list[Any]:
            found = view.execute(select(*(table.c[name] for name in columns))).all()
            return sorted(map(repr, (_without_evidence(row._asdict()) for row in found)))

        kept: dict[str, Any] = {
            "posts": rows(posts, "id", "revision", "deleted_seen_at", "record"),
            "revisions": rows(revisions, "post", "revision", "record"),
            "links": rows(links, "post", "position", "url"),
            "tags": rows(tags, "post", "revision", "tags"),
            "sightings": rows(sightings, *sightings.c.keys()),
            "candidates": [candidate.model_dump() for candidate in watchlist.read_candidates(view)],
            "alerts": sorted(
                (alert.model_dump() for alert in watchlist.read_alerts(view)), key=lambda alert: alert["id"]
            ),
        }
    store.close()
    index = open_index(Settings(), program.home)
    kept["index"] = sorted(index.ids())
    kept["index total"] = index.search(Search(All())).total
    kept["alert file"] = sorted((program.home / "alerts.ndjson").read_text("utf-8").splitlines())
    return kept


def _without_evidence(row: dict[str, Any]) -> dict[str, Any]:
    if isinstance(row.get("record"), dict):
        row["record"] = {name: value for name, value in row["record"].items() if name != "evidence"}
    return row
