"""Typed rows, odd data: constant categories, as many levels as rows, no spread, whole numbers."""

from __future__ import annotations

from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pandas as pd

from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import LEVEL, binomial_findings, demand_plausible
from smote_bench.properties.families import MIXED
from smote_bench.properties.kit import prop
from smote_bench.properties.mixed_demands import (
    as_mixed,
    called,
    demand_explained,
    demand_known_levels,
    demand_originals,
    new_rows,
)
from smote_bench.properties.mixed_frames import MixedCase, Rows, is_number, mixed_case
from smote_bench.properties.mixed_strategies import island_cases, mixed_cases
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = [
    "a_constant_category_stays",
    "as_many_levels_as_rows_are_taken",
    "hundreds_of_levels_are_told_apart",
    "numbers_without_spread_are_taken",
    "whole_numbers_of_few_values_are_no_levels",
    "whole_numbers_of_frames_are_not_cut_off",
]


@st.composite
def _constant(draw: st.DrawFn, /, subject: Subject) -> MixedCase:
    """Draw islands with a column of one level more."""
    case: MixedCase = draw(island_cases(subject, k=(2, 4)))
    declared = ["one", "two"] if draw(st.booleans()) else ["one"]
    column = pd.Categorical(["one"] * len(case.y), categories=declared)
    return _with(case, "constant", column, draw(st.booleans()))


def _with(case: MixedCase, name: str, column: Any, first: bool) -> MixedCase:
    """Return a case with a column more, in front or behind."""
    frame = case.frame.copy()
    frame.insert(0 if first else frame.shape[1], name, column)
    return mixed_case(frame, case.y, case.seed, case.params, layout=case.layout)


@prop(
    "mixed",
    "a category with one level for all rows is refused, or gets another one",
    families=MIXED,
    cases=_constant,
    examples=8,
)
def a_constant_category_stays(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    answer = called(subject, mixed, must=True)
    demand_known_levels(mixed, answer)
    demand_explained(subject, mixed, answer)


@st.composite
def _many_levels(draw: st.DrawFn, /, subject: Subject) -> MixedCase:
    """Draw islands with a column more in which each row has a level of its own."""
    case: MixedCase = draw(island_cases(subject, k=(2, 4)))
    return _with(case, "own", pd.Categorical([f"r{i}" for i in range(len(case.y))]), draw(st.booleans()))


@prop(
    "mixed",
    "a category with as many levels as rows is refused, or gets levels that no near row has",
    families=MIXED,
    cases=_many_levels,
    examples=8,
)
def as_many_levels_as_rows_are_taken(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    answer = called(subject, mixed, must=True)
    demand_originals(mixed, answer)
    demand_known_levels(mixed, answer)
    demand_explained(subject, mixed, answer)


@st.composite
def _without_spread(draw: st.DrawFn, /, subject: Subject) -> MixedCase:
    """Draw rows whose numbers are all the same, in the minority or in the whole table."""
    case: MixedCase = draw(mixed_cases(subject, n_numbers=(1, 2), k=(1, 4)))
    frame = case.frame.copy()
    everywhere = draw(st.booleans())
    for name in frame:
        if is_number(frame[name]):
            frame[name] = 1.5 if everywhere else np.where(case.y == 1, 1.5, frame[name])
    return mixed_case(frame, case.y, case.seed, case.params)


@prop(
    "mixed",
    "numbers without spread in a class, so that a difference costs nothing, give NaN or strange levels",
    families=("smotenc",),
    cases=_without_spread,
    examples=8,
)
def numbers_without_spread_are_taken(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    answer = called(subject, mixed, must=True)
    demand_known_levels(mixed, answer)
    demand_explained(subject, mixed, answer, levels="any")


def _whole(subject: Subject, seed: int, smoke: bool, *, high: int = 1) -> Case:
    """Lay out a class whose whole numbers are 0 and `high`, in pairs that are each other's nearest rows."""
    params = {str(subject.k_name): 1}
    recipe = (
        "import pandas as pd\n\ny = np.repeat([1, 0], [20, 620])\n"
        "X = pd.DataFrame({'place': 100.0 * (np.arange(640) // 2)})\n"
        f"X['count'] = np.arange(640) % 2 * {high}\n"
        "X['level'] = pd.Categorical(['one'] * 640)"
    )
    frame = pd.DataFrame({"place": 100.0 * (np.arange(640) // 2), "count": np.arange(640) % 2 * high})
    frame["level"] = pd.Categorical(["one"] * 640)
    return mixed_case(frame, np.repeat([1, 0], [20, 620]), seed % 2**16, params, recipe=recipe)


@prop(
    "mixed",
    "whole numbers in a frame are cut off or rounded up, so that all new rows are pulled one way",
    families=("smotenc",),
    needs=("k",),
    design=_whole,
    false_alarm=LEVEL,
)
def whole_numbers_of_frames_are_not_cut_off(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    new = new_rows(mixed, called(subject, mixed))
    counts = new.numbers[:, 1]
    n_large = int((counts >= 0.5).sum())
    demand_plausible(
        binomial_findings(
            np.array([n_large]), len(counts), 0.5, "new rows between 0 and 1 that are nearer to 1"
        )
    )


@prop(
    "mixed",
    "whole numbers of few values are voted on as if they were levels, so that none comes between them",
    families=("smotenc",),
    needs=("k",),
    design=partial(_whole, high=4),
    false_alarm=LEVEL,
)
def whole_numbers_of_few_values_are_no_levels(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    new = new_rows(mixed, called(subject, mixed))
    counts = new.numbers[:, 1]
    # Three quarters whatever the rounding is: halves up or down, cut off, or none at all.
    n_between = int(((counts >= 0.5) & (counts <= 3.5)).sum())
    demand_plausible(
        binomial_findings(
            np.array([n_between]),
            len(counts),
            0.75,
            "new rows of 0 and 4 that are nearer to what is between",
        )
    )


_BYTE, _N_ISLANDS = 256, 4
_OF_GROUPS, _N_GROUP_COLUMNS = (0, 3, 9, 36), 6
"""How many rows of the majority have each island's level, and in how many columns these tell them apart."""


def _hundreds(subject: Subject, seed: int, smoke: bool) -> Case:
    """Lay out islands of six rows: three of one level, and three of levels whose codes differ by 256."""
    n_levels = 3 * _BYTE
    # All levels come first and in order, so that codes by name and by appearance are the same.
    levels = [*range(n_levels)]
    for i in range(_N_ISLANDS):
        levels += [10 + i, 10 + i, 10 + i, 50 + i, 50 + i + _BYTE, 50 + i + 2 * _BYTE]
    n_own = len(levels) - n_levels
    y = np.repeat([0, 1], [n_levels, n_own])
    if subject.family == "smoten":
        return _hundreds_of_categories(subject, seed, levels, y)
    place = np.r_[np.full(n_levels, -100.0), 100.0 * np.repeat(np.arange(_N_ISLANDS), 6)]
    recipe = (
        f"import pandas as pd\n\ny = np.repeat([0, 1], [{n_levels}, {n_own}])\n"
        f"place = 100.0 * np.repeat(np.arange({_N_ISLANDS}), 6)\n"
        f"X = pd.DataFrame({{'place': np.r_[np.full({n_levels}, -100.0), place]}})\n"
        f"levels = [*range({n_levels}), *{levels[n_levels:]}]\n"
        "X['level'] = pd.Categorical([f'l{level:03d}' for level in levels])"
    )
    frame = pd.DataFrame({"place": place})
    frame["level"] = pd.Categorical([f"l{level:03d}" for level in levels])
    return mixed_case(frame, y, seed % 2**16, {str(subject.k_name): 5}, recipe=recipe)


def _hundreds_of_categories(subject: Subject, seed: int, levels: list[int], y: np.ndarray) -> MixedCase:
    """Lay out the same islands told apart by levels that the majority has too, each in another share."""
    n_rest = int((y == 0).sum()) - sum(_OF_GROUPS)
    recipe = (
        "import pandas as pd\n\n"
        f"groups = np.repeat([0, 1, 2, 3, 4], [*{_OF_GROUPS}, {n_rest}])\n"
        f"groups = np.r_[groups, np.repeat(np.arange({_N_ISLANDS}), 6)]\n"
        f"y = np.repeat([0, 1], [{len(y) - int(y.sum())}, {int(y.sum())}])\n"
        f"X = pd.DataFrame({{f'group{{i}}': pd.Categorical(groups) for i in range({_N_GROUP_COLUMNS})}})\n"
        f"levels = [*range({3 * _BYTE}), *{levels[3 * _BYTE :]}]\n"
        "X['level'] = pd.Categorical([f'l{level:03d}' for level in levels])"
    )
    groups = np.repeat([0, 1, 2, 3, 4], [*_OF_GROUPS, n_rest])
    groups = np.r_[groups, np.repeat(np.arange(_N_ISLANDS), 6)]
    frame = pd.DataFrame({f"group{i}": pd.Categorical(groups) for i in range(_N_GROUP_COLUMNS)})
    frame["level"] = pd.Categorical([f"l{level:03d}" for level in levels])
    return mixed_case(frame, y, seed % 2**16, {str(subject.k_name): 5}, recipe=recipe)


@prop(
    "mixed",
    "with more than 256 levels some are taken for others, since their codes are bytes",
    families=MIXED,
    needs=("k",),
    design=_hundreds,
)
def hundreds_of_levels_are_told_apart(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    answer = called(subject, mixed)
    demand_known_levels(mixed, answer)
    new = new_rows(mixed, answer)
    names = np.array(list(dict.fromkeys(mixed.frame["level"].astype(object))))
    came = names[new.levels[:, -1]]
    islands = np.rint(new.numbers[:, 0] / 100.0) if new.numbers.size else _groups(mixed, new)
    wanted = np.array([f"l{10 + int(island):03d}" for island in islands])
    wrong = np.flatnonzero(came != wanted)
    if wrong.size:
        raise Violation(
            f"expected level {str(wanted[wrong[0]])!r}, which three of six rows have, got "
            f"{str(came[wrong[0]])!r} in {wrong.size} of {len(came)} new rows"
        )


def _groups(case: MixedCase, new: Rows) -> np.ndarray:
    """Return the group that the first category of each new row names."""
    known = np.array(list(dict.fromkeys(case.frame["group0"].astype(int))))
    groups: np.ndarray = known[new.levels[:, 0]]
    return groups
