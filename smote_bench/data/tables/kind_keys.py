"""The keys by which a user's file says of what kind a column is: ``keep``, ``kinds`` and ``dates``.

Everything here runs while pytest collects, so it imports no pandas.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from smote_bench.data.findings import how_to_quote
from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["DATES", "KINDS", "KIND_KEYS", "KindKeys", "check_text_keys", "parse_kind_keys"]

KIND_KEYS = ("keep", "kinds", "dates")
"""As written in an experiment."""

KINDS = ("numeric", "nominal", "ordinal", "date", "boolean")
DATES = ("number", "drop")


@dataclass(frozen=True)
class KindKeys:
    """What a user says of columns whose values would decide otherwise.

    Parameters
    ----------
    keep : tuple of str
        Columns that are features although they name the rows, are free text or have no value.
    kinds : tuple of (str, str)
        Columns and what they are, one of `KINDS`.
    dates : {"number", "drop"}
        Whether a column of dates is a feature, in days, or none.
    """

    keep: tuple[str, ...] = ()
    kinds: tuple[tuple[str, str], ...] = ()
    dates: str = "number"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are named."""
        return tuple(dict.fromkeys((*self.keep, *(column for column, _ in self.kinds))))

    def named(self, kind: str) -> tuple[str, ...]:
        """Return the columns that are said to be of a kind."""
        return tuple(column for column, one in self.kinds if one == kind)

    def to_json(self) -> dict[str, Any]:
        """Return the keys that are set, as JSON values, in an order that does not depend on the writer's."""
        return {
            **({"keep": sorted(self.keep)} if self.keep else {}),
            **({"kinds": dict(sorted(self.kinds))} if self.kinds else {}),
            **({"dates": self.dates} if self.dates != "number" else {}),
        }


def parse_kind_keys(value: Mapping[str, Any], label: str) -> KindKeys:
    """Check the keys of one user's file.

    Parameters
    ----------
    value : mapping
        The whole entry; other keys are not looked at.
    label : str
        What messages begin with.

    Raises
    ------
    ConfigError
        If one has another form, or names a kind that there is not.
    """
    keep = value.get("keep", ())
    if not isinstance(keep, list | tuple) or not all(isinstance(column, str) for column in keep):
        quote = how_to_quote(keep) if isinstance(keep, list | tuple) else ""
        raise ConfigError(
            f"{label}: expected a list of column names for 'keep', got {keep!r}: {quote or 'write [a, b]'}"
        )
    kinds = value.get("kinds", {})
    if not isinstance(kinds, Mapping):
        raise ConfigError(
            f"{label}: expected {{column: kind}} for 'kinds', got {kinds!r}: write {{age: numeric}}; kinds "
            f"are {', '.join(KINDS)}"
        )
    check_text_keys(kinds, "kinds", label)
    for column, kind in kinds.items():
        if kind not in KINDS:
            raise ConfigError(
                f"{label}: expected one of {', '.join(KINDS)} as the kind of {column!r} under 'kinds', got "
                f"{kind!r}.{did_you_mean(str(kind), KINDS)}"
            )
    dates = value.get("dates", "number")
    if dates not in DATES:
        raise ConfigError(
            f"{label}: expected 'number' (days) or 'drop' for 'dates', got {dates!r}."
            f"{did_you_mean(str(dates), DATES)}"
        )
    return KindKeys(tuple(keep), tuple((str(column), kind) for column, kind in kinds.items()), dates)


def check_text_keys(value: Mapping[Any, Any], key: str, label: str) -> None:
    """Check that no column is named by a truth value, which YAML makes of ``No``.

    Raises
    ------
    ConfigError
    """
    truths = [column for column in value if isinstance(column, bool)]
    if truths:
        raise ConfigError(
            f"{label}: expected names of columns under {key!r}, got {truths[0]!r}: {how_to_quote(truths)}"
        )
