"""Settings of numpy and, where they are loaded, of optional libraries."""

from __future__ import annotations

import contextlib
import importlib
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np

from smote_bench.environment.process_state.part import Part, attributes

__all__ = ["PARTS", "parts_of_loaded_libraries"]


def _write_numpy(value: tuple[Any, ...]) -> None:
    errors, call, size, options = value
    np.seterr(**errors)
    np.seterrcall(call)
    np.setbufsize(size)
    np.set_printoptions(**options)


PARTS = (
    Part(
        "numpy's settings",
        lambda: (np.geterr(), np.geterrcall(), np.getbufsize(), np.get_printoptions()),
        _write_numpy,
    ),
)


def _scikit_learn() -> Part:
    import sklearn

    return Part("scikit-learn's configuration", sklearn.get_config, lambda value: sklearn.set_config(**value))


def _pandas() -> Part:
    import pandas as pd

    options: dict[str, Any] = importlib.import_module("pandas._config.config")._global_config

    def leaves(folder: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, dict[str, Any], str]]:
        for name, value in folder.items():
            if isinstance(value, dict):
                yield from leaves(value, f"{prefix}{name}.")
            else:
                yield prefix + name, folder, name

    places = list(leaves(options))

    def write(values: list[Any]) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an option may be deprecated; it was set by who set it first
            for (name, folder, last), value in zip(places, values, strict=True):
                if folder[last] != value:
                    pd.set_option(name, value)

    return Part("pandas' options", lambda: [folder[last] for _, folder, last in places], write)


def _scipy_special() -> Part:
    from scipy import special

    return Part("scipy.special's errors", special.geterr, lambda value: special.seterr(**value))


def _joblib() -> Part:
    from joblib import parallel

    return Part("joblib's configuration", *attributes(parallel._backend, "config"))


def _keras() -> Part:
    from keras import config

    def read() -> tuple[Any, ...]:
        return config.floatx(), config.epsilon(), config.dtype_policy()

    def write(value: tuple[Any, ...]) -> None:
        config.set_floatx(value[0])
        config.set_epsilon(value[1])
        config.set_dtype_policy(value[2])

    return Part("Keras' configuration", read, write)


_LIBRARIES = {
    "sklearn": _scikit_learn,
    "pandas": _pandas,
    "scipy.special": _scipy_special,
    "joblib.parallel": _joblib,
    "keras.config": _keras,
}

_found: dict[str, Part | None] = {}


def parts_of_loaded_libraries() -> Iterator[Part]:
    """Yield the settings of those optional libraries that are loaded and have them."""
    for name, make in _LIBRARIES.items():
        if name not in _found:
            if name not in sys.modules:
                continue
            _found[name] = None  # of another version, which has no such setting
            with contextlib.suppress(ImportError, AttributeError):
                part = make()
                part.read()
                _found[name] = part
        part_or_none = _found[name]
        if part_or_none is not None:
            yield part_or_none
