"""What metrics there are: names, directions, ranges, formulas, users' own; scoring.py computes them.

Importing this module imports the standard library only: experiments name their metrics while the grid is
collected.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from smote_bench.environment.targets import package_version, split_target, target_identity
from smote_bench.errors import ConfigError, did_you_mean

__all__ = [
    "CALIBRATION_METRICS",
    "DEFAULT_METRICS",
    "DEFAULT_PRIORITY_METRICS",
    "EXPECTED_COST",
    "METRICS",
    "Metric",
    "cost_metric",
    "metric_identity",
    "parse_metric",
]

Better = Literal["high", "low"]


@dataclass(frozen=True)
class Metric:
    """One number that says how well a fold was classified.

    Parameters
    ----------
    name : str
        As written in experiments and as found in the column ``metric`` of the scores.
    better : {"high", "low"} or None
        The direction of improvement; None where there is none.
    low, high : float
        The range of its values, both ends included; ``math.inf`` where there is no end.
    needs : {"labels", "scores"}
        What it is computed from: predicted labels, or the positive class's scores.
    title : str
        For headings and axes.
    formula : str
        For reports and docs, in terms of tn, fp, fn, tp, y and p.
    target : str or None
        ``package.module:function`` of a user's own metric, None for those built in.
    costs : tuple of float, optional
        Of ``expected_cost``: what a false positive and a false negative cost.
    """

    name: str
    better: Better | None
    low: float
    high: float
    needs: Literal["labels", "scores"]
    title: str
    formula: str
    target: str | None = None
    costs: tuple[float, float] | None = None


def _counts() -> list[Metric]:
    wanted: dict[str, tuple[Better, str]] = {
        "tn": ("high", "negative rows predicted as negative"),
        "fp": ("low", "negative rows predicted as positive"),
        "fn": ("low", "positive rows predicted as negative"),
        "tp": ("high", "positive rows predicted as positive"),
    }
    return [
        Metric(name, better, 0.0, math.inf, "labels", name, text) for name, (better, text) in wanted.items()
    ]


def _averaged() -> list[Metric]:
    """Return the metrics that exist for the positive class alone and averaged over both classes."""
    formulas = {
        "precision": "tp / (tp + fp)",
        "recall": "tp / (tp + fn)",
        "specificity": "tn / (tn + fp)",
        "f1": "2 tp / (2 tp + fp + fn)",
        "g_mean": "sqrt(recall * specificity)",
        "roc_auc": "P(p of a positive row > p of a negative row) + P(equal) / 2",
    }
    found = []
    for name, formula in formulas.items():
        needs: Literal["labels", "scores"] = "scores" if name == "roc_auc" else "labels"
        title = {"g_mean": "G-mean", "roc_auc": "ROC AUC", "f1": "F1"}.get(name, name)
        found.append(Metric(name, "high", 0.0, 1.0, needs, title, formula))
        for average in ("macro", "weighted"):
            if name == "g_mean":
                formula = f"sqrt(recall_{average} * specificity_{average})"
            elif name == "roc_auc":
                formula = "roc_auc: with two classes, the area is the same from either side"
            else:
                weights = "" if average == "macro" else ", weighted by the classes' true rows"
                formula = f"mean of {name} with each class in turn as the positive one{weights}"
            found.append(
                Metric(f"{name}_{average}", "high", 0.0, 1.0, needs, f"{title} ({average})", formula)
            )
    return found


_ALL = [
    *_counts(),
    Metric("accuracy", "high", 0.0, 1.0, "labels", "accuracy", "(tp + tn) / n"),
    Metric(
        "balanced_accuracy", "high", 0.0, 1.0, "labels", "balanced accuracy", "(recall + specificity) / 2"
    ),
    *_averaged(),
    Metric(
        "mcc",
        "high",
        -1.0,
        1.0,
        "labels",
        "Matthews correlation",
        "(tp tn - fp fn) / sqrt((tp + fp) (tp + fn) (tn + fp) (tn + fn))",
    ),
    Metric(
        "average_precision",
        "high",
        0.0,
        1.0,
        "scores",
        "average precision",
        "sum over thresholds of (recall step) * precision",
    ),
    Metric("brier", "low", 0.0, 1.0, "scores", "Brier score", "mean((p - y)^2)"),
    Metric("log_loss", "low", 0.0, math.inf, "scores", "log loss", "-mean(y log(p) + (1 - y) log(1 - p))"),
]
_WHERE_NAMED = [
    Metric(
        "expected_calibration_error",
        "low",
        0.0,
        1.0,
        "scores",
        "expected calibration error",
        "over ten bins of p: sum(abs(sum(p - y) of a bin)) / n",
    ),
    Metric(
        "calibration_intercept",
        None,
        -math.inf,
        math.inf,
        "scores",
        "calibration intercept",
        "a of log odds(y) = a + log odds(p); 0 is right, below 0 p is too high",
    ),
    Metric(
        "calibration_slope",
        None,
        -math.inf,
        math.inf,
        "scores",
        "calibration slope",
        "b of log odds(y) = a + b log odds(p); 1 is right, below 1 p is too extreme",
    ),
]

METRICS: Mapping[str, Metric] = {metric.name: metric for metric in (*_ALL, *_WHERE_NAMED)}
"""The built-in metrics by name."""

CALIBRATION_METRICS = tuple(metric.name for metric in _WHERE_NAMED)

DEFAULT_METRICS: Mapping[str, Metric] = {metric.name: metric for metric in _ALL}
"""Those that are computed where an experiment names none."""

EXPECTED_COST = "expected_cost"

DEFAULT_PRIORITY_METRICS = ("balanced_accuracy", "f1_macro", "g_mean", "roc_auc", "average_precision")
"""What tables and summaries show where an experiment says nothing."""

_DEFINITION_KEYS = ("metric", "better")


def parse_metric(
    name: str, definition: object = None, *, known: Mapping[str, Metric] | None = None
) -> Metric:
    """Return the metric that an experiment names.

    Parameters
    ----------
    name : str
        A built-in or `known` metric; with a `definition`, the name to give to the user's own.
    definition : mapping, optional
        ``{"metric": "package.module:function", "better": "high" or "low"}``. The function is called as
        ``function(y_true, y_label, y_score)`` and returns a number; NaN says that it is undefined.
    known : mapping of str to Metric, optional
        Metrics registered by plugins, next to `METRICS`.

    Raises
    ------
    ConfigError
        For an unknown name, a name that is taken, or a definition of another form.

    Examples
    --------
    >>> parse_metric("g_mean").better
    'high'
    >>> parse_metric("cost", {"metric": "costs:total_cost", "better": "low"}).target
    'costs:total_cost'
    """
    choices = {**METRICS, **(known or {})}
    if name == EXPECTED_COST and name not in choices:
        raise ConfigError(
            f"expected what errors cost for the metric {name}: add cost: {{fp: 1, fn: 25}} to the experiment"
        )
    if definition is None:
        if name not in choices:
            raise ConfigError(
                f"expected a metric, got {name!r}.{did_you_mean(str(name), choices)} "
                f"Choose from {', '.join(choices)}, or define your own as "
                "{metric: package.module:function, better: high}"
            )
        return choices[name]
    if name in choices:
        raise ConfigError(
            f"expected a new name for your own metric, got {name!r}, which is built in: rename it"
        )
    if not isinstance(definition, Mapping) or set(definition) != set(_DEFINITION_KEYS):
        raise ConfigError(
            f"metric {name!r}: expected the keys 'metric' and 'better', got {definition!r}: "
            "write {metric: package.module:function, better: high}"
        )
    target, better = definition["metric"], definition["better"]
    if better not in ("high", "low"):
        raise ConfigError(
            f"metric {name!r}: expected better: high or better: low, got {better!r}: name the direction"
        )
    if not isinstance(target, str):
        raise ConfigError(
            f"metric {name!r}: expected 'package.module:function', got {target!r}: name the function"
        )
    split_target(target)
    return Metric(name, better, -math.inf, math.inf, "scores", name, target, target)


def cost_metric(definition: object) -> Metric:
    """Return the metric of what errors cost.

    Parameters
    ----------
    definition : mapping
        ``{"fp": 1, "fn": 25}``: what a false positive and a false negative cost, 0 or more.

    Raises
    ------
    ConfigError

    Examples
    --------
    >>> cost_metric({"fp": 1, "fn": 25}).formula
    '(1 fp + 25 fn) / n'
    """
    how = "write what errors cost, as in cost: {fp: 1, fn: 25}"
    if not isinstance(definition, Mapping):
        raise ConfigError(f"expected a mapping with fp and fn, got {definition!r}: {how}")
    for key in definition:
        if key not in ("fp", "fn"):
            raise ConfigError(f"expected only the keys fp and fn, got {key!r}: {how}")
    values = [definition.get(key) for key in ("fp", "fn")]
    for key, value in zip(("fp", "fn"), values, strict=True):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not 0 <= value < math.inf:  # type: ignore[operator]
            raise ConfigError(f"expected a cost of {key}, a number of 0 or more, got {value!r}: {how}")
    fp, fn = (float(value) for value in values)  # type: ignore[arg-type]
    if not fp and not fn:
        raise ConfigError(f"expected a cost above 0, got 0 for both errors: {how}")
    formula = f"({fp:.12g} fp + {fn:.12g} fn) / n"
    return Metric(EXPECTED_COST, "low", 0.0, math.inf, "labels", "expected cost", formula, costs=(fp, fn))


def metric_identity(metric: Metric) -> dict[str, Any]:
    """Return what identifies the values of a metric (JSON values only), for the key of stored outcomes."""
    if metric.costs is not None:
        return {"metric": metric.name, "costs": list(metric.costs)}
    if metric.target is None:
        return {"metric": metric.name, "needs": {"numpy": package_version("numpy")}}
    return {"metric": metric.name, "better": metric.better, **target_identity(metric.target)}
