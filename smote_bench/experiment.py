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

from smote_bench.catalogue import parse_source, source_name
from smote_bench.classifiers import parse_classifier
from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.methods.spec import parse_method
from smote_bench.metrics import DEFAULT_PRIORITY_METRICS, METRICS, parse_metric
from smote_bench.outcome import Task
from smote_bench.preprocessing import Preprocessing
from smote_bench.protocol import Protocol
from smote_bench.yaml_source import Keys, YamlSource

if TYPE_CHECKING:
    from smote_bench.catalogue import UserFile
    from smote_bench.classifiers import ClassifierSpec
    from smote_bench.methods.spec import MethodSpec
    from smote_bench.metrics import Metric

__all__ = [
    "DEFAULT_CLASSIFIERS",
    "TRIVIAL_ARMS",
    "DatasetEntry",
    "Experiment",
    "Extensions",
    "experiment_path",
]

ORIGINAL = "Original"
TRIVIAL_ARMS = (ORIGINAL, "RandomOverSampler", "class_weight", "tuned_threshold")
"""What any clever method has to beat."""

DEFAULT_CLASSIFIERS = ("RandomForest", "DecisionTree", "LogisticRegression", "kNN")

_CONFIG_KEYS = (
    *("cv_folds", "test_size", "random_state", "random_runs"),
    *("priority_metrics", "metrics", "selected_classifiers", "preprocessed", "scaling", "n_neighbors"),
)
_PARAMS_KEYS = ("preprocessed", "scaling", "n_neighbors")
_TOP_KEYS = (
    "name",
    "description",
    "methods",
    "datasets",
    "datasets_params",
    "experiment_config",
    *_CONFIG_KEYS,
)


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


@dataclass(frozen=True)
class DatasetEntry:
    """A data set and the version to take of it: ``raw`` (recipe inside every fold) or ``processed``."""

    source: str | UserFile
    version: str
    preprocessing: Preprocessing

    @property
    def name(self) -> str:
        """As in the test ids."""
        return source_name(self.source)


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
    """

    name: str
    path: str
    methods: Mapping[str, MethodSpec]
    datasets: Mapping[str, DatasetEntry]
    classifiers: Mapping[str, ClassifierSpec]
    metrics: Mapping[str, Metric]
    priority_metrics: tuple[str, ...]
    protocol: Protocol

    def __post_init__(self) -> None:
        n_cells = len(self.datasets) * len(self.methods) * len(self.classifiers)
        if len(self.tasks) < n_cells:
            raise ConfigError(
                f"expected an id of its own for each of {n_cells} cells, got {len(self.tasks)} different: "
                "two names joined by '-' read the same; rename a data set, method or classifier"
            )

    @classmethod
    def read(cls, path: Path, extensions: Extensions | None = None) -> Experiment:
        """Read and check an experiment file.

        Raises
        ------
        ConfigError
            With file, line, key, and a suggestion where one is close.
        """
        return _Reader(YamlSource.read(path), Path(path), extensions or Extensions()).experiment()

    @classmethod
    def from_text(cls, text: str, path: str = "<text>", extensions: Extensions | None = None) -> Experiment:
        """Read an experiment from YAML text; relative files are looked for beside `path`."""
        return _Reader(YamlSource(text, path), Path(path), extensions or Extensions()).experiment()

    @functools.cached_property
    def tasks(self) -> dict[str, Task]:
        """All cells by test id, by data set, then method, so that neighbours share resampled rows."""
        tasks = (Task(d, m, c) for d in self.datasets for m in self.methods for c in self.classifiers)
        return {task.id: task for task in tasks}

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
            parse = functools.partial(parse_method, known=more.methods)
            names = [ORIGINAL, *(name for name in methods if name != ORIGINAL)]
            change["methods"] = _pick(names, self.methods, parse)
        if datasets is not None:
            like = next(iter(self.datasets.values()))
            version, preprocessing = like.version, like.preprocessing
            change["datasets"] = _pick(
                datasets,
                self.datasets,
                lambda name: DatasetEntry(_source(name, Path(), more), version, preprocessing),
            )
        if classifiers is not None:
            parse_one = functools.partial(parse_classifier, known=_known_classifiers(more))
            change["classifiers"] = _pick(classifiers, self.classifiers, parse_one)
        if metrics is not None:
            change["metrics"] = _pick(metrics, self.metrics, functools.partial(_metric, extensions=more))
            change["priority_metrics"] = tuple(change["metrics"])
        return dataclasses.replace(self, **change)


def experiment_path(name: str) -> Path:
    """Return the file of an experiment given as a path, or by the bare name of one of smote-bench's own."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.exists():
        return path
    folder = experiments_folder()
    shipped = {found.stem: found for found in sorted(folder.glob("*.yaml"))}
    if name in shipped:
        return shipped[name]
    raise ConfigError(
        f"expected an experiment file, or one of {', '.join(shipped)}; got {name!r}."
        f"{did_you_mean(name, shipped)}"
    )


def experiments_folder() -> Path:
    """Return the folder of the experiments that come with smote-bench."""
    package = Path(__file__).resolve().parent
    installed = package / "_benchmarks" / "experiments"
    return installed if installed.is_dir() else package.parent / "benchmarks" / "experiments"


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


def _source(definition: Any, base: Path, extensions: Extensions) -> str | UserFile:
    if isinstance(definition, str) and definition in extensions.datasets:
        definition = {"name": definition, **extensions.datasets[definition]}
    return parse_source(definition, base)


def _metric(name: str, definition: Any = None, *, extensions: Extensions) -> Metric:
    return parse_metric(name, extensions.metrics.get(name) if definition is None else definition)


class _Reader:
    """Turns one file's data into an experiment; every error names its line."""

    def __init__(self, source: YamlSource, path: Path, extensions: Extensions) -> None:
        self.source = source
        self.path = path
        self.more = extensions
        if not isinstance(source.data, dict):
            raise source.error(
                (), f"expected a mapping with methods and datasets, got {type(source.data).__name__}"
            )
        self.data: dict[str, Any] = source.data

    def experiment(self) -> Experiment:
        self.source.check_keys(self.data, _TOP_KEYS)
        for key in ("methods", "datasets"):
            if not self.data.get(key):
                raise self.source.error(
                    (key,), f"expected at least one of the {key}, got {self.data.get(key)!r}"
                )
        priority = self.metrics("priority_metrics") or {n: METRICS[n] for n in DEFAULT_PRIORITY_METRICS}
        others = self.metrics("metrics") or METRICS
        return Experiment(
            name=self.title(),
            path=str(self.path),
            methods=self.methods(),
            datasets=self.datasets(),
            classifiers=self.classifiers(),
            metrics={**priority, **others},
            priority_metrics=tuple(priority),
            protocol=self.protocol(),
        )

    def title(self) -> str:
        name = self.data.get("name", self.path.stem)
        if isinstance(name, bool) or not isinstance(name, str | int | float) or name == "":
            raise self.source.error(
                ("name",), f"expected a name as text, got {name!r}; write one or remove the key"
            )
        return str(name)

    def find(self, key: str, places: tuple[str, ...] = ("experiment_config",)) -> tuple[Keys, Any]:
        """Find a setting at the top level or in one of the blocks it may stand in; twice is an error."""
        found: list[tuple[Keys, Any]] = [((key,), self.data[key])] if key in self.data else []
        for place in places:
            block = self.block(place)
            if key in block:
                found.append(((place, key), block[key]))
        if len(found) > 1:
            raise self.source.error(found[1][0], f"{key} is set in two places; keep one")
        return found[0] if found else ((key,), None)

    def block(self, name: str) -> dict[str, Any]:
        allowed = _CONFIG_KEYS if name == "experiment_config" else _PARAMS_KEYS
        block = self.data.get(name)
        if block is None:
            return {}
        if isinstance(block, list):
            block = self.merged(name, block)
        elif name == "datasets_params" and isinstance(block, str):
            block = {block: True}
        if not isinstance(block, dict):
            raise self.source.error(
                (name,), f"expected a mapping, got {block!r}; indent its settings below it"
            )
        self.source.check_keys(block, allowed, (name,))
        return block

    def merged(self, name: str, items: Sequence[Any]) -> dict[str, Any]:
        """Read a block written as a list: of mappings, or of words that switch a data setting on."""
        merged: dict[str, Any] = {}
        for n, item in enumerate(items):
            if isinstance(item, str) and name == "datasets_params":
                item = {item: True}
            if not isinstance(item, dict):
                raise self.source.error(
                    (name, n),
                    f"expected a mapping, got {item!r}; write its settings as 'key: value' below it",
                )
            for key in item:
                if key in merged:
                    raise self.source.error((name, n, key), "is there twice; keep one")
            merged.update(item)
        return merged

    def protocol(self) -> Protocol:
        default = Protocol()
        return Protocol(
            test_size=self.number(
                "test_size", default.test_size, float, lambda v: 0 < v < 1, "between 0 and 1"
            ),
            cv_folds=self.number(
                "cv_folds", default.cv_folds, int, lambda v: v == 0 or v >= 2, "0, or 2 or more"
            ),
            random_state=self.number(
                "random_state", default.random_state, int, lambda v: 0 <= v < 2**31, "0 or more, below 2**31"
            ),
            random_runs=self.number("random_runs", default.random_runs, int, lambda v: v >= 1, "1 or more"),
        )

    def number(self, key: str, default: Any, kind: type, fits: Callable[[Any], bool], words: str) -> Any:
        keys, value = self.find(key)
        if value is None:
            return default
        allowed: tuple[type, ...] = (int, float) if kind is float else (int,)
        if isinstance(value, bool) or not isinstance(value, allowed) or not fits(value):
            noun = "a number" if kind is float else "a whole number"
            raise self.source.error(
                keys, f"expected {noun}, {words}; got {value!r} (type={type(value).__name__})"
            )
        return kind(value)

    def flag(self, value: Any, keys: Keys) -> bool:
        if not isinstance(value, bool):
            raise self.source.error(keys, f"expected true or false, got {value!r}")
        return value

    def entries(self, key: str, keys: Keys, value: Any) -> list[tuple[Keys, str, Any]]:
        """Read a list of names, a list of one-key mappings, or a mapping: as (where, name, definition)."""
        if isinstance(value, str):
            value = [value]
        if isinstance(value, dict):
            return [((*keys, name), self.word((*keys, name), name), value[name]) for name in value]
        if not isinstance(value, list):
            raise self.source.error(keys, f"expected a list or a mapping of {key}, got {value!r}")
        found: list[tuple[Keys, str, Any]] = []
        for n, item in enumerate(value):
            here: Keys = (*keys, n)
            if isinstance(item, dict) and "name" in item:
                rest = {k: v for k, v in item.items() if k != "name"}
                found.append((here, self.word(here, item["name"]), rest or None))
            elif isinstance(item, dict) and len(item) == 1:
                ((name, definition),) = item.items()
                found.append(((*here, name), self.word(here, name), definition))
            else:
                found.append((here, self.word(here, item), None))
        return found

    def word(self, keys: Keys, value: Any) -> str:
        if not isinstance(value, str) or not value:
            raise self.source.error(keys, f"expected a name, got {value!r} (type={type(value).__name__})")
        # pytest writes ids in ASCII and in brackets; a name it would change could not be found again.
        if not (value.isascii() and value.isprintable()) or set(value) & set("[]\\"):
            raise self.source.error(
                keys, f"expected a name in ASCII without [, ] and \\, got {value!r}; rename it"
            )
        return value

    def parsed(self, key: str, keys: Keys, value: Any, parse: Callable[[str, Any], Spec]) -> dict[str, Spec]:
        specs: dict[str, Spec] = {}
        for here, written, definition in self.entries(key, keys, value):
            try:
                spec = parse(written, definition)
            except ConfigError as error:
                raise self.source.error(here, str(error)) from error
            # The name as parsed: the original's files write SMOTE() for SMOTE.
            if spec.name in specs:
                raise self.source.error(
                    here, f"{spec.name!r} is there twice; keep one, or give one another name"
                )
            specs[spec.name] = spec
        return specs

    def methods(self) -> dict[str, MethodSpec]:
        own = {
            name: what
            for _, name, what in self.entries("methods", ("methods",), self.data["methods"])
            if what
        }
        parse = functools.partial(_parse_known, parse_method, {**self.more.methods, **own})
        found = self.parsed("methods", ("methods",), self.data["methods"], parse)
        original = found.pop(ORIGINAL, None) or parse_method(ORIGINAL)
        return {ORIGINAL: original, **found}

    def classifiers(self) -> dict[str, ClassifierSpec]:
        keys, value = self.find("selected_classifiers")
        parse = functools.partial(_parse_known, parse_classifier, _known_classifiers(self.more))
        return self.parsed(
            "classifiers", keys, list(DEFAULT_CLASSIFIERS) if value in (None, []) else value, parse
        )

    def metrics(self, key: str) -> dict[str, Metric]:
        keys, value = self.find(key)
        if value in (None, []):
            return {}
        return self.parsed("metrics", keys, value, functools.partial(_metric, extensions=self.more))

    def datasets(self) -> dict[str, DatasetEntry]:
        places = ("experiment_config", "datasets_params")
        common: dict[str, Any] = {}
        for key in _PARAMS_KEYS:
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
        settings.update({key: ((*here, key), rest.pop(key)) for key in _PARAMS_KEYS if key in rest})
        try:
            source = _source({"name": name, **rest} if rest else name, self.path.parent, self.more)
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
        return DatasetEntry(source, "processed" if preprocessed else "raw", preprocessing)


def _known_classifiers(extensions: Extensions) -> dict[str, ClassifierSpec]:
    return {name: parse_classifier(name, definition) for name, definition in extensions.classifiers.items()}


def _parse_known(parse: Callable[..., Spec], known: Mapping[str, Any], name: str, definition: Any) -> Spec:
    return parse(name, definition, known=known)
