"""Times as boards write them: in their own order, zone and words, placed in UTC by what else the page tells."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml.html import HtmlElement

NUMERIC = re.compile(r"\b(\d{1,4})([-./])(\d{1,2})\2(\d{2,4})(?:\b|(?=\())")
WEEKDAY = re.compile(
    r"(?i)[( ](mon|tue|wed|thu|fri|sat|sun|[月火水木金土日]|пнд|втр|срд|чтв|птн|суб|вск|пн|вт|ср|чт|пт|сб|вс)\b"
)
WEEKDAYS = {
    name: place for names in ("mon tue wed thu fri sat sun", "月 火 水 木 金 土 日", "пнд втр срд чтв птн суб вск",
                              "пн вт ср чт пт сб вс") for place, name in enumerate(names.split())
}  # fmt: skip
"""Days of the week from Monday, as they stand beside dates."""
MONTHS = {name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
NAMED = re.compile(
    rf"(?i)\b(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)?[ .]+)?(?P<month>{'|'.join(MONTHS)})[a-z]*\.?[ ,]+"
    r"(?:(?P<after>\d{1,2})(?:st|nd|rd|th)?[ ,]+)?(?P<year>\d{4})\b"
)
CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp])?")
AGO = re.compile(r"(?i)\b(\d+) (minute|hour)s? ago")
DAYS_AGO = {"today": 0, "yesterday": 1}
EPOCH_ATTRIBUTES = ("data-utc", "data-time", "data-timestamp", "data-unix", "data-unixtime", "data-epoch")
EPOCH = re.compile(r"\d{10}(?:\d{3})?")
ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)\d?(?:\.\d+)?\s*(Z|[+-]\d\d:?\d\d)?")
DIGITS = re.compile(r"\d")
ZONE = re.compile(
    r"\b(?:UTC|GMT|WEZ)\b(?:\s*(?P<sign>[-+−])\s*(?P<hours>\d{1,2}(?:\.\d+)?)(?::(?P<minutes>\d\d))?)?"
    r"(?P<summer>[^\[]{0,20}\[)?"
)
ZONE_NAME = re.compile(r"[A-Z][A-Za-z]+(?:/[A-Za-z_+-]+){1,2}|UTC")
LONGEST_TIME = 90
"""Letters: more of them are a sentence that names a date."""

A_DAY_EITHER_WAY = timedelta(hours=26)
"""No two clocks on earth are further apart."""
ODD_ZONES = frozenset({345, 525, 765})
"""Minutes east of Greenwich of the zones that are no multiple of half an hour (+5:45, +8:45, +12:45)."""
WIDEST_ZONE = 14 * 60
QUARTER = timedelta(minutes=15)
"""Every zone's distance from UTC is a multiple of it."""
SLACK = 3
"""Minutes that a page's own time may differ from when it was fetched."""
SUMMER_ZONES = (
    "America/Adak", "America/Anchorage", "America/Los_Angeles", "America/Denver", "America/Chicago", "Pacific/Easter",
    "America/New_York", "America/Havana", "America/Halifax", "America/Santiago", "America/St_Johns", "America/Nuuk",
    "Atlantic/Azores", "Europe/London", "Europe/Berlin", "Europe/Athens", "Africa/Cairo", "Asia/Jerusalem",
    "Australia/Adelaide", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Norfolk", "Pacific/Auckland",
    "Pacific/Chatham",
)  # fmt: skip
"""Where clocks are changed: one zone of each offset and rule."""


@dataclass(frozen=True)
class BoardClock:
    """How one page writes its times."""

    month_first: bool | None
    """None: nothing on the page tells; the separator has to."""
    offset: timedelta | None
    """Board time minus UTC; None where the page contradicts every zone."""
    now: datetime | None
    """Board time when the page was made, without a zone."""
    zone: tzinfo | None = None
    """What the page says its zone is; it goes before `offset`, which is one day's."""
    seasonal: bool = False
    """Whether times are written as clocks stood on their own day, rather than as they stand now."""

    @classmethod
    def of(
        cls, written: Iterable[str], current: str | None, fetched_at: datetime | None, zone: tzinfo | None = None
    ) -> Self:
        """From all dates a page writes, its own present time, when it was fetched, and the zone that it names.

        A present time without a date counts where a zone is named with it. Without a zone, and without both of the two
        before it, nothing contradicts UTC, and it is assumed.
        """
        fetched = fetched_at.astimezone(UTC).replace(tzinfo=None) if fetched_at else None
        written = list(written)
        order = _order(written)
        if order is None and fetched and _is_open(current):
            near = [
                first
                for first in (True, False)
                if (moment := _read(current, first)) and abs(moment - fetched) < A_DAY_EITHER_WAY
            ]
            order = near[0] if len(near) == 1 else None
        if order is None and fetched and any(map(_is_open, written)):
            past = [first for first in (True, False) if not _ahead(written, first, fetched)]
            order = past[0] if len(past) == 1 else None
        now = _read(current, order)
        told = ZONE.search(current or "") if now is None else None
        zone = zone or (named_zone(told[0]) if told else None)
        if now is None and zone and fetched_at:
            local = fetched_at.astimezone(zone).replace(tzinfo=None)
            now = _nearest(local, CLOCK.search(told.string, told.end())) if told else local
        offset = _zone(now - fetched) if now and fetched else timedelta()
        return cls(order, offset, now or fetched, zone)

    def place(self, written: str) -> datetime | None:
        """The moment in UTC, to the precision written; None where order or zone cannot be told or it is no time."""
        moment = _read(written, self.month_first, self.now) or self._relative(written)
        return None if moment is None else self.utc(moment)

    def utc(self, moment: datetime) -> datetime | None:
        """A moment of board time in UTC; None where the zone cannot be told."""
        if self.zone:
            return moment.replace(tzinfo=self.zone).astimezone(UTC)
        if self.offset is None or (self.seasonal and self._changed(moment)):
            return None
        return (moment - self.offset).replace(tzinfo=UTC)

    def _changed(self, moment: datetime) -> bool:
        """Whether clocks may have stood otherwise then. UTC, which software has until one sets it, has no summer."""
        zones = _zones_at(self.now, self.offset) if self.offset and self.now else ()
        return any(zone.utcoffset(moment) != self.offset for zone in zones)

    def _relative(self, written: str) -> datetime | None:
        if self.now is None:
            return None
        if found := AGO.search(written):
            return self.now - timedelta(**{f"{found[2].lower()}s": int(found[1])})
        for word, days in DAYS_AGO.items():
            if word in written.lower() and (time := CLOCK.search(written)):
                return _at(self.now.date() - timedelta(days=days), time)
        return None


def _is_open(text: str | None) -> bool:
    """Whether a date is written with its year last, so that days and months could be mistaken for each other."""
    found = NUMERIC.search(text or "")
    return found is not None and len(found[1]) < len("2026")


def _order(written: Iterable[str]) -> bool | None:
    """Whether months stand first, by a date that can be read in one way only."""
    for text in written:
        if (found := NUMERIC.search(text)) and len(found[1]) < len("2026"):
            if int(found[1]) > len(MONTHS):
                return False
            if int(found[3]) > len(MONTHS):
                return True
    return None


def _ahead(written: Iterable[str], month_first: bool, fetched: datetime) -> bool:  # noqa: FBT001 - a reading
    """Whether dates so read lie ahead of when the page was fetched, which no post's does."""
    moments = [_read(text, month_first) for text in written if NUMERIC.search(text)]
    return any(moment - fetched > A_DAY_EITHER_WAY for moment in moments if moment)


def _read(written: str | None, month_first: bool | None, now: datetime | None = None) -> datetime | None:  # noqa: FBT001 - a reading
    """Date and time as written, without a zone. `now` is the board's time when the page was made."""
    try:
        if found := NUMERIC.search(written or ""):
            day = _by_weekday(found, written or "", now) or _numeric(found, month_first)
        elif (named := NAMED.search(written or "")) and (named["before"] or named["after"]):
            day = date(int(named["year"]), MONTHS[named["month"].lower()], int(named["before"] or named["after"]))
        else:
            return None
        time = CLOCK.search(written or "")
        return _at(day, time) if day and time else None
    except ValueError:  # a 31st of February
        return None


def _by_weekday(found: re.Match[str], written: str, now: datetime | None) -> date | None:
    """The reading of a date with a year of two digits whose day of the week is the one beside it.

    Of several the latest that is not to come: boards show what is recent.
    """
    parts = [int(found[1]), int(found[3]), int(found[4])]
    day = WEEKDAY.search(written, found.end()) if max(parts) <= 99 else None  # noqa: PLR2004 - four digits are a year
    if day is None:
        return None
    readings = set()
    for year, month, number in ((0, 1, 2), (2, 0, 1), (2, 1, 0)):
        with suppress(ValueError):  # a 13th month
            readings.add(date(2000 + parts[year], parts[month], parts[number]))
    fitting = [reading for reading in readings if reading.weekday() == WEEKDAYS[day[1].lower()]]
    past = [reading for reading in fitting if now is None or reading <= now.date() + timedelta(days=1)]
    return max(past or fitting, default=None)


def _numeric(found: re.Match[str], month_first: bool | None) -> date | None:  # noqa: FBT001 - a reading
    one, two, three = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == len("2026"):
        return date(one, two, three)
    if month_first is None and one != two:
        if found[2] == "/":
            return None
        month_first = found[2] == "-"
    month, day = (one, two) if month_first else (two, one)
    return date(three if three >= 100 else 2000 + three, month, day)  # noqa: PLR2004 - a year of two digits


def _at(day: date, time: re.Match[str]) -> datetime:
    hour = int(time[1])
    if time[4]:
        hour = hour % 12 + (12 if time[4] in "Pp" else 0)
    return datetime(day.year, day.month, day.day, hour, int(time[2]), int(time[3] or 0))  # noqa: DTZ001 - board time


@lru_cache
def _zones_at(now: datetime, offset: timedelta) -> tuple[ZoneInfo, ...]:
    """Zones with a summer whose clocks are so far ahead of UTC now."""
    return tuple(zone for name in SUMMER_ZONES if (zone := ZoneInfo(name)).utcoffset(now) == offset)


def _zone(difference: timedelta) -> timedelta | None:
    """The zone whose clock differs by so much, within a few minutes; None where there is no such zone."""
    minutes = difference.total_seconds() / 60
    zone = round(minutes / 15) * 15
    there_is = zone in ODD_ZONES or (zone % 30 == 0 and abs(zone) <= WIDEST_ZONE)
    return timedelta(minutes=zone) if there_is and abs(minutes - zone) <= SLACK else None


def zone_of(pairs: Iterable[tuple[datetime, datetime]]) -> timedelta | None:
    """Board time minus UTC, by moments known both ways: as the board writes them (as if in UTC) and as they were.

    None without any, or where they do not agree. A file may take minutes to come in before its post is written.
    """
    zones = {round((told - true) / QUARTER) * QUARTER for told, true in pairs if abs(told - true) <= A_DAY_EITHER_WAY}
    return zones.pop() if len(zones) == 1 else None


def named_zone(said: str, names: Iterable[str] = ()) -> tzinfo | None:
    """The zone that a page says it writes times in: by its name, or as "UTC + 1 hour [ DST ]"; None where none is.

    A bracket stands for an hour of summer time in any language.
    """
    for name in names:
        if ZONE_NAME.fullmatch(name):
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):
                continue
    if found := ZONE.search(said):
        ahead = timedelta(hours=float(found["hours"] or 0), minutes=int(found["minutes"] or 0))
        ahead = -ahead if found["sign"] in ("-", "−") else ahead
        ahead += timedelta(hours=1 if found["summer"] else 0)
        return timezone(ahead) if abs(ahead) < timedelta(hours=24) else None
    return None


def _nearest(around: datetime, time: re.Match[str] | None) -> datetime:
    """The moment next to another at which a clock shows a time: a page may be older than its fetching."""
    if time is None:
        return around
    days = [around.date() + timedelta(days=days) for days in (-1, 0, 1)]
    try:
        return min((_at(day, time) for day in days), key=lambda moment: abs(moment - around))
    except ValueError:
        return around


def marked_time(node: HtmlElement) -> str | None:
    """The time that an element gives in an attribute made for it."""
    for name in ("datetime", *EPOCH_ATTRIBUTES):
        value: str | None = node.get(name)
        if value and (ISO.match(value := value.strip()) or EPOCH.fullmatch(value)):
            return value
    return None


def written_time(node: HtmlElement) -> str | None:
    """The time that an element gives, as written: by attribute, by its title, or by its few words."""
    if marked := marked_time(node):
        return marked
    title = node.get("title") or ""
    if len(title) < LONGEST_TIME and _is_time(title):
        return title
    if own := own_time(node):
        return own
    said = " ".join(str(node.text_content()).split())
    return said if len(said) < LONGEST_TIME and _is_time(said) else None


def own_time(node: HtmlElement) -> str | None:
    """The time that an element's own words give, those of elements inside it left out."""
    said = " ".join(" ".join([node.text or "", *(child.tail or "" for child in node)]).split())
    return said if len(said) < LONGEST_TIME and _is_time(said) else None


def _is_time(text: str) -> bool:
    if not DIGITS.search(text):
        return False
    if AGO.search(text) or ISO.match(text):
        return True
    dated = NUMERIC.search(text) or NAMED.search(text) or any(word in text.lower() for word in DAYS_AGO)
    return bool(dated and CLOCK.search(text))


def moment_of(written: str, clock: BoardClock) -> datetime | None:
    """The moment that `written_time` gave, in UTC; None where its zone or order cannot be told."""
    if EPOCH.fullmatch(written):
        return datetime.fromtimestamp(int(written[:10]), UTC)
    if found := ISO.match(written):
        try:
            moment = datetime.fromisoformat(f"{found[1]}T{found[2]}{(found[3] or '').replace('Z', '+00:00')}")
        except ValueError:
            return None
        if moment.tzinfo:
            return moment.astimezone(UTC)
        return clock.utc(moment)
    return clock.place(written)


def moment(written: Any) -> datetime | None:
    """A time in ISO 8601 with its zone; None for anything else."""
    try:
        read = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return read.astimezone(UTC) if read.tzinfo else None
