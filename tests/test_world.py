"""The simulated web that the watch is measured in: it is the same by seed, and its truth is what it serves."""

import ast
import base64
import json
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.settings import Config
from crawler.engines import ENGINES
from crawler.page import Document
from tests.world import Unreachable, World, from_json, unseen
from tests.world.accounts import status_id
from tests.world.keys import _pair, _sign, public_key, signed
from tests.world.model import Decoy
from tests.world.parameters import FORUMS, Parameters
from tests.world.serve import server
from tests.world.story import HTML_TOO
from tests.world.world import READABLE, moment, seconds

SMALL: dict[str, Any] = {"posts": 2500, "unseen_domains": 200, "boards": 16, "events": 4}
DAY = 86_400
PRODUCT = {"app", "core", "crawler", "nlp", "search", "watch"}


@pytest.fixture(scope="module")
def world() -> World:
    return World(7)


def read_all(world: World, hours: float = 6) -> Iterator[dict[str, Any]]:
    at = world.start
    while at < world.end:
        at = min(at + hours * 3600, world.end)
        yield from world.posts(at)["posts"]


def test_a_seed_gives_the_same_world_each_time_and_another_gives_another() -> None:
    one, same, other = World(3, **SMALL), World(3, **SMALL), World(4, **SMALL)
    assert one.truth() == same.truth() != other.truth()
    assert list(read_all(one)) == list(read_all(same))
    for host in list(one.story.places)[:80]:
        try:
            page = one.get(f"http://{host}/", one.end - DAY)
        except Unreachable as error:
            with pytest.raises(Unreachable, match=str(error)):
                same.get(f"http://{host}/", same.end - DAY)
        else:
            assert same.get(f"http://{host}/", same.end - DAY) == page


def test_a_world_has_the_size_that_was_asked_for(world: World) -> None:
    truth = world.truth()
    told = {event["places"][0] for event in truth["events"]} | {decoy["place"] for decoy in truth["decoys"]}
    assert (world.end - world.start) / DAY == 60
    assert 8 <= len(truth["events"]) <= 12
    assert sum(len(source.platform.stream.boards) for source in world.sources.values() if not source.account) == 30
    assert 38_000 < sum(1 for _ in read_all(World(7))) < 42_000
    known = {host for platform in world.story.platforms for host in (platform.host, platform.past)}
    hosts = [host for host in world.story.places if host not in known and not world.story.places[host].accounts]
    assert len({*hosts, *told}) == pytest.approx(1500, rel=0.05)


def test_every_event_has_ten_decoys_and_a_third_of_them_are_hard() -> None:
    for seed in range(3):
        truth = World(seed, **SMALL).truth()
        per_event = len(truth["decoys"]) / len(truth["events"])
        assert per_event >= 10
        assert sum(decoy["hard"] for decoy in truth["decoys"]) >= len(truth["decoys"]) / 3
        places = [decoy["place"] for decoy in truth["decoys"]]
        assert len(set(places)) == len(places)
        assert not set(places) & {place for event in truth["events"] for place in event["places"]}


def test_what_the_truth_counts_as_a_mention_is_read_by_a_crawl_at_that_time(world: World) -> None:
    asked = World(7)
    tellings = [
        (asked._crawlable(kind, what), kind, what) for event in asked.story.events for kind, what in event.tellings
    ]
    expected = sorted(
        ((at, kind, what) for at, kind, what in tellings if at is not None and kind in ("post", "message")),
        key=lambda told: told[0],
    )
    assert len(expected) > 40
    read: dict[int | str, list[str]] = {}
    for at, kind, what in expected:
        for told in asked.posts(at)["posts"]:
            read.setdefault(told["number"], []).append(told["text"])
        post = what if kind == "post" else what[1]
        number = post.number if kind == "post" or what[0].service == "telegram" else str(status_id(post))
        assert any(text.endswith(post.text) for text in read[number])
    counted = sum(len(event["mentions"]) for event in world.truth()["events"])
    assert counted == sum(1 for at, _, _ in tellings if at is not None)


def test_every_event_can_be_found_and_its_place_is_there_when_the_truth_says_so() -> None:
    for seed in range(4):
        world = World(seed, **SMALL)
        for event in world.truth()["events"]:
            assert event["mentions"], event
            places = event["places"]
            for begin, end in event["reachable"]:
                middle = (max(seconds(begin), world.start) + seconds(end)) / 2
                up = [place for place in places if world.story.places[place].up(middle)]
                assert up
                assert all(world.get(f"http://{place}/", middle)[0] == 200 for place in up)
            before = seconds(event["reachable"][0][0]) - 1
            assert not any(world.story.places[place].up(before) for place in places)


def test_pages_and_posts_hold_nothing_that_is_yet_to_come() -> None:
    world = World(5, **SMALL)
    now = world.start + 20 * DAY
    assert all(seconds(post["posted_at"]) <= now for post in world.posts(now)["posts"] if post["posted_at"])
    later = [platform for platform in world.story.platforms if world.story.places[platform.host].up(now)]
    for platform in later:
        for board in platform.stream.boards.values():
            coming = [thread for thread in board.threads if thread.posts[0].at > now]
            path = (
                f"/{board.uri}/res/{coming[0].number}.html" if coming and platform.skin.software == "vichan" else None
            )
            assert path is None or world.get(f"http://{platform.host}{path}", now)[0] == 404


def test_a_deleted_post_is_told_of_once_and_leaves_its_page() -> None:
    world = World(6, **SMALL)
    read, gone = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    at = world.start
    while at < world.end:
        at += 3600
        told = world.posts(at)
        read.update(
            (post["source"], f"{post['board']}/{post['number']}") for post in told["posts"] if post["posted_at"]
        )
        gone.update((post["source"], f"{post['board']}/{post['number']}") for post in told["deleted"])
    assert gone
    assert set(gone) <= set(read)
    assert set(gone.values()) == {1}


def parsed(world: World, name: str, now: float) -> Iterator[Any]:
    """What the program's own engine reads off a source's pages, followed from its first one."""
    source = world.sources[name]
    engine = ENGINES[source.account.service if source.account else source.platform.skin.software]
    queue = list(engine.entry(source.account.url if source.account else f"http://{source.place.host}/"))
    seen = set()
    while queue:
        ref = queue.pop()
        for url in filter(None, (ref.url, ref.alternate)):
            if url in seen:
                break
            seen.add(url)
            status, headers, body = world.get(url, now)
            if status == 200:
                page = engine.pages[ref.kind](Document(url, body, headers["Content-Type"]), ref)
                yield from page.posts
                queue += page.pages
                break


@pytest.mark.parametrize(
    "engines", [["vichan", "jschan"], ["lynxchan", "tinyib"], ["mybb", "phpbb"], ["fluxbb", "smf"]], ids=" ".join
)
def test_what_is_told_of_a_crawl_is_what_the_engines_read_off_the_pages(engines: list[str]) -> None:
    world = World(2, **SMALL | {"boards": 8, "posts": 1200, "engines": dict.fromkeys(engines, 1)})
    for number, platform in enumerate(world.story.platforms):
        platform.site.skin = platform.skin.but(interface=number % 2 == 0 or platform.skin.software not in HTML_TOO)
    now = world.start + 12 * DAY
    told: dict[str, dict[tuple[str | None, str], dict[str, Any]]] = {}
    for post in world.posts(now)["posts"]:
        told.setdefault(post["source"], {})[post["board"], str(post["number"])] = post
    used = set()
    for name, posts in told.items():
        source = world.sources[name]
        used.add(source.platform.skin.software)
        read: dict[tuple[str | None, str], Any] = {}
        for found in parsed(world, name, now):
            read.setdefault((found.board, str(found.number)), found)  # a channel tells of itself on each of its pages
        assert read.keys() == posts.keys()
        for key, found in read.items():
            post = posts[key]
            shown = {
                field: getattr(found, field)
                for field in ("url", "thread", "name", "tripcode", "capcode", "poster_id", "subject", "text", "op")
            }
            assert shown == {field: post[field] for field in shown}
            assert list(found.quotes) == post["quotes"]
            assert (found.posted_at and moment(found.posted_at.timestamp())) == post["posted_at"]
            files = [{"filename": file.filename, "size": file.size, "md5": file.md5} for file in found.attachments]
            assert files == post["attachments"]
            assert {link["raw"].rstrip("/") for link in post["links"]} <= {link.raw.rstrip("/") for link in found.links}
    assert used == set(engines)


def test_the_configuration_is_one_that_the_program_takes(tmp_path: Path) -> None:
    world = World(8, **SMALL)
    told = world.configure(tmp_path)
    config = Config.load(tmp_path)
    assert sorted(config.sources) == told["sources"]
    assert set(config.platforms) == {platform.id for platform in world.story.platforms}
    unknown = {event["places"][0] for event in world.truth()["events"]}
    assert not any(place in file.read_text("utf-8") for file in tmp_path.rglob("*.yml") for place in unknown)
    assert all(yaml.safe_load(file.read_text("utf-8"))["names"] for file in (tmp_path / "platforms").iterdir())


def test_a_proxy_and_a_conversation_give_the_same(tmp_path: Path) -> None:
    world = World(9, **SMALL)
    now = moment(world.start + 25 * DAY)
    hosts = [
        *[platform.host for platform in world.story.platforms][:6],
        *(event.place for event in world.story.events),
        "nowhere.example",
    ]
    urls = [f"http://{host}{path}" for host in hosts for path in ("/", "/favicon.ico", "/robots.txt")]
    asked: list[dict[str, Any]] = [
        {"ask": "config", "folder": str(tmp_path)},
        {"ask": "truth"},
        {"ask": "posts", "until": now},
    ]
    asked += [{"ask": "get", "url": url, "at": now} for url in urls]
    talk = subprocess.run(
        [sys.executable, "-m", "tests.world", "talk", "--seed", "9", "--parameters", json.dumps(SMALL)],
        input="".join(json.dumps(one) + "\n" for one in asked), capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    config, truth, posts, *answers = map(json.loads, talk.stdout.splitlines())
    assert config["sources"] == sorted(world.sources)
    assert truth == json.loads(json.dumps(world.truth()))
    assert posts == json.loads(json.dumps(world.posts(seconds(now))))
    proxy = server(world)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{proxy.server_port}"
        opener = urllib.request.OpenerDirector()
        for handler in (urllib.request.ProxyHandler({"http": address}), urllib.request.HTTPHandler()):
            opener.add_handler(handler)
        opener.open(urllib.request.Request("http://world.control.test/now", data=now.encode(), method="PUT"))
        for url, told in zip(urls, answers, strict=True):
            shown = opener.open(url)
            if "error" in told:
                assert shown.status == (504 if told["error"] == "timed out" else 502)
            else:
                assert (shown.status, shown.read()) == (told["status"], base64.b64decode(told["body"]))
    finally:
        proxy.shutdown()
        proxy.server_close()


def test_what_is_not_understood_is_said_and_the_conversation_goes_on() -> None:
    lines = (
        'rubbish\n{"ask":"weather"}\n{"ask":"get","url":"http://nowhere.example/","at":"2024-01-01T00:00:00+00:00"}\n'
    )
    talk = subprocess.run(
        [sys.executable, "-m", "tests.world", "talk", "--seed", "1", "--parameters", json.dumps(SMALL)],
        input=lines, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    wrong, unknown, nowhere = map(json.loads, talk.stdout.splitlines())
    assert "error" in wrong
    assert "error" in unknown
    assert nowhere == {"error": "name not found"}


def test_a_world_without_events_has_outages_and_decoys_all_the_same() -> None:
    truth = World(1, **SMALL, special="null").truth()
    assert truth["events"] == []
    assert len(truth["outages"]) >= 4
    assert all(outage["to"] for outage in truth["outages"])
    assert len(truth["decoys"]) >= 40


def front(world: World, place: str, now: float) -> str:
    _, _, body = world.get(f"http://{place}/", now)
    return body.decode()


def copies(world: World) -> Iterator[tuple[Decoy, str, float]]:
    """Impostors with the platform that they pose as, at a time when both can be looked at."""
    for decoy in world.story.decoys:
        place, old = world.story.places.get(decoy.place), world.story.places[decoy.platform.host]
        spans = old.times_up(world.end)
        if decoy.kind == "phishing" and place and spans:
            begins = [begin for begin, _ in place.times_up(world.end)]
            yield decoy, decoy.place, max(begins[0] + 60, world.start)


def test_impostors_copy_the_icon_and_the_boards_and_want_money_elsewhere() -> None:
    found = 0
    for seed in range(3):
        world = World(seed, **SMALL)
        for decoy, place, now in copies(world):
            skin, old = world.story.places[place].site.skin, decoy.platform.skin  # type: ignore[union-attr]
            page = front(world, place, now)
            assert skin.icon == old.icon
            assert all(board.title in page for board in decoy.platform.stream.boards.values())
            assert skin.wallets
            assert not set(skin.wallets) & set(old.wallets)
            found += 1
    assert found >= 5


def test_copycats_differ_from_what_they_copy_by_their_address_alone() -> None:
    world = World(2, **SMALL, special="copycat")
    found = [(world.story.places[place].site.skin, decoy.platform.skin) for decoy, place, _ in copies(world)]  # type: ignore[union-attr]
    assert len(found) >= 12
    assert all(skin == old for skin, old in found)


def test_a_flooder_makes_fifty_false_homes_a_day() -> None:
    floods = [decoy for decoy in World(1, **SMALL, special="flooder").truth()["decoys"] if decoy["kind"] == "flood"]
    assert len(floods) == 50 * 53


def test_without_authority_nobody_who_could_know_says_anything() -> None:
    for seed in range(4):
        for event in World(seed, **SMALL, off="A").truth()["events"]:
            assert event["pointer"] not in ("official", "staff", "redirect")
            assert set(event["pointers"]) <= {"post", "ring"}


def test_without_likeness_infrastructure_or_behaviour_homes_show_none_of_it() -> None:
    world = World(3, **SMALL, off="CDE")
    for event in world.story.events:
        skin, old = world.story.places[event.place].site.skin, event.platform.skin  # type: ignore[union-attr]
        assert skin.icon != old.icon
        assert skin.variant != old.variant
        assert (skin.analytics, skin.contact, skin.key, skin.wallets) == (None, None, None, ())
        assert skin.hidden


def test_unseen_worlds_share_no_engine_language_name_or_phrase_with_usual_ones() -> None:
    usual, other = World(1, **SMALL), World(1, **SMALL | unseen(1))
    seen, new = Parameters(), Parameters(**unseen(1))
    assert not set(seen.engines) & set(new.engines)
    assert not set(seen.language) & set(new.language)
    assert not set(usual.story.speech.disguises) & set(other.story.speech.disguises)
    assert not set(usual.story.speech.tables["en"]["move"]) & set(other.story.speech.tables["en"]["move"])
    assert not set(usual.story.names.first) & set(other.story.names.first)
    assert set(new.decoys) - set(seen.decoys)
    assert all(event["mentions"] for event in other.truth()["events"])


def test_every_kind_of_move_and_pointer_comes_up() -> None:
    events = [event for seed in range(16) for event in World(seed, posts=200, unseen_domains=50).truth()["events"]]
    shares = {key: count / len(events) for key, count in Counter(event["lag"] for event in events).items()}
    usual = Parameters()
    assert {event["relation"] for event in events} == set(usual.relation)
    assert {event["pointer"] for event in events} == set(usual.pointer)
    for lag, share in usual.lag.items():
        assert shares[lag] == pytest.approx(share, abs=0.1)
    assert any(event["file_name_only"] for event in events)
    assert any(len(event["reachable"]) > 1 for event in events)
    assert any(seconds(event["mentions"][0]) < seconds(event["reachable"][-1][0]) for event in events)


def test_every_key_of_a_posts_shape_is_there(world: World) -> None:
    keys = {"source", "at", "board", "thread", "number", "url", "posted_at", "name", "tripcode", "capcode", "poster_id", "subject",
            "text", "quotes", "attachments", "links", "op", "forwarded_from"}  # fmt: skip
    for post in World(7, **SMALL).posts(world.start + 5 * DAY)["posts"]:
        assert post.keys() == keys
        assert datetime.fromisoformat(post["at"]).tzinfo


def test_a_mirror_list_is_signed_with_the_key_that_the_site_shows() -> None:
    ed25519 = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.ed25519")
    point, scalar = _sign(11, b"addresses")
    ed25519.Ed25519PublicKey.from_public_bytes(_pair(11)[2]).verify(point + scalar, b"addresses")
    block, text = (
        public_key(11, "Desk <desk@lanternquay.example>"),
        signed(11, "http://lanternquay.example/", 1_700_000_000),
    )
    assert block.startswith("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n")
    assert text.splitlines()[3] == "http://lanternquay.example/"


def test_worlds_know_nothing_of_the_program() -> None:
    for file in (Path(__file__).parent / "world").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not PRODUCT & {name.split(".")[0] for name in names}


def test_parameters_that_no_world_has_are_refused() -> None:
    with pytest.raises(ValueError, match="weather"):
        from_json({"weather": "fine"})
    with pytest.raises(ValueError, match="special"):
        World(1, special="sunny")
    assert READABLE | {"quill", "harbour"} >= FORUMS
