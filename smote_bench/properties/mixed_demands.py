"""What properties of typed rows demand: an answer, the originals, and rows that were voted for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from smote_bench.errors import ConfigError
from smote_bench.properties.cases import Case
from smote_bench.properties.mixed_frames import MixedCase, Rows, read_rows
from smote_bench.properties.mixed_reference import Reading, explained, readings
from smote_bench.properties.subject import Subject, one_line
from smote_bench.properties.violations import Refused, Violation

__all__ = ["as_mixed", "called", "demand_explained", "demand_known_levels", "demand_originals", "new_rows"]


def as_mixed(case: Case) -> MixedCase:
    """Return a case as what the properties of typed rows draw."""
    assert isinstance(case, MixedCase)
    return case


def called(
    subject: Subject, case: MixedCase, *, must: bool = False, setup: str = "", in_order: bool = True
) -> tuple[Any, Any]:
    """Resample a case's frame.

    Parameters
    ----------
    subject : Subject
    case : MixedCase
    must : bool
        Whether to refuse is a violation; else it is for other properties to deal with.
    setup : str
        The code that makes the frame of the drawn one.
    in_order : bool
        Whether the rows of the input are put first.

    Raises
    ------
    Violation, Refused
        If the sampler raises.
    """
    try:
        call = subject.call if in_order else subject.as_returned
        return call(subject.build(case), case.frame.copy(), case.y.copy())
    except (Violation, ConfigError):
        raise
    except Exception as error:
        if must:
            words = f"expected an answer on valid data, it raised {one_line(error)}"
            raise Violation(words, setup=setup) from error
        raise Refused(one_line(error)) from error


def new_rows(case: MixedCase, answer: tuple[Any, Any]) -> Rows:
    """Return what an answer has beyond the rows of the input, read."""
    rows = read_rows(case, *answer)
    return rows.of(np.arange(len(case.y), len(rows.labels)))


def demand_originals(case: MixedCase, answer: tuple[Any, Any]) -> None:
    """Raise unless the rows of the input come first, unchanged and in their order."""
    came, before = read_rows(case, *answer), read_rows(case, case.frame, case.y)
    n = len(case.y)
    if len(came.labels) < n:
        raise Violation(f"expected at least the {n} rows of the input, got {len(came.labels)}")
    first = came.of(np.arange(n))
    changed = (first.numbers != before.numbers).any(axis=1) | (first.levels != before.levels).any(axis=1)
    changed |= first.labels != before.labels
    if changed.any():
        row = int(np.flatnonzero(changed)[0])
        raise Violation(
            f"expected row {row} to be {_row(case.frame, row)} of class {case.y[row]}, got "
            f"{_row(answer[0], row)} of class {first.labels[row]}"
        )


def demand_known_levels(case: MixedCase, answer: tuple[Any, Any]) -> None:
    """Raise where a new row has a level that no row of its class has, or a number that is not finite."""
    new, before = new_rows(case, answer), read_rows(case, case.frame, case.y)
    n = len(case.y)
    broken = np.flatnonzero(~np.isfinite(new.numbers).all(axis=1))
    if broken.size:
        raise Violation(f"expected finite numbers, got the new row {_row(answer[0], n + int(broken[0]))}")
    for label in np.unique(new.labels):
        own = before.levels[before.labels == label]
        if not len(own):
            raise Violation(f"expected labels out of y, got {label!r}")
        rows = np.flatnonzero(new.labels == label)
        for column in range(own.shape[1]):
            unknown = rows[~np.isin(new.levels[rows, column], own[:, column])]
            if unknown.size:
                raise Violation(
                    f"expected levels that rows of class {label} have in every column, got the new row "
                    f"{_row(answer[0], n + int(unknown[0]))}, whose level of category {column} they have not"
                )


def demand_explained(
    subject: Subject,
    case: MixedCase,
    answer: tuple[Any, Any],
    *,
    strict: bool = False,
    votes: tuple[bool, ...] = (False, True),
    levels: str = "vote",
    setup: str = "",
) -> None:
    """Raise where a new row cannot have come of a row of its class and of what that row's neighbours vote.

    Parameters
    ----------
    subject, case : Subject, MixedCase
    answer : pair of rows and labels
    strict : bool
        Whether neighbours are those of the paper's distance, or of any that somebody may take.
    votes : tuple of bool
        Whether the row itself may have a vote, has to, or may not.
    levels : {"vote", "any"}
        ``any`` looks at numbers alone.
    setup : str
        The code that makes the frame of the drawn one.
    """
    new, before = new_rows(case, answer), read_rows(case, case.frame, case.y)
    k = subject.k(case)
    for label in np.unique(new.labels):
        rows = np.flatnonzero(new.labels == label)
        own = before.of(np.flatnonzero(before.labels == label))
        left = rows
        for reading in readings(subject.family, before, int(label), k, strict=strict):
            left = left[~_explained(reading, own, new.of(left), votes, levels)]
            if not len(left):
                break
        if len(left):
            raise Violation(
                f"expected every new row of class {label} "
                f"{_words(subject.family, k, strict, votes, levels)}; "
                f"{len(left)} of {len(rows)} are not, such as {_row(answer[0], len(case.y) + int(left[0]))}",
                setup=setup,
            )


def _explained(reading: Reading, own: Rows, new: Rows, votes: tuple[bool, ...], levels: str) -> np.ndarray:
    return explained(reading, own, new, votes=votes, levels=levels)


def _words(family: str, k: int, strict: bool, votes: tuple[bool, ...], levels: str) -> str:
    nearest = f"one of its {k} nearest rows of that class"
    if strict and family == "smotenc":
        nearest += ", where a differing category adds the squared median of the class's standard deviations"
    elif strict:
        nearest += ", by the value difference metric"
    between = f"between a row of that class and {nearest}" if family == "smotenc" else ""
    if levels == "any":
        return f"to have numbers {between}"
    whose = "these and the row itself" if votes == (True,) else "these"
    voted = f"to have levels that most of {whose} have"
    return (
        f"{between}, {voted}"
        if between
        else f"to be of a row and its {k} nearest rows of that class, {voted}"
    )


def _row(X: Any, row: int) -> object:
    """Return a row for a message."""
    if isinstance(X, pd.DataFrame):
        return dict(zip(X.columns, X.astype(object).iloc[row].tolist(), strict=True))
    return np.asarray(X, dtype=object)[row].tolist()
