"""Contract on surroundings: a call leaves the process as it was, and the process does not decide the rows."""

from __future__ import annotations

import copy
import dataclasses
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.families import NUMERIC, OVERSAMPLERS
from smote_bench.properties.kit import prop
from smote_bench.properties.other_process import WORDS, demand_the_same_elsewhere, digest
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Refused, Violation

__all__ = [
    "another_process_gives_the_same_rows",
    "results_do_not_share_memory",
    "surroundings_are_left_alone",
]

_plain = partial(cases, n_extra=(12, 16), layouts=("cloud",))


def _surroundings() -> dict[str, Any]:
    return {
        "the error state of NumPy": np.geterr(),
        "the print options of NumPy": copy.deepcopy(np.get_printoptions()),
        "the filters of warnings": list(warnings.filters),
        "the working directory": os.getcwd(),
        "the environment": dict(os.environ),
        "the search path": list(sys.path),
        "the level of logging": (logging.root.level, logging.root.manager.disable),
    }


@contextmanager
def _put_back() -> Iterator[None]:
    """Put the surroundings back as they were."""
    before = _surroundings()
    with warnings.catch_warnings(), np.errstate(), np.printoptions():
        # As silent as a plain "ignore", which is the filter that samplers add, and another one.
        warnings.resetwarnings()
        warnings.filterwarnings("ignore", message=".*")
        try:
            yield
        finally:
            os.chdir(before["the working directory"])
            os.environ.clear()
            os.environ.update(before["the environment"])
            sys.path[:] = before["the search path"]
            level, disabled = before["the level of logging"]
            logging.root.setLevel(level)
            logging.disable(disabled)


@prop(
    "contract",
    "a call changes NumPy's error state, the filters of warnings, the working directory or the environment",
    families=NUMERIC,
    cases=_plain,
    examples=2,
)
def surroundings_are_left_alone(subject: Subject, case: Case) -> None:
    for attempt in range(2):  # what a first call imports may change things, and is not the sampler's doing
        with _put_back():
            logging.disable(logging.CRITICAL)
            before = _surroundings()
            try:
                subject.bare_call(subject.build(case), case.X.copy(), case.y.copy())
            except Violation:
                raise
            except Exception as error:
                raise Refused(str(error)) from error
            after = _surroundings()
        changed = [name for name, value in before.items() if repr(after[name]) != repr(value)]
        if changed and attempt:
            now, then = after[changed[0]], before[changed[0]]
            raise Violation(f"expected {changed[0]} to stay as it was, it changed{_what(then, now)}")


def _what(before: Any, after: Any) -> str:
    if isinstance(before, dict):
        names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        return f" ({', '.join(map(str, names[:5]))})"
    return f": {before} became {after}" if len(repr(before)) + len(repr(after)) < 200 else ""


@prop(
    "contract",
    "data that need no new row come back as the caller's arrays: to write into the result changes the input",
    families=OVERSAMPLERS,
    cases=_plain,
    examples=2,
    convention="smote-bench",
)
def results_do_not_share_memory(subject: Subject, case: Case) -> None:
    n = int((case.y == 1).sum())
    keep = np.sort(np.r_[np.flatnonzero(case.y == 1), np.flatnonzero(case.y == 0)[:n]])
    balanced = dataclasses.replace(case, X=case.X[keep], y=case.y[keep])
    for data, whose in ((case, ""), (balanced, " of balanced data")):
        X, y = data.X.copy(), data.y.copy()
        try:
            X_new, y_new = subject.call(subject.build(data), X, y)
        except Exception:  # whether it answers is for others to say
            continue
        for name, given, came in (("X", X, X_new), ("y", y, y_new)):
            if isinstance(came, np.ndarray) and np.shares_memory(given, came):
                raise Violation(f"expected a copy of {name}{whose}, the result shares its memory", case=data)


@prop(
    "contract",
    "another process, at another time and in another directory, gives other rows for the same seed",
    families=NUMERIC,
    needs=("seed", "importable"),
    cases=_plain,
    examples=1,
    full_only=True,
    keeps_rows=True,
)
def another_process_gives_the_same_rows(subject: Subject, case: Case) -> None:
    tables = [case]
    here = [digest(*rows_and_labels(*subject.answer(case, in_order=False), case))]
    named = _several_named_classes(case)
    with suppress(Exception):  # several classes, or words for them, may be refused
        answer = subject.as_returned(subject.build(named), named.X, named.y)
        here.append(digest(*rows_and_labels(*answer, named)))
        tables.append(named)
    demand_the_same_elsewhere(subject, tables, here)


def _several_named_classes(case: Case) -> Case:
    """Return the case once for each of some words, far from each other, with a class of that name in each."""
    apart = 10.0 * (1.0 + np.abs(case.X).max())
    X = np.vstack([case.X + apart * place for place in range(len(WORDS))])
    y = np.concatenate([np.where(case.y == 1, word, "other") for word in WORDS])
    return dataclasses.replace(case, X=X, y=y)
