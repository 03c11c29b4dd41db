"""Methods as data: from a name or a definition in YAML to a `MethodSpec`, importing no sampler on the way.

A definition is one of

* nothing: the name itself is looked up (``SMOTE``, ``sv.SMOTE``, ``imblearn.SMOTE``, ``pkg.module:Class``);
* another name: ``my_smote: sv.SMOTE``;
* parameters for the method of that name: ``SMOTE: {k_neighbors: 3}``;
* reserved keys: ``{method: SMOTE, params: {k_neighbors: 3}, class_weight: balanced, tuned_threshold: true}``,
  with ``chain`` in place of ``method`` and ``params`` for a chain, ``tuned_threshold: {metric: f1}`` for
  a threshold tuned for another metric than balanced accuracy, ``calibrated: sigmoid`` (or ``isotonic``) or
  ``prior_corrected: true`` for the probabilities, ``rows: typed`` (or ``encoded``), ``scaled: true`` and
  ``repair: round`` for tables with categories, and beside any of these ``cost``, a hint for the order of
  work;
* a chain: ``[{RandomOverSampler: {sampling_strategy: 0.4}}, RandomUnderSampler, class_weight]``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias

from smote_bench.cost_hints import COSTS, parse_cost
from smote_bench.environment.targets import top_package
from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.methods.names import (
    OURS,
    SMOTE_VARIANTS,
    TRIVIAL_ARMS,
    imblearn_names,
    lookup_target,
)
from smote_bench.methods.row_options import ROW_KEYS, RowOptions, parse_row_options
from smote_bench.metrics import EXPECTED_COST, METRICS, Metric, parse_metric

__all__ = ["MethodSpec", "Step", "parse_method"]

_RESERVED = (
    "method",
    "params",
    "chain",
    "class_weight",
    "tuned_threshold",
    "calibrated",
    "prior_corrected",
)
_ARMS = _RESERVED[3:]
_CALIBRATIONS = ("sigmoid", "isotonic")
_KEYS = (*_RESERVED, *ROW_KEYS, "cost")  # of which the last ones alone may be a sampler's parameters
_DEFAULT_METRIC = METRICS["balanced_accuracy"]
_RANDOM = lookup_target("RandomOverSampler")


Calibration: TypeAlias = Literal["sigmoid", "isotonic", ""]


@dataclass(frozen=True)
class Step:
    """One sampler of a method: the class or function, its parameters as JSON values, the rows it gets."""

    target: str
    params: Mapping[str, Any] = field(default_factory=dict, hash=False)
    rows: RowOptions = field(default=RowOptions())


@dataclass(frozen=True)
class MethodSpec:
    """What is done about imbalance: samplers one after another, then class weights, then a tuned threshold.

    Parameters
    ----------
    name : str
        The name in tables and test ids.
    steps : tuple of Step
        Samplers, applied to training rows in this order.
    class_weight : {"balanced"} or None
        Weights for classifiers.
    tuned_threshold : bool
        Whether the decision threshold is chosen inside the training rows.
    threshold_metric : Metric
        What it is chosen by: a metric of labels.
    calibrated : {"sigmoid", "isotonic", ""}
        How probabilities are calibrated on real rows kept from samplers and fits; "" for not at all.
    prior_corrected : bool
        Whether probabilities are set back to the ratio of classes before samplers and weights.
    cost : str
        One of `smote_bench.cost_hints.COSTS`: a model that one call costs as much as; "" leaves it to what is
        known of the samplers. For the order of work alone, so no part of what the method is.
    """

    name: str
    steps: tuple[Step, ...] = ()
    class_weight: str | None = None
    tuned_threshold: bool = False
    threshold_metric: Metric = _DEFAULT_METRIC
    calibrated: Calibration = ""
    prior_corrected: bool = False
    cost: str = field(default="", compare=False)

    @property
    def arm(self) -> str:
        """Which of the trivial arms this is, whatever its name; "" for none."""
        weighted, tuned = self.class_weight is not None, self.tuned_threshold
        if self.calibrated or self.prior_corrected:
            return ""
        if self.steps:
            (step, *more) = self.steps
            is_copying = step.target == _RANDOM and not step.params.get("shrinkage")
            return "RandomOverSampler" if is_copying and not (more or weighted or tuned) else ""
        arms = {(False, False): "Original", (True, False): "class_weight", (False, True): "tuned_threshold"}
        return arms.get((weighted, tuned), "")

    @property
    def tuned_for(self) -> str:
        """The name of the metric that a threshold is tuned for; "" without one."""
        return self.threshold_metric.name if self.tuned_threshold else ""

    @property
    def is_original(self) -> bool:
        """Whether nothing is done about imbalance at all."""
        return self.arm == "Original"

    @property
    def has_inner_fits(self) -> bool:
        """Whether something is chosen on rows that are held out inside the training rows."""
        return self.tuned_threshold or bool(self.calibrated)

    def to_json(self) -> dict[str, Any]:
        """Return the spec as JSON values; what is newer is there where it is used, so that keys stay."""
        probabilities: dict[str, Any] = {}
        if self.calibrated:
            probabilities["calibrated"] = self.calibrated
        if self.prior_corrected:
            probabilities["prior_corrected"] = True
        return {
            "name": self.name,
            "steps": [
                {"target": step.target, "params": dict(step.params), **step.rows.to_json()}
                for step in self.steps
            ],
            "class_weight": self.class_weight,
            "tuned_threshold": self.tuned_threshold,
            "threshold_metric": self.tuned_for or None,
            **probabilities,
        }


def parse_method(
    name: str,
    definition: Any = None,
    *,
    known: Mapping[str, Any] | None = None,
    metric: Callable[[str], Metric] = parse_metric,
) -> MethodSpec:
    """Read a method from its name and its definition, both plain YAML data.

    Parameters
    ----------
    name : str
        The name in tables; looked up where there is no `definition`.
    definition : None, str, mapping or list
        See the module's docstring for the grammar.
    known : mapping of str to definition, optional
        Methods that hooks or the experiment registered; they go before the libraries' names.
    metric : callable
        Finds the metric that a threshold is tuned for by its name, and raises `ConfigError` for none.

    Raises
    ------
    ConfigError
        If a name is not known, or a definition breaks the grammar.

    Examples
    --------
    >>> (step,) = parse_method("SMOTE", {"k_neighbors": 3}).steps
    >>> step.target, step.params
    ('smote_impls:SMOTE', {'k_neighbors': 3})
    """
    if not isinstance(name, str) or not name.strip():
        raise ConfigError(
            f"expected a method's name as text, got {name!r} ({type(name).__name__}): quote it in YAML"
        )
    name = _bare(name)
    reader = _Reader(name, known or {}, metric)
    if definition is None:
        return replace(reader.lookup(name, frozenset()), name=name)
    # The experiment may be among the known itself: then its own name inside means the library's.
    itself = frozenset({name}) if (known or {}).get(name) == definition else frozenset()
    return replace(reader.read(name, definition, itself), name=name)


def _bare(name: str) -> str:
    """Drop blanks and the ``()`` that experiments of the original test bench write after a class."""
    return name.strip().removesuffix("()").strip()


class _Reader:
    """Reads the definition of one method; `name` is for messages."""

    def __init__(self, name: str, known: Mapping[str, Any], metric: Callable[[str], Metric]) -> None:
        self.name = name
        self.known = known
        self.metric = metric

    def error(self, message: str) -> ConfigError:
        return ConfigError(f"method {self.name!r}: {message}")

    def lookup(self, word: str, seen: frozenset[str]) -> MethodSpec:
        """Find a method by name: what is registered first, then trivial arms, then samplers."""
        word = _bare(word)
        if word in self.known and word not in seen:
            definition = self.known[word]
            # None says "the method of that name": read as its own name, it ends at a library.
            return self.read(word, word if definition is None else definition, seen | {word})
        if word == "Original":
            return MethodSpec(word)
        if word == "class_weight":
            return MethodSpec(word, class_weight="balanced")
        if word == "tuned_threshold":
            return MethodSpec(word, tuned_threshold=True)
        if word == "calibrated":
            return MethodSpec(word, calibrated="sigmoid")
        if word == "prior_corrected":
            return MethodSpec(word, prior_corrected=True)
        target = lookup_target(word)
        if target is None:
            raise self.error(self._unknown(word, seen))
        return MethodSpec(word, (Step(target),))

    def _unknown(self, word: str, seen: frozenset[str]) -> str:
        if word in seen and word in self.known:
            return f"expected a definition that ends at a sampler, but {word!r} is defined by itself"
        last = word.rpartition(".")[2].removesuffix(")")
        names = dict.fromkeys([*self.known, *TRIVIAL_ARMS, *OURS, *SMOTE_VARIANTS, *imblearn_names()])
        hint = _with_colon(word) or did_you_mean(last if "." in word else word, names)
        return (
            f"expected the name of a method, got {word!r}.{hint} `smote-bench methods list` has them all; "
            "a class of your own is 'package.module:Class'"
        )

    def read(self, name: str, definition: Any, seen: frozenset[str]) -> MethodSpec:
        """Read any form of definition; `name` is the method that bare parameters belong to."""
        match definition:
            case None:
                return self.lookup(name, seen)
            case str():
                return self.lookup(definition, seen)
            case list() | tuple():
                return self._chain(definition, seen)
            case Mapping() if any(key in _RESERVED for key in definition):
                return self._reserved(name, definition, seen)
            case Mapping():
                spec = self.lookup(name, seen)
                # The libraries' samplers have no such parameters; of one of the user's own they may be its.
                if any(key in ROW_KEYS for key in definition) and _is_of_library(spec):
                    return self._reserved(name, definition, seen)
                return self._with_params(spec, definition)
        raise self.error(
            "expected a method's name, parameters as a mapping, or a chain as a list, "
            f"got {definition!r} ({type(definition).__name__})"
        )

    def _reserved(self, name: str, definition: Mapping[Any, Any], seen: frozenset[str]) -> MethodSpec:
        for key in definition:
            if key not in _KEYS:
                raise self.error(
                    f"expected only the keys {', '.join(_KEYS)} beside each other, got {key!r}."
                    f"{did_you_mean(str(key), _KEYS)} Put a sampler's parameters under 'params'"
                )
        if "chain" in definition and ("method" in definition or "params" in definition):
            raise self.error(
                "expected 'chain' or else 'method' and 'params', got both: put params into the chain's items"
            )
        if "chain" in definition:
            spec = self._chain(definition["chain"], seen)
        else:
            spec = self._method(name, definition, seen)
        spec = self._rows(spec, definition)
        weight = definition.get("class_weight")
        if weight not in (None, "balanced"):
            raise self.error(f"expected class_weight: balanced, got {weight!r}")
        cost = parse_cost(definition.get("cost"), f"method {self.name!r}") or spec.cost
        spec = replace(spec, class_weight=weight or spec.class_weight, cost=cost)
        spec = self._probabilities(
            spec, definition.get("calibrated", False), definition.get("prior_corrected", False)
        )
        return self._tuned(spec, definition.get("tuned_threshold", False))

    def _rows(self, spec: MethodSpec, definition: Mapping[Any, Any]) -> MethodSpec:
        """Read which rows the samplers get, and what is done about rows between categories."""
        given = [key for key in ROW_KEYS if key in definition]
        if given and not spec.steps:
            raise self.error(
                f"expected a sampler beside {given[0]!r}, got none: remove it, or name a sampler"
            )
        try:
            steps = [replace(step, rows=parse_row_options(definition, step.rows)) for step in spec.steps]
        except ConfigError as error:
            raise self.error(str(error)) from error
        return replace(spec, steps=tuple(steps))

    def _probabilities(self, spec: MethodSpec, calibrated: Any, corrected: Any) -> MethodSpec:
        """Read what is done about probabilities."""
        if calibrated is True:
            calibrated = _CALIBRATIONS[0]
        if calibrated not in (False, *_CALIBRATIONS):
            raise self.error(f"expected calibrated: {' or '.join(_CALIBRATIONS)}, got {calibrated!r}")
        if not isinstance(corrected, bool):
            raise self.error(f"expected prior_corrected: true or false, got {corrected!r}")
        spec = replace(
            spec,
            calibrated=calibrated or spec.calibrated,
            prior_corrected=corrected or spec.prior_corrected,
        )
        return self._one_remedy(spec)

    def _one_remedy(self, spec: MethodSpec) -> MethodSpec:
        if spec.calibrated and spec.prior_corrected:
            raise self.error(
                "expected calibrated or prior_corrected, got both: each sets probabilities right by itself; "
                "keep one"
            )
        return spec

    def _tuned(self, spec: MethodSpec, tuned: Any) -> MethodSpec:
        """Read what stands under 'tuned_threshold': true, false, or the metric it is tuned for."""
        if isinstance(tuned, Mapping):
            return self._with_threshold(spec, tuned)
        if not isinstance(tuned, bool):
            raise self.error(
                f"expected tuned_threshold: true or false, or {{metric: f1}}, got {tuned!r} "
                f"({type(tuned).__name__})"
            )
        return replace(spec, tuned_threshold=tuned or spec.tuned_threshold)

    def _with_threshold(self, spec: MethodSpec, params: Mapping[Any, Any]) -> MethodSpec:
        """Tune the threshold as the parameters say, of which there is one."""
        for key in params:
            if key != "metric":
                raise self.error(
                    f"expected 'metric' as the only parameter of tuned_threshold, got {key!r}: remove it"
                )
        metric = self._threshold_metric(params["metric"]) if params else spec.threshold_metric
        return replace(spec, tuned_threshold=True, threshold_metric=metric)

    def _threshold_metric(self, word: Any) -> Metric:
        choices = [metric.name for metric in METRICS.values() if metric.needs == "labels"]
        listed = f"choose from {', '.join(choices)}, or a metric of your own that the experiment defines"
        try:
            found = self.metric(word)
        except (ConfigError, TypeError) as error:
            if word == EXPECTED_COST:
                raise self.error(str(error)) from error
            raise self.error(
                f"expected a threshold metric under 'metric', got {word!r}."
                f"{did_you_mean(str(word), choices)} C{listed[1:]}"
            ) from error
        if found.target is None and found.needs != "labels":
            raise self.error(
                f"expected a threshold metric under 'metric', one of labels, got {word!r}, which is computed "
                f"from scores and so the same for every threshold: {listed}"
            )
        return found

    def _method(self, name: str, definition: Mapping[Any, Any], seen: frozenset[str]) -> MethodSpec:
        method = definition.get("method", name)
        if not isinstance(method, str):
            raise self.error(f"expected a name under 'method', got {method!r} ({type(method).__name__})")
        try:
            spec = self.lookup(method, seen)
        except ConfigError as error:
            # SOI_CJ has a parameter called 'method'; `Weights: {class_weight: balanced}` names no method.
            hint = (
                f"; for a parameter called 'method': {{method: {name}, params: {{method: {method}}}}}"
                if "method" in definition
                else "; where no sampler is meant, write 'method: Original' beside the other keys"
            )
            raise ConfigError(f"{error}{hint}") from error
        params = definition.get("params")
        if params is not None and not isinstance(params, Mapping):
            raise self.error(f"expected a mapping under 'params', got {params!r} ({type(params).__name__})")
        return self._with_params(spec, params or {})

    def _with_params(self, spec: MethodSpec, params: Mapping[Any, Any]) -> MethodSpec:
        checked = {self._key(key): self._json(value, str(key)) for key, value in params.items()}
        if not checked:
            return spec
        if spec.tuned_threshold and not spec.steps:
            return self._with_threshold(spec, checked)
        if len(spec.steps) != 1:
            count = "no sampler" if not spec.steps else f"a chain of {len(spec.steps)} samplers"
            raise self.error(
                f"expected parameters for one sampler, but {spec.name!r} is {count}: "
                f"remove {', '.join(checked)}, or give them to the items of a 'chain'"
            )
        step = spec.steps[0]
        return replace(spec, steps=(replace(step, params={**step.params, **checked}),))

    def _key(self, key: Any) -> str:
        if not isinstance(key, str):
            raise self.error(f"expected parameters' names as text, got {key!r} ({type(key).__name__})")
        if key == "random_state":
            raise self.error(
                "expected no 'random_state' among the parameters: seeds come from the protocol (random_state "
                "of the experiment, repeat and fold), so that every method gets the same; remove it"
            )
        return key

    def _json(self, value: Any, path: str) -> Any:
        """Copy a parameter; refuse what JSON cannot hold (dates, sets, NaN), since keys are made of it."""
        match value:
            case None | bool() | int() | str():
                return value
            case float() if math.isfinite(value):
                return value
            case list() | tuple():
                return [self._json(item, f"{path}[{index}]") for index, item in enumerate(value)]
            case Mapping() if all(isinstance(key, str) for key in value):
                return {key: self._json(item, f"{path}.{key}") for key, item in value.items()}
        raise self.error(
            f"expected {path} to be text, a finite number, true, false, null, or a list or mapping of these, "
            f"got {value!r} ({type(value).__name__})"
        )

    def _chain(self, items: Any, seen: frozenset[str]) -> MethodSpec:
        if not isinstance(items, (list, tuple)) or not items:
            raise self.error(f"expected a chain as a list of at least one method, got {items!r}")
        specs = [self._item(item, seen) for item in items]
        metrics = {spec.tuned_for: spec.threshold_metric for spec in specs if spec.tuned_threshold}
        if len(metrics) > 1:
            raise self.error(
                f"expected one threshold in a chain, got some tuned for {' and for '.join(metrics)}: keep one"
            )
        found = MethodSpec(
            self.name,
            steps=tuple(step for spec in specs for step in spec.steps),
            class_weight=_first(spec.class_weight for spec in specs),
            tuned_threshold=bool(metrics),
            threshold_metric=next(iter(metrics.values()), _DEFAULT_METRIC),
            calibrated=next((spec.calibrated for spec in specs if spec.calibrated), ""),
            prior_corrected=any(spec.prior_corrected for spec in specs),
            cost=max((spec.cost for spec in specs if spec.cost), key=COSTS.index, default=""),
        )
        return self._one_remedy(found)

    def _item(self, item: Any, seen: frozenset[str]) -> MethodSpec:
        """Read one link of a chain: a name, a nested chain, {name: definition}, or reserved keys."""
        if isinstance(item, Mapping):
            if "method" in item or "chain" in item:
                return self._reserved(self.name, item, seen)
            if len(item) != 1:
                raise self.error(
                    f"expected one name with its parameters in each item of a chain, "
                    f"as in '- SMOTE: {{k_neighbors: 3}}', got {dict(item)!r} with {len(item)} keys"
                )
            ((name, definition),) = item.items()
            if name in _ARMS and definition is not None:
                return self._reserved(self.name, {"method": "Original", name: definition}, seen)
            if not isinstance(name, str):
                raise self.error(
                    f"expected a method's name in the chain, got {name!r} ({type(name).__name__})"
                )
            return self.read(_bare(name), definition, seen)
        if isinstance(item, (str, list, tuple)):
            return self.read(self.name, item, seen)
        raise self.error(
            f"expected a name or {{name: parameters}} in the chain, got {item!r} ({type(item).__name__})"
        )


def _is_of_library(spec: MethodSpec) -> bool:
    return all(
        top_package(step.target) in ("smote_impls", "smote_variants", "imblearn") for step in spec.steps
    )


def _with_colon(word: str) -> str:
    """Suggest the colon for ``package.module.Class``; a library's prefix with one name is no module."""
    module, _, name = word.rpartition(".")
    if not name.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
        return ""
    return "" if module in ("sv", "smote_variants", "imblearn") else f" Did you mean '{module}:{name}'?"


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value is not None), None)
