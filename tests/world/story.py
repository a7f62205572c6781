"""What happens in a world: platforms and their people, moves, decoys, everyday talk, as an event log by seed."""

import heapq
from base64 import b64encode
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.world import names
from tests.world.decoys import HARD, Decoy, deceive
from tests.world.model import DAY, HOUR, MINUTE, UP, Account, Board, Person, Place, Post, Site, Skin, Stream, Thread
from tests.world.names import pick, weighted
from tests.world.parameters import Parameters
from tests.world.speech import Speech

ARCHIVES = ("archive.ph", "web.archive.org", "archive.today")
SHORTENERS = ("bit.ly", "tinyurl.com", "is.gd")
POPULAR = (
    "www.youtube.com", "en.wikipedia.org", "twitter.com", "x.com", "www.reddit.com", "github.com", "imgur.com",
    "files.catbox.moe", "soundcloud.com", "store.steampowered.com", "www.bbc.co.uk", "odysee.com",
)  # fmt: skip
"""Services that everybody links to. Nothing of them is simulated but that they answer."""
FORUMS = frozenset({"mybb", "phpbb", "fluxbb", "smf", "quill", "harbour"})
RINGS = frozenset({"jschan", "lynxchan"})
"""Softwares whose sites list one another."""
PLAIN = ("news", "shop", "blog", "game", "file-host", "meme", "video", "software", "recipe", "club")
STOCK_ICON = {"vichan": 101, "lynxchan": 102, "jschan": 103, "mybb": 104, "phpbb": 105, "quill": 106, "tinyib": 107,
              "fluxbb": 108, "smf": 109, "harbour": 110}  # fmt: skip
RULES = (
    "Nothing against the law of the land.", "One thread a topic.", "No spam, no shops.", "Stay on the board's topic.",
    "Do not post addresses of people.", "The staff decides.", "English on the front boards.", "No begging for invites.",
    "Large pictures are welcome.", "Report instead of answering.", "Do not evade bans.", "Be brief in the kitchen threads.",
)  # fmt: skip
MOTTOS = (
    "Tea at any hour", "The place for quiet talk", "Speak and be brief", "Since the days of the modem", "Where the map ends",
    "No masters, many kettles", "Open all night", "For friends of small things", "Mind the gap", "We keep the lamp lit",
    "Everything is on topic", "Home of the slow train", "Less noise", "The last table in the house",
)  # fmt: skip


@dataclass(eq=False)
class Platform:
    """A community that is known, with where it lives and who speaks for it."""

    id: str
    host: str
    title: str
    nick: str
    site: Site
    stream: Stream
    staff: list[Person]
    born: float
    past: str | None = None
    """A former host, known to be."""
    accounts: list[Account] = field(default_factory=list)
    kin: list["Platform"] = field(default_factory=list)
    down: float | None = None
    again: float | None = None
    """When those who run it are back, elsewhere or here."""
    weight: float = 1.0
    crawled: bool = True
    """Whether its boards are a source; of the others it is only known that they are there."""
    moved: bool = False

    @property
    def skin(self) -> Skin:
        """How its own site looks."""
        return self.site.skin


@dataclass(eq=False)
class Event:
    """A move that is to be found."""

    id: str
    platform: Platform
    relation: str
    lag: str
    pointer: str
    language: str
    place: str
    same_operator: bool
    begins: float
    """When the old home goes, or when somebody moves though it does not."""
    live: float
    told: float
    old_home: str
    """What becomes of the old one."""
    tellings: list[tuple[str, Any]] = field(default_factory=list)
    """What carries the address: ("post", Post), ("bio", (Account, time)), ("ring", (host, time)), ("redirect", (host, time))."""


class Story:
    """A whole world; read-only once made."""

    def __init__(self, seed: int, parameters: Parameters) -> None:
        """Everything follows from both."""
        self.parameters = parameters
        self.rng = Random(f"world {seed}")
        self.names = names.Namer(self.rng, unseen=parameters.unseen)
        self.speech = Speech(self.rng, unseen=parameters.unseen)
        self.start = 1_672_531_200 + self.rng.randrange(900) * DAY
        self.end = self.start + parameters.days * DAY
        self.places: dict[str, Place] = {}
        self.platforms: list[Platform] = []
        self.events: list[Event] = []
        self.decoys: list[Decoy] = []
        self.outages: list[tuple[Platform, float, float | None, str]] = []
        self.planned: dict[int, list[tuple[float, Post, str | None, str]]] = {}
        """By board: posts that are to come, the key of the thread they belong to, that thread's subject."""
        self._keys = 0
        self._homes: list[tuple[Stream, Event | None]] = []
        self._settle()
        self._befriend()
        self._move()
        self._deceive()
        self._live()
        self._number()

    # The known platforms.

    def _settle(self) -> None:
        rng, wanted = self.rng, self.parameters
        left, number = wanted.boards, 0
        while left > 0:
            count = min(left, pick(rng, (1, 1, 2, 2, 3, 4)) if number else 4)
            left -= count
            number += 1
            self.platforms.append(self._platform(number, count))
        for outside in range(number + 1, number + 1 + max(2, number // 2)):
            platform = self._platform(outside, pick(rng, (2, 3, 4, 5)))
            platform.crawled = False
            self.platforms.append(platform)
        self.crawled = [platform for platform in self.platforms if platform.crawled]

    def _platform(self, number: int, count: int) -> Platform:
        rng = self.rng
        host = self.names.host()
        label = host.split(".")[0]
        title = label.replace("-", " ").title() if rng.random() < 0.6 else label
        software = weighted(rng, dict(self.parameters.engines))
        language = "en" if number <= 3 or rng.random() < 0.75 else weighted(rng, dict(self.parameters.language))
        stream = self.stream(count, software in FORUMS, language, people=rng.randint(60, 200))
        skin = self.skin(software, title, own=rng.random() < 0.8)
        born = self.start - rng.randint(200, 3000) * DAY
        site = Site("board", skin, stream, seed=rng.getrandbits(30), language=language)
        self.place(host, site).set(born, UP)
        staff = [
            self.person(trip=True, capcode=pick(rng, ("Admin", "Board Owner", "Admin", "Global Moderator")))
            for _ in range(rng.randint(1, 2))
        ]
        past = self.names.after(host, pick(rng, ("truncation", "unrelated")), label) if rng.random() < 0.3 else None
        if past:
            self.place(past).set(born, pick(rng, ("parked", "no name", "refused")))
        nick = label.split("-")[0][:8]
        platform = Platform(
            f"p{number:02d}-{label}", host, title, nick, site, stream, staff, born, past, weight=rng.paretovariate(1.3)
        )
        platform.weight = min(platform.weight, 8) * count**0.7
        for service in ("telegram", "mastodon"):
            if rng.random() < 0.55:
                platform.accounts.append(self._account(service, platform))
        return platform

    def stream(self, count: int, forum: bool, language: str, people: int) -> Stream:
        """A community with that many boards, without posts yet."""
        rng = self.rng
        uris = rng.sample(sorted(self.names.boards), min(count, len(self.names.boards)))
        boards = {uri: self.board(uri, language) for uri in uris}
        for place, board in enumerate(boards.values(), 1):
            board.place = place
        crowd = [self.person(trip=rng.random() < 0.08) for _ in range(people)]
        return Stream(boards, forum, rng.random() < 0.4, crowd, names.slang(rng), language)

    def board(self, uri: str, language: str) -> Board:
        """A board as it is usually called."""
        return Board(uri, self.names.boards.get(uri, uri.title()), language)

    def person(self, *, trip: bool = False, capcode: str | None = None) -> Person:
        """Somebody new."""
        self._keys += 1
        return Person(self._keys, names.handle(self.rng), names.tripcode(self.rng) if trip else None, capcode)

    def skin(self, software: str, title: str, *, own: bool) -> Skin:
        """How a new operator's site looks; `own` is whether its template and icon are not the software's."""
        rng = self.rng
        return Skin(
            software=software,
            title=title,
            motto=pick(rng, MOTTOS) if rng.random() < 0.8 else "",
            rules=tuple(rng.sample(RULES, rng.randint(3, 7))),
            icon=rng.getrandbits(30) + 1000 if own or rng.random() < 0.5 else STOCK_ICON[software],
            variant=rng.getrandbits(30) + 1 if own else 0,
            analytics=f"G-{rng.getrandbits(40):010X}" if rng.random() < 0.35 else None,
            verification=f"{rng.getrandbits(80):020x}" if rng.random() < 0.3 else None,
            contact=f"{pick(rng, ('admin', 'desk', 'staff', 'contact'))}@{self.names.label()}-mail.example"
            if rng.random() < 0.6
            else None,
            key=rng.getrandbits(60) if rng.random() < 0.3 else None,
            wallets=tuple(names.wallet(rng) for _ in range(pick(rng, (0, 1, 1, 2)))),
            generator=rng.random() < 0.7,
        )

    def stock_icon(self, software: str) -> int:
        """The picture that a software comes with."""
        return STOCK_ICON[software]

    def place(self, host: str, site: Site | None = None) -> Place:
        """The host's record, made where it has none."""
        if host not in self.places:
            self.places[host] = Place(host, site)
        return self.places[host]

    def _account(self, service: str, platform: Platform) -> Account:
        rng = self.rng
        word = platform.host.split(".")[0].replace("-", "_")
        name = f"{word[:14]}_{pick(rng, ('desk', 'news', 'status', 'official', 'staff'))}"
        if service == "telegram":
            host = "t.me"
        else:
            host = (
                f"social.{self.names.host()}"
                if rng.random() < 0.5 or not self._instances()
                else pick(rng, self._instances())
            )
        account = Account(service, host, name, f"{platform.title} {pick(rng, ('news', 'staff', 'desk'))}")
        account.bios.append((self.start - 90 * DAY, self.speech.say("oldbio", old=platform.title)))
        self.place(host).set(self.start - 900 * DAY, UP)
        self.places[host].accounts[name.lower()] = account
        return account

    def _instances(self) -> list[str]:
        return sorted(host for host, place in self.places.items() if place.accounts and host != "t.me")

    def _befriend(self) -> None:
        rng = self.rng
        for platform in self.platforms:
            others = [other for other in self.crawled if other is not platform]
            close = [other for other in others if other.stream.language in ("en", platform.stream.language)]
            platform.kin = rng.sample(close, min(len(close), rng.randint(3, 5)))
            for other in platform.kin:  # people are on several boards
                other.stream.people += rng.sample(platform.stream.people, 12)
        rings = [one for one in self.platforms if one.skin.software in RINGS]
        for platform in rings:
            friends = tuple(f"http://{other.host}" for other in rings if other is not platform and rng.random() < 0.7)
            platform.stream.ring = [(platform.born, friends)] if friends else []
        for platform in self.platforms:
            platform.site.skin = platform.skin.but(
                links=tuple(other.host for other in rng.sample(platform.kin, min(2, len(platform.kin))))
            )

    # Moves.

    def _move(self) -> None:
        wanted, rng = self.parameters, self.rng
        count = 0 if wanted.special == "null" else wanted.events if wanted.events is not None else rng.randint(8, 12)
        outside = [one for one in self.platforms if not one.crawled]
        few = max(1, len(self.crawled) // 3)  # most of what is crawled must live on, or nobody is left to tell
        victims = rng.sample(self.crawled, few) + rng.sample(outside, len(outside))
        order: list[Platform] = []
        while len(order) < count:
            order += rng.sample(victims, len(victims))
        for number, platform in enumerate(order[:count], 1):
            self.events.append(self._event(f"e{number:02d}", platform))
        quiet = [one for one in self.platforms if one not in order[:count]]
        troubled = rng.sample(quiet, min(len(quiet), 4 if count else 9))
        for platform in troubled:
            self._short_outage(platform)
        for event in self.events:
            self._announce(event)
        for platform in troubled:
            self._talk_of_outage(platform)

    def _event(self, name: str, platform: Platform) -> Event:
        wanted, rng = self.parameters, self.rng
        relation, pointer = self._relation_and_pointer(platform)
        surges = wanted.relation.get("surge", 0) / sum(wanted.relation.values())
        lags = dict(wanted.lag) | {"pre-existing": max(0.0, wanted.lag.get("pre-existing", 0) - surges)}
        lag = "pre-existing" if relation == "surge" else weighted(rng, lags)
        same = relation in ("hop", "rename", "onion")
        days = wanted.days
        if platform.down is not None:
            begins, old_home = platform.down, "gone already"
        else:
            latest = max(7.0, days * (0.3 if lag in ("months", "fortnight") else 0.75))
            begins = self.start + rng.uniform(min(6.0, days / 4), latest) * DAY
            old_home = self._fate(relation, pointer)
        live = begins + self._delay(lag, begins) * DAY
        if pointer == "redirect":
            live = min(live, begins - rng.uniform(0.1, 20) * HOUR) if lag == "pre-existing" else live
        told = max(begins, live) + rng.expovariate(1 / (2.5 * HOUR)) + 3 * MINUTE
        if lag == "pre-existing":
            told = begins + rng.uniform(-1.5, 0.8) * DAY
        elif pointer not in ("redirect", "webring") and rng.random() < 0.15:
            told = max(self.start + 2 * DAY, live - rng.uniform(0.25, 4) * DAY)
        told = min(max(told, self.start + 2 * DAY), self.end - 2.5 * DAY)
        live = min(live, self.end - 2.2 * DAY)
        language = platform.stream.language
        if pointer == "language":
            language = weighted(
                rng, {key: share for key, share in wanted.language.items() if key != language} or dict(wanted.language)
            )
        host = names.onion(rng) if relation == "onion" else self._new_name(platform, relation)
        event = Event(name, platform, relation, lag, pointer, language, host, same, begins, live, told, old_home)
        self._end_old_home(event)
        self._build_home(event)
        return event

    def _relation_and_pointer(self, platform: Platform) -> tuple[str, str]:
        """A pair that can be: an official word for what the operators run, a redirect by them, a ring for boards."""
        wanted, rng = self.parameters, self.rng
        while True:
            relation, pointer = weighted(rng, dict(wanted.relation)), weighted(rng, dict(wanted.pointer))
            same = relation in ("hop", "rename", "onion")
            if "A" in wanted.off and pointer in ("official", "staff", "redirect"):
                pointer = "anonymous"
            if "B" in wanted.off and pointer in ("anonymous", "disguised", "language") and same:
                pointer = pick(rng, ("official", "staff")) if "A" not in wanted.off else pointer
            if pointer == "official" and not platform.accounts:
                continue
            if pointer in ("official", "staff") and not same and rng.random() < 0.7:
                continue
            if pointer == "redirect" and (relation not in ("hop", "rename") or platform.down is not None):
                continue
            if pointer == "webring" and (
                relation == "onion" or not any(one.stream.ring for one in self.crawled if one is not platform)
            ):
                continue
            if pointer == "file name" and relation == "onion":
                continue
            if platform.down is not None and same:
                continue  # they have moved once already
            return relation, pointer

    def _fate(self, relation: str, pointer: str) -> str:
        if pointer == "redirect":
            return "redirect"
        stays = {"rename": 0.4, "onion": 0.5, "hop": 0.1, "surge": 0.2, "bunker": 0.15, "clone": 0.1}[relation]
        if self.rng.random() < stays:
            return "stays"
        return weighted(
            self.rng,
            {"silent": 0.45, "farewell": 0.15, "seized": 0.15, "parked": 0.15, "challenge": 0.04, "maintenance": 0.06},
        )

    def _delay(self, lag: str, begins: float) -> float:
        """Days from the end of the old home to the new one's beginning."""
        rng = self.rng
        left = (self.end - begins) / DAY - 6
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

    def _new_name(self, platform: Platform, relation: str) -> str:
        style = weighted(self.rng, dict(self.parameters.naming))
        if relation in ("bunker", "surge"):
            style = pick(self.rng, (style, "unrelated", "community"))
        if relation == "hop" and style in ("unrelated", "community") and self.rng.random() < 0.7:
            style = "hop" if not self.parameters.unseen else "suffix"
        if style == "prefix":
            return self.names.take(f"{pick(self.rng, ('neo', 'post', 'out'))}{platform.host.split('.')[0]}")
        return self.names.after(platform.host, style, platform.nick)

    def _build_home(self, event: Event) -> None:
        rng, platform, off = self.rng, event.platform, self.parameters.off
        old = platform.skin
        skin = old
        if event.relation == "rename":
            title = event.place.split(".")[0].replace("-", " ").title()
            skin = old.but(title=title, motto=old.motto if rng.random() < 0.5 else pick(rng, MOTTOS))
            if rng.random() < 0.4:
                skin = skin.but(icon=rng.getrandbits(30) + 1000)
            if rng.random() < 0.3:
                skin = skin.but(analytics=None)
        if event.same_operator:
            stream, since, software = platform.stream, float("-inf"), old.software
            if event.relation == "rename" and rng.random() < 0.4:
                since = event.live
        else:
            software = self._other_software(event)
            stream, since = self._refuge(event, software), float("-inf")
            skin = self._others_skin(event, software)
        if "C" in off:
            skin = skin.but(variant=rng.getrandbits(30) + 1, icon=rng.getrandbits(30) + 1000, motto="", rules=())
        if "D" in off:
            skin = skin.but(analytics=None, verification=None, contact=None, key=None, wallets=())
        if "E" in off:
            skin = skin.but(hidden=True)
        if event.same_operator and skin.key and "A" not in off and rng.random() < 0.6:
            skin = skin.but(signed_mirrors=True)
            platform.site.skin = platform.skin.but(signed_mirrors=True)
            platform.stream.mirrors = [(platform.born, (platform.host,)), (event.told, (platform.host, event.place))]
        if event.relation in ("clone", "bunker") and software in RINGS and rng.random() < 0.5:
            friends = [one.host for one in self.crawled if one.stream.ring]
            stream.ring = [(event.live, tuple(f"http://{host}" for host in friends[:3]))] if friends else []
        site = Site("board", skin, stream, since=since, seed=rng.getrandbits(30), language=stream.language)
        place = self.place(event.place, site)
        self.names.taken.add(event.place)
        begin = event.live
        if event.lag != "pre-existing" and rng.random() < 0.35:
            place.set(begin - rng.uniform(2, 40) * HOUR, "soon")  # registered, nothing there
        if event.lag not in ("pre-existing", "day") and rng.random() < 0.15:
            flicker = begin - rng.uniform(0.3, 2) * DAY
            place.set(flicker, UP)
            place.set(flicker + rng.uniform(15, 40) * MINUTE, "refused")
        place.set(begin, UP)
        if rng.random() < 0.08:
            place.set(max(begin, event.told) + rng.uniform(2.5, 9) * HOUR, pick(rng, ("no name", "refused", "seized")))
        elif rng.random() < 0.12:
            at = max(begin, event.told) + rng.uniform(5, 30) * HOUR
            for _ in range(rng.randint(1, 4)):
                place.insert(at, at + rng.uniform(0.3, 5) * HOUR, pick(rng, ("timeout", "502", "refused")))
                at += rng.uniform(8, 60) * HOUR

    def _refuge(self, event: Event, software: str) -> Stream:
        """The community of a home that others made: some of the old boards, some of the old people."""
        rng, old = self.rng, event.platform.stream
        boards = list(old.boards)
        kept = (
            boards
            if event.relation == "clone"
            else rng.sample(boards, max(1, len(boards) // 2))
            if event.relation == "bunker"
            else [pick(rng, boards)]
        )
        more = rng.sample(sorted(self.names.boards), 2 if event.relation == "clone" else 4)
        uris = list(dict.fromkeys([*kept, *more]))
        stream = Stream({uri: self.board(uri, old.language) for uri in uris}, software in FORUMS, rng.random() < 0.4,
                        slang=old.slang, language=old.language)  # fmt: skip
        for place, board in enumerate(stream.boards.values(), 1):
            board.place = place
        comers = rng.sample(old.people, min(len(old.people), rng.randint(25, 50)))
        residents = [self.person(trip=rng.random() < 0.1) for _ in range(15)]
        stream.people = [*comers, *residents]
        self._homes.append((stream, event))
        self._fill_home(event, stream, kept, comers, residents)
        return stream

    def _other_software(self, event: Event) -> str:
        old = event.platform.skin.software
        if event.relation == "clone" and self.rng.random() < 0.6:
            return old
        return weighted(
            self.rng,
            {key: share for key, share in self.parameters.engines.items() if key != old}
            or dict(self.parameters.engines),
        )

    def _others_skin(self, event: Event, software: str) -> Skin:
        rng, old = self.rng, event.platform.skin
        title = event.place.split(".")[0].replace("-", " ").title()
        if event.relation == "clone":
            title = pick(rng, (title, f"{old.title} again", f"New {old.title}"))
        skin = self.skin(software, title, own=rng.random() < 0.5)
        if event.relation == "clone" and rng.random() < 0.4:
            skin = skin.but(rules=old.rules[:3], icon=old.icon if rng.random() < 0.5 else skin.icon)
        if event.relation in ("clone", "bunker") and rng.random() < 0.3:
            skin = skin.but(motto=f"Home for those of {old.title}")
        return skin

    def _fill_home(
        self, event: Event, stream: Stream, kept: list[str], comers: list[Person], residents: list[Person]
    ) -> None:
        """Posts on a home that others made, from its beginning and, once it is told, by those who come."""
        rng, old = self.rng, event.platform.stream
        arrive = max(event.live, min(event.told, event.begins))
        times = []
        if event.lag == "pre-existing":
            begin = max(event.live, self.start - 60 * DAY)
            quiet = rng.randint(60, 160) if event.relation == "surge" else rng.randint(4, 20)
            times += [(rng.uniform(begin, self.end), False) for _ in range(quiet)]
        else:
            times += [(rng.uniform(event.live, event.live + 6 * HOUR), False) for _ in range(rng.randint(2, 8))]
        span = self.end - arrive
        count = int(rng.uniform(80, 260) * min(1.0, span / (12 * DAY))) + 12
        times += [(arrive + span * rng.random() ** 1.6, True) for _ in range(count)]
        uris = list(stream.boards)
        for at, came in times:
            board = stream.boards[pick(rng, kept if came and rng.random() < 0.75 else uris)]
            person = pick(rng, comers if came and rng.random() < 0.8 else residents)
            slang = pick(rng, old.slang) if came and rng.random() < 0.5 else "good"
            text = self.speech.everyday(stream.language, slang, "somebody")
            if came and rng.random() < 0.12:
                text = self.speech.say("reply", stream.language, s=slang, old=event.platform.title)
            post = Post(at, person, text, signed=bool(person.trip))
            self._plan(board, post, None, "")

    def _copy_threads(self, event: Event, stream: Stream) -> None:
        """Those who come post again what they wrote on the old home."""
        rng = self.rng
        old = [thread.posts[0] for board in event.platform.stream.boards.values() for thread in board.threads]
        old = [post for post in old if post.at < event.begins and len(post.text) > 60]
        arrive = max(event.live, min(event.told, event.begins))
        for post in rng.sample(old, min(len(old), rng.randint(4, 14))):
            at = arrive + rng.random() ** 2 * (self.end - arrive)
            board = pick(rng, list(stream.boards.values()))
            copy = Post(at, post.person, post.text, signed=post.signed and bool(post.person.trip))
            self._plan(board, copy, f"copy {id(post)}", post.thread.subject if post.thread else "")

    def _end_old_home(self, event: Event) -> None:
        platform, rng, at = event.platform, self.rng, event.begins
        place = self.places[platform.host]
        back = event.live if event.same_operator else None
        fate = event.old_home
        if fate == "gone already":
            return
        if fate == "stays":
            if (
                event.relation == "onion"
                and event.pointer in ("official", "redirect", "staff")
                and "D" not in self.parameters.off
            ):
                platform.site.onion = (event.told, event.place)
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
                self.outages.append((platform, at, None, "redirect"))
                return
            case "farewell":
                link = (
                    event.place
                    if event.same_operator
                    and event.live <= at
                    and rng.random() < 0.6
                    and "A" not in self.parameters.off
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
        self.outages.append((platform, at, None, fate))

    def _short_outage(self, platform: Platform) -> None:
        """Down and back on the same host, with talk about it."""
        rng = self.rng
        at = self.start + rng.uniform(4, max(5, self.parameters.days - 6)) * DAY
        end = min(at + rng.choice((0.5, 3, 9, 30, 70)) * HOUR * rng.uniform(0.7, 1.3), self.end - DAY)
        state = pick(rng, ("refused", "timeout", "502", "maintenance", "challenge", "blocked"))
        self.places[platform.host].insert(at, end, state)
        self.outages.append((platform, at, end, "down" if state in ("refused", "timeout", "502") else state))
        platform.down, platform.again = at, end

    def _talk_of_outage(self, platform: Platform) -> None:
        [(begin, end, kind)] = [(at, end, kind) for one, at, end, kind in self.outages if one is platform]
        if end is not None and kind not in ("challenge", "blocked"):
            self._wonder(platform, begin, end)
            at = end + self.rng.uniform(0.1, 2) * HOUR
            self.tell(at, self.kin_board(platform, at), self.speech.say("back", old=platform.title))

    # What is told of moves.

    def _plan(self, board: Board, post: Post, key: str | None, subject: str) -> None:
        self.planned.setdefault(id(board), []).append((post.at, post, key, subject))

    def tell(self, at: float, board: tuple[Stream, Board], text: str, person: Person | None = None, key: str | None = None,
             subject: str = "", files: tuple[str, ...] = (), *, signed: bool = False, staff: bool = False) -> Post:  # fmt: skip
        """Plans a post; by somebody of the board where no one is named."""
        stream, where = board
        named = tuple(self._file(name) for name in files)
        post = Post(at, person or pick(self.rng, stream.people), text, files=named, signed=signed, staff=staff)
        self._plan(where, post, key, subject)
        return post

    def _file(self, name: str) -> tuple[str, int, str]:
        return name, self.rng.randint(4_000, 3_000_000), b64encode(self.rng.randbytes(16)).decode()

    def kin_board(self, platform: Platform, at: float, language: str | None = None) -> tuple[Stream, Board]:
        """A board that is up at a time, where those of a platform are found; of that language where there is one."""

        def up(friends: list[Platform]) -> list[Platform]:
            return [one for one in friends if one is not platform and self.places[one.host].up(at)]

        spoken = [one for one in self.crawled if one.stream.language == language] if language else []
        friend = pick(self.rng, up(spoken) or up(platform.kin) or up(self.crawled) or self.crawled)
        return friend.stream, pick(self.rng, list(friend.stream.boards.values()))

    def _is_up(self, board: tuple[Stream, Board], at: float) -> bool:
        return any(one.stream is board[0] and self.places[one.host].up(at) for one in self.crawled)

    def own_board(self, platform: Platform) -> tuple[Stream, Board]:
        return platform.stream, pick(self.rng, list(platform.stream.boards.values()))

    def _wonder(self, platform: Platform, begin: float, end: float) -> None:
        """Users of other boards ask what happened."""
        rng = self.rng
        key = f"down {platform.id} {begin:.0f}"
        board = self.kin_board(platform, begin)
        for number in range(rng.randint(2, 9)):
            at = begin + rng.expovariate(1 / (5 * HOUR)) + 4 * MINUTE
            if at > end + 3 * HOUR:
                continue
            ask = self.speech.typed(self.speech.say("ask", board[0].language, old=self.called(platform)))
            here = board if rng.random() < 0.6 else self.kin_board(platform, at)
            self.tell(at, here, ask, key=key if here is board else None, subject=platform.title if number == 0 else "")

    def called(self, platform: Platform) -> str:
        """How people call it."""
        roll = self.rng.random()
        return (
            platform.title
            if roll < 0.45
            else platform.nick
            if roll < 0.8
            else platform.host.split(".")[0]
            if roll < 0.93
            else platform.host
        )

    def _announce(self, event: Event) -> None:
        rng, platform, off = self.rng, event.platform, self.parameters.off
        if platform.down is not None and event.old_home not in ("stays", "gone already"):
            self._wonder(platform, event.begins, event.told)
        if event.lag == "pre-existing" and not event.same_operator:
            self._known_before(event)
        crowd = 3 + int(rng.expovariate(1 / 9))
        if event.pointer == "official":
            self._official(event)
        elif event.pointer == "staff":
            self._staff(event)
        elif event.pointer == "webring":
            self._ring(event)
            crowd = rng.randint(0, 2)
        elif event.pointer in ("anonymous", "disguised", "language"):
            crowd += 2
        if "B" in off:
            crowd = 1 if event.pointer in ("anonymous", "disguised", "language", "file name") else 0
        self._crowd(event, crowd)

    def _known_before(self, event: Event) -> None:
        """What has long been there was linked now and then, before anybody thought of moving to it."""
        for _ in range(self.rng.randint(0, 3)):
            at = self.start + self.rng.random() * (event.told - self.start - 12 * HOUR)
            if at > max(event.live, self.start):
                board = self.kin_board(event.platform, at)
                self.tell(at, board, self.speech.say("link", board[0].language, x=self.speech.written(event.place)))

    def _forward(self, event: Event, account: Account, message: Post) -> None:
        """Friends' channels pass a message on."""
        for friend in self.platforms:
            for other in friend.accounts:
                if other is not account and other.service == account.service == "telegram" and self.rng.random() < 0.12:
                    at = message.at + self.rng.expovariate(1 / (6 * HOUR)) + MINUTE
                    copy = Post(min(at, self.end - 1), friend.staff[0], message.text, forwarded=(account, message))
                    other.messages.append(copy)
                    event.tellings.append(("message", (other, copy)))

    def _official(self, event: Event) -> None:
        rng, platform = self.rng, event.platform
        account = pick(rng, platform.accounts)
        early = event.told < event.live
        roll = rng.random()
        if roll < 0.8 or early:
            said = self.speech.say(
                "soon" if early and rng.random() < 0.6 else "official",
                x=self.speech.written(event.place),
                old=platform.title,
            )
            message = Post(event.told, platform.staff[0], said)
            account.messages.append(message)
            event.tellings.append(("message", (account, message)))
            self._forward(event, account, message)
            for _ in range(rng.randint(0, 5)):
                again = Post(event.told + rng.uniform(0.2, 9) * DAY, platform.staff[0],
                             self.speech.say("official", x=self.speech.written(event.place), old=platform.title))  # fmt: skip
                account.messages.append(again)
                event.tellings.append(("message", (account, again)))
        if roll >= 0.8 or rng.random() < 0.5:
            at = event.told if roll >= 0.8 else event.told + rng.uniform(0.1, 30) * HOUR
            account.bios.append((at, self.speech.say("bio", x=self.speech.written(event.place), old=platform.title)))
            account.bios.sort()
            event.tellings.append(("bio", (account, at)))

    def _staff(self, event: Event) -> None:
        rng, platform = self.rng, event.platform
        admin = next((one for one in platform.staff if one.capcode in ("Admin", "Board Owner")), platform.staff[0])
        said = self.speech.say(
            "soon" if event.told < event.live else "official", x=self.speech.written(event.place), old=platform.title
        )
        at_home = platform.crawled and self.places[platform.host].up(event.told)
        board = self.own_board(platform) if at_home else self.kin_board(platform, event.told)
        post = self.tell(
            event.told, board, said, admin, signed=True, staff=at_home, key=f"staff {event.id}", subject=platform.title
        )
        event.tellings.append(("post", post))

    def _ring(self, event: Event) -> None:
        rings = [
            one
            for one in self.crawled
            if one.stream.ring and one is not event.platform and self.places[one.host].up(event.told)
        ]
        for number, friend in enumerate(self.rng.sample(rings, min(len(rings), 2))):
            at = event.told + number * self.rng.uniform(1, 50) * HOUR
            known = [entry for entry in friend.stream.ring if entry[0] <= at][-1][1]
            friend.stream.ring.append((at, (*known, f"http://{event.place}")))
            friend.stream.ring.sort()
            for later, (when, listed) in enumerate(friend.stream.ring):  # what was added before stays in what follows
                if when > at and f"http://{event.place}" not in listed:
                    friend.stream.ring[later] = (when, (*listed, f"http://{event.place}"))
            event.tellings.append(("ring", (friend, at)))

    def _crowd(self, event: Event, count: int) -> None:
        """Users tell one another, in several threads and places, with talk around it."""
        rng, platform = self.rng, event.platform
        if event.pointer in ("anonymous", "disguised", "language", "file name"):
            at = event.told
        else:
            at = event.told + rng.uniform(0.1, 8) * HOUR
        thread = self.kin_board(platform, at, event.language if event.pointer == "language" else None)
        own = self.places[platform.host]
        tellers = rng.sample(platform.stream.people, min(len(platform.stream.people), max(2, count)))
        for number in range(count):
            roll = rng.random()
            key, subject = None, ""
            if roll < 0.4 and self._is_up(thread, at):
                board, key, subject = thread, f"move {event.id}", platform.title
            elif roll < 0.6 and platform.crawled and own.up(at):
                board = self.own_board(platform)
            else:
                board = self.kin_board(platform, at, event.language if event.pointer == "language" else None)
            person = tellers[number % len(tellers)] if rng.random() < 0.9 else pick(rng, tellers)
            files: tuple[str, ...] = ()
            text, address = self._telling(event, board[0].language, at)
            if event.pointer == "file name":
                text, files = (
                    self.speech.say("filename", board[0].language),
                    (f"{event.place.replace('.', pick(rng, ('.', '_', ' dot ')))}.{pick(rng, ('png', 'jpg'))}",),
                )
            post = self.tell(
                at, board, text, person, key, subject, files, signed=bool(person.trip) and rng.random() < 0.8
            )
            if rng.random() < 0.08:
                post.deleted = at + rng.uniform(0.3, 30) * HOUR
            event.tellings.append(("post", post))
            del address
            if key:
                self._chatter(event, board, key, at)
            at = (
                event.told + (number + 1) * rng.expovariate(1 / (9 * HOUR))
                if number < 5
                else event.told + rng.expovariate(1 / (4 * DAY))
            )
            at = max(at, event.told + MINUTE)
            if at > self.end - HOUR:
                break

    def _telling(self, event: Event, board_language: str, at: float) -> tuple[str, str]:
        rng = self.rng
        language = event.language if event.pointer == "language" else board_language
        hidden = event.pointer == "disguised" and rng.random() < 0.9 or rng.random() < 0.06
        address = (
            self.speech.disguised(event.place)
            if hidden and not event.place.endswith(".onion")
            else self.speech.written(event.place)
        )
        kind = "soon" if at < event.live and language == "en" else "move"
        said = self.speech.say(
            kind,
            language,
            x="{x}",
            old=self.called(event.platform),
            s=pick(rng, event.platform.stream.slang),
            person=event.platform.staff[0].name,
        )
        text = self.speech.typed(said).replace("{x}", address).replace("{X}", address)
        if rng.random() < 0.25:
            text += "\n" + self.speech.everyday(language, pick(rng, event.platform.stream.slang), "somebody")
        return text, address

    def _chatter(self, event: Event, board: tuple[Stream, Board], key: str, at: float) -> None:
        rng = self.rng
        for _ in range(rng.randint(0, 3)):
            kind = pick(rng, ("reply", "reply", "doubt", "ask"))
            said = self.speech.say(
                kind,
                board[0].language,
                old=self.called(event.platform),
                s=pick(rng, event.platform.stream.slang),
                person=event.platform.staff[0].name,
            )
            self.tell(
                min(at + rng.expovariate(1 / HOUR) + MINUTE, self.end - 1), board, self.speech.typed(said), key=key
            )

    # Decoys.

    def _deceive(self) -> None:
        wanted, rng = self.parameters, self.rng
        troubles = [(event.platform, event.begins, event) for event in self.events]
        if not troubles:
            troubles = [(platform, at, None) for platform, at, _, _ in self.outages]
        for platform, at, event in troubles:
            kinds = dict(wanted.decoys)
            hard = {kind: share for kind, share in kinds.items() if kind in HARD}
            enough = -(-wanted.decoys_per_event // 3)
            chosen = [weighted(rng, hard) for _ in range(enough)]
            easy = {kind: share for kind, share in kinds.items() if kind not in HARD}
            chosen += [weighted(rng, easy) for _ in range(wanted.decoys_per_event - enough)]
            if wanted.special == "copycat":
                chosen += ["phishing"] * 3
            for kind in chosen:
                at = min(max(at, self.start + DAY), self.end - 4 * DAY)
                self.decoys.append(deceive(self, kind, platform, at, event))
        if wanted.special == "flooder":
            self._flood()

    def _flood(self) -> None:
        """50 false homes a day, by one who never tires."""
        rng = self.rng
        victims = [event.platform for event in self.events] or self.platforms
        flooders = [self.person() for _ in range(3)]
        for day in range(5, self.parameters.days - 2):
            for _ in range(50):
                victim = pick(rng, victims)
                host = self.names.after(
                    victim.host, pick(rng, ("digit", "increment", "unrelated", "community")), victim.nick
                )
                at = self.start + (day + rng.random()) * DAY
                place = self.place(
                    host, Site("flood", self.skin(victim.skin.software, host, own=False), seed=rng.getrandbits(30))
                )
                if rng.random() < 0.6:
                    place.set(at - HOUR, UP)
                text = self.speech.typed(
                    self.speech.say("move", x="{x}", old=self.called(victim), s="good", person="somebody")
                ).replace("{x}", self.speech.written(host))
                post = self.tell(at, self.kin_board(victim, at), text, pick(rng, flooders))
                if rng.random() < 0.3:
                    post.deleted = at + rng.uniform(0.5, 6) * HOUR
                self.decoys.append(Decoy(host, "flood", True, victim))

    # Everyday life.

    def _live(self) -> None:
        rng, wanted = self.rng, self.parameters
        used = len(self.decoys) + len(self.events)
        self._targets = self._everyday_places(max(0, wanted.unseen_domains - used))
        accounts = [(platform, account) for platform in self.platforms for account in platform.accounts]
        for platform, account in accounts:
            self._notices(platform, account)
        already = sum(
            len(self.planned.get(id(board), ()))
            for platform in self.crawled
            for board in platform.stream.boards.values()
        )
        left = max(0, wanted.posts - already - sum(len(account.messages) for _, account in accounts))
        spans = {platform.id: self._spans(platform) for platform in self.platforms}
        total = sum(platform.weight * _length(spans[platform.id][0]) for platform in self.crawled)
        for platform in self.platforms:
            seen, unseen = spans[platform.id]
            rate = (
                left * platform.weight / total if platform.crawled else rng.uniform(200, 700) / (self.end - self.start)
            )
            boards = list(platform.stream.boards.values())
            shares = [rng.paretovariate(1.5) for _ in boards]
            for board, share in zip(boards, shares, strict=True):
                part = rate * share / sum(shares)
                self._fill_board(
                    platform, board, self._times(part, seen) + self._times(min(part, 1500 / DAY / 60), unseen)
                )
        for stream, event in self._homes:
            if event is not None:
                self._copy_threads(event, stream)
            for board in stream.boards.values():
                planned = sorted(self.planned.pop(id(board), []), key=_when)
                self._thread(stream, board, planned)

    def _spans(self, platform: Platform) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """When people post where they always did, and when at the new address of those who run it."""
        if platform.down is None:
            return [(self.start, self.end)], []
        later = (max(platform.again, platform.down), self.end) if platform.again is not None else None
        before = (self.start, platform.down)
        if platform.moved:
            return [before], [later] if later else []
        return [before, later] if later else [before], []

    def _times(self, rate: float, spans: list[tuple[float, float]]) -> list[float]:
        """Moments of posts, so many a second on the average: more by day than by night."""
        rng, made = self.rng, []
        for begin, end in spans:
            for _ in range(round(rate * (end - begin))):
                at = begin + rng.random() * (end - begin)
                while at % DAY < 8 * HOUR and rng.random() < 0.55:
                    at = begin + rng.random() * (end - begin)
                made.append(at)
        return sorted(made)

    def _everyday_places(self, count: int) -> list[tuple[str, float]]:
        """Hosts that are linked for no reason but themselves, each with how often."""
        rng, made = self.rng, []
        for number in range(count):
            host = self.names.host()
            if rng.random() < 0.1:
                host = f"{pick(rng, ('blog', 'files', 'shop', 'forum', 'm'))}.{host}"
            kind = pick(rng, PLAIN)
            site = Site(kind, self.skin("vichan", host.split(".")[-2], own=True), seed=rng.getrandbits(30))
            if rng.random() < 0.04:
                site = self.unrelated_board(host)
            place = self.place(host, site)
            new = rng.random() < 0.12
            place.set(
                self.start + rng.random() * self.parameters.days * DAY
                if new
                else self.start - rng.randint(1, 4000) * DAY,
                UP,
            )
            if rng.random() < 0.06:
                place.set(
                    self.start + rng.random() * (self.end - self.start),
                    pick(rng, ("no name", "refused", "timeout", "parked", "403")),
                )
            made.append((host, 40 * rng.random() if number < count * 0.03 else 1.0))
        return made

    def unrelated_board(self, host: str, software: str | None = None, since: float | None = None) -> Site:
        """A living board that has nothing to do with anybody."""
        rng = self.rng
        software = software or weighted(rng, dict(self.parameters.engines))
        since = since if since is not None else self.start - 60 * DAY
        stream = self.stream(rng.randint(1, 5), software in FORUMS, "en", people=15)
        self._homes.append((stream, None))
        for board in stream.boards.values():
            for _ in range(rng.randint(3, 30)):
                post = Post(rng.uniform(since, self.end), pick(rng, stream.people),
                            self.speech.everyday("en", pick(rng, stream.slang), "somebody"))  # fmt: skip
                self._plan(board, post, None, "")
        skin = self.skin(software, host.split(".")[-2].title(), own=rng.random() < 0.5)
        return Site("board", skin.but(hidden="E" in self.parameters.off), stream, seed=rng.getrandbits(30))

    def _notices(self, platform: Platform, account: Account) -> None:
        rng = self.rng
        for _ in range(int(self.parameters.days * rng.uniform(0.3, 2))):
            text = self.speech.say("notice", n=pick(rng, self.speech.tables["en"]["n"]))
            if rng.random() < 0.2:
                text += f" https://{platform.host}/"
            elif rng.random() < 0.08:
                text += f" https://{self._link_host()}/"
            account.messages.append(Post(self.start + rng.random() * (self.end - self.start), platform.staff[0], text))

    def _link_host(self) -> str:
        hosts = self._weighted_hosts
        return hosts[int(self.rng.random() * len(hosts))]

    @property
    def _weighted_hosts(self) -> list[str]:
        if not hasattr(self, "_hosts"):
            self._hosts = [host for host, often in self._targets for _ in range(max(1, round(often)))] or [
                "www.youtube.com"
            ]
        return self._hosts

    def _link(self) -> str:
        """An address of everyday talk."""
        rng = self.rng
        roll = rng.random()
        if roll < 0.45:
            host = pick(rng, POPULAR)
            return f"https://{host}/{pick(rng, ('watch?v=', 'wiki/', 'a/', 'i/', 'r/'))}{rng.getrandbits(40):x}"
        if roll < 0.52:
            return f"https://{pick(rng, ARCHIVES)}/{rng.getrandbits(25):x}"
        if roll < 0.55:
            return f"https://{pick(rng, SHORTENERS)}/{rng.getrandbits(25):x}"
        if roll < 0.6:
            return f"https://t.me/{pick(rng, self.names.first)}_{pick(rng, self.names.last)}{rng.randint(1, 30)}"
        if roll < 0.66:
            platform = pick(rng, self.platforms)
            return f"https://{platform.past if platform.past and rng.random() < 0.15 else platform.host}/"
        path = pick(rng, ("/", "", f"/{pick(rng, self.names.last)}", f"/{rng.randint(1, 9999)}.html", "/about"))
        return self.speech.written(self._link_host(), path)

    def _fill_board(self, platform: Platform, board: Board, times: list[float]) -> None:
        rng, stream, speech = self.rng, platform.stream, self.speech
        people = stream.people
        everyday: list[tuple[float, Post, str | None, str]] = []
        names_of_files = stream.forum
        for at in times:
            person = people[int(len(people) * rng.random() ** 2)]
            slang = stream.slang[int(rng.random() * 6)] if rng.random() < 0.3 else "good"
            text = speech.everyday(board.language, slang, "somebody")
            if rng.random() < 0.2:
                kind = "benign" if rng.random() < 0.03 else "link"
                link = speech.say(kind, board.language if board.language in speech.tables else "en", x=self._link())
                text = link if rng.random() < 0.5 else f"{text}\n{link}"
            staff = rng.random() < 0.012
            post = Post(
                at,
                platform.staff[0] if staff else person,
                text,
                signed=staff or (person.trip is not None and rng.random() < 0.8),
                staff=staff,
            )
            if not names_of_files and rng.random() < 0.3:
                post.files = (self._file(self._file_name()),)
            if rng.random() < 0.01:
                post.deleted = at + rng.expovariate(1 / (8 * HOUR))
            elif stream.forum and rng.random() < 0.01:
                post.edits = ((at + rng.expovariate(1 / (3 * HOUR)), text + "\nedit: " + speech.say("resp")),)
            everyday.append((at, post, None, ""))
        planned = sorted(self.planned.pop(id(board), []), key=_when)
        self._thread(stream, board, list(heapq.merge(everyday, planned, key=_when)))

    def _file_name(self) -> str:
        rng = self.rng
        roll = rng.random()
        if roll < 0.5:
            stem = str(self.start + rng.randrange(5_000_000)) + "123"
        elif roll < 0.7:
            stem = f"IMG_{rng.randint(1, 9999):04d}"
        else:
            stem = f"{pick(rng, self.names.first)} {pick(rng, self.names.last)}"
        return f"{stem}.{pick(rng, ('png', 'jpg', 'jpg', 'webm', 'gif'))}"

    def _thread(self, stream: Stream, board: Board, log: list[tuple[float, Post, str | None, str]]) -> None:
        """Puts posts into threads as they come: most answer a recent one, some open another."""
        rng, keyed = self.rng, {}
        recent: list[Thread] = []
        for _, post, key, subject in log:
            thread = keyed.get(key) if key else None
            if thread is None and (key or not recent or rng.random() < 0.06):
                title = subject or self.speech.say("q", n=pick(rng, self.speech.tables["en"]["n"]))
                thread = Thread(board, title[:1].upper() + title[1:])
                post.subject = thread.subject if stream.forum or rng.random() < 0.5 else None
                post.deleted = None
                board.threads.append(thread)
                recent = [*recent[-11:], thread]
                if key:
                    keyed[key] = thread
            elif thread is None:
                thread = recent[int(len(recent) * (1 - rng.random() ** 1.5))]
            if thread.posts and rng.random() < 0.45:
                post.quoted = (thread.posts[-1 - int(min(6, len(thread.posts)) * rng.random())],)
            post.thread = thread
            thread.posts.append(post)

    def _number(self) -> None:
        """Posts are numbered as they come: over a board on imageboards, over the whole site on forums."""
        rng = self.rng
        streams = [*(platform.stream for platform in self.platforms), *(stream for stream, _ in self._homes)]
        for stream in streams:
            groups = [list(stream.boards.values())] if stream.forum else [[board] for board in stream.boards.values()]
            for group in groups:
                number = rng.randint(1, 60_000)
                for post in sorted(
                    (post for board in group for thread in board.threads for post in thread.posts),
                    key=lambda post: post.at,
                ):
                    number += 1
                    post.number = number
            for board in stream.boards.values():
                for thread in board.threads:
                    stream.index["" if stream.forum else board.uri, thread.number] = thread
        for platform in self.platforms:
            for account in platform.accounts:
                account.messages.sort(key=lambda post: post.at)
                base = rng.randint(3, 900)
                for number, message in enumerate(account.messages, base):
                    message.number = number


def _length(spans: list[tuple[float, float]]) -> float:
    return sum(end - begin for begin, end in spans)


def _when(entry: tuple[float, Post, str | None, str]) -> float:
    return entry[0]
