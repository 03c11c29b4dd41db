"""Which of many comparisons are alarms: shares of the rate of false ones, p-values adjusted together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from smote_bench.experiment.gate_settings import Level
from smote_bench.gating.judging.blocks import Blocks, critical_t, p_value
from smote_bench.stats.adjust import holm

__all__ = ["Tested", "alpha_of_metrics", "alpha_of_samples", "find_alarms"]

_OF_METRICS: Mapping[Level, float] = {"method": 1 / 2, "dataset": 1 / 4, "case": 1 / 4}
_OF_SAMPLES: Mapping[Level, float] = {"method": 1 / 2, "dataset": 1 / 2}


@dataclass(frozen=True, eq=False)
class Tested:
    """The tests of one level.

    Parameters
    ----------
    p : ndarray of shape (n_blocks, n_names)
        Adjusted by Holm within the level; NaN where nothing changed or nothing is known.
    is_alarm : ndarray of shape (n_blocks, n_names), bool
    limit : ndarray of shape (n_blocks, n_names)
        The change from which a comparison is an alarm whatever the others are (Holm's first step).
    n_tests : int
        Comparisons that p-values are adjusted for.
    """

    p: np.ndarray
    is_alarm: np.ndarray
    limit: np.ndarray
    n_tests: int


def find_alarms(blocks: Blocks, tolerance: np.ndarray, alpha: float, *, two_sided: bool = False) -> Tested:
    """Test the changed blocks of a level for decreases (or changes) beyond their tolerance.

    What did not change raises no alarm. It is counted all the same where it may have come out equal by
    chance, as discrete scores at a ceiling do: to adjust for the others alone would be to choose by the
    outcome.

    Parameters
    ----------
    blocks : Blocks
    tolerance : ndarray of shape (n_blocks, n_names)
    alpha : float
        The level's share, in (0, 1): the rate of runs with any false alarm at this level.
    two_sided : bool
    """
    sides = 2 if two_sided else 1
    size = np.abs(blocks.decrease) if two_sided else blocks.decrease
    raw = np.minimum(sides * p_value(size, tolerance, blocks.se, blocks.df), 1.0)
    equal = np.where(np.isfinite(raw) & blocks.counted[:, None], 1.0, np.nan)
    raw = np.where(blocks.changed[:, None], raw, equal)
    n_tests = int(np.isfinite(raw).sum())
    adjusted = holm(pd.Series(raw.ravel())).to_numpy().reshape(raw.shape)
    adjusted = np.where(blocks.changed[:, None], adjusted, np.nan)
    critical = critical_t(alpha / sides / max(n_tests, 1), blocks.df)
    return Tested(
        adjusted,
        np.nan_to_num(adjusted, nan=1.0) <= alpha,
        tolerance + critical * blocks.se,
        n_tests,
    )


def alpha_of_metrics(alpha: float, *, has_samples: bool) -> dict[Level, float]:
    """Return each level's share for drops of metrics: of half of alpha, or of all where no samples are known.

    >>> alpha_of_metrics(0.01, has_samples=True)
    {'method': 0.0025, 'dataset': 0.00125, 'case': 0.00125}
    """
    step = alpha / 2 if has_samples else alpha
    return {level: step * share for level, share in _OF_METRICS.items()}


def alpha_of_samples(alpha: float) -> dict[Level, float]:
    """Return each level's share for changes of samples: of the other half of alpha.

    >>> alpha_of_samples(0.01)
    {'method': 0.0025, 'dataset': 0.0025}
    """
    return {level: alpha / 2 * share for level, share in _OF_SAMPLES.items()}
