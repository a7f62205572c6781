"""What a site carries that names its operators: ids of analytics and verification, contacts, wallets, OpenPGP keys."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice
from operator import xor

from Crypto.Hash import keccak
from lxml.html import HtmlElement
from pysequoia import Cert, verify
from stdnum.bitcoin import b58decode, bech32_checksum

from crawler.markup import select

UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
IDS: Mapping[str, re.Pattern[str]] = {
    "google-analytics": re.compile(r"\b(UA-\d{4,10})-\d{1,4}\b|\b(G-[A-Z0-9]{8,12})\b"),
    "google-tags": re.compile(r"\b(GTM-[A-Z0-9]{5,9}|AW-\d{8,12})\b"),
    "adsense": re.compile(r"\b(?:ca-)?(pub-\d{14,18})\b"),
    "yandex-metrica": re.compile(r"mc\.yandex\.\w+/(?:watch|pixel)/(\d{5,10})|\bym\(\s*(\d{5,10})|yaCounter(\d{5,10})"),
    "facebook-pixel": re.compile(r"""fbq\(\s*["']init["']\s*,\s*["'](\d{10,20})|facebook\.com/tr\?id=(\d{10,20})"""),
    "recaptcha": re.compile(r"recaptcha/(?:api|enterprise)\.js\?(?:[^\"'\s]{0,300}&)?render=(6L[\w-]{38})"),
    "onesignal": re.compile(rf"""(?i)appId["']?\s*:\s*["']({UUID})"""),
    "push-key": re.compile(r"\b(B[A-Za-z0-9_-]{86})(?![\w-])"),
    "hotjar": re.compile(r"hjid:\s*(\d{5,9})"),
    "clarity": re.compile(r"clarity\.ms/tag/(\w{6,14})"),
    "statcounter": re.compile(r"sc_project\s*=\s*(\d{5,10})"),
    "histats": re.compile(r"Histats\.start'?\s*,\s*'?1\s*,\s*(\d{5,9})|histats\.com/(?:\w+/)?0\.gif\?(\d{5,9})"),
    "mail-ru": re.compile(r"top(?:-fwz1)?\.mail\.ru/counter\?(?:[^\"'\s]{0,300}[;&])?id=(\d{5,9})"),
    "sentry": re.compile(r"https://([0-9a-f]{32})@[\w.-]+/\d+"),
}
"""Kinds of ids that stand in scripts and the addresses of what a page loads; the group that matched is the id."""
VERIFICATION = re.compile(r"(?i)(?:[\w.:-]*verif[\w.:-]*|msvalidate\.01|fb:app_id|fb:admins|alexaVerifyID)")
MATOMO_SITE = re.compile(
    r"""setSiteId["']\s*,\s*["']?(\d{1,6})|(?:piwik|matomo)\.php\?(?:[^"'\s]{0,300}&)?idsite=(\d{1,6})"""
)
MATOMO_URL = re.compile(
    r"""(?i)(?:var u\s*=\s*[^;]{0,80}?|setTrackerUrl["']\s*,\s*)["'](?:https?:)?//([\w.-]{1,253})"""
    r"""|//([\w.-]{1,253})/(?:[\w./-]{0,200}/)?(?:piwik|matomo)\.(?:php|js)"""
)
CAPTCHAS = {"h-captcha": "hcaptcha", "cf-turnstile": "turnstile", "g-recaptcha": "recaptcha"}
LONGEST_SCRIPT = 200_000
MOST = 100
"""Of one kind of thing that a page may show."""


def identifiers(page: HtmlElement) -> list[str]:
    """Ids of analytics, advertising, verification and push services in the page's own markup, as `kind:id`."""
    loaded = [node.get(name) or "" for css, name in LOADED.items() for node in select(page, css)]
    scripts = [(node.text or "")[:LONGEST_SCRIPT] for node in select(page, "script")]
    quiet = [node.text_content() for node in select(page, "noscript")]
    code = "\n".join([*scripts, *loaded, *quiet])
    found = [
        f"{kind}:{_group(match)}" for kind, pattern in IDS.items() for match in islice(pattern.finditer(code), MOST)
    ]
    site, host = MATOMO_SITE.search(code), MATOMO_URL.search(code)
    if site and host:
        found.append(f"matomo:{_group(host).lower()}/{_group(site)}")
    return sorted({*found, *_in_attributes(page)})[:MOST]


LOADED = {"script[src]": "src", "iframe[src]": "src", "noscript img[src]": "src", "link[href]": "href"}


def _group(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group)


def _in_attributes(page: HtmlElement) -> Iterator[str]:
    for node in select(page, "meta[name][content], meta[property][content]"):
        name, content = node.get("name") or node.get("property") or "", (node.get("content") or "").strip()
        if content and len(content) <= MOST and VERIFICATION.fullmatch(name):
            yield f"{name.lower()}:{content}"
    for node in select(page, "[data-sitekey]"):
        kind = next((CAPTCHAS[name] for name in node.classes if name in CAPTCHAS), "sitekey")
        yield f"{kind}:{(node.get('data-sitekey') or '')[:MOST]}"
    for node in select(page, "script[data-domain][src]"):
        yield f"plausible:{(node.get('data-domain') or '')[:MOST].lower()}"
    for node in select(page, "script[data-website-id]"):
        yield f"umami:{(node.get('data-website-id') or '')[:MOST]}"
    for node in select(page, "script[data-cf-beacon]"):
        try:
            told = json.loads(node.get("data-cf-beacon") or "")
        except ValueError:
            continue
        if isinstance(told, dict) and isinstance(token := told.get("token"), str):
            yield f"cloudflare-beacon:{token[:MOST]}"


EMAIL = re.compile(r"(?<![\w.+-])([A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24})(?![\w-])")
CONTACTS: Mapping[str, re.Pattern[str]] = {
    "xmpp": re.compile(r"(?i)\b(?:xmpp|jabber)\s?:\s?(?://)?([\w.+-]{1,64}@[\w.-]{3,100}\w)"),
    "matrix": re.compile(r"(?<![\w/])([@#][\w.=/-]{1,64}:(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24})(?![\w-])"),
    "session": re.compile(r"(?i)\b(05[0-9a-f]{64})\b"),
}
TOX = re.compile(r"(?i)\b([0-9a-f]{76})\b")


def contacts(text: str) -> list[str]:
    """Addresses at which a site's operators can be reached, in a site's own words, as `kind:address`."""
    found = [f"{kind}:{match[1].lower()}" for kind, pattern in CONTACTS.items() for match in pattern.finditer(text)]
    taken = {address.partition(":")[2] for address in found}
    found += [f"email:{address}" for match in EMAIL.finditer(text) if (address := match[1].lower()) not in taken]
    found += [f"tox:{match[1].upper()}" for match in TOX.finditer(text) if _is_tox(bytes.fromhex(match[1]))]
    return sorted(set(found))[:MOST]


def _is_tox(told: bytes) -> bool:
    """Whether its last two bytes are the sum of those before (Tox specification, Tox ID)."""
    return all(reduce(xor, told[at:36:2]) == told[36 + at] for at in (0, 1))


BASE58 = re.compile(r"(?<![\w/])[1-9A-HJ-NP-Za-km-z]{26,36}(?!\w)")
SEGWIT = re.compile(r"(?<![\w/])(?:(?:bc|ltc)1[02-9ac-hj-np-z]{11,87}|(?:BC|LTC)1[02-9AC-HJ-NP-Z]{11,87})(?!\w)")
MONERO = re.compile(r"(?<!\w)[48][1-9A-HJ-NP-Za-km-z]{94}(?:[1-9A-HJ-NP-Za-km-z]{11})?(?!\w)")
ETHEREUM = re.compile(r"(?<!\w)0x[0-9a-fA-F]{40}(?!\w)")
VERSIONS = {0x00: "bitcoin", 0x05: "bitcoin", 0x30: "litecoin", 0x32: "litecoin", 0x1E: "dogecoin", 0x16: "dogecoin",
            0x4C: "dash"}  # fmt: skip
"""First byte of an address in Base58Check, by each coin's chain parameters."""
SEGWIT_COINS = {"bc": "bitcoin", "ltc": "litecoin"}
CODED = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
BECH32, BECH32M = 1, 0x2BC830A3
"""What the checksum comes to: witness version 0 (BIP 173), later ones (BIP 350)."""
MONERO_NETWORKS = {18, 19, 42}
"""First byte of an address, an integrated one, a subaddress (Monero, cryptonote_config.h)."""
BLOCK, LAST_BLOCKS = 11, {7: 5, 6: 4, 11: 8, 2: 1, 3: 2, 5: 3, 9: 6, 10: 7}
"""Monero writes eight bytes as eleven letters, and fewer as these."""


def wallets(text: str) -> list[str]:
    """Addresses of coins whose checksum is right, as `coin:address`."""
    readings: Sequence[tuple[re.Pattern[str], Callable[[str], str | None]]] = (
        (BASE58, _base58_coin), (SEGWIT, _segwit_coin), (MONERO, _monero), (ETHEREUM, _ethereum),
    )  # fmt: skip
    found = [
        f"{coin}:{match[0]}"
        for pattern, coin_of in readings
        for match in islice(pattern.finditer(text), MOST)
        if (coin := coin_of(match[0]))
    ]
    return sorted(set(found))[:MOST]


def _base58_coin(address: str) -> str | None:
    told = b58decode(address)
    if len(told) != 25 or hashlib.sha256(hashlib.sha256(told[:-4]).digest()).digest()[:4] != told[-4:]:  # noqa: PLR2004
        return None
    return VERSIONS.get(told[0])


def _segwit_coin(address: str) -> str | None:
    prefix, _, data = address.lower().rpartition("1")
    values = [CODED.find(letter) for letter in data]
    if prefix not in SEGWIT_COINS or -1 in values or len(address) > 90:  # noqa: PLR2004 - BIP 173
        return None
    spread = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    return SEGWIT_COINS[prefix] if bech32_checksum(spread + values) == (BECH32M if values[0] else BECH32) else None


def _monero(address: str) -> str | None:
    told = b""
    for at in range(0, len(address), BLOCK):
        block = address[at : at + BLOCK]
        value = int.from_bytes(b58decode(block))
        size = LAST_BLOCKS[len(block)]
        if value >= 256**size:
            return None
        told += value.to_bytes(size)
    return "monero" if told[0] in MONERO_NETWORKS and _keccak(told[:-4])[:4] == told[-4:] else None


def _ethereum(address: str) -> str | None:
    """Its letters' cases are its checksum (EIP-55); one without any is not taken."""
    digits = address[2:]
    hashed = _keccak(digits.lower().encode()).hex()
    nibbles = zip(digits.lower(), hashed, strict=False)
    right = "".join(letter.upper() if nibble in "89abcdef" else letter for letter, nibble in nibbles)
    return "ethereum" if digits == right and digits.lower() != digits else None


def _keccak(data: bytes) -> bytes:
    """Keccak-256 as coins use it, from before it became SHA-3."""
    return bytes(keccak.new(digest_bits=256, data=data).digest())


PUBLIC_KEY = ("-----BEGIN PGP PUBLIC KEY BLOCK-----", "-----END PGP PUBLIC KEY BLOCK-----")
SIGNED = ("-----BEGIN PGP SIGNED MESSAGE-----", "-----END PGP SIGNATURE-----")
LONGEST_BLOCK = 1_000_000
MOST_KEYS = 5


def _blocks(text: str, ends: tuple[str, str]) -> Iterator[str]:
    """What stands between two lines of OpenPGP's armour, these included."""
    at = 0
    while (begin := text.find(ends[0], at)) >= 0 and (end := text.find(ends[1], begin)) >= 0:
        at = end + len(ends[1])
        if at - begin <= LONGEST_BLOCK:
            yield text[begin:at]


def public_keys(text: str) -> dict[str, str]:
    """The OpenPGP keys that a text holds, armoured, by their fingerprints in lower-case hex."""
    blocks = islice(_blocks(text, PUBLIC_KEY), MOST_KEYS)
    return {key.fingerprint: block for block in blocks if (key := _certificate(block))}


def signed_part(text: str, known_keys: Iterable[str]) -> tuple[str, str] | None:
    """What one of the known keys (armoured) signed of a text, and that key's fingerprint; None where none did."""
    block = next(_blocks(text, SIGNED), None)
    keys = [key for armoured in known_keys if (key := _certificate(armoured))]
    if block is None or not keys:
        return None
    try:
        checked = verify(bytes=block.encode(), store=lambda _: keys)
    except Exception:  # noqa: BLE001 - whatever the library says, it is not signed
        return None
    content = checked.bytes.decode("utf-8", "replace") if checked.bytes else ""
    return (content, checked.valid_sigs[0].certificate) if checked.valid_sigs else None


def _certificate(armoured: str) -> Cert | None:
    try:
        return Cert.from_bytes(armoured.encode())
    except Exception:  # noqa: BLE001 - the library has one exception for all that is no key
        return None
