"""Pages are read in a process of their own, within bounds: one megabyte can be made to keep a parser for minutes."""

import multiprocessing
import resource
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from multiprocessing.forkserver import ensure_running
from types import TracebackType
from typing import Any, Self, TypeVar

from crawler.errors import CostlyPage

Result = TypeVar("Result")

PROCESSOR_SECONDS = 1.5
"""That one page may take: a thread of a thousand posts takes a third of it."""
SECONDS = 30.0
"""That one page may take by the clock on the wall, however busy the machine is."""
MEMORY = 512 * 1024 * 1024
"""Bytes that the process may have, the program itself included."""
BY_SIGNAL = {signal.SIGPROF: f"{PROCESSOR_SECONDS:g} s of processor time", signal.SIGALRM: f"{SECONDS:g} s"}

_context = multiprocessing.get_context("forkserver")
PRELOADED = ["crawler.reading"]


class ParseWorker:
    """One process that reads one page after the other; ended by a page, it is followed by a new one.

    To be used as a context manager, by any number of threads. It ends with the process that made it, however that ends.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process: ForkServerProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        _context.set_forkserver_preload(PRELOADED)
        ensure_running()  # its imports take a second, which the first pages take, too
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._turn:
            self._end()

    def call(self, url: str | None, work: Callable[..., Result], *args: object) -> Result:
        """What `work(*args)` returns for the page at `url`.

        Raises what `work` raises; CostlyPage where it takes longer or needs more memory than a page may.
        """
        with self._turn:
            pipe = self._started()
            try:
                pipe.send((work, args))
                answer = pipe.recv()
            except (EOFError, ConnectionError):
                raise CostlyPage(url, self._why()) from None
        if isinstance(answer, MemoryError):
            raise CostlyPage(url, f"reading it takes more than {MEMORY // 1024**2} MB of memory")
        if isinstance(answer, BaseException):
            raise answer
        result: Result = answer
        return result

    def _started(self) -> Connection:
        if self._pipe is None or self._process is None or not self._process.is_alive():
            self._end()
            self._pipe, theirs = _context.Pipe()
            self._process = _context.Process(target=_serve, args=(theirs,), name="parse", daemon=True)
            self._process.start()
            theirs.close()
        return self._pipe

    def _why(self) -> str:
        """How the process came to its end, which is then tidied away."""
        assert self._process is not None
        self._process.join()
        status = self._process.exitcode or 0
        self._end()
        if bound := BY_SIGNAL.get(signal.Signals(-status)) if status < 0 else None:
            return f"reading it takes more than {bound}"
        return f"the process that read it ended with status {status}"

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.join()
        self._pipe = self._process = None


def _serve(pipe: Connection) -> None:
    """Answers until the other end is closed. The kernel ends a task that takes too long, whatever it is doing."""
    for ending in BY_SIGNAL:
        signal.signal(ending, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's; the process that asks decides
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while True:
        try:
            task: tuple[Callable[..., Any], tuple[object, ...]] = pipe.recv()
        except EOFError:
            return
        work, args = task
        signal.setitimer(signal.ITIMER_PROF, PROCESSOR_SECONDS)
        signal.setitimer(signal.ITIMER_REAL, SECONDS)
        try:
            answer = work(*args)
        except Exception as error:  # noqa: BLE001 - whatever it is, the asking process raises it
            answer = error
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
        pipe.send(answer)
