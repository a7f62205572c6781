"""Configuration: settings, sources and platforms, from YAML and FRINGEWATCH_* variables."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from math import inf
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from core.hosts import web_host
from core.records import Record
from core.yamlfile import ConfigError, load_model, load_yaml, validate

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86_400}
DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)")
CRON_FIELDS = 5

Model = TypeVar("Model", bound=Record)


def seconds(value: Any) -> float:
    """A duration such as `5s`, `250ms`, `15m`, `2h`, `1d` or a plain number of seconds; ValueError otherwise."""
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < inf:
        return float(value)
    if isinstance(value, str) and (found := DURATION.fullmatch(value.strip())):
        return float(found[1]) * UNITS[found[2]]
    raise ValueError("expected a duration such as 5s, 15m, 2h or 1d")


def _schedule(value: str) -> str:
    if value.startswith("every "):
        if seconds(value.removeprefix("every ")) <= 0:
            raise ValueError("expected a time above zero")
    elif len(value.split()) != CRON_FIELDS:
        raise ValueError('expected "every 15m" or five cron fields such as "*/15 * * * *"')
    return value


def _http_url(value: str) -> str:
    if web_host(value) is None or re.search(r"\s", value):
        raise ValueError("expected an address that starts with http:// or https://")
    return value


Seconds = Annotated[float, BeforeValidator(seconds)]
"""A duration in seconds, written as 5s, 15m, 2h, 1d."""
HttpUrl = Annotated[str, AfterValidator(_http_url)]


class Sections(Record):
    """Boards, forums or channels of a source: only `include` where given, never `exclude`."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def wants(self, *names: str | None) -> bool:
        """Whether a section known by any of these names is to be crawled."""
        given = {name.casefold() for name in names if name}
        if given & {name.casefold() for name in self.exclude}:
            return False
        return not self.include or not given or bool(given & {name.casefold() for name in self.include})


class SourceConfig(Record):
    """One source: `config/sources/NAME.yml`."""

    platform: str
    engine: str = "auto"
    url: HttpUrl
    enabled: bool = True
    sections: Sections = Sections()
    schedule: Annotated[str, AfterValidator(_schedule)] = "every 15m"
    delay: Seconds = 1.0
    """Least time between two requests to one host."""
    concurrency: int = Field(default=2, ge=1, le=16)
    proxy: str | None = None
    language: str | None = None
    kind: Literal["site", "account", "channel", "feed"] = "site"
    author_policy: Literal["pseudonym", "published", "none"] = "pseudonym"
    retention: Seconds | None = None
    expect: Mapping[str, str] = Field(default_factory=dict)
    notes: str | None = None

    @property
    def interval(self) -> timedelta | None:
        """Time between crawls; None where the schedule is a cron line."""
        return (
            timedelta(seconds=seconds(self.schedule.removeprefix("every ")))
            if self.schedule.startswith("every ")
            else None
        )


class PlatformDomain(Record):
    """A domain a platform uses or used."""

    domain: str
    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")


class PlatformConfig(Record):
    """A known platform: `config/platforms/NAME.yml`."""

    names: tuple[str, ...] = Field(min_length=1)
    domains: tuple[PlatformDomain, ...] = ()
    onions: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    engine: str | None = None
    boards: tuple[str, ...] = ()
    status: Literal["up", "down", "dormant", "dead"] | None = None
    sources: tuple[str, ...] = ()

    @field_validator("domains", mode="before")
    @classmethod
    def _plain_names(cls, value: Any) -> Any:
        return [{"domain": item} if isinstance(item, str) else item for item in value] if value else ()


class Settings(BaseSettings):
    """`config/settings.yml`, overridden by FRINGEWATCH_* variables (FRINGEWATCH_INDEX=elastic, …)."""

    model_config = SettingsConfigDict(env_prefix="FRINGEWATCH_", extra="forbid", frozen=True)

    database: str | None = None
    """SQLAlchemy URL; SQLite in the home folder where none is given."""
    index: Literal["embedded", "elastic"] = "embedded"
    elastic_url: str = "http://127.0.0.1:9200"
    elastic_index: str = "fringewatch-posts"
    elastic_api_key: SecretStr | None = None
    index_patience: Seconds = 60.0
    """How long `crawl` waits for an index that does not answer before it leaves the rest to the next run."""
    pseudonym_key: SecretStr | None = None
    """Key for author pseudonyms; one is made in the home folder where none is given."""
    proxy: str | None = None
    user_agent: str = "Fringewatch/0.1 (public posts for research; see robots.txt)"
    page_bytes: int = Field(default=8_000_000, gt=0)
    """Largest response that is read."""
    page_seconds: Seconds = 30.0
    """Longest time a response may take."""
    crawl_seconds: Seconds = 3600.0
    """Longest time `run` lets one crawl take before it is ended."""
    crawl_pages: int = Field(default=5000, gt=0)
    """Most pages one crawl of one source asks for."""
    recheck_pages: int = Field(default=500, ge=0)
    """Known pages one crawl looks at again although nothing points to a change, oldest first."""
    probe_delay: Seconds = 1.0
    """Least time between two requests to one host when places are looked at."""
    probes: int = Field(default=40, ge=0)
    """Candidates that one run looks at, the likeliest first; with 0 nothing is looked at, known platforms neither."""
    favicons: bool = True
    """Whether sites' icons are asked for; only hashes of them are kept."""
    batch: int = Field(default=500, gt=0)
    """Posts that a consumer (tagger, indexer, watch) takes in one transaction."""
    thorough: bool = False
    """Whether a language model scores the posts that the fast classifiers doubt: better, and some 15 ms each."""
    alert_threshold: float = Field(default=0.5, ge=0, le=1)

    @field_validator("database")
    @classmethod
    def _database_url(cls, value: str | None) -> str | None:
        try:
            if value:
                make_url(value)
        except ArgumentError:
            raise ValueError("expected a database URL such as sqlite:///var/store.sqlite") from None
        return value


class Config(Record):
    """All of `config/`, read once at start; nothing starts on half of it."""

    folder: Path
    settings: Settings
    sources: Mapping[str, SourceConfig]
    platforms: Mapping[str, PlatformConfig]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Everything in the configuration folder.

        Raises ConfigError with every complaint found, each with file, line and key.
        """
        if not folder.is_dir():
            raise ConfigError([f"{folder}: no such configuration folder; name one with --config DIR"])
        complaints: list[str] = []
        settings = _settings(folder / "settings.yml", complaints)
        sources = _folder(folder / "sources", SourceConfig, complaints)
        platforms = _folder(folder / "platforms", PlatformConfig, complaints)
        if complaints:
            raise ConfigError(complaints)
        return cls(folder=folder, settings=settings, sources=sources, platforms=platforms)


def _settings(path: Path, complaints: list[str]) -> Settings:
    try:
        data, lines = load_yaml(path) if path.exists() else ({}, {})
        # The environment wins: a key it sets is left out of the file's values.
        given = _environment()
        return validate(path, {key: value for key, value in data.items() if key not in given}, lines, Settings)
    except ConfigError as error:
        complaints += error.complaints
        return Settings.model_construct()


def _environment() -> set[str]:
    """Names of the settings that FRINGEWATCH_* variables give; ConfigError where one does not fit."""
    try:
        return Settings().model_fields_set
    except ValidationError as error:
        raise ConfigError(
            f"environment: FRINGEWATCH_{'_'.join(map(str, item['loc'])).upper()}: {item['msg']}"
            for item in error.errors()
        ) from None


def _folder(folder: Path, model: type[Model], complaints: list[str]) -> dict[str, Model]:
    loaded: dict[str, Model] = {}
    for path in sorted(folder.glob("*.y*ml")):
        try:
            if path.stem in loaded:
                raise ConfigError([f"{path}:1: there is another file for the name {path.stem!r} in this folder"])
            loaded[path.stem] = load_model(path, model)
        except ConfigError as error:
            complaints += error.complaints
    return loaded
