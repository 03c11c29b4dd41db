"""How a command is told which stored runs are meant."""

from __future__ import annotations

import argparse
from pathlib import Path

__all__ = ["RUN_HELP", "add_reports_option"]

RUN_HELP = "a run's folder, the name of one below reports/runs or a unique part of it, or 'latest'"


def add_reports_option(parser: argparse.ArgumentParser) -> None:
    """Add ``--reports``: where names of runs are looked up (`smote_bench.runs.listing.find_run`)."""
    parser.add_argument(
        "--reports",
        type=Path,
        default=Path("reports"),
        metavar="DIR",
        help="the folder of reports, as given to --smote-out (default: %(default)s)",
    )
