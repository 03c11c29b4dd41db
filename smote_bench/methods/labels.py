"""Methods as people read them: with the library that a sampler is of; ids and CSV have the names alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from smote_bench.environment.targets import top_package

__all__ = ["label_of", "labels_of"]

_OURS = "smote_impls"
_SHORT = {"smote_variants": "sv", _OURS: "ours"}
_PREFIXES = ("sv.", "smote_variants.", "imblearn.", "ours.")


def labels_of(methods: Mapping[str, Any]) -> dict[str, str]:
    """Return the label of every method of an experiment, as its manifest has them.

    Parameters
    ----------
    methods : mapping of str to mapping
        A method's recipe by its name, as `smote_bench.methods.spec.MethodSpec.to_json` gives it.
    """
    return {
        name: label_of(name, [step["target"] for step in (recipe or {}).get("steps", ())])
        for name, recipe in methods.items()
    }


def label_of(name: str, targets: Iterable[str]) -> str:
    """Return a method's name with the libraries of its steps behind it; what is ours alone has none.

    >>> label_of("SMOTE", ["smote_impls:SMOTE"]), label_of("sv.SMOTE", ["smote_variants:SMOTE"])
    ('SMOTE', 'SMOTE (sv)')
    >>> label_of("imblearn_SMOTE", ["imblearn.over_sampling:SMOTE"])
    'imblearn_SMOTE (imblearn)'
    >>> label_of("cleaned", ["smote_impls:SMOTE", "imblearn.under_sampling:TomekLinks"])
    'cleaned (ours + imblearn)'
    """
    tops = list(dict.fromkeys(map(top_package, targets)))
    if ":" in name or tops in ([], [_OURS]):
        return name  # it names its module, or has no sampler
    prefix = next((one for one in _PREFIXES if name.startswith(one)), "")
    return f"{name.removeprefix(prefix)} ({' + '.join(_SHORT.get(top, top) for top in tops)})"
