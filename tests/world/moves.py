"""Moves: what becomes of an old home, where the new one is, how it looks, and how both can be reached."""

from typing import TYPE_CHECKING

from tests.world import names
from tests.world.model import DAY, HOUR, MINUTE, SLOW, UP, Event, Person, Place, Platform, Post, Site, Skin, Stream
from tests.world.names import MOTTOS, pick, weighted
from tests.world.parameters import FORUMS, RINGS
from tests.world.tellings import announce, talk_of_outage

if TYPE_CHECKING:
    from tests.world.story import Story

SAME = frozenset({"hop", "rename", "onion"})
"""Relations of homes by the same operators."""


def move(story: "Story") -> None:
    wanted, rng = story.parameters, story.rng
    count = 0 if wanted.special == "null" else wanted.events if wanted.events is not None else rng.randint(8, 12)
    outside = [one for one in story.platforms if not one.crawled]
    few = max(1, len(story.crawled) // 3)  # most of what is crawled must live on, or nobody is left to tell
    victims = rng.sample(story.crawled, few) + rng.sample(outside, len(outside))
    order: list[Platform] = []
    fresh: list[Platform] = []
    while len(order) < count:
        fresh = fresh or rng.sample(victims, len(victims))
        again = order and rng.random() < 0.2  # a community may be scattered over several homes
        order.append(pick(rng, order) if again else fresh.pop())
    for number, platform in enumerate(order[:count], 1):
        story.events.append(_event(story, f"e{number:02d}", platform))
    quiet = [one for one in story.platforms if one not in order[:count]]
    troubled = rng.sample(quiet, min(len(quiet), 4 if count else 9))
    for platform in troubled:
        _short_outage(story, platform)
    for event in story.events:
        announce(story, event)
    for platform in troubled:
        talk_of_outage(story, platform)


def _event(story: "Story", name: str, platform: Platform) -> Event:
    wanted, rng = story.parameters, story.rng
    relation, pointer = _relation_and_pointer(story, platform)
    surges = wanted.relation.get("surge", 0) / sum(wanted.relation.values())
    lags = dict(wanted.lag) | {"pre-existing": max(0.0, wanted.lag.get("pre-existing", 0) - surges)}
    lag = "pre-existing" if relation == "surge" else weighted(rng, lags)
    same = relation in SAME
    days = wanted.days
    if platform.down is not None:
        begins, old_home = platform.down, "gone already"
    else:
        latest = max(7.0, days * (0.3 if lag in ("months", "fortnight") else 0.75))
        begins = story.start + rng.uniform(min(6.0, days / 4), latest) * DAY
        old_home = _fate(story, relation, pointer)
    live = begins + _delay(story, lag, begins) * DAY
    if pointer == "redirect":
        live = min(live, begins - rng.uniform(0.1, 20) * HOUR) if lag == "pre-existing" else live
    told = max(begins, live) + rng.expovariate(1 / (2.5 * HOUR)) + 3 * MINUTE
    if lag == "pre-existing":
        told = begins + rng.uniform(-1.5, 0.8) * DAY
    elif pointer not in ("redirect", "webring") and rng.random() < 0.15:
        told = max(story.start + 2 * DAY, live - rng.uniform(0.25, 4) * DAY)
    told = min(max(told, story.start + 2 * DAY), story.end - 2.5 * DAY)
    live = min(live, story.end - 2.2 * DAY)
    language = platform.stream.language
    if pointer == "language":
        language = weighted(
            rng, {key: share for key, share in wanted.language.items() if key != language} or dict(wanted.language)
        )
    host = names.onion(rng) if relation == "onion" else _new_name(story, platform, relation)
    also = None
    if same and relation != "onion" and pointer not in ("redirect", "file name") and rng.random() < 0.2:
        also = names.onion(rng) if rng.random() < 0.3 else _new_name(story, platform, relation)
    event = Event(name, platform, relation, lag, pointer, language, host, also, same, begins, live, told, old_home)
    _end_old_home(story, event)
    _build_home(story, event)
    return event


def _relation_and_pointer(story: "Story", platform: Platform) -> tuple[str, str]:
    """A pair that can be: an official word for what the operators run, a redirect by them, a ring for boards."""
    wanted, rng = story.parameters, story.rng
    gone = platform.down is not None
    # Operators move once, so what they do is likelier where it can be; so is each pointer that few relations allow.
    relations = {kind: share * (1.25 if kind in SAME else 1) for kind, share in wanted.relation.items()}
    if gone:
        relations = {kind: share for kind, share in relations.items() if kind not in SAME}
    relation = weighted(rng, relations or dict(wanted.relation))
    same = relation in SAME
    possible = {
        "official": bool(platform.accounts) and "A" not in wanted.off,
        "staff": "A" not in wanted.off,
        "redirect": relation in ("hop", "rename") and not gone and "A" not in wanted.off,
        "webring": relation != "onion" and any(one.stream.ring for one in story.crawled if one is not platform),
        "file name": relation != "onion",
    }
    likely = {"official": 1.9, "staff": 1.5, "redirect": 2.4} if same else {"official": 0.5, "staff": 0.5}
    pointers = {kind: share * likely.get(kind, 1) for kind, share in wanted.pointer.items() if possible.get(kind, True)}
    pointer = weighted(rng, pointers or {"anonymous": 1.0})
    if "B" in wanted.off and same and "A" not in wanted.off and pointer in ("anonymous", "disguised", "language"):
        pointer = "staff"
    return relation, pointer


def _fate(story: "Story", relation: str, pointer: str) -> str:
    if pointer == "redirect":
        return "redirect"
    stays = {"rename": 0.4, "onion": 0.5, "hop": 0.1, "surge": 0.2, "bunker": 0.15, "clone": 0.1}[relation]
    if story.rng.random() < stays:
        return "stays"
    return weighted(
        story.rng,
        {"silent": 0.45, "farewell": 0.15, "seized": 0.15, "parked": 0.15, "challenge": 0.04, "maintenance": 0.06},
    )


def _delay(story: "Story", lag: str, begins: float) -> float:
    """Days from the end of the old home to the new one's beginning."""
    rng = story.rng
    left = (story.end - begins) / DAY - 6
    match lag:
        case "pre-existing":
            return -rng.uniform(3, 250)
        case "day":
            return rng.uniform(0.01, 0.9)
        case "week":
            return min(rng.uniform(1.1, 6.8), left)
        case "fortnight":
            return min(rng.uniform(7.5, 15), left)
        case _:
            return min(rng.uniform(20, 88), max(left - rng.uniform(0, 4), 1.0))


def _new_name(story: "Story", platform: Platform, relation: str) -> str:
    style = weighted(story.rng, dict(story.parameters.naming))
    if relation in ("bunker", "surge"):
        style = pick(story.rng, (style, "unrelated", "community"))
    if relation == "hop" and style in ("unrelated", "community") and story.rng.random() < 0.7:
        style = "hop" if not story.parameters.unseen else "suffix"
    if style == "prefix":
        return story.names.take(f"{pick(story.rng, ('neo', 'post', 'out'))}{platform.host.split('.')[0]}")
    return story.names.after(platform.host, style, platform.nick)


def _build_home(story: "Story", event: Event) -> None:
    """The new home's site, and when it can be reached."""
    rng, platform, off = story.rng, event.platform, story.parameters.off
    since = float("-inf")
    if event.same_operator:
        stream, skin = platform.stream, _same_skin(story, event)
        if event.relation == "rename" and rng.random() < 0.4:
            since = event.live
    else:
        software = _other_software(story, event)
        stream, skin = _refuge(story, event, software), _others_skin(story, event, software)
    if "C" in off:
        skin = skin.but(variant=rng.getrandbits(30) + 1, icon=rng.getrandbits(30) + 1000, motto="", rules=())
    if "D" in off:
        skin = skin.but(analytics=None, verification=None, contact=None, key=None, wallets=())
    if event.same_operator and skin.key and "A" not in off and rng.random() < 0.6:
        skin = skin.but(signed_mirrors=True)
        platform.site.skin = platform.skin.but(signed_mirrors=True)
        platform.stream.mirrors = [(platform.born, (platform.host,)), (event.told, (platform.host, event.place))]
    skin = skin.but(hidden="E" in off)
    site = Site("board", skin, stream, since=since, seed=rng.getrandbits(30), language=stream.language)
    story.names.taken.add(event.place)
    _open(story, event, story.place(event.place, site))
    if event.also:
        _open(story, event, story.place(event.also, site))


def _open(story: "Story", event: Event, home: Place) -> None:
    """A home's hosts come up, some after a flicker; some soon go again, for good or for hours."""
    rng, begin = story.rng, event.live
    if event.lag != "pre-existing" and rng.random() < 0.35:
        home.set(begin - rng.uniform(2, 40) * HOUR, "soon")  # registered, nothing there
    if event.lag not in ("pre-existing", "day") and rng.random() < 0.15:
        flicker = begin - rng.uniform(0.3, 2) * DAY
        home.set(flicker, UP)
        home.set(flicker + rng.uniform(15, 40) * MINUTE, "refused")
    home.set(begin, UP)
    known = max(begin, event.told)
    if rng.random() < 0.08:
        home.set(known + rng.uniform(2.5, 9) * HOUR, pick(rng, ("no name", "refused", "seized")))
    elif rng.random() < 0.12:
        at = known + rng.uniform(5, 30) * HOUR
        for _ in range(rng.randint(1, 4)):
            home.insert(at, at + rng.uniform(0.3, 5) * HOUR, pick(rng, ("timeout", "502", "refused")))
            at += rng.uniform(8, 60) * HOUR


def _same_skin(story: "Story", event: Event) -> Skin:
    """The looks of a home by the same operators: as before, but for what goes with another name."""
    rng, old = story.rng, event.platform.skin
    if event.relation != "rename":
        return old
    title = event.place.split(".")[0].replace("-", " ").title()
    skin = old.but(title=title, motto=old.motto if rng.random() < 0.5 else pick(rng, MOTTOS))
    if rng.random() < 0.4:
        skin = skin.but(icon=rng.getrandbits(30) + 1000)
    return skin.but(analytics=None) if rng.random() < 0.3 else skin


def _refuge(story: "Story", event: Event, software: str) -> Stream:
    """The community of a home that others made: some of the old boards, some of the old people."""
    rng, old = story.rng, event.platform.stream
    boards = list(old.boards)
    kept = (
        boards
        if event.relation == "clone"
        else rng.sample(boards, max(1, len(boards) // 2))
        if event.relation == "bunker"
        else [pick(rng, boards)]
    )
    more = rng.sample(sorted(story.names.boards), 2 if event.relation == "clone" else 4)
    uris = list(dict.fromkeys([*kept, *more]))
    stream = Stream({uri: story.board(uri, old.language) for uri in uris}, software in FORUMS, rng.random() < 0.4,
                    slang=old.slang, language=old.language)  # fmt: skip
    for place, board in enumerate(stream.boards.values(), 1):
        board.place = place
    comers = rng.sample(old.people, min(len(old.people), rng.randint(25, 50)))
    residents = [story.person(trip=rng.random() < 0.1) for _ in range(15)]
    stream.people = [*comers, *residents]
    story.homes.append((stream, event))
    _fill_home(story, event, stream, kept, comers, residents)
    if software in RINGS and rng.random() < 0.4:
        friends = [one.host for one in story.crawled if one.stream.ring]
        stream.ring = [(event.live, tuple(f"http://{host}" for host in friends[:3]))] if friends else []
    return stream


def _other_software(story: "Story", event: Event) -> str:
    old = event.platform.skin.software
    if event.relation == "clone" and story.rng.random() < 0.6:
        return old
    return weighted(
        story.rng,
        {key: share for key, share in story.parameters.engines.items() if key != old} or dict(story.parameters.engines),
    )


def _others_skin(story: "Story", event: Event, software: str) -> Skin:
    rng, old = story.rng, event.platform.skin
    title = event.place.split(".")[0].replace("-", " ").title()
    if event.relation == "clone":
        title = pick(rng, (title, f"{old.title} again", f"New {old.title}"))
    skin = story.skin(software, title, own=rng.random() < 0.5)
    if event.relation == "clone" and rng.random() < 0.4:
        skin = skin.but(rules=old.rules[:3], icon=old.icon if rng.random() < 0.5 else skin.icon)
    if event.relation in ("clone", "bunker") and rng.random() < 0.3:
        skin = skin.but(motto=f"Home for those of {old.title}")
    return skin


def _fill_home(
    story: "Story", event: Event, stream: Stream, kept: list[str], comers: list[Person], residents: list[Person]
) -> None:
    """Posts on a home that others made, from its beginning and, once it is told, by those who come."""
    rng, old = story.rng, event.platform.stream
    arrive = max(event.live, min(event.told, event.begins))
    times = []
    if event.lag == "pre-existing":
        begin = max(event.live, story.start - 60 * DAY)
        quiet = rng.randint(60, 160) if event.relation == "surge" else rng.randint(4, 20)
        times += [(rng.uniform(begin, story.end), False) for _ in range(quiet)]
    else:
        times += [(rng.uniform(event.live, event.live + 6 * HOUR), False) for _ in range(rng.randint(2, 8))]
    span = story.end - arrive
    count = int(rng.uniform(80, 260) * min(1.0, span / (12 * DAY))) + 12
    times += [(arrive + span * rng.random() ** 1.6, True) for _ in range(count)]
    uris = list(stream.boards)
    for at, came in times:
        board = stream.boards[pick(rng, kept if came and rng.random() < 0.75 else uris)]
        person = pick(rng, comers if came and rng.random() < 0.8 else residents)
        slang = pick(rng, old.slang) if came and rng.random() < 0.5 else "good"
        text = story.speech.everyday(stream.language, slang, "somebody")
        if came and rng.random() < 0.12:
            text = story.speech.say("reply", stream.language, s=slang, old=event.platform.title)
        post = Post(at, person, text, signed=bool(person.trip))
        story.plan(board, post, None, "")


def copy_threads(story: "Story", event: Event, stream: Stream) -> None:
    """Those who come post again what they wrote on the old home."""
    rng = story.rng
    old = [thread.posts[0] for board in event.platform.stream.boards.values() for thread in board.threads]
    old = [post for post in old if post.at < event.begins and len(post.text) > 60]
    arrive = max(event.live, min(event.told, event.begins))
    for post in rng.sample(old, min(len(old), rng.randint(4, 14))):
        at = arrive + rng.random() ** 2 * (story.end - arrive)
        board = pick(rng, list(stream.boards.values()))
        copy = Post(at, post.person, post.text, signed=post.signed and bool(post.person.trip))
        story.plan(board, copy, f"copy {id(post)}", post.thread.subject if post.thread else "")


def _end_old_home(story: "Story", event: Event) -> None:
    platform, rng, at = event.platform, story.rng, event.begins
    place = story.places[platform.host]
    back = event.live if event.same_operator else None
    fate = event.old_home
    if fate == "gone already":
        return
    if fate == "stays":
        if (
            event.relation == "onion"
            and event.pointer in ("official", "redirect", "staff")
            and "D" not in story.parameters.off
        ):
            platform.site.onions.append((event.told, event.place))
            event.tellings.append(("header", (platform.host, event.told)))
        return
    platform.down, platform.again, platform.moved = at, back, True
    silent = pick(rng, ("refused", "timeout", "no name", "502", "reset"))
    match fate:
        case "redirect":
            event.told = max(event.live, at) + rng.uniform(1, 60) * MINUTE
            if event.told - at > 2 * HOUR:
                place.set(at, silent)
            place.set(event.told, "redirect", event.place)
            event.tellings.append(("redirect", (platform.host, event.told)))
            story.outages.append((platform, at, None, "redirect"))
            return
        case "farewell":
            link = (
                event.place
                if event.same_operator and event.live <= at and rng.random() < 0.6 and "A" not in story.parameters.off
                else ""
            )
            place.set(at, "farewell", link)
            if link:
                event.told = min(event.told, at)
                event.tellings.append(("farewell", (platform.host, at)))
            place.set(at + rng.uniform(3, 12) * DAY, silent)
        case "seized":
            place.set(at, silent)
            place.set(at + rng.uniform(0.1, 3) * DAY, "seized")
        case "parked":
            place.set(at, silent)
            place.set(at + rng.uniform(2, 10) * DAY, "parked")
        case "challenge" | "maintenance":
            place.set(at, fate)
            place.set(at + rng.uniform(0.5, 3) * DAY, silent)
        case _:
            place.set(at, silent)
    story.outages.append((platform, at, None, fate))


def _short_outage(story: "Story", platform: Platform) -> None:
    """Down and back on the same host, with talk about it."""
    rng = story.rng
    at = story.start + rng.uniform(4, max(5, story.parameters.days - 6)) * DAY
    end = min(at + rng.choice((0.5, 3, 9, 30, 70)) * HOUR * rng.uniform(0.7, 1.3), story.end - DAY)
    state = pick(rng, ("refused", "timeout", "502", "maintenance", "challenge", "blocked", SLOW))
    story.places[platform.host].insert(at, end, state)
    story.outages.append((platform, at, end, "down" if state in ("refused", "timeout", "502") else state))
    platform.down, platform.again = at, end
