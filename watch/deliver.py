"""Telling people: each alert once to each channel, whatever crashes on the way."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from core.clock import Clock
from core.records import Alert
from core.store import Store, watchlist

FILE, SCREEN = "file", "screen"


def deliver_to_file(store: Store, path: Path, clock: Clock) -> int:
    """Appends every alert the file has not had, as one line of JSON each; how many.

    A crash between writing and noting it is seen by the id in the file; a line torn by one is cut off first.
    """
    with store.read() as view:
        waiting = watchlist.undelivered(view, FILE)
    if not waiting:
        return 0
    path.parent.mkdir(parents=True, exist_ok=True)
    had = _whole_lines(path)
    with path.open("a", encoding="utf-8") as file:
        for alert in waiting:
            if alert.id not in had:
                file.write(json.dumps(alert.model_dump(mode="json"), ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
    _note(store, waiting, FILE, clock)
    return len(waiting)


def deliver_to_screen(store: Store, show: Callable[[Alert], None], clock: Clock) -> int:
    """Shows every alert that was not shown yet; how many."""
    with store.read() as view:
        waiting = watchlist.undelivered(view, SCREEN)
    for alert in waiting:
        show(alert)
    _note(store, waiting, SCREEN, clock)
    return len(waiting)


def _note(store: Store, alerts: list[Alert], channel: str, clock: Clock) -> None:
    if alerts:
        with store.write() as tx:
            for alert in alerts:
                watchlist.delivered(tx, alert.id, channel, clock())


def _whole_lines(path: Path) -> set[str]:
    """Ids in the file's lines; what follows the last newline was torn by a crash and is cut off."""
    if not path.exists():
        return set()
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if len(whole) < len(content):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    ids = set()
    for line in whole.splitlines():
        try:
            ids.add(json.loads(line)["id"])
        except (ValueError, KeyError, TypeError):
            continue  # somebody else's line: not ours to judge
    return ids
