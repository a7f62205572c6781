"""The starter pack: whatever is in it is told by public sources, polite, explained, and asleep until a person enables it."""

import io
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from rich.console import Console

from app import show
from core.settings import Config, PlatformConfig, SourceConfig, seconds
from crawler.engines import ENGINES
from tests.conftest import ROOT, Program, Site, clean_environment
from watch.known import KnownPlaces

PACK = Config.load(ROOT / "config")
FILES = sorted((ROOT / "config" / "sources").glob("*.yml"))
SOURCES = pytest.mark.parametrize(("name", "source"), PACK.sources.items(), ids=list(PACK.sources))
PLATFORMS = pytest.mark.parametrize(("name", "platform"), PACK.platforms.items(), ids=list(PACK.platforms))
LAW = ("GDPR", "StGB", "Regulation 2021/784", "Act", "45 CFR 46", "Criminal Code", "ethics", "terms")
WORDS = {"discord", "minds", "rumble", "parler", "poast", "telegram", "signal", "element", "wire", "scored"}

WATCHED = """
import runpy, sys

def hook(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto"):
        sys.stderr.write(f"CONTACT {event} {arguments[1:]}\\n")

sys.addaudithook(hook)
sys.argv = ["fringewatch", *sys.argv[1:]]
runpy.run_module("app", run_name="__main__")
"""


def test_the_pack_is_there() -> None:
    assert len(FILES) == len(PACK.sources) > 25
    assert len(PACK.platforms) > 40


@SOURCES
def test_a_source_sleeps_is_polite_and_says_what_to_check(name: str, source: SourceConfig) -> None:
    assert not source.enabled, name
    assert source.delay >= 5
    assert source.concurrency == 1
    assert seconds(source.schedule.removeprefix("every ")) >= 3600
    assert source.language
    assert source.author_policy != "published"
    assert source.engine == "auto" or source.engine in ENGINES
    assert source.notes
    assert any(word in source.notes for word in LAW)
    assert len(source.notes) < 500


@SOURCES
def test_a_source_belongs_to_a_platform_and_stands_on_its_ground(name: str, source: SourceConfig) -> None:
    platform = PACK.platforms[source.platform]
    host = urlsplit(source.url).hostname or ""
    known = KnownPlaces.load(PACK)
    places = {known.key(item.domain) for item in platform.domains if item.until is None}
    if host.endswith(".example"):  # an operator's own bridge to what asks for a login
        assert source.kind == "feed", name
    else:
        assert known.key(source.url) in places, name
        assert source.url.startswith("https://")
        assert platform.status not in {"dead", "dormant", "down"}
        assert source.kind == "site"  # nobody's account or channel


@PLATFORMS
def test_a_platform_is_told_by_somebody_else(name: str, platform: PlatformConfig) -> None:
    own = {item.domain for item in platform.domains}
    hosts = {urlsplit(source).hostname for source in platform.sources}
    assert hosts, name
    assert not hosts & own
    assert not any(host is None or host.endswith((".onion", ".example")) for host in hosts)
    assert len(set(platform.sources)) == len(platform.sources)
    assert not platform.onions  # reached only through a proxy of the operator's own: theirs to add
    for item in platform.domains:
        assert not (item.since and item.until) or item.since <= item.until


@PLATFORMS
def test_a_platform_is_not_called_by_a_common_word(name: str, platform: PlatformConfig) -> None:
    """Posts that use the word would count as naming the platform."""
    assert not WORDS & {spelled.casefold() for spelled in platform.names}, name


def test_no_host_is_asked_for_two_sources() -> None:
    hosts = [urlsplit(source.url).hostname for source in PACK.sources.values()]
    assert len(hosts) == len(set(hosts))


def test_a_crawl_with_the_pack_asks_for_nothing(tmp_path: Path, site: Site) -> None:
    program = Program(tmp_path / "home", ROOT / "config")
    assert program.json("crawl", "--once", "--proxy", site.url) == {"sources": {}, "alerts_new": 0}
    assert site.requests == []


def test_a_crawl_with_the_pack_looks_up_and_connects_to_nothing(tmp_path: Path) -> None:
    done = _watched(tmp_path, "crawl", "--once", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sources"] == {}
    assert "CONTACT" not in done.stderr


def test_a_contact_would_have_been_seen(tmp_path: Path) -> None:
    done = _watched(tmp_path, "crawl", "vk", "--proxy", "http://127.0.0.1:9")  # the discard port: nobody answers
    assert done.returncode == 1
    assert "CONTACT socket.connect (('127.0.0.1', 9),)" in done.stderr


def test_the_list_shows_every_source_asleep_and_uncut(tmp_path: Path) -> None:
    program = Program(tmp_path / "home", ROOT / "config")
    rows = program.json("source", "list")
    assert [row["source"] for row in rows] == sorted(PACK.sources)
    assert not any(row["enabled"] or row["last_crawl"] or row["next_crawl"] for row in rows)
    assert all(row["kind"] and row["language"] for row in rows)
    printed = program.run("source", "list", COLUMNS="40").stdout
    assert "…" not in printed
    head, *lines = printed.splitlines()
    assert head.split() == ["source", "enabled", "platform", "engine", "kind", "language", "last", "crawl", "next", "crawl", "posts"]  # fmt: skip
    for name, source in PACK.sources.items():
        wanted = [name, "no", source.platform, source.engine, source.kind, source.language, "–", "–", "0"]
        assert wanted in [line.split() for line in lines], name
    assert f"{len(rows)} sources, 0 enabled: none is contacted" in printed


@pytest.mark.parametrize(("width", "last"), [(130, "posts"), (80, "last crawl"), (30, "platform"), (5, "source")])
def test_a_narrow_terminal_is_given_fewer_columns_not_cut_ones(width: int, last: str) -> None:
    row = dict.fromkeys(("engine", "kind", "language"), "feed") | {
        "source": "20260101", "platform": "harbor", "enabled": True, "last_crawl": "2026-11-24T04:18:50+00:00",
        "next_crawl": None, "posts": 12,
    }  # fmt: skip
    written = io.StringIO()
    out = Console(file=written, width=width, force_terminal=True, color_system=None, soft_wrap=True, highlight=False)
    show.source_table(out, [row])
    head, line, _, count = written.getvalue().splitlines()
    assert head.rstrip().endswith(last)
    assert line.startswith("20260101")
    assert ("2026-11-24 04:18" in line) == (width >= 80)
    assert count == "1 source, 1 enabled"


def test_every_file_is_written_alike() -> None:
    """The one line to change stands alone on its line in each."""
    for path in FILES:
        text = path.read_text("utf-8")
        assert text.count("\nenabled: false\n") == 1, path.name
        assert text.isascii(), path.name


def _watched(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    where = ["--home", str(tmp_path / "home"), "--config", str(ROOT / "config")]
    return subprocess.run(
        [sys.executable, "-c", WATCHED, *arguments, *where], capture_output=True, text=True, check=False, cwd=ROOT,
        env=clean_environment(), timeout=120,
    )  # fmt: skip
