"""Bytes to text, declared rightly, wrongly or not at all."""

import pytest

from crawler.decode import decode
from crawler.errors import UnexpectedPage
from crawler.page import Document

RUSSIAN = (
    "Все переезжаем на новую доску, старая скоро закроется. Кто знает новый адрес? Пишите в чат, там дадут ссылку. "
    "Сервер опять лежит, администратор молчит, как обычно. Ёлки-палки."
)
GERMAN = "Größe, Straße, übermäßig: Umlaute gehen hier hoffentlich noch."
JAPANESE = "掲示板は来週閉鎖されます。新しい場所で会いましょう。" * 3


def html(text: str, head: str = "") -> str:
    return f"<html><head>{head}<title>Board</title></head><body><div class='post'>{text}</div></body></html>"


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (RUSSIAN, "windows-1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "utf-8"), (RUSSIAN[:60], "windows-1251"),
        (GERMAN, "windows-1252"), (JAPANESE, "shift_jis"), (JAPANESE, "euc_jp"), (JAPANESE, "utf-8"),
        ("论坛下周关闭，新的地址在这里，请大家保存备份。", "gb18030"),
        ("هل يعرف أحد موعد الافتتاح؟ الرابط في الأسفل.", "utf-8"),
    ],
)  # fmt: skip
def test_an_undeclared_charset_is_guessed(text: str, charset: str) -> None:
    assert decode(html(text).encode(charset), "text/html") == html(text)


@pytest.mark.parametrize(
    ("head", "content_type"),
    [
        ("", "text/html; charset=windows-1251"),
        ('<meta charset="windows-1251">', "text/html"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', None),
    ],
)
def test_a_declared_charset_is_used_and_the_header_comes_first(head: str, content_type: str | None) -> None:
    page = html(RUSSIAN[:10], head)
    assert decode(page.encode("windows-1251"), content_type) == page


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_says_more_than_a_header(mark: str) -> None:
    assert decode(html(RUSSIAN).encode(mark), "text/html; charset=windows-1252") == html(RUSSIAN)


@pytest.mark.parametrize("declared", ["utf-8", "utf-16", "no-such-charset", ""])
def test_a_wrong_declaration_loses_nothing(declared: str) -> None:
    assert decode(html(RUSSIAN).encode("windows-1251"), f"text/html; charset={declared}") == html(RUSSIAN)


def test_bytes_that_are_utf8_are_read_as_such_whatever_one_byte_charset_is_declared() -> None:
    assert decode(html(GERMAN).encode(), "text/html; charset=iso-8859-1") == html(GERMAN)


def test_a_letter_cut_in_half_does_not_turn_the_page_into_another_charset() -> None:
    body = html(RUSSIAN).encode()
    cut = body[: body.index("палки".encode()) + 1]
    assert decode(cut, "text/html; charset=utf-8").endswith("Ёлки-\ufffd")


def test_a_nul_byte_becomes_visible_and_takes_nothing_with_it() -> None:
    document = Document("http://x.example/", html("before\0after").encode(), "text/html")
    assert "before\ufffdafter" in document.text
    assert document.html.text_content().endswith("before\ufffdafter")


def test_escapes_in_json_that_are_no_text_become_visible() -> None:
    body = rb'{"a": ["\ud800x", "\ud83d\ude42", "\u0000", "\\ud800"], "b": {"c": "\udfff"}}'
    assert Document(None, body).json == {"a": ["\ufffdx", "🙂", "\ufffd", "\\ud800"], "b": {"c": "\ufffd"}}


@pytest.mark.parametrize("body", [b"", b"<html></html>", b'{"a": ', b"[" * 100_000, b"1" * 10_000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedPage, match="JSON"):
        _ = Document("http://x.example/a.json", body).json
