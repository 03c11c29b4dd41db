"""``smote-bench gate``: has anything become worse, against a baseline or another tool's table."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.commands.runs import RUN_HELP, add_reports_option
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    from smote_bench.experiment.gate_settings import GateSettings
    from smote_bench.gating.evidence.evidence import Evidence

__all__ = ["add_parser", "run"]

_EXIT_CODES = (
    "Exit code: 0 pass; 1 something dropped, changed or is missing; 2 the call is wrong; 4 the two cannot be "
    "compared (other data, splits or protocol); 8 undecided: alarms, but of a single split. With --mode warn "
    "0, whatever was found."
)


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    summary = "judge a run against a baseline, or one table of scores against another"
    parser = subparsers.add_parser("gate", help=summary, description=f"{summary}.", epilog=_EXIT_CODES)
    parser.add_argument("run", metavar="RUN", nargs="?", help=RUN_HELP)
    parser.add_argument(
        "baseline",
        metavar="BASELINE",
        nargs="?",
        help="a baseline's name below reports/baselines, or its path",
    )
    tables = parser.add_argument_group("tables of other tools")
    for side in ("baseline", "current"):
        tables.add_argument(
            f"--{side}-table",
            type=Path,
            metavar="FILE",
            help="text, Parquet, Feather or Excel: dataset, method, classifier, split, seed, fold, then "
            "metric and value or one column per metric",
        )
    tables.add_argument(
        "--better",
        action="append",
        metavar="NAME=high|low",
        help="the direction of a metric that is not ours; may be repeated",
    )
    _add_strictness(parser.add_argument_group("strictness"))
    files = parser.add_argument_group("files")
    for name in ("json", "markdown", "junit"):
        files.add_argument(f"--{name}", type=Path, metavar="OUT", help=f"write the verdict as {name}")
    add_reports_option(parser)


def _add_strictness(group: Any) -> None:
    group.add_argument("--alpha", metavar="RATE", help="false alarms per run (default: 0.01)")
    group.add_argument(
        "--tol",
        metavar="LEVEL:DROP,...",
        help="drops that are never an alarm (default: method:0.0015,dataset:0.005,case:0.01)",
    )
    group.add_argument(
        "--compare-fail",
        action="append",
        metavar="METRIC:DROP,...",
        help="a fixed limit of a case's mean drop, without statistics, as roc_auc:0.05",
    )
    group.add_argument("--max-slowdown", metavar="FACTOR", help="judge seconds too (default: not judged)")
    group.add_argument("--metrics", action="append", metavar="NAMES", help="judge these (default: all)")
    group.add_argument(
        "--mode", metavar="warn|fail", help="warn shows the verdict and passes (default: fail)"
    )
    group.add_argument(
        "--partial", action="store_true", help="cases that are missing were not selected, and are no problem"
    )


def run(args: argparse.Namespace) -> int:
    """Print the verdict, write the files that were asked for, and return the verdict's exit code."""
    _check_combination(args)
    # options first: a typing error is told before a minute of reading
    settings = _settings(args)
    outputs = _outputs(args)
    baseline, current = _tables(args, settings) if args.current_table else _stored(args)
    if not args.current_table:
        settings = _settings(args, current.about.get("gate"))

    from smote_bench.api.gating import check_metrics
    from smote_bench.gating.judging.judge import judge
    from smote_bench.gating.verdicts import files, words
    from smote_bench.runs.whole_folder import write_as_named

    check_metrics(settings, baseline, names=("--metrics", "--compare-fail"))
    verdict = judge(baseline, current, settings)
    writers = {"json": files.dumps, "markdown": files.to_markdown, "junit": files.to_junit}
    for name, path in outputs.items():
        # written first: whoever reads the text through `| head` has the files all the same
        write_as_named(path, writers[name](verdict))
    more = str(args.markdown) if args.markdown else "--markdown OUT has all"
    print("\n".join(words.lines(verdict, more=more)))
    return verdict.exit_code


def _check_combination(args: argparse.Namespace) -> None:
    tables = {"--baseline-table": args.baseline_table, "--current-table": args.current_table}
    given = [name for name, path in tables.items() if path is not None]
    if given and args.run is not None:
        raise ConfigError(
            f"expected a RUN and a BASELINE, or two tables, got {args.run!r} and {' and '.join(given)}: "
            "leave one of them out"
        )
    if len(given) == 1:
        other = next(name for name in tables if name not in given)
        raise ConfigError(f"expected two tables, got {given[0]} alone: give {other} FILE too")
    if given and args.max_slowdown is not None:
        raise ConfigError(
            f"expected --max-slowdown with a RUN, got it with {given[0]}: tables have no seconds; "
            "leave it out"
        )
    if given:
        return
    if args.run is None:
        raise ConfigError(
            "expected a RUN and a BASELINE, or --baseline-table and --current-table, got none: "
            "`smote-bench list` shows the runs, `smote-bench baseline list` the baselines"
        )
    if args.baseline is None:
        raise ConfigError(
            f"expected RUN and BASELINE, got {args.run!r} alone: name the baseline too; "
            "`smote-bench baseline list` shows them"
        )
    if args.better:
        raise ConfigError(
            f"expected --better with tables only, got it with the run {args.run!r}: a run knows its metrics; "
            "leave it out"
        )


def _settings(args: argparse.Namespace, block: object = None) -> GateSettings:
    """Return what the options say over what the experiment's ``gate:`` section says over the defaults."""
    from smote_bench.experiment import gate_options as options

    settings = options.parse_gate_block(block, "gate section of the run's experiment")
    chosen: dict[str, Any] = {"partial": args.partial}
    if args.alpha is not None:
        chosen["alpha"] = options.parse_alpha(args.alpha, "--alpha")
    if args.tol is not None:
        chosen["tolerance"] = {**settings.tolerance, **options.parse_tolerances(args.tol, "--tol")}
    if args.compare_fail:
        chosen["fixed"] = options.parse_fixed(args.compare_fail, "--compare-fail")
    if args.max_slowdown is not None:
        chosen["max_slowdown"] = options.parse_max_slowdown(args.max_slowdown, "--max-slowdown")
    if args.metrics:
        chosen["metrics"] = options.parse_names(args.metrics, "--metrics")
    if args.mode is not None:
        chosen["mode"] = options.parse_mode(args.mode, "--mode", modes=("warn", "fail"))
    elif settings.mode == "off":
        chosen["mode"] = "fail"  # off is for pytest; who calls this command wants a verdict
    return dataclasses.replace(settings, **chosen)


def _outputs(args: argparse.Namespace) -> dict[str, Path]:
    chosen = {name: getattr(args, name) for name in ("json", "markdown", "junit")}
    outputs = {name: path for name, path in chosen.items() if path is not None}
    for name, path in outputs.items():
        if path.is_dir() or not path.parent.is_dir():
            raise ConfigError(
                f"expected --{name} to name a file in a folder that exists, got {str(path)!r}: "
                f"{'name a file in it' if path.is_dir() else f'make {str(path.parent)!r}'}"
            )
    if len({path.resolve() for path in outputs.values()}) < len(outputs):
        raise ConfigError(
            "expected another file for each of --json, --markdown and --junit, got "
            f"{', '.join(map(repr, map(str, outputs.values())))}: name them apart"
        )
    return outputs


def _tables(args: argparse.Namespace, settings: GateSettings) -> tuple[Evidence, Evidence]:
    from smote_bench.api.gating import check_directions
    from smote_bench.experiment.gate_options import parse_better
    from smote_bench.gating.evidence.tidy import read_table

    better = parse_better(args.better, "--better") if args.better else {}
    baseline, current = (
        read_table(path, better=better, metrics=settings.metrics)
        for path in (args.baseline_table, args.current_table)
    )
    check_directions(better, baseline, current, "--better")
    return baseline, current


def _stored(args: argparse.Namespace) -> tuple[Evidence, Evidence]:
    from smote_bench.gating.baselines.baseline import load_baseline
    from smote_bench.gating.evidence.from_run import run_evidence
    from smote_bench.runs.listing import find_run

    folder = find_run(args.run, args.reports)
    return load_baseline(args.baseline, args.reports), run_evidence(folder)
