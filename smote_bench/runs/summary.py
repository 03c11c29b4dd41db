"""What a run says per method: mean delta with its interval, wins and losses, seconds, what was not ok."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from smote_bench.evaluation.outcome import Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.rounding import NOTHING, SHARE_OF_MEAN
from smote_bench.runs.compared_cells import NO_SCORE, Compared, Grid, compare, compare_with
from smote_bench.runs.tables import Row
from smote_bench.runs.trivial_arms import trivial_methods

__all__ = [
    "BEST_ARM",
    "Delta",
    "MethodSummary",
    "Record",
    "compare_with_best_arm",
    "delta_of",
    "overlap_of_fits",
    "summarise",
    "summary_lines",
    "summary_rows",
    "tested_over_trained",
]

CONFIDENCE = 0.95
BEST_ARM = "the best trivial arm"
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
        (Data set, classifier) pairs that were run and do not enter, as in `smote_bench.runs.compared_cells`.
    compared : Compared, optional
        The cells that enter, and why others do not.
    """

    mean: float
    half_width: float
    n: int
    basis: str
    n_left_out: int = 0
    compared: Compared | None = field(default=None, repr=False, compare=False)

    @property
    def why_left_out(self) -> str:
        """Why cells do not enter, in words; empty where all do."""
        why = self.compared.why_left_out() if self.compared else ""
        return f"{NO_SCORE}: {why}" if why and not self.n else why


@dataclass(frozen=True)
class Record:
    """Wins, ties and losses over the (data set, classifier) pairs that enter the mean, too.

    `undefined` counts pairs that do not, since both cells are scored and the metric is undefined.
    """

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
    grid, trivial = Grid(outcomes), trivial_methods(outcomes)
    return [
        _summary(grid, method, metrics, better, test_size, is_trivial=method in trivial)
        for method in dict.fromkeys(outcome.cell.method for outcome in outcomes)
    ]


def _summary(
    grid: Grid,
    method: str,
    metrics: Sequence[str],
    better: Mapping[str, str],
    test_size: float,
    *,
    is_trivial: bool,
) -> MethodSummary:
    first = metrics[0]
    compared = {metric: compare(grid, method, ORIGINAL, metric) for metric in metrics}
    of_method = grid.of_method(method)
    return MethodSummary(
        method,
        {metric: delta_of(found, test_size) for metric, found in compared.items()}
        if method != ORIGINAL
        else {},
        _record(compared[first], better[first]) if method != ORIGINAL else None,
        _against_trivial(grid, method, first, better[first]) if not is_trivial else None,
        math.fsum(outcome.total_seconds for outcome in of_method),
        Counter(outcome.status for outcome in of_method if outcome.status != "ok"),
    )


def delta_of(compared: Compared, test_size: float) -> Delta:
    """Return the mean difference of a comparison with its interval.

    Averaged over classifiers within a data set first, so that n counts data sets, which are independent.
    """
    differences, left_out = compared.differences, compared.n_left_out
    means = [statistics.fmean(map(statistics.fmean, runs)) for runs in differences.values()]
    if not means:
        return Delta(math.nan, math.nan, 0, "datasets", left_out, compared)
    if len(means) > 1:
        half_width = _t_half_width(means, 1 / len(means))
        return Delta(statistics.fmean(means), half_width, len(means), "datasets", left_out, compared)
    (runs,) = differences.values()
    folds = [statistics.fmean(fold) for fold in zip(*runs, strict=True)]
    half_width = _resampled_half_width(folds, overlap_of_fits(compared, test_size))
    return Delta(means[0], half_width, len(folds), "fits", left_out, compared)


def overlap_of_fits(compared: Compared, test_size: float) -> float:
    """Return rows tested over rows trained on in the fits of a comparison, as `tested_over_trained`."""
    treated, _ = compared.all_pairs[0]
    n_folds = len({fit.fold for fit in treated.fits if fit.phase == compared.phase})
    return tested_over_trained(n_folds, test_size)


def _resampled_half_width(folds: Sequence[float], overlap: float) -> float:
    """Return the half width over the fits of one data set, whose training parts overlap.

    The variance of the mean of J differences is their variance times 1/J + n_test/n_train.

    References
    ----------
    C. Nadeau and Y. Bengio, "Inference for the generalization error", Machine Learning 52 (2003),
    doi:10.1023/A:1024068626366
    """
    if len(folds) < 2:
        return math.nan
    return _t_half_width(folds, 1 / len(folds) + overlap)


def tested_over_trained(n_folds: int, test_size: float) -> float:
    """Return rows tested over rows trained on, in cross-validation; in hold-outs for fewer than two folds."""
    return 1 / (n_folds - 1) if n_folds > 1 else test_size / (1 - test_size)


def _t_half_width(values: Sequence[float], share: float) -> float:
    """Return the half width of a mean whose variance is a share of its values' variance.

    NaN without any spread (but rounding): equal differences do not tell how sure their mean is.
    """
    spread = statistics.stdev(values)
    if spread < max(NOTHING, SHARE_OF_MEAN * abs(statistics.fmean(values))):
        return math.nan
    from scipy.special import stdtrit

    return float(stdtrit(len(values) - 1, 0.5 + CONFIDENCE / 2)) * spread * math.sqrt(share)


def _against_trivial(grid: Grid, method: str, metric: str, better: str) -> Record | None:
    compared = compare_with_best_arm(grid, method, metric, better)
    record = _record(compared, better)
    return record if compared.pairs or record.undefined else None


def compare_with_best_arm(grid: Grid, method: str, metric: str, better: str) -> Compared:
    """Compare on the hold-out with the trivial arm best in cross-validation: chosen on training rows only.

    A threshold arm has the scores of the threshold tuned for the metric (`smote_bench.runs.trivial_arms`).

    Parameters
    ----------
    grid : Grid
    method, metric : str
    better : {"high", "low"}
    """
    return compare_with(
        grid,
        method,
        lambda dataset, classifier: grid.best_arm(dataset, classifier, metric, better),
        metric,
        name=BEST_ARM,
        phase="holdout",
        absent="no arm has a cross-validated score",
        own_scores=True,
    )


def _gain(after: float, before: float, better: str) -> float:
    difference = round(after, _DIGITS) - round(before, _DIGITS)
    return -difference if better == "low" else difference


def _record(compared: Compared, better: str) -> Record:
    metric, phase = compared.metric, compared.phase
    gains = [
        _gain(treated.mean(metric, phase), control.mean(metric, phase), better)
        for treated, control in compared.all_pairs
    ]
    return Record(
        wins=sum(gain > 0 for gain in gains),
        ties=sum(gain == 0 for gain in gains),
        losses=sum(gain < 0 for gain in gains),
        undefined=compared.n_undefined,
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
            if delta.why_left_out:
                row[f"delta_{metric}_left_out_because"] = delta.why_left_out
        for name, record in (("original", summary.against_original), ("trivial", summary.against_trivial)):
            for part in ("wins", "ties", "losses", "undefined"):
                row[f"{part}_against_{name}"] = getattr(record, part) if record else None
        row["seconds"] = round(summary.seconds, 6)
        row["not_ok"] = _counts(summary.not_ok)
        rows.append(row)
    return rows


def summary_lines(
    summaries: Sequence[MethodSummary], metrics: Sequence[str], labels: Mapping[str, str] | None = None
) -> list[str]:
    """Return the summary as text for the terminal: deltas first, then wins, seconds and what was not ok.

    `labels` are what methods are called in it, where that is not their name.
    """
    labels = labels or {}
    treated = [summary for summary in summaries if summary.deltas]
    lines: list[str] = []
    if treated:
        deltas = [summary.deltas[metric] for summary in treated for metric in metrics]
        example = max(deltas, key=lambda delta: (delta.basis == "datasets" and delta.n > 0, delta.n))
        unit = "data sets" if example.basis == "datasets" else "fits of one data set (Nadeau-Bengio)"
        lines.append(
            f"mean delta against {ORIGINAL} with its 95% interval (each method's alone) "
            f"over {example.n} {unit}"
        )
        body = [
            [labels.get(s.method, s.method), *(_delta_text(s.deltas[m], example) for m in metrics)]
            for s in treated
        ]
        lines += _aligned([["method", *metrics], *body])
        lines += _left_out_lines(treated)
        lines.append("")
    lines.append(
        f"wins/ties/losses by {metrics[0]}, over the data sets x classifiers of its delta; best trivial arm:"
    )
    lines.append("chosen by cross-validation, compared on the hold-out")
    body = [
        [
            labels.get(summary.method, summary.method),
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
    """Say which deltas leave out pairs of data set and classifier, and why: their means are over fewer."""
    lines = []
    for summary in treated:
        by_reason: dict[str, list[str]] = {}
        for metric, delta in summary.deltas.items():
            if delta.why_left_out:
                by_reason.setdefault(delta.why_left_out, []).append(f"{metric} {delta.n_left_out}")
        lines += [
            f"left out (data set x classifier): {summary.method} {', '.join(counts)} ({why})"
            for why, counts in by_reason.items()
        ]
    return lines


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
