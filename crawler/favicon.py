"""Hashes of a site's icon. The icon is decoded here alone, in the parse worker's process, and never kept."""

import base64
import hashlib
import warnings
from binascii import Error as NotBase64
from io import BytesIO
from urllib.parse import unquote_to_bytes

import mmh3
from PIL import Image, UnidentifiedImageError

from core.probes import Favicon
from crawler.errors import UnexpectedPage
from crawler.permitted import ICON_BYTES, is_icon

WIDEST = 1024
"""Pixels on a side of an icon that is decoded."""
FORMATS = ("ICO", "PNG", "GIF", "BMP")


def favicon(body: bytes) -> Favicon:
    """An icon's hashes; UnexpectedPage where it is empty, too large or a page of text."""
    head = body.lstrip()[:200].lower()
    if not body or len(body) > ICON_BYTES or head.startswith((b"<!doctype", b"<html", b"<head", b"<body", b"{")):
        raise UnexpectedPage(None, f"an icon of at most {ICON_BYTES} bytes")
    return Favicon(
        sha256=hashlib.sha256(body).hexdigest(), mmh3=mmh3.hash(base64.encodebytes(body)), looks=_difference_hash(body)
    )


def in_data(address: str) -> bytes | None:
    """The bytes of a `data:` address that is an icon's; None for any other."""
    head, comma, data = address[: 2 * ICON_BYTES].partition(",")
    kind, *parameters = head.removeprefix("data:").lower().split(";")
    if not address.startswith("data:") or not comma or not is_icon(kind):
        return None
    try:
        raw = unquote_to_bytes(data)
        return base64.b64decode(raw) if "base64" in parameters else raw
    except NotBase64:
        return None


def _difference_hash(body: bytes) -> str | None:
    """Whether each of 8 × 8 grey steps is darker than its right neighbour (Krawetz 2013, "Kind of Like That")."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(BytesIO(body), formats=FORMATS) as image:
            if max(image.size) > WIDEST:
                return None
            ground = Image.new("RGBA", image.size, "white")
            ground.alpha_composite(image.convert("RGBA"))
            grey = ground.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    bits = "".join(str(int(grey[row * 9 + at] < grey[row * 9 + at + 1])) for row in range(8) for at in range(8))
    return f"{int(bits, 2):016x}"
