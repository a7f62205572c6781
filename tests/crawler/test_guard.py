"""Where we may connect: public addresses only, however they are written, by name, or after a redirect."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.guard import is_public, literal_address
from tests.conftest import Program, Site


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
     "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255",
     "240.0.0.1", "255.255.255.255", "192.88.99.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1",
     "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "fc00::1", "fe80::1", "fec0::1", "ff02::1",
     "2001:db8::1", "100::1"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4001:80e::200e"])
def test_addresses_that_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "0x7f.1",
        "0x7f000001",
        "2130706433",
        "0177.0.0.1",
        "017700000001",
        "0x7f.0.0.0x1",
    ],
)
def test_every_way_to_write_loopback_is_seen_through(host: str) -> None:
    assert str(literal_address(host)) == "127.0.0.1"


@pytest.mark.parametrize("host", ["[::1]", "::1", "[::ffff:127.0.0.1]", "[fe80::1%eth0]"])
def test_so_are_addresses_of_version_six(host: str) -> None:
    address = literal_address(host)
    assert address is not None
    assert not is_public(address)


@pytest.mark.parametrize("host", ["harbor.example", "127.0.0.1.example", "0x7g.1", "1.2.3.4.5", "", "ｅxample"])
def test_names_are_no_addresses(host: str) -> None:
    assert literal_address(host) is None


@dataclass
class Private:
    """A server on loopback that must never be asked."""

    port: int
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def private() -> Iterator[Private]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seen = Private(server.server_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield seen
    server.shutdown()
    server.server_close()


def test_without_a_proxy_no_spelling_of_a_private_server_is_asked(program: Program, private: Private) -> None:
    hosts = ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "0177.0.0.1", "[::ffff:127.0.0.1]", "localhost",
             "localhost.", "ip6-localhost", "127。0。0。1", "１２７.0.0.1", "0"]  # fmt: skip
    for number, host in enumerate(hosts):
        program.source(f"s{number}", platform="private", engine="generic", url=f"http://{host}:{private.port}/")
    done = program.json("crawl", "--once", status=1)
    assert private.asked == []
    for number, host in enumerate(hosts):
        (error,) = done["sources"][f"s{number}"]["errors"]
        assert error["why"], host
        assert done["sources"][f"s{number}"]["posts_new"] == 0
    assert "not a public address" in done["sources"]["s0"]["errors"][0]["why"]
    assert "not a public address" in done["sources"]["s6"]["errors"][0]["why"]


def test_a_redirect_leads_to_no_private_server_either(program: Program, site: Site, private: Private) -> None:
    for name, target in {"literal": "127.0.0.1", "same": "redirects.example"}.items():
        program.source(name, platform="p", engine="generic", url=f"http://{name}.example/")
        site.pages[f"http://{name}.example/"] = (302, {"Location": f"http://{target}:{private.port}/"}, "")
    done = program.json("crawl", "--once", "--proxy", site.url, status=1)
    assert private.asked == []
    assert "sends this page's visitors to" in done["sources"]["literal"]["errors"][0]["why"]


def test_with_a_proxy_no_name_is_resolved_here(program: Program, site: Site) -> None:
    program.source("b", platform="b", engine="generic", url="http://no-such-name.example/")
    site.pages["http://no-such-name.example/"] = (
        "<p>The kettle in the break room is broken again, who fixes it?</p>" * 3
    )
    assert program.json("crawl", "b", "--proxy", site.url)["sources"]["b"]["errors"] == []


@pytest.mark.parametrize("url", ["http://x.example:99999/", "http://[::1/", "http://user:pw@[::ffff:7f00:1]/"])
def test_addresses_that_cannot_be_are_an_error_not_a_crash(url: str, program: Program) -> None:
    program.source("odd", platform="odd", url=url)
    done = program.run("crawl", "odd")
    assert done.returncode in {1, 2}
    assert "Traceback" not in done.stderr
