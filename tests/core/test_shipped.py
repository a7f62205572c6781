"""The configuration that is shipped: it fits, every platform has its public source, nothing is contacted by itself."""

from core.settings import Config
from tests.core.conftest import ROOT

SHIPPED = Config.load(ROOT / "config")


def test_every_platform_has_a_public_source() -> None:
    assert len(SHIPPED.platforms) >= 13
    for name, platform in SHIPPED.platforms.items():
        assert platform.sources, name
        assert all(source.startswith(("http://", "https://")) for source in platform.sources)


def test_no_place_belongs_to_two_platforms() -> None:
    domains = [item.domain for platform in SHIPPED.platforms.values() for item in platform.domains]
    assert len(domains) == len(set(domains))


def test_nothing_is_contacted_before_a_person_enables_it() -> None:
    assert [name for name, source in SHIPPED.sources.items() if source.enabled] == []
