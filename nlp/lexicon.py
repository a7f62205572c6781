"""The lexicons: indicators as data, read strictly."""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field

from core.records import Record
from core.yamlfile import ConfigError, Lines, load_yaml, validate
from nlp.fold import ENDS, phrase_of
from nlp.taxonomy import TAXONOMY_FILE, load_taxonomy

SHARED_KEYS = ("label", "severity", "source", "languages")
"""What a file may give once at its top for all of its indicators."""
ALONE = 3
"""Letters that a single word needs to be looked for without another word near it."""
SIGNS = re.compile("[卐卍\u16a0-\u16f8]+")
"""Letters, runes among them, that nobody writes words with today."""

Place = tuple[Any, ...]
"""The way to a value in a file: keys and positions."""


class Indicator(Record):
    """One indicator: what it looks like, what it means, who says so, and examples that are tested."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    label: str = Field(pattern=r"^[a-z][a-z-]*$")
    """One of the taxonomy's."""
    severity: int = Field(ge=1, le=5)
    forms: tuple[str, ...] = Field(min_length=1)
    source: str
    """Public reference: where it is documented."""
    languages: tuple[str, ...] = ()
    """Only in posts of these languages, where a post's language is known; empty: in all."""
    needs: tuple[str, ...] = ()
    """Words of which one must stand near: for codes and phrases that alone say nothing."""
    unless: tuple[str, ...] = ()
    """Words of which none may stand near: what the same phrase is about in everyday talk."""
    match: tuple[str, ...] = Field(min_length=1)
    """Texts that must be tagged with it."""
    no_match: tuple[str, ...] = Field(min_length=1)
    """Texts that must not: the everyday use, the homonym, the longer word."""

    @cached_property
    def phrases(self) -> tuple[tuple[str, ...], ...]:
        """The forms as the words that they are compared as."""
        return tuple(phrase_of(form) for form in self.forms)


def load_lexicons(folder: Path) -> Mapping[str, Indicator]:
    """All indicators of `folder/*.yml` by rule name, `FILE/ID`.

    A file is `indicators:` (a list) and, optionally, label, severity, source and languages for all of them. Labels are
    those of the taxonomy beside the folder; where there is none, any.
    Raises ConfigError with file, line and key of everything that does not fit.
    """
    complaints: list[str] = []
    labels: list[str] | None = None
    if (folder.parent / TAXONOMY_FILE).exists():
        try:
            labels = list(load_taxonomy(folder.parent).labels)
        except ConfigError as error:
            complaints += error.complaints
    rules: dict[str, Indicator] = {}
    forms: list[tuple[str, str, Indicator, int]] = []
    for path in sorted(folder.glob("*.yml")):
        try:
            data, lines = load_yaml(path)
        except ConfigError as error:
            complaints += error.complaints
            continue
        if not isinstance(data, dict) or not isinstance(data.get("indicators"), list):
            complaints.append(f"{path}:1: indicators: expected a list of indicators")
            continue
        unknown = set(data) - {"indicators", *SHARED_KEYS}
        complaints += [f"{path}:{lines[key,]}: {key}: unknown key (known: indicators, {', '.join(SHARED_KEYS)})"
                       for key in sorted(map(str, unknown))]  # fmt: skip
        shared = {key: data[key] for key in SHARED_KEYS if key in data}
        ids: set[object] = set()
        for index, item in enumerate(data["indicators"]):
            at: Place = ("indicators", index)
            if isinstance(item, dict):
                item = shared | item  # noqa: PLW2901
                if (name := str(item.get("id"))) in ids:
                    complaints.append(f"{path}:{lines[at]}: id: {name!r} is given twice in this file")
                ids.add(name)
            try:
                indicator = validate(path, item, lines, Indicator, at)
            except ConfigError as error:
                complaints += error.complaints
                continue
            complaints += [f"{path}:{_line(lines, at, place)}: {'.'.join(map(str, place))}: {why}"
                           for place, why in _misfits(indicator, labels)]  # fmt: skip
            rule = f"{path.stem}/{indicator.id}"
            rules[rule] = indicator
            forms += [(f"{path}:{_line(lines, at, ('forms', number))}", rule, indicator, number)
                      for number in range(len(indicator.forms))]  # fmt: skip
    complaints += _given_twice(forms)
    if complaints:
        raise ConfigError(dict.fromkeys(complaints))
    return rules


def place_of(folder: Path, rule: str) -> str:
    """`FILE:LINE` of an indicator of `load_lexicons(folder)`."""
    name, _, id_ = rule.partition("/")
    path = folder / f"{name}.yml"
    data, lines = load_yaml(path)
    index = [str(item["id"]) for item in data["indicators"]].index(id_)
    return f"{path}:{lines['indicators', index]}"


def _misfits(indicator: Indicator, labels: list[str] | None) -> Iterator[tuple[Place, str]]:
    """What the schema cannot say: where in the indicator, and why it does not fit."""
    if labels is not None and indicator.label not in labels:
        nearest = difflib.get_close_matches(indicator.label, labels, n=1, cutoff=0)
        yield ("label",), f"{indicator.label!r} is not in the taxonomy (did you mean {nearest[0]}?)"
    if not indicator.source.startswith(("https://", "http://")):
        yield ("source",), f"expected an http or https address that documents it (found {indicator.source!r})"
    seen: set[str] = set()
    for at, (form, phrase) in enumerate(zip(indicator.forms, indicator.phrases, strict=True)):
        if _is_nothing(phrase):
            yield ("forms", at), f"nothing is left of {form!r} to look for"
        elif form.casefold() in seen:  # two that only fold alike may come apart in another version
            yield ("forms", at), f"{form!r} is given twice"
        elif _is_everyday(phrase) and not indicator.needs and not indicator.unless:
            yield (
                ("forms", at),
                f"{form!r} alone is in everyday texts: it takes `needs` (or `unless`), words that stand near it",
            )
        seen.add(form.casefold())
    for key in ("needs", "unless"):
        for at, word in enumerate(getattr(indicator, key)):
            if _is_nothing(phrase_of(word)):
                yield (key, at), f"nothing is left of {word!r} to look for"


def _given_twice(forms: Iterable[tuple[str, str, Indicator, int]]) -> Iterator[str]:
    """Complaints of forms that two lines have and nothing tells apart; from where each stands, its rule, its number."""
    seen: dict[tuple[str, ...], list[tuple[str, str, Indicator]]] = {}
    for place, rule, indicator, number in forms:
        others = seen.setdefault(indicator.phrases[number], [])
        for other_place, other_rule, other in others:
            if other_rule != rule and not _told_apart(other, indicator):
                yield (
                    f"{place}: forms.{number}: {indicator.forms[number]!r} of {rule} is a form of {other_rule} too "
                    f"({other_place}); take it out of one, or tell them apart by `needs` or `languages`"
                )
        others.append((place, rule, indicator))


def _told_apart(one: Indicator, other: Indicator) -> bool:
    """Whether a form that both have says something else in each: in other languages, or with other words near it.

    A line without `needs` and a more severe one with them are told apart, too: what stands near makes it worse.
    """
    if one.languages and other.languages and not set(one.languages) & set(other.languages):
        return True
    if one.needs and other.needs:
        return {*map(phrase_of, one.needs)}.isdisjoint(map(phrase_of, other.needs))
    narrow, wide = (one, other) if one.needs else (other, one)
    return bool(narrow.needs) and narrow.severity > wide.severity


def _is_nothing(phrase: tuple[str, ...]) -> bool:
    """Whether there is no word in it, nor a sign that could be one."""
    return all(word[0] in ENDS for word in phrase)


def _is_everyday(phrase: tuple[str, ...]) -> bool:
    """Whether it is one word of digits only, or of fewer letters than say anything."""
    (word, *more) = phrase
    return not more and word.isalnum() and not SIGNS.fullmatch(word) and (len(word) < ALONE or word.isdigit())


def _line(lines: Lines, at: Place, place: Place) -> int:
    """The line of a value: its own, that of the key that the whole file shares, else the indicator's."""
    return next(lines[where] for where in ((*at, *place), place, at) if where in lines)
