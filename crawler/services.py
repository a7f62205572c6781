"""What stands behind a link, by its host: accounts, invites, archives, shorteners, media (listed in services.yml)."""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import BeforeValidator

from core.records import LinkKind, Record
from core.yamlfile import load_model

Pattern = Annotated[re.Pattern[str], BeforeValidator("(?i:{})".format)]
"""A regular expression over path and query; case does not matter."""


class Service(Record):
    """A service with accounts: the hosts it answers at, and what its addresses lead to."""

    hosts: tuple[str, ...]
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


class Services(Record):
    """All of services.yml; its comments say what each list is."""

    services: dict[str, Service]
    archives: frozenset[str]
    shorteners: frozenset[str]
    media: frozenset[str]
    redirectors: tuple[Redirector, ...]
    unlisted_suffixes: frozenset[str]
    file_suffixes: frozenset[str]
    word_suffixes: frozenset[str]
    no_name_before_dot: frozenset[str]
    not_hosts: frozenset[str]

    def names(self, host: str) -> bool:
        """Whether the host itself is named here: such a name is never an accident of typing."""
        return host in self.archives | self.shorteners | self.media or host in by_host()


@cache
def known_services() -> Services:
    """The list that comes with the program."""
    return load_model(Path(__file__).with_name("services.yml"), Services)


@cache
def by_host() -> dict[str, tuple[str, Service]]:
    """Each service by each of its hosts, with its name."""
    return {host: (name, service) for name, service in known_services().services.items() for host in service.hosts}


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
    for kind, patterns in (
        (LinkKind.INVITE, service.invite), (LinkKind.MEDIA, service.media), (LinkKind.ACCOUNT, service.account),
    ):  # fmt: skip
        for pattern in patterns:
            if found := pattern.match(target):
                named = kind is not LinkKind.MEDIA
                return kind, name if named else None, found.groupdict().get("handle") if named else None
    tenant = host.removesuffix(service_host).rstrip(".")
    if service.subdomains and tenant not in ("", "www"):
        return LinkKind.ACCOUNT, name, tenant
    return LinkKind.WEB, None, None


def redirect_target(url: str) -> str | None:
    """Where a page of a known redirector sends one on, as written there; None for any other address."""
    parts = urlsplit(url)
    names = _with_parents(parts.hostname or "")
    for redirector in known_services().redirectors:
        if redirector.host in names and parts.path.startswith(redirector.path):
            if redirector.parameter is None:
                return unquote(parts.query) or None
            if values := parse_qs(parts.query).get(redirector.parameter):
                return values[0]
    return None


def _with_parents(host: str) -> list[str]:
    labels = host.split(".")
    return [".".join(labels[first:]) for first in range(len(labels) - 1)] or [host]
