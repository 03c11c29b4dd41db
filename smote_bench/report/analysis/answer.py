"""The answer in plain words: did it help, which method, more than noise, better than the trivial arms?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from smote_bench.report.analysis.caveats import caveats
from smote_bench.report.analysis.effects import Effect, effects_by_method, too_few
from smote_bench.report.analysis.sentences import explanations, headline, nothing_to_compare, subject_of

if TYPE_CHECKING:
    from smote_bench.runs.open import Run

__all__ = ["Answer", "answer"]

Verdict = Literal["helps", "no difference shown", "hurts", "undecided"]


@dataclass(frozen=True)
class Answer:
    """What a run says to a reader who knows nothing of it.

    Parameters
    ----------
    sentences : list of str
        The answer; the first one alone says it.
    caveats : list of str
        What is to be known before it is believed, the gravest first.
    n_datasets, n_classifiers : int
        With a score.
    verdict : {"helps", "no difference shown", "hurts", "undecided"}
        On `metric`. ``helps``: a method is better beyond the 95% interval that counts all
        methods. ``hurts``: even the best is worse in that sense. ``undecided``: the data carry no such
        statement, being fewer than six data sets (one alone speaks for itself), fewer than five fits of
        one, or differences without any spread.
    metric : str
    subject : str
        What was done, for headings: "Oversampling", "Resampling" where rows are dropped too, "Treating the
        imbalance" where nothing is resampled.
    method : str or None
        The one the answer is about.
    effect : Effect or None
        Its difference to `Original`.
    """

    sentences: list[str]
    caveats: list[str]
    n_datasets: int
    n_classifiers: int
    verdict: Verdict
    metric: str
    subject: str = "Oversampling"
    method: str | None = None
    effect: Effect | None = None


def answer(run: Run, metric: str | None = None) -> Answer:
    """Answer by one metric whether anything helped.

    Parameters
    ----------
    run : Run
    metric : str, optional
        Default the run's first priority metric, which its question was put by. Another one has the same
        tests and a caveat that it was picked after looking.
    """
    metric = metric or run.priority_metrics[0]
    scored = [outcome.cell for outcome in run.outcomes if outcome.is_scored]
    n_datasets, n_classifiers = len({t.dataset for t in scored}), len({t.classifier for t in scored})
    effects = effects_by_method(run, metric)
    best = _best(effects)
    verdict = _verdict(best)
    sentences = (
        [nothing_to_compare(run, metric)]
        if best is None
        else [headline(run, best, effects, verdict), *explanations(run, best, effects)]
    )
    return Answer(
        sentences=sentences,
        caveats=caveats(run, best, effects, metric),
        n_datasets=n_datasets,
        n_classifiers=n_classifiers,
        verdict=verdict,
        metric=metric,
        subject=subject_of(run, best),
        method=best.method if best else None,
        effect=best,
    )


def _best(effects: Sequence[Effect]) -> Effect | None:
    """Return the largest gain that the data carry, else the largest gain."""
    usable = [effect for effect in effects if not math.isnan(effect.gain)]
    sure = [effect for effect in usable if effect.is_better]
    return max(sure or usable, key=lambda effect: effect.gain, default=None)


def _verdict(best: Effect | None) -> Verdict:
    if best is not None and best.is_all_zero:
        return "no difference shown"
    if best is None or too_few(best) or best.has_no_spread:
        return "undecided"
    if best.is_better:
        return "helps"
    return "hurts" if best.is_worse else "no difference shown"
