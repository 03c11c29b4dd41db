"""``smote-bench run FILE``: the grid of an experiment through pytest, from wherever one is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from smote_bench.commands.call_pytest import call_pytest

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    from smote_bench.experiment.shipped import shipped_experiments

    parser = subparsers.add_parser(
        "run",
        help="run an experiment",
        description="Run an experiment; what follows FILE goes to pytest, as in: "
        "smote-bench run quick -n auto -k Ecoli; an id that is printed runs that cell alone",
    )
    parser.add_argument(
        "experiment",
        metavar="FILE",
        help=f"a YAML file, or one that comes with smote-bench: {', '.join(shipped_experiments())}",
    )


def run(args: argparse.Namespace) -> int:
    """Call pytest on the grid; return its exit code."""
    from smote_bench.experiment.shipped import RUN_OPTIONS, experiment_path, grid_file

    options = [*RUN_OPTIONS, "--smote-experiment", str(experiment_path(args.experiment))]
    if not any(word.startswith("--rootdir") for word in args.rest):
        options.append(f"--rootdir={Path.cwd()}")
    from smote_bench.session.node_ids import is_pasted

    whole = [] if any(map(is_pasted, args.rest)) else [str(grid_file())]
    return call_pytest([*whole, *options, *args.rest])
