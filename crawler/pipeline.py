"""The item pipeline: commits what each page gave; a store that fails ends the crawl, loudly."""

import logging
from typing import Self

from scrapy.crawler import Crawler

from core.store.commits import PageResult, commit_page
from crawler.spiders.source import SourceSpider

logger = logging.getLogger(__name__)


class CommitPipeline:
    """One commit a page. Scrapy would go on after an exception here and call the crawl finished: it is closed."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_item(self, item: PageResult) -> PageResult:
        """The item, committed. Raises what the store raises, after the crawl was told to stop."""
        spider = self.crawler.spider
        assert isinstance(spider, SourceSpider)
        try:
            counts = commit_page(spider.store, item, spider.clock())
        except Exception as error:
            spider.stop(f"the store did not take {item.lease.found.url}: {error}", failed=True)
            raise
        finally:
            spider.page_done()
        spider.progress(item, counts)
        return item
