"""Sources: added by address, tried without keeping anything, listed with their health."""

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select

from app.children import in_child
from app.crawling import next_crawl
from core.clock import Clock, fixed_clock
from core.hosts import web_host
from core.records import Post
from core.settings import Config, Settings, SourceConfig
from core.store import Store, frontier
from core.store.commits import read_post
from core.store.tables import posts
from core.yamlfile import ConfigError
from crawler.crawl import Outcome, crawl_sources

TRIAL_PAGES = 8
"""Pages that a trial asks for: enough to reach a thread from a front page."""
SAMPLE = 3


@dataclass(frozen=True)
class Trial:
    """What trying a source gave. Nothing of it is kept."""

    name: str
    engine: str | None
    outcome: Outcome
    posts: int
    sample: Sequence[Post] = ()
    written: Path | None = None
    errors: Sequence[str] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether it was reached, understood, and gave posts."""
        return self.posts > 0 and not self.errors

    @property
    def summary(self) -> str:
        """One line."""
        return f"engine {self.engine or 'unknown'}, {self.posts} posts on {self.outcome.pages} pages tried"

    def as_json(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "name": self.name,
            "engine": self.engine,
            "pages": self.outcome.pages,
            "posts": self.posts,
            "sample": [post.public() for post in self.sample],
            "errors": list(self.errors),
            "written": str(self.written) if self.written else None,
        }


def add_source(
    config: Config, url: str, name: str | None, platform: str | None, proxy: str | None, clock: Clock
) -> Trial:
    """Tries a site; where it gives posts, writes config/sources/NAME.yml with the engine found.

    Raises ConfigError for an address that is none and a name that is taken.
    """
    host = web_host(url)
    if host is None:
        raise ConfigError([f"{url}: expected an address that starts with http:// or https://"])
    name = name or source_name(host)
    path = config.folder / "sources" / f"{name}.yml"
    if path.exists():
        raise ConfigError([f"{path}: there is a source of this name; choose another with --name, or edit that file"])
    given: dict[str, Any] = {"platform": platform or name, "url": url}
    trial = _try(config, name, SourceConfig.model_validate(given), proxy, clock)
    if not trial.ok:
        return trial
    path.parent.mkdir(parents=True, exist_ok=True)
    written = {**given, "engine": trial.engine, "schedule": "every 15m", "delay": "1s"}
    path.write_text(
        "# Added by `fringewatch source add`; CONTRIBUTING.md explains each key.\n"
        + yaml.safe_dump(written, sort_keys=False, allow_unicode=True),
        "utf-8",
    )
    return Trial(name, trial.engine, trial.outcome, trial.posts, trial.sample, path)


def source_name(address: str) -> str:
    """What a source is called where nobody names it: after its host, or host and path."""
    return re.sub(r"[^a-z0-9]+", "-", address.removeprefix("www.").lower()).strip("-")


def known_sources(config: Config, names: Sequence[str] | None) -> list[str]:
    """The named sources, or all enabled ones; ConfigError for an unknown name."""
    if unknown := sorted(set(names or ()) - set(config.sources)):
        raise ConfigError([f"{config.folder / 'sources'}: no source {', '.join(unknown)}"])
    return list(names or ()) or [name for name, source in config.sources.items() if source.enabled]


def check_source(config: Config, name: str, proxy: str | None, clock: Clock) -> Trial:
    """Tries a configured source."""
    return _try(config, name, config.sources[name], proxy, clock)


def list_sources(config: Config, store: Store, clock: Clock) -> list[dict[str, Any]]:
    """Every source with its last and next crawl and how many posts it gave."""
    rows = []
    with store.read() as view:
        count = select(posts.c.source, func.count().label("posts")).group_by(posts.c.source)
        counts: dict[str, int] = {row.source: row.posts for row in view.execute(count)}
        for name, source in sorted(config.sources.items()):
            last = frontier.last_crawl(view, name)
            due = (next_crawl(source, last) or clock()) if source.enabled else None
            rows.append(
                {
                    "source": name,
                    "platform": source.platform,
                    "engine": last.engine if last and source.engine == "auto" else source.engine,
                    "kind": source.kind,
                    "language": source.language,
                    "url": source.url,
                    "enabled": source.enabled,
                    "schedule": source.schedule,
                    "last_crawl": last.started_at.isoformat() if last else None,
                    "next_crawl": due.isoformat() if due else None,
                    "posts": counts.get(name, 0),
                    "errors": len(last.errors) if last else 0,
                }
            )
    return rows


def _try(config: Config, name: str, source: SourceConfig, proxy: str | None, clock: Clock) -> Trial:
    """A short crawl into a store of its own, thrown away after."""
    settings = config.settings.model_copy(update={"crawl_pages": TRIAL_PAGES, "database": None})
    with tempfile.TemporaryDirectory(prefix="fringewatch-trial-") as folder:
        return in_child(_trial, name, source, settings, Path(folder), config.folder, proxy, clock())


def _trial(
    name: str, source: SourceConfig, settings: Settings, home: Path, folder: Path, proxy: str | None, now: Any
) -> Trial:
    config = Config(folder=folder, settings=settings, sources={name: source}, platforms={})
    store = Store.open(home)
    outcome = crawl_sources(
        [name], config=config, store=store, home=home, clock=fixed_clock(now), proxy=proxy,
        progress=lambda *_: None, trial=True,
    )[name]  # fmt: skip
    with store.read() as view:
        engine = source.engine if source.engine != "auto" else getattr(frontier.last_crawl(view, name), "engine", None)
        total = view.execute(select(func.count()).select_from(posts)).scalar_one()
        sample = [
            read_post(row) for row in view.execute(select(posts).order_by(posts.c.posted_at.desc()).limit(SAMPLE))
        ]
    store.close()
    errors = [f"{error['url']}: {error['why']}" for error in outcome.errors]
    if not total and not errors:
        errors = ["reached, but no post was found in its first pages"]
    return Trial(name, engine, outcome, total, sample, errors=errors)
