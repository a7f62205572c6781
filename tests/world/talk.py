"""A world over standard input and output: a JSON object a line each way."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.world.world import Unreachable, World, seconds


def replies(world: World, questions: Iterable[str]) -> Iterator[str]:
    """One line for each that is asked; what cannot be understood is answered with an `error`."""
    for line in questions:
        if line.strip():
            try:
                said = reply(world, json.loads(line))
            except (KeyError, TypeError, ValueError) as error:
                said = {"error": f"{type(error).__name__}: {error}"}
            yield json.dumps(said, ensure_ascii=False)


def reply(world: World, asked: dict[str, Any]) -> dict[str, Any]:
    """The answer to one question."""
    match asked["ask"]:
        case "config":
            return world.configure(Path(asked["folder"]))
        case "posts":
            return dict(world.posts(seconds(asked["until"])))
        case "get":
            try:
                status, headers, body = world.get(asked["url"], seconds(asked["at"]))
            except Unreachable as error:
                return {"error": str(error)}
            return {"status": status, "headers": headers, "body": base64.b64encode(body).decode()}
        case "truth":
            return world.truth()
        case other:
            raise ValueError(f"no such question: {other}")
