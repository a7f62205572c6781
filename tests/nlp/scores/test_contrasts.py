"""contrasts.yml: neither a name, nor a language, nor a label that is everywhere may give an answer away."""

import pytest
import yaml

from nlp.scores.datasets import CONTRASTS, Example, contrasts

LANGUAGES = yaml.safe_load(CONTRASTS.read_text(encoding="utf-8"))["languages"]


def made(*languages: str) -> list[Example]:
    both = contrasts(*languages)
    return both.train + both.dev


@pytest.mark.parametrize("language", LANGUAGES)
def test_about_half_of_the_examples_of_each_language_are_hateful(language: str) -> None:
    hateful = [example.targets["hate"] for example in made(language)]
    assert len(hateful) > (1500 if language == "en" else 150)
    assert 0.45 <= sum(hateful) / len(hateful) <= 0.55


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_invented_name_is_no_sign_of_hate(language: str) -> None:
    """Names are seen in harmless examples as often as in hateful ones; so are phrases such as people of the valley."""
    for kind in ("invented", "generic"):
        names = [form for name in LANGUAGES[language][kind] for form in name.split("/")]
        seen = [
            example.targets["hate"]
            for example in made(language)
            if any(name.casefold() in example.text.casefold() for name in names)
        ]
        assert sum(seen) / len(seen) <= {"invented": 0.5, "generic": 0.8}[kind]


def test_no_sentence_is_hateful_and_harmless_and_none_is_twice() -> None:
    texts = [example.text for example in made()]
    assert len(set(texts)) == len(texts)
    assert not any("{" in text or "}" in text for text in texts)


def test_dev_sentences_are_not_in_train_and_a_second_reading_gives_the_same() -> None:
    first = contrasts()
    assert first == contrasts()
    assert 0.15 < len(first.dev) / len(first.train + first.dev) < 0.25


@pytest.mark.parametrize("language", LANGUAGES)
def test_hateful_sentences_name_no_real_group(language: str) -> None:
    words = LANGUAGES[language]
    made_up = [form for name in (*words["invented"], *words["generic"]) for form in name.split("/")]
    for example in made(language):
        text = example.text.casefold()
        for form in made_up:
            text = text.replace(form.casefold(), "")
        if example.targets["hate"]:
            assert not any(name.split("/")[0].casefold() in text for name in words["real"]), example.text
