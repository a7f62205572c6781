"""Personal data that posts expose, masked in what is shown and exported; the store keeps what was published."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

PERSONAL = "personal/"
"""What the rules of tags for personal data begin with."""
MASK = "•"
Look = Callable[[str], Iterable[tuple[int, int]]]
"""Says from where to where a text is personal."""


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with letters and digits of these spans as `•`: of the same length, so that offsets still hold."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = [MASK if letter.isalnum() else letter for letter in letters[start:end]]
    return "".join(letters)


def concealed(post: Mapping[str, Any], look: Look | None = None) -> dict[str, Any]:
    """A post with its `tags`, as JSON has it, without what is personal: text, tags, links, subject, file names masked.

    Tags say what is personal in the text. Of subject and file names nobody keeps tags: what the text exposes is masked
    there, too, and what `look` finds.
    """
    tags = post.get("tags") or []
    personal = [(tag["start"], tag["end"]) for tag in tags if tag["rule"].startswith(PERSONAL)]
    hidden = {post["text"][start:end] for start, end in personal}

    def line(told: str | None) -> str | None:
        return told and masked(told, [*(look(told) if look else ()), *_places_of(hidden, told)])

    text = masked(post["text"], personal)
    links = [{**link, "raw": masked(link["raw"], [(0, len(link["raw"]))])} if link["raw"] in hidden else link
             for link in post.get("links") or []]  # fmt: skip
    shown = [{**tag, "matched": text[tag["start"] : tag["end"]]} for tag in tags]
    files = [{**file, "filename": line(file["filename"])} for file in post.get("attachments") or []]
    changed = {"text": text, "tags": shown, "links": links, "attachments": files, "subject": line(post.get("subject"))}
    return {key: changed.get(key, value) for key, value in post.items()}


def _places_of(hidden: Iterable[str], text: str) -> Iterator[tuple[int, int]]:
    """Where any of these stands in a text."""
    for raw in hidden:
        for found in re.finditer(re.escape(raw), text, re.IGNORECASE):
            yield found.span()
