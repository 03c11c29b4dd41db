"""`smote-bench datasets push`: data sets of the catalogue, or of an experiment, published in ClearML."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from smote_bench.data.cards import VERSIONS, catalogue_names, get_card
from smote_bench.data.clearml_push import Pushed, ToPush, push
from smote_bench.data.clearml_tables.names import PROJECT
from smote_bench.data.dataset import Dataset, load_dataset
from smote_bench.data.digests import DigestMismatch
from smote_bench.data.sources import UserFile
from smote_bench.errors import ConfigError, UnavailableError

__all__ = ["add_parser", "run"]


def add_parser(actions: Any, common: argparse.ArgumentParser) -> None:
    """Add the action to those of `smote-bench datasets`."""
    parser = actions.add_parser("push", parents=[common], help="publish as ClearML Datasets")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="default: all of the catalogue that can be had here"
    )
    parser.add_argument("--to", choices=["clearml"], required=True, help="where to")
    parser.add_argument(
        "--version", choices=[*VERSIONS, "both"], default="both", help="which (default: %(default)s)"
    )
    parser.add_argument("--project", default=PROJECT, help="ClearML's project (default: %(default)s)")
    parser.add_argument(
        "--as", dest="as_version", metavar="VERSION", help="what the version is called there, such as raw-2"
    )
    parser.add_argument(
        "--experiment", type=Path, metavar="FILE", help="experiment that describes NAME as its own file"
    )


def run(args: argparse.Namespace, data_dir: Path | None) -> int:
    """Publish what is not there yet.

    Returns
    -------
    status : int
        0; 1 if a data set could not be had or published.

    Raises
    ------
    ConfigError
        If a name is wrong.
    UnavailableError
        If ClearML cannot be used.
    """
    versions = VERSIONS if args.version == "both" else (args.version,)
    _check_version_name(args.as_version, versions)
    if not args.names:
        if args.experiment is not None:
            raise ConfigError("expected the NAME of a data set of --experiment, got none: write which")
        list(push([], args.project))  # whether the server is there, before all are read
    status = 0
    items: list[ToPush] = []
    for name in args.names or catalogue_names():
        try:
            loaded = _load(name, versions, args.experiment, data_dir)
        except (UnavailableError, DigestMismatch) as error:
            if not args.names and isinstance(error, UnavailableError):
                print(f"{name} is left out: {error}")
                continue
            print(f"smote-bench datasets: {error}", file=sys.stderr)
            status = 1
        else:
            items += [ToPush(dataset, args.as_version or dataset.version) for dataset in loaded]
    for pushed in push(items, args.project) if items else ():
        status = max(status, _say(pushed, args.project))
    return status


def _check_version_name(name: str | None, versions: Sequence[str]) -> None:
    """Raise unless the name of a version tells what it is of: whoever reads it back has only the name."""
    if name is None:
        return
    if len(versions) > 1:
        raise ConfigError(f"expected one version for --as {name}, got both: add --version raw or processed")
    (version,) = versions
    if not re.fullmatch(rf"{version}(-[\w.+-]+)?", name):
        raise ConfigError(
            f"expected {version}, or a name such as {version}-2, for --as, got {name!r}: an experiment tells "
            "by the name which of the two it is"
        )


def _load(
    name: str, versions: Sequence[str], experiment: Path | None, data_dir: Path | None
) -> list[Dataset]:
    """Load the versions of a dataset of the catalogue, or of an experiment's own file."""
    source: Any = None
    if experiment is not None:
        from smote_bench.experiment.file import read_experiment

        entries = read_experiment(experiment).datasets
        source = entries[name].source if name in entries else None
    if not isinstance(source, UserFile):
        source = get_card(name).name
    elif source.roles:
        raise ConfigError(
            f"expected a table without groups, time, test, split and weights to push, got {name!r} with "
            f"{', '.join(source.roles.to_json())}: a data set in ClearML has features and a target alone"
        )
    return [load_dataset(source, version, data_dir=data_dir) for version in versions]


def _say(pushed: Pushed, project: str) -> int:
    if pushed.problem:
        print(f"smote-bench datasets: {pushed.problem}", file=sys.stderr)
        return 1
    what = "was published" if pushed.is_new else "is there with the same digest, nothing was sent"
    where = f"ClearML data set {pushed.id} in {project!r} at {pushed.server}"
    named = pushed.item.label if project == PROJECT else f"{project}/{pushed.item.label}"
    print(f"{pushed.item.label} {what}: {where}; in an experiment: clearml:{named}")
    return 0
