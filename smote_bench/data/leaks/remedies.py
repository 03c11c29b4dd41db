"""What keeps rows on one side that a column says belong together, in one wording for all findings."""

from __future__ import annotations

from smote_bench.data.findings import yaml_name

__all__ = ["keep_together"]


def keep_together(
    column: str, *, has_times: bool = False, is_given: bool = False, has_groups: bool = False
) -> str:
    """Return the key or the deed that keeps rows with one value of a column on one side of a split.

    Parameters
    ----------
    column : str
    has_times : bool
        Whether rows are split by time, which goes with no groups.
    is_given : bool
        Whether the split comes with the table.
    has_groups : bool
        Whether rows have other groups.

    Examples
    --------
    >>> keep_together("who"), keep_together("who", is_given=True)
    ("'groups: who' keeps them on one side", 'move all rows of a value to one side of the given split')
    """
    key = f"'groups: {yaml_name(column)}'"
    if has_times:
        return f"{key} in place of 'time'"
    if is_given:
        return "move all rows of a value to one side of the given split"
    return f"{key}{' in place of the groups given' if has_groups else ''} keeps them on one side"
