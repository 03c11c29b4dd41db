"""Contract on errors: what cannot be resampled is refused in words, and nothing is made of it in silence."""

from __future__ import annotations

import contextlib
import dataclasses
from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pandas as pd

from smote_bench.properties.answers import (
    check_box,
    check_counts,
    check_originals,
    check_said,
    counts,
)
from smote_bench.properties.cases import Case
from smote_bench.properties.families import NUMERIC, OVERSAMPLERS, REMOVERS
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases, seeds
from smote_bench.properties.subject import Subject, one_line, rows_and_labels
from smote_bench.properties.violations import Violation, shown

__all__ = [
    "an_error_leaves_no_trace",
    "rejects_impossible_targets",
    "rejects_missing_and_infinite_values",
    "rejects_one_class",
    "rejects_text",
    "rejects_wrong_shapes",
    "too_few_rows_are_said_so",
]

# More new rows than rows to start from: then no way of rounding ADASYN's shares leaves nothing to do.
_plain = partial(cases, n_extra=(12, 16), layouts=("cloud",))


def _refused(subject: Subject, case: Case, X: Any, y: Any, what: str, setup: str) -> tuple[Any, Any] | None:
    """Return None if the call is refused properly, or else what came back.

    Estimators are held to scikit-learn's convention, a ValueError or TypeError in words; others have to
    refuse in some way.
    """
    try:
        return subject.call(subject.build(case), X, y)
    except Violation as violation:
        raise Violation(violation.message, setup=setup) from None
    except Exception as error:
        if subject.style != "estimator":
            return None
        if not isinstance(error, ValueError | TypeError):
            raise Violation(
                f"expected a ValueError or TypeError for {what}, it raised {one_line(error)}",
                setup=setup,
                convention="scikit-learn",
            ) from error
        if not str(error).strip():
            raise Violation(
                f"expected an error that says what is wrong with {what}, it is empty",
                setup=setup,
                convention="scikit-learn",
            ) from error
        return None


_TAKEN = 'raise AssertionError(f"expected an error, {len(np.asarray(y_resampled))} labels came back")'


def _came(answer: tuple[Any, Any]) -> str:
    return f"it was taken, {len(np.asarray(answer[1]))} labels came back"


def _allows_nan(subject: Subject) -> bool:
    tags = None
    with contextlib.suppress(Exception):  # unreadable tags claim nothing; `describes_itself` reports them
        tags = subject.fresh().__sklearn_tags__()
    return bool(getattr(getattr(tags, "input_tags", None), "allow_nan", False))


@prop(
    "contract",
    "missing or infinite values are taken: rows are dropped, or nonsense is made of them, in silence",
    families=OVERSAMPLERS,
    needs=("fit_resample",),
    cases=_plain,
    examples=4,
)
def rejects_missing_and_infinite_values(subject: Subject, case: Case) -> None:
    for value, code in ((np.nan, "np.nan"), (np.inf, "np.inf"), (-np.inf, "-np.inf")):
        # A plain object is only asked about rows that it has to look at.
        for label in (0, 1) if subject.style == "estimator" else (1,):
            row = int(np.flatnonzero(case.y == label)[0])
            X = case.X.copy()
            X[row, 0] = value
            setup = f"X[{row}, 0] = {code}"
            answer = _refused(subject, case, X.copy(), case.y.copy(), f"{code} in X", setup)
            if answer is None and subject.style == "estimator":
                setup += "\nimport pandas as pd\nX = pd.DataFrame(X).add_prefix('x')"
                frame = pd.DataFrame(X).add_prefix("x")
                answer = _refused(subject, case, frame, case.y.copy(), f"{code} in X", setup)
            if answer is None:
                continue
            if subject.family == "generic" or (_allows_nan(subject) and np.isnan(value)):
                # Samplers that only copy rows, such as random oversampling, may take them, but not drop them.
                given = dataclasses.replace(case, X=X)
                check_originals(given, *rows_and_labels(*answer, given), setup=setup)
            else:
                raise Violation(
                    f"expected a ValueError for {code} in X, {_came(answer)}", setup=setup, proof=_TAKEN
                )


@prop(
    "contract",
    "data of one class are taken as if there were something to balance",
    families=NUMERIC,
    needs=("fit_resample",),
    cases=_plain,
    examples=3,
)
def rejects_one_class(subject: Subject, case: Case) -> None:
    setup = "y = np.zeros_like(y)"
    y = np.zeros_like(case.y)
    answer = _refused(subject, case, case.X.copy(), y, "y of one class", setup)
    if answer is None:
        return
    unchanged = np.shape(answer[0]) == case.X.shape and np.array_equal(answer[1], y)
    # Nothing to balance, nothing done: a plain object may see it that way, scikit-learn does not.
    if subject.style == "estimator" or not unchanged:
        raise Violation(
            f"expected a ValueError for y of one class, {_came(answer)}", setup=setup, proof=_TAKEN
        )


@prop(
    "contract",
    "an empty table, a vector in place of a table, or labels of another length than the rows are taken",
    families=NUMERIC,
    needs=("fit_resample",),
    cases=_plain,
    examples=3,
)
def rejects_wrong_shapes(subject: Subject, case: Case) -> None:
    wrong = {
        "X, y = X[:0], y[:0]": ("no rows", case.X[:0], case.y[:0]),
        "X = X[:, :0]": ("no columns", case.X[:, :0], case.y),
        "X = X[:, 0]": ("X of one dimension", case.X[:, 0], case.y),
        "y = y[:-1]": ("fewer labels than rows", case.X, case.y[:-1]),
        "y = np.concatenate([y, y[-1:]])": (
            "more labels than rows",
            case.X,
            np.concatenate([case.y, case.y[-1:]]),
        ),
    }
    if subject.family in ("generic", *REMOVERS):
        # Samplers that pick rows by position, as imbalanced-learn's RandomOverSampler, see no lengths.
        wrong = {setup: given for setup, given in wrong.items() if len(given[1]) == len(given[2])}
    for setup, (what, X, y) in wrong.items():
        answer = _refused(subject, case, X.copy(), y.copy(), what, setup)
        if answer is None:
            continue
        nothing = len(np.asarray(answer[1])) == 0
        if subject.style == "estimator" or not (nothing and not len(y)):
            raise Violation(f"expected a ValueError for {what}, {_came(answer)}", setup=setup, proof=_TAKEN)


@prop(
    "contract",
    "columns that are no numbers are taken, or fail without a word on why",
    families=OVERSAMPLERS,
    needs=("estimator",),
    cases=_plain,
    examples=3,
    convention="scikit-learn",
)
def rejects_text(subject: Subject, case: Case) -> None:
    row = int(np.flatnonzero(case.y == 1)[0])
    setup = f"X = X.astype(object)\nX[{row}, 0] = 'red'"
    X = case.X.astype(object)
    X[row, 0] = "red"
    answer = _refused(subject, case, X.copy(), case.y.copy(), "a column with text", setup)
    if answer is None:
        return
    kept = np.asarray(answer[0], dtype=object)[: len(X)]
    # Random oversampling copies whole rows and may take text.
    if subject.family != "generic" or kept.shape != X.shape or not (kept == X).all():
        raise Violation(
            f"expected a ValueError for a column with text, {_came(answer)}", setup=setup, proof=_TAKEN
        )


class _Strange:
    """A `sampling_strategy` that is called and asks for what cannot be; reads as the code that makes it."""

    def __call__(self, y: Any) -> dict[int, int]:
        return {99: 5}

    def __repr__(self) -> str:
        return "lambda y: {99: 5}"


@prop(
    "contract",
    "a sampling_strategy that cannot be met is taken, so that a misspelling or a wrong number goes unnoticed",
    families=OVERSAMPLERS,
    needs=("sampling_strategy",),
    cases=_plain,
    examples=5,
)
def rejects_impossible_targets(subject: Subject, case: Case) -> None:
    before = counts(case.y)
    impossible = {
        "an unknown class": {99: before[0]},
        "an unknown class beside a known one": {1: before[0], 99: before[0]},
        "an unknown class by a callable": _Strange(),
        "fewer rows than there are": {1: before[1] - 1},
        "a negative number of rows": {1: -before[0]},
        "a ratio below the present one": before[1] / before[0] / 2,
        "an unknown word": "balance",
    }
    for name, strategy in impossible.items():
        asked = dataclasses.replace(case, params={**case.params, "sampling_strategy": strategy})
        what = f"{name} in sampling_strategy"
        with shown(case=asked):
            answer = _refused(subject, asked, case.X.copy(), case.y.copy(), what, "")
        if answer is not None:
            raise Violation(f"expected a ValueError for {what}, {_came(answer)}", case=asked, proof=_TAKEN)


@st.composite
def _too_few(draw: st.DrawFn, /, subject: Subject) -> Case:
    """Draw a case with no more rows of the minority than neighbours are asked for."""
    settings: dict[str, Any] = {}
    if subject.k_name is not None and subject.accepts(subject.k_name):
        settings[subject.k_name] = draw(st.integers(2, 5))
    k = subject.k(Case(np.empty((0, 0)), np.empty(0), params=settings))
    n_minority = draw(st.integers(1, max(1, k)))
    y = np.repeat([0, 1], [n_minority + draw(st.integers(6, 10)), n_minority])
    rng = np.random.default_rng(draw(seeds()))
    X = rng.normal(size=(len(y), draw(st.integers(1, 3)))).round(3)
    order = rng.permutation(len(y))
    return Case(X[order], y[order], draw(seeds()), settings)


@prop(
    "contract",
    "with fewer rows of a class than neighbours there is an IndexError, rows are made of nothing, or the "
    "input comes back without a word",
    families=OVERSAMPLERS,
    needs=("fit_resample",),
    cases=_too_few,
    examples=12,
)
def too_few_rows_are_said_so(subject: Subject, case: Case) -> None:
    n = int((case.y == 1).sum())
    what = f"{n} rows of class 1 with {subject.k(case)} neighbours"
    try:
        answer = subject.call(subject.build(case), case.X.copy(), case.y.copy())
    except Violation:
        raise
    except Exception as error:
        _check_refusal(subject, error, what)
        return
    X, y = rows_and_labels(*answer, case)
    check_said(subject, case, y, what)
    if subject.family == "generic":
        return  # what its rows are made of, and whether it has neighbours at all, it does not say
    check_originals(case, X, y)
    check_box(subject, case, X, y)
    if len(y) > len(case.y) and subject.family == "smote" and not subject.lacks("default counts"):
        check_counts(subject, case, y, {1: counts(case.y)[0]})


def _check_refusal(subject: Subject, error: Exception, what: str) -> None:
    if not isinstance(error, ValueError | TypeError | RuntimeError):
        if subject.family == "generic":
            return
        raise Violation(
            f"expected a ValueError for {what}, or an answer with fewer neighbours, it raised "
            f"{one_line(error)}"
        ) from error
    if not str(error).strip():
        raise Violation(f"expected an error that says what is wrong with {what}, it is empty") from error


@prop(
    "contract",
    "after a call that failed the same sampler cannot be used any more",
    families=NUMERIC,
    needs=("fit_resample",),
    cases=_plain,
    examples=3,
)
def an_error_leaves_no_trace(subject: Subject, case: Case) -> None:
    sampler = subject.build(case)
    setup = (
        f"sampler = {subject.new_code(case)}\ntry:\n    sampler.fit_resample(X * np.nan, y)\n"
        "except ValueError:\n    pass\nsampler.fit_resample(X, y)"
    )
    with contextlib.suppress(Exception):  # whether and how it refuses is for other properties
        subject.call(sampler, case.X * np.nan, case.y.copy())
    X, y = rows_and_labels(*subject.answer_of(sampler, case, setup=setup), case)
    X_new, y_new = rows_and_labels(*subject.answer(case), case)
    if X.shape != X_new.shape or (not subject.lacks("seed") and not np.array_equal(X, X_new)):
        raise Violation(
            f"expected a new sampler's {len(y_new)} rows after a failed call, got {len(y)} rows that differ",
            setup=setup,
        )
