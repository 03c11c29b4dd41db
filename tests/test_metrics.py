"""Names, directions and ranges of metrics, and users' own."""

import json
import math
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from smote_bench.errors import ConfigError
from smote_bench.metrics import (
    CALIBRATION_METRICS,
    DEFAULT_METRICS,
    DEFAULT_PRIORITY_METRICS,
    METRICS,
    cost_metric,
    metric_identity,
    parse_metric,
)
from smote_bench.scoring import score_fold

DOCS = Path(__file__).parents[1] / "docs" / "metrics.md"
AVERAGED = ("precision", "recall", "specificity", "f1", "g_mean", "roc_auc")


def test_knows_every_metric_of_the_protocol():
    single = [
        "tn",
        "fp",
        "fn",
        "tp",
        "accuracy",
        "balanced_accuracy",
        "mcc",
        "average_precision",
        "brier",
        "log_loss",
    ]
    averaged = [f"{name}{average}" for name in AVERAGED for average in ("", "_macro", "_weighted")]
    assert sorted(DEFAULT_METRICS) == sorted(single + averaged)
    assert set(METRICS) == {*DEFAULT_METRICS, *CALIBRATION_METRICS}


def test_default_priority_metrics_are_known():
    assert DEFAULT_PRIORITY_METRICS == (
        "balanced_accuracy",
        "f1_macro",
        "g_mean",
        "roc_auc",
        "average_precision",
    )
    assert set(DEFAULT_PRIORITY_METRICS) <= set(METRICS)


@pytest.mark.parametrize("name", [name for name, metric in METRICS.items() if metric.better])
def test_direction_points_from_all_wrong_to_all_right(name):
    metric = METRICS[name]
    right = score_fold([0, 0, 0, 1], [0, 0, 0, 1], [0.0, 0.0, 0.0, 1.0], [name])[name]
    wrong = score_fold([0, 0, 0, 1], [1, 1, 1, 0], [1.0, 1.0, 1.0, 0.0], [name])[name]
    assert right > wrong if metric.better == "high" else right < wrong
    best = metric.high if metric.better == "high" else metric.low
    assert right == pytest.approx(best, abs=1e-12) or math.isinf(best)


def test_suggests_the_metric_meant():
    with pytest.raises(ConfigError, match=r"expected a metric, got 'f1_makro'\. Did you mean 'f1_macro'"):
        parse_metric("f1_makro")


def test_parses_a_metric_of_ones_own():
    metric = parse_metric("cost", {"metric": "bank.costs:total", "better": "low"})
    assert (metric.name, metric.target, metric.better) == ("cost", "bank.costs:total", "low")
    assert (metric.low, metric.high) == (-math.inf, math.inf)


def test_takes_metrics_registered_by_plugins():
    cost = parse_metric("cost", {"metric": "bank.costs:total", "better": "low"})
    assert parse_metric("cost", known={"cost": cost}) is cost


@pytest.mark.parametrize(
    ("name", "definition", "message"),
    [
        ("cost", {"metric": "bank:total"}, "expected the keys 'metric' and 'better'"),
        ("cost", "bank:total", "expected the keys 'metric' and 'better'"),
        ("cost", {"metric": "bank:total", "better": "up"}, "better: high or better: low, got 'up'"),
        (
            "cost",
            {"metric": "bank.total", "better": "low"},
            "expected 'package.module:Class', got 'bank.total'",
        ),
        ("cost", {"metric": 3, "better": "low"}, "expected 'package.module:function', got 3"),
        ("f1", {"metric": "bank:total", "better": "low"}, "'f1', which is built in: rename it"),
    ],
)
def test_rejects_a_wrong_definition(name, definition, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        parse_metric(name, definition)


def test_a_cost_weighs_errors_as_it_says():
    metric = cost_metric({"fp": 2, "fn": 25})
    # One false positive and two false negatives of five rows.
    assert score_fold([0, 0, 1, 1, 1], [0, 1, 1, 0, 0], None, [metric])["expected_cost"] == (2 + 2 * 25) / 5
    weighted = score_fold([0, 0, 1], [0, 1, 0], None, [metric], weights=np.array([1.0, 3.0, 0.5]))
    assert weighted["expected_cost"] == (3 * 2 + 0.5 * 25) / 4.5
    assert metric_identity(metric) != metric_identity(cost_metric({"fp": 2, "fn": 24}))
    assert json.loads(json.dumps(metric_identity(metric))) == metric_identity(metric)


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        (25, "expected a mapping with fp and fn, got 25"),
        ({"fp": 1, "fm": 25}, "expected only the keys fp and fn, got 'fm': write"),
        ({"fp": 1}, "expected a cost of fn, a number of 0 or more, got None"),
        ({"fp": 1, "fn": -2}, "a number of 0 or more, got -2"),
        ({"fp": True, "fn": 2}, "expected a cost of fp, a number of 0 or more, got True"),
        ({"fp": 1, "fn": math.inf}, "got inf"),
        ({"fp": 0, "fn": 0}, "expected a cost above 0"),
    ],
)
def test_refuses_what_is_no_cost(definition, message):
    with pytest.raises(ConfigError, match=re.escape(message)):
        cost_metric(definition)


def test_expected_cost_asks_for_the_costs():
    with pytest.raises(ConfigError, match=re.escape("add cost: {fp: 1, fn: 25} to the experiment")):
        parse_metric("expected_cost")


def test_identity_of_a_users_metric_changes_with_its_source(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    metric = parse_metric("cost", {"metric": "costs_for_identity:total", "better": "low"})
    source = tmp_path / "costs_for_identity.py"
    source.write_text("def total(y_true, y_label, y_score): return 1.0\n")
    before = metric_identity(metric)
    source.write_text("def total(y_true, y_label, y_score): return 2.0\n")
    after = metric_identity(metric)
    assert before != after
    assert json.loads(json.dumps(after)) == after


def test_identity_of_a_metric_holds_its_direction(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "costs_for_direction.py").write_text("def total(y_true, y_label, y_score): return 1.0\n")
    low, high = (
        metric_identity(parse_metric("cost", {"metric": "costs_for_direction:total", "better": better}))
        for better in ("low", "high")
    )
    assert low != high


def test_identity_of_a_built_in_metric_is_json_and_its_own():
    identities = [metric_identity(metric) for metric in METRICS.values()]
    assert len({json.dumps(identity, sort_keys=True) for identity in identities}) == len(METRICS)


@pytest.mark.parametrize("module", ["metrics", "classifiers.registry"])
def test_importing_it_for_collection_loads_no_numerical_library(module):
    code = (
        f"import sys, smote_bench.{module} as m; "
        "m.METRICS if hasattr(m, 'METRICS') else m.parse_classifier('RandomForest', {'n_estimators': 5}); "
        "print([n for n in ('numpy', 'pandas', 'sklearn', 'imblearn', 'catboost') if n in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_documentation_lists_every_metric_with_its_formula():
    text = DOCS.read_text(encoding="utf-8")
    for metric in METRICS.values():
        assert f"| `{metric.name}` | {metric.better} | {metric.formula} |" in text
