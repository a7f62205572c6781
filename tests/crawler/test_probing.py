"""Looks at places as they are made: Scrapy, the parse worker, evidence on disk; from sites that are kind and hostile."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from OpenSSL.crypto import X509
from sqlalchemy import select
from twisted.internet.ssl import Certificate
from warcio.archiveiterator import ArchiveIterator

import crawler.spiders.probe
from app.children import in_child
from core.clock import fixed_clock
from core.probes import Due, Probe, ProbeState
from core.settings import Config, Settings
from core.store import Store
from core.store.tables import evidence
from crawler.pointing import Look
from crawler.probing import probe_places
from crawler.spiders.probe import certificate_names
from tests.conftest import Recorded, Site

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PAGE = "<!doctype html><html><head><title>Harbor</title></head><body><p>Lamps and tides.</p></body></html>"


FORUM = PAGE.replace("</p>", "".join(f'<a href="forumdisplay.php?fid={n}">Board {n}</a> ' for n in range(1, 10)) +
                     '</p><a href="https://mybb.com">MyBB</a><script src="/jscripts/general.js"></script>')  # fmt: skip


def probed(home: Path, proxy: str | None, places: list[tuple[str, str]], **settings: Any) -> list[Probe]:
    """Looks made in a process of their own, as the program makes them."""
    return in_child(_probe, home, proxy, places, settings, seconds=60)


def _probe(home: Path, proxy: str | None, places: list[tuple[str, str]], settings: dict[str, Any]) -> list[Probe]:
    if limit := settings.pop("place_seconds", None):
        crawler.spiders.probe.PLACE_SECONDS = limit
    if broken := settings.pop("broken", None):
        _break(broken)
    config = Config(folder=home, settings=Settings(**{"probe_delay": 0} | settings), sources={}, platforms={})
    store = Store.open(home, None)
    try:
        return probe_places(
            [Due(place, url) for place, url in places],
            config=config,
            store=store,
            home=home,
            clock=fixed_clock(NOW),
            proxy=proxy,
            progress=_silent,
        )
    finally:
        store.close()


def _break(place: str) -> None:
    """Has the plan for one place fail as a bug would."""
    module: Any = crawler.spiders.probe
    whole = module.plan

    def plan(look: Look, *given: Any, **more: Any) -> Any:
        return whole(look, *given, **more) if look.place != place else (1 / 0 for _ in "x")

    module.plan = plan


def _silent(_: Probe) -> None:
    pass


def test_recorded_sites_are_looked_at_with_evidence_of_each_page(
    recorded: Callable[[str], Recorded], tmp_path: Path
) -> None:
    forum = recorded("mybb")
    (probe,) = probed(tmp_path, forum.url, [("mybb.example", "https://mybb.example/")])
    assert probe.state is ProbeState.UP, probe.why
    facts = probe.facts
    assert facts is not None
    assert facts.engine == "mybb"
    assert len(facts.boards) == 6
    assert facts.posts
    assert facts.structure
    assert facts.certificate_names == ()
    store = Store.open(tmp_path, None)
    with store.read() as view:
        rows = {row.sha256: row for row in view.execute(select(evidence))}
    store.close()
    assert probe.evidence
    for ref in probe.evidence:
        assert rows[ref.sha256].file == ref.file
        assert (tmp_path / "evidence" / ref.file).stat().st_size > ref.offset


def test_a_recorded_imageboard_shows_its_threads(recorded: Callable[[str], Recorded], tmp_path: Path) -> None:
    (probe,) = probed(tmp_path, recorded("vichan").url, [("harbor-chan.example", "http://harbor-chan.example/")])
    assert probe.facts is not None
    assert (probe.facts.engine, probe.facts.boards[0]) == ("vichan", "harbor")
    assert probe.facts.threads >= 10
    assert probe.facts.newest_post_at is not None


@pytest.mark.parametrize(
    ("page", "state", "why"),
    [
        ((200, {"Content-Type": "text/html"}, b"<p>x</p>" * 4_000_000), ProbeState.FAILING, "larger than"),
        ((200, {"Content-Type": "video/mp4"}, b"\0" * 100_000), ProbeState.FAILING, "only text is fetched"),
        ((200, {"Content-Type": "text/html"}, b"<div>" * 200_000), ProbeState.UP, "cannot be read"),
        ((301, {"Location": "http://127.0.0.1/"}, b""), ProbeState.MOVED, "127.0.0.1"),
        (
            PAGE.replace("</p>", "".join(f'<a href="/b{n}/index.html">b{n}</a>' for n in range(10_000))),
            ProbeState.UP,
            "",
        ),
    ],
)
def test_a_hostile_front_page_costs_itself_only(
    site: Site, tmp_path: Path, page: Any, state: ProbeState, why: str
) -> None:
    site.pages |= {"http://maze.example/": page, "http://harbor.example/": PAGE}
    places = [("maze.example", "http://maze.example/"), ("harbor.example", "http://harbor.example/")]
    maze, harbor = probed(tmp_path, site.url, places)
    assert harbor.state is ProbeState.UP
    assert maze.state is state
    assert why in (maze.why or "")
    assert not any(url.startswith("http://127.0.0.1") for url, _ in site.requests)


def test_an_icon_leaves_its_hashes_and_no_byte(site: Site, tmp_path: Path) -> None:
    icon = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
    site.pages |= {
        "http://harbor.example/": PAGE,
        "http://harbor.example/favicon.ico": (200, {"Content-Type": "image/gif"}, icon),
        "http://maze.example/": PAGE,
        "http://maze.example/favicon.ico": (200, {"Content-Type": "image/gif"}, icon + b"\0" * 50_000),
    }
    places = [("harbor.example", "http://harbor.example/"), ("maze.example", "http://maze.example/")]
    small, large = probed(tmp_path, site.url, places)
    assert small.facts is not None
    assert small.facts.favicon is not None
    assert large.facts is not None
    assert large.facts.favicon is None
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert not any(icon in path.read_bytes() for path in files)
    assert not any("favicon" in url for url in _warc_urls(tmp_path))


def test_icons_can_be_switched_off(site: Site, tmp_path: Path) -> None:
    site.pages["http://harbor.example/"] = PAGE
    probed(tmp_path, site.url, [("harbor.example", "http://harbor.example/")], favicons=False)
    assert not any("favicon" in url for url, _ in site.requests)


def _warc_urls(home: Path) -> list[str]:
    urls = []
    for path in (home / "evidence").iterdir():
        with path.open("rb") as file:
            urls += [record.rec_headers.get_header("WARC-Target-URI") for record in ArchiveIterator(file)]
    return urls


def test_a_site_that_asks_for_peace_is_left_in_peace(site: Site, tmp_path: Path) -> None:
    site.pages["http://harbor.example/robots.txt"] = (503, {"Retry-After": "3600"}, "")
    place = [("harbor.example", "http://harbor.example/")]
    (probe,) = probed(tmp_path, site.url, place)
    assert probe.state is ProbeState.FAILING
    asked = len(site.requests)
    (again,) = probed(tmp_path, site.url, place)
    assert again.state is ProbeState.BLOCKED
    assert "left in peace" in (again.why or "")
    assert [url for url, _ in site.requests[asked:]] == []


def test_a_private_address_is_never_asked(tmp_path: Path, site: Site) -> None:
    (probe,) = probed(tmp_path, None, [("127.0.0.1", f"{site.url}/")])
    assert probe.state is ProbeState.UNREACHABLE
    assert "not a public address" in (probe.why or "")
    assert site.requests == []


def test_a_look_ends_in_time_with_what_it_has_seen(site: Site, tmp_path: Path) -> None:
    def slowly(path: str) -> Any:
        time.sleep(0.4)
        return FORUM if path == "http://harbor.example/" else None

    site.pages["*"] = slowly
    (probe,) = probed(tmp_path, site.url, [("harbor.example", "http://harbor.example/")], place_seconds=2)
    assert probe.state is ProbeState.UP
    assert probe.facts is not None
    assert len(probe.facts.boards) == 9
    assert len(site.requests) <= 6


def test_a_look_that_fails_costs_itself_only(site: Site, tmp_path: Path) -> None:
    site.pages |= {"http://harbor.example/": PAGE, "http://maze.example/": PAGE}
    places = [("maze.example", "http://maze.example/"), ("harbor.example", "http://harbor.example/")]
    assert [probe.place for probe in probed(tmp_path, site.url, places, broken="maze.example")] == ["harbor.example"]


def test_names_in_a_certificate() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "harbor.example")])
    names = x509.SubjectAlternativeName([x509.DNSName("Harbor.example"), x509.DNSName("*.old-harbor.example")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW).add_extension(names, critical=False)
    for built, told in ((made, ("*.old-harbor.example", "harbor.example")), (bare(name, key), ())):
        shown = Certificate(X509.from_cryptography(built.sign(key, hashes.SHA256())))  # type: ignore[no-untyped-call]
        assert certificate_names(shown) == told
    assert certificate_names(None) == ()


def bare(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    """A certificate without further names."""
    return x509.CertificateBuilder(name, name, key.public_key(), 1, NOW, NOW)


@pytest.fixture
def dripping() -> Iterator[str]:
    """A proxy whose pages never end: a byte now and then."""
    server = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection:
            try:
                asked = connection.recv(65536)
                if b"robots.txt" in asked.partition(b"\r\n")[0]:
                    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    return
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
                while not over.wait(0.1):
                    connection.sendall(b"x")
            except OSError:
                pass

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(connection,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    over.set()
    server.shutdown(socket.SHUT_RDWR)
    server.close()


def test_a_page_that_never_ends_is_given_up(dripping: str, tmp_path: Path) -> None:
    began = time.monotonic()
    (probe,) = probed(tmp_path, dripping, [("slow.example", "http://slow.example/")], page_seconds=1)
    assert probe.state is ProbeState.UNREACHABLE
    assert "1.0 s" in (probe.why or "")
    assert time.monotonic() - began < 20
