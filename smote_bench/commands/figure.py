"""``smote-bench figure RUN``: the run's deltas as a picture."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from smote_bench.errors import ConfigError

__all__ = ["add_parser", "run"]

_ENDINGS = (".png", ".svg", ".pdf")


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    parser = subparsers.add_parser("figure", help="draw a run's deltas with their intervals")
    parser.add_argument(
        "folder",
        metavar="RUN",
        nargs="?",
        default="reports/latest",
        help="a run's folder (default: %(default)s)",
    )
    parser.add_argument(
        "--out", type=Path, help="file to write, PNG, SVG or PDF (default: figures/deltas.png in the run)"
    )


def run(args: argparse.Namespace) -> int:
    """Draw and save; print where."""
    from smote_bench.report.figures.summary_deltas import draw_deltas, save_figure

    folder = Path(args.folder)
    path = args.out or folder / "figures" / "deltas.png"
    if path.suffix not in _ENDINGS:
        raise ConfigError(f"expected a file ending in {', '.join(_ENDINGS)}, got {str(path)!r}: rename it")
    figure = draw_deltas(folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_figure(figure, path)
    print(path)
    return 0
