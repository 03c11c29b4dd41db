"""The columns of a file and its labels, before anything is a feature: one reader for every format."""

from __future__ import annotations

import contextlib
import csv
import io
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from smote_bench.data.files.csv_rows import CsvRows, start_of_row
from smote_bench.data.files.encodings import remedy_of_letters
from smote_bench.data.files.formats import format_of
from smote_bench.data.files.frame_files import read_frame
from smote_bench.data.files.plain_text import is_plain, lines_of
from smote_bench.data.files.printed_tables import check_printed
from smote_bench.data.files.read_keys import read_keys
from smote_bench.data.files.signatures import check_signature
from smote_bench.data.findings import Finding, yaml_name
from smote_bench.data.tables.layouts import (
    Layout,
    check_columns,
    dropped,
    kind_keys,
    marks_of,
    no_features,
    readings_of,
)
from smote_bench.data.tables.lost_texts import lost_texts
from smote_bench.data.tables.missing_cells import mark_missing
from smote_bench.data.tables.parquet_files import read_parquet
from smote_bench.data.tables.repeated_headers import check_header, check_headers, is_called_target
from smote_bench.data.tables.rows_of_sums import check_sums
from smote_bench.data.tables.saved_indices import with_index
from smote_bench.data.tables.second_headers import second_headers
from smote_bench.data.tables.stripped_cells import Blanks
from smote_bench.data.tables.table_target import Labels, labels_of
from smote_bench.data.values.labels import several
from smote_bench.data.values.number_marks import NumberMarks
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FileColumns", "exact_floats", "read_file"]

_MOST_PLAIN_LABELS = 10_000
_LAST_ROWS = 3
_TYPED = ("parquet", "feather", "arff")
_OF_TEXT = ("sep", "encoding", "decimal", "thousands", "header", "comment", "na")
_READ_AS_TEXTS = ("nominal", "ordinal", "date")


@dataclass
class FileColumns:
    """A file's columns before they are features, its labels, and what was found.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Every column but the target of a text file; those with roles as they stand in the file.
    labels : Labels
    findings : list of Finding
    markers : dict of str to dict of str to int
        What stands for a missing cell in a column, and how often.
    marks : NumberMarks, optional
        Which mark is the decimal one, of a text file. Its numbers have a point here, where they fit.
    lines : mapping of int to int
        In which lines of a text file the first and the last rows are.
    """

    frame: pd.DataFrame
    labels: Labels
    findings: list[Finding] = field(default_factory=list)
    markers: dict[str, dict[str, int]] = field(default_factory=dict)
    marks: NumberMarks | None = None
    lines: Mapping[int, int] = field(default_factory=dict)


def read_file(path: Path, layout: Layout, *, check_target: bool = True) -> FileColumns:
    """Read a file's columns and check its target.

    Raises
    ------
    ConfigError
        If it cannot be read, lacks a column, or its target has no such minority.
    """
    form = format_of(path)
    _check_reading(path, layout, form)
    check_signature(path, form, layout.name)
    if form == "text":
        check_printed(path, layout.name, read_keys(layout))
        return _read_text(path, layout, check_target=check_target)
    if form == "parquet":
        frame, labels, indexed = read_parquet(path, layout, check_target=check_target)
        columns = FileColumns(frame, labels)
    else:
        frame, found = read_frame(path, form, layout.name, beside=_beside(layout), reading=read_keys(layout))
        frame, indexed = with_index(frame, path.name)
        try:
            columns = _of_frame(frame, layout, path)
        except ConfigError as error:
            sheets = [str(one) for one in found if form == "excel" and "'read: {sheet" in one.remedy]
            raise ConfigError("; ".join([str(error).rstrip("."), *sheets])) from error
        if form == "libsvm":  # a column of queries may be left out as an index may
            indexed += found
        else:
            columns.findings += [finding for finding in found if finding.column != layout.target]
    _say_of_index(columns, indexed, layout)
    if check_target:
        check_headers(columns.frame, columns.labels, layout, path.name)
        columns.findings += _read(columns.labels.check(layout, path))
        columns.findings += columns.labels.doubts(layout, path)
    return _checked(columns, layout, path, is_typed=form in _TYPED, check_target=check_target)


def _checked(
    columns: FileColumns, layout: Layout, path: Path, *, is_typed: bool, check_target: bool
) -> FileColumns:
    """Return the columns with their missing cells marked, after a look for rows that are none."""
    columns = _with_missing(columns, layout, path, is_typed=is_typed)
    if check_target and not layout.kinds_stated:
        columns.findings += check_sums(columns.frame, columns.labels, columns.lines, layout.name, path.name)
        columns.findings += second_headers(
            columns.frame, columns.labels, layout.minority, columns.lines, path.name
        )
    return columns


def _beside(layout: Layout) -> Path | None:
    """Return the other file of a table in two files, training and test."""
    roles = getattr(layout, "roles", None)
    other: Path | None = getattr(layout, "beside", None) if roles is None else roles.test
    return other


def _of_frame(frame: pd.DataFrame, layout: Layout, path: Path) -> FileColumns:
    import numpy as np
    import pandas as pd

    check_columns(frame.columns, layout, path)
    codes, values = pd.factorize(frame[layout.target], use_na_sentinel=True)
    codes[codes < 0] = len(values)
    labels = labels_of(list(values), codes)
    # As in text: what stands for a missing label there does so here.
    _, firsts = np.unique(labels.codes, return_index=True)
    labels.where = {
        labels.texts[code] if (code := labels.codes[row]) >= 0 else "": f"row {row + 1} of the data"
        for row in firsts
    }
    return FileColumns(frame, labels)


def _say_of_index(columns: FileColumns, indexed: Sequence[Finding], layout: Layout) -> None:
    """Say what became of an index, or of the queries of LIBSVM, where none is named for what it is.

    What the findings call left out is.
    """
    away = {layout.target, *layout.role_columns, *dropped(layout)}
    if layout.columns is not None:  # a test file: what is no feature of the file that trains is none here
        away |= {finding.column for finding in indexed} - {*layout.columns}
    named = _named_columns(layout)
    for finding in indexed:
        if finding.column in away or (finding.kind == "left out" and finding.column in named):
            continue
        columns.findings.append(finding)
        if finding.kind == "left out":
            columns.frame = columns.frame.drop(columns=finding.column)


def _check_reading(path: Path, layout: Layout, form: str) -> None:
    allowed = {"text": _OF_TEXT, "excel": ("na", "sheet"), "arff": ("na", "encoding")}.get(form, ("na",))
    given = [key for key in read_keys(layout).to_json() if key not in allowed]
    if given:
        words = " and ".join(map(repr, allowed))
        expected = (
            f"no {given[0]!r} in 'read' of {path.name}, which is delimited text"
            if form == "text"
            else f"no more than {words} in 'read' of {path.name}, which is no delimited text"
        )
        raise ConfigError(f"{layout.name}: expected {expected}, got {given[0]!r}: remove it")


def _with_missing(columns: FileColumns, layout: Layout, path: Path, *, is_typed: bool) -> FileColumns:
    if layout.kinds_stated:
        return columns
    marked = mark_missing(columns.frame, layout, path, is_typed=is_typed, marks=columns.marks)
    for name in _with_own_marks(layout):
        # texts of numbers have become numbers, with a point for the decimal mark
        if name in columns.frame and marked.frame[name].dtype != columns.frame[name].dtype:
            marked.frame[name] = columns.frame[name].mask(marked.frame[name].isna())
    found = [*columns.findings, *marked.findings]
    return FileColumns(marked.frame, columns.labels, found, marked.markers, columns.marks, columns.lines)


def _read(remarks: Sequence[str]) -> list[Finding]:
    return [Finding("read", "", remark) for remark in remarks]


def exact_floats() -> dict[str, Any]:
    """Return the arguments that make `pandas.read_csv` round every number correctly.

    Before pandas 3.1 its default was off by one unit in the last place now and then; since then it is exact,
    and the argument deprecated. Delete this when the project needs pandas 3.1.
    """
    import pandas as pd

    release = tuple(int(part) for part in pd.__version__.split(".")[:2])
    return {"float_precision": "round_trip"} if release < (3, 1) else {}


def _read_text(path: Path, layout: Layout, *, check_target: bool) -> FileColumns:
    """Read a text file: as it stands where nothing is to be decided, row by row otherwise."""
    with (
        CsvRows(path, layout.name, read_keys(layout), marks_of(layout)) as rows,
        _doubted_letters(rows, layout),
    ):
        check_columns(rows.header, layout, path)
        padded: list[str] = []
        cells = io.BytesIO()
        columns = _plain(rows, layout, path)
        if columns is None:
            labels, padded, lines = _quoted(rows, cells, layout)
        else:
            labels = columns.labels
        labels.marks = _marks_of_column(rows.marks, layout.target)
        checked = labels.check(layout, path) if check_target else ()
        doubted = labels.doubts(layout, path) if check_target else ()
        remarks = [*rows.remarks, *padded, *checked]
        if columns is None:
            names = [name for name in rows.header if name != layout.target]
            if not names:
                raise no_features(layout, path)
            frame, found = _frame(cells, names, layout, path)
            columns = FileColumns(frame.drop(columns=rows.left_out), labels, found, lines=lines)
    said = _doubts(rows, layout)
    known = {finding.column for finding in said if finding.column}
    of_texts = [finding for finding in columns.findings if finding.column not in known]
    columns.findings = [*_read(remarks), *doubted, *said, *of_texts]
    columns.marks = rows.marks
    if rows.row_names and rows.row_names not in _named_columns(layout):
        columns.frame = columns.frame.drop(columns=rows.row_names)
        columns.findings.append(_without_row_names(rows.row_names, path))
    return _checked(columns, layout, path, is_typed=False, check_target=check_target)


def _marks_of_column(marks: NumberMarks, column: str) -> NumberMarks:
    """Return how numbers of one column are written."""
    return replace(marks, decimal=dict(marks.own).get(column, marks.decimal))


@contextlib.contextmanager
def _doubted_letters(rows: CsvRows, layout: Layout) -> Iterator[None]:
    """Let errors say that the letters may be others: names and labels are not found then."""
    try:
        yield
    except ConfigError as error:
        named = (layout.target, *several(layout.minority), *layout.role_columns)
        if letters := rows.doubt_of(named):
            raise ConfigError(f"{str(error).rstrip('.')}; {letters}: {remedy_of_letters(letters)}") from error
        raise


def _quoted(rows: CsvRows, into: io.BytesIO, layout: Layout) -> tuple[Labels, list[str], dict[int, int]]:
    """Write the cells of rows but the target, as they were found, in quotes; pandas finds the numbers.

    Returns
    -------
    labels : Labels
    remarks : list of str
        What was stripped.
    lines : dict of int to int
        In which lines the first and the last rows are.
    """
    import numpy as np

    codes: list[int] = []
    last: deque[int] = deque(maxlen=_LAST_ROWS)
    first = 0
    place_of: dict[str, int] = {}
    where: dict[str, str] = {}
    place = rows.header.index(layout.target)
    blanks = None if layout.kinds_stated else Blanks(rows.header, place)
    text = io.TextIOWrapper(into, encoding="utf-8", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    for line, cells in rows:
        label = cells[place]
        if blanks is not None:
            cells = blanks.stripped(cells)
        if label not in place_of:
            place_of[label] = len(place_of)
            where[label] = f"line {line}: {start_of_row(cells)}"
            if is_called_target(label, layout):
                check_header(cells, rows.header, layout, rows.file, f"line {line}")
        codes.append(place_of[label])
        last.append(line)
        first = first or line
        del cells[place]
        writer.writerow(cells)
    text.detach()  # whoever reads the cells closes them
    into.seek(0)
    counts = np.bincount(codes, minlength=len(place_of)).tolist()
    remarks = blanks.remarks(rows.file) if blanks else []
    lines = {0: first, **dict(enumerate(last, len(codes) - len(last)))}
    return Labels(list(place_of), counts, codes=codes, where=where), remarks, lines


def _named_columns(layout: Layout) -> set[str]:
    """Return the columns that a layout names as features or for their roles."""
    keys = kind_keys(layout)
    ordinal = (name for name, _ in layout.ordinal)
    stated = () if keys is None else keys.columns
    return {*layout.nominal, *ordinal, *layout.role_columns, *(layout.columns or ()), *stated}


def _without_row_names(name: str, path: Path) -> Finding:
    return Finding(
        "left out",
        name,
        f"{path.name}: column {name!r}, the names of the rows, is left out, as an identifier",
        f"'keep: [{yaml_name(name)}]' makes a feature of it",
    )


def _doubts(rows: CsvRows, layout: Layout) -> list[Finding]:
    """Return what may have been read wrongly, but for columns whose cells are no numbers anyway."""
    keys = kind_keys(layout)
    stated = () if keys is None else (name for kind in _READ_AS_TEXTS for name in keys.named(kind))
    others = {*layout.nominal, *(name for name, _ in layout.ordinal), *dropped(layout), *stated}
    return [finding for finding in rows.doubts if finding.column not in others]


def _plain(rows: CsvRows, layout: Layout, path: Path) -> FileColumns | None:
    """Read a plain file as it stands; None where the rows have to be looked at one by one."""
    import numpy as np
    import pandas as pd

    mark = rows.plain_delimiter
    if not mark or len(rows.header) < 2 or not is_plain(path, mark, len(rows.header)):
        return None
    form: dict[str, Any] = {"sep": mark, "quoting": csv.QUOTE_NONE, "skiprows": 1}
    with path.open("rb") as file:  # not from memory: pandas holds all of its text once more
        frame, found = _frame(file, rows.header, layout, path, **form)
    codes, texts = pd.factorize(frame.pop(layout.target).fillna(""))
    if len(texts) > _MOST_PLAIN_LABELS:
        return None
    counts = np.bincount(codes, minlength=len(texts)).tolist()
    _, firsts = np.unique(codes, return_index=True)
    first_rows = [line.decode().split(mark) for line in lines_of(path, firsts.tolist())]
    for text, n, cells in zip(texts, firsts.tolist(), first_rows, strict=True):
        if is_called_target(text, layout):
            check_header(cells, rows.header, layout, path.name, f"line {n + 2}")
    shown = map(start_of_row, first_rows)
    where = {text: f"line {n + 2}: {row}" for text, n, row in zip(texts, firsts.tolist(), shown, strict=True)}
    n_rows = len(codes)
    lines = {n: n + 2 for n in (0, *range(n_rows - _LAST_ROWS, n_rows))}
    labels = Labels(list(texts), counts, codes=codes.tolist(), where=where)
    return FileColumns(frame, labels, found, lines=lines)


def _with_own_marks(layout: Layout) -> list[str]:
    """Return the columns in which another file has decided that the decimal mark is a comma."""
    return [
        name
        for name, reading in (readings_of(layout) or {}).items()
        if reading.kind == "numeric" and reading.clothes.decimal == ","
    ]


def _frame(
    cells: IO[bytes], names: Sequence[str], layout: Layout, path: Path, **form: Any
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the columns of cells, and which of them may be codes though they are numbers."""
    import pandas as pd

    keys = kind_keys(layout)
    ordinal = (name for name, _ in layout.ordinal)
    as_texts = () if keys is None else (name for kind in _READ_AS_TEXTS for name in keys.named(kind))
    as_texts = (*as_texts, *_with_own_marks(layout))
    options: dict[str, Any] = {
        "header": None,
        "names": list(names),
        "index_col": False,
        "dtype": dict.fromkeys(
            (layout.target, *layout.nominal, *layout.role_columns, *ordinal, *as_texts), "str"
        ),
        "keep_default_na": False,
        "na_values": [""],
        "skip_blank_lines": False,
        "low_memory": False,
        **exact_floats(),
        **form,
    }
    try:
        frame: pd.DataFrame = pd.read_csv(cells, **options)
        if keys is None:
            return frame, []
        others = {*dropped(layout), *keys.columns, *(readings_of(layout) or {}), layout.target}
        return lost_texts(frame, cells, options, path.name, keys.named("numeric"), others)
    except ValueError as error:
        raise ConfigError(
            f"{layout.name}: expected a table of numbers and texts in {path}, got {error}: check the file"
        ) from error
