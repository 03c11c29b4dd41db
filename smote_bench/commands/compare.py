"""``smote-bench compare RUN RUN...``: what changed between runs."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from smote_bench.commands.runs import RUN_HELP, add_reports_option
from smote_bench.errors import ConfigError

__all__ = ["add_parser", "run"]


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    summary = "what changed between runs: settings, data, versions, scores with intervals"
    parser = subparsers.add_parser(
        "compare", help=summary, description=f"{summary}. Every run is compared with the first."
    )
    parser.add_argument(
        "runs",
        metavar="RUN",
        nargs="+",
        help=RUN_HELP,
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="where to write (default: compare/NAMES below the reports)"
    )
    add_reports_option(parser)
    parser.add_argument(
        "--any-data",
        action="store_true",
        help="compare means of data sets whose version or digest differs, too; else they are left out",
    )


def run(args: argparse.Namespace) -> int:
    """Print the comparison, write its files and say where; return 1 if a run's store is damaged."""
    from smote_bench.runs.listing import find_run

    if len(args.runs) < 2:
        raise ConfigError(
            f"expected two runs or more, got {args.runs[0]!r} alone: name the base first, then what to "
            "compare with it; `smote-bench list` shows them"
        )
    folders = [find_run(word, args.reports) for word in args.runs]

    from smote_bench.report.compare.document import comparison_sections
    from smote_bench.report.compare.files import comparison_name, run_labels, write_comparison
    from smote_bench.report.compare.two_runs import compare_runs
    from smote_bench.report.text.document import as_text
    from smote_bench.runs.open import open_run

    runs = [open_run(folder) for folder in folders]
    base, *others = runs
    comparisons = [compare_runs(base, other, any_data=args.any_data) for other in others]
    labels = run_labels(runs)
    out = args.out or args.reports / "compare" / comparison_name(labels)
    # written first: whoever reads the text through `| head` has the files all the same
    paths = write_comparison(out, comparisons, labels)
    print(as_text(comparison_sections(comparisons, labels, brief=True)))
    for path in paths:
        print(path)
    damages = dict.fromkeys(run.damage for run in runs if run.damage)
    for damage in damages:
        print(f"smote-bench compare: {damage}", file=sys.stderr)
    return 1 if damages else 0
