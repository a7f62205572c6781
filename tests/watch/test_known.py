"""What a place is, whose it is, and what never is a candidate."""

import pytest

from core.settings import Config, Settings, SourceConfig
from crawler.links import links_in
from tests.conftest import ROOT
from watch.known import KnownPlaces


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("https://www.newharbor.example/b/res/1.html", "newharbor.example"),
        ("http://boards.newharbor.example:8080/", "newharbor.example"),
        ("https://a.b.newharbor.co.uk/", "newharbor.co.uk"),
        ("https://harborfolk.github.io/mirror", "harborfolk.github.io"),
        ("http://" + "a" * 56 + ".onion/b/", "a" * 56 + ".onion"),
        ("http://sub." + "a" * 56 + ".onion/b/", "a" * 56 + ".onion"),
        ("https://t.me/Harbor_New", "t.me/harbor_new"),
        ("https://t.me/s/harbor_new?before=3", "t.me/harbor_new"),
        ("http://[2a00::1]/", "2a00::1"),
        ("https://xn--hrbor-fra.example/", "xn--hrbor-fra.example"),
        ("NEWHARBOR.example.", "newharbor.example"),
    ],
)  # fmt: skip
def test_a_place_is_a_domain_an_onion_or_a_tenants_path(address: str, key: str, known: KnownPlaces) -> None:
    assert known.key(address) == key


def candidates(known: KnownPlaces, text: str) -> list[str | None]:
    return [known.candidate_key(link) for link in links_in(text, [])]


@pytest.mark.parametrize(
    "text",
    [
        "https://harborchan.example/b/", "http://sub.lantern.example/", "t.me/s/lantern_desk", "https://t.me/lantern_desk",
        f"http://{'quay' * 14}.onion/", "https://en.wikipedia.org/wiki/Harbor", "https://www.youtube.com/watch?v=abc",
        "https://archive.ph/abcde", "https://bit.ly/3xyz", "https://i.imgur.com/abc.png", "https://t.me/",
    ],
)  # fmt: skip
def test_known_benign_and_passing_places_are_no_candidates(text: str, known: KnownPlaces) -> None:
    assert set(candidates(known, text)) == {None}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("newharbor dot example", "newharbor.example"), ("hxxps://newharbor[.]example/b", "newharbor.example"),
        ("https://t.me/joinchat/AAAA", None), ("https://t.me/harbor_new", "t.me/harbor_new"),
    ],
)  # fmt: skip
def test_new_places_are(text: str, key: str | None, known: KnownPlaces) -> None:
    found = candidates(known, f"go to {text} now")
    assert found[0] == key if key else len(found) == 1


def test_platforms_are_known_by_their_names_as_whole_words(known: KnownPlaces) -> None:
    assert known.named_in("HARBOR  Chan is gone; see lantern.example") == {"harbor", "lantern"}
    assert known.named_in("the harborchannel is muddy") == frozenset()


def test_a_platforms_own_channel_is_official(known: KnownPlaces) -> None:
    assert known.official == {"desk"}
    assert known.is_down("harbor")
    assert not known.is_down("lantern")
    assert not known.is_down(None)


def test_an_account_without_a_host_is_a_place_of_its_service(known: KnownPlaces) -> None:
    key = "05" + "ab" * 32
    assert candidates(known, f"Session: {key}") == [f"session/{key}"]
    assert candidates(known, "xmpp:tea@newhome.example") == ["newhome.example/tea@newhome.example"]


def test_a_name_that_no_service_gives_is_no_candidate(known: KnownPlaces) -> None:
    assert known.candidate_of(f"https://t.me/{'x' * 60}") is not None
    assert known.candidate_of(f"https://t.me/{'x' * 300}") is None


def test_a_crawled_place_on_a_host_of_many_is_looked_at_itself() -> None:
    urls = {"tenant": "https://communities.win/c/harbor/new", "alone": "https://boards.harborchan.example/b/"}
    sources = {name: SourceConfig(platform=name, url=url) for name, url in urls.items()}
    crawled = KnownPlaces.load(
        Config(folder=ROOT / "config", settings=Settings(), sources=sources, platforms={})
    ).crawled
    assert crawled == {
        "communities.win/c/harbor": ("tenant", urls["tenant"]),
        "harborchan.example": ("alone", "https://boards.harborchan.example/"),
    }
