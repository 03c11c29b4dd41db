"""The grid: one case per data set x method x classifier of an experiment. The work is in smote_bench."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smote_bench.plugin import SmoteCase


def test_cell(smote_case: SmoteCase) -> None:
    """Fails only when the cell errs or runs out of time; records its deltas and its seconds."""
    smote_case.evaluate()
