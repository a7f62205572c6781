"""One clock for everything that is recorded or scheduled, so that a replay can say what time it is.

Politeness and lease expiry are physical, not recorded: they use `time.time()` where they stand.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Returns the present moment as an aware UTC datetime."""


def system_clock() -> datetime:
    """The machine's time, aware, in UTC."""
    return datetime.now(UTC)


def fixed_clock(moment: datetime) -> Clock:
    """A clock that stands still at `moment`."""
    return lambda: moment


def parse_moment(text: str) -> datetime:
    """An ISO 8601 moment as aware UTC; one without a zone is read as UTC.

    Raises ValueError with the text that could not be read.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an ISO 8601 time such as 2026-11-05T14:00:00Z") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def clock_at(text: str | None) -> Clock:
    """The clock for `--now`: fixed at the given moment, or the machine's own without one."""
    return fixed_clock(parse_moment(text)) if text else system_clock
