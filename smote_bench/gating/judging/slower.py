"""Seconds, for those who ask: a method's resampling in units of its own run's `Original`, never absolute."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping

from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.judging.strictness import mode_of
from smote_bench.gating.verdicts.verdict import Finding
from smote_bench.methods.names import ORIGINAL

__all__ = ["find_slower"]


def find_slower(baseline: Evidence, current: Evidence, settings: GateSettings) -> list[Finding]:
    """Return the methods that became slower than `GateSettings.max_slowdown` allows.

    On each data set a method's seconds for resampling are divided by the seconds that `Original` took to be
    fitted there, by the classifiers both have, in the same run: machine and load cancel. The median over data
    sets of the factor by which this grew is judged.
    """
    if settings.max_slowdown is None:
        return []
    before, after = _ratios(baseline.seconds), _ratios(current.seconds)
    factors: dict[str, list[float]] = {}
    for place in before.keys() & after.keys():
        factors.setdefault(place[1], []).append(after[place] / before[place])
    found = []
    for method in sorted(factors):
        factor = statistics.median(factors[method])
        if factor <= settings.max_slowdown:
            continue
        n_slower = sum(one > settings.max_slowdown for one in factors[method])
        found.append(
            Finding(
                "SLOWER",
                "method",
                "",
                method,
                "",
                "resample_seconds",
                before=1.0,
                after=factor,
                change=factor - 1.0,
                se=math.nan,
                limit=settings.max_slowdown - 1.0,
                p=math.nan,
                n_datasets=n_slower,
                of_datasets=len(factors[method]),
                is_warning=mode_of(settings, Cell("", method, ""), "resample_seconds") == "warn",
            )
        )
    return found


def _ratios(seconds: Mapping[Cell, tuple[float, float]]) -> dict[tuple[str, str], float]:
    """Return resampling over `Original`'s fitting, by data set and method, where both took any time."""
    resampled: dict[tuple[str, str], list[float]] = {}
    fitted: dict[str, list[float]] = {}
    for cell, (resample, fit) in seconds.items():
        if cell.method == ORIGINAL:
            fitted.setdefault(cell.dataset, []).append(fit)
        elif resample > 0:
            resampled.setdefault((cell.dataset, cell.method), []).append(resample)
    return {
        place: statistics.fmean(values) / math.fsum(fitted[place[0]])
        for place, values in resampled.items()
        if math.fsum(fitted.get(place[0], [])) > 0
    }
