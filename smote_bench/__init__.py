"""smote-bench: does oversampling help here, which method, and is the difference real?

The names in `__all__` are the public ones, described in docs/api.md. Each is imported when it is first asked
for, so that ``import smote_bench`` costs nothing.
"""

from __future__ import annotations

from smote_bench.version import __version__

# Not from typing, whose import alone takes milliseconds; type checkers know it by its name.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from smote_bench.api.comparison import Comparison, compare
    from smote_bench.api.datasets import load_dataset
    from smote_bench.api.gating import GateVerdict, gate, save_baseline
    from smote_bench.api.run import Run, open_run
    from smote_bench.api.start import run
    from smote_bench.api.validation import PropertyVerdict, validate
    from smote_bench.data.dataset import Dataset
    from smote_bench.errors import ConfigError, RunAborted, SmoteBenchError, TrackerError, UnavailableError
    from smote_bench.properties.parametrize import parametrize_with_properties
else:
    _HOMES = {
        "Comparison": "smote_bench.api.comparison",
        "ConfigError": "smote_bench.errors",
        "Dataset": "smote_bench.data.dataset",
        "GateVerdict": "smote_bench.api.gating",
        "PropertyVerdict": "smote_bench.api.validation",
        "Run": "smote_bench.api.run",
        "RunAborted": "smote_bench.errors",
        "SmoteBenchError": "smote_bench.errors",
        "TrackerError": "smote_bench.errors",
        "UnavailableError": "smote_bench.errors",
        "compare": "smote_bench.api.comparison",
        "gate": "smote_bench.api.gating",
        "load_dataset": "smote_bench.api.datasets",
        "open_run": "smote_bench.api.run",
        "parametrize_with_properties": "smote_bench.properties.parametrize",
        "run": "smote_bench.api.start",
        "save_baseline": "smote_bench.api.gating",
        "validate": "smote_bench.api.validation",
    }

    def __getattr__(name):
        """Import a public name when it is first asked for (PEP 562)."""
        from importlib import import_module

        if name not in _HOMES:
            from smote_bench.errors import did_you_mean

            near = did_you_mean(name, __all__)
            raise AttributeError(f"module 'smote_bench' has no attribute {name!r}{near and '.' + near}")
        value = globals()[name] = getattr(import_module(_HOMES[name]), name)
        return value

    def __dir__():
        return sorted({*globals(), *__all__})


__all__ = [
    "Comparison",
    "ConfigError",
    "Dataset",
    "GateVerdict",
    "PropertyVerdict",
    "Run",
    "RunAborted",
    "SmoteBenchError",
    "TrackerError",
    "UnavailableError",
    "__version__",
    "compare",
    "gate",
    "load_dataset",
    "open_run",
    "parametrize_with_properties",
    "run",
    "save_baseline",
    "validate",
]
