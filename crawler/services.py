"""What stands behind a link, by its host: accounts, invites, archives, shorteners, media (listed in services.yml)."""

import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import BeforeValidator

from core.hosts import public_suffix
from core.records import LinkKind, Record
from core.yamlfile import load_model

Pattern = Annotated[re.Pattern[str], BeforeValidator("(?i:{})".format)]
"""A regular expression over path and query, and the fragment where it holds a "#"; case does not matter."""


ADDRESS = re.compile(r"(?i)(?P<scheme>https?):/{1,2}(?P<rest>[^/\s].*)")
COPY_OF = re.compile(r"(?i)(?:[/=]|cache:(?:[\w-]{12}:)?)(?P<url>https?(?::|%3A)(?:/|%2F).+)")
SHORTEST_KEY = 46
"""Letters of the shortest key that is an address by itself."""
NO_WEB_SCHEME = re.compile(r"[:#](?<!https:)(?<!http:)")
DIGIT = re.compile("[0-9]")
NO_WORD = r"(?=[\w.]*[0-9_])(?=[\w.]*[^\W\d])[\w.]{4}"
BEHIND = "on|at|via|auf|bei|sur|en|su|no|na|w|в|op|på"
"""What stands between a handle and the name of its service."""
ACCOUNT_WORDS = "channel|group|account|handle|chat|user|username|id|kanal|canal|канал|nick|name"
MENTIONS = (
    re.compile(rf"@(?:(?<=[\w(]@)|(?<=[\w:=–>→|-][ :=]@)|(?<=\w [:=]@)|[\w.-]+ (?:\(|(?:{BEHIND}) ))"),
    re.compile(rf"[:=] ?{NO_WORD}"),
    re.compile(rf" (?:is|ist|es|est|at|as|under|[–-]|{ACCOUNT_WORDS}) {NO_WORD}"),
)
"""One of them is found in every text that gives a handle with its service."""
HOST_AND_PATH = re.compile(r"(?i)(?P<host>[\w-]+(?:\.[\w-]+)+)(?:[/?#].*)?")
COPY_OF_HOST = re.compile(r"(?i)/web/[\d*]{1,14}\*?(?:[a-z]{2}_)?/(?P<url>[\w-]+\.[^\s]+)")


class Account(NamedTuple):
    """Whose an address is that no web host answers to."""

    host: str
    kind: LinkKind
    service: str
    handle: str


class Uri(Record):
    """An address of a service that no browser opens, or what its programs show in place of one."""

    pattern: Pattern
    """Found anywhere in a text; its group `host` is the host that the address names."""
    address: str
    """The address in its normal form, made of the pattern's groups."""
    signs: tuple[str, ...] = ("",)
    """What stands, one of it at least, in every text that holds one, in lower case: sought first, at little cost."""
    length: int = 0
    """How many letters without a space every text has that holds one: long keys need no other sign."""
    handle: str = "{handle}"
    """The handle, made of the pattern's groups."""
    kind: LinkKind = LinkKind.ACCOUNT


class Service(Record):
    """A service with accounts: the hosts it answers at, and what its addresses lead to."""

    hosts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """What people call it when they write a bare handle: "@name on Telegram"."""
    address: str | None = None
    """Where the account `{handle}` is found."""
    case_matters: Pattern | None = None
    """Handles of accounts that differ by case; all others are compared in lower case."""
    uris: tuple[Uri, ...] = ()
    invite: tuple[Pattern, ...] = ()
    media: tuple[Pattern, ...] = ()
    account: tuple[Pattern, ...] = ()
    """The group `handle` is who or what is linked."""
    subdomains: Literal["account"] | None = None
    """Whether the first label of a host under it is an account."""


class Redirector(Record):
    """A page that only sends one on, to what its query holds."""

    host: str
    path: str = "/"
    parameter: str | None = None
    in_path: bool = False
    """The address follows the path itself."""


class Services(Record):
    """All of services.yml; its comments say what each list is."""

    services: dict[str, Service]
    archives: frozenset[str]
    shorteners: frozenset[str]
    media: frozenset[str]
    redirectors: tuple[Redirector, ...]
    leaving_pages: frozenset[str]
    leaving_parameters: tuple[str, ...]
    unlisted_suffixes: frozenset[str]
    file_suffixes: frozenset[str]
    word_suffixes: frozenset[str]
    joining_suffixes: dict[str, frozenset[str]]
    sure_suffixes: frozenset[str]
    no_name_before_dot: frozenset[str]
    words_after_address: frozenset[str]
    words_after_with: frozenset[str]
    code_words: frozenset[str]
    code_roots: frozenset[str]
    not_hosts: frozenset[str]

    def names(self, host: str) -> bool:
        """Whether the host itself is named here: such a name is never an accident of typing."""
        return host in self.archives or host in self.shorteners or host in self.media or host in by_host()


@cache
def known_services() -> Services:
    """The list that comes with the program."""
    return load_model(Path(__file__).with_name("services.yml"), Services)


@cache
def by_host() -> dict[str, tuple[str, Service]]:
    """Each service by each of its hosts, with its name."""
    return {host: (name, service) for name, service in known_services().services.items() for host in service.hosts}


@cache
def redirectors() -> dict[str, tuple[Redirector, ...]]:
    """Each host's pages that send one on."""
    known = known_services().redirectors
    return {host: tuple(one for one in known if one.host == host) for host in {one.host for one in known}}


def classify(url: str) -> tuple[LinkKind, str | None, str | None]:
    """What a normalised address leads to; for accounts and invites with the service and the handle as written."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host.endswith(".onion"):
        return LinkKind.ONION, None, None
    names = _with_parents(host)
    known = known_services()
    for kind, hosts in (
        (LinkKind.ARCHIVE, known.archives), (LinkKind.SHORTENER, known.shorteners), (LinkKind.MEDIA, known.media),
    ):  # fmt: skip
        if not hosts.isdisjoint(names):
            return kind, None, None
    service_host = next((name for name in names if name in by_host()), None)
    if service_host is None:
        return LinkKind.WEB, None, None
    name, service = by_host()[service_host]
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    whole = f"{target}#{unquote(parts.fragment)}"
    for kind, patterns in (
        (LinkKind.INVITE, service.invite), (LinkKind.MEDIA, service.media), (LinkKind.ACCOUNT, service.account),
    ):  # fmt: skip
        for pattern in patterns:
            if found := pattern.match(whole if "#" in pattern.pattern else target):
                named = kind is not LinkKind.MEDIA
                handle = found.groupdict().get("handle") if named else None
                return kind, name if named else None, handle and _folded(handle, service, kind)
    tenant = host.removesuffix(service_host).rstrip(".")
    if service.subdomains and tenant not in ("", "www"):
        return LinkKind.ACCOUNT, name, tenant
    return LinkKind.WEB, None, None


def _folded(handle: str, service: Service, kind: LinkKind) -> str:
    """A handle as it is compared; invites are keys, in which case counts."""
    kept = kind is LinkKind.INVITE or (service.case_matters and service.case_matters.fullmatch(handle))
    return handle if kept else handle.lower()


def uris_in(text: str) -> Iterator[tuple[int, int, str, Account]]:
    """Where in a text addresses of services stand that are no web addresses: start, end, normal form, whose it is."""
    longest = longest_word(text)
    if longest < SHORTEST_KEY and not NO_WEB_SCHEME.search(text):
        return
    lowered = text.lower()
    for name, service, uri in all_uris():
        if uri.length <= longest and any(map(lowered.__contains__, uri.signs)):
            for found in uri.pattern.finditer(text):
                groups = {key: value or "" for key, value in found.groupdict().items()}
                groups["host"] = groups.get("host", "").lower()
                handle = _folded(uri.handle.format_map({"handle": ""} | groups), service, uri.kind)
                yield *found.span(), uri.address.format_map(groups), Account(groups["host"], uri.kind, name, handle)


def may_mention(lowered: str) -> bool:
    """Whether something in a text, given in lower case, stands as a handle does beside its service's name; cheap."""
    return any(sign.search(lowered) for sign in MENTIONS)


def longest_word(text: str) -> int:
    """Letters of the longest word, whatever stands between spaces."""
    return max(map(len, text.split()), default=0)


def mentions_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Where in a text a handle is given with the name of its service: start, end, the account's address.

    "@harbor_desk on Telegram", "telegram: harbor_desk"; a word after a colon counts where it is no plain word.
    """
    lowered = text.lower()
    if not may_mention(lowered) or not any(map(lowered.__contains__, by_name())):
        return
    for found in mention().finditer(text):
        handle, name = (found["first"], found["where"]) if found["first"] else (found["then"], found["service"])
        service = by_name()[" ".join(name.lower().split())]
        if not found["first"] and not found["at"] and not _is_no_word(handle):
            continue
        if handle.lower() not in known_services().no_name_before_dot:
            yield found.start(), found.end(), (service.address or "").format(handle=handle.rstrip("."))


def _is_no_word(handle: str) -> bool:
    return "_" in handle or (DIGIT.search(handle) is not None and sum(map(str.isalpha, handle)) >= len(handle) / 2)


@cache
def all_uris() -> tuple[tuple[str, Service, Uri], ...]:
    """Each kind of address that is no web address, with its service."""
    return tuple((name, one, uri) for name, one in known_services().services.items() for uri in one.uris)


@cache
def by_name() -> dict[str, Service]:
    """Each service that has addresses by handle, by each of its names."""
    return {name: one for one in known_services().services.values() if one.address for name in one.names}


@cache
def mention() -> re.Pattern[str]:
    """A handle and its service, in either order."""
    names = "|".join(re.escape(name).replace("\\ ", "[ ]?") for name in sorted(by_name(), key=len, reverse=True))
    return re.compile(
        rf"""(?xi)
        (?<![\w@./])@(?P<first>[a-z0-9](?:[\w.-]{{0,38}}[\w])?+)
            [ ](?:\(?(?:{BEHIND})[ ]|\()(?P<where>{names})(?!\w)
        | (?<![\w@./?&=\#-])(?P<service>{names})
            (?:[ ](?:{ACCOUNT_WORDS}))?
            (?:[ ]?[:=][ ]?|[ ]?(?:[-=]?>|→|\|)[ ]?(?=@)|[ ]?\(?(?=@)
                |[ ](?:is|ist|es|est|at|as|under|[–-]|{ACCOUNT_WORDS})[ ])
            (?P<at>@?)(?P<then>[a-z0-9][\w.]{{2,38}}[a-z0-9_])(?![\w@./:-]*[/@:]\w)
        """
    )


def redirect_target(url: str) -> str | None:
    """Where a page of a known redirector sends one on, as written there; None for any other address."""
    parts = urlsplit(url)
    for redirector in (one for host in _with_parents(parts.hostname or "") for one in redirectors().get(host, ())):
        if parts.path.startswith(redirector.path):
            if redirector.in_path:
                return _whole(f"{parts.path.removeprefix(redirector.path)}?{parts.query}".rstrip("?"))
            if redirector.parameter is None:
                return _whole(unquote(parts.query)) or unquote(parts.query) or None
            if values := parse_qs(parts.query).get(redirector.parameter):
                return values[0]
    return _left_for(parts.path, parts.query)


def archived_target(url: str) -> str | None:
    """What an archive's address is a copy of, where it says so."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}".rstrip("?")
    if found := COPY_OF.search(path):
        return _address_in(found["url"])
    return f"http://{named['url']}" if (named := COPY_OF_HOST.match(path)) else None


def _left_for(path: str, query: str) -> str | None:
    """Where a board's own "you are leaving" page leads, whatever the board."""
    if not query or path.rstrip("/").rpartition("/")[2].lower() not in known_services().leaving_pages:
        return None
    values = parse_qs(query)
    given = [unquote(query), *(values[name][0] for name in known_services().leaving_parameters if name in values)]
    return next((found for value in given if (found := _address_in(value))), None)


def _address_in(value: str) -> str | None:
    """The address that a value is, percent-encoded or with a slash lost or not."""
    if value.startswith("aHR0c"):  # "http" in base64, as XenForo writes it
        with suppress(ValueError):
            value = b64decode(value + "==").decode()
    value = unquote(value) if value[:9].lower().find("%") > 0 else value
    return f"{found['scheme']}://{found['rest']}" if (found := ADDRESS.fullmatch(value)) else None


def _whole(value: str) -> str | None:
    """The address that a value is, with its scheme or without."""
    if (bare := HOST_AND_PATH.fullmatch(value)) and (
        public_suffix(bare["host"]) or bare["host"].rpartition(".")[2] in known_services().unlisted_suffixes
    ):
        return f"https://{value}"
    return _address_in(value)


def _with_parents(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[first:]) for first in range(len(labels) - 1)] or [host]
