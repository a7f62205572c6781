"""Documented moves replayed at their real pace, by a simulated clock: each is explained, and an outage alone is no move.

A logic check on a few cases that everybody knows, never a measure of recall. Nothing is fetched: what places showed and
what was said are `histories.yml`, and only those places are known that were known then.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from sqlalchemy import event

from app.stages import Stages
from core.clock import fixed_clock, parse_moment
from core.probes import Due, Facts, Pointer, PointerKind, Probe, ProbeState
from core.records import Alert, AlertKind, CandidateState, Post
from core.settings import Config, PlatformConfig, Settings, SourceConfig
from core.sketch import sketch, text_hash
from core.store import Store
from search.index import PostIndex
from tests.conftest import ROOT
from tests.watch.conftest import NOW, TAGGER, WEIGHTS, World, said
from watch.known import KnownPlaces
from watch.outages import OutageWords
from watch.probing import DAY, WEEK

pytestmark = pytest.mark.long
HISTORIES: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests" / "watch" / "histories.yml").read_text())
MOVES = [one for one in HISTORIES if one["to"]]
TOLD, UNTOLD = ([one for one in MOVES if ("said" in one) is told] for told in (True, False))
CONTROLS = [one for one in HISTORIES if not one["to"]]
ELSEWHERE = ("lantern", "quayside")
USUAL = (
    ("lantern", "{name} is down and it does not look as if it comes back. Everybody is moving to {place}"),
    ("lantern", "for those who look for the people from {name}: they are at https://{place} now"),
    ("quayside", "the new place is {place}, tell the others"),
    ("quayside", "{name} refugees, come to {place}, we are there since this morning"),
    ("lantern", "posting from https://{place}/ as it works again"),
)
"""What users of a board that dies write elsewhere, two in an hour; the same for every history."""
FITS = {
    "rename": {"successor", "mirror"}, "tld-hop": {"successor", "mirror"},
    "community-bunker": {"successor", "bunker", "channel", "mirror"}, "clone": {"successor", "bunker", "mirror"},
}  # fmt: skip
"""Our relations that a history's own word for it may come out as."""
SPEAKING = len(USUAL) * timedelta(minutes=30)
"""How long they take."""
CYCLE, CLOSELY = timedelta(hours=1), timedelta(hours=13)
"""A cycle, and how long cycles are hourly after anything happened; then they are daily, after two weeks weekly."""
NOTICED = timedelta(hours=12)
"""Within this an outage is told: a look every six hours, then three more."""


def moment(given: object) -> datetime:
    """A moment of the file; noon, where it says a day only."""
    if isinstance(given, datetime):
        return given.replace(tzinfo=UTC)
    if isinstance(given, date):
        return datetime(given.year, given.month, given.day, 12, tzinfo=UTC)
    return parse_moment(str(given))


def when(post: Post) -> datetime:
    """The moment of one of our posts."""
    return post.posted_at or post.first_seen_at


@dataclass
class Replay:
    """A history while it is replayed: the program's own stages, over a web that is a table."""

    told: Mapping[str, Any]
    home: Path
    usual: bool = False
    """Whether users elsewhere write what they usually do, of the places that the file says."""
    posts: list[Post] = field(default_factory=list)
    """What is still to be said, by time."""
    seen: list[tuple[datetime, Alert]] = field(default_factory=list)
    """Every alert whenever it was new or had changed."""
    announced: dict[tuple[str, str | None], datetime] = field(default_factory=dict)
    """When a place was first announced as this platform's that could not be reached yet."""

    def __post_init__(self) -> None:
        store = Store.open(self.home)
        event.listen(store.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        store.close()  # later connections do not wait for the disk: thousands of commits, and none has to outlive us
        self.world = World(store, self.known)
        numbers = iter(range(1, 1000))
        said = list(self.told.get("said", ()))
        if self.usual:
            said += [{"at": at, "by": "users", "to": place} for at, place in self.told["usual"].items()]
        self.posts = sorted((post for one in said for post in self._posts(one, numbers)), key=when)

    @cached_property
    def config(self) -> Config:
        """What was known before."""
        told, name = self.told, self.told["platform"]
        given = {"accounts" if "/" in told["from"] else "domains": [told["from"]], "names": told["names"]}
        sources = {"old": SourceConfig(platform=name, url=f"https://{told['from']}")}
        if "account" in told:
            sources["account"] = SourceConfig(platform=name, url=told["account"], kind="account")
        sources |= {one: SourceConfig(platform=one, url=f"https://{one}.example/") for one in ELSEWHERE}
        others = {one: PlatformConfig(names=(one,), domains=[f"{one}.example"]) for one in ELSEWHERE}
        return Config(
            folder=ROOT / "config", settings=Settings(), sources=sources,
            platforms=others | {name: PlatformConfig.model_validate(given)},
        )  # fmt: skip

    @cached_property
    def known(self) -> KnownPlaces:
        return KnownPlaces.load(self.config)

    @cached_property
    def place(self) -> str:
        """The key of the place that it was at before."""
        return self.known.key(self.told["from"])

    @cached_property
    def states(self) -> dict[str, list[tuple[datetime, str]]]:
        """What each place showed from when on, by time."""
        return {
            self.known.key(place): sorted((moment(at), state) for at, state in some.items())
            for place, some in self.told["places"].items()
        }

    def _posts(self, one: Mapping[str, Any], numbers: Iterator[int]) -> Iterator[Post]:
        at, by = moment(one["at"]), one["by"]
        if by != "users":
            given = {"source": "account"} if by == "account" else {"source": "old", "staff": True}
            yield self._post(next(numbers), one["text"], at, self.told["platform"], **given)
            return
        texts = [("lantern", one["text"])] * one.get("times", 0) if "text" in one else USUAL
        for count, (board, text) in enumerate(texts):
            words = text.format(name=self.told["names"][0], place=one.get("to"))
            yield self._post(next(numbers), words, at + count * timedelta(minutes=30), board, author=f"~{count}")

    @staticmethod
    def _post(number: int, text: str, at: datetime, on: str, **given: Any) -> Post:
        hours = (at - NOW) / timedelta(hours=1)
        return said(number, text, on=on, hours=hours, **given).model_copy(update={"first_seen_at": at})

    def run(self) -> None:
        """All of it, to a week after the last thing happened."""
        happened = {at for some in self.states.values() for at, _ in some} | {when(post) for post in self.posts}
        for now in cycles(sorted(happened)):
            self._cycle(now)

    def _cycle(self, now: datetime) -> None:
        due = [post for post in self.posts if when(post) <= now]
        del self.posts[: len(due)]
        self.world.now = now
        self.world.publish(*due)
        stages = Stages(
            store=self.world.store, clock=fixed_clock(now), config=self.config, tagger=TAGGER,
            index=cast(PostIndex, None), known=self.known, weights=WEIGHTS,
            outage_words=OutageWords.load(ROOT / "config"),
        )  # fmt: skip
        stages.run(lambda places: [self._look(one, now) for one in places])
        known = [alert for _, alert in self.seen]
        self.seen += [(now, alert) for alert in self.world.alerts() if alert not in known]
        for place, candidate in self.world.candidates().items():
            if candidate.state == CandidateState.UNREACHABLE:
                self.announced.setdefault((place, candidate.platform), now)

    def state(self, place: str, now: datetime) -> str:
        """What a place shows at a moment; boards elsewhere are always there."""
        told = self.states.get(place, [(now, "up")] if place.endswith(".example") else [])
        return next((state for at, state in reversed(told) if at <= now), "unreachable")

    def _look(self, due: Due, now: datetime) -> Probe:
        state, _, lead = self.state(due.place, now).partition(" to ")
        facts = self._shown(due.place, now, lead) if state in {"up", "moved"} else None
        return Probe(place=due.place, url=due.url, at=now, state=ProbeState(state), facts=facts, pages=(due.url,))

    def _shown(self, place: str, now: datetime, lead: str) -> Facts:
        """What a place shows of itself: people write there; where its sources say so, all is as it was at the old one."""
        if lead:
            return Facts(pointers=(Pointer(kind=PointerKind.REDIRECT, url=f"https://{lead}/"),))
        whose = self.place if self.told.get("intact") and not place.endswith(".example") else place
        fresh = [text_hash(f"something new was written on {place} at {now:%c}, it is number {n}") for n in range(5)]
        return Facts(
            boards=tuple(f"{whose}-{n}" for n in range(5)), passages=sketch(f"{whose} rule {n}" for n in range(40)),
            posts=tuple(one for one in fresh if one is not None), newest_post_at=now - timedelta(minutes=10), threads=12,
        )  # fmt: skip

    def first(self, place: str, *kinds: AlertKind) -> tuple[datetime, Alert] | None:
        """When the first alert of these kinds was raised that is about a place, and how it was then."""
        return next(((at, one) for at, one in self.seen if one.kind in kinds and is_about(one, place)), None)


def is_about(alert: Alert, place: str) -> bool:
    """Whether an alert names a place: as its own, or as where another one leads."""
    leads = alert.kind == AlertKind.SOURCE_MOVED and any(f" {place} " in line.detail for line in alert.evidence)
    return alert.host == place or leads


def cycles(happened: Sequence[datetime]) -> list[datetime]:
    """Moments of cycles: the closer, the less ago something happened; to a week after the last."""
    found, now = [], happened[0]
    while now <= happened[-1] + WEEK:
        found.append(now)
        ago = min(now - at for at in happened if at <= now)
        soon = next((at - now for at in happened if at > now), WEEK)
        pace = CYCLE if ago <= CLOSELY else DAY if ago <= 2 * WEEK else WEEK
        now += min(pace, max(CYCLE, soon))
    return found


@pytest.fixture(scope="module")
def replay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Replay]]:
    """Each history replayed once, as it is documented or with what users usually write."""
    done: dict[tuple[str, bool], Replay] = {}

    def replayed(told: Mapping[str, Any], *, usual: bool = False) -> Replay:
        key = (told["case"], usual)
        if key not in done:
            done[key] = Replay(told, tmp_path_factory.mktemp("history"), usual=usual)
            done[key].run()
        return done[key]

    yield replayed
    for one in done.values():
        one.world.store.close()


NEW = (AlertKind.NEW_PLATFORM, AlertKind.MIRROR)


def explain(done: Replay, place: str, since: datetime) -> None:
    """The place is alerted within one cycle of the moment when there was something to see, as what it is to whom.

    One that cannot be reached then is announced, not yet reachable, and alerted by the first daily look that reaches it.
    """
    key, platform = done.known.key(place), done.told["platform"]
    if done.state(key, since) != "up" and done.state(key, since + CYCLE) != "up":
        assert (key, platform) in done.announced
        assert done.announced[key, platform] <= since + CYCLE
        since = done.states[key][-1][0] + DAY
    told = done.first(key, *NEW, AlertKind.SOURCE_MOVED)
    assert told is not None, done.world.candidates()
    at, alert = told
    assert at <= since + CYCLE
    assert alert.platform == platform
    assert alert.relation in FITS[done.told["relation"]]


def said_at(told: Mapping[str, Any], place: str) -> datetime:
    """When it is first said, or shown by the old place, where it went; of users, when the last has spoken."""
    for one in told.get("said", ()):
        if one.get("to") == place:
            return moment(one["at"]) + SPEAKING
        if place in one.get("text", "").replace(",", " ").split():
            return moment(one["at"])
    return min(moment(at) for at, state in told["places"][told["from"]].items() if state.endswith(f" to {place}"))


def each(*some: Mapping[str, Any], places: bool = False) -> pytest.MarkDecorator:
    """Histories as parameters, or their new places; what is known not to be explained has to fail, with why."""
    given = []
    for told in some:
        for place in told["to"] if places else [None]:
            why = told.get("unexplained", {}).get(place)
            marks = [pytest.mark.xfail(reason=why, strict=True)] if why else []
            name = f"{told['case']}: {place}" if place else told["case"]
            given.append(pytest.param(*([told, place] if places else [told]), marks=marks, id=name))
    return pytest.mark.parametrize(("told", "place") if places else "told", given)


@each(*(one for one in TOLD if not one.get("nowhere")), places=True)
def test_a_move_whose_announcement_is_documented_is_explained(
    told: dict[str, Any], place: str, replay: Callable[..., Replay]
) -> None:
    explain(replay(told), place, said_at(told, place))


@each(*(one for one in TOLD if one.get("nowhere")), places=True)
def test_one_that_no_browser_reaches_is_announced_and_not_yet_reachable(
    told: dict[str, Any], place: str, replay: Callable[..., Replay]
) -> None:
    done = replay(told)
    assert done.announced[place, told["platform"]] <= said_at(told, place) + CYCLE
    assert done.world.candidates()[place].state == CandidateState.UNREACHABLE


@each(*UNTOLD)
def test_where_no_announcement_is_known_what_is_known_gives_an_outage_and_no_guess(
    told: dict[str, Any], replay: Callable[..., Replay]
) -> None:
    done = replay(told)
    assert {(alert.kind, alert.host) for _, alert in done.seen} == {(AlertKind.SOURCE_DOWN, done.place)}
    assert done.world.candidates() == {}


@each(*UNTOLD, places=True)
def test_with_what_users_usually_write_it_is_explained(
    told: dict[str, Any], place: str, replay: Callable[..., Replay]
) -> None:
    (at,) = (at for at, where in told["usual"].items() if where == place)
    explain(replay(told, usual=True), place, moment(at) + SPEAKING)


@each(*HISTORIES)
def test_an_outage_is_told_within_half_a_day_and_a_redirect_is_none(
    told: dict[str, Any], replay: Callable[..., Replay]
) -> None:
    done = replay(told)
    outage = done.first(done.place, AlertKind.SOURCE_DOWN)
    fell = [at for at, state in done.states[done.place] if state in {"unreachable", "failing"}]
    assert bool(outage) == bool(fell)
    if outage is not None:
        at, alert = outage
        assert at <= fell[0] + NOTICED
        assert fell[0] <= alert.first_mention_at <= fell[0] + timedelta(hours=6)
        assert alert.platform == told["platform"]


@each(*CONTROLS)
def test_an_outage_without_a_move_is_an_outage_that_ends(told: dict[str, Any], replay: Callable[..., Replay]) -> None:
    (alert,) = replay(told).world.alerts()
    assert alert.kind == AlertKind.SOURCE_DOWN
    assert alert.probability < 0.5
    (back,) = alert.history
    assert (back.note or "").startswith("answers again since")


SHIPPED = KnownPlaces.load(Config.load(ROOT / "config"))


@each(*HISTORIES)
def test_the_shipped_platforms_know_every_place_of_the_histories(told: dict[str, Any]) -> None:
    assert SHIPPED.places.get(SHIPPED.key(told["from"])) == told["platform"]
    for place in told["to"]:
        assert {place, place.partition("/")[0]} & SHIPPED.places.keys() or told.get("nowhere")
    listed = {source for platform in SHIPPED.platforms.values() for source in platform.sources}
    assert set(told["sources"]) <= listed
