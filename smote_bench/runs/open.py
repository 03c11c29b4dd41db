"""A run as reports read it, from its folder alone."""

from __future__ import annotations

import contextlib
import functools
import math
import sqlite3
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from smote_bench.data.positive import CLASSES
from smote_bench.errors import ConfigError, SmoteBenchError
from smote_bench.evaluation.extras import CARD, POINTS
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.labels import labels_of
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.account import Account, cells_not_run
from smote_bench.runs.asked import finishing_command, read_asked
from smote_bench.runs.compared_cells import Grid
from smote_bench.runs.data_findings import findings_from_json
from smote_bench.runs.folder import followed
from smote_bench.runs.large import is_large
from smote_bench.runs.manifest_file import MANIFEST, read_json
from smote_bench.runs.manifest_of_store import STORE, check_manifest, manifest_of
from smote_bench.runs.run_store import RunStore, damage_of
from smote_bench.runs.store import SCHEMA, LockError, SchemaMismatch
from smote_bench.runs.tables import CELL_COLUMNS, SCORE_COLUMNS, cell_rows, score_rows
from smote_bench.runs.trivial_arms import trivial_methods

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.data.findings import Finding
    from smote_bench.evaluation.points import Points
    from smote_bench.evaluation.predictions import Predictions

__all__ = ["MetricCard", "Run", "finished_run", "lacking", "open_run"]


@dataclass(frozen=True)
class MetricCard:
    """What is known of a metric of a run.

    Parameters
    ----------
    name : str
    better : {"high", "low"} or None
        The direction of improvement; None where there is none.
    low, high : float
        The range of its values.
    title, formula : str
    costs : tuple of float, optional
        Of ``expected_cost``: what a false positive and a false negative cost.
    """

    name: str
    better: Literal["high", "low"] | None
    low: float
    high: float
    title: str
    formula: str
    costs: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Run:
    """A finished run.

    Parameters
    ----------
    folder : Path
    manifest : mapping
        As in ``manifest.json``.
    outcomes : tuple of Outcome
        All cells that have one, in the experiment's order.
    from_memo : frozenset of Cell
        The cells that were taken from the memo.
    metrics : dict of str to MetricCard
    priority_metrics : tuple of str
        The first one decides wins and losses.
    datasets, methods, classifiers : tuple of str
        Those that occur, in the experiment's order; `Original` is the first method.
    damage : str
        What of its store cannot be read, in words; empty where all can.
    """

    folder: Path
    manifest: Mapping[str, Any]
    outcomes: tuple[Outcome, ...]
    from_memo: frozenset[Cell]
    metrics: dict[str, MetricCard]
    priority_metrics: tuple[str, ...]
    datasets: tuple[str, ...]
    methods: tuple[str, ...]
    classifiers: tuple[str, ...]
    damage: str = field(default="", kw_only=True)

    @functools.cached_property
    def computed(self) -> dict[tuple[object, ...], Any]:
        """What was computed of this run, by what it is: tables that several parts of a report show."""
        return {}

    @functools.cached_property
    def by_cell(self) -> dict[Cell, Outcome]:
        """Every cell by its name, whatever its status."""
        return {outcome.cell: outcome for outcome in self.outcomes}

    @property
    def is_large(self) -> bool:
        """Whether there are too many pairs of data set and method for a file or a figure of each."""
        return is_large(len(self.datasets), len(self.methods))

    def of_dataset(self, dataset: str) -> Sequence[Outcome]:
        """Return the cells of a data set, in the experiment's order."""
        return self._by_dataset.get(dataset, ())

    @functools.cached_property
    def _by_dataset(self) -> dict[str, list[Outcome]]:
        found: dict[str, list[Outcome]] = {}
        for outcome in self.outcomes:
            found.setdefault(outcome.cell.dataset, []).append(outcome)
        return found

    @functools.cached_property
    def grid(self) -> Grid:
        """The cells by name, with which classifiers comparisons are over."""
        return Grid(self.outcomes)

    @functools.cached_property
    def trivial(self) -> dict[str, str]:
        """The methods that are trivial arms: which one each is, by its name in the run."""
        return trivial_methods(self.outcomes)

    @functools.cached_property
    def scores(self) -> pd.DataFrame:
        """The complete scores as in ``scores.csv``: `smote_bench.runs.tables.SCORE_COLUMNS`."""
        import pandas as pd

        return pd.DataFrame(score_rows(self.outcomes), columns=list(SCORE_COLUMNS))

    @functools.cached_property
    def cells(self) -> pd.DataFrame:
        """A row per cell as in ``cells.csv``: status, reason, seconds, rows before and after, warnings.

        Those that were not run have their reason and no numbers.
        """
        import pandas as pd

        rows = cell_rows(self.outcomes, set(self.from_memo), self.not_run)
        return pd.DataFrame(rows, columns=list(CELL_COLUMNS))

    @functools.cached_property
    def account(self) -> Account:
        """What came of the cells that the run was asked for, in numbers; whether it was cut."""
        return Account.from_manifest(self.manifest)

    @functools.cached_property
    def not_run(self) -> dict[Cell, str]:
        """The cells that the run was asked for and that have no outcome, each with the reason."""
        try:
            asked = read_asked(self.folder / "cells.sqlite")
        except sqlite3.DatabaseError:
            asked = None  # it is damaged, which `damage` says
        return cells_not_run(asked, self.by_cell.keys(), self.account.cut)

    @functools.cached_property
    def labels(self) -> dict[str, str]:
        """What methods are called where people read: with the library that they are of."""
        return labels_of(self.manifest["experiment"].get("methods", {}))

    def label_of(self, name: str) -> str:
        """Return what a method is called where people read; other names as they are."""
        return self.labels.get(name, name)

    @property
    def test_size(self) -> float:
        """The hold-out's share of the rows."""
        return float(self.manifest["experiment"]["protocol"]["test_size"])

    def predictions(self, cell: Cell) -> Predictions | None:
        """Return what a cell predicted on its test rows; None where nothing was recorded."""
        from smote_bench.evaluation.predictions import Predictions

        with self._readable():
            data = self._store.predictions_of(cell)
            return Predictions.loads(data) if data is not None else None
        return None

    def points(self, dataset: str, method: str) -> Points | None:
        """Return what a method did to the rows of a data set; None where nothing was recorded.

        Methods that do not resample have no points of their own.
        """
        from smote_bench.evaluation.points import Points

        with self._readable():
            data = self._store.extra_of(POINTS, dataset, method)
            return Points.loads(data) if data is not None else None
        return None

    def card(self, dataset: str) -> dict[str, Any] | None:
        """Return a data set's card with its ``version``, ``digest`` and ``rows_split``, or None."""
        with self._readable():
            data = self._store.extra_of(CARD, dataset)
            card = read_json(data) if data is not None else None
            if card is not None and not isinstance(card, dict):
                raise ValueError(f"expected the card of {dataset}, got a value of type {type(card).__name__}")
            return card
        return None

    @functools.cached_property
    def findings(self) -> dict[str, tuple[Finding, ...]]:
        """What was found in each data set's table before the first cell; none in runs of earlier releases."""
        known = self.manifest["experiment"].get("datasets", {})
        return {name: findings_from_json(known.get(name, {}).get("findings", ())) for name in self.datasets}

    def positive(self, dataset: str) -> str:
        """Return the class that metrics of a data set count as positive, ``minority`` or ``majority``."""
        return str(self._positive(dataset).get("class", CLASSES[1]))

    def class_names(self, dataset: str) -> tuple[str, str]:
        """Return the classes in the order of the codes in predictions: the negative one, the positive one."""
        return CLASSES if self.positive(dataset) == CLASSES[1] else (CLASSES[1], CLASSES[0])

    def positive_note(self, dataset: str) -> str:
        """Return which class is positive, for titles, as in ``; positive: majority (g)``; else empty."""
        found = self._positive(dataset)
        if not found:
            return ""
        labels = [label for label in found["labels"] if label not in CLASSES]
        return f"; positive: {found['class']}" + (f" ({', '.join(labels)})" if labels else "")

    def _positive(self, dataset: str) -> Mapping[str, Any]:
        known = self.manifest["experiment"].get("datasets", {}).get(dataset, {})
        found: Mapping[str, Any] = known.get("positive") or {}
        return found

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        """Take what is damaged as not recorded, and say so: a figure is lost, not the report."""
        try:
            yield
        except (sqlite3.DatabaseError, SmoteBenchError, ValueError) as error:
            warnings.warn(f"{self.folder}: {error}", stacklevel=4)

    @functools.cached_property
    def _store(self) -> RunStore:
        return RunStore(self.folder / "cells.sqlite", read_only=True)


def open_run(folder: Path) -> Run:
    """Read a run's folder.

    Parameters
    ----------
    folder : Path
        Of a run, or ``latest``.

    Raises
    ------
    ConfigError
        If it is no folder of a run, or neither manifest nor store say what the run was.
    """
    folder = finished_run(folder)
    manifest = manifest_of(folder)
    store = _readable_store(folder, manifest)
    experiment = manifest["experiment"]
    try:
        order = {
            part: {name: n for n, name in enumerate(experiment[part])}
            for part in ("datasets", "methods", "classifiers")
        }
        cards, priority_metrics = _metric_cards(experiment), tuple(experiment["priority_metrics"])
        _check_parts(experiment)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        store.close()
        raise ConfigError(
            f"expected a manifest of {str(folder)!r} as a run writes it, got one in which a part is missing "
            f"or of another kind ({type(error).__name__}: {error}): `smote-bench list` says what is left"
        ) from error
    readable, damage = store.readable_outcomes()
    outcomes = sorted(
        readable,
        key=lambda outcome: tuple(
            known.get(name, len(known))
            for known, name in zip(order.values(), vars(outcome.cell).values(), strict=True)
        ),
    )
    from_memo: frozenset[Cell] = frozenset()
    try:
        from_memo = frozenset(store.from_memo())
    except sqlite3.DatabaseError as error:
        damage = damage or damage_of(store.path, error)
    store.close()
    damage = damage or lacking(folder, manifest, len(outcomes))
    if damage:
        n_asked = manifest.get("cells", {}).get("total", "all")
        damage += f": {len(outcomes)} of {n_asked} cells could be read; run again for the rest"
    return Run(
        folder,
        manifest,
        tuple(outcomes),
        from_memo,
        cards,
        priority_metrics,
        _occurring(order["datasets"], (outcome.cell.dataset for outcome in outcomes)),
        _original_first(_occurring(order["methods"], (outcome.cell.method for outcome in outcomes))),
        _occurring(order["classifiers"], (outcome.cell.classifier for outcome in outcomes)),
        damage=damage,
    )


def _readable_store(folder: Path, manifest: Mapping[str, Any]) -> RunStore:
    """Open a run's store; of one of which nothing can be read, say what else there is of the run."""
    try:
        return RunStore(folder / "cells.sqlite", read_only=True)
    except (SchemaMismatch, LockError):
        raise
    except SmoteBenchError as error:
        there = [name for name in ("scores.csv", "cells.csv", "tables") if (folder / name).exists()]
        whole = f"; {', '.join(there)} beside it are as they were written" if there else ""
        command = finishing_command([str(word) for word in manifest.get("command", ())[1:]])
        why = error.__cause__ or error
        raise SmoteBenchError(
            f"{damage_of(folder / 'cells.sqlite', why)}: not a cell of it can be read, so neither report nor "
            f"comparison can be made{whole}. A new run takes the cells from the memo: {command}"
        ) from None


def finished_run(folder: Path) -> Path:
    """Return a run's folder, where ``latest`` was followed.

    Raises
    ------
    ConfigError
        If it is no folder of a run, or neither manifest nor store say what the run was.
    """
    folder = followed(Path(folder))
    check_manifest(folder)
    if not (folder / STORE).is_file():
        raise ConfigError(
            f"expected the folder of a finished run, got {str(folder)!r} without {STORE}: "
            "name a folder such as reports/latest"
        )
    return folder


def lacking(folder: Path, manifest: Mapping[str, Any], n_outcomes: int) -> str:
    """Return in words that a store has fewer cells than the run's manifest counts; empty where it has all.

    Runs of earlier releases may count a cell twice, whose worker died; one that names no schema may be such.
    """
    if manifest.get("schema") != SCHEMA:
        return ""
    try:
        n_asked = Account.from_manifest(manifest).done
    except (LookupError, TypeError, ValueError, AttributeError):
        return damage_of(folder / MANIFEST, ValueError("it does not say how many cells there were"))
    return damage_of(folder / STORE, ValueError("cells are missing")) if n_outcomes < n_asked else ""


def _check_parts(experiment: Mapping[str, Any]) -> None:
    """Look for what all who read a run take for granted; raise a LookupError for what is not there."""
    wanted = {"protocol": ("test_size", "cv_folds", "random_state"), "metric_cards": experiment["metrics"]}
    for part, names in wanted.items():
        if missing := [name for name in names if name not in experiment[part]]:
            raise LookupError(f"{part} without {', '.join(map(str, missing))}")


def _metric_cards(experiment: Mapping[str, Any]) -> dict[str, MetricCard]:
    return {
        name: MetricCard(
            name,
            card["better"],
            -math.inf if card["low"] is None else card["low"],
            math.inf if card["high"] is None else card["high"],
            card["title"],
            card["formula"],
            (float(costs[0]), float(costs[1])) if (costs := card.get("costs")) else None,
        )
        for name, card in experiment["metric_cards"].items()
    }


def _occurring(order: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that occur, in the given order, unknown ones last."""
    occurring = dict.fromkeys(names)
    return (*(name for name in order if name in occurring), *(n for n in occurring if n not in set(order)))


def _original_first(methods: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(methods, key=lambda name: name != ORIGINAL))
