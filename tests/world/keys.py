"""Signing keys of operators and texts signed with them: OpenPGP version 4 with Ed25519 (RFC 4880, RFC 8032), slow and small."""

import base64
import hashlib
from functools import lru_cache
from random import Random

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
OID = bytes.fromhex("092b06010401da470f01")
Point = tuple[int, int, int, int]


def _add(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return i * j % P, k * m % P, j * k % P, i * m % P


def _base() -> Point:
    y = 4 * pow(5, P - 2, P) % P
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    x = P - x if x & 1 else x
    return x, y, 1, x * y % P


BASE = _base()


def _times(scalar: int) -> bytes:
    made, power = (0, 1, 1, 0), BASE
    while scalar:
        if scalar & 1:
            made = _add(made, power)
        power = _add(power, power)
        scalar >>= 1
    inverse = pow(made[2], P - 2, P)
    return (made[1] * inverse % P | (made[0] * inverse % P & 1) << 255).to_bytes(32, "little")


@lru_cache(maxsize=256)
def _pair(seed: int) -> tuple[int, bytes, bytes]:
    """Secret scalar, the secret's second half, public key."""
    secret = hashlib.sha512(Random(seed).randbytes(32)).digest()
    scalar = int.from_bytes(secret[:32], "little") & (2**254 - 8) | 2**254
    return scalar, secret[32:], _times(scalar)


def _sign(seed: int, message: bytes) -> tuple[bytes, bytes]:
    scalar, prefix, public = _pair(seed)
    nonce = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % ORDER
    point = _times(nonce)
    challenge = int.from_bytes(hashlib.sha512(point + public + message).digest(), "little") % ORDER
    return point, ((nonce + challenge * scalar) % ORDER).to_bytes(32, "little")


def _packet(tag: int, body: bytes) -> bytes:
    length = len(body)
    head = bytes([length]) if length < 192 else bytes([(length - 192 >> 8) + 192, (length - 192) & 255])
    return bytes([0xC0 | tag]) + head + body


def _number(value: bytes) -> bytes:
    value = value.lstrip(b"\0")
    return (len(value) * 8 - 8 + value[0].bit_length()).to_bytes(2, "big") + value


def _key_body(seed: int) -> bytes:
    return b"\x04" + (1_500_000_000).to_bytes(4, "big") + b"\x16" + OID + _number(b"\x40" + _pair(seed)[2])


def _signature(seed: int, kind: int, at: int, signed: bytes) -> bytes:
    key = _key_body(seed)
    fingerprint = hashlib.sha1(b"\x99" + len(key).to_bytes(2, "big") + key).digest()
    hashed = (
        b"\x05\x02" + at.to_bytes(4, "big") + b"\x16\x21\x04" + fingerprint + (b"\x02\x1b\x03" if kind == 0x13 else b"")
    )
    body = bytes([4, kind, 22, 8]) + len(hashed).to_bytes(2, "big") + hashed
    digest = hashlib.sha256(signed + body + b"\x04\xff" + len(body).to_bytes(4, "big")).digest()
    r, s = _sign(seed, digest)
    beside = b"\x09\x10" + fingerprint[-8:]
    return _packet(2, body + len(beside).to_bytes(2, "big") + beside + digest[:2] + _number(r) + _number(s))


def _armored(kind: str, data: bytes) -> str:
    check = 0xB704CE
    for byte in data:
        check ^= byte << 16
        for _ in range(8):
            check = check << 1 ^ (0x1864CFB if check & 0x800000 else 0)
        check &= 0xFFFFFF
    text = base64.b64encode(data).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN PGP {kind}-----\n\n{lines}\n={base64.b64encode(check.to_bytes(3, 'big')).decode()}\n-----END PGP {kind}-----\n"


@lru_cache(maxsize=256)
def public_key(seed: int, name: str) -> str:
    """The armored public key of an operator, signed by itself."""
    key, user = _key_body(seed), name.encode()
    signed = b"\x99" + len(key).to_bytes(2, "big") + key + b"\xb4" + len(user).to_bytes(4, "big") + user
    return _armored(
        "PUBLIC KEY BLOCK", _packet(6, key) + _packet(13, user) + _signature(seed, 0x13, 1_500_000_000, signed)
    )


@lru_cache(maxsize=512)
def signed(seed: int, text: str, at: int) -> str:
    """A text with the operator's signature around it, made at `at` (seconds since 1970)."""
    lines = [line.rstrip() for line in text.rstrip("\n").split("\n")]
    made = _signature(seed, 0x01, at, "\r\n".join(lines).encode())
    shown = "\n".join(f"- {line}" if line.startswith("-") else line for line in lines)
    return f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n{shown}\n{_armored('SIGNATURE', made)}"
