"""``smote-bench doctor``: what is here, what is not, and how to get it."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from smote_bench.commands.runs import add_reports_option

__all__ = ["add_parser", "diagnosis", "run"]

_PACKAGES = ("numpy", "scipy", "sklearn", "imblearn", "pandas", "pytest", "xdist", "hypothesis", "matplotlib")


def add_parser(subparsers: Any) -> None:
    """Add the subcommand's parser."""
    parser = subparsers.add_parser(
        "doctor",
        help="versions, cores, BLAS, the memo, and what is not here and how to get it",
        description="Say what smote-bench finds on this machine: versions, cores, threads of BLAS, the memo, "
        "data sets and optional packages, and how to get what is missing.",
    )
    add_reports_option(parser)
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="folder with data files, as for --smote-data"
    )
    parser.add_argument("--json", action="store_true", help="for scripts")


def run(args: argparse.Namespace) -> int:
    """Print what is found; return 0."""
    found = diagnosis(args.reports, args.data)
    print(json.dumps(found, indent=2) if args.json else "\n".join(_lines(found)))
    return 0


def diagnosis(reports: Path, data_dir: Path | None = None) -> dict[str, Any]:
    """Return what is found, as JSON values.

    Parameters
    ----------
    reports : Path
        The folder of runs, which holds the memo.
    data_dir : Path, optional
        Folder with data files; default the environment's ``SMOTE_BENCH_DATA``.

    Returns
    -------
    dict
        ``smote-bench``, ``python``, ``system``: str; ``cores``: ``here`` (of this process) and ``all``;
        ``packages``: versions by name, None where missing; ``blas``: libraries with their threads; ``memo``:
        ``path``, ``bytes``, ``outcomes``, ``trouble``; ``data``: ``folder``, ``cache``, ``here`` and
        ``missing``, by name how to get it; ``optional``: versions by package; ``unavailable``: by package how
        to get it.
    """
    from smote_bench.environment.optional_packages import EXTRAS, is_installed, remedy_for
    from smote_bench.environment.processes import usable_cores
    from smote_bench.environment.targets import package_version
    from smote_bench.version import __version__

    optional = {name: package_version(name) for name in EXTRAS if is_installed(name)}
    return {
        "smote-bench": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": {"here": usable_cores(), "all": os.cpu_count()},
        "packages": {name: package_version(name) for name in _PACKAGES},
        "blas": _blas(),
        "memo": _memo(reports),
        "data": _data(data_dir),
        "optional": optional,
        "unavailable": {name: remedy_for(name) for name in EXTRAS if name not in optional},
    }


def _blas() -> list[dict[str, Any]]:
    """Return the libraries of BLAS and OpenMP that numpy and scikit-learn load, as they are without us."""
    import sklearn.ensemble  # noqa: F401
    import threadpoolctl

    return [
        {"library": one["internal_api"], "version": one.get("version"), "threads": one["num_threads"]}
        for one in threadpoolctl.threadpool_info()
    ]


def _memo(reports: Path) -> dict[str, Any]:
    from smote_bench.runs.memo import memo_of

    path = memo_of(reports)
    found: dict[str, Any] = {"path": str(path), "bytes": 0, "outcomes": 0, "trouble": ""}
    if not path.is_file():
        return found
    found["bytes"] = path.stat().st_size
    try:
        with sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True) as memo:
            (found["outcomes"],) = memo.execute("SELECT COUNT(*) FROM cells").fetchone()
    except sqlite3.Error as error:
        found["trouble"] = str(error)
    return found


def _data(data_dir: Path | None) -> dict[str, Any]:
    from smote_bench.data.cards import catalogue_names, get_card
    from smote_bench.data.providers import cache_folder, locate

    here, missing = [], {}
    for name in catalogue_names():
        if locate(get_card(name), data_dir) is not None:
            here.append(name)
        else:
            missing[name] = f"smote-bench datasets fetch {name}"
    return {
        "folder": str(data_dir or os.environ.get("SMOTE_BENCH_DATA") or ""),
        "cache": str(cache_folder()),
        "here": here,
        "missing": missing,
    }


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    from smote_bench.environment.memory import size_text

    cores, memo, data = found["cores"], found["memo"], found["data"]
    yield f"smote-bench {found['smote-bench']}, Python {found['python']}, {found['system']}"
    yield f"cores: {cores['here']} for this process, {cores['all']} in all; a worker uses one thread"
    yield "packages: " + ", ".join(
        f"{name} {version or 'missing'}" for name, version in found["packages"].items()
    )
    yield "BLAS and OpenMP, before a worker pins them: " + ", ".join(
        f"{one['library']} {one['version'] or ''} ({one['threads']} threads)".replace("  ", " ")
        for one in found["blas"]
    )
    if memo["trouble"]:
        yield f"memo: {memo['path']} cannot be read ({memo['trouble']}); the next run puts it aside"
    elif memo["bytes"]:
        yield f"memo: {memo['path']}, {memo['outcomes']:,} outcomes, {size_text(memo['bytes'])}"
    else:
        yield f"memo: none yet at {memo['path']}"
    yield f"data: {len(data['here'])} of {len(data['here']) + len(data['missing'])} sets are here" + (
        f" (folder {data['folder']})" if data["folder"] else ""
    )
    for name, how in data["missing"].items():
        yield f"  {name}: {how}"
    yield "optional: " + (", ".join(f"{n} {v}" for n, v in found["optional"].items()) or "none")
    for name, how in found["unavailable"].items():
        yield f"  {name} is not installed; {how}"
