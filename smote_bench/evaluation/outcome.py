"""What one cell gave: status, scores, seconds, row counts, warnings; and its JSON form."""

from __future__ import annotations

import functools
import json
import math
import re
import sys
import zlib
from array import array
from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from smote_bench.errors import SmoteBenchError
from smote_bench.plain_text import visible

if TYPE_CHECKING:
    from smote_bench.evaluation.predictions import Predictions

__all__ = [
    "LONGEST_WARNING",
    "MOST_WARNINGS",
    "PARTS",
    "STATUSES",
    "Cell",
    "DamagedOutcome",
    "Fit",
    "Outcome",
    "kept_warnings",
    "mean_of",
]

PARTS = ("resample", "fit", "predict", "other")
"""What a cell's seconds go to."""

STATUSES = ("ok", "noop", "error", "timeout", "unavailable")

MOST_WARNINGS, LONGEST_WARNING = 20, 300
"""Kinds of warnings that are kept of a cell, and characters of each."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def kept_warnings(n_fits: Mapping[str, int]) -> list[str]:
    """Return warnings as they are kept with a cell: bounded in number and length, and counted beyond.

    Where there are more than `MOST_WARNINGS`, those that differ in numbers only are one kind.

    Parameters
    ----------
    n_fits : mapping of str to int
        In how many fits each warning came.

    Examples
    --------
    >>> kept_warnings({"did not converge": 3, "few rows": 1})
    ['did not converge (in 3 fits)', 'few rows']
    >>> kept_warnings({f"row {n}: no neighbour": 1 for n in range(1400)})
    ['row 0: no neighbour (and 1,399 more that differ in numbers)']
    """
    alike: dict[str, list[str]] = {}
    for text in n_fits:
        kind = _NUMBER.sub("#", text) if len(n_fits) > MOST_WARNINGS else text
        alike.setdefault(kind, []).append(text)
    kept = []
    for first, *others in list(alike.values())[:MOST_WARNINGS]:
        shown = first if len(first) <= LONGEST_WARNING else first[: LONGEST_WARNING - 3] + "..."
        shown += f" (in {n_fits[first]} fits)" if n_fits[first] > 1 else ""
        kept.append(f"{shown} (and {len(others):,} more that differ in numbers)" if others else shown)
    n_more = len(alike) - len(kept)
    return [*kept, f"and {n_more:,} more kinds of warnings"] if n_more else kept


_APART = ("predictions", "cell")
_CHECKSUM = re.compile(r',"crc32":(\d+)}$')


class DamagedOutcome(SmoteBenchError):
    """What is stored of a cell is not what was written."""


@dataclass(frozen=True)
class Cell:
    """The name of a cell: data set, method, classifier."""

    dataset: str
    method: str
    classifier: str

    @property
    def id(self) -> str:
        """The test id, as in ``Satimage-SMOTE-RandomForest``."""
        return f"{self.dataset}-{self.method}-{self.classifier}"

    @property
    def group(self) -> tuple[str, str]:
        """The unit of scheduling: cells with the same resampled rows."""
        return self.dataset, self.method


_PLACES: dict[tuple[str, ...], dict[str, int]] = {}


class _Scores(Mapping[str, float]):
    """The scores of a fit that was read: eight bytes each, under names that all fits of a run share.

    As dictionaries, the scores of 100,000 cells take some gigabytes.
    """

    __slots__ = ("_places", "_values")

    def __init__(self, names: tuple[str, ...], values: Iterable[float]) -> None:
        self._places = _PLACES.setdefault(names, {})
        if not self._places:
            self._places.update({name: place for place, name in enumerate(names)})
        self._values = array("d", values)

    def __getitem__(self, name: str) -> float:
        return self._values[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def items(self) -> ItemsView[str, float]:
        """Return names with values, as fast as of a dictionary."""
        return dict(zip(self._places, self._values, strict=True)).items()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        if self.keys() != other.keys():
            return False
        return all(a == b or (a != a and b != b) for a, b in ((v, other[k]) for k, v in self.items()))

    def __hash__(self) -> int:
        raise TypeError("scores are a mapping, which has no hash")

    def __repr__(self) -> str:
        return repr(dict(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return _Scores, (tuple(self._places), self._values)


@dataclass(frozen=True)
class Fit:
    """One fold of one cell.

    Parameters
    ----------
    phase, repeat, fold
        As in `smote_bench.evaluation.splits.FoldRows`.
    scores : mapping of metric name to float
        NaN where a metric is undefined.
    resample_seconds, fit_seconds, predict_seconds : float
        Resampling is measured once per fold and shared by the classifiers.
    rows_before, rows_after : tuple of int
        Majority and minority rows of the training part, before and after resampling.
    train_counts : tuple of int, optional
        tn, fp, fn, tp on the training part before resampling; of the final evaluation only.
    history : mapping of str to sequence of float, optional
        What a classifier with a `history_` recorded after each epoch, by name, as ``loss`` and ``val_loss``;
        of the final evaluation only.
    threshold : float, optional
        Where one was tuned: rows with this score or a higher one were labelled as positive.
    tuned_scores : mapping of metric name to float, optional
        Of a tuned threshold: each threshold metric's score at the threshold tuned for that metric. `scores`
        are those at the one `threshold`.
    """

    phase: str
    repeat: int
    fold: int
    scores: Mapping[str, float]
    resample_seconds: float
    fit_seconds: float
    predict_seconds: float
    rows_before: tuple[int, int]
    rows_after: tuple[int, int]
    train_counts: tuple[int, int, int, int] | None = None
    history: Mapping[str, Sequence[float]] | None = None
    threshold: float | None = None
    tuned_scores: Mapping[str, float] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return JSON values; NaN becomes null, infinity the word for it, since JSON has neither."""
        plain = dict(vars(self))
        plain["scores"] = {name: _to_json(value) for name, value in self.scores.items()}
        plain["threshold"] = None if self.threshold is None else _to_json(self.threshold)
        if self.tuned_scores is not None:
            plain["tuned_scores"] = {name: _to_json(value) for name, value in self.tuned_scores.items()}
        if self.history is not None:
            plain["history"] = {name: [_to_json(v) for v in values] for name, values in self.history.items()}
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Fit:
        """Rebuild a fit from `to_json`."""
        scores = _Scores(tuple(plain["scores"]), map(_from_json, plain["scores"].values()))
        rows = {key: (int(plain[key][0]), int(plain[key][1])) for key in ("rows_before", "rows_after")}
        counts = plain["train_counts"]
        curves = plain.get("history")
        history = curves and {name: [_from_json(v) for v in values] for name, values in curves.items()}
        counts = counts and tuple(counts)
        threshold, tuned = plain.get("threshold"), plain.get("tuned_scores")
        more = {
            "threshold": None if threshold is None else _from_json(threshold),
            "tuned_scores": tuned and {name: _from_json(value) for name, value in tuned.items()},
        }
        plain = {**plain, "phase": sys.intern(plain["phase"])}
        return cls(**{**plain, "scores": scores, **rows, "train_counts": counts, "history": history, **more})


@dataclass(frozen=True)
class Outcome:
    """Everything one cell gave.

    Parameters
    ----------
    cell : Cell
    status : {"ok", "noop", "error", "timeout", "unavailable"}
    reason : str
        In words; empty only when the status is ``ok``.
    version, digest : str
        Of the data set.
    fits : tuple of Fit
        In the protocol's order. With ``error`` and ``timeout``, those that were finished: kept, never
        averaged.
    warnings : tuple of str
    n_workers : int
        How many workers ran beside each other when the seconds were measured.
    traceback : str
        The end of the traceback with ``error``; with ``timeout``, where a process was that had to be ended.
    predictions : Predictions, optional
        Of the fits' test rows. Stored beside the JSON form, not in it.
    arm : str, optional
        Which trivial arm the method is by its definition, "" for none; None where the cell was never
        evaluated.
    tuned_for : str
        The metric that the method tunes a threshold for, "" for none.
    other_seconds : float
        What the process that computed the cell spent on it beside resampling, fitting and predicting: reading
        the table, splitting and preparing it, where no earlier cell had; scoring. 0 in outcomes of releases
        that did not measure it.
    """

    cell: Cell
    status: str
    reason: str = ""
    version: str = ""
    digest: str = ""
    fits: tuple[Fit, ...] = ()
    warnings: tuple[str, ...] = ()
    n_workers: int = 1
    traceback: str = ""
    predictions: Predictions | None = field(default=None, repr=False, compare=False)
    arm: str | None = None
    tuned_for: str = ""
    other_seconds: float = 0.0

    def __post_init__(self) -> None:
        # Whoever wrote these texts, no terminal and no table gets their control characters.
        for name in ("reason", "traceback"):
            if not (text := getattr(self, name)).isprintable():
                object.__setattr__(self, name, visible(text))
        if not all(map(str.isprintable, self.warnings)):
            object.__setattr__(self, "warnings", tuple(map(visible, self.warnings)))
        assert self.status in STATUSES, self.status
        assert self.status == "ok" or self.reason, self

    @property
    def is_scored(self) -> bool:
        """Whether the scores are complete and may enter tables and averages."""
        return self.status in ("ok", "noop")

    @functools.cached_property
    def _folds(self) -> dict[str, list[tuple[int, int]]]:
        folds: dict[str, list[tuple[int, int]]] = {}
        for fit in self.fits:
            folds.setdefault(fit.phase, []).append((fit.repeat, fit.fold))
        return folds

    def folds(self, phase: str) -> list[tuple[int, int]]:
        """Return repeat and fold of the fits of a phase, in order."""
        return self._folds.get(phase, [])

    def is_defined(self, metric: str, phase: str) -> bool:
        """Whether the cell is scored, and a metric finite in every fit of a phase."""
        values = self.values(metric, phase) if self.is_scored else []
        return bool(values) and all(map(math.isfinite, values))

    def seconds(self, part: str) -> float:
        """Return the seconds of one of `PARTS`, a sum over all fits but for ``other``."""
        if part == "other":
            return self.other_seconds
        return math.fsum(getattr(fit, f"{part}_seconds") for fit in self.fits)

    @property
    def total_seconds(self) -> float:
        """All seconds of the cell's own work."""
        return self.seconds("resample") + self.seconds("fit") + self.seconds("predict")

    def values(self, metric: str, phase: str) -> list[float]:
        """Return a metric's values over repeats and folds of a phase, in order."""
        # Not kept: for all metrics of a cell they take more memory than all else of it.
        try:  # nearly always they are all there, and asking each fit first takes twice as long
            return [fit.scores[metric] for fit in self.fits if fit.phase == phase]
        except KeyError:
            return [fit.scores[metric] for fit in self.fits if fit.phase == phase and metric in fit.scores]

    def mean(self, metric: str, phase: str) -> float:
        """Return the mean of a metric over repeats and folds.

        NaN if any value is undefined, none is there, or the mean is (of infinities of both signs).
        """
        return mean_of(self.values(metric, phase))

    def dumps(self) -> str:
        """Return the outcome as JSON text, its predictions apart; the last key is a checksum of the rest."""
        plain = {part.name: getattr(self, part.name) for part in fields(self) if part.name not in _APART}
        plain |= {"task": vars(self.cell), "fits": [fit.to_json() for fit in self.fits]}
        text = json.dumps(plain, allow_nan=False, separators=(",", ":"))
        return f'{text[:-1]},"crc32":{zlib.crc32(text.encode())}}}'

    @classmethod
    def loads(cls, text: str) -> Outcome:
        """Rebuild an outcome from `dumps`, or from what an earlier release wrote, which had no checksum.

        Raises
        ------
        DamagedOutcome
            If it is no outcome, or not the one that was written.
        """
        try:
            if found := _CHECKSUM.search(text):
                text = text[: found.start()] + "}"
                if zlib.crc32(text.encode()) != int(found[1]):
                    raise ValueError("its checksum does not fit")
            plain = json.loads(text)
            plain["cell"] = Cell(**{part: sys.intern(name) for part, name in plain.pop("task").items()})
            plain |= {
                shared: sys.intern(plain[shared]) for shared in ("version", "digest") if shared in plain
            }
            plain["fits"] = tuple(map(Fit.from_json, plain["fits"]))
            plain["warnings"] = tuple(plain["warnings"])
            return cls(**plain)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError) as error:
            raise DamagedOutcome(
                f"expected the JSON of an outcome, got {str(text)[:60]!r}... "
                f"({type(error).__name__}: {error}): the file that it is in is damaged"
            ) from error


def mean_of(values: Sequence[float]) -> float:
    """Return the mean of scores; NaN where there is none, one is undefined, or infinities are of both signs.

    >>> mean_of([0.5, 1.0]), mean_of([])
    (0.75, nan)
    """
    if not values:
        return math.nan
    try:
        return math.fsum(values) / len(values)
    except ValueError:  # infinities of both signs
        return math.nan
    except OverflowError:  # the sum alone is beyond all floats
        return math.fsum(value / len(values) for value in values)


def _to_json(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return str(value) if math.isinf(value) else value


def _from_json(value: float | str | None) -> float:
    return math.nan if value is None else float(value)
