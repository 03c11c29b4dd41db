"""The properties of the kit, a module for each group."""

from __future__ import annotations

from collections.abc import Mapping

from smote_bench.properties.groups import (
    contract,
    degenerate,
    geometry,
    metamorphic,
    metamorphic_sets,
    statistics,
    statistics_choices,
    structure,
)
from smote_bench.properties.kit import Property, registered

__all__ = [
    "PROPERTIES",
    "contract",
    "degenerate",
    "geometry",
    "metamorphic",
    "metamorphic_sets",
    "statistics",
    "statistics_choices",
    "structure",
]

PROPERTIES: Mapping[str, Property] = registered()
