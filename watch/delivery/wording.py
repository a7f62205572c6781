"""What people are told, in words: plain, as HTML, for chats, as JSON. Hostile text is data: defanged, escaped, cut.

Addresses are defanged in all of them, so that no program makes a link of one. Of a post at most QUOTED letters are
told, personal data masked.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.masking import PERSONAL, masked
from core.records import Alert, AlertKind, Evidence, Record, TaggedPost

QUOTED = 200
"""Letters of a post, or of a reason, that are told at most."""
REASONS = 8
"""Reasons told of an alert in words; JSON has all of them."""
LISTED = 50
"""Alerts told one by one in a digest in words; the rest are counted."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]+")
SCHEME = re.compile(r"(?i)\b(?:(h)tt(ps?)|([a-z][a-z0-9+.-]{1,15}))://")
NAME_DOT = re.compile(r"(?<=\w)[.\u3002\uff0e\uff61](?=[\w-]{0,63}[^\W\d_])")
NUMBER_DOTS = re.compile(r"\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\b")


class Quote(Record):
    """What a post says, as far as it is told."""

    post: str
    platform: str
    text: str


@dataclass(frozen=True)
class Telling:
    """One alert as it is told to a channel: for the first time, or because it has changed."""

    alert: Alert
    number: int
    """0 for the first telling; 1 for the first update, and so on."""
    changes: Sequence[str]
    """What an update is about."""
    quotes: Sequence[Quote]
    at: datetime
    """When it was made up."""


@dataclass(frozen=True)
class Message:
    """What one channel is sent at one time."""

    id: str
    """The same however often it is sent."""
    tellings: Sequence[Telling]
    at: datetime
    repeated: bool = False
    """Whether it may have been sent before: an attempt was begun whose outcome nobody noted, or that failed."""
    recent: Sequence[Telling] = field(default_factory=tuple)
    """For a feed: what it is to hold, the newest first."""

    @property
    def kind(self) -> str:
        """`alert`, `update` or `digest`."""
        if len(self.tellings) > 1:
            return "digest"
        return "update" if self.tellings[0].number else "alert"


def inert(text: str) -> str:
    """A text on one line without control characters, direction marks, or any address that a program would link."""
    text = " ".join(CONTROL.sub(" ", text).split())
    text = SCHEME.sub(lambda found: f"{found[1]}xx{found[2]}://" if found[1] else f"{found[3]}[:]//", text)
    return NAME_DOT.sub("[.]", NUMBER_DOTS.sub(r"\1[.]\2[.]\3[.]\4", text))


def cut(text: str) -> str:
    """At most QUOTED letters of a text; an ellipsis says that there is more."""
    return text if len(text) <= QUOTED else text[: QUOTED - 1].rstrip() + "…"


def quote(tagged: TaggedPost) -> Quote:
    """What may be told of a post."""
    personal = [(tag.start, tag.end) for tag in tagged.tags if tag.rule.startswith(PERSONAL)]
    text = cut(" ".join(masked(tagged.post.text, personal).split()))
    return Quote(post=tagged.post.id, platform=tagged.post.platform, text=text)


def title(message: Message) -> str:
    """One line that says what the message is about."""
    match message.tellings:
        case [one]:
            return _headline(one)
        case several:
            kinds = Counter(str(telling.alert.kind) for telling in several)
            return f"{len(several)} alerts: " + ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))


def plain(message: Message) -> str:
    """The message as lines of text."""
    match message.tellings:
        case [one]:
            return "\n".join(_lines(one))
        case several:
            shown = [f"- {_headline(telling)} · fringewatch alert {telling.alert.id}" for telling in several[:LISTED]]
            rest = len(several) - LISTED
            return "\n".join([*shown, f"and {rest} more: fringewatch alerts"] if rest > 0 else shown)


def as_html(text: str) -> str:
    """Lines of text as HTML that shows exactly them."""
    return "<br>\n".join(html.escape(line) for line in text.split("\n"))


CHAT = str.maketrans({"@": "＠", "<": "‹", ">": "›", "*": "∗", "`": "ʹ", "|": "¦", "~": "∼", "\\": "∖"})


def for_chat(text: str) -> str:
    """Lines of text in which no dialect of Markdown finds a mention, a link or markup.

    Every service has a dialect of its own, and some of those that apprise reaches are handed the text as it is: so
    what could act is not escaped but replaced by a letter that looks like it.
    """
    return text.translate(CHAT).replace("](", "] (")


def as_json(telling: Telling) -> dict[str, Any]:
    """An alert as the alert file has it; an update says its number and what has changed."""
    update = {"update": telling.number, "changes": list(telling.changes)} if telling.number else {}
    return telling.alert.model_dump(mode="json") | update


def as_document(message: Message) -> dict[str, Any]:
    """A message for programs: words, and every alert with its evidence, all defanged."""
    alerts = [
        as_json(telling) | {"quotes": [quote.model_dump() for quote in telling.quotes]} for telling in message.tellings
    ]
    return {
        "id": message.id, "kind": message.kind, "at": message.at.isoformat(), "title": title(message),
        "text": plain(message), "alerts": _each_text(alerts, inert),
    }  # fmt: skip


def entry(telling: Telling) -> tuple[str, str]:
    """Title and HTML of an alert in a feed."""
    return _headline(telling), as_html("\n".join(_lines(telling)))


QUESTIONS = {AlertKind.SOURCE_DOWN: "down", AlertKind.SOURCE_MOVED: "moved"}


def question(alert: Alert) -> str:
    """What the probability of an alert answers, in words."""
    return QUESTIONS.get(alert.kind, "going there")


def share(probability: float) -> str:
    """A probability in per cent; never a certainty."""
    return "<1%" if probability < 0.005 else ">99%" if probability > 0.995 else f"{probability:.0%}"  # noqa: PLR2004


def _headline(telling: Telling) -> str:
    alert = telling.alert
    begin = "update: " if telling.number else ""
    about = f" of {alert.platform}" if alert.platform else ""
    return inert(cut(f"{begin}{alert.kind}: {alert.host}, {alert.relation}{about}, {share(alert.probability)}"))


def _lines(telling: Telling) -> Iterator[str]:
    alert = telling.alert
    for change in telling.changes:
        yield f"Changed: {inert(cut(change))}"
    yield inert(f"Place: {alert.host} ({alert.relation}{f' of {alert.platform}' if alert.platform else ''})")
    operator = f"; same operator: {share(alert.same_operator)}" if alert.kind != AlertKind.SOURCE_DOWN else ""
    yield f"{question(alert).capitalize()}: {share(alert.probability)}{operator}"
    yield f"{alert.mentions} mentions since {alert.first_mention_at:%Y-%m-%d %H:%M} UTC; status: {alert.status}"
    yield from (_reason(line) for line in alert.evidence[:REASONS])
    for quote in telling.quotes:
        yield f"“{inert(quote.text)}” ({inert(quote.platform)}, post {quote.post[:8]})"
    yield f"Evidence and decision: fringewatch alert {alert.id}"


def _reason(line: Evidence) -> str:
    return f"{line.weight:+.2f} {inert(cut(line.detail))}"


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case dict():
            return {key: _each_text(one, change) for key, one in value.items()}
        case list():
            return [_each_text(one, change) for one in value]
        case _:
            return value
