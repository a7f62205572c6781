"""Links of a post, however they are written: linked, bare, defanged or spelled out.

The text is what counts: what a board's software makes a link of ends differently on every board. Its hrefs add what
the text does not show.
"""

import re
from base64 import b32decode
from collections.abc import Iterable, Iterator
from hashlib import sha3_256
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

import idna
from w3lib.url import safe_url_string

from core.hosts import is_ip, public_suffix, registrable_domain
from core.records import Link
from crawler.services import classify, known_services, redirect_target

UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
"""Letters without a width: they break a name for machines, not for eyes."""
DISGUISED_DOT = r"[ ]?[\[({<][ ]?(?:\.|dot|d0t|punkt|точка)[ ]?[\])}>][ ]?|[ ](?:dot|d0t|точка)[ ]"
DOT = rf"(?:\.|．|{DISGUISED_DOT})"
SCHEME = r"h(?:tt|xx|tx|xt|\*\*|__)p(?P<secure>s?)[ ]?(?:\[?:\]?[ ]?(?://|\\\\)|\[://\])"
ANY_LABEL = rf"[\w%{UNSEEN}-]{{1,80}}+"
LABEL = rf"[^\W_][\w{UNSEEN}-]{{0,79}}+"
PORT = r"(?::\d{1,5}+)?"
REST = (
    r"""(?:[/?\#](?:[^\s<>"`|\\^{}\[\]«»“”„‹›，。、！？；：（）【】「」『』]|\[\.\])*+"""
    r"""|(?:[ ]slash[ ][\w-]{1,80}+){1,8}+)?"""
)

# A name glued to letters of another script is read for itself first: Japanese and Chinese put no space before it.
WRITTEN = re.compile(
    rf"""(?xi)
    {SCHEME} (?:[^\s/?\#@<>"\[\](){{}}]{{1,256}}+@)?
        (?P<host>\[[0-9a-f:.]{{2,45}}\] | {ANY_LABEL}(?:{DOT}{ANY_LABEL}){{0,9}}+) (?P<host_end>{PORT}{REST})
    | (?<![a-z0-9_@/\\])
        (?P<name>(?a:{LABEL}(?:{DOT}{LABEL}){{1,9}}+)) (?P<name_end>{PORT}{REST}) (?![a-z0-9_@])
    | (?<![\w@/\\])
        (?P<wide_name>{LABEL}(?:{DOT}{LABEL}){{1,9}}+) (?P<wide_name_end>{PORT}{REST}) (?![\w@])
    | tg://(?P<telegram>resolve\?domain=|join\?invite=)(?P<handle>[\w-]+)
    | (?<![\w.]) (?P<onion>[a-z2-7]{{56}}) (?![\w.])
    """
)
PLAIN_SCHEME = re.compile(r"(?i)https?://")
DISGUISE = re.compile(rf"(?i){DISGUISED_DOT}|[{UNSEEN}]")
DOTS = re.compile(f"(?i){DOT}")
SPELLED = re.compile(r"(?i)(\w+) (?:dot|d0t|точка) ")
ASCII_LETTER = re.compile("[a-zA-Z0-9]")
BRACKET = re.compile(r"[\[({<]")
INVISIBLE = re.compile(f"[{UNSEEN}]")
HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")

CLOSING = {")": "(", "]": "[", "}": "{"}
TRAILING = ".,;:!?'\"*~…’"
ENDS = TRAILING + "".join(CLOSING)
USUAL_SUFFIXES = ("com", "net", "org")
SHORTEST_NUMBER = 3  # digits of a name such as 163.com; 5.pm and 10.am are times


class Written(NamedTuple):
    """A link where it stands in a text: `text[start:end]`."""

    start: int
    end: int
    url: str
    disguised: bool


def links_in(text: str, hrefs: Iterable[str] = (), signature: Iterable[Link] = ()) -> tuple[Link, ...]:
    """The links of a post from its plain text and the hrefs its page gave, each address once, in order of appearance.

    An href that stands in the text ends where the text's link does; others follow, relative ones and other schemes
    left out. `signature` holds the links of the author's signature: they come last, marked as such. No href and no
    text makes this raise.
    """
    links: dict[str, Link] = {}
    shown = set()
    for written in links_written(text):
        raw = text[written.start : written.end]
        shown.add(raw.rstrip(ENDS))
        _add(links, raw, written.url, disguised=written.disguised)
    for href in hrefs:
        if href.rstrip(ENDS).removeprefix("//") in shown:
            continue
        full = f"https:{href}" if href.startswith("//") else href
        if PLAIN_SCHEME.match(full) and (url := normalise(full)):
            _add(links, href, url, disguised=False)
        elif "://" in full:
            for written in islice(links_written(full), 1):
                _add(links, href, written.url, disguised=written.disguised)
    for link in signature:
        links.setdefault(link.url, link.model_copy(update={"signature": True}))
    return tuple(links.values())


def _add(links: dict[str, Link], raw: str, url: str, *, disguised: bool) -> None:
    target = redirect_target(url)
    url = (normalise(target) if target else None) or url
    if url not in links:
        host = urlsplit(url).hostname or ""
        kind, service, handle = classify(url)
        links[url] = Link(
            raw=raw, url=url, host=host, domain=registrable_domain(host),
            kind=kind, service=service, handle=handle, disguised=disguised,
        )  # fmt: skip


def normalise(url: str) -> str | None:
    """An http(s) address in the form it is compared in; None for what is none.

    Scheme and host in lower case, the host in punycode without its last dot; no default port, user or unseen letters;
    "/" as the empty path; what is not ASCII in path and query percent-encoded. All else stays, the fragment too.
    """
    try:
        parts = urlsplit(INVISIBLE.sub("", url).strip())
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    host = _ascii(unquote(parts.hostname or ""))
    if scheme not in ("http", "https") or host is None:
        return None
    default = {"http": 80, "https": 443}[scheme]
    authority = host if port in (None, default) else f"{host}:{port}"
    return str(safe_url_string(urlunsplit((scheme, authority, parts.path or "/", parts.query, parts.fragment))))


def _ascii(host: str) -> str | None:
    host = host.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]" if is_ip(host) else None
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            return None
    return host if HOST.fullmatch(host) else None


def links_written(text: str) -> Iterator[Written]:
    """Every link as it stands in a text, in order; the same address may come again."""
    at = 0
    while found := WRITTEN.search(text, at):
        written = _read(found, text)
        at = written.end if written else _next_chance(found)
        if written:
            yield written


def _next_chance(found: re.Match[str]) -> int:
    """Where the next link may begin in what was none: after "it is a dot" may come "newboard.example"."""
    name = found["name"] or found["wide_name"] or ""
    if not name or DISGUISE.search(name):
        return found.start() + 1
    glued = ASCII_LETTER.search(found.string, found.start() + 1, found.end("wide_name"))
    return glued.start() if glued and not found["name"] else found.start() + len(name)


def _read(found: re.Match[str], text: str) -> Written | None:
    if found["telegram"]:
        prefix = "+" if found["telegram"].startswith("join") else ""
        return Written(*found.span(), f"https://t.me/{prefix}{found['handle']}", disguised=False)
    if found["onion"]:
        return (
            Written(*found.span(), f"http://{found[0].lower()}.onion/", disguised=True) if _is_onion(found[0]) else None
        )
    kind = "host" if found["host"] else "name" if found["name"] else "wide_name"
    typed, more = found[kind], _without_trailing(found[f"{kind}_end"])
    disguised = DISGUISE.search(typed) is not None or more.startswith(" ")
    if kind == "host":
        scheme = f"http{found['secure'].lower()}"
        disguised = disguised or not PLAIN_SCHEME.match(found[0])
        name = _refanged(typed)
    else:
        typed, more = _without_next_sentence(typed, more)
        name = _refanged(typed)
        if not _is_name(name, typed, more, called=text.startswith("(", found.start(kind) + len(typed))):
            return None
        scheme = "http" if name.lower().startswith("www.") or name.lower().endswith(".onion") else "https"
    url = normalise(f"{scheme}://{name}{more.replace('[.]', '.').replace(' slash ', '/')}")
    return Written(found.start(), found.start(kind) + len(typed) + len(more), url, disguised) if url else None


def _refanged(name: str) -> str:
    return name if name.startswith("[") else DOTS.sub(".", INVISIBLE.sub("", name))


def _without_trailing(more: str) -> str:
    """Port and path without the sentence's punctuation and without brackets that were opened before the link."""
    end = len(more)
    open_now = {closing: more.count(closing) - more.count(opening) for closing, opening in CLOSING.items()}
    while end:
        last = more[end - 1]
        if open_now.get(last, 0) > 0:
            open_now[last] -= 1
        elif last not in TRAILING:
            break
        end -= 1
    return "" if more[:end] in ("#", "?") else more[:end]


def _without_next_sentence(typed: str, more: str) -> tuple[str, str]:
    """The name without a word that only lacks the space before it: "newboard.example.Then we left"."""
    name, _, last = typed.rpartition(".")
    if "." in name and last.istitle() and not _suffix(typed) and _suffix(name):
        return name, ""
    return typed, more


def _suffix(name: str) -> str:
    """The ending that makes a name a host's; empty where nothing does."""
    before, _, last = name.lower().rpartition(".")
    return public_suffix(name) or (last if before and last in known_services().unlisted_suffixes else "")


def _is_name(name: str, typed: str, more: str, *, called: bool) -> bool:
    """Whether what was typed without a scheme is a host's name rather than a file's, code, or two sentences."""
    known = known_services()
    labels = name.lower().split(".")
    certain = more.startswith(("/", ":", " ")) or BRACKET.search(typed) is not None
    if is_ip(name):
        return certain
    if not _suffix(name) or name.lower() in known.not_hosts or any("_" in label for label in labels[-2:]):
        return False
    if known.names(name.lower()):
        return True
    spelled = SPELLED.match(typed)
    if spelled and spelled[1].lower() in known.no_name_before_dot:
        return False
    last = labels[-1]
    if certain or labels[0] == "www":
        return True
    if last in known.file_suffixes or (labels[-2].isdigit() and len(labels[-2]) < SHORTEST_NUMBER):
        return False
    if last in known.word_suffixes:
        return re.search(r"[\d-]", name) is not None
    usual = spelled or last in USUAL_SUFFIXES or last in known.unlisted_suffixes
    return bool(usual) or not (called or name.rpartition(".")[2].istitle())


def _is_onion(key: str) -> bool:
    """Whether 56 letters are an onion's name, by its checksum (Tor rend-spec-v3, 6)."""
    raw = b32decode(key.upper())
    public_key, checksum, version = raw[:32], raw[32:34], raw[34:]
    return sha3_256(b".onion checksum" + public_key + version).digest()[:2] == checksum
