"""Samplers of a method against their source, before the first cell: nothing is imported for it."""

from __future__ import annotations

from typing import Any

from smote_bench.environment.target_source import check_target_source, written
from smote_bench.environment.targets import top_package
from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.methods.names import IMBLEARN, OURS, OURS_BY_PREFIX, SMOTE_VARIANTS
from smote_bench.methods.spec import MethodSpec, Step

__all__ = ["check_parameters"]

_OURS = "smote_impls"
_LIBRARIES = (_OURS, "smote_variants", "imblearn")
_WHERE = {_OURS: OURS + OURS_BY_PREFIX, "smote_variants": SMOTE_VARIANTS}
_NEEDS_MORE = "imblearn.over_sampling:SMOTENC"
"""The one sampler of a library that cannot be made without parameters."""
_STRATEGIES = ("auto", "minority", "not minority", "not majority", "all", "majority")
_ROWS = 2
"""What a function that is a sampler takes before its parameters: X and y."""


def check_parameters(spec: MethodSpec) -> None:
    """Refuse a misspelt sampler of a local file, a parameter that a sampler does not have, and a wrong k.

    Raises
    ------
    ConfigError
    """
    for step in spec.steps:
        is_library = top_package(step.target) in _LIBRARIES
        if not _is_known(step.target):
            check_target_source(step.target)
        if step.params or not is_library or step.target == _NEEDS_MORE:
            _check_names(spec, step)
            _check_neighbors(spec, step)
            _check_strategy(spec, step)


def _is_known(target: str) -> bool:
    """Tell whether a target is one of the catalogue, of which names and modules are right."""
    module, _, name = target.partition(":")
    if module in _WHERE:
        return name in _WHERE[module]
    return module in IMBLEARN and name in IMBLEARN[module]


def _check_names(spec: MethodSpec, step: Step) -> None:
    found = written(step.target)
    if found is None or not found.parameters:
        return
    known = found.parameters if found.is_class else found.parameters[_ROWS:]
    missing = [
        name
        for name in found.required
        if name in known and name not in step.params and name != "categorical_features"  # told from the data
    ]
    if missing:
        raise ConfigError(
            f"method {spec.name!r}: {found.name} needs {', '.join(missing)}, as in {spec.name}: "
            f"{{method: {spec.name}, params: {{{missing[0]}: ...}}}}"
        )
    for param in step.params:
        if param not in known:
            raise ConfigError(
                f"method {spec.name!r}: {found.name} has no parameter {param!r}."
                f"{did_you_mean(param, known)} It has: {', '.join(known)}"
            )


def _check_neighbors(spec: MethodSpec, step: Step) -> None:
    """Refuse what is no number of neighbours; estimators are written as mappings, which are left alone."""
    is_ours = step.target.partition(":")[0] == _OURS
    for param, value in step.params.items():
        if not param.endswith("_neighbors") or isinstance(value, dict) or value is None:
            continue
        if (is_ours and value == "auto") or (_is_whole(value) and value >= 1):
            continue
        if not is_ours and top_package(step.target) not in _LIBRARIES:
            continue  # what it means there is the user's own
        or_auto = ", or 'auto'" if is_ours else ""
        several = (
            f"; several settings are a named method each, as in {spec.name}_3: {{method: {spec.name}, "
            f"params: {{{param}: 3}}}}"
            if isinstance(value, list)
            else ""
        )
        raise ConfigError(
            f"method {spec.name!r}: expected {param} as a whole number of 1 or more{or_auto}, got "
            f"{value!r}{several}"
        )


def _check_strategy(spec: MethodSpec, step: Step) -> None:
    """Refuse a ratio that is none, and a misspelt word, of our samplers and imbalanced-learn's."""
    value = step.params.get("sampling_strategy")
    if top_package(step.target) not in (_OURS, "imblearn"):
        return
    if isinstance(value, str):
        is_wrong = value not in _STRATEGIES
    else:
        is_wrong = isinstance(value, bool) or (isinstance(value, int | float) and not 0 < value <= 1)
    if is_wrong:
        hint = did_you_mean(value, _STRATEGIES) if isinstance(value, str) else ""
        raise ConfigError(
            f"method {spec.name!r}: expected sampling_strategy as a ratio above 0 up to 1, such as 0.5, or "
            f"one of {', '.join(_STRATEGIES)}, got {value!r}.{hint}"
        )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
