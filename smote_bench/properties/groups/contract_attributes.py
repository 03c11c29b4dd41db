"""Contract on attributes: what a sampler says of its answer after the call is true of it."""

from __future__ import annotations

from functools import partial

import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.families import NUMERIC
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation

__all__ = ["sample_indices_name_the_rows"]


@prop(
    "contract",
    "sample_indices_ is there after a call, and names other rows than those that came back",
    families=NUMERIC,
    needs=("fit_resample",),
    cases=partial(cases, n_extra=(12, 16), layouts=("cloud",)),
    examples=3,
    convention="imbalanced-learn",
)
def sample_indices_name_the_rows(subject: Subject, case: Case) -> None:
    sampler = subject.build(case)
    try:
        answer = subject.as_returned(sampler, case.X.copy(), case.y.copy())
    except Exception:  # whether it answers is for others to say
        return
    X, y = rows_and_labels(*answer, case)
    indices = getattr(sampler, "sample_indices_", None)
    known = {(*row, label) for row, label in zip(case.X.tolist(), case.y.tolist(), strict=True)}
    came = {(*row, label) for row, label in zip(X.tolist(), y.tolist(), strict=True)}
    # Of rows that are made the attribute may name those that they are made of.
    if indices is None or not came <= known:
        return
    setup = f"sampler = {subject.new_code(case)}\nsampler.fit_resample(X, y)\nnamed = sampler.sample_indices_"
    try:
        named, labels = case.X[np.asarray(indices)], case.y[np.asarray(indices)]
    except (IndexError, TypeError, ValueError):
        named, labels = case.X[:0], case.y[:0]
    if named.shape != X.shape:
        raise Violation(
            f"expected sample_indices_ to name the {len(X)} rows of the input that came back, got "
            f"{str(indices)[:100]}",
            setup=setup,
        )
    wrong = np.flatnonzero((named != X).any(axis=1) | (labels != y))
    if wrong.size:
        row = int(wrong[0])
        raise Violation(
            f"expected X[sample_indices_[{row}]] to be row {row} that came back, {X[row].tolist()} of class "
            f"{y[row]}, it is {named[row].tolist()} of class {labels[row]}",
            setup=setup,
        )
