"""Leaks: a check that catches rows of the test side in training, shown on pipelines that leak on purpose.

The canary is pure noise: nobody can predict it, so whoever seems to has looked.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fold_sources import fold_source
from imblearn.over_sampling import SMOTE
from sklearn.preprocessing import MinMaxScaler

from smote_bench.evaluation import folds as folds_module
from smote_bench.evaluation.evaluate import CellPlan, ResampledFold, evaluate_cell
from smote_bench.evaluation.folds import FoldSource
from smote_bench.evaluation.outcome import Cell
from smote_bench.evaluation.prepare import prepare_fold
from smote_bench.evaluation.protocol import Protocol
from smote_bench.evaluation.splits import fold_rows
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment

Pipeline = Callable[[np.ndarray, np.ndarray], Iterable[ResampledFold]]


def assert_no_leak(pipeline: Pipeline, X: np.ndarray, y: np.ndarray) -> None:
    """Check that what a pipeline trains on does not depend on the rows it is tested on.

    Every fold is made again from a table whose test rows have other values. The resampled training part must
    be the same to the bit, whether the leak is in a scaler, an imputer, a sampler or the split.

    Parameters
    ----------
    pipeline : callable
        From `X` and `y` to resampled folds; deterministic, and splitting by `y` alone.
    X : ndarray of shape (n_samples, n_features)
        Distinct rows, as many as the pipeline splits.
    y : ndarray of shape (n_samples,), 0/1

    Raises
    ------
    AssertionError
        Naming the fold that saw its test rows.
    """
    for n, fold in enumerate(list(pipeline(X, y))):
        where = f"{fold.rows.phase} repeat {fold.rows.repeat} fold {fold.rows.fold}"
        rows = fold.rows.test[fold.rows.test < len(X)]
        assert len(fold.y_test) == len(fold.rows.test), f"{where}: other rows are tested than the split says"
        assert not set(fold.rows.train) & set(fold.rows.test), f"{where}: rows are trained and tested on"
        changed = X.copy()
        changed[rows] = 1000.0 + 10.0 * X[rows]
        again = list(pipeline(changed, y))[n]
        same = (
            fold.X.shape == again.X.shape
            and np.array_equal(fold.X, again.X)
            and np.array_equal(fold.y, again.y)
        )
        assert same, f"{where}: the training part changed with the values of test rows"


@pytest.fixture(scope="module")
def table() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(7)
    y = (np.arange(90) % 5 == 0).astype(int)
    return rng.normal(size=(90, 3)) + y[:, None], y


def _experiment(folder: Path, X: np.ndarray, y: np.ndarray, **settings: Any) -> Experiment:
    """Return an experiment on a table, through a file as a user has it."""
    columns = [f"x{n}" for n in range(X.shape[1])]
    rows = (
        ",".join([*map(repr, row), str(label)]) for row, label in zip(X.tolist(), y.tolist(), strict=True)
    )
    (folder / "table.csv").write_text("\n".join([",".join([*columns, "y"]), *rows]) + "\n")
    more = "".join(f"{key}: {value}\n" for key, value in {"cv_folds": 2, **settings}.items())
    text = (
        "methods: [imblearn.SMOTE, RandomOverSampler, imblearn.SMOTEENN]\n"
        f"datasets: [{{name: T, file: table.csv, target: y, minority: 1}}]\n{more}"
    )
    return experiment_from_text(text, str(folder / "exp.yaml"))


def _source(folder: Path, X: np.ndarray, y: np.ndarray, **settings: Any) -> FoldSource:
    """Return the bench's own folds of a table."""
    built = _experiment(folder, X, y, **settings)
    return fold_source(built)


PROTOCOL = Protocol(cv_folds=2)


def _smote(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return SMOTE(random_state=0, k_neighbors=3).fit_resample(X, y)


def _fold(split: Any, X: np.ndarray, y: np.ndarray, X_test: np.ndarray, y_test: np.ndarray) -> ResampledFold:
    return ResampledFold(split, X, y, X_test, y_test, (0, 0), 0.0, False)


def _honest(X: np.ndarray, y: np.ndarray) -> Iterable[ResampledFold]:
    for split in fold_rows(y, PROTOCOL):
        scaler = MinMaxScaler().fit(X[split.train])
        resampled = _smote(scaler.transform(X[split.train]), y[split.train])
        yield _fold(split, *resampled, scaler.transform(X[split.test]), y[split.test])


def _resampling_before_the_split(X: np.ndarray, y: np.ndarray) -> Iterable[ResampledFold]:
    X, y = _smote(X, y)
    for split in fold_rows(y, PROTOCOL):
        yield _fold(split, X[split.train], y[split.train], X[split.test], y[split.test])


def _scaling_before_the_split(X: np.ndarray, y: np.ndarray) -> Iterable[ResampledFold]:
    X = MinMaxScaler().fit_transform(X)
    for split in fold_rows(y, PROTOCOL):
        yield _fold(split, *_smote(X[split.train], y[split.train]), X[split.test], y[split.test])


def _test_rows_into_the_sampler(X: np.ndarray, y: np.ndarray) -> Iterable[ResampledFold]:
    for split in fold_rows(y, PROTOCOL):
        rows = np.concatenate([split.train, split.test])
        new_X, new_y = _smote(X[rows], y[rows])
        kept = np.r_[
            : len(split.train), len(rows) : len(new_y)
        ]  # the test rows themselves are taken out again
        yield _fold(split, new_X[kept], new_y[kept], X[split.test], y[split.test])


def _test_rows_into_training(X: np.ndarray, y: np.ndarray) -> Iterable[ResampledFold]:
    for split in fold_rows(y, PROTOCOL):
        leaky = replace(split, train=np.concatenate([split.train, split.test[:1]]))
        yield _fold(leaky, *_smote(X[leaky.train], y[leaky.train]), X[split.test], y[split.test])


def test_the_check_passes_an_honest_pipeline(table: tuple[np.ndarray, np.ndarray]) -> None:
    assert_no_leak(_honest, *table)


@pytest.mark.parametrize(
    "pipeline",
    [
        _resampling_before_the_split,
        _scaling_before_the_split,
        _test_rows_into_the_sampler,
        _test_rows_into_training,
    ],
    ids=lambda pipeline: pipeline.__name__.strip("_"),
)
def test_the_check_catches_an_injected_leak(pipeline: Pipeline, table: tuple[np.ndarray, np.ndarray]) -> None:
    with pytest.raises(AssertionError, match=r"the training part changed|rows are trained and tested on"):
        assert_no_leak(pipeline, *table)


@pytest.mark.parametrize(
    ("method", "scaling"),
    [
        ("Original", "minmax"),
        ("RandomOverSampler", "minmax"),
        ("imblearn.SMOTE", "minmax"),
        ("imblearn.SMOTE", "standard"),
        ("imblearn.SMOTEENN", "minmax"),
    ],
)
def test_no_test_row_reaches_training(
    tmp_path: Path, table: tuple[np.ndarray, np.ndarray], method: str, scaling: str
) -> None:
    assert_no_leak(lambda X, y: _source(tmp_path, X, y, scaling=scaling).folds("T", method), *table)


def test_the_processed_version_scales_before_the_split_as_published_and_the_check_sees_it(
    tmp_path: Path, table: tuple[np.ndarray, np.ndarray]
) -> None:
    with pytest.raises(AssertionError, match="the training part changed"):
        assert_no_leak(
            lambda X, y: _source(tmp_path, X, y, preprocessed="true").folds("T", "Original"), *table
        )


def _wrap(monkeypatch: pytest.MonkeyPatch, name: str, wrong: Callable[..., Any]) -> None:
    real = getattr(folds_module, name)
    monkeypatch.setattr(folds_module, name, lambda *a, **k: wrong(real, *a, **k))


def _prepare_on_all_rows(real: Any, dataset: Any, train: Any, test: Any, preprocessing: Any) -> Any:
    everything = real(dataset, np.concatenate([train, test]), test, preprocessing)
    return replace(everything, X_train=everything.X_train[: len(train)])


def test_the_check_catches_a_recipe_of_ours_that_sees_all_rows(
    tmp_path: Path, table: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    _wrap(monkeypatch, "prepare_fold", _prepare_on_all_rows)
    with pytest.raises(AssertionError, match="the training part changed"):
        assert_no_leak(lambda X, y: _source(tmp_path, X, y).folds("T", "imblearn.SMOTE"), *table)


def test_a_sampler_gets_exactly_the_training_rows_of_its_split(
    tmp_path: Path, table: tuple[np.ndarray, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[np.ndarray, np.ndarray]] = []

    def record(real: Any, spec: Any, X: np.ndarray, y: np.ndarray, *, seed: int, typed: Any) -> Any:
        given.append((X.copy(), y.copy()))
        return real(spec, X, y, seed=seed, typed=typed)

    _wrap(monkeypatch, "resample", record)
    source = _source(tmp_path, *table)
    folds = list(source.folds("T", "imblearn.SMOTE"))
    dataset = source.dataset("T")
    preprocessing = source.datasets["T"].preprocessing
    assert len(given) == len(folds) == 3
    for (X, y), fold in zip(given, folds, strict=True):
        alone = prepare_fold(dataset, fold.rows.train, fold.rows.test, preprocessing)
        np.testing.assert_array_equal(X, alone.X_train)
        np.testing.assert_array_equal(y, dataset.y[fold.rows.train])


def test_every_row_that_is_tested_on_is_a_row_of_the_table(
    tmp_path: Path, table: tuple[np.ndarray, np.ndarray]
) -> None:
    X, y = table
    for fold in _source(tmp_path, X, y, scaling="none").folds("T", "imblearn.SMOTE"):
        np.testing.assert_array_equal(fold.X_test, X[fold.rows.test])
        np.testing.assert_array_equal(fold.y_test, y[fold.rows.test])


@pytest.fixture(scope="module")
def noise() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2024)
    return rng.normal(size=(1000, 10)), rng.permutation(np.repeat([0, 1], [900, 100]))


def _auc(experiment: Experiment, folds: Iterable[ResampledFold], classifier: str) -> float:
    plan = CellPlan(
        Cell("T", "M", classifier),
        experiment.methods["Original"],
        experiment.classifiers[classifier],
        experiment.protocol.random_state,
        (experiment.metrics["roc_auc"],),
    )
    outcome = evaluate_cell(plan, folds)
    return statistics.fmean(fit.scores["roc_auc"] for fit in outcome.fits)


@pytest.mark.parametrize("classifier", ["kNN", "RandomForest"])
@pytest.mark.parametrize("method", ["imblearn.SMOTE", "RandomOverSampler"])
def test_nobody_can_predict_noise(
    tmp_path: Path, noise: tuple[np.ndarray, np.ndarray], method: str, classifier: str
) -> None:
    experiment = _experiment(tmp_path, *noise, cv_folds=5)
    folds = [fold for fold in fold_source(experiment).folds("T", method) if fold.rows.phase == "cv"]
    assert len(folds) == 5
    assert 0.40 <= _auc(experiment, folds, classifier) <= 0.60


@pytest.mark.parametrize("classifier", ["kNN", "RandomForest"])
def test_resampling_before_the_split_seems_to_predict_noise(
    tmp_path: Path, noise: tuple[np.ndarray, np.ndarray], classifier: str
) -> None:
    folds = [fold for fold in _resampling_before_the_split(*noise) if fold.rows.phase == "cv"]
    assert _auc(_experiment(tmp_path, *noise), folds, classifier) > 0.60
