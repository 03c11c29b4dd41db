"""Typed rows, the contract: what every caller relies on who hands in a frame with categories."""

from __future__ import annotations

from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pandas as pd
from sklearn.base import clone

from smote_bench.properties.cases import Case
from smote_bench.properties.families import MIXED
from smote_bench.properties.groups.contract_randomness import global_state
from smote_bench.properties.kit import prop
from smote_bench.properties.mixed_demands import as_mixed, called, demand_explained, demand_originals
from smote_bench.properties.mixed_designs import Groups, groups_case
from smote_bench.properties.mixed_frames import MixedCase, mixed_case, read_rows
from smote_bench.properties.mixed_strategies import island_cases, mixed_cases
from smote_bench.properties.other_process import WORDS, demand_the_same_elsewhere, digest
from smote_bench.properties.row_order import demand_in_any_order
from smote_bench.properties.subject import Subject, one_line
from smote_bench.properties.violations import Violation

__all__ = [
    "mixed_columns_keep_their_types",
    "mixed_counts_are_exact",
    "mixed_different_seeds_differ",
    "mixed_frames_are_answered",
    "mixed_input_comes_first",
    "mixed_inputs_are_left_alone",
    "mixed_nonsense_is_refused",
    "mixed_parameters_are_kept",
    "mixed_rows_and_labels_go_by_position",
    "mixed_rows_are_the_same_in_another_process",
    "mixed_same_seed_gives_same_rows",
    "mixed_too_few_rows_are_said_so",
]

_many_new = partial(mixed_cases, n_extra=(15, 20), layouts=("cloud",))


@prop(
    "mixed",
    "an ordinary frame with categories is refused, or no pair of rows and labels comes back",
    families=MIXED,
    cases=mixed_cases,
    examples=12,
)
def mixed_frames_are_answered(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    answer = called(subject, mixed, must=True)
    labels = read_rows(mixed, *answer).labels
    if not set(labels.tolist()) <= set(case.y.tolist()):
        raise Violation(f"expected labels out of y, got {sorted(set(labels.tolist()))}")


# So many rows that some votes are tied.
_N_TIED = (60, 30)


def _with_ties(subject: Subject, seed: int, smoke: bool) -> Case:
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], _N_TIED)
    columns: dict[str, Any] = {
        name: pd.Categorical(rng.choice(WORDS, size=len(y)), categories=WORDS) for name in ("b", "a")
    }
    if subject.family != "smoten":
        columns["size"] = rng.normal(size=len(y)).round(3)
    settings = {} if subject.lacks("k") else {str(subject.k_name): 4}
    return mixed_case(pd.DataFrame(columns), y, seed % 2**16, settings)


@prop(
    "mixed",
    "another process, at another time and in another directory, gives other rows for the same seed",
    families=MIXED,
    needs=("seed", "importable"),
    design=_with_ties,
    full_only=True,
)
def mixed_rows_are_the_same_in_another_process(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    X, y = called(subject, mixed, in_order=False)
    if isinstance(X, pd.DataFrame):
        demand_the_same_elsewhere(subject, [mixed], [digest(X, y)])


@prop(
    "mixed",
    "two calls with one seed give other rows, of one sampler or of two, or the global state plays a part",
    families=MIXED,
    needs=("seed",),
    cases=_many_new,
    examples=5,
)
def mixed_same_seed_gives_same_rows(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    sampler = subject.build(case)
    answers = []
    for state, used in ((1, sampler), (2, sampler), (3, subject.build(case))):
        with global_state(state):
            before = np.random.get_state()[1].tolist()  # type: ignore[index]
            answers.append(subject.answer_of(used, case, mixed.frame.copy(), case.y.copy()))
            if np.random.get_state()[1].tolist() != before:  # type: ignore[index]
                raise Violation("expected NumPy's global random state to be left alone, a call draws from it")
    for other, what in ((1, "another call of the same sampler"), (2, "a new sampler with the same seed")):
        if not _same(answers[0], answers[other]):
            raise Violation(f"expected {what} to give the same rows, they differ")


def _same(first: tuple[Any, Any], second: tuple[Any, Any]) -> bool:
    return np.array_equal(np.asarray(first[1]), np.asarray(second[1])) and np.array_equal(
        np.asarray(first[0], dtype=object), np.asarray(second[0], dtype=object)
    )


@st.composite
def _with_much_to_choose(draw: st.DrawFn, /, subject: Subject) -> MixedCase:
    """Draw a case of which no two seeds make the same: votes may leave nothing to chance but the group."""
    if subject.family != "smoten":
        of_numbers: MixedCase = draw(_many_new(subject))
        return of_numbers
    case = groups_case(subject, 0, True)
    k = subject.k(case)
    groups = Groups(k, 4, n_new=16 * (k + 1) + 40, ties=False)
    return mixed_case(*groups.data(), draw(st.integers(0, 2**16)), case.params)


@prop(
    "mixed",
    "every seed gives the same rows, so that repeats of an experiment are none",
    families=MIXED,
    needs=("seed",),
    cases=_with_much_to_choose,
    examples=3,
)
def mixed_different_seeds_differ(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    answers = [
        subject.answer_of(subject.fresh(seed, **case.params), case, mixed.frame.copy(), case.y.copy())
        for seed in range(case.seed, case.seed + 6)
    ]
    if all(_same(answers[0], other) for other in answers[1:]):
        raise Violation(
            f"expected other rows with the seeds {case.seed} to {case.seed + 5}, they are the same"
        )


@prop(
    "mixed",
    "rows of the input are changed, lost or moved, so that a result cannot be traced back to its data",
    families=MIXED,
    cases=mixed_cases,
    examples=15,
)
def mixed_input_comes_first(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    answer = called(subject, mixed, in_order=False)
    demand_in_any_order(lambda came: demand_originals(mixed, came), mixed.frame, mixed.y, answer)


@prop(
    "mixed",
    "classes do not come back balanced, or sampling_strategy is not kept to: there are more or fewer rows",
    families=MIXED,
    needs=("default counts",),
    cases=mixed_cases,
    examples=8,
)
def mixed_counts_are_exact(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    before = np.bincount(case.y)
    _demand_counts(called(subject, mixed)[1], [int(before[0])] * 2, "")
    if not subject.accepts("sampling_strategy"):
        return
    wanted = int(before[1] + (before[0] - before[1] + 1) // 2)
    for strategy in ({1: wanted}, "all"):
        target = wanted if isinstance(strategy, dict) else int(before[0])
        sampler = subject.fresh(case.seed, **{**case.params, "sampling_strategy": strategy})
        _, y = subject.answer_of(sampler, case, mixed.frame.copy(), case.y.copy())
        _demand_counts(y, [int(before[0]), target], f" with sampling_strategy={strategy!r}")


def _demand_counts(y: Any, wanted: list[int], when: str) -> None:
    labels, numbers = np.unique(np.asarray(y), return_counts=True)
    came = dict(zip(labels.tolist(), numbers.tolist(), strict=True))
    expected = dict(enumerate(wanted))
    if came != expected:
        raise Violation(f"expected {expected} rows of the classes{when}, got {came}")


@prop(
    "mixed",
    "columns change places, names or types, or a category loses levels or their order",
    families=MIXED,
    cases=mixed_cases,
    examples=12,
)
def mixed_columns_keep_their_types(subject: Subject, case: Case) -> None:
    frame = as_mixed(case).frame
    X, _ = called(subject, as_mixed(case))
    if not isinstance(X, pd.DataFrame):
        raise Violation(
            f"expected a frame for a frame, got {type(X).__name__}", convention="imbalanced-learn"
        )
    if list(X.columns) != list(frame.columns):
        raise Violation(f"expected the columns {list(frame.columns)}, got {list(X.columns)}")
    for name, dtype in frame.dtypes.items():
        if X[name].dtype != dtype or not _same_categories(X[name].dtype, dtype):
            raise Violation(f"expected column {name!r} of type {_shown(dtype)}, got {_shown(X[name].dtype)}")


def _same_categories(came: Any, expected: Any) -> bool:
    if not isinstance(expected, pd.CategoricalDtype):
        return True
    # pandas takes types for equal whose unordered levels stand in another order.
    same: bool = list(came.categories) == list(expected.categories) and came.ordered == expected.ordered
    return same


def _shown(dtype: Any) -> str:
    if isinstance(dtype, pd.CategoricalDtype):
        return f"category {list(dtype.categories)}, {'ordered' if dtype.ordered else 'not ordered'}"
    return str(dtype)


@prop(
    "mixed",
    "the caller's frame or labels are changed in place",
    families=MIXED,
    cases=mixed_cases,
    examples=6,
)
def mixed_inputs_are_left_alone(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    X, y = mixed.frame.copy(), pd.Series(case.y.copy())
    subject.answer_of(subject.build(case), case, X, y)
    if (
        not X.equals(mixed.frame)
        or list(X.dtypes) != list(mixed.frame.dtypes)
        or list(X) != list(mixed.frame)
    ):
        raise Violation("expected the frame of the caller to be as it was, it is changed")
    if not np.array_equal(y.to_numpy(), case.y):
        raise Violation("expected the labels of the caller to be as they were, they are changed")


_ODD_INDEX = "y = pd.Series(y, index=np.arange(len(y)))\nX.index = np.roll(np.arange(len(y)), 1)"


@prop(
    "mixed",
    "rows are matched to labels by the index of the frame, not by position",
    families=MIXED,
    cases=partial(island_cases, k=(2, 4)),
    examples=5,
)
def mixed_rows_and_labels_go_by_position(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    X, y = mixed.frame.copy(), pd.Series(case.y.copy())
    X.index = np.roll(np.arange(len(y)), 1)
    answer = subject.answer_of(subject.build(case), case, X, y, setup=_ODD_INDEX)
    demand_originals(mixed, answer)
    demand_explained(subject, mixed, answer, setup=_ODD_INDEX)


@prop(
    "mixed",
    "a call changes a parameter, or a clone does not give the rows of the sampler it is a clone of",
    families=MIXED,
    needs=("estimator",),
    cases=_many_new,
    examples=4,
    convention="scikit-learn",
)
def mixed_parameters_are_kept(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    sampler = subject.build(case)
    before = {name: repr(value) for name, value in sampler.get_params(deep=False).items()}
    first = subject.answer_of(sampler, case, mixed.frame.copy(), case.y.copy())
    after = {name: repr(value) for name, value in sampler.get_params(deep=False).items()}
    changed = next((name for name in before if after.get(name) != before[name]), None)
    if changed is not None:
        raise Violation(
            f"expected a call to leave {changed!r} at {before[changed]}, it is {after.get(changed)}"
        )
    second = subject.answer_of(clone(sampler), case, mixed.frame.copy(), case.y.copy())
    if not subject.lacks("seed") and not _same(first, second):
        raise Violation("expected a clone to give the rows of the sampler that it is a clone of, they differ")


@prop(
    "mixed",
    "data of one class, numbers that are missing or infinite, or labels of another length are taken",
    families=MIXED,
    cases=mixed_cases,
    examples=4,
)
def mixed_nonsense_is_refused(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    same = np.zeros_like(case.y)
    _demand_error(subject, mixed, mixed.frame, same, "data of one class", "y = np.zeros_like(y)")
    _demand_error(subject, mixed, mixed.frame, case.y[:-1], "labels of another length", "y = y[:-1]")
    numbers = [name for name in mixed.frame if pd.api.types.is_float_dtype(mixed.frame[name].dtype)]
    for value in (np.nan, np.inf) if numbers else ():
        X = mixed.frame.copy()
        row = int(np.flatnonzero(case.y == 1)[0])
        X.loc[row, numbers[0]] = value
        setup = f"X.loc[{row}, {numbers[0]!r}] = float('{value}')"
        _demand_error(subject, mixed, X, case.y, f"the number {value}", setup)


def _demand_error(
    subject: Subject, case: MixedCase, X: pd.DataFrame, y: np.ndarray, what: str, setup: str
) -> None:
    try:
        subject.call(subject.build(case), X.copy(), y.copy())
    except Violation:
        raise
    except Exception as error:
        if not str(error).strip():
            raise Violation(f"expected an error that says what is wrong with {what}, it is empty") from error
        return
    raise Violation(f"expected an error for {what}, there was none", setup=setup)


@prop(
    "mixed",
    "with fewer rows of a class than neighbours an IndexError is raised, or the input comes back in silence",
    families=MIXED,
    needs=("k", "default counts"),
    cases=partial(mixed_cases, k=(2, 3)),
    examples=5,
)
def mixed_too_few_rows_are_said_so(subject: Subject, case: Case) -> None:
    mixed = as_mixed(case)
    n_own = int((case.y == 1).sum())
    sampler = subject.fresh(case.seed, **{**case.params, str(subject.k_name): n_own + 2})
    setup = f"sampler = {subject.named()[1]}({subject.k_name}={n_own + 2})"
    try:
        (_, y), said = subject.heard(sampler, mixed.frame.copy(), case.y.copy())
    except Violation:
        raise
    except Exception as error:
        if isinstance(error, ValueError | RuntimeError) and str(error).strip():
            return
        raise Violation(
            f"expected {n_own + 2} neighbours of {n_own} rows to be refused in words, it raised "
            f"{one_line(error)}",
            setup=setup,
        ) from error
    if len(y) <= len(case.y) and not said:
        raise Violation(
            f"expected an error or a warning for {n_own + 2} neighbours of {n_own} rows, the input came back "
            "without a word",
            setup=setup,
        )
