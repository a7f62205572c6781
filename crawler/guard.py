"""Where we may connect: public addresses only, decided on the address that is connected to, never on the name.

With a proxy nothing is resolved here at all. Without one, every name and every way to write an address passes the
resolver, on each redirect too; a request that would reach a proxy's own host directly is refused.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.base import ReactorBase
from twisted.internet.defer import Deferred

# ipaddress.is_global counts these, in some version of Python, as global although each leads, or can lead, into private
# networks: protocol assignments, multicast, NAT64, 6to4, Teredo, site-local, IPv4-mapped and -compatible (RFC 6890).
NOT_PUBLIC = [
    ip_network(block)
    for block in ("192.0.0.0/24", "224.0.0.0/4", "192.88.99.0/24", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16",
                  "2001::/32", "fec0::/10", "ff00::/8", "::ffff:0:0/96", "::/96")
]  # fmt: skip


class ForbiddenAddress(OSError):
    """A name leads to an address that is not public."""


_refused: dict[str, str] = {}


def refusal(host: str | None) -> str | None:
    """Why this process does not connect to a host; None where nothing speaks against it.

    Twisted drops the resolver's reason and says "no results"; this is where it is kept.
    """
    return _refused.get(host or "")


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Whether an IP address belongs to the public internet."""
    address = ip_address(address)
    return address.is_global and not any(address in block for block in NOT_PUBLIC if block.version == address.version)


def literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host name is, in any of the ways the system reads one (127.1, 0x7f.1, 2130706433)."""
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeEncodeError):
        return None


class PublicResolver(CachingThreadedResolver):
    """Resolves names and refuses every answer that is not public; the configured proxies' hosts excepted."""

    allowed: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: ReactorBase) -> Self:
        """With the hosts of `FRINGEWATCH_PROXY_HOSTS` excepted."""
        resolver: Self = super().from_crawler(crawler, reactor)
        resolver.allowed = frozenset(crawler.settings.getlist("FRINGEWATCH_PROXY_HOSTS"))
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802
        """The name's address, or a ForbiddenAddress failure."""
        return super().getHostByName(name, timeout).addCallback(self._only_public, name)

    def _only_public(self, address: str, name: str) -> str:
        if name in self.allowed or is_public(address):
            return address
        _refused[name] = f"{name} leads to {address}, which is not a public address"
        raise ForbiddenAddress(_refused[name])


class GuardMiddleware:
    """Gives every request its source's proxy (or none), and refuses what no request may reach."""

    def __init__(self, crawler: Crawler) -> None:
        self.proxy: str | None = crawler.settings.get("FRINGEWATCH_PROXY")
        self.proxy_hosts = frozenset(crawler.settings.getlist("FRINGEWATCH_PROXY_HOSTS"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make one."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest, naming the reason, for other schemes and non-public addresses."""
        request.meta["proxy"] = self.proxy
        parts = urlsplit(request.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise IgnoreRequest(f"{request.url}: only http and https addresses are fetched")
        if self.proxy is None and parts.hostname in self.proxy_hosts:
            raise IgnoreRequest(f"{request.url}: this host is a proxy, not a site")
        address = literal_address(parts.hostname)
        if address is not None and not is_public(address):
            raise IgnoreRequest(f"{request.url}: {address} is not a public address")
