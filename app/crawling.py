"""`crawl`: fetch what is due, then run every consumer to the end of the log."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from apscheduler.triggers.cron import CronTrigger
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from app.children import ChildFailed, in_child, ready
from app.stages import Looks, Stages
from core.clock import Clock, clock_at
from core.home import claimed
from core.probes import Due, Probe
from core.settings import Config, SourceConfig
from core.store import Store, frontier
from core.store.commits import Counts, PageResult
from core.yamlfile import ConfigError
from crawler.crawl import Outcome, crawl_sources
from crawler.guard import is_public
from crawler.probing import LooksFailed, probe_places
from nlp.pipeline import load_tagger
from search.index import open_index
from watch.delivery.channels import load_channels
from watch.delivery.outbox import Deliverer
from watch.delivery.senders import Means, Show
from watch.known import KnownPlaces
from watch.outages import OutageWords
from watch.verdict import Weights


@dataclass(frozen=True)
class Report:
    """What one `crawl` did."""

    sources: Mapping[str, Outcome]
    alerts_new: int
    failures: Sequence[str]
    """Everything that did not go well, a line each."""


def stages(config: Config, store: Store, home: Path, clock: Clock) -> Stages:
    """The consumers of this configuration; ConfigError where lexicons, weights or host lists do not fit."""
    return Stages(
        store=store,
        clock=clock,
        config=config,
        tagger=load_tagger(config.folder, thorough=config.settings.thorough),
        index=open_index(config.settings, home),
        known=KnownPlaces.load(config),
        weights=Weights.load(config.folder),
        outage_words=OutageWords.load(config.folder),
    )


def crawl_once(
    names: Sequence[str],
    *,
    config: Config,
    store: Store,
    home: Path,
    clock: Clock,
    proxy: str | None,
    alert_shown: Show | None,
) -> Report:
    """Crawls the named sources, or those that are due, then tags, watches and indexes.

    Raises ConfigError for a name that is no source. Configuration is checked whole before anything is fetched.
    """
    if unknown := sorted(set(names) - set(config.sources)):
        known = ", ".join(sorted(config.sources)) or "none yet; add one with `fringewatch source add URL`"
        raise ConfigError([f"{config.folder / 'sources'}: no source {', '.join(unknown)}; there are: {known}"])
    ready()
    consumers = stages(config, store, home, clock)
    telling = deliverer(config, store, home, clock, alert_shown)
    chosen = list(dict.fromkeys(names)) or due_sources(config, store, clock())
    with pages_shown() as progress:
        outcomes = crawl_sources(
            chosen, config=config, store=store, home=home, clock=clock, proxy=proxy, progress=progress
        )
    failures = [
        f"{name}: {error['url']}: {error['why']}" for name, outcome in outcomes.items() for error in outcome.errors
    ]
    alerts = 0
    with claimed(home, "consumers") as mine:
        if mine:
            looks = looker(config, home, clock, proxy, failures) if config.settings.probes else None
            alerts = consumers.run(looks, [name for name, outcome in outcomes.items() if outcome.errors])
    failures += telling.run()
    failures += index_now(consumers, home)
    return Report(outcomes, alerts, failures)


def looker(config: Config, home: Path, clock: Clock, proxy: str | None, failures: list[str]) -> Looks:
    """Looks at places in a process of its own; what goes wrong with all of them is added to `failures`."""

    def looks(places: Sequence[Due]) -> Sequence[Probe]:
        try:
            seconds = config.settings.crawl_seconds
            return in_child(look, places, config.folder, home, clock().isoformat(), proxy, seconds=seconds)
        except (ChildFailed, LooksFailed) as error:
            failures.append(f"looks at {len(places)} places: {error}; they are looked at again by the next run")
            return ()

    return looks


def look(places: Sequence[Due], folder: Path, home: Path, now: str | None, proxy: str | None) -> list[Probe]:
    """Looks at places and nothing else: for a process of its own."""
    with _opened(folder, home) as (config, store):
        return probe_places(
            places, config=config, store=store, home=home, clock=clock_at(now), proxy=proxy, progress=lambda *_: None
        )


@contextmanager
def _opened(folder: Path, home: Path) -> Iterator[tuple[Config, Store]]:
    """Configuration and store of a process of its own."""
    config = Config.load(folder)
    store = Store.open(home, config.settings.database)
    try:
        yield config, store
    finally:
        store.close()


def deliverer(config: Config, store: Store, home: Path, clock: Clock, show: Show | None) -> Deliverer:
    """What tells the configured channels; ConfigError where one does not fit."""
    families = {name: signal.family for name, signal in Weights.load(config.folder).signals.items()}
    return Deliverer(store, load_channels(config.folder), families, clock, Means(home, is_public, show))


def index_now(consumers: Stages, home: Path) -> list[str]:
    """Indexes to the end of the log unless a running service does; why it could not, if so. Closes the index."""
    why = None
    with claimed(home, "indexer") as mine:
        if mine:
            why = consumers.catch_up_index(consumers.config.settings.index_patience)
    consumers.index.close()
    return [why] if why else []


@dataclass(frozen=True)
class Retagged:
    """What one `retag` did."""

    posts_changed: int
    alerts_new: int
    failures: Sequence[str]


def retag(*, config: Config, store: Store, home: Path, clock: Clock, alert_shown: Show | None) -> Retagged:
    """Applies the lexicons to every post once more, then watches and indexes those whose tags changed.

    Raises ConfigError where a lexicon does not fit: nothing is touched then.
    """
    consumers = stages(config, store, home, clock)
    telling = deliverer(config, store, home, clock, alert_shown)
    with claimed(home, "consumers") as mine:
        if not mine:
            consumers.index.close()
            raise ConfigError([f"{home}: a running service tags here; stop it, then retag, then start it again"])
        with shown("posts") as bar:
            task = bar.add_task("tagging", total=None)
            changed = consumers.retag(lambda read, total: bar.update(task, completed=read, total=total))
        alerts = consumers.run()
    failures = telling.run()
    return Retagged(changed, alerts, failures + index_now(consumers, home))


def fetch(names: Sequence[str], folder: Path, home: Path, now: str | None, proxy: str | None) -> dict[str, Outcome]:
    """Crawls sources and nothing else, from a configuration folder: for a process of its own."""
    with _opened(folder, home) as (config, store):
        return crawl_sources(
            names, config=config, store=store, home=home, clock=clock_at(now), proxy=proxy, progress=lambda *_: None
        )


def due_sources(config: Config, store: Store, now: datetime) -> list[str]:
    """Enabled sources whose schedule says so now."""
    with store.read() as view:
        due = {name: next_crawl(source, frontier.last_crawl(view, name)) for name, source in config.sources.items()}
    return [
        name for name, source in config.sources.items() if source.enabled and ((at := due[name]) is None or at <= now)
    ]


def next_crawl(source: SourceConfig, last: object) -> datetime | None:
    """When a source is due after its last crawl; None for at once (never crawled, or cut short)."""
    started: datetime | None = getattr(last, "started_at", None)
    if started is None or getattr(last, "ended_at", None) is None:
        return None
    if source.interval is not None:
        return started + source.interval
    fires = CronTrigger.from_crontab(source.schedule, timezone="UTC").get_next_fire_time(
        None, started + timedelta(seconds=1)
    )
    return fires if isinstance(fires, datetime) else None


@contextmanager
def pages_shown() -> Iterator[Callable[[str, PageResult, Counts], None]]:
    """A line of progress a source on a terminal; nothing in a pipe."""
    tasks: dict[str, TaskID] = {}
    with shown("pages") as bar:

        def page(source: str, _result: PageResult, _counts: Counts) -> None:
            if source not in tasks:
                tasks[source] = bar.add_task(source, total=None)
            bar.advance(tasks[source])

        yield page


def shown(what: str) -> Progress:
    """Progress on a terminal, nothing in a pipe."""
    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        MofNCompleteColumn(),
        TextColumn(what),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
