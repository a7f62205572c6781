"""From the store's log to alerts: every consumer run to the end of the log."""

import logging
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from core.clock import Clock
from core.probes import Due, Probe
from core.settings import Config
from core.store import Store
from core.store.log import POST, TAGGED, backlog, consume, entries_after, head, position, rewind
from core.store.tagged import read_posts, read_tagged, save_tags
from nlp.pipeline import Tagger
from search.index import IndexUnavailable, PostIndex
from watch.known import KnownPlaces
from watch.outages import OutageWords, tell_outages
from watch.stage import due_places, judge_touched, take_probes, take_sightings
from watch.verdict import Weights

logger = logging.getLogger(__name__)

Looks = Callable[[Sequence[Due]], Sequence[Probe]]
"""Looks at places."""
ROUNDS = 2
"""What a known site is found to point at in the first is looked at in the second."""

TAGGER = "tag"
"""The tagger's cursor."""
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
"""Seconds between attempts at an index that does not answer: doubled from the first to the longest."""


@dataclass(frozen=True)
class Stages:
    """Everything the consumers work with."""

    store: Store
    clock: Clock
    config: Config
    tagger: Tagger
    index: PostIndex
    known: KnownPlaces
    weights: Weights
    outage_words: OutageWords

    def run(self, looks: Looks | None = None, failing: Collection[str] = ()) -> int:
        """Every consumer but the indexer to the end of the log; how many alerts are new.

        `looks` looks at places, `failing` names sources whose site does not answer. Nobody's alert waits for the index.
        """
        while self.tag():
            pass
        while take_sightings(self.store, self.known, self.clock, self.config.settings.batch):
            pass
        new = self._judge(looks_follow=looks is not None)
        if looks is not None:
            for _ in range(ROUNDS):
                new += self._look(looks, failing)
        return new

    def _look(self, looks: Looks, failing: Collection[str]) -> int:
        due = due_places(self.store, self.known, self.clock, self.config.settings.probes, failing)
        if due:
            take_probes(self.store, self.known, looks(due))
        new = self._judge()
        return new + tell_outages(self.store, self.known, self.outage_words, (one.place for one in due), self.clock)

    def _judge(self, *, looks_follow: bool = False) -> int:
        threshold = self.config.settings.alert_threshold
        return judge_touched(self.store, self.known, self.weights, threshold, self.clock, looks_follow=looks_follow)

    def retag(self, show: Callable[[int, int], None]) -> int:
        """Tags every post anew, as after a change of the lexicons; how many posts' tags changed.

        `show(read, all)` after each batch. Killed meanwhile, any later run goes on where this one was.
        """
        while self.tag():  # what is new is logged whether its tags change or not: a deletion too
            pass
        with self.store.write() as tx:
            known = position(tx, TAGGER)
            rewind(tx, TAGGER, self.clock)
            before = head(tx)
            total = backlog(tx, TAGGER, POST)
        read = 0
        while batch := self.tag(known):
            read += batch
            show(min(read, total), total)
        with self.store.read() as view:
            return entries_after(view, before, TAGGED)

    def tag(self, known: int = 0) -> int:
        """Tags one batch of what is new in the log; of how many posts.

        Of entries up to `known`, which were read before, only posts whose tags change are logged.
        """
        with consume(self.store, TAGGER, POST, self.config.settings.batch, self.clock) as batch:
            with self.store.read() as view:
                posts = read_posts(view, batch.subjects)
            results = self.tagger.tag((post.text, post.language) for post in posts)
            batch.save(
                save_tags,
                [
                    (post.id, post.revision, result.lang, result.tags, result.scores)
                    for post, result in zip(posts, results, strict=True)
                ],
                only_changed=batch.end <= known,
            )
        return len(batch.subjects)

    def index_batch(self) -> int:
        """Indexes one batch of what was tagged; how many log entries were read. Raises IndexUnavailable."""
        with consume(self.store, self.index.cursor, TAGGED, self.config.settings.batch, self.clock) as batch:
            if batch.subjects:
                with self.store.read() as view:
                    posts = read_tagged(view, batch.subjects)
                self.index.put(posts)
        return batch.end - batch.start

    def catch_up_index(self, patience: float, pause: Callable[[float], object] = time.sleep) -> str | None:
        """Indexes to the end of the log, waiting with back-off for an index that does not answer.

        None, or why it gave up: no answer for `patience` seconds, or `pause` returned true. The cursor waits.
        """
        wait, until = FIRST_WAIT, time.monotonic() + patience
        while True:
            try:
                while self.index_batch():
                    wait, until = FIRST_WAIT, time.monotonic() + patience
            except IndexUnavailable as error:
                left = until - time.monotonic()
                if left <= 0:
                    return f"the index does not answer ({error}); nothing is lost, the next run goes on from here"
                logger.warning("the index does not answer (%s); trying again in %.1f s", error, min(wait, left))
                if pause(min(wait, left)):
                    return "told to stop"
                wait = min(2 * wait, LONGEST_WAIT)
            else:
                return None
