"""Times an experiment's samplers and classifiers on this machine, on a few small tables, before a run.

Each gets tables from small to large until the next would take longer than its limit; what larger ones take
follows from how its seconds grew. Code that is not ours runs in processes of its own.
"""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from smote_bench.engines.child import can_fork
from smote_bench.engines.costs import classifier_cost
from smote_bench.engines.planning.growth import Growth, Point, Shape
from smote_bench.engines.planning.stopwatch import Job, Mark, cpu_seconds, measured, points
from smote_bench.engines.planning.tables import Table, to_measure_with
from smote_bench.environment.optional_packages import is_installed
from smote_bench.environment.threads import pin_environment, pin_loaded_libraries

if TYPE_CHECKING:
    from smote_bench.classifiers.registry import ClassifierSpec
    from smote_bench.experiment.model import Experiment
    from smote_bench.methods.spec import MethodSpec
    from smote_bench.metrics import Metric

__all__ = ["FIRST_SECONDS", "Calibration", "Measured", "calibrate", "start_seconds"]

FIRST_SECONDS = 10.0
"""What a call on the smallest table may take: what is dear there is dear everywhere."""
_TOGETHER, _MOST_SECONDS, _FEWEST_SECONDS = 30.0, 1.0, 0.1
_IMPORT_SECONDS = 60.0
_REPEATED = 0.3
"""A first call that is shorter is made twice: the first one imports."""
_SHAPES = {
    "linear": Shape(1.1, 1.0, 0.9, 1.4),
    "neighbors": Shape(2.0, 0.7, 1.7, 2.1),
    "trees": Shape(1.1, 0.5, 1.0, 1.4),
    "boosting": Shape(0.9, 0.8, 0.6, 1.2),
    "kernel": Shape(2.0, 0.6, 1.6, 2.4),
    "network": Shape(1.0, 0.3, 0.8, 1.2),
}
_SAMPLER = Shape(1.4, 0.3, 1.0, 2.3)
_DESCRIBED = Shape(1.1, 0.7, 0.9, 1.3)
"""Distances are measured on a sample of the rows: describing them takes about proportional time."""
_PACKAGES = ("sklearn", "imblearn", "smote_impls", "smote_variants")


@dataclass(frozen=True)
class Measured:
    """What was measured of a sampler, a classifier, or of what is done beside them.

    Parameters
    ----------
    seconds : Growth or None
        CPU seconds of one fold; None where every call failed.
    more : Growth or None
        Of a classifier, seconds of labelling the training rows of a hold-out.
    peak : Growth or None
        Bytes that it needed beside what was there.
    grown : float
        Of a sampler: rows that it added, in majority less minority rows.
    failures : tuple of str
        What calls raised.
    """

    seconds: Growth | None = None
    more: Growth | None = None
    peak: Growth | None = None
    grown: float = 1.0
    failures: tuple[str, ...] = ()

    @property
    def is_bound(self) -> bool:
        """Whether it was stopped on its smallest table: nothing is known but that it takes longer."""
        return self.seconds is not None and len(self.seconds.points) == 1 and self.seconds.points[0].is_least


@dataclass(frozen=True)
class Calibration:
    """Measurements by name.

    Parameters
    ----------
    methods, classifiers : mapping of str to Measured
    beside : mapping of str to Growth
        ``score``: scoring the tested rows of a fold; ``describe`` and ``points``: what is kept of a method.
    seconds : float
        What measuring took, by the clock.
    """

    methods: Mapping[str, Measured] = field(default_factory=dict)
    classifiers: Mapping[str, Measured] = field(default_factory=dict)
    beside: Mapping[str, Growth] = field(default_factory=dict)
    seconds: float = 0.0

    def errors(self) -> list[float]:
        """Return each class's seconds on its largest table: foretold by the smaller ones, by measured."""
        found = []
        for one in (*self.methods.values(), *self.classifiers.values()):
            before = one.seconds.without_last() if one.seconds is not None else None
            if one.seconds is None or before is None or one.seconds.points[-1].is_least:
                continue
            last = one.seconds.points[-1]
            found.append(before.at(last.rows, last.columns, last.table) / max(last.value, 1e-5))
        return found


def calibrate(
    experiment: Experiment,
    tables: Sequence[Table],
    *,
    methods: Sequence[str],
    classifiers: Sequence[str],
    limit: float | None = None,
    say: Callable[[str], None] = lambda _text: None,
) -> Calibration:
    """Time methods and classifiers of an experiment.

    Parameters
    ----------
    experiment : Experiment
    tables : sequence of Table
        Of the experiment.
    methods, classifiers : sequence of str
        Which of them.
    limit : float, optional
        CPU seconds that a call may take, by what the calls before it let expect; default 1, and less where
        there are more than thirty methods and classifiers. The first, on the smallest table, may take ten.
    say : callable
        Gets what is being timed.

    Returns
    -------
    Calibration
        Empty where processes cannot be forked.
    """
    begun = time.perf_counter()
    if not can_fork() or not tables:
        return Calibration()
    pin_environment()
    _import_libraries(experiment)
    pin_loaded_libraries()
    sampled = [name for name in methods if experiment.methods[name].steps]
    if limit is None:
        limit = min(_MOST_SECONDS, max(_TOGETHER / (len(sampled) + len(classifiers) or 1), _FEWEST_SECONDS))
    few, all_of = to_measure_with(tables), to_measure_with(tables, each=True)
    jobs: list[Job] = [_BesideJob(tuple(experiment.metrics.values()), few)]
    jobs += [_ClassifierJob(experiment.classifiers[name], all_of, limit) for name in classifiers]
    jobs += [_MethodJob(experiment.methods[name], few, limit) for name in sampled]
    names = ["scoring", *classifiers, *sampled]
    marks = measured(
        jobs,
        at_once=max(1, min(4, os.cpu_count() or 1)),
        say=lambda number: say(f"timing {names[number]} ({number + 1}/{len(jobs)})"),
    )
    first = marks[1 : 1 + len(classifiers)]
    rest = marks[1 + len(classifiers) :]
    return Calibration(
        {n: _of(m, few, _SAMPLER) for n, m in zip(sampled, rest, strict=True)},
        {
            n: _of(m, all_of, _SHAPES[classifier_cost(experiment.classifiers[n])])
            for n, m in zip(classifiers, first, strict=True)
        },
        _beside(marks[0], few),
        time.perf_counter() - begun,
    )


def start_seconds(experiment: Experiment) -> float:
    """Return the CPU seconds of a process that imports what every worker does."""
    modules = ["pytest", "smote_bench.evaluation.folds", "smote_bench.evaluation.evaluate"]
    modules += [
        "smote_bench.evaluation.points",
        "smote_bench.evaluation.samples",
        "smote_bench.runs.recorder",
    ]
    modules += [name for name in _PACKAGES if _is_used(name, experiment)]
    code = "import sys\nfor name in sys.argv[1:]: __import__(name)"
    before = os.times()
    subprocess.run([sys.executable, "-c", code, *modules], check=False, capture_output=True)
    after = os.times()
    return max(
        after.children_user + after.children_system - before.children_user - before.children_system, 0.1
    )


def _is_used(package: str, experiment: Experiment) -> bool:
    targets = [step.target for method in experiment.methods.values() for step in method.steps]
    return any(target.partition(".")[0].partition(":")[0] == package for target in targets) and is_installed(
        package
    )


def _import_libraries(experiment: Experiment) -> None:
    """Import here what every child would."""
    for name in ("evaluate", "points", "samples", "descriptors"):
        importlib.import_module(f"smote_bench.evaluation.{name}")
    for name in _PACKAGES:
        if _is_used(name, experiment):
            importlib.import_module(name)


def _failure(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _peak_bytes() -> float:
    import resource  # where there is a fork, there is this

    return 1024.0 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


class _OverTables:
    """A job that makes a call on one table after the other, as long as the next is expected to be short."""

    shape = _SAMPLER

    def __init__(self, tables: Sequence[Table], limit: float) -> None:
        self.tables = tables
        self.limit = limit

    def prepare(self) -> None:
        """Import what the calls need."""

    def call(self, table: Table) -> tuple[float, ...]:
        """Return what was measured, CPU seconds first."""
        raise NotImplementedError

    def __call__(self) -> Iterator[Mark]:
        yield Mark(0, _IMPORT_SECONDS)
        try:
            self.prepare()
        except Exception as error:
            yield Mark(0, failure=_failure(error))
            return
        before = _peak_bytes()
        known: list[Point] = []
        for place, table in enumerate(self.tables):
            rows, columns = table.X.shape
            expected = Growth.of(known, self.shape).at(rows, columns, table.name) if known else 0.0
            if expected > self.limit:
                continue
            yield Mark(place, max(4 * self.limit, 3 * expected) if known else FIRST_SECONDS)
            try:
                values = self.call(table)
                if not known and values[0] < _REPEATED:
                    values = self.call(table)
            except Exception as error:
                yield Mark(place, failure=_failure(error))
                continue
            yield Mark(place, values=(*values, max(_peak_bytes() - before, 0.0)))
            known.append(Point(rows, columns, values[0], table=table.name))


class _MethodJob(_OverTables):
    """Times a method's samplers; tells how many rows they added, too."""

    def __init__(self, spec: MethodSpec, tables: Sequence[Table], limit: float) -> None:
        super().__init__(tables, limit)
        self.spec = spec

    def prepare(self) -> None:
        from smote_bench.methods.resampling import load_sampler

        for step in self.spec.steps:
            load_sampler(step.target)

    def call(self, table: Table) -> tuple[float, ...]:
        from smote_bench.methods.resampling import resample

        seconds, made = cpu_seconds(lambda: resample(self.spec, table.X, table.y, seed=42, typed=table.typed))
        minority = int(table.y.sum())
        gap = max(abs(len(table.y) - 2 * minority), 1)
        return seconds, 0.0, (len(made.y) - len(table.y)) / gap


class _ClassifierJob(_OverTables):
    """Times a fit with the prediction of the tested rows, and that of the training rows."""

    def __init__(self, spec: ClassifierSpec, tables: Sequence[Table], limit: float) -> None:
        super().__init__(tables, limit)
        self.spec = spec
        self.shape = _SHAPES[classifier_cost(spec)]

    def call(self, table: Table) -> tuple[float, ...]:
        from smote_bench.classifiers.fitting import fit_predict

        begun = time.perf_counter()
        seconds, made = cpu_seconds(
            lambda: fit_predict(self.spec, table.X, table.y, table.X_test, seed=42, X_train=table.X)
        )
        share = min(1.0, (made.fit_seconds + made.predict_seconds) / max(time.perf_counter() - begun, 1e-9))
        return seconds * share, seconds * (1 - share), 0.0


class _BesideJob(_OverTables):
    """Times scoring, and the description of resampled rows, which stand for themselves."""

    shape = _DESCRIBED

    def __init__(self, metrics: Sequence[Metric], tables: Sequence[Table]) -> None:
        super().__init__(tables, 1.0)
        self.metrics = metrics

    def call(self, table: Table) -> tuple[float, ...]:
        from smote_bench.evaluation.descriptors import describe
        from smote_bench.evaluation.points import take_points
        from smote_bench.scoring import score_fold

        draw = np.random.RandomState(0)
        score = draw.uniform(size=len(table.y_test)) * 0.7 + 0.3 * table.y_test
        label = (score > 0.5).astype(np.int64)
        own = [metric for metric in self.metrics if metric.target is None]
        scoring, _ = cpu_seconds(lambda: score_fold(table.y_test, label, score, own))
        added = draw.choice(np.flatnonzero(table.y), max(1, len(table.y) - 2 * int(table.y.sum())))
        X = np.vstack([table.X, table.X[added] + draw.normal(scale=1e-3, size=table.X[added].shape)])
        y = np.concatenate([table.y, np.ones(len(added), dtype=table.y.dtype)])
        describing, _ = cpu_seconds(lambda: describe((table.X, table.y), (X, y)))
        drawing, _ = cpu_seconds(lambda: take_points((table.X, table.y), (X, y), None).dumps())
        return scoring + describing + drawing, scoring, describing, drawing


def _of(marks: Sequence[Mark], tables: Sequence[Table], shape: Shape) -> Measured:
    ended, stopped, failed = points(marks)

    def growth(place: int, *, with_stopped: bool = False) -> Growth | None:
        found = [_point(tables[mark.table], mark.values[place]) for mark in ended]
        if with_stopped and stopped is not None:
            rows, columns = tables[stopped.table].X.shape
            name = tables[stopped.table].name
            found.append(Point(rows, columns, stopped.allowed, is_least=True, table=name))
        return Growth.of(found, shape) if found else None

    return Measured(
        growth(0, with_stopped=True),
        growth(1),
        growth(3),
        ended[-1].values[2] if ended else 1.0,
        tuple(mark.failure for mark in failed),
    )


def _beside(marks: Sequence[Mark], tables: Sequence[Table]) -> dict[str, Growth]:
    ended, _, _ = points(marks)
    found: dict[str, Any] = {}
    for place, name in ((1, "score"), (2, "describe"), (3, "points")):
        known = [_point(tables[mark.table], mark.values[place]) for mark in ended]
        if name == "score":
            known = [Point(len(tables[mark.table].y_test), 1, mark.values[place]) for mark in ended]
        if known:
            found[name] = Growth(known) if name == "score" else Growth.of(known, _DESCRIBED)
    return found


def _point(table: Table, value: float) -> Point:
    return Point(len(table.X), table.X.shape[1], value, table=table.name)
