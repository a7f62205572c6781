"""Places that are told about when a platform is in trouble, and are no move of anybody's."""

from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from tests.world import names
from tests.world.model import DAY, HOUR, MINUTE, UP, Account, Decoy, Platform, Post, Site, Skin, Thread
from tests.world.names import pick
from tests.world.tellings import speak_of

if TYPE_CHECKING:
    from tests.world.story import Story

HARD = frozenset({
    "phishing", "spam", "joke", "viral-news", "rival", "stock-board", "parody", "fake-channel", "other-move",
    "fan-archive", "tribute", "coin", "wiki", "mirror-list",
})  # fmt: skip
"""Kinds that show much of what true homes show."""


@dataclass(frozen=True)
class Way:
    """How a kind of decoy is told: how often, by how many, over how long, in which words."""

    posts: tuple[int, int]
    phrases: tuple[str, ...]
    by: str = "many"
    """`many`: anybody; `one`; `few`: two or three who pose as many."""
    hours: float = 30
    """Mean distance from the trouble's beginning."""
    site: str = "page"
    named: str = "host"
    path: str = ""


WAYS = {
    "phishing": Way((3, 14), ("move", "move", "official"), "few", 14, "copy", "lookalike"),
    "spam": Way((5, 25), ("move", "move", "promo"), "few", 30, "shop"),
    "joke": Way((2, 9), ("joke", "joke", "move"), "many", 12, "club", "joke"),
    "viral-news": Way((14, 45), ("news",), "many", 26, "news", path="/{number}/what-became-of-{nick}"),
    "rival": Way((3, 14), ("rival",), "many", 20, "board"),
    "stock-board": Way((1, 6), ("benign", "benign", "move"), "few", 30, "stock"),
    "other-move": Way((2, 8), ("move", "move", "benign"), "many", 30, "board"),
    "parody": Way((2, 7), ("joke", "link"), "many", 30, "parody", "lookalike"),
    "typosquat": Way((1, 2), ("reply", "move"), "many", 20, "parked", "lookalike"),
    "news": Way((1, 3), ("news",), "many", 40, "news", path="/{number}"),
    "shared-hosting": Way((1, 4), ("link",), "many", 60, "sharing"),
    "seized-banner": Way((1, 3), ("link", "ask"), "many", 40, "seized"),
    "status-page": Way((1, 4), ("link",), "many", 8, "status", "status", "/"),
    "rehosting": Way((3, 12), ("link",), "many", 50, "storage", "storage", "/src/{number}.png"),
    "archive": Way((1, 4), ("link", "news"), "many", 40, "archive", path="/{number}"),
    "shortener": Way((1, 4), ("link",), "many", 40, "shortener", path="/{number}"),
    "file-host": Way((1, 4), ("link",), "many", 50, "file-host", path="/f/{number}"),
    "meme": Way((1, 5), ("link",), "many", 20, "meme", path="/{number}"),
    "shop": Way((1, 3), ("promo", "link"), "one", 50, "shop"),
    "game": Way((1, 3), ("link",), "many", 50, "game"),
    "fake-channel": Way((1, 5), ("move", "link"), "few", 14, "channel", "channel"),
    "directory": Way((1, 3), ("link",), "many", 30, "directory", path="/alternatives/{nick}"),
    "fan-archive": Way((2, 7), ("link", "reply"), "many", 40, "frozen", "suffix"),
    "petition": Way((3, 12), ("link",), "many", 20, "petition", path="/p/{number}"),
    "wiki": Way((1, 5), ("link",), "many", 40, "wiki", "suffix", path="/wiki/{nick}"),
    "coin": Way((4, 16), ("promo", "move"), "few", 30, "coin", "suffix"),
    "survey": Way((1, 4), ("link",), "one", 30, "survey", path="/s/{number}"),
    "merchandise": Way((1, 4), ("link", "promo"), "one", 50, "shop", "suffix"),
    "tribute": Way((1, 6), ("link",), "many", 40, "tribute", "suffix"),
    "mirror-list": Way((2, 6), ("link",), "few", 20, "directory", path="/{nick}"),
    "weather": Way((1, 3), ("link",), "many", 50, "weather"),
    "radio": Way((1, 3), ("link",), "many", 50, "radio"),
}


def deceive(story: "Story", kind: str, platform: Platform, at: float) -> Decoy:
    """Builds one decoy and plans what is told of it; returns what the truth says of it."""
    rng, way = story.rng, WAYS[kind]
    begin = at + rng.expovariate(1 / (way.hours * HOUR)) - 2 * HOUR
    begin = min(max(begin, story.start + HOUR), story.end - 2 * DAY)
    host = _name(story, way, platform)
    key = host
    if way.site == "channel":
        key = _channel(story, host, platform, begin)
        host = key
    else:
        site, state = _site(story, way, host, platform, begin)
        place = story.place(host, site)
        if state:
            place.set(begin - rng.uniform(0.5, 60) * HOUR if kind != "rival" else story.start - 900 * DAY, state)
            if rng.random() < 0.1:
                place.set(begin + rng.uniform(1, 9) * DAY, pick(rng, ("no name", "refused", "403")))
    _tell(story, kind, way, host, platform, begin)
    said = {"phishing": ("warn", 0.2), "rehosting": ("service", 0.5), "status-page": ("service", 0.4)}.get(kind)
    if said and rng.random() < said[1]:
        speak_of(story, platform, begin + rng.expovariate(1 / (10 * HOUR)), said[0], host)
    return Decoy(key, kind, kind in HARD, platform)


def _name(story: "Story", way: Way, platform: Platform) -> str:
    rng = story.rng
    label = platform.host.split(".")[0]
    match way.named:
        case "lookalike" if rng.random() < 0.8:
            return story.names.lookalike(platform.host)
        case "lookalike":
            return story.names.after(platform.host, pick(rng, ("hop", "increment", "digit")), platform.nick)
        case "joke":
            return story.names.take(
                f"{pick(rng, ('pony', 'hamster', 'knitting', 'toast', 'duck'))}{pick(rng, ('-club', 'world', 'fans', 'space'))}"
            )
        case "status":
            return story.names.take(f"{label}{pick(rng, ('-status', 'status', '-isdown', 'monitor'))}")
        case "storage":
            return story.names.take(f"{label}{pick(rng, ('-cdn', '-media', 'img', 'files', '-static'))}")
        case "suffix":
            return story.names.take(
                f"{label}{pick(rng, ('-archive', 'wiki', 'pedia', '-memorial', 'coin', '-gear', 'museum'))}"
            )
        case "channel":
            return f"{label.replace('-', '_')[:14]}_{pick(rng, ('backup', 'new', 'real', 'chat', 'official2', 'refuge'))}{rng.randint(1, 99)}"
        case _:
            return story.names.host()


def _channel(story: "Story", handle: str, platform: Platform, begin: float) -> str:
    """A channel in a platform's name that is not its own."""
    place = story.place("t.me")
    account = Account("telegram", "t.me", handle, f"{platform.title} backup", official=False)
    bio = f"Backup of {platform.title}. Support us: {names.wallet(story.rng)}"
    account.bios.append((begin - 40 * DAY, bio))
    for number in range(story.rng.randint(1, 6)):
        said = (
            story.speech.say("promo", x=story.speech.written(story.names.host()))
            if story.rng.random() < 0.6
            else "Share this channel."
        )
        account.messages.append(
            Post(begin + number * HOUR * story.rng.uniform(0.5, 9), platform.staff[0], said, number=number + 2)
        )
    account.messages.sort(key=lambda post: post.at)
    for number, message in enumerate(account.messages, 2):
        message.number = number
    place.set(story.start - 900 * DAY, UP)
    place.accounts[handle.lower()] = account
    return f"t.me/{handle.lower()}"


def _site(story: "Story", way: Way, host: str, platform: Platform, begin: float) -> tuple[Site, str]:
    """What is served there, and the host's state; "" where nothing answers at all."""
    rng = story.rng
    seed = rng.getrandbits(30)
    plain = story.skin("vichan", host.split(".")[-2].title(), own=True)
    guests = rng.sample(platform.stream.people, rng.randint(0, 4))
    match way.site:
        case "copy":
            return Site(
                "board",
                _copied(story, platform, host),
                platform.stream,
                until=_copied_at(platform, begin, rng),
                seed=seed,
            ), UP
        case "frozen":
            skin = platform.skin.but(
                title=f"{platform.title} archive", wallets=(), generator=False, analytics=None, variant=seed
            )
            return Site("board", skin, platform.stream, until=_copied_at(platform, begin, rng), seed=seed), UP
        case "stock":
            software = platform.skin.software
            site = story.unrelated_board(host, software=software, since=begin - 2 * DAY, guests=guests)
            site.skin = story.skin(software, host.split(".", maxsplit=1)[0].title(), own=False).but(
                icon=story.stock_icon(software), hidden=site.skin.hidden
            )
            return site, UP
        case "board":
            return story.unrelated_board(host, guests=guests), UP
        case "sharing":
            shared = platform.skin.analytics or names.tracker(rng)
            return Site("blog", plain.but(analytics=shared), seed=seed), UP
        case "storage":
            return Site("storage", plain.but(title=f"{platform.title} files", icon=platform.skin.icon), seed=seed), UP
        case "club":
            return Site("club", plain, seed=seed), UP if rng.random() < 0.5 else ""
        case "parked" | "seized":
            return Site("shop", plain, seed=seed), way.site
        case kind:
            about = {"old": platform.title, "host": platform.host, "x": host}
            titled = (
                f"{platform.title} {kind}" if kind in ("parody", "status", "wiki", "tribute", "coin") else plain.title
            )
            return Site(kind, plain.but(title=titled), seed=seed, about=about), UP


def _copied_at(platform: Platform, begin: float, rng: Random) -> float:
    """When a copy of a platform was taken: while it still stood."""
    taken = begin - rng.uniform(1, 40) * HOUR
    return min(taken, platform.down - HOUR) if platform.down is not None else taken


def _copied(story: "Story", platform: Platform, host: str) -> Skin:
    """A copy's looks: all that can be copied, but for what the impostor lives on."""
    rng, old, off = story.rng, platform.skin, story.parameters.off
    if story.parameters.special == "copycat":
        return old
    skin = old.but(signed_mirrors=False, hidden="E" in off)
    if rng.random() < 0.3:
        skin = skin.but(analytics=None)
    if rng.random() < 0.3:
        skin = skin.but(contact=f"help@{host}")
    if "F" not in off:
        skin = skin.but(wallets=(names.wallet(rng),), form=pick(rng, ("login", "payment", "login", None)))
    if "C" in off:
        skin = skin.but(variant=rng.getrandbits(30) + 1, icon=rng.getrandbits(30) + 1000)
    if "D" in off:
        skin = skin.but(analytics=None, verification=None, contact=None, key=None)
    return skin


def _tell(story: "Story", kind: str, way: Way, host: str, platform: Platform, begin: float) -> None:
    rng, speech = story.rng, story.speech
    many = way.by == "many" or (way.by == "few" and "F" in story.parameters.off)
    voices = [None] if many else [story.person() for _ in range(1 if way.by == "one" else rng.randint(1, 3))]
    thread = story.kin_board(platform, begin)
    other = story.names.label() if kind == "other-move" else None
    path = way.path.format(number=rng.randint(1000, 99999), nick=platform.nick)
    at = begin
    for number in range(rng.randint(*way.posts)):
        own = platform.crawled and story.places[platform.host].up(at) and rng.random() < 0.3
        board = story.own_board(platform) if own else thread if rng.random() < 0.3 else story.kin_board(platform, at)
        address = f"https://{host}" if way.site == "channel" else speech.written(host, path)
        if way.by == "few" and rng.random() < 0.15 and way.site != "channel":
            address = speech.disguised(host)
        phrase = pick(rng, way.phrases)
        said = speech.say(
            phrase,
            board[0].language,
            x="{x}",
            old=other or story.called(platform),
            s=pick(rng, platform.stream.slang if rng.random() < 0.4 else board[0].slang),
            person=platform.staff[0].name,
        )
        text = speech.typed(said).replace("{x}", address).replace("{X}", address)
        if address not in text:
            text = f"{text} {address}"
        if rng.random() < 0.25:
            text = f"{speech.everyday(board[0].language, 'good', 'somebody')}\n{text}"
        key = f"{kind} {host}" if board is thread else None
        post = story.tell(at, board, text, pick(rng, voices), key, other or platform.title if number == 0 else "")
        if way.by == "few" and rng.random() < 0.3:
            post.deleted = at + rng.uniform(0.2, 12) * HOUR
        elif rng.random() < 0.3 and key:
            reply = speech.say(
                pick(rng, ("doubt", "reply", "resp")), "en", old=platform.title, s="good", person="somebody"
            )
            story.tell(min(at + rng.expovariate(1 / HOUR) + MINUTE, story.end - 1), board, reply, key=key)
        at = min(begin + rng.expovariate(1 / (20 * HOUR)), story.end - HOUR)


def haunt(story: "Story") -> None:
    """On some copies a robot posts, and nobody answers."""
    rng = story.rng
    for decoy in story.decoys:
        place = story.places.get(decoy.place)
        if decoy.kind != "phishing" or place is None or rng.random() < 0.6:
            continue
        assert place.site is not None
        site, old, robot = place.site, decoy.platform.stream, story.person()
        site.stream = copy = replace(
            old,
            boards={uri: replace(board, threads=[*board.threads]) for uri, board in old.boards.items()},
            index=dict(old.index),
        )
        board = pick(rng, list(copy.boards.values()))
        begin = max(begin for begin, _ in place.times_up(story.end)) + HOUR
        number = max(
            (post.number for one in copy.boards.values() for thread in one.threads for post in thread.posts), default=0
        )
        thread = Thread(board, "Welcome", fresh=True)
        for step in range(rng.randint(2, 9)):
            said = story.speech.say(pick(rng, ("promo", "official", "resp")), x=decoy.place, old=decoy.platform.title)
            thread.posts.append(Post(begin + step * 5 * HOUR, robot, said, thread=thread, number=number + step + 1))
        thread.posts[0].subject = thread.subject
        board.threads.append(thread)
        copy.index["" if copy.forum else board.uri, thread.number] = thread
