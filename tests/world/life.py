"""Everyday life: posts about nothing, links to anything, threads and numbers."""

import heapq
from typing import TYPE_CHECKING

from tests.world.model import DAY, HOUR, UP, Account, Board, Platform, Post, Site, Stream, Thread
from tests.world.moves import copy_threads
from tests.world.names import pick

if TYPE_CHECKING:
    from tests.world.story import Story

ARCHIVES = ("archive.ph", "web.archive.org", "archive.today")
SHORTENERS = ("bit.ly", "tinyurl.com", "is.gd")
POPULAR = (
    "www.youtube.com", "en.wikipedia.org", "twitter.com", "x.com", "www.reddit.com", "github.com", "imgur.com",
    "files.catbox.moe", "soundcloud.com", "store.steampowered.com", "www.bbc.co.uk", "odysee.com",
)  # fmt: skip
"""Services that everybody links to. Nothing of them is simulated but that they answer."""
PLAIN = ("news", "shop", "blog", "game", "file-host", "meme", "video", "software", "recipe", "club")


def live(story: "Story") -> None:
    rng, wanted = story.rng, story.parameters
    used = len(story.decoys) + len(story.events)
    story.targets = _everyday_places(story, max(0, wanted.unseen_domains - used))
    _crazes(story)
    accounts = [(platform, account) for platform in story.platforms for account in platform.accounts]
    for platform, account in accounts:
        _notices(story, platform, account)
    already = sum(
        len(story.planned.get(id(board), ())) for platform in story.crawled for board in platform.stream.boards.values()
    )
    left = max(0, wanted.posts - already - sum(len(account.messages) for _, account in accounts))
    spans = {platform.id: _spans(story, platform) for platform in story.platforms}
    total = sum(platform.weight * _length(spans[platform.id][0]) for platform in story.crawled)
    for platform in story.platforms:
        seen, unseen = spans[platform.id]
        rate = left * platform.weight / total if platform.crawled else rng.uniform(200, 700) / (story.end - story.start)
        boards = list(platform.stream.boards.values())
        shares = [rng.paretovariate(1.5) for _ in boards]
        for board, share in zip(boards, shares, strict=True):
            part = rate * share / sum(shares)
            _fill_board(
                story, platform, board, _times(story, part, seen) + _times(story, min(part, 1500 / DAY / 60), unseen)
            )
    for stream, event in story.homes:
        if event is not None:
            copy_threads(story, event, stream)
        for board in stream.boards.values():
            planned = sorted(story.planned.pop(id(board), []), key=_when)
            _thread(story, stream, board, planned)


def _spans(story: "Story", platform: Platform) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """When people post where they always did, and when at the new address of those who run it."""
    if platform.down is None:
        return [(story.start, story.end)], []
    later = (max(platform.again, platform.down), story.end) if platform.again is not None else None
    before = (story.start, platform.down)
    if platform.moved:
        return [before], [later] if later else []
    return [before, later] if later else [before], []


def _times(story: "Story", rate: float, spans: list[tuple[float, float]]) -> list[float]:
    """Moments of posts, so many a second on the average: more by day than by night."""
    rng, made = story.rng, []
    for begin, end in spans:
        for _ in range(round(rate * (end - begin))):
            at = begin + rng.random() * (end - begin)
            while at % DAY < 8 * HOUR and rng.random() < 0.55:
                at = begin + rng.random() * (end - begin)
            made.append(at)
    return sorted(made)


def _everyday_places(story: "Story", count: int) -> list[str]:
    """Hosts that are linked for no reason but themselves, each as often as it is likely."""
    rng, made = story.rng, []
    for number in range(count):
        host = story.names.host()
        if rng.random() < 0.1:
            host = f"{pick(rng, ('blog', 'files', 'shop', 'forum', 'm'))}.{host}"
        kind = pick(rng, PLAIN)
        site = Site(kind, story.skin("vichan", host.split(".")[-2], own=True), seed=rng.getrandbits(30))
        if rng.random() < 0.04:
            site = story.unrelated_board(host)
        place = story.place(host, site)
        new = rng.random() < 0.12
        place.set(
            story.start + rng.random() * story.parameters.days * DAY
            if new
            else story.start - rng.randint(1, 4000) * DAY,
            UP,
        )
        if rng.random() < 0.06:
            place.set(
                story.start + rng.random() * (story.end - story.start),
                pick(rng, ("no name", "refused", "timeout", "parked", "403")),
            )
        made += [host] * (max(1, round(40 * rng.random())) if number < count * 0.03 else 1)
    return made or [POPULAR[0]]


def _crazes(story: "Story") -> None:
    """What everybody links to for some days, and nobody after: a film, a game, a quarrel elsewhere."""
    rng = story.rng
    for _ in range(rng.randint(5, 10)):
        host, begin = pick(rng, story.targets), story.start + rng.random() * (story.end - story.start - 5 * DAY)
        path = f"/{rng.randint(1, 99999)}"
        for _ in range(rng.randint(8, 40)):
            at = begin + rng.expovariate(1 / (18 * HOUR))
            board = story.kin_board(pick(rng, story.platforms), min(at, story.end - 1))
            text = story.speech.typed(story.speech.say("link", board[0].language, x="{x}"))
            if at < story.end:
                said = text.replace("{x}", story.speech.written(host, path)).replace(
                    "{X}", story.speech.written(host, path)
                )
                story.tell(at, board, said)


def _notices(story: "Story", platform: Platform, account: Account) -> None:
    rng = story.rng
    for _ in range(int(story.parameters.days * rng.uniform(0.3, 2))):
        text = story.speech.say("notice", n=pick(rng, story.speech.tables["en"]["n"]))
        if rng.random() < 0.2:
            text += f" https://{platform.host}/"
        elif rng.random() < 0.08:
            text += f" https://{pick(story.rng, story.targets)}/"
        account.messages.append(Post(story.start + rng.random() * (story.end - story.start), platform.staff[0], text))


def _link(story: "Story") -> str:
    """An address of everyday talk."""
    rng = story.rng
    roll = rng.random()
    if roll < 0.45:
        host = pick(rng, POPULAR)
        return f"https://{host}/{pick(rng, ('watch?v=', 'wiki/', 'a/', 'i/', 'r/'))}{rng.getrandbits(40):x}"
    if roll < 0.52:
        return f"https://{pick(rng, ARCHIVES)}/{rng.getrandbits(25):x}"
    if roll < 0.55:
        return f"https://{pick(rng, SHORTENERS)}/{rng.getrandbits(25):x}"
    if roll < 0.6:
        return f"https://t.me/{pick(rng, story.names.first)}_{pick(rng, story.names.last)}{rng.randint(1, 30)}"
    if roll < 0.66:
        platform = pick(rng, story.platforms)
        return f"https://{platform.past if platform.past and rng.random() < 0.15 else platform.host}/"
    path = pick(rng, ("/", "", f"/{pick(rng, story.names.last)}", f"/{rng.randint(1, 9999)}.html", "/about"))
    return story.speech.written(pick(story.rng, story.targets), path)


def _fill_board(story: "Story", platform: Platform, board: Board, times: list[float]) -> None:
    rng, stream, speech = story.rng, platform.stream, story.speech
    people = stream.people
    everyday: list[tuple[float, Post, str | None, str]] = []
    names_of_files = stream.forum
    for at in times:
        person = people[int(len(people) * rng.random() ** 2)]
        slang = stream.slang[int(rng.random() * 6)] if rng.random() < 0.3 else "good"
        text = speech.everyday(board.language, slang, "somebody")
        if rng.random() < 0.2:
            kind = "benign" if rng.random() < 0.03 else "link"
            link = speech.say(kind, board.language if board.language in speech.tables else "en", x=_link(story))
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
            post.files = (story.file(_file_name(story)),)
        if rng.random() < 0.01:
            post.deleted = at + rng.expovariate(1 / (8 * HOUR))
        elif stream.forum and rng.random() < 0.01:
            post.edits = ((at + rng.expovariate(1 / (3 * HOUR)), text + "\nedit: " + speech.say("resp")),)
        everyday.append((at, post, None, ""))
    planned = sorted(story.planned.pop(id(board), []), key=_when)
    _thread(story, stream, board, list(heapq.merge(everyday, planned, key=_when)))


def _file_name(story: "Story") -> str:
    rng = story.rng
    roll = rng.random()
    if roll < 0.5:
        stem = str(story.start + rng.randrange(5_000_000)) + "123"
    elif roll < 0.7:
        stem = f"IMG_{rng.randint(1, 9999):04d}"
    else:
        stem = f"{pick(rng, story.names.first)} {pick(rng, story.names.last)}"
    return f"{stem}.{pick(rng, ('png', 'jpg', 'jpg', 'webm', 'gif'))}"


def _thread(story: "Story", stream: Stream, board: Board, log: list[tuple[float, Post, str | None, str]]) -> None:
    """Puts posts into threads as they come: most answer a recent one, some open another."""
    rng = story.rng
    keyed: dict[str, Thread] = {}
    recent: list[Thread] = []
    for _, post, key, subject in log:
        thread = keyed.get(key) if key else None
        if thread is None and (key or not recent or rng.random() < 0.06):
            title = subject or story.speech.say("q", n=pick(rng, story.speech.tables["en"]["n"]))
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


def number_posts(story: "Story") -> None:
    """Posts are numbered as they come: over a board on imageboards, over the whole site on forums."""
    rng = story.rng
    streams = [*(platform.stream for platform in story.platforms), *(stream for stream, _ in story.homes)]
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
    for platform in story.platforms:
        for account in platform.accounts:
            account.messages.sort(key=lambda post: post.at)
            base = rng.randint(3, 900)
            for number, message in enumerate(account.messages, base):
                message.number = number


def _length(spans: list[tuple[float, float]]) -> float:
    return sum(end - begin for begin, end in spans)


def _when(entry: tuple[float, Post, str | None, str]) -> float:
    return entry[0]
