"""A plan as text."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from smote_bench.environment.memory import size_text

if TYPE_CHECKING:
    from smote_bench.engines.planning.plan import Errors, Plan

__all__ = ["duration", "plan_words"]

_SHOWN = 8


def duration(seconds: float) -> str:
    """Return seconds in words, to two or three digits.

    Examples
    --------
    >>> duration(3.21), duration(75), duration(5400), duration(4e5)
    ('3.2 s', '75 s', '90 min', '111 h')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    if seconds < 7200:
        return f"{seconds / 60:.0f} min"
    hours = seconds / 3600
    return f"{hours:.1f} h" if hours < 20 else f"{hours:,.0f} h"


def plan_words(plan: Plan) -> str:
    """Return what a plan says, as lines of text."""
    return "\n".join(_lines(plan))


def _lines(plan: Plan) -> Iterator[str]:
    apart = f", {plan.n_unavailable:,} cannot be computed here" if plan.n_unavailable else ""
    yield (
        f"{plan.experiment}: {plan.n_asked:,} cells asked for, {plan.n_known:,} in the memo{apart}, "
        f"{plan.n_left:,} to compute"
    )
    if not plan.n_left:
        yield "nothing to compute: the run takes its start and its report"
        yield from _remarks(plan)
        return
    yield ""
    yield f"CPU: {duration(plan.seconds)} on one worker ({plan.seconds / 3600:.2f} CPU hours)"
    yield (
        f"  start of a worker {duration(plan.start)}, reading and preparing tables {duration(plan.opening)}; "
        "tables, report and trackers at the end are not in it"
    )
    if plan.n_over_time:
        yield f"  {plan.n_over_time:,} cells are expected to run into the time limit"
    yield ""
    yield from _table("by method", plan.by_method, plan.cell_seconds)
    yield ""
    yield from _table(
        "by classifier", {**plan.by_classifier, "resampling, shared": plan.resampling}, plan.cell_seconds
    )
    yield ""
    of = f", of it most for {plan.memory_of}" if plan.memory_of else ""
    yield f"memory of a worker: up to {size_text(plan.memory)}{of}"
    yield ""
    yield from _walls(plan)
    yield ""
    yield from _trust(plan)
    yield from _remarks(plan)


def _table(title: str, values: Mapping[str, float], whole: float) -> Iterator[str]:
    ranked = sorted(values.items(), key=lambda item: -item[1])
    rows = ranked[:_SHOWN]
    if len(ranked) == _SHOWN + 1:
        rows = ranked
    elif len(ranked) > _SHOWN:
        rest = ranked[_SHOWN:]
        rows = [*rows, (f"{len(rest)} more", math.fsum(value for _, value in rest))]
    width = max(len(title), *(len(name) for name, _ in rows))
    yield f"{title:<{width}}  CPU hours  share"
    for name, value in rows:
        yield f"{name:<{width}}  {value / 3600:>9.3f}  {value / whole if whole else 0:>5.0%}"


def _walls(plan: Plan) -> Iterator[str]:
    yield "workers       wall  workers idle  last to end"
    for n, one in plan.wall.items():
        last = "the controller" if one.waits_for_controller else " on ".join(reversed(one.critical[-1]))
        if len(one.critical) > 1 and not one.waits_for_controller:
            last += f", after {len(one.critical) - 1} other groups"
        yield f"{n:>7,}  {duration(one.seconds):>9}  {one.idle_share(n):>12.0%}  {last}"
    if plan.longest is not None:
        longest = plan.longest
        enough = max(1, math.ceil(plan.cell_seconds / max(longest.total, 1e-9)))
        yield (
            f"critical path: start-up, then {longest.method} on {longest.dataset} "
            f"({duration(longest.total)} on one worker): more than about {enough:,} workers do not help"
        )


def _trust(plan: Plan) -> Iterator[str]:
    share = plan.known_share
    yield f"of the cells' seconds {share:.0%} are known from the memo, {1 - share:.0%} are estimated"
    if plan.errors is not None:
        yield (
            f"where the memo knows, estimates without it are off by a factor of {_off(plan.errors)}; "
            f"their sum is {plan.errors.total:.2f} of what was measured"
        )
    if plan.foretold is not None:
        yield (
            "in the calibration, the largest table as foretold by the smaller ones was off by a factor of "
            f"{_off(plan.foretold)}; larger tables of the run are foretold alike"
        )
    if plan.calibration.seconds:
        spent = duration(plan.calibration.seconds)
        yield f"calibrated in {spent} on this machine: others are faster or slower"


def _off(errors: Errors) -> str:
    return f"{errors.half:.1f} at most in half and {errors.most:.1f} in nine of ten of {errors.n:,}"


def _remarks(plan: Plan) -> Iterator[str]:
    for remark in plan.remarks:
        yield f"note: {remark}"
