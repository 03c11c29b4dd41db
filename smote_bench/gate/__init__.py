"""Holding a run to a baseline: the evidence, what differs beyond noise, the verdict in words and files.

``smote_bench.gate(run, baseline)`` judges a run: `smote_bench.api.gating.gate`, described in docs/api.md.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

__all__: list[str] = []


class _Gate(ModuleType):
    """Lets ``smote_bench.gate(...)`` be called: an import puts this package where the function would be."""

    def __call__(self, run: Any, baseline: Any, **options: Any) -> Any:
        """Judge a run against a baseline: `smote_bench.api.gating.gate`."""
        from importlib import import_module

        # by its name: the layer of the API is above this one
        return import_module("smote_bench.api.gating").gate(run, baseline, **options)


sys.modules[__name__].__class__ = _Gate
