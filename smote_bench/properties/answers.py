"""What can be read off an answer: its counts, and whether its new rows stay among those they were made of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from smote_bench.errors import ConfigError
from smote_bench.properties.cases import Case
from smote_bench.properties.families import SAME_CLASS_SEGMENTS, SMOTE_LIKE
from smote_bench.properties.reference import majority_counts
from smote_bench.properties.strategies import has_seeds
from smote_bench.properties.subject import Subject, one_line, rows_and_labels
from smote_bench.properties.violations import Violation, shown

__all__ = [
    "check_answer",
    "check_box",
    "check_counts",
    "check_labels",
    "check_originals",
    "check_said",
    "counts",
    "slack",
]

_ULPS = 4


def counts(y: np.ndarray) -> dict[int, int]:
    """Return how many rows each class has."""
    labels, numbers = np.unique(y, return_counts=True)
    return dict(zip(labels.tolist(), numbers.tolist(), strict=True))


def slack(subject: Subject, case: Case, label: int) -> float:
    """Return by how many rows a class may miss its target.

    He et al. (2008) leave open how ``g_i = r_i * G`` becomes a whole number for every row: rounded, cut off
    or rounded up, totals of ADASYN are off by up to a row for each seed. Others keep to their targets.
    """
    if subject.family != "adasyn":
        return 0.0
    hard = majority_counts(case.X, case.y, label, subject.k(case))[1] > 0
    return float(hard.sum())


def check_counts(
    subject: Subject, case: Case, y: np.ndarray, wanted: Mapping[int, int], *, setup: str = ""
) -> None:
    """Raise a `Violation` unless each class has as many rows as wanted.

    Parameters
    ----------
    subject : Subject
    case : Case
    y : ndarray
        The labels that came back.
    wanted : mapping from label to count
        A class that is not named keeps the rows it has.
    """
    before, after = counts(case.y), counts(y)
    for label, n_before in before.items():
        target = wanted.get(label, n_before)
        n_after = after.get(label, 0)
        allowed = slack(subject, case, label) if target != n_before else 0.0
        if n_after < n_before or abs(n_after - target) > allowed:
            margin = f" (give or take {allowed:g})" if allowed else ""
            raise Violation(
                f"expected {target} rows of class {label}{margin}, got {n_after} ({n_before} in the input; "
                f"all classes: {before} became {after})",
                setup=setup,
                proof="" if setup else _counts_proof(label, target, allowed, n_after),
            )
    if set(after) - set(before):
        raise Violation(f"expected classes out of {sorted(before)}, got {sorted(after)}", setup=setup)


def check_originals(case: Case, X: np.ndarray, y: np.ndarray, *, setup: str = "") -> None:
    """Raise a `Violation` unless the rows of the input come first, unchanged and in their order."""
    n = len(case.y)
    if len(y) < n:
        raise Violation(
            f"expected at least the {n} rows of the input, got {len(y)}",
            setup=setup,
            proof=f"assert len(np.asarray(y_resampled)) >= {n}",
        )
    same = (X[:n] == case.X) | (np.isnan(X[:n]) & np.isnan(case.X))
    changed = np.flatnonzero(~same.all(axis=1) | (y[:n] != case.y))
    if changed.size:
        row = changed[0]
        raise Violation(
            f"expected row {row} to be {case.X[row].tolist()} of class {case.y[row]}, "
            f"got {X[row].tolist()} of class {y[row]}",
            setup=setup,
            proof="" if "sparse" in setup else _row_proof(case, X, row),
            point=X[row].tolist(),
        )


def check_labels(subject: Subject, case: Case, X: np.ndarray, y: np.ndarray, *, setup: str = "") -> None:
    """Raise a `Violation` where a row of the input comes back with a label that no row equal to it has.

    Of the family combined some methods (SPIDER) give doubtful rows of the majority to the minority. For those
    it is a matter of convention.
    """
    known: dict[tuple[float, ...], set[int]] = {}
    for row, label in zip(case.X.tolist(), case.y.tolist(), strict=True):
        known.setdefault(tuple(row), set()).add(label)
    wrong = [
        (row, label, own)
        for row, label in zip(X.tolist(), y.tolist(), strict=True)
        if label not in (own := known.get(tuple(row), {label}))
    ]
    if not wrong:
        return
    given = [one for one in wrong if one[2] == {0} and subject.family == "combined"]
    row, label, own = next((one for one in wrong if one not in given), wrong[0])
    raise Violation(
        f"expected {row}, a row of the input, to stay of class {min(own)}, it came back as one of {label}",
        setup=setup,
        convention="smote-bench" if len(given) == len(wrong) else None,
        point=row,
    )


def check_box(
    subject: Subject, case: Case, X: np.ndarray, y: np.ndarray, *, dtype: type = np.float64, setup: str = ""
) -> None:
    """Raise a `Violation` where a new row is not finite or, if it was interpolated, outside the bounding box.

    Parameters
    ----------
    subject : Subject
    case : Case
        Whose rows the box is taken of: the new row's class, or all where steps towards others are right.
    X, y : ndarray
        What came back.
    dtype : type
        In which the sampler may have computed. Its rounding is allowed, since ``(1 - s) * a + s * b`` is as
        good a formula as ``a + s * (b - a)`` and leaves the box by the last digit.
    """
    n = len(case.y)
    new, labels = X[n:], y[n:]
    broken = np.flatnonzero(~np.isfinite(new).all(axis=1))
    if broken.size:
        raise Violation(
            f"expected finite values, got the new row {new[broken[0]].tolist()}",
            setup=setup,
            proof=""
            if "sparse" in setup
            else "assert np.isfinite(np.asarray(X_resampled, dtype=float)).all()",
        )
    if subject.family == "generic":
        return
    for label in np.unique(labels):
        own = case.X[case.y == label] if subject.family in SAME_CLASS_SEGMENTS else case.X
        if not len(own):
            raise Violation(f"expected labels out of y, got {label!r}", setup=setup)
        low, high = own.min(axis=0), own.max(axis=0)
        rounding = _ULPS * np.finfo(dtype).eps * np.maximum(np.abs(low), np.abs(high))
        made = new[labels == label]
        # Halved: the difference of two values of 1e308 is beyond float64.
        below, above = (low / 2 - made / 2) > rounding / 2, (made / 2 - high / 2) > rounding / 2
        outside = np.argwhere(below | above)
        if outside.size:
            row, column = outside[0]
            raise Violation(
                f"expected column {column} of new rows of class {label} within "
                f"[{float(low[column])!r}, {float(high[column])!r}], got {float(made[row, column])!r}",
                setup=setup,
                proof=_box_proof(n + int(np.flatnonzero(labels == label)[row]), int(column), low, high)
                if "sparse" not in setup
                else "",
                point=made[row].tolist(),
            )


def _counts_proof(label: int, target: int, allowed: float, n_after: int) -> str:
    number = f"int((np.asarray(y_resampled) == {label!r}).sum())"
    if allowed:
        return f"assert abs({number} - {target}) <= {allowed:g}  # {n_after} came"
    return f"assert {number} == {target}  # {n_after} came"


def _row_proof(case: Case, X: np.ndarray, row: int) -> str:
    if np.isnan(case.X[row]).any():
        return ""
    if not (X[row] == case.X[row]).all():
        came = X[row].tolist()
        return (
            f"assert np.asarray(X_resampled, dtype=float)[{row}].tolist() == {case.X[row].tolist()}"
            f"  # {came} came"
        )
    return f"assert np.asarray(y_resampled)[{row}] == np.asarray(y)[{row}]"


def _box_proof(row: int, column: int, low: np.ndarray, high: np.ndarray) -> str:
    value = f"np.asarray(X_resampled, dtype=float)[{row}, {column}]"
    return f"assert {float(low[column])!r} <= {value} <= {float(high[column])!r}"


def check_answer(
    subject: Subject,
    case: Case,
    X: np.ndarray | None = None,
    *,
    setup: str = "",
    dtype: type = np.float64,
    exact: bool = True,
    must: bool | None = None,
) -> tuple[np.ndarray, np.ndarray] | None:
    """Raise a `Violation` unless the answer is valid: the input first, new rows in the box, counts as due.

    Parameters
    ----------
    subject : Subject
    case : Case
    X : ndarray, optional
        The same rows in another dtype.
    setup : str
        The code that makes these of the case's.
    dtype : type
        In which the sampler may compute.
    exact : bool
        Whether classes have to be balanced in the families that balance them.
    must : bool, optional
        Whether there has to be an answer, with all the rows that are wanted; default, whether there are rows
        that the family starts from and, for adasyn, more wanted than may all round to none.

    Returns
    -------
    tuple of ndarray, or None
        What came back; None where the subject may refuse, and does.
    """
    if must is None:
        wanted = counts(case.y)[0] - counts(case.y)[1]
        must = has_seeds(subject, case) and wanted > slack(subject, case, 1)
    try:
        answer = subject.call(subject.build(case), case.X.copy() if X is None else X.copy(), case.y.copy())
    except ConfigError:
        raise  # the constructor refuses the case's numbers: that says nothing of the answer
    except Violation as violation:
        raise Violation(violation.message, setup=setup) from None
    except Exception as error:
        if not must and isinstance(error, ValueError | RuntimeError):
            return None
        raise Violation(
            f"expected an answer, it raised {one_line(error)}",
            setup=setup,
        ) from error
    with shown(setup=setup):
        X_new, y_new = rows_and_labels(*answer, case)
    check_originals(case, X_new, y_new, setup=setup)
    check_box(subject, case, X_new, y_new, dtype=dtype, setup=setup)
    if exact and must and subject.family in SMOTE_LIKE and not subject.lacks("default counts"):
        largest = max(counts(case.y).values())
        check_counts(subject, case, y_new, dict.fromkeys(counts(case.y), largest), setup=setup)
    return X_new, y_new


def check_said(
    subject: Subject, case: Case, y: np.ndarray, what: str, *, also_of_new_rows: bool = False
) -> None:
    """Raise a `Violation` where balance was asked for and could not be had as asked, and not a word was said.

    A word is an error, a warning, or a log record of that level; what is said on ordinary data too says
    nothing of these.

    Parameters
    ----------
    subject : Subject
    case : Case
    y : ndarray
        The labels that came back.
    what : str
        What there was to be said, for a message.
    also_of_new_rows : bool
        Whether it is to be said as well where rows were made; else where none was.
    """
    n_new = len(y) - len(case.y)
    if (n_new > 0 and not also_of_new_rows) or subject.lacks("default counts"):
        return
    _, said = subject.heard(subject.build(case), case.X.copy(), case.y.copy())
    if not said - _always_said(subject, case):
        raise Violation(
            f"expected an error or a warning for {what}, {len(y)} rows came back for {len(case.y)}, "
            f"{max(n_new, 0) or 'none'} of them new, without a word"
        )


def _always_said(subject: Subject, case: Case) -> set[str]:
    """Return what a case's sampler says of data from which there is nothing to be missed."""
    n = 2 * max(subject.k(case), subject.m(case)) + 4
    y = np.repeat([0, 1], [3 * n, n])
    X = np.random.default_rng(0).normal(size=(len(y), case.X.shape[1]))
    try:
        return subject.heard(subject.build(case), X, y)[1]
    except Exception:  # whether it answers is for other properties
        return set()
