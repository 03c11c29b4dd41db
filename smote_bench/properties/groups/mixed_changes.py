"""Typed rows, changes that are no matter: names of levels, places of columns, units of numbers."""

from __future__ import annotations

import hypothesis.strategies as st
import pandas as pd

from smote_bench.properties.cases import Case
from smote_bench.properties.families import MIXED
from smote_bench.properties.kit import prop
from smote_bench.properties.mixed_demands import as_mixed, called, demand_explained, demand_originals
from smote_bench.properties.mixed_frames import MixedCase, is_number, mixed_case
from smote_bench.properties.mixed_strategies import island_cases
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import shown

__all__ = [
    "names_of_levels_do_not_matter",
    "places_of_columns_do_not_matter",
    "units_of_numbers_do_not_matter",
]

# What is easily taken for a number, for nothing, or for one of the values of an encoding.
_NAMES = (
    ("nan", "", "None", "0"),
    ("10", "9", "1e3", "-1"),
    (3, 10, -2, 0),
    ("ä", "a b", "a_b", "a"),
)
_FAR = (1, 90_000, 700_000, 4_000_000)
"""Taken for numbers, levels further from each other than any two rows are."""


def _demand_right_answer(subject: Subject, case: Case) -> None:
    """Demand an answer, with the input in front and new rows that the paper explains."""
    mixed = as_mixed(case)
    answer = called(subject, mixed, must=True)
    demand_originals(mixed, answer)
    demand_explained(subject, mixed, answer)


@st.composite
def _renamed(draw: st.DrawFn, /, subject: Subject) -> MixedCase:
    """Draw islands whose levels have names that mislead, sorted or not."""
    case: MixedCase = draw(island_cases(subject, kinds=("nominal",), k=(2, 4)))
    frame = case.frame.copy()
    first, shift = draw(st.integers(0, 3)), draw(st.integers(0, 3))
    for place, column in enumerate(frame):
        if not is_number(frame[column]) and "red" in frame[column].cat.categories:
            names = _NAMES[(first + place) % len(_NAMES)]
            levels = ("red", "blue", "green", "grey")
            new = {level: names[(i + shift) % 4] for i, level in enumerate(levels)}
            values = [new[value] for value in frame[column]]
            frame[column] = pd.Categorical(values, categories=[names[i] for i in (2, 0, 3, 1)])
    return mixed_case(frame, case.y, case.seed, case.params, layout=case.layout)


@prop(
    "mixed",
    "names of levels that look like numbers, or like nothing, or sort otherwise, give other levels",
    families=MIXED,
    cases=_renamed,
    examples=20,
)
def names_of_levels_do_not_matter(subject: Subject, case: Case) -> None:
    _demand_right_answer(subject, case)
    mixed = as_mixed(case)
    frame = mixed.frame.copy()
    for name, column in frame.items():
        if isinstance(column.dtype, pd.CategoricalDtype) and len(column.cat.categories) == len(_FAR):
            frame[name] = column.cat.rename_categories(_FAR)
    far = mixed_case(frame, case.y, case.seed, case.params, layout=case.layout)
    with shown(case=far):
        _demand_right_answer(subject, far)


@st.composite
def _with_categories_first(draw: st.DrawFn, /, subject: Subject) -> MixedCase:
    """Draw islands with their categories in front, or behind."""
    case: MixedCase = draw(island_cases(subject, k=(2, 4)))
    numbers = [name for name in case.frame if is_number(case.frame[name])]
    others = [name for name in case.frame if name not in numbers]
    order = [others + numbers, numbers + others, others[::-1] + numbers[::-1]][draw(st.integers(0, 2))]
    return mixed_case(case.frame[order], case.y, case.seed, case.params, layout=case.layout)


@prop(
    "mixed",
    "where the categories stand among the columns decides which are taken for categories, or what comes back",
    families=MIXED,
    cases=_with_categories_first,
    examples=10,
)
def places_of_columns_do_not_matter(subject: Subject, case: Case) -> None:
    _demand_right_answer(subject, case)


@st.composite
def _in_other_units(draw: st.DrawFn, /, subject: Subject) -> MixedCase:
    """Draw islands whose numbers are all in a very small or a very large unit."""
    case: MixedCase = draw(island_cases(subject, k=(2, 4)))
    # Small enough for what takes 1e-8 for nothing, and no digit is lost.
    unit = 2.0 ** draw(st.sampled_from([-40, -20, 20, 40]))
    frame = case.frame.copy()
    for name in frame:
        if is_number(frame[name]):
            frame[name] = frame[name] * unit
    return mixed_case(frame, case.y, case.seed, case.params, layout=case.layout)


@prop(
    "mixed",
    "another unit for all numbers, very small or very large, gives other levels or other neighbours",
    families=("smotenc",),
    cases=_in_other_units,
    examples=12,
)
def units_of_numbers_do_not_matter(subject: Subject, case: Case) -> None:
    _demand_right_answer(subject, case)
