"""Looking at places in this process: Scrapy's reactor runs once, for any number of them."""

from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.settings import Settings as ScrapySettings

from core.clock import Clock
from core.home import pseudonym_key
from core.probes import Due, Probe
from core.settings import Config
from core.store import Store
from crawler.crawl import quiet_process
from crawler.evidence import EvidenceWriter
from crawler.pointing import Look
from crawler.spiders.probe import AT_ONCE, Looks, ProbeSpider
from crawler.worker import ParseWorker

PAGE_SECONDS = 20.0
"""That one page may take, or less where the settings say so."""


class LooksFailed(Exception):
    """The looks were ended before their time; says how."""


def probe_places(
    places: Sequence[Due],
    *,
    config: Config,
    store: Store,
    home: Path,
    clock: Clock,
    proxy: str | None,
    progress: Callable[[Probe], None],
) -> list[Probe]:
    """One look at each of these places, in their order; each is told to `progress` at once. One that fails is logged.

    `proxy` goes before the settings' one. Only pages' evidence is kept; the probes are the caller's to save. Raises
    LooksFailed where Scrapy ended early. Call it once in a process: a reactor cannot be started again.
    """
    if not places:
        return []
    given, proxy = config.settings, proxy or config.settings.proxy
    key = pseudonym_key(home, given)
    evidence = EvidenceWriter(home / "evidence", "probe")
    with ParseWorker() as worker:
        looks = Looks(
            places=[Look(due.place, due.url, key, due.keys, due.glance) for due in places],
            store=store, clock=clock, evidence=evidence, worker=worker, agent=given.user_agent, delay=given.probe_delay,
            delays={urlsplit(source.url).netloc.lower(): source.delay for source in config.sources.values()},
            favicons=given.favicons, direct=proxy is None, progress=progress,
        )  # fmt: skip
        settings = _settings(config, proxy)
        crawler = Crawler(ProbeSpider, settings)
        process = quiet_process(settings)
        process.crawl(crawler, looks=looks)
        process.start()
        evidence.close()
    spider = crawler.spider
    assert spider is None or isinstance(spider, ProbeSpider)
    reason = crawler.stats.get_value("finish_reason") if crawler.stats else None
    if spider is None or reason != "finished":
        raise LooksFailed(f"the looks were ended early ({reason or 'not started'})")
    return [spider.probes[due[:2]] for due in places if due[:2] in spider.probes]


def _settings(config: Config, proxy: str | None) -> ScrapySettings:
    settings = ScrapySettings()
    settings.setmodule("crawler.settings", priority="project")
    given = config.settings
    settings.update(
        {
            "USER_AGENT": given.user_agent,
            "DOWNLOAD_MAXSIZE": given.page_bytes,
            "DOWNLOAD_TIMEOUT": min(given.page_seconds, PAGE_SECONDS),
            "DOWNLOAD_DELAY": 0,  # each host's turn is taken in the store, where other processes see it
            "AUTOTHROTTLE_START_DELAY": 0,
            "CONCURRENT_REQUESTS": AT_ONCE,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "AUTOTHROTTLE_TARGET_CONCURRENCY": 1,
            "ROBOTSTXT_OBEY": False,  # the plan obeys it itself, by scheme and host, and tells a refusal from an outage
            "REDIRECT_ENABLED": False,  # the plan follows them within the place, and notes the others
            "RETRY_ENABLED": False,  # a place that fails now is looked at again later
            "ITEM_PIPELINES": {},
            "FRINGEWATCH_PROXY": proxy,
            "FRINGEWATCH_PROXY_HOSTS": [urlsplit(proxy).hostname] if proxy else [],
        },
        priority="cmdline",
    )
    return settings
