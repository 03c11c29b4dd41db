"""From a cell's name to its stored outcome: looked up, or computed by an engine and committed here."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smote_bench.engines.child import warning_class
from smote_bench.engines.contract import Batch, Engine, Request
from smote_bench.engines.here import ThisProcess
from smote_bench.errors import DiskError
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.recorder import Recorder

if TYPE_CHECKING:
    from smote_bench.evaluation.folds import FoldSource
    from smote_bench.evaluation.parts import Part
    from smote_bench.evaluation.protocol import Protocol
    from smote_bench.experiment.model import Experiment
    from smote_bench.runs.settings import RunSettings

__all__ = ["CellResult", "CellRunner"]


@dataclass(frozen=True)
class CellResult:
    """An outcome, where it came from, and what it gained over `Original`.

    Parameters
    ----------
    outcome : Outcome
    from_memo : bool
    deltas : dict of (phase, metric) to float
        Mean minus the mean of `Original`, for the priority metrics; NaN where either is undefined.
    why_no_deltas : str
        In words, where the cell has scores and `Original` has none.
    """

    outcome: Outcome
    from_memo: bool
    deltas: dict[tuple[str, str], float]
    why_no_deltas: str = ""


class CellRunner:
    """Runs cells of one experiment: looks them up, has an engine compute them, records what came.

    Parameters
    ----------
    experiment : Experiment
    settings : RunSettings
    engine : Engine, optional
        What computes; this process where there is none.
    """

    def __init__(self, experiment: Experiment, settings: RunSettings, engine: Engine | None = None) -> None:
        self.experiment = experiment
        self.settings = settings
        self.recorder = Recorder.open(experiment, settings)
        self._here = ThisProcess(experiment, settings) if engine is None else None
        self.engine: Engine = engine if engine is not None else self.here
        self._original = functools.lru_cache(maxsize=256)(self._original_outcome)
        self._under: dict[str, tuple[Protocol | None, Recorder]] = {"": (None, self.recorder)}
        self._settled: dict[tuple[str, Cell], tuple[Outcome, bool]] = {}
        self._said: dict[tuple[str, Cell], tuple[tuple[str, str], ...]] = {}

    @property
    def here(self) -> ThisProcess:
        """What computes in this process; where an engine computes elsewhere, for those who want the rows."""
        if self._here is None:
            self._here = ThisProcess(self.experiment, self.settings)
        return self._here

    @property
    def folds(self) -> FoldSource:
        """Tables and folds of the experiment."""
        return self.here.folds

    def run(self, cell: Cell) -> CellResult:
        """Return the cell's outcome with its deltas against `Original`, computing what is not stored."""
        outcome, from_memo = self._obtain(cell, None)
        deltas, why_none = self._deltas(outcome)
        return CellResult(outcome, from_memo, deltas, why_none)

    def run_part(self, cell: Cell, part: Part) -> Outcome:
        """Return the cell's outcome under a part of a longer protocol, computing what is not stored."""
        return self._obtain(cell, part)[0]

    def needed(self, cells: Iterable[Cell], parts: Sequence[Part] = ()) -> list[Request]:
        """Return what has to be computed for cells: themselves, their parts, and `Original` for the deltas.

        What the memo or the run has is recorded on the way.
        """
        found: dict[tuple[str, Cell], Request] = {}
        for cell in cells:
            original = Cell(cell.dataset, ORIGINAL, cell.classifier)
            for one, part in ((original, None), (cell, None), *((cell, part) for part in parts)):
                at = ("" if part is None else part.label, one)
                if at not in found and at not in self._settled:
                    request = self._request(one, part)
                    if request is not None:
                        recorder = self._of(part)[1]
                        found[at] = dataclasses.replace(request, extras=tuple(recorder.extras.wanted(one)))
        return list(found.values())

    def settle(self, request: Request) -> Outcome:
        """Record what an engine has computed, before anybody asks for it.

        Raises
        ------
        EngineLost
        """
        outcome = self._recorded(request, self._under[request.label][1])
        self._settled[request.label, request.cell] = outcome, False
        return outcome

    def close(self) -> None:
        """Close the files, and end what computes."""
        self.engine.close()
        if self._here is not None:
            self._here.close()
        self.recorder.close()

    def _of(self, part: Part | None) -> tuple[Protocol | None, Recorder]:
        """Return the protocol of a part, where it is another than the experiment's, and what records it."""
        if part is not None and part.label not in self._under:
            protocol = part.protocol(self.experiment.protocol)
            of_part = dataclasses.replace(self.experiment, protocol=protocol)
            self._under[part.label] = protocol, self.recorder.of_part(of_part, part.label)
        return self._under["" if part is None else part.label]

    def _request(self, cell: Cell, part: Part | None) -> Request | None:
        """Return the request for a cell; None where its outcome is known or cannot be had, and recorded."""
        protocol, recorder = self._of(part)
        label = "" if part is None else part.label
        key = recorder.key(cell)
        stored = (key, False) if isinstance(key, Outcome) else recorder.stored(key, cell)
        if stored is not None:
            self._settled[label, cell] = stored
            return None
        assert isinstance(key, str)
        sha256, targets = recorder.keys.user_file_sha256(cell.dataset), recorder.keys.targets(cell)
        return Request(cell, key, protocol, label, sha256, frozenset(targets))

    def _original_outcome(self, dataset: str, classifier: str) -> Outcome:
        return self._obtain(Cell(dataset, ORIGINAL, classifier), None)[0]

    def _deltas(self, outcome: Outcome) -> tuple[dict[tuple[str, str], float], str]:
        """Return what an outcome gained over `Original`, or else why that cannot be told."""
        cell = outcome.cell
        if cell.method == ORIGINAL or not outcome.is_scored:
            return {}, ""
        original = self._original(cell.dataset, cell.classifier)
        if not original.is_scored:
            return {}, f"no deltas: {original.cell.id} has no scores ({original.status}: {original.reason})"
        protocol = self.experiment.protocol
        phases = ("cv",) * bool(protocol.cv_folds) + ("holdout",) * protocol.has_holdout
        deltas = {
            (phase, metric): outcome.mean(metric, phase) - original.mean(metric, phase)
            for phase in phases
            for metric in self.experiment.priority_metrics
        }
        return deltas, ""

    def _obtain(self, cell: Cell, part: Part | None) -> tuple[Outcome, bool]:
        """Return a cell's outcome and whether it came from the memo."""
        at = ("" if part is None else part.label, cell)
        if at not in self._settled:
            request = self._request(cell, part)
            if request is not None:
                return self._computed(request)
        for category, text in self._said.pop(at, ()):
            warnings.warn(text, warning_class(category), stacklevel=3)
        # An `Original` is asked for again by every method beside it; the others are their test's alone.
        return self._settled[at] if cell.method == ORIGINAL else self._settled.pop(at)

    def _computed(self, request: Request) -> tuple[Outcome, bool]:
        recorder = self._under[request.label][1]
        self.engine.submit([[Batch((request,))]], _nobody)
        with recorder.claim(request.key, request.cell) as elsewhere:
            if elsewhere is not None:
                return elsewhere
            try:
                return self._recorded(request, recorder), False
            except BaseException:
                # Where there is no room for this either, the first error counts.
                with contextlib.suppress(DiskError):
                    recorder.abandon(request.cell)
                raise

    def _recorded(self, request: Request, recorder: Recorder) -> Outcome:
        computed = self.engine.outcome(request)
        if computed.warnings:
            self._said[request.label, request.cell] = computed.warnings
        return recorder.record(request.key, computed.outcome, computed.extra, computed.doubts)


def _nobody(_request: Request) -> None:
    """Whoever asked waits for the outcome."""
