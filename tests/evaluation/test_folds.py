"""Tables, prepared folds and resampled folds: made once, shared, and never changed by who uses them."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fold_sources import fold_source

from smote_bench.environment.timeouts import CellTimeout
from smote_bench.errors import UnavailableError
from smote_bench.evaluation import folds as folds_module
from smote_bench.evaluation.evaluate import ResampledFold
from smote_bench.evaluation.folds import FoldSource
from smote_bench.evaluation.seeding import sampler_seed
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment
from smote_bench.methods.resampling import Resampled, resample

pytestmark = pytest.mark.versions

N_FITS = 6  # two repeats of two folds and a hold-out


@pytest.fixture
def experiment(tmp_path: Path) -> Experiment:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 3)), (np.arange(60) % 4 == 0).astype(int)
    lines = [
        "a,b,c,y",
        *(",".join(map(repr, [*map(float, row), int(label)])) for row, label in zip(X, y, strict=True)),
    ]
    (tmp_path / "table.csv").write_text("\n".join(lines) + "\n")
    return experiment_from_text(
        "methods: [imblearn.RandomOverSampler, imblearn.SMOTE, class_weight, tuned_threshold]\n"
        "datasets: [{name: T, file: table.csv, target: y, minority: 1}]\n"
        "cv_folds: 2\nrandom_runs: 2\nselected_classifiers: [kNN]\n",
        str(tmp_path / "exp.yaml"),
    )


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """Count the calls of everything that is shared."""
    seen: dict[str, list[Any]] = {"load_dataset": [], "prepare_fold": [], "resample": []}

    def counted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            seen[name].append((args, more))
            return real(*args, **more)

        return call

    for name in seen:
        monkeypatch.setattr(folds_module, name, counted(name, getattr(folds_module, name)))
    return seen


def _counts(calls: dict[str, list[Any]]) -> dict[str, int]:
    return {name: len(seen) for name, seen in calls.items()}


def test_a_group_is_resampled_once_however_many_classifiers_ask(
    experiment: Experiment, calls: dict[str, list]
) -> None:
    source = fold_source(experiment)
    for _ in range(3):
        assert len(list(source.folds("T", "imblearn.SMOTE"))) == N_FITS
    assert _counts(calls) == {"load_dataset": 1, "prepare_fold": N_FITS, "resample": N_FITS}


def test_the_methods_of_a_data_set_share_its_prepared_folds(
    experiment: Experiment, calls: dict[str, list]
) -> None:
    source = fold_source(experiment)
    for method in experiment.methods:
        list(source.folds("T", method))
    # Original, class_weight and tuned_threshold do not resample and share one entry.
    assert _counts(calls) == {"load_dataset": 1, "prepare_fold": N_FITS, "resample": 3 * N_FITS}


def test_a_data_set_that_was_prepared_is_there_for_all_methods(
    experiment: Experiment, calls: dict[str, list]
) -> None:
    source = fold_source(experiment)
    source.prepare("T")
    assert _counts(calls) == {"load_dataset": 1, "prepare_fold": N_FITS, "resample": 0}
    assert len(list(source.folds("T", "imblearn.SMOTE"))) == N_FITS
    assert _counts(calls) == {"load_dataset": 1, "prepare_fold": N_FITS, "resample": N_FITS}


def test_of_what_could_not_be_prepared_nothing_is_kept(
    experiment: Experiment, calls: dict[str, list], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, prepare_fold = fold_source(experiment), folds_module.prepare_fold
    monkeypatch.setattr(folds_module, "prepare_fold", lambda *_: 1 / 0)
    source.prepare("T")
    monkeypatch.setattr(folds_module, "prepare_fold", prepare_fold)
    assert len(list(source.folds("T", "imblearn.SMOTE"))) == N_FITS
    assert _counts(calls)["load_dataset"] == 2


def test_one_data_set_is_prepared_at_a_time(
    experiment: Experiment, calls: dict[str, list], tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_text((tmp_path / "table.csv").read_text())
    both = experiment_from_text(
        "methods: [imblearn.SMOTE]\n"
        "datasets: [{name: T, file: table.csv, target: y, minority: 1}, "
        "{name: U, file: other.csv, target: y, minority: 1}]\n"
        "cv_folds: 2\nrandom_runs: 2\nselected_classifiers: [kNN]\n",
        str(tmp_path / "exp.yaml"),
    )
    source = fold_source(both)
    source.prepare("T")
    source.prepare("U")
    list(source.folds("U", "imblearn.SMOTE"))
    assert _counts(calls) == {"load_dataset": 2, "prepare_fold": 2 * N_FITS, "resample": N_FITS}
    list(source.folds("T", "imblearn.SMOTE"))
    assert _counts(calls) == {"load_dataset": 3, "prepare_fold": 3 * N_FITS, "resample": 2 * N_FITS}


def test_folds_of_a_table_that_is_given_are_its_own(experiment: Experiment) -> None:
    first, later, fresh = (fold_source(experiment) for _ in range(3))
    table = first.dataset("T")
    given = dataclasses.replace(table, X=table.X**3)
    list(later.folds("T", "class_weight"))
    for source in (later, fresh):
        source.adopt("T", given)
    folds = [[fold.X_test for fold in source.folds("T", "class_weight")] for source in (first, later, fresh)]
    assert all(np.array_equal(one, other) for one, other in zip(folds[1], folds[2], strict=True))
    assert not any(np.allclose(one, other) for one, other in zip(folds[0], folds[1], strict=True))


def test_folds_are_computed_when_they_are_asked_for(experiment: Experiment, calls: dict[str, list]) -> None:
    folds = fold_source(experiment).folds("T", "imblearn.SMOTE")
    next(folds)
    assert (len(calls["prepare_fold"]), len(calls["resample"])) == (1, 1)


def test_every_sampler_is_seeded_by_repeat_and_fold(experiment: Experiment, calls: dict[str, list]) -> None:
    for method in ("imblearn.SMOTE", "imblearn.RandomOverSampler"):
        list(fold_source(experiment).folds("T", method))
    at = [(repeat, fold) for repeat in range(2) for fold in (0, 1, "holdout")]
    assert [more["seed"] for _, more in calls["resample"]] == [sampler_seed(42, *each) for each in at] * 2


def test_folds_are_the_same_from_another_source_in_another_order(experiment: Experiment) -> None:
    one, other = (
        fold_source(experiment),
        fold_source(experiment, budget_bytes=0),
    )
    list(other.folds("T", "imblearn.RandomOverSampler"))
    for ours, theirs in zip(
        one.folds("T", "imblearn.SMOTE"), other.folds("T", "imblearn.SMOTE"), strict=True
    ):
        for name in ("X", "y", "X_test", "y_test"):
            np.testing.assert_array_equal(getattr(ours, name), getattr(theirs, name))


def test_a_small_budget_keeps_the_newest_group(experiment: Experiment, calls: dict[str, list]) -> None:
    source = fold_source(experiment, budget_bytes=0)
    for method in ("imblearn.SMOTE", "imblearn.SMOTE", "imblearn.RandomOverSampler", "imblearn.SMOTE"):
        list(source.folds("T", method))
    assert len(calls["resample"]) == 3 * N_FITS
    assert len(calls["prepare_fold"]) == N_FITS


def test_a_budget_holds_for_what_is_kept_and_not_for_what_was_let_go(
    experiment: Experiment, calls: dict[str, list]
) -> None:
    one = fold_source(experiment)
    list(one.folds("T", "imblearn.SMOTE"))
    held = one._resampled._n_bytes
    assert held == sum(entry.n_bytes for entry in one._resampled._entries.values()) > 0
    source = fold_source(experiment, budget_bytes=held + 1)
    methods = ("imblearn.SMOTE", "imblearn.RandomOverSampler", "class_weight")
    calls["resample"].clear()
    begun = source.folds("T", methods[0])
    next(begun)
    for _ in range(3):
        for method in methods[1:]:
            list(source.folds("T", method))
    list(begun)  # grows when it is kept no more
    for shelf in (source._resampled, source._prepared):
        assert shelf._n_bytes == sum(entry.n_bytes for entry in shelf._entries.values())
    assert len(source._resampled._entries) < len(methods)


def test_a_fold_counts_its_rows_before_resampling(experiment: Experiment) -> None:
    for fold in fold_source(experiment).folds("T", "imblearn.SMOTE"):
        y = fold_source(experiment).dataset("T").y[fold.rows.train]
        assert fold.rows_before == (int((y == 0).sum()), int((y == 1).sum()))
        assert (fold.y == 1).sum() == (fold.y == 0).sum() > fold.rows_before[1]


@pytest.mark.parametrize("name", ["X", "y", "X_test", "y_test"])
def test_a_classifier_cannot_write_into_rows_that_others_share(experiment: Experiment, name: str) -> None:
    fold = next(fold_source(experiment).folds("T", "class_weight"))
    with pytest.raises(ValueError, match="read-only"):
        getattr(fold, name)[:] = 0


def _failing(error: BaseException, *, at: int) -> Callable[..., Resampled]:
    """Return a `resample` that raises in its n-th call, counted from 0, and in none after it."""
    n = iter(range(100))

    def fail(*args: Any, **more: Any) -> Resampled:
        if next(n) == at:
            raise error
        return resample(*args, **more)

    return fail


def _take(source: FoldSource, method: str = "imblearn.SMOTE") -> list[ResampledFold]:
    return list(source.folds("T", method))


def test_a_sampler_that_fails_is_not_tried_again_by_the_next_classifier(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folds_module, "resample", _failing(ValueError("no rows"), at=1))
    source = fold_source(experiment)
    for _ in range(2):
        with pytest.raises(ValueError, match="no rows"):
            _take(source)


@pytest.mark.parametrize("error", [SystemExit("a sampler gave up"), KeyboardInterrupt()])
def test_a_sampler_that_ends_the_program_never_leaves_a_shorter_sequence(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(folds_module, "resample", _failing(error, at=3))
    source = fold_source(experiment)
    with pytest.raises(type(error)):
        _take(source)
    assert len(_take(source)) == N_FITS


class _Clock:
    """A clock that moves when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    clock = _Clock()
    monkeypatch.setattr(folds_module, "time", type("Time", (), {"perf_counter": staticmethod(clock)}))
    return clock


@pytest.mark.parametrize("stage", ["prepare_fold", "resample"])
def test_a_time_out_that_fitting_caused_is_not_held_against_the_next_classifier(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch, clock: _Clock, stage: str
) -> None:
    real, n = getattr(folds_module, stage), iter(range(100))

    def struck_by_the_alarm(*args: Any, **more: Any) -> Any:
        clock.now += 1.0
        if next(n) == 2:
            raise CellTimeout("longer than the limit")
        return real(*args, **more)

    monkeypatch.setattr(folds_module, stage, struck_by_the_alarm)
    source, taken = fold_source(experiment), []

    def fit_slowly() -> None:
        for fold in source.folds("T", "imblearn.SMOTE"):
            taken.append(fold)
            clock.now += 100.0

    with pytest.raises(CellTimeout):
        fit_slowly()
    again = _take(source)
    assert len(again) == N_FITS
    assert len(taken) == 2
    assert all(np.shares_memory(new.X, old.X) for new, old in zip(again, taken, strict=False))
    assert len(_take(source, "imblearn.RandomOverSampler")) == N_FITS


def test_a_time_out_of_the_sampler_itself_holds_for_the_other_classifiers(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch, clock: _Clock
) -> None:
    def slow(*args: Any, **more: Any) -> Any:
        clock.now += 100.0
        raise CellTimeout("longer than the limit")

    monkeypatch.setattr(folds_module, "resample", slow)
    source = fold_source(experiment)
    for _ in range(2):
        with pytest.raises(CellTimeout):
            _take(source)
    assert clock.now == 100.0
    monkeypatch.setattr(folds_module, "resample", resample)
    assert len(_take(source, "imblearn.RandomOverSampler")) == N_FITS


def test_a_data_set_that_cannot_be_had_is_looked_for_once(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = []

    def absent(*args: Any, **more: Any) -> Any:
        tries.append(args)
        raise UnavailableError("no provider has it", "fetch it")

    monkeypatch.setattr(folds_module, "load_dataset", absent)
    source = fold_source(experiment)
    for _ in range(3):
        with pytest.raises(UnavailableError, match="no provider has it; fetch it"):
            _take(source)
    assert len(tries) == 1


def test_rows_to_predict_go_through_a_samplers_own_feature_space(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def first_column(spec: Any, X: np.ndarray, y: np.ndarray, *, seed: int, typed: object) -> Resampled:
        return Resampled(X[:, :1].copy(), y.copy(), transform=lambda rows: rows[:, :1].copy())

    honest = next(fold_source(experiment).folds("T", "imblearn.SMOTE"))
    monkeypatch.setattr(folds_module, "resample", first_column)
    fold = next(fold_source(experiment).folds("T", "imblearn.SMOTE"))
    np.testing.assert_array_equal(fold.X_test, honest.X_test[:, :1])


def test_splits_are_those_of_the_table_without_its_repeated_rows(
    experiment: Experiment, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text(table.read_text() + table.read_text().splitlines()[1] + "\n")
    source = fold_source(experiment)
    assert len(source.dataset("T").y) == 60
    assert max(split.test.max() for split in source.splits("T")) == 59


def test_the_watch_of_the_time_spent_inside_is_a_real_clock() -> None:
    assert folds_module.time is time


def test_calibration_after_a_sampler_resamples_inner_folds_of_real_rows(
    tmp_path: Path, experiment: Experiment
) -> None:
    few = "method: SMOTE, params: {k_neighbors: 2}"
    methods = f"[SMOTE, {{C: {{{few}, calibrated: sigmoid}}}}, {{P: {{{few}, prior_corrected: true}}}}]"
    of = experiment_from_text(
        f"methods: {methods}\n"
        "datasets: [{name: T, file: table.csv, target: y, minority: 1}]\ncv_folds: 2\n",
        str(tmp_path / "exp.yaml"),
    )
    source = fold_source(of)
    folds = {name: next(iter(source.folds("T", name))) for name in ("SMOTE", "C", "P")}
    assert [fold.inner is None for fold in folds.values()] == [True, False, True]
    for inner in folds["C"].inner:
        assert np.bincount(inner.y).tolist()[0] == np.bincount(inner.y).tolist()[1]  # resampled
        assert not {*map(tuple, inner.X)} & {*map(tuple, inner.X_valid)}
        assert {*map(tuple, inner.X_valid)} <= {*map(tuple, folds["C"].X_before)}
