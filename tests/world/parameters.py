"""What a world is made by: how much of everything, and in which mix."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from random import Random
from typing import Any

FAMILIES = frozenset("ABCDEF")
SPECIAL = (None, "null", "copycat", "flooder")

LAGS = {"pre-existing": 0.25, "day": 0.30, "week": 0.25, "months": 0.20}
RELATIONS = {"hop": 0.24, "rename": 0.17, "clone": 0.15, "bunker": 0.18, "surge": 0.14, "onion": 0.12}
POINTERS = {
    "official": 0.20, "staff": 0.12, "anonymous": 0.26, "webring": 0.06, "redirect": 0.10, "disguised": 0.10,
    "language": 0.12, "file name": 0.04,
}  # fmt: skip
LANGUAGES = {
    "de": 0.2,
    "fr": 0.13,
    "es": 0.13,
    "ru": 0.14,
    "pl": 0.1,
    "it": 0.08,
    "pt": 0.08,
    "nl": 0.05,
    "sv": 0.05,
    "ar": 0.04,
}
NAMING = {
    "hop": 0.2, "digit": 0.12, "increment": 0.14, "truncation": 0.12, "community": 0.16, "brand": 0.08, "unrelated": 0.18,
}  # fmt: skip
ENGINES = {"vichan": 0.3, "lynxchan": 0.16, "jschan": 0.18, "mybb": 0.12, "phpbb": 0.12, "quill": 0.12}
DECOYS = {
    "phishing": 1.6, "spam": 1.0, "joke": 0.8, "viral-news": 0.5, "rival": 0.7, "stock-board": 0.6,
    "parody": 0.6, "other-move": 0.6, "typosquat": 0.5, "news": 0.9, "shared-hosting": 0.6, "seized-banner": 0.4, "status-page": 0.6,
    "rehosting": 0.7, "archive": 0.8, "shortener": 0.5, "file-host": 0.7, "meme": 0.6, "shop": 0.7, "game": 0.5,
    "fake-channel": 0.7, "directory": 0.4,
}  # fmt: skip

FORUMS = frozenset({"mybb", "phpbb", "fluxbb", "smf", "quill", "harbour"})
RINGS = frozenset({"jschan", "lynxchan"})
"""Softwares whose sites list one another."""


@dataclass(frozen=True, kw_only=True)
class Parameters:
    """The defaults are those of the worlds that everything is measured in."""

    days: int = 60
    boards: int = 30
    posts: int = 40_000
    unseen_domains: int = 1500
    events: int | None = None
    """None: 8 to 12, by the seed."""
    decoys_per_event: int = 11
    lag: Mapping[str, float] = field(default_factory=lambda: LAGS)
    relation: Mapping[str, float] = field(default_factory=lambda: RELATIONS)
    pointer: Mapping[str, float] = field(default_factory=lambda: POINTERS)
    language: Mapping[str, float] = field(default_factory=lambda: LANGUAGES)
    """Of what is told in another language than English."""
    naming: Mapping[str, float] = field(default_factory=lambda: NAMING)
    engines: Mapping[str, float] = field(default_factory=lambda: ENGINES)
    decoys: Mapping[str, float] = field(default_factory=lambda: DECOYS)
    special: str | None = None
    off: frozenset[str] = frozenset()
    """Families of signals that the world does not show: A authority, B community, C likeness, D infrastructure,
    E behaviour after launch, F cues of impostors."""
    unseen: bool = False
    """Other words, hosts' words, phrases, disguises, boards and templates than usual worlds have."""

    def __post_init__(self) -> None:
        """Reads what came as JSON; ValueError for what no world can be made by."""
        object.__setattr__(self, "off", frozenset(self.off))
        if not self.off <= FAMILIES or self.special not in SPECIAL:
            raise ValueError(f"off: of {sorted(FAMILIES)}; special: of {SPECIAL}")


def unseen(seed: int) -> dict[str, Any]:
    """Parameters of a world of kinds that default worlds never make: engines, languages, phrases, names, decoys, lags.

    By the seed, each kind is more or less common.
    """
    rng = Random(f"unseen {seed}")

    def shares(*kinds: str) -> dict[str, float]:
        return {kind: rng.uniform(0.5, 1.5) for kind in kinds}

    return {
        "unseen": True,
        "lag": {"pre-existing": 0.15, "day": 0.15, "fortnight": 0.4, "months": 0.3},
        "language": shares("cs", "fi", "tr", "uk"),
        "naming": shares("suffix", "initials", "prefix", "unrelated"),
        "engines": shares("tinyib", "fluxbb", "smf", "harbour"),
        "decoys": shares(
            "phishing", "fan-archive", "petition", "wiki", "coin", "spam", "joke", "viral-news", "rival", "survey",
            "merchandise", "tribute", "mirror-list", "news", "file-host", "weather", "radio",
        ),
    }  # fmt: skip


def from_json(given: Mapping[str, Any], seed: int = 0) -> dict[str, Any]:
    """Parameters as the command line takes them: `unseen` true stands for that whole set by the seed.

    ValueError for unknown ones.
    """
    known = {one.name for one in fields(Parameters)}
    if not known >= given.keys():
        raise ValueError(f"no parameters of a world: {sorted(given.keys() - known)}")
    return (unseen(seed) if given.get("unseen") else {}) | dict(given)
