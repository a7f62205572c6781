"""The posts in a page's data, for software that answers in JSON or shows its pages by script.

What a board hands to a script it names: an object with an id, a time, a text, and an author beside them or in an object
of its own. Those names are few, whatever the software; nothing here knows one.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from html import unescape
from typing import Any

from crawler.dates import EPOCH, ISO

TEXTS = (
    "contentHtml", "content_html", "bodyHtml", "body_html", "cooked", "html", "content", "body", "text", "comment",
    "com", "message", "articleBody", "selftext", "markdown", "raw",
)  # fmt: skip
"""Names of a post's text, the one that is shown first."""
RENDERED = ("rendered", "html", "text", "value")
TIME = re.compile(
    r"(?i)(?:date|time)?_?(?:publish(?:ed)?|created?|posted|submitted|sent|inserted|date|time(?:stamp)?|pub_?date)"
    r"(?:_?(?:at|on|date|time|utc|iso|gmt|stamp|published))*"
)
NUMBERS = ("uuid", "pid", "no", "num", "id", "@id", "comment_id", "commentId", "post_id", "postId", "cid", "guid")
PEOPLE = ("author", "user", "account", "creator", "poster", "owner", "from", "member", "attributedTo")
PLACES = ("channel", "community", "board", "forum", "category", "tag", "site", "instance", "group")
NAMES = ("username", "userName", "user_name", "screen_name", "name", "displayName", "display_name", "displayname",
         "nick", "login", "author_name", "authorName", "poster_name", "posterName")  # fmt: skip
ANSWERS, ANSWERED = ("comment", "reply"), ("post", "topic", "thread", "story", "submission", "article")
"""Where one stands beside the other in an object, each counts for itself."""
HOLDS = ("title", "subject", "url", "files", "attachments", "media", "media_attachments", "images")
"""What a post without words has."""
GONE = (
    "deleted",
    "removed",
    "isDeleted",
    "is_deleted",
    "isHidden",
    "deleted_at",
    "deletedAt",
    "user_deleted",
    "hidden",
)
NOT_OWN = re.compile(
    r"(?i)(?:re(?:blog|post|tweet|note|nte)|quot|teaser|preview|latest|last|recent|pinned|card|embed|parent|reply_?to|"
    r"notification|signature|event|log)"
)
"""Names of what a post shows of another, or a list of its threads."""
SHOWN = re.compile(r"""<script\b([^>]*)>(.*?)</script>""", re.DOTALL | re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")
JSON_TYPE = re.compile(r"""(?i)type\s*=\s*["']?[\w/+.-]*json""")
ASSIGNED = re.compile(r"(?:=|\()\s*(?=[{\[]\s*[\"{\[])")
MOST_ASSIGNED = 20
DEEPEST = 40
MOST_OBJECTS = 200_000


@dataclass(frozen=True)
class Thing:
    """What one object says of a post."""

    number: str | None
    time: str | None
    author: str | None
    text: str


def data_in(text: str) -> Iterator[Any]:
    """Every value that the scripts of a page hold as JSON: whole, or assigned to something."""
    decoder = json.JSONDecoder()
    for attributes, script in SHOWN.findall(text):
        if JSON_TYPE.search(attributes):
            starts = [len(script) - len(script.lstrip())]
        elif '"' in script:
            starts = [found.end() for found, _ in zip(ASSIGNED.finditer(script), range(MOST_ASSIGNED), strict=False)]
        else:
            continue
        end = 0
        for start in starts:
            if start < end:
                continue
            try:
                value, end = decoder.raw_decode(script, start)
            except (ValueError, RecursionError):
                continue
            yield value


def things_in(value: Any) -> list[Thing]:
    """The posts that a value holds, in its order, each once."""
    people: dict[tuple[Any, Any], Any] = {}
    objects: list[tuple[Mapping[str, Any], Mapping[str, Any], str]] = []
    waiting: list[tuple[Any, Mapping[str, Any], str, int]] = [(value, {}, "", 0)]
    while waiting and len(objects) < MOST_OBJECTS:
        node, above, name, depth = waiting.pop()
        if depth > DEEPEST:
            continue
        if isinstance(node, list):
            waiting += [(item, above, name, depth + 1) for item in reversed(node)]
        elif isinstance(node, dict):
            if isinstance(attributes := node.get("attributes"), dict):
                node = {**attributes, **{name: item for name, item in node.items() if name != "attributes"}}
                people[node.get("type"), node.get("id")] = node
            objects.append((node, above, name))
            inside = [
                (item, node, key, depth + 1)
                for key, item in node.items()
                if isinstance(item, dict | list) and not NOT_OWN.match(key)
            ]
            waiting += reversed(inside)
    found: dict[tuple[str | None, str | None, str], Thing] = {}
    for node, above, name in objects:
        if thing := _thing(node, above, people, is_place=name in (*PEOPLE, *PLACES)):
            if name in ANSWERS and thing.number and any(isinstance(above.get(other), dict) for other in ANSWERED):
                thing = replace(thing, number=f"{name}/{thing.number}")
            found.setdefault((thing.number, thing.time, thing.text if thing.number is None else ""), thing)
    return list(found.values())


def _thing(
    node: Mapping[str, Any], above: Mapping[str, Any], people: Mapping[tuple[Any, Any], Any], *, is_place: bool
) -> Thing | None:
    text = next((said for name in TEXTS if (said := _text(node.get(name))) is not None), None)
    told = any(isinstance(holder.get(role), dict) for holder in (node, above) for role in PEOPLE)
    if (
        text is None
        and told
        and not is_place
        and str(node.get("url", "")).startswith("http")
        and (node.get("title") or node.get("name"))
    ):
        text = _text(node.get("description")) or ""  # a link, or a film
    if text is None or any(node.get(name) for name in GONE):
        return None
    time = _time(node)
    number = next(
        (str(node[name]) for name in NUMBERS if isinstance(node.get(name), int | str) and node[name] != ""), None
    )
    author = _author(node, {} if number is None else above, people)
    if time is None or (number is None and author is None) or not (text.strip() or any(map(node.get, HOLDS))):
        return None
    return Thing(number, time, author, text)


def _text(value: Any) -> str | None:
    if isinstance(value, dict):
        value = next((value[name] for name in RENDERED if isinstance(value.get(name), str)), None)
    return value if isinstance(value, str) else None


def _time(node: Mapping[str, Any]) -> str | None:
    """The time of an object: marked ones first."""
    names = sorted(node, key=lambda name: not name.lower().startswith("publish"))
    times = [
        str(item)
        for name in names
        for item in [node[name]]
        if TIME.fullmatch(name) and isinstance(item, int | float | str) and item
    ]
    sure = [time for time in times if ISO.match(time) or EPOCH.match(time)]
    return next(iter([*sure, *times]), None)


def _author(node: Mapping[str, Any], above: Mapping[str, Any], people: Mapping[tuple[Any, Any], Any]) -> str | None:
    relations = node.get("relationships")
    for holder in (node, above, relations if isinstance(relations, dict) else {}):
        for role in PEOPLE:
            person = holder.get(role)
            if isinstance(person, dict) and isinstance(data := person.get("data"), dict):
                person = people.get((data.get("type"), data.get("id")))
            if isinstance(person, dict):
                person = next((person[name] for name in NAMES if person.get(name)), None)
            if isinstance(person, str) and person:
                return _plain(person)
    return next((_plain(node[name]) for name in NAMES if isinstance(node.get(name), str) and node[name]), None)


def _plain(name: str) -> str:
    return unescape(TAG.sub("", name)).strip()
