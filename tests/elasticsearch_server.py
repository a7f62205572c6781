"""A real Elasticsearch: one server for the whole run, shared by xdist's workers, and servers of a test's own.

Every server lives in one folder of the run, which the run's first process makes and at the end empties and removes:
whatever became of the workers, no server outlives the run.
"""

import fcntl
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, absent

FOLDER = "TESTS_ELASTICSEARCH"
"""Names the run's folder; workers inherit it."""
PORTS = range(20_000, 32_000)
"""Below those that the system gives to clients: a server that was stopped finds its port free again."""
MISSING = 2
"""The script's exit status where something has to be installed first."""


@dataclass(frozen=True)
class Server:
    """A server with its data; it keeps both port and data when it is stopped and started again."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Returns when it answers; skips the test (in CI: fails it) where Java or Maven is missing."""
        self.folder.mkdir(exist_ok=True)
        _script("start", str(self.port), str(self.folder))

    def stop(self) -> None:
        """Returns when it is gone; nothing where it does not run."""
        _script("stop", str(self.folder))


def pytest_configure(config: pytest.Config) -> None:
    """Makes the run's folder, which the server's system user may enter."""
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="fringewatch-elasticsearch-")
        Path(folder).chmod(0o711)
        os.environ[FOLDER] = folder


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops every server of the run."""
    if not hasattr(config, "workerinput"):
        folder = _folder()
        for data in folder.glob("*/pid"):
            _script("stop", str(data.parent))
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def elasticsearch_url() -> str:
    """The address of the run's server, started by whoever asks first; ELASTICSEARCH_URL's where that is set."""
    if given := os.environ.get("ELASTICSEARCH_URL"):
        return given.rstrip("/")
    written = _folder() / "url"
    with (_folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not written.exists():
            server = Server(_folder() / "shared", _free_port())
            server.start()
            written.write_text(server.url)
    return written.read_text()


@pytest.fixture
def own_elasticsearch() -> Iterator[Callable[[], Server]]:
    """Starts servers that this test alone uses and may stop and start."""
    servers: list[Server] = []

    def serve() -> Server:
        server = Server(Path(tempfile.mkdtemp(prefix="own-", dir=_folder())), _free_port())
        servers.append(server)
        server.start()
        return server

    yield serve
    for server in servers:
        server.stop()


def _folder() -> Path:
    return Path(os.environ[FOLDER])


def _free_port() -> int:
    while True:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port


def _script(*arguments: str) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "elasticsearch"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == MISSING:
        absent(done.stderr.strip())
    if done.returncode:
        pytest.fail(done.stderr.strip(), pytrace=False)
