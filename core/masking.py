"""Personal data that posts expose, masked in what is shown and exported; the store keeps what was published."""

from collections.abc import Iterable, Mapping
from typing import Any

PERSONAL = "personal/"
"""What the rules of tags for personal data begin with."""
MASK = "•"


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with letters and digits of these spans as `•`: of the same length, so that offsets still hold."""
    letters = list(text)
    for start, end in spans:
        letters[start:end] = [MASK if letter.isalnum() else letter for letter in letters[start:end]]
    return "".join(letters)


def concealed(post: Mapping[str, Any]) -> dict[str, Any]:
    """A post with its `tags`, as JSON has it, without what these say is personal: masked in text, tags and links."""
    tags = post.get("tags") or []
    personal = [(tag["start"], tag["end"]) for tag in tags if tag["rule"].startswith(PERSONAL)]
    if not personal:
        return dict(post)
    text = masked(post["text"], personal)
    hidden = {post["text"][start:end] for start, end in personal}
    links = [{**link, "raw": masked(link["raw"], [(0, len(link["raw"]))])} if link["raw"] in hidden else link
             for link in post.get("links") or []]  # fmt: skip
    shown = [{**tag, "matched": text[tag["start"] : tag["end"]]} for tag in tags]
    return {**post, "text": text, "tags": shown, "links": links}
