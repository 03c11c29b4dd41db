"""A run's ``manifest.json``, read: whatever else lies under that name is told in words."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from smote_bench.errors import ConfigError

__all__ = ["MANIFEST", "read_json", "read_manifest"]

MANIFEST = "manifest.json"


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
        found = read_json(path.read_text(encoding="utf-8"))
        if not isinstance(found, dict):
            raise ValueError(f"it holds a value of type {type(found).__name__}, no object")
        if "experiment" not in found:
            raise ValueError("it names no experiment")
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"expected {MANIFEST} as a run writes it, got {str(path)!r}, which is not that ({error}): "
            "`smote-bench list` says what is left of the run"
        ) from error
    return found
