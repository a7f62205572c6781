"""Fixtures of the tests of tagging."""

import pytest

from nlp.pipeline import Tagger
from tests.nlp import shipped


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    """The tagger with the shipped lexicons."""
    return shipped.tagger()
