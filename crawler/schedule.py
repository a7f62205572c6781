"""The schedule: one source, one job, one process; crawls never overlap, a missed one is made up for once."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from core.settings import SourceConfig

logger = logging.getLogger(__name__)

MISFIRE_GRACE = 3600
"""Seconds within which a crawl that could not begin in time is still begun."""
AT_ONCE = 4
"""Crawls of different sources side by side, at most."""


def trigger(source: SourceConfig) -> BaseTrigger:
    """When a source is crawled, in UTC."""
    if source.interval is not None:
        return IntervalTrigger(seconds=source.interval.total_seconds(), timezone=UTC)
    return CronTrigger.from_crontab(source.schedule, timezone=UTC)


def schedule(
    sources: Mapping[str, SourceConfig], crawl: Callable[[str], None], first: Callable[[str], datetime]
) -> BackgroundScheduler:
    """A scheduler, not yet started, that calls `crawl(name)` for every enabled source when its time has come.

    `first` says when a source is crawled first. Jobs live in this process only: what is due is known from the store.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": {"type": "threadpool", "max_workers": AT_ONCE}},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": MISFIRE_GRACE},
    )
    for name, source in sources.items():
        if source.enabled:
            scheduler.add_job(
                crawl, trigger(source), args=[name], id=name, name=f"crawl {name}", next_run_time=first(name)
            )
    return scheduler
