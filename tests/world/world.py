"""A world to ask: what a crawl would read, what a host answers, and what the truth is."""

import heapq
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from tests.world import accounts, pages, plain
from tests.world.life import ARCHIVES, POPULAR, SHORTENERS
from tests.world.model import SLOW, UNREACHABLE, UP, Account, Board, Event, Place, Platform, Post, Skin, hyperlinks
from tests.world.parameters import Parameters
from tests.world.story import Story
from tests.world.view import HTML, Answer, View, answer, missing, poster_id, signed

READABLE = frozenset({"vichan", "lynxchan", "jschan", "tinyib", "mybb", "phpbb", "fluxbb", "smf"})
"""Softwares that a source names; those of one site alone are left to be found out."""
ELSEWHERE = frozenset({*POPULAR, *ARCHIVES, *SHORTENERS})
CONTROL = "world.control.test"
"""The host at which a proxy takes the time."""


def moment(seconds: float) -> str:
    """A time as ISO 8601 in UTC."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


def seconds(written: str) -> float:
    """A time of ISO 8601 as seconds since 1970; ValueError for one without a zone."""
    at = datetime.fromisoformat(written)
    if at.tzinfo is None:
        raise ValueError(f"a time with its zone, not {written}")
    return at.timestamp()


class Unreachable(Exception):
    """A host does not answer; the message is what a client would say."""


class Source:
    """What is crawled: a site of a platform, or one of its accounts."""

    def __init__(self, name: str, platform: Platform, place: Place, account: Account | None = None) -> None:
        self.name, self.platform, self.place, self.account = name, platform, place, account
        self.log = sorted(self._log(), key=lambda entry: entry[0])
        self.read = 0
        self.gone: list[tuple[float, int, Post]] = []

    def _log(self) -> Iterator[tuple[float, int, str, Any]]:
        if self.account is not None:
            for at, bio in self.account.bios:
                yield at, 0, "bio", bio
            for post in self.account.messages:
                yield from _life(post)
            return
        stream = self.platform.stream
        for at, sites in stream.ring:
            yield at, 0, "ring", sites
        for board in stream.boards.values():
            for thread in board.threads:
                for post in thread.posts:
                    yield from _life(post)

    def new(self, until: float) -> Iterator[dict[str, Any]]:
        """What has been published since the last time, if it can be reached now; the latest state of what changed."""
        if not self.place.up(until):
            return
        latest: dict[str, tuple[float, Any]] = {}
        while self.read < len(self.log) and self.log[self.read][0] <= until:
            at, _, kind, told = self.log[self.read]
            self.read += 1
            if kind in ("bio", "ring"):
                latest[kind] = at, told
            elif kind == "edit":
                if told.at <= until and (told.deleted is None or told.deleted > until):
                    yield self.shown(told, until)
            elif told.deleted is None or told.deleted > until:
                if told.deleted is not None:
                    heapq.heappush(self.gone, (told.deleted, told.number, told))
                yield self.shown(told, until)
        for kind, (at, told) in latest.items():
            yield self._about(at, told) if kind == "bio" else self._ring(at, told)

    def deleted(self, until: float) -> Iterator[dict[str, Any]]:
        """What was read before and is no longer there."""
        while self.place.up(until) and self.gone and self.gone[0][0] <= until:
            post = heapq.heappop(self.gone)[2]
            board = post.thread.board if post.thread else None
            yield {"source": self.name, "number": self._number(post), "board": self._board(board)}

    def _number(self, post: Post) -> int | str:
        return (
            str(accounts.status_id(post))
            if self.account is not None and self.account.service == "mastodon"
            else post.number
        )

    def _board(self, board: Board | None) -> str | None:
        if self.account is not None:
            return self.account.handle.lower() if self.account.service == "telegram" else None
        if board is None or self.platform.skin.software not in READABLE:
            return None
        return board.title if self.platform.stream.forum else board.uri

    def shown(self, post: Post, now: float) -> dict[str, Any]:
        """A post as the page of it would give it."""
        text = post.text_at(now)
        changed = max((at for at, _ in post.edits if at <= now), default=post.at)
        links = [{"raw": link, "url": link} for link in dict.fromkeys(hyperlinks(text))]
        told = self._empty(changed) | {
            "number": self._number(post),
            "posted_at": moment(post.at),
            "text": text,
            "links": links,
        }
        return told | (
            self._on_account(self.account, post, told["number"], links)
            if self.account
            else self._on_site(post, text, now)
        )

    def _on_account(
        self, account: Account, post: Post, number: int | str, links: list[dict[str, str]]
    ) -> dict[str, Any]:
        if account.service == "telegram":
            told: dict[str, Any] = {"board": account.handle.lower(), "url": f"https://t.me/{account.handle}/{number}"}
            if post.forwarded is not None:
                first, original = post.forwarded
                address = f"https://t.me/{first.handle}/{original.number}"
                told |= {"forwarded_from": first.title, "links": [*links, {"raw": address, "url": address}]}
            return told
        return {"name": account.handle, "url": f"http://{account.host}/@{account.handle}/{number}"}

    def _on_site(self, post: Post, text: str, now: float) -> dict[str, Any]:
        assert post.thread is not None
        stream, software, thread = self.platform.stream, self.platform.skin.software, post.thread
        path = View(self.platform.site, self.place.host, now).thread_path(thread)
        told: dict[str, Any] = {
            "board": self._board(thread.board), "op": post is thread.posts[0],
            "url": f"http://{self.place.host}{path}{ANCHOR.get(software, '#{}').format(post.number)}",
        }  # fmt: skip
        name, trip, capcode = signed(post, stream)
        if software not in READABLE:  # a reader by structure alone sees addresses and no more
            return told | {"thread": path, "name": name}
        told |= {"thread": thread.number, "subject": post.subject, "quotes": [quoted.number for quoted in post.quoted]}
        if stream.forum:
            if software == "fluxbb":
                told["quotes"] = []
            elif post is not thread.posts[0]:
                told["subject"] = f"Re: {thread.subject}"
            return told | {"name": name}
        told["attachments"] = [
            {"filename": file, "size": size, "md5": _md5(self.platform.skin, given, post.number)}
            for file, size, given in post.files
        ]
        told["text"] = "".join(f">>{quoted.number}\n" for quoted in post.quoted) + text
        if software == "tinyib":
            return told | {"name": None if name == "Anonymous" else name, "tripcode": trip}
        trip = f"#{trip.lstrip('!')}" if trip and software == "lynxchan" else trip
        return told | {"name": name, "tripcode": trip, "capcode": capcode, "poster_id": poster_id(post, stream)}

    def _empty(self, at: float) -> dict[str, Any]:
        nothing = dict.fromkeys(
            (
                "board",
                "thread",
                "number",
                "url",
                "posted_at",
                "name",
                "tripcode",
                "capcode",
                "poster_id",
                "subject",
                "forwarded_from",
            )
        )
        return (
            {"source": self.name, "at": moment(at)}
            | nothing
            | {"text": "", "quotes": [], "attachments": [], "links": [], "op": False}
        )

    def _about(self, at: float, bio: str) -> dict[str, Any]:
        assert self.account is not None
        links = [{"raw": link, "url": link} for link in dict.fromkeys(hyperlinks(bio))]
        number = "about" if self.account.service == "telegram" else f"profile {self.account.handle}"
        name = self.account.handle if self.account.service == "mastodon" else None
        return self._empty(at) | {
            "board": self._board(None),
            "number": number,
            "url": self.account.url,
            "name": name,
            "subject": self.account.title,
            "text": bio,
            "links": links,
        }

    def _ring(self, at: float, sites: tuple[str, ...]) -> dict[str, Any]:
        listed = [f"{site}/webring.json" for site in sites]
        links = [{"raw": site, "url": site} for site in listed]
        return self._empty(at) | {
            "number": "webring",
            "url": f"http://{self.place.host}/webring.json",
            "subject": self.platform.skin.title,
            "text": "\n".join(listed),
            "links": links,
        }


ANCHOR = {"mybb": "#pid{}", "phpbb": "#p{}", "fluxbb": "#p{}", "smf": "#msg{}", "quill": "#note-{}", "harbour": ""}


def _md5(skin: Skin, given: str, number: int) -> str | None:
    """A file's hash where its board publishes one: vichan in JSON only."""
    return (
        given
        if skin.software == "vichan" and skin.interface
        else f"{number:032x}"
        if skin.software == "tinyib"
        else None
    )


def _life(post: Post) -> Iterator[tuple[float, int, str, Any]]:
    yield post.at, post.number, "post", post
    for at, _ in post.edits:
        yield at, post.number, "edit", post


class World:
    """A simulated web over some weeks: deterministic by seed and parameters."""

    def __init__(self, seed: int, **parameters: Any) -> None:
        """`parameters`: fields of `Parameters`; TypeError or ValueError for what no world can be made by."""
        self.seed = seed
        self.story = Story(seed, Parameters(**parameters))
        self.start, self.end = float(self.story.start), float(self.story.end)
        self.sources: dict[str, Source] = {}
        for platform in self.story.platforms:
            if platform.crawled:
                self._add(Source(platform.id, platform, self.story.places[platform.host]))
            for account in platform.accounts:
                self._add(
                    Source(f"{platform.id}-{account.service}", platform, self.story.places[account.host], account)
                )

    def _add(self, source: Source) -> None:
        self.sources[source.name] = source

    # What the product may know.

    def configure(self, folder: Path) -> dict[str, Any]:
        """Writes the configuration of everything that is known at the start; returns start, end and the sources' names."""
        for kind in ("sources", "platforms"):
            (folder / kind).mkdir(parents=True, exist_ok=True)
        for source in self.sources.values():
            (folder / "sources" / f"{source.name}.yml").write_text(_yaml(self._source(source)), "utf-8")
        for platform in self.story.platforms:
            (folder / "platforms" / f"{platform.id}.yml").write_text(_yaml(self._platform(platform)), "utf-8")
        return {"start": moment(self.start), "end": moment(self.end), "sources": sorted(self.sources)}

    def _source(self, source: Source) -> dict[str, Any]:
        platform, account = source.platform, source.account
        told: dict[str, Any] = {
            "platform": platform.id,
            "schedule": "every 1h",
            "delay": "0s",
            "author_policy": "pseudonym",
        }
        if account is not None:
            return told | {
                "url": account.url,
                "engine": account.service,
                "kind": "channel" if account.service == "telegram" else "account",
            }
        software = platform.skin.software
        return told | {
            "url": f"http://{platform.host}/",
            "engine": software if software in READABLE else "auto",
            "kind": "site",
            "language": platform.stream.language,
        }

    def _platform(self, platform: Platform) -> dict[str, Any]:
        domains = [{"domain": platform.host, "from": moment(platform.born)[:10]}]
        if platform.past:
            domains.append({"domain": platform.past, "to": moment(platform.born)[:10]})
        told: dict[str, Any] = {
            "names": list(dict.fromkeys([platform.title, platform.host.split(".")[0]])), "domains": domains, "status": "up",
            "onions": [platform.onion] if platform.onion else [], "accounts": [account.url for account in platform.accounts], "boards": list(platform.stream.boards),
        }  # fmt: skip
        return told | ({"engine": platform.skin.software} if platform.skin.software in READABLE else {})

    # What a crawl reads.

    def posts(self, until: float) -> dict[str, list[dict[str, Any]]]:
        """What was published since this was asked last, on sources that can be reached now, and what was deleted."""
        found: dict[str, list[dict[str, Any]]] = {"posts": [], "deleted": []}
        for source in self.sources.values():
            found["posts"] += source.new(until)
            found["deleted"] += source.deleted(until)
        return found

    def get(self, url: str, at: float) -> Answer:
        """What a host answers; Unreachable where none does."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().rstrip(".")
        if host in ELSEWHERE:
            return answer(200, HTML, f"<html><head><title>{host}</title></head><body><p>{host}</p></body></html>")
        place = self.story.places.get(host) or self.story.places.get(host.removeprefix("www."))
        if place is None or parts.scheme not in ("http", "https"):
            raise Unreachable("name not found")
        state, detail = place.at(at)
        path, query = parts.path or "/", parts.query
        if state in UNREACHABLE:
            raise Unreachable(UNREACHABLE[state])
        if state == SLOW and int(at // 600) % 3:
            raise Unreachable(UNREACHABLE["timeout"])
        if state not in (UP, SLOW):
            return plain.instead(place, state, detail, path + (f"?{query}" if query else ""))
        if place.accounts and (found := accounts.account_page(place, path, query, at)):
            return found
        if place.site is None:
            return missing()
        if place.site.stream is None:
            return plain.plain_site(place.site, place.host, path)
        return pages.board_site(place.site, place.host, path, query, at)

    # What is true.

    def truth(self) -> dict[str, Any]:
        """The moves, the decoys and the outages. An event's `mentions` are the times from which a crawl could read one."""
        return {
            "events": [self._event(event) for event in self.story.events],
            "decoys": [{"place": decoy.place, "kind": decoy.kind, "hard": decoy.hard, "platform": decoy.platform.id} for decoy in self.story.decoys],
            "outages": [
                {"platform": platform.id, "from": moment(begin), "to": moment(end) if end is not None else None, "kind": kind}
                for platform, begin, end, kind in self.story.outages
            ],
        }  # fmt: skip

    def _event(self, event: Event) -> dict[str, Any]:
        told = sorted((at, kind) for kind, what in event.tellings if (at := self._crawlable(kind, what)) is not None)
        return {
            "id": event.id, "platform": event.platform.id, "relation": event.relation, "same_operator": event.same_operator,
            "places": [event.place, *filter(None, (event.also,))], "pointer": event.pointer, "pointers": sorted({kind for _, kind in told}), "lag": event.lag,
            "mentions": [moment(at) for at, _ in told], "old_home": event.old_home,
            "reachable": [[moment(begin), moment(end)] for begin, end in self._reachable(event)],
            "file_name_only": event.pointer == "file name", "language": event.language,
        }  # fmt: skip

    def _reachable(self, event: Event) -> list[tuple[float, float]]:
        """When any of its addresses is up."""
        hosts = [event.place, *filter(None, (event.also,))]
        joined: list[tuple[float, float]] = []
        for begin, end in sorted(span for host in hosts for span in self.story.places[host].times_up(self.end)):
            if joined and begin <= joined[-1][1]:
                joined[-1] = joined[-1][0], max(end, joined[-1][1])
            else:
                joined.append((begin, end))
        return joined

    def _crawlable(self, kind: str, what: Any) -> float | None:
        """From when a crawl could read what carries an address; None where it never could."""
        match kind:
            case "post":
                place, at, deleted = (
                    self.story.places[self._platform_of[id(what.thread.board)].host],
                    what.at,
                    what.deleted,
                )
            case "message":
                place, at, deleted = self.story.places[what[0].host], what[1].at, what[1].deleted
            case "bio":
                place, at, deleted = self.story.places[what[0].host], what[1], None
            case "ring":
                place, at, deleted = self.story.places[what[0].host], what[1], None
            case _:
                return what[1] if self.start <= what[1] < self.end else None
        first = place.first_up(max(at, self.start))
        return first if first is not None and first < self.end and (deleted is None or first < deleted) else None

    @property
    def _platform_of(self) -> dict[int, Platform]:
        if not hasattr(self, "_by_board"):
            self._by_board = {
                id(board): platform for platform in self.story.platforms for board in platform.stream.boards.values()
            }
        return self._by_board


def _yaml(told: dict[str, Any]) -> str:
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True)
