"""Configuration: strict, every complaint with file, line and key; the environment goes first; secrets stay secret."""

from pathlib import Path

import pytest

from core.settings import Config, seconds
from core.yamlfile import ConfigError, load_yaml


def load(folder: Path, **files: str) -> Config:
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".yml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
    return Config.load(folder)


def complaints(folder: Path, **files: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(folder, **files)
    return [line.removeprefix(f"{folder}/") for line in caught.value.complaints]


SANE = "platform: harbor\nurl: http://harbor.example/\n"


def test_nothing_configured_is_a_configuration(tmp_path: Path) -> None:
    config = Config.load(tmp_path)
    assert (config.sources, config.platforms, config.settings.index) == ({}, {}, "embedded")


def test_a_source_is_a_few_lines_and_its_files_name(tmp_path: Path) -> None:
    config = load(tmp_path, sources__harbor=SANE + "schedule: every 2h\ndelay: 250ms\n")
    source = config.sources["harbor"]
    assert (source.engine, source.interval, source.delay) == ("auto", source.interval, 0.25)
    assert source.interval is not None
    assert source.interval.total_seconds() == 7200


def test_a_platform_is_read_as_the_contract_writes_it(tmp_path: Path) -> None:
    config = load(
        tmp_path,
        platforms__harbor="""
names: [Harbor Chan, harborchan]
domains: [{domain: harbor-chan.example, from: 2024-01-01, to: 2026-11-05}, {domain: harbor.example, from: 2026-11-02}]
onions: []
accounts: ["https://t.me/s/harbor_desk", "https://twitter.com/harborchan"]
engine: vichan
boards: [harbor, pol, tech, int]
status: up            # up | down | dormant | dead
sources: ["https://press.example/where-they-went"]
""",
    )
    platform = config.platforms["harbor"]
    assert [item.domain for item in platform.domains] == ["harbor-chan.example", "harbor.example"]
    assert str(platform.domains[0].until) == "2026-11-05"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (SANE + "delya: 5s\n", "sources/s.yml:3: delya: unknown key (did you mean delay?)"),
        (SANE + "zzz: 5s\n", "sources/s.yml:3: zzz: unknown key (known keys: platform, engine"),
        (SANE + "concurrency: many\n", "sources/s.yml:3: concurrency: Input should be a valid integer"),
        (SANE + "concurrency: 99\n", "sources/s.yml:3: concurrency: Input should be less than or equal to 16"),
        (SANE + "delay: soon\n", "sources/s.yml:3: delay: expected a duration such as 5s"),
        (SANE + "schedule: hourly\n", 'sources/s.yml:3: schedule: expected "every 15m" or five cron fields'),
        (SANE + "schedule: every 0s\n", "sources/s.yml:3: schedule: expected a time above zero"),
        (SANE + "kind: blog\n", "sources/s.yml:3: kind: Input should be 'site', 'account', 'channel' or 'feed'"),
        (SANE + "sections:\n  include: [b]\n  exlude: [c]\n", "sources/s.yml:5: sections.exlude: unknown key"),
        (SANE + "platform: twice\n", "sources/s.yml:3: the key 'platform' is given twice"),
        (SANE + "\tdelay: 5s\n", "sources/s.yml:3: not valid YAML"),
        ("url: http://harbor.example/\n", "sources/s.yml:1: platform: required, but not given"),
        ("- a\n- b\n", "sources/s.yml:1: expected `key: value` lines, found list"),
        ("just words\n", "sources/s.yml:1: expected `key: value` lines, found str"),
        ("", "sources/s.yml:1: platform: required, but not given"),
        ("? [a, b]\n: c\n", "sources/s.yml:1: the key"),
        ("a: !!python/object:os.system x\n", "sources/s.yml:1:"),
        ("a: &x [*x]\n", "sources/s.yml"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_by_file_line_and_key(text: str, complaint: str, tmp_path: Path) -> None:
    assert complaints(tmp_path, sources__s=text)[0].startswith(complaint)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    said = complaints(tmp_path, settings="indx: x\nbatch: 0\n", sources__a="x: 1\n", platforms__p="names: []\n")
    places = [line.split(": ")[0] for line in said]
    assert sorted(set(places)) == ["platforms/p.yml:1", "settings.yml:1", "settings.yml:2", "sources/a.yml:1"]
    assert len(places) == 6


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/s.yaml").write_text(SANE)
    assert "another file for the name 's'" in complaints(tmp_path, sources__s=SANE)[0]


def test_a_file_that_is_no_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "settings.yml").write_bytes(b"index: \xff\xfe")
    assert complaints(tmp_path)[0].startswith("settings.yml: cannot be read")


def test_a_folder_that_is_not_there_says_how_to_name_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such configuration folder; name one with --config DIR"):
        Config.load(tmp_path / "nowhere")


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRINGEWATCH_INDEX", "elastic")
    monkeypatch.setenv("FRINGEWATCH_PAGE_SECONDS", "2m")
    settings = load(tmp_path, settings="index: embedded\nbatch: 7\n").settings
    assert (settings.index, settings.page_seconds, settings.batch) == ("elastic", 120.0, 7)


def test_a_variable_that_does_not_fit_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRINGEWATCH_INDEX", "lucene")
    assert complaints(tmp_path)[0].startswith("environment: FRINGEWATCH_INDEX: Input should be")


def test_secrets_are_never_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRINGEWATCH_ELASTIC_API_KEY", "hush-hush")
    settings = load(tmp_path, settings="pseudonym_key: softly\n").settings
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert "hush" not in shown
    assert "softly" not in shown


def test_a_wrong_secret_is_not_printed_either(tmp_path: Path) -> None:
    assert "softly" not in str(complaints(tmp_path, settings="pseudonym_key: [softly]\n"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5s", 5), ("250ms", 0.25), ("15m", 900), ("2h", 7200), ("1d", 86400), (3, 3), ("1.5h", 5400)],
)
def test_durations(text: object, expected: float) -> None:
    assert seconds(text) == expected


@pytest.mark.parametrize("text", ["", "5", "five", "-5s", -5, True, None, "5 weeks", float("nan"), float("inf")])
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match="expected a duration"):
        seconds(text)


def test_lines_of_nested_values_are_known(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("a:\n  - b: 1\n    c: 2\n  - d: 3\n")
    data, lines = load_yaml(path)
    assert data == {"a": [{"b": 1, "c": 2}, {"d": 3}]}
    assert (lines["a", 0, "c"], lines["a", 1, "d"]) == (3, 4)
