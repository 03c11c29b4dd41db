"""A verdict as JSON and as three files."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from gating.verdicts.full_verdict import full_verdict

from smote_bench.errors import ConfigError
from smote_bench.experiment.gate_settings import GateSettings, Override
from smote_bench.gating.verdicts.files import dumps, from_json, to_json, write_verdict
from smote_bench.gating.verdicts.verdict import Problem

SETTINGS = GateSettings(
    metrics=("g_mean",),
    fixed={"roc_auc": 0.05},
    overrides=(Override(dataset="Ecoli", tolerance=0.03), Override(method="SMOTE", mode="warn")),
    max_slowdown=1.5,
)
PROBLEM = Problem("missing fit", "Ecoli-SMOTE-kNN", "expected a, got b: do c")


def test_json_keeps_a_verdict_to_the_last_field() -> None:
    text = dumps(full_verdict())
    # NaN is not equal to itself, so the texts are compared
    assert dumps(from_json(json.loads(text))) == text
    again = from_json(json.loads(text))
    assert again.settings == SETTINGS
    assert again.problems == (PROBLEM,)
    assert again.findings[1:] == full_verdict().findings[1:]
    assert math.isnan(again.findings[0].p)
    assert again.findings[0].limit == -math.inf
    assert math.isnan(again.would_see["dataset"])
    assert math.isnan(again.limits[1].would_see)


def test_json_is_strict_and_says_what_a_terminal_does() -> None:
    plain = json.loads(dumps(full_verdict()), parse_constant=pytest.fail)
    assert plain["exit_code"] == 1
    assert plain["lines"][0].startswith("metric gate: FAIL  1080 cases")
    assert plain["would_see"]["dataset"] is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "expected a verdict of format 1, got 99: judge again"),
        ({"result": "great"}, "expected a result among pass, fail, undecided, not comparable, got 'great'"),
    ],
)
def test_refuses_json_of_another_form(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        from_json({**to_json(full_verdict()), **change})


def test_writes_three_files_and_no_part_of_one(tmp_path: Path) -> None:
    paths = write_verdict(tmp_path / "new", full_verdict())
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["gate.json", "gate.md", "gate.xml"]
    assert [path.name for path in paths] == ["gate.json", "gate.md", "gate.xml"]
    assert json.loads(paths[0].read_text(encoding="utf-8"))["result"] == "fail"
    ElementTree.parse(paths[2])
