"""`config/alerts.yml`: strict, secrets from outside and never shown, rules, hours and digests by the clock."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.records import AlertStatus
from core.yamlfile import ConfigError
from tests.conftest import ROOT
from tests.watch.delivery.conftest import alert, channel
from watch.delivery.channels import Channel, load_channels


def load(folder: Path, text: str) -> dict[str, Channel]:
    (folder / "alerts.yml").write_text(text)
    return load_channels(folder)


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    return str(caught.value).removeprefix(f"{folder}/")


def test_without_a_file_alerts_go_to_file_and_screen_as_shipped(tmp_path: Path) -> None:
    here, shipped = load_channels(tmp_path), load_channels(ROOT / "config")
    assert here == shipped
    assert {name: one.url.get_secret_value() for name, one in here.items()} == {
        "file": "file:alerts.ndjson", "screen": "screen:",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "alerts.yml:1: expected `name: {url: …}` lines, found list"),
        ("Desk Ü: {url: 'screen:'}\n", "alerts.yml:1: 'Desk Ü': expected a name of at most 40 of"),
        ("a:\n  kinds: [mirror]\n", "alerts.yml:1: url: required, but not given"),
        ("a:\n  url: 'screen:'\n  kids: [mirror]\n", "alerts.yml:3: kids: unknown key (did you mean kinds?)"),
        ("a:\n  url: 'screen:'\n  kinds: [mirrors]\n", "alerts.yml:3: kinds.0: Input should be 'new-platform'"),
        ("a:\n  url: 'screen:'\n  zone: Atlantis/Centre\n", "alerts.yml:3: zone: expected a time zone"),
        ("a:\n  url: 'screen:'\n  quiet: {from: late, to: 07:00}\n", "alerts.yml:3: quiet.from: Input should be"),
        ("a:\n  url: 'screen:'\n  per_hour: 0\n", "alerts.yml:3: per_hour: Input should be greater than or equal to 1"),
        ("a:\n  url: 'file:'\n", "alerts.yml:2: url: expected a path after the colon"),
        ("a:\n  url: smtp://mail.example/\n", "alerts.yml:2: url: expected smtps://user:password@host/?from="),
        ("a:\n  url: https://hook.example/\n", "alerts.yml:2: url: a webhook needs a host, and `secret`"),
        ("a:\n  url: http://[bad/\n  secret: x\n", "alerts.yml:2: url: a webhook needs a host, and `secret`"),
        ("a:\n  url: http://x.example/\n  secret: whsec_ä\n", "alerts.yml:2: url: `secret` begins with whsec_, but"),
        ("a:\n  url: nosuchthing://x/y\n", "alerts.yml:2: url: no kind of channel"),
        ("a:\n  url: ${NOT_SET}\n", "alerts.yml:2: url: neither the variable NOT_SET nor NOT_SET_FILE"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_by_file_line_and_key(text: str, said: str, tmp_path: Path) -> None:
    assert complaint(tmp_path, text).startswith(said)


@pytest.mark.parametrize(
    "url",
    [
        "ntfys://ntfy.example/topic", "tgram://123456789:abcdefg_hijklmnop/12315544/", "json://127.0.0.1:8080/x",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/", "workflows://host.example/abc/signature",
        "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        "matrixs://user:password@matrix.example/#room", "smtps://me%40lab.example:x@mail.lab.example/?to=a@lab.example",
    ],
)  # fmt: skip
def test_a_new_channel_is_a_url(url: str, tmp_path: Path) -> None:
    assert load(tmp_path, f"new: {{url: '{url}'}}")["new"].target.url == url


def test_a_secret_comes_from_a_variable_or_a_file_and_is_encoded_inside_a_url(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD", "p@ss/word")
    (tmp_path / "key").write_text("whsec_dGVh\n")
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("WHOLE", "ntfys://ntfy.example/a%20topic")
    channels = load(
        tmp_path,
        "mail: {url: 'smtps://me:${PASSWORD}@mail.example/?from=a@lab.example&to=b@lab.example'}\n"
        "hook: {url: 'https://hook.example/x', secret: '${KEY}'}\n"
        "phone: {url: '${WHOLE}'}\n",
    )
    assert "me:p%40ss%2Fword@" in channels["mail"].target.url
    assert channels["hook"].target.secret == "whsec_dGVh"
    assert channels["phone"].target.url == "ntfys://ntfy.example/a%20topic"


@pytest.mark.parametrize(
    "text",
    [
        "a: {url: 'nosuchthing://hushhush@x'}", "a: {url: [hushhush]}", "a: {url: 'screen:', secret: {x: hushhush}}",
        "a: {url: 'smtp://u:hushhush@mail.example/'}", "a: hushhush", "hushhush",
    ],
)  # fmt: skip
def test_a_complaint_does_not_show_a_secret(text: str, tmp_path: Path) -> None:
    assert "hushhush" not in complaint(tmp_path, text)


def test_a_channel_does_not_show_its_secrets() -> None:
    one = channel("smtp://u:hushhush@mail.example/?from=a@b.example&to=c@d.example", secret="softly")
    assert "hush" not in f"{one!r} {one} {one.model_dump()}"
    assert "softly" not in f"{one!r} {one} {one.model_dump()}"


def test_the_example_of_the_documentation_is_a_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    example = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/alerts.md").read_text(), re.DOTALL)
    assert example
    for name, value in {
        "MAIL_PASSWORD": "x", "HOOK_SECRET": "x", "SLACK_WEBHOOK": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert list(load(tmp_path, example[1])) == ["file", "desk", "team", "siem"]
    shipped, _, offered = (ROOT / "config/alerts.yml").read_text().partition("# Remove the #")
    everything = shipped + re.sub(r"(?m)^# ", "", offered.partition("\n")[2])
    assert list(load(tmp_path, everything)) == ["file", "screen", "feed", "desk", "team", "siem"]


def test_rules_choose_by_kind_probability_platform_and_language() -> None:
    told = alert("new", 0.8)
    assert channel("screen:").wants(told, set())
    assert channel("screen:", kinds=["new-platform"], platforms=["harbor"], min_probability=0.8).wants(told, set())
    for rule in ({"kinds": ["mirror"]}, {"min_probability": 0.81}, {"platforms": ["lantern"]}, {"languages": ["de"]}):
        assert not channel("screen:", **rule).wants(told, {"en"}), rule
    assert channel("screen:", languages=["de", "en"]).wants(told, {"en"})


@pytest.mark.parametrize(
    ("utc", "quiet"),
    [("20:59", False), ("21:00", True), ("23:30", True), ("05:59", True), ("06:00", False), ("12:00", False)],
)
def test_quiet_hours_go_by_the_channels_zone_and_over_midnight(
    utc: str,
    quiet: object,
    tmp_path: Path,
) -> None:
    text = "a: {url: 'screen:', zone: Europe/Berlin, quiet: {from: 22:00, to: 07:00}}"  # YAML takes 22:00 for 1320
    now = datetime.fromisoformat(f"2026-11-24T{utc}:00Z")
    assert load(tmp_path, text)["a"].is_quiet(now) == quiet


def test_quiet_hours_let_the_likeliest_and_the_escalated_through() -> None:
    one = channel("screen:", quiet={"from": "22:00", "to": "07:00", "unless": 0.9})
    assert one.urgent(alert("a", 0.9))
    assert not one.urgent(alert("a", 0.89))
    assert one.urgent(alert("a", 0.3, status=AlertStatus.ESCALATED))


@pytest.mark.parametrize(
    ("at", "now", "due"),
    [
        ("08:00", "2026-11-24T07:00", "2026-11-24T07:00"),  # 8:00 in Berlin
        ("08:00", "2026-11-24T06:59", "2026-11-23T07:00"),
        ("08:00", "2026-10-25T06:30", "2026-10-24T06:00"),  # clocks went back in the night: 8:00 is an hour later
        ("hourly", "2026-11-24T06:59", "2026-11-24T06:00"),
    ],
)
def test_a_digest_is_due_at_its_time_in_its_zone(at: str, now: str, due: str) -> None:
    one = channel("screen:", zone="Europe/Berlin", digest={"below": 0.8, "at": at})
    moment, expected = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (now, due))
    assert one.last_digest(moment) == expected
