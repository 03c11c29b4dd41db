"""Degenerate sizes: data of some thousand rows, looked at in time that grows with the rows."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np

from smote_bench.properties.answers import check_originals, counts
from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import LEVEL, binomial_findings, demand_plausible
from smote_bench.properties.families import OVERSAMPLERS, SMOTE_LIKE
from smote_bench.properties.islands import Islands, islands_case
from smote_bench.properties.kit import prop
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation, as_time_allows, shown

__all__ = ["every_size_is_dealt_with", "memory_grows_with_the_rows"]

# How many rows, and whether those of an island stand apart in the table.
_SIZES = ((64, False), (256, False), (1000, True), (1000, False), (5000, False))
_SIZES_SMOKE = ((64, False), (1000, False))
_N_BLOCKS = 8
_LONGEST_SECONDS = 10.0
_SAME, _MOST_COPIES, _MOST_REPEATS = 1e-9, 2, 50


def _sizes(subject: Subject, seed: int, smoke: bool) -> Case:
    sizes = _SIZES_SMOKE if smoke else _SIZES
    cases = [
        islands_case(subject, seed, n_minority=size, n_new=2 * size, scattered=scattered)
        for size, scattered in sizes
    ]
    return Case(cases[0].X, cases[0].y, layout={"cases": cases})


@prop(
    "degenerate",
    "above some number of rows they are left out, mixed up, searched in blocks or copied, or fewer new ones "
    "are made, or the same again",
    families=OVERSAMPLERS,
    design=_sizes,
    false_alarm=LEVEL,
)
def every_size_is_dealt_with(subject: Subject, case: Case) -> None:
    cases: list[Case] = case.layout["cases"]
    for sized in as_time_allows(cases, _LONGEST_SECONDS):
        if not sized.layout["certain"]:
            return
        with shown(case=sized):
            _check_size(subject, sized, len(cases))


def _check_size(subject: Subject, case: Case, n_sizes: int) -> None:
    islands: Islands = case.layout["islands"]
    X, y = rows_and_labels(*subject.answer(case), case)
    check_originals(case, X, y)
    if subject.family == "interpolating":
        _check_repeats(subject, case, X[len(case.y) :])
    if subject.family not in SMOTE_LIKE or subject.lacks("default counts"):
        return
    before, after = counts(case.y), counts(y)
    # Of adasyn, whose shares may be rounded, a row for each seed; no exact count, which takes all distances.
    allowed = before[1] if subject.family == "adasyn" else 0
    if abs(after[1] - before[0]) > allowed or after[0] != before[0]:
        raise Violation(f"expected {before[0]} rows of class 1, {before} became {after}")
    n = len(case.y)
    on = islands.islands_of(X[n:])
    boxes = islands.islands_of(case.X)
    size = islands.n_own + islands.n_other
    order = np.argsort(boxes, kind="stable")[-islands.n_islands * size :]
    within = whole = case.X[order].reshape(islands.n_islands, size, 2)
    if subject.family != "borderline2":
        within = within[:, : islands.n_own]
    outside = (on < 0) | (X[n:] < within.min(axis=1)[on] - 1e-6).any(axis=1)
    outside |= (X[n:] > within.max(axis=1)[on] + 1e-6).any(axis=1)
    if outside.any():
        row = int(np.flatnonzero(outside)[0])
        raise Violation(
            f"expected new rows between rows that are near each other, {int(outside.sum())} of {len(on)} are "
            f"not, such as {X[n + row].tolist()}, with {int((case.y == 1).sum())} rows of class 1"
        )
    own = whole[:, : islands.n_own]
    n_copies = int((np.abs(X[n:][:, None] - own[on]).max(axis=2) <= _SAME).any(axis=1).sum())
    if n_copies > _MOST_COPIES:
        raise Violation(
            f"expected new rows between two rows, {n_copies} of {len(on)} are copies of one, with "
            f"{int((case.y == 1).sum())} rows of class 1"
        )
    _check_repeats(subject, case, X[n:])
    blocks = on * _N_BLOCKS // islands.n_islands
    if subject.family == "adasyn":
        _check_shares(whole, islands, subject.k(case), np.bincount(blocks, minlength=_N_BLOCKS))
        return
    shares = np.bincount(np.arange(islands.n_islands) * _N_BLOCKS // islands.n_islands, minlength=_N_BLOCKS)
    demand_plausible(
        binomial_findings(
            np.bincount(blocks, minlength=_N_BLOCKS),
            len(on),
            shares / islands.n_islands,
            f"new rows from the {{}}th of {_N_BLOCKS} parts of the table, with "
            f"{int((case.y == 1).sum())} rows of class 1",
        ),
        level=LEVEL / n_sizes,
    )


def _check_shares(rows: np.ndarray, islands: Islands, k: int, counts: np.ndarray) -> None:
    """Raise if a part of the table has less than its rows' shares of the hardness, each rounded down."""
    hardness = np.empty((islands.n_islands, islands.n_own))
    for row in range(islands.n_own):
        distances = ((rows - rows[:, [row]]) ** 2).sum(axis=2)
        distances[:, row] = np.inf
        nearest = np.argsort(distances, axis=1)[:, :k]
        hardness[:, row] = (nearest >= islands.n_own).sum(axis=1)
    wanted = hardness / hardness.sum() * counts.sum()
    parts = np.arange(islands.n_islands) * _N_BLOCKS // islands.n_islands
    least = np.bincount(parts, weights=np.floor(wanted).sum(axis=1), minlength=_N_BLOCKS)
    # Of counts that are drawn seven standard deviations less.
    few = np.flatnonzero(counts < least - 7 * np.sqrt(least))
    if few.size:
        raise Violation(
            f"expected {least[few[0]]:.0f} new rows or more from the {few[0]}th of {_N_BLOCKS} parts of the "
            f"table, which holds {hardness[parts == few[0]].sum() / hardness.sum():.2%} of the hardness, got "
            f"{counts[few[0]]}, with {hardness.size} rows of class 1"
        )


def _check_repeats(subject: Subject, case: Case, new: np.ndarray) -> None:
    """Raise if new rows come again at a fixed distance, as those of a generator that starts again."""
    _, first, which = np.unique(new, axis=0, return_index=True, return_inverse=True)
    again = np.arange(len(new)) - first[which.ravel()]
    offsets = np.bincount(again[again > 0], minlength=1)
    offset, n_again = int(offsets.argmax()), int(offsets.max())
    if n_again < _MOST_REPEATS or n_again < offsets.sum() / (len(new) // max(offset, 1) + 1):
        return
    if subject.family == "interpolating":
        # Steps may be fixed, and then rows come again by right: with every seed the same.
        if subject.lacks("seed"):
            return
        other, _ = subject.arrays(replace(case, seed=case.seed + 1))
        if np.array_equal(other[len(case.y) :], new):
            return
    raise Violation(
        f"expected new rows that differ, {n_again} of {len(new)} are what the row {offset} before them is"
    )


_FEW, _MANY, _SPARE = 1000, 4000, 2**24


def _two_sizes(subject: Subject, seed: int, smoke: bool) -> Case:
    cases = [islands_case(subject, seed, n_minority=size, n_new=200) for size in (_FEW, _MANY)]
    return Case(cases[0].X, cases[0].y, layout={"cases": cases})


@prop(
    "degenerate",
    "memory grows with the square of the rows: a table of all distances, which at 100,000 rows is 80 GB",
    families=OVERSAMPLERS,
    design=_two_sizes,
    convention="smote-bench",
    full_only=True,
)
def memory_grows_with_the_rows(subject: Subject, case: Case) -> None:
    if not all(sized.layout["certain"] for sized in case.layout["cases"]):
        return
    few, many = (_peak(subject, sized) for sized in case.layout["cases"])
    ratio = _MANY / _FEW
    if many > 2 * ratio * few + _SPARE:
        with shown(case=case.layout["cases"][1]):
            raise Violation(
                f"expected about {ratio:g} times the memory for {ratio:g} times the rows, the peak went from "
                f"{few / 2**20:.0f} to {many / 2**20:.0f} MiB"
            )


def _peak(subject: Subject, case: Case) -> int:
    sampler, X, y = subject.build(case), case.X.copy(), case.y.copy()
    tracemalloc.start()
    try:
        subject.answer_of(sampler, case, X, y)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
