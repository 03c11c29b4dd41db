"""Contract on what calls share, one after the other or in threads: each has data and an answer of its own."""

from __future__ import annotations

import dataclasses
import sys
import threading
import time
import warnings
from collections.abc import Sequence
from functools import partial

import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.families import NUMERIC
from smote_bench.properties.groups.contract_randomness import bytes_of, expect_same
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import OutOfTime, Refused, Violation

__all__ = [
    "data_that_look_alike_are_told_apart",
    "earlier_answers_stay",
    "threads_do_not_share_data",
]

_FEWEST = 4


@prop(
    "contract",
    "data with the shape, sums, first and last rows of earlier ones, or their rows with other labels, are "
    "taken for these: an answer is stale",
    families=NUMERIC,
    needs=("fit_resample", "seed"),
    cases=partial(cases, n_extra=(20, 25), layouts=("cloud",), k=(3, 5)),
    examples=3,
    keeps_rows=True,
)
def data_that_look_alike_are_told_apart(subject: Subject, case: Case) -> None:
    own = np.flatnonzero(case.y == 1)
    if len(own) < _FEWEST:
        return
    pair, turned = own[[1, -2]], own[[-2, 1]]
    changed = case.X.copy()
    changed[pair, 0] = changed[turned, 0]
    swapped = f"X[{pair.tolist()}, 0] = X[{turned.tolist()}, 0]"
    _demand_an_answer_of_its_own(
        subject, case, dataclasses.replace(case, X=changed), f"X = X.copy()\n{swapped}"
    )
    _demand_an_answer_of_its_own(subject, case, dataclasses.replace(case, X=changed), swapped, in_place=True)
    both = [int(own[1]), int(np.flatnonzero(case.y == 0)[1])]
    labels = case.y.copy()
    labels[both] = labels[both[::-1]]
    relabelled = f"y = y.copy()\ny[{both}] = y[{both[::-1]}]"
    _demand_an_answer_of_its_own(subject, case, dataclasses.replace(case, y=labels), relabelled)


def _demand_an_answer_of_its_own(
    subject: Subject, case: Case, other: Case, change: str, *, in_place: bool = False
) -> None:
    """Raise where a sampler that was used on a case answers to another one as no new sampler does."""
    try:
        expected = subject.call(subject.build(other), other.X.copy(), other.y.copy())
        sampler, X = subject.build(case), case.X.copy()
        subject.call(sampler, X, case.y.copy())
    except Exception:  # whether it has an answer to these data is no matter here
        return
    setup = f"sampler = {subject.new_code(case)}\nsampler.fit_resample(X, y)\n{change}\n"
    setup += "came = sampler.fit_resample(X, y)"
    if in_place:
        X[:] = other.X
    else:
        X = other.X.copy()
    came = subject.answer_of(sampler, other, X=X, setup=setup)
    what = "the same array, changed since," if in_place else "other data"
    expect_same(expected, came, f"a new sampler and one that had {what} before", setup)


@prop(
    "contract",
    "a later call writes into what an earlier one returned, which changes under whoever kept it",
    families=NUMERIC,
    cases=partial(cases, n_extra=(12, 16), layouts=("cloud",)),
    examples=2,
)
def earlier_answers_stay(subject: Subject, case: Case) -> None:
    sampler = subject.build(case)
    try:
        first = subject.call(sampler, case.X.copy(), case.y.copy())
    except Exception:  # whether it answers is for others to say
        return
    before = bytes_of(first)
    other = dataclasses.replace(case, X=case.X * 2.0 + 1.0, seed=case.seed + 1)
    # A function keeps what it keeps in its module; of the others the same object may keep it.
    for used, whose in ((subject.build(other), "another"), (sampler, "the same")):
        try:
            subject.call(used, other.X.copy(), other.y.copy())
        except Exception:  # whether it has an answer to these data is no matter here
            continue
        if bytes_of(first) != before:
            raise Violation(
                f"expected an answer to stay as it was after {whose} sampler was called on other data, it "
                "changed",
                setup=f"first = {subject.call_code(case)}\nX = X * 2.0 + 1.0",
            )


_N_THREADS, _SHIFT = 8, 1000.0
# Shorter than any step of a sampler: threads change places wherever they can.
_SWITCH_SECONDS = 1e-6
_MOST_ROUNDS, _SECONDS, _LONGEST_SECONDS = 30, 0.3, 3.0


@prop(
    "contract",
    "samplers at work in several threads get each other's data, and rows come back of a table of another's",
    families=NUMERIC,
    cases=partial(cases, n_extra=(12, 16), layouts=("cloud",)),
    examples=1,
    full_only=True,
    keeps_rows=True,
)
def threads_do_not_share_data(subject: Subject, case: Case) -> None:
    tables = [dataclasses.replace(case, X=case.X + _SHIFT * number) for number in range(_N_THREADS)]
    started = time.process_time()
    for number in (0, _N_THREADS - 1):
        try:
            alone, _ = subject.arrays(tables[number])
        except Refused:
            return
        if _strange_row(alone, number) is not None:
            return  # it returns the rows in another space
    seconds = (time.process_time() - started) * _N_THREADS / 2
    if seconds > _LONGEST_SECONDS:
        raise OutOfTime
    n_rounds = int(np.clip(_SECONDS / max(seconds, 1e-3), 1, _MOST_ROUNDS))
    found = _strange_in_threads(subject, tables, n_rounds)
    if found:
        number, row = found[0]
        raise Violation(
            f"expected rows near {_SHIFT * number:g} in each column, where the table of a thread lies while "
            f"others of the {_N_THREADS} have tables of their own, got {row}",
            setup=f"X = X + {_SHIFT * number:g}",
        )


def _strange_in_threads(
    subject: Subject, tables: Sequence[Case], n_rounds: int
) -> list[tuple[int, list[float]]]:
    """Return rows that came back to a thread with the table's number that do not belong to it."""
    found: list[tuple[int, list[float]]] = []

    def work(number: int) -> None:
        table = tables[number]
        for _ in range(n_rounds):
            if found:
                return
            try:
                answer = subject.bare_call(subject.build(table), table.X.copy(), table.y.copy())
                row = _strange_row(rows_and_labels(*answer, table)[0], number)
            except Exception:  # what works in the main thread alone, such as signals, raises in the others
                return
            if row is not None:
                found.append((number, row))

    # As a daemon, one that waits for ever does not keep the process from its end.
    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(len(tables))]
    before = sys.getswitchinterval()
    # Threads that change the filters put back each other's: what is shown all the same goes nowhere.
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("ignore")
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        finally:
            sys.setswitchinterval(before)
    return found


def _strange_row(X: np.ndarray, number: int) -> list[float] | None:
    """Return a row that is not near the place of a table, or None."""
    strange = np.flatnonzero((np.abs(X - _SHIFT * number) > _SHIFT / 2).any(axis=1))
    return X[strange[0]].tolist() if strange.size else None
