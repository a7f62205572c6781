"""The taxonomy: what a label means, how severe it usually is, and what others call it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field

from core.records import Record
from core.yamlfile import load_model

TAXONOMY_FILE = "taxonomy.yml"
MachineTag = Annotated[str, Field(pattern=r'^[\w-]+:[\w-]+="[\w-]+"$')]
"""A tag of one of MISP's taxonomies: `namespace:predicate="value"`."""


class Technique(Record):
    """A technique of the DISARM framework, as published."""

    id: str = Field(pattern=r"^T\d{4}(\.\d{3})?$")
    name: str = Field(min_length=1)


class Ground(Record):
    """What a statement of reasons under the EU's Digital Services Act calls it, as published."""

    category: str = Field(pattern=r"^STATEMENT_CATEGORY_[A-Z_]+$")
    keyword: str | None = Field(default=None, pattern=r"^KEYWORD_[A-Z_]+$")


class Label(Record):
    """One label of the taxonomy."""

    definition: str = Field(min_length=20)
    severity: int = Field(ge=1, le=5)
    """The usual one; each indicator gives its own."""
    example: str = Field(min_length=1)
    """A mild text that is tagged with it."""
    misp: tuple[MachineTag, ...]
    disarm: tuple[Technique, ...]
    dsa: tuple[Ground, ...]


class Taxonomy(Record):
    """What the severities mean, and the labels by name."""

    severities: Mapping[Annotated[int, Field(ge=1, le=5)], str] = Field(min_length=5)
    labels: Mapping[Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$")], Label] = Field(min_length=1)


def load_taxonomy(config_folder: Path) -> Taxonomy:
    """The taxonomy of a configuration folder; ConfigError names file, line and key of everything that does not fit."""
    return load_model(config_folder / TAXONOMY_FILE, Taxonomy)
