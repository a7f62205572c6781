"""Known places that are down or lead elsewhere: told once an outage, with every path that says so, and what does not."""

from datetime import datetime, timedelta

import pytest

from core.clock import fixed_clock
from core.probes import Facts, Looked, Pointer, PointerKind, Probe, ProbeState
from core.records import Alert, AlertKind, AlertStatus, HistoryEntry, Relation
from core.store import watchlist
from core.store.tables import crawls
from tests.conftest import ROOT, Program, Site
from tests.watch.conftest import KNOWN, NOW, World, said
from watch.outages import OutageWords, outage_of, tell_outages
from watch.stage import take_probes

WORDS = OutageWords.load(ROOT / "config")
HARBOR, LANTERN, QUAYSIDE = "harbor.example", "lantern.example", "quayside.example"
ONION = "quay" * 14 + ".onion"
UP, AWAY, FAILING, BLOCKED, CHALLENGED, PARKED, SEIZED, MOVED = (
    ProbeState.UP, ProbeState.UNREACHABLE, ProbeState.FAILING, ProbeState.BLOCKED, ProbeState.CHALLENGED,
    ProbeState.PARKED, ProbeState.SEIZED, ProbeState.MOVED,
)  # fmt: skip
STAND_FOR = {AWAY: "no such name", FAILING: "HTTP 500", BLOCKED: "HTTP 403", MOVED: "it sends its visitors away"}


def hour(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


def look(
    hours: float, state: ProbeState = UP, place: str = QUAYSIDE, *, to: str | None = None, **given: object
) -> Probe:
    """A look at a place so many hours from now; `to` is where a place that has moved leads."""
    pointers = (Pointer(kind=PointerKind.REDIRECT, url=to),) if to else ()
    facts = Facts(pointers=pointers) if state in {UP, MOVED} else None
    made = {"place": place, "url": f"https://{place}/", "at": hour(hours), "state": state, "facts": facts,
            "why": STAND_FOR.get(state), "pages": (f"https://{place}/robots.txt", f"https://{place}/")}  # fmt: skip
    return Probe.model_validate(made | given)


def told(world: World, *looks: Probe) -> list[Alert]:
    """The looks one after the other, each with the telling that follows it; the alerts then."""
    for one in sorted(looks, key=lambda probe: probe.at):
        take_probes(world.store, KNOWN, [one])
        tell_outages(world.store, KNOWN, WORDS, [one.place], fixed_clock(one.at))
    return world.alerts()


def reasons(alert: Alert) -> dict[str, str]:
    return {line.signal: line.detail for line in alert.evidence}


DOWN = [look(0), look(1, AWAY), look(2, AWAY), look(4, AWAY)]
LINE = look(3, UP, LANTERN)


def test_an_outage_is_told_with_since_when_and_why(world: World) -> None:
    (alert,) = told(world, LINE, *DOWN)
    assert (alert.kind, alert.host, alert.platform) == (AlertKind.SOURCE_DOWN, QUAYSIDE, "quayside")
    assert (alert.first_mention_at, alert.created_at) == (hour(1), hour(4))
    assert "nothing answers, in 3 looks since 2026-11-24 13:00" in reasons(alert)["down"]
    assert "no such name" in reasons(alert)["down"]
    assert alert.status == AlertStatus.NEW


@pytest.mark.parametrize(
    "looks",
    [
        [look(0), look(1, AWAY), look(2)],
        [look(0), look(1, AWAY), look(2, AWAY), look(3)],
        [look(0), look(1, SEIZED), look(2)],
        [look(0), *(look(h, BLOCKED) for h in (1, 2, 4, 8))],
        [look(0), *(look(h, CHALLENGED) for h in (1, 2, 4, 8))],
        [look(0), *(look(h, ProbeState.FORBIDDEN) for h in (1, 2, 4, 8))],
    ],
    ids=["one look", "under three hours", "one look at a banner", "closed to us", "a challenge", "robots.txt"],
)
def test_short_outages_and_closed_doors_are_none(world: World, looks: list[Probe]) -> None:
    assert told(world, LINE, *looks) == []


@pytest.mark.parametrize(("state", "signal"), [(PARKED, "parked"), (SEIZED, "seized")])
def test_what_no_short_outage_shows_is_told_after_the_second_look(world: World, state: ProbeState, signal: str) -> None:
    (alert,) = told(world, look(0), look(1, AWAY), look(2, state))
    assert signal in reasons(alert)
    assert alert.created_at == hour(2)
    assert alert.same_operator == 0


def test_a_place_that_never_answered_is_told_only_where_it_should(world: World) -> None:
    never = [look(h, AWAY, place) for h in (1, 2, 4) for place in (ONION, HARBOR, QUAYSIDE)]
    (alert,) = told(world, LINE, *never)  # an address that nobody crawls, a platform known to be down, and a source
    assert alert.host == QUAYSIDE
    assert "it has never answered us" in reasons(alert)["down"]


def test_one_path_alone_says_so_and_is_less_likely_than_two(world: World) -> None:
    (alone,) = told(world, LINE, *DOWN)
    assert "nothing but our own looks says so" in reasons(alone)["down"]
    world.publish(said(1, "is quayside dead? nothing loads here", hours=2))
    (both,) = told(world, look(8, AWAY))
    assert "nothing but" not in reasons(both)["down"]
    assert alone.probability < both.probability
    assert (both.mentions, both.first_mention_at) == (1, hour(1))


def test_where_nothing_answers_us_the_fault_may_be_ours(world: World) -> None:
    others = [look(h, AWAY, place) for h in (1, 2, 4) for place in (LANTERN, HARBOR)]
    assert told(world, *DOWN, *others) == []


def test_where_nothing_comes_in_time_it_may_be_slow(world: World) -> None:
    (alert,) = told(
        world, LINE, *(one.model_copy(update={"why": "User timeout: took longer than 30 s"}) for one in DOWN[1:])
    )
    assert "overloaded, or down" in reasons(alert)["slow"]


def test_closed_to_us_and_gone_for_everybody_is_an_outage(world: World) -> None:
    world.publish(*(said(n, f"quayside got taken down, day {n}", author=f"~{n}", hours=n) for n in (1, 2, 3)))
    (alert,) = told(world, LINE, look(0), *(look(h, BLOCKED) for h in (1, 2, 4)))
    assert "may be up for others" in reasons(alert)["closed"]
    assert "3 voices on lantern: it is down (down, taken down)" in reasons(alert)["users"]


def test_what_users_and_its_own_account_say_is_evidence(world: World) -> None:
    users = [said(1, "quayside is offline again?", author="~a"), said(2, "Quayside: seized, they say", author="~b"),
             said(3, "the kettle is dead"), said(4, "quayside had a nice pier"), said(5, "quayside is dead", hours=-30)]  # fmt: skip
    world.publish(*users)
    (alert,) = told(world, LINE, *DOWN)
    lines = {line.signal: line for line in alert.evidence}
    assert lines["users"].posts == (users[0].id, users[1].id)
    assert "2 voices on lantern" in lines["users"].detail
    assert lines["named"].posts == (users[3].id,)
    assert alert.mentions == 3


def test_a_platforms_own_account_says_it_of_itself(world: World) -> None:
    world.publish(said(1, "We are down, working on it", on="harbor", source="desk", hours=2))
    (alert,) = told(world, LINE, look(0, UP, HARBOR), *(look(h, AWAY, HARBOR) for h in (1, 2, 4)))
    assert reasons(alert)["account"] == "its own account says so (1 post)"


def test_its_other_places_and_its_crawl_are_paths_of_their_own(world: World) -> None:
    (alone,) = told(world, LINE, *DOWN)
    with world.store.write() as tx:
        failed = {
            "source": "quayside",
            "started_at": hour(5),
            "ended_at": hour(5),
            "errors": [{"url": "x", "why": "no such name"}],
        }
        tx.execute(crawls.insert().values(pages=1, **failed))
    (more,) = told(world, look(7, AWAY, ONION), look(8, AWAY))
    assert "its other places do not answer either" in reasons(more)["mirrors"]
    assert "failed, too (no such name)" in reasons(more)["crawl"]
    assert more.probability > alone.probability
    (other,) = told(world, look(9, UP, ONION), look(10, AWAY))
    assert "its other place answers" in reasons(other)["mirrors"]


def test_a_place_that_is_crawled_all_the_same_is_not_down(world: World) -> None:
    with world.store.write() as tx:
        tx.execute(crawls.insert().values(source="quayside", started_at=hour(3), ended_at=hour(3), errors=[], pages=9))
    assert told(world, LINE, *DOWN) == []


def triage(world: World, alert: Alert, status: AlertStatus) -> None:
    with world.store.write() as tx:
        watchlist.add_history(tx, alert.id, HistoryEntry(at=hour(5), who="ana", status=status))


def test_one_that_comes_back_says_so_once_and_keeps_a_persons_status(world: World) -> None:
    (alert,) = told(world, LINE, *DOWN)
    triage(world, alert, AlertStatus.ACKNOWLEDGED)
    (back,) = told(world, look(8), look(14))
    assert back.status == AlertStatus.ACKNOWLEDGED
    assert [entry.who for entry in back.history] == ["ana", "fringewatch"]
    assert back.history[-1].note == "answers again since 2026-11-24 20:00, after 7 hours"
    assert back.probability < 0.05
    assert back.id == alert.id


def test_one_outage_is_told_once_however_often_it_is_looked_at(world: World) -> None:
    told(world, LINE, *DOWN)
    (alert,) = told(world, *(look(h, AWAY) for h in (8, 16, 32, 56)))
    assert alert.created_at == hour(4)
    assert alert.history == ()


def test_down_again_within_a_day_is_the_same_outage(world: World) -> None:
    (alert,) = told(world, LINE, *DOWN, look(8), look(14, AWAY), look(15, AWAY), look(18, AWAY))
    assert alert.first_mention_at == hour(1)
    assert [entry.note for entry in alert.history] == [
        "answers again since 2026-11-24 20:00, after 7 hours", "down again, less than a day after it was back",
    ]  # fmt: skip
    assert "with 1 answer in between" in reasons(alert)["down"]


def test_a_new_outage_after_a_day_is_news_whatever_was_decided_of_the_last(world: World) -> None:
    (alert,) = told(world, LINE, *DOWN)
    triage(world, alert, AlertStatus.DISMISSED)
    (again,) = told(world, look(8), look(33), look(40, UP, LANTERN), look(39, AWAY), look(40, AWAY), look(42, AWAY))
    assert (again.id, again.status, again.first_mention_at) == (alert.id, AlertStatus.NEW, hour(39))
    assert "down again since 2026-11-26 03:00" in (again.history[-1].note or "")
    assert "answers" not in reasons(again)


def test_a_dismissed_outage_speaks_up_when_a_banner_of_authorities_stands_there(world: World) -> None:
    (alert,) = told(world, LINE, *DOWN)
    triage(world, alert, AlertStatus.DISMISSED)
    (still,) = told(world, look(8, AWAY))
    assert still.status == AlertStatus.DISMISSED
    (worse,) = told(world, look(16, SEIZED))
    assert (worse.status, worse.history[-1].note) == (AlertStatus.NEW, "is seized now")


def test_outages_are_read_from_the_looks_alone() -> None:
    def since(*looks: tuple[float, ProbeState]) -> tuple[float, float | None] | None:
        found = outage_of([Looked(hour(at), state) for at, state in looks])
        if found is None:
            return None
        back = None if found.back is None else (found.back - NOW) / timedelta(hours=1)
        return (found.since - NOW) / timedelta(hours=1), back

    first = ((1, AWAY), (2, AWAY), (5, FAILING))
    assert since() is None
    assert since(*first) == (1, None)
    assert since(*first, (6, UP)) == (1, 6)
    assert since(*first, (6, MOVED)) == (1, 6)
    assert since(*first, (6, UP), (29, AWAY), (30, AWAY), (33, AWAY)) == (1, None)
    assert since(*first, (6, UP), (31, AWAY), (32, AWAY), (35, AWAY)) == (31, None)
    assert since(*first, (6, UP), (31, AWAY), (32, UP)) == (1, 6)


# --- moves ---


def test_a_place_that_leads_elsewhere_is_told_once_a_target(world: World) -> None:
    (alert,) = told(world, look(0), look(1, MOVED, to="https://quayside.test/b/"))
    assert (alert.kind, alert.host, alert.relation) == (AlertKind.SOURCE_MOVED, QUAYSIDE, Relation.SUCCESSOR)
    (line,) = [line for line in alert.evidence if line.signal == "leads"]
    assert "quayside.test since 2026-11-24 13:00" in line.detail
    assert line.urls[0] == "https://quayside.test/b/"
    (surer,) = told(world, look(2, MOVED, to="https://quayside.test/"), look(4, MOVED, to="https://quayside.test/"))
    assert surer.id == alert.id
    assert surer.probability > alert.probability
    assert surer.first_mention_at == hour(1)
    assert {one.id for one in told(world, look(8, MOVED, to="https://elsewhere.test/"))} > {alert.id}


def test_a_redirect_to_its_own_other_place_is_no_news_and_to_everybodys_is_unlikely(world: World) -> None:
    assert told(world, look(0), look(1, MOVED, to="https://www.quayside.example/")) == []
    assert told(world, look(2, MOVED, to=f"http://{ONION}/")) == []
    (alert,) = told(world, look(3, MOVED, to="https://www.youtube.com/watch?v=1"))
    assert alert.relation == Relation.UNRELATED
    assert alert.probability < 0.5


def listing(hours: float, *urls: str, signed: str | None = None) -> Probe:
    some = tuple(Pointer(kind=PointerKind.MIRRORS, url=url, signed_by=signed) for url in urls)
    return look(hours, facts=Facts(pointers=some))


def test_a_new_entry_of_its_list_of_mirrors_is_told(world: World) -> None:
    assert told(world, listing(0, "https://old-mirror.test/")) == []
    (alert,) = told(world, listing(6, "https://old-mirror.test/", "https://new-mirror.test/"))
    assert (alert.kind, alert.relation, alert.host) == (AlertKind.SOURCE_MOVED, Relation.MIRROR, QUAYSIDE)
    assert "its own list of mirrors names new-mirror.test" in alert.evidence[0].detail
    assert told(world, listing(12, "https://new-mirror.test/"), listing(18, "https://old-mirror.test/"))[0] == alert


def test_a_signed_list_is_worth_more(world: World) -> None:
    told(world, listing(0))
    plain, signed = sorted(
        told(world, listing(6, "https://a.test/"), listing(12, "https://b.test/", signed="F" * 40)),
        key=lambda alert: alert.probability,
    )
    assert plain.probability < signed.probability
    assert "signed with its key" in signed.evidence[0].detail


def test_every_place_just_looked_at_is_told_at_its_next_look_where_a_crash_came_between(world: World) -> None:
    take_probes(world.store, KNOWN, [LINE, *DOWN])
    (alert,) = told(world, look(8, AWAY))
    assert alert.first_mention_at == hour(1)
    assert tell_outages(world.store, KNOWN, WORDS, ["nobodys.example"], fixed_clock(hour(9))) == 0


def test_the_words_have_no_word_twice_and_fit_into_posts() -> None:
    words = [word for some in WORDS.words.values() for word in some]
    assert WORDS.said_in("Лежит или нет? Quayside non funziona, it's DOWN!") == ["down", "non funziona", "лежит"]
    assert WORDS.said_in("downtown offliner") == []
    assert len(words) == len(set(words))


@pytest.mark.long
def test_a_crawl_tells_an_outage_and_its_end(program: Program, site: Site) -> None:
    for name in ("quayside", "lantern"):
        site.pages[f"http://{name}.example/"] = (
            f"<html><body><h1>{name}</h1><p>Tea is at five, bring a cup.</p></body></html>"
        )
        program.source(name, platform=name, engine="generic", url=f"http://{name}.example/")
        program.write(f"platforms/{name}.yml", {"names": [name], "domains": [f"{name}.example"]})
    program.write("settings.yml", {"probe_delay": 0, "favicons": False})

    def crawl(hour: int, status: int = 0) -> int:
        now = f"2026-11-24T{hour:02}:00:00Z"
        return int(program.json("crawl", "--proxy", site.url, "--now", now, status=status)["alerts_new"])

    assert crawl(0) == 0
    gone = (502, {"Content-Type": "text/html"}, "<h1>502 Bad Gateway</h1>")
    there = {url: site.pages[url] for url in site.pages if "quayside" in url}
    site.pages |= dict.fromkeys(["http://quayside.example/", "http://quayside.example/robots.txt"], gone)
    assert [crawl(hour, status=1) for hour in (2, 3, 6)] == [0, 0, 1]
    (alert,) = program.json("alerts")
    assert (alert["kind"], alert["host"], alert["first_mention_at"]) == (
        "source-down", "quayside.example", "2026-11-24T02:00:00Z",
    )  # fmt: skip
    assert {line["signal"] for line in alert["evidence"]} == {"down", "line", "crawl"}
    site.pages |= there | {"http://quayside.example/robots.txt": (404, {}, "")}
    assert crawl(12) == 0
    (back,) = program.json("alerts")
    assert back["history"][-1]["note"] == "answers again since 2026-11-24 12:00, after 10 hours"
