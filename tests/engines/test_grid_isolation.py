"""Classifiers that spoil rows or settings, in a grid: the others' scores are the same, and so is the memo."""

from __future__ import annotations

import csv
from typing import Any

SPOILERS = """
import os
import tempfile

import numpy as np
import sklearn

from sklearn.naive_bayes import GaussianNB


class InPlace(GaussianNB):
    def predict_proba(self, X):
        X.setflags(write=True)
        X *= 0
        return super().predict_proba(X)


class Pointer(GaussianNB):
    def fit(self, X, y):
        import ctypes
        super().fit(X, y)
        ctypes.memset(X.ctypes.data, 0, X.nbytes)
        return self


class Settings(GaussianNB):
    def fit(self, X, y):
        super().fit(X, y)
        np.seterr(all="raise")
        np.random.seed(1)
        sklearn.set_config(transform_output="pandas", assume_finite=True)
        os.environ.clear()
        folder = tempfile.mkdtemp()
        os.chdir(folder)
        os.rmdir(folder)
        return self


class Fails(Settings):
    def fit(self, X, y):
        super().fit(X, y)
        raise RuntimeError("on purpose")


class Draws(GaussianNB):
    def predict_proba(self, X):
        score = np.random.rand(len(X))
        return np.column_stack([1 - score, score])
"""
NAMES = ["InPlace", "Pointer", "Settings", "Fails"]
OTHERS = ["kNN", "GNB", "Draws"]
KNOWN = {
    "GNB": "sklearn.naive_bayes:GaussianNB",
    **{name: f"spoilers:{name}" for name in [*NAMES, "Draws"]},
}


def _experiment(bench: Any, classifiers: list[str]) -> None:
    bench.table("T", seed=1, rows=80)
    (bench.path / "spoilers.py").write_text(SPOILERS)
    lines = [
        f"    {name}: {{classifier: '{KNOWN[name]}'}}" if name in KNOWN else f"    {name}:"
        for name in classifiers
    ]
    bench.experiment(
        "methods: ['samplers:Jitter', RandomOverSampler]\n"
        "datasets: [{name: T, file: T.csv, target: y, minority: 1}]\n"
        "experiment_config:\n  cv_folds: 2\n  selected_classifiers:\n" + "\n".join(lines) + "\n"
    )


def _scores(run: Any) -> dict[tuple[str, ...], str]:
    with (run.folder / "scores.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        tuple(value for name, value in row.items() if name != "value"): row["value"]
        for row in rows
        if row["classifier"] in OTHERS
    }


def test_spoilers_change_no_score_of_others_first_or_last_or_from_the_memo(bench: Any) -> None:
    _experiment(bench, OTHERS)
    alone = bench.run(out="alone")
    assert alone.code == 0, alone.text
    expected = _scores(alone)
    assert len(expected) > 100
    for option, order in {"-n0": [*NAMES, *OTHERS], "-n2": [*OTHERS, *NAMES]}.items():
        _experiment(bench, order)
        run = bench.run(option, out=f"with{option}")
        for name, cell in run.cells.items():
            is_error = name.endswith(("-InPlace", "-Pointer", "-Fails"))
            assert cell["status"] == ("error" if is_error else "ok"), run.text
        assert len(run.cells) == 3 * len(order)
        assert _scores(run) == expected
    _experiment(bench, OTHERS)
    again = bench.run(out="with-n0")
    assert again.n_computed == 0
    assert _scores(again) == expected
