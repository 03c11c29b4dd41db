"""``smote-bench validate``: put an oversampler to the property kit."""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import json
from pathlib import Path
from typing import Any

from smote_bench.environment.garbage import no_collections
from smote_bench.errors import ConfigError
from smote_bench.runs.whole_folder import write_as_named

__all__ = ["ACCEPTED", "REJECTED", "add_parser", "run"]

ACCEPTED, REJECTED = 0, 1

# Written out: naming the choices must not import the kit. A test compares them.
_FAMILIES = (
    "generic",
    "interpolating",
    "smote",
    "borderline1",
    "borderline2",
    "adasyn",
    "undersampler",
    "cleaning",
    "combined",
    "smotenc",
    "smoten",
)


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    parser = subparsers.add_parser(
        "validate",
        help="put an oversampler to the property kit",
        description="Put an oversampler to the property kit. Exit code 0: accepted, perhaps with remarks; "
        "1: rejected; 2: the call itself is wrong (no such class, a constructor that raises).",
    )
    parser.add_argument(
        "oversampler",
        metavar="package.module:Class",
        help="a class with fit_resample or sample, or a function of X and y; parameters as JSON after '?'",
    )
    parser.add_argument("--family", choices=_FAMILIES, help="what it claims to be (default: as its tags say)")
    parser.add_argument("--smoke", action="store_true", help="fewer cases: a look in a few seconds")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first property that fails")
    parser.add_argument(
        "--properties", metavar="NAMES", help="only these properties or groups, with commas between"
    )
    parser.add_argument(
        "--seed", type=int, default=0, help="the same seed gives the same verdict (default 0)"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the verdict there as well")
    parser.add_argument("--junit", type=Path, metavar="FILE", help="the same as JUnit's XML")
    parser.add_argument(
        "--report", type=Path, metavar="FILE.html", help="a page with a picture of each finding"
    )
    parser.add_argument(
        "--columns",
        metavar="KIND:NUMBER,...",
        help="the columns that it takes, as numeric:3 or category:1,numeric:2 (default: found by probing)",
    )
    parser.add_argument(
        "--min-rows",
        type=int,
        metavar="N",
        help="the fewest rows of a class that it takes (default: likewise)",
    )
    parser.add_argument(
        "--strict", action="store_true", help="reject for conventions too, claimed by its tags or not"
    )
    parser.add_argument(
        "--except",
        dest="exceptions",
        action="append",
        metavar="PROPERTY=REASON",
        help="a property that is known not to hold, and why (may be repeated)",
    )
    parser.add_argument(
        "--except-file", type=Path, metavar="YAML", help="a file of such exceptions, property: reason"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print a table for each group, then the failures; return 0, or 1 if the sampler is rejected."""
    if args.seed < 0:
        raise ConfigError(f"expected --seed to be 0 or more, got {args.seed}")
    for option, path in (("--json", args.json), ("--junit", args.junit), ("--report", args.report)):
        if path is not None and not path.parent.is_dir():
            raise ConfigError(f"expected {option} in a folder that exists, got {path}: make {path.parent}")
    # A sampler whose C code ends the process leaves no verdict; then stderr has its line of Python at least.
    with contextlib.suppress(AttributeError, OSError, ValueError):  # no real stderr, as in a notebook
        faulthandler.enable()
    # Heavy imports only where they are used, and the sampler's own with them.
    with no_collections():
        from smote_bench.properties import table
        from smote_bench.properties.engine import Result
        from smote_bench.properties.loading import load_subject
        from smote_bench.properties.verdict import check_exceptions, select, validate

        names = [name.strip() for name in args.properties.split(",")] if args.properties else None
        select(names)  # a misspelt name is told before anything runs
        exceptions = check_exceptions(_exceptions(args.exceptions or [], args.except_file))
        subject = load_subject(args.oversampler, family=args.family)
    print(table.header(subject), flush=True)
    groups: list[str] = []

    def tell(result: Result) -> None:
        if result.property.group not in groups[-1:]:
            groups.append(result.property.group)
            print(table.group_heading(result.property.group))
        excepted = result.property.name in exceptions
        print(table.result_line(result, strict=args.strict, excepted=excepted), flush=True)

    verdict = validate(
        subject,
        seed=args.seed,
        smoke=args.smoke,
        fail_fast=args.fail_fast,
        properties=names,
        report=tell,
        strict=args.strict,
        exceptions=exceptions,
        columns=args.columns,
        min_rows=args.min_rows,
    )
    if str(subject.needs):
        print(f"\nlooked at with data of {subject.needs}")
    print()
    if verdict.failures or verdict.stale_exceptions:
        print(table.failures_text(verdict))
    if verdict.remarks or verdict.excepted:
        print(table.remarks_text(verdict) + "\n")
    print(table.summary_line(verdict))
    if args.json is not None:
        write_as_named(args.json, json.dumps(table.verdict_json(verdict), indent=1) + "\n")
    if args.junit is not None:
        from smote_bench.properties.junit import junit_xml

        write_as_named(args.junit, junit_xml(verdict))
    if args.report is not None:
        from smote_bench.report.page.verdict_page import verdict_page

        write_as_named(args.report, verdict_page(verdict))
    return ACCEPTED if verdict.accepted else REJECTED


def _exceptions(given: list[str], path: Path | None) -> dict[str, str]:
    """Return the exceptions of the command line and of the file, property by property."""
    exceptions: dict[str, str] = {}
    if path is not None:
        exceptions.update(_exceptions_of_file(path))
    for text in given:
        name, equals, reason = text.partition("=")
        if not equals:
            raise ConfigError(
                f"expected --except PROPERTY=REASON, got {text!r}: write a reason in words, as in "
                '--except "originals_come_first=rows are shuffled on purpose"'
            )
        exceptions[name.strip()] = reason.strip()
    return exceptions


def _exceptions_of_file(path: Path) -> dict[str, str]:
    import yaml

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"expected --except-file to name a file that can be read, got {path}: {error}"
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # no text, or a date such as 2024-13-45
        raise ConfigError(f"{path}: expected YAML, property: reason on each line, got {error}") from error
    if not isinstance(content, dict):
        raise ConfigError(f"{path}: expected property: reason on each line, got {content!r}")
    return content
