"""A run's ``manifest.json``, read: whatever else lies under that name is told in words."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from smote_bench.errors import ConfigError

__all__ = ["MANIFEST", "checked_shape", "read_json", "read_manifest"]

MANIFEST = "manifest.json"

_KINDS = {dict: "an object", list: "an array", str: "text", int: "a whole number", type(None): "null"}
_SHAPE: dict[tuple[str, ...], tuple[type, ...]] = {
    ("schema",): (int,),
    ("command",): (list,),
    ("versions",): (dict,),
    ("machine",): (dict,),
    ("commit",): (dict, type(None)),
    ("cells",): (dict,),
    ("cells", "total"): (int,),
    ("experiment",): (dict,),
    ("experiment", "name"): (str,),
    ("experiment", "protocol"): (dict,),
    ("experiment", "metrics"): (list,),
    ("experiment", "priority_metrics"): (list,),
    ("experiment", "metric_cards"): (dict,),
    ("experiment", "metric_cards", "*"): (dict,),
    **{("experiment", part): (dict,) for part in ("datasets", "methods", "classifiers")},
    **{("experiment", part, "*"): (dict, type(None)) for part in ("datasets", "methods", "classifiers")},
}
"""Of what type the members are that a manifest has, whichever release wrote it; above its own members."""


def read_json(text: str | bytes) -> Any:
    """Return what JSON says.

    Raises
    ------
    ValueError
        If it is none; also where it is nested so deeply that Python gives up.

    >>> read_json("[" * 100_000)
    Traceback (most recent call last):
    ValueError: it is nested too deeply to be read
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply to be read") from None


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return what a run's manifest says.

    Parameters
    ----------
    folder : Path
        Of the run.

    Raises
    ------
    ConfigError
        If it is not there, is no file, cannot be read, or is not what a run writes.
    """
    path = Path(folder) / MANIFEST
    if not os.path.lexists(path):
        raise ConfigError(
            f"expected the folder of a finished run, got {str(folder)!r} without {MANIFEST}: name a folder "
            "such as reports/latest"
        )
    try:
        if not path.is_file():  # before it is opened: a FIFO would wait for ever
            raise ValueError("it is no file")
        return checked_shape(read_json(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"expected {MANIFEST} as a run writes it, got {str(path)!r}, which is not that ({error}): "
            "`smote-bench list` says what is left of the run"
        ) from error


def checked_shape(found: Any) -> dict[str, Any]:
    """Return a value that can be a manifest: its known members, as far as it has them, are of their types.

    Raises
    ------
    ValueError
        With the first that is not.

    >>> checked_shape({"experiment": {"name": "mine", "datasets": ["one"]}})
    Traceback (most recent call last):
    ValueError: experiment.datasets is ['one'], expected an object
    """
    if not isinstance(found, dict):
        raise ValueError(f"it holds a value of type {type(found).__name__}, no object")
    if "experiment" not in found:
        raise ValueError("it names no experiment")
    for path, types in _SHAPE.items():
        for name, value in _members(found, path):
            if not isinstance(value, types):
                kinds = " or ".join(_KINDS[kind] for kind in types)
                raise ValueError(f"{name} is {repr(value)[:60]}, expected {kinds}")
    return found


def _members(value: Any, path: tuple[str, ...], name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield what is at a path, with its name; nothing where it is not."""
    if not path:
        yield name.removeprefix("."), value
        return
    for key in list(value) if path[0] == "*" else [path[0]]:
        if key in value:
            yield from _members(value[key], path[1:], f"{name}.{key}")
