"""``smote-bench report RUN``: a run's page, figures and tables, again or for the first time."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path
from typing import Any

from smote_bench.commands.runs import RUN_HELP, add_reports_option
from smote_bench.errors import ConfigError

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    parser = subparsers.add_parser(
        "report",
        help="make a run's page, figures and tables",
        description="Write report.html, figures/, summary.md and the tables of a finished run into its "
        "folder, from what is stored there: neither data nor samplers are needed.",
    )
    parser.add_argument(
        "word",
        metavar="RUN",
        nargs="?",
        default="latest",
        help=f"{RUN_HELP} (default: %(default)s)",
    )
    add_reports_option(parser)
    parser.add_argument(
        "--to",
        type=Path,
        metavar="FOLDER",
        help="copy what is stored of the run into a new folder and make its report there: the run's own is "
        "not touched, as where it is read-only",
    )
    parser.add_argument(
        "--against",
        metavar="OTHER",
        help="another run, named as RUN is, to compare this one with on its page: differences by method and "
        "data set with intervals (`smote-bench compare` writes more)",
    )
    parser.add_argument(
        "--tsne",
        choices=("auto", "on", "off"),
        default="on",
        help="embed the points by t-SNE: seconds for each pair of data set and method, kept for next time "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--figures",
        choices=("auto", "all"),
        default="auto",
        help="all: also figures/curves_*, history_* and points_* of each method on each data set where they "
        "are many; the page shows them anyway; a large run (docs/scale.md) has those over all data sets "
        "(default: %(default)s)",
    )
    parser.add_argument(
        "--jobs",
        type=_positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes for figures and t-SNE (default: one per core, %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Make the report; return 1 if a part of it could not be made, 128 and a signal's number after one."""
    from smote_bench.environment.stopping import Interrupted, signals_interrupt

    place: list[Path] = []
    try:
        with signals_interrupt():
            return _make(args, place)
    except Interrupted as error:
        _say_interrupted(str(error), place)
        return error.exit_code


def _say_interrupted(how: str, place: list[Path]) -> None:
    if place:
        command = shlex.join(["smote-bench", "report", str(place[0])])
        rest = f"what was made is whole; the rest is made by: {command}"
    else:
        rest = "no report was begun; the same command goes on"
    print(f"\nsmote-bench report: {how}: {rest}", file=sys.stderr, flush=True)


def _make(args: argparse.Namespace, place: list[Path]) -> int:
    """Make the report; where it is made is put into `place` as soon as what it is made of is there."""
    from smote_bench.report.build import FIGURES_ON_DEMAND, ReportSettings, write_report
    from smote_bench.runs.copy import copy_run
    from smote_bench.runs.listing import find_run
    from smote_bench.runs.manifest_of_store import headline_of
    from smote_bench.runs.memo import memo_of
    from smote_bench.runs.open import finished_run

    folder = find_run(args.word, args.reports).resolve()
    memo = memo_of(folder.parent.parent)
    against = find_run(args.against, args.reports).resolve() if args.against else None
    if against == folder:
        raise ConfigError(
            f"expected another run for --against, got {args.against!r}, which is this one: name the run to "
            "compare it with; `smote-bench list` shows them"
        )
    if args.to is not None:
        folder = copy_run(finished_run(folder), args.to)
    elif not os.access(folder, os.W_OK):
        raise ConfigError(
            f"expected a folder that can be written, got {str(folder)!r}: name another with --to FOLDER"
        )
    settings = ReportSettings(
        tsne=args.tsne,
        most_figures=FIGURES_ON_DEMAND if args.figures == "auto" else None,
        jobs=args.jobs,
        memo=memo if memo.is_file() else None,
        against=against,
    )
    place.append(folder)
    report = write_report(
        folder, settings, say=lambda text: print(f"{text} ...", file=sys.stderr, flush=True)
    )
    for line in [headline_of(folder), *report.lines]:
        if line:
            print(line)
    for failure in report.failures:
        print(f"smote-bench report: {failure}", file=sys.stderr)
    return 1 if report.failures else 0


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected a number of processes, 1 or more, got {text!r}")
    return number
