"""Reads an experiment's file: every key checked, every error with its line.

The file of the original test bench is read unchanged: lists or mappings, settings flat or in their blocks.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.classifiers.check import check_classifier
from smote_bench.classifiers.registry import DEFAULT_CLASSIFIERS
from smote_bench.data.preprocessing import Preprocessing
from smote_bench.data.sources import DatasetEntry, UserFile, positive_of
from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.evaluation.protocol import MOST_FOLDS, MOST_REPEATS, Protocol
from smote_bench.experiment.blocks import CONFIG_KEYS, PARAMS_KEYS, Blocks, with_effect
from smote_bench.experiment.category_check import check_categories
from smote_bench.experiment.engine_choice import EngineChoice, parse_engine
from smote_bench.experiment.model import LONGEST_NAME, Experiment, Extensions
from smote_bench.experiment.role_check import check_enough_rows, check_roles
from smote_bench.experiment.tracking import (
    TRACKING_KEYS,
    WITHOUT_EFFECT,
    TrackingSettings,
    parse_trackers,
    parse_tracking,
)
from smote_bench.experiment.yaml_source import Keys, YamlSource
from smote_bench.methods.names import ORIGINAL
from smote_bench.methods.parameters import check_parameters
from smote_bench.metrics import (
    DEFAULT_METRICS,
    DEFAULT_PRIORITY_METRICS,
    EXPECTED_COST,
    METRICS,
    cost_metric,
)

if TYPE_CHECKING:
    from smote_bench.classifiers.registry import ClassifierSpec
    from smote_bench.experiment.gate_settings import GateSettings
    from smote_bench.methods.spec import MethodSpec
    from smote_bench.metrics import Metric

__all__ = ["check_rows", "experiment_from_text", "read_experiment"]

_FIRST = {"methods": "SMOTE", "datasets": "Ecoli"}
_KNOWN_SET_KEYS = ("positive", *PARAMS_KEYS)
_TOP_KEYS = (
    "name",
    "description",
    "methods",
    "datasets",
    "datasets_params",
    "experiment_config",
    *CONFIG_KEYS,
    "cost",
    "gate",
    "trackers",
    "engine",
)


def read_experiment(path: Path, extensions: Extensions | None = None) -> Experiment:
    """Read and check an experiment file.

    Raises
    ------
    ConfigError
        With file, line, key, and a suggestion where one is close.
    """
    return _ExperimentFile(YamlSource.read(path), Path(path), extensions or Extensions()).experiment()


def experiment_from_text(text: str, path: str = "<text>", extensions: Extensions | None = None) -> Experiment:
    """Read an experiment from YAML text; relative files are looked for beside `path`."""
    return _ExperimentFile(YamlSource(text, path), Path(path), extensions or Extensions()).experiment()


def check_rows(experiment: Experiment) -> None:
    """Refuse what data sets lack, so far as that is known at once: rows of a class, and categories.

    Raises
    ------
    ConfigError
        With file and line.
    """
    for name, entry in experiment.datasets.items():
        try:
            check_enough_rows(entry, experiment.protocol)
        except ConfigError as error:
            source = YamlSource.read(Path(experiment.path))
            raise source.error(_place_of(name, source.data["datasets"]), str(error)) from error
    try:
        check_categories(experiment)
    except ConfigError as error:
        raise YamlSource.read(Path(experiment.path)).error(("methods",), str(error)) from error


def _place_of(name: str, datasets: Any) -> Keys:
    """Return the keys below which a data set stands in a file."""
    for n, item in enumerate(datasets if isinstance(datasets, list) else ()):
        if item == name or (isinstance(item, dict) and (item.get("name") == name or name in item)):
            return ("datasets", n)
    return ("datasets", name) if isinstance(datasets, dict) else ("datasets",)


class _ExperimentFile(Blocks):
    """Turns one file's data into an experiment; every error names its line.

    Parameters
    ----------
    source : YamlSource
    path : Path
        Files of data sets are looked for beside it.
    extensions : Extensions
        What hooks added.
    """

    def __init__(self, source: YamlSource, path: Path, extensions: Extensions) -> None:
        super().__init__(source)
        self.path = path
        self.more = extensions

    def experiment(self) -> Experiment:
        """Return the checked experiment.

        Raises
        ------
        ConfigError
        """
        self.source.check_keys(with_effect(self.data), _TOP_KEYS)
        for key in ("methods", "datasets"):
            if not self.data.get(key):
                raise self.source.error(
                    (key,),
                    f"expected at least one of the {key}, got {self.data.get(key)!r}: name some, as in "
                    f"{key}: [{_FIRST[key]}]",
                )
        cost = self.cost()
        priority = self.metrics("priority_metrics", cost)
        self.check_directions("priority_metrics", self.find("priority_metrics")[0], priority)
        priority = priority or {**cost, **{n: METRICS[n] for n in DEFAULT_PRIORITY_METRICS}}
        metrics = {**priority, **(self.metrics("metrics", cost) or DEFAULT_METRICS), **cost}
        experiment = Experiment(
            name=self.title(),
            path=str(self.path),
            methods=self.methods(metrics),
            datasets=self.datasets(),
            classifiers=self.classifiers(),
            metrics=metrics,
            priority_metrics=tuple(priority),
            protocol=self.protocol(),
            trackers=self.trackers(),
            tracking=self.tracking(),
            remarks=self.remarks(),
            engine=self.engine(),
        )
        self.check_protocol(experiment.protocol)
        remarks = experiment.remarks + self.role_remarks(experiment)
        return dataclasses.replace(experiment, gate=self.gate(experiment), remarks=remarks)

    def check_known_set(self, here: Keys, name: str, rest: Mapping[str, Any]) -> None:
        """Refuse what is said of a file beside a set's name that is known: it has its target and its file."""
        if not self.more.is_known(name) or "file" in rest:
            return
        for key in rest:
            if key not in _KNOWN_SET_KEYS:
                raise self.source.error(
                    (*here, key) if here[-1] == name else here,
                    f"expected one of {', '.join(_KNOWN_SET_KEYS)} of {name!r}, which is known by its name, "
                    f"got {key!r}.{did_you_mean(str(key), _KNOWN_SET_KEYS)} A file of your own has a name of "
                    "its own, and 'file', 'target' and 'minority'",
                )

    def check_protocol(self, protocol: Protocol) -> None:
        if not protocol.has_holdout and not protocol.cv_folds:
            keys, _ = self.find("test_size")
            raise self.source.error(
                keys, "expected a hold-out or folds, got 0 of both; set test_size or cv_folds"
            )

    def role_remarks(self, experiment: Experiment) -> tuple[str, ...]:
        """Split the tables whose rows have roles, so that what is wrong is said before the first cell."""
        found: list[str] = []
        for entry in experiment.datasets.values():
            try:
                found += check_roles(entry.source, experiment.protocol)
            except ConfigError as error:
                raise self.source.error(("datasets",), str(error)) from error
        return tuple(found)

    def gate(self, experiment: Experiment) -> GateSettings:
        """Read how strict a gate is; every name in it has to be one of the experiment's."""
        from smote_bench.experiment.gate_options import parse_gate_block

        try:
            settings = parse_gate_block(self.data.get("gate"))
        except ConfigError as error:
            raise self.source.error(("gate",), str(error)) from error
        known: dict[str, Collection[str]] = {
            "dataset": experiment.datasets,
            "method": experiment.methods,
            "classifier": experiment.classifiers,
            "metric": experiment.metrics,
        }
        named = [(kind, getattr(one, kind)) for one in settings.overrides for kind in known]
        named += [("metric", name) for name in (*settings.metrics, *settings.fixed)]
        for kind, name in named:
            if name and name not in known[kind] and not (kind == "metric" and _is_other_measure(name)):
                raise self.source.error(
                    ("gate",),
                    f"expected a {kind} of this experiment, got {name!r}."
                    f"{did_you_mean(name, known[kind])} It has: {', '.join(known[kind])}",
                )
        judged = {
            name: experiment.metrics[name]
            for kind, name in named
            if kind == "metric" and name in experiment.metrics
        }
        self.check_directions("gate", ("gate",), judged)
        return settings

    def trackers(self) -> tuple[str, ...]:
        try:
            return parse_trackers(self.data.get("trackers"))
        except ConfigError as error:
            raise self.source.error(("trackers",), str(error)) from error

    def engine(self) -> EngineChoice:
        try:
            return parse_engine(self.data.get("engine"))
        except ConfigError as error:
            raise self.source.error(("engine",), str(error)) from error

    def tracking(self) -> TrackingSettings:
        places = {key: self.find(key) for key in TRACKING_KEYS}
        for key, (keys, value) in places.items():
            try:
                parse_tracking({key: value})
            except ConfigError as error:
                raise self.source.error(keys, str(error).removeprefix(f"{key}: ")) from error
        return parse_tracking({key: value for key, (_, value) in places.items()})

    def remarks(self) -> tuple[str, ...]:
        """Say which keys of the original's files are read without effect, and what there is instead."""
        return tuple(
            f"{'.'.join(map(str, keys))} has no effect here: {instead}"
            for name, instead in WITHOUT_EFFECT.items()
            for keys, value in [self.find(name)]
            if value is not None
        )

    def title(self) -> str:
        name = self.data.get("name", self.path.stem)
        if isinstance(name, bool) or not isinstance(name, str | int | float) or name == "":
            raise self.source.error(
                ("name",), f"expected a name as text, got {name!r}; write one or remove the key"
            )
        text = str(name)
        if not text.isprintable() or len(text) > LONGEST_NAME:
            raise self.source.error(
                ("name",),
                f"expected a name of at most {LONGEST_NAME} characters that can be printed, got one of "
                f"{len(text)}: {text[:40]!r}; shorten or rename it",
            )
        return text

    def protocol(self) -> Protocol:
        default = Protocol()
        return Protocol(
            test_size=self.number(
                "test_size",
                default.test_size,
                float,
                lambda v: 0 <= v < 1,
                "between 0 and 1, or 0 for no hold-out",
            ),
            cv_folds=self.number(
                "cv_folds",
                default.cv_folds,
                int,
                lambda v: v == 0 or 2 <= v <= MOST_FOLDS,
                f"0, or 2 to {MOST_FOLDS:,}",
            ),
            random_state=self.number(
                "random_state", default.random_state, int, lambda v: 0 <= v < 2**31, "0 or more, below 2**31"
            ),
            random_runs=self.number(
                "random_runs",
                default.random_runs,
                int,
                lambda v: 1 <= v <= MOST_REPEATS,
                f"1 to {MOST_REPEATS:,}",
            ),
        )

    def methods(self, metrics: Mapping[str, Metric]) -> dict[str, MethodSpec]:
        own = {
            name: what
            for _, name, what in self.entries("methods", ("methods",), self.data["methods"])
            if what
        }
        read = functools.partial(self.more.method, known=own, metrics=metrics)

        def parse(name: str, definition: Any) -> MethodSpec:
            spec = read(name, definition)
            check_original(spec, definition)
            check_parameters(spec)
            return spec

        found = self.parsed("methods", ("methods",), self.data["methods"], parse)
        original = found.pop(ORIGINAL, None) or self.more.method(ORIGINAL)
        check_original(original)  # a hook may have it, too
        return {ORIGINAL: original, **found}

    def classifiers(self) -> dict[str, ClassifierSpec]:
        keys, value = self.find("selected_classifiers")
        chosen = list(DEFAULT_CLASSIFIERS) if value in (None, []) else value

        def parse(name: str, definition: Any) -> ClassifierSpec:
            spec = self.more.classifier(name, definition)
            if definition is not None or ":" in name:  # those of ours are as they are
                check_classifier(spec)
            return spec

        return self.parsed("classifiers", keys, chosen, parse)

    def cost(self) -> dict[str, Metric]:
        """Return the metric of what errors cost, by its name, where the experiment says that."""
        definition = self.data.get("cost")
        if definition is None:
            return {}
        try:
            return {EXPECTED_COST: cost_metric(definition)}
        except ConfigError as error:
            raise self.source.error(("cost",), str(error)) from error

    def check_directions(self, key: str, keys: Keys, metrics: Mapping[str, Metric]) -> None:
        """Refuse metrics without a better direction where runs are judged by them."""
        for name, metric in metrics.items():
            if metric.better is None:
                raise self.source.error(
                    keys,
                    f"expected metrics of which more or less is better under {key}, got {name!r}, whose best "
                    "value lies between: name it under metrics",
                )

    def metrics(self, key: str, cost: Mapping[str, Metric]) -> dict[str, Metric]:
        keys, value = self.find(key)
        if value in (None, []):
            return {}

        def parse(name: str, definition: Any) -> Metric:
            return cost[name] if name in cost and definition is None else self.more.metric(name, definition)

        return self.parsed("metrics", keys, value, parse)

    def datasets(self) -> dict[str, DatasetEntry]:
        places = ("experiment_config", "datasets_params")
        common: dict[str, Any] = {}
        for key in PARAMS_KEYS:
            keys, value = self.find(key, places)
            if value is not None:
                common[key] = (keys, value)
        found: dict[str, DatasetEntry] = {}
        for here, name, definition in self.entries("datasets", ("datasets",), self.data["datasets"]):
            entry = self.dataset(here, name, definition, common)
            if entry.name in found:
                raise self.source.error(here, f"{entry.name!r} is there twice; keep one")
            found[entry.name] = entry
        return found

    def dataset(self, here: Keys, name: str, definition: Any, common: Mapping[str, Any]) -> DatasetEntry:
        if definition is not None and not isinstance(definition, dict):
            raise self.source.error(here, f"expected settings such as preprocessed: true, got {definition!r}")
        rest = dict(definition or {})
        settings = dict(common)
        settings.update({key: ((*here, key), rest.pop(key)) for key in PARAMS_KEYS if key in rest})
        self.check_known_set(here, name, rest)
        # A set that is known by its name needs no more of its own than what is scored in it.
        positive = rest.pop("positive") if set(rest) == {"positive"} and self.more.is_known(name) else None
        try:
            source = self.more.source({"name": name, **rest} if rest else name, self.path.parent)
            named = (
                None if positive is None or isinstance(source, UserFile) else positive_of(source, positive)
            )
        except ConfigError as error:
            raise self.source.error(here, str(error)) from error
        where, value = settings.get("preprocessed", ((), False))
        preprocessed = self.flag(value, where)
        plain: dict[str, Any] = {
            key: settings[key][1] for key in ("scaling", "n_neighbors") if key in settings
        }
        try:
            preprocessing = Preprocessing.parse(plain)
        except ConfigError as error:
            where = settings[next(iter(plain))][0]
            raise self.source.error(where, str(error)) from error
        return DatasetEntry(source, "processed" if preprocessed else "raw", preprocessing, named)


def _is_other_measure(name: str) -> bool:
    """Return whether an override may name it beside metrics: a descriptor of samples, or seconds."""
    from smote_bench.evaluation.descriptors import (
        DESCRIPTORS,  # numpy comes with it, so only where no metric is meant
    )

    return name in DESCRIPTORS or name == "resample_seconds"


def check_original(spec: MethodSpec, definition: Any = None) -> None:
    """Refuse a method of the baseline's name that does something.

    Raises
    ------
    ConfigError
    """
    if spec.name == ORIGINAL and not spec.is_original:
        raise ConfigError(
            f"expected {ORIGINAL} without a sampler, weights or other options, as what every other method is "
            f"compared with, got {str(definition or spec.to_json())[:200]}: give this method another name"
        )
