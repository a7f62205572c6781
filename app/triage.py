"""Confirming a candidate: the files that make it a source and a known place, proposed, written, taken back; its looks.

A hand-written file keeps its comments and order: a proposal changes or adds single lines of it.
"""

import difflib
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from sqlalchemy import Row, func, select

from app.crawling import Report, crawl_once, looker
from app.sources import source_name
from core.clock import Clock
from core.home import claimed
from core.probes import Due, Looked, Probe, ProbeState
from core.records import Alert, Candidate, Relation
from core.settings import Config, PlatformConfig
from core.store import Store, places, watchlist
from core.store.commits import read_evidence
from core.store.tables import posts
from core.yamlfile import ConfigError, load_yaml
from crawler.engines import ENGINES
from watch.known import KnownPlaces
from watch.probing import down_since, is_down
from watch.signals import Case
from watch.stage import LAST, judge_touched, take_probes
from watch.triage import Said, TriageError, find_candidate, is_candidate, written_files
from watch.verdict import Weights

SKETCHES = {"structure", "passages", "posts", "authors", "public_keys"}
"""Facts that say nothing to a reader."""
INHERITED = ("language", "author_policy", "retention", "schedule", "delay", "proxy")
"""Keys that a new source takes over from the one of the place that it follows."""
PLAIN = re.compile(r"[\w./:@-]+( [\w./:@-]+)*")
"""What YAML reads as text without quotes, where it reads it as itself."""
GONE = {"down", "dead", "dormant"}


@dataclass(frozen=True)
class Change:
    """One file of the configuration, before and after."""

    path: str
    """Relative to the configuration folder."""
    before: str | None
    """None where there is none."""
    after: str | None

    @property
    def back(self) -> "Change":
        """The change that takes this one back."""
        return Change(self.path, self.after, self.before)


@dataclass(frozen=True)
class Proposal:
    """What confirming a candidate would write."""

    changes: Sequence[Change]
    source: str | None
    """The new source's name; None where nothing could be crawled."""
    why_not: str | None = None
    """Why nothing, or no source, is proposed."""

    @property
    def lines(self) -> Iterator[str]:
        """Of a unified diff."""
        for change in self.changes:
            before, after = ((text or "").splitlines() for text in (change.before, change.after))
            old = change.path if change.before is not None else "/dev/null"
            yield from difflib.unified_diff(before, after, old, change.path, lineterm="")

    def as_json(self) -> list[dict[str, str | None]]:
        """For `--json`, and to be kept with the decision."""
        return [asdict(change) for change in self.changes]


@dataclass(frozen=True)
class Dossier:
    """Everything that is kept about one candidate."""

    candidate: Candidate
    states: Sequence[Row[Any]]
    """Its history, the oldest first."""
    looks: Sequence[Looked]
    last: Probe | None
    """The last look."""
    seen: Probe | None
    """The look that its verdict rests on (`Case.last_facts`)."""
    snapshots: Sequence[Row[Any]]
    """The pages of these two: url, fetched_at, file, offset, sha256."""

    def as_json(self) -> dict[str, Any]:
        """The candidate with what is kept beside it."""
        kept = ("at", "who", "state", "reason", "note")
        return self.candidate.model_dump(mode="json") | {
            "history": [{name: _plain(getattr(row, name)) for name in kept} for row in self.states],
            "looks": [{"at": look.at.isoformat(), "state": look.state} for look in self.looks],
            "last_look": self.seen.model_dump(mode="json", exclude={"facts": SKETCHES}) if self.seen else None,
            "snapshots": [
                {name: _plain(getattr(row, name)) for name in ("url", "fetched_at", "file", "offset", "sha256")}
                for row in self.snapshots
            ],
        }


@dataclass(frozen=True)
class Wishes:
    """What is to become of the files that go with a confirmation."""

    platform: str | None
    """Whose the place is, where the verdict is wrong."""
    files: bool
    """Whether any are to be proposed."""
    agrees: Callable[[Proposal], bool]
    """Is shown them, and says whether they are to be written."""
    crawl: bool
    """Whether the new source is to be crawled at once."""
    proxy: str | None


@dataclass(frozen=True)
class Outcome:
    """What came of a decision."""

    done: Alert | Candidate
    proposal: Proposal | None
    """None where none was asked for."""
    written: bool
    taken_back: Sequence[str]
    """What became of the files of a confirmation that holds no more, in words."""
    report: Report | None
    """Of the new source's first crawl."""

    def as_json(self) -> dict[str, Any]:
        """What was decided about, with what came of it."""
        told = self.done.model_dump(mode="json")
        if self.proposal is not None:
            told |= {"files": self.proposal.as_json(), "written": self.written, "why_not": self.proposal.why_not}
            crawled = self.report.sources.items() if self.report else ()
            told |= {"crawl": {name: asdict(outcome) for name, outcome in crawled}}
        return told | ({"taken_back": list(self.taken_back)} if self.taken_back else {})


def carry_out(  # noqa: PLR0913 - what is decided, and all that it is done with
    host: str, said: Said, decide: Callable[[Said], Alert | Candidate], wishes: Wishes,
    *, config: Config, store: Store, home: Path, clock: Clock,
) -> Outcome:  # fmt: skip
    """Decides about a candidate and does what goes with it: files proposed, written, taken back; a first crawl.

    Where what would be proposed does not fit, nothing is decided either.
    """
    before = written_files(store, host)
    proposal = None
    if wishes.files and is_candidate(store, host):
        proposal = propose(config, store, dossier(store, host), wishes.platform, clock())
    agreed = proposal is not None and bool(proposal.changes) and wishes.agrees(proposal)
    done = decide(replace(said, files=proposal.as_json() if proposal is not None and agreed else ()))
    report = None
    if proposal is not None and agreed:
        write(config.folder, proposal.changes)
        if proposal.source is not None and wishes.crawl:
            report = backfill(
                proposal.source, folder=config.folder, store=store, home=home, clock=clock, proxy=wishes.proxy
            )
    holds = bool(written_files(store, host))
    return Outcome(done, proposal, agreed, () if holds else take_back(config, before), report)


def dossier(store: Store, host: str) -> Dossier:
    """What is kept about a candidate; TriageError where there is none of that name."""
    candidate = find_candidate(store, host)
    with store.read() as view:
        probes = places.read_probes(view, [candidate.host], LAST).get(candidate.host, [])
        last = probes[-1] if probes else None
        seen = Case(candidate.host, (), probes).last_facts
        refs = [ref for probe in probes if probe in (seen, last) for ref in probe.evidence]
        return Dossier(
            candidate=candidate,
            states=watchlist.read_states(view, candidate.host),
            looks=places.read_looks(view, [candidate.host]).get(candidate.host, []),
            last=last,
            seen=seen,
            snapshots=read_evidence(view, refs),
        )


def look_now(
    found: Dossier, *, config: Config, store: Store, home: Path, clock: Clock, proxy: str | None
) -> tuple[Probe, int | None]:
    """Looks at a candidate, keeps what is seen, and judges it anew; the look, and how many alerts are new.

    None instead of a number where a running service judges it. Raises TriageError where the look came to nothing.
    """
    known, weights = KnownPlaces.load(config), Weights.load(config.folder)
    failures: list[str] = []
    place = found.candidate.host
    made = looker(config, home, clock, proxy, failures)([Due(place, watchlist.address_of(place))])
    if not made:
        raise TriageError("; ".join(failures) or f"nothing came of a look at {place}")
    take_probes(store, known, made)
    with claimed(home, "consumers") as mine:
        new = judge_touched(store, known, weights, config.settings.alert_threshold, clock) if mine else None
    return made[0], new


def backfill(name: str, *, folder: Path, store: Store, home: Path, clock: Clock, proxy: str | None) -> Report:
    """Crawls a new source at once, every page that is known of it included."""
    config = Config.load(folder)
    settings = config.settings.model_copy(update={"recheck_pages": config.settings.crawl_pages})
    return crawl_once(
        [name], config=config.model_copy(update={"settings": settings}), store=store, home=home, clock=clock,
        proxy=proxy, alert_shown=None,
    )  # fmt: skip


def propose(config: Config, store: Store, found: Dossier, platform: str | None, now: datetime) -> Proposal:
    """The new source's file and its platform's, for a candidate that is what it is said to be.

    `platform` goes before the one that the verdict found. Raises ConfigError where what is proposed would not fit, and
    for a platform's name that is none.
    """
    if platform is not None and platform not in config.platforms and source_name(platform) != platform:
        raise ConfigError(
            [f"--platform {platform}: no such platform; a new one's name is of lower-case letters, digits, hyphens"]
        )
    candidate, known = found.candidate, KnownPlaces.load(config)
    if candidate.relation == Relation.IMPERSONATION and platform is None:
        return Proposal((), None, "it is confirmed as an impersonation: neither a source nor anybody's place")
    if candidate.host in known.places:
        return Proposal((), None, f"it is known already, as {known.places[candidate.host]}'s")
    follows = platform or (None if candidate.relation in {Relation.BUNKER, Relation.UNRELATED} else candidate.platform)
    changes, why_not = [], None
    name = _free(config.folder / "sources", source_name(_short(candidate.host, follows)))
    home = follows or _free(config.folder / "platforms", name)
    crawled = "/" not in candidate.host or _engine(found) is not None
    if crawled:
        own = home if _one_number_space(store, found, home) else _free(config.folder / "platforms", name)
        changes.append(Change(f"sources/{name}.yml", None, _source_text(config, found, own, home)))
    else:
        why_not = "no software is known that reads it: it becomes a known place, and no source"
    changes.append(_platform_change(config, store, found, follows, home, now))
    _fits(config, changes)
    return Proposal(changes, name if crawled else None, why_not)


def write(folder: Path, changes: Iterable[Change]) -> None:
    """Writes what was proposed; ConfigError, and nothing written, where a file is no longer as it was."""
    changes = list(changes)
    for change in changes:
        if _text(folder / change.path) != change.before:
            raise ConfigError([f"{folder / change.path}: was changed meanwhile; nothing was written, try again"])
    for change in changes:
        path = folder / change.path
        if change.after is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        beside.write_bytes(change.after.encode("utf-8"))
        beside.replace(path)


def take_back(config: Config, files: Iterable[Mapping[str, str | None]]) -> list[str]:
    """Undoes what a confirmation wrote, file by file, as far as it is unchanged since; what came of each, in words."""
    told = []
    for file in files:
        change = Change(str(file["path"]), file["before"], file["after"]).back
        path = config.folder / change.path
        if _text(path) != change.before:
            told.append(f"left as it is, for it was changed since: {path}")
            continue
        try:
            _fits(Config.load(config.folder), [change])
        except ConfigError as error:
            told.append(f"left as it is, for without it the configuration would not fit: {path} ({error})")
            continue
        write(config.folder, [change])
        told.append(f"{'removed' if change.after is None else 'as before'}: {path}")
    return told


# --- what the look found ---


def _address(found: Dossier) -> str:
    """Where the place was seen last, or would be asked first."""
    if found.seen is None or found.seen.state != ProbeState.UP:
        return watchlist.address_of(found.candidate.host)
    parts = urlsplit(found.seen.front)
    return found.seen.front if "/" in found.candidate.host else f"{parts.scheme}://{parts.netloc}/"


def _engine(found: Dossier) -> str | None:
    """The software as the look found it, where we have an engine for it."""
    engine = found.seen.facts.engine if found.seen is not None and found.seen.facts is not None else None
    if engine is None and found.candidate.host.partition("/")[0] == "t.me":
        return "telegram"
    return engine if engine in ENGINES else None


def _kind(found: Dossier, engine: str | None) -> str:
    """What the source is: only an account or channel speaks for whoever owns it."""
    if "/" not in found.candidate.host or engine in {"communities", "voat", "lemmy"}:
        return "site"
    return "channel" if engine == "telegram" else "account"


def _one_number_space(store: Store, found: Dossier, platform: str) -> bool:
    """Whether its posts may be taken for those of this platform with the same board and number, as a mirror's are.

    A new home that begins to count anew would have its posts taken for later versions of the old ones.
    """
    if found.candidate.relation == Relation.MIRROR:
        return True
    with store.read() as view:
        kept = view.execute(select(func.count()).select_from(posts).where(posts.c.platform == platform)).scalar_one()
    return kept == 0


# --- the files ---


def _source_text(config: Config, found: Dossier, platform: str, follows: str) -> str:
    engine = _engine(found)
    given: dict[str, Any] = {
        "platform": platform, "url": _address(found), "engine": engine or "auto", "kind": _kind(found, engine)
    }  # fmt: skip
    before = next(
        (name for name, one in config.sources.items() if one.platform == follows and one.kind == "site"), None
    )
    if before is not None and given["kind"] == "site":
        path = _file(config.folder / "sources", before)
        written, _ = load_yaml(path)
        given |= {key: written[key] for key in INHERITED if written.get(key) is not None}
    given = {"schedule": "every 15m", "delay": "1s"} | given
    candidate = found.candidate
    first = f"{candidate.first_mention_at:%Y-%m-%d}"
    lines = [f"# Confirmed as {candidate.relation}: {_scalar(candidate.host)}, first mentioned on {first}."]
    if platform != follows:
        lines.append(
            f"# A platform of its own: its posts, numbered anew, would be taken for later versions of {follows}'s."
        )
    order = ["platform", "url", "engine", "kind", *INHERITED]
    lines += [f"{key}: {_scalar(given[key])}" for key in order if key in given]
    return "\n".join(lines) + "\n"


def _platform_change(
    config: Config, store: Store, found: Dossier, follows: str | None, name: str, now: datetime
) -> Change:
    candidate, url, engine = found.candidate, _address(found), _engine(found)
    key, item = _item(candidate, url)
    is_up = found.last is not None and found.last.state == ProbeState.UP
    path = _file(config.folder / "platforms", name)
    before = _text(path)
    relative = f"platforms/{path.name}"
    if before is None:
        lines = [f"# Confirmed on {now:%Y-%m-%d}; first mentioned on {candidate.first_mention_at:%Y-%m-%d}."]
        lines += [f"names: [{_scalar(follows or candidate.host)}]", f"{key}:", f"  - {item}"]
        lines += [f"engine: {engine}"] if engine else []
        lines += ["status: up"] if is_up else []
        return Change(relative, None, "\n".join(lines) + "\n")
    edits = [_added(before, key, item)]
    platform = config.platforms[name]
    if key != "accounts" and candidate.relation in {Relation.SUCCESSOR, Relation.MIRROR}:
        for domain, since in _ended(store, KnownPlaces.load(config), platform).items():
            edits += _with_end(before, domain, f"{since:%Y-%m-%d}")
        if is_up and platform.status in GONE:
            edits.append(_replaced(before, "status", "up"))
    return Change(relative, before, _edited(before, edits))


def _item(candidate: Candidate, url: str) -> tuple[str, str]:
    """Key of a platform's file, and the item that names this place there."""
    if "/" in candidate.host:
        return "accounts", _scalar(url)
    if candidate.host.endswith(".onion"):
        return "onions", _scalar(candidate.host)
    return "domains", f"{{domain: {_scalar(candidate.host)}, from: {candidate.first_mention_at:%Y-%m-%d}}}"


def _ended(store: Store, known: KnownPlaces, platform: PlatformConfig) -> dict[str, datetime]:
    """The platform's domains that are in use as far as its file says, and down, with the moment since when."""
    current = {known.key(item.domain): item.domain for item in platform.domains if item.until is None}
    with store.read() as view:
        looks = places.read_looks(view, current, run=True)
    return {current[place]: down_since(looked) for place, looked in looks.items() if is_down(looked)}


def _fits(config: Config, changes: Sequence[Change]) -> None:
    """Raises ConfigError where the configuration would not be valid with these changes."""
    with tempfile.TemporaryDirectory(prefix="fringewatch-proposal-") as folder:
        copy = Path(folder)
        for name in ("sources", "platforms"):
            if (config.folder / name).is_dir():
                shutil.copytree(config.folder / name, copy / name)
        if (config.folder / "settings.yml").exists():
            shutil.copy(config.folder / "settings.yml", copy)
        write(copy, changes)
        try:
            Config.load(copy)
        except ConfigError as error:
            complaints = [line.replace(str(copy), str(config.folder)) for line in error.complaints]
            raise ConfigError([*complaints, "nothing was written; --no-files decides without files"]) from None


def _file(folder: Path, name: str) -> Path:
    """The file of that name, or where it would be."""
    return next((path for path in sorted(folder.glob("*.y*ml")) if path.stem == name), folder / f"{name}.yml")


def _free(folder: Path, name: str) -> str:
    """The name, or with a number the first that no file has."""
    taken, number, free = {path.stem for path in folder.glob("*.y*ml")}, 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    return free


def _short(place: str, platform: str | None) -> str:
    """What a source is named after: an onion's address tells nobody anything."""
    return f"{platform or place[:12]}-onion" if place.endswith(".onion") else place


def _text(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8") if path.exists() else None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


# --- single lines of YAML ---

Edit = tuple[int, int, str]
"""From where to where in a text, and what stands there instead."""


def _edited(text: str, edits: Iterable[Edit]) -> str:
    for start, end, new in sorted(
        edits, key=lambda edit: edit[:2], reverse=True
    ):  # of two at one place the later first
        text = text[:start] + new + text[end:]
    return text


def _scalar(value: object) -> str:
    """A value as YAML reads it back, on one line, also within brackets."""
    if not isinstance(value, str) or (PLAIN.fullmatch(value) and yaml.safe_load(value) == value):
        return str(value)
    return yaml.safe_dump(value, default_style='"', width=sys.maxsize).strip()


def _fields(text: str) -> dict[str, yaml.Node]:
    """The values of a file's keys, with where they stand."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _end(node: yaml.Node) -> int:
    """Where a node's last letter stands; a block's own mark is past the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _added(text: str, key: str, item: str) -> Edit:
    """One more item at the end of a list, which is begun at the end of the file where there is none."""
    value = _fields(text).get(key)
    if value is not None and not isinstance(value, yaml.SequenceNode):  # `key:` and nothing behind it
        return value.start_mark.index, value.end_mark.index, f" [{item}]"
    if value is None:
        lead = "" if text.endswith("\n") or not text else "\n"
        return len(text), len(text), f"{lead}{key}:\n  - {item}\n"
    if value.flow_style:
        if not value.value:
            return value.start_mark.index, value.end_mark.index, f"[{item}]"
        return _end(value.value[-1]), _end(value.value[-1]), f", {item}"
    at = _line_end(text, _end(value))
    return at, at, f"\n{' ' * value.start_mark.column}- {item}"


def _line_end(text: str, at: int) -> int:
    """Where the line ends: behind a comment that stands there, too."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found


def _with_end(text: str, domain: str, day: str) -> Iterator[Edit]:
    """The day on which a domain was last in use, noted with it."""
    value = _fields(text).get("domains")
    for item in value.value if isinstance(value, yaml.SequenceNode) else ():
        if isinstance(item, yaml.ScalarNode) and item.value == domain:
            yield item.start_mark.index, item.end_mark.index, f"{{domain: {_scalar(domain)}, to: {day}}}"
        if isinstance(item, yaml.MappingNode) and any(
            name.value == "domain" and one.value == domain for name, one in item.value
        ):
            if item.flow_style:
                at = _end(item.value[-1][1])
                yield at, at, f", to: {day}"
            else:
                at = _line_end(text, _end(item))
                yield at, at, f"\n{' ' * item.start_mark.column}to: {day}"


def _replaced(text: str, key: str, new: str) -> Edit:
    value = _fields(text)[key]
    return value.start_mark.index, value.end_mark.index, new
