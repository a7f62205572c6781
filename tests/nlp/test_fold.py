"""Folding: disguises undone into what is looked for and nothing else, offsets exact, whatever the text."""

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.fold import Reader, plain_words
from nlp.letters import fold

READER = Reader(["kettle", "white teapot", "lanternfish", "teahouse forever", "самовар", "14 88", "mug"])
ANY_TEXT = st.text(st.characters(), max_size=80)  # surrogates, marks, controls: everything
DRESSED = st.text(
    "aáàÄçşіоеаИйﬁİıßſ１ｆ\u0301\u200b\u202e\u2066@$!013🤝́🅺🇩*_-.'kettlemug)( \n\t.?&#97;%41/\\|<[]\u3164ʞǝ", max_size=60
)


@given(ANY_TEXT | DRESSED)
@settings(deadline=None)  # the first example loads the lists of words
def test_every_word_is_where_it_says_and_in_order(text: str) -> None:
    end = 0
    found = READER.read(text)
    for at, norm in enumerate(found.norms):
        word = found[at]
        assert end <= word.start < word.end <= len(text)
        assert word.norm == norm != ""
        end = word.end


@given(ANY_TEXT | DRESSED)
def test_folding_twice_is_folding_once(text: str) -> None:
    for word in plain_words(text):
        assert fold(word.norm) == word.norm or not word.norm.isalnum()


@pytest.mark.parametrize(
    ("disguised", "how"),
    [
        ("KETTLE", ""), ("kéttlè", ""), ("ｋｅｔｔｌｅ", "unicode"), ("k\u0335e\u0335ttle", "unicode"),
        ("ket\u200btle", "unicode"), ("\u202ekettle\u202c", "unicode"), ("kеttlе", "unicode"), ("KETTLΕ", "unicode"),
        ("𝓴𝓮𝓽𝓽𝓵𝓮", "unicode"), ("🅺🅴🆃🆃🅻🅴", "unicode"), ("ᴋᴇᴛᴛʟᴇ", "unicode"), ("ķ\u0301ettłe", "unicode"),
        ("k3ttl3", "leet"), ("ke77le", "leet"), ("k€+tl€", "leet"), ("kett|e", "leet"),
        ("keeettle", "repeated"), ("kettttttle", "repeated"), ("kettllle", "repeated"),
        ("k-e-t-t-l-e", "separated"), ("k.e.t.t.l.e", "separated"), ("k e t t l e", "separated"),
        ("ket_tle", "separated"), ("ke~ttle", "separated"),
        ("k\u3164ettle", "unicode"), ("k\U000e0061ettle", "unicode"), ("ǝlʇʇǝʞ", "unicode"), ("kеττle", "unicode"),
        ("k&#101;ttle", "unicode"), ("ket&shy;tle", "unicode"), ("k%65ttle", "unicode"), ("|<ettle", "leet"),
        ("k🔥e🔥t🔥t🔥l🔥e", "separated"), ("k][e][t][t][l][e", "separated"), ("k\ne\nt\nt\nl\ne", "separated"),
        ("k\u2009e\u2009t\u2009t\u2009l\u2009e", "separated"), ("ket-\ntle", "separated"),
        ("k*ttle", "censored"), ("k**tle", "censored"), ("ke#tle", "censored"), ("k█ttle", "censored"),
    ],
)  # fmt: skip
def test_disguises_are_undone_and_named(disguised: str, how: str) -> None:
    found = READER.read(f"the {disguised} of")
    words = [found[at] for at in range(len(found))]
    assert [(word.norm, word.disguise) for word in words] == [("the", ""), ("kettle", how), ("of", "")]
    assert f"the {disguised} of"[words[1].start : words[1].end] == disguised.strip("\u202e")


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("thekettlelanternfish", ["the", "kettle", "lanternfish"]), ("#WhiteTeapot", ["whiteteapot"]),
        ("teahouseforevermore", ["teahouseforever", "more"]), ("w h i t e t e a p o t", ["whiteteapot"]),
        ("lantrnfish", ["lanternfish"]), ("lanternfihs", ["lanternfish"]), ("lanternfisch", ["lanternfish"]),
        ("teahuose forever", ["teahouse", "forever"]), ("сaмовaр", ["самовар"]), ("с@мовар", ["самовар"]),
        ("14/88", ["14", "88"]), ("don't mug's l'eau", ["dont", "mug", "l", "eau"]),
    ],
)  # fmt: skip
def test_words_joined_mistyped_or_of_two_scripts_are_read(text: str, norms: list[str]) -> None:
    assert READER.read(text).norms == norms


SPELLINGS = Reader(["Gärtnerführung", "młodnik", "smørblomst", "لقالق", "الزرافة", "14 88"])


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("Gaertnerfuehrung", ["gartnerfuhrung"]), ("GÄRTNERFÜHRUNG", ["gartnerfuhrung"]), ("mlodnik", ["młodnik"]),
        ("smorblomst smoerblomst", ["smørblomst", "smørblomst"]), ("ё ещё", ["е", "еще"]),
        ("واللقالق لقالق", ["لقالق", "لقالق"]), ("بلقالق فلقالق وبلقالق", ["لقالق"] * 3), ("للقالق", ["لقالق"]),
        ("للزرافة والزرافة", ["الزرافه", "الزرافه"]), ("لقـــالق لَقالِق", ["لقالق", "لقالق"]),
        ("١٤ ٨٨ ۱۴ ۸۸ १४", ["14", "88", "14", "88", "14"]), ("ولد فكر بلد", ["ولد", "فكر", "بلد"]),
    ],
)  # fmt: skip
def test_words_are_the_same_however_a_keyboard_writes_them(text: str, norms: list[str]) -> None:
    found = SPELLINGS.read(text)
    words = [found[at] for at in range(len(found))]
    assert [word.norm for word in words] == norms
    assert [text[word.start : word.end] for word in words] == text.split()
    assert {word.disguise for word in words} == {""}


@pytest.mark.parametrize(
    ("text", "norms"),
    [
        ("kettle! now", ["kettle", "!", "now"]), ("kettle!now", ["kettle", "!", "now"]), ("kettle!!", ["kettle", "!"]),
        ("k*ttle! now", ["kettle", "!", "now"]), ("چای۔ قهوه؟", ["چاي", "۔", "قهوه", "؟"]),
    ],
)  # fmt: skip
def test_a_sentence_ends_where_its_sign_touches_a_word(text: str, norms: list[str]) -> None:
    assert READER.read(text).norms == norms


@pytest.mark.parametrize(
    "text",
    ["settle kettles petals", "lanterns western", "e-mail x-ray", "*mug* __mug__ (mug)", "smug muggle", "привет мир",
     "m*g5 m_ x*y a**b", "newboard.example/mugshot", "1.4.88 14.88"],
)  # fmt: skip
def test_ordinary_words_stay_what_they_are(text: str) -> None:
    found = READER.read(text)
    assert [found[at].disguise for at in range(len(found))] == [""] * len(found)


def test_echoes_symbols_and_ends_are_words_and_other_punctuation_is_not() -> None:
    assert READER.read("(((kettle))) 🤝, done. Next? f(((x)))").norms == [
        "(((", "kettle", ")))", "🤝", "done", ".", "next", "?", "f", "x", ")))",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["a" * 1_000_000, "\u0301" * 300_000, "a\u0301" * 300_000, "(" * 500_000, ". " * 300_000, "@" * 500_000,
     "k*" * 300_000, "a " * 300_000, "k-e-t" * 100_000, "*" * 500_000, "kettle" * 100_000, "\ud800" * 300_000],
)  # fmt: skip
def test_a_text_made_to_stall_is_read_in_time(text: str) -> None:
    began = time.process_time()
    READER.read(text)
    assert time.process_time() - began < 5


def test_reading_takes_twice_as_long_for_twice_the_text() -> None:
    def seconds(times: int) -> float:
        text = "so they met at the k3ttle and w e l e f t, l*ntern in hand. " * times
        best = float("inf")
        for _ in range(3):
            began = time.process_time()
            READER.read(text)
            best = min(best, time.process_time() - began)
        return best

    assert seconds(8000) < 4 * seconds(4000)


@given(st.characters())
def test_any_single_character_folds_to_something_or_nothing(letter: str) -> None:
    assert isinstance(fold(letter), str)
    assert unicodedata.normalize("NFC", fold(letter)) == fold(letter)
