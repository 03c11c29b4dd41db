"""Degenerate sizes: data of some thousand rows, looked at in time that grows with the rows."""

from __future__ import annotations

import tracemalloc

import numpy as np

from smote_bench.properties.answers import check_originals, counts
from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import LEVEL, binomial_findings, demand_plausible
from smote_bench.properties.families import OVERSAMPLERS, SMOTE_LIKE
from smote_bench.properties.islands import Islands, islands_case
from smote_bench.properties.kit import prop
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation, shown

__all__ = ["every_size_is_dealt_with", "memory_grows_with_the_rows"]

_SIZES, _SIZES_SMOKE = (64, 256, 1000, 5000), (64, 1000)
_N_BLOCKS = 8


def _sizes(subject: Subject, seed: int, smoke: bool) -> Case:
    sizes = _SIZES_SMOKE if smoke else _SIZES
    cases = [islands_case(subject, seed, n_minority=size, n_new=2 * size) for size in sizes]
    return Case(cases[0].X, cases[0].y, layout={"cases": cases})


@prop(
    "degenerate",
    "above some number of rows they are left out, mixed up or searched in blocks, or fewer new ones are made",
    families=OVERSAMPLERS,
    design=_sizes,
    false_alarm=LEVEL,
)
def every_size_is_dealt_with(subject: Subject, case: Case) -> None:
    cases: list[Case] = case.layout["cases"]
    for sized in cases:
        if not sized.layout["certain"]:
            return
        with shown(case=sized):
            _check_size(subject, sized, len(cases))


def _check_size(subject: Subject, case: Case, n_sizes: int) -> None:
    islands: Islands = case.layout["islands"]
    X, y = rows_and_labels(*subject.answer(case), case)
    check_originals(case, X, y)
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
    within = case.X[boxes >= 0].reshape(islands.n_islands, size, 2)
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
    if subject.family == "adasyn":
        return
    blocks = on * _N_BLOCKS // islands.n_islands
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
