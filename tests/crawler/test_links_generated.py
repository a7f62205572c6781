"""Links in generated posts: how many are found, how few are made up, and what hostile text costs."""

import random
import time
from collections import Counter
from collections.abc import Callable

import pytest

from core.records import Attachment
from crawler.links import links_in, links_in_names
from tests.crawler.links_written import WAYS, clean_posts, posts_with_links

Figures = Callable[[str, dict[str, tuple[int, int]]], None]
EACH, CLEAN = 40, 8_000
MB = 1_000_000


def test_links_are_found_however_they_are_written(figures: Figures) -> None:
    posts = posts_with_links(EACH, seed=4)
    missed = [(way, post, url) for way, post, url in posts if [link.url for link in links_in(post)] != [url]]
    figures(f"links written in {len(WAYS)} ways", {"recall": (len(posts) - len(missed), len(posts))})
    short = {way: count for way, count in Counter(way for way, _, _ in missed).items() if count > EACH * 0.1}
    assert len(WAYS) >= 40
    assert not short, [one for one in missed if one[0] in short][:20]
    assert len(missed) <= 0.01 * len(posts), missed[:20]


def test_clean_posts_hold_no_links(figures: Figures) -> None:
    posts = clean_posts(CLEAN, seed=5)
    made_up = [(post, link.raw) for post in posts for link in links_in(post)]
    figures("posts without a link, in 12 languages and code", {"clean": (CLEAN - len(made_up), CLEAN)})
    assert len(made_up) <= CLEAN / 1_000, made_up[:20]


@pytest.mark.parametrize(
    "unit",
    [
        ".", "dot ", " dot ", "h t t p ", "\u200b", "a . ", "a.b ", "[.]", "a[.]b", "@a.b", "a@b.c", "http://", "https : //",
        "://", "a·b", "． ", "Ａ", "slash ", "a.com slash b ", "#a:b.", "tg ", "telegram: ", "@a on ", "xmpp:a", "irc://a.", "05",
        "Qm", "a-", "a_dot_", "-dot-a", "a b ", "a.b.c.", "ж.", "%", "(", "http://a.example/" , "x\u00ad", "web/2/", "punto com ",
        "aHR0c", "aHR0cHM6Ly9h ", "//:ptth", "moc.a ", "&#46;", "%2e", "a,com ", "..com", "dotcom", "'dot'", "[b].[/b]", "a/ ", "t.me / ", ".gg/", "a\u0336",
        "ᴀ", "\u2003a", "aaaaaaaa\n", "тчк ру ", "tg -> @", "irc.a.b #", "#a on irc.", ".соm", "[", "((", "p  (", "= a_", "\U000e0041",
    ],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_less_than_a_second_and_raises_nothing(unit: str) -> None:
    text = unit * (MB // len(unit))
    began = time.process_time()
    links_in(text)
    assert time.process_time() - began < (1 if len(unit) < 5 else 4)


def test_no_text_makes_it_raise() -> None:
    draw = random.Random(6)
    pieces = [
        ".", " dot ", "[.]", "http", "s", "://", "/", "\\", "@", "#", ":", "?", "=", "&", "%", "%3A", "newboard", ".example", ".com",
        ".onion", "[", "]", "::1", "\u200b", "\ud800", "\x00", "Ａ", "．", "𝐚", "ß", "İ", "xn--", "-", "_", " ", "\n", "telegram",
        ": ", "xmpp:", "irc://", "t.me/", "archive.ph/", "href.li/?", "leave.php?u=", "web.archive.org/web/2026/", ":99999", "05" * 33,
    ]  # fmt: skip
    for _ in range(20_000):
        text = "".join(draw.choices(pieces, k=draw.randint(1, 12)))
        for link in links_in(text, [text]):
            assert link.raw in text


def test_a_raw_link_is_what_stands_in_the_post() -> None:
    for _, post, _ in posts_with_links(3, seed=7):
        assert all(link.raw and link.raw in post for link in links_in(post))


@pytest.mark.parametrize(
    ("name", "urls"),
    [
        ("newboard.example.png", ["https://newboard.example/"]), ("newboard[.]net_promo.jpg", ["https://newboard.net/"]),
        ("newboard.com.jpg", ["https://newboard.com/"]), ("photo.jpg", []), ("IMG_2026.11.02.jpeg", []),
        ("1700000000.123.webm", []), ("tea pot.final.png", []), (None, []), ("setup.tar.gz", []),
    ],
)  # fmt: skip
def test_a_file_may_carry_a_link_in_its_name(name: str | None, urls: list[str]) -> None:
    assert [link.url for link in links_in_names([Attachment(filename=name)])] == urls


def test_the_first_look_at_a_text_hides_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [post for _, post, _ in posts_with_links(10, seed=8)] + clean_posts(1_000, seed=9)
    draw = random.Random(10)
    for text in list(texts):
        at = draw.randint(0, len(text))
        texts.append(text[:at] + draw.choice([" ", ".", ":", "\n", "(", "@", "com", " dot "]) + text[at:])
    found = [links_in(text) for text in texts]
    monkeypatch.setattr("crawler.links.is_plain", lambda _: False)
    assert found == [links_in(text) for text in texts]


@pytest.mark.parametrize("letter", ["İ", "ı", "ſ", "\u212a"])
def test_a_letter_that_only_folds_to_a_key_s_makes_no_key(letter: str) -> None:
    assert links_in(letter + "a" * 55) == ()
