"""One file's runs: each in what is left of the minutes, more repeats where they would tell more."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from smote_bench.api.one_file.choice import CLASSIFIERS, METHODS, experiment_of
from smote_bench.api.one_file.stopping import (
    Precision,
    WhyStopped,
    narrow_enough,
    next_repeats,
    precision_of,
)
from smote_bench.api.run import Run
from smote_bench.api.start import run
from smote_bench.errors import RunAborted, SmoteBenchError
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.memo import memo_of
from smote_bench.runs.open import open_run

__all__ = ["Found", "Question", "Stages"]

_START_SECONDS = 4.0
"""Of a run, before its first cell."""
_LAST_SECONDS, _LAST_SHARE, _LAST_FACTOR = 18.0, 0.06, 4.0
"""What the last run takes, all of it from the memo, with its page: at least, as a share of the time given,
and in times that this process took to begin, which tells how busy the machine is."""


@dataclass(frozen=True)
class Question:
    """What is asked of a file.

    Parameters
    ----------
    entry : mapping
        Of the data set in an experiment.
    n_rows, n_columns, n_folds : int
    metric : str
        That decides.
    cost : mapping of {"fp", "fn"} to float, optional
    chosen_metric : str
        As the user named it; "" for the first of smote-bench's.
    methods : tuple of str
        Those that fit the columns.
    """

    entry: Mapping[str, Any]
    n_rows: int
    n_columns: int
    n_folds: int
    metric: str
    cost: Mapping[str, float] | None = None
    chosen_metric: str = ""
    methods: tuple[str, ...] = METHODS

    def experiment(
        self, repeats: int, methods: tuple[str, ...], classifiers: tuple[str, ...]
    ) -> dict[str, Any]:
        """Return the experiment of a stage, as a YAML file has it."""
        return experiment_of(
            self.entry,
            n_folds=self.n_folds,
            repeats=repeats,
            methods=methods,
            classifiers=classifiers,
            metric=self.chosen_metric,
            cost=self.cost,
        )


@dataclass(frozen=True)
class Found:
    """The experiment that was whole when the time was over, and how precise it is.

    Parameters
    ----------
    experiment : dict
        As a YAML file has it.
    repeats : int
    precision : Precision
    wanted : float
        The half width that is narrow enough.
    why : {"narrow enough", "no use", "time"}
        Why there are no more repeats.
    not_come_to : tuple of str
        Methods or classifiers for which there was no time.
    seconds_per_repeat : float
        Of wall time.
    """

    experiment: dict[str, Any]
    repeats: int
    precision: Precision
    wanted: float
    why: WhyStopped
    not_come_to: tuple[str, ...] = ()
    seconds_per_repeat: float = 0.0


@dataclass
class Stages:
    """The runs of a question.

    Parameters
    ----------
    question : Question
    seconds : float
        Wall time for everything, the page too.
    wanted : float, optional
        Half width of the intervals that is narrow enough; default `narrow_enough`.
    out : Path
        The folder of reports, whose memo is used.
    n_workers : int or "auto"
    say : callable
        Takes a line for the user.
    before : float
        Seconds that are gone already, of reading the file.
    clock : callable
        Seconds, of a clock that never goes back.
    """

    question: Question
    seconds: float
    wanted: float | None
    out: Path
    n_workers: int | Literal["auto"] = "auto"
    say: Callable[[str], None] = print
    before: float = 0.0
    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def left(self) -> float:
        """Seconds left for computing, the last run and its page set apart."""
        last = max(_LAST_SECONDS, _LAST_SHARE * self.seconds, _LAST_FACTOR * self.before)
        return self.seconds - last - self.before - (self.clock() - self.started)

    def look(self) -> Found:
        """Compute until the intervals are narrow enough, or the time is over.

        Raises
        ------
        SmoteBenchError
            If there was no time for a single method.
        """
        # The fastest classifier alone first: whatever comes, there is an answer.
        first = self._stage(1, self.question.methods, CLASSIFIERS[:1])
        if first.not_come_to or len(CLASSIFIERS) == 1:
            found = first
        elif self.left <= _START_SECONDS:
            found = replace(first, not_come_to=CLASSIFIERS[1:])
        else:
            found = self._stage(1, self.question.methods, CLASSIFIERS, otherwise=first)
            # what it took from the memo counts as well
            found = replace(found, seconds_per_repeat=found.seconds_per_repeat + first.seconds_per_repeat)
        if found.not_come_to:
            return found
        while True:
            affordable = int((self.left - _START_SECONDS) / max(found.seconds_per_repeat, 0.01))
            repeats, why = next_repeats(found.precision, found.wanted, found.repeats, affordable)
            if why != "more":
                return replace(found, why=why)
            longer = self._stage(repeats, self.question.methods, CLASSIFIERS, otherwise=found)
            if longer.repeats <= found.repeats:
                return found
            found = longer

    def _stage(
        self,
        repeats: int,
        methods: tuple[str, ...],
        classifiers: tuple[str, ...],
        otherwise: Found | None = None,
    ) -> Found:
        """Run a stage in the time left; where it was cut, take what is whole of it, or what was before."""
        question = self.question
        times = "once" if repeats == 1 else f"{repeats} times"
        self.say(
            f"{question.n_folds} folds {times}: {len(methods) + 1} methods with {', '.join(classifiers)}"
        )
        experiment = question.experiment(repeats, methods, classifiers)
        started = self.clock()
        not_come_to: tuple[str, ...] = ()
        with tempfile.TemporaryDirectory(prefix="smote-bench-") as folder:
            try:
                made = run(
                    experiment,
                    n_workers=self.n_workers,
                    out=folder,
                    memo=memo_of(self.out),
                    minutes=max(self.left, 1.0) / 60,
                )
                where = made.folder
            except RunAborted as aborted:
                where = Path(aborted.folder)
                # Stopped before its first cell, a run leaves no manifest.
                is_run = (where / "manifest.json").is_file()
                if not (Run(where).cut if is_run else self.left <= 0):
                    raise
                if otherwise is not None:
                    left_out = tuple(name for name in classifiers if name not in _classifiers_of(otherwise))
                    return replace(otherwise, not_come_to=left_out, why="time")
                if not is_run:
                    raise SmoteBenchError(self._nothing("no cell")) from None
                methods, classifiers, not_come_to = _whole(Run(where), methods, classifiers)
                if not methods:
                    raise SmoteBenchError(self._nothing(_computed(Run(where)))) from None
                experiment = question.experiment(repeats, methods, classifiers)
            stored = open_run(where)
            precision = precision_of(stored, question.metric)
            wanted = self.wanted or (
                otherwise.wanted if otherwise else narrow_enough(stored, question.metric)
            )
        seconds = self.clock() - started
        return Found(
            experiment,
            repeats,
            precision,
            wanted,
            "time",
            not_come_to,
            max(seconds - _START_SECONDS, 0.1 * seconds) / repeats,
        )

    def _nothing(self, computed: str) -> str:
        minutes = self.seconds / 60
        return (
            f"expected at least one method beside {ORIGINAL} to be computed in {minutes:g} minutes, got "
            f"{computed}: the same command goes on from there, or give it more, as in "
            f"--minutes {math.ceil(2 * minutes)}"
        )


def _computed(cut: Run) -> str:
    cells = cut.cells
    return f"{int((cells['status'] != 'not_run').sum())} of {len(cells)} cells"


def _classifiers_of(found: Found) -> tuple[str, ...]:
    return tuple(found.experiment["experiment_config"]["selected_classifiers"])


def _whole(
    cut: Run, methods: tuple[str, ...], classifiers: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the methods and classifiers of the largest part that is whole, and the names of the rest."""
    cells = cut.cells
    done = set(
        cells.loc[cells["status"] != "not_run", ["method", "classifier"]].itertuples(index=False, name=None)
    )
    whole = tuple(c for c in classifiers if all((m, c) in done for m in (ORIGINAL, *methods)))
    if whole:
        return methods, whole, tuple(c for c in classifiers if c not in whole)
    with_original = [c for c in classifiers if (ORIGINAL, c) in done]
    best = max(with_original, key=lambda c: sum((m, c) in done for m in methods), default="")
    there = tuple(m for m in methods if (m, best) in done)
    rest = (*(m for m in methods if m not in there), *(c for c in classifiers if c != best))
    return there, (best,), rest
