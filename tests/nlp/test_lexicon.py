"""The shipped indicators hold what their own examples say, and one that does not fit is named with file, line and why."""

import shutil
from pathlib import Path

import pytest

from core.yamlfile import ConfigError
from nlp.lexicon import load_lexicons
from nlp.pipeline import Tagger
from tests.conftest import ROOT
from tests.nlp.shipped import RULES


@pytest.mark.parametrize("rule", RULES)
def test_examples_hold_with_exact_offsets(rule: str, tagger: Tagger) -> None:
    for wanted, examples in ((True, RULES[rule].match), (False, RULES[rule].no_match)):
        for text in examples:
            (result,) = tagger.tag([(text, None)])
            assert (rule in {tag.rule for tag in result.tags}) == wanted, text
            assert all(text[tag.start : tag.end] == tag.matched for tag in result.tags)


def complaints(folder: Path, *indicators: str, top: str = "") -> list[str]:
    """What is wrong with a file of these indicators beside the shipped taxonomy, from its name on."""
    shutil.copy(ROOT / "config" / "taxonomy.yml", folder)
    (folder / "lexicons").mkdir()
    text = f"{top}\nindicators:\n" + "".join(f"  - {{{line}}}\n" for line in indicators)
    (folder / "lexicons" / "own.yml").write_text(text, "utf-8")
    try:
        load_lexicons(folder / "lexicons")
    except ConfigError as error:
        return [line.removeprefix(f"{folder / 'lexicons'}/") for line in error.complaints]
    return []


SANE = 'label: slogan, source: "https://x.example/", severity: 2, match: ["a teapot"], no_match: ["tea in a pot"]'


def test_a_sane_indicator_fits(tmp_path: Path) -> None:
    assert complaints(tmp_path, f"id: a, forms: [teapot, 28 teapots], {SANE}") == []


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (f"id: a, forms: [teapot], {SANE}".replace("slogan", "slogann"), "label: 'slogann' is not in the taxonomy (did you mean slogan?)"),
        (f"id: a, forms: [teapot], {SANE}".replace("slogan", "hatred"), "label: 'hatred' is not in the taxonomy (did you mean "),
        (f"id: a, forms: [teapot], {SANE}".replace(', match: ["a teapot"]', ""), "match: required, but not given"),
        (f"id: a, forms: [teapot], {SANE}".replace(', no_match: ["tea in a pot"]', ""), "no_match: required, but not given"),
        (f"id: a, forms: [teapot], {SANE}".replace('["a teapot"]', "[]"), "match: "),
        (f"id: a, forms: [teapot], {SANE}".replace("https://x.example/", "a book"), "source: expected an http or https address"),
        (f"id: a, forms: [teapot], {SANE}".replace("severity: 2", "severity: 6"), "severity: "),
        (f"id: a, forms: [teapot, '—'], {SANE}", "forms.1: nothing is left of '—' to look for"),
        (f"id: a, forms: [teapot, '...'], {SANE}", "forms.1: nothing is left of '...' to look for"),
        (f"id: a, forms: [teapot, kettle, Teapot], {SANE}", "forms.2: 'Teapot' is given twice"),
        (f"id: a, forms: [teapot, '88'], {SANE}", "forms.1: '88' alone is in everyday texts"),
        (f"id: a, forms: [teapot, '1488'], {SANE}", "forms.1: '1488' alone is in everyday texts"),
        (f"id: a, forms: [ab], {SANE}", "forms.0: 'ab' alone is in everyday texts"),
        (f"id: a, forms: [teapot], needs: ['?!'], {SANE}", "needs.0: nothing is left of '?!' to look for"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_by_file_line_and_key(line: str, complaint: str, tmp_path: Path) -> None:
    found = complaints(tmp_path, f"id: first, forms: [saucer], {SANE}", line)
    assert len(found) == 1
    assert found[0].startswith(f"own.yml:4: {complaint}")


@pytest.mark.parametrize("words", ["needs: [teapot]", "unless: [teapot]"])
def test_a_short_code_fits_where_words_must_or_must_not_stand_near(words: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, f"id: a, forms: ['88', ab], {words}, {SANE}") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("", ""), ("languages: [en, de]", "languages: [de]"), ("needs: [tea, cup]", "needs: [CUP]"), ("needs: [cup]", "")],
)
def test_a_form_of_two_lines_that_nothing_tells_apart_is_named_with_both_places(
    one: str, other: str, tmp_path: Path
) -> None:
    (found,) = complaints(
        tmp_path, f"id: a, forms: [kettle, Teapot], {one or 'needs: []'}, {SANE}",
        f"id: b, forms: [tea-pot, teapot], {other or 'needs: []'}, {SANE}",
    )  # fmt: skip
    assert "own.yml:4: forms.1: 'teapot' of own/b is a form of own/a too (" in found
    assert "own.yml:3)" in found


@pytest.mark.parametrize(
    ("one", "other"),
    [("languages: [en]", "languages: [de, fr]"), ("needs: [cup]", "needs: [lid]")],
)
def test_a_form_may_be_of_two_lines_that_languages_or_words_near_it_tell_apart(
    one: str, other: str, tmp_path: Path
) -> None:
    assert (
        complaints(tmp_path, f"id: a, forms: [teapot], {one}, {SANE}", f"id: b, forms: [teapot], {other}, {SANE}") == []
    )


def test_a_form_may_say_something_worse_where_other_words_stand_near(tmp_path: Path) -> None:
    worse = SANE.replace("severity: 2", "severity: 3")
    assert (
        complaints(tmp_path, f"id: a, forms: [teapot], {SANE}", f"id: b, forms: [teapot], needs: [lid], {worse}") == []
    )


def test_a_form_is_named_by_its_own_line(tmp_path: Path) -> None:
    assert complaints(tmp_path, f"id: a, forms: [teapot,\n      kettle,\n      teapot], {SANE}")[0].startswith(
        "own.yml:5:"
    )


def test_what_a_file_shares_is_complained_of_once_where_it_stands(tmp_path: Path) -> None:
    own = SANE.removeprefix("label: slogan, ")
    found = complaints(
        tmp_path, f"id: a, forms: [teapot], {own}", f"id: b, forms: [kettle], {own}", top="label: slogans"
    )
    assert found == ["own.yml:1: label: 'slogans' is not in the taxonomy (did you mean slogan?)"]


def test_an_id_given_twice_is_named_even_where_the_indicator_does_not_fit_either(tmp_path: Path) -> None:
    found = complaints(tmp_path, f"id: a, forms: [teapot], {SANE}", "id: a, forms: [kettle]")
    assert "own.yml:4: id: 'a' is given twice in this file" in found


def test_without_a_taxonomy_labels_are_the_lexicons_own(tmp_path: Path) -> None:
    assert complaints(tmp_path, f"id: a, forms: [teapot], {SANE}") == []
    (tmp_path / "taxonomy.yml").unlink()
    own = (tmp_path / "lexicons" / "own.yml").read_text("utf-8").replace("slogan", "kitchenware")
    (tmp_path / "lexicons" / "own.yml").write_text(own, "utf-8")
    assert load_lexicons(tmp_path / "lexicons")["own/a"].label == "kitchenware"
