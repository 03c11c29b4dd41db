"""The grid of the study: 12 data sets x 9 methods x 10 classifiers on small tables, the hold-out left out."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.gate_study.scenarios import DEFECTS, HARMLESS, SOUND, Scenario
from smote_bench.evaluation.folds import FoldSource
from smote_bench.evaluation.seeding import HOLDOUT
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment

if TYPE_CHECKING:
    from smote_bench.data.dataset import Dataset
    from smote_bench.data.sources import DatasetEntry

__all__ = [
    "DATASETS",
    "METHOD",
    "METRICS",
    "N_FOLDS",
    "N_SPLITS",
    "SmallFolds",
    "experiment",
    "grid_text",
    "null_methods",
]

METHOD = SOUND.name
"""The method whose sampler the scenarios replace."""

METRICS = ("balanced_accuracy", "g_mean", "f1_macro", "roc_auc")
N_SPLITS, N_FOLDS = 5, 5

MAX_ROWS = 400
"""Larger tables are sub-sampled: the noise of small ones is larger, and a fit takes milliseconds."""

MAX_COLUMNS = 16
"""The first ones: trees take seconds on a hundred, and their noise is of the same kind."""

DATASETS = (
    "Adult",
    "Abalone",
    "Forest_coverage",
    "Haberman",
    "Ionosphere",
    "Phoneme",
    "Pima_diabetes",
    "Satimage",
    "Ecoli",
    "US_crime",
    "Yeast_ml8",
    "Flare",
)
"""All that are bundled."""

_METHODS: tuple[Any, ...] = (
    "Original",
    SOUND,
    Scenario("Borderline", "smote_impls:BorderlineSMOTE"),
    Scenario("ADASYN", "smote_impls:ADASYN"),
    Scenario("Borderline2", "imblearn.over_sampling:BorderlineSMOTE", {"kind": "borderline-2"}),
    Scenario("SMOTETomek", "imblearn.combine:SMOTETomek"),
    "RandomOverSampler",
    "RandomUnderSampler",
    "class_weight",
)

_CLASSIFIERS: tuple[Any, ...] = (
    # From the noisiest to those that have no randomness of their own.
    {"ExtraTree": "sklearn.tree:ExtraTreeClassifier"},
    "DecisionTree",
    {"ShallowTree": {"classifier": "DecisionTree", "params": {"max_depth": 3}}},
    {"Forest": {"classifier": "RandomForest", "params": {"n_estimators": 10}}},
    {
        "SGD": {
            "classifier": "sklearn.linear_model:SGDClassifier",
            "params": {"loss": "log_loss", "alpha": 0.01, "max_iter": 30, "tol": None},
        }
    },
    "kNN",
    "NaiveBayes",
    "LogisticRegression",
    {"LDA": "sklearn.discriminant_analysis:LinearDiscriminantAnalysis"},
    {"Ridge": "sklearn.linear_model:RidgeClassifier"},
)


def grid_text() -> str:
    """Return the experiment of the study as YAML (JSON is YAML)."""
    names = [item if isinstance(item, str) else item.name for item in _METHODS]
    assert METHOD in names
    scenarios = [item for item in _METHODS if isinstance(item, Scenario)]
    methods: list[Any] = [item for item in _METHODS if isinstance(item, str)]
    for scenario in (*scenarios, *HARMLESS, *DEFECTS):
        definition = {"method": scenario.target, "params": dict(scenario.params)}
        methods.append({scenario.name: definition})
    settings = {"cv_folds": N_FOLDS, "random_runs": N_SPLITS, "selected_classifiers": list(_CLASSIFIERS)}
    return json.dumps(
        {"name": "gate study", "methods": methods, "datasets": list(DATASETS), "experiment_config": settings}
    )


def null_methods() -> tuple[str, ...]:
    """Return the methods of the grid itself, without the scenarios."""
    return tuple(item if isinstance(item, str) else item.name for item in _METHODS)


def experiment(draw: int = 0) -> Experiment:
    """Return the grid with all scenarios as methods, on one seed."""
    made = experiment_from_text(grid_text())
    return dataclasses.replace(made, protocol=dataclasses.replace(made.protocol, draw=draw)).narrow(
        metrics=METRICS
    )


class SmallFolds(FoldSource):
    """Folds of small tables, without the hold-out.

    Parameters
    ----------
    experiment : Experiment
    like : SmallFolds, optional
        Whose prepared folds to share: those of another draw are the same.
    """

    def __init__(self, experiment: Experiment, like: SmallFolds | None = None) -> None:
        super().__init__(experiment.datasets, experiment.methods, experiment.protocol)
        if like is not None:
            self._tables, self._prepared = like._tables, like._prepared

    def _load(self, entry: DatasetEntry) -> Dataset:
        table = super()._load(entry)
        rows = stratified_rows(table.y, MAX_ROWS)
        X = table.X.iloc[rows].reset_index(drop=True)
        return dataclasses.replace(table, X=X.iloc[:, : min(MAX_COLUMNS, X.shape[1])], y=table.y[rows])

    def _prepare(self, name: str, start: int) -> Iterator[Any]:
        folds = [fold for fold in super()._prepare(name, 0) if fold.rows.phase != HOLDOUT]
        yield from folds[start:]


def stratified_rows(y: np.ndarray, n_rows: int) -> np.ndarray:
    """Choose rows, the same in every call, with each class's share; all where there are not more."""
    if len(y) <= n_rows:
        return np.arange(len(y))
    rng = np.random.RandomState(0)
    kept = []
    for label in np.unique(y):
        rows = np.flatnonzero(y == label)
        kept.append(rng.permutation(rows)[: round(n_rows * len(rows) / len(y))])
    return np.sort(np.concatenate(kept))
