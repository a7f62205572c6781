"""`doctor`: what is set up, what is not, and what to do about it."""

import os
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass
from pathlib import Path

from core.settings import Config, Settings
from core.store import Store, StoreError, deliveries
from core.store.log import POST, TAGGED, backlog
from core.yamlfile import ConfigError
from nlp.lexicon import place_of
from nlp.pipeline import NEAR, LexiconComponent, Tagger, load_tagger
from search.index import IndexUnavailable, Search, open_index
from search.query import All
from watch.delivery.channels import load_channels
from watch.delivery.senders import NotSent
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
        channels = load_channels(config_folder)
    except ConfigError as error:
        return [Finding("configuration", ok=False, detail=str(error))]
    enabled = sum(source.enabled for source in config.sources.values())
    counted = f"{len(config.sources)} sources ({enabled} enabled), {len(config.platforms)} platforms, {len(known.places)} known places, {len(channels)} alert channels"  # noqa: E501
    return [
        Finding("configuration", ok=True, detail=counted),
        _look("lexicons", ConfigError, lambda: _lexicons(config_folder)),
        _look("home", OSError, lambda: _home(home)),
        _look("store", StoreError, lambda: _store(home, config.settings)),
        _look("index", IndexUnavailable, lambda: _index(home, config.settings)),
        _look("alert channels", (StoreError, NotSent), lambda: _channels(home, config.settings, list(channels))),
    ]


def _look(what: str, trouble: type[Exception] | tuple[type[Exception], ...], examined: Callable[[], str]) -> Finding:
    try:
        return Finding(what, ok=True, detail=examined())
    except trouble as error:
        return Finding(what, ok=False, detail=str(error))


def _lexicons(folder: Path) -> str:
    """Counts, after every indicator's own examples were tried; ConfigError says which fail, why, and the cure."""
    tagger = load_tagger(folder, classify=False)
    rules = _component(tagger).rules
    tried = [(rule, key, text) for rule, indicator in rules.items()
             for key in ("match", "no_match") for text in getattr(indicator, key)]  # fmt: skip
    complaints = []
    for (rule, key, text), result in zip(tried, tagger.tag((text, None) for _, _, text in tried), strict=True):
        found = [tag.matched for tag in result.tags if tag.rule == rule]
        if bool(found) != (key == "match"):
            why = f"{found[0]!r} in it is tagged; {QUIETER}" if found else _why_not(tagger, rule, text)
            complaints.append(f"{place_of(folder / 'lexicons', rule)}: {rule}: {key} {text!r}: {why}")
    if complaints:
        raise ConfigError(complaints)
    forms = sum(len(indicator.forms) for indicator in rules.values())
    return f"{len(rules)} indicators, {forms} forms, all {len(tried)} examples hold"


QUIETER = "give `unless` a word of such texts or `needs` words of telling ones, or drop the form"


def _why_not(tagger: Tagger, rule: str, text: str) -> str:
    """Why a text is not tagged with an indicator, found by leaving out what may forbid it; and what to do."""
    component = _component(tagger)
    doc = tagger.prepare(text)
    taken_for = ", ".join(doc.user_data["languages"])
    lenient = copy(component)
    everywhere = component.rules[rule].model_copy(update={"languages": ()})
    for part, without, why in (
        ("needs", {}, f"no word of `needs` is within {NEAR} words of the form; add one, or mend the text"),
        ("unless", {}, f"a word of `unless` is within {NEAR} words of the form; drop it, or mend the text"),
        ("rules", {**component.rules, rule: everywhere},
         f"it is taken for another language ({taken_for}); make it longer, or mend `languages`"),
    ):  # fmt: skip
        setattr(lenient, part, without)
        if any(tag.rule == rule for tag in lenient(doc).user_data["tags"]):
            return why
    return "none of its forms is in it, word for word; add the one that is, or mend the text"


def _component(tagger: Tagger) -> LexiconComponent:
    component = tagger.nlp.get_pipe("fringewatch_lexicon")
    assert isinstance(component, LexiconComponent)
    return component


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


def _channels(home: Path, settings: Settings, names: Sequence[str]) -> str:
    """What waits to be told; NotSent names the channels whose message is on its way and was not accepted yet."""
    store = Store.open(home, settings.database)
    with store.read() as view:
        late = {name: row for name in names if (row := deliveries.on_its_way(view, name)) and row.error}
        waiting = {name: count for name in names if (count := len(deliveries.waiting(view, name)))}
    store.close()
    if late:
        raise NotSent(
            "; ".join(
                f"{name}: {row.error} ({row.attempts} attempts, next {row.next_at:%Y-%m-%d %H:%M})"
                for name, row in late.items()
            )
            + "; try one with `fringewatch alerts test CHANNEL`"
        )
    counted = ", ".join(f"{name} {count}" for name, count in waiting.items())
    return f"{', '.join(names) or 'none'}; alerts waiting to be told: {counted or 'none'}"
