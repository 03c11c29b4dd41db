"""A user's classifiers against their source, before the first cell: nothing is imported for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from smote_bench.classifiers.registry import CLASSIFIERS, ClassifierSpec
from smote_bench.environment.local_code import origin_of
from smote_bench.environment.target_source import check_target_source, written
from smote_bench.environment.targets import top_package
from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["check_classifier"]

_LIBRARIES = ("sklearn", "xgboost", "lightgbm", "imblearn")
"""Of which a regressor is no classifier by another name."""
_TAKE_NUMBERS = ("sklearn", "smote_bench", "imblearn")
"""Of which classifiers take numbers alone, but for those with a parameter of the next."""
_MAY_TAKE_CATEGORIES = frozenset({"categorical_features", "estimator", "estimators", "steps"})
_TAKE_ANYTHING = ("sklearn.dummy:DummyClassifier",)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_NESTED_KEYS = ("classifier", "params")
_TARGET = re.compile(r"[A-Za-z_]\w*(\.\w+)*:[A-Za-z_]\w*")


def check_classifier(spec: ClassifierSpec) -> None:
    """Refuse a misspelt class of a local file, parameters that a class does not have, and regressors.

    Raises
    ------
    ConfigError
    """
    for depth, (target, params) in enumerate(_all(spec.target, spec.params)):
        check_target_source(target)
        found = written(target)
        known = found.parameters if found is not None else ()
        for param in params if known else ():
            if param not in known:
                raise ConfigError(
                    f"classifier {spec.name!r}: {target} has no parameter {param!r}."
                    f"{did_you_mean(param, known)} It has: {', '.join(known)}"
                )
        if top_package(target) in _LIBRARIES:
            _check_numbers(spec, target, params)
        bases = found.bases if found is not None else frozenset()
        is_library = top_package(target) in _LIBRARIES
        if not depth and is_library and "RegressorMixin" in bases and "ClassifierMixin" not in bases:
            raise ConfigError(f"classifier {spec.name!r}: {target} is a regressor; a classifier is needed")
        _check_nested(spec, params)
        if not depth and found is not None:
            _check_rows(spec, found.parameters)


def _check_rows(spec: ClassifierSpec, parameters: Collection[str]) -> None:
    """Refuse rows: typed for what is known to take numbers alone; what holds other estimators may not be."""
    if spec.rows != "typed" or top_package(spec.target) not in _TAKE_NUMBERS:
        return
    if _MAY_TAKE_CATEGORIES & {*parameters} or spec.target in _TAKE_ANYTHING:
        return
    raise ConfigError(
        f"classifier {spec.name!r}: expected a classifier that takes categories for rows: typed, got "
        f"{spec.target}, which takes numbers: leave 'rows' out, or take HistGradientBoosting, CatBoost, "
        "lightgbm:LGBMClassifier or xgboost:XGBClassifier"
    )


def _check_numbers(spec: ClassifierSpec, target: str, params: Mapping[str, Any]) -> None:
    """Refuse a number in quotes, which no parameter of these libraries takes."""
    for param, value in params.items():
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            raise ConfigError(
                f"classifier {spec.name!r}: expected a number for {param} of {target}, got the text "
                f"{value!r}: write {param}: {value.strip()}"
            )


def _check_nested(spec: ClassifierSpec, value: Any) -> None:
    """Refuse the name of a class where an estimator has to be."""
    if isinstance(value, Mapping):
        _check_written(spec, value)
        for key, item in value.items():
            if key != "classifier":
                _check_nested(spec, item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_nested(spec, item)
    elif isinstance(value, str) and _TARGET.fullmatch(value) and origin_of(value.partition(":")[0]):
        raise ConfigError(
            f"classifier {spec.name!r}: {value!r} stays a text here; nested estimators, steps of pipelines "
            f"too, are written {{classifier: {value!r}, params: {{...}}}}"
        )


def _check_written(spec: ClassifierSpec, nested: Mapping[str, Any]) -> None:
    """Refuse a nested estimator that would stay a mapping: without its module, or with a misspelt key."""
    inner = nested.get("classifier")
    if not isinstance(inner, str):
        return
    strange = [str(key) for key in nested if key not in _NESTED_KEYS]
    if ":" in inner:
        for key in strange:
            if hint := did_you_mean(key, _NESTED_KEYS):
                raise ConfigError(
                    f"classifier {spec.name!r}: expected the keys classifier and params of the nested "
                    f"{inner!r}, got {key!r}.{hint}"
                )
    elif inner in CLASSIFIERS or not strange:
        hint = f" {inner} is {CLASSIFIERS[inner].target!r}" if inner in CLASSIFIERS else ""
        hint = hint or did_you_mean(inner, CLASSIFIERS)
        if hint:
            raise ConfigError(
                f"classifier {spec.name!r}: expected 'package.module:Class' of a nested estimator, got "
                f"{inner!r}.{hint}"
            )


def _all(target: str, params: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield classes and their parameters: the classifier's own, and what is nested in them."""
    yield target, params
    yield from _nested(params)


def _nested(value: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(value, Mapping):
        inner = value.get("classifier")
        if isinstance(inner, str) and ":" in inner and set(value) <= {*_NESTED_KEYS}:
            yield from _all(inner, value.get("params") or {})
            return
        for item in value.values():
            yield from _nested(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _nested(item)
