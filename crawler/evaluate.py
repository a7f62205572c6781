"""How exactly pages were read, field by field, against the truth out of the board's own database."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from core.records import Post, PublishedPost
from crawler.links import normalise
from crawler.recorded import Found, read_files

MARKUP = re.compile(r"\[/?(?:spoiler|code)\]")
"""Typed into posts, and shown as form rather than as letters."""
SMILIES = {":)": "Smile", ";)": "Wink", ":D": "Big Grin"}
"""What MyBB shows in place of letters, by the pictures' names."""
BLANK_LINES = re.compile(r"\n{2,}")


@dataclass(frozen=True)
class Evaluated:
    """One recording, read and compared."""

    name: str
    engines: tuple[str, ...]
    """That its posts were read as."""
    fields: Mapping[str, tuple[int, int]]
    """For each field: exact values, all values."""


def recordings(folder: Path) -> list[tuple[str, Path, Path]]:
    """Name, WARC and truth of every recording in a folder or in the folders of that one.

    A recording is `X.warc.gz` with `truth-N.jsonl` beside it, N being the number that X ends with.
    """
    found = []
    for truth in sorted(folder.glob("**/truth-*.jsonl")):
        if truth.stem.removeprefix("truth-").isdigit():
            warcs = sorted(truth.parent.glob(f"*-{truth.stem.removeprefix('truth-')}.warc.gz"))
            found += [(f"{truth.parent.name}/{warc.name.partition('.')[0]}", warc, truth) for warc in warcs]
    return found


def evaluate(folder: Path, engine: str | None = None) -> list[Evaluated]:
    """Every recording of a folder, read as `parse` reads it: by its own engine, or all by the named one."""
    done = []
    for name, warc, truth in recordings(folder):
        read = [item for item in read_files([warc], engine) if isinstance(item, Found)]
        lines = [json.loads(line) for line in truth.read_text("utf-8").splitlines() if line.strip()]
        engines = tuple(sorted({item.engine for item in read}))
        done.append(Evaluated(name, engines, compare([item.post for item in read], lines)))
    return done


def compare(posts: Iterable[PublishedPost], truth: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    """For each field how many values are exact, of how many the truth knows.

    `truth` holds a line a post as the recordings' truth files do. `posts` counts posts found exactly once, of those
    that live and those that were made up or came twice. What no page can show is not held against it: the letters of
    markup and smilies, how many blank lines the software leaves, seconds where a page has none, and the scheme of an
    address that was typed without one.
    """
    living = _by_key([line for line in truth if not line.get("deleted")])
    found: defaultdict[tuple[str | None, str], list[PublishedPost]] = defaultdict(list)
    by_board = any(board for board, _ in living)
    for post in posts:
        if not (isinstance(post, Post) and post.deleted_seen_at):
            found[post.board if by_board else None, str(post.number)].append(post)
    exact: Counter[str] = Counter()
    known: Counter[str] = Counter()
    made_up = sum(len(copies) - (key in living) for key, copies in found.items())
    known["posts"] = len(living) + made_up
    for key, line in living.items():
        copies = found.get(key, [])
        exact["posts"] += len(copies) == 1
        for name, value in _expected(line).items():
            known[name] += 1
            exact[name] += bool(copies) and _shown(copies[0], name, value) == value
    return {name: (exact[name], known[name]) for name in known}


def report(title: str, fields: Mapping[str, tuple[int, int]]) -> str:
    """The comparison in one line: each field's exact values and all."""
    return f"{title}: " + ", ".join(f"{name} {exact}/{known}" for name, (exact, known) in fields.items())


def _by_key(lines: Sequence[Mapping[str, Any]]) -> dict[tuple[str | None, str], Mapping[str, Any]]:
    """Posts by their number, and by board where numbers count on each board (as imageboards have it)."""
    by_number: dict[tuple[str | None, str], Mapping[str, Any]] = {(None, str(line["post_id"])): line for line in lines}
    if len(by_number) == len(lines):
        return by_number
    return {(line["board"], str(line["post_id"])): line for line in lines}


def _expected(line: Mapping[str, Any]) -> dict[str, Any]:
    text = MARKUP.sub("", line["body"])
    own: dict[str, Any] = {}
    if "quoted" in line:
        quotes = [quote["post_id"] for quote in line["quoted"]]
    else:
        cited = [str(cite).rpartition("/") for cite in line.get("reply_to", ())]
        quotes = [number for board, _, number in cited if board in ("", line["board"])]
    if line["engine"] == "mybb":
        for letters, name in SMILIES.items():
            text = text.replace(letters, name)
        own = {"name": line["author"], "edited": _moment(line["edited_at"])}
    elif "name" in line or "author" in line:
        own = {key: line[key] or None for key in ("name", "tripcode", "capcode") if key in line}
        if line.get("edited_at"):
            own["edited"] = _moment(line["edited_at"])
        if "modifiers" in line:
            own["country"] = line["modifiers"].get("flag", "").upper() or None
    files = line.get("attachments", ())
    listed = {key: [file[key] for file in files] for key in ("filename", "size", "md5") if files and key in files[0]}
    return {
        "text": BLANK_LINES.sub("\n", text).strip(), "time": _moment(line["created_at"]),
        "subject": line.get("subject") or None, "board": line["board"], "thread": str(line["thread_id"]),
        "quotes": {str(number) for number in quotes}, "links": {_address(link) for link in line.get("links", ())},
    } | {name: line[f"is_{name}" if name == "op" else name] for name in ("op", "sticky", "locked")
         if (f"is_{name}" if name == "op" else name) in line} | own | listed  # fmt: skip


def _shown(post: PublishedPost, name: str, expected: Any) -> Any:
    match name:
        case "text":
            return BLANK_LINES.sub("\n", post.text).strip()
        case "time":
            return _to_the_minute(post.posted_at, expected)
        case "edited":
            return _to_the_minute(post.edited_at, expected)
        case "quotes":
            return {str(number) for number in post.quotes}
        case "links":
            return {link.url for link in post.links if not link.signature}
        case "thread":
            return str(post.thread)
        case "filename" | "size" | "md5":
            return [getattr(file, name) for file in post.attachments]
        case _:
            return getattr(post, name)


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _to_the_minute(shown: datetime | None, expected: datetime | None) -> datetime | None:
    """The expected moment where a page shows the same second or, without seconds, the same minute."""
    if shown is None or expected is None:
        return shown
    second = expected.replace(microsecond=0)
    return expected if shown in (second, second.replace(second=0)) else shown


def _address(link: str | Mapping[str, str]) -> str | None:
    if isinstance(link, str):
        return normalise(link)
    if "://" in link["typed"]:
        return normalise(link["url"])
    rest = link["url"].partition("://")[2]
    scheme = "http" if rest.startswith("www.") or ".onion" in rest else "https"  # as crawler.links has it
    return normalise(f"{scheme}://{rest}")
