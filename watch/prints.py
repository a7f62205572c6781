"""Fingerprints: what a known platform has shown of itself over time, and how much a place has in common with it.

Whatever many places share says little: each likeness is divided by the number of other places that have it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Self

from core.hosts import skeleton
from core.probes import Facts
from core.records import Record
from core.settings import PlatformConfig
from core.sketch import resemblance
from watch.known import plain

ALIKE = 0.8
"""Similarity of names (Ratcliff-Obershelp, as difflib computes it) from which they count as alike."""
STRUCTURES = 8
"""Templates of a platform that are remembered, the newest."""
KEYS = 20
"""Public keys of a platform's place that are remembered, the first: a new one has to be signed for."""
FEW_BOARDS = 4
"""So many boards in common or more count whole: two boards called b and pol are everywhere."""
LEAST = 0.15
"""Resemblance of two sketches below which it is chance."""
STOCK_ENGINES = frozenset({None, "generic"})

Trait = tuple[str, str]
"""Kind and value of something that places can share."""


class Print(Record):
    """What a platform's own places have shown, taken together. A glance shows no template: only whole looks tell."""

    names: tuple[str, ...] = ()
    engines: frozenset[str] = frozenset()
    boards: frozenset[str] = frozenset()
    structures: tuple[tuple[int, ...], ...] = ()
    passages: tuple[tuple[int, ...], ...] = ()
    traits: frozenset[Trait] = frozenset()
    outlinks: frozenset[str] = frozenset()
    asks_for: frozenset[str] = frozenset()
    public_keys: tuple[str, ...] = ()
    """Armoured OpenPGP keys of the first look that showed any: whoever takes the site over later shows others."""

    def with_facts(self, facts: Facts) -> Self:
        """With what one more look has shown."""
        return self.model_copy(
            update={
                "engines": self.engines | ({facts.engine} - STOCK_ENGINES if facts.engine else set()),
                "boards": self.boards | {plain_board(board) for board in facts.boards},
                "structures": _newest(self.structures, facts.structure if facts.threads else ()),
                "passages": _newest(self.passages, facts.passages),
                "traits": self.traits | set(traits_of(facts)),
                "outlinks": self.outlinks | set(facts.outlinks),
                "asks_for": self.asks_for | set(facts.asks_for),
                "public_keys": self.public_keys or facts.public_keys[:KEYS],
            }
        )

    def joined(self, other: Self) -> Self:
        """Both, as of one platform with two places."""
        return self.model_copy(
            update={
                "engines": self.engines | other.engines, "boards": self.boards | other.boards,
                "structures": self.structures + other.structures, "passages": self.passages + other.passages,
                "traits": self.traits | other.traits, "outlinks": self.outlinks | other.outlinks,
                "asks_for": self.asks_for | other.asks_for,
            }
        )  # fmt: skip


def plain_board(board: str) -> str:
    """A board's name for comparing."""
    return board.strip("/").lower()


def print_of(config: PlatformConfig | None) -> Print:
    """What the configuration says of a platform."""
    if config is None:
        return Print()
    labels = (item.domain.rpartition(".")[0] for item in config.domains)
    return Print(
        names=tuple(plain(skeleton(name)).replace(" ", "") for name in (*config.names, *labels)),
        engines=frozenset({config.engine} - STOCK_ENGINES if config.engine else ()),
        boards=frozenset(map(plain_board, config.boards)),
    )


def _newest(known: tuple[tuple[int, ...], ...], sketch: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    return (*(one for one in known if one != sketch), sketch)[-STRUCTURES:] if sketch else known


def traits_of(facts: Facts) -> Iterator[Trait]:
    """Everything a place shows that another can show, too, and that is the same or not."""
    if facts.favicon is not None:
        yield "favicon", str(facts.favicon.mmh3)
        if facts.favicon.looks is not None:
            yield "icon-looks", facts.favicon.looks
    if facts.structure:
        yield "structure", str(facts.structure[0])
    for kind, values in (
        ("identifier", facts.identifiers),
        ("key", facts.keys),
        ("contact", facts.contacts),
        ("wallet", facts.wallets),
        ("certificate", facts.certificate_names),
    ):
        yield from ((kind, value[:255]) for value in values)


@dataclass(frozen=True)
class Likeness:
    """One thing two places have in common: how much of it (0 to 1) and in words."""

    signal: str
    value: float
    detail: str


SHARED = {
    "favicon": "the same favicon", "identifier": "the same analytics or verification id",
    "key": "the same OpenPGP key", "contact": "the same contact address", "wallet": "the same donation address",
    "certificate": "named in one certificate",
}  # fmt: skip
"""Signals of traits that are the same or not."""


def likenesses(platform: Print, place: str, facts: Facts | None, sharers: Mapping[Trait, int]) -> Iterator[Likeness]:
    """What a place has in common with a platform; `sharers` says how many other places show a trait."""
    if (value := name_likeness(platform, place)) > 0:
        yield Likeness("name", value, "its name resembles one of the platform's")
    if facts is None:
        return
    if facts.engine in platform.engines:
        yield Likeness("engine", 1.0, f"the same software ({facts.engine})")
    boards = {plain_board(board) for board in facts.boards}
    if common := boards & platform.boards:
        value = len(common) / len(boards | platform.boards) * min(1.0, len(common) / FEW_BOARDS)
        yield Likeness("boards", value, f"{len(common)} of {len(boards)} boards are the platform's ({_some(common)})")
    for signal, known, sketch, rare in (
        ("structure", platform.structures, facts.structure, _rarity(sharers, traits_of(facts), "structure")),
        ("passages", platform.passages, facts.passages, 1.0),
    ):
        value = max((resemblance(one, sketch) for one in known), default=0.0)
        if value >= LEAST:
            what = "pages are built alike" if signal == "structure" else "the site's own words are alike"
            yield Likeness(signal, value * rare, f"{what} ({value:.0%})")
    mine = set(traits_of(facts))
    for signal, words in SHARED.items():
        if same := sorted(trait for trait in mine & platform.traits if trait[0] == signal):
            value = max(_rarity(sharers, [trait], signal) for trait in same)
            yield Likeness(signal, value, f"{words}: {_some(value for _, value in same)}")
    if common := set(facts.outlinks) & platform.outlinks:
        value = len(common) / min(len(facts.outlinks), len(platform.outlinks)) * min(1.0, len(common) / FEW_BOARDS)
        yield Likeness("outlinks", value, f"links to {len(common)} of the same places ({_some(common)})")


def name_likeness(platform: Print, place: str) -> float:
    """How much a place's name looks like one of a platform's to the eye, from 0 (below ALIKE) to 1 (the same)."""
    return _name_likeness(platform.names, place)


@lru_cache(maxsize=200_000)
def _name_likeness(names: tuple[str, ...], place: str) -> float:
    host, _, path = place.partition("/")
    label = plain(skeleton(path or host.rpartition(".")[0] or host)).replace(" ", "")
    best = ALIKE
    for name in names:
        if 2 * min(len(label), len(name)) >= best * (len(label) + len(name)):  # no ratio can be higher
            matcher = SequenceMatcher(None, label, name)
            best = max(best, matcher.ratio()) if matcher.quick_ratio() > best else best
    return (best - ALIKE) / (1 - ALIKE) * 0.5 + 0.5 if best > ALIKE else 0.0


def _rarity(sharers: Mapping[Trait, int], traits: Iterable[Trait], kind: str) -> float:
    return 1 / (1 + max((sharers.get(trait, 0) for trait in traits if trait[0] == kind), default=0))


def _some(values: Iterable[str]) -> str:
    """The first few of them, in words."""
    ordered = sorted(values)
    return ", ".join(ordered[:5]) + (f" and {len(ordered) - 5} more" if len(ordered) > 5 else "")  # noqa: PLR2004


def changed_wallets(platform: Print, facts: Facts) -> Sequence[str]:
    """A place's donation addresses, where the platform has others in the same coins and none of these."""
    known = {value for kind, value in platform.traits if kind == "wallet"}
    coins = {value.partition(":")[0] for value in known}
    mine = [wallet for wallet in facts.wallets if wallet.partition(":")[0] in coins]
    return mine if mine and not known & set(mine) else ()
