"""`smote-bench datasets show FILE --target COLUMN`: what of a file is read as what, and why."""

from __future__ import annotations

import argparse
import re
import shlex
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from smote_bench.data.files.csv_rows import CsvRows
from smote_bench.data.files.dialects import sniff
from smote_bench.data.files.formats import format_of, is_known
from smote_bench.data.files.read_keys import parse_read_keys
from smote_bench.data.findings import together
from smote_bench.data.sources import UserFile, parse_user_file
from smote_bench.data.tables.file_columns import FileColumns
from smote_bench.data.tables.layouts import likely_target
from smote_bench.data.tables.rarest_label import rarest_label
from smote_bench.data.tables.table_columns import Columns
from smote_bench.data.values.number_texts import some
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["add_options", "is_file", "show"]

_NAMES = {"\t": "tabs", " ": "blanks"}
_WIDTH = 110
_MOST_COLUMNS = 100
_OF_LABELS = ("minority", "positive")
_READ = {
    "sep": "one character between cells, tab or blank",
    "encoding": "such as cp1252",
    "decimal": "'.' or ','",
    "thousands": "left out of numbers",
    "header": "the number of its line, false, or [names]",
    "comment": "lines that begin with it are no rows; write --comment=-- where it begins with -",
    "na": "further marks of missing cells, as in '[none, -9]'",
    "sheet": "of an Excel file",
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a file is read."""
    group = parser.add_argument_group("a file of your own", "keys as in an experiment (docs/datasets.md)")
    group.add_argument("--target", metavar="COLUMN", help="the column of labels: needed for a file")
    group.add_argument("--minority", metavar="LABEL", help="default: the rarest label")
    for key, words in _READ.items():
        group.add_argument(f"--{key}", metavar=key.upper(), help=words)
    group.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="another key, its value in YAML, as in --key groups=patient --key 'drop=[id]'; may be repeated",
    )


def is_file(args: argparse.Namespace) -> bool:
    """Tell whether what is to be shown is a file, and no data set with a name."""
    path = Path(args.name)
    return args.target is not None or (is_known(path) and path.is_file())


def show(args: argparse.Namespace) -> int:
    """Print how a file is read, each of its columns, and what was found.

    Raises
    ------
    ConfigError
        If it cannot be read as described.
    """
    if args.target is None:
        raise ConfigError(
            f"expected --target COLUMN for the file {args.name!r}, got none: name the column of labels"
            f"{_columns(args)}"
        )
    from smote_bench.data.read_cache import read_with_findings  # with numpy and pandas

    source = parse_user_file(_entry(args), Path.cwd())
    columns, y, findings = read_with_findings(source)
    source = replace(source, findings=findings)
    for line in _lines(source, columns, int(y.sum())):
        print(line)
    return 0


def _columns(args: argparse.Namespace) -> str:
    """Say which columns a text file has that may be the target; empty of other files."""
    path = Path(args.name).expanduser()
    if format_of(path) != "text":
        return ""
    with CsvRows(path, path.name, parse_read_keys(_read(args), path.name)) as rows:
        names = rows.header
    return f", as in --target {shlex.quote(names[-1])}; there are {some(names)}.{likely_target(names)}"


def _read(args: argparse.Namespace) -> dict[str, Any]:
    """Return the keys of ``read`` that are given as options."""
    read = {key: getattr(args, key) for key in _READ if getattr(args, key) is not None}
    # --comment=-- is [] until Python 3.11.8 and 3.12.2: github.com/python/cpython/issues/109475
    read = {key: "--" if value == [] else value for key, value in read.items()}
    for key in {"header", "na"} & read.keys():
        read[key] = _yaml(read[key], f"--{key}")
    return read


def _entry(args: argparse.Namespace) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": "file", "file": args.name, "target": args.target}
    for given in args.key:
        key, mark, value = given.partition("=")
        if not mark:
            raise ConfigError(f"expected KEY=VALUE for --key, got {given!r}: as in --key groups=patient")
        read_value = _labels if key in _OF_LABELS else _yaml
        entry[key] = read_value(value, f"--key {key}")
    if read := _read(args):
        entry["read"] = {**(entry.get("read") or {}), **read}
    if args.minority is not None:
        if "minority" in entry:
            raise ConfigError("expected --minority or --key minority, got both: leave one out")
        entry["minority"] = _labels(args.minority, "--minority")
    elif "minority" not in entry:
        entry["minority"] = _rarest(entry)
    return entry


def _labels(text: str, option: str) -> Any:
    """Return a label as it stands, a bare no as well; several are a list in YAML."""
    return _yaml(text, option) if text.startswith("[") and text.endswith("]") else text


def _yaml(text: str, option: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigError(f"expected a value in YAML for {option}, got {text!r}: quote it") from error


def _rarest(entry: Mapping[str, Any]) -> str:
    path = Path(entry["file"]).expanduser()
    if not path.is_file():
        raise ConfigError(f"expected a file at {path}, but there is none: correct the name")
    return rarest_label(path, entry["target"], parse_read_keys(entry.get("read"), "file"))


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
