"""Degenerate integers: what is made between whole numbers of a type with few of them."""

from __future__ import annotations

import dataclasses
from functools import partial

import numpy as np
import pandas as pd

from smote_bench.properties.answers import check_answer
from smote_bench.properties.cases import Case
from smote_bench.properties.designs import Star
from smote_bench.properties.exact_tests import LEVEL, binomial_findings, demand_plausible
from smote_bench.properties.families import OVERSAMPLERS, SAME_CLASS_SEGMENTS
from smote_bench.properties.kit import prop
from smote_bench.properties.rules import demand_allowed_rows
from smote_bench.properties.stars import star_case
from smote_bench.properties.strategies import cases, has_seeds
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation, shown

__all__ = ["integers_are_not_cut_off", "large_integers_stay", "small_integers_do_not_wrap"]

_BETWEEN = (*SAME_CLASS_SEGMENTS, "borderline2")
_SMALL = (np.uint8, np.int8, np.uint16, np.uint32)
_SCALE = 1e4
"""Of a star of whole numbers: a step's rounding is some ten thousandths of it, and far from a tie."""


@prop(
    "degenerate",
    "unsigned or small integers wrap around: 3 - 5 is 254, and rows lie where no data were ever seen",
    families=OVERSAMPLERS,
    cases=partial(cases, layouts=("cloud",)),
    examples=6,
)
def small_integers_do_not_wrap(subject: Subject, case: Case) -> None:
    lowest, width = case.X.min(), np.ptp(case.X) or 1.0
    for dtype in _SMALL:
        # All of the type's range but its ends, so that differences do not fit it.
        info = np.iinfo(dtype)
        spread = np.round((case.X - lowest) / width * (0.96 * (info.max - info.min)) + 0.98 * info.min)
        small = dataclasses.replace(case, X=spread)
        setup = f"X = X.astype(np.{dtype.__name__})"
        must = subject.family in ("generic", "smote", "interpolating") or has_seeds(subject, small)
        with shown(case=small, setup=setup):
            answer = check_answer(subject, small, spread.astype(dtype), setup=setup, exact=False, must=must)
            if answer is None or subject.family not in _BETWEEN:
                continue
            # A row may be rounded to whole numbers, or cut off: that is another property's.
            off = 1.01 * np.sqrt(case.X.shape[1]) / max(np.abs(spread).max(), 1.0)
            demand_allowed_rows(
                subject, spread, case.y, answer, k=subject.k(case), m=subject.m(case), tolerance=off
            )


_BEYOND = 2**53 + 1
"""Of whole numbers from here on float64 knows every second one alone."""


@prop(
    "degenerate",
    "whole numbers beyond 2 ** 53 come back as others, though they come back as whole numbers",
    families=OVERSAMPLERS,
    cases=partial(cases, layouts=("cloud",)),
    examples=4,
)
def large_integers_stay(subject: Subject, case: Case) -> None:
    large = _BEYOND + 2 * np.round(case.X * 16).astype(np.int64)
    setup = f"X = {_BEYOND} + 2 * np.round(X * 16).astype(np.int64)"
    try:
        X, _ = subject.call(subject.build(case), large.copy(), case.y.copy())
    except Exception:  # whether such numbers have to be taken is a convention
        return
    came = np.asarray(X)
    # Floats for whole numbers are a choice of style, and cannot tell them apart.
    if came.dtype.kind not in "iu" or came.ndim != 2:
        return
    known = set(map(tuple, came.tolist()))
    lost = next((row for row in large.tolist() if tuple(row) not in known), None)
    if lost is not None:
        raise Violation(
            f"expected the row {lost} to stay as it is, it is not among those that came", setup=setup
        )


def _whole_star(subject: Subject, seed: int, smoke: bool) -> Case:
    """Lay out a star of whole numbers."""
    case = star_case(subject, seed, True)
    recipe = f"{case.recipe}\nX = (X * {_SCALE:.0f}).round().astype(np.int64)"
    return dataclasses.replace(case, X=np.round(case.X * _SCALE), recipe=recipe)


@prop(
    "degenerate",
    "integers are cut off in place of being rounded, so that every new row is pulled towards 0",
    families=_BETWEEN,
    design=_whole_star,
    false_alarm=LEVEL,
)
def integers_are_not_cut_off(subject: Subject, case: Case) -> None:
    star: Star = case.layout["star"]
    whole = case.X.astype(np.int64)
    new = np.asarray(subject.answer(case, X=whole.copy())[0], dtype=np.float64)[len(case.y) :]
    _demand_rounded(star, new)
    frame = pd.DataFrame(whole).add_prefix("x").assign(share=0.5)
    try:
        X, _ = subject.call(subject.build(case), frame, case.y.copy())
    except Exception:  # whether frames have to be taken is a convention
        return
    with shown(setup=_BESIDE_FLOATS):
        try:
            _demand_rounded(star, np.asarray(X, dtype=np.float64)[len(case.y) :, :-1])
        except Violation as violation:
            if subject.converts_as_imbalanced_learn:
                words = f"{violation.message}. imbalanced-learn's base does that to columns beside others"
                raise Violation(words, convention="smote-bench") from None
            raise


_BESIDE_FLOATS = "import pandas as pd\nX = pd.DataFrame(X).add_prefix('x').assign(share=0.5)"


def _demand_rounded(star: Star, new: np.ndarray) -> None:
    """Raise where new rows of a star of whole numbers are nearer to 0, or further from it, than by chance."""
    middle = np.round(star.middle(1) * _SCALE)[star.axes(1)]
    along = (new[:, star.axes(1)] - middle) / np.round(star.norms * _SCALE)
    # Between two rows of a star the two shares sum up to 1; rounding makes that more as often as less.
    share = np.sort(along, axis=1)[:, -2:].sum(axis=1) - 1.0
    moved = share[np.abs(share) > 1e-9]
    n_below = int((moved < 0).sum())
    if not len(moved):
        return
    try:
        demand_plausible(
            binomial_findings(np.array([n_below]), len(moved), 0.5, "new rows that are too near to 0"),
            level=LEVEL / 2,  # for an array and for a frame
        )
    except Violation as violation:
        raise Violation(
            f"expected whole numbers to be rounded, or floats, they are cut off: {violation.message}"
        ) from None
