"""`smote-bench datasets show FILE --target COLUMN`: what of a file is read as what, and why."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.commands.file_options import entry_of, given_options
from smote_bench.data.files.dialects import sniff
from smote_bench.data.files.formats import format_of, is_known
from smote_bench.data.findings import together
from smote_bench.data.sources import UserFile, parse_user_file
from smote_bench.data.tables.file_columns import FileColumns
from smote_bench.data.tables.table_columns import Columns
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["is_file", "show", "told"]

_NAMES = {"\t": "tabs", " ": "blanks"}
_WIDTH = 110
_MOST_COLUMNS = 100
_MOST_ROWS_SPLIT = 20_000
"""To split more by groups takes seconds."""


def is_file(args: argparse.Namespace) -> bool:
    """Tell whether what is to be shown is a file, and no data set with a name."""
    path = Path(args.name)
    return args.target is not None or (path.is_file() and (is_known(path) or bool(given_options(args))))


def show(args: argparse.Namespace) -> int:
    """Print how a file is read, each of its columns, and what was found.

    Raises
    ------
    ConfigError
        If it cannot be read as described.
    """
    source = parse_user_file(entry_of(args, args.name), Path.cwd())
    columns, _, lines = told(source)
    for line in lines:
        print(line)
    if source.roles and len(columns.X) <= _MOST_ROWS_SPLIT:
        print(_field("split", _split_words(source)))
    return 0


def _split_words(source: UserFile) -> str:
    """Say whether a file can be split by its groups, times or given part as an experiment does by default."""
    from smote_bench.evaluation.protocol import Protocol
    from smote_bench.experiment.role_check import check_roles

    protocol = Protocol()
    is_given = source.roles.test is not None or source.roles.split is not None
    holdout = "the given hold-out" if is_given else f"a hold-out of {protocol.test_size:g}"
    parts = f"into {holdout} and {protocol.cv_folds} folds, as an experiment does by default"
    try:
        check_roles(source, protocol)
    except ConfigError as error:
        return f"not {parts}: {str(error).removeprefix(f'{source.name}: ')}"
    return parts


def told(source: UserFile) -> tuple[Columns, np.ndarray, list[str]]:
    """Return the features and codes of a file and, line by line, how they were read and what was found.

    Raises
    ------
    ConfigError
        If it cannot be read as described.
    """
    from smote_bench.data.read_cache import read_with_findings  # with numpy and pandas

    columns, y, findings = read_with_findings(source)
    return columns, y, list(_lines(replace(source, findings=findings), columns, int(y.sum())))


def _lines(source: UserFile, columns: Columns, n_minority: int) -> Iterator[str]:
    n_rows = len(columns.X)
    form = format_of(source.file)
    yield _field("file", f"{source.file.name}: {form}, {n_rows:,} rows")
    if form == "text":
        yield from _form(source)
    labels = _of_file(columns).labels
    counts = sorted(zip(labels.counts, labels.texts, strict=True), reverse=True)
    told = ", ".join(f"{text!r} in {n:,} rows" for n, text in counts[:8])
    more = f" and {len(counts) - 8:,} more" if len(counts) > 8 else ""
    minority = source.minority if isinstance(source.minority, str) else " or ".join(source.minority)
    yield _field("target", f"{source.target}: {told}{more}; the minority, {minority!r}, has {n_minority:,}")
    if source.positive is not None:
        yield _field("positive", f"{source.positive.said}, in metrics; the minority is oversampled")
    n_others = len(set(_of_file(columns).frame) - {*columns.X, source.target})
    yield _field("columns", f"{columns.X.shape[1]} features, {n_others} others")
    yield from _table(source, columns)
    yield _field("findings", "" if source.findings else "none")
    for finding in together(source.findings):
        yield textwrap.fill(
            f"{finding.kind}: {finding}",
            _WIDTH,
            initial_indent="  ",
            subsequent_indent="    ",
            break_on_hyphens=False,
        )


def _form(source: UserFile) -> Iterator[str]:
    dialect = sniff(source.file, source.read)
    given = source.read.to_json()

    def said(key: str) -> str:
        return "as said" if key in given else "guessed"

    yield _field("encoding", f"{dialect.encoding.removesuffix('-sig')} ({said('encoding')})")
    yield _field(
        "cells", f"separated by {_NAMES.get(dialect.delimiter, repr(dialect.delimiter))} ({said('sep')})"
    )
    yield _field("decimal", f"{',' if dialect.decimal_comma else '.'!s} ({said('decimal')})")
    if source.read.has_header:
        yield _field("header", f"line {dialect.n_skipped + 1} ({said('header')})")
    else:
        yield _field("header", "none (as said)")


def _table(source: UserFile, columns: Columns) -> Iterator[str]:
    roles = {column: key for key, column in source.roles.to_json().items() if key != "test"}
    rows = []
    for name in _of_file(columns).frame.columns:
        if name == source.target:
            continue
        kind, missing = "no feature", ""
        if name in columns.X:
            kind, missing = _kind(columns.X[name]), _missing(columns, name)
        elif name in roles:
            kind = roles[name]
        elif name in source.drop:
            kind = "dropped"
        rows.append((str(name), kind, missing))
    widths = [max((len(row[n]) for row in rows[:_MOST_COLUMNS]), default=0) for n in range(2)]
    for name, kind, missing in rows[:_MOST_COLUMNS]:
        yield f"  {name.ljust(widths[0])}  {kind.ljust(widths[1])}  {missing}".rstrip()
    if more := rows[_MOST_COLUMNS:]:
        counts = Counter(_of_kind(kind) for _, kind, _ in more)
        yield f"  and {len(more):,} more: {', '.join(f'{n:,} {kind}' for kind, n in counts.items())}"


def _of_kind(kind: str) -> str:
    """Return a kind without its values."""
    return kind if kind == "no feature" else re.split(r"[,:]", re.sub(r"^\d+ ", "", kind))[0]


def _of_file(columns: Columns) -> FileColumns:
    assert columns.file is not None
    return columns.file


def _kind(feature: pd.Series) -> str:
    import pandas as pd

    if feature.dtype == bool:
        return f"truth values, {int(feature.sum()):,} of {len(feature):,} true"
    if not isinstance(feature.dtype, pd.CategoricalDtype):
        present = feature.dropna()
        return f"numbers, {present.min():g} to {present.max():g}" if len(present) else "numbers, none present"
    known = [repr(str(category)) for category in feature.cat.categories]
    first = ", ".join(known[:3]) + (", ..." if len(known) > 3 else "")
    return f"{len(known)} {'ordered ' if feature.cat.ordered else ''}categories: {first}"


def _missing(columns: Columns, name: str) -> str:
    n_missing = int(columns.X[name].isna().sum())
    if not n_missing:
        return ""
    marks = dict(_of_file(columns).markers.get(name, {}))
    if n_empty := n_missing - sum(marks.values()):
        marks["empty"] = n_empty
    told = ", ".join(f"{mark!r} {n:,}" if mark != "empty" else f"empty {n:,}" for mark, n in marks.items())
    return f"{n_missing:,} missing ({told})"


def _field(name: str, text: str) -> str:
    return (
        textwrap.fill(
            text, _WIDTH, initial_indent=f"{name:12}", subsequent_indent=" " * 12, break_on_hyphens=False
        )
        or name
    )
