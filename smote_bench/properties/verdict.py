"""The verdict on one oversampler: every property of the kit put to it, and a table of what came of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from smote_bench.arguments import as_names
from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.properties.causes import split_by_cause
from smote_bench.properties.engine import FEWEST_CASES, Result, run_property
from smote_bench.properties.families import MIXED
from smote_bench.properties.groups import PROPERTIES
from smote_bench.properties.kit import GROUPS, Property
from smote_bench.properties.loading import as_subject
from smote_bench.properties.probing import parse_columns, probe
from smote_bench.properties.subject import DataNeeds, Subject

__all__ = ["Verdict", "check_exceptions", "select", "validate"]

FULL_SECONDS, SMOKE_SECONDS = 50.0, 7.0
"""What a verdict may take; a sampler too slow for all cases within it gets fewer, and the table says so."""

MIXED_SECONDS = 25.0
"""The same of samplers of typed frames."""

_FEWEST_SECONDS = 0.5
# How many times its even share of the time left a property may take: they differ that much.
_SHARES = 6


@dataclass(frozen=True)
class Verdict:
    """What the kit says of one oversampler.

    Parameters
    ----------
    subject : Subject
    results : tuple of Result
        One for each property that was put to it, group after group.
    seconds : float
    stopped : bool
        Whether the rest was left out after a failure.
    strict : bool
        Whether conventions reject as laws do.
    exceptions : mapping
        Properties that are known not to hold, each with its reason.
    """

    subject: Subject
    results: tuple[Result, ...]
    seconds: float
    stopped: bool = False
    strict: bool = False
    exceptions: Mapping[str, str] = field(default_factory=dict)

    @property
    def failures(self) -> tuple[Result, ...]:
        """The properties that do not hold and for which it is rejected."""
        return tuple(
            result
            for result in self.results
            if result.status == "failed" and not self._is_remark(result) and not self._is_excepted(result)
        )

    @property
    def remarks(self) -> tuple[Result, ...]:
        """The conventions that it does not keep and does not claim to keep: nothing to reject it for."""
        return tuple(r for r in self.results if self._is_remark(r) and not self._is_excepted(r))

    @property
    def excepted(self) -> tuple[Result, ...]:
        """The properties that do not hold and of which that is known."""
        return tuple(r for r in self.results if r.status == "failed" and self._is_excepted(r))

    @property
    def stale_exceptions(self) -> tuple[Result, ...]:
        """The properties that hold although an exception says that they do not: the list is to stay true."""
        return tuple(r for r in self.results if r.status == "passed" and self._is_excepted(r))

    def _is_remark(self, result: Result) -> bool:
        return result.is_remark and not self.strict

    def _is_excepted(self, result: Result) -> bool:
        return result.property.name in self.exceptions

    @property
    def telling_failures(self) -> tuple[tuple[Result, ...], tuple[Result, ...]]:
        """The failures in two parts: those with a cause of their own, and those that repeat one of these."""
        telling, again = split_by_cause(
            self.failures, lambda result: result.property.name, lambda result: result.reason
        )
        return tuple(telling), tuple(again)

    @property
    def accepted(self) -> bool:
        """Whether every law and every convention that it claims holds, but for true exceptions."""
        return not self.failures and not self.stale_exceptions

    @property
    def word(self) -> str:
        """``ACCEPTED``, ``ACCEPTED with remarks`` or ``REJECTED``."""
        if not self.accepted:
            return "REJECTED"
        return "ACCEPTED with remarks" if self.remarks or self.excepted else "ACCEPTED"

    @property
    def false_alarm(self) -> float:
        """At most this probability of rejecting a correct sampler: the sum over tests with chance in them."""
        return sum(
            result.property.false_alarm for result in self.results if result.status != "not applicable"
        )


def validate(
    oversampler: Any,
    *,
    family: str | None = None,
    seed: int = 0,
    smoke: bool = False,
    fail_fast: bool = False,
    properties: Iterable[str] | None = None,
    report: Callable[[Result], None] | None = None,
    strict: bool = False,
    exceptions: Mapping[str, str] | None = None,
    columns: str | None = None,
    min_rows: int | None = None,
) -> Verdict:
    """Put an oversampler to the kit.

    Parameters
    ----------
    oversampler : class, instance, function, or str
        A string is ``package.module:Class``, with parameters as JSON after ``?``.
    family : str, optional
        One of `FAMILIES`; read from the sampler where it is not given.
    seed : int
        The same seed gives the same verdict.
    smoke : bool
        Fewer cases: a look in a few seconds.
    fail_fast : bool
        Stop after the first property that does not hold.
    properties : iterable of str, optional
        Names of properties or groups; default all.
    report : callable, optional
        Gets every result as soon as it is there.
    strict : bool
        Conventions reject as laws do, whether the sampler claims them or not.
    exceptions : mapping of property to reason, optional
        What is known not to hold, and why. One that holds rejects: the list is to stay true.
    columns : str, optional
        The columns that it takes, as ``numeric:3`` (at least three) or ``category:1,numeric:2``; found by
        probing where it is not given.
    min_rows : int, optional
        The fewest rows of a class that it takes; found by probing where it is not given.

    Raises
    ------
    ConfigError
        If there is no such sampler, it cannot be built, or a name is unknown.

    Examples
    --------
    >>> from smote_impls import SMOTE
    >>> validate(SMOTE, properties=["originals_come_first"]).accepted
    True
    """
    excepted = check_exceptions(exceptions or {})
    subject = as_subject(oversampler, family=family)
    started = time.perf_counter()
    subject.needs = _needs(subject, columns, min_rows)
    results: list[Result] = []
    chosen = select(properties)
    is_mixed = subject.family in MIXED
    limit = SMOKE_SECONDS if smoke else MIXED_SECONDS if is_mixed else FULL_SECONDS
    n_left = sum(_shares(prop, subject) for prop in chosen)
    for prop in chosen:
        # What a quick property leaves of its share goes to the others.
        left = limit - (time.perf_counter() - started)
        share = max(_FEWEST_SECONDS, _SHARES * left / max(n_left, 1))
        n_left -= _shares(prop, subject)
        # The time is over: a case of each of the rest still says more than none.
        fewest = FEWEST_CASES if left > 0 else 1
        result = run_property(prop, subject, seed=seed, smoke=smoke, limit_seconds=share, fewest_cases=fewest)
        results.append(result)
        if report is not None:
            report(result)
        so_far = Verdict(subject, tuple(results), time.perf_counter() - started, False, strict, excepted)
        if fail_fast and not so_far.accepted:
            return replace(so_far, stopped=True)
    return Verdict(subject, tuple(results), time.perf_counter() - started, False, strict, excepted)


def _shares(prop: Property, subject: Subject) -> bool:
    """Return whether a property gets a share of the time: of tables of numbers, or of typed frames."""
    return subject.family in prop.families if subject.family in MIXED else prop.group != "mixed"


def _needs(subject: Subject, columns: str | None, min_rows: int | None) -> DataNeeds:
    """Return the data that a subject takes, as stated or as found by probing; none of typed frames."""
    if subject.family in MIXED:
        stated = subject.params.get("categorical_features", "auto")
        if not isinstance(stated, str) or stated != "auto":
            raise ConfigError(
                f"expected categorical_features to be 'auto' or left out, got {stated!r}: the kit's frames "
                "have their categories in any place, and types that say which they are"
            )
        if columns is not None:
            raise ConfigError(
                f"expected no columns for the family {subject.family}, got {columns!r}: its frames have "
                "categories of all kinds"
            )
        return DataNeeds((), 1, min_rows, "stated") if min_rows else DataNeeds()
    if columns is None and min_rows is None:
        return probe(subject)
    if min_rows is not None and min_rows < 1:
        raise ConfigError(f"expected min_rows to be 1 or more, got {min_rows}")
    kinds = parse_columns(columns) if columns is not None else ()
    exact = kinds if "category" in kinds else ()
    return DataNeeds(exact, max(len(kinds), 1), min_rows or 0, "stated")


def check_exceptions(exceptions: Mapping[str, str]) -> dict[str, str]:
    """Return exceptions if each names a property and says why.

    Raises
    ------
    ConfigError
        If one does not.
    """
    for name, reason in exceptions.items():
        if name not in PROPERTIES:
            raise ConfigError(
                f"exceptions: expected a property's name, got {name!r}.{did_you_mean(str(name), PROPERTIES)}"
            )
        if not isinstance(reason, str) or not reason.strip():
            raise ConfigError(f"exceptions: expected a reason in words for {name!r}, got {reason!r}")
    return dict(exceptions)


def select(names: Iterable[str] | None) -> list[Property]:
    """Return the properties of these names or groups, in the kit's order.

    Raises
    ------
    ConfigError
        If a name is neither, or there is none: nothing would be tested, and accepted.
    """
    listed = as_names("properties", names, "structure")
    if listed is None:
        return list(PROPERTIES.values())
    wanted = set(listed)
    for name in wanted:
        if name not in PROPERTIES and name not in GROUPS:
            known = [*GROUPS, *PROPERTIES]
            raise ConfigError(
                f"expected a property or a group ({', '.join(GROUPS)}), got {name!r}."
                f"{did_you_mean(name, known)}"
            )
    return [prop for prop in PROPERTIES.values() if prop.name in wanted or prop.group in wanted]
