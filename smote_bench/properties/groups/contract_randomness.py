"""Contract on randomness: the seed decides everything, and nothing but the seed does."""

from __future__ import annotations

import contextlib
import dataclasses
import random
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from smote_bench.properties.answers import counts
from smote_bench.properties.cases import Case, Code
from smote_bench.properties.families import NUMERIC, OVERSAMPLERS
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation

__all__ = [
    "a_random_state_instance_goes_on",
    "a_sampler_can_be_used_again",
    "bytes_of",
    "different_seeds_differ",
    "expect_same",
    "global_state",
    "no_seed_gives_new_rows_each_time",
    "same_seed_gives_same_bytes",
    "the_global_random_state_plays_no_part",
]

# So many new rows that two answers of a sampler that merely picks among 6 rows are equal by
# chance once in 6 ** 20.
_many_new = partial(cases, n_extra=(20, 25), layouts=("cloud",))


def bytes_of(answer: tuple[Any, Any]) -> tuple[Any, ...]:
    """Return what two answers have in common if, and only if, they are the same."""
    X, y = (np.asarray(part) for part in answer)
    return X.shape, X.dtype, X.tobytes(), y.tolist()


def expect_same(first: tuple[Any, Any], second: tuple[Any, Any], what: str, setup: str) -> None:
    """Raise a `Violation` unless two answers are the same bytes."""
    if bytes_of(first) == bytes_of(second):
        return
    (X, y), (X_again, y_again) = (tuple(np.asarray(part) for part in answer) for answer in (first, second))
    if X.shape != X_again.shape:
        came = f"{len(X)} rows and {len(X_again)} rows"
    else:
        differs = np.not_equal(X, X_again).any(axis=1) | np.not_equal(y, y_again)
        row = int(np.flatnonzero(differs)[:1].sum())
        now, then = ((rows[row].tolist(), labels[row]) for rows, labels in ((X, y), (X_again, y_again)))
        came = f"row {row} is {now[0]} of class {now[1]}, then {then[0]} of class {then[1]}"
    raise Violation(f"expected {what} to give the same bytes, {came}", setup=setup)


@prop(
    "contract",
    "the same seed gives different rows, so that no result can be repeated, or seeds of NumPy's are refused",
    families=NUMERIC,
    needs=("seed",),
    cases=_many_new,
    examples=8,
)
def same_seed_gives_same_bytes(subject: Subject, case: Case) -> None:
    for seed in (case.seed, 0):
        seeded = dataclasses.replace(case, seed=seed)
        what = f"two samplers with the seed {seed}"
        setup = f"first = {subject.call_code(seeded)}"
        expect_same(subject.answer(seeded), subject.answer(seeded), what, setup)
    if subject.style not in ("estimator", "object"):
        return
    # What numpy.arange and a grid of parameters give is no int to isinstance.
    given = subject.with_seed(case, Code(f"np.int64({case.seed})"))
    seeded = subject.with_seed(case, np.int64(case.seed))
    setup = f"first = {subject.call_code(given)}"
    try:
        came = subject.call(subject.build(seeded), case.X.copy(), case.y.copy())
    except Violation:
        raise
    except Exception as error:  # loud, so that no result is in doubt
        raise Violation(
            f"expected a seed of NumPy's to be taken as one of Python's, it raised {error!r}",
            case=seeded,
            convention="scikit-learn",
        ) from error
    expect_same(came, subject.answer(case), "a seed of NumPy's and of Python's", setup)


@prop(
    "contract",
    "a sampler carries something from call to call, so that an answer depends on what it was used for before",
    families=NUMERIC,
    needs=("fit_resample", "seed"),
    cases=_many_new,
    examples=8,
)
def a_sampler_can_be_used_again(subject: Subject, case: Case) -> None:
    sampler = subject.build(case)
    made = f"sampler = {subject.new_code(case)}\n"
    first = subject.answer_of(sampler, case)
    again = subject.answer_of(sampler, case, setup=f"{made}sampler.fit_resample(X, y)")
    called_twice = f"{made}first, again = [sampler.fit_resample(X, y) for _ in '12']"
    expect_same(first, again, "one sampler, called twice,", called_twice)
    keep = np.delete(np.arange(len(case.y)), np.flatnonzero(case.y == 0)[-5:])[::-1]
    other = dataclasses.replace(case, X=case.X[keep] * 2.0 + 1.0, y=case.y[keep])
    used = f"{made}sampler.fit_resample(X, y)\n"
    used += "rows = np.delete(np.arange(len(y)), np.flatnonzero(y == 0)[-5:])[::-1]\n"
    used += "X, y = X[rows] * 2.0 + 1.0, y[rows]\n"
    try:
        expected = subject.call(subject.build(other), other.X.copy(), other.y.copy())
    except Exception:  # whether it has an answer to these data is no matter here
        return
    came = subject.answer_of(sampler, other, setup=used)
    what = "a new sampler and one that had other data before"
    expect_same(expected, came, what, f"{used}came = sampler.fit_resample(X, y)")
    again = subject.answer_of(sampler, case, setup=used)
    expect_same(first, again, "one sampler, before and after it had other data,", used)


@prop(
    "contract",
    "the seed is ignored: every seed gives the same rows, so that repeats of an experiment are no repeats",
    families=OVERSAMPLERS,
    needs=("seed",),
    cases=_many_new,
    examples=3,
    keeps_rows=True,
)
def different_seeds_differ(subject: Subject, case: Case) -> None:
    answers = [bytes_of(subject.answer(dataclasses.replace(case, seed=case.seed + i))) for i in range(3)]
    if answers[0] == answers[1] == answers[2]:
        _, y = rows_and_labels(*subject.answer(case), case)
        if len(y) == len(case.y):
            return  # nothing was made, and so nothing can differ
        raise Violation(
            f"expected different rows with the seeds {case.seed}, {case.seed + 1} and {case.seed + 2}, "
            f"all gave the same ({counts(case.y)} became {counts(y)})"
        )


@contextlib.contextmanager
def global_state(seed: int) -> Iterator[None]:
    """Set NumPy's and Python's global random state, and put back what there was."""
    numpy_state, python_state = np.random.get_state(), random.getstate()
    np.random.seed(seed)
    random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(numpy_state)
        random.setstate(python_state)


def _next_global() -> tuple[float, float]:
    return float(np.random.uniform()), random.random()


@prop(
    "contract",
    "with a seed given the global random state is read or changed, so that unrelated code changes results",
    families=NUMERIC,
    needs=("seed",),
    cases=_many_new,
    examples=6,
)
def the_global_random_state_plays_no_part(subject: Subject, case: Case) -> None:
    answers, followed = [], []
    for seed in (1, 2):
        with global_state(seed):
            untouched = _next_global()
        with global_state(seed):
            answers.append(subject.answer(case))
            followed.append(_next_global())
        for name, before, after in zip(("np.random", "random"), untouched, followed[-1], strict=True):
            if before != after:
                setup = f"import random\nnp.random.seed({seed})\nrandom.seed({seed})  # {name} changes"
                raise Violation(
                    f"expected the global state of {name} to stay as it was, it changed", setup=setup
                )
    call = subject.call_code(case)
    setup = f"np.random.seed(1)\nfirst = {call}\nnp.random.seed(2)\nsecond = {call}"
    expect_same(answers[0], answers[1], f"the seed {case.seed} under two global states", setup)


@prop(
    "contract",
    "a RandomState is refused, or does not go on from call to call as scikit-learn's convention says",
    families=OVERSAMPLERS,
    needs=("estimator", "seed"),
    cases=_many_new,
    examples=4,
    convention="scikit-learn",
    keeps_rows=True,
)
def a_random_state_instance_goes_on(subject: Subject, case: Case) -> None:
    made = f"np.random.RandomState({case.seed})"
    call = subject.call_code(subject.with_seed(case, Code("state")))
    setup = f"state = {made}\nfirst = {call}\nsecond = {call}"
    state = np.random.RandomState(case.seed)
    seeded = subject.with_seed(case, state)
    first = subject.answer(seeded, setup=setup)
    equal = subject.answer(subject.with_seed(case, np.random.RandomState(case.seed)), setup=setup)
    expect_same(first, equal, f"two equal states, {made},", setup)
    second = subject.answer(seeded, setup=setup)
    if bytes_of(first) == bytes_of(second):
        raise Violation(
            f"expected one RandomState used for two calls to go on, both gave the same {len(first[0])} rows",
            setup=setup,
        )


@prop(
    "contract",
    "without a seed every call gives the same rows, as if a seed were hidden in the sampler",
    families=OVERSAMPLERS,
    needs=("estimator", "seed"),
    cases=_many_new,
    examples=3,
    convention="scikit-learn",
    keeps_rows=True,
)
def no_seed_gives_new_rows_each_time(subject: Subject, case: Case) -> None:
    unseeded = subject.with_seed(case, None)
    answers = [bytes_of(subject.answer(unseeded)) for _ in range(3)]
    if answers[0] == answers[1] == answers[2]:
        raise Violation(
            f"expected other rows in each of 3 calls with {subject.seed_name}=None, they are the same"
        )
