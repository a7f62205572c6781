"""python -m tests.world serve|talk|truth|config --seed N [--parameters JSON] …"""

import argparse
import json
import sys
from pathlib import Path

from tests.world.parameters import from_json
from tests.world.serve import serve
from tests.world.talk import replies
from tests.world.world import World


def main() -> None:
    """Reads the command line and runs it until its end."""
    options = argparse.ArgumentParser(prog="python -m tests.world")
    options.add_argument("what", choices=("serve", "talk", "truth", "config"))
    options.add_argument("folder", nargs="?", type=Path, help="of `config`: where sources/ and platforms/ are written")
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--parameters", type=json.loads, default={}, metavar="JSON")
    options.add_argument("--port", type=int, default=0)
    given = options.parse_args()
    world = World(given.seed, **from_json(given.parameters, given.seed))
    match given.what:
        case "serve":
            serve(world, given.port)
        case "talk":
            for line in replies(world, sys.stdin):
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
        case "truth":
            json.dump(world.truth(), sys.stdout, indent=1)
        case _:
            json.dump(world.configure(given.folder or Path()), sys.stdout)


if __name__ == "__main__":
    main()
