"""What a family of methods gains over a control, data set by data set, all of them on the same cells."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pandas as pd

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.score_blocks import direction
from smote_bench.runs.compared_cells import Compared, compare
from smote_bench.runs.summary import BEST_ARM, compare_with_best_arm, overlap_of_fits
from smote_bench.runs.trivial_arms import kind_of

if TYPE_CHECKING:
    from smote_bench.runs.open import Run

__all__ = ["Gains", "gains_over", "gains_over_best_arm"]


@dataclass(frozen=True, eq=False)
class Gains:
    """The gains of a family of methods over one control; intervals, p and counts are made of these alone.

    Parameters
    ----------
    metric, control : str
    values : DataFrame of shape (n_datasets, n_methods), or (n_fits, n_methods) of one data set
        Differences to the control, the sign turned so that positive is better, averaged over classifiers;
        every value is finite. The methods compared on the same data sets, in the order asked for.
    basis : {"datasets", "fits"}
        What a row is: fits where only one data set takes part.
    test_train_ratio : float
        For the corrected resampled t-test: rows tested over rows trained on; 0 over data sets.
    compared : mapping of method to Compared
        The cells behind each method's gains; those of the methods in `values` agree in data sets and
        classifiers.
    left_out : mapping of method to Compared
        The methods that do not compete, since they have no score on some data sets.
    """

    metric: str
    control: str
    values: pd.DataFrame
    basis: Literal["datasets", "fits"]
    test_train_ratio: float
    compared: Mapping[str, Compared]
    left_out: Mapping[str, Compared]

    @property
    def methods(self) -> list[str]:
        """The methods that compete."""
        return list(self.values.columns)

    def arms(self, method: str) -> dict[str, int]:
        """Return how often each kind of trivial arm was the opponent, by cell."""
        return dict(Counter(kind_of(control) for _, control in self.compared[method].all_pairs))


def gains_over(
    run: Run, metric: str, methods: Sequence[str], control: str = ORIGINAL, *, like: str | None = None
) -> Gains:
    """Return the gains of methods over a control, in the scoring phase.

    Means over other data sets do not compete: the family is compared on the widest set of data sets that a
    method of it has (where several are as wide, the one that most methods share, then the first method's),
    and methods without a score on one of them are left out.

    Parameters
    ----------
    run : Run
    metric : str
    methods : sequence of str
    control : str
        Classifiers with which it changes nothing are left out on both sides.
    like : str, optional
        A method of the family on whose data sets all are compared, instead of the widest set.
    """
    return _gains(run, metric, methods, lambda m: compare(run.grid, m, control, metric), control, like)


def gains_over_best_arm(run: Run, metric: str, methods: Sequence[str], *, like: str | None = None) -> Gains:
    """Return the gains of methods on the hold-out over the trivial arm that was best in cross-validation.

    Parameters
    ----------
    run : Run
    metric : str
    methods : sequence of str
    like : str, optional
        As in `gains_over`.
    """
    better = direction(run, metric)
    return _gains(
        run,
        metric,
        methods,
        lambda method: compare_with_best_arm(run.grid, method, metric, better),
        BEST_ARM,
        like,
    )


def _gains(
    run: Run,
    metric: str,
    methods: Sequence[str],
    comparison: Callable[[str], Compared],
    control: str,
    like: str | None,
) -> Gains:
    all_compared = {method: comparison(method) for method in methods}
    chosen = all_compared[like].datasets if like is not None else _widest(list(all_compared.values()))
    competing = {m: c for m, c in all_compared.items() if chosen and set(chosen) <= set(c.datasets)}
    sign = -1.0 if direction(run, metric) == "low" else 1.0
    basis: Literal["datasets", "fits"] = "fits" if len(chosen) == 1 else "datasets"
    columns = {m: [sign * v for v in _means(c, chosen)] for m, c in competing.items()}
    rows = list(chosen)
    ratio = 0.0
    if basis == "fits" and competing:
        first = next(iter(competing.values()))
        pairs = first.pairs[chosen[0]]
        rows = [f"{f.repeat}/{f.fold}" for f in pairs[0][0].fits if f.phase == first.phase]
        ratio = overlap_of_fits(first, run.test_size)
    return Gains(
        metric,
        control,
        pd.DataFrame(columns, index=pd.Index(rows, name="dataset" if basis == "datasets" else "fit")),
        basis,
        ratio,
        {m: c.only(chosen) for m, c in competing.items()},
        {m: c for m, c in all_compared.items() if m not in competing},
    )


def _widest(compared: Sequence[Compared]) -> tuple[str, ...]:
    sets = [c.datasets for c in compared]
    return max(sets, key=lambda found: (len(found), sets.count(found)), default=())


def _means(compared: Compared, datasets: Sequence[str]) -> list[float]:
    """Average over classifiers, then over fits unless there is one data set."""
    by_dataset = [compared.differences[name] for name in datasets]
    if len(by_dataset) == 1:
        return [statistics.fmean(fold) for fold in zip(*by_dataset[0], strict=True)]
    return [statistics.fmean(map(statistics.fmean, runs)) for runs in by_dataset]
