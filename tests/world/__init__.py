"""A simulated web to measure the watch in. Standard library and pyyaml alone; no product package is imported."""

from tests.world.parameters import Parameters, from_json, unseen
from tests.world.world import Unreachable, World

__all__ = ["Parameters", "Unreachable", "World", "from_json", "unseen"]
