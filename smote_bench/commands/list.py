"""``smote-bench list``: the runs that are kept, newest first."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from smote_bench.errors import ConfigError

__all__ = ["add_parser", "run"]

_HEADER = ("time", "experiment", "commit", "datasets", "methods", "classifiers", "cells", "report", "folder")
_WIDE = 30
"""Names that take no more room are shown; longer lists are counted."""
_NOTED = 5


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    summary = "list the runs that are kept, newest first"
    parser = subparsers.add_parser("list", help=summary, description=summary)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="the folder of reports, as given to --smote-out (default: reports)",
    )
    parser.add_argument("-n", type=_positive, dest="limit", metavar="N", help="only the newest N")
    parser.add_argument("--experiment", metavar="NAME", help="only runs of this experiment")
    parser.add_argument("--dataset", metavar="NAME", help="only runs with this data set")
    parser.add_argument("--json", action="store_true", help="as JSON, one object per run")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Print the list."""
    from smote_bench.runs.listing import latest_to_show, list_runs

    if args.out is not None and not args.out.is_dir():
        raise ConfigError(
            f"expected a folder of reports for --out, got {str(args.out)!r}, which is none: "
            "name what was given to --smote-out"
        )
    out = args.out or Path("reports")
    everything = list_runs(out)
    chosen = [
        entry
        for entry in everything
        if args.experiment in (None, entry.experiment)
        and (args.dataset is None or args.dataset in entry.datasets)
    ]
    shown = chosen[: args.limit]
    if args.json:
        print(json.dumps([entry.to_json() for entry in shown], indent=2))
        return 0
    if not everything:
        print(f"no runs in {out}: `smote-bench run quick` makes one")
    elif not chosen:
        print(_nothing_chosen(args, everything))
    else:
        _print(shown, latest_to_show(out))
        if len(shown) < len(chosen):
            print(f"{len(shown)} of {len(chosen)} runs; without -n for all")
    return 0


def _nothing_chosen(args: argparse.Namespace, everything: Sequence[Any]) -> str:
    """Say what there is instead: a filter is misspelt more often than it is right and empty."""
    from smote_bench.errors import did_you_mean

    parts = []
    if args.experiment is not None:
        names = list(dict.fromkeys(entry.experiment for entry in everything))
        parts.append(f"of experiment {args.experiment!r}.{did_you_mean(args.experiment, names)}")
        parts.append(f"There are: {', '.join(names)}.")
    if args.dataset is not None:
        names = list(dict.fromkeys(name for entry in everything for name in entry.datasets))
        parts.append(f"with data set {args.dataset!r}.{did_you_mean(args.dataset, names)}")
    return f"none of {len(everything)} runs is " + " ".join(parts)


def _print(entries: Sequence[Any], latest: Path | None) -> None:
    rows = [_HEADER, *(_row(entry, latest) for entry in entries)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADER) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        print("  ".join([*cells, row[-1]]).rstrip())
    noted = [entry for entry in entries if entry.remark]
    if noted:
        print()
    for entry in noted[:_NOTED]:
        print(f"{entry.status}: {_path(entry.folder)}: {entry.remark}")
    if len(noted) > _NOTED:
        print(
            f"and {len(noted) - _NOTED} more that are not finished or cannot be read; --json says of each why"
        )


def _row(entry: Any, latest: Path | None) -> tuple[str, ...]:
    dirty = "+" if entry.is_dirty else ""
    is_latest = latest is not None and entry.folder.resolve() == latest
    return (
        entry.when.astimezone().strftime("%Y-%m-%d %H:%M"),
        " ".join(entry.experiment.split()) or "-",
        entry.commit[:7] + dirty if entry.commit else "-",
        *(_names(getattr(entry, part)) for part in ("datasets", "methods", "classifiers")),
        _cells(entry),
        "yes" if entry.report else "-",
        _path(entry.folder) + (" (latest)" if is_latest else ""),
    )


def _names(names: Sequence[str]) -> str:
    text = ", ".join(names)
    return (text if len(text) <= _WIDE else str(len(names))) or "-"


def _cells(entry: Any) -> str:
    parts = [f"{n} {status}" for status, n in entry.by_status.items()]
    if entry.status == "unfinished" and entry.n_asked:
        parts.append(f"{entry.n_cells} of {entry.n_selected}")
    if entry.status != "finished":
        parts.append(entry.status)
    return ", ".join(parts) or "-"


def _path(folder: Path) -> str:
    """Return the folder as short as a reader can use it: relative below the working directory."""
    relative = os.path.relpath(folder)
    return str(folder) if relative.startswith(os.pardir) else relative
