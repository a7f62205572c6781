"""Simulated worlds: what the watch makes of them, cycle by cycle. The truth stays in a process of its own until asked.

A world is a command that answers questions on its standard input, one JSON object a line (`tests/world` is one):
`config` (writes sources and platforms), `posts` (what was published since the last question), `get` (one address at one
moment), `truth`. The fetching of boards is left out, since that is measured elsewhere; what posts point at is looked
at through the world's own pages, by the program's own looks.
"""

import base64
import hashlib
import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from app.crawling import shown
from app.stages import ROUNDS
from core.clock import fixed_clock, parse_moment
from core.probes import Due, Probe
from core.records import Attachment, Post, PublishedPost, TaggedPost
from core.settings import Config
from core.store import Store, watchlist
from crawler.adopt import Adopter
from crawler.errors import PageError
from crawler.links import links_in, links_in_names, merged
from crawler.page import Document
from crawler.probe import Answer, Read, look
from nlp.pipeline import Tagger, TagResult, load_tagger
from watch.known import KnownPlaces
from watch.measures import CYCLE, Outcome, Seen
from watch.signals import Case
from watch.stage import due_places, judge_touched, keep_seen, take_probes
from watch.verdict import Verdict, Weights

LOOKS = 60
"""Candidates that are looked at in one cycle, at most."""
REMEMBERED = 20_000
"""Pages whose reading is kept."""
KEY = b"a world's pseudonyms need no secret"


class WorldError(Exception):
    """A world's process said something else than was asked for; says what."""


class World:
    """A world in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @classmethod
    @contextmanager
    def begun(cls, command: str, seed: int) -> Iterator[Self]:
        """The world of a command line, in which `{seed}` stands for the number."""
        words = [word.replace("{seed}", str(seed)) for word in shlex.split(command)]
        words[:1] = [sys.executable] if words[:1] == ["python"] else words[:1]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:  # noqa: S603 - the caller's
            try:
                yield cls(process)
            finally:
                process.kill()

    def ask(self, what: str, **more: str) -> dict[str, Any]:
        """One answer. Raises WorldError where there is none."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        line = b""
        try:
            self._process.stdin.write(json.dumps({"ask": what, **more}).encode() + b"\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
            answer: dict[str, Any] = json.loads(line)
        except (BrokenPipeError, ValueError):
            raise WorldError(f"the world did not answer {what!r}: {line[:200]!r}") from None
        return answer

    def get(self, url: str, now: datetime) -> Answer:
        """What an address answers at a moment."""
        told = self.ask("get", url=url, at=now.isoformat())
        if "error" in told:
            return Answer(url, error=told["error"])
        headers = {name.lower(): value for name, value in told["headers"].items()}
        return Answer(url, told["status"], headers, base64.b64decode(told["body"]))


def run_world(
    command: str, seed: int, config: Path, weights: Weights, threshold: float, off: Sequence[str] = ()
) -> Outcome:
    """The watch over one whole world, with the lexicons and host lists of a configuration folder.

    Signals of the families in `off` count nothing.
    """
    with TemporaryDirectory() as temporary, World.begun(command, seed) as world:
        folder = Path(temporary)
        for name in ("lexicons", "domains"):
            shutil.copytree(config / name, folder / name)
        shutil.copy(config / "taxonomy.yml", folder)
        told = world.ask("config", folder=str(folder))
        tagger = load_tagger(folder)
        store = Store.open(folder / "home")
        try:
            program = _Program(world, store, Config.load(folder), tagger, without(weights, off), threshold)
            now, end = parse_moment(told["start"]), parse_moment(told["end"])
            while now <= end:
                program.cycle(now)
                now += CYCLE
            with store.read() as view:
                alerts = watchlist.read_alerts(view)
            whole = [alert for alert in alerts if all(line.posts or line.urls for line in alert.evidence)]
            complete = len(whole) / len(alerts) if alerts else 1.0
        finally:
            store.close()
        days = (end - parse_moment(told["start"])) / timedelta(days=1)
        return Outcome(seed, program.seen, world.ask("truth"), days, complete)


def run_worlds(
    command: str,
    seeds: Sequence[int],
    config: Path,
    weights: Weights,
    threshold: float,
    *,
    off: Sequence[str] = (),
    workers: int = 1,
) -> list[Outcome]:
    """Many worlds, `workers` at once, with their progress on a terminal."""
    with ProcessPoolExecutor(workers, mp_context=get_context("forkserver")) as pool, shown("worlds") as bar:
        task = bar.add_task("watching", total=len(seeds))
        waiting = [pool.submit(run_world, command, seed, config, weights, threshold, off) for seed in seeds]
        for _ in as_completed(waiting):
            bar.advance(task)
        return [one.result() for one in waiting]


def without(weights: Weights, off: Sequence[str]) -> Weights:
    """The weights with some families' signals worth nothing."""
    signals = {
        name: signal.model_copy(update={"going": 0.0, "operator": 0.0}) if signal.family in off else signal
        for name, signal in weights.signals.items()
    }
    return weights.model_copy(update={"signals": signals})


@dataclass
class _Program:
    """The watch's part of the program, over one world."""

    world: World
    store: Store
    config: Config
    tagger: Tagger
    weights: Weights
    threshold: float
    seen: list[Seen] = field(default_factory=list)
    read: dict[tuple[object, ...], Any] = field(default_factory=dict)
    """What pages gave that were read before."""
    standing: dict[str, tuple[str | None, float]] = field(default_factory=dict)
    """Each candidate's platform and probability now."""

    def __post_init__(self) -> None:
        self.known = KnownPlaces.load(self.config)
        self.adopters = {
            name: Adopter(name, source, site_numbers=False, key=KEY) for name, source in self.config.sources.items()
        }

    def cycle(self, now: datetime) -> None:
        """One hour: what was posted meanwhile, verdicts, looks, verdicts."""
        clock, get = fixed_clock(now), partial(self.world.get, now=now)
        told = self.world.ask("posts", until=now.isoformat())["posts"]
        posts = list({post.id: post for post in (self._post(one, now) for one in told)}.values())
        if posts:
            with self.store.write() as tx:
                keep_seen(tx, self.known, self._tagged(posts))
            self._judge(clock, looks_follow=True)
        failing = self._failing(get)
        for _ in range(ROUNDS):
            if due := due_places(self.store, self.known, clock, LOOKS, failing):
                take_probes(self.store, self.known, [self._look(one, get, now) for one in due])
                self._judge(clock)

    def _look(self, due: Due, get: Callable[[str], Answer], now: datetime) -> Probe:
        given: dict[str, Any] = {"known_keys": due.keys, "glance": due.glance, "read": self._read}
        return look(due.place, due.url, get, KEY, now, **given)

    def _failing(self, get: Callable[[str], Answer]) -> list[str]:
        """Sources whose entry page a crawl would not get."""
        answers = ((name, get(self.config.sources[name].url)) for name in self.known.site_of)
        return [name for name, answer in answers if not answer.found]

    def _read(self, step: Read) -> Any:
        """What reading a page gives; the same page of the same place gives the same."""
        document, *more = step.args
        if not isinstance(document, Document):
            return step.work(*step.args)
        key = (step.work, document.url, document.status, hashlib.sha256(document.body).digest(), *map(repr, more))
        if key not in self.read:
            if len(self.read) > REMEMBERED:
                self.read.clear()
            try:
                self.read[key] = step.work(*step.args)
            except PageError as error:
                self.read[key] = error
        if isinstance(self.read[key], PageError):
            raise self.read[key]
        return self.read[key]

    def _post(self, told: Mapping[str, Any], now: datetime) -> Post:
        fields = {name: told.get(name) for name in PublishedPost.model_fields if told.get(name) is not None}
        attachments = tuple(Attachment(**one) for one in told.get("attachments", ()))
        text, anchors = told.get("text") or "", [one["url"] for one in told.get("links", ())]
        links = merged(links_in(text, anchors), links_in_names(attachments))
        fields |= {"text": text, "links": links, "attachments": attachments, "quotes": tuple(told.get("quotes", ()))}
        missing = {name: None for name in ("board", "thread", "url", "posted_at") if name not in fields}
        return self.adopters[told["source"]].post(PublishedPost(**fields, **missing), None, now)

    def _tagged(self, posts: Sequence[Post]) -> list[TaggedPost]:
        """Tags of those that point somewhere: the watch reads no others'."""
        points = [post for post in posts if any(self.known.candidate_key(link) for link in post.links)]
        found = dict(zip((post.id for post in points),
                         self.tagger.tag((post.text, post.language) for post in points), strict=True))  # fmt: skip
        nothing = TagResult("und", ())
        told = ((post, found.get(post.id, nothing)) for post in posts)
        return [TaggedPost(post=post, tags=result.tags, scores=result.scores) for post, result in told]

    def _judge(self, clock: Callable[[], datetime], *, looks_follow: bool = False) -> None:
        judged: list[tuple[Case, Verdict]] = []
        judge_touched(
            self.store, self.known, self.weights, self.threshold, clock, lambda *one: judged.append(one),
            looks_follow=looks_follow,
        )  # fmt: skip
        self.standing |= {case.place: (verdict.platform, verdict.probability) for case, verdict in judged}
        for case, verdict in judged:
            self.seen.append(
                Seen(
                    at=clock(), place=case.place, platform=verdict.platform, probability=verdict.probability,
                    same_operator=verdict.same_operator, relation=verdict.relation,
                    alerts=verdict.alerts(self.threshold) and not (looks_follow and not case.looks),
                    rank=self._rank(verdict),
                    mentions=case.mentions, values=verdict.values,
                )
            )  # fmt: skip

    def _rank(self, verdict: Verdict) -> int:
        """Its place among the candidates of its platform; 1 where none is likelier."""
        return 1 + sum(platform == verdict.platform and probability > verdict.probability
                       for platform, probability in self.standing.values())  # fmt: skip
