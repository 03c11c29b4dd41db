"""Contract on frames, the laws: whatever comes back for a frame, its values are those that went in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.properties.answers import counts
from smote_bench.properties.cases import Case
from smote_bench.properties.families import NUMERIC, OVERSAMPLERS, SAME_CLASS_SEGMENTS
from smote_bench.properties.kit import prop
from smote_bench.properties.rules import demand_allowed_rows
from smote_bench.properties.strategies import cases, has_seeds
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = [
    "a_frame_is_read_as_it_stands",
    "an_index_plays_no_part",
    "levels_without_rows_are_no_classes",
    "odd_columns_are_kept_or_refused",
]

_plain = partial(cases, n_extra=(12, 16), n_features=(3, 3), layouts=("cloud",))

# Labels of y's index are X's in another order: rows and labels belong together by position.
_LABELLED = "y = pd.Series(y, index=np.arange(len(y)))\nX.index = np.roll(np.arange(len(y)), 1)"
_DTYPES: tuple[dict[Any, str], ...] = (
    {"z": "int64", "b": "float64", "a": "float32"},
    {"z": "float32", "b": "float64", "a": "int64"},
    {"z": "float64", "b": "int32", "a": "float64"},
    # As a column may be called that somebody joins rows and labels by.
    {"target": "float64", "label": "float64", "y": "float64"},
    {"class": "float64", "weight": "float64", "index": "float64"},
    # Numbers, which are positions too, in another order.
    {2: "float64", 0: "float64", 1: "float64"},
)


def _framed(case: Case, dtypes: dict[Any, str]) -> tuple[pd.DataFrame, pd.Series, str]:
    """Return a case's rows as a frame with these dtypes, its labels, and the code that makes both.

    Columns of several types lie far from each other.
    """
    frame = pd.DataFrame(case.X, columns=list(dtypes))
    whole = [name for name, dtype in dtypes.items() if dtype.startswith("int")]
    frame[whole] = (frame[whole] * 16).round()
    moved = [] if _is_of_one_type(dtypes) else [_APART * place for place in range(len(dtypes))]
    frame = (frame + moved if moved else frame).astype(dtypes)
    frame.index = np.roll(np.arange(len(frame)), 1)
    setup = (
        f"import pandas as pd\nX = pd.DataFrame(X, columns={list(dtypes)})\n"
        f"X[{whole}] = (X[{whole}] * 16).round()\nX = (X{f' + {moved}' if moved else ''}).astype({dtypes})\n"
        f"{_LABELLED}"
    )
    return frame, pd.Series(case.y, index=np.arange(len(case.y))), setup


_APART = 1000.0


def _is_of_one_type(dtypes: dict[Any, str]) -> bool:
    return len(set(dtypes.values())) == 1


@prop(
    "contract",
    "a frame's columns change places or names, in new rows too, or lose digits, or its rows are matched to "
    "labels by index",
    families=OVERSAMPLERS,
    needs=("fit_resample",),
    cases=_plain,
    examples=4,
)
def a_frame_is_read_as_it_stands(subject: Subject, case: Case) -> None:
    for dtypes in _DTYPES:
        frame, labels, setup = _framed(case, dtypes)
        answer = _answer(subject, case, frame, labels)
        if answer is None:
            return  # whether frames have to be taken is a convention
        X, y = answer
        if isinstance(X, pd.DataFrame) and list(X.columns) != list(frame.columns):
            raise Violation(f"expected the columns {list(frame.columns)}, got {list(X.columns)}", setup=setup)
        if isinstance(X, pd.DataFrame) and isinstance(y, pd.Series) and not X.index.equals(y.index):
            raise Violation(
                f"expected one index for rows and labels, got {list(X.index[:3])}, ... and "
                f"{list(y.index[:3])}, ...",
                setup=setup,
            )
        _demand_first(X, y, frame, labels, setup, float)
        if subject.family not in (*SAME_CLASS_SEGMENTS, "borderline2"):
            continue
        if _is_of_one_type(dtypes):
            _demand_columns_of_new_rows(subject, case, X, y, setup)
        else:
            _demand_ranges_of_new_rows(X, frame, setup)


def _demand_ranges_of_new_rows(X: Any, frame: pd.DataFrame, setup: str) -> None:
    """Raise where a value of a new row is far from all of its column; digits are for others to look at."""
    values = np.asarray(X, dtype=object)
    for place, name in enumerate(frame.columns):
        made = np.array([float(value) for value in values[len(frame) :, place]])
        least, most = float(frame[name].min()), float(frame[name].max())
        strange = np.flatnonzero(~((made >= least - 1.0) & (made <= most + 1.0)))
        if strange.size:
            raise Violation(
                f"expected column {name!r} of new rows between {least:g} and {most:g}, as in the rows of the "
                f"input, got {made[strange[0]]:g}",
                setup=setup,
            )


def _demand_columns_of_new_rows(subject: Subject, case: Case, X: Any, y: Any, setup: str) -> None:
    """Raise where values of new rows stand in other columns, so that they lie where the family puts none."""
    if not has_seeds(subject, case):
        return
    answer = np.asarray(X, dtype=np.float64), np.asarray(y)
    k, m = subject.k(case), subject.m(case)
    demand_allowed_rows(subject, case.X, case.y, answer, k=k, m=m, setup=setup)


def _answer(subject: Subject, case: Case, X: pd.DataFrame, y: Any) -> tuple[Any, Any] | None:
    try:
        return subject.call(subject.build(case), X.copy(), y.copy())
    except Exception:
        return None


def _demand_first(
    X: Any, y: Any, frame: pd.DataFrame, labels: Any, setup: str, read: Callable[[Any], Any]
) -> None:
    """Raise unless the frame's values come first, column by column, and its labels beside them."""
    n = len(frame)
    values, came = np.asarray(X, dtype=object), np.asarray(y)
    if values.ndim != 2 or len(values) < n or values.shape[1] != frame.shape[1] or len(came) != len(values):
        raise Violation(
            f"expected at least {n} rows of {frame.shape[1]} columns and as many labels, got X of shape "
            f"{values.shape} and {len(came)} labels",
            setup=setup,
        )
    for column, name in enumerate(frame.columns):
        before = [read(value) for value in frame[name]]
        after = [_read(read, value) for value in values[:n, column]]
        wrong = next((row for row in range(n) if before[row] != after[row]), None)
        if wrong is not None:
            raise Violation(
                f"expected column {name!r} of row {wrong} to stay {before[wrong]!r} ({frame[name].dtype}), "
                f"got {values[wrong, column]!r}",
                setup=setup,
            )
    if not np.array_equal(came[:n], np.asarray(labels)):
        row = int(np.flatnonzero(came[:n] != np.asarray(labels))[0])
        raise Violation(
            f"expected row {row} to stay of class {np.asarray(labels)[row]!r}, got {came[row]!r}", setup=setup
        )


def _read(read: Callable[[Any], Any], value: Any) -> Any:
    try:
        return read(value)
    except (TypeError, ValueError):
        return value


# Whole numbers from 0 on, which are positions too, in another order; and labels that occur twice.
_INDEXES: dict[str, Callable[[int], np.ndarray]] = {
    "np.arange(len(y))[::-1]": lambda n: np.arange(n)[::-1],
    "np.roll(np.arange(len(y)), 5)": lambda n: np.roll(np.arange(n), 5),
    "np.arange(len(y)) // 2": lambda n: np.arange(n) // 2,
}


@prop(
    "contract",
    "rows of a frame are looked up by their index where positions are meant: after a shuffle they are others",
    families=NUMERIC,
    needs=("fit_resample",),
    cases=partial(cases, n_extra=(20, 30), layouts=("cloud",)),
    examples=4,
)
def an_index_plays_no_part(subject: Subject, case: Case) -> None:
    frame = pd.DataFrame(case.X).add_prefix("x")
    expected, again = (_values(_answer(subject, case, frame, pd.Series(case.y))) for _ in range(2))
    if expected is None or again is None or not _are_equal(expected, again):
        return  # frames are refused, or there is no seed that would make rows the same
    for code, index in _INDEXES.items():
        labels = index(len(case.y))
        setup = f"import pandas as pd\nindex = {code}\n" + (
            'X, y = pd.DataFrame(X, index=index).add_prefix("x"), pd.Series(y, index=index)'
        )
        came = _values(_answer(subject, case, frame.set_axis(labels), pd.Series(case.y, index=labels)))
        if came is None:
            raise Violation("expected an answer whatever the index is, got an error", setup=setup)
        if len(came) != len(expected):
            raise Violation(
                f"expected {len(expected)} rows as with an index of 0, 1, 2, ..., got {len(came)}",
                setup=setup,
            )
        if not _are_equal(came, expected):
            row = int(np.flatnonzero(~np.isclose(came, expected, rtol=1e-9, atol=0.0).all(axis=1))[0])
            raise Violation(
                f"expected row {row} as with an index of 0, 1, 2, ...: {expected[row].tolist()}, got "
                f"{came[row].tolist()}",
                setup=setup,
            )


def _values(answer: tuple[Any, Any] | None) -> np.ndarray | None:
    """Return the rows that came as numbers, their labels beside them; None for no answer."""
    if answer is None:
        return None
    return np.column_stack([np.asarray(answer[0], dtype=float), np.asarray(answer[1], dtype=float)])


def _are_equal(first: np.ndarray, second: np.ndarray) -> bool:
    return first.shape == second.shape and bool(np.isclose(first, second, rtol=1e-9, atol=0.0).all())


_ODD = {
    "Int64": "(X['c'] * 16).round().astype('Int64')",
    "Float64": "X['c'].astype('Float64')",
    "boolean": "(X['c'] > 0).astype('boolean')",
    "categories of numbers": "pd.Categorical(np.where(X['c'] > 0, 30, 10))",
    "categories of words": "pd.Categorical(np.where(X['c'] > 0, 'red', 'blue'))",
}


def _odd_column(name: str, c: pd.Series) -> Any:
    if name == "Int64":
        return (c * 16).round().astype("Int64")
    if name == "Float64":
        return c.astype("Float64")
    if name == "boolean":
        return (c > 0).astype("boolean")
    return pd.Categorical(np.where(c > 0, 30, 10) if "numbers" in name else np.where(c > 0, "red", "blue"))


@prop(
    "contract",
    "a column of categories or of a nullable type is mangled: codes for values, values of no category, or "
    "another type",
    families=OVERSAMPLERS,
    needs=("fit_resample",),
    cases=_plain,
    examples=3,
)
def odd_columns_are_kept_or_refused(subject: Subject, case: Case) -> None:
    for kind, code in _ODD.items():
        frame = pd.DataFrame(case.X, columns=["a", "b", "c"])
        frame["c"] = _odd_column(kind, frame["c"])
        setup = f"import pandas as pd\nX = pd.DataFrame(X, columns=['a', 'b', 'c'])\nX['c'] = {code}"
        answer = _answer(subject, case, frame, case.y)
        if answer is None:
            continue
        read = str if kind.endswith("words") else float
        _demand_first(*answer, frame, case.y, setup, read)
        _demand_type(answer[0], frame["c"].dtype, kind, setup)
        if kind.startswith("categories") and isinstance(answer[0], pd.DataFrame):
            made = answer[0]["c"]
            if isinstance(made.dtype, pd.CategoricalDtype) and made.isna().any():
                # imbalanced-learn's base class does so with what a sampler of numbers makes.
                raise Violation(
                    f"expected new rows of a known category, got none in column 'c' ({kind})",
                    setup=setup,
                    convention="smote-bench",
                )


def _demand_type(X: Any, expected: Any, kind: str, setup: str) -> None:
    """Raise where the last column of a frame is neither of its type nor, if it stands for numbers, of one."""
    if not isinstance(X, pd.DataFrame):
        return
    came = X.dtypes.iloc[-1]
    promoted = not kind.endswith("words") and pd.api.types.is_numeric_dtype(came)
    if came != expected and not promoted:
        raise Violation(
            f"expected column 'c' ({kind}) as {expected!r}, got {came!r}",
            setup=setup,
            convention="imbalanced-learn",
        )


# As after a filter: rows of the first went, and the category is still there.
_LEVELS = ["a", "b", "c"]


@prop(
    "contract",
    "labels are of type category, and a level that no row has is taken for the smallest class",
    families=OVERSAMPLERS,
    needs=("fit_resample", "seed"),
    cases=partial(cases, n_extra=(12, 16), layouts=("cloud",)),
    examples=2,
)
def levels_without_rows_are_no_classes(subject: Subject, case: Case) -> None:
    settings = [{}, {"sampling_strategy": "minority"}] if subject.accepts("sampling_strategy") else [{}]
    for params in settings:
        asked = replace(case, params={**case.params, **params})
        expected, came = (_numbers(subject, asked, levels) for levels in (_LEVELS[1:], _LEVELS))
        if None not in (expected, came) and came != expected:
            raise Violation(
                f"expected {expected} rows of each class, as without a level that no row has, got {came}",
                case=asked,
                setup="import pandas as pd\n"
                f"y = pd.Series(pd.Categorical(np.array({_LEVELS[1:]})[y], categories={_LEVELS}))",
            )


def _numbers(subject: Subject, case: Case, levels: list[str]) -> dict[Any, int] | None:
    """Return the numbers of rows that come back for labels with these levels; None where it refuses."""
    labels = pd.Series(pd.Categorical(np.array(_LEVELS[1:])[case.y], categories=levels))
    try:
        _, y = subject.call(subject.build(case), case.X.copy(), labels)
    except Exception:  # whether categories have to be taken as labels is a convention
        return None
    return counts(np.asarray(y, dtype=str))
