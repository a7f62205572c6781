"""placeholder."""

from pathlib import Path


def run(home: Path, *, as_json: bool) -> None:
    """Placeholder."""
