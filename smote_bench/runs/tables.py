"""The tables of a run, as plain columns and rows. Outcomes in, rows out; no file is touched.

Built without pandas, so that a run answered from the memo does not wait for its import.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from smote_bench.evaluation.outcome import PARTS, Cell, Outcome, mean_of

__all__ = [
    "CELL_COLUMNS",
    "NOT_OK_COLUMNS",
    "NOT_RUN",
    "SCORE_COLUMNS",
    "SECONDS_COLUMNS",
    "cell_rows",
    "final_phase",
    "improvement_rows",
    "improvements_together",
    "not_ok_rows",
    "results_rows",
    "score_rows",
    "seconds_rows",
]

SCORE_COLUMNS = ("dataset", "method", "classifier", "phase", "repeat", "fold", "metric", "value")

CELL_COLUMNS = (
    *("dataset", "method", "classifier", "version", "status", "reason"),
    *("resample_seconds", "fit_seconds", "predict_seconds", "other_seconds", "n_workers", "from_memo"),
    *("majority_before", "minority_before", "majority_after", "minority_after", "warnings"),
)

SECONDS_COLUMNS = (
    *("dataset", "method", "classifier"),
    *(
        "resample_seconds",
        "fit_seconds",
        "predict_seconds",
        "other_seconds",
        "n_fits",
        "n_workers",
        "from_memo",
    ),
)

NOT_OK_COLUMNS = ("dataset", "method", "classifier", "status", "reason")

NOT_RUN = "not_run"
"""The status of a cell that was asked for and has no outcome: no outcome has it."""

Row = dict[str, Any]


def score_rows(outcomes: Iterable[Outcome]) -> Iterator[tuple[Any, ...]]:
    """Yield the tidy table of all complete scores, a tuple per row in the order of `SCORE_COLUMNS`.

    Sorted by data set, method, classifier, phase, repeat and fold, metrics in the experiment's order, so that
    the same cells give the same table whoever computed them. An undefined value is None.
    """
    for outcome in sorted(outcomes, key=lambda outcome: _names(outcome.cell)):
        if not outcome.is_scored:
            continue
        for fit in sorted(outcome.fits, key=lambda fit: (fit.phase, fit.repeat, fit.fold)):
            names = (*_names(outcome.cell), fit.phase, fit.repeat, fit.fold)
            for metric, value in fit.scores.items():
                yield (*names, metric, _or_none(value))


def cell_rows(
    outcomes: Iterable[Outcome], from_memo: set[Cell], not_run: Mapping[Cell, str] | None = None
) -> Iterator[Row]:
    """Yield a row for every cell: status, reason, seconds, rows of each class before and after resampling.

    Row counts are those of the final evaluation's training part, first repeat. Cells that were not run have
    a status of their own, the reason, and nothing else.
    """
    nothing = dict.fromkeys(CELL_COLUMNS)
    cells: list[tuple[Cell, Outcome | str]] = [(outcome.cell, outcome) for outcome in outcomes]
    for cell, found in sorted([*cells, *(not_run or {}).items()], key=lambda one: _names(one[0])):
        if isinstance(found, str):
            yield nothing | vars(cell) | {"status": NOT_RUN, "reason": found, "from_memo": False}
            continue
        yield {
            **vars(cell),
            "version": found.version,
            "status": found.status,
            "reason": found.reason,
            **_seconds(found),
            "n_workers": found.n_workers,
            "from_memo": cell in from_memo,
            **_row_counts(found),
            "warnings": " | ".join(found.warnings),
        }


def improvement_rows(
    originals: Mapping[str, Outcome], treated: Mapping[str, Outcome], metrics: Sequence[str]
) -> list[Row]:
    """Return the improvement table of a (data set, method): the final evaluation's scores, mean over repeats.

    Without a hold-out they are those of the cross-validation.

    Parameters
    ----------
    originals, treated : mapping of classifier to Outcome
    metrics : sequence of str

    Returns
    -------
    list of dict
        Classifier, Metric, Original, the method's name, Delta_Absolute, Delta_Percent. The percentage of a
        zero or undefined score is None, never 0.
    """
    rows: list[Row] = []
    for classifier, outcome in treated.items():
        original = originals.get(classifier)
        if original is None or not (original.is_scored and outcome.is_scored):
            continue
        for metric in metrics:
            phase = final_phase(outcome)
            before, after = original.mean(metric, phase), outcome.mean(metric, phase)
            delta = after - before
            percent = 100 * delta / abs(before) if before else math.nan
            rows.append(
                {
                    "Classifier": classifier,
                    "Metric": metric,
                    "Original": _or_none(before),
                    outcome.cell.method: _or_none(after),
                    "Delta_Absolute": _or_none(delta),
                    "Delta_Percent": _or_none(percent),
                }
            )
    return rows


def improvements_together(
    originals: Mapping[str, Outcome], by_method: Mapping[str, Mapping[str, Outcome]], metrics: Sequence[str]
) -> list[Row]:
    """Return the improvement tables of several methods in one: the method's name is a column, and its score.

    Parameters
    ----------
    originals : mapping of classifier to Outcome
    by_method : mapping of method to mapping of classifier to Outcome
    metrics : sequence of str
    """
    return [
        {
            "Method": method,
            "Classifier": row["Classifier"],
            "Metric": row["Metric"],
            "Original": row["Original"],
            "Treated": row[method],
            "Delta_Absolute": row["Delta_Absolute"],
            "Delta_Percent": row["Delta_Percent"],
        }
        for method, treated in by_method.items()
        for row in improvement_rows(originals, treated, metrics)
    ]


def results_rows(outcomes: Iterable[Outcome], metrics: Sequence[str]) -> list[Row]:
    """Return the results table of one data set: per cell the mean and standard deviation of every metric.

    Over all folds and repeats of the cross-validation; of the hold-out where there is no cross-validation.
    The standard deviation (n - 1) stands in the column ``<metric>_std``; which phase it was and how many fits
    are in the last two columns.
    """
    rows: list[Row] = []
    for outcome in outcomes:
        if not outcome.is_scored:
            continue
        phase = scoring_phase(outcome)
        row: Row = {"Method": outcome.cell.method, "Classifier": outcome.cell.classifier}
        for metric in metrics:
            values = outcome.values(metric, phase)
            row[metric] = _or_none(mean_of(values))
            row[f"{metric}_std"] = _or_none(_spread(values))
        row |= {"Phase": phase, "Fits": sum(fit.phase == phase for fit in outcome.fits)}
        rows.append(row)
    return rows


def seconds_rows(outcomes: Iterable[Outcome], from_memo: set[Cell]) -> Iterator[Row]:
    """Yield where each cell's time went; resampling is shared by the classifiers of a (data set, method)."""
    for outcome in outcomes:
        if outcome.fits:
            yield {
                **vars(outcome.cell),
                **_seconds(outcome),
                "n_fits": len(outcome.fits),
                "n_workers": outcome.n_workers,
                "from_memo": outcome.cell in from_memo,
            }


def not_ok_rows(outcomes: Iterable[Outcome]) -> list[Row]:
    """Return every cell that is not ``ok``, with its reason in words."""
    return [
        {**vars(outcome.cell), "status": outcome.status, "reason": outcome.reason}
        for outcome in outcomes
        if outcome.status != "ok"
    ]


def scoring_phase(outcome: Outcome) -> str:
    """Return the phase whose mean stands for a cell: cross-validation where there is one."""
    return "cv" if any(fit.phase == "cv" for fit in outcome.fits) else "holdout"


def final_phase(outcome: Outcome) -> str:
    """Return the phase that curves, matrices and improvements are of: the hold-out where there is one."""
    return "holdout" if outcome.folds("holdout") or not outcome.fits else "cv"


def _names(cell: Cell) -> tuple[str, str, str]:
    return cell.dataset, cell.method, cell.classifier


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value


def _spread(values: Sequence[float]) -> float:
    """Return the standard deviation (n - 1); `statistics.stdev` computes in fractions, 30 times slower."""
    if len(values) < 2 or not all(map(math.isfinite, values)):
        return math.nan
    try:
        mean = math.fsum(values) / len(values)
        return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1))
    except OverflowError:  # of a metric of the user's: squares end at 1e308
        scale = max(map(abs, values))
        return scale * _spread([value / scale for value in values])


def _seconds(outcome: Outcome) -> Row:
    return {f"{part}_seconds": round(outcome.seconds(part), 6) for part in PARTS}


def _row_counts(outcome: Outcome) -> Row:
    phase = final_phase(outcome)
    final = next((fit for fit in outcome.fits if fit.phase == phase), None)
    counts = (*final.rows_before, *final.rows_after) if final else (None,) * 4
    names = ("majority_before", "minority_before", "majority_after", "minority_after")
    return dict(zip(names, counts, strict=True))
