"""Contract on what is kept between calls: data that merely look like earlier ones are other data."""

from __future__ import annotations

import dataclasses
from functools import partial

import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.families import NUMERIC
from smote_bench.properties.groups.contract_randomness import expect_same
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject

__all__ = ["data_that_look_alike_are_told_apart"]

_FEWEST = 4


@prop(
    "contract",
    "data with the shape, sums, first and last rows of earlier ones are taken for these: an answer is stale",
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
    other = dataclasses.replace(case, X=changed)
    try:
        expected = subject.call(subject.build(other), other.X.copy(), other.y.copy())
    except Exception:  # whether it has an answer to these data is no matter here
        return
    used = f"sampler = {subject.new_code(case)}\nsampler.fit_resample(X, y)\n"
    swapped = f"X[{pair.tolist()}, 0] = X[{turned.tolist()}, 0]\ncame = sampler.fit_resample(X, y)"
    for what, in_place in (("other data", False), ("the same array, changed since,", True)):
        sampler, X = subject.build(case), case.X.copy()
        subject.answer_of(sampler, case, X=X)
        if in_place:
            X[pair, 0] = X[turned, 0]
            setup = used + swapped
        else:
            X = changed.copy()
            setup = f"{used}X = X.copy()\n{swapped}"
        came = subject.answer_of(sampler, other, X=X, setup=setup)
        expect_same(expected, came, f"a new sampler and one that had {what} before", setup)
