"""The index that pandas saves with a table in Parquet or Feather: columns as any others, and said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from smote_bench.data.findings import Finding, yaml_name

_FORGOTTEN = re.compile(r"__index_level_\d+__")

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["index_names", "with_index"]


def with_index(frame: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Finding]]:
    """Make columns of an index; pandas' own count of the rows, which has no name, is none.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        With names of columns that are texts.
    file : str
        What the findings begin with.

    Returns
    -------
    frame : DataFrame of shape (n_rows, n_columns + n_levels)
        The levels come first.
    findings : list of Finding
        One for each level; whole numbers without a name, the rows' places in a table that is gone, are left
        out.
    """
    import pandas as pd

    index = frame.index
    plain = frame.reset_index(drop=True)
    # what other programs make of an index that they do not know
    forgotten = [
        _finding(name, file, is_count=True)
        for name in map(str, plain.columns)
        if _FORGOTTEN.fullmatch(name) and pd.api.types.is_integer_dtype(plain[name].dtype)
    ]
    if isinstance(index, pd.RangeIndex) and index.name is None:
        return plain, forgotten
    levels = list(index.names)
    names = _names(levels, frame.columns)
    columns = {
        name: pd.Series(index.get_level_values(n), name=name).reset_index(drop=True)
        for n, name in enumerate(names)
    }
    found = [
        _finding(name, file, is_count=level is None and pd.api.types.is_integer_dtype(columns[name].dtype))
        for name, level in zip(names, levels, strict=True)
    ]
    return pd.concat([*columns.values(), plain], axis=1), [*found, *forgotten]


def index_names(metadata: Mapping[str, Any] | None, fields: Sequence[str]) -> list[str]:
    """Return what `with_index` calls the columns of an index, by a Parquet file's schema alone.

    Parameters
    ----------
    metadata : mapping, optional
        What pandas has written into the schema.
    fields : sequence of str
        The names of the file's columns, those of the index among them.
    """
    known = metadata or {}
    name_of = {column.get("field_name"): column.get("name") for column in known.get("columns", ())}
    stored = known.get("index_columns", ())
    levels = [level.get("name") if isinstance(level, Mapping) else name_of.get(level) for level in stored]
    if len(stored) == 1 and isinstance(stored[0], Mapping) and levels[0] is None:
        return []
    return _names(levels, [name for name in fields if name not in stored])


def _names(levels: Sequence[Any], columns: Iterable[str]) -> list[str]:
    """Return names for the levels of an index that no column has: pandas' own where they have none."""
    taken = set(columns)
    names: list[str] = []
    for n, level in enumerate(levels):
        name = str(level).strip() if level is not None else "index" if len(levels) == 1 else f"level_{n}"
        while name in taken:
            name += " (index)"
        taken.add(name)
        names.append(name)
    return names


def _finding(name: str, file: str, *, is_count: bool) -> Finding:
    shown = yaml_name(name)
    if is_count:
        said = f"{file}: the index of pandas, whole numbers without a name, is left out, as an identifier"
        return Finding("left out", name, said, f"'keep: [{shown}]' makes a feature of it")
    said = f"{file}: the index of pandas is read as column {name!r}"
    return Finding("read", name, said, f"'drop: [{shown}]' leaves it out")
