#!/usr/bin/env python3
"""Write the tables of ``docs/mixed.md`` from a run of the experiment ``mixed``.

    smote-bench run mixed -n auto
    python benchmarks/mixed_table.py [RUN] [--out docs/mixed.md]

RUN is a folder or a name; the default is the latest one. Deltas are of the cross-validation: the mean over
folds on each data set, then the mean over data sets with Student's 95% interval, a classifier at a time. The
rows between categories are those that the cells' warnings name.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from scipy import stats

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import smote_bench  # noqa: E402
from smote_bench.commands.documents import check_document, write_into  # noqa: E402
from smote_bench.evaluation.between_categories import noted_between  # noqa: E402

METRICS = ("balanced_accuracy", "roc_auc")
TITLES = {"balanced_accuracy": "balanced accuracy", "roc_auc": "ROC AUC"}


def main() -> int:
    """Print the tables, and write them where that is asked for."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("run", nargs="?", default="latest")
    ask.add_argument("--out", type=Path, help="the file whose tables are replaced")
    args = ask.parse_args()
    if args.out:
        check_document(args.out, "mixed")
    text = "\n\n".join("\n".join(table) for table in tables(smote_bench.open_run(args.run)))
    print(text)
    if args.out:
        write_into(args.out, "mixed", f"{text}\n")
    return 0


def tables(run: smote_bench.Run) -> Iterator[list[str]]:
    """Yield the lines of each table."""
    deltas = run.deltas()
    deltas = deltas[deltas["phase"] == "cv"]
    for metric in METRICS:
        of_metric = deltas[deltas["metric"] == metric]
        yield [f"Gain over Original in {TITLES[metric]}, mean over data sets with its 95% interval:"]
        yield _table(["method", *run.classifiers], _gains(run, of_metric))
    yield ["Rows between categories, of those that a sampler added:"]
    yield _table(["method", *run.datasets], _between(run))


def _gains(run: smote_bench.Run, deltas: pd.DataFrame) -> Iterator[list[str]]:
    for method in run.methods[1:]:
        cells = [method]
        for classifier in run.classifiers:
            mine = deltas[(deltas["method"] == method) & (deltas["classifier"] == classifier)]
            cells.append(_with_interval(mine.groupby("dataset")["delta"].mean(), len(run.datasets)))
        yield cells


def _with_interval(means: pd.Series, n_all: int) -> str:
    n = len(means)
    if n < 2:
        return "–" if n == 0 else f"{means.iloc[0]:+.3f} (1 set)"
    half = stats.t.ppf(0.975, n - 1) * means.std(ddof=1) / math.sqrt(n)
    return f"{means.mean():+.3f} ± {half:.3f}" + (f" ({n} sets)" if n < n_all else "")


def _between(run: smote_bench.Run) -> Iterator[list[str]]:
    noted: dict[tuple[str, str], str] = {}
    cells = run.cells
    for row in cells[cells["status"].isin(("ok", "noop"))].itertuples():
        if (found := noted_between(str(row.warnings).split(" | "))) is not None:
            noted[str(row.method), str(row.dataset)] = found[0]
    for method in dict.fromkeys(method for method, _ in noted):
        yield [method, *(noted.get((method, dataset), "none") for dataset in run.datasets)]


def _table(head: list[str], rows: Iterator[list[str]]) -> list[str]:
    lines = [head, ["---", *("---:" for _ in head[1:])], *rows]
    return [f"| {' | '.join(line)} |" for line in lines]


if __name__ == "__main__":
    sys.exit(main())
