"""Addresses whose checksum is right are taken, others never; ids are read from markup, not from what people write."""

import hashlib

import pytest
from pysequoia import SignatureMode, Tsk, sign

from crawler.markers import contacts, identifiers, public_keys, signed_part, wallets
from crawler.markup import parse_html

# Addresses from the specifications: Bitcoin's genesis block, BIP 173 and 350, EIP-55, Monero's donation address.
RIGHT = {
    "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa": "bitcoin",
    "3P14159f73E4gFr7JterCCQh9QjiTjiZrG": "bitcoin",
    "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4": "bitcoin",
    "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0": "bitcoin",
    "BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4": "bitcoin",
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed": "ethereum",
    "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H": "monero",
}


@pytest.mark.parametrize(("address", "coin"), RIGHT.items())
def test_a_wallet_is_taken_with_its_coin(address: str, coin: str) -> None:
    assert wallets(f"Keep the lights on: {address}.") == [f"{coin}:{address}"]


@pytest.mark.parametrize("address", RIGHT)
def test_a_wallet_with_one_letter_changed_is_not(address: str) -> None:
    at = len(address) // 2
    other = "2" if address[at] != "2" else "3"
    assert wallets(f"{address[:at]}{other}{address[at + 1 :]}") == []


def base58check(version: int) -> str:
    payload = bytes([version]) + bytes(range(20))
    data = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    number, letters = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        letters = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"[digit] + letters
    return "1" * (len(data) - len(data.lstrip(b"\0"))) + letters


@pytest.mark.parametrize(
    ("version", "coin"),
    [(0x30, "litecoin"), (0x32, "litecoin"), (0x1E, "dogecoin"), (0x16, "dogecoin"), (0x4C, "dash")],
)
def test_coins_are_told_by_the_first_byte(version: int, coin: str) -> None:
    address = base58check(version)
    assert wallets(address) == [f"{coin}:{address}"]
    assert wallets(base58check(0x99)) == []


def test_a_wallet_without_a_checksum_is_not() -> None:
    assert wallets("0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed") == []


def test_contacts_of_every_kind() -> None:
    tox = "A0" * 32 + "00" * 4
    total = bytes.fromhex(tox)
    sums = [0, 0]
    for at, byte in enumerate(total):
        sums[at % 2] ^= byte
    tox += bytes(sums).hex().upper()
    session = "05" + "ab" * 32
    text = f"Write to Desk@Harbor.example, xmpp: desk@chat.example, @desk:talk.example, {session} or {tox}"
    assert contacts(text) == [
        "email:desk@harbor.example",
        "matrix:@desk:talk.example",
        f"session:{session}",
        f"tox:{tox}",
        "xmpp:desk@chat.example",
    ]
    assert contacts(tox[:-1] + ("0" if tox[-1] != "0" else "1")) == []


def test_ids_of_analytics_captchas_and_verification() -> None:
    page = parse_html(
        """<html><head><meta name="google-site-verification" content="abc_DEF"><meta name="description" content="UA-1-1">
        <script>ga('create', 'UA-123456-7'); ym(7654321, 'init'); fbq('init', '123456789012');
        var u="//stats.harbor.example/"; _paq.push(['setSiteId', '3']);</script>
        <script src="https://www.googletagmanager.com/gtag/js?id=G-ABCDE12345"></script>
        <script defer data-domain="Harbor.example" src="https://plausible.example/js/script.js"></script>
        <script data-cf-beacon='{"token": "0123456789abcdef0123456789abcdef"}'></script></head>
        <body><div class="h-captcha" data-sitekey="10000000-ffff"></div><p>My id is UA-999999-1</p></body></html>""",
        None,
    )
    assert identifiers(page) == [
        "cloudflare-beacon:0123456789abcdef0123456789abcdef",
        "facebook-pixel:123456789012",
        "google-analytics:G-ABCDE12345",
        "google-analytics:UA-123456",
        "google-site-verification:abc_DEF",
        "hcaptcha:10000000-ffff",
        "matomo:stats.harbor.example/3",
        "plausible:harbor.example",
        "yandex-metrica:7654321",
    ]


@pytest.fixture(scope="module")
def key() -> Tsk:
    return Tsk.generate("Harbor desk <desk@harbor.example>")


def armoured(key: Tsk) -> str:
    return str(key.extract_certificate())


def test_a_list_signed_by_a_known_key_names_it(key: Tsk) -> None:
    signed = sign(key.signer(), b"https://new-harbor.example/\n", mode=SignatureMode.CLEAR).decode()
    content, signer = signed_part(f"Mirrors\n{signed}", [armoured(key)]) or ("", "")
    assert (content.strip(), signer) == ("https://new-harbor.example/", key.extract_certificate().fingerprint)
    assert list(public_keys(armoured(key))) == [signer]


def test_a_list_that_was_changed_or_signed_by_another_is_not_signed(key: Tsk) -> None:
    signed = sign(key.signer(), b"https://new-harbor.example/\n", mode=SignatureMode.CLEAR).decode()
    other = Tsk.generate("Somebody <somebody@harbor.example>")
    assert signed_part(signed.replace("new-harbor", "evil-harbor"), [armoured(key)]) is None
    assert signed_part(signed, [armoured(other)]) is None
    assert signed_part(signed, []) is None
    assert signed_part(signed, ["no key"]) is None
