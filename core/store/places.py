"""Looks at places, and what posts of the crawled sites have in common with them: texts and marks of authors."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from core.probes import Probe
from core.store.tables import marks, probes, texts, traits

BATCH = 500


def save_probes(tx: Connection, made: Iterable[Probe]) -> None:
    """Keeps looks at places; one of the same place and moment is kept once."""
    for probe in made:
        tx.execute(delete(probes).where(probes.c.place == probe.place, probes.c.at == probe.at))
        tx.execute(
            insert(probes).values(
                place=probe.place, at=probe.at, state=probe.state, record=probe.model_dump(mode="json")
            )
        )


def keep_traits(tx: Connection, place: str, rows: Iterable[tuple[str, str]]) -> None:
    """Notes what a place shows that others can show, too: (kind, value)."""
    _keep(tx, traits, [{"kind": kind, "value": value, "place": place} for kind, value in sorted(set(rows))])


def places_with_traits(view: Connection, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], frozenset[str]]:
    """The places that show each of these traits."""
    found: dict[tuple[str, str], set[str]] = {}
    by_kind: dict[str, list[str]] = {}
    for kind, value in sorted(set(wanted)):
        by_kind.setdefault(kind, []).append(value)
    for kind, values in by_kind.items():
        for first in range(0, len(values), BATCH):
            some = values[first : first + BATCH]
            for row in view.execute(select(traits).where(traits.c.kind == kind, traits.c.value.in_(some))):
                found.setdefault((kind, row.value), set()).add(row.place)
    return {trait: frozenset(places) for trait, places in found.items()}


def read_probes(view: Connection, places: Iterable[str], since: datetime | None = None) -> dict[str, list[Probe]]:
    """All looks at these places, the oldest first; places that were never looked at are left out."""
    ordered = sorted(set(places))
    found: dict[str, list[Probe]] = {}
    for first in range(0, len(ordered), BATCH):
        query = select(probes.c.place, probes.c.record).where(probes.c.place.in_(ordered[first : first + BATCH]))
        if since is not None:
            query = query.where(probes.c.at >= since)
        for row in view.execute(query.order_by(probes.c.at)):
            found.setdefault(row.place, []).append(Probe.model_validate(row.record))
    return found


def keep_texts(tx: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Notes hashes of posts' texts (`core.sketch.text_hash`) with the platform they stand on."""
    _keep(tx, texts, [{"hash": hash_, "platform": platform} for hash_, platform in sorted(set(rows))])


def keep_marks(tx: Connection, rows: Iterable[tuple[str, str]]) -> None:
    """Notes authors' marks (`Post.mark`) with the platform they write on."""
    _keep(tx, marks, [{"mark": mark, "platform": platform} for mark, platform in sorted(set(rows))])


def _keep(tx: Connection, table: object, rows: Sequence[Mapping[str, object]]) -> None:
    if not rows:
        return
    dialect = postgresql if tx.dialect.name == "postgresql" else sqlite
    tx.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def platforms_of_texts(view: Connection, hashes: Iterable[int]) -> dict[int, frozenset[str]]:
    """On which platforms each of these texts stands; texts that stand nowhere are left out."""
    found: dict[int, set[str]] = {}
    ordered = sorted(set(hashes))
    for first in range(0, len(ordered), BATCH):
        query = select(texts).where(texts.c.hash.in_(ordered[first : first + BATCH]))
        for row in view.execute(query):
            found.setdefault(row.hash, set()).add(row.platform)
    return {hash_: frozenset(platforms) for hash_, platforms in found.items()}


def platforms_of_marks(view: Connection, wanted: Iterable[str]) -> dict[str, frozenset[str]]:
    """On which platforms each of these authors writes; unknown ones are left out."""
    found: dict[str, set[str]] = {}
    ordered = sorted(set(wanted))
    for first in range(0, len(ordered), BATCH):
        query = select(marks).where(marks.c.mark.in_(ordered[first : first + BATCH]))
        for row in view.execute(query):
            found.setdefault(row.mark, set()).add(row.platform)
    return {mark: frozenset(platforms) for mark, platforms in found.items()}
