"""Majority and minority rows of the training part before and after each method, over repeats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smote_bench.runs.tables import final_phase

if TYPE_CHECKING:
    from smote_bench.evaluation.outcome import Outcome
    from smote_bench.runs.open import Run

__all__ = ["ClassCounts", "class_counts", "holdout_counts", "ratio_words", "rows_words"]

Counts = tuple[int, int]


@dataclass(frozen=True)
class ClassCounts:
    """What a method made of the training part of the final evaluation.

    Parameters
    ----------
    method : str
    before, after : tuple of (int, int)
        Majority and minority rows, one entry per repeat; none where no cell tells it.
    reason : str
        Why nothing is known; empty where something is.
    """

    method: str
    before: tuple[Counts, ...]
    after: tuple[Counts, ...]
    reason: str = ""


def class_counts(run: Run, dataset: str) -> list[ClassCounts]:
    """Return the class counts of every method on a data set, in the run's order.

    Resampled rows are shared by the classifiers of a data set and method: any cell that is scored tells them.

    Parameters
    ----------
    run : Run
    dataset : str
    """
    by_method: dict[str, list[Outcome]] = {}
    for outcome in run.of_dataset(dataset):
        by_method.setdefault(outcome.cell.method, []).append(outcome)
    return [_of_method(method, by_method.get(method, [])) for method in run.methods]


def _of_method(method: str, outcomes: list[Outcome]) -> ClassCounts:
    scored = next((outcome for outcome in outcomes if outcome.is_scored), None)
    if scored is None:
        reasons = dict.fromkeys(f"{o.status}: {o.reason}" for o in outcomes)
        return ClassCounts(method, (), (), "; ".join(reasons) or "not in this run")
    phase = final_phase(scored)
    fits = [fit for fit in scored.fits if fit.phase == phase]
    return ClassCounts(
        method,
        tuple(fit.rows_before for fit in fits),
        tuple(fit.rows_after for fit in fits),
    )


def holdout_counts(run: Run, dataset: str) -> tuple[Counts, ...]:
    """Return majority and minority rows of the hold-out, one entry per repeat; none if none was recorded."""
    for outcome in run.of_dataset(dataset):
        if outcome.is_scored:
            predictions = run.predictions(outcome.cell)
            if predictions is not None:
                fits = [fit for fit in predictions.fits if fit.phase == "holdout"]
                majority = run.class_names(dataset).index("majority")
                counts = [(int((f.truth == majority).sum()), int((f.truth != majority).sum())) for f in fits]
                return tuple(counts)
    return ()


def rows_words(counts: Sequence[Counts], minority: bool) -> str:
    """Return how many rows of a class there are: one number, or the lowest to the highest over repeats.

    >>> rows_words([(707, 145), (703, 149)], minority=True)
    '145 to 149'
    """
    return _ends([pair[minority] for pair in counts], ",d")


def ratio_words(counts: Sequence[Counts]) -> str:
    """Return majority rows over minority rows: one number, or the lowest to the highest over repeats.

    >>> ratio_words([(707, 145)])
    '4.88'
    """
    return _ends([majority / minority if minority else math.inf for majority, minority in counts], ".2f")


def _ends(values: Sequence[float], form: str) -> str:
    if not values:
        return "–"
    low, high = format(min(values), form), format(max(values), form)
    return low if low == high else f"{low} to {high}"
