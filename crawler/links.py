"""Links of a post, however they are written: linked, bare, defanged or spelled out.

The text is what counts: what a board's software makes a link of ends differently on every board. Its hrefs add what
the text does not show.
"""

import re
from base64 import b32decode, b64decode
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from hashlib import sha3_256
from itertools import islice
from typing import NamedTuple
from urllib.parse import unquote, urlsplit, urlunsplit

import idna
from w3lib.url import safe_url_string

from core.hosts import is_ip, registrable_domain
from core.records import Attachment, Link, LinkKind
from crawler.disguise import INVISIBLE, NEAR, NEXT_WORD, UNSEEN, Revealed, as_written, is_plain, reveal, suffix
from crawler.services import (
    SHORTEST_KEY,
    Account,
    archived_target,
    classify,
    known_services,
    longest_word,
    may_mention,
    mentions_in,
    redirect_target,
    uris_in,
)

ANY_LABEL = r"[\w%-]{1,80}+"
LABEL = r"[^\W_][\w-]{0,79}+"
PORT = r"(?::\d{1,5}+)?"
REST = r"""(?:[/?\#][^\s<>"`|\\^{}\[\]«»“”„‹›，。、！？；：（）【】「」『』]*+)?"""
NAME = rf"{LABEL}(?:\.{LABEL}){{1,9}}+"

# A name glued to letters of another script is read for itself first: Japanese and Chinese put no space before it.
# What follows an "@" is the host of an e-mail address.
WRITTEN = re.compile(
    rf"""(?xi)
    http(?P<secure>s?):// (?:[^\s/?\#@<>"\[\](){{}}]{{1,256}}+@)?
        (?P<host>\[[0-9a-f:.]{{2,45}}\] | {ANY_LABEL}(?:\.{ANY_LABEL}){{0,9}}+) (?P<host_end>{PORT}{REST})
    | (?P<mail>@ {NAME})
    | (?<![a-z0-9_@/\\])(?<![a-z0-9_][.-])
        (?P<name>(?a:{NAME})) (?P<name_end>{PORT}{REST}) (?![a-z0-9_@])
    | (?<![\w@/\\])(?<!\w[.-])
        (?P<wide_name>{NAME}) (?P<wide_name_end>{PORT}{REST}) (?![\w@])
    | tg:(?://)?(?P<telegram>resolve\?domain=|join\?invite=)(?P<handle>[\w-]+)
    | (?<![\w.]) (?P<onion>(?a:[a-z2-7]{{56}})) (?![\w.])
    """
)
# The next of words with a dot or colon within, or the length of a key: links hold no space.
LIKELY_WORD = re.compile(r"(?:[^\s.:]{0,45}+\s++)*+(\S++)")
IN_BASE64 = re.compile(r"(?<![\w/+=-])(?:aHR0c|d3d3L)[\w+/-]{8,2000}+={0,2}(?![\w+/-])")  # "http" and "www."
BACKWARDS = re.compile(r"(?<!\S)(?:\S+//:s?ptth|(?:moc|gro)\.[a-z0-9-]{3,60})(?![\w.@/-])")
PLAIN_SCHEME = re.compile(r"(?i)https?://")
ASCII_LETTER = re.compile("[a-zA-Z0-9]")
FILE_ENDING = re.compile(r"\.[a-zA-Z0-9]{2,5}$")
SURROGATES = re.compile("[\ud800-\udfff]")  # halves of letters, which no encoding has
NORMAL = re.compile(
    r"https?://(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+(?P<path>/[\w/.~+=&?:@,;!$()*-]*)?(?<!\?)", re.ASCII
)
HOST = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")

CLOSING = {")": "(", "]": "[", "}": "{"}
TRAILING = ".,;:!?'\"*~…’"
ENDS = TRAILING + "".join(CLOSING)
USUAL_SUFFIXES = ("com", "net", "org")
OVERLAY_ENDS = (".onion", ".i2p", ".loki")  # names that no certificate is made for
SHORTEST = 3  # letters or digits of a name such as 163.com; 5.pm and 10.am are times, "ja.de" is two words
HALVES_OF_DAY = {"am", "pm"}
MOST_REDIRECTS = 4


class Written(NamedTuple):
    """A link where it stands in a text: `text[start:end]`."""

    start: int
    end: int
    url: str
    disguised: bool
    account: Account | None = None


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
        _add(links, raw, written)
    for href in hrefs:
        if href.rstrip(ENDS).removeprefix("//") in shown:
            continue
        full = f"https:{href}" if href.startswith("//") else href
        if PLAIN_SCHEME.match(full) and (url := normalise(full)):
            _add(links, href, Written(0, len(href), url, disguised=False))
        elif ":" in full:
            for written in islice(links_written(full), 1):
                if written.start == 0:
                    _add(links, href, written)
    for link in signature:
        links.setdefault(link.url, link.model_copy(update={"signature": True}))
    return tuple(links.values())


def links_in_names(attachments: Iterable[Attachment]) -> tuple[Link, ...]:
    """The links that files carry in their names ("newboard.example.png"), without the ending that makes them a file."""
    names = [FILE_ENDING.sub("", file.filename).replace("_", " ") for file in attachments if file.filename]
    found = [link for name in names if "." in name or " " in name for link in links_in(name)]
    return tuple(link for link in found if link.disguised or link.kind is not LinkKind.WEB or _is_usual(link.host))


def _is_usual(host: str) -> bool:
    return host.rpartition(".")[2] in known_services().sure_suffixes


def merged(links: tuple[Link, ...], more: Iterable[Link]) -> tuple[Link, ...]:
    """Both, each address once: the first way it was given stays."""
    known = {link.url for link in links}
    return links + tuple(link for link in more if link.url not in known)


def _add(links: dict[str, Link], raw: str, written: Written) -> None:
    if written.account:
        link = _link_of_account(raw, written, written.account)
    else:
        link = _web_link(written.url).model_copy(update={"raw": raw, "disguised": written.disguised})
    links.setdefault(link.url, link)


def _link_of_account(raw: str, written: Written, account: Account) -> Link:
    named = account.kind is not LinkKind.WEB
    return Link(
        raw=raw, url=written.url, host=account.host, domain=registrable_domain(account.host) if account.host else "",
        kind=account.kind, service=account.service if named else None,
        handle=account.handle or None if named else None, disguised=written.disguised,
    )  # fmt: skip


@lru_cache(maxsize=16_384)
def _web_link(url: str) -> Link:
    """What an address leads to, whoever wrote it: the link as if it were written so."""
    leads_to = url
    for _ in range(MOST_REDIRECTS):
        if (target := redirect_target(leads_to)) is None:
            break
        leads_to = normalise(target) or leads_to
    host = urlsplit(leads_to).hostname or ""
    kind, service, handle = classify(leads_to)
    copied = archived_target(leads_to) if kind is LinkKind.ARCHIVE else None
    return Link(
        raw=url, url=leads_to, host=host, domain=registrable_domain(host), kind=kind, service=service, handle=handle,
        target=normalise(copied) if copied else None,
    )  # fmt: skip


def normalise(url: str) -> str | None:
    """An http(s) address in the form it is compared in; None for what is none.

    Scheme and host in lower case, the host in punycode without its last dot; no default port, user or unseen letters;
    "/" as the empty path; what is not ASCII in path and query percent-encoded. All else stays, the fragment too.
    """
    if normal := NORMAL.fullmatch(url):  # most are: nothing is to be taken apart
        return url if normal["path"] else f"{url}/"
    try:
        parts = urlsplit(INVISIBLE.sub("", SURROGATES.sub("\ufffd", url)).strip())
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    host = _ascii(unquote(parts.hostname or ""))
    if scheme not in ("http", "https") or host is None:
        return None
    default = {"http": 80, "https": 443}[scheme]
    authority = host if port in (None, default) else f"{host}:{port}"
    safe = safe_url_string(urlunsplit((scheme, authority, parts.path or "/", parts.query, parts.fragment)))
    before, mark, after = str(safe).partition("#")
    return f"{before}{mark}{after.replace('%23', '#')}"


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
    lowered = text.lower()
    plain = is_plain(lowered)
    if plain and not may_mention(lowered) and longest_word(text) < SHORTEST_KEY:
        return  # as most texts: this look costs a tenth of reading them
    shown = as_written(text) if plain else reveal(text)
    special = sorted(
        [*_uris(shown), *_mentions(shown), *_coded(shown)], key=lambda written: (written.start, -written.end)
    )
    at, end = 0, 0
    for written in special:
        if written.start >= end:
            yield from _placed(_between(shown, at, written.start), shown, text)
            yield from _placed([written], shown, text)
            at = end = written.end
    yield from _placed(_between(shown, at, len(shown.text)), shown, text)


def _mentions(shown: Revealed) -> Iterator[Written]:
    """Handles given with their service."""
    for start, end, address in mentions_in(shown.text):
        if url := normalise(address):
            yield Written(start, end, url, disguised=True)


def _coded(shown: Revealed) -> Iterator[Written]:
    """Addresses in base64, or written from their end to their beginning."""
    in_base64 = IN_BASE64.finditer(shown.text) if any(map(shown.text.__contains__, ("aHR0c", "d3d3L"))) else ()
    backwards = BACKWARDS.finditer(shown.text) if any(map(shown.text.__contains__, ("//:", "moc.", "gro."))) else ()
    for found in in_base64:
        with suppress(ValueError):
            meant = b64decode(found[0] + "==", altchars=b"-_" if set(found[0]) & set("-_") else None).decode()
            if url := normalise(meant if PLAIN_SCHEME.match(meant) else f"http://{meant}"):
                yield Written(*found.span(), url, disguised=True)
    for found in backwards:
        meant = found[0][::-1]
        if url := normalise(meant if PLAIN_SCHEME.match(meant) else f"https://{meant}"):
            yield Written(*found.span(), url, disguised=True)


def _uris(shown: Revealed) -> Iterator[Written]:
    """Addresses that are no web addresses."""
    for start, end, url, account in uris_in(shown.text):
        if not account.host or suffix(account.host):
            web = normalise(url)
            yield Written(start, end, web or url, shown.disguised(start, end), None if web else account)


def _between(shown: Revealed, at: int, end: int) -> Iterator[Written]:
    while word := LIKELY_WORD.match(shown.text, at, end):
        at = word.start(1)
        while found := WRITTEN.search(shown.text, at, word.end()):
            written = _read(found, shown)
            at = written.end if written else _next_chance(found)
            if written:
                yield written
        at = word.end()


def _placed(found: Iterable[Written], shown: Revealed, text: str) -> Iterator[Written]:
    for written in found:
        start, end = shown.origin[written.start], shown.origin[written.end]
        yield written._replace(start=start, end=start + len(text[start:end].rstrip(f"{UNSEEN} ")))


def _next_chance(found: re.Match[str]) -> int:
    """Where the next link may begin in what was none."""
    if found["mail"]:
        return found.end()
    name = found["name"] or found["wide_name"] or ""
    if not name:
        return found.start() + 1
    glued = ASCII_LETTER.search(found.string, found.start() + 1, found.end("wide_name"))
    return glued.start() if glued and not found["name"] else found.start() + len(name)


def _read(found: re.Match[str], shown: Revealed) -> Written | None:
    if found["mail"]:
        return None
    if found["telegram"]:
        prefix = "+" if found["telegram"].startswith("join") else ""
        return Written(*found.span(), f"https://t.me/{prefix}{found['handle']}", disguised=False)
    if found["onion"]:
        return (
            Written(*found.span(), f"http://{found[0].lower()}.onion/", disguised=True) if _is_onion(found[0]) else None
        )
    kind = "host" if found["host"] else "name" if found["name"] else "wide_name"
    typed, more = found[kind], _without_trailing(found[f"{kind}_end"])
    name_at = found.start(kind)
    if kind == "host":
        scheme = f"http{found['secure'].lower()}"
    else:
        typed, more = _without_next_sentence(typed, more)
        end = name_at + len(typed)
        changed, certain = shown.disguised(name_at, end), shown.defanged(name_at, end) or more.startswith(("/", ":"))
        if not _is_name(typed, certain=certain, changed=changed, after=found.string[end : end + NEAR]):
            return None
        overlay = typed.lower().startswith("www.") or typed.lower().endswith(OVERLAY_ENDS)
        scheme = "http" if overlay else "https"
    end = name_at + len(typed) + len(more)
    url = normalise(f"{scheme}://{typed}{more}")
    return Written(found.start(), end, url, shown.disguised(found.start(), end)) if url else None


def _without_trailing(more: str) -> str:
    """Port and path without the sentence's punctuation and without brackets that were opened before the link."""
    if more[-1:] not in f"{ENDS}#":
        return more
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
    if "." in name and last.istitle() and not suffix(typed) and suffix(name):
        return name, ""
    return typed, more


def _is_name(name: str, *, certain: bool, changed: bool, after: str) -> bool:
    """Whether what was typed without a scheme is a host's name rather than a file's, code, or two sentences.

    `certain` says that a path or port follows or that it was defanged, `changed` that it was written otherwise;
    `after` is what follows.
    """
    known = known_services()
    labels = name.lower().split(".")
    if is_ip(name):
        return certain
    if not suffix(name) or any("_" in label for label in labels[-2:]):
        return False
    if not certain and ".".join(labels[-2:]) in known.not_hosts:
        return False
    if certain or (known.names(name.lower()) and not changed) or labels[0] == "www":
        return True
    last, usual = labels[-1], labels[-1] in USUAL_SUFFIXES or labels[-1] in known.unlisted_suffixes
    if last in HALVES_OF_DAY and labels[-2][-1].isdigit():
        return False
    if last in known.word_suffixes and re.search(r"[\d-]", name) is None:
        return False
    if not changed and _joins_sentences(last, after):
        return False
    if not changed and (last in known.file_suffixes or (not usual and _is_code_or_words(name.lower(), labels))):
        return False
    return bool(changed or usual) or not (after.startswith("(") or name.rpartition(".")[2].istitle())


def _joins_sentences(last: str, after: str) -> bool:
    """Whether what looks like a host's ending is the first word of a sentence."""
    words, following = known_services().joining_suffixes.get(last), NEXT_WORD.match(after)
    return words is not None and following is not None and (not words or following[1].lower() in words)


def _is_code_or_words(name: str, labels: list[str]) -> bool:
    own = name.removesuffix(f".{suffix(name)}").rpartition(".")[2]
    known = known_services()
    versions = any(label.isdigit() and len(label) < SHORTEST for label in labels)
    return versions or own in known.code_words or not known.code_roots.isdisjoint(labels[:-1]) or len(own) < SHORTEST


def _is_onion(key: str) -> bool:
    """Whether 56 letters are an onion's name, by its checksum (Tor rend-spec-v3, 6)."""
    raw = b32decode(key.upper())
    public_key, checksum, version = raw[:32], raw[32:34], raw[34:]
    return sha3_256(b".onion checksum" + public_key + version).digest()[:2] == checksum
