"""`demo`: the program itself on a small simulated web, two simulated days in well under a minute."""

import json
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from rich.console import Console
from sqlalchemy import func, select

from app import show
from app.children import in_child
from app.crawling import fetch, stages
from app.demo_world import World, serving
from app.stages import Stages
from core.clock import fixed_clock
from core.settings import Config
from core.store import Store, watchlist
from core.store.tables import posts, tags
from core.yamlfile import ConfigError

END = datetime(2026, 11, 6, tzinfo=UTC)
CYCLE = timedelta(hours=6)
CYCLES = 8


def run(home: Path, shipped: Path, *, as_json: bool, port: int | None, end: datetime) -> None:
    """Crawls the simulated web cycle by cycle in a fresh home folder, and prints what came of it.

    Lexicons, host lists and weights are those of the configuration `shipped`; sources and platforms are the demo's
    own. The two days end at `end`. With a port the simulated web then stays up there, as a proxy, until it is
    interrupted.
    """
    out = Console(stderr=as_json, highlight=False, soft_wrap=True)
    config_folder = _configure(_emptied(home), shipped)
    start = end - CYCLES * CYCLE
    world = World(start)
    began = time.monotonic()
    out.print("Two simulated days on three invented boards. One of them dies on the second.\n")
    totals: Counter[str] = Counter()
    config = Config.load(config_folder)
    with serving(world, port or 0) as proxy, _consumers(config, home) as consumers:
        for cycle in range(1, CYCLES + 1):
            world.now = start + cycle * CYCLE
            # Crawled in a process of its own, as the service does it; the lexicons are read once.
            outcomes = in_child(fetch, list(config.sources), config_folder, home, world.now.isoformat(), proxy)
            here = replace(consumers, clock=fixed_clock(world.now))
            alerts = here.run()
            here.catch_up_index(config.settings.index_patience)
            brought: Counter[str] = Counter()
            for outcome in outcomes.values():
                brought.update(pages=outcome.pages, posts=outcome.posts_new, links=outcome.links)
            totals += brought
            down = [name for name, outcome in outcomes.items() if outcome.errors]
            news = f"  {', '.join(down)} does not answer" if down else ""
            news += f"  [bold]{alerts} new alert[/]" if alerts else ""
            out.print(f"{world.now:%a %d %b %H:%M}  {brought['pages']:3} pages  {brought['posts']:3} new posts{news}")
        summary = _summary(out, home, config_folder, totals, time.monotonic() - began)
        if as_json:
            sys.stdout.write(json.dumps(summary, ensure_ascii=False) + "\n")
            sys.stdout.flush()
        if port:
            out.print(f"\nThe simulated web stays up: give commands --proxy {proxy}. Ctrl-C ends it.")
            with suppress(KeyboardInterrupt):
                signal.pause()


def _emptied(home: Path) -> Path:
    """The demo's own folder, without what an earlier demo left; ConfigError rather than touch anybody else's."""
    mark = home / "made-by-demo"
    if mark.exists():
        shutil.rmtree(home)
    elif home.exists() and any(home.iterdir()):
        raise ConfigError([f"{home}: holds something that is no demo's; nothing was changed. Name another --home."])
    home.mkdir(parents=True, exist_ok=True)
    mark.touch()
    return home


def _configure(home: Path, shipped: Path) -> Path:
    folder = home / "config"
    for name in ("lexicons", "domains"):
        shutil.copytree(shipped / name, folder / name)
    for name in ("watch.yml", "taxonomy.yml"):
        shutil.copy(shipped / name, folder)
    for name, platform in (("harborchan", "harborchan"), ("lantern", "lantern"), ("quayside", "quayside")):
        source = {"platform": platform, "url": f"http://{name}.example/", "delay": 0, "schedule": "every 1h"}
        _write(folder / "sources" / f"{name}.yml", source)
    _write(folder / "settings.yml", {"probe_delay": 0})  # the web is simulated: nobody is bothered
    names = {"harborchan": "Harbor Chan", "lantern": "Lantern Board", "quayside": "Quayside Board"}
    for name, spelled in names.items():
        _write(
            folder / "platforms" / f"{name}.yml",
            {"names": [spelled, name], "domains": [f"{name}.example"], "engine": "vichan"},
        )
    return folder


def _write(path: Path, data: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(data, sort_keys=False), "utf-8")


@contextmanager
def _consumers(config: Config, home: Path) -> Iterator[Stages]:
    store = Store.open(home)
    try:
        consumers = stages(config, store, home, fixed_clock(END))
        yield consumers
        consumers.index.close()
    finally:
        store.close()


def _summary(out: Console, home: Path, config_folder: Path, totals: Counter[str], seconds: float) -> dict[str, object]:
    store = Store.open(home)
    with store.read() as view:
        per_source = {
            row[0]: row[1] for row in view.execute(select(posts.c.source, func.count()).group_by(posts.c.source))
        }
        found = [tag for row in view.execute(select(tags.c.tags)).scalars() for tag in row]
        alerts = watchlist.read_alerts(view)
    store.close()
    indicators = Counter(tag["rule"] for tag in found).most_common(5)
    out.print(f"\nCrawled in {seconds:.1f} s: {totals['pages']} pages, {totals['posts']} posts, {totals['links']} links "
              f"({', '.join(f'{name} {count}' for name, count in sorted(per_source.items()))})")  # fmt: skip
    out.print("Top indicators: " + ", ".join(f"{rule} ({count})" for rule, count in indicators))
    for alert in alerts:
        show.alert_lines(out)(alert, ())
    program = sys.argv[0]
    out.print("\nLook around:")
    for command in ("alerts", "candidates", "search tag:migration-call"):
        out.print(f"  {program} {command} --home {home} --config {config_folder}")
    return {
        "seconds": round(seconds, 1),
        **totals,
        "sources": per_source,
        "indicators": [{"rule": rule, "count": count} for rule, count in indicators],
        "alerts": [alert.model_dump(mode="json") for alert in alerts],
    }
