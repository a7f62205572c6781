"""An icon becomes three hashes; whatever is no small icon becomes none."""

import base64
import zlib
from io import BytesIO

import pytest
from PIL import Image

from crawler.errors import PageError
from crawler.favicon import favicon, in_data
from crawler.permitted import ICON_BYTES


def icon(form: str = "PNG", size: int = 32, colours: tuple[str, str] = ("navy", "gold"), split: int = 20) -> bytes:
    """Two fields of colour beside each other."""
    image = Image.new("RGB", (size, size), colours[0])
    image.paste(colours[1], (split * size // 32, 0, size, size))
    out = BytesIO()
    image.save(out, form)
    return out.getvalue()


def test_hashes_as_others_count_them() -> None:
    # MurmurHash3 of the base64 text of b"abc" with its line end, from the reference implementation.
    told = favicon(b"abc")
    assert told.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert told.mmh3 == murmur3(base64.encodebytes(b"abc"))
    assert told.looks is None


def murmur3(data: bytes) -> int:
    """MurmurHash3 x86 32-bit with seed 0, after Appleby's description; signed."""
    value, mask = 0, 0xFFFFFFFF
    for at in range(0, len(data), 4):
        block = int.from_bytes(data[at : at + 4], "little") * 0xCC9E2D51 & mask
        block = ((block << 15 | block >> 17) & mask) * 0x1B873593 & mask
        value ^= block
        if len(data) - at >= 4:
            value = ((value << 13 | value >> 19) * 5 + 0xE6546B64) & mask
    value ^= len(data)
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
        value = (value ^ value >> shift) * factor & mask
    return value - (value >> 31 << 32)


@pytest.mark.parametrize("form", ["PNG", "GIF", "BMP", "ICO"])
def test_one_picture_looks_alike_in_every_form_and_size(form: str) -> None:
    told, other = favicon(icon(form)), favicon(icon("PNG", 64))
    assert told.looks is not None
    assert other.looks is not None
    assert (int(told.looks, 16) ^ int(other.looks, 16)).bit_count() <= 4
    assert told.sha256 != other.sha256


def test_another_picture_looks_different() -> None:
    one, other = favicon(icon()), favicon(icon(colours=("gold", "navy"), split=8))
    assert (int(one.looks or "0", 16) ^ int(other.looks or "0", 16)).bit_count() >= 8


@pytest.mark.parametrize("body", [b"", b"<!doctype html><p>404", b'{"error": 1}', b"\0" * (ICON_BYTES + 1)])
def test_what_is_no_icon_has_no_hashes(body: bytes) -> None:
    with pytest.raises(PageError):
        favicon(body)


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 30,000 pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    size = (30_000).to_bytes(4) * 2 + bytes([8, 0, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(b"\0" * 9999)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("body", [bomb(), icon()[:60], b"GIF89a" + b"\xff" * 50, b"\0\0\1\0\xff\xff" + b"\1" * 500])
def test_a_picture_made_to_hurt_is_hashed_and_not_looked_at(body: bytes) -> None:
    assert favicon(body).looks is None


def test_a_drawing_in_text_is_hashed_and_not_drawn() -> None:
    assert favicon(b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>').looks is None


def test_icons_in_the_page_itself() -> None:
    body = icon()
    assert in_data(f"data:image/png;base64,{base64.b64encode(body).decode()}") == body
    assert in_data("data:image/svg+xml,%3Csvg%3E%3C/svg%3E") == b"<svg></svg>"
    assert in_data("data:text/html,<p>") is None
    assert in_data("/favicon.ico") is None
    assert not in_data("data:image/png;base64,!")
