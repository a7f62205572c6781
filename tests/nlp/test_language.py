"""Languages: told by words and letters, unknown where a text is too short to say, several where it has several."""

import pytest

from nlp.fold import Reader
from nlp.language import UNKNOWN, languages_of

READER = Reader()


def languages(text: str) -> tuple[str, ...]:
    return languages_of(text, READER.read(text).norms)


@pytest.mark.parametrize(
    ("lang", "texts"),
    [
        ("en", ["The kettle in the break room is broken again.", "who else thinks this is getting worse every week"]),
        ("de", ["Der Kessel in der Küche ist schon wieder kaputt.", "ich hab das gestern auch gesehen, was soll das"]),
        ("fr", ["La bouilloire de la cuisine est encore cassée.", "je ne sais pas ce que vous en pensez mais bon"]),
        ("es", ["La tetera de la cocina está rota otra vez.", "no sé qué piensan ustedes pero así no se puede"]),
        ("it", ["Il bollitore della cucina è di nuovo rotto.", "non so cosa ne pensate voi ma così non va"]),
        ("pl", ["Czajnik w kuchni znowu się zepsuł i nie działa.", "nie wiem co o tym myślicie, ale tak się nie da"]),
        ("ru", ["Чайник на кухне опять сломался, кто его починит?", "не знаю, что вы об этом думаете, но так нельзя"]),
        ("uk", ["Чайник на кухні знову зламався, хто його полагодить?", "не знаю, що ви про це думаєте, але так не можна"]),
        ("nl", ["De waterkoker in de keuken is weer kapot.", "ik weet niet wat jullie ervan vinden maar zo gaat het niet"]),
        ("pt", ["A chaleira da cozinha está avariada outra vez.", "não sei o que vocês pensam mas assim não dá"]),
        ("sv", ["Vattenkokaren i köket är trasig igen och ingen lagar den.", "jag vet inte vad ni tycker men så går det inte"]),
        ("ar", ["الغلاية في المطبخ معطلة مرة أخرى ولا أحد يصلحها", "لا أعرف ما رأيكم في هذا ولكن هذا لا يجوز"]),
        ("ja", ["台所のやかんがまた壊れました。"]), ("ko", ["부엌의 주전자가 또 고장났어요."]), ("el", ["Ο βραστήρας χάλασε πάλι."]),
    ],
)  # fmt: skip
def test_a_sentence_tells_its_language(lang: str, texts: list[str]) -> None:
    assert [languages(text)[0] for text in texts] == [lang] * len(texts)


@pytest.mark.parametrize("text", ["", "ok", "lol", "1488 14/88", "🐸🐸", ">>123", "https://x.example/y", "xD haha"])
def test_what_is_too_short_to_say_is_unknown(text: str) -> None:
    assert languages(text) == (UNKNOWN,)


def test_a_post_of_two_languages_has_both_the_longer_first() -> None:
    text = (
        "Das habe ich nicht gewusst, aber so ist es nun mal mit der Zeit. And this is what they said to us in the end."
    )
    assert set(languages(text)) == {"de", "en"}
