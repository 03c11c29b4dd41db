"""Rows that cells share: the same numbers in the same order, whatever a classifier does to them."""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import sys
import types
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fold_sources import fold_source
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from smote_bench.classifiers.registry import parse_classifier
from smote_bench.evaluation.evaluate import CellPlan, evaluate_cell
from smote_bench.evaluation.folds import FoldSource
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.evaluation.shared_rows import SharedRows, immutable
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment
from smote_bench.metrics import METRICS

DTYPES = st.sampled_from([np.float64, np.float32, np.int64, np.bool_])
SHAPES = hnp.array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=5)


@given(DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, SHAPES)), st.sampled_from(["C", "F", "every other"]))
def test_an_immutable_array_has_the_same_values_in_the_same_order_of_memory(
    array: np.ndarray, order: Any
) -> None:
    given_array = array[::2] if order == "every other" else np.array(array, order=order)
    held = immutable(given_array)
    np.testing.assert_array_equal(held, given_array)
    assert (held.dtype, held.shape) == (given_array.dtype, given_array.shape)
    if order != "every other":
        assert held.flags.f_contiguous == given_array.flags.f_contiguous
        assert held.flags.c_contiguous == given_array.flags.c_contiguous
    assert not held.flags.writeable
    assert immutable(held) is held


def test_an_immutable_array_holds_its_numbers_once() -> None:
    held = immutable(np.zeros((100, 5)))
    base: Any = held
    while isinstance(base, np.ndarray):
        base = base.base
    assert len(base) == held.nbytes


def _through_pointer(array: np.ndarray) -> None:
    ctypes.memset(array.ctypes.data, 7, array.nbytes)


class _Claims:
    def __init__(self, array: np.ndarray) -> None:
        facts = dict(array.__array_interface__)
        self.__array_interface__ = {**facts, "data": (facts["data"][0], False)}


def _through_interface(array: np.ndarray) -> None:
    np.asarray(_Claims(array))[...] = 7


def _set_flag(array: np.ndarray) -> None:
    array.setflags(write=True)
    array *= 2


def _flag_of_base(array: np.ndarray) -> None:
    base: Any = array
    while isinstance(base, np.ndarray):
        base.flags.writeable = True
        base = base.base
    array[:] = 7


def _through_base(array: np.ndarray) -> None:
    np.asarray(array).base[:] = 7  # type: ignore[index]


def _times(array: np.ndarray) -> None:
    array *= 2


def _shuffle(array: np.ndarray) -> None:
    np.random.default_rng(0).shuffle(array)


def _view(array: np.ndarray) -> None:
    np.lib.stride_tricks.as_strided(array, writeable=True)[:] = 7


WRITES = {
    "in place": _times,
    "an item": lambda array: array.__setitem__(0, 7),
    "out=": lambda array: np.add(array, 1, out=array),
    "sort": lambda array: array.sort(axis=0),
    "shuffle": _shuffle,
    "copyto": lambda array: np.copyto(array, 7),
    "setflags": _set_flag,
    "setflags on a base": _flag_of_base,
    "base": _through_base,
    "a view": _view,
    "a memoryview": lambda array: memoryview(array.reshape(-1)).__setitem__(0, array.dtype.type(7)),
    "frombuffer": lambda array: np.frombuffer(array.data, dtype=array.dtype).__setitem__(0, 7),
    "a frame": lambda array: pd.DataFrame(array, copy=False).to_numpy().__setitem__(0, 7),
    "a pointer": _through_pointer,
    "an interface": _through_interface,
}
SILENT = {"a pointer", "an interface"}


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.float64, np.int64])
@pytest.mark.parametrize("name", WRITES)
def test_no_write_goes_unseen(name: str, dtype: Any, order: Any) -> None:
    @dataclasses.dataclass(frozen=True)
    class Fold:
        X: np.ndarray
        y: np.ndarray

    shared = SharedRows(Fold(np.arange(12).reshape(4, 3).astype(dtype, order=order)[::1], np.arange(4)))
    before = shared.item.X.copy()
    with contextlib.suppress(ValueError, TypeError, AttributeError, BufferError):
        WRITES[name](shared.item.X)
    changed = not np.array_equal(shared.item.X, before)
    assert shared.changed() == (["X"] if changed else [])
    assert changed == (name in SILENT)


class Writer:
    """Decides by the first column's mean, and writes into something it was given."""

    write: Any = None
    into = ""

    def __init__(self, random_state: Any = None) -> None:
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Writer:
        self.classes_, self.mean_ = np.unique(y), X[:, 0].mean()
        if type(self).into in ("X", "y"):
            type(self).write({"X": X, "y": y}[type(self).into])
        return self

    def predict_proba(self, X: Any) -> Any:
        score = (X[:, 0] > self.mean_) * 0.6 + 0.2
        if type(self).into == "X_test":
            type(self).write(X)
        return np.column_stack([1 - score, score])


@pytest.fixture(scope="module", autouse=True)
def writers() -> Iterator[None]:
    module = types.ModuleType("smote_bench_writers")
    module.Writer = Writer  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, module.__name__, module)
        yield


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    tmp_path = tmp_path_factory.mktemp("rows")
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 3)), (np.arange(60) % 4 == 0).astype(int)
    X[y == 1] += 0.8
    rows = [",".join(map(repr, [*map(float, row), int(label)])) for row, label in zip(X, y, strict=True)]
    (tmp_path / "table.csv").write_text("\n".join(["a,b,c,y", *rows]) + "\n")
    return experiment_from_text(
        "methods: [imblearn.SMOTE, class_weight]\n"
        "datasets: [{name: T, file: table.csv, target: y, minority: 1}]\n"
        "cv_folds: 2\nselected_classifiers: [kNN, NaiveBayes]\n",
        str(tmp_path / "exp.yaml"),
    )


def _cell(source: FoldSource, experiment: Experiment, method: str, classifier: str) -> Outcome:
    spec = (
        parse_classifier("Writer", "smote_bench_writers:Writer")
        if classifier == "Writer"
        else experiment.classifiers[classifier]
    )
    plan = CellPlan(
        Cell("T", method, classifier),
        experiment.methods[method],
        spec,
        42,
        tuple(METRICS[name] for name in ("roc_auc", "f1", "tp")),
    )
    return evaluate_cell(plan, source.folds("T", method))


METHODS = ("imblearn.SMOTE", "Original")


@pytest.fixture(scope="module")
def untouched(experiment: Experiment) -> dict[tuple[str, str], Outcome]:
    """The outcomes where nobody wrote."""
    source = fold_source(experiment)
    return {
        (method, classifier): _cell(source, experiment, method, classifier)
        for method in METHODS
        for classifier in experiment.classifiers
    }


@pytest.mark.parametrize("into", ["X", "y", "X_test"])
@pytest.mark.parametrize("name", ["in place", "sort", "setflags", "base", "a view", *sorted(SILENT)])
def test_scores_are_the_same_before_and_after_a_classifier_that_writes(
    name: str, into: str, experiment: Experiment, untouched: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Writer, "write", staticmethod(WRITES[name]))
    monkeypatch.setattr(Writer, "into", into)
    source = fold_source(experiment)
    written = [_cell(source, experiment, method, "Writer") for method in METHODS]
    for method, classifier in (*untouched, *untouched):  # the first method's folds have rows of the second's
        after, before = _cell(source, experiment, method, classifier), untouched[method, classifier]
        assert (after.status, before.status) == ("ok", "ok")
        assert [fit.scores for fit in after.fits] == [fit.scores for fit in before.fits]
    assert {outcome.status for outcome in written} == {"error"}
    if name in SILENT:
        assert f"got others in {into}" in written[0].reason
        assert "the classifier writes into its input" in written[0].reason


FORMS = {
    "a column": lambda array: setattr(array, "shape", (-1, 1)),
    "a row": lambda array: setattr(array, "shape", (1, -1)),
    "integers": lambda array: setattr(array, "dtype", np.int64 if array.dtype.kind == "f" else np.float64),
    "other strides": lambda array: setattr(array, "strides", tuple(0 for _ in array.strides)),
    "a column below": lambda array: setattr(array.base, "shape", (-1, 1)),
}


@pytest.mark.filterwarnings("ignore:Setting the:DeprecationWarning")
@pytest.mark.parametrize("into", ["X", "y", "X_test"])
@pytest.mark.parametrize("name", FORMS)
def test_scores_are_the_same_after_a_classifier_that_gives_its_arrays_another_form(
    name: str, into: str, experiment: Experiment, untouched: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def change(array: np.ndarray) -> None:
        with contextlib.suppress(AttributeError):  # what lies below are bytes, which have no shape
            FORMS[name](array)

    monkeypatch.setattr(Writer, "write", staticmethod(change))
    monkeypatch.setattr(Writer, "into", into)
    source = fold_source(experiment)
    for method in METHODS:
        _cell(source, experiment, method, "Writer")
    for (method, classifier), before in untouched.items():
        after = _cell(source, experiment, method, classifier)
        assert (after.status, [f.scores for f in after.fits]) == ("ok", [f.scores for f in before.fits])


def test_rows_that_a_failing_cell_left_changed_are_made_again(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_and_fail(array: np.ndarray) -> None:
        _through_pointer(array)
        raise RuntimeError("on purpose")

    monkeypatch.setattr(Writer, "write", staticmethod(write_and_fail))
    for into in ("X_test", "X"):
        monkeypatch.setattr(Writer, "into", into)
        source = fold_source(experiment)
        expected = _cell(
            fold_source(experiment),
            experiment,
            "class_weight",
            "kNN",
        )
        failed = _cell(source, experiment, "imblearn.SMOTE", "Writer")
        assert "on purpose" in failed.reason
        # The written rows are shared with a method whose folds are already there, and with new ones.
        after = _cell(source, experiment, "class_weight", "kNN")
        assert [fit.scores for fit in after.fits] == [fit.scores for fit in expected.fits]
