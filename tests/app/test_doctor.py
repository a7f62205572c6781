"""`doctor` says of each example that does not hold where it stands, what happened and what to do."""

import pytest

from app.doctor import examine
from tests.conftest import Program

TOP = 'label: slogan\nsource: "https://handbook.example/"\nseverity: 2\nindicators:\n'


def lexicons(program: Program, line: str) -> tuple[bool, str]:
    """What doctor finds in a lexicon of that one indicator."""
    for path in (program.config / "lexicons").glob("*.yml"):
        path.unlink()
    program.write("lexicons/own.yml", f"{TOP}  - {{id: teapot, {line}}}\n")
    (finding,) = [one for one in examine(program.config, program.home) if one.what == "lexicons"]
    return finding.ok, finding.detail.replace(f"{program.config}/", "")


def test_examples_that_hold_are_counted(program: Program) -> None:
    line = "forms: [teapot, tea urn], match: [the teapot again, a tea urn], no_match: [a pot of tea]"
    assert lexicons(program, line) == (True, "1 indicators, 2 forms, all 3 examples hold")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("forms: [teapot], match: [the teapots again], no_match: [tea]",
         "match 'the teapots again': none of its forms is in it, word for word; "),
        ("forms: [teapot], needs: [kettle], match: [the teapot again], no_match: [tea]",
         "match 'the teapot again': no word of `needs` is within 12 words of the form; "),
        ("forms: [teapot], unless: [again], match: [the teapot again], no_match: [tea]",
         "match 'the teapot again': a word of `unless` is within 12 words of the form; "),
        ("forms: [teapot], languages: [fr], match: [that is the teapot of the house and not of the garden], no_match: [tea]",
         "match 'that is the teapot of the house and not of the garden': it is taken for another language (en); "),
        ("forms: [teapot], match: [the teapot], no_match: [one te4pot]",
         "no_match 'one te4pot': 'te4pot' in it is tagged; give `unless` "),
    ],
)  # fmt: skip
def test_one_that_does_not_is_named_with_file_line_reason_and_cure(line: str, what: str, program: Program) -> None:
    ok, detail = lexicons(program, line)
    assert not ok
    assert detail.startswith(f"lexicons/own.yml:5: own/teapot: {what}")
