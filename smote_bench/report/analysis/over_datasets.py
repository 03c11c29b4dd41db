"""The tests over the data sets of a run: Friedman, Nemenyi, Wilcoxon-Holm, Bayesian; or why there is none."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import pandas as pd

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.against_original import ALPHA, against_original, data_sets
from smote_bench.report.analysis.score_blocks import blocks, direction, not_run
from smote_bench.stats import (
    MIN_DATASETS,
    Friedman,
    cliques,
    complete_blocks,
    critical_difference,
    friedman,
    nemenyi,
    oriented_differences,
    rank_blocks,
    wilcoxon_holm,
    z_against_control,
)

if TYPE_CHECKING:
    from smote_bench.runs.open import Run
    from smote_bench.stats.frames import Better

__all__ = ["ALPHA", "TestResults", "not_told_apart", "tests", "wilcoxon_table"]

ROPE = 0.01


@dataclass(frozen=True)
class TestResults:
    """What the tests over data sets say, and what they do not.

    Parameters
    ----------
    metric : str
    classifier : str or None
        None for the mean over classifiers.
    failed : {"complete", "worst"}
    n_datasets : int
        Of the joint ranking. Comparisons with `Original` have their own n.
    n_failed_cells : int
        (Data set, method) pairs without a score although they were run.
    methods : list of str
        Of the joint ranking.
    mean_ranks : Series
        1 is best; empty without a data set to rank on.
    friedman : Friedman or None
    cd : float or None
        Nemenyi's critical difference at `alpha`.
    nemenyi : DataFrame or None
        p of every pair.
    cliques : list of list of str
        Methods within one critical difference, best first.
    control : DataFrame or None
        Mean ranks against Original's: z, p, p_holm.
    wilcoxon : DataFrame or None
        Index: method; n, n_zero, r_better, r_worse, statistic, p, p_holm, law, reason.
    bayes : DataFrame or None
        Index: method; n, p_worse, p_equivalent, p_better (signed-rank), sign_p_worse, sign_p_equivalent,
        sign_p_better (sign test), rope.
    warnings : list of str
    alpha : float
    """

    __test__: ClassVar[bool] = False  # no test case of pytest's

    metric: str
    classifier: str | None
    failed: str
    n_datasets: int
    n_failed_cells: int
    methods: list[str]
    mean_ranks: pd.Series
    friedman: Friedman | None = None
    cd: float | None = None
    nemenyi: pd.DataFrame | None = None
    cliques: list[list[str]] = field(default_factory=list)
    control: pd.DataFrame | None = None
    wilcoxon: pd.DataFrame | None = None
    bayes: pd.DataFrame | None = None
    warnings: list[str] = field(default_factory=list)
    alpha: float = ALPHA

    @property
    def bars(self) -> list[list[str]]:
        """The cliques of two methods and more: the bars of a critical-difference diagram."""
        return [clique for clique in self.cliques if len(clique) > 1]

    def renamed(self, name: Callable[[str], str]) -> TestResults:
        """Return the same results with other names of methods, as people read them."""

        def rows(frame: pd.DataFrame | None) -> pd.DataFrame | None:
            return None if frame is None else frame.rename(index=name)

        return replace(
            self,
            methods=[name(method) for method in self.methods],
            mean_ranks=self.mean_ranks.rename(index=name),
            nemenyi=None if self.nemenyi is None else self.nemenyi.rename(index=name, columns=name),
            cliques=[[name(method) for method in clique] for clique in self.cliques],
            control=rows(self.control),
            wilcoxon=rows(self.wilcoxon),
            bayes=rows(self.bayes),
        )


def tests(
    run: Run,
    metric: str,
    classifier: str | None = None,  # noqa: PT028
    failed: Literal["complete", "worst"] = "complete",  # noqa: PT028
) -> TestResults:
    """Test over data sets whether the methods differ, and which differ from `Original`.

    Parameters
    ----------
    run : Run
    metric : str
    classifier : str, optional
        Default the mean over classifiers.
    failed : {"complete", "worst"}
        ``complete`` ranks on the data sets where every method is scored, and compares a method with
        `Original` where both are; ``worst`` gives a cell that failed or whose score is undefined the last
        rank, and counts it as worse than `Original`.

    Raises
    ------
    ValueError
        For another `failed`.
    ConfigError
        For a metric or classifier that the run does not have.
    """
    if failed not in ("complete", "worst"):
        raise ValueError(f"expected failed='complete' or 'worst', got {failed!r}: choose one")
    key = "tests", metric, classifier, failed
    if key not in run.computed:
        run.computed[key] = _tests(run, metric, classifier, failed)
    found: TestResults = run.computed[key]
    return replace(found, warnings=list(found.warnings))


def _tests(
    run: Run, metric: str, classifier: str | None, failed: Literal["complete", "worst"]
) -> TestResults:
    better, warnings = direction(run, metric), _about_the_metric(run, metric)
    scores, missing = _comparable(run, metric, classifier, failed, warnings)
    n_failed = int((scores.isna() & ~missing).sum().sum())
    ranks = _ranks(scores, missing, n_failed, better, failed, warnings)
    joint = _joint_tests(ranks, warnings)
    rope = _rope(run, metric, warnings)
    against = against_original(scores, missing, better=better, failed=failed, rope=rope, warnings=warnings)
    return TestResults(
        metric=metric,
        classifier=classifier,
        failed=failed,
        n_datasets=len(ranks),
        n_failed_cells=n_failed,
        methods=list(ranks.columns),
        mean_ranks=ranks.mean(axis=0) if len(ranks) else pd.Series(dtype=float),
        warnings=warnings,
        **joint,
        **against,
    )


def wilcoxon_table(run: Run, metric: str) -> pd.DataFrame:
    """Return the Wilcoxon-Holm table of `tests` alone: method by method; empty where there is none."""
    scores, missing = _comparable(run, metric, None, "complete", [])
    if ORIGINAL not in scores.columns or len(scores.columns) < 2:
        return pd.DataFrame(columns=["n", "p", "p_holm"])
    better = direction(run, metric)
    table = wilcoxon_holm(oriented_differences(scores, ORIGINAL, better=better, not_run=missing))
    return table if (table["n"] >= MIN_DATASETS).any() else table.iloc[:0]


def not_told_apart(run: Run, metric: str) -> tuple[list[list[str]], int]:
    """Return the cliques of `tests` alone, without its other tests, and the number of data sets ranked."""
    scores, missing = _comparable(run, metric, None, "complete", [])
    ranks = _ranks(scores, missing, 0, direction(run, metric), "complete", [])
    n, k = ranks.shape
    if n < MIN_DATASETS or k < 3:
        return [], n
    return cliques(ranks.mean(axis=0), critical_difference(k, n, alpha=ALPHA)), n


tests.__test__ = False  # type: ignore[attr-defined]  # no test case of pytest's, wherever it is imported


def _ranks(
    scores: pd.DataFrame,
    missing: pd.DataFrame,
    n_failed: int,
    better: Better,
    failed: str,
    warnings: list[str],
) -> pd.DataFrame:
    ranked = complete_blocks(scores) if failed == "complete" else scores[~missing.any(axis=1)]
    _about_missing(scores, missing, ranked, n_failed, failed, warnings)
    return rank_blocks(ranked, better=better, missing="refuse" if failed == "complete" else "worst")


def _about_the_metric(run: Run, metric: str) -> list[str]:
    if run.metrics[metric].better is None:
        return [f"{metric} has no direction of improvement: read as if high were better"]
    return []


def _comparable(
    run: Run, metric: str, classifier: str | None, failed: str, warnings: list[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return scores, and where a cell was not run, without the methods and data sets that have no score."""
    scores, missing = blocks(run, metric, classifier), not_run(run, metric, classifier)
    # A method that was run and failed everywhere has the last rank everywhere, where failures have ranks.
    without = scores.isna().all() & (missing.all() | (failed == "complete"))
    never = list(scores.columns[without])
    if never:
        warnings.append(f"without a score on any data set, so left out: {', '.join(never)}")
    scores = scores.drop(columns=never)
    empty = list(scores.index[scores.isna().all(axis=1)])
    if empty and len(scores.columns):
        warnings.append(f"no method has a score on {', '.join(empty)}: left out")
    scores = scores.drop(index=empty)
    return scores, missing.loc[scores.index, scores.columns]


def _about_missing(
    scores: pd.DataFrame,
    missing: pd.DataFrame,
    ranked: pd.DataFrame,
    n_failed: int,
    failed: str,
    warnings: list[str],
) -> None:
    gone = len(scores) - len(ranked)
    if gone:
        gaps = scores.isna() if failed == "complete" else missing
        by_method = gaps.sum()
        named = ", ".join(f"{name} on {n}" for name, n in by_method[by_method > 0].items())
        warnings.append(
            f"{gone} of {len(scores)} data sets do not enter the ranking, since methods lack a score there "
            f"({named})"
        )
    if n_failed and failed == "worst":
        warnings.append(f"{n_failed} failed or undefined scores have the last rank of their data set")


def _joint_tests(ranks: pd.DataFrame, warnings: list[str]) -> dict[str, Any]:
    n, k = ranks.shape
    if n < MIN_DATASETS:
        warnings.append(
            f"no Friedman or Nemenyi test: {data_sets(n)} with every method, at least {MIN_DATASETS} needed"
        )
        return {}
    if k < 3:
        warnings.append(
            f"no Friedman or Nemenyi test: {k} methods, at least 3 needed (Wilcoxon's test compares 2)"
        )
        return {}
    found, means = friedman(ranks), ranks.mean(axis=0)
    if found.p > ALPHA:
        warnings.append(
            f"Friedman's test does not tell the methods apart (p = {found.p:.3f}): differences of single "
            "pairs are not to be read as real"
        )
    if n < 10 or k < 5:
        warnings.append(
            f"Friedman's F and Nemenyi's law are approximations: {n} data sets and {k} methods are few"
        )
    critical = critical_difference(k, n, alpha=ALPHA)
    return {
        "friedman": found,
        "cd": critical,
        "nemenyi": nemenyi(means, n),
        "cliques": cliques(means, critical),
        "control": z_against_control(means, n, ORIGINAL) if ORIGINAL in means.index else None,
    }


def _rope(run: Run, metric: str, warnings: list[str]) -> float:
    """Return the region of practical equivalence: 0.01 means nothing where the scale has no end."""
    card = run.metrics[metric]
    if math.isfinite(card.low) and math.isfinite(card.high):
        return ROPE
    warnings.append(
        f"{metric} has no bounded scale: the Bayesian tests take no region of practical equivalence"
    )
    return 0.0
