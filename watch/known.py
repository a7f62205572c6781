"""What is known already: platforms and their places, hosts that never are candidates, hosts with many tenants."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self
from urllib.parse import urlsplit

from core.hosts import registrable_domain, web_host
from core.records import Link, Record
from core.settings import Config, PlatformConfig
from core.yamlfile import load_model


class HostLists(Record):
    """`config/domains/hosts.yml`."""

    benign: frozenset[str] = frozenset()
    """Registrable domains that are linked everywhere and are nobody's new home."""
    tenants: Mapping[str, int] = {}
    """Hosts where each path is somebody else's place: how many segments of the path name the tenant."""
    same: Mapping[str, str] = {}
    """Hosts that are another name of one host."""


LONGEST_PLACE = 255
"""Letters of a place's key: no host has more, no service gives so long a name, and the store takes no more."""


@dataclass(frozen=True)
class KnownPlaces:
    """Whose a place is, if it is known."""

    platforms: Mapping[str, PlatformConfig]
    hosts: HostLists
    own: Mapping[str, str]
    """Keys of the configured sources' own addresses, with their platform."""
    official: frozenset[str]
    """Sources that are a platform's own account or channel."""
    crawled: Mapping[str, tuple[str, str]]
    """Platform and address of every crawled site, by its place."""
    site_of: Mapping[str, str]
    """The place of every crawled site, by the source's name."""
    nameless: frozenset[str]
    """Platforms of which nothing is kept that tells authors apart: a source's policy says so."""
    watched: frozenset[str]
    """Platforms of which any source is crawled."""

    @classmethod
    def load(cls, config: Config) -> Self:
        """From the configuration; ConfigError where config/domains does not fit."""
        path = config.folder / "domains" / "hosts.yml"
        hosts = load_model(path, HostLists) if path.exists() else HostLists()
        known = cls(config.platforms, hosts, {}, frozenset(), {}, {}, frozenset(), frozenset())
        sites = {name: one for name, one in config.sources.items() if one.kind == "site" and one.enabled}
        return cls(
            config.platforms,
            hosts,
            {known.key(source.url): source.platform for source in config.sources.values()},
            frozenset(name for name, source in config.sources.items() if source.kind in {"account", "channel"}),
            {
                (key := known.key(source.url)): (source.platform, source.url if "/" in key else _root(source.url))
                for source in sites.values()
            },
            {name: known.key(source.url) for name, source in sites.items()},
            frozenset(source.platform for source in config.sources.values() if source.author_policy == "none"),
            frozenset(source.platform for source in config.sources.values() if source.enabled),
        )

    def key(self, url: str) -> str:
        """The place an address belongs to: registrable domain, onion, or host/path where a host has many tenants."""
        parts = urlsplit(url if "://" in url else f"https://{url}")
        host = (parts.hostname or "").rstrip(".").lower().removeprefix("www.")
        host = self.hosts.same.get(host, host)
        depth = self.hosts.tenants.get(host)
        if depth is None:
            return registrable_domain(host)
        segments = [segment for segment in parts.path.split("/") if segment]
        if segments and segments[0] in {"s", "c"} and depth == 1:  # t.me/s/NAME is the public preview of t.me/NAME
            segments = segments[1:]
        return "/".join([host, *(segment.lower() for segment in segments[:depth])])

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Every known place's key, with its platform."""
        places = dict(self.own)
        for name, platform in self.platforms.items():
            given = [item.domain for item in platform.domains] + [*platform.onions, *platform.accounts]
            places |= {self.key(address): name for address in given}
        return places

    @cached_property
    def names(self) -> Mapping[str, str]:
        """What platforms are called, plainly spelled, with their id."""
        return {
            plain(name): platform
            for platform, config in self.platforms.items()
            for name in (*config.names, *(item.domain for item in config.domains))
            if len(plain(name)) > 2  # noqa: PLR2004 - shorter ones stand in every sentence
        }

    def candidate_key(self, link: Link) -> str | None:
        """The place a link leads to, where it could be somebody's new home; None for known and benign ones."""
        if link.kind in {"media", "archive", "shortener"}:
            return None
        key = self.key(link.url)
        if link.kind in {"account", "invite"} and link.handle and "/" not in key:
            key = f"{self.hosts.same.get(link.host, link.host) or link.service}/{link.handle.lower()}"
        return self._if_unknown(key)

    def candidate_of(self, url: str) -> str | None:
        """The place that a page's address belongs to, where it could be somebody's new home."""
        host = web_host(url)
        return None if host is None else self._if_unknown(self.key(url))

    def _if_unknown(self, key: str) -> str | None:
        if len(key) > LONGEST_PLACE:
            return None
        host = key.partition("/")[0]
        if key in self.places or ("/" not in key and registrable_domain(host) in self.hosts.benign):
            return None
        if "/" not in key and host in self.hosts.tenants:  # the service itself, no tenant of it
            return None
        return key

    @cached_property
    def sites(self) -> Mapping[str, tuple[str, str]]:
        """Where known platforms are looked at: by place, the platform and the address to begin at.

        Every site that is crawled; and of a platform of which anything is crawled every domain and onion that it has
        now, or had last.
        """
        found = dict(self.crawled)
        for name in sorted(self.watched & self.platforms.keys()):
            platform = self.platforms[name]
            last = max((item.until or date.max for item in platform.domains), default=date.max)
            current = [item.domain for item in platform.domains if (item.until or date.max) == last]
            for host in (*current, *platform.onions):
                scheme = "http" if host.endswith(".onion") else "https"
                found.setdefault(self.key(host), (name, f"{scheme}://{host}/"))
        return found

    def named_in(self, text: str) -> frozenset[str]:
        """Platforms that a text names."""
        spelled = f" {plain(text)} "
        return frozenset(platform for name, platform in self.names.items() if f" {name} " in spelled)

    def is_down(self, platform: str | None) -> bool:
        """Whether a platform is known to be down or dead."""
        known = self.platforms.get(platform or "")
        return known is not None and known.status in {"down", "dead", "dormant"}


def _root(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


def plain(text: str) -> str:
    """A text for comparing names: NFKC, lower case, words parted by single spaces."""
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).casefold()).strip()
