"""What is told of moves: official words, friends' rings, and users who tell one another, with the talk around it."""

from typing import TYPE_CHECKING

from tests.world.model import DAY, HOUR, MINUTE, Account, Board, Event, Platform, Post, Stream
from tests.world.names import pick

if TYPE_CHECKING:
    from tests.world.story import Story


def wonder(story: "Story", platform: Platform, begin: float, end: float) -> None:
    """Users of other boards ask what happened."""
    rng = story.rng
    key = f"down {platform.id} {begin:.0f}"
    board = story.kin_board(platform, begin)
    for number in range(rng.randint(2, 9)):
        at = begin + rng.expovariate(1 / (5 * HOUR)) + 4 * MINUTE
        if at > end + 3 * HOUR:
            continue
        ask = story.speech.typed(story.speech.say("ask", board[0].language, old=story.called(platform)))
        here = board if rng.random() < 0.6 else story.kin_board(platform, at)
        story.tell(at, here, ask, key=key if here is board else None, subject=platform.title if number == 0 else "")


def announce(story: "Story", event: Event) -> None:
    rng, platform, off = story.rng, event.platform, story.parameters.off
    if platform.down is not None and event.old_home not in ("stays", "gone already"):
        wonder(story, platform, event.begins, event.told)
    if event.lag == "pre-existing" and not event.same_operator and event.pointer != "file name":
        _known_before(story, event)
    crowd = 2 + min(80, int(5 * rng.paretovariate(1.1)))
    if event.pointer == "official":
        _official(story, event)
    elif event.pointer == "staff":
        _staff(story, event)
    elif event.pointer == "webring":
        _ring(story, event)
        crowd = rng.randint(0, 2)
    elif event.pointer in ("anonymous", "disguised", "language"):
        crowd += 2
    if (
        event.relation == "clone"
        and event.pointer != "file name"
        and platform.accounts
        and "A" not in off
        and rng.random() < 0.35
    ):
        at = min(event.told + rng.expovariate(1 / (12 * HOUR)) + HOUR, story.end - HOUR)
        event.tellings.append(("message", _by_account(story, platform, at, "disown", event.place)))
    if "B" in off:
        crowd = 1 if event.pointer in ("anonymous", "disguised", "language", "file name") else 0
    _crowd(story, event, crowd)


def _known_before(story: "Story", event: Event) -> None:
    """What has long been there was linked now and then, before anybody thought of moving to it."""
    for _ in range(story.rng.randint(0, 3)):
        at = story.start + story.rng.random() * (event.told - story.start - 12 * HOUR)
        if at > max(event.live, story.start):
            board = story.kin_board(event.platform, at)
            story.tell(at, board, story.speech.say("link", board[0].language, x=story.speech.written(event.place)))


def _forward(story: "Story", event: Event, account: Account, message: Post) -> None:
    """Friends' channels pass a message on."""
    for friend in story.platforms:
        for other in friend.accounts:
            if other is not account and other.service == account.service == "telegram" and story.rng.random() < 0.12:
                at = message.at + story.rng.expovariate(1 / (6 * HOUR)) + MINUTE
                copy = Post(min(at, story.end - 1), friend.staff[0], message.text, forwarded=(account, message))
                other.messages.append(copy)
                event.tellings.append(("message", (other, copy)))


def _by_account(story: "Story", platform: Platform, at: float, kind: str, host: str) -> tuple[Account, Post]:
    """A message of one of a platform's accounts about a place."""
    account = pick(story.rng, platform.accounts)
    message = Post(at, platform.staff[0], story.speech.say(kind, x=story.speech.written(host), old=platform.title))
    account.messages.append(message)
    return account, message


def speak_of(story: "Story", platform: Platform, at: float, kind: str, host: str) -> None:
    """Those who run a platform say something about a place that is no move, where they have an account."""
    if platform.accounts and "A" not in story.parameters.off:
        _by_account(story, platform, at, kind, host)


def _official(story: "Story", event: Event) -> None:
    rng, platform = story.rng, event.platform
    account = pick(rng, platform.accounts)
    early = event.told < event.live
    roll = rng.random()
    if roll < 0.8 or early:
        said = story.speech.say(
            "soon" if early and rng.random() < 0.6 else "official",
            x=story.speech.written(event.address(rng)),
            old=platform.title,
        )
        message = Post(event.told, platform.staff[0], said)
        account.messages.append(message)
        event.tellings.append(("message", (account, message)))
        _forward(story, event, account, message)
        for _ in range(rng.randint(0, 5)):
            again = Post(event.told + rng.uniform(0.2, 9) * DAY, platform.staff[0],
                         story.speech.say("official", x=story.speech.written(event.address(rng)), old=platform.title))  # fmt: skip
            account.messages.append(again)
            event.tellings.append(("message", (account, again)))
    if roll >= 0.8 or rng.random() < 0.5:
        at = event.told if roll >= 0.8 else event.told + rng.uniform(0.1, 30) * HOUR
        account.bios.append((at, story.speech.say("bio", x=story.speech.written(event.place), old=platform.title)))
        account.bios.sort()
        event.tellings.append(("bio", (account, at)))


def _staff(story: "Story", event: Event) -> None:
    platform = event.platform
    admin = next((one for one in platform.staff if one.capcode in ("Admin", "Board Owner")), platform.staff[0])
    said = story.speech.say(
        "soon" if event.told < event.live else "official", x=story.speech.written(event.place), old=platform.title
    )
    at_home = platform.crawled and story.places[platform.host].up(event.told)
    board = story.own_board(platform) if at_home else story.kin_board(platform, event.told)
    post = story.tell(
        event.told, board, said, admin, signed=True, staff=at_home, key=f"staff {event.id}", subject=platform.title
    )
    event.tellings.append(("post", post))


def _ring(story: "Story", event: Event) -> None:
    rings = [
        one
        for one in story.crawled
        if one.stream.ring and one is not event.platform and story.places[one.host].up(event.told)
    ]
    for number, friend in enumerate(story.rng.sample(rings, min(len(rings), 2))):
        at = event.told + number * story.rng.uniform(1, 50) * HOUR
        known = [entry for entry in friend.stream.ring if entry[0] <= at][-1][1]
        friend.stream.ring.append((at, (*known, f"http://{event.place}")))
        friend.stream.ring.sort()
        for later, (when, listed) in enumerate(friend.stream.ring):  # what was added before stays in what follows
            if when > at and f"http://{event.place}" not in listed:
                friend.stream.ring[later] = (when, (*listed, f"http://{event.place}"))
        event.tellings.append(("ring", (friend, at)))


def _times(story: "Story", event: Event, count: int) -> list[float]:
    """When users tell of it: most within hours of the first who does, some over days."""
    rng, first = story.rng, event.told
    if event.pointer not in ("anonymous", "disguised", "language", "file name"):
        first += rng.uniform(0.1, 6) * HOUR  # they repeat what others said
    later = [rng.expovariate(1 / ((6 * HOUR) if rng.random() < 0.6 else 4 * DAY)) + MINUTE for _ in range(count - 1)]
    return [at for at in sorted([first, *(first + delay for delay in later)]) if at < story.end - HOUR][:count]


def _crowd(story: "Story", event: Event, count: int) -> None:
    """Users tell one another, in several threads and places, with talk around it."""
    rng, platform = story.rng, event.platform
    language = event.language if event.pointer == "language" else None
    thread = story.kin_board(platform, event.told, language)
    own = story.places[platform.host]
    tellers = rng.sample(platform.stream.people, min(len(platform.stream.people), max(2, count)))
    for number, at in enumerate(_times(story, event, count)):
        roll = rng.random()
        key, subject = None, ""
        if roll < 0.4 and story.is_up(thread, at):
            board, key, subject = thread, f"move {event.id}", platform.title
        elif roll < 0.6 and platform.crawled and own.up(at):
            board = story.own_board(platform)
        else:
            board = story.kin_board(platform, at, language)
        person = tellers[number % len(tellers)] if rng.random() < 0.9 else pick(rng, tellers)
        text = _telling(story, event, board[0].language, at)
        files: tuple[str, ...] = ()
        if event.pointer == "file name":
            text, files = story.speech.say("filename", board[0].language), (_file_name(story, event),)
        post = story.tell(at, board, text, person, key, subject, files, signed=bool(person.trip) and rng.random() < 0.8)
        if rng.random() < 0.08:
            post.deleted = at + rng.uniform(0.3, 30) * HOUR
        event.tellings.append(("post", post))
        if key:
            _chatter(story, event, board, key, at)


def _file_name(story: "Story", event: Event) -> str:
    dot, ending = pick(story.rng, (".", "_", " dot ")), pick(story.rng, ("png", "jpg"))
    return f"{event.place.replace('.', dot)}.{ending}"


def _telling(story: "Story", event: Event, board_language: str, at: float) -> str:
    """What somebody writes who tells of it."""
    rng = story.rng
    language = event.language if event.pointer == "language" else board_language
    host = event.address(rng)
    hidden = (event.pointer == "disguised" and rng.random() < 0.9) or rng.random() < 0.06
    address = story.speech.disguised(host) if hidden and not host.endswith(".onion") else story.speech.written(host)
    kind = "soon" if at < event.live and language == "en" else "move"
    said = story.speech.say(
        kind,
        language,
        x="{x}",
        old=story.called(event.platform),
        s=pick(rng, event.platform.stream.slang),
        person=event.platform.staff[0].name,
    )
    text = story.speech.typed(said).replace("{x}", address).replace("{X}", address)
    if rng.random() < 0.25:
        text += "\n" + story.speech.everyday(language, pick(rng, event.platform.stream.slang), "somebody")
    return text


def _chatter(story: "Story", event: Event, board: tuple[Stream, Board], key: str, at: float) -> None:
    rng = story.rng
    for _ in range(rng.randint(0, 3)):
        kind = pick(rng, ("reply", "reply", "doubt", "ask"))
        said = story.speech.say(
            kind,
            board[0].language,
            old=story.called(event.platform),
            s=pick(rng, event.platform.stream.slang),
            person=event.platform.staff[0].name,
        )
        story.tell(
            min(at + rng.expovariate(1 / HOUR) + MINUTE, story.end - 1), board, story.speech.typed(said), key=key
        )


def talk_of_outage(story: "Story", platform: Platform) -> None:
    [(begin, end, kind)] = [(at, end, kind) for one, at, end, kind in story.outages if one is platform]
    if end is not None and kind not in ("challenge", "blocked"):
        wonder(story, platform, begin, end)
        at = end + story.rng.uniform(0.1, 2) * HOUR
        story.tell(at, story.kin_board(platform, at), story.speech.say("back", old=platform.title))
