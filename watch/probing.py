"""When to look at whom, and what becomes of a look.

A place that does not answer is asked again soon and then ever more seldom: some live for hours, some are announced
weeks ahead. One that answers is watched closely for a day, then daily, as long as it is likely or does something.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from core.probes import Looked, ProbeState

EVER = datetime(1970, 1, 1, tzinfo=UTC)
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
AWAY = frozenset({ProbeState.UNREACHABLE, ProbeState.FAILING, ProbeState.BLOCKED, ProbeState.CHALLENGED})
SOON = (HOUR, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR)
"""Between looks at a place that answers or does not, after the first, second … look; then DAY."""
GIVEN_UP = timedelta(days=120)
"""After so long a place that is unlikely and never answered is left alone until it is mentioned again."""
UNLIKELY = 0.05
OF_PLATFORMS, NOT_CRAWLED = 6 * HOUR, HOUR
"""Between looks at a known platform's own places that answer: where a crawl would tell that they do not, or not."""
WHOLE = WEEK
"""Between whole looks at a known platform's own places; the others are glances."""
DOWN_AFTER = 2
"""Looks in a row that a platform's every place must fail before it counts as down."""


def next_look(probes: Sequence[Looked], probability: float, last_mention: datetime) -> datetime | None:
    """When a candidate is to be looked at (again); None for not before it is mentioned again.

    `probes` by time. Places never looked at are due at once.
    """
    if not probes:
        return last_mention
    last = probes[-1]
    if last.state == ProbeState.FORBIDDEN:
        return last.at + WEEK
    if probability < UNLIKELY and last.state not in AWAY and len(probes) > 1:
        return last.at + WEEK if last_mention > last.at else None
    if probability < UNLIKELY and last.at - last_mention > GIVEN_UP:
        return None
    soon = SOON[len(probes) - 1] if len(probes) <= len(SOON) else DAY
    return last.at + (soon if probability >= UNLIKELY else DAY)


def next_look_at_platform(probes: Sequence[Looked], *, failing: bool, crawled: bool = True) -> datetime | None:
    """When a known platform's own place is to be looked at again; None for at once. `probes` by time.

    One that stopped answering is looked at again soon, to tell an outage from an end, and then daily.
    """
    if not probes:
        return None
    last = probes[-1]
    if last.state == ProbeState.UP:
        return last.at + (HOUR if failing else OF_PLATFORMS if crawled else NOT_CRAWLED)
    in_a_row = 0
    for probe in reversed(probes):
        if probe.state == ProbeState.UP:
            break
        in_a_row += 1
    return last.at + (SOON[in_a_row - 1] if in_a_row <= len(SOON) else DAY)


def wants_whole_look(probes: Sequence[Looked], now: datetime) -> bool:
    """Whether a known platform's place is to be looked at with its boards and threads, and not only at a glance."""
    seen = [probe.at for probe in probes if probe.state == ProbeState.UP]
    return not seen or (seen[-1] - EVER) // WHOLE != (now - EVER) // WHOLE


def is_down(probes: Sequence[Looked]) -> bool:
    """Whether a place counts as down after these looks (by time): gone, not merely closed to us."""
    gone = {ProbeState.UNREACHABLE, ProbeState.FAILING, ProbeState.PARKED, ProbeState.SEIZED, ProbeState.MOVED}
    last = probes[-DOWN_AFTER:]
    surely = bool(last) and last[-1].state in {ProbeState.PARKED, ProbeState.SEIZED, ProbeState.MOVED}
    return surely or (len(last) == DOWN_AFTER and all(probe.state in gone for probe in last))


def down_since(probes: Sequence[Looked]) -> datetime:
    """Of a place that is down: the first of the looks in a row that failed."""
    since = probes[-1].at
    for probe in reversed(probes):
        if probe.state == ProbeState.UP:
            break
        since = probe.at
    return since
