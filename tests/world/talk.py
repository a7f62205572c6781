"""A world over standard input and output: a JSON object a line each way.

    {"ask": "config", "folder": DIR}             {"start": ISO, "end": ISO, "sources": [NAME …]}; writes sources/ and platforms/
    {"ask": "posts", "until": ISO}               {"posts": [POST …], "deleted": [{"source", "number", "board"} …]}
    {"ask": "get", "url": URL, "at": ISO}        {"status", "headers": {NAME: VALUE}, "body": BASE64} or {"error": WHY}
    {"ask": "truth"}                             {"events": […], "decoys": […], "outages": […]}

`posts` gives what was published since the last such question on sources that can be reached then; what waits on a source
that cannot comes when it can. An edited post comes again under its number. A channel's description (`about`), an account's
profile (`profile NAME`) and a site's list of its webring (`webring`) are posts of their own, which come again when they
change. Redirects, farewell pages, Onion-Location and /mirrors.txt are seen by getting the pages of known sites. Times may
only grow.
"""

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
