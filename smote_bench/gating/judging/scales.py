"""Metrics that are written in other units, or in another scale, on the two sides: nobody can compare them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from smote_bench.data.values.number_parts import one_spelling
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.verdicts.verdict import Problem

__all__ = ["of_other_scales"]

_APART = 100
"""So many times as large are typical scores, where a point parts thousands on one side alone."""


def of_other_scales(baseline: Evidence, current: Evidence, metrics: Sequence[str]) -> tuple[Problem, ...]:
    """Return the problems of metrics that have two units, or that may be read in two ways and lie far apart.

    A unit on one side alone may be another one than that of the numbers on the other side: 29.6% is .296, and
    a plain 20.1 may be percents as well.

    Parameters
    ----------
    baseline, current : Evidence
        Of tables, whose `about` has ``units`` and ``doubts``; of others nothing is said.
    metrics : sequence of str
        Those to be judged.
    """
    sides = (baseline, current)
    found = []
    for metric in metrics:
        units = [side.about.get("units", {}).get(metric, "") for side in sides]
        if one_spelling(units[0]) != one_spelling(units[1]):
            ours, theirs = (repr(unit) if unit else "none" for unit in units)
            remedy = "convert one" if all(units) else "write the unit in both or in neither"
            reason = (
                f"expected one unit of {metric} in both tables, got {ours} in {baseline.name} and "
                f"{theirs} in {current.name}: {remedy}"
            )
            found.append(Problem("scale", metric, reason))
            continue
        doubts = [(side, side.about.get("doubts", {}).get(metric, "")) for side in sides]
        before, after = (_typical(side, metric) for side in sides)
        if any(said for _, said in doubts) and max(before, after) >= _APART * min(before, after) > 0:
            side, said = next((side, said) for side, said in doubts if said)
            reason = (
                f"expected {metric} in one scale, got typically {before:.6g} in {baseline.name} and "
                f"{after:.6g} in {current.name}, and {side.name} has {said}, where the mark may part "
                "thousands or be the decimal one: write plain numbers there, such as 1234.5"
            )
            found.append(Problem("scale", metric, reason))
    return tuple(found)


def _typical(side: Evidence, metric: str) -> float:
    if metric not in side.scores.names:
        return 0.0
    values = side.scores.values[..., list(side.scores.names).index(metric)]
    values = np.abs(values[np.isfinite(values)])
    return float(np.median(values)) if len(values) else 0.0
