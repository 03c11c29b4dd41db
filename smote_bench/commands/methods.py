"""``smote-bench methods``: list them, show one, check that they run."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from smote_bench.commands.documents import check_document, write_into
from smote_bench.environment.optional_packages import is_installed, missing_package
from smote_bench.environment.targets import package_version
from smote_bench.errors import ConfigError, SmoteBenchError
from smote_bench.methods.adapters import KNOWN_FAILURES, remark_on
from smote_bench.methods.names import method_names
from smote_bench.methods.spec import MethodSpec, Step, parse_method
from smote_bench.metrics import METRICS

__all__ = ["add_parser", "run"]

# SMOTEN and SMOTENC want categorical columns, and the tables of a check are numeric; the others sample
# nothing.
_NOT_CHECKED = (
    "SMOTEN",
    "SMOTENC",
    "ours.SMOTEN",
    "ours.SMOTENC",
    "Original",
    "class_weight",
    "tuned_threshold",
    "calibrated",
    "prior_corrected",
)
_LIBRARIES = ("sv", "imblearn", "ours", "trivial")
_PACKAGES = ("smote_variants", "imblearn", "sklearn", "numpy", "scipy", "tensorflow")


def add_parser(subparsers: Any) -> None:
    """Add the subcommand to those of ``smote-bench``."""
    parser = subparsers.add_parser("methods", help="list, show and check methods")
    commands = parser.add_subparsers(dest="methods_command", required=True)
    listing = commands.add_parser("list", help="names of all methods")
    listing.add_argument("--library", choices=_LIBRARIES, help="only those of one library")
    show = commands.add_parser("show", help="target, parameters and remarks of one method")
    show.add_argument("name", help="SMOTE, imblearn.SMOTE, package.module:Class")
    check = commands.add_parser("check", help="run methods on datasets: status, seconds, repeatability")
    check.add_argument("--datasets", default="Ecoli,Haberman,Pima_diabetes", help="names, with commas")
    check.add_argument("--methods", help="names, with commas (default: all)")
    check.add_argument("--out", type=Path, help="write the table into this document")
    check.add_argument(
        "--timeout", type=float, default=300.0, metavar="S", help="limit for one call in seconds"
    )
    check.add_argument("-n", dest="jobs", type=int, default=1, metavar="JOBS", help="processes side by side")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Carry out the subcommand; return 0, or 1 if a checked method failed or cannot be repeated."""
    commands = {"list": _list, "show": _show, "check": _check}
    try:
        return commands[args.methods_command](args)
    except SmoteBenchError as error:
        print(f"smote-bench methods: {error}", file=sys.stderr)
        return 2


def _list(args: argparse.Namespace) -> int:
    rows = [row for row in method_names() if args.library in (None, row[1])]
    width = max((len(name) for name, _, _ in rows), default=0)
    for name, library, kind in rows:
        print(f"{name:<{width}}  {library:<8}  {kind}")
    if any(library == "sv" for _, library, _ in rows) and not is_installed("smote_variants"):
        print(f"sv: {missing_package('this library', 'smote_variants')}", file=sys.stderr)
    return 0


def _show(args: argparse.Namespace) -> int:
    spec = parse_method(args.name)
    if not spec.steps:
        print(
            f"{spec.name}: no sampler, class_weight={spec.class_weight}, "
            f"tuned_threshold={spec.tuned_threshold}, calibrated={spec.calibrated or False}, "
            f"prior_corrected={spec.prior_corrected}"
        )
        if spec.tuned_threshold:
            choices = [metric.name for metric in METRICS.values() if metric.needs == "labels"]
            print(f"  metric: {spec.tuned_for!r}  (or {', '.join(choices)}, or one of your own)")
    for step in spec.steps:
        _show_step(spec, step)
    return 0


def _show_step(spec: MethodSpec, step: Step) -> None:
    from smote_bench.methods.resampling import load_sampler

    print(f"{spec.name}: {step.target}")
    if step.target in KNOWN_FAILURES:
        print(f"known not to run: {KNOWN_FAILURES[step.target]}")
        return
    sampler = load_sampler(step.target)
    summary = next(
        (line.strip() for line in (inspect.getdoc(sampler) or "").splitlines() if line.strip()), ""
    )
    # The documentation of smote_variants begins with the reference; the sampler has no summary.
    if summary and not summary.endswith(":"):
        print(summary)
    for name, parameter in inspect.signature(sampler).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD or name == "random_state":
            continue
        default = "(required)" if parameter.default is parameter.empty else f"{parameter.default!r}"
        print(f"  {name}: {default}")
    if remark_on(step.target):
        print(remark_on(step.target))


def _check(args: argparse.Namespace) -> int:
    if args.timeout <= 0 or args.jobs < 1:
        raise ConfigError(f"expected --timeout > 0 and -n >= 1, got {args.timeout:g} and {args.jobs}")
    if args.out is not None:
        check_document(args.out, "methods check")  # refused now, not after an hour of work
    # Heavy imports only where they are used.
    from smote_bench.data.dataset import load_dataset
    from smote_bench.methods.check import check_methods, to_markdown

    specs = [parse_method(name) for name in _names(args.methods)]
    tables = {}
    for name in args.datasets.split(","):
        dataset = load_dataset(name.strip(), version="processed")
        tables[name.strip()] = (dataset.X.to_numpy(dtype="float64"), dataset.y)
    frame = check_methods(tables, specs, timeout_seconds=args.timeout, n_jobs=args.jobs, report=_tell)
    table = to_markdown(frame)
    if args.out is None:
        print(table)
    else:
        write_into(args.out, "methods check", f"{table}\n\n{_made_by(args)}\n")
        print(f"{args.out}: {len(specs)} methods on {len(tables)} datasets, {_counts(frame)}")
    failed = frame["status"].isin(["error", "timeout"]) | ~frame["reproducible"].fillna(True)
    return int(failed.any())


def _tell(row: Mapping[str, Any]) -> None:
    seconds = "" if row["seconds"] is None else f" {row['seconds']:.2f} s"
    print(f"{row['method']} on {row['dataset']}: {row['status']}{seconds}", file=sys.stderr)


def _names(methods: str | None) -> list[str]:
    if methods is not None:
        return [name.strip() for name in methods.split(",")]
    return [name for name, _, _ in method_names() if name not in _NOT_CHECKED]


def _counts(frame: Any) -> str:
    return ", ".join(f"{count} {status}" for status, count in frame["status"].value_counts().items())


def _made_by(args: argparse.Namespace) -> str:
    versions = ", ".join(f"{name} {package_version(name) or 'not installed'}" for name in _PACKAGES)
    chosen = f" --methods {args.methods}" if args.methods else ""
    limits = f"--timeout {args.timeout:g} -n {args.jobs}"
    command = f"smote-bench methods check --datasets {args.datasets}{chosen} {limits} --out {args.out}"
    return f"Made by `{command}` with {versions}."
