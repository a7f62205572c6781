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
from crawler.permitted import is_icon, is_text, robots_rules

PATIENCE = 60
"""Seconds of Retry-After that one crawl sits out; asked for more, the page waits for the next crawl."""


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
        rules = robots_rules(response.status, response.body)
        if rules is None:
            self._refuse(netloc, f"HTTP {response.status}")
            return
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
    """Ends a download at its headers where they announce anything but text: no media, ever, but small icons."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "TextOnly":
        """Scrapy's way to make one."""
        extension = cls()
        crawler.signals.connect(extension.headers_received, signal=signals.headers_received)
        return extension

    def headers_received(self, headers: Headers, request: Request) -> None:
        """Raises StopDownload for anything but text, and but a site's icon where one was asked for as such."""
        content_type = (headers.get("Content-Type") or b"").decode("latin-1")
        if not is_text(content_type) and not (request.meta.get("icon") and is_icon(content_type)):
            raise StopDownload(fail=False)
