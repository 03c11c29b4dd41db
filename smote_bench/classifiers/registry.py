"""Which classifiers there are, how experiments name them, how a fresh, seeded estimator is built.

Importing this module imports the standard library only: the grid is collected without scikit-learn. Fitting
and predicting are in fitting.py.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from smote_bench.cost_hints import parse_cost
from smote_bench.environment.optional_packages import EXTRAS, is_installed, missing_package
from smote_bench.environment.parameter_identity import parameter_identity
from smote_bench.environment.target_source import missing_top
from smote_bench.environment.targets import load_target, package_version, target_identity
from smote_bench.errors import ConfigError, did_you_mean

__all__ = [
    "CLASSIFIERS",
    "DECISION_TREE",
    "DEFAULT_CLASSIFIERS",
    "FOREST",
    "ClassifierSpec",
    "build_classifier",
    "check_available",
    "classifier_identity",
    "classifier_targets",
    "parse_classifier",
]


@dataclass(frozen=True)
class ClassifierSpec:
    """A classifier as an experiment names it.

    Parameters
    ----------
    name : str
        As shown in ids and tables.
    target : str
        ``package.module:Class`` (or a function that returns one) of an estimator with scikit-learn's ``fit``,
        ``predict`` or ``predict_proba``.
    params : mapping of str to object
        Arguments of the class, as data; the seed is not among them.
    cost : str
        One of `smote_bench.cost_hints.COSTS`; "" leaves it to what is known of the class. For the order of
        work alone, so no part of what the classifier is.
    rows : {"typed", ""}
        ``typed``: a data frame with categories as categories, its numbers scaled; "": all as numbers.
    """

    name: str
    target: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    cost: str = field(default="", compare=False)
    rows: Literal["typed", ""] = ""


FOREST = "smote_bench.classifiers.forest:FastRandomForestClassifier"
"""Where the built-in random forest is."""
DECISION_TREE = "smote_bench.classifiers.decision_tree:FastDecisionTreeClassifier"
"""Where the built-in decision tree is."""
_SVM = "smote_bench.classifiers.calibrated_svm:CalibratedSVC"
_KERAS_MLP = "smote_bench.classifiers.keras_mlp:KerasMLP"

_ALL = [
    ClassifierSpec("RandomForest", FOREST, {"n_estimators": 100}),
    ClassifierSpec("SVM", _SVM, {"kernel": "rbf"}),
    ClassifierSpec("kNN", "sklearn.neighbors:KNeighborsClassifier", {"n_neighbors": 5}),
    ClassifierSpec("LogisticRegression", "sklearn.linear_model:LogisticRegression", {"max_iter": 1000}),
    ClassifierSpec("DecisionTree", DECISION_TREE),
    ClassifierSpec("NaiveBayes", "sklearn.naive_bayes:GaussianNB"),
    ClassifierSpec("HistGradientBoosting", "sklearn.ensemble:HistGradientBoostingClassifier"),
    ClassifierSpec(
        "CatBoost",
        "catboost:CatBoostClassifier",
        {"verbose": False, "thread_count": 1, "allow_writing_files": False},
    ),
    ClassifierSpec("KerasMLP", _KERAS_MLP),
]

DEFAULT_CLASSIFIERS = ("RandomForest", "DecisionTree", "LogisticRegression", "kNN")
"""Those of an experiment that names none."""

CLASSIFIERS: Mapping[str, ClassifierSpec] = {spec.name: spec for spec in _ALL}
"""The built-in classifiers by name."""

# Optional packages behind a target of ours.
_PACKAGES = {_KERAS_MLP: ("tensorflow", "keras")}
_SEED_PARAMS = ("random_state", "random_seed")


def parse_classifier(
    name: str, definition: object = None, *, known: Mapping[str, ClassifierSpec] | None = None
) -> ClassifierSpec:
    """Return the classifier that an experiment names.

    Parameters
    ----------
    name : str
        A built-in or `known` classifier, or ``package.module:Class``; with a `definition` that names another
        classifier, any new name.
    definition : str or mapping, optional
        A classifier's name or ``package.module:Class``; or parameters to change in the classifier called
        `name`; or ``{"classifier": ..., "params": {...}, "cost": ..., "rows": "typed"}``; without the key
        ``classifier``, ``rows`` is of the one called `name`. Inside parameters,
        ``{"classifier": "package.module:Class", "params": {...}}`` builds a nested object.
    known : mapping of str to ClassifierSpec, optional
        Classifiers registered by plugins, next to `CLASSIFIERS`.

    Raises
    ------
    ConfigError
        For an unknown name, a definition of another form, or parameters that the protocol sets.

    Examples
    --------
    >>> parse_classifier("kNN", {"n_neighbors": 3}).params
    {'n_neighbors': 3}
    >>> parse_classifier("Bagging", "sklearn.ensemble:BaggingClassifier").target
    'sklearn.ensemble:BaggingClassifier'
    """
    choices = {**CLASSIFIERS, **(known or {})}
    params: Any
    more: Mapping[Any, Any] = {}
    match definition:
        case None:
            base, params = _base(name, choices), {}
        case str():
            base, params = _base(definition, choices), {}
        case {"classifier": str(base_name), **rest} if set(rest) <= {"params", "cost", "rows"}:
            base, params, more = _base(base_name, choices), rest.get("params") or {}, rest
        case {"rows": wanted, **rest} if set(rest) <= {"params", "cost"}:
            base, params, more = _base(name, choices), rest.get("params") or {}, {**rest, "rows": wanted}
        case {"classifier": _, **_rest}:
            raise ConfigError(
                f"classifier {name!r}: expected the keys 'classifier' (a name or 'package.module:Class'), "
                f"'params', 'rows' and 'cost', got {definition!r}: move other keys into 'params'"
            )
        case Mapping():
            base, params = _base(name, choices), definition
        case _:
            raise ConfigError(
                f"classifier {name!r}: expected 'package.module:Class', a mapping of parameters or nothing, "
                f"got {definition!r} (type={type(definition).__name__}): write for example "
                f"{{{name}: {{max_depth: 3}}}}"
            )
    if not isinstance(params, Mapping) or not all(isinstance(key, str) for key in params):
        raise ConfigError(
            f"classifier {name!r}: expected 'params' to map names to values, got {params!r}: write a mapping"
        )
    _refuse_protocol_params(name, params)
    hint = parse_cost(more.get("cost"), f"classifier {name!r}") or base.cost
    rows = more.get("rows", base.rows)
    if rows not in ("typed", ""):
        raise ConfigError(
            f"classifier {name!r}: expected rows: typed, got {rows!r}: without it, categories are numbers"
        )
    return ClassifierSpec(name, base.target, {**base.params, **params}, hint, rows)


def _base(name: str, choices: Mapping[str, ClassifierSpec]) -> ClassifierSpec:
    if name in choices:
        return choices[name]
    words = name.replace(":", ".").split(".")
    if name.count(":") == 1 and all(word.isidentifier() for word in words):
        return ClassifierSpec(name, name)
    hint = did_you_mean(name, choices)
    # Finding scikit-learn's class imports all of it: seconds, which a mere misspelling should not cost.
    if name.isidentifier() and (name.endswith("Classifier") or not hint):
        hint = _scikit_learn_hint(name) or hint
    raise ConfigError(
        f"expected a classifier, got {name!r}.{hint} "
        f"Choose from {', '.join(choices)}, or write 'package.module:Class'"
    )


def _scikit_learn_hint(name: str) -> str:
    """Name the target of a bare scikit-learn class; it is imported on the way to an error only."""
    try:
        from sklearn.utils.discovery import all_estimators
    except ImportError:
        return ""
    for found, cls in all_estimators(type_filter="classifier"):
        if found == name:
            public = ".".join(part for part in cls.__module__.split(".") if not part.startswith("_"))
            return f" For scikit-learn's class write '{public}:{name}'."
    return ""


def _refuse_protocol_params(name: str, params: Mapping[str, Any]) -> None:
    for key, value in _nested_items(params):
        last = key.rpartition("__")[2]
        if last in _SEED_PARAMS:
            raise ConfigError(
                f"classifier {name!r}: expected parameters without a seed, got {key}={value!r}: remove it, "
                "seeds come from the experiment's random_state"
            )
        if last in ("n_jobs", "thread_count") and value not in (None, 1):
            raise ConfigError(
                f"classifier {name!r}: expected one job per worker, got {key}={value!r}: remove it and give "
                "pytest more workers with -n"
            )


def _nested_items(value: object) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key), item
            yield from _nested_items(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _nested_items(item)


def check_available(spec: ClassifierSpec) -> None:
    """Raise `UnavailableError` if the package that ships a classifier is not installed; imports nothing."""
    for package in _packages(spec.target):
        if package in EXTRAS and not is_installed(package):
            raise missing_package(f"classifier {spec.name!r}", package)
    if package := missing_top(spec.target):
        raise missing_package(f"classifier {spec.name!r}", package)


def _packages(target: str) -> tuple[str, ...]:
    return _PACKAGES.get(target) or (target.partition(":")[0].partition(".")[0],)


def build_classifier(spec: ClassifierSpec, seed: int) -> Any:
    """Build a fresh estimator.

    Parameters
    ----------
    spec : ClassifierSpec
        From `parse_classifier`.
    seed : int
        Given as it is to every ``random_state``: the estimator's own and those of nested estimators.

    Returns
    -------
    estimator
        Unfitted; one job.

    Raises
    ------
    UnavailableError
        If its package is an extra that is not installed.
    ConfigError
        If there is no such class, or it refuses the parameters.
    """
    check_available(spec)
    estimator = _construct(spec.name, spec.target, spec.params, int(seed))
    if hasattr(estimator, "get_params"):
        # Once more after construction: for estimators nested by default, and for what a function returned.
        seeds = [key for key in estimator.get_params(deep=True) if key.rpartition("__")[2] == "random_state"]
        if seeds:
            estimator.set_params(**dict.fromkeys(seeds, int(seed)))
    return estimator


def _construct(name: str, target: str, params: Mapping[str, Any], seed: int) -> Any:
    cls = load_target(target)
    accepted = inspect.signature(cls).parameters
    arguments = {key: _materialise(name, value, seed) for key, value in params.items()}
    if "random_state" in accepted:
        arguments["random_state"] = seed
    if not any(parameter.kind is parameter.VAR_KEYWORD for parameter in accepted.values()):
        for key in arguments:
            if key not in accepted:
                raise ConfigError(
                    f"classifier {name!r}: expected a parameter of {target!r}, got {key!r}."
                    f"{did_you_mean(key, accepted)} It accepts {', '.join(accepted)}"
                )
    try:
        return cls(**arguments)
    except TypeError as error:
        raise ConfigError(
            f"classifier {name!r}: {target!r} cannot be built from {dict(params)!r} ({error}): "
            "correct its params"
        ) from error


def _materialise(name: str, value: Any, seed: int) -> Any:
    """Build the nested objects that parameters describe, as the steps of a pipeline."""
    match value:
        case {"classifier": str(target), **rest} if set(rest) <= {"params"} and ":" in target:
            params: Any = rest.get("params") or {}
            return _construct(name, target, params, seed)
        case list():
            return [_materialise(name, item, seed) for item in value]
        case dict():
            return {key: _materialise(name, item, seed) for key, item in value.items()}
        case _:
            return value


def classifier_identity(spec: ClassifierSpec) -> dict[str, Any]:
    """Return what identifies the results of a classifier (JSON values only), for the key of stored outcomes.

    The code behind it (of nested targets too), its parameters, and the numerical libraries below.
    """
    targets = classifier_targets(spec)
    optional = sorted({name for target in targets for name in _PACKAGES.get(target, ())})
    return {
        "targets": [target_identity(target) for target in targets],
        "params": parameter_identity(dict(spec.params)),
        **({"rows": spec.rows} if spec.rows else {}),
        "needs": {name: package_version(name) for name in ("sklearn", "numpy", "scipy", *optional)},
    }


def classifier_targets(spec: ClassifierSpec) -> list[str]:
    """Return ``package.module:Class`` of a classifier and of everything nested in its parameters, sorted."""
    return sorted({spec.target, *_nested_targets(spec.params)})


def _nested_targets(params: Mapping[str, Any]) -> Iterator[str]:
    for key, value in _nested_items(params):
        if key == "classifier" and isinstance(value, str) and ":" in value:
            yield value
