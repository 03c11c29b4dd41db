"""The kit in one's own test file, in the manner of scikit-learn's `parametrize_with_checks`."""

from __future__ import annotations

import functools
import inspect
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pytest

from smote_bench.arguments import as_flag, as_integer, as_text, got
from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.properties.engine import run_property
from smote_bench.properties.kit import Property
from smote_bench.properties.loading import as_subject
from smote_bench.properties.subject import Subject
from smote_bench.properties.verdict import select
from smote_bench.properties.violations import Violation

__all__ = ["Check", "PropertyRemark", "parametrize_with_properties", "property_params"]

Reasons = Mapping[str, str]


class PropertyRemark(UserWarning):
    """A convention that an oversampler neither keeps nor claims to keep."""


class Check:
    """One property, bound to one oversampler: call it to have it tested.

    Parameters
    ----------
    prop : Property
    subject : Subject
    seed : int or None
        None means pytest's ``--hypothesis-seed`` where it is given, else 0.
    smoke : bool
    strict : bool
        Whether a convention that the sampler does not claim is held against it; else it is a warning.
    """

    def __init__(
        self,
        prop: Property,
        subject: Subject,
        *,
        seed: int | None = None,
        smoke: bool = False,
        strict: bool = False,
    ) -> None:
        self.prop = prop
        self.subject = subject
        self.seed = seed
        self.smoke = smoke
        self.strict = strict

    def __call__(self, oversampler: Any = None) -> None:  # noqa: ARG002 - for the reader of a call
        """Test it; `oversampler` is there so that calls read as ``check(oversampler)``.

        Raises
        ------
        Violation
            If it does not hold.
        """
        __tracebackhide__ = True
        seed = _hypothesis_seed() if self.seed is None else self.seed
        result = run_property(self.prop, self.subject, seed=seed, smoke=self.smoke)
        if result.status == "not applicable":
            pytest.skip(f"{self.prop.name} does not apply: {result.reason}")
        if result.is_remark and not self.strict:
            warnings.warn(str(result), PropertyRemark, stacklevel=2)
        elif result.status == "failed":
            raise Violation(str(result)) from None

    def __repr__(self) -> str:
        return f"Check({self.prop.name!r}, {self.subject.name!r})"


def parametrize_with_properties(
    oversamplers: Iterable[Any],
    *,
    expected_failures: Mapping[str, Any] | Callable[[Any], Reasons] | None = None,
    family: str | None = None,
    properties: Iterable[str] | None = None,
    seed: int | None = None,
    smoke: bool = False,
    strict: bool = False,
) -> Callable[[Callable[..., Any]], Any]:
    """Decorate a test function that takes an oversampler and a check.

    Parameters
    ----------
    oversamplers : iterable
        Classes, instances, functions, or strings ``package.module:Class?{...}``.
    expected_failures : mapping or callable, optional
        Properties that are known not to hold, each with its reason: ``{"property": "reason"}`` for all
        oversamplers, ``{"SMOTE": {"property": "reason"}}`` for one, or a function of an oversampler that
        returns the former. These cases are strict xfails: one that holds fails the test, so that the list
        stays true.
    family : str, optional
        One of `FAMILIES`, for all; read from each oversampler where it is not given.
    properties : iterable of str, optional
        Names of properties or groups; default all.
    seed : int, optional
        Default: pytest's ``--hypothesis-seed``, else 0.
    smoke : bool
        Fewer cases.
    strict : bool
        A convention that an oversampler does not claim by its tags fails too; default, it is a warning.

    Raises
    ------
    ConfigError
        If an oversampler cannot be built, or a name is unknown.

    Examples
    --------
    >>> from smote_impls import SMOTE
    >>> @parametrize_with_properties([SMOTE(k_neighbors=3)], properties=["structure"])
    ... def test_mine(oversampler, check):
    ...     check(oversampler)
    """
    as_flag("smoke", smoke)
    as_flag("strict", strict)
    if family is not None:
        as_text("family", family, "the name of a family")
    if seed is not None:
        as_integer("seed", seed)
    listed = _listed(oversamplers)
    params = list(
        property_params(
            listed,
            expected_failures=expected_failures,
            family=family,
            properties=properties,
            seed=seed,
            smoke=smoke,
            strict=strict,
        )
    )

    def decorate(function: Callable[..., Any]) -> Any:
        names = [name for name in inspect.signature(function).parameters if name != "self"][:2]
        if len(names) < 2:
            raise ConfigError(
                f"expected {function.__name__} to take an oversampler and a check, it takes {names}: write "
                f"def {function.__name__}(oversampler, check): check(oversampler)"
            )
        return pytest.mark.parametrize(names, params)(function)

    return decorate


def property_params(
    oversamplers: list[Any],
    *,
    expected_failures: Mapping[str, Any] | Callable[[Any], Reasons] | None = None,
    family: str | None = None,
    properties: Iterable[str] | None = None,
    seed: int | None = None,
    smoke: bool = False,
    strict: bool = False,
) -> Iterator[Any]:
    """Yield a ``pytest.param(oversampler, check)`` for every oversampler and property."""
    chosen = select(properties)
    subjects = [as_subject(oversampler, family=family) for oversampler in oversamplers]
    names = [_short(subject) for subject in subjects]
    for oversampler, subject, name in zip(oversamplers, subjects, names, strict=True):
        reasons = _reasons(expected_failures, oversampler, name, names)
        label = name if names.count(name) == 1 else f"{name}{oversamplers.index(oversampler)}"
        for prop in chosen:
            marks = []
            if prop.name in reasons:
                marks = [pytest.mark.xfail(reason=reasons[prop.name], strict=True, raises=Violation)]
            # What is expected to fail has to fail, as a law or as a convention.
            held = strict or prop.name in reasons
            check = Check(prop, subject, seed=seed, smoke=smoke, strict=held)
            yield pytest.param(oversampler, check, marks=marks, id=f"{label}-{prop.name}")


def _listed(oversamplers: object) -> list[Any]:
    """Return the oversamplers; of a text, or of none, a test would have no case."""
    if isinstance(oversamplers, str) or not isinstance(oversamplers, Iterable):
        raise ConfigError(
            f"oversamplers: expected a list of oversamplers, got {got(oversamplers)}: write it in "
            "brackets, as in [SMOTE(k_neighbors=3)]"
        )
    listed = list(oversamplers)
    if not listed:
        raise ConfigError(
            "oversamplers: expected a list of oversamplers, got an empty one, of which nothing would be "
            "tested: write one, as in [SMOTE(k_neighbors=3)]"
        )
    return listed


def _short(subject: Subject) -> str:
    """Return the class's name, with the parameters that tell two subjects of one class apart."""
    name = subject.name.partition("?")[0].rpartition(":")[2].rpartition(".")[2]
    settings = ",".join(f"{key}={value}" for key, value in subject.params.items())
    return f"{name}({settings})" if settings else name


def _reasons(expected: Any, oversampler: Any, name: str, names: list[str]) -> Reasons:
    """Return the expected failures of one oversampler; refuse names that are not in the kit."""
    given = expected(oversampler) if callable(expected) else ({} if expected is None else expected)
    if not isinstance(given, Mapping):
        raise ConfigError(
            f"expected_failures: expected a mapping, or a function that returns one, got {got(given)}: write "
            'it as {"property": "reason"}'
        )
    known = _property_names()
    reasons: dict[str, str] = {}
    for key, value in given.items():
        if isinstance(value, Mapping):
            if key not in names:
                raise ConfigError(
                    f"expected_failures: expected one of the oversamplers {', '.join(names)}, got {key!r}."
                    f"{did_you_mean(key, names)}"
                )
            if key == name:
                reasons.update(value)
        else:
            reasons[key] = value
    for key, reason in reasons.items():
        if key not in known:
            raise ConfigError(
                f"expected_failures: expected a property's name, got {key!r}.{did_you_mean(key, known)}"
            )
        if not isinstance(reason, str) or not reason.strip():
            raise ConfigError(f"expected_failures: expected a reason in words for {key!r}, got {reason!r}")
    return reasons


@functools.cache
def _property_names() -> tuple[str, ...]:
    return tuple(prop.name for prop in select(None))


def _hypothesis_seed() -> int:
    from hypothesis import core

    given = getattr(core, "global_force_seed", None)
    if given is None:
        return 0
    return given if isinstance(given, int) else zlib.crc32(str(given).encode())
