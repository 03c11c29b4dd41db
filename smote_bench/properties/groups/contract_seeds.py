"""Contract on seeds of all kinds: 0, None, a Generator, and samplers that take none."""

from __future__ import annotations

from functools import partial

import numpy as np

from smote_bench.properties.cases import Case, Code
from smote_bench.properties.families import NUMERIC, OVERSAMPLERS
from smote_bench.properties.groups.contract_randomness import bytes_of, expect_same, global_state
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Violation

__all__ = [
    "a_generator_is_used_or_refused",
    "repeatable_without_a_seed_of_its_own",
    "seeds_of_any_value_differ",
]

_many_new = partial(cases, n_extra=(20, 25), layouts=("cloud",))
_SEEDS = (0, 1, 42, 2**31 - 1)


@prop(
    "contract",
    "some seeds are taken for others (0 for none, None for 42), so that repeats of an experiment are none",
    families=OVERSAMPLERS,
    needs=("seed",),
    cases=_many_new,
    examples=2,
    keeps_rows=True,
)
def seeds_of_any_value_differ(subject: Subject, case: Case) -> None:
    answers = {seed: bytes_of(subject.answer(subject.with_seed(case, seed))) for seed in _SEEDS}
    if len(set(map(repr, answers.values()))) == 1:
        return  # it has no randomness, or ignores its seed: `different_seeds_differ`
    for seed, answer in answers.items():
        for other, other_answer in answers.items():
            if seed < other and answer == other_answer:
                raise Violation(
                    f"expected different rows with the seeds {seed} and {other}, they are the same",
                    case=subject.with_seed(case, seed),
                )
    unseeded = subject.with_seed(case, None)
    came = []
    for state in (3, 4):
        with global_state(state):
            try:
                came.append(bytes_of(subject.answer(unseeded)))
            except Violation:
                return  # whether None is a seed is a convention
    for seed, answer in answers.items():
        if came[0] == came[1] == answer:
            raise Violation(f"expected other rows in each call with the seed None, it gives those of {seed}")


@prop(
    "contract",
    "there is no seed, and none of NumPy's or Python's random states makes a result come again",
    families=NUMERIC,
    needs=("no seed",),
    cases=_many_new,
    examples=2,
)
def repeatable_without_a_seed_of_its_own(subject: Subject, case: Case) -> None:
    call = subject.call_code(case)
    setup = (
        f"import random\nnp.random.seed(1); random.seed(1)\nfirst = {call}\nnp.random.seed(1); random.seed(1)"
    )
    answers = []
    for _ in range(2):
        with global_state(1):
            answers.append(subject.answer(case))
    expect_same(answers[0], answers[1], "two calls after np.random.seed(1) and random.seed(1)", setup)


@prop(
    "contract",
    "a numpy.random.Generator is taken for a seed and then ignored",
    families=OVERSAMPLERS,
    needs=("seed",),
    cases=_many_new,
    examples=2,
)
def a_generator_is_used_or_refused(subject: Subject, case: Case) -> None:
    call = subject.call_code(subject.with_seed(case, Code("np.random.default_rng(7)")))
    answers = []
    for _ in range(2):
        seeded = subject.with_seed(case, np.random.default_rng(7))
        try:
            answers.append(subject.call(subject.build(seeded), case.X.copy(), case.y.copy()))
        except Exception:  # not to know Generators is a choice
            return
    what = "two equal generators, np.random.default_rng(7),"
    expect_same(answers[0], answers[1], what, f"first = {call}\nsecond = {call}")
