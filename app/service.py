"""`run`: the service. Sources on their schedule, each crawl a process that may crash or hang; consumers beside them."""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from app.children import ChildFailed, end_children, in_child
from app.crawling import deliverer, fetch, looker, next_crawl, stages
from core.clock import Clock
from core.home import claimed
from core.settings import Config
from core.store import Store, StoreError, frontier
from core.store.log import CursorMoved
from core.yamlfile import ConfigError
from crawler.schedule import schedule
from watch.delivery.senders import Show

logger = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two looks at the log."""


def serve(
    config: Config,
    store: Store,
    home: Path,
    *,
    clock: Clock,
    now: str | None,
    proxy: str | None,
    show: Show,
) -> None:
    """Runs until SIGINT or SIGTERM. Every part that fails is named on stderr and tried again; none stops another.

    `now` is what `clock` was made from: the crawls' processes make their own.
    """
    consumers = stages(config, store, home, clock)
    telling = deliverer(config, store, home, clock, show)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    def crawl(name: str) -> None:
        if not stop.is_set():
            _crawl(name, config, home, now, proxy)

    def tell() -> None:
        for failure in telling.run():
            logger.warning("%s", failure)

    def first(name: str) -> datetime:
        with store.read() as view:
            due = next_crawl(config.sources[name], frontier.last_crawl(view, name))
        return max(due or clock(), datetime.now(UTC))

    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a turn that comes while a crawl still runs is no news
    scheduler = schedule(config.sources, crawl, first)
    indexing = partial(consumers.catch_up_index, patience=float("inf"), pause=stop.wait)
    beside = [
        threading.Thread(target=_again, args=(name, work, home, stop))
        for name, work in (("indexer", indexing), ("deliverer", tell))
    ]
    scheduler.start()
    for thread in beside:
        thread.start()
    logger.info("running: %s sources scheduled; Ctrl-C ends", len(scheduler.get_jobs()))
    failures: list[str] = []
    looks = looker(config, home, clock, proxy, failures) if config.settings.probes else None

    def consume() -> None:
        with store.read() as view:
            failing = [name for name in config.sources if frontier.is_failing(view, name)]
        consumers.run(looks, failing)
        while failures:
            logger.warning(failures.pop())

    _again("consumers", consume, home, stop)
    logger.info("ending: what is under way is cut short, the next start goes on from there")
    scheduler.shutdown(wait=False)
    end_children()
    for thread in beside:
        thread.join()
    consumers.index.close()


def _crawl(name: str, config: Config, home: Path, now: str | None, proxy: str | None) -> None:
    try:
        outcome = in_child(fetch, [name], config.folder, home, now, proxy, seconds=config.settings.crawl_seconds)[name]
    except ChildFailed as failed:
        logger.error("%s: its crawl %s; what it gave is kept, the next one goes on from there", name, failed)  # noqa: TRY400 - no traceback says more
        return
    except (ConfigError, StoreError) as error:
        logger.error("%s: not crawled: %s", name, error)  # noqa: TRY400 - as above
        return
    logger.info(
        "%s: %s pages, %s new posts, %s changed, %s deleted", name, outcome.pages, outcome.posts_new,
        outcome.posts_changed, outcome.posts_deleted,
    )  # fmt: skip
    for failure in outcome.errors:
        logger.warning("%s: %s: %s", name, failure["url"], failure["why"])


def _again(name: str, work: Callable[[], object], home: Path, stop: threading.Event) -> None:
    """Does `work` again and again, where no other process is doing it for this home."""
    while not stop.is_set():
        try:
            with claimed(home, name) as mine:
                if mine:
                    work()
        except CursorMoved:
            logger.info("%s: another process was quicker; going on", name)
        except Exception:
            logger.exception("%s failed; trying again in %g s", name, EVERY)
        stop.wait(EVERY)
