"""Contract on odd labels: long words, large numbers and fractions come back as they are, or are refused."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from smote_bench.properties.answers import check_labels, check_originals
from smote_bench.properties.cases import Case
from smote_bench.properties.families import NUMERIC, REMOVERS
from smote_bench.properties.kit import prop
from smote_bench.properties.rules import demand_allowed_rows
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation, shown

__all__ = ["codes_of", "demand_labels_of_rows", "odd_labels_are_kept_or_refused"]


class _Kind(NamedTuple):
    """Labels of classes 0 and 1, how they are given, and the type of the rows beside them."""

    names: np.ndarray
    as_list: bool = False
    dtype: type = np.float64

    def code(self) -> str:
        # The names of types of words, such as str480, are none that numpy takes.
        dtype = self.names.dtype.str if self.names.dtype.kind == "U" else self.names.dtype.name
        names = f"np.array({self.names.tolist()}, dtype={dtype!r})"
        given = f"y = {names}[y]{'.tolist()' if self.as_list else ''}"
        return given if self.dtype is np.float64 else f"{given}\nX = X.astype(np.{self.dtype.__name__})"


_KINDS = (
    _Kind(np.array(["a", "a longer word"], dtype=object)),
    _Kind(np.array(["a", "a longer word"]), as_list=True),
    # In an array of more room than they need, alike up to their last letters.
    _Kind(np.array([f"{'of a long name ' * 5}{end}" for end in ("no", "yes")], dtype="<U90")),
    # Beyond the whole numbers that float32, or float64, can tell apart.
    _Kind(np.array([2**24 + 2, 2**24 + 1]), dtype=np.float32),
    _Kind(np.array([2**60, 2**60 + 1])),
    _Kind(np.array([0.25, 0.75])),
)


@prop(
    "contract",
    "labels that are long words, large numbers or fractions are cut, rounded or taken for each other",
    families=NUMERIC,
    cases=partial(cases, n_extra=(12, 16), layouts=("cloud",)),
    examples=3,
)
def odd_labels_are_kept_or_refused(subject: Subject, case: Case) -> None:
    # What comes first may decide how wide an array of words is.
    first = int(np.argmax(case.y == 0))
    ordered = dataclasses.replace(case, X=np.roll(case.X, -first, axis=0), y=np.roll(case.y, -first))
    for kind in _KINDS:
        with shown(case=ordered, setup=kind.code()):
            _check_kind(subject, ordered, kind)


def _check_kind(subject: Subject, case: Case, kind: _Kind) -> None:
    X: np.ndarray = case.X.astype(kind.dtype)
    given = kind.names[case.y]
    try:
        answer = subject.call(subject.build(case), X.copy(), given.tolist() if kind.as_list else given.copy())
    except Exception:  # whether words have to be taken is a convention
        return
    as_given = dataclasses.replace(case, X=X.astype(np.float64))
    if subject.family in REMOVERS:
        demand_labels_of_rows(subject, as_given, answer[0], answer[1], kind.names)
        return
    codes = codes_of(answer[1], kind.names)
    X_new, codes = rows_and_labels(answer[0], codes, as_given)
    check_originals(as_given, X_new, codes)
    # Distances in single precision may find others near than in double.
    if subject.family != "generic" and kind.dtype is np.float64:
        made = (X_new, codes)
        demand_allowed_rows(subject, case.X, case.y, made, k=subject.k(case), m=subject.m(case))


def demand_labels_of_rows(subject: Subject, case: Case, X: Any, labels: Any, names: np.ndarray) -> None:
    """Raise where a label names no class, or another one than the row's, which keeps it if it is a number."""
    try:
        came = rows_and_labels(X, codes_of(labels, names), case)
    except Violation as violation:
        raise Violation(violation.message, convention="") from None
    try:
        check_labels(subject, case, *came)
    except Violation as violation:
        try:
            check_labels(subject, case, *subject.arrays(case))
        except Violation:
            return  # `rows_that_stay_are_of_the_input`, `rows_of_the_input_keep_values_and_labels`
        raise Violation(violation.message, convention="", point=violation.point) from None


def codes_of(labels: Any, names: np.ndarray) -> np.ndarray:
    """Return which class each label names.

    Raises
    ------
    Violation
        If one names none, or is none.
    """
    known = {name: code for code, name in enumerate(names.tolist())}
    if np.ndim(labels) != 1:
        raise Violation(f"expected a label for each row, got {str(labels)[:100]}")
    came = np.asarray(labels).tolist()
    strange = next((label for label in came if label not in known), None)
    if strange is not None:
        raise Violation(f"expected labels out of {names.tolist()}, got {strange!r}")
    return np.array([known[label] for label in came], dtype=np.int64)
