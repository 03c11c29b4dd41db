"""Puts off modules that other packages import and hardly anybody uses, until something of theirs is asked."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

__all__ = ["module_file", "put_off_modules"]

_PUT_OFF = (
    "smote_variants.visualization",  # seaborn and matplotlib: half a second of every worker's start
    "scipy.signal",  # one sampler of smote_variants finds peaks by it: 0.17 s
    "numpy.f2py",  # a Fortran compiler's front end, since scipy takes all names of numpy: 70 ms
)


class _LazyFinder:
    """Finds the modules as ever, and executes them when something of theirs is first asked for."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a module that is put off, None for any other."""
        if name not in _PUT_OFF:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


def put_off_modules() -> None:
    """Have these modules executed where they are used, not where they are imported."""
    if _LazyFinder not in sys.meta_path:
        sys.meta_path.insert(0, _LazyFinder)


def module_file(module: Any) -> str | None:
    """Return the file of what stands in `sys.modules`, and leave a module that is put off as it is.

    It would be executed by whoever asks it for an attribute in the usual way, `__dict__` included.
    """
    try:
        file = object.__getattribute__(module, "__dict__").get("__file__")
    except AttributeError:  # anything may stand there
        return None
    return file if isinstance(file, str) else None
