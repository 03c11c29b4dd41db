"""What the gate finds out of place, and how a reason reads."""

from __future__ import annotations

from typing import Any

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.judging.structure import Structure, structure


def structure_of(baseline: Evidence, current: Evidence, **others: Any) -> Structure:
    return structure(baseline, current, **{"partial": False, **others})


def is_cell(*names: str) -> Any:
    return lambda cell: cell == Cell(*names)


def is_any(_: object) -> bool:
    return True


def has_three_parts(reason: str) -> bool:
    return reason.startswith("expected ") and ", got " in reason and (": " in reason or "; " in reason)
