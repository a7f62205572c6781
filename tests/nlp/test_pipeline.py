"""Tagging: exact offsets, context, and silence on everyday texts."""

import json
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.records import Context, Tag
from core.yamlfile import ConfigError
from nlp.lexicon import load_lexicons
from nlp.pipeline import Tagger
from nlp.stream import tag_lines
from tests.conftest import Program
from tests.nlp import shipped

CALL = "our new board is lantern dot example"


def tags(tagger: Tagger, text: str, lang: str | None = None) -> tuple[Tag, ...]:
    (result,) = tagger.tag([(text, lang)])
    return result.tags


@pytest.mark.parametrize(
    "before", ["", "İ ﬁ ß ", "🤝👨‍👩‍👧 ", "a\u0301\u0301\u0301 ", "\0\ud800 ", "(((x))) \u202e", "各位 "]
)
def test_a_tag_stands_exactly_where_its_words_were_published(before: str, tagger: Tagger) -> None:
    text = f"{before}Our  NEW\u200b bоard is lantern dot example"  # a Cyrillic o
    found = [tag for tag in tags(tagger, text) if tag.rule == "migration/new-board"]
    assert [text[tag.start : tag.end] for tag in found] == [tag.matched for tag in found]
    assert found[0].matched.endswith("bоard is") or found[0].matched.endswith("bоard")


@given(st.text(max_size=60), st.text(max_size=60))
@settings(deadline=None)  # the first example loads the lists of words
def test_offsets_hold_in_any_text(before: str, after: str) -> None:
    for text in (f"{before} {CALL} {after}", before + CALL + after):
        for tag in tags(shipped.tagger(), text):
            assert text[tag.start : tag.end] == tag.matched


@pytest.mark.parametrize(
    ("text", "context"),
    [
        (CALL, Context.ASSERTED),
        (f">{CALL}\nno idea what that is", Context.QUOTED),
        (f">>123\n{CALL}", Context.ASSERTED),
        (f'he wrote "{CALL}" and left', Context.QUOTED),
        (f"„{CALL}“ stand da", Context.QUOTED),
        ("there is not a new board at lantern dot example", Context.NEGATED),
        (f"the newspaper reports {CALL}", Context.REPORTED),
        ("is the new board at lantern dot example?", Context.QUESTION),
        (f"Nobody said that. {CALL}", Context.ASSERTED),
    ],
)  # fmt: skip
def test_context_is_told_from_what_stands_around(text: str, context: Context, tagger: Tagger) -> None:
    found = [tag for tag in tags(tagger, text) if tag.rule == "migration/new-board"]
    assert {tag.context for tag in found} == {context}


EVERYDAY = """
The kettle in the break room is broken again, who fixes it?
I paid 14.88 for the lamp and 88 cents for the bulb.
She scored 88 points and ran 14 kilometres in 1988.
Call me at 0148 818 1488 23, or after 18:14.
Version 1.4.88 fixes the printer.
We are moving to a bigger flat in May, bring boxes.
Our new home has a garden; the address is easy to find.
He moved to the country last year and keeps bees.
Join us at the table, dinner is ready.
The price goes down when the mirror in the hall is sold.
Please make a backup of your phone before the update.
They regroup after lunch and walk on to the lake.
My new board game arrived: meeples, dice and a map.
The bunker on the golf course is full of sand.
Blood oranges grow well in this soil.
The oven and the shower both need repair.
A white picket fence and a purple flower.
The day of the roses is in June.
Great replacement parts for old bicycles, quick delivery.
The group meets on Tuesday; the topic is gardening.
Die Adresse steht auf dem Brief, der Kaffee auf dem Tisch.
Wir ziehen im Mai um, hilft jemand tragen?
J'ai oublié ma clé, le voisin est gentil.
La lluvia sigue, me quedo en casa leyendo.
Опять дождь, сижу дома и читаю.
今日は雨です。お茶を飲みます。
We won 6 million fans with this song.
He drew 109 birds, one for each page.
The order was 13/50 when I last looked; 13 of 50 parcels came.
14 words on a postcard are enough.
""".strip().splitlines()


@pytest.mark.parametrize("text", EVERYDAY)
def test_everyday_texts_stay_untagged(text: str, tagger: Tagger) -> None:
    assert [(tag.rule, tag.matched) for tag in tags(tagger, text)] == []


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\0", "\ud800", "a" * 500_000, "\u0301" * 100_000, "new board is " * 20_000]
)
def test_odd_and_hostile_texts_are_tagged_in_time(text: str, tagger: Tagger) -> None:
    began = time.process_time()
    for tag in tags(tagger, text):
        assert text[tag.start : tag.end] == tag.matched
    assert time.process_time() - began < 20


def test_a_language_is_the_one_given_or_told_by_its_script(tagger: Tagger) -> None:
    results = tagger.tag([(CALL, "en"), ("今日は雨です。お茶を飲みます。", None), ("Wer hat das Rezept?", None)])
    assert [result.lang for result in results] == ["en", "ja", "de"]


def test_results_come_in_order_over_many_batches(tagger: Tagger) -> None:
    texts = [CALL if number % 7 == 0 else f"text {number}" for number in range(500)]
    found = [bool(result.tags) for result in tagger.tag((text, None) for text in texts)]
    assert found == [number % 7 == 0 for number in range(500)]


def test_a_line_that_is_none_is_named_and_the_others_are_tagged(tagger: Tagger) -> None:
    lines = [
        '{"id": 1, "text": "' + CALL + '"}',
        "not json",
        '{"id": 3}',
        "",
        "[1, 2]",
        '{"id": "x", "text": "hi", "lang": "de"}',
    ]
    failed: list[tuple[int, str]] = []
    done = [json.loads(line) for line in tag_lines(tagger, lines, lambda number, why: failed.append((number, why)))]
    assert [(item["id"], item["lang"], bool(item["tags"])) for item in done] == [(1, "en", True), ("x", "de", False)]
    assert all(set(item["scores"]) == {"hate", "dehumanisation", "violence", "migration"} for item in done)
    assert all(0 <= score <= 1 for item in done for score in item["scores"].values())
    assert [number for number, _ in failed] == [2, 3, 5]


def test_the_command_tags_a_stream(program: Program) -> None:
    text = f'{{"id": 1, "text": "{CALL}"}}\nbroken\n{{"id": 2, "text": "tea"}}\n'
    done = program.run("tag", text=text)
    assert done.returncode == 1
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [1, 2]
    assert "line 2: not JSON" in done.stderr


def complaints(program: Program, text: str) -> Iterator[str]:
    program.write("lexicons/own.yml", text)
    with pytest.raises(ConfigError) as caught:
        load_lexicons(program.config / "lexicons")
    yield from caught.value.complaints


SANE = 'label: x\nsource: "https://x.example"\nseverity: 2\n'


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("label: x\n", "own.yml:1: indicators: expected a list"),
        (SANE + "indicator: []\nindicators: []\n", "own.yml:4: indicator: unknown key"),
        (SANE + "indicators:\n  - {id: a, forms: [b], severety: 3}\n", "own.yml:5: severety: unknown key (did you mean severity?)"),
        (SANE + "indicators:\n  - {id: a, forms: []}\n", "own.yml:5: forms:"),
        (SANE + "indicators:\n  - {id: a, forms: [b], severity: 9}\n", "own.yml:5: severity:"),
        (SANE + "indicators:\n  - {id: A!, forms: [b]}\n", "own.yml:5: id:"),
        (SANE + "indicators:\n  - just text\n", "own.yml:5: expected `key: value` lines"),
        (SANE + "indicators:\n  - {id: a, forms: [b]}\n  - {id: a, forms: [c]}\n", "own.yml:6: id: 'a' is given twice"),
        ("severity: 1\nindicators:\n  - {id: a, forms: [b], label: x}\n", "own.yml:3: source: required"),
    ],
)  # fmt: skip
def test_an_indicator_that_does_not_fit_is_named_by_file_line_and_key(
    text: str, complaint: str, program: Program
) -> None:
    assert any(complaint in line for line in complaints(program, text))
