"""Looks at places: gives each plan (crawler.probe) the answers it asks for, politely and within bounds."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import scrapy
from cryptography.x509 import DNSName, ExtensionNotFound, SubjectAlternativeName
from scrapy import Request
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response

from core.clock import Clock
from core.hosts import web_host
from core.probes import Probe
from core.records import EvidenceRef
from core.store import Store, frontier
from core.store.commits import Fetched, keep_evidence
from crawler.errors import PageError
from crawler.evidence import EvidenceWriter
from crawler.permitted import ICON_BYTES, is_icon, is_text
from crawler.pointing import Look
from crawler.politeness import retry_after
from crawler.probe import Answer, Ask, Read, plan
from crawler.spiders.source import GONE, plain_error
from crawler.worker import ParseWorker

logger = logging.getLogger(__name__)

AT_ONCE = 64
"""Places that are looked at at the same time: each look mostly waits for its host's next turn."""
PLACE_SECONDS = 120.0
"""That one look may take; what it has found by then is its result."""
MOST_NAMES = 100
ROBOTS = "/robots.txt"
OK, TOO_MANY = 200, 429
RESTING = "the site asked to be left in peace, or its turn did not come in time"
"""Why nothing was asked for: we keep away from it, which is no outage of the site's."""


@dataclass(frozen=True)
class Looks:
    """Everything that the looks of one run work with."""

    places: Sequence[Look]
    store: Store
    clock: Clock
    evidence: EvidenceWriter
    worker: ParseWorker
    agent: str
    delay: float
    """Least time between two requests to one host, in seconds."""
    delays: Mapping[str, float]
    """The same for hosts that are crawled, by host: as their sources say."""
    favicons: bool
    direct: bool
    """Whether sites are reached without a proxy: only then is a certificate theirs to us."""
    progress: Callable[[Probe], None]


class ProbeSpider(scrapy.Spider):
    """Looks at each place once. Made with `looks=Looks(…)`; `probes` holds what was seen, by place and address."""

    name = "probe"

    def __init__(self, looks: Looks) -> None:
        super().__init__()
        self.looks = looks
        self.probes: dict[tuple[str, str], Probe] = {}
        self.rules: dict[str, asyncio.Future[Answer]] = {}
        """What each robots.txt answers: many places may be on one host."""
        self.resting: set[str] = set()
        """Hosts that asked to be left in peace."""

    async def start(self) -> AsyncIterator[Request]:
        """No requests of its own: each look asks the downloader for its pages, one after the other."""
        turns = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(self._look(place, turns) for place in self.looks.places))
        for request in list[Request]():
            yield request

    async def _look(self, place: Look, turns: asyncio.Semaphore) -> None:
        async with turns:
            try:
                self.looks.progress(await self._seen(place))
            except Exception:  # a bug costs one place its look, never the others
                logger.exception("%s: the look failed", place.place)

    async def _seen(self, place: Look) -> Probe:
        """What a look has shown, kept in `probes`."""
        until = time.monotonic() + PLACE_SECONDS
        steps = plan(place, self.looks.clock(), agent=self.looks.agent, favicons=self.looks.favicons)
        done: Any = None
        while True:
            try:
                step = steps.send(done)
            except StopIteration as ended:
                probe: Probe = ended.value
                self.probes[place.place, place.url] = probe
                return probe
            done = await (self._answer(step, place, until) if isinstance(step, Ask) else self._read(step))

    async def _read(self, step: Read) -> Any:
        """What reading gives, or the PageError that it ends in."""
        try:
            return await asyncio.to_thread(self.looks.worker.call, step.url, step.work, *step.args)
        except PageError as error:
            return error
        except Exception as error:  # a reader's bug costs one page, never the looks
            logger.exception("%s: reading failed", step.url)
            return PageError(step.url, f"reading it failed: {type(error).__name__}: {error}")

    async def _answer(self, wanted: Ask, place: Look, until: float) -> Answer:
        """What an address answers; each robots.txt is asked for once in a run."""
        if urlsplit(wanted.url).path != ROBOTS:
            return await self._asked(wanted, place, until)
        if wanted.url not in self.rules:
            self.rules[wanted.url] = asyncio.ensure_future(self._asked(wanted, place, until))
        return await self.rules[wanted.url]

    async def _asked(self, wanted: Ask, place: Look, until: float) -> Answer:
        """What an address answers, in its host's turn."""
        host = urlsplit(wanted.url).netloc.lower()
        delay = self.looks.delays.get(host, self.looks.delay)
        while (wait := frontier.take_turn(self.looks.store, host, delay)) > 0:
            if host in self.resting or time.monotonic() + wait > until:
                return Answer(wanted.url, TOO_MANY, error=RESTING, forbidden=True)
            await asyncio.sleep(wait)
        left = until - time.monotonic()
        if left <= 0:
            return Answer(wanted.url, error=f"the look took longer than {PLACE_SECONDS:g} s")
        meta: dict[str, Any] = {"cookiejar": place.place, "icon": wanted.icon}
        meta["download_timeout"] = min(left, self.settings.getfloat("DOWNLOAD_TIMEOUT"))
        if wanted.icon:
            meta["download_maxsize"] = ICON_BYTES
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(Request(wanted.url, meta=meta))
        except IgnoreRequest as error:
            return Answer(wanted.url, error=str(error))
        except DownloadCancelledError as error:  # it answers, with more than is read
            return Answer(wanted.url, OK, error=plain_error(error, web_host(wanted.url)))
        except Exception as error:  # noqa: BLE001 - whatever Twisted raises, the address gave no answer
            return Answer(wanted.url, error=plain_error(error, web_host(wanted.url)))
        if (seconds := retry_after(response.headers)) is not None and response.status in {429, 503}:
            self.resting.add(host)
            frontier.leave_in_peace(self.looks.store, host, seconds)
        return self._kept(response, wanted)

    def _kept(self, response: Response, wanted: Ask) -> Answer:
        """The response as an answer; a page's also as evidence."""
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        told = {name.lower(): value for name, value in reversed(headers)}
        content_type = told.get("content-type", "")
        if wanted.icon:
            body = response.body if is_icon(content_type) and len(response.body) <= ICON_BYTES else b""
            return Answer(wanted.url, response.status, told, body)
        body = response.body if is_text(content_type) else b""
        is_kept = is_text(content_type) and response.status not in GONE
        evidence = self._evidence(response, headers) if is_kept else None
        names = certificate_names(response.certificate) if self.looks.direct else ()
        return Answer(wanted.url, response.status, told, body, evidence=evidence, certificate_names=names)

    def _evidence(self, response: Response, headers: list[tuple[str, str]]) -> EvidenceRef:
        now = self.looks.clock()
        ref = self.looks.evidence.write(response.url, response.status, headers, response.body, now)
        with self.looks.store.write() as tx:
            keep_evidence(tx, response.url, Fetched(ref, now, response.status))
        return ref


def certificate_names(certificate: Any) -> tuple[str, ...]:
    """The host names that a server's certificate is made for; none without one."""
    if certificate is None:
        return ()
    try:
        shown = certificate.original.to_cryptography()
        names = shown.extensions.get_extension_for_class(SubjectAlternativeName).value.get_values_for_type(DNSName)
    except (ExtensionNotFound, ValueError):
        return ()
    return tuple(sorted({name.lower() for name in names}))[:MOST_NAMES]
