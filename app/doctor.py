"""`doctor`: what is set up, what is not, and what to do about it."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from core.settings import Config, Settings
from core.store import Store, StoreError
from core.store.log import POST, TAGGED, backlog
from core.yamlfile import ConfigError
from nlp.lexicon import load_lexicons
from nlp.pipeline import load_tagger
from search.index import IndexUnavailable, Search, open_index
from search.query import All
from watch.known import KnownPlaces
from watch.verdict import Weights


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    what: str
    ok: bool
    detail: str


def examine(config_folder: Path, home: Path) -> list[Finding]:
    """Looks at everything a crawl needs; later findings assume that the configuration could be read."""
    try:
        config = Config.load(config_folder)
        known = KnownPlaces.load(config)
        Weights.load(config_folder)
    except ConfigError as error:
        return [Finding("configuration", ok=False, detail=str(error))]
    enabled = sum(source.enabled for source in config.sources.values())
    counted = f"{len(config.sources)} sources ({enabled} enabled), {len(config.platforms)} platforms, {len(known.places)} known places"  # noqa: E501
    return [
        Finding("configuration", ok=True, detail=counted),
        _look("lexicons", ConfigError, lambda: _lexicons(config_folder)),
        _look("home", OSError, lambda: _home(home)),
        _look("store", StoreError, lambda: _store(home, config.settings)),
        _look("index", IndexUnavailable, lambda: _index(home, config.settings)),
    ]


def _look(what: str, trouble: type[Exception], examined: Callable[[], str]) -> Finding:
    try:
        return Finding(what, ok=True, detail=examined())
    except trouble as error:
        return Finding(what, ok=False, detail=str(error))


def _lexicons(folder: Path) -> str:
    """Counts, after every indicator's own examples were tried."""
    rules = load_lexicons(folder / "lexicons")
    tagger = load_tagger(folder)
    complaints = []
    for rule, indicator in rules.items():
        for wanted, examples in ((True, indicator.match), (False, indicator.no_match)):
            for example, result in zip(examples, tagger.tag((example, None) for example in examples), strict=True):
                if (rule in {tag.rule for tag in result.tags}) != wanted:
                    complaints.append(f"{rule}: {'does not match' if wanted else 'matches'} its example {example!r}")
    if complaints:
        raise ConfigError(complaints)
    return f"{len(rules)} indicators, {sum(len(rule.forms) for rule in rules.values())} forms, all examples hold"


def _home(home: Path) -> str:
    home.mkdir(parents=True, exist_ok=True)
    if not os.access(home, os.W_OK):
        raise PermissionError(f"{home} cannot be written; name another --home")
    return str(home)


def _store(home: Path, settings: Settings) -> str:
    store = Store.open(home, settings.database)
    with store.read() as view:
        waiting = f"waiting to be tagged: {backlog(view, 'tag', POST)}, watched: {backlog(view, 'watch', TAGGED)}"
    store.close()
    return waiting


def _index(home: Path, settings: Settings) -> str:
    index = open_index(settings, home)
    store = Store.open(home, settings.database)
    try:
        with store.read() as view:
            waiting = backlog(view, index.cursor, TAGGED)
        return f"{settings.index}, {index.search(Search(All(), limit=0)).total} posts, waiting to be indexed: {waiting}"
    finally:
        index.close()
        store.close()
