"""What the crawler's tests share: recordings as documents, and the figures that are printed at the end."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from crawler.evaluate import report
from crawler.page import Document

Fields = Mapping[str, tuple[int, int]]


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Callable[[str, Fields], None]:
    """Takes a comparison, to be printed when all tests have run."""
    return lambda title, fields: request.node.user_properties.append(("figures", report(title, fields)))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [one for some in terminalreporter.stats.values() for one in some if hasattr(one, "user_properties")]
    kept = [value for one in reports for name, value in one.user_properties if name == "figures"]
    if kept:
        terminalreporter.section("exact values / all, by field")
        for line in dict.fromkeys(kept):
            terminalreporter.write_line(line)


def pages_of(warc: Path) -> dict[str, Document]:
    """Every page of a WARC by its address, whatever its status."""
    found = {}
    with warc.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                url, headers = record.rec_headers.get_header("WARC-Target-URI"), record.http_headers
                found[url] = Document(
                    url,
                    record.content_stream().read(),
                    headers.get_header("Content-Type"),
                    int(headers.get_statuscode()),
                    datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
                )
    return found


@pytest.fixture(scope="session")
def recorded_pages(shared: Path) -> Callable[[str, int], dict[str, Document]]:
    """Every page of a recording by its address, whatever its status."""
    return lambda engine, snapshot: pages_of(shared / "recordings" / engine / f"snapshot-{snapshot}.warc.gz")


@pytest.fixture(scope="session")
def truth(shared: Path) -> Callable[[str, int], list[dict[str, Any]]]:
    """What the board's own database says of a recording, a line a post."""

    def lines(engine: str, snapshot: int) -> list[dict[str, Any]]:
        path = shared / "recordings" / engine / f"truth-{snapshot}.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]

    return lines
