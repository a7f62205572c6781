"""How we behave: robots.txt by RFC 9309, Retry-After, redirects within the site, text only."""

import asyncio
import time
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest, StopDownload
from scrapy.http import Headers, Response
from twisted.internet.defer import Deferred

from core.hosts import registrable_domain
from crawler.guard import refusal

PATIENCE = 60
"""Seconds of Retry-After that one crawl sits out; asked for more, the page waits for the next crawl."""
ROBOTS_BYTES = 500 * 1024
"""RFC 9309, 2.5: at least this much of a robots.txt has to be read."""
TEXT_TYPES = (
    "text/", "application/json", "application/xml", "application/xhtml", "application/rss", "application/atom",
    "application/ld+json", "application/activity+json", "application/feed+json", "application/vnd.api+json",
)  # fmt: skip


def is_text(content_type: str) -> bool:
    """Whether a Content-Type is one that is read; an absent one may be text. Media never are."""
    return not content_type or content_type.strip().lower().startswith(TEXT_TYPES)


def retry_after(headers: Headers) -> float | None:
    """Seconds that a Retry-After header asks for, as a number or a date; None without one that can be read."""
    value = (headers.get("Retry-After") or b"").decode("latin-1").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None


class Robots(RobotsTxtMiddleware):
    """robots.txt by RFC 9309: 4xx allows everything; 5xx, 429 and no answer forbid everything (Scrapy allows it)."""

    def process_request_2(self, rp: Any, request: Request) -> None:
        """Raises IgnoreRequest with the reason in plain words."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest:
            why = self._unread.get(urlsplit(request.url).netloc)
            raise IgnoreRequest(
                f"robots.txt could not be read ({why}), which counts as a refusal" if why else "forbidden by robots.txt"
            ) from None

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._unread: dict[str, str] = {}

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:  # noqa: PLR2004
            self._refuse(netloc, f"HTTP {response.status}")
            return
        rules = response.body[:ROBOTS_BYTES] if response.status < 400 else b""  # noqa: PLR2004
        await super()._parse_robots(response.replace(body=rules), netloc, request)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._refuse(netloc, refusal(netloc.rpartition("@")[2].partition(":")[0]) or str(exc) or type(exc).__name__)

    def _refuse(self, netloc: str, why: str) -> None:
        self._unread[netloc] = why
        waiting = self._parsers[netloc]
        parser = self._parserimpl.from_crawler(self.crawler, b"User-agent: *\nDisallow: /")
        self._parsers[netloc] = parser
        assert isinstance(waiting, Deferred)
        waiting.callback(parser)


class SameSiteRedirects(RedirectMiddleware):
    """Follows redirects within the site; one that leads elsewhere is news, not a page, and is handed on as it is."""

    def process_response(  # type: ignore[override]  # Scrapy's deprecated third parameter is left out
        self, request: Request, response: Response
    ) -> Request | Response:
        """The redirected request, or the response."""
        location = (response.headers.get("Location") or b"").decode("latin-1")
        try:
            host = urlsplit(urljoin(request.url, location)).hostname or ""
        except ValueError:
            return response
        if location and registrable_domain(host) != registrable_domain(urlsplit(request.url).hostname or ""):
            return response
        return super().process_response(request, response)


class PatientRetry(RetryMiddleware):
    """Retries passing failures, after the time the site asks for; the host is left in peace meanwhile."""

    async def process_response(  # type: ignore[override]  # Scrapy's deprecated third parameter is left out
        self, request: Request, response: Response
    ) -> Request | Response:
        """A request to try again, or the response where trying again has no use now."""
        wait = retry_after(response.headers) if response.status in {429, 503} else None
        if wait is not None:
            self.crawler.spider.leave_in_peace(  # type: ignore[union-attr]
                urlsplit(request.url).netloc, wait
            )
            if wait > PATIENCE:
                return response
            await asyncio.sleep(wait)
        return super().process_response(request, response)


class TextOnly:
    """Ends a download at its headers where they announce anything but text: no media, ever."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "TextOnly":
        """Scrapy's way to make one."""
        extension = cls()
        crawler.signals.connect(extension.headers_received, signal=signals.headers_received)
        return extension

    def headers_received(self, headers: Headers) -> None:
        """Raises StopDownload for anything but text."""
        if not is_text((headers.get("Content-Type") or b"").decode("latin-1")):
            raise StopDownload(fail=False)
