"""``smote-bench track RUN --to NAME``: send a finished run to a tracker, or what of it was not sent."""

from __future__ import annotations

import argparse
import functools
import sys
from typing import Any

from smote_bench.commands.runs import RUN_HELP, add_reports_option

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    parser = subparsers.add_parser(
        "track",
        help="send a run to ClearML, MLflow or another tracker",
        description="Send a finished run from its folder to a tracker. What was sent before is not sent "
        "again: tracked.json in the folder says what is where.",
    )
    parser.add_argument(
        "word", metavar="RUN", nargs="?", default="latest", help=f"{RUN_HELP} (default: %(default)s)"
    )
    parser.add_argument(
        "--to",
        metavar="NAME,...",
        required=True,
        help="clearml, mlflow, another package's tracker, or package.module:Class",
    )
    add_reports_option(parser)


def run(args: argparse.Namespace) -> int:
    """Send the run; return 1 if something could not be sent."""
    from smote_bench.errors import ConfigError
    from smote_bench.experiment.tracking import parse_trackers
    from smote_bench.report.trackers.publish import publish
    from smote_bench.report.trackers.registry import check_tracker
    from smote_bench.runs.listing import find_run
    from smote_bench.runs.manifest_of_store import headline_of
    from smote_bench.runs.open import finished_run

    folder = finished_run(find_run(args.word, args.reports))
    trackers = parse_trackers(args.to)
    if not trackers:
        raise ConfigError("expected a tracker's name for --to, got none: write --to clearml or --to mlflow")
    for name in trackers:
        check_tracker(name)
    if headline := headline_of(folder):
        print(f"{headline} Only these are sent.", file=sys.stderr)
    problems = [publish(folder, name, say=functools.partial(_say, name)) for name in trackers]
    for problem in problems:
        if problem is not None:
            print(f"smote-bench track: {problem}", file=sys.stderr)
    return 1 if any(problems) else 0


def _say(tracker: str, text: str) -> None:
    print(f"{tracker}: {text}", flush=True)
