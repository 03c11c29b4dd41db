"""An experiment given as a dictionary, checked by the readers of the file and written as one."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from smote_bench.data.given_tables import given_file
from smote_bench.errors import ConfigError

__all__ = ["checked_yaml"]

_STEM = "experiment"
"""The name of an experiment without one, as of a file of this name."""

_FILES = ("file", "test")
"""Keys of a data set that name a file, or are a table in its place."""


def checked_yaml(experiment: Mapping[str, Any], here: Path) -> tuple[str, str]:
    """Return an experiment's name and the text of its file.

    Parameters
    ----------
    experiment : mapping
        As in a YAML file; tuples do for lists, and numpy's numbers for plain ones.
    here : Path
        What files of data sets are relative to; they are absolute in the text, which may lie anywhere.

    Raises
    ------
    ConfigError
        As for a file, with the key in place of the line.
    """
    import yaml

    from smote_bench.experiment.file import experiment_from_text

    plain = _plain(experiment, "")
    if "datasets" in plain:
        plain["datasets"] = _absolute(plain["datasets"], here)
    text = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)
    path = str(here / _STEM)
    try:
        checked = experiment_from_text(text, path)
    except ConfigError as error:
        raise ConfigError(re.sub(rf"^{re.escape(path)}:\d+", "experiment", str(error))) from None
    return checked.name, text


def _plain(value: Any, where: str) -> Any:
    """Return data as YAML has it; refuse what a file could not hold, by its key."""
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str | int | float):
                raise _error(where, f"expected names as keys, got {key!r} ({type(key).__name__})")
        places = {key: f"{where}.{key}" if where else str(key) for key in value}
        return {key: _plain(_given(value, key, places[key]), places[key]) for key in value}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}.{n}" if where else str(n)) for n, item in enumerate(value)]
    if isinstance(value, str) and value.startswith("__main__:"):
        raise _error(
            where,
            f"expected a name in a module, got {value!r}: the processes that compute cells do not see what a "
            "notebook or script defines; put it into a module in the current directory",
        )
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if type(value).__module__ == "numpy" and not getattr(value, "shape", True):
        value = value.item()
    if value is None or type(value) in (str, int, float, bool):
        return value
    remedy = "name it, as in 'package.module:Class'" if callable(value) else "write it as one of these"
    got = f"{value!r} ({type(value).__name__})"
    raise _error(where, f"expected text, a number, a list or a mapping, got {got}: {remedy}")


def _given(entry: Mapping[Any, Any], key: Any, where: str) -> Any:
    """Return what a key has; of a data set's file, its path where it is a table."""
    if key not in _FILES:
        return entry[key]
    try:
        return given_file(entry, key)
    except ConfigError as error:
        raise _error(where, str(error)) from error.__cause__


def _error(where: str, message: str) -> ConfigError:
    return ConfigError(f"experiment: {where + ': ' if where else ''}{message}")


def _absolute(datasets: Any, here: Path) -> Any:
    """Return data sets with absolute paths of their files, whichever way they are written."""
    if isinstance(datasets, dict):
        return {
            key: str(here / Path(value).expanduser())
            if key in _FILES and isinstance(value, str) and value
            else _absolute(value, here)
            for key, value in datasets.items()
        }
    return [_absolute(item, here) for item in datasets] if isinstance(datasets, list) else datasets
