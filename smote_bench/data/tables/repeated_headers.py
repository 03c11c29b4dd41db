"""The header once more amid the rows, as where files were put together: it is no row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from smote_bench.data.files.csv_rows import start_of_row
from smote_bench.data.tables.layouts import Layout
from smote_bench.data.values.number_texts import seen
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.data.tables.table_target import Labels

__all__ = ["check_header", "check_headers", "is_called_target"]


def is_called_target(label: str, layout: Layout) -> bool:
    """Tell whether a label is the target's name, in whatever case."""
    return _folded(label) == _folded(layout.target)


def check_headers(frame: pd.DataFrame, labels: Labels, layout: Layout, file: str) -> None:
    """Check that no row of a table is the header again, as `check_header` does of one row."""
    import numpy as np

    codes = np.asarray(labels.codes)
    for code in (n for n, text in enumerate(labels.texts) if is_called_target(text, layout)):
        row = int((codes == code).argmax())
        cells = [str(value) for value in frame.iloc[row]]
        check_header(cells, [*map(str, frame)], layout, file, f"row {row + 1:,} of the data")


def check_header(cells: Sequence[str], header: Sequence[str], layout: Layout, file: str, where: str) -> None:
    """Check that a row is not the header again, in whatever case.

    Parameters
    ----------
    cells, header : sequence of str
        Of the row, and the names of the columns.
    layout : Layout
    file, where : str
        What messages call the file, and the row in it.

    Raises
    ------
    ConfigError
        If it is.
    """
    if cells and all(
        _folded(cell) == _folded(name) or (not cell.strip() and name.startswith("Unnamed: "))
        for cell, name in zip(cells, header, strict=True)
    ):
        raise ConfigError(
            f"{layout.name}: {file}, {where}: expected a row of the data, got the header again "
            f"({start_of_row(cells)}): remove it wherever it stands, as files that are put together have one "
            "header"
        )


def _folded(text: str) -> str:
    return seen(text).casefold()
