"""The home folder: a key that is made once, and claims that a kill gives up."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from pydantic import SecretStr

from core.home import claimed, pseudonym_key
from core.settings import Settings
from tests.core.conftest import ROOT

HOLD = """
import sys, time
from pathlib import Path
from core.home import claimed
with claimed(Path(sys.argv[1]), "source-b") as mine:
    print(mine, flush=True)
    sys.stdin.read()
"""
KEY = """
import sys
from pathlib import Path
from core.home import pseudonym_key
from core.settings import Settings
print(pseudonym_key(Path(sys.argv[1]), Settings()).decode())
"""


def start(code: str, home: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", code, str(home)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_the_key_is_made_once_for_its_owner_only_even_by_processes_at_once(tmp_path: Path) -> None:
    made = {process.communicate(timeout=60)[0].strip() for process in [start(KEY, tmp_path) for _ in range(3)]}
    assert len(made) == 1
    assert len(made.pop()) == 64
    assert (tmp_path / "pseudonym.key").stat().st_mode & 0o777 == 0o600


def test_a_configured_key_goes_before_and_leaves_no_file(tmp_path: Path) -> None:
    assert pseudonym_key(tmp_path, Settings(pseudonym_key=SecretStr("softly"))) == b"softly"
    assert list(tmp_path.iterdir()) == []


def test_a_claim_shuts_others_out_until_it_is_given_up_or_killed(tmp_path: Path) -> None:
    holder = start(HOLD, tmp_path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "True\n"
    with claimed(tmp_path, "source-b") as mine, claimed(tmp_path, "source-c") as other:
        assert (mine, other) == (False, True)
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate()
    with claimed(tmp_path, "source-b") as mine:
        assert mine
        with claimed(tmp_path, "source-b") as twice:
            assert not twice
