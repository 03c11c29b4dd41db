"""Rows of a user's table that are removed since they repeat others, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from smote_bench.data.findings import Finding

if TYPE_CHECKING:
    import numpy as np

__all__ = ["repeated_rows_findings"]

_MOST = 0.05
"""Of all rows; where more are removed, the scores are of another table than the file."""


def repeated_rows_findings(
    y: np.ndarray, keep: np.ndarray, file: str, findings: Sequence[Finding] = ()
) -> list[Finding]:
    """Return what is to be said of rows that equal an earlier one, and are removed before any split.

    Parameters
    ----------
    y : ndarray of shape (n_samples,), int64
        1 for the minority, 0 for the majority.
    keep : ndarray of shape (n_samples,), bool
        Which rows equal no earlier one: see `smote_bench.data.rows.first_of_equals`.
    file : str
        Its name.
    findings : sequence of Finding
        Of the reading: where an identifier was left out, the rows may be observations of their own.
    """
    n_removed = int((~keep).sum())
    if not n_removed:
        return []
    ids = [one.column for one in findings if one.kind == "left out" and "identifier" in one.text]
    beside = f"; column {ids[0]!r}, which is left out, may tell them apart" if ids else ""
    is_doubtful = n_removed > _MOST * len(y)
    return [
        Finding(
            "suspect" if is_doubtful else "read",
            "",
            f"{file}: {n_removed:,} of {len(y):,} rows equal an earlier one in all features and the target "
            f"and are removed: {len(y) - n_removed:,} rows are left, {y[keep].mean():.1%} of them of the "
            f"minority, {y.mean():.1%} before{beside}",
            "'drop_duplicates: false' keeps them",
        )
    ]
