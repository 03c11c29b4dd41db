"""What is kept of every resampled fold: digests, counts, descriptors, and their way through JSON."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
from fold_sources import fold_source

from smote_bench.evaluation.descriptors import OF_NUMBERS, describe
from smote_bench.evaluation.evaluate import ResampledFold
from smote_bench.evaluation.samples import Sample, describe_folds, read_samples, rows_digest, split_digest
from smote_bench.evaluation.splits import FoldRows
from smote_bench.experiment.file import experiment_from_text
from smote_impls import SMOTE


def _table(n: int = 40) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    y = (np.arange(n) < n // 4).astype(np.int64)
    return rng.normal(size=(n, 3)) + y[:, None], y


def _fold(X_after: np.ndarray, y_after: np.ndarray, **more: object) -> ResampledFold:
    X, y = _table()
    majority, minority = np.bincount(y)
    fold = ResampledFold(
        rows=FoldRows("cv", 2, 3, np.arange(40), np.array([41, 47, 44])),
        X=X_after,
        y=y_after,
        X_before=X,
        y_before=y,
        X_test=X[:3],
        y_test=y[:3],
        rows_before=(int(majority), int(minority)),
        seconds=0.25,
        noop=False,
    )
    return dataclasses.replace(fold, **more)  # type: ignore[arg-type]


def test_a_fold_is_kept_as_the_gate_reads_it() -> None:
    X, y = _table()
    X_after, y_after = SMOTE(random_state=0).fit_resample(X, y)
    (record,) = json.loads(describe_folds([_fold(X_after, y_after)], draw=1))
    descriptors = record.pop("descriptors")
    assert record == {
        "phase": "cv",
        "repeat": 2,
        "fold": 3,
        "draw": 1,
        "test_digest": split_digest(np.array([41, 47, 44])),
        "rows_digest": rows_digest(X_after, y_after),
        "n_synthetic": 20,
        "rows_before": [30, 10],
        "rows_after": [30, 30],
        "resample_seconds": 0.25,
        "noop": False,
    }
    expected = describe((X, y), (X_after, y_after))
    assert list(descriptors) == list(OF_NUMBERS)
    assert descriptors == {name: None if math.isnan(v) else v for name, v in expected.items()}


def test_what_is_undefined_is_null_in_json_and_nan_again_when_read() -> None:
    data = describe_folds([_fold(*_table(), noop=True)], draw=0)
    assert b"NaN" not in data
    assert json.loads(data)[0]["descriptors"]["to_minority"] is None
    (sample,) = read_samples(data)
    assert math.isnan(sample.descriptors["to_minority"])
    assert sample.descriptors["kept_minority"] == 1
    assert (sample.noop, sample.n_synthetic) == (True, 0)


def test_samples_come_back_from_json() -> None:
    X, y = _table()
    (sample,) = read_samples(describe_folds([_fold(np.vstack([X] * 4), np.tile(y, 4))], draw=0))
    assert isinstance(sample, Sample)
    assert Sample.from_json(json.loads(json.dumps(sample.to_json()))) == sample
    assert sample.rows_after == (120, 40)


def test_a_method_that_does_not_resample_has_digests_and_no_descriptors() -> None:
    (sample,) = read_samples(describe_folds([_fold(*_table())], draw=0, resampled=False))
    assert (sample.descriptors, sample.n_synthetic) == ({}, 0)
    assert sample.rows_digest == rows_digest(*_table())


def test_every_fold_and_the_holdout_come_in_the_order_of_the_protocol() -> None:
    text = "{methods: [SMOTE], datasets: [Ecoli], selected_classifiers: [kNN], cv_folds: 2, random_runs: 2}"
    experiment = experiment_from_text(text, "grid.yaml")
    source = fold_source(experiment)
    data = describe_folds(source.folds("Ecoli", "SMOTE"), draw=0)
    samples = read_samples(data)
    splits = source.splits("Ecoli")
    assert [(s.phase, s.repeat, s.fold) for s in samples] == [(s.phase, s.repeat, s.fold) for s in splits]
    assert [s.test_digest for s in samples] == [split_digest(split.test) for split in splits]
    again = read_samples(
        describe_folds(
            fold_source(experiment).folds("Ecoli", "SMOTE"),
            draw=0,
        )
    )
    without_seconds = [
        [dataclasses.replace(s, resample_seconds=0.0) for s in run] for run in (samples, again)
    ]
    assert without_seconds[0] == without_seconds[1]


def test_digests_are_stable_from_version_to_version_and_platform_to_platform() -> None:
    X, y = np.array([[1.0, -2.5], [0.1, 1e300]]), np.array([0, 1])
    assert rows_digest(X, y) == "4210fd108a193f6a"
    assert split_digest(np.array([5, 3, 2**40])) == "72cc2a3c6d4d4089"


def test_digests_do_not_depend_on_layout_byte_order_or_the_sign_of_zero() -> None:
    X, y = np.array([[1.0, 0.0], [2.0, 3.0]]), np.array([0, 1])
    digest = rows_digest(X, y)
    assert rows_digest(np.asfortranarray(X), y.astype(np.int32)) == digest
    assert rows_digest(X.astype(">f8"), y) == digest
    assert rows_digest(np.array([[1.0, -0.0], [2.0, 3.0]]), y) == digest


@pytest.mark.parametrize(
    ("X", "y"),
    [
        ([[2.0, 3.0], [1.0, 0.0]], [1, 0]),
        ([[1.0, 0.0], [2.0, 3.0]], [1, 1]),
        ([[1.0, 0.0], [2.0, np.nextafter(3.0, 4.0)]], [0, 1]),
        ([[1.0, 2.0], [0.0, 3.0]], [0, 1]),
        ([[1.0, 0.0]], [0]),
    ],
    ids=["order", "label", "last bit", "transposed", "fewer rows"],
)
def test_digests_see_every_change(X: list, y: list) -> None:
    digest = rows_digest(np.array([[1.0, 0.0], [2.0, 3.0]]), np.array([0, 1]))
    assert rows_digest(np.array(X), np.array(y)) != digest


def test_a_digest_of_a_split_sees_the_order_of_its_rows() -> None:
    assert split_digest(np.array([1, 2])) != split_digest(np.array([2, 1]))
