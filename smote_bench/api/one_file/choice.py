"""The experiment that suits one file: trivial arms, samplers that fit its columns, three classifiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CLASSIFIERS",
    "FEWEST_MINORITY_ROWS",
    "METHODS",
    "N_FOLDS",
    "experiment_of",
    "methods_for",
    "n_folds_for",
]

METHODS = (
    "class_weight",
    "tuned_threshold",
    "RandomOverSampler",
    "SMOTE",
    "BorderlineSMOTE",
    "ADASYN",
    "SMOTEENN",
)
"""The trivial arms, which nobody should pay more than, then the samplers that the question is about."""

CLASSIFIERS = ("LogisticRegression", "HistGradientBoosting", "RandomForest")
"""In the order of what they take."""

N_FOLDS = 5
FEWEST_MINORITY_ROWS = 10
"""With fewer a fold's test part has one row of the minority or none, and no number means anything."""

_TEST_SIZE = 0.2


def methods_for(X: pd.DataFrame) -> tuple[str, ...]:
    """Return the methods that fit the columns: SMOTENC is among them for categories, SMOTEN for those alone.

    >>> import pandas as pd
    >>> methods_for(pd.DataFrame({"city": pd.Categorical(["Bonn", "Oslo"]), "age": [30.0, 40.0]}))[-1]
    'SMOTENC'
    """
    from smote_bench.data.preprocessing import column_kinds

    kinds = column_kinds(X)
    if not kinds.has_categories:
        return METHODS
    return (*METHODS, "SMOTENC" if kinds.numeric else "SMOTEN")


def n_folds_for(n_minority: int) -> int:
    """Return the folds of the cross-validation: five, or fewer, so that each tests two minority rows or more.

    >>> n_folds_for(81), n_folds_for(10)
    (5, 4)
    """
    return max(2, min(N_FOLDS, int(n_minority * (1 - _TEST_SIZE)) // 2))


def _tuned(name: str, metric: str, cost: Mapping[str, float] | None) -> str | dict[str, Any]:
    """Return a method; the threshold tuned for what decides, where a threshold changes that."""
    from smote_bench.metrics import EXPECTED_COST, METRICS

    decides = EXPECTED_COST if cost else metric
    is_changed = decides == EXPECTED_COST or (decides in METRICS and METRICS[decides].needs == "labels")
    if name != "tuned_threshold" or not is_changed:
        return name
    return {name: {"method": name, "params": {"metric": decides}}}


def experiment_of(
    entry: Mapping[str, Any],
    *,
    n_folds: int,
    repeats: int = 1,
    methods: Sequence[str] = METHODS,
    classifiers: Sequence[str] = CLASSIFIERS,
    metric: str = "",
    cost: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Return an experiment on one file, as a YAML file has it.

    Parameters
    ----------
    entry : mapping
        Of the data set: its name, file, target, minority and whatever else is said of it.
    n_folds, repeats : int
    methods, classifiers : sequence of str
    metric : str
        Which one decides; "" for smote-bench's first, or the expected cost where there is a cost.
    cost : mapping of {"fp", "fn"} to float, optional
    """
    protocol: dict[str, Any] = {
        "cv_folds": n_folds,
        "test_size": _TEST_SIZE,
        "random_state": 42,
        "random_runs": repeats,
        "selected_classifiers": list(classifiers),
    }
    if metric:
        from smote_bench.metrics import DEFAULT_PRIORITY_METRICS

        protocol["priority_metrics"] = list(dict.fromkeys([metric, *DEFAULT_PRIORITY_METRICS]))
    return {
        "name": entry["name"],
        "methods": [_tuned(name, metric, cost) for name in methods],
        "datasets": [dict(entry)],
        **({"cost": dict(cost)} if cost else {}),
        "experiment_config": protocol,
    }
