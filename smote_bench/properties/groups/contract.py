"""Contract: what every caller relies on, whatever is sampled."""

from __future__ import annotations

import dataclasses

import hypothesis.strategies as st
import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.families import NUMERIC
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation

__all__ = ["answers_ordinary_data"]


@st.composite
def _ordinary(draw: st.DrawFn, /, subject: Subject) -> Case:
    """Draw a case as `cases` does, with classes apart only by chance, whatever the sampler wants."""
    needs = subject.needs
    subject.needs = dataclasses.replace(needs, apart=False) if needs.apart else needs
    try:
        case: Case = draw(cases(subject))
    finally:
        subject.needs = needs
    return case


@prop(
    "contract",
    "an ordinary imbalanced data set is refused, or no pair of finite rows and labels comes back",
    families=NUMERIC,
    cases=_ordinary,
)
def answers_ordinary_data(subject: Subject, case: Case) -> None:
    try:
        answer = subject.answer(case)
    except Violation as violation:
        if subject.needs.apart:
            raise Violation(f"{violation.message} (it takes {subject.needs})") from None
        raise
    X, y = rows_and_labels(*answer, case)
    broken = np.flatnonzero(~np.isfinite(X).all(axis=1))
    if broken.size:
        raise Violation(f"expected finite values, got the row {X[broken[0]].tolist()}")
    if not set(y.tolist()) <= set(case.y.tolist()):
        raise Violation(f"expected labels out of y, got {sorted(set(y.tolist()))}")
