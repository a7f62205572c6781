"""The process that reads pages: bounds on time and memory, and that it outlives neither."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from select import select
from typing import NoReturn

import pytest

from crawler.errors import CostlyPage, UnexpectedPage
from crawler.worker import MEMORY, ParseWorker

PAGE = "http://board.example/b/res/1.html"


def forever() -> NoReturn:
    """Keeps the processor busy."""
    while True:
        pass


def greedy() -> int:
    """Asks for more memory than a page may have."""
    return len(bytearray(2 * MEMORY))


def refuse() -> NoReturn:
    """Raises as a parser does."""
    raise UnexpectedPage(PAGE, "a thread")


@pytest.fixture(scope="module")
def worker() -> Iterator[ParseWorker]:
    with ParseWorker() as worker:
        yield worker


def test_it_answers_with_what_the_work_returns_or_raises(worker: ParseWorker) -> None:
    assert worker.call(PAGE, divmod, 7, 2) == (3, 1)
    with pytest.raises(UnexpectedPage, match="a thread"):
        worker.call(PAGE, refuse)
    with pytest.raises(ZeroDivisionError):
        worker.call(PAGE, divmod, 7, 0)


@pytest.mark.parametrize(("work", "why"), [(forever, "1.5 s of processor time"), (greedy, "512 MB of memory")])
def test_a_page_that_costs_too_much_is_named_and_the_next_one_is_read(
    worker: ParseWorker, work: Callable[[], int], why: str
) -> None:
    with pytest.raises(CostlyPage, match=why) as raised:
        worker.call(PAGE, work)
    assert raised.value.url == PAGE
    assert worker.call(PAGE, divmod, 7, 2) == (3, 1)


def test_it_ends_with_the_process_that_made_it(tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        "from crawler.worker import ParseWorker\n"
        "if __name__ == '__main__':\n"
        "    worker = ParseWorker()\n"
        "    print(worker.call(None, os.getpid), flush=True)\n"
        "    sys.stdin.read()\n"
    )
    script = tmp_path / "killed.py"
    script.write_text(program)
    with subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout is not None
        worker = os.pidfd_open(int(killed.stdout.readline()))
        killed.kill()
    ended, _, _ = select([worker], [], [], 30)
    os.close(worker)
    assert ended
