"""`retag`: a changed lexicon reaches the posts that were collected before it."""

from pathlib import Path

from core.records import PageRef
from core.settings import Settings
from core.store import Store
from tests.conftest import Program
from tests.core.conftest import Crawling, post

LEXICON = """
label: slogan
source: "https://handbook.example/"
severity: 2
indicators:
  - {id: teapot, forms: [%s], match: ["the %s again"], no_match: ["a pot of tea"]}
"""


def collected(home: Path, *texts: str) -> None:
    store = Store.open(home, Settings().database)
    crawling = Crawling(store)
    crawling.begin(PageRef("http://harbor.example/", "thread"))
    crawling.read(crawling.page(), *(post(number, text) for number, text in enumerate(texts, 1)))
    crawling.end()
    store.close()


def found(program: Program, tag: str) -> list[str]:
    return [hit["text"] for hit in program.json("search", f"tag:{tag}")["hits"]]


def test_a_new_form_is_found_in_old_posts_and_only_changed_posts_are_indexed_again(program: Program) -> None:
    program.write("lexicons/own.yml", LEXICON % ("teapot", "teapot"))
    collected(program.home, "one te4pot", "two samovars", "three cups")
    assert program.json("retag") == {"posts_changed": 0, "alerts_new": 0}  # new ones are tagged, none anew
    assert found(program, "slogan") == ["one te4pot"]
    program.write("lexicons/own.yml", LEXICON % ("teapot, samovars", "teapot"))
    assert program.json("retag") == {"posts_changed": 1, "alerts_new": 0}
    assert sorted(found(program, "slogan")) == ["one te4pot", "two samovars"]
    assert program.json("retag") == {"posts_changed": 0, "alerts_new": 0}


def test_a_lexicon_that_does_not_fit_changes_nothing(program: Program) -> None:
    program.write("lexicons/own.yml", LEXICON % ("teapot", "teapot"))
    collected(program.home, "one teapot")
    program.json("retag")
    program.write("lexicons/own.yml", "indicators: [x]\n")
    done = program.run("retag")
    assert done.returncode == 2
    assert "own.yml:1" in done.stderr
    program.write("lexicons/own.yml", LEXICON % ("teapot", "teapot"))
    assert found(program, "slogan") == ["one teapot"]


def test_personal_data_is_masked_in_what_a_search_shows_unless_asked_for(program: Program) -> None:
    collected(program.home, "his number is +44 7700 900123, call him")
    program.json("retag")
    (hit,) = program.json("search", "number")["hits"]
    assert "900123" not in str(hit)
    assert hit["text"] == "his number is +•• •••• ••••••, call him"
    (hit,) = program.json("search", "number", "--unmasked")["hits"]
    assert hit["text"] == "his number is +44 7700 900123, call him"
    assert program.json("search", "tag:doxxing")["total"] == 1
