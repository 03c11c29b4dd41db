"""What is to be known before a run's answer is believed, the gravest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from smote_bench.data.positive import CLASSES
from smote_bench.methods.names import ORIGINAL, TRIVIAL_ARMS
from smote_bench.report.analysis.effects import Effect, candidates, least, too_few
from smote_bench.report.analysis.sentences import few_words
from smote_bench.runs.account import cut_of
from smote_bench.runs.between_categories import between_lines
from smote_bench.runs.compared_cells import NO_SCORE, Compared, compare
from smote_bench.runs.data_findings import finding_caveats
from smote_bench.runs.splitting_classifiers import splitting_lines
from smote_bench.stats import MIN_DATASETS

if TYPE_CHECKING:
    from smote_bench.evaluation.outcome import Outcome
    from smote_bench.runs.open import Run

__all__ = ["caveats"]

_SIDES = ("recall", "brier")
_HARMED = 0.1
"""A Brier score that rises by more than this share of the Original's is said."""


def caveats(run: Run, best: Effect | None, effects: Sequence[Effect], metric: str | None = None) -> list[str]:
    """Return the caveats of the answer by one metric.

    Parameters
    ----------
    run : Run
    best : Effect or None
        What the answer is about.
    effects : sequence of Effect
        All that competed.
    metric : str, optional
        Default the first priority metric.
    """
    metric = metric or run.priority_metrics[0]
    return [
        *_cut(run),
        *between_lines(run.outcomes),
        *finding_caveats(run.findings),
        *_direction(run, metric),
        *_metric_picked(run, metric),
        *_few_data_sets(run, best),
        *_failures(run),
        *_left_out(run, best, effects, metric),
        *_undefined(run, metric),
        *_picked(best, effects),
        *_no_resampling(run),
        *_probabilities(run),
        *splitting_lines(run.outcomes),
        *_trivial_arms(run),
        *_protocol(run),
    ]


def _cut(run: Run) -> list[str]:
    return [f"{run.account.headline} The others may change the answer."] if cut_of(run.manifest) else []


def _direction(run: Run, metric: str) -> list[str]:
    card = run.metrics[metric]
    if card.better is not None:
        return []
    return [f"{card.title} has no direction of improvement: read here as if high were better."]


def _metric_picked(run: Run, metric: str) -> list[str]:
    """Say what it costs to ask by another metric than the experiment did: one more look."""
    first, n = run.priority_metrics[0], len(run.priority_metrics)
    if metric == first:
        return []
    return [
        f"{run.metrics[metric].title} is one of {n} metrics to pick from, and the experiment's first is "
        f"{run.metrics[first].title}: claims here count all methods, not all metrics, so that of answers by "
        f"{n} metrics one is wrong more often than 5%."
    ]


def _few_data_sets(run: Run, best: Effect | None) -> list[str]:
    n = len({outcome.cell.dataset for outcome in run.outcomes if outcome.is_scored})
    lines = []
    if best is not None and best.basis == "fits":
        lines.append(
            "One data set: this says nothing about others; the interval is over fits of the same rows "
            "(Nadeau-Bengio)."
        )
    elif best is not None and best.n < MIN_DATASETS:
        lines.append(f"Only {best.n} data sets: tests over data sets need at least {MIN_DATASETS}.")
    elif best is not None and too_few(best):
        lines.append(
            f"{best.n} data sets are few: even where all signs agree their p is "
            f"{2.0 ** (1 - best.n):.3f}, so nothing is claimed below {least(best.basis)}."
        )
    elif best is not None and best.n < 10:
        lines.append(f"{best.n} data sets are few: an effect smaller than the interval cannot be seen.")
    names = best.compared.classifiers if best is not None and best.compared else run.classifiers
    if n and len(names) == 1:
        lines.append(f"One classifier, {names[0]}: others may react differently.")
    return lines


def _failures(run: Run) -> list[str]:
    failed = Counter(
        (o.cell.method, o.status) for o in run.outcomes if o.status in ("error", "timeout", "unavailable")
    )
    if not failed:
        return []
    by_method: dict[str, list[str]] = {}
    for (method, status), n in sorted(failed.items()):
        by_method.setdefault(method, []).append(f"{n} {status}")
    ordered = [(name, by_method[name]) for name in run.methods if name in by_method]
    shown = "; ".join(f"{name}: {', '.join(counts)}" for name, counts in ordered[:4])
    more = f"; and {len(ordered) - 4} methods more" if len(ordered) > 4 else ""
    return [
        f"{failed.total()} of {len(run.outcomes)} cells have no scores and enter no mean ({shown}{more}): "
        "a data set counts for a method only where it has a score with each classifier."
    ]


def _left_out(run: Run, best: Effect | None, effects: Sequence[Effect], metric: str) -> list[str]:
    """Say what the answer's own mean leaves out, and which methods could not be compared with it, and why."""
    lines = []
    if best is not None and best.compared is not None and (gaps := best.compared.gap_words()):
        n = f"{len(best.compared.datasets)} of {best.compared.n_datasets_run} data sets"
        lines.append(f"{best.method} is compared on {n} alone: {few_words(gaps)}.")
    competed = {effect.method for effect in effects}
    left = [
        compare(run.grid, method, ORIGINAL, metric) for method in candidates(run) if method not in competed
    ]
    named = [f"{found.method} ({_why(found)})" for found in left]
    if named:
        lines.append(f"Not among those compared, as means over other cells do not compete: {_few(named)}.")
    without = run.grid.without(metric, run.grid.phase)
    lines += [f"Without {name} on either side: {why}." for name, why in without.items()]
    return lines


def _few(named: Sequence[str]) -> str:
    more = f"; and {len(named) - 4} more" if len(named) > 4 else ""
    return "; ".join(named[:4]) + more


def _why(compared: Compared) -> str:
    why = few_words(compared.gap_words())
    return why if compared.datasets else f"{NO_SCORE}: {why}"


def _undefined(run: Run, metric: str) -> list[str]:
    n = len(run.grid.undefined(metric, run.grid.phase))
    if not n:
        return []
    title = run.metrics[metric].title
    are = "is" if n == 1 else "are"
    return [f"{title} is undefined in {_cells(n)}, which {are} left out of the means on both sides."]


def _picked(best: Effect | None, effects: Sequence[Effect]) -> list[str]:
    n = len(effects)
    if best is None or n < 2:
        return []
    return [
        f"{best.method} was picked as the best of {n} after looking, so its mean is likely too good. "
        f"Claims and intervals in the sentences count all {n} methods; those in tables and figures are each "
        "method's alone."
    ]


def _no_resampling(run: Run) -> list[str]:
    n = Counter(outcome.cell.method for outcome in run.outcomes if outcome.status == "noop")
    if not n:
        return []
    names = ", ".join(f"{method} in {_cells(count)}" for method, count in n.items())
    return [f"Returned the data unchanged, which counts as a score: {names}."]


def _cells(n: int) -> str:
    return f"{n} cell" if n == 1 else f"{n} cells"


def _probabilities(run: Run) -> list[str]:
    """Name methods that find more of the minority at the price of their probabilities, and the remedies."""
    if not set(_SIDES) <= set(run.metrics):
        return []
    key = ("harm to probabilities",)
    if key not in run.computed:  # of every priority metric it is said the same
        run.computed[key] = _harmed(run)
    harmed: list[str] = run.computed[key]
    if not harmed:
        return []
    return [
        f"More of the minority is found, and probabilities are worse, with {_few(harmed)}: they are those of "
        "the resampled or weighted rows. Where you use probabilities, add prior_corrected: true or "
        "calibrated: sigmoid to the method; where labels are enough, a tuned threshold alone leaves them be."
    ]


def _harmed(run: Run) -> list[str]:
    phase, harmed = run.grid.phase, []
    # Where the positive class is the other one, recall is the majority's.
    datasets = {dataset for dataset in run.datasets if run.positive(dataset) == CLASSES[1]}
    undefined = run.grid.undefined(_SIDES[0], phase) | run.grid.undefined(_SIDES[1], phase)
    written = run.manifest["experiment"].get("methods", {})

    def counts(outcome: Outcome) -> bool:
        return outcome.is_scored and outcome.cell not in undefined

    for method in candidates(run):
        how = written.get(method, {})
        if how.get("calibrated") or how.get("prior_corrected"):
            continue
        both = (
            (one, run.grid.get(one.cell.dataset, ORIGINAL, one.cell.classifier))
            for one in run.grid.of_method(method)
            if one.cell.dataset in datasets
        )
        pairs = [(one, control) for one, control in both if control and counts(one) and counts(control)]
        if not pairs:
            continue
        means = {
            m: [fmean(fmean(o.values(m, phase)) for o in side) for side in zip(*pairs, strict=True)]
            for m in _SIDES
        }
        (found, before), (after, was) = means["recall"], means["brier"]
        if found > before and after > was * (1 + _HARMED):
            harmed.append(f"{method} (recall +{found - before:.2f}, Brier score {was:.3f} to {after:.3f})")
    return harmed


def _trivial_arms(run: Run) -> list[str]:
    trivial = run.trivial
    missing = [arm for arm in TRIVIAL_ARMS if arm not in trivial.values() and arm != ORIGINAL]
    if not missing or all(method in trivial for method in run.methods):
        return []
    return [f"Not run, so not compared with: {', '.join(missing)} (trivial arms any method has to beat)."]


_NO_HOLDOUT = (
    "Without a hold-out: curves, confusion matrices and improvements are of the rows that cross-validation "
    "tests, and no method can be compared with the best trivial arm, which is chosen there."
)


def _protocol(run: Run) -> list[str]:
    if not any(outcome.is_scored for outcome in run.outcomes):
        return []
    if run.grid.phase == "cv":
        return [_NO_HOLDOUT] if not run.test_size else []
    return ["Without cross-validation: scores are from the hold-out alone, and no trivial arm can be chosen."]
