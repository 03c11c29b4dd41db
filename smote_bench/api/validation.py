"""The property kit, called on one oversampler."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from smote_bench.arguments import as_flag, as_integer, as_names, as_text
from smote_bench.properties import table
from smote_bench.properties import verdict as kit

__all__ = ["PropertyVerdict", "validate"]


class PropertyVerdict(kit.Verdict):
    """What the kit says of an oversampler; `validate` returns it.

    ``print(verdict)`` shows every failure with the smallest data set on which it was found.

    Attributes
    ----------
    passed : bool
    exit_code : int
        As of ``smote-bench validate``: 0 accepted, 1 rejected.
    word : str
        ``ACCEPTED``, ``ACCEPTED with remarks`` or ``REJECTED``.
    failures : tuple of Result
        The properties that do not hold and for which it is rejected, with ``property.name``, ``reason`` and
        ``counterexample``.
    remarks : tuple of Result
        Conventions that it neither keeps nor claims to keep.
    results : tuple of Result
        Of all properties; ``status`` is ``passed``, ``failed`` or ``not applicable``.
    seconds : float
    """

    @property
    def passed(self) -> bool:
        """Whether every property that applies holds."""
        return self.accepted

    @property
    def exit_code(self) -> int:
        """As of ``smote-bench validate``: 0 accepted, 1 rejected."""
        return 0 if self.accepted else 1

    def to_json(self) -> dict[str, object]:
        """Return the verdict as JSON values, as ``smote-bench validate --json`` writes them."""
        return table.verdict_json(self)

    def __str__(self) -> str:
        parts = [table.header(self.subject)]
        if not self.accepted:
            parts.append(table.failures_text(self).strip("\n"))
        if self.remarks or self.excepted:
            parts.append(table.remarks_text(self))
        return "\n\n".join([*parts, table.summary_line(self)])

    def __repr__(self) -> str:
        return f"<PropertyVerdict {self.subject.name}: {table.summary_line(self)}>"

    def _repr_html_(self) -> str:
        from smote_bench.report.text.markup import element

        return element("pre", str(self))


def validate(
    sampler: Any,
    *,
    family: str | None = None,
    smoke: bool = False,
    fail_fast: bool = False,
    properties: str | Iterable[str] | None = None,
    seed: int = 0,
    strict: bool = False,
    exceptions: Mapping[str, str] | None = None,
    columns: str | None = None,
    min_rows: int | None = None,
) -> PropertyVerdict:
    """Put an oversampler to the property kit.

    Parameters
    ----------
    sampler : class, instance, function or str
        With ``fit_resample`` or ``sample``, or a function of X and y; a string is ``package.module:Class``,
        with parameters as JSON after ``?``.
    family : str, optional
        What it claims to be: ``generic``, ``interpolating``, ``smote``, ``borderline1``, ``borderline2``,
        ``adasyn``, ``undersampler``, ``cleaning``, ``combined``, ``smotenc`` or ``smoten``; default as its
        tags say.
    smoke : bool
        Fewer cases: a look in a few seconds.
    fail_fast : bool
        Stop at the first property that fails.
    properties : str or iterable of str, optional
        Only these properties or groups (docs/validate.md).
    seed : int
        The same seed gives the same verdict.
    strict : bool
        Reject for conventions as for laws, whether its tags claim them or not.
    exceptions : mapping of property to reason, optional
        What is known not to hold, and why; an exception that holds rejects.
    columns : str, optional
        The columns that it takes, as ``numeric:3`` or ``category:1,numeric:2``; default found by probing.
    min_rows : int, optional
        The fewest rows of a class that it takes; default found by probing.

    Raises
    ------
    ConfigError
        If there is no such sampler or property, or it cannot be built.

    Examples
    --------
    >>> from smote_impls import SMOTE
    >>> validate(SMOTE(k_neighbors=3), properties="structure", smoke=True).passed
    True
    """
    found = kit.validate(
        sampler,
        family=None if family is None else as_text("family", family, "the name of a family"),
        seed=as_integer("seed", seed),
        smoke=as_flag("smoke", smoke),
        fail_fast=as_flag("fail_fast", fail_fast),
        properties=as_names("properties", properties, "structure"),
        strict=as_flag("strict", strict),
        exceptions=exceptions,
        columns=columns,
        min_rows=min_rows,
    )
    return PropertyVerdict(**vars(found))
