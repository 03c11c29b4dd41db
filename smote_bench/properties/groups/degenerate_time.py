"""Degenerate growth: how the time of a call grows with the rows, told from ratios alone."""

from __future__ import annotations

import gc
import time
from statistics import median

from smote_bench.properties.cases import Case
from smote_bench.properties.families import OVERSAMPLERS
from smote_bench.properties.islands import islands_case
from smote_bench.properties.kit import prop
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation, shown

__all__ = ["time_grows_with_the_square_at_most"]

# The first of these on which the rows take more of a call's time than all else, and four times as many.
_SIZES, _TIMES = (40, 80, 160, 320, 500), 4
_MORE_THAN_ALL_ELSE = 8.0
# Beyond this the cube would take half a minute: what is so slow is not looked at.
_TOO_SLOW = 0.1
# A table of all distances takes 16 times as long, the cube 64 times and more: the rest is left for caches.
_MOST = 2.5 * _TIMES**2
_ROUNDS, _N_FEW = 3, 5


def _growing(subject: Subject, seed: int, smoke: bool) -> Case:
    cases = [
        (
            islands_case(subject, seed, n_minority=size, n_new=size),
            islands_case(subject, seed, n_minority=_TIMES * size, n_new=_TIMES * size),
        )
        for size in _SIZES
    ]
    return Case(cases[0][0].X, cases[0][0].y, layout={"cases": cases})


@prop(
    "degenerate",
    "time grows with more than the square of the rows: all distances are taken again for each new row",
    families=OVERSAMPLERS,
    design=_growing,
    convention="smote-bench",
    full_only=True,
)
def time_grows_with_the_square_at_most(subject: Subject, case: Case) -> None:
    pair = _comparable(subject, case.layout["cases"])
    if pair is None:
        return
    few, many = pair
    ratios: list[float] = []
    # Whatever else the machine does may only make it look slower: one look that is quick enough is the truth.
    for _ in range(_ROUNDS):
        before = [cpu_seconds(subject, few) for _ in range(_N_FEW)]
        ratios.append(cpu_seconds(subject, many) / max(median(before), 1e-6))
        if ratios[-1] <= _MOST:
            return
    with shown(case=many):
        raise Violation(
            f"expected at most {_TIMES**2} times the time for {_TIMES} times the rows (the square, as of a "
            f"table of all distances), {int((many.y == 1).sum())} rows of class 1 took {min(ratios):.0f} "
            f"times as long as {int((few.y == 1).sum())}, or more, in each of {_ROUNDS} comparisons"
        )


def _comparable(subject: Subject, pairs: list[tuple[Case, Case]]) -> tuple[Case, Case] | None:
    """Return the first pair whose smaller case takes time for its rows; None where all take too long."""
    if not all(case.layout["certain"] for pair in pairs for case in pair):
        return None
    # What is loaded or compiled at the first call is none of a call's time.
    cpu_seconds(subject, pairs[0][0])
    fixed = median(cpu_seconds(subject, pairs[0][0]) for _ in range(_N_FEW))
    chosen = None
    for pair in pairs:
        seconds = median(cpu_seconds(subject, pair[0]) for _ in range(_N_FEW))
        if seconds > _TOO_SLOW:
            break
        chosen = pair
        if seconds > _MORE_THAN_ALL_ELSE * fixed:
            break
    return chosen


def cpu_seconds(subject: Subject, case: Case) -> float:
    """Return the time that the processor was at one call, whatever else it did meanwhile."""
    sampler, X, y = subject.build(case), case.X.copy(), case.y.copy()
    collects = gc.isenabled()
    gc.disable()
    try:
        started = time.process_time()
        subject.answer_of(sampler, case, X, y)
        return time.process_time() - started
    finally:
        if collects:
            gc.enable()
