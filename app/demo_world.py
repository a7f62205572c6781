"""A small simulated web for the demo: three boards, two days, one that dies and its new home. All of it is invented.

It is served as an HTTP forward proxy that answers by host name, so the program under it is the program itself.
"""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from core.yamlfile import ConfigError

NEW_HOME = "newharbor.example"
SMALL_TALK = [
    "The kettle in the break room is broken again, who fixes it?",
    "Nice weather, I repaired my bicycle and made soup.",
    "Does anyone still have the list of lighthouse pictures?",
    "The site is slow in the evening, it has been for a week.",
    "I read the whole archive and found nothing about it.",
    "Page two of the rules is missing, ask the staff.",
    "Somebody drew the harbor at night, it looks good.",
    "Wer hat das Rezept für den Apfelkuchen noch?",
    "Опять дождь, сижу дома и читаю.",
    "That match yesterday was the worst of the season.",
]
FAREWELLS = [
    "Harbor Chan is dead. Our new home is {spelled}, same boards, pass it on to the other threads of this board.",
    "update your bookmarks: {plain} is the new address of harbor chan, the old board is gone",
    "if you came from harborchan: everyone go to {defanged}, the old site is down",
    "the admin said harbor chan moved to a new domain, the new board is {plain} now",
    "Wer von Harbor Chan kommt: neues Board ist {spelled}, bitte weitersagen",
    "переезжаем с Harbor Chan, новая доска: {plain}",
]
SPELLINGS = {
    "plain": f"https://{NEW_HOME}/",
    "spelled": "newharbor dot example",
    "defanged": "hxxps://newharbor[.]example/",
}
SPAM = "BEST PILLS cheap cheap, new site at https://pills-{number}.example/ order now"
NEWS = "the paper writes about all this: https://dailycourier.example/2026/harbor-shut-down"
SLOGAN = "blood and soil, says the sticker on the lamp post. who puts these up?"


@dataclass
class Board:
    """One simulated board site of the vichan family: its threads, and when it began and stopped answering."""

    host: str
    boards: tuple[str, ...]
    dies_at: datetime | None = None
    born_at: datetime | None = None
    posts: list[dict[str, object]] = field(default_factory=list)

    def post(self, board: str, thread: int | None, at: datetime, text: str, **fields: object) -> int:
        """Adds a post; its number."""
        number = 1 + sum(post["board"] == board for post in self.posts)
        self.posts.append({"board": board, "no": number, "thread": thread or number, "at": at, "text": text, **fields})
        return number

    def answers(self, now: datetime) -> bool:
        """Whether it is up."""
        return (self.born_at is None or now >= self.born_at) and (self.dies_at is None or now < self.dies_at)

    def visible(self, now: datetime) -> list[dict[str, object]]:
        """What is published by now."""
        return [post for post in self.posts if post["at"] <= now]  # type: ignore[operator]


class World:
    """Three boards from `start` on, and the new home of one; `now` is the simulated moment that pages show."""

    def __init__(self, start: datetime) -> None:
        self.start = self.now = start
        self.requests = 0
        death = start + timedelta(hours=27)
        self.boards = {
            board.host: board
            for board in (
                Board("harborchan.example", ("harbor", "tea"), dies_at=death),
                Board("lantern.example", ("b", "news")),
                Board("quayside.example", ("meta", "tech")),
                Board(NEW_HOME, ("harbor", "tea"), born_at=death + timedelta(hours=2)),
            )
        }
        self._talk(random.Random(8), death)  # noqa: S311 - a script, not a secret
        self._farewell(death)

    def _talk(self, chance: random.Random, death: datetime) -> None:
        for board in self.boards.values():
            begin, end = board.born_at or self.start, board.dies_at or self.start + timedelta(hours=48)
            for section in board.boards:
                threads = [board.post(section, None, begin + timedelta(hours=at), f"Thread number {at + 1}. {chance.choice(SMALL_TALK)}")
                           for at in range(4)]  # fmt: skip
                at = begin + timedelta(hours=4)
                while at < end:
                    board.post(section, chance.choice(threads), at, chance.choice(SMALL_TALK))
                    at += timedelta(minutes=chance.randint(20, 90))
        lantern = self.boards["lantern.example"]
        lantern.post("b", 2, self.start + timedelta(hours=9), SLOGAN)
        for number in range(6):
            lantern.post("b", 1, self.start + timedelta(hours=12, minutes=number), SPAM.format(number=number))
        for hours in (28, 30, 33):
            lantern.post("news", 1, death + timedelta(hours=hours - 26), NEWS)

    def _farewell(self, death: datetime) -> None:
        lantern, quayside = self.boards["lantern.example"], self.boards["quayside.example"]
        for step, text in enumerate(FAREWELLS):
            board, section = (lantern, "b") if step % 2 else (quayside, "meta")
            board.post(
                section,
                1 + step % 4,
                death + timedelta(minutes=40 + 45 * step),
                text.format(**SPELLINGS),
                name=f"Mate {step}",
            )
        quayside.post("meta", 2, death + timedelta(hours=6), f"Staff notice: harbor chan's people regroup at {NEW_HOME}, the board there is up.",
                      name="Quartermaster", capcode="Admin")  # fmt: skip

    def answer(self, host: str, path: str) -> tuple[int, str, str]:
        """Status, content type and body for one page of the simulated web."""
        self.requests += 1
        board = self.boards.get(host)
        if board is None or not board.answers(self.now):
            return 502, "text/plain", "no such host\n"
        parts = [part for part in path.split("/") if part]
        if not parts:
            return 200, "text/html; charset=utf-8", self._front(board)
        if parts[0] in board.boards and parts[1:] == ["catalog.json"]:
            return 200, "application/json", json.dumps(self._catalog(board, parts[0]))
        if parts[0] in board.boards and len(parts) == 3 and parts[1] == "res":  # noqa: PLR2004
            posts = self._thread(board, parts[0], parts[2].removesuffix(".json"))
            if posts and parts[2].endswith(".json"):
                return 200, "application/json", json.dumps({"posts": posts})
        return 404, "text/html", "<h1>404 Not Found</h1>"

    def _front(self, board: Board) -> str:
        links = " / ".join(f'<a href="/{name}/index.html">{name}</a>' for name in board.boards)
        return (
            f'<!DOCTYPE html><html><head><title>{board.host}</title><link rel="stylesheet" href="/stylesheets/style.css">'
            '<script>var configRoot="/";</script><script src="/main.js"></script></head><body>'
            f'<div class="boardlist">[ {links} ]</div><header><h1>{board.host}</h1></header>'
            '<footer><p class="unimportant">- <a href="https://github.com/vichan-devel/vichan">vichan</a> -</p></footer></body></html>'
        )

    def _catalog(self, board: Board, section: str) -> list[dict[str, object]]:
        posts = [post for post in board.visible(self.now) if post["board"] == section]
        threads = []
        for opening in posts:
            if opening["thread"] == opening["no"]:
                inside = [post for post in posts if post["thread"] == opening["no"]]
                threads.append(self._json(opening) | {"replies": len(inside) - 1, "last_modified": _epoch(inside[-1])})
        return [{"page": 0, "threads": threads}]

    def _thread(self, board: Board, section: str, number: str) -> list[dict[str, object]]:
        found = [post for post in board.visible(self.now) if post["board"] == section and str(post["thread"]) == number]
        return [self._json(post) for post in sorted(found, key=_epoch)]

    def _json(self, post: dict[str, object]) -> dict[str, object]:
        opening = post["thread"] == post["no"]
        optional = {"capcode": post["capcode"]} if "capcode" in post else {}
        return {
            "no": post["no"], "resto": 0 if opening else post["thread"], "name": post.get("name", "Anonymous"),
            "time": _epoch(post), "com": escape(str(post["text"])).replace("\n", "<br/>"),
            "sticky": 0, "locked": 0, **optional,
        }  # fmt: skip


def _epoch(post: dict[str, object]) -> int:
    return int(post["at"].timestamp())  # type: ignore[attr-defined]


@contextmanager
def serving(world: World, port: int = 0) -> Iterator[str]:
    """The world as a proxy on loopback, at a free port unless one is named; its address.

    Raises ConfigError where the port cannot be had.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, content_type, body = world.answer(parts.hostname or "", parts.path)
            content = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except (OSError, OverflowError) as error:
        raise ConfigError([f"--serve {port}: {error}; name another port"]) from None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
