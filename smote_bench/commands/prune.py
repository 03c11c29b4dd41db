"""``smote-bench prune``: deletes old runs, after it has said which."""

from __future__ import annotations

import argparse
import datetime
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.commands.runs import add_reports_option
from smote_bench.errors import ConfigError

if TYPE_CHECKING:
    from smote_bench.runs.pruning import Pruning

__all__ = ["add_parser", "run"]

_UNITS = {"h": "hours", "d": "days", "w": "weeks"}
_FAILED = 1
_STAYS = {
    "new": "{} among the newest or too young",
    "latest": "{} that `latest` points to",
    "written": "{} being written",
    "unfinished": "{} unfinished (--unfinished lets them go, too)",
}


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    parser = subparsers.add_parser(
        "prune",
        help="delete old runs; without --yes it only says which",
        description="Say which runs are old enough to go and what they take; with --yes, delete them. Scores "
        "stay in the memo; baselines, comparisons, runs that are being written, the one that `latest` points "
        "to and folders that cannot be read are left alone.",
    )
    add_reports_option(parser)
    parser.add_argument("--keep", type=_count, metavar="N", help="the newest N stay")
    parser.add_argument(
        "--older", type=_age, metavar="AGE", help="only what ended longer ago goes: 12h, 30d or 8w"
    )
    parser.add_argument(
        "--unfinished", action="store_true", help="runs that were cut or killed can go as well"
    )
    parser.add_argument("--yes", action="store_true", help="delete; without it nothing is changed")


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number from 0, got {text!r}")
    return int(text)


def _age(text: str) -> datetime.timedelta:
    found = re.fullmatch(r"(\d{1,5})([hdw])", text)
    if not found:
        raise argparse.ArgumentTypeError(f"expected an age such as 12h, 30d or 8w, got {text!r}")
    return datetime.timedelta(**{_UNITS[found[2]]: int(found[1])})


def run(args: argparse.Namespace) -> int:
    """Print what goes, and delete it if told so; return 1 where something could not be deleted."""
    from smote_bench.runs.pruning import plan_pruning

    if args.keep is None and args.older is None:
        raise ConfigError(
            "expected --keep, --older or both, got none: which runs are old? "
            "`smote-bench prune --keep 20 --older 30d` leaves the newest 20 and what is younger than 30 days"
        )
    if not args.reports.is_dir():
        raise ConfigError(
            f"expected a folder of reports for --reports, got {str(args.reports)!r}, which is none: "
            "name what was given to --smote-out"
        )
    plan = plan_pruning(args.reports, keep=args.keep, older=args.older, unfinished=args.unfinished)
    for line in _lines(plan, deleting=args.yes):
        print(line)
    if args.yes:
        return _delete(plan)
    if plan.going:
        print("Nothing is deleted yet: the same command with --yes does it. Scores stay in the memo.")
    return 0


def _lines(plan: Pruning, *, deleting: bool) -> Iterator[str]:
    n = len(plan.going)
    going = ("goes" if n == 1 else "go") if deleting else "would go"
    what = f"of {n + len(plan.staying)} runs {going}"
    yield f"{n} {what}: {_size(plan.n_bytes)}" if n else f"none {what}"
    for one in plan.going:
        when = one.run.when.astimezone().strftime("%Y-%m-%d %H:%M")
        yield f"  {when}  {_size(one.n_bytes):>7}  {one.run.status}  {one.run.folder}"
    counts = Counter(one.stays for one in plan.staying)
    stay = [words.format(counts[why]) for why, words in _STAYS.items() if counts[why]]
    if stay:
        yield "stay: " + ", ".join(stay)
    for one in plan.staying:
        if one.stays == "damaged":
            yield f"left, damaged: {one.run.folder} ({_size(one.n_bytes)}): {one.run.remark}"
        elif one.stays == "link":
            yield f"left, a link: {one.run.folder} -> {one.run.folder.resolve()}"


def _delete(plan: Pruning) -> int:
    from smote_bench.runs.pruning import delete_run

    failed: list[tuple[Path, OSError]] = []
    for one in plan.going:
        try:
            delete_run(one.run.folder)
        except OSError as error:
            failed.append((one.run.folder, error))
    n = len(plan.going) - len(failed)
    if plan.going:
        print(f"{n} deleted; their scores stay in the memo")
    for folder, why in failed:
        print(f"not deleted: {folder}: {why}")
    return _FAILED if failed else 0


def _size(n_bytes: int) -> str:
    from smote_bench.environment.memory import size_text

    return size_text(n_bytes) if n_bytes >= 1000**2 else f"{n_bytes / 1000:.0f} kB"
