"""Channels as a user has them: tried by a command, told by a crawl, named when they fail, killed on the way."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from core.store import Store, watchlist
from tests.conftest import Program, clean_environment
from tests.watch.delivery.conftest import alert
from tests.watch.delivery.receivers import Receiver, http_receiver

NOW = "2026-11-24T12:00:00Z"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with http_receiver() as one:
        yield one


@pytest.fixture
def alerted(program: Program) -> Program:
    """A home in which there is an alert that nobody was told of."""
    store = Store.open(program.home)
    with store.write() as tx:
        watchlist.save_alert(tx, alert("a"))
    store.close()
    return program


def hook(receiver: Receiver, **given: Any) -> dict[str, Any]:
    return {"url": f"http://127.0.0.1:{receiver.port}/x", "secret": "hushhush", "allow_private": True} | given


@pytest.mark.long
def test_the_command_tries_each_channel_and_says_which_failed(program: Program, receiver: Receiver) -> None:
    program.write("alerts.yml", {"good": hook(receiver), "guarded": hook(receiver, allow_private=False)})
    good, guarded = program.json("alerts", "test", status=1)
    assert good == {"channel": "good", "ok": True, "why": None}
    assert guarded["why"] == "127.0.0.1 is not a public address; if it is meant, set `allow_private: true`"
    assert receiver.bodies[0]["alerts"][0]["id"] == "sample"
    done = program.run("alerts", "test", "good")
    assert (done.returncode, done.stdout) == (0, "ok   good\n")
    wrong = program.run("alerts", "test", "nobody")
    assert wrong.returncode == 2
    assert "no channel 'nobody'; there are: good, guarded" in wrong.stderr


@pytest.mark.long
def test_a_channel_that_fails_is_named_by_crawl_and_doctor_and_told_later(alerted: Program, receiver: Receiver) -> None:
    alerted.write("alerts.yml", {"siem": hook(receiver), "file": {"url": "file:alerts.ndjson"}})
    receiver.answers = [(503, {})]
    done = alerted.run("crawl", "--now", NOW)
    assert done.returncode == 1
    assert "channel siem: answers 503; tried again at 2026-11-24 12:01:00" in done.stderr
    assert "siem: answers 503 (1 attempts" in alerted.run("doctor").stdout
    later = alerted.run("crawl", "--now", "2026-11-24T12:01:00Z")
    assert later.returncode == 0
    assert receiver.ids == ["a-0", "a-0"]
    assert "hushhush" not in done.stdout + done.stderr + later.stdout + later.stderr
    assert len((alerted.home / "alerts.ndjson").read_text().splitlines()) == 1


def test_a_wrong_channel_stops_everything_before_it_starts(program: Program) -> None:
    program.write("alerts.yml", "desk:\n  url: ${HOOK}\n")
    done = program.run("crawl")
    assert done.returncode == 2
    assert "alerts.yml:2: url: neither the variable HOOK nor HOOK_FILE, naming a file, is set" in done.stderr


@pytest.mark.long
def test_killed_while_the_receiver_has_it_and_nobody_noted_it_sends_the_same_again(
    alerted: Program, receiver: Receiver
) -> None:
    alerted.write(
        "alerts.yml", {"siem": hook(receiver), "file": {"url": "file:told.ndjson"}, "feed": {"url": "feed:told.atom"}}
    )
    receiver.hang = True
    process = subprocess.Popen(
        alerted.command("crawl", "--now", NOW), env=clean_environment(), stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    assert receiver.arrived.wait(60)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    receiver.hang = False
    assert alerted.run("crawl", "--now", NOW).returncode == 0
    assert alerted.run("crawl", "--now", NOW).returncode == 0
    assert receiver.ids == ["a-0", "a-0"]
    assert receiver.bodies[0] == receiver.bodies[1]
    assert [json.loads(line)["id"] for line in (alerted.home / "told.ndjson").read_text().splitlines()] == ["a"]
    assert (alerted.home / "told.atom").read_text().count("<entry>") == 1
