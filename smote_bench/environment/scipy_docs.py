"""Imports scipy.stats without the documentation that it makes of its docstrings, and without numpy.f2py.

scikit-learn imports scipy.stats, and so does every process that computes. From scipy 1.16 on a third of that
time goes to parsing docstrings and writing them anew, which nobody reads there.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from typing import Any

from smote_bench.environment.lazy_modules import put_off_modules

__all__ = ["import_scipy_stats"]


def import_scipy_stats() -> None:
    """Import scipy.stats, unless it is.

    Only docstrings of it, and of other parts of scipy that are imported with it, are others than usually.
    """
    if "scipy.stats" in sys.modules:
        return
    put_off_modules()
    try:
        docs: Any = importlib.import_module("scipy._lib._docscrape")
        parsed = docs.FunctionDoc
        takes_text = "doc" in inspect.signature(parsed).parameters
    except (ImportError, AttributeError, TypeError, ValueError):  # another release, which has no such thing
        takes_text = False
    if not takes_text:
        importlib.import_module("scipy.stats")
        return

    class Unread(parsed):  # type: ignore[misc,valid-type]
        """What is asked about a function's docstring, of an empty one."""

        def __init__(self, func: Any, **options: Any) -> None:
            super().__init__(func, **{"doc": "", **options})

    docs.FunctionDoc = Unread
    try:
        importlib.import_module("scipy.stats")
    finally:
        for name, module in list(sys.modules.items()):
            if name.startswith("scipy.") and vars(module).get("FunctionDoc") is Unread:
                vars(module)["FunctionDoc"] = parsed
