"""The documentation is true: every command is in it, its queries are read, its walk is walked word by word."""

import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup, TyperOption

from app.cli import app
from core.settings import PlatformConfig, Settings, SourceConfig
from crawler.engines import ENGINES
from nlp.lexicon import Indicator
from search.query import QueryError, parse
from tests.conftest import ROOT, Program, clean_environment
from watch.delivery.channels import Channel, Digest, Quiet

DOCS = ROOT / "docs"
PROMISED = {"--home", "--config", "--json", "--now"}
EVERYWHERE = {"--home", "--config", "--json", "--now", "--proxy", "--help"}


def commands() -> Iterator[tuple[str, set[str]]]:
    """Every command with its own options."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    for name, command in group.commands.items():
        inner = command.commands.items() if isinstance(command, TyperGroup) else [("", command)]
        for part, one in inner:
            options = {opt for param in one.params if isinstance(param, TyperOption) for opt in param.opts}
            yield f"{name} {part}".strip(), options


@pytest.mark.parametrize(
    ("command", "options"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_command_has_its_section_with_every_option(command: str, options: set[str]) -> None:
    text = (DOCS / "commands.md").read_text()
    found = re.search(rf"^## `{command}\b[^\n]*\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, f"docs/commands.md has no section for {command}"
    assert {option for option in options - EVERYWHERE if option not in found[1]} == set()
    assert options >= PROMISED


@pytest.mark.parametrize("model", [SourceConfig, PlatformConfig, Settings])
def test_every_key_of_the_configuration_is_explained(model: type[SourceConfig | PlatformConfig | Settings]) -> None:
    text = (DOCS / "configuration.md").read_text()
    assert {key for key in model.model_fields if not re.search(rf"`{key}`|^{key}:", text, re.MULTILINE)} == set()


@pytest.mark.parametrize("model", [Channel, Quiet, Digest])
def test_every_key_of_an_alert_channel_is_explained(model: type[Channel | Quiet | Digest]) -> None:
    text = (DOCS / "alerts.md").read_text()
    keys = {field.alias or key for key, field in model.model_fields.items()}
    assert {
        key for key in keys if f"`{key}`" not in text and f" {key}:" not in text and f"{{{key}:" not in text
    } == set()


def test_every_key_of_an_indicator_is_explained() -> None:
    text = (DOCS / "lexicon.md").read_text()
    assert {key for key in Indicator.model_fields if f"`{key}`" not in text and f" {key}:" not in text} == set()


def test_every_query_of_the_table_is_read_as_one() -> None:
    rows = re.findall(r"^\| (`.*?`) \|", (DOCS / "search.md").read_text(), re.MULTILINE)
    queries = [query for row in rows for query in re.findall(r"`([^`]+)`", row)]
    assert len(queries) > 30
    for query in queries:
        parse(query)


def test_the_error_shown_is_the_error_given() -> None:
    shown = re.search(r"^query: (.*?)\n```", (DOCS / "search.md").read_text(), re.DOTALL | re.MULTILINE)
    assert shown
    with pytest.raises(QueryError, match=re.escape(shown[1])):
        parse("platfrom:harborchan")


def test_links_between_pages_lead_somewhere() -> None:
    for page in [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.long
def test_the_walk_from_clone_to_a_new_source_is_followed_word_by_word(tmp_path: Path) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    (server,) = re.findall(r"```sh\n(\S+ demo --serve \d+)\n```", text)
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 2
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    port = str(_free_port())
    with _running(server.replace("8900", port), tmp_path) as demo:
        assert demo.stdout is not None
        assert any("The simulated web stays up" in line for line in demo.stdout)
        done = _shell(blocks[0].replace("8900", port), tmp_path)
        assert "engine vichan" in done
        assert "platform: practice" in done
        assert re.search(r"practice +\d+ +106 +0 +0", done)
        assert "[bold]" not in done
        assert "kettle" in done
        _shell(blocks[1], tmp_path)
    assert not (tmp_path / "config/sources/practice.yml").exists()
    assert {path.name for path in (tmp_path / "var").iterdir()} == {"demo"}


@pytest.mark.long
def test_the_demo_is_quick_and_its_picture_is_true(program: Program) -> None:
    demo = program.home.parent / "demo"
    done = subprocess.run(
        [sys.executable, "-m", "app", "demo", "--home", str(demo)], capture_output=True, text=True, check=True,
        env=clean_environment(), timeout=120,
    ).stdout  # fmt: skip
    picture = (DOCS / "demo.svg").read_text().replace("&#160;", " ")
    (alert,) = re.findall(r"ALERT (\w+)  new-platform  newharbor\[\.\]example", done)
    assert alert in picture
    reasons = re.findall(r"^  ([+-]\d\.\d\d  .{3,40}?)(?=  posts| \()", done, re.MULTILINE)
    assert len(reasons) > 5
    assert [reason for reason in reasons if reason not in picture] == []
    took = re.search(r"Crawled in (\d+)", done)
    assert took
    assert int(took[1]) < 30
    assert "http://www.w3.org" in picture
    assert "url(http" not in picture  # nothing is loaded from elsewhere


def test_the_demo_leaves_a_folder_alone_that_is_not_its_own(tmp_path: Path) -> None:
    kept = tmp_path / "home" / "store.sqlite"
    kept.parent.mkdir()
    kept.write_text("precious")
    done = subprocess.run(
        [sys.executable, "-m", "app", "demo", "--home", str(kept.parent)],
        capture_output=True, text=True, check=False, env=clean_environment(), timeout=60,
    )  # fmt: skip
    assert done.returncode == 2
    assert "nothing was changed. Name another --home." in done.stderr
    assert kept.read_text() == "precious"


@contextmanager
def _running(command: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(command.split(), cwd=folder, env=clean_environment(), text=True, stdout=subprocess.PIPE)
    try:
        yield process
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def _shell(script: str, folder: Path) -> str:
    done = subprocess.run(
        ["sh", "-e", "-x", "-c", script], cwd=folder, env=clean_environment() | {"COLUMNS": "200"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    return done.stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_every_engine_is_documented() -> None:
    text = (DOCS / "engines.md").read_text()
    assert {name for name in ENGINES if f"| `{name}` |" not in text} == set()
    assert {name for name in ENGINES if f"`{name}`" not in (DOCS / "configuration.md").read_text()} == set()
