"""Which rows a sampler gets of a table with categories, and what is done about rows between categories."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

from smote_bench.errors import ConfigError, did_you_mean

__all__ = [
    "NEED_CATEGORIES",
    "ROW_KEYS",
    "TAKE_ALL_FOR_CATEGORIES",
    "RowKind",
    "RowOptions",
    "parse_row_options",
]

ROW_KEYS = ("rows", "scaled", "repair")
"""What a method's definition may say about its rows, beside ``method`` and ``params``."""

NEED_CATEGORIES = frozenset({"imblearn.over_sampling:SMOTENC", "smote_impls:SMOTENC"})
"""Samplers that cannot do without columns of categories, nor without numbers beside them."""

TAKE_ALL_FOR_CATEGORIES = frozenset({"imblearn.over_sampling:SMOTEN", "smote_impls:SMOTEN"})
"""Samplers to which numbers are categories too, each different one of its own."""

RowKind: TypeAlias = Literal["typed", "encoded", ""]

_KINDS = ("typed", "encoded")
_ROUND = "round"


@dataclass(frozen=True)
class RowOptions:
    """What an experiment says about the rows of a sampler.

    Parameters
    ----------
    kind : {"typed", "encoded", ""}
        ``typed``: a data frame with categories as categories. ``encoded``: numbers, one-hot features and
        all. "" leaves it to what the sampler says of itself; see
        `smote_bench.methods.typed_step.wants_typed_rows`.
    scaled : bool
        Whether numbers of typed rows come scaled as the experiment's preprocessing says, not as they are.
    repair : {"round", ""}
        ``round``: what an encoded sampler made between categories is set to the nearest one.
    """

    kind: RowKind = ""
    scaled: bool = False
    repair: Literal["round", ""] = ""

    def to_json(self) -> dict[str, Any]:
        """Return what is set, as JSON values."""
        values = {"rows": self.kind, "scaled": self.scaled, "repair": self.repair}
        return {key: value for key, value in values.items() if value}

    def idle(self, *, is_typed: bool) -> str:
        """Say which option does nothing for rows of a kind; "" where all do something."""
        if is_typed and self.repair:
            return "repair: round does nothing here: the sampler gets typed rows, whose categories stay whole"
        if self.scaled and not is_typed:
            return "scaled: true does nothing here: the sampler gets encoded rows, which are scaled always"
        return ""


def parse_row_options(definition: Mapping[Any, Any], default: RowOptions) -> RowOptions:
    """Read the keys of `ROW_KEYS`; what is not there is as in `default`.

    Raises
    ------
    ConfigError
    """
    kind = definition.get("rows", default.kind)
    scaled = definition.get("scaled", default.scaled)
    repair = definition.get("repair", default.repair)
    if kind not in ("", *_KINDS):
        raise ConfigError(
            f"expected rows: {' or '.join(_KINDS)}, got {kind!r}.{did_you_mean(str(kind), _KINDS)}"
        )
    if not isinstance(scaled, bool):
        raise ConfigError(f"expected scaled: true or false, got {scaled!r}")
    if repair not in ("", _ROUND):
        raise ConfigError(f"expected repair: {_ROUND}, got {repair!r}.{did_you_mean(str(repair), [_ROUND])}")
    if scaled and kind == "encoded":
        raise ConfigError("expected no 'scaled' beside rows: encoded, which are scaled always: remove it")
    if repair and kind == "typed":
        raise ConfigError(
            "expected no 'repair' beside rows: typed, of which categories stay whole: remove it"
        )
    return RowOptions(cast("RowKind", kind), scaled, cast('Literal["round", ""]', repair))
