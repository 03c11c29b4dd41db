"""What a run says per method: mean delta with its interval, wins and losses, seconds, what was not ok."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from smote_bench.experiment import ORIGINAL
from smote_bench.outcome import Outcome, Task
from smote_bench.tables import Row, scoring_phase
from smote_bench.trivial_arms import best_trivial_arm, trivial_methods

__all__ = [
    "Delta",
    "MethodSummary",
    "Record",
    "delta_between",
    "summarise",
    "summary_lines",
    "summary_rows",
    "tested_over_trained",
]

CONFIDENCE = 0.95
_DIGITS = 4
"""Wins and losses are counted on scores as published, to four digits; equal there is a tie."""


@dataclass(frozen=True)
class Delta:
    """A mean difference to `Original`, or to another method.

    Parameters
    ----------
    mean : float
    half_width : float
        Of the 95% interval; NaN where the data do not carry one.
    n : int
        Data sets, or fits where there is one data set.
    basis : {"datasets", "fits"}
    n_left_out : int
        (Data set, classifier) pairs that are scored, but undefined or infinite in a fit, here or there.
    """

    mean: float
    half_width: float
    n: int
    basis: str
    n_left_out: int = 0


@dataclass(frozen=True)
class Record:
    """Wins, ties and losses over (data set, classifier) pairs, and those where either score is undefined."""

    wins: int = 0
    ties: int = 0
    losses: int = 0
    undefined: int = 0

    def __str__(self) -> str:
        return f"{self.wins}/{self.ties}/{self.losses}"


@dataclass(frozen=True)
class MethodSummary:
    """One method over all data sets and classifiers of a run."""

    method: str
    deltas: Mapping[str, Delta]
    against_original: Record | None
    against_trivial: Record | None
    seconds: float
    not_ok: Mapping[str, int]


class _Grid:
    """The scored outcomes of a run by name."""

    def __init__(self, outcomes: Sequence[Outcome], test_size: float) -> None:
        self.test_size = test_size
        self.scored = {outcome.task: outcome for outcome in outcomes if outcome.is_scored}
        self._cells: dict[tuple[str, str], list[Outcome]] = {}
        for task, outcome in self.scored.items():
            self._cells.setdefault((task.dataset, task.classifier), []).append(outcome)
        self.pairs = sorted(self._cells)

    def get(self, dataset: str, method: str, classifier: str) -> Outcome | None:
        return self.scored.get(Task(dataset, method, classifier))

    def cells(self, dataset: str, classifier: str) -> list[Outcome]:
        """Return the outcomes of all methods on one data set with one classifier."""
        return self._cells.get((dataset, classifier), [])


def summarise(
    outcomes: Sequence[Outcome],
    metrics: Sequence[str],
    better: Mapping[str, str],
    *,
    test_size: float = 0.2,
) -> list[MethodSummary]:
    """Summarise a run per method, in the order the methods first appear.

    Parameters
    ----------
    outcomes : sequence of Outcome
    metrics : sequence of str
        The first one decides wins and losses.
    better : mapping of metric to {"high", "low"}
    test_size : float
        Of the protocol: how far the training parts of repeated hold-outs overlap.
    """
    grid = _Grid(outcomes, test_size)
    trivial = trivial_methods(outcomes)
    return [
        MethodSummary(
            method,
            {metric: _delta(grid, method, metric) for metric in metrics} if method != ORIGINAL else {},
            _against_original(grid, method, metrics[0], better) if method != ORIGINAL else None,
            _against_trivial(grid, method, metrics[0], better) if method not in trivial else None,
            math.fsum(outcome.total_seconds for outcome in outcomes if outcome.task.method == method),
            Counter(o.status for o in outcomes if o.task.method == method and o.status != "ok"),
        )
        for method in dict.fromkeys(outcome.task.method for outcome in outcomes)
    ]


def delta_between(
    outcomes: Sequence[Outcome], method: str, control: str, metric: str, *, test_size: float = 0.2
) -> Delta:
    """Return the mean difference of `method` to `control` as `summarise` does to `Original`."""
    return _delta(_Grid(outcomes, test_size), method, metric, control)


def _delta(grid: _Grid, method: str, metric: str, control: str = ORIGINAL) -> Delta:
    """Average over classifiers within a data set first, so that n counts data sets, which are independent."""
    by_dataset: dict[str, list[list[float]]] = {}
    n_left_out = 0
    for dataset, classifier in grid.pairs:
        treated, before = grid.get(dataset, method, classifier), grid.get(dataset, control, classifier)
        if treated is None or before is None:
            continue
        phase = scoring_phase(treated)
        pairs = zip(treated.values(metric, phase), before.values(metric, phase), strict=True)
        differences = [after - earlier for after, earlier in pairs]
        if differences and all(map(math.isfinite, differences)):
            by_dataset.setdefault(dataset, []).append(differences)
        else:
            n_left_out += 1
    means = [statistics.fmean(map(statistics.fmean, runs)) for runs in by_dataset.values()]
    if not means:
        return Delta(math.nan, math.nan, 0, "datasets", n_left_out)
    if len(means) > 1:
        half_width = _t_half_width(statistics.variance(means) / len(means), len(means))
        return Delta(statistics.fmean(means), half_width, len(means), "datasets", n_left_out)
    (runs,) = by_dataset.values()
    folds = [statistics.fmean(fold) for fold in zip(*runs, strict=True)]
    return Delta(means[0], _resampled_half_width(folds, grid), len(folds), "fits", n_left_out)


def _resampled_half_width(folds: Sequence[float], grid: _Grid) -> float:
    """Return the half width over the fits of one data set, whose training parts overlap.

    The variance of the mean of J differences is their variance times 1/J + n_test/n_train.

    References
    ----------
    C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine Learning 52 (2003),
    doi:10.1023/A:1024068626366
    """
    if len(folds) < 2:
        return math.nan
    outcome = next(iter(grid.scored.values()))
    n_folds = len({fit.fold for fit in outcome.fits if fit.phase == scoring_phase(outcome)})
    overlap = tested_over_trained(n_folds, grid.test_size)
    return _t_half_width(statistics.variance(folds) * (1 / len(folds) + overlap), len(folds))


def tested_over_trained(n_folds: int, test_size: float) -> float:
    """Return rows tested over rows trained on, in cross-validation; in hold-outs for fewer than two folds."""
    return 1 / (n_folds - 1) if n_folds > 1 else test_size / (1 - test_size)


def _t_half_width(variance_of_mean: float, n: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, 0.5 + CONFIDENCE / 2)) * math.sqrt(variance_of_mean)


def _against_original(grid: _Grid, method: str, metric: str, better: Mapping[str, str]) -> Record:
    gains: list[float] = []
    for dataset, classifier in grid.pairs:
        treated, original = grid.get(dataset, method, classifier), grid.get(dataset, ORIGINAL, classifier)
        if treated is not None and original is not None:
            phase = scoring_phase(treated)
            gains.append(_gain(treated.mean(metric, phase), original.mean(metric, phase), better[metric]))
    return _record(gains)


def _against_trivial(grid: _Grid, method: str, metric: str, better: Mapping[str, str]) -> Record | None:
    """Compare on the hold-out with the trivial arm best in cross-validation: chosen on training rows only."""
    gains: list[float] = []
    for dataset, classifier in grid.pairs:
        treated = grid.get(dataset, method, classifier)
        best = best_trivial_arm(grid.cells(dataset, classifier), metric, better[metric])
        if treated is None or best is None:
            continue
        gains.append(_gain(treated.mean(metric, "holdout"), best.mean("holdout"), better[metric]))
    return _record(gains) if gains else None


def _gain(after: float, before: float, better: str) -> float:
    difference = round(after, _DIGITS) - round(before, _DIGITS)
    return -difference if better == "low" else difference


def _record(gains: Sequence[float]) -> Record:
    return Record(
        wins=sum(gain > 0 for gain in gains),
        ties=sum(gain == 0 for gain in gains),
        losses=sum(gain < 0 for gain in gains),
        undefined=sum(map(math.isnan, gains)),
    )


def summary_rows(summaries: Sequence[MethodSummary]) -> list[Row]:
    """Return the summary as rows for a file."""
    rows: list[Row] = []
    for summary in summaries:
        row: Row = {"method": summary.method}
        for metric, delta in summary.deltas.items():
            row[f"delta_{metric}"] = None if math.isnan(delta.mean) else delta.mean
            row[f"delta_{metric}_half_width"] = None if math.isnan(delta.half_width) else delta.half_width
            row[f"delta_{metric}_n"] = delta.n
            row[f"delta_{metric}_left_out"] = delta.n_left_out
        for name, record in (("original", summary.against_original), ("trivial", summary.against_trivial)):
            for part in ("wins", "ties", "losses", "undefined"):
                row[f"{part}_against_{name}"] = getattr(record, part) if record else None
        row["seconds"] = round(summary.seconds, 6)
        row["not_ok"] = _counts(summary.not_ok)
        rows.append(row)
    return rows


def summary_lines(summaries: Sequence[MethodSummary], metrics: Sequence[str]) -> list[str]:
    """Return the summary as text for the terminal: deltas first, then wins, seconds and what was not ok."""
    treated = [summary for summary in summaries if summary.deltas]
    lines: list[str] = []
    if treated:
        deltas = [summary.deltas[metric] for summary in treated for metric in metrics]
        example = max(deltas, key=lambda delta: (delta.basis == "datasets" and delta.n > 0, delta.n))
        unit = "data sets" if example.basis == "datasets" else "fits of one data set (Nadeau-Bengio)"
        lines.append(f"mean delta against {ORIGINAL} with its 95% interval over {example.n} {unit}")
        body = [[s.method, *(_delta_text(s.deltas[m], example) for m in metrics)] for s in treated]
        lines += _aligned([["method", *metrics], *body])
        lines += _left_out_lines(treated)
        lines.append("")
    lines.append(
        f"wins/ties/losses by {metrics[0]}, over data sets x classifiers; best trivial arm: chosen by"
    )
    lines.append("cross-validation, compared on the hold-out")
    body = [
        [
            summary.method,
            str(summary.against_original or "-"),
            str(summary.against_trivial or "-"),
            f"{summary.seconds:.1f}",
            _counts(summary.not_ok) or "-",
        ]
        for summary in summaries
    ]
    return lines + _aligned([["method", f"vs {ORIGINAL}", "vs best trivial arm", "seconds", "not ok"], *body])


def _delta_text(delta: Delta, usual: Delta) -> str:
    if math.isnan(delta.mean):
        return "-"
    interval = "" if math.isnan(delta.half_width) else f" ± {delta.half_width:.4f}"
    same = (delta.n, delta.basis) == (usual.n, usual.basis)
    return f"{delta.mean:+.4f}{interval}" + ("" if same else f" (n={delta.n} {delta.basis})")


def _left_out_lines(treated: Sequence[MethodSummary]) -> list[str]:
    """Say which deltas leave out pairs of data set and classifier, since their means are over fewer."""
    counts = [
        f"{summary.method} {metric} {delta.n_left_out}"
        for summary in treated
        for metric, delta in summary.deltas.items()
        if delta.n_left_out
    ]
    return [f"left out, as undefined (data set x classifier): {', '.join(counts)}"] if counts else []


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
