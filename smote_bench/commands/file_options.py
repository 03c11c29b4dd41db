"""Options of commands that take a file of the user's: what of it is the target, and how it is read."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from smote_bench.data.cards import catalogue_names
from smote_bench.data.files.csv_rows import CsvRows
from smote_bench.data.files.formats import format_of
from smote_bench.data.files.read_keys import parse_read_keys
from smote_bench.data.sources import OPTIONAL_KEYS
from smote_bench.data.tables.layouts import likely_target
from smote_bench.data.tables.rarest_label import rarest_label
from smote_bench.data.values.number_texts import some
from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["add_options", "check_none_given", "entry_of", "given_options"]

_OF_LABELS = ("minority", "positive")
_KEYS = {
    "positive": ("LABEL", "what metrics count as found (default: the minority)"),
    "groups": ("COLUMN", "of patients, sites: rows with one value are on one side of every split"),
    "time": ("COLUMN", "rows train that are earlier than those that test"),
    "split": ("COLUMN", "says which rows are the hold-out"),
    "test": ("FILE", "with the rows of the hold-out"),
    "weights": ("COLUMN", "how much a row counts"),
    "drop": ("COLUMN", "no feature; may be repeated"),
    "keep": ("COLUMN", "a feature, though it looks like an identifier or free text; may be repeated"),
}
_SEVERAL = ("drop", "keep")
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


class _Once(argparse.Action):
    """Keeps a value, and refuses a second one."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        if getattr(namespace, self.dest) is not None:
            parser.error(f"expected {option_string} once, got it again with {values!r}: leave one out")
        setattr(namespace, self.dest, values)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a file is read."""
    parser.set_defaults(other_names=_other_names())
    group = parser.add_argument_group("a file of your own", "keys as in an experiment (docs/datasets.md)")
    group.add_argument(
        "--target", metavar="COLUMN", action=_Once, help="the column of labels: needed for a file"
    )
    group.add_argument(
        "--minority", metavar="LABEL", action="append", help="default: the rarest label; may be repeated"
    )
    for key, (metavar, words) in _KEYS.items():
        action: Any = "append" if key in _SEVERAL else _Once
        group.add_argument(f"--{key}", metavar=metavar, action=action, help=words)
    for key, words in _READ.items():
        group.add_argument(f"--{key}", metavar=key.upper(), action=_Once, help=words)
    group.add_argument(
        "--key",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="another key, its value in YAML, as in --key 'kinds={zip: nominal}'; may be repeated",
    )


def _other_names() -> dict[str, str]:
    """Return what looks like an option of these and is none, to how it is said."""
    others = {f"--{key}": f"--key {key}=..." for key in OPTIONAL_KEYS if key not in _KEYS}
    return {**others, "--sample_weight": "--weights"}


def given_options(args: argparse.Namespace) -> list[str]:
    """Return the names of the options of a file that are given, but for its target."""
    keys = (*_KEYS, *_READ, "minority")
    return [key for key in keys if getattr(args, key) is not None] + ["key"] * bool(args.key)


def check_none_given(args: argparse.Namespace) -> None:
    """Refuse options of a file where what is named is none.

    Raises
    ------
    ConfigError
    """
    if given := given_options(args):
        raise ConfigError(
            f"expected a file for --{given[0]}, got {args.name!r}, which is none that is here: correct "
            "its name, or leave the option out for a data set of the catalogue"
        )


def entry_of(args: argparse.Namespace, file: str) -> dict[str, Any]:
    """Return the entry of a file in an experiment, as its options say; the rarest label where none is named.

    Raises
    ------
    ConfigError
        If an option has no such value, or the file no such column.
    """
    _check_file(file)
    if args.target is None:
        raise ConfigError(
            f"expected --target COLUMN for the file {file!r}, got none: name the column of labels"
            f"{_columns(args, file)}"
        )
    entry = {"name": "file", "file": file, "target": args.target, **_said_as_keys(args)}
    if read := _read(args):
        entry["read"] = {**(entry.get("read") or {}), **read}
    options = {key: getattr(args, key) for key in (*_KEYS, "minority") if getattr(args, key) is not None}
    for key in options:
        if key in entry:
            raise ConfigError(f"expected --{key} or --key {key}, got both: leave one out")
        if key in _KEYS:
            entry[key] = _said_as(key, options[key], args, file)
    if args.minority is not None:
        labels = [_labels(text, "--minority") for text in args.minority]
        if len(labels) > 1 and [] in labels:
            raise ConfigError("expected a label for each --minority, got []: leave it out")
        together = [one for label in labels for one in (label if isinstance(label, list) else [label])]
        entry["minority"] = labels[0] if len(labels) == 1 else list(dict.fromkeys(together))
    elif "minority" not in entry:
        entry["minority"] = _rarest(entry)
    return entry


def _check_file(file: str) -> None:
    path = Path(file).expanduser()
    if path.is_dir():
        raise ConfigError(f"expected a file, got the folder {file!r}: name the table in it")
    if not path.exists():
        beside = [one.name for one in path.parent.glob("*")] if path.parent.is_dir() else []
        raise ConfigError(
            f"expected a file at {path}, but there is none: correct the name."
            f"{did_you_mean(path.name, beside) or _named_set(file)}"
        )


def _named_set(name: str) -> str:
    """Say that a data set of the catalogue is meant, where one is; empty otherwise."""
    found = {known.casefold(): known for known in catalogue_names()}.get(name.casefold())
    if found is None:
        return ""
    return f" {found} is a data set of the catalogue, which an experiment names: datasets: [{found}]"


def _header(args: argparse.Namespace, file: str) -> Sequence[str]:
    """Return the names of a text file's columns; none of other files."""
    path = Path(file).expanduser()
    if format_of(path) != "text":
        return ()
    with CsvRows(path, path.name, parse_read_keys(_read(args), path.name)) as rows:
        return rows.header


def _columns(args: argparse.Namespace, file: str) -> str:
    """Say which columns a text file has that may be the target; empty of other files."""
    names = _header(args, file)
    if not names:
        return ""
    return f", as in --target {shlex.quote(names[-1])}; there are {some(names)}.{likely_target(names)}"


def _read(args: argparse.Namespace) -> dict[str, Any]:
    """Return the keys of ``read`` that are given as options."""
    read = {key: getattr(args, key) for key in _READ if getattr(args, key) is not None}
    # --comment=-- is [] until Python 3.11.8 and 3.12.2: github.com/python/cpython/issues/109475
    read = {key: "--" if value == [] else value for key, value in read.items()}
    for key in {"header", "na"} & read.keys():
        read[key] = _yaml(read[key], f"--{key}")
    return read


def _said_as_keys(args: argparse.Namespace) -> dict[str, Any]:
    """Return what ``--key`` says."""
    said: dict[str, Any] = {}
    for given in args.key:
        key, mark, value = given.partition("=")
        if not mark:
            raise ConfigError(f"expected KEY=VALUE for --key, got {given!r}: as in --key dates=drop")
        if key in {"file", "target"}:
            say = "--target COLUMN" if key == "target" else "the file itself"
            raise ConfigError(f"expected {say}, got --key {given!r}: leave that out")
        if key in said:
            raise ConfigError(f"expected --key {key} once, got it again with {value!r}: leave one out")
        read_value = _labels if key in _OF_LABELS else _yaml
        said[key] = read_value(value, f"--key {key}")
    return said


def _said_as(key: str, value: Any, args: argparse.Namespace, file: str) -> Any:
    """Return what an option says, as the key of an experiment would."""
    if key in _SEVERAL:
        return _columns_named(value, key, args, file)
    return _labels(value, f"--{key}") if key in _OF_LABELS else value


def _columns_named(texts: Sequence[str], key: str, args: argparse.Namespace, file: str) -> list[str]:
    """Return names of columns, which may be said one by one, and as a list, each as it is written."""
    names = _header(args, file) if any(map(_is_list, texts)) else ()
    named: list[str] = []
    for text in texts:
        several = _yaml(text, f"--{key}", yaml.BaseLoader) if _is_list(text) and text not in names else [text]
        if not all(isinstance(name, str) for name in several):
            raise ConfigError(f"expected names of columns for --{key}, got {text!r}: say them one by one")
        named += several
    return named


def _is_list(text: str) -> bool:
    return text.startswith("[") and text.endswith("]")


def _labels(text: str, option: str) -> Any:
    """Return a label as it stands, a bare no as well; several are a list in YAML."""
    return _yaml(text, option) if _is_list(text) else text


def _yaml(text: str, option: str, loader: Any = yaml.SafeLoader) -> Any:
    try:
        return yaml.load(text, loader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # a date such as 2024-13-45
        raise ConfigError(f"expected a value in YAML for {option}, got {text!r}: quote it") from error


def _rarest(entry: Mapping[str, Any]) -> str:
    path = Path(entry["file"]).expanduser()
    return rarest_label(path, entry["target"], parse_read_keys(entry.get("read"), "file"))
