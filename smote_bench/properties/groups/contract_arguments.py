"""Contract on arguments: wrong numbers are refused by name, and what is set is what is used."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

import numpy as np

from smote_bench.errors import ConfigError
from smote_bench.properties.cases import Case
from smote_bench.properties.families import NUMERIC, OVERSAMPLERS
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation

__all__ = [
    "keywords_are_not_swallowed",
    "n_jobs_does_not_matter",
    "rejects_wrong_numbers_of_neighbors",
    "set_params_reaches_a_used_sampler",
    "too_many_neighbors_are_said_so",
]

_plain = partial(cases, n_extra=(12, 16), layouts=("cloud",))


@prop(
    "contract",
    "a number of neighbours that is none (0, -1, 2.5, a word) is taken, and something else used in silence",
    families=NUMERIC,
    needs=("k",),
    cases=_plain,
    examples=2,
)
def rejects_wrong_numbers_of_neighbors(subject: Subject, case: Case) -> None:
    assert subject.k_name is not None
    for value in (0, -1, 2.5, "five"):
        asked = dataclasses.replace(case, params={**case.params, subject.k_name: value})
        try:
            answer = subject.call(subject.build(asked), case.X.copy(), case.y.copy())
        except ConfigError:
            continue  # its constructor refuses it
        except Violation as violation:
            raise Violation(violation.message, case=asked) from None
        except Exception as error:
            words = str(error)
            if subject.k_name in words or str(value) in words or "neighbo" in words:
                continue
            raise Violation(
                f"expected an error that names {subject.k_name}={value!r}, got "
                f"{type(error).__name__}: {words}",
                case=asked,
                convention="smote-bench",
            ) from error
        raise Violation(
            f"expected an error for {subject.k_name}={value!r}, it was taken, "
            f"{len(np.asarray(answer[1]))} labels came back",
            case=asked,
            proof='raise AssertionError("expected an error, an answer came back")',
        )


@prop(
    "contract",
    "more neighbours than there are rows are taken for fewer, without a word",
    families=OVERSAMPLERS,
    needs=("k", "default counts"),
    cases=_plain,
    examples=2,
    convention="smote-bench",
)
def too_many_neighbors_are_said_so(subject: Subject, case: Case) -> None:
    assert subject.k_name is not None
    asked = dataclasses.replace(case, params={**case.params, subject.k_name: len(case.y) + 10})
    try:
        (_, y), said = subject.heard(subject.build(asked), case.X.copy(), case.y.copy())
    except Exception:  # how it refuses is for others to say
        return
    if not said:
        raise Violation(
            f"expected an error or a warning for {subject.k_name}={len(case.y) + 10} with {len(case.y)} "
            f"rows, {len(np.asarray(y))} labels came back without a word",
            case=asked,
        )


@prop(
    "contract",
    "set_params on a sampler that was used changes nothing: a grid search compares one setting with itself",
    families=NUMERIC,
    needs=("estimator", "seed"),
    cases=_plain,
    examples=3,
    convention="scikit-learn",
)
def set_params_reaches_a_used_sampler(subject: Subject, case: Case) -> None:
    assert subject.seed_name is not None
    sampler = subject.build(case)
    subject.answer_of(sampler, case)
    fewer = {} if subject.lacks("k") or subject.k(case) < 2 else {str(subject.k_name): 1}
    # An adasyn or a borderline may find nothing to start from with other neighbours.
    fewer = fewer if subject.family in ("smote", "generic", "interpolating") else {}
    other = dataclasses.replace(case, seed=case.seed + 1, params={**case.params, **fewer})
    settings = {subject.seed_name: other.seed, **fewer}
    shown = ", ".join(f"{name}={value!r}" for name, value in settings.items())
    setup = (
        f"sampler = {subject.new_code(case)}\nsampler.fit_resample(X, y)\n"
        f"came = sampler.set_params({shown}).fit_resample(X, y)"
    )
    try:
        sampler.set_params(**settings)
    except Exception as error:
        raise Violation(f"expected set_params({shown}) to work, it raised {error!r}", setup=setup) from error
    came, _ = rows_and_labels(*subject.answer_of(sampler, case, setup=setup), case)
    wanted, _ = rows_and_labels(*subject.answer(other), case)
    if came.shape != wanted.shape or not np.array_equal(came, wanted):
        raise Violation(
            f"expected the rows of a new sampler with {shown}, a used one that got these by set_params gives "
            "others",
            setup=setup,
        )


@prop(
    "contract",
    "the number of jobs changes the rows: a result depends on the machine",
    families=NUMERIC,
    needs=("n_jobs", "seed"),
    cases=_plain,
    examples=2,
)
def n_jobs_does_not_matter(subject: Subject, case: Case) -> None:
    jobs = [dataclasses.replace(case, params={**case.params, "n_jobs": n_jobs}) for n_jobs in (1, 2)]
    one, two = (rows_and_labels(*subject.answer(asked), case)[0] for asked in jobs)
    if one.shape != two.shape or not np.allclose(one, two, rtol=0, atol=1e-9):
        raise Violation(
            f"expected the same rows with n_jobs=1 and n_jobs=2, got {len(one)} and {len(two)} rows that "
            "differ",
            case=jobs[1],
        )


@prop(
    "contract",
    "random_state is taken by **kwargs and forgotten: results look seeded and are not",
    families=NUMERIC,
    needs=("any keyword",),
    cases=_plain,
    examples=2,
)
def keywords_are_not_swallowed(subject: Subject, case: Case) -> None:
    if subject.seed_name is not None:
        return
    answers: list[Any] = []
    seeded = dataclasses.replace(case, params={**case.params, "random_state": 0})
    for _ in range(3):
        try:
            answer = subject.call(subject.build(seeded), case.X.copy(), case.y.copy())
        except Exception:  # refused: that is what it should do, or use it
            return
        answers.append(np.asarray(answer[0]))
    if any(a.shape != answers[0].shape or not np.array_equal(a, answers[0]) for a in answers[1:]):
        raise Violation(
            "expected random_state=0 to give the same rows in each call, or to be refused as unknown, it is "
            "taken and the rows differ",
            case=seeded,
        )
