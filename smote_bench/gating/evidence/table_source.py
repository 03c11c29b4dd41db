"""A CSV or Parquet file as columns of names and numbers; every error says where in the file it stands.

pyarrow reads 400,000 rows in a tenth of a second and is imported in another; pandas takes several times both.
"""

from __future__ import annotations

import csv
import gzip
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["TableSource"]

_CSV = (".csv", ".csv.gz")
_PARQUET = (".parquet", ".pq")
_UNDEFINED = r"^(?i:|[+-]?nan|na|n/a|null|none|<na>)$"


class TableSource:
    """A table's file.

    Attributes
    ----------
    path : str
        As shown in messages.
    columns : list of str
    n_rows : int

    Raises
    ------
    ConfigError
        If there is no such file, it is not what its suffix says, or it has no rows.
    """

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        name = Path(path).name.lower()
        if not name.endswith((*_CSV, *_PARQUET)):
            raise ConfigError(
                f"expected a table in {', '.join((*_CSV, *_PARQUET))}, got {self.path!r}: "
                "save it as CSV or Parquet"
            )
        try:
            self._table: pa.Table = (
                _read_csv(Path(path)) if name.endswith(_CSV) else _read_parquet(Path(path))
            )
        except FileNotFoundError as error:
            near = [other.name for other in Path(path).parent.glob("*") if other.is_file()]
            raise ConfigError(
                f"expected a table, got {self.path!r}, which is not there."
                f"{did_you_mean(Path(path).name, near)} Check the path"
            ) from error
        # ArrowInvalid is a ValueError, UnicodeDecodeError too; a broken archive is an OSError or an EOFError
        except (OSError, EOFError, ValueError, csv.Error) as error:
            said = " ".join(str(error).split())[:300]
            form = "CSV in UTF-8" if name.endswith(_CSV) else "Parquet"
            raise ConfigError(
                f"{self.path}: expected {form}, got {type(error).__name__}: {said}; write the file again"
            ) from error
        self.columns: list[str] = list(self._table.column_names)
        twice = sorted({column for column in self.columns if self.columns.count(column) > 1})
        if twice:
            raise ConfigError(
                f"{self.path}: expected each column once, got {', '.join(map(repr, twice))} twice: rename one"
            )
        self.n_rows: int = self._table.num_rows
        if not self.n_rows:
            raise ConfigError(
                f"{self.path}: expected a row for each fit, got none below the header: "
                "write the scores into it"
            )

    def names(self, column: str, *, may_be_empty: bool = False) -> tuple[np.ndarray, list[str]]:
        """Return a column as (code of each row, sorted names); an empty cell is an error or ``""``."""
        import pyarrow as pa

        array = self._plain(column)
        if not pa.types.is_string(array.type):
            array = array.cast(pa.string())
        codes, found = _encoded(array)
        if None in found:
            empty = found.index(None)
            found[empty] = ""
            if found.count("") > 1:
                codes = np.where(codes == empty, found.index(""), codes)
                found.pop(empty)
        if "" in found and not may_be_empty:
            row = int(np.flatnonzero(codes == found.index(""))[0])
            raise self.error(row, column, "expected a name, got an empty cell: fill it in")
        order = sorted(range(len(found)), key=found.__getitem__)
        rank = np.empty(len(found), dtype=np.int64)
        rank[order] = np.arange(len(found))
        return rank[codes], [found[n] for n in order]

    def whole_numbers(self, column: str, *, lowest: int, where: np.ndarray | None = None) -> np.ndarray:
        """Return a column of whole numbers from `lowest` on; rows outside the mask `where` need none."""
        codes, found = _encoded(self._plain(column))
        numbers = np.array([_whole(value) for value in found], dtype=object)
        wrong = np.array([number is None or number < lowest for number in numbers], dtype=bool)[codes]
        if where is not None:
            wrong &= where
        for row in np.flatnonzero(wrong)[:1].tolist():
            got = found[codes[row]]
            said = "an empty cell" if got in (None, "") else repr(got)
            raise self.error(
                row,
                column,
                f"expected a whole number from {lowest} on, got {said}: number splits, seeds and folds",
            )
        by_row: np.ndarray = np.array(
            [lowest if number is None else number for number in numbers], dtype=np.int64
        )[codes]
        return by_row

    def numbers(self, column: str) -> np.ndarray:
        """Return a column of finite numbers; empty cells and words such as ``nan`` are NaN."""
        import pyarrow as pa
        import pyarrow.compute as pc

        array = self._plain(column)
        if pa.types.is_string(array.type):
            array = pc.replace_substring_regex(pc.utf8_trim_whitespace(array), _UNDEFINED, "nan")
        try:
            values = _array(array.cast(pa.float64()))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            row, got = _first_wrong(array.to_pylist())
            raise self.error(
                row,
                column,
                f"expected a number, or nothing where it is undefined, got {got!r}: mend the cell",
            ) from error
        if np.isinf(values).any():
            row = int(np.flatnonzero(np.isinf(values))[0])
            raise self.error(
                row,
                column,
                f"expected a finite number, got {float(values[row])!r}: "
                "leave the cell empty where the score is undefined",
            )
        return values

    def error(self, row: int, column: str, message: str) -> ConfigError:
        """Return an error that names file, row (the header is row 1) and column."""
        return ConfigError(f"{self.path}, row {row + 2}: column {column!r}: {message}")

    def _plain(self, column: str) -> Any:
        """Return a column as one array, categories as what they stand for."""
        import pyarrow as pa

        array = self._table.column(column).combine_chunks()
        if isinstance(array, pa.ChunkedArray):
            array = array.chunk(0) if array.num_chunks else pa.array([], array.type)
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if pa.types.is_large_string(array.type) or pa.types.is_string_view(array.type):
            array = array.cast(pa.string())
        return array


def _read_csv(path: Path) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    header = _header(path)
    return arrow_csv.read_csv(
        str(path),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
        # as text: "007" is a name, and a number that is none is to be named by its row
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
        ),
    )


def _header(path: Path) -> Sequence[str]:
    opened: Any = gzip.open if path.name.lower().endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
        rows: Iterator[list[str]] = csv.reader(file)
        return next(filter(None, rows), [])  # blank lines are passed over


def _read_parquet(path: Path) -> pa.Table:
    from pyarrow import parquet

    with path.open("rb") as file:
        return parquet.read_table(file)


def _encoded(array: Any) -> tuple[np.ndarray, list[Any]]:
    """Return a column as (code of each row, values); a missing value is None, the last of them."""
    encoded = array.dictionary_encode()
    found = encoded.dictionary.to_pylist()
    if not encoded.null_count:
        return _array(encoded.indices), found
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    return np.where(np.isnan(codes), len(found), codes).astype(np.int64), [*found, None]


def _array(array: Any) -> np.ndarray:
    """Return numbers as numpy's: `to_numpy` imports pandas, which takes longer than reading the file."""
    return array.to_numpy(zero_copy_only=False) if array.null_count else np.from_dlpack(array)


def _whole(value: Any) -> int | None:
    """Return a whole number as Python's, also from text and from floats without a fraction."""
    if isinstance(value, bool):
        return None
    try:
        number = int(value)
        whole = number if number == float(value) else None
    except (TypeError, ValueError, OverflowError):
        try:
            as_float = float(value)
        except (TypeError, ValueError):
            return None
        whole = int(as_float) if math.isfinite(as_float) and as_float == int(as_float) else None
    return whole if whole is not None and abs(whole) < 2**62 else None


def _first_wrong(values: Sequence[Any]) -> tuple[int, Any]:
    for row, value in enumerate(values):
        try:
            float(value if value is not None else 0.0)
        except (TypeError, ValueError):
            return row, value
    return 0, values[0]
