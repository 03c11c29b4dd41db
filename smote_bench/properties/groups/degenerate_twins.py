"""Degenerate places: a row of another class where a row of the minority is, or a hair's breadth from it."""

from __future__ import annotations

import numpy as np

from smote_bench.properties.answers import check_answer
from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import LEVEL, binomial_findings, demand_plausible
from smote_bench.properties.families import OVERSAMPLERS
from smote_bench.properties.kit import prop
from smote_bench.properties.rules import demand_allowed_rows
from smote_bench.properties.strategies import has_seeds
from smote_bench.properties.subject import Subject
from smote_bench.properties.twins import Twins, twins_case
from smote_bench.properties.violations import shown

__all__ = ["a_twin_of_another_class_is_another_row"]

# At the very place, and nearer than any row of the class by ten orders of magnitude.
_BESIDE = (0.0, 1e-9)


def _twins(subject: Subject, seed: int, smoke: bool) -> Case:
    cases = [twins_case(subject, seed, beside=beside) for beside in _BESIDE]
    return Case(cases[0].X, cases[0].y, layout={"cases": cases})


@prop(
    "degenerate",
    "a row with a twin of another class, at its place or all but there, is left out, or taken for noise or "
    "for easy to learn",
    families=OVERSAMPLERS,
    design=_twins,
    false_alarm=LEVEL,
)
def a_twin_of_another_class_is_another_row(subject: Subject, case: Case) -> None:
    for laid_out in case.layout["cases"]:
        with shown(case=laid_out):
            _check_twins(subject, laid_out)


def _check_twins(subject: Subject, case: Case) -> None:
    twins: Twins = case.layout["twins"]
    answer = check_answer(subject, case)
    if answer is None or subject.family == "generic" or not has_seeds(subject, case):
        return
    demand_allowed_rows(subject, case.X, case.y, answer, k=subject.k(case), m=subject.m(case))
    if subject.family != "smote":
        return
    beyond = twins.from_outside(answer[0][len(case.y) :])
    words = f"new rows that start from one of {twins.n_pairs} rows {{}}, of those from a row like that"
    demand_plausible(
        binomial_findings(
            beyond,
            int(beyond.sum()),
            np.full(2, 0.5),
            words,
            (f"with {twins.n_twins} twins of another class", "without twins"),
        ),
        level=LEVEL / len(_BESIDE),
    )
