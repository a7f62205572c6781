"""Host names: which registrable domain a host belongs to, and what it looks like to a reader; offline."""

import unicodedata
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

import idna
import tldextract

# The list that ships with the package, with its private section (github.io, blogspot.com are suffixes: their tenants
# are unrelated to each other). suffix_list_urls=() keeps it from ever fetching one.
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, include_psl_private_domains=True)

# Letters that a host's name may hold (IDNA 2008) and that are confusable with ASCII's by Unicode Technical Standard 39,
# of the scripts that names are registered in. Beyond it: the Cyrillic and Greek letters that differ from k, m, n, t in
# height alone. As there, m is taken for rn, w for vv, 0 for o, 1 for l.
_LOOKALIKES = {
    "a": "ɑαа", "b": "Ꮟ", "c": "ᴄⲥс", "d": "ԁ", "e": "еҽ", "f": "ꬵꞙẝք", "g": "ɡᶃƍց", "h": "һհ", "i": "ıɪɩιіꙇӏ",
    "j": "ϳј", "k": "κк", "l": "1ǀⵏ", "n": "ոռп", "o": "0ᴏᴑοσⲟоჿօం०੦૦௦౦೦൦๐໐၀", "p": "ρⲣр", "q": "ԛգզ", "r": "ꭇᴦⲅг",
    "s": "ꜱƽѕ", "t": "тτ", "u": "ꞟᴜʋυս", "v": "ᴠνѵ", "x": "х", "y": "ɣᶌʏỿγуүყ", "z": "ᴢ", "rn": "mм", "vv": "wɯᴡѡԝա",
    "6": "б", "8": "ȣ",
}  # fmt: skip
_LIKE = str.maketrans({letter: shape for shape, letters in _LOOKALIKES.items() for letter in letters})


def web_host(url: str) -> str | None:
    """The host of an http or https address, in lower case; None for anything that cannot be asked for."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # ValueError where it is no port
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} else None


@lru_cache(maxsize=65_536)
def registrable_domain(host: str) -> str:
    """The registrable domain of a host; the host itself where there is none (an IP address, `localhost`).

    An onion's is its own label under .onion; an unlisted ending (.example, .test) counts as a suffix of one label.
    """
    host = host.rstrip(".").lower()
    if is_ip(host):
        return host
    parts = _extract(host)
    if parts.domain and parts.suffix:
        return f"{parts.domain}.{parts.suffix}"
    labels = host.split(".")
    return ".".join(labels[-2:])


def is_ip(host: str) -> bool:
    """Whether the host is written as an IP address."""
    if ":" not in host and not host[-1:].isdigit():
        return False
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=65_536)
def public_suffix(host: str) -> str:
    """The listed ending of a host, as registrars and providers sell names under it (`com`, `co.uk`, `github.io`).

    Empty where its ending is not on the list (.example, a file name) or there is nothing before it.
    """
    parts = _extract(host.rstrip(".").lower())
    return parts.suffix if parts.domain else ""


@lru_cache(maxsize=65_536)
def skeleton(host: str) -> str:
    """What a host looks like: equal for two hosts that a reader may take for each other; not for showing.

    As in Unicode Technical Standard 39, section 4, for lower-case host names, with punycode read and accents dropped.
    """
    shown = ".".join(map(_as_shown, host.rstrip(".").lower().split(".")))
    letters = unicodedata.normalize("NFKD", shown)
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return bare.casefold().translate(_LIKE)


def _as_shown(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except UnicodeError:
        return label
