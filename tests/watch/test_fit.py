"""Fitting: the data's answer where they have one, the reasoned weight where they have none, signs always kept."""

from pathlib import Path

import numpy as np
import pytest

from core.yamlfile import ConfigError
from tests.conftest import ROOT
from tests.watch.conftest import WEIGHTS
from watch.fit import Labelled, fit, logistic
from watch.verdict import Weights

HELPS = [Labelled({"alive": 1.0, "call": 1.0}, going=True, operator=False)] * 60
HARMLESS = [Labelled({"call": 1.0, "engine": 1.0}, going=False, operator=None)] * 240


def test_what_tells_gains_and_what_does_not_loses() -> None:
    found = fit(WEIGHTS, [*HELPS, *HARMLESS])
    assert found.signals["alive"].going > WEIGHTS.signals["alive"].going
    assert found.signals["engine"].going <= WEIGHTS.signals["engine"].going
    assert found.signals["staff_call"].family == "authority"


def test_signs_are_kept_whatever_the_data_say() -> None:
    perverse = [Labelled({"one_voice": 1.0}, going=True, operator=True)] * 100
    found = fit(WEIGHTS, [*perverse, *HARMLESS])
    assert all(
        signal.going <= 0 if signal.family == "against" else signal.going >= 0 for signal in found.signals.values()
    )
    assert found.signals["one_voice"].going > WEIGHTS.signals["one_voice"].going


def test_weights_are_written_where_they_stood_and_reasons_stay(tmp_path: object) -> None:
    folder = type(ROOT)(str(tmp_path))
    (folder / "watch.yml").write_text((ROOT / "config" / "watch.yml").read_text())
    found = fit(WEIGHTS, [*HELPS, *HARMLESS])
    found.save(folder)
    assert Weights.load(folder) == found
    before, after = ((one / "watch.yml").read_text() for one in (ROOT / "config", folder))
    assert [line.partition("#")[2] for line in before.splitlines()] == [
        line.partition("#")[2] for line in after.splitlines()
    ]


def test_a_plain_logistic_finds_the_odds() -> None:
    values = np.repeat([[0.0], [0.0], [1.0], [1.0]], [30, 70, 80, 20], axis=0)
    weights = logistic(values, np.repeat([1.0, 0.0, 1.0, 0.0], [30, 70, 80, 20]))
    assert 1 / (1 + np.exp(-weights[1])) == pytest.approx(0.3, abs=0.02)
    assert 1 / (1 + np.exp(-weights.sum())) == pytest.approx(0.8, abs=0.02)


def test_weights_that_lack_a_family_or_expect_nothing_are_no_weights(tmp_path: Path) -> None:
    text = (ROOT / "config" / "watch.yml").read_text(encoding="utf-8")
    for written, wrong in (("  behaviour: {going", "  # {going"), ("rate: 1.0}", "rate: 0}")):
        assert written in text
        (tmp_path / "watch.yml").write_text(text.replace(written, wrong), encoding="utf-8")
        with pytest.raises(ConfigError, match=r"behaviour|rate"):
            Weights.load(tmp_path)
