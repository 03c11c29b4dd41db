"""Contract on containers: what goes in comes out in kind."""

from __future__ import annotations

from functools import partial
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pandas as pd
from scipy import sparse

from smote_bench.properties.answers import check_originals
from smote_bench.properties.cases import Case
from smote_bench.properties.families import NUMERIC, OVERSAMPLERS, REMOVERS
from smote_bench.properties.groups.contract_labels import demand_labels_of_rows
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases, imbalanced_datasets
from smote_bench.properties.subject import Subject, one_line, rows_and_labels
from smote_bench.properties.violations import Violation, shown

__all__ = [
    "dtype_is_kept",
    "frames_come_back_as_frames",
    "integers_stay_integers",
    "labels_keep_their_type",
    "lists_are_accepted",
    "series_come_back_as_series",
    "sparse_comes_back_sparse",
]

# More new rows than rows to start from: then no way of rounding ADASYN's shares leaves nothing to do.
_plain = partial(cases, n_extra=(12, 16), layouts=("cloud",))


@st.composite
def _integer_datasets(draw: st.DrawFn, /, **kwargs: Any) -> tuple[np.ndarray, np.ndarray]:
    """Draw a cloud of whole numbers, which fit integers and float32 alike."""
    X, y = draw(imbalanced_datasets(**kwargs))
    return np.round(X * 16), y


_whole = partial(_plain, dataset=_integer_datasets)

# Out of alphabetical order, so that sorted columns show; values that fit each dtype exactly.
_FRAME = """import pandas as pd
X = pd.DataFrame(X, columns=["z", "b", "a", "c"][:X.shape[1]], index=np.arange(len(y))[::-1] + 7)
X = X.astype({"z": "int64", "b": "float32"})"""


def _frame(X: np.ndarray) -> pd.DataFrame:
    made = pd.DataFrame(X, columns=["z", "b", "a", "c"][: X.shape[1]], index=np.arange(len(X))[::-1] + 7)
    return made.astype({"z": "int64", "b": "float32"})


@prop(
    "contract",
    "a DataFrame comes back as something else, or with other columns, dtypes or a meaningless index",
    families=OVERSAMPLERS,
    needs=("estimator",),
    cases=partial(_whole, n_features=(3, 4)),
    examples=6,
    convention="imbalanced-learn",
)
def frames_come_back_as_frames(subject: Subject, case: Case) -> None:
    frame = _frame(case.X)
    sampler = subject.build(case)
    X, y = subject.answer_of(sampler, case, X=frame.copy(), setup=_FRAME)
    if not isinstance(X, pd.DataFrame):
        raise Violation(f"expected a DataFrame, got {type(X).__name__}", setup=_FRAME)
    if list(X.columns) != list(frame.columns):
        raise Violation(f"expected the columns {list(frame.columns)}, got {list(X.columns)}", setup=_FRAME)
    for column, dtype in zip(frame.columns, frame.dtypes, strict=True):
        # Whole numbers between whole numbers are none: to promote them is no loss, `integers_stay_integers`.
        promoted = dtype.kind in "iu" and X.dtypes[column].kind == "f"
        if X.dtypes[column] != dtype and not promoted:
            raise Violation(f"expected column {column!r} as {dtype}, got {X.dtypes[column]}", setup=_FRAME)
    if not X.index.equals(pd.RangeIndex(len(np.asarray(y)))):
        raise Violation(f"expected the index 0, 1, 2, ..., got {list(X.index[:3])}, ...", setup=_FRAME)
    names = list(getattr(sampler, "feature_names_in_", frame.columns))
    if names != list(frame.columns):
        raise Violation(f"expected feature_names_in_ to be {list(frame.columns)}, got {names}", setup=_FRAME)
    n = len(frame)
    changed = np.flatnonzero((X.iloc[:n].to_numpy() != frame.to_numpy()).any(axis=1))
    if changed.size:
        row = changed[0]
        raise Violation(
            f"expected row {row} to be {frame.iloc[row].tolist()}, got {X.iloc[row].tolist()}", setup=_FRAME
        )


_SERIES = 'import pandas as pd\ny = pd.Series(y.astype(np.int32), name="target", index=np.arange(len(y)) + 3)'


@prop(
    "contract",
    "a Series of labels comes back as something else, without its name, or matched to rows by its index",
    families=OVERSAMPLERS,
    needs=("estimator",),
    cases=_plain,
    examples=5,
    convention="imbalanced-learn",
)
def series_come_back_as_series(subject: Subject, case: Case) -> None:
    frame = pd.DataFrame(case.X, columns=[f"x{i}" for i in range(case.X.shape[1])])
    series = pd.Series(case.y.astype(np.int32), name="target", index=np.arange(len(case.y)) + 3)
    for X_given, code in (
        (frame, '\nX = pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])])'),
        (case.X, ""),
    ):
        setup = _SERIES + code
        X, y = subject.answer(case, X=X_given.copy(), y=series.copy(), setup=setup)
        if not isinstance(y, pd.Series):
            raise Violation(f"expected y as a Series, got {type(y).__name__}", setup=setup)
        if y.name != "target" or y.dtype != series.dtype:
            raise Violation(
                f"expected y named 'target' with dtype int32, got {y.name!r} with {y.dtype}", setup=setup
            )
        if not y.index.equals(pd.RangeIndex(len(y))):
            raise Violation(f"expected y's index 0, 1, 2, ..., got {list(y.index[:3])}, ...", setup=setup)
        check_originals(case, *rows_and_labels(X, y, case), setup=setup)


@prop(
    "contract",
    "a sparse matrix, which its tags say it takes, is refused, comes back dense, in another format, or with "
    "other values",
    families=OVERSAMPLERS,
    needs=("estimator", "sparse"),
    cases=_plain,
    examples=4,
)
def sparse_comes_back_sparse(subject: Subject, case: Case) -> None:
    for make in (sparse.csr_matrix, sparse.csc_matrix):
        setup = f"from scipy import sparse\nX = sparse.{make.__name__}(X)"
        given = make(case.X)
        try:
            X, y = subject.call(subject.build(case), given, case.y.copy())
        except Violation as violation:
            raise Violation(violation.message, setup=setup) from None
        except Exception as error:
            raise Violation(
                f"expected an answer to a sparse matrix, as its tags say, it raised {one_line(error)}",
                setup=setup,
            ) from error
        if not sparse.issparse(X) or X.format != given.format:
            came = f"format {X.format}" if sparse.issparse(X) else type(X).__name__
            raise Violation(f"expected a sparse matrix of format {given.format}, got {came}", setup=setup)
        check_originals(case, *rows_and_labels(X, y, case), setup=setup)


@prop(
    "contract",
    "plain lists are refused, which scikit-learn's estimators take",
    families=OVERSAMPLERS,
    needs=("estimator",),
    cases=_plain,
    examples=3,
    convention="scikit-learn",
)
def lists_are_accepted(subject: Subject, case: Case) -> None:
    setup = "X, y = X.tolist(), y.tolist()"
    answer = subject.answer(case, X=case.X.tolist(), y=case.y.tolist(), setup=setup)
    check_originals(case, *rows_and_labels(*answer, case), setup=setup)


@prop(
    "contract",
    "the precision of X is lost or doubled: float32 becomes float64, or float64 float32",
    families=OVERSAMPLERS,
    needs=("estimator",),
    cases=_whole,
    examples=4,
    convention="imbalanced-learn",
)
def dtype_is_kept(subject: Subject, case: Case) -> None:
    _check_dtypes(subject, case, (np.float32, np.float64))


def _check_dtypes(subject: Subject, case: Case, dtypes: tuple[type, ...]) -> None:
    for dtype in dtypes:
        setup = f"X = X.astype(np.{dtype.__name__})"
        given: np.ndarray = case.X.astype(dtype)
        X, y = subject.answer(case, X=given.copy(), setup=setup)
        if np.asarray(X).dtype != dtype:
            raise Violation(f"expected X as {np.dtype(dtype)}, got {np.asarray(X).dtype}", setup=setup)
        check_originals(case, *rows_and_labels(X, y, case), setup=setup)


@prop(
    "contract",
    "integers become floats, so that memory grows and a column of counts looks like one of measurements",
    families=OVERSAMPLERS,
    needs=("estimator",),
    cases=_whole,
    examples=3,
    convention="smote-bench",
)
def integers_stay_integers(subject: Subject, case: Case) -> None:
    _check_dtypes(subject, case, (np.int64, np.int32))


_LABELS = {
    'np.array(["no", "yes"])': np.array(["no", "yes"]),
    'np.array(["b", "a"], dtype=object)': np.array(["b", "a"], dtype=object),
    "np.array([False, True])": np.array([False, True]),
    "np.array([True, False])": np.array([True, False]),
    "np.array([-1, -2])": np.array([-1, -2]),
    "np.array([0.0, 1.0])": np.array([0.0, 1.0]),
    "np.array([2, 1], dtype=np.int8)": np.array([2, 1], dtype=np.int8),
}


@prop(
    "contract",
    "labels that are words, booleans or other integers than 0 and 1 are refused or changed",
    families=NUMERIC,
    needs=("estimator",),
    cases=_plain,
    examples=4,
    convention="scikit-learn",
)
def labels_keep_their_type(subject: Subject, case: Case) -> None:
    for code, names in _LABELS.items():
        setup = f"y = {code}[y]"
        given = names[case.y]
        X, y = _answer_to_labels(subject, case, given, setup)
        came = np.asarray(y)
        if subject.family in REMOVERS:
            with shown(setup=setup):
                demand_labels_of_rows(subject, case, X, came, names)
        if came.dtype.kind != given.dtype.kind or (given.dtype.kind in "iu" and came.dtype != given.dtype):
            raise Violation(f"expected labels as {given.dtype}, got {came.dtype}", setup=setup)
        n = len(given)
        if subject.family not in REMOVERS and not np.array_equal(came[:n], given):
            raise Violation(
                f"expected the labels of the input first, {given[:5]}, got {came[:5]}",
                setup=setup,
                convention="",
            )
        if not set(came.tolist()) <= set(given.tolist()):
            raise Violation(
                f"expected labels out of {set(given.tolist())}, got {set(came.tolist())}",
                setup=setup,
                convention="",
            )


def _answer_to_labels(subject: Subject, case: Case, y: np.ndarray, setup: str) -> tuple[Any, Any]:
    try:
        return subject.answer(case, y=y.copy(), setup=setup)
    except Violation as violation:
        # Some of imbalanced-learn's samplers that remove rows have no answer to words.
        convention = "smote-bench" if subject.family in REMOVERS else None
        raise Violation(violation.message, setup=setup, convention=convention) from None
