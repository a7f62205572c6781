"""`config/alerts.yml`: who is told of which alerts, when, and how many at most. A channel is a URL and its rules."""

import os
import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

from core.records import Alert, AlertKind, AlertStatus, Record
from core.yamlfile import ConfigError, load_yaml, validate
from watch.delivery.senders import Target, complaint

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
VARIABLE = re.compile(r"\$\{(\w+)\}")


def _filled(text: Any) -> Any:
    """With every `${NAME}` replaced by that secret: percent-encoded, unless it is the whole text."""
    if not isinstance(text, str):
        return text
    if whole := VARIABLE.fullmatch(text):
        return _secret(whole[1])
    return VARIABLE.sub(lambda found: quote(_secret(found[1]), safe=""), text)


def _secret(name: str) -> str:
    """The variable NAME, or else the content of the file that the variable NAME_FILE names."""
    if name in os.environ:
        return os.environ[name]
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        raise ValueError(f"neither the variable {name} nor {name}_FILE, naming a file, is set")
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise ValueError(f"the file that {name}_FILE names cannot be read") from None


def _clock_time(value: Any) -> Any:
    """YAML reads an unquoted 22:00 as the number 1320: minutes."""
    return time(*divmod(value, 60)) if type(value) is int and 0 <= value < 24 * 60 else value


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise ValueError("expected a time zone such as Europe/Berlin") from None


def _no_zone_of_its_own(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("expected a time of day such as 22:00; `zone` says where")
    return value


TimeOfDay = Annotated[time, BeforeValidator(_clock_time), AfterValidator(_no_zone_of_its_own)]
Secret = Annotated[SecretStr, BeforeValidator(_filled)]
Probability = Annotated[float, Field(ge=0, le=1)]


class Quiet(Record):
    """Hours in which a channel is told only what cannot wait."""

    start: TimeOfDay = Field(alias="from")
    end: TimeOfDay = Field(alias="to")
    unless: Probability = 0.95
    """From this probability on an alert goes out all the same."""


class Digest(Record):
    """The weak are told together."""

    below: Probability
    """Alerts of a lesser probability wait for the next digest."""
    at: Literal["hourly"] | TimeOfDay = "hourly"
    """Each full hour, or at this time each day."""


class Channel(Record):
    """One way to tell people."""

    url: Secret
    secret: Secret | None = None
    """The key that a webhook's messages are signed with."""
    allow_private: bool = False
    """Whether its server may have an address that is not public."""
    kinds: tuple[AlertKind, ...] = ()
    min_probability: Probability = 0.0
    platforms: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    """Of the posts that an alert rests on; an empty rule wants all."""
    zone: Annotated[ZoneInfo, BeforeValidator(_zone)] = ZoneInfo("UTC")
    """Of `quiet` and `digest`."""
    quiet: Quiet | None = None
    per_hour: int | None = Field(default=None, ge=1)
    """Most messages in an hour; when one is left, it tells all that wait."""
    digest: Digest | None = None

    @property
    def target(self) -> Target:
        """Where to, with its secrets."""
        secret = self.secret.get_secret_value() if self.secret else None
        return Target(self.url.get_secret_value(), secret, self.allow_private)

    def wants(self, alert: Alert, languages: set[str]) -> bool:
        """Whether its rules want an alert that rests on posts in these languages."""
        return (
            alert.probability >= self.min_probability
            and (not self.kinds or alert.kind in self.kinds)
            and (not self.platforms or alert.platform in self.platforms)
            and (not self.languages or not languages.isdisjoint(self.languages))
        )

    def is_quiet(self, now: datetime) -> bool:
        """Whether these are its quiet hours."""
        if self.quiet is None:
            return False
        here, start, end = now.astimezone(self.zone).time(), self.quiet.start, self.quiet.end
        return start <= here < end if start < end else here >= start or here < end

    def urgent(self, alert: Alert) -> bool:
        """Whether quiet hours do not hold an alert back."""
        unless = self.quiet.unless if self.quiet else 1.0
        return alert.status == AlertStatus.ESCALATED or alert.probability >= unless

    def weak(self, alert: Alert) -> bool:
        """Whether an alert waits for the digest."""
        below = self.digest.below if self.digest else 0.0
        return alert.probability < below and alert.status != AlertStatus.ESCALATED

    def last_digest(self, now: datetime) -> datetime:
        """When a digest was due last."""
        here = now.astimezone(self.zone)
        at = self.digest.at if self.digest else "hourly"
        if at == "hourly":
            return now.replace(minute=0, second=0, microsecond=0)
        today = datetime.combine(here.date(), at, self.zone)
        due = today if today <= here else datetime.combine(here.date() - timedelta(days=1), at, self.zone)
        return due.astimezone(now.tzinfo)


STANDARD: Mapping[str, Any] = {"file": {"url": "file:alerts.ndjson"}, "screen": {"url": "screen:"}}
"""The channels where no `alerts.yml` says otherwise."""


def load_channels(folder: Path) -> dict[str, Channel]:
    """The channels of a configuration folder by their names.

    Raises ConfigError with every complaint, each with file, line and key; secrets are not in it.
    """
    path = folder / "alerts.yml"
    data, lines = load_yaml(path) if path.exists() else (STANDARD, {})
    if not isinstance(data, dict | Mapping):
        raise ConfigError([f"{path}:1: expected `name: {{url: …}}` lines, found {type(data).__name__}"])
    channels, complaints = {}, []
    for name, given in data.items():
        try:
            if not isinstance(name, str) or not NAME.fullmatch(name):
                raise ConfigError([f"{path}:{lines[name,]}: {name!r}: expected a name of at most 40 of a-z, 0-9, _, -"])
            channels[name] = validate(path, given, lines, Channel, (name,))
            if why := complaint(channels[name].target):
                raise ConfigError([f"{path}:{lines[name, 'url']}: url: {why}"])
        except ConfigError as error:
            complaints += error.complaints
    if complaints:
        raise ConfigError(complaints)
    return channels
