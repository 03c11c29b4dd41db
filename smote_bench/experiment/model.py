"""The experiment: methods, data sets, classifiers and their protocol; read from YAML, checked, narrowed.

Nothing here imports numpy or any sampler: an experiment is read at collection. Nothing from a file is
evaluated.
"""

from __future__ import annotations

import dataclasses
import functools
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from smote_bench.classifiers.registry import parse_classifier
from smote_bench.data.cards import catalogue_names
from smote_bench.data.sources import DatasetEntry, parse_source
from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell
from smote_bench.evaluation.protocol import Protocol
from smote_bench.experiment.engine_choice import EngineChoice
from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.experiment.tracking import TrackingSettings
from smote_bench.methods.names import ORIGINAL
from smote_bench.methods.spec import parse_method
from smote_bench.metrics import parse_metric

if TYPE_CHECKING:
    from smote_bench.classifiers.registry import ClassifierSpec
    from smote_bench.data.sources import UserFile
    from smote_bench.methods.spec import MethodSpec
    from smote_bench.metrics import Metric

__all__ = [
    "LONGEST_NAME",
    "MOST_CELLS",
    "Experiment",
    "Extensions",
]


LONGEST_NAME = 200
"""Characters of a name: three of them and a folder stay below what a path may have."""

MOST_CELLS = 1_000_000


class _Named(typing.Protocol):
    @property
    def name(self) -> str: ...


Spec = TypeVar("Spec", bound=_Named)


@dataclass(frozen=True)
class Extensions:
    """What hooks of other packages added: definitions by name, in the grammar of the YAML file."""

    methods: Mapping[str, Any] = field(default_factory=dict)
    classifiers: Mapping[str, Any] = field(default_factory=dict)
    datasets: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)

    def source(self, definition: Any, base: Path) -> str | UserFile:
        """Return the source of a data set by its name or definition; files are looked for below `base`."""
        if isinstance(definition, str) and definition in self.datasets:
            definition = {"name": definition, **self.datasets[definition]}
        elif isinstance(definition, Mapping) and definition.get("name") in self.datasets:
            definition = {**self.datasets[definition["name"]], **definition}
        return parse_source(definition, base)

    def is_known(self, name: str) -> bool:
        """Whether a data set is known by its name alone, and from no plugin, whose definition says more."""
        return (name in catalogue_names() or ":" in name) and name not in self.datasets

    def metric(self, name: str, definition: Any = None) -> Metric:
        """Return a metric by name, or by its definition."""
        return parse_metric(name, self.metrics.get(name) if definition is None else definition)

    def method(
        self,
        name: str,
        definition: Any = None,
        *,
        known: Mapping[str, Any] | None = None,
        metrics: Mapping[str, Metric] | None = None,
    ) -> MethodSpec:
        """Return a method by name, or by its definition; `known` and `metrics` are more it may refer to."""

        def metric(name: str) -> Metric:
            return (metrics or {}).get(name) or self.metric(name)

        return parse_method(name, definition, known={**self.methods, **(known or {})}, metric=metric)

    def classifier(self, name: str, definition: Any = None) -> ClassifierSpec:
        """Return a classifier by name, or by its definition."""
        known = {other: parse_classifier(other, what) for other, what in self.classifiers.items()}
        return parse_classifier(name, definition, known=known)


@dataclass(frozen=True)
class Experiment:
    """A grid of cells and the protocol they follow.

    Attributes
    ----------
    methods : dict of str to MethodSpec
        `Original` first, always.
    datasets, classifiers
        In the order of the file.
    metrics : dict of str to Metric
        Computed for every fit, the priority metrics first.
    priority_metrics : tuple of str
        Shown in summaries.
    gate : GateSettings
        How strictly runs are compared with a baseline; no score depends on it.
    trackers : tuple of str
        Where the run is sent when it is finished.
    tracking : TrackingSettings
        How it is shown there.
    remarks : tuple of str
        What of the file is read without effect, in words.
    engine : EngineChoice
        What computes the cells; no score depends on it.
    """

    name: str
    path: str
    methods: Mapping[str, MethodSpec]
    datasets: Mapping[str, DatasetEntry]
    classifiers: Mapping[str, ClassifierSpec]
    metrics: Mapping[str, Metric]
    priority_metrics: tuple[str, ...]
    protocol: Protocol
    gate: GateSettings = field(default_factory=GateSettings)
    trackers: tuple[str, ...] = ()
    tracking: TrackingSettings = field(default_factory=TrackingSettings)
    remarks: tuple[str, ...] = ()
    engine: EngineChoice = field(default_factory=EngineChoice)

    def __post_init__(self) -> None:
        for kind in ("methods", "datasets", "classifiers", "metrics"):
            for name in getattr(self, kind):
                if len(name) > LONGEST_NAME or not name.isprintable():
                    raise ConfigError(
                        f"expected names of {kind} of at most {LONGEST_NAME} characters that can be printed, "
                        f"got one of {len(name)}: {name[:40]!r}; rename it"
                    )
        n_cells = len(self.datasets) * len(self.methods) * len(self.classifiers)
        if n_cells > MOST_CELLS:
            raise ConfigError(
                f"expected at most {MOST_CELLS:,} cells, got {n_cells:,} ({len(self.datasets):,} data sets x "
                f"{len(self.methods):,} methods x {len(self.classifiers):,} classifiers): make several runs"
            )
        if len(self.cells) < n_cells:
            raise ConfigError(
                f"expected an id of its own for each of {n_cells} cells, got {len(self.cells)} different: "
                "two names joined by '-' read the same; rename a data set, method or classifier"
            )

    @functools.cached_property
    def cells(self) -> dict[str, Cell]:
        """All cells by test id, by data set, then method, so that neighbours share resampled rows."""
        cells = (Cell(d, m, c) for d in self.datasets for m in self.methods for c in self.classifiers)
        return {cell.id: cell for cell in cells}

    def narrow(
        self,
        *,
        methods: Sequence[str] | None = None,
        datasets: Sequence[str] | None = None,
        classifiers: Sequence[str] | None = None,
        metrics: Sequence[str] | None = None,
        extensions: Extensions | None = None,
    ) -> Experiment:
        """Return the experiment with only the named methods (and `Original`), data sets and so on.

        A name that the file does not have but the catalogue knows is taken from there.

        Raises
        ------
        ConfigError
            For unknown names.
        """
        more = extensions or Extensions()
        change: dict[str, Any] = {}
        if methods is not None:
            names = [ORIGINAL, *(name for name in methods if name != ORIGINAL)]
            change["methods"] = _pick(names, self.methods, more.method)
        if datasets is not None:
            like = next(iter(self.datasets.values()))
            version, preprocessing = like.version, like.preprocessing
            change["datasets"] = _pick(
                datasets,
                self.datasets,
                lambda name: DatasetEntry(more.source(name, Path()), version, preprocessing),
            )
        if classifiers is not None:
            change["classifiers"] = _pick(classifiers, self.classifiers, more.classifier)
        if metrics is not None:
            change["metrics"] = _pick(metrics, self.metrics, more.metric)
            change["priority_metrics"] = tuple(change["metrics"])
        return dataclasses.replace(self, **change)


def _pick(names: Iterable[str], have: Mapping[str, Spec], make: Callable[[str], Spec]) -> dict[str, Spec]:
    """Take each name from `have` (any case), or else make it."""
    folded = {name.casefold(): name for name in have}
    picked: dict[str, Spec] = {}
    for name in names:
        known = name if name in have else folded.get(name.casefold())
        if known is not None:
            picked[known] = have[known]
            continue
        try:
            made = make(name)
        except ConfigError as error:
            raise ConfigError(f"{error} This experiment has: {', '.join(have)}") from error
        picked[made.name] = made
    if not picked:
        raise ConfigError(f"expected at least one name, got none; this experiment has: {', '.join(have)}")
    return picked
