"""A file of scores as columns of names and numbers; every error says where in the file it stands.

Any text, Excel or Feather file is read as users' data sets are. Commas in UTF-8 and Parquet, which is what
tools write, go to pyarrow: it reads 400,000 rows in a tenth of a second and is imported in another.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.data.files.compressed import READ_ERRORS, bare_name, open_binary
from smote_bench.data.files.csv_rows import CsvRows
from smote_bench.data.files.encodings import encoding_of
from smote_bench.data.files.formats import format_of
from smote_bench.data.values.markers import MARKERS, MAYBE_MARKERS
from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.gating.evidence.dressed_scores import doubtful_points, undressed

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["TableSource", "is_table"]

_TEXT = (".csv", ".tsv", ".txt", ".data", ".dat")
_PARQUET = (".parquet", ".pq")
_FRAMES = (".xlsx", ".feather", ".arrow")
_LOOKED_AT = 200
_OF_A_KEY = "; if letters look wrong, 'read:"  # the gate has no such key
_UNDEFINED = f"^(?i:{'|'.join(map(re.escape, sorted(MARKERS | MAYBE_MARKERS | {'+nan'})))})$"


def is_table(path: Path) -> bool:
    """Tell whether a file's name ends as a table's does; text may be packed."""
    return path.name.lower().endswith((*_PARQUET, *_FRAMES)) or bare_name(path).endswith(_TEXT)


class TableSource:
    """A table's file.

    Attributes
    ----------
    path : str
        As shown in messages.
    columns : list of str
    n_rows : int
    notes : tuple of str
        What was guessed of the file's form, and of the columns of numbers that were read; without its name.
    doubts : dict of str to str
        Columns of which a number may be another one, with what it was taken for.
    units : dict of str to str
        Columns of numbers with a unit.

    Raises
    ------
    ConfigError
        If there is no such file, it is not what its suffix says, or it has no rows.
    """

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self.notes: tuple[str, ...] = ()
        self.doubts: dict[str, str] = {}
        self.units: dict[str, str] = {}
        try:
            self._table: pa.Table = self._read(Path(path))
        except FileNotFoundError as error:
            near = [other.name for other in Path(path).parent.glob("*") if other.is_file()]
            raise ConfigError(
                f"expected a table, got {self.path!r}, which is not there."
                f"{did_you_mean(Path(path).name, near)} Check the path"
            ) from error
        except ConfigError:
            raise
        # ArrowInvalid is a ValueError
        except (*READ_ERRORS, ValueError, csv.Error) as error:
            said = " ".join(str(error).split())[:300]
            form = "Parquet" if Path(path).name.lower().endswith(_PARQUET) else "CSV"
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

    def _read(self, path: Path) -> pa.Table:
        """Read the file, by its name; what was guessed goes into the notes."""
        name = path.name.lower()
        if name.endswith(_PARQUET):
            return _read_parquet(path)
        if name.endswith(_FRAMES):
            return self._read_frame(path)
        if not is_table(path) or format_of(path) != "text":
            raise ConfigError(
                f"expected a table in {', '.join((*_TEXT, *_PARQUET, *_FRAMES))} (text also packed), got "
                f"{self.path!r}: save it as CSV or Parquet"
            )
        header = _header(path)
        return self._read_rows(path) if len(header) < 2 else _read_csv(path, header)

    def _read_rows(self, path: Path) -> pa.Table:
        """Read text in another form than commas in UTF-8, cell by cell."""
        import pyarrow as pa

        with CsvRows(path, self.path) as rows:
            cells = [row for _, row in rows]
            names, marks = rows.header, rows.marks
            said = [*rows.remarks, *(one.text for one in rows.doubts)]
        self.notes = tuple(text.split(_OF_A_KEY)[0].removeprefix(f"{path.name}: ") for text in said)
        if marks.unclear:
            column, cell = marks.unclear
            self.doubts = dict.fromkeys(names, f"numbers such as {cell!r} in column {column!r}")
        columns = zip(*cells, strict=True) if cells else ([] for _ in names)
        return pa.Table.from_arrays([pa.array(list(column), pa.string()) for column in columns], names=names)

    def _read_frame(self, path: Path) -> pa.Table:
        import pyarrow as pa

        from smote_bench.data.files.frame_files import read_frame

        frame, found = read_frame(path, format_of(path), self.path)
        self.notes = tuple(one.text.removeprefix(f"{path.name}: ") for one in found)
        mixed = [name for name in frame.columns if frame[name].dtype == object]
        return pa.Table.from_pandas(
            frame.assign(**{name: frame[name].map(str, na_action="ignore") for name in mixed}),
            preserve_index=False,
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
        """Return a column of finite numbers; empty cells and words such as ``nan`` are NaN.

        They may be dressed as in users' data sets; what was read so goes into `notes`, `units` and `doubts`.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        array = self._plain(column)
        is_text = pa.types.is_string(array.type)
        if is_text:
            array = pc.replace_substring_regex(pc.utf8_trim_whitespace(array), _UNDEFINED, "nan")
        try:
            values = _array(array.cast(pa.float64()))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
            undressed_values = self._undressed(array, column) if is_text else None
            if undressed_values is None:
                row, got = _first_wrong(array.to_pylist())
                raise self.error(
                    row,
                    column,
                    f"expected a number, or nothing where it is undefined, got {got!r}: mend the cell, or "
                    "write all of the column alike",
                ) from error
            values = undressed_values
        else:
            if is_text:
                self._look_at_points(array, column)
        if np.isinf(values).any():
            row = int(np.flatnonzero(np.isinf(values))[0])
            raise self.error(
                row,
                column,
                f"expected a finite number, got {float(values[row])!r}: "
                "leave the cell empty where the score is undefined",
            )
        return values

    def _undressed(self, array: Any, column: str) -> np.ndarray | None:
        """Return numbers that have a currency, a percent sign, a unit or thousands; None of others."""
        codes, texts = _encoded(array)
        counts = np.bincount(codes, minlength=len(texts)).tolist()
        found = undressed(["nan" if text is None else text for text in texts], counts)
        if found is None:
            return None
        self.notes = (*self.notes, f"column {column!r} {found.said}")
        if found.unit:
            self.units[column] = found.unit
        if found.doubt:
            self.doubts[column] = found.doubt
        by_row: np.ndarray = np.array(found.values, dtype=np.float64)[codes]
        return by_row

    def _look_at_points(self, array: Any, column: str) -> None:
        """Doubt a column in which each point has three digits behind it, and refuse one that looks so."""
        if doubtful_points(array.slice(0, _LOOKED_AT).to_pylist())[0]:
            _, texts = _encoded(array)
            shown, looks_so = doubtful_points([text for text in texts if text is not None])
            if looks_so:
                row = array.index(shown).as_py()
                raise self.error(
                    row,
                    column,
                    f"expected numbers that can be read in one way, got {shown!r} beside whole numbers below "
                    f"1000, where the point may part thousands: write {shown.replace('.', '')!r}, or all "
                    "with decimals",
                )
            if shown:
                self.doubts.setdefault(column, f"{shown!r}, taken for {shown}")

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


def _read_csv(path: Path, header: Sequence[str]) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    with open_binary(path) as file:
        return arrow_csv.read_csv(
            file,
            parse_options=arrow_csv.ParseOptions(newlines_in_values=True),
            # as text: "007" is a name, and a number that is none is to be named by its row
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
            ),
        )


def _header(path: Path) -> Sequence[str]:
    """Return the header of a file with commas in UTF-8, without blank lines above it; nothing of another."""
    if encoding_of(path) != "utf-8-sig":
        return []
    with open_binary(path) as binary, io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as file:
        rows: Iterator[list[str]] = csv.reader(file)
        header = next(filter(None, rows), [])
    return [] if header and header[0].startswith("#") else header


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
