"""Bytes to text: header, byte-order mark, declaration, UTF-8, and at last a guess. What is declared may be wrong."""

import codecs
import re
from functools import cache

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

GUESSES = (
    "cp1251", "koi8_r", "cp866", "cp1252", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp874", "gb18030",
    "big5", "shift_jis", "euc_jp", "euc_kr",
)  # fmt: skip
"""What undeclared pages of the web are written in, UTF-8 apart; the commoner first, which decides a tie."""

GUESS_BYTES = 100_000
"""How much of a page a guess looks at: more says nothing new and costs seconds."""

MARKUP = re.compile(rb"(?is)<(script|style)\b.*?</\1|<!--.*?-->|<[^>]*>|[\x00-\x7f]{40,}")
BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
LOST = "\N{REPLACEMENT CHARACTER}"
SEQUENCE = re.compile("[\x80-\U0010ffff]")


def decode(body: bytes, content_type: str | None) -> str:
    """The text of a response, nothing lost: an undecodable byte or a NUL becomes U+FFFD.

    A declared charset counts only if the bytes agree with it: bytes that are UTF-8 are read as UTF-8 even where a
    one-byte charset is declared, and where they are not what was declared they are guessed.
    """
    charset, mark = read_bom(body)
    if charset is not None and mark is not None:
        return _clean(body[len(mark) :].decode(charset, "replace"))
    declared = _declared(body, content_type)
    if not BEYOND_ASCII.search(body):
        return _clean(body.decode(declared or "ascii", "replace"))
    utf8 = _strictly(body, "utf-8")
    if utf8 is not None and (declared is None or _one_byte(declared)):
        return _clean(utf8)
    text = _strictly(body, declared) if declared else None
    if text is not None:
        return _clean(text)
    damaged = body.decode(declared or "utf-8", "replace")
    # A letter cut in half or a stray byte in a page whose other letters fit: still that charset.
    if damaged.count(LOST) * 10 <= len(SEQUENCE.findall(damaged)):
        return _clean(damaged)
    return _clean(body.decode(_guess(body) or "cp1252", "replace"))


def _declared(body: bytes, content_type: str | None) -> str | None:
    """The Python name of the charset that the header or the page itself declares, the header first."""
    name = http_content_type_encoding(content_type) if content_type else None
    resolved = resolve_encoding(name or html_body_declared_encoding(body) or "")
    # Without a NUL there is no markup in UTF-16, whatever a page says (WHATWG HTML, 13.2.3.3, says UTF-8 as well).
    if resolved is None or (resolved.startswith(("utf-16", "utf-32")) and b"\0" not in body):
        return None
    return codecs.lookup(resolved).name


@cache
def _one_byte(charset: str) -> bool:
    return len(bytes(range(256)).decode(charset, "replace")) == 256  # noqa: PLR2004 - a letter for every byte


def _strictly(body: bytes, charset: str) -> str | None:
    try:
        return body.decode(charset)
    except UnicodeDecodeError:
        return None


def _guess(body: bytes) -> str | None:
    """The charset whose letters make the likeliest text, from the page's words alone: markup says nothing."""
    words = MARKUP.sub(b" ", body)[:GUESS_BYTES]
    matches = from_bytes(words, cp_isolation=list(GUESSES), enable_fallback=False)
    best = min(matches, key=lambda match: (match.chaos, -match.coherence, GUESSES.index(match.encoding)), default=None)
    return best.encoding if best else None


def _clean(text: str) -> str:
    return text.replace("\0", LOST)
