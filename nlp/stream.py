"""Tagging a stream: NDJSON in, NDJSON out, in order."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from nlp.pipeline import Tagger


def tag_lines(tagger: Tagger, lines: Iterable[str], fail: Callable[[int, str], None]) -> Iterator[str]:
    """For each line `{"id","text","lang"?}` a line `{"id","lang","tags","scores"}`.

    A line that is none is reported as `fail(number from 1, why)` and passed over; empty lines are nothing.
    """
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            item: Any = json.loads(line)
        except (ValueError, RecursionError) as error:
            fail(number, f"not JSON: {error}")
            continue
        if not isinstance(item, dict) or not isinstance(item.get("text"), str):
            fail(number, 'expected an object with "id" and "text"')
            continue
        lang = item.get("lang")
        result = next(tagger.tag([(item["text"], lang if isinstance(lang, str) and lang else None)]))
        tags = [tag.model_dump(mode="json") for tag in result.tags]
        yield json.dumps({"id": item.get("id"), "lang": result.lang, "tags": tags, "scores": dict(result.scores)})
