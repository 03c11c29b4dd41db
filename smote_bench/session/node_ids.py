"""Ids of cells that can be pasted back, as ``my.yaml::test_cell[Ecoli-SMOTE-kNN]``, wherever the grid is.

pytest names a test by its file's place below the project; the grid's file lies where smote-bench is
installed, and without a place an id begins with ``::``, which nothing understands.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from smote_bench.experiment.shipped import experiment_path, grid_file, shipped_experiments

__all__ = ["grid_module", "is_pasted", "with_pasted"]

_TEST = "::test_cell["
_OPTION = "--smote-experiment"


def is_pasted(word: str) -> bool:
    """Tell whether an argument is the id of a cell under an experiment's name."""
    place, test, _ = word.partition(_TEST)
    return bool(test) and (place.endswith((".yaml", ".yml")) or place in shipped_experiments())


def with_pasted(arguments: Sequence[str], *, alone: bool = False) -> list[str]:
    """Return pytest's arguments with ids of cells as ids in the grid's file, and the experiment they name.

    `alone`: without the options that say which experiment it is.

    >>> with_pasted(["-v", "my.yaml::test_cell[Ecoli-SMOTE-kNN]"])[-2:]
    ['--smote-experiment', 'my.yaml']
    """
    found: list[str] = []
    experiments: list[str] = []
    for word in map(str, arguments):
        place, test, name = word.partition(_TEST)
        if is_pasted(word):
            found.append(f"{grid_file()}{test}{name}")
            experiments.append(place)
        else:
            found.append(word)
    if alone or not experiments:
        return found
    if "--import-mode" not in " ".join(found):
        found.append("--import-mode=importlib")
    if not any(word.partition("=")[0] == _OPTION for word in found):
        found += [_OPTION, experiments[0]]
    return found


def grid_module(path: Path, parent: pytest.Collector, experiment: str) -> pytest.Module | None:
    """Return the grid's file under the experiment's name; None where it lies in the project, which names it.

    Parameters
    ----------
    path : Path
    parent : Collector
    experiment : str
        As it was given.
    """
    root = parent.config.rootpath
    if path != grid_file() or path.is_relative_to(root):
        return None
    place = _place(experiment, parent.config)
    if not place or "[" in place or "::" in place:
        return None
    return pytest.Module.from_parent(parent, path=path, nodeid=place)


def _place(experiment: str, config: pytest.Config) -> str:
    """Return how an experiment is named from the project's root: a shipped one by its bare name."""
    for name, shipped in shipped_experiments().items():
        if experiment == name or Path(experiment).absolute() == shipped:
            return name
    file = Path(config.invocation_params.dir, experiment_path(experiment)).absolute()
    if not file.is_file():
        return ""
    below = file.is_relative_to(config.rootpath)
    return (os.path.relpath(file, config.rootpath) if below else str(file)).replace(os.sep, "/")
