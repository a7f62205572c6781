"""Every label is defined, placed among what others publish, and shown by an example that is tagged with it."""

from pathlib import Path

import pytest

from core.yamlfile import ConfigError
from nlp.lexicon import load_lexicons
from nlp.personal import LABEL
from nlp.pipeline import Tagger
from nlp.taxonomy import load_taxonomy
from tests.conftest import ROOT

TAXONOMY = load_taxonomy(ROOT / "config")


def test_labels_are_those_of_the_lexicons_and_no_others() -> None:
    used = {indicator.label for indicator in load_lexicons(ROOT / "config" / "lexicons").values()}
    assert used | {LABEL} == TAXONOMY.labels.keys()


def test_every_severity_is_explained() -> None:
    assert list(TAXONOMY.severities) == [1, 2, 3, 4, 5]


def test_one_technique_has_one_name() -> None:
    named = {(one.id, one.name) for label in TAXONOMY.labels.values() for one in label.disarm}
    assert len(named) == len({technique for technique, _ in named})


def test_definitions_are_two_lines() -> None:
    assert all(len(label.definition) < 240 for label in TAXONOMY.labels.values())


@pytest.mark.parametrize("name", TAXONOMY.labels)
def test_its_example_is_tagged_with_it(name: str, tagger: Tagger) -> None:
    (result,) = tagger.tag([(TAXONOMY.labels[name].example, None)])
    assert name in {tag.label for tag in result.tags}


@pytest.mark.parametrize(
    ("was", "now", "complaint"),
    [
        ("T0122", "T122", "labels.migration-call.disarm.0.id"),
        ("KEYWORD_HATE_SPEECH", "HATE_SPEECH", "labels.dehumanisation.dsa.0.keyword"),
        ("category: STATEMENT_CATEGORY_VIOLENCE", "category: Violence", "labels.call-to-violence.dsa.0.category"),
        ('cybercrime="doxing"', "cybercrime=doxing", "labels.doxxing.misp.0"),
        ("    severity: 5", "    severity: 7", "labels.call-to-violence.severity"),
        ("  slur:", "  Slur:", "labels.Slur"),
    ],
)  # fmt: skip
def test_a_taxonomy_that_does_not_fit_is_named_by_line_and_key(
    was: str, now: str, complaint: str, tmp_path: Path
) -> None:
    text = (ROOT / "config" / "taxonomy.yml").read_text("utf-8")
    assert was in text
    (tmp_path / "taxonomy.yml").write_text(text.replace(was, now, 1), "utf-8")
    with pytest.raises(ConfigError) as caught:
        load_taxonomy(tmp_path)
    line = text[: text.index(was)].count("\n") + 1
    assert any(one.startswith(f"{tmp_path}/taxonomy.yml:{line}: {complaint}") for one in caught.value.complaints)
