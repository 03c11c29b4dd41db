"""Contract on the parameters that are no number of neighbours, strategy, seed or number of jobs."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from smote_bench.errors import ConfigError
from smote_bench.properties.answers import check_box, check_counts, check_originals, counts
from smote_bench.properties.cases import Case
from smote_bench.properties.families import OVERSAMPLERS, SMOTE_LIKE
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation, shown

__all__ = ["other_parameters_are_kept", "other_parameters_keep_the_counts"]

# He 2008: how many of the missing rows are made, of which 1 means all.
_BETA = "beta"

# So many new rows that no rounding of shares leaves nothing to do.
_plain = partial(cases, n_extra=(12, 16), layouts=("cloud",))


def _other_values(default: Any) -> list[Any]:
    """Return values near a default; none where nothing is known of what it may be."""
    if isinstance(default, bool | np.bool_):
        return [not default]
    if isinstance(default, int | np.integer):
        return [int(default) + 1, *([int(default) - 1] if default > 1 else [])]
    if isinstance(default, float | np.floating) and np.isfinite(default):
        return [0.5 * float(default), 1.5 * float(default)] if default else [0.1]
    return []


def _changed(subject: Subject, case: Case) -> Iterator[tuple[str, Any, Case]]:
    """Yield the name of each other parameter with a value, and the case that sets it."""
    for name in subject.other_parameters:
        for value in _other_values(subject.default(name)):
            yield name, value, dataclasses.replace(case, params={**case.params, name: value})


def _answered(subject: Subject, sampler: Any, case: Case) -> tuple[np.ndarray, np.ndarray] | None:
    """Return its answer; None where it raises: which values are possible is for the sampler to say."""
    try:
        answer = subject.call(sampler, case.X.copy(), case.y.copy())
    except Violation:
        raise
    except Exception:
        return None
    return rows_and_labels(*answer, case)


@prop(
    "contract",
    "another parameter than the usual ones, set a little differently, costs rows or makes too many of them",
    families=OVERSAMPLERS,
    needs=("other parameters",),
    cases=_plain,
    examples=3,
)
def other_parameters_keep_the_counts(subject: Subject, case: Case) -> None:
    for name, value, asked in _changed(subject, case):
        with shown(case=asked):
            try:
                sampler = subject.build(asked)
            except ConfigError:
                continue  # refused
            answer = _answered(subject, sampler, asked)
            if answer is None:
                continue
            X, y = answer
            if subject.family not in SMOTE_LIKE:
                # Of any other it may decide how many rows there are.
                if not set(counts(y)) <= set(counts(case.y)):
                    raise Violation(
                        f"expected classes out of {sorted(counts(case.y))}, got {sorted(counts(y))}"
                    )
                continue
            check_originals(asked, X, y)
            check_box(subject, asked, X, y)
            if not subject.lacks("default counts"):
                _demand_a_level(subject, asked, y, _levels(subject, name, value))


def _levels(subject: Subject, name: str, value: Any) -> tuple[float, ...]:
    """Return of how many of the missing rows there may be: of all, or as many as ADASYN's beta says."""
    if subject.family == "adasyn" and name == _BETA:
        return float(value), min(float(value), 1.0)
    return (1.0,)


def _demand_a_level(subject: Subject, case: Case, y: np.ndarray, levels: tuple[float, ...]) -> None:
    """Raise unless the numbers of rows are those of one of the levels, rounded in either way."""
    before = counts(case.y)
    largest = max(before.values())
    found: Violation | None = None
    for level in levels:
        for rounded in (np.floor, np.ceil):
            wanted = {label: n + int(rounded(level * (largest - n))) for label, n in before.items()}
            try:
                check_counts(subject, case, y, wanted)
            except Violation as violation:
                found = found or violation
            else:
                return
    if found:
        raise found


@prop(
    "contract",
    "another parameter than the usual ones is changed, lost by get_params, or not used once the sampler was",
    families=OVERSAMPLERS,
    needs=("estimator", "seed", "other parameters"),
    cases=_plain,
    examples=3,
    convention="scikit-learn",
)
def other_parameters_are_kept(subject: Subject, case: Case) -> None:
    _accepts_defaults(subject, case)
    for name, value, asked in _changed(subject, case):
        try:
            sampler = subject.build(asked)
        except ConfigError:
            continue
        setup = f"sampler = {subject.new_code(asked)}"
        _keeps(sampler, name, value, setup)
        wanted = _answered(subject, sampler, asked)
        if wanted is None:
            continue
        _keeps(sampler, name, value, f"{setup}\nsampler.fit_resample(X, y)")
        used = subject.build(case)
        subject.answer_of(used, case)
        setup = (
            f"sampler = {subject.new_code(case)}\nsampler.fit_resample(X, y)\n"
            f"came = sampler.set_params({name}={value!r}).fit_resample(X, y)"
        )
        with shown(setup=setup):
            try:
                used.set_params(**{name: value})
            except Exception as error:
                raise Violation(
                    f"expected set_params({name}={value!r}) to work, it raised {error!r}"
                ) from error
            came, _ = rows_and_labels(*subject.answer_of(used, case, setup=setup), case)
        if came.shape != wanted[0].shape or not np.array_equal(came, wanted[0]):
            raise Violation(
                f"expected the rows of a new sampler with {name}={value!r}, a used one that got it by "
                "set_params gives others",
                setup=setup,
            )


def _accepts_defaults(subject: Subject, case: Case) -> None:
    stated = {name: subject.default(name) for name in subject.other_parameters}
    asked = dataclasses.replace(case, params={**case.params, **stated})
    came, _ = rows_and_labels(*subject.answer(asked), case)
    wanted, _ = rows_and_labels(*subject.answer(case), case)
    if came.shape != wanted.shape or not np.array_equal(came, wanted):
        raise Violation(
            f"expected the same {len(wanted)} rows where the defaults of {', '.join(stated)} are given, got "
            f"{len(came)} others",
            case=asked,
        )


def _keeps(sampler: Any, name: str, value: Any, setup: str) -> None:
    has = sampler.get_params(deep=False).get(name)
    if has is not value and has != value:
        raise Violation(
            f"expected get_params()[{name!r}] to be {value!r}, got {has!r}",
            setup=setup,
            proof=f"assert sampler.get_params()[{name!r}] == {value!r}",
        )
