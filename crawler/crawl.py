"""Crawling in this process: Scrapy's reactor runs once, for any number of sources."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings as ScrapySettings

from core.clock import Clock
from core.home import claimed, pseudonym_key
from core.records import PageRef
from core.settings import Config, SourceConfig
from core.store import Store, frontier
from core.store.commits import Counts, PageResult
from crawler.engines import ENGINES
from crawler.evidence import EvidenceWriter
from crawler.spiders.source import Job, SourceSpider
from crawler.worker import ParseWorker

logger = logging.getLogger(__name__)

Progress = Callable[[str, PageResult, Counts], None]
"""Called with the source's name after each page."""


@dataclass
class Outcome:
    """What became of one source's crawl."""

    pages: int = 0
    posts_new: int = 0
    posts_changed: int = 0
    posts_deleted: int = 0
    links: int = 0
    errors: list[Mapping[str, str | None]] = field(default_factory=list)


def crawl_sources(
    names: Sequence[str],
    *,
    config: Config,
    store: Store,
    home: Path,
    clock: Clock,
    proxy: str | None,
    progress: Progress,
    trial: bool = False,
) -> dict[str, Outcome]:
    """Crawls the named sources to the end; an unfinished crawl of one is continued.

    `proxy` goes before the sources' own and the settings'. A source that another process is crawling right now is
    left to it and reported. A `trial` takes threads before lists. Call it once in a process: a reactor cannot be
    started again.
    """
    outcomes: dict[str, Outcome] = {}
    spiders: dict[str, Crawler] = {}
    jobs: dict[str, Job] = {}
    with ExitStack() as stack:
        worker = stack.enter_context(ParseWorker())
        for name in names:
            if not stack.enter_context(claimed(home, f"source-{name}")):
                why = "another process is crawling this source right now; it goes on there"
                outcomes[name] = Outcome(errors=[{"url": config.sources[name].url, "why": why}])
                continue
            jobs[name] = _job(name, config, store, home, clock, progress, worker, trial=trial)
        proxies = {name: proxy or config.sources[name].proxy or config.settings.proxy for name in jobs}
        process = quiet_process(_settings(config, proxies.values()))
        for name, job in jobs.items():
            settings = _settings(config, proxies.values(), job.config, proxies[name])
            spiders[name] = Crawler(SourceSpider, settings)
            process.crawl(spiders[name], job=job)
        if jobs:
            process.start()
        for name, job in jobs.items():
            job.evidence.close()
            outcomes[name] = _outcome(job, spiders[name])
    return {name: outcomes[name] for name in names}


def quiet_process(settings: ScrapySettings) -> AsyncCrawlerProcess:
    """Scrapy, quiet: it tells everything, and each page's failure with a traceback; an outcome has a line for each."""
    logging.disable(logging.INFO)  # while it starts it sets its loggers' levels itself, and tells its versions
    process = AsyncCrawlerProcess(settings)
    logging.disable(logging.NOTSET)
    logging.getLogger("scrapy").setLevel(logging.ERROR)
    for told in ("downloadermiddlewares.robotstxt", "downloadermiddlewares.retry", "core.downloader.handlers.http11"):
        logging.getLogger(f"scrapy.{told}").setLevel(logging.CRITICAL)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    return process


def _job(
    name: str, config: Config, store: Store, home: Path, clock: Clock, progress: Progress, worker: ParseWorker,
    *, trial: bool,
) -> Job:  # fmt: skip
    source, settings = config.sources[name], config.settings
    engine = ENGINES.get(source.engine)
    entry = engine.entry(source.url) if engine else [PageRef(source.url, "entry")]
    begun = frontier.begin_crawl(store, name, entry, clock(), recheck=settings.recheck_pages)
    if begun.resumed:
        logger.info("%s: continuing the crawl that was cut short", name)
    return Job(
        source=name,
        config=source,
        settings=settings,
        store=store,
        clock=clock,
        evidence=EvidenceWriter(home / "evidence", name),
        worker=worker,
        pseudonym_key=pseudonym_key(home, settings),
        crawl=begun.id,
        engine=source.engine if engine else begun.engine,
        progress=lambda result, counts: progress(name, result, counts),
        pages=settings.crawl_pages,
        trial=trial,
    )


def _settings(
    config: Config, proxies: Collection[str | None], source: SourceConfig | None = None, proxy: str | None = None
) -> ScrapySettings:
    """One source's settings; without a source those of the process."""
    settings = ScrapySettings()
    settings.setmodule("crawler.settings", priority="project")
    given = config.settings
    delay = source.delay if source else 0
    hosts = [urlsplit(address).hostname for address in proxies if address]
    settings.update(
        {
            "USER_AGENT": given.user_agent,
            "DOWNLOAD_MAXSIZE": given.page_bytes,
            "DOWNLOAD_TIMEOUT": given.page_seconds,
            "DOWNLOAD_DELAY": delay,
            "AUTOTHROTTLE_START_DELAY": delay,
            "CONCURRENT_REQUESTS_PER_DOMAIN": source.concurrency if source else 1,
            "AUTOTHROTTLE_TARGET_CONCURRENCY": source.concurrency if source else 1,
            "FRINGEWATCH_PROXY": proxy,
            "FRINGEWATCH_PROXY_HOSTS": hosts,
        },
        # Scrapy merges the process's settings into each crawler's: those must be the weaker ones.
        priority="cmdline" if source else "project",
    )
    return settings


def _outcome(job: Job, crawler: Crawler) -> Outcome:
    spider = crawler.spider
    assert spider is None or isinstance(spider, SourceSpider)
    reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
    if spider is not None and reason == "finished" and not spider.failed:
        frontier.end_crawl(job.store, job.crawl, job.clock())
    with job.store.read() as view:
        row = frontier.last_crawl(view, job.source)
    assert row is not None
    outcome = Outcome(row.pages, row.posts_new, row.posts_changed, row.posts_deleted, row.links, list(row.errors))
    known = {error["url"] for error in outcome.errors}
    if spider is None or reason != "finished":
        outcome.errors.append({"url": job.config.url, "why": f"the crawl was ended early ({reason or 'not started'})"})
    elif spider.stopped and job.config.url not in known:
        outcome.errors.append({"url": job.config.url, "why": f"left alone until the next crawl: {spider.stopped}"})
    elif spider.asked and not spider.answered and not outcome.errors:
        outcome.errors.append({"url": job.config.url, "why": "nothing is there any more (HTTP 404 or 410)"})
    return outcome
