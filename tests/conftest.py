"""Fixtures that every folder of tests shares."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

pytest_plugins = ["tests.elasticsearch_server"]
ROOT = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI") == "true"


def absent(what: str) -> None:
    """Skip the test for lack of something a laptop may not have; in CI it is a failure."""
    if IN_CI:
        pytest.fail(f"CI must have this: {what}")
    pytest.skip(what)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recordings and data sets that lies beside the repository."""
    folder = Path(os.environ.get("FRINGEWATCH_SHARED", ROOT.parent / "shared"))
    if not (folder / "recordings").is_dir():
        absent("no recordings: set FRINGEWATCH_SHARED to the folder that holds recordings/")
    return folder


@dataclass(frozen=True)
class Program:
    """`fringewatch` as a user runs it, with a home and a configuration of its own."""

    home: Path
    config: Path

    def command(self, *arguments: str) -> list[str]:
        """The command line."""
        where = ["--home", str(self.home), "--config", str(self.config)]
        return [sys.executable, "-m", "app", *arguments, *where]

    def run(self, *arguments: str, text: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs it to its end."""
        return subprocess.run(
            self.command(*arguments), capture_output=True, text=True, input=text, check=False, cwd=self.home.parent,
            env=clean_environment() | environment, timeout=300,
        )  # fmt: skip

    def json(self, *arguments: str, status: int = 0, **environment: str) -> Any:
        """What it prints with --json; fails the test where it ends with another status."""
        done = self.run(*arguments, "--json", **environment)
        assert done.returncode == status, done.stderr
        return json.loads(done.stdout)

    def source(self, name: str, **given: object) -> None:
        """Writes a source's file."""
        self.write(f"sources/{name}.yml", {"delay": 0, "author_policy": "published"} | given)

    def sources(self) -> list[str]:
        """Names of the sources."""
        return [path.stem for path in (self.config / "sources").glob("*.yml")]

    def write(self, path: str, data: object) -> None:
        """Writes one file of the configuration."""
        target = self.config / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(data if isinstance(data, str) else yaml.safe_dump(data, sort_keys=False), "utf-8")


def clean_environment() -> dict[str, str]:
    """The environment without this program's variables and without proxies."""
    return {key: value for key, value in os.environ.items()
            if not key.startswith("FRINGEWATCH_") and not key.lower().endswith("_proxy")}  # fmt: skip


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The program as `program_in` makes it."""
    return program_in(tmp_path)


def program_in(folder: Path) -> Program:
    """The program with the shipped calls to move (one lexicon of many), weights, host lists; no sources or platforms."""
    config = folder / "config"
    shutil.copytree(ROOT / "config" / "domains", config / "domains")
    for path in ("watch.yml", "taxonomy.yml", "lexicons/migration.yml"):
        (config / path).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "config" / path, config / path)
    return Program(folder / "home", config)


@pytest.fixture(scope="session")
def replay(shared: Path) -> Any:
    """The module that serves recordings as a proxy."""
    spec = importlib.util.spec_from_file_location("replay", shared / "tools" / "replay.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Recorded:
    """A recording served as a proxy; `next()` turns to its second snapshot."""

    server: Any

    @property
    def url(self) -> str:
        """The proxy's address."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def next(self) -> None:
        """The second snapshot from now on."""
        self.server.site.i = len(self.server.site.snaps) - 1


@pytest.fixture
def recorded(shared: Path, replay: Any) -> Iterator[Callable[[str], Recorded]]:
    """Serves a recording by its engine's name, both snapshots one after the other."""
    servers = []

    def serve(engine: str) -> Recorded:
        folder = shared / "recordings" / engine
        (server,) = replay.serve([(0, [folder / "snapshot-1.warc.gz", folder / "snapshot-2.warc.gz"])])
        servers.append(server)
        return Recorded(server)

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


ANY = "*"


@dataclass
class Site:
    """Sites of a test's own, served as a proxy by host.

    `pages[url]` is (status, headers, body), a body (text: HTML; data: JSON), or a function that returns one of them.
    `pages[ANY]` is a function that makes a page of any other address.
    """

    server: ThreadingHTTPServer
    pages: dict[str, Any]
    requests: list[tuple[str, dict[str, str]]]

    @property
    def url(self) -> str:
        """The proxy's address."""
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def site() -> Iterator[Site]:
    """An empty simulated web."""
    pages: dict[str, Any] = {}
    requests: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append((self.path, dict(self.headers)))
            page = pages.get(self.path)
            if page is None and ANY in pages:
                page = pages[ANY](self.path)
            status, headers, body = _answer(page() if callable(page) else page)
            self.send_response_only(status)
            for name, value in ({"Content-Length": str(len(body))} | headers).items():
                self.send_header(name, value)
            with suppress(ConnectionError):  # a client may go away
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(server, pages, requests)
    server.shutdown()
    server.server_close()


def _answer(page: Any) -> tuple[int, dict[str, str], bytes]:
    match page:
        case None:
            return 404, {"Content-Type": "text/html"}, b"<h1>404</h1>"
        case (int(status), dict(headers), body):
            return status, headers, body if isinstance(body, bytes) else body.encode()
        case str() | bytes():
            return 200, {"Content-Type": "text/html"}, page if isinstance(page, bytes) else page.encode()
        case _:
            return 200, {"Content-Type": "application/json"}, json.dumps(page).encode()
