"""`run`: sources on their schedule; a crawl that crashes or hangs harms no other, and the next one goes on."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Program, Site, clean_environment


@pytest.mark.long
def test_a_crashing_and_a_hanging_crawl_are_named_and_begun_again_while_others_go_on(
    program: Program, site: Site
) -> None:
    for name in ("well", "hangs", "crashes"):
        board(site, name)
        program.source(name, platform=name, engine="vichan", url=f"http://{name}.example/b/", schedule="every 2s")
    catalog = "http://{}.example/b/catalog.json"
    sane, released = site.pages[catalog.format("well")], threading.Event()
    site.pages[catalog.format("hangs")] = lambda: released.wait(60) and sane
    site.pages[catalog.format("crashes")] = lambda: kill_whoever_holds(program.home / "locks/source-crashes.lock")
    service = subprocess.Popen(
        program.command("run", "--proxy", site.url), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=clean_environment() | {"FRINGEWATCH_CRAWL_SECONDS": "5s", "FRINGEWATCH_PAGE_SECONDS": "60s"},
    )  # fmt: skip
    try:
        assert service.stderr is not None
        said = service.stderr
        until(said, {"crashes: its crawl was ended by signal 9 (SIGKILL)", "hangs: its crawl took longer than 5 s"})
        until(said, {"well: 2 pages, 0 new posts"})  # others go on
        released.set()
        site.pages[catalog.format("hangs")] = site.pages[catalog.format("crashes")] = sane
        until(said, {"crashes: 2 pages, 1 new posts", "hangs: 2 pages, 1 new posts"})
        service.send_signal(signal.SIGTERM)
        until(said, {"ending"})
        service.communicate(timeout=30)
        assert service.returncode == 0
    finally:
        released.set()
        service.kill()
        service.communicate()
    assert [*holders(program.home / "locks")] == []  # nothing is left running
    program.json("crawl", "well", "--proxy", site.url)  # takes up what the service had not indexed yet
    assert {hit["platform"] for hit in program.json("search", "kettle")["hits"]} == {"well", "hangs", "crashes"}


def board(site: Site, name: str) -> None:
    root = f"http://{name}.example/b"
    thread = {"no": 1, "resto": 0, "time": 1_764_000_000, "com": "The kettle is broken."}
    site.pages[f"{root}/catalog.json"] = [{"page": 0, "threads": [{"no": 1, "last_modified": 1}]}]
    site.pages[f"{root}/res/1.json"] = {"posts": [thread]}


def until(lines: Iterator[str], wanted: set[str]) -> None:
    """Reads until every wanted text was in some line."""
    missing = set(wanted)
    read = []
    for line in lines:
        read.append(line)
        missing -= {text for text in missing if text in line}
        if not missing:
            return
    pytest.fail(f"the service ended without saying {missing}; it said:\n{''.join(read)}")


def holders(folder: Path) -> Iterator[tuple[int, Path]]:
    """Processes, not this one, that have a file below the folder open, each with the file."""
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            target = descriptor.readlink()
        except OSError:
            continue
        if target.is_relative_to(folder) and int(descriptor.parts[2]) != os.getpid():
            yield int(descriptor.parts[2]), target


def kill_whoever_holds(lock: Path) -> str:
    for process, held in holders(lock.parent):
        if held == lock:
            os.kill(process, signal.SIGKILL)
    return ""
