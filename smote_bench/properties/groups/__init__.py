"""The properties of the kit, a module for each group."""

from __future__ import annotations

from collections.abc import Mapping

from smote_bench.properties.groups import contract, degenerate, geometry, metamorphic, statistics, structure
from smote_bench.properties.kit import Property, registered

__all__ = ["PROPERTIES", "contract", "degenerate", "geometry", "metamorphic", "statistics", "structure"]

PROPERTIES: Mapping[str, Property] = registered()
