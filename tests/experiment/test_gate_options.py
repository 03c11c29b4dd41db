"""How strict a gate is to be, as people write it.

Also of: gate_settings.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from smote_bench.errors import ConfigError
from smote_bench.experiment.gate_options import (
    parse_alpha,
    parse_better,
    parse_fixed,
    parse_gate_block,
    parse_max_slowdown,
    parse_mode,
    parse_names,
    parse_overrides,
    parse_tolerances,
)
from smote_bench.experiment.gate_settings import GateSettings, Override


def test_reads_what_options_say() -> None:
    assert parse_alpha("0.05") == 0.05
    assert parse_tolerances("method:.002, dataset:0.01,case:0") == {
        "method": 0.002,
        "dataset": 0.01,
        "case": 0,
    }
    assert parse_fixed(["roc_auc:0.05", "g_mean:0.1"]) == {"roc_auc": 0.05, "g_mean": 0.1}
    assert parse_better(["cost=low,gain=high"]) == {"cost": "low", "gain": "high"}
    assert parse_names("g_mean, roc_auc,g_mean") == ("g_mean", "roc_auc")
    assert parse_max_slowdown("1.5") == 1.5


def test_reads_every_key_of_the_section() -> None:
    block = {
        "mode": "warn",
        "alpha": 0.05,
        "tolerance": {"dataset": 0.02},
        "metrics": ["g_mean", "roc_auc"],
        "compare_fail": {"roc_auc": 0.05},
        "max_slowdown": 2,
        "overrides": [
            {"dataset": "Ecoli", "tolerance": 0.03},
            {"method": "SMOTE", "classifier": "kNN", "metric": "roc_auc", "mode": "warn"},
        ],
    }
    assert parse_gate_block(block) == GateSettings(
        mode="warn",
        alpha=0.05,
        tolerance={"method": 0.0015, "dataset": 0.02, "case": 0.01},
        metrics=("g_mean", "roc_auc"),
        fixed={"roc_auc": 0.05},
        max_slowdown=2.0,
        overrides=(
            Override(dataset="Ecoli", tolerance=0.03),
            Override(method="SMOTE", classifier="kNN", metric="roc_auc", mode="warn"),
        ),
    )


def test_an_empty_section_changes_nothing() -> None:
    assert parse_gate_block(None) == parse_gate_block({}) == GateSettings()
    assert parse_gate_block({"overrides": None, "alpha": None}) == GateSettings()


def test_a_bare_off_in_yaml_is_off() -> None:
    assert parse_gate_block({"mode": False}).mode == "off"


@pytest.mark.parametrize(
    ("parse", "value", "message"),
    [
        (
            parse_alpha,
            "0",
            "alpha: expected a rate .* above 0 and below 1, got '0': write a number such as 0.01",
        ),
        (parse_alpha, "nan", "got 'nan'"),
        (parse_alpha, True, "got True"),
        (parse_alpha, "1 %", "got '1 %'"),
        (parse_tolerances, "methods:0.1", r"got 'methods'\. Did you mean 'method'\?"),
        (parse_tolerances, "method", r"expected NAME:VALUE .*, got 'method': write method:0\.0015"),
        (parse_tolerances, "method:-1", r"tolerance\.method: expected a drop .* 0 or more, got '-1'"),
        (parse_tolerances, "method:1,method:2", "expected each name once, got 'method' twice: keep one"),
        (parse_tolerances, "", "expected NAME:VALUE, got ''"),
        (parse_fixed, "roc_auc:0", r"compare_fail\.roc_auc: expected a drop above 0, got '0'"),
        (parse_fixed, "roc_auc:inf", "got 'inf'"),
        (parse_better, "cost=down", "expected high or low for 'cost', got 'down': say which"),
        (parse_names, " , ", "expected names, got ' , ': write them"),
        (parse_max_slowdown, 1, "expected a factor above 1, got 1: write a number"),
        (parse_mode, "fial", r"expected one of off, warn, fail, got 'fial'\. Did you mean 'fail'\?"),
        (parse_overrides, {"dataset": "Ecoli"}, r"expected a list of mappings, got \{.*: write `- "),
        (parse_overrides, ["Ecoli"], r"overrides\[0\]: expected a mapping, got 'Ecoli'"),
        (parse_overrides, [{"dataset": "Ecoli"}], r"overrides\[0\]: expected a tolerance or a mode, got"),
        (parse_overrides, [{"data_set": "E", "mode": "off"}], r"got 'data_set'\. Did you mean 'dataset'\?"),
        (
            parse_overrides,
            [{"dataset": 3, "mode": "off"}],
            r"overrides\[0\]\.dataset: expected a name, got 3",
        ),
        (parse_overrides, [{"dataset": "E", "tolerance": "a"}], r"overrides\[0\]\.tolerance: .*got 'a'"),
        (parse_gate_block, [1], r"gate: expected a mapping, got \[1\]: write it as"),
        (parse_gate_block, {"tolerances": {}}, r"got 'tolerances'\. Did you mean 'tolerance'\?"),
        (parse_gate_block, {"tolerance": 0.1}, r"gate\.tolerance: expected a mapping, got 0\.1"),
        (parse_gate_block, {"metrics": [1]}, r"gate\.metrics: expected a list of metrics, got \[1\]"),
        (parse_gate_block, {"metrics": []}, r"gate\.metrics: expected a list of metrics, got \[\]"),
    ],
)
def test_says_what_was_expected_what_came_and_what_to_do(
    parse: Callable[[Any], Any], value: Any, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        parse(value)


def test_reading_options_imports_neither_numpy_nor_pandas() -> None:
    heavy = "{'numpy', 'pandas', 'sklearn'}"
    code = f"import sys, smote_bench.experiment.gate_options; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
