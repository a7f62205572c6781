"""One source's crawl: leases pages from the frontier, asks for them, hands on what they gave."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime

import scrapy
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from twisted.python.failure import Failure

from core.clock import Clock
from core.hosts import registrable_domain, web_host
from core.records import EvidenceRef, PageRef
from core.settings import Settings, SourceConfig
from core.store import Store, frontier
from core.store.commits import Counts, Fetched, PageResult
from core.store.frontier import Lease
from crawler.adopt import Adopter
from crawler.detect import detect
from crawler.engines import ENGINES
from crawler.errors import ClosedPage, GonePage, PageError
from crawler.evidence import EvidenceWriter
from crawler.guard import refusal
from crawler.page import Document, Engine, Parsed
from crawler.permitted import is_text
from crawler.politeness import PATIENCE
from crawler.reading import read
from crawler.worker import ParseWorker

logger = logging.getLogger(__name__)

FAILURES_IN_A_ROW = 10
"""After so many pages in a row that failed, the site is left alone until the next crawl."""
GONE = {404, 410}
NOT_MODIFIED = 304


@dataclass(frozen=True)
class Job:
    """Everything one crawl of one source works with."""

    source: str
    config: SourceConfig
    settings: Settings
    store: Store
    clock: Clock
    evidence: EvidenceWriter
    worker: ParseWorker
    pseudonym_key: bytes
    crawl: int
    engine: str | None
    """The source's engine where it is known already: configured, or found by an earlier crawl."""
    progress: Callable[[PageResult, Counts], None]
    pages: int
    """The most pages this crawl may ask for."""
    trial: bool
    """Whether threads go before lists: a look that asks for few pages should see posts."""


class SourceSpider(scrapy.Spider):
    """Crawls one source until the frontier has nothing more for it. Made with `job=Job(…)`."""

    name = "source"

    def __init__(self, job: Job) -> None:
        super().__init__(name=job.source)
        self.job, self.store, self.clock, self.progress = job, job.store, job.clock, job.progress
        self.engine: Engine | None = ENGINES[job.engine] if job.engine else None
        self.domain = registrable_domain(web_host(job.config.url) or "")
        self.active = self.asked = self.failed_in_a_row = 0
        self.stopped: str | None = None
        """Why the crawl was ended before its time."""
        self.failed = False
        """Whether what was fetched could not be kept."""
        self.answered = False
        """Whether any page was there: gone ones alone are a site that is no more."""
        self._changed = asyncio.Event()

    async def start(self) -> AsyncIterator[Request]:
        """Requests, each under a lease, as hosts' delays and the source's concurrency allow."""
        config = self.job.config
        while not self.stopped:
            self._changed.clear()
            if self.asked >= self.job.pages:
                logger.warning("%s: %s pages asked for; the rest waits for the next crawl", self.name, self.asked)
                return
            if self.active >= config.concurrency:
                await self._changed.wait()
                continue
            got = frontier.lease(
                self.store, self.name, self.job.crawl, self.name, config.delay, self.clock(), deepest=self.job.trial
            )
            match got:
                case Lease():
                    self.active += 1
                    self.asked += 1
                    yield self.request(got)
                case float() if got > max(PATIENCE, config.delay):
                    self.stop(f"the site asked to be left in peace for another {got:.0f} s")
                case float():
                    await asyncio.sleep(got)
                case None if self.active:
                    await self._changed.wait()
                case None:
                    return

    def request(self, lease: Lease) -> Request:
        """The request for a leased page, conditional where the last answer had validators."""
        headers = {"If-None-Match": lease.etag, "If-Modified-Since": lease.last_modified}
        return Request(
            lease.found.url,
            headers={name: value for name, value in headers.items() if value},
            callback=self.parse,
            errback=self.lost,
            cb_kwargs={"lease": lease},
            meta={"lease": lease},
        )

    async def parse(self, response: Response, lease: Lease) -> AsyncIterator[PageResult]:
        """What the response gave."""
        try:
            result = await self.result(response, lease)
        except Exception as error:  # a parser's bug costs one page, named as such, never the crawl
            logger.exception("%s: parser failed", response.url)
            result = PageResult(lease, failure=f"the parser failed: {type(error).__name__}: {error}")
        yield self.judged(result)

    def lost(self, failure: Failure) -> Iterator[PageResult]:
        """No response: why."""
        error = failure.value
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy adds it
        lease = request.meta["lease"]
        why = (
            str(error) if isinstance(error, IgnoreRequest) and str(error) else plain_error(error, web_host(request.url))
        )
        yield self.judged(PageResult(lease, failure=why))

    async def result(self, response: Response, lease: Lease) -> PageResult:
        """The outcome for any status; raises nothing that a page could cause."""
        if response.status == NOT_MODIFIED:
            return PageResult(lease, unchanged=True)
        if response.status in GONE and lease.found.kind != "entry":
            return PageResult(lease, gone=True)
        if response.status // 100 == 3:  # noqa: PLR2004
            where = (response.headers.get("Location") or b"nowhere").decode("latin-1")
            return PageResult(lease, failure=f"the site sends this page's visitors to {where}")
        if response.status // 100 != 2:  # noqa: PLR2004
            return PageResult(lease, failure=f"HTTP {response.status}")
        content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
        if not is_text(content_type):
            return PageResult(lease, failure=f"not a page but {content_type}; only text is fetched")
        now = self.clock()
        fetched = Fetched(
            self.keep(response),
            now,
            response.status,
            etag=_header(response, "ETag"),
            last_modified=_header(response, "Last-Modified"),
        )
        made = _date(response)
        document = Document(response.url, response.body, content_type, response.status, made or now)
        try:
            parsed, engine = await self.read(document, lease)
            if made and any(post.posted_at is None and post.posted_at_raw for post in parsed.posts):
                # The server's clock contradicts the times on its page: ours may agree with them.
                parsed, engine = await self.read(replace(document, fetched_at=now), lease)
        except GonePage as gone:
            is_entry = lease.found.kind == "entry"
            return PageResult(lease, fetched, gone=not is_entry, failure=gone.why if is_entry else None)
        except ClosedPage as closed:
            return PageResult(lease, fetched, failure=f"closed: {closed.why}")
        except PageError as error:
            return PageResult(lease, fetched, failure=error.why)
        adopter = Adopter(self.name, self.job.config, engine.site_numbers, self.job.pseudonym_key)
        sections = self.job.config.sections
        return PageResult(
            lease,
            fetched,
            posts=[adopter.post(post, fetched.evidence, now) for post in parsed.posts if sections.wants(post.board)],
            found=list(self.wanted(parsed, lease)),
            parts=parsed.parts,
            lists_board=parsed.lists_board,
        )

    async def read(self, document: Document, lease: Lease) -> tuple[Parsed, Engine]:
        """The page by its engine, which the entry page tells where nobody has said.

        Raises PageError where it gives nothing.
        """
        further: list[PageRef] = []
        if self.job.config.engine == "auto" and (lease.found.kind == "entry" or self.engine is None):
            engine = await asyncio.to_thread(self.job.worker.call, document.url, detect, [document])
            if self.engine is None or self.engine.name != engine.name:
                self.engine = engine
                frontier.keep_engine(self.store, self.job.crawl, engine.name)
                further = [page for page in engine.entry(self.job.config.url) if page.url != lease.found.url]
        assert self.engine is not None
        parsed = await asyncio.to_thread(self.job.worker.call, document.url, read, self.engine, lease.found, document)
        return Parsed(parsed.posts, [*parsed.pages, *further], parsed.parts, parsed.lists_board), self.engine

    def wanted(self, parsed: Parsed, lease: Lease) -> Iterator[PageRef]:
        """Pages to keep: of this site and of the sections that are wanted. A thread's parts share its hint."""
        for page in parsed.pages:
            host = web_host(page.url)
            if (
                host is None
                or registrable_domain(host) != self.domain
                or not self.job.config.sections.wants(page.board)
            ):
                continue
            hint = lease.found.hint if page.hint is None and page.thread == lease.found.thread else page.hint
            yield replace(page, hint=hint)

    def keep(self, response: Response) -> EvidenceRef:
        """The response as evidence, on disk."""
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        return self.job.evidence.write(response.url, response.status, headers, response.body, self.clock())

    def judged(self, result: PageResult) -> PageResult:
        """The result; where the site as a whole seems to fail, the crawl is told to stop."""
        self.failed_in_a_row = self.failed_in_a_row + 1 if result.failure is not None else 0
        self.answered = self.answered or not (result.gone or result.failure)
        if result.failure is not None and result.lease.found.kind == "entry":
            self.stop(f"its entry page failed: {result.failure}")
        elif self.failed_in_a_row >= FAILURES_IN_A_ROW:
            self.stop(f"{self.failed_in_a_row} pages in a row failed, the last with: {result.failure}")
        return result

    def stop(self, why: str, *, failed: bool = False) -> None:
        """Asks for no further page; those under way are still taken."""
        self.stopped = self.stopped or why
        self.failed = self.failed or failed
        self._changed.set()

    def page_done(self) -> None:
        """One page less under way."""
        self.active -= 1
        self._changed.set()

    def leave_in_peace(self, host: str, seconds: float) -> None:
        """No request to this host for so long, by any process."""
        frontier.leave_in_peace(self.store, host, seconds)


def _date(response: Response) -> datetime | None:
    """The server's own time."""
    try:
        return parsedate_to_datetime(_header(response, "Date") or "")
    except ValueError:
        return None


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None


def plain_error(error: BaseException | None, host: str | None) -> str:
    """A download error in words: Scrapy wraps Twisted's, whose text says more."""
    if refused := refusal(host):
        return f"could not be fetched: {refused}"
    seen: list[str] = []
    while error is not None:
        text = str(error).strip() or type(error).__name__
        if text not in seen:
            seen.append(text)
        error = error.__cause__
    return "could not be fetched: " + "; ".join(seen)
