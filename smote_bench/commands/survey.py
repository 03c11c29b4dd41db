"""``smote-bench survey``: the property kit over the libraries' samplers, and a table of what they violate."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.commands.documents import check_document, write_into
from smote_bench.environment.optional_packages import is_installed, missing_package
from smote_bench.environment.targets import package_version
from smote_bench.errors import ConfigError
from smote_bench.methods.names import IMBLEARN, OURS, SMOTE_VARIANTS, lookup_target

if TYPE_CHECKING:
    from smote_bench.properties.survey import Surveyed

__all__ = ["add_parser", "run"]

_LIBRARIES = ("imblearn", "sv", "ours")
# These want categorical columns.
_NOT_SURVEYED = ("SMOTEN", "SMOTENC", "ours.SMOTEN", "ours.SMOTENC")
_PACKAGES = ("smote_variants", "imblearn", "sklearn", "numpy", "scipy", "hypothesis")


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    parser = subparsers.add_parser(
        "survey",
        help="put the libraries' samplers to the property kit",
        description="Put the property kit to many samplers, each in a process of its own, and tabulate what "
        "they violate. Exit code 0 when every sampler got a verdict, 1 when one did not.",
    )
    parser.add_argument(
        "--library", action="append", choices=_LIBRARIES, help="only this one (may be repeated; default: all)"
    )
    parser.add_argument("--samplers", metavar="NAMES", help="only these, as sv.SMOTE, with commas between")
    parser.add_argument("--smoke", action="store_true", help="fewer cases of each property")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--timeout", type=float, default=300.0, metavar="S", help="limit for one sampler (300)"
    )
    parser.add_argument("-n", dest="jobs", type=int, default=1, metavar="JOBS", help="processes side by side")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep verdicts there, and take those that hold still"
    )
    parser.add_argument("--judgements", type=Path, metavar="YAML", help="which violations are bugs, and why")
    parser.add_argument("--out", type=Path, help="write the table into this document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Validate every sampler and print or write the table."""
    if args.timeout <= 0 or args.jobs < 1:
        raise ConfigError(f"expected --timeout > 0 and -n >= 1, got {args.timeout:g} and {args.jobs}")
    if args.out is not None:
        check_document(args.out, "survey")  # refused now, not after an hour of work
    from smote_bench.properties.survey import Judgements, survey, to_markdown

    judge = Judgements(args.judgements) if args.judgements else lambda _sampler, _prop: ("not judged", "")
    targets = _targets(args)
    options = ["--seed", str(args.seed), *(["--smoke"] if args.smoke else [])]
    found = survey(
        targets,
        options=options,
        timeout_seconds=args.timeout,
        n_jobs=args.jobs,
        keep=args.keep,
        report=_tell,
    )
    text = to_markdown(found, judge)
    if args.out is None:
        print(text)
    else:
        write_into(args.out, "survey", f"{text}\n\n{_made_by(args)}\n")
        print(f"{args.out}: {len(found)} samplers, {sum(bool(s.violations) for s in found)} with violations")
    return int(any(surveyed.problem for surveyed in found))


def _targets(args: argparse.Namespace) -> dict[str, str]:
    if args.samplers:
        names = [name.strip() for name in args.samplers.split(",")]
    else:
        by_library = {
            "imblearn": [f"imblearn.{name}" for name in IMBLEARN["imblearn.over_sampling"]],
            "sv": [f"sv.{name}" for name in SMOTE_VARIANTS],
            "ours": [f"ours.{name}" for name in OURS],
        }
        chosen = args.library or _installed_libraries()
        names = [name for library in chosen for name in by_library[library]]
        names = [name for name in names if name.partition(".")[2] not in _NOT_SURVEYED]
    targets = {name: lookup_target(name) for name in names}
    for name, target in targets.items():
        if target is None:
            raise ConfigError(f"expected a sampler's name such as sv.SMOTE or imblearn.ADASYN, got {name!r}")
    return {name: target for name, target in targets.items() if target is not None}


def _installed_libraries() -> list[str]:
    """Return the libraries that can be surveyed here, and say which one cannot."""
    if is_installed("smote_variants"):
        return list(_LIBRARIES)
    print(f"sv is left out: {missing_package('it', 'smote_variants')}", file=sys.stderr)
    return [library for library in _LIBRARIES if library != "sv"]


def _tell(surveyed: Surveyed) -> None:
    said = surveyed.problem or f"{len(surveyed.violations)} violations, {surveyed.verdict['seconds']:.0f} s"
    print(f"{surveyed.name}: {said}", file=sys.stderr, flush=True)


def _made_by(args: argparse.Namespace) -> str:
    versions = ", ".join(f"{name} {package_version(name) or 'not installed'}" for name in _PACKAGES)
    chosen = "".join(f" --library {library}" for library in args.library or ())
    chosen += f" --samplers {args.samplers}" if args.samplers else ""
    chosen += " --smoke" if args.smoke else ""
    judged = f" --judgements {args.judgements}" if args.judgements else ""
    return (
        f"Made by `smote-bench survey{chosen} --seed {args.seed} -n {args.jobs}{judged} --out {args.out}` "
        f"with {versions}."
    )
