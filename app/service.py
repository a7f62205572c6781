"""`run`: the service. Sources on their schedule, each crawl a process that may crash or hang; consumers beside them."""

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from app.crawling import next_crawl, stages
from core.clock import Clock
from core.home import claimed
from core.records import Alert
from core.settings import Config
from core.store import Store, frontier
from core.store.log import CursorMoved
from crawler.schedule import schedule

logger = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two looks at the log."""
GRACE = 10.0
"""Seconds that a crawl which was asked to end may take to do so."""


def crawl_process(name: str, arguments: list[str], seconds: float) -> str | None:
    """Crawls one source in a process of its own; why it failed, or None.

    One that takes longer than `seconds` is ended; what it had committed stays, the next crawl goes on from there.
    """
    command = [sys.executable, "-m", "app", "crawl", name, "--json", *arguments]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    try:
        code = process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.terminate()
        try:
            process.wait(timeout=GRACE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        return f"took longer than {seconds:.0f} s and was ended"
    if code < 0:
        return f"was ended by signal {-code} ({signal.Signals(-code).name})"
    return f"ended with status {code}" if code > 1 else None


def serve(
    config: Config, store: Store, home: Path, clock: Clock, proxy: str | None, show: Callable[[Alert], None]
) -> None:
    """Runs until SIGINT or SIGTERM. Every part that fails is named on stderr and tried again; none stops another."""
    consumers = stages(config, store, home, clock)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    arguments = ["--home", str(home), "--config", str(config.folder), *(["--proxy", proxy] if proxy else [])]

    def crawl(name: str) -> None:
        why = crawl_process(name, arguments, config.settings.crawl_seconds)
        if why:
            logger.error("crawl of %s %s", name, why)

    def first(name: str) -> datetime:
        with store.read() as view:
            due = next_crawl(config.sources[name], frontier.last_crawl(view, name))
        return max(due or clock(), datetime.now(UTC))

    scheduler = schedule(config.sources, crawl, first)
    scheduler.start()
    logger.warning("running: %s sources scheduled; Ctrl-C ends", len(scheduler.get_jobs()))
    while not stop.is_set():
        try:
            with claimed(home, "consumers") as mine:
                if mine:
                    consumers.run(patience=0, show=show)
        except CursorMoved:
            logger.info("another process was quicker; going on")
        except Exception:
            logger.exception("a consumer failed; trying again in %s s", EVERY)
        stop.wait(EVERY)
    scheduler.shutdown(wait=False)
    consumers.index.close()
