"""``smote-bench baseline save|accept|list|show``: what later runs are gated against."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from smote_bench.commands.call_pytest import call_pytest
from smote_bench.commands.runs import add_reports_option
from smote_bench.errors import ConfigError
from smote_bench.session.gate_plan import SEEDS, SPLITS

__all__ = ["add_parser", "run"]

_LIMITS = ("alarms_beyond", "would_see")


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser, with its actions."""
    summary = "save, refresh and show what later runs are gated against"
    parser = subparsers.add_parser("baseline", help=summary, description=summary)
    actions = parser.add_subparsers(dest="action", required=True, metavar="save|accept|list|show")

    save = actions.add_parser(
        "save",
        help="run an experiment on several splits with several seeds and save it",
        usage="smote-bench baseline save NAME [EXPERIMENT] [--splits N] [--seeds N] [--reports DIR] "
        "[pytest options]",
        description="Run an experiment and save it as a baseline; what else follows goes to pytest, as in: "
        "smote-bench baseline save main quick -n auto",
    )
    save.add_argument("name", metavar="NAME")
    save.add_argument("--splits", type=_positive, default=SPLITS, metavar="N", help="default: %(default)s")
    save.add_argument("--seeds", type=_positive, default=SEEDS, metavar="N", help="default: %(default)s")

    accept = actions.add_parser(
        "accept",
        help="make a baseline again, by the command that made it, and say why",
        usage='smote-bench baseline accept NAME --reason "..." [--reports DIR] [pytest options]',
    )
    accept.add_argument("name", metavar="NAME")
    accept.add_argument("--reason", required=True, help="why its numbers change; kept with the baseline")

    listed = actions.add_parser("list", help="the baselines that are kept")
    show = actions.add_parser("show", help="what a baseline is, its reasons, noise and limits")
    show.add_argument("name", metavar="NAME", help="a name below reports/baselines, or the path of its JSON")
    for action in (save, accept, listed, show):
        add_reports_option(action)


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def run(args: argparse.Namespace) -> int:
    """Do what is asked; return pytest's exit code where pytest was called."""
    if args.action in ("list", "show") and args.rest:
        raise ConfigError(
            f"expected nothing more after `baseline {args.action}`, got {' '.join(args.rest)!r}: leave it out"
        )
    return {"save": _save, "accept": _accept, "list": _list, "show": _show}[args.action](args)


def _save(args: argparse.Namespace) -> int:
    from smote_bench.experiment.shipped import RUN_OPTIONS, experiment_path, grid_file
    from smote_bench.gating.baselines.baseline import check_free

    check_free(args.name, args.reports)  # now, not after hours of computing
    rest = list(args.rest)
    options = [*RUN_OPTIONS]
    if rest and not rest[0].startswith("-"):
        options += ["--smote-experiment", str(experiment_path(rest.pop(0)))]
    if not any(word.startswith("--rootdir") for word in rest):
        options.append(f"--rootdir={Path.cwd()}")
    options += ["--smote-gate-splits", str(args.splits), "--smote-gate-seeds", str(args.seeds)]
    words = [str(grid_file()), *options, *rest]
    return call_pytest([*words, "--smote-out", str(args.reports), "--smote-save", args.name])


def _accept(args: argparse.Namespace) -> int:
    from smote_bench.gating.baselines.arguments import repeated_arguments
    from smote_bench.gating.baselines.header import check_name, find_baseline, read_header

    if not args.reason.strip():
        raise ConfigError(
            f"expected a reason in words for --reason, got {args.reason!r}: say why the numbers change"
        )
    check_name(args.name)
    header = read_header(find_baseline(args.name, args.reports))
    recorded = header["arguments"]
    if not recorded:
        raise ConfigError(
            f"expected a baseline that says by which command it was made, got {args.name!r} without one: "
            f'call pytest as it was called then, with --smote-save {args.name} --smote-accept-reason "..."'
        )
    words = repeated_arguments(
        [*recorded, *args.rest], name=args.name, reports=args.reports, reason=args.reason
    )
    return call_pytest(words)


def _list(args: argparse.Namespace) -> int:
    from smote_bench.gating.baselines.header import list_baselines

    found = list_baselines(args.reports)
    if not found:
        print(f"no baselines in {args.reports / 'baselines'}: `smote-bench baseline save main` makes one")
        return 0
    rows = [("name", "made", "experiment", "cases", "splits x seeds", "MB", "reason")]
    for entry in found:
        header = entry.header
        size = f"{entry.n_bytes / 1e6:.2f}"
        if entry.remark:
            rows.append((entry.name, "cannot be read", "", "", "", size, ""))
            continue
        experiment = header.get("experiment", {}).get("name", "")
        numbers = f"{header['n_splits']} x {header['n_seeds']}"
        rows.append(
            (
                entry.name,
                header["made_at"],
                experiment,
                str(header["cases"]),
                numbers,
                size,
                _one_line(header["reason"]),
            )
        )
    _print_columns(rows)
    for entry in found:
        if entry.remark:
            print(f"{entry.name}: {entry.remark}")
    return 0


def _show(args: argparse.Namespace) -> int:
    from smote_bench.gating.baselines.arguments import command_words
    from smote_bench.gating.baselines.header import find_baseline, read_header

    path = find_baseline(args.name, args.reports)
    header = read_header(path)
    commit = header.get("commit") or "not in a git repository"
    experiment = header.get("experiment", {})
    facts = {
        "baseline": path.name.removesuffix(".json"),
        "made": header["made_at"],
        "commit": f"{commit} (with uncommitted changes)" if header.get("dirty") else commit,
        "experiment": f"{experiment.get('name', '')} ({experiment.get('file', '')})",
        "command": command_words(header["arguments"]),
        "cells": f"{header['cases']} on {header['n_splits']} splits with {header['n_seeds']} seeds; "
        f"{_not_ok(header['statuses'])}",
        "metrics": ", ".join(f"{name} ({better} is better)" for name, better in header["metrics"]),
        "packages": ", ".join(f"{name} {version}" for name, version in header.get("packages", {}).items()),
        "reason": _one_line(header["reason"]) or "none: it is the first of its name",
    }
    _print_columns(list(facts.items()))
    if header["history"]:
        print("\nbefore it, newest first:")
        for entry in reversed(header["history"]):
            print(f"  {entry['made_at']}  {entry['commit'][:12]}  {_one_line(entry['reason']) or 'first'}")
    metrics = [name for name, _ in header["metrics"]]
    _show_noise(header["noise"], metrics)
    _show_limits(header["limits"], metrics)
    return 0


def _not_ok(statuses: Sequence[Mapping[str, str]]) -> str:
    return f"{len(statuses)} not ok" if statuses else "all ok"


def _show_noise(noise: Mapping[str, Mapping[str, Mapping[str, Any]]], metrics: Sequence[str]) -> None:
    if not noise:
        print("\nno noise table: it takes two seeds or more")
        return
    print("\nstandard deviation from seed to seed: of a fold, and of the mean over a split's folds")
    rows: list[tuple[str, ...]] = [("data set", "classifier", *metrics)]
    for dataset, by_classifier in noise.items():
        for classifier, by_metric in by_classifier.items():
            cells = (by_metric.get(metric) for metric in metrics)
            rows.append((dataset, classifier, *(_pair(cell, "fold", "split_mean") for cell in cells)))
    _print_columns(rows)


def _show_limits(limits: Mapping[str, Any], metrics: Sequence[str]) -> None:
    if not limits:
        return
    print("\nalarms beyond a drop of, and the drop that 95 of 100 runs would show")
    rows: list[tuple[str, ...]] = [("method", *metrics)]
    methods = sorted({method for by_method in limits.get("method", {}).values() for method in by_method})
    for method in methods:
        found = (limits["method"].get(metric, {}).get(method) for metric in metrics)
        rows.append((method, *(_pair(limit, *_LIMITS) for limit in found)))
    for level in ("dataset, median", "case, median"):
        if level in limits:
            found = (limits[level].get(metric) for metric in metrics)
            rows.append((level, *(_pair(limit, *_LIMITS) for limit in found)))
    _print_columns(rows)


def _pair(values: Mapping[str, Any] | None, *names: str) -> str:
    if not values:
        return ""
    return "  ".join("-" if values[name] is None else f"{values[name]:.4f}" for name in names)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _print_columns(rows: Sequence[Sequence[str]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
        print(line.rstrip())
