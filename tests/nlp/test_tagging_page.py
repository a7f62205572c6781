"""docs/tagging.md is true: its tables are those of the program, its examples do what it says."""

import re

import pytest

from core.records import Context
from nlp.context import LESS_SEVERE
from nlp.personal import SEVERITY
from nlp.pipeline import Tagger, load_tagger
from nlp.taxonomy import load_taxonomy
from tests.conftest import ROOT, Program

PAGE = (ROOT / "docs" / "tagging.md").read_text("utf-8")
KETTLES = """
label: slogan
source: "https://handbook.example/"
severity: 3
indicators:
  - {id: kettles, forms: [teapot, teakettle], match: [a teapot], no_match: [tea in a pot]}
"""


def rows(heading: str) -> list[list[str]]:
    """The table of a section, cell by cell, without its head."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in cells] for cells in table]


def test_every_label_and_no_other_is_in_it() -> None:
    assert [row[0].strip("`") for row in rows("Labels")] == list(load_taxonomy(ROOT / "config").labels)


def test_every_context_is_in_it_with_its_steps() -> None:
    steps = {row[0].strip("`"): int(found[0]) if (found := re.findall(r"\d", row[2])) else 0 for row in rows("Context")}
    assert steps == {context.value: LESS_SEVERE.get(context, 0) for context in Context}


def test_every_kind_of_personal_data_is_in_it_with_its_severity() -> None:
    told = {kind: int(row[2]) for row in rows("People") for kind in re.findall(r"`([\w-]+)`", row[0])}
    assert told == SEVERITY


@pytest.fixture
def tagger(program: Program) -> Tagger:
    for path in (program.config / "lexicons").glob("*.yml"):
        path.unlink()
    program.write("lexicons/own.yml", KETTLES)
    return load_tagger(program.config, classify=False)


def test_each_disguise_is_undone_as_it_says(tagger: Tagger) -> None:
    for row in rows("Disguises"):
        for example in re.findall(r"`([^`]+)`", row[2]):
            (result,) = tagger.tag([(f"here is {example} again", None)])
            assert [tag.disguise for tag in result.tags] == [(row[0].strip("`"),)], example
