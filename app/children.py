"""Work in a fresh process, which may crash or hang: a reactor cannot be started twice in one."""

import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.forkserver import ensure_running
from typing import TypeVar

Result = TypeVar("Result")

# One server process imports Scrapy and spaCy once; each child is forked from it, before any thread or reactor.
_context = multiprocessing.get_context("forkserver")
PRELOADED = ["app.crawling", "scrapy.core.downloader.handlers.http11"]
GRACE = 10.0
"""Seconds that a child which was told to end may take to do so."""


class ChildFailed(Exception):
    """The child ended without an answer; says how."""


def in_child(work: Callable[..., Result], *args: object, seconds: float | None = None) -> Result:
    """What `work(*args)` returns, done in a process of its own.

    Raises what `work` raises; ChildFailed where the process ends without an answer, or takes longer than `seconds`
    and is ended.
    """
    _context.set_forkserver_preload(PRELOADED)
    receive, send = _context.Pipe(duplex=False)
    process = _context.Process(target=_answer, args=(send, work, args))
    process.start()
    send.close()
    with receive:
        if not receive.poll(seconds):
            _end(process)
            raise ChildFailed(f"took longer than {seconds:g} s and was ended")
        try:
            result = receive.recv()
        except EOFError:
            process.join()
            raise ChildFailed(_how(process.exitcode)) from None
    process.join()
    if isinstance(result, BaseException):
        raise result
    return result  # type: ignore[no-any-return]


def ready() -> None:
    """Has the process that children are forked from begin its imports, so that the first child need not wait."""
    _context.set_forkserver_preload(PRELOADED)
    ensure_running()


def end_children() -> None:
    """Tells every child to end, and waits until it has."""
    for process in multiprocessing.active_children():
        _end(process)


def _end(process: multiprocessing.process.BaseProcess) -> None:
    process.terminate()
    process.join(GRACE)
    if process.is_alive():
        process.kill()
        process.join()


def _how(status: int | None) -> str:
    if status is not None and status < 0:
        return f"was ended by signal {-status} ({signal.Signals(-status).name})"
    return f"ended without an answer, exit status {status}"


def _answer(send: Connection, work: Callable[..., object], args: tuple[object, ...]) -> None:
    try:
        result: object = work(*args)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent raises it
        result = error
    send.send(result)
    send.close()
