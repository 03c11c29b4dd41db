"""The properties of the kit, a module for each group."""

from __future__ import annotations

from collections.abc import Mapping

from smote_bench.properties.groups import (
    contract,
    contract_arguments,
    contract_containers,
    contract_errors,
    contract_estimator,
    contract_frames,
    contract_memory,
    contract_randomness,
    contract_seeds,
    contract_settings,
    contract_surroundings,
    degenerate,
    degenerate_integers,
    degenerate_sizes,
    degenerate_time,
    degenerate_twins,
    degenerate_values,
    geometry,
    metamorphic,
    metamorphic_sets,
    statistics,
    statistics_choices,
    statistics_few,
    structure,
    structure_classes,
    structure_removing,
)
from smote_bench.properties.kit import Property, registered

__all__ = [
    "PROPERTIES",
    "contract",
    "contract_arguments",
    "contract_containers",
    "contract_errors",
    "contract_estimator",
    "contract_frames",
    "contract_memory",
    "contract_randomness",
    "contract_seeds",
    "contract_settings",
    "contract_surroundings",
    "degenerate",
    "degenerate_integers",
    "degenerate_sizes",
    "degenerate_time",
    "degenerate_twins",
    "degenerate_values",
    "geometry",
    "metamorphic",
    "metamorphic_sets",
    "statistics",
    "statistics_choices",
    "statistics_few",
    "structure",
    "structure_classes",
    "structure_removing",
]

PROPERTIES: Mapping[str, Property] = registered()
