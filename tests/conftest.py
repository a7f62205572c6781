"""Fixtures that every folder of tests shares."""

import os
from pathlib import Path

import pytest

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
