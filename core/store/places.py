"""Looks at places, and what posts of the crawled sites have in common with them: texts and marks of authors."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from core.probes import Looked, Probe, ProbeState
from core.store.tables import marks, prints, probes, texts, traits

BATCH = 500
Key = TypeVar("Key", int, str)


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


def read_looks(view: Connection, places: Iterable[str], *, run: bool = False) -> dict[str, list[Looked]]:
    """When these places were looked at and how they were found, the oldest first; without those never looked at.

    Only from the last look on that found each up, where it is the `run` since then that is asked for.
    """
    found: dict[str, list[Looked]] = {}
    for some in _batches(places):
        query = select(probes.c.place, probes.c.at, probes.c.state).where(probes.c.place.in_(some))
        if run:
            up = select(probes.c.place, func.max(probes.c.at).label("at")).where(probes.c.place.in_(some))
            last_up = up.where(probes.c.state == ProbeState.UP).group_by(probes.c.place).subquery()
            query = query.join(last_up, last_up.c.place == probes.c.place, isouter=True)
            query = query.where(last_up.c.at.is_(None) | (probes.c.at >= last_up.c.at))
        for row in view.execute(query.order_by(probes.c.at)):
            found.setdefault(row.place, []).append(Looked(row.at, ProbeState(row.state)))
    return found


def read_probes(view: Connection, places: Iterable[str], last: int) -> dict[str, list[Probe]]:
    """The last few looks at these places, the oldest first; places that were never looked at are left out."""
    found: dict[str, list[Probe]] = {}
    for some in _batches(places):
        number = func.row_number().over(partition_by=probes.c.place, order_by=probes.c.at.desc()).label("number")
        inner = select(probes.c.record, probes.c.at, number).where(probes.c.place.in_(some)).subquery()
        for record in view.execute(select(inner.c.record).where(inner.c.number <= last).order_by(inner.c.at)).scalars():
            probe = Probe.model_validate(record)
            found.setdefault(probe.place, []).append(probe)
    return found


def save_print(tx: Connection, place: str, record: Mapping[str, object]) -> None:
    """Keeps what a known platform's place has shown so far."""
    tx.execute(delete(prints).where(prints.c.place == place))
    tx.execute(insert(prints).values(place=place, record=record))


def read_prints(view: Connection, places: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """What known platforms' places have shown so far, as it was kept."""
    return {row.place: row.record for some in _batches(places)
            for row in view.execute(select(prints).where(prints.c.place.in_(some)))}  # fmt: skip


def _batches(keys: Iterable[Key]) -> Iterator[list[Key]]:
    ordered = sorted(set(keys))
    return (ordered[first : first + BATCH] for first in range(0, len(ordered), BATCH))


def keep_texts(tx: Connection, rows: Iterable[tuple[int, str]]) -> None:
    """Notes hashes of posts' texts (`core.sketch.text_hash`) with the platform they stand on."""
    _keep(tx, texts, [{"hash": hash_, "platform": platform} for hash_, platform in sorted(set(rows))])


def keep_marks(tx: Connection, rows: Iterable[tuple[str, str, bool]]) -> None:
    """Notes authors' marks (`Post.mark`) with the platform they write on, and whether they had a staff mark there."""
    told: dict[tuple[str, str], bool] = {}
    for mark, platform, staff in rows:
        told[mark, platform] = told.get((mark, platform), False) or staff
    given = [{"mark": mark, "platform": platform, "staff": staff} for (mark, platform), staff in sorted(told.items())]
    _keep(tx, marks, given)
    for row in given:
        if row["staff"]:
            same = (marks.c.mark == row["mark"]) & (marks.c.platform == row["platform"])
            tx.execute(update(marks).where(same, ~marks.c.staff).values(staff=True))


def staff_marks(view: Connection, wanted: Iterable[str]) -> set[tuple[str, str]]:
    """Which of these marks have had a staff mark, each with the platform."""
    found: set[tuple[str, str]] = set()
    for some in _batches(wanted):
        query = select(marks.c.mark, marks.c.platform).where(marks.c.mark.in_(some), marks.c.staff)
        found.update((row.mark, row.platform) for row in view.execute(query))
    return found


def _keep(tx: Connection, table: object, rows: Sequence[Mapping[str, object]]) -> None:
    if not rows:
        return
    dialect = postgresql if tx.dialect.name == "postgresql" else sqlite
    tx.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def platforms_of_texts(view: Connection, hashes: Iterable[int]) -> dict[int, frozenset[str]]:
    """On which platforms each of these texts stands; texts that stand nowhere are left out."""
    return _platforms_of(view, texts.c.hash, texts.c.platform, hashes)


def platforms_of_marks(view: Connection, wanted: Iterable[str]) -> dict[str, frozenset[str]]:
    """On which platforms each of these authors writes; unknown ones are left out."""
    return _platforms_of(view, marks.c.mark, marks.c.platform, wanted)


def _platforms_of(
    view: Connection, key: Column[Any], platform: Column[str], wanted: Iterable[Key]
) -> dict[Key, frozenset[str]]:
    found: dict[Key, set[str]] = {}
    for some in _batches(wanted):
        for value, name in view.execute(select(key, platform).where(key.in_(some))):
            found.setdefault(value, set()).add(name)
    return {value: frozenset(names) for value, names in found.items()}
