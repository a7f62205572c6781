"""docs/lexicon.md's walk from one line to old posts is walked word by word."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, clean_environment

PAGE = (ROOT / "docs" / "lexicon.md").read_text("utf-8")


def shell(script: str, folder: Path, status: int = 0) -> str:
    """What the commands print."""
    done = subprocess.run(
        ["sh", "-e", "-c", script], cwd=folder, env=clean_environment() | {"COLUMNS": "500"}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == status, done.stdout
    return done.stdout


@pytest.mark.long
def test_a_researcher_adds_an_indicator_as_the_page_says(tmp_path: Path) -> None:
    blocks = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    demo, line, use, undo = blocks
    (shown,) = re.findall(r"```\n(FAIL lexicons: .*?)\n```", PAGE)
    shutil.copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / ".venv").symlink_to(sys.prefix)
    shell(demo, tmp_path)
    assert re.search(
        r"^ok +lexicons: \d+ indicators, \d+ forms, all \d+ examples hold$", shell(line, tmp_path), re.MULTILINE
    )
    assert shown in shell(line.replace("who fixes the kettle", "the kettle again", 1), tmp_path, status=1)
    shell(line, tmp_path)
    done = shell(use, tmp_path)
    assert '"rule": "own/kettle"' in done
    assert re.search(r"^the tags of 28 posts changed; 0 new alerts$", done, re.MULTILINE)
    assert re.search(r"^28 posts$", done, re.MULTILINE)
    assert "the tags of 28 posts changed" in shell(undo, tmp_path)
