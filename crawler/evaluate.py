"""How exactly pages were read, field by field, against the truth out of the board's own database."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from core.records import Post, PublishedPost
from crawler.links import normalise

MARKUP = re.compile(r"\[/?(?:spoiler|code)\]")
"""Typed into posts, and shown as form rather than as letters."""
SMILIES = {":)": "Smile", ";)": "Wink", ":D": "Big Grin"}
"""What MyBB shows in place of letters, by the pictures' names."""
BLANK_LINES = re.compile(r"\n{2,}")


def compare(posts: Iterable[PublishedPost], truth: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    """For each field how many values are exact, of how many the truth knows.

    `truth` holds a line a post as the recordings' truth files do. `posts` counts posts found exactly once, of those
    that live and those that were made up or came twice. What no page can show is not held against it: the letters of
    markup and smilies, how many blank lines the software leaves, seconds where a page has none, and the scheme of an
    address that was typed without one.
    """
    living = {_key(line): line for line in truth if not line["deleted"]}
    found: defaultdict[tuple[str | None, str], list[PublishedPost]] = defaultdict(list)
    by_board = any(board for board, _ in living)
    for post in posts:
        if not (isinstance(post, Post) and post.deleted_seen_at):
            found[post.board if by_board else None, str(post.number)].append(post)
    exact: Counter[str] = Counter()
    known: Counter[str] = Counter()
    known["posts"] = len(living) + sum(len(copies) - (key in living) for key, copies in found.items())
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


def _key(line: Mapping[str, Any]) -> tuple[str | None, str]:
    # MyBB's numbers count over the whole site, vichan's on each board.
    return (None if line["engine"] == "mybb" else line["board"], str(line["post_id"]))


def _expected(line: Mapping[str, Any]) -> dict[str, Any]:
    text = MARKUP.sub("", line["body"])
    if line["engine"] == "mybb":
        for letters, name in SMILIES.items():
            text = text.replace(letters, name)
        quotes = [quote["post_id"] for quote in line["quoted"]]
        own = {"name": line["author"], "edited": _moment(line["edited_at"])}
    else:
        cited = [cite.rpartition("/") for cite in line["reply_to"]]
        quotes = [number for board, _, number in cited if board == line["board"]]
        own = {key: line[key] or None for key in ("name", "tripcode", "capcode")}
        own["country"] = line["modifiers"].get("flag", "").upper() or None
    files = line["attachments"]
    listed = {key: [file[key] for file in files] for key in ("filename", "size", "md5") if files and key in files[0]}
    return {
        "text": BLANK_LINES.sub("\n", text).strip(), "time": _moment(line["created_at"]),
        "subject": line["subject"] or None, "board": line["board"], "thread": str(line["thread_id"]),
        "quotes": {str(number) for number in quotes}, "links": {_address(link) for link in line["links"]},
        "op": line["is_op"], "sticky": line["sticky"], "locked": line["locked"],
    } | own | listed  # fmt: skip


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
            return {link.url for link in post.links}
        case "thread":
            return str(post.thread)
        case "filename" | "size" | "md5":
            return [getattr(file, name) for file in post.attachments]
        case _:
            return getattr(post, name)


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _to_the_minute(shown: datetime | None, expected: datetime | None) -> datetime | None:
    """The expected moment where a page without seconds shows the same minute."""
    return expected if shown and expected and shown == expected.replace(second=0) else shown


def _address(link: str | Mapping[str, str]) -> str | None:
    if isinstance(link, str):
        return normalise(link)
    if "://" in link["typed"]:
        return normalise(link["url"])
    rest = link["url"].partition("://")[2]
    scheme = "http" if rest.startswith("www.") or ".onion" in rest else "https"  # as crawler.links has it
    return normalise(f"{scheme}://{rest}")
