"""The home folder: where everything that a run leaves behind lies."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.settings import Settings

KEY_BYTES = 32


def pseudonym_key(home: Path, settings: Settings) -> bytes:
    """The key of author pseudonyms: the configured one, or the home folder's own, made at first use.

    With another key the same author gets another pseudonym, so it has to be kept with the store.
    """
    if settings.pseudonym_key:
        return settings.pseudonym_key.get_secret_value().encode()
    path = home / "pseudonym.key"
    home.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        pass
    return path.read_text().strip().encode()


@contextmanager
def claimed(home: Path, name: str) -> Iterator[bool]:
    """Whether this process alone holds `name` in this home folder; given up at the end, or by a kill."""
    path = home / "locks" / f"{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
