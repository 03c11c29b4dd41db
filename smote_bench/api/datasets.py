"""Data sets by the names and descriptions that experiments use."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from smote_bench.arguments import as_folder, as_text
from smote_bench.data import dataset as datasets
from smote_bench.data.dataset import Dataset
from smote_bench.data.given_tables import given_file
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

__all__ = ["load_dataset"]


def load_dataset(
    source: str | Mapping[str, Any],
    version: Literal["raw", "processed"] = "raw",
    *,
    data: str | os.PathLike[str] | None = None,
) -> Dataset:
    """Read a data set, and check that it is what its card says.

    Parameters
    ----------
    source : str or mapping
        A name of the catalogue (``smote-bench datasets list``), ``keel:NAME``, ``clearml:NAME@VERSION``, or a
        file of your own as in an experiment: ``{"name": ..., "file": ..., "target": ..., "minority": ...}``
        with, if wanted, ``nominal``, ``ordinal``, ``drop``, ``drop_duplicates``, ``read``, ``groups``,
        ``time``, ``test``, ``split`` and ``weights``. Files are relative to the current directory; ``file``
        and ``test`` may be a table of pandas, polars or pyarrow instead.
    version : {"raw", "processed"}
        The file as it is, or imputed, encoded and scaled as a whole, as in the original study.
    data : path, optional
        Folder with data files that are not bundled; default the environment's ``SMOTE_BENCH_DATA``.

    Returns
    -------
    Dataset
        With `X` (DataFrame), `y` (ndarray, 1 for the minority), `name`, `version`, `digest`, `card` and
        `roles` (`groups`, `times`, `is_test` and `weights` of the rows, None where there are none).

    Raises
    ------
    ConfigError
        If there is no such data set, or the file cannot be read as described.
    UnavailableError
        If it can be had from no provider.

    Examples
    --------
    >>> ecoli = load_dataset("Ecoli")
    >>> ecoli.X.shape, int(ecoli.y.sum())
    ((336, 7), 35)
    """
    as_text("version", version, "raw or processed")
    folder = None if data is None else as_folder("data", data, "a folder of data files")
    described = dict(source) if isinstance(source, Mapping) else source
    if isinstance(described, dict):
        for key in {"file", "test"} & described.keys():
            described[key] = _given(described, key)
    parsed = parse_source(described, Path.cwd())
    return datasets.load_dataset(parsed, version, data_dir=folder)


def _given(entry: Mapping[str, Any], key: str) -> Any:
    try:
        return given_file(entry, key)
    except ConfigError as error:
        raise ConfigError(f"dataset {entry.get('name', '')!r}: {error}") from error.__cause__
