"""``smote-bench plan FILE``: what a run will cost, before it is started."""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from smote_bench.errors import ConfigError

__all__ = ["add_parser", "run"]

_MOST_WORKERS = 1_000_000


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    summary = "what a run will cost: CPU hours, memory, wall time on some workers"
    parser = subparsers.add_parser("plan", help=summary, description=f"Print {summary}. Nothing is computed.")
    parser.add_argument(
        "experiment",
        metavar="FILE",
        help="a YAML file, or one that comes with smote-bench: quick, default, flare or gate",
    )
    for what in ("datasets", "methods", "classifiers"):
        parser.add_argument(f"--{what}", metavar="A,B", help=f"these {what} in place of the file's")
    parser.add_argument(
        "--workers",
        type=_workers,
        default=(1, 16, 256, 4096),
        metavar="N,...",
        help="how many workers to simulate (default: 1,16,256,4096)",
    )
    parser.add_argument("--engine", choices=("xdist", "dask"), help="in whose order cells are given out")
    parser.add_argument(
        "--timeout", type=_seconds, default=1800.0, metavar="S", help="as --smote-timeout (default: 1800)"
    )
    parser.add_argument("--memo", metavar="FILE|off", help="outcomes of earlier runs (default: in --out)")
    parser.add_argument("--out", type=Path, default=Path("reports"), metavar="DIR", help="as --smote-out")
    parser.add_argument("--data", type=Path, metavar="DIR", help="as --smote-data")
    parser.add_argument(
        "--calibrate",
        type=_seconds,
        metavar="S",
        help="CPU seconds that a call may take while it is timed (default: 1, less for many methods)",
    )
    parser.add_argument("--no-calibrate", action="store_true", help="time nothing: memo and rough estimates")
    parser.add_argument("--json", action="store_true", help="as JSON")


def _workers(text: str) -> tuple[int, ...]:
    words = [word.strip() for word in text.split(",")]
    wrong = [word for word in words if not word.isdecimal() or not 1 <= int(word) <= _MOST_WORKERS]
    if wrong:
        raise argparse.ArgumentTypeError(
            f"expected whole numbers from 1 to {_MOST_WORKERS:,} with commas, as in 1,16, got {wrong[0]!r}"
        )
    return tuple(dict.fromkeys(int(word) for word in words))


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number of seconds, 0 or more, got {text!r}")
    return value


def run(args: argparse.Namespace) -> int:
    """Print the plan."""
    from smote_bench.experiment.file import read_experiment
    from smote_bench.experiment.shipped import experiment_path

    experiment = read_experiment(experiment_path(args.experiment)).narrow(
        datasets=_names("datasets", args.datasets),
        methods=_names("methods", args.methods),
        classifiers=_names("classifiers", args.classifiers),
    )
    if args.data is not None and not args.data.is_dir():
        raise ConfigError(
            f"expected a folder of data files for --data, got {str(args.data)!r}: there is no such folder"
        )
    memo = _memo(args)
    from smote_bench.engines.planning.plan import Request, make_plan
    from smote_bench.engines.planning.words import plan_words

    request = Request(
        workers=args.workers,
        memo=memo,
        data_dir=args.data,
        timeout=args.timeout,
        calibrate=0.0 if args.no_calibrate else args.calibrate,
        engine=args.engine or "",
    )
    plan = make_plan(experiment, request, say=_say)
    print(json.dumps(plan.to_json(), indent=2) if args.json else plan_words(plan))
    return 0


def _names(what: str, text: str | None) -> list[str] | None:
    if text is None:
        return None
    names = [word.strip() for word in text.split(",") if word.strip()]
    if not names:
        raise ConfigError(f"expected names with commas for --{what}, got {text!r}: name at least one")
    return names


def _memo(args: argparse.Namespace) -> Path | None:
    if args.memo == "off":
        return None
    if args.memo is None:
        from smote_bench.runs.memo import memo_of

        return memo_of(args.out)
    path = Path(args.memo)
    if not path.is_file():
        raise ConfigError(
            f"expected the file of a memo for --memo, got {args.memo!r}: there is none; name what was given "
            "to --smote-memo, or off"
        )
    return path


def _say(text: str) -> None:
    """Show what is being done, where somebody looks on, in one line that is written over."""
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{text}" if text else "\r\x1b[2K", end="", file=sys.stderr, flush=True)
