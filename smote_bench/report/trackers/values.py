"""A run's scores as trackers show them: numbered steps, means over folds, the final test beside Original."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Literal

from smote_bench.methods.names import ORIGINAL

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.runs.open import Run

__all__ = ["cv_summary", "final_test", "steps"]


def steps(run: Run, dataset: str, method: str, phase: Literal["cv", "holdout"]) -> pd.DataFrame:
    """Return the scores of a method on a data set by step.

    Parameters
    ----------
    run : Run
    dataset, method : str
    phase : {"cv", "holdout"}

    Returns
    -------
    DataFrame
        classifier, metric, step, value (NaN where undefined), in the experiment's order. Steps count from 1:
        folds of the first repeat, then those of the next; for the hold-out, repeats.
    """
    groups = _groups(run)
    chosen = groups.get((dataset, method, phase), run.scores.iloc[:0])
    folds = int(run.manifest["experiment"]["protocol"]["cv_folds"]) if phase == "cv" else 1
    step = chosen["repeat"] * folds + chosen["fold"] + 1
    return chosen.assign(step=step)[["classifier", "metric", "step", "value"]].reset_index(drop=True)


@functools.lru_cache(maxsize=1)
def _groups(run: Run) -> dict[Any, pd.DataFrame]:
    """Return a run's scores by data set, method and phase: one pass, whatever is asked for after."""
    return dict(iter(run.scores.groupby(["dataset", "method", "phase"], sort=False)))


def cv_summary(run: Run, dataset: str, method: str) -> pd.DataFrame:
    """Return mean and spread over all folds of all repeats.

    Returns
    -------
    DataFrame
        classifier, metric, mean, std (of the folds themselves: divided by their number, as numpy does). NaN
        where a fold has no score.
    """
    folds = steps(run, dataset, method, "cv")
    grouped = folds.groupby(["classifier", "metric"], sort=False)["value"]
    summary = grouped.agg(["mean", "count", "size"]).join(grouped.std(ddof=0).rename("std"))
    summary.loc[summary["count"] < summary["size"], ["mean", "std"]] = float("nan")
    return summary[["mean", "std"]].reset_index()


def final_test(run: Run, dataset: str, method: str) -> pd.DataFrame:
    """Return the hold-out's scores of a method beside those of `Original`.

    Returns
    -------
    DataFrame
        classifier, metric, step (the repeat, from 1), original, treated, improvement (treated minus original,
        whichever way is better). NaN where one of the two has no score.
    """
    treated = steps(run, dataset, method, "holdout").rename(columns={"value": "treated"})
    original = steps(run, dataset, ORIGINAL, "holdout").rename(columns={"value": "original"})
    both = treated.merge(original, on=["classifier", "metric", "step"], how="left", validate="one_to_one")
    both["improvement"] = both["treated"] - both["original"]
    return both[["classifier", "metric", "step", "original", "treated", "improvement"]]
