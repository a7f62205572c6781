"""What happens in a world: platforms and their people, moves, decoys, everyday talk, as an event log by seed."""

from base64 import b64encode
from collections.abc import Sequence
from random import Random

from tests.world import names
from tests.world.decoys import HARD, deceive, haunt
from tests.world.life import live, number_posts
from tests.world.model import (
    DAY,
    FIRST_DAY,
    HOUR,
    UP,
    Account,
    Board,
    Decoy,
    Event,
    Person,
    Place,
    Platform,
    Post,
    Site,
    Skin,
    Stream,
)
from tests.world.moves import move
from tests.world.names import MOTTOS, RULES, pick, weighted
from tests.world.parameters import FORUMS, RINGS, Parameters
from tests.world.speech import Speech

HTML_TOO = frozenset({"vichan", "lynxchan", "jschan"})
"""Softwares whose pages a crawl can do with alone."""
STOCK_ICON = {"vichan": 101, "lynxchan": 102, "jschan": 103, "mybb": 104, "phpbb": 105, "quill": 106, "tinyib": 107,
              "fluxbb": 108, "smf": 109, "harbour": 110}  # fmt: skip


class Story:
    """A whole world; read-only once made."""

    def __init__(self, seed: int, parameters: Parameters) -> None:
        """Everything follows from both."""
        self.parameters = parameters
        self.rng = Random(f"world {seed}")
        self.names = names.Namer(self.rng, unseen=parameters.unseen)
        self.speech = Speech(self.rng, unseen=parameters.unseen)
        self.start = FIRST_DAY + self.rng.randrange(900) * DAY
        self.end = self.start + parameters.days * DAY
        self.places: dict[str, Place] = {}
        self.platforms: list[Platform] = []
        self.events: list[Event] = []
        self.decoys: list[Decoy] = []
        self.outages: list[tuple[Platform, float, float | None, str]] = []
        self.planned: dict[int, list[tuple[float, Post, str | None, str]]] = {}
        """By board: posts that are to come, the key of the thread they belong to, that thread's subject."""
        self.people = 0
        """How many persons there are."""
        self.targets: list[str] = []
        """Hosts that are linked for no reason but themselves, each as often as it is likely."""
        self.homes: list[tuple[Stream, Event | None]] = []
        self._settle()
        self._befriend()
        move(self)
        self._deceive()
        live(self)
        number_posts(self)
        haunt(self)

    # The known platforms.

    def _settle(self) -> None:
        rng, wanted = self.rng, self.parameters
        left, number = wanted.boards, 0
        while left > 0:
            count = min(left, pick(rng, (1, 1, 2, 2, 3, 4)) if number else 4)
            left -= count
            number += 1
            self.platforms.append(self._platform(number, count))
        for outside in range(number + 1, number + 1 + max(4, number * 2 // 3)):
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
        stream = self.stream(count, language, rng.randint(60, 200), forum=software in FORUMS)
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
        onion = names.onion(rng) if rng.random() < 0.25 else None
        if onion:
            site.onions.append((born, onion))
            self.place(onion, site).set(born, UP)
        nick = label.split("-")[0][:8]
        platform = Platform(
            f"p{number:02d}-{label}",
            host,
            title,
            nick,
            site,
            stream,
            staff,
            born,
            past,
            onion,
            weight=rng.paretovariate(1.3),
        )
        platform.weight = min(platform.weight, 8) * count**0.7
        for service in ("telegram", "mastodon"):
            if rng.random() < 0.6:
                platform.accounts.append(self._account(service, platform))
        return platform

    def stream(self, count: int, language: str, people: int, *, forum: bool) -> Stream:
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
        self.people += 1
        return Person(self.people, names.handle(self.rng), names.tripcode(self.rng) if trip else None, capcode)

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
            analytics=names.tracker(rng) if rng.random() < 0.35 else None,
            verification=f"{rng.getrandbits(80):020x}" if rng.random() < 0.3 else None,
            contact=f"{pick(rng, ('admin', 'desk', 'staff', 'contact'))}@{self.names.label()}-mail.example"
            if rng.random() < 0.6
            else None,
            key=rng.getrandbits(60) if rng.random() < 0.3 else None,
            wallets=tuple(names.wallet(rng) for _ in range(pick(rng, (0, 1, 1, 2)))),
            generator=rng.random() < 0.7,
            interface=software not in HTML_TOO or rng.random() < 0.85,
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

    # Telling.

    def plan(self, board: Board, post: Post, key: str | None, subject: str) -> None:
        self.planned.setdefault(id(board), []).append((post.at, post, key, subject))

    def tell(self, at: float, board: tuple[Stream, Board], text: str, person: Person | None = None, key: str | None = None,
             subject: str = "", files: tuple[str, ...] = (), *, signed: bool = False, staff: bool = False) -> Post:  # fmt: skip
        """Plans a post; by somebody of the board where no one is named."""
        stream, where = board
        named = tuple(self.file(name) for name in files)
        post = Post(at, person or pick(self.rng, stream.people), text, files=named, signed=signed, staff=staff)
        self.plan(where, post, key, subject)
        return post

    def file(self, name: str) -> tuple[str, int, str]:
        return name, self.rng.randint(4_000, 3_000_000), b64encode(self.rng.randbytes(16)).decode()

    def kin_board(self, platform: Platform, at: float, language: str | None = None) -> tuple[Stream, Board]:
        """A board that is up at a time, where those of a platform are found; of that language where there is one."""

        def up(friends: list[Platform]) -> list[Platform]:
            return [one for one in friends if one is not platform and self.places[one.host].up(at)]

        spoken = [one for one in self.crawled if one.stream.language == language] if language else []
        friend = pick(self.rng, up(spoken) or up(platform.kin) or up(self.crawled) or self.crawled)
        return friend.stream, pick(self.rng, list(friend.stream.boards.values()))

    def is_up(self, board: tuple[Stream, Board], at: float) -> bool:
        return any(one.stream is board[0] and self.places[one.host].up(at) for one in self.crawled)

    def own_board(self, platform: Platform) -> tuple[Stream, Board]:
        return platform.stream, pick(self.rng, list(platform.stream.boards.values()))

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

    def unrelated_board(
        self, host: str, software: str | None = None, since: float | None = None, guests: Sequence[Person] = ()
    ) -> Site:
        """A living board that has nothing to do with anybody, though some of another's people may be there too."""
        rng = self.rng
        software = software or weighted(rng, dict(self.parameters.engines))
        since = since if since is not None else self.start - 60 * DAY
        stream = self.stream(rng.randint(1, 5), "en", 15, forum=software in FORUMS)
        stream.people += guests
        self.homes.append((stream, None))
        for board in stream.boards.values():
            for _ in range(rng.randint(3, 30)):
                post = Post(rng.uniform(since, self.end), pick(rng, stream.people),
                            self.speech.everyday("en", pick(rng, stream.slang), "somebody"))  # fmt: skip
                post.signed = post.person.trip is not None and rng.random() < 0.8
                self.plan(board, post, None, "")
        skin = self.skin(software, host.split(".")[-2].title(), own=rng.random() < 0.5)
        return Site("board", skin.but(hidden="E" in self.parameters.off), stream, seed=rng.getrandbits(30))

    # Decoys.

    def _deceive(self) -> None:
        wanted, rng = self.parameters, self.rng
        troubles = [(event.platform, event.begins) for event in self.events]
        if not troubles:
            troubles = [(platform, at) for platform, at, _, _ in self.outages]
        for platform, begin in troubles:
            kinds = dict(wanted.decoys)
            hard = {kind: share for kind, share in kinds.items() if kind in HARD}
            enough = -(-wanted.decoys_per_event // 3)
            chosen = [weighted(rng, hard) for _ in range(enough)]
            easy = {kind: share for kind, share in kinds.items() if kind not in HARD}
            chosen += [weighted(rng, easy) for _ in range(wanted.decoys_per_event - enough)]
            if wanted.special == "copycat":
                chosen += ["phishing"] * 3
            for kind in chosen:
                at = min(max(begin, self.start + DAY), self.end - 4 * DAY)
                self.decoys.append(deceive(self, kind, platform, at))
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
                self.decoys.append(Decoy(host, "flood", hard=True, platform=victim))
