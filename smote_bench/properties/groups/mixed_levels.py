"""Typed rows, the levels: those that most of a row's neighbours have, and who these are."""

from __future__ import annotations

from functools import partial

import hypothesis.strategies as st
import numpy as np
import pandas as pd

from smote_bench.properties.cases import Case
from smote_bench.properties.families import MIXED
from smote_bench.properties.kit import prop
from smote_bench.properties.mixed_demands import (
    as_mixed,
    called,
    demand_explained,
    demand_known_levels,
    demand_originals,
)
from smote_bench.properties.mixed_frames import MixedCase, is_number, mixed_case
from smote_bench.properties.mixed_strategies import category, island_cases, mixed_cases
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Refused, Violation

__all__ = [
    "a_constant_number_counts_in_the_price",
    "a_difference_costs_the_median_squared",
    "all_of_many_neighbors_vote",
    "booleans_are_categories",
    "classes_vote_for_themselves",
    "each_class_has_its_own_price",
    "levels_are_voted_by_near_rows",
    "levels_differ_as_all_classes_do",
    "levels_differ_as_their_classes_do",
    "neighbors_alone_vote",
    "numbers_lie_between_near_rows",
    "only_known_levels_come_back",
    "texts_are_categories",
    "the_median_of_two_deviations_is_between_them",
    "the_row_itself_votes",
]


@prop(
    "mixed",
    "new rows have a level that no row of their class has: another class's, one that is only declared, none",
    families=MIXED,
    cases=mixed_cases,
)
def only_known_levels_come_back(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_known_levels(mixed, called(subject, mixed))


@prop(
    "mixed",
    "the numbers of a new row are not between a row and one of its nearest, by any price of a difference",
    families=("smotenc",),
    cases=mixed_cases,
)
def numbers_lie_between_near_rows(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed), levels="any")


@prop(
    "mixed",
    "a level is not that of most of a row's nearest rows: drawn, copied, averaged, or voted for by others",
    families=MIXED,
    cases=island_cases,
)
def levels_are_voted_by_near_rows(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed))


@prop(
    "mixed",
    "of many neighbours only the first ones vote, so that a level that most of them have loses",
    families=MIXED,
    cases=partial(island_cases, k=(7, 9)),
    examples=15,
)
def all_of_many_neighbors_vote(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed))


@prop(
    "mixed",
    "a row has a vote beside its nearest rows, which section 6.1 of the paper does not give it",
    families=("smotenc",),
    cases=partial(island_cases, k=(2, 3)),
)
def neighbors_alone_vote(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed), votes=(False,))


@prop(
    "mixed",
    "a row has no vote beside its nearest rows, which section 6.2 of the paper gives it",
    families=("smoten",),
    cases=partial(island_cases, k=(2, 3)),
)
def the_row_itself_votes(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed), votes=(True,))


@prop(
    "mixed",
    "other rows are near than by the paper's price of a difference, the squared median of deviations",
    families=("smotenc",),
    cases=partial(
        mixed_cases, n_extra=(12, 20), n_numbers=(3, 3), n_categories=(1, 4), k=(1, 2), layouts=("cloud",)
    ),
    examples=40,
)
def a_difference_costs_the_median_squared(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed), strict=True, levels="any")


_of_two_numbers = partial(
    mixed_cases, n_extra=(12, 20), n_numbers=(2, 2), n_categories=(1, 4), k=(1, 2), layouts=("cloud",)
)


@st.composite
def _of_unequal_numbers(draw: st.DrawFn, /, subject: Subject) -> MixedCase:
    """Draw a case of two numbers, one of which varies eight times as much as the other."""
    case: MixedCase = draw(_of_two_numbers(subject))
    frame = case.frame.copy()
    wide = next(name for name in frame if is_number(frame[name]))
    frame[wide] = frame[wide] * 8.0
    return mixed_case(frame, case.y, case.seed, case.params)


@prop(
    "mixed",
    "of an even number of deviations another one is the median than the mean of the two in the middle",
    families=("smotenc",),
    cases=_of_unequal_numbers,
    examples=40,
)
def the_median_of_two_deviations_is_between_them(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed), strict=True, levels="any")


@st.composite
def _with_a_constant(draw: st.DrawFn, /, subject: Subject) -> MixedCase:
    """Draw a case of two numbers with one more, which is the same in all rows of a class, perhaps whole."""
    case: MixedCase = draw(_of_two_numbers(subject))
    frame = case.frame.assign(same=draw(st.sampled_from([1, 1, 1, 0.25])) * case.y)
    return mixed_case(frame, case.y, case.seed, case.params)


@prop(
    "mixed",
    "a number that does not vary in a class is left out of the median of deviations, where its 0 counts",
    families=("smotenc",),
    cases=_with_a_constant,
    examples=40,
)
def a_constant_number_counts_in_the_price(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed), strict=True, levels="any")


@prop(
    "mixed",
    "other rows are near than by the value difference metric, such as by the number of differing columns",
    families=("smoten",),
    cases=partial(mixed_cases, n_categories=(1, 3), k=(2, 4)),
    examples=40,
)
def levels_differ_as_their_classes_do(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed), strict=True)


@prop(
    "mixed",
    "with several classes the value difference metric leaves out some of them",
    families=("smoten",),
    needs=("multiclass",),
    cases=partial(mixed_cases, n_minorities=2, n_categories=(1, 3), k=(2, 4)),
    examples=40,
)
def levels_differ_as_all_classes_do(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed), strict=True)


@prop(
    "mixed",
    "of several classes one gets the levels or the numbers of another, or of all rows together",
    families=MIXED,
    needs=("multiclass",),
    cases=partial(island_cases, n_minorities=2, k=(2, 3)),
    examples=12,
)
def classes_vote_for_themselves(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed))


@st.composite
def _of_two_widths(draw: st.DrawFn, /, subject: Subject) -> MixedCase:
    """Draw a case of two minority classes, the numbers of one eight times as wide as those of the other."""
    case: MixedCase = draw(
        mixed_cases(subject, n_minorities=2, n_numbers=(2, 3), k=(1, 2), layouts=("cloud",))
    )
    frame = case.frame.copy()
    for name in frame:
        if is_number(frame[name]):
            frame[name] = np.where(case.y == 1, frame[name] * 8.0, frame[name])
    return mixed_case(frame, case.y, case.seed, case.params)


@prop(
    "mixed",
    "the deviations of one class, or of all rows, price the differences within another",
    families=("smotenc",),
    needs=("multiclass",),
    cases=_of_two_widths,
    examples=15,
)
def each_class_has_its_own_price(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    demand_explained(subject, mixed, called(subject, mixed), strict=True, levels="any")


@st.composite
def _marked(draw: st.DrawFn, /, subject: Subject, *, kinds: tuple[str, ...]) -> MixedCase:
    """Draw islands with columns of these kinds, and a category, without which some refuse a frame."""
    case: MixedCase = draw(island_cases(subject, k=(3, 5), kinds=kinds))
    frame = case.frame.assign(marked=category("nominal", np.zeros(len(case.y), dtype=int)))
    return mixed_case(frame, case.y, case.seed, case.params, layout=case.layout)


def _demand_categories(subject: Subject, case: Case, what: str) -> None:
    """Raise where columns that pandas does not mark are no categories: to refuse them breaks a convention."""
    mixed = as_mixed(case)
    try:
        answer = called(subject, mixed)
    except Refused as refusal:
        raise Violation(
            f"expected {what} to be taken for categories, it raised {refusal}", convention="smote-bench"
        ) from None
    demand_originals(mixed, answer)
    demand_explained(subject, mixed, answer)
    for name, dtype in mixed.frame.dtypes.items():
        if isinstance(answer[0], pd.DataFrame) and answer[0][name].dtype != dtype:
            raise Violation(f"expected column {name!r} of type {dtype}, got {answer[0][name].dtype}")


@prop(
    "mixed",
    "a column of booleans is taken for numbers, so that mixtures of False and True come about, or is refused",
    families=MIXED,
    cases=partial(_marked, kinds=("boolean",)),
    examples=8,
)
def booleans_are_categories(subject: Subject, case: Case) -> None:
    _demand_categories(subject, case, "booleans")


@prop(
    "mixed",
    "a column of texts gets other texts than most of a row's nearest rows have, or is refused",
    families=MIXED,
    cases=partial(_marked, kinds=("text", "object")),
    examples=8,
)
def texts_are_categories(subject: Subject, case: Case) -> None:
    _demand_categories(subject, case, "texts")
