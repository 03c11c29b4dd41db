"""How often a table without a leak gives an alarm, and how often a planted leak is found and named.

    python benchmarks/leak_study.py                          # twenty minutes on one core
    python benchmarks/leak_study.py --write docs/leaks.md    # the tables between the marks there

Also the nineteen data sets of the catalogue, as far as they can be had here: what is said of them.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.data.cards import catalogue_names
from smote_bench.data.dataset import load_dataset
from smote_bench.data.leaks.search import find_leaks
from smote_bench.errors import SmoteBenchError

__all__ = ["NULLS", "PLANTED", "main"]

Rng = np.random.Generator
SIZES = ((40, 4), (100, 20), (300, 30), (1000, 100))
"""Rows, and how many of them are minority."""

_N_COLUMNS = 20


def labels(rng: Rng, n: int, n_minority: int) -> np.ndarray:
    """Return labels in random order."""
    return rng.permutation((np.arange(n) < n_minority).astype(np.int64))


def _continuous(rng: Rng, y: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({f"x{i}": rng.normal(size=len(y)) for i in range(_N_COLUMNS)})


def _correlated(rng: Rng, y: np.ndarray) -> pd.DataFrame:
    shared = rng.normal(size=len(y))
    return pd.DataFrame({f"x{i}": shared + 0.3 * rng.normal(size=len(y)) for i in range(_N_COLUMNS)})


def _whole_numbers(rng: Rng, y: np.ndarray) -> pd.DataFrame:
    tops = rng.integers(2, 40, _N_COLUMNS)
    return pd.DataFrame({f"k{i}": rng.integers(0, top, len(y)) * 1.0 for i, top in enumerate(tops)})


def _categories(rng: Rng, y: np.ndarray) -> pd.DataFrame:
    """Half of the columns have a few levels, half have a level for two to six rows."""
    few, many = rng.integers(2, 20, _N_COLUMNS // 2), len(y) // rng.integers(2, 7, _N_COLUMNS // 2)
    return pd.DataFrame({f"c{i}": _levels(rng.integers(0, n, len(y))) for i, n in enumerate([*few, *many])})


def _sparse(rng: Rng, y: np.ndarray) -> pd.DataFrame:
    shares = rng.uniform(0.01, 0.3, _N_COLUMNS)
    return pd.DataFrame({f"s{i}": (rng.random(len(y)) < p) * 1.0 for i, p in enumerate(shares)})


def _gaps(rng: Rng, y: np.ndarray) -> pd.DataFrame:
    frame = _continuous(rng, y)
    return frame.mask(rng.random(frame.shape) < rng.uniform(0, 0.8, _N_COLUMNS))


def _counters(rng: Rng, y: np.ndarray) -> pd.DataFrame:
    """Counters of rows whose order says nothing: as they stand, shuffled, with steps."""
    n = len(y)
    made = [np.arange(n), rng.permutation(n), np.sort(rng.choice(20 * n, n, replace=False))]
    return pd.DataFrame({f"n{i}": made[i % 3][:: 1 if i % 2 else -1] * 1.0 for i in range(_N_COLUMNS)})


def _honest(rng: Rng, y: np.ndarray) -> pd.DataFrame:
    """Noise, and three columns that predict well and are no leaks: ROC AUC .92 each."""
    frame = _continuous(rng, y)
    strong = rng.normal(size=(3, len(y))) + 2 * y
    frame["x0"], frame["x1"] = strong[0], (strong[1] * 10).round()
    frame["x2"] = _levels(np.digitize(strong[2], np.linspace(-2, 4, 8)))
    return frame


NULLS: dict[str, Callable[[Rng, np.ndarray], pd.DataFrame]] = {
    "continuous": _continuous,
    "continuous, correlated": _correlated,
    "whole numbers of 2 to 39 values": _whole_numbers,
    "categories, few and many": _categories,
    "zeros and few ones": _sparse,
    "continuous with gaps": _gaps,
    "counters": _counters,
    "three good predictors": _honest,
}
"""Tables without a leak, by what their columns are."""


def _levels(values: np.ndarray) -> Any:
    return pd.Categorical([f"level {value}" for value in values])


def _grouped(rng: Rng, y: np.ndarray, written: Callable[[np.ndarray], Any]) -> tuple[Any, np.ndarray]:
    """Return groups of five rows, their numbers in random order, and labels that are drawn for groups."""
    group = np.arange(len(y)) // 5
    of_group = labels(rng, group[-1] + 1, max(2, round(y.mean() * (group[-1] + 1))))
    return written(rng.permutation(group[-1] + 1)[group]), of_group[group]


Planted = Callable[[Rng, np.ndarray], tuple[Any, np.ndarray]]


def _with(column: Callable[[Rng, np.ndarray], Any]) -> Planted:
    return lambda rng, y: (column(rng, y), y)


PLANTED: dict[str, Planted] = {
    "copy of the target": _with(lambda _rng, y: y * 1.0),
    "copy, one row in two hundred wrong": _with(lambda rng, y: np.abs(y - (rng.random(len(y)) < 0.005))),
    "code of four categories": _with(lambda rng, y: _levels(2 * y + rng.integers(0, 2, len(y)))),
    "score that came later (ROC AUC .998)": _with(lambda rng, y: rng.normal(size=len(y)) + 4.1 * y),
    "an interval of one class": _with(
        lambda rng, y: np.where(
            y == 1, rng.random(len(y)), rng.choice([-1, 1], len(y)) * (2 + rng.random(len(y)))
        )
    ),
    "missing in one class": _with(lambda rng, y: np.where(y == 1, rng.normal(size=len(y)), np.nan)),
    "copy of the target in three rows of ten": _with(
        lambda rng, y: np.where(rng.random(len(y)) < 0.3, y, np.nan),
    ),
    "values in a third of the majority alone": _with(
        lambda rng, y: np.where((y == 0) & (rng.random(len(y)) < 1 / 3), rng.normal(size=len(y)), np.nan),
    ),
    "one value in one class": _with(lambda rng, y: np.where(y == 0, 0.0, rng.integers(0, 4, len(y)))),
    "index of a file sorted by class": lambda _rng, y: (np.arange(len(y)) * 1.0, np.sort(y)),
    "index, a block of minority rows in the middle": lambda _rng, y: (
        np.arange(len(y)) * 1.0,
        np.roll(np.sort(y), len(y) // 2),
    ),
    "groups of five rows, numbers": lambda rng, y: _grouped(rng, y, lambda group: group * 1.0),
    "groups of five rows, names": lambda rng, y: _grouped(rng, y, _levels),
}
"""Columns that are leaks, and the labels they are leaks of."""


def _copied(rng: Rng, X: pd.DataFrame, share: float) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return the table with some rows replaced by copies of others, and which are copies of which."""
    n = max(2, round(share * len(X)))
    copies, originals = rng.permutation(len(X))[: 2 * n].reshape(2, n)
    taken = X.copy()
    taken.iloc[copies] = X.iloc[originals].to_numpy()
    return taken, copies, originals


def _twins(rng: Rng, X: pd.DataFrame, y: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    taken, copies, originals = _copied(rng, X, 0.1)
    taken.loc[taken.index[copies], "x3"] += 1
    y = y.copy()
    y[copies] = y[originals]
    return taken, y


def _contradicting(rng: Rng, X: pd.DataFrame, y: np.ndarray) -> tuple[pd.DataFrame, np.ndarray]:
    taken, copies, originals = _copied(rng, X, 0.02)
    y = y.copy()
    y[copies] = 1 - y[originals]
    return taken, y


PLANTED_ROWS = {
    "one row in ten a copy but for one column": (_twins, "differs in column 'x3' alone"),
    "one row in fifty a copy with the other label": (_contradicting, "rows of the other class"),
}
"""Rows that are leaks, and what is said of them."""


def null_table(n_tables: int) -> list[list[str]]:
    """Return for each kind of table and size in how many tables a column was called a leak, or rows were."""
    rows = []
    for name, make in NULLS.items():
        cells = []
        for n, n_minority in SIZES:
            alarms: Counter[str] = Counter()
            for seed in range(n_tables):
                rng = np.random.default_rng([seed, n, len(name)])
                y = labels(rng, n, n_minority)
                found = find_leaks(make(rng, y), y)
                alarms.update({"column" if finding.column else "rows" for finding in found})
            more = f" (rows: {alarms['rows']})" if alarms["rows"] else ""
            cells.append(f"{alarms['column']}{more}")
        rows.append([name, *cells])
    return rows


def planted_table(n_tables: int) -> list[list[str]]:
    """Return for each kind of leak and size in how many tables it was named; in brackets, other columns."""
    rows = []
    for name, make in PLANTED.items():
        cells = []
        for n, n_minority in SIZES:
            n_found = n_others = 0
            for seed in range(n_tables):
                rng = np.random.default_rng([seed, n, len(name)])
                column, y = make(rng, labels(rng, n, n_minority))
                X = pd.concat([_continuous(rng, y), _whole_numbers(rng, y)], axis=1).assign(leak=column)
                named = [finding.column for finding in find_leaks(X, y)]
                n_found += "leak" in named
                n_others += bool(set(named) - {"leak"})
            cells.append(f"{n_found}" + (f" ({n_others})" if n_others else ""))
        rows.append([name, *cells])
    return [*rows, *_planted_rows(n_tables)]


def _planted_rows(n_tables: int) -> list[list[str]]:
    rows = []
    for name, (make, words) in PLANTED_ROWS.items():
        cells = []
        for n, n_minority in SIZES:
            n_found = 0
            for seed in range(n_tables):
                rng = np.random.default_rng([seed, n, len(name)])
                y = labels(rng, n, n_minority)
                X = pd.concat([_continuous(rng, y), _whole_numbers(rng, y)], axis=1)
                n_found += any(words in finding.text for finding in find_leaks(*make(rng, X, y)))
            cells.append(str(n_found))
        rows.append([name, *cells])
    return rows


def catalogue_table() -> list[list[str]]:
    """Return for each data set of the catalogue the best single column, and what is said of the set."""
    from smote_bench.data.leaks.profiles import profile

    rows = []
    for name in catalogue_names():
        try:
            table = load_dataset(name)
        except SmoteBenchError:
            rows.append([name, "not here", "", ""])
            continue
        start = time.process_time()
        found = find_leaks(table.X, table.y)
        seconds = time.process_time() - start
        best = max(_auc(profile(table.X[column], table.y)) for column in table.X)
        said = "; ".join(finding.text for finding in found) or "nothing"
        rows.append([name, f"{best:.3f}", f"{seconds:.2f}", said])
    return rows


def _auc(column: Any) -> float:
    rows = column.rows if column.is_ordered else column.rows.by_rate()
    return float(np.nanmax([rows.auc, 1 - rows.auc]))


def markdown(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the study; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--tables", type=int, default=1000, help="tables without a leak, of each kind and size"
    )
    parser.add_argument("--planted", type=int, default=100, help="tables with one, of each kind and size")
    parser.add_argument("--write", type=Path, help="a document with the marks")
    chosen = parser.parse_args(arguments)
    sizes = [f"{n:,} rows, {n_minority} minority" for n, n_minority in SIZES]
    parts = {
        "nulls": markdown([f"of {chosen.tables:,} tables", *sizes], null_table(chosen.tables)),
        "planted": markdown([f"of {chosen.planted:,} tables", *sizes], planted_table(chosen.planted)),
        "catalogue": markdown(["data set", "best column", "CPU seconds", "what is said"], catalogue_table()),
    }
    for name, text in parts.items():
        print(f"{name}\n\n{text}\n")
        if chosen.write:
            document = chosen.write.read_text(encoding="utf-8")
            marked = re.compile(rf"(<!-- leak_study: {name} -->\n).*?(<!-- end -->)", re.DOTALL)
            filled = marked.sub(lambda found, text=text: f"{found[1]}{text}\n{found[2]}", document)  # type: ignore[misc]
            chosen.write.write_text(filled, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
