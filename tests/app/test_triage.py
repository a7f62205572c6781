"""From a candidate to a source and a known place, and back; what is shown of a candidate; evidence that can be read."""

import os
import pty
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import select

from app import show
from app.demo_world import NEW_HOME, World, serving
from app.triage import Change, Dossier, dossier, look_now, propose, take_back, write
from core.clock import fixed_clock
from core.probes import Facts, Probe, ProbeState
from core.records import Candidate, CandidateState, Evidence, EvidenceRef, Relation, post_id
from core.settings import Config
from core.store import Store, places, watchlist
from core.store.commits import read_post
from core.store.tables import evidence as evidence_table
from core.store.tables import posts
from core.yamlfile import ConfigError
from tests.conftest import Program, clean_environment, program_in
from tests.core.conftest import Crawling, post

START = datetime(2026, 11, 4, tzinfo=UTC)
NOW = START + timedelta(hours=40)
NAMES = {"harborchan": "Harbor Chan", "lantern": "Lantern Board", "quayside": "Quayside Board"}
HARBOR = """# The board of the harbour. Written by hand.
names: [Harbor Chan, harborchan]   # as its users call it
domains:
  - harborchan.example  # since ever
# What runs on it.
engine: vichan
status: down
"""


def configured(program: Program) -> Program:
    for name, spelled in NAMES.items():
        program.source(name, platform=name, url=f"http://{name}.example/", language="en", schedule="every 1h")
        program.write(f"platforms/{name}.yml", {"names": [spelled], "domains": [f"{name}.example"]})
    program.write("platforms/harborchan.yml", HARBOR)
    program.write("settings.yml", {"probe_delay": 0})
    return program


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The demo's world after the harbour's end, one of whose posts is kept: its new home was looked at and is alerted."""
    folder = tmp_path_factory.mktemp("watched")
    program = configured(program_in(folder))
    with opened(program) as store:
        old = post(1, "The first of all", board="harbor", thread=1)
        known = {"id": post_id("harborchan", "harbor", 1), "platform": "harborchan"}
        Crawling(store, START).crawl_thread(old.model_copy(update=known))
    world = World(START)
    world.now = NOW
    with serving(world) as proxy:
        done = program.run("crawl", "lantern", "quayside", "--proxy", proxy, "--now", NOW.isoformat())
    assert done.returncode == 0, done.stderr
    return program


@pytest.fixture
def mine(watched: Program, tmp_path: Path) -> Program:
    """A copy of it."""
    shutil.copytree(watched.home, tmp_path / "home")
    shutil.copytree(watched.config, tmp_path / "config")
    return Program(tmp_path / "home", tmp_path / "config")


@contextmanager
def opened(program: Program) -> Iterator[Store]:
    store = Store.open(program.home)
    try:
        yield store
    finally:
        store.close()


def test_every_reason_names_posts_or_pages_whose_bytes_are_kept(watched: Program) -> None:
    with opened(watched) as store, store.read() as view:
        (alert,) = watchlist.read_alerts(view)
        kept = {row.url: row for row in view.execute(select(evidence_table))}
        by_id = {row.id: read_post(row) for row in view.execute(select(posts))}
    assert len(alert.evidence) > 8
    pages: set[str] = set()
    for line in alert.evidence:
        assert line.posts or line.urls, line
        for name in line.posts:
            ref = by_id[name].evidence
            assert ref is not None
            assert len(ref.sha256) == 64
            assert (watched.home / "evidence" / ref.file).is_file()
        if not line.posts:
            pages.update(line.urls)
    assert pages == {f"http://{NEW_HOME}/"}  # likeness and behaviour rest on looks
    assert all((watched.home / "evidence" / kept[page].file).is_file() for page in pages)


def test_a_candidate_is_shown_with_history_looks_reasons_and_snapshots(watched: Program) -> None:
    with opened(watched) as store:
        found = dossier(store, NEW_HOME)
    out = Console(record=True, width=200)
    show.dossier(out, found)
    text = out.export_text()
    front = next(row for row in found.snapshots if row.url == f"http://{NEW_HOME}/")
    assert f"hxxp://newharbor[.]example/  {front.file} at {front.offset}  sha256 {front.sha256}" in text
    assert "alerted by fringewatch" in text
    assert "2026-11-05 16:00  up" in text
    assert "engine vichan" in text
    assert f"{found.candidate.evidence[0].weight:+5.2f}  {found.candidate.evidence[0].detail}" in text
    assert NEW_HOME not in text
    told = found.as_json()
    assert told.items() >= found.candidate.model_dump(mode="json").items()
    assert [row["state"] for row in told["history"]] == ["seen", "alerted"]
    assert {row["url"] for row in told["snapshots"]} >= {f"http://{NEW_HOME}/"}


def test_what_hostile_pages_say_of_themselves_is_only_printed(watched: Program) -> None:
    with opened(watched) as store:
        found = dossier(store, NEW_HOME)
    facts = Facts(title="\x1b[31m[bold]https://evil.example/", boards=("[link=x]\u202eb",))
    probe = Probe(place=NEW_HOME, url="https://x.example/", at=NOW, state=ProbeState.UP, facts=facts, why="\x1b[2J")
    out = Console(record=True, width=200, force_terminal=False)
    show.facts(out, probe)
    text = out.export_text()
    assert not set("\x1b\u202e") & set(text)
    assert "[bold]hxxps://evil[.]example/" in text
    assert "[link=x]" in text
    assert found.seen is not None


def test_a_confirmed_place_becomes_a_source_that_is_crawled_and_a_known_place(mine: Program) -> None:
    world = World(START)
    world.now = NOW
    with serving(world) as proxy:
        done = mine.json("candidate", NEW_HOME, "confirm", "--yes", "--proxy", proxy, "--now", NOW.isoformat())
    assert done["state"] == "confirmed"
    assert [file["path"] for file in done["files"]] == ["sources/newharbor-example.yml", "platforms/harborchan.yml"]
    assert all((mine.config / file["path"]).read_text() == file["after"] for file in done["files"])
    crawled = done["crawl"]["newharbor-example"]
    assert (crawled["errors"], crawled["posts_changed"]) == ([], 0)  # nobody's posts were taken for the old board's
    assert crawled["posts_new"] > 10
    config = Config.load(mine.config)
    source = config.sources["newharbor-example"]
    assert (source.url, source.engine, source.kind, source.language) == (f"http://{NEW_HOME}/", "vichan", "site", "en")
    assert source.schedule == "every 1h"  # as of the board that it follows
    assert (mine.config / "platforms/harborchan.yml").read_text() == HARBOR.replace(
        "# since ever\n", "# since ever\n  - {domain: newharbor.example, from: 2026-11-05}\n"
    ).replace("status: down", "status: up")
    again = mine.json("candidate", NEW_HOME, "confirm", "--yes")
    assert (again["files"], again["why_not"]) == ([], "it is known already, as harborchan's")
    back = mine.json("candidate", NEW_HOME, "dismiss", "--reason", "clone", "--note", "copied overnight")
    assert back["state"] == "dismissed"
    assert [line.partition(":")[0] for line in back["taken_back"]] == ["removed", "as before"]
    assert (mine.config / "platforms/harborchan.yml").read_text() == HARBOR
    assert not (mine.config / "sources/newharbor-example.yml").exists()


def test_without_a_word_nothing_is_written_and_the_decision_stands(mine: Program) -> None:
    before = {path: path.read_text() for path in mine.config.rglob("*.yml")}
    done = mine.run("candidate", NEW_HOME, "confirm", "--same-operator", "no")
    assert done.returncode == 0, done.stderr
    assert "newharbor[.]example: confirmed" in done.stdout
    assert "+  - {domain: newharbor.example, from: 2026-11-05}" in done.stdout
    assert "not written: --yes writes them" in done.stdout
    assert {path: path.read_text() for path in mine.config.rglob("*.yml")} == before
    with opened(mine) as store:
        assert dossier(store, NEW_HOME).states[-1].operator is False


def test_on_a_terminal_files_are_written_when_they_are_agreed_to(mine: Program) -> None:
    ours, theirs = pty.openpty()
    command = mine.command("candidate", NEW_HOME, "confirm", "--no-crawl")
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=clean_environment()) as process:
        os.close(theirs)
        shown = b""
        with suppress(OSError):  # that is how a terminal ends
            while got := os.read(ours, 4096):
                shown += got
                if b"Write these files? [y/N]" in shown and shown.endswith(b": "):
                    os.write(ours, b"y\n")
        os.close(ours)
    assert process.returncode == 0, shown
    assert shown.index(b"{domain: newharbor.example, from: 2026-11-05}") < shown.index(b"Write these files?")
    assert b"written" in shown
    assert "newharbor-example" in Config.load(mine.config).sources
    (alert,) = mine.json("alerts", "--status", "confirmed")
    done = mine.json("alert", alert["id"][:6], "dismiss", "--reason", "lie")
    assert [entry["note"] for entry in done["history"]] == [None, "lie"]
    assert len(done["taken_back"]) == 2
    assert "newharbor-example" not in Config.load(mine.config).sources


def test_a_look_on_demand_is_kept_and_judged(mine: Program) -> None:
    world = World(START)
    world.now = later = NOW + timedelta(hours=1)
    with serving(world) as proxy, opened(mine) as store:
        config = Config.load(mine.config)
        probe, alerts_new = look_now(
            dossier(store, NEW_HOME), config=config, store=store, home=mine.home, clock=fixed_clock(later), proxy=proxy
        )
        after = dossier(store, NEW_HOME)
    assert (probe.state, probe.at, alerts_new) == (ProbeState.UP, later, 0)
    assert after.last == probe
    assert "growing" in {line.signal for line in after.candidate.evidence}
    out = Console(record=True, width=200)
    show.probed(out, probe, after.candidate, after, alerts_new)
    assert "before: alerted, successor" in out.export_text()


# --- proposals, without a crawl ---


def case(host: str, relation: Relation, platform: str | None = None, *, engine: str | None = "vichan",
         state: ProbeState | None = ProbeState.UP, address: str | None = None) -> Dossier:  # fmt: skip
    """A candidate as it was seen on the look."""
    candidate = Candidate(
        host=host, state=CandidateState.ALERTED, relation=relation, platform=platform, probability=0.9,
        same_operator=0.5, first_mention_at=NOW - timedelta(days=2), mentions=3,
        evidence=(Evidence(signal="call", weight=1.5, detail="a call"),),
    )  # fmt: skip
    probe = None
    if state is not None:
        url = address or f"https://{host}/"
        ref = EvidenceRef(file="x.warc.gz", offset=0, sha256="0" * 64)
        probe = Probe(place=host, url=url, at=NOW, state=state, answered=(url,), evidence=(ref,),
                      facts=Facts(engine=engine) if state == ProbeState.UP else None)  # fmt: skip
    return Dossier(candidate, (), (), probe, probe, ())


@pytest.fixture
def store(program: Program) -> Iterator[Store]:
    configured(program)
    with opened(program) as store:
        yield store


def proposed(program: Program, store: Store, found: Dossier, platform: str | None = None) -> dict[str, str]:
    """The files, as they would be."""
    proposal = propose(Config.load(program.config), store, found, platform, NOW)
    return {change.path: str(change.after) for change in proposal.changes}


def test_a_bunker_is_a_platform_of_its_own(program: Program, store: Store) -> None:
    files = proposed(program, store, case("bunker.example", Relation.BUNKER, "lantern"))
    assert files == {
        "sources/bunker-example.yml": "# Confirmed as bunker: bunker.example, first mentioned on 2026-11-03.\n"
        "platform: bunker-example\nurl: https://bunker.example/\nengine: vichan\nkind: site\n"
        "schedule: every 15m\ndelay: 1s\n",
        "platforms/bunker-example.yml": "# Confirmed on 2026-11-05; first mentioned on 2026-11-03.\n"
        "names: [bunker.example]\ndomains:\n  - {domain: bunker.example, from: 2026-11-03}\n"
        "engine: vichan\nstatus: up\n",
    }


def test_an_onion_joins_the_platforms_onions_and_a_channel_its_accounts(program: Program, store: Store) -> None:
    onion = "h" * 56 + ".onion"
    files = proposed(program, store, case(onion, Relation.MIRROR, "lantern", address=f"http://{onion}/"))
    assert files["platforms/lantern.yml"].endswith(f"onions:\n  - {onion}\n")
    assert f"platform: lantern\nurl: http://{onion}/" in files["sources/lantern-onion.yml"]
    files = proposed(program, store, case("t.me/harborchan", Relation.CHANNEL, "harborchan", engine=None,
                                          address="https://t.me/s/harborchan"))  # fmt: skip
    assert "engine: telegram\nkind: channel\n" in files["sources/t-me-harborchan.yml"]
    assert files["platforms/harborchan.yml"] == HARBOR + "accounts:\n  - https://t.me/s/harborchan\n"


def test_an_account_that_nothing_reads_is_known_but_no_source(program: Program, store: Store) -> None:
    found = case("discord.gg/abcdef", Relation.CHANNEL, "lantern", engine=None, state=None)
    proposal = propose(Config.load(program.config), store, found, None, NOW)
    assert [change.path for change in proposal.changes] == ["platforms/lantern.yml"]
    assert proposal.source is None
    assert "no software is known that reads it" in (proposal.why_not or "")


def test_an_impersonation_is_nobodys_place(program: Program, store: Store) -> None:
    assert proposed(program, store, case("harborchan-login.example", Relation.IMPERSONATION, "harborchan")) == {}


def test_names_that_are_taken_get_a_number(program: Program, store: Store) -> None:
    for folder in ("sources", "platforms"):
        program.write(f"{folder}/bunker-example.yml", (program.config / folder / "lantern.yml").read_text())
    files = proposed(program, store, case("bunker.example", Relation.UNRELATED))
    assert list(files) == ["sources/bunker-example-2.yml", "platforms/bunker-example-2.yml"]


def test_a_platform_said_goes_before_the_verdicts(program: Program, store: Store) -> None:
    files = proposed(program, store, case("bunker.example", Relation.BUNKER, "lantern"), platform="quayside")
    assert "platforms/quayside.yml" in files
    with pytest.raises(
        ConfigError, match=r"--platform \.\./x: no such platform; a new one's name is of lower-case letters"
    ):
        proposed(program, store, case("bunker.example", Relation.BUNKER), platform="../x")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("domains: [harborchan.example]\n", "domains: [{domain: harborchan.example, to: 2026-11-04}, {ITEM}]\n"),
        ("domains:\n- harborchan.example # old\n", "domains:\n- {domain: harborchan.example, to: 2026-11-04} # old\n- {ITEM}\n"),
        (
            "domains:\n  - {domain: harborchan.example, from: 2020-01-01}\n# end\n",
            "domains:\n  - {domain: harborchan.example, from: 2020-01-01, to: 2026-11-04}\n  - {ITEM}\n# end\n",
        ),
        (
            "domains:\n  - domain: harborchan.example   # old\n\n  # end\n",
            "domains:\n  - domain: harborchan.example   # old\n    to: 2026-11-04\n  - {ITEM}\n\n  # end\n",
        ),
        ("domains:\n", "domains: [{ITEM}]\n"),
        ("domains: []\n", "domains: [{ITEM}]\n"),
        ("engine: vichan", "engine: vichan\ndomains:\n  - {ITEM}\n"),
    ],
)  # fmt: skip
def test_single_lines_of_a_hand_written_file_change(program: Program, store: Store, before: str, after: str) -> None:
    head = 'names: ["Härbör 🚢"]  # ship\n'
    program.write("platforms/harborchan.yml", head + before)
    with store.write() as tx:
        for hours in (20, 30):
            at = NOW - timedelta(hours=hours)
            places.save_probes(tx, [Probe(place="harborchan.example", url="https://harborchan.example/", at=at,
                                          state=ProbeState.UNREACHABLE)])  # fmt: skip
    files = proposed(program, store, case("newharbor.example", Relation.SUCCESSOR, "harborchan"))
    text = files["platforms/harborchan.yml"]
    assert text == head + after.replace("{ITEM}", "{domain: newharbor.example, from: 2026-11-03}")
    program.write("platforms/harborchan.yml", text)
    domains = Config.load(program.config).platforms["harborchan"].domains
    assert (domains[-1].domain, domains[-1].since) == ("newharbor.example", date(2026, 11, 3))
    assert [item.until for item in domains[:-1]] in ([], [date(2026, 11, 4)])


def test_a_hostile_name_stays_one_value(program: Program, store: Store) -> None:
    host = 't.me/a",}]{:#\u202e!&*\N{REPLACEMENT CHARACTER}'
    found = case(host, Relation.CHANNEL, "lantern", engine="telegram", address=f"https://{host}")
    files = proposed(program, store, found)
    for path, text in files.items():
        program.write(path, text)
    config = Config.load(program.config)
    assert config.platforms["lantern"].accounts == (f"https://{host}",)
    (name,) = config.sources.keys() - NAMES.keys()
    assert config.sources[name].url == f"https://{host}"
    with pytest.raises(ConfigError, match="url: expected an address"):
        propose(config, store, case("t.me/a b", Relation.CHANNEL, "lantern", engine="telegram"), None, NOW)


def test_what_does_not_validate_is_not_proposed(program: Program, store: Store) -> None:
    config = Config.load(program.config)
    program.write("platforms/quayside.yml", "nmaes: [Quayside]\n")  # broken since the program began
    with pytest.raises(ConfigError, match=r"quayside.yml:1.*\n.*--no-files decides without files") as refused:
        propose(config, store, case("bunker.example", Relation.BUNKER), None, NOW)
    assert str(program.config) in str(refused.value)
    assert not (program.config / "sources/bunker-example.yml").exists()


def test_only_what_is_unchanged_is_taken_back(program: Program, store: Store) -> None:
    proposal = propose(Config.load(program.config), store, case("bunker.example", Relation.BUNKER), None, NOW)
    write(program.config, proposal.changes)
    with (program.config / "platforms/bunker-example.yml").open("a") as file:
        file.write("# a word of mine\n")
    told = take_back(Config.load(program.config), proposal.as_json())
    assert [line.partition(":")[0] for line in told] == ["removed", "left as it is, for it was changed since"]
    assert (program.config / "platforms/bunker-example.yml").exists()
    with pytest.raises(ConfigError, match="was changed meanwhile; nothing was written"):
        write(program.config, [Change("platforms/bunker-example.yml", None, "names: [x]\n")])
