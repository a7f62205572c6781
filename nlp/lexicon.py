"""The lexicons: indicators as data, read strictly."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field

from core.records import Record
from core.yamlfile import ConfigError, load_yaml, validate

SHARED_KEYS = ("label", "severity", "source", "languages")
"""What a file may give once at its top for all of its indicators."""


class Indicator(Record):
    """One indicator: what it looks like, what it means, who says so, and examples that are tested."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    label: str = Field(pattern=r"^[a-z][a-z-]*(/[a-z-]+)*$")
    severity: int = Field(ge=1, le=5)
    forms: tuple[str, ...] = Field(min_length=1)
    source: str = Field(min_length=1)
    """Public reference: where it is documented."""
    languages: tuple[str, ...] = ()
    """Only in posts of these languages, where a post's language is known; empty: in all."""
    needs: tuple[str, ...] = ()
    """Words of which one must stand near: for codes and phrases that alone say nothing."""
    unless: tuple[str, ...] = ()
    """Words of which none may stand near: what the same phrase is about in everyday talk."""
    match: tuple[str, ...] = ()
    """Texts that must be tagged with it."""
    no_match: tuple[str, ...] = ()
    """Texts that must not."""


def load_lexicons(folder: Path) -> Mapping[str, Indicator]:
    """All indicators of `folder/*.yml` by rule name, `FILE/ID`.

    A file is `indicators:` (a list) and, optionally, label, severity, source and languages for all of them.
    Raises ConfigError with file, line and key of everything that does not fit.
    """
    rules: dict[str, Indicator] = {}
    complaints: list[str] = []
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
        for index, item in enumerate(data["indicators"]):
            at: tuple[Any, ...] = ("indicators", index)
            try:
                item = shared | item if isinstance(item, dict) else item  # noqa: PLW2901
                indicator = validate(path, item, lines, Indicator, at)
            except ConfigError as error:
                complaints += error.complaints
                continue
            rule = f"{path.stem}/{indicator.id}"
            if rule in rules:
                complaints.append(f"{path}:{lines[at]}: id: {indicator.id!r} is given twice in this file")
            rules[rule] = indicator
    if complaints:
        raise ConfigError(complaints)
    return rules
