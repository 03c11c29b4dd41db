"""Training histories of a cell by metric and epoch, repeats side by side, as page and figures draw them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from smote_bench.evaluation.outcome import Fit, Outcome
    from smote_bench.runs.open import Run

__all__ = ["PARTS", "MetricHistory", "classifiers_with_history", "histories", "label", "y_range"]

PARTS = ("training", "validation")

_VALIDATION = "val_"
_ORDER = ("loss", "accuracy", "precision", "recall", "auc")
_LABELS = {"auc": "AUC"}
_SHARES = frozenset({"accuracy", "precision", "recall", "auc"})


@dataclass(frozen=True, eq=False)
class MetricHistory:
    """One metric over epochs.

    Parameters
    ----------
    metric : str
        Without the prefix of validation.
    training, validation : ndarray of shape (n_repeats, n_epochs), float64
        NaN where undefined, and after the last epoch of a repeat that stopped early; no rows where nothing
        was recorded.
    """

    metric: str
    training: NDArray[np.float64]
    validation: NDArray[np.float64]

    @property
    def n_epochs(self) -> int:
        """How many epochs the longest repeat has."""
        return int(max(self.training.shape[1], self.validation.shape[1]))

    def part(self, name: str) -> NDArray[np.float64]:
        """Return the values of one of `PARTS`."""
        return self.training if name == "training" else self.validation

    def mean(self, name: str) -> NDArray[np.float64]:
        """Return the mean over repeats of one of `PARTS`; NaN where a repeat has no value.

        So it ends where the first repeat stops: a mean of those that trained on would be of other repeats.
        """
        values = self.part(name)
        return values.mean(axis=0) if len(values) else np.empty(0)


def histories(outcome: Outcome | None) -> list[MetricHistory]:
    """Return the histories of a cell's final evaluations; none where it is not scored or keeps none.

    Loss, accuracy, precision, recall and AUC come first, then the others as the classifier names them.

    Parameters
    ----------
    outcome : Outcome or None
    """
    if outcome is None or not outcome.is_scored:
        return []
    fits = [fit for fit in outcome.fits if fit.history]
    named = dict.fromkeys(name.removeprefix(_VALIDATION) for fit in fits for name in fit.history or ())
    found = [
        MetricHistory(metric, _by_epoch(fits, metric), _by_epoch(fits, _VALIDATION + metric))
        for metric in (*(m for m in _ORDER if m in named), *(m for m in named if m not in _ORDER))
    ]
    return [history for history in found if len(history.training) or len(history.validation)]


def _by_epoch(fits: Iterable[Fit], name: str) -> NDArray[np.float64]:
    rows = [values for fit in fits if fit.history and len(values := fit.history.get(name, ()))]
    table = np.full((len(rows), max(map(len, rows), default=0)), np.nan)
    for place, values in enumerate(rows):
        table[place, : len(values)] = values
    table[~np.isfinite(table)] = np.nan
    return table


def classifiers_with_history(run: Run, dataset: str | None = None, method: str | None = None) -> list[str]:
    """Return the classifiers that keep a history, in the run's order.

    Parameters
    ----------
    run : Run
    dataset, method : str, optional
        Look at the cells of these alone.
    """
    found = {
        outcome.cell.classifier
        for outcome in (run.outcomes if dataset is None else run.of_dataset(dataset))
        if method in (None, outcome.cell.method)
        and outcome.is_scored
        and any(fit.history for fit in outcome.fits)
    }
    return [classifier for classifier in run.classifiers if classifier in found]


def label(metric: str) -> str:
    """Return what a metric of a history is called in figures.

    >>> label("auc"), label("loss")
    ('AUC', 'loss')
    """
    return _LABELS.get(metric, metric)


def y_range(metric: str) -> tuple[float, float] | None:
    """Return the axis of a metric whose values are shares, the same in every figure; None for the others."""
    return (-0.02, 1.02) if metric in _SHARES else None
