"""Work in a fresh process: a reactor cannot be started twice in one."""

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# One server process imports Scrapy and spaCy once; each child is forked from it, before any thread or reactor.
_context = multiprocessing.get_context("forkserver")
PRELOADED = ["app.crawling"]


class ChildFailed(Exception):
    """The child ended without an answer; says how."""


def in_child(work: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
    """What `work` returns, done in a process of its own. Raises ChildFailed where that ends without an answer."""
    process, answer = start_child(work, *args, **kwargs)
    try:
        result = answer.recv()
    except EOFError:
        process.join()
        raise ChildFailed(f"the child process ended with exit code {process.exitcode}") from None
    process.join()
    if isinstance(result, BaseException):
        raise result
    return result  # type: ignore[no-any-return]


def start_child(
    work: Callable[Parameters, object], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> tuple[multiprocessing.Process, Connection]:
    """A process doing `work`, and where its answer arrives (EOFError there: it ended without one)."""
    _context.set_forkserver_preload(PRELOADED)
    receive, send = _context.Pipe(duplex=False)
    process = _context.Process(target=_answer, args=(send, work, args, kwargs))
    process.start()
    send.close()
    return process, receive  # type: ignore[return-value]


def _answer(send: Connection, work: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]) -> None:
    try:
        result: object = work(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent raises it
        result = error
    send.send(result)
    send.close()
