#!/usr/bin/env python3
"""Time random forests grown in three ways, on made-up tables, and compare every node of every tree.

    python benchmarks/forest_speed.py [--rounds 3] [--write docs/protocol.md]

The three are our compiled code, scikit-learn's builder without its overhead per tree, and scikit-learn's own
`RandomForestClassifier` (100 trees, all at their defaults). Each round runs the three in turn on one thread;
the median of the rounds' ratios is printed. Half of the columns have few distinct values.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from unittest import mock

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import RandomForestClassifier

from smote_bench.classifiers import forest
from smote_bench.classifiers.forest import FastRandomForestClassifier, why_not_fastest, why_slow

SIZES = ((250, 8), (600, 10), (2000, 20), (8000, 36), (50_000, 20))
MARKS = ("<!-- measured: python benchmarks/forest_speed.py -->", "<!-- end of forest_speed -->")


def main() -> int:
    """Print the table; 0 when all trees were the same, 1 when not, 2 without compiled code."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--rounds", type=int, default=3)
    ask.add_argument("--write", type=Path, help="put the table between the marks of this file")
    args = ask.parse_args()
    if reason := why_slow() or why_not_fastest():
        print(f"skipped: {reason}")
        return 2
    lines = [
        "| rows x columns | scikit-learn's own, s | its builder without the overhead | our compiled code |",
        "| --- | ---: | ---: | ---: |",
    ]
    for n, d in SIZES:
        theirs, ratios = compare(*table(n, d), args.rounds)
        lines.append(f"| {n:,} x {d} | {theirs:.2f} | {ratios[0]:.2f}x | {ratios[1]:.2f}x |")
        print(lines[-1], flush=True)
    if args.write:
        text = args.write.read_text(encoding="utf-8")
        before, _, rest = text.partition(MARKS[0])
        _, _, after = rest.partition(MARKS[1])
        args.write.write_text(
            "\n".join([before + MARKS[0], "", *lines, "", MARKS[1] + after]), encoding="utf-8"
        )
    return 0


def table(n: int, d: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return rows, half of whose columns are coarse, and labels of which three in ten are 1."""
    random = np.random.default_rng(n)
    X = random.normal(size=(n, d))
    X[:, ::2] = np.round(X[:, ::2], 1)
    signal = X[:, 0] + X[:, 1] * X[:, 2] + random.normal(size=n)
    return X.astype(np.float32), (signal > np.quantile(signal, 0.7)).astype(np.int64)


def compare(X: NDArray[np.float32], y: NDArray[np.int64], rounds: int) -> tuple[float, list[float]]:
    """Return scikit-learn's CPU seconds and the median ratios of the other two to it."""
    seconds: list[float] = []
    ratios: list[tuple[float, float]] = []
    for number in range(rounds):
        slow, theirs = timed(RandomForestClassifier(random_state=number), X, y)
        with mock.patch.object(forest, "why_not_fastest", return_value="timed by itself"):
            builder, middle = timed(FastRandomForestClassifier(random_state=number), X, y)
        fast, ours = timed(FastRandomForestClassifier(random_state=number), X, y)
        for one in (builder, fast):
            same = all(
                a.tree_.__getstate__()["nodes"][name].tobytes()
                == b.tree_.__getstate__()["nodes"][name].tobytes()
                for a, b in zip(one.estimators_, slow.estimators_, strict=True)
                for name in ("left_child", "right_child", "feature", "threshold", "impurity")
            )
            if not same:
                raise SystemExit(f"expected scikit-learn's trees on {X.shape}, seed {number}, got others")
        seconds.append(theirs)
        ratios.append((middle / theirs, ours / theirs))
    return statistics.median(seconds), [statistics.median(column) for column in zip(*ratios, strict=True)]


def timed(
    model: RandomForestClassifier, X: NDArray[np.float32], y: NDArray[np.int64]
) -> tuple[RandomForestClassifier, float]:
    """Fit, and predict a tenth of the rows; return the model and the CPU seconds."""
    start = time.process_time()
    model.fit(X, y).predict_proba(X[: len(X) // 10])
    return model, time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
