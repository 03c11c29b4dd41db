"""Which cells a comparison compares, the same on both sides; and which it leaves out, and why.

Built without numpy and pandas, as the summary is: a run answered from the memo does not wait for them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs.trivial_arms import best_trivial_arm

__all__ = ["NO_SCORE", "Compared", "Gap", "Grid", "Pair", "compare", "compare_with"]

NO_SCORE = "no score that can be compared"
_UNDEFINED = "undefined"

Pair = tuple[Outcome, Outcome]
"""A cell of the method and the cell it is compared with: same data set, classifier and folds."""

Opponent = Callable[[str, str], Outcome | None]
"""From a data set and a classifier to the cell to compare with; None where there is none."""


@dataclass(frozen=True)
class Gap:
    """A (data set, classifier) pair without a difference: whose cell has no score there, and why."""

    dataset: str
    classifier: str
    method: str
    reason: str


@dataclass(frozen=True)
class Compared:
    """The cells on which a method is compared with a control.

    A data set takes part where both have a score with each classifier of the comparison: a mean over some of
    the classifiers would be compared with means over others.

    Parameters
    ----------
    method, control, metric, phase : str
    pairs : mapping of data set to tuple of Pair
        Of the data sets that take part; a pair for each classifier of the comparison.
    gaps : tuple of Gap
        Why the other data sets do not: those pairs of theirs that have no difference.
    asked : tuple of str
        The classifiers of the comparison, with a score or not.
    without : mapping of classifier to str
        Classifiers that take no part on either side, and why.
    n_left_out : int
        (Data set, classifier) pairs that were run and do not take part: gaps, the other classifiers of their
        data sets, and pairs of the classifiers in `without`.
    n_undefined : int
        Of those, the pairs in which both cells are scored and the metric is undefined or infinite in a fit.
    n_datasets_run : int
        Data sets that the run has cells on.
    """

    method: str
    control: str
    metric: str
    phase: str
    pairs: Mapping[str, tuple[Pair, ...]]
    gaps: tuple[Gap, ...]
    asked: tuple[str, ...]
    without: Mapping[str, str]
    n_left_out: int
    n_undefined: int
    n_datasets_run: int

    @property
    def datasets(self) -> tuple[str, ...]:
        """The data sets that take part, in the run's order."""
        return tuple(self.pairs)

    @functools.cached_property
    def classifiers(self) -> tuple[str, ...]:
        """The classifiers that take part on any data set, in the run's order."""
        return tuple(dict.fromkeys(c.cell.classifier for pairs in self.pairs.values() for c, _ in pairs))

    @property
    def n_classifiers(self) -> tuple[int, int]:
        """The fewest and the most classifiers that take part on a data set; 0 where none does."""
        counts = [len(pairs) for pairs in self.pairs.values()]
        return min(counts, default=0), max(counts, default=0)

    @property
    def all_pairs(self) -> list[Pair]:
        """All pairs that take part."""
        return [pair for pairs in self.pairs.values() for pair in pairs]

    def only(self, datasets: Sequence[str]) -> Compared:
        """Return the comparison on some of its data sets; the others count as left out."""
        pairs = {name: pairs for name, pairs in self.pairs.items() if name in datasets}
        n = sum(len(self.pairs[name]) for name in self.pairs if name not in pairs)
        return replace(self, pairs=pairs, n_left_out=self.n_left_out + n)

    @functools.cached_property
    def differences(self) -> dict[str, list[list[float]]]:
        """Method minus control by data set, classifier and fit."""
        return {
            dataset: [
                [a - b for a, b in zip(*(o.values(self.metric, self.phase) for o in pair), strict=True)]
                for pair in pairs
            ]
            for dataset, pairs in self.pairs.items()
        }

    def why_left_out(self) -> str:
        """Say in words why data sets or classifiers are left out; empty where none is.

        As ``"error with c1 on 8 of 8 data sets; Original: timeout on 1 of 8 data sets"``.
        """
        without = [f"without {name}: {why}" for name, why in self.without.items()]
        return "; ".join(self.gap_words() + without)

    def gap_words(self) -> list[str]:
        """Say in words why data sets are left out, a reason each."""
        words = []
        where: dict[tuple[str, str], dict[str, list[str]]] = {}
        for gap in self.gaps:
            where.setdefault((gap.method, gap.reason), {}).setdefault(gap.classifier, []).append(gap.dataset)
        for (method, reason), by_classifier in where.items():
            names: dict[tuple[str, ...], list[str]] = {}
            for classifier, datasets in by_classifier.items():
                names.setdefault(tuple(datasets), []).append(classifier)
            whose = "" if method == self.method else f"{method}: "
            for datasets_, classifiers in names.items():
                which = "" if set(classifiers) == set(self.asked) else f" with {', '.join(classifiers)}"
                words.append(f"{whose}{reason}{which} on {len(datasets_)} of {self.n_datasets_run} data sets")
        return words


class Grid:
    """The cells of a run by name, and which classifiers its comparisons are over.

    Parameters
    ----------
    outcomes : sequence of Outcome
        All of them, whatever their status: what failed decides what can be compared.

    Attributes
    ----------
    by_cell : dict of Cell to Outcome
    datasets, methods, classifiers : tuple of str
        As they first occur; data sets that nothing was run on are not among them.
    phase : {"cv", "holdout"}
        Whose mean stands for a cell: the cross-validation's, where there is one.
    """

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        self.by_cell = {outcome.cell: outcome for outcome in outcomes}
        self.methods = tuple(dict.fromkeys(cell.method for cell in self.by_cell))
        self._run_on: dict[str, dict[str, set[str]]] = {}
        for cell, outcome in self.by_cell.items():
            if outcome.status != "unavailable":
                self._run_on.setdefault(cell.dataset, {}).setdefault(cell.classifier, set()).add(cell.method)
        self.datasets = tuple(d for d in dict.fromkeys(t.dataset for t in self.by_cell) if d in self._run_on)
        self.classifiers = tuple(dict.fromkeys(cell.classifier for cell in self.by_cell))
        is_cross_validated = any(fit.phase == "cv" for o in outcomes if o.is_scored for fit in o.fits)
        self.phase = "cv" if is_cross_validated else "holdout"
        self._without: dict[tuple[str, str], dict[str, str]] = {}
        self._undefined: dict[tuple[str, str], frozenset[Cell]] = {}
        self._best_arms: dict[tuple[str, str, str, str], Outcome | None] = {}

    def get(self, dataset: str, method: str, classifier: str) -> Outcome | None:
        """Return a cell, whatever its status; None where it was not run."""
        return self._by_group.get((dataset, method), {}).get(classifier)

    @functools.cached_property
    def _by_group(self) -> dict[tuple[str, str], dict[str, Outcome]]:
        found: dict[tuple[str, str], dict[str, Outcome]] = {}
        for cell, outcome in self.by_cell.items():
            found.setdefault(cell.group, {})[cell.classifier] = outcome
        return found

    def undefined(self, metric: str, phase: str) -> frozenset[Cell]:
        """Return the cells that have scores, but not by this metric in every fit of the phase."""
        key = metric, phase
        if key not in self._undefined:
            self._undefined[key] = frozenset(
                cell
                for cell, outcome in self.by_cell.items()
                if outcome.is_scored and not outcome.is_defined(metric, phase)
            )
        return self._undefined[key]

    def of_method(self, method: str) -> Sequence[Outcome]:
        """Return the cells of a method, whatever their status."""
        return self._by_method.get(method, ())

    @functools.cached_property
    def _by_method(self) -> dict[str, list[Outcome]]:
        found: dict[str, list[Outcome]] = {}
        for cell, outcome in self.by_cell.items():
            found.setdefault(cell.method, []).append(outcome)
        return found

    def best_arm(self, dataset: str, classifier: str, metric: str, better: str) -> Outcome | None:
        """Return the trivial arm best in cross-validation, its scores those that the metric judges it by."""
        key = dataset, classifier, metric, better
        if key not in self._best_arms:
            cells = (self.get(dataset, method, classifier) for method in self.methods)
            found = best_trivial_arm([cell for cell in cells if cell is not None], metric, better)
            self._best_arms[key] = None if found is None else found.judged
        return self._best_arms[key]

    def run_on(self, dataset: str) -> list[str]:
        """Return the classifiers that anything was run with on a data set."""
        return [name for name in self.classifiers if name in self._run_on.get(dataset, ())]

    def compared_on(self, dataset: str, metric: str) -> list[str]:
        """Return the classifiers that a mean on a data set is over, the same for all methods."""
        without = self.without(metric, self.phase)
        return [name for name in self.run_on(dataset) if name not in without]

    def without(self, metric: str, phase: str) -> dict[str, str]:
        """Return the classifiers that no comparison by a metric is over, and why.

        Those that no method has a score with, and those that only `Original` was run with: they say nothing
        of any method. A classifier with which some methods fail stays: they have no mean then.
        """
        key = metric, phase
        if key not in self._without:
            self._without[key] = dict(self._find_without(metric, phase))
        return self._without[key]

    def _find_without(self, metric: str, phase: str) -> Iterator[tuple[str, str]]:
        undefined = self.undefined(metric, phase)
        scored = {
            cell.classifier
            for cell, outcome in self.by_cell.items()
            if outcome.is_scored and cell not in undefined
        }
        run = {name: self._methods_run_with(name) for name in self.classifiers}
        others = set().union(*run.values()) - {ORIGINAL}
        for name in self.classifiers:
            if not run[name]:
                yield name, "unavailable"
            elif scored and name not in scored:
                yield name, "no method has a score with it"
            elif others and run[name] == {ORIGINAL}:
                yield name, f"only {ORIGINAL} was run with it"

    def _methods_run_with(self, classifier: str) -> set[str]:
        return set().union(*(by_name.get(classifier, ()) for by_name in self._run_on.values()))

    def idle_with(self, method: str) -> list[str]:
        """Return the classifiers with which a method changes nothing, as class weights with kNN."""
        found: dict[str, set[str]] = {}
        for outcome in self.of_method(method):
            if outcome.is_scored:
                found.setdefault(outcome.cell.classifier, set()).add(outcome.status)
        return [name for name in self.classifiers if found.get(name) == {"noop"}]


def compare(grid: Grid, method: str, control: str, metric: str) -> Compared:
    """Return the cells on which a method is compared with another one, in the scoring phase.

    Classifiers with which the control changes nothing take no part: its cell is `Original`'s there, and to
    beat it would be to beat `Original`.

    Parameters
    ----------
    grid : Grid
    method, control, metric : str
    """
    idle = () if control == ORIGINAL else grid.idle_with(control)
    return compare_with(
        grid,
        method,
        lambda dataset, classifier: grid.get(dataset, control, classifier),
        metric,
        name=control,
        idle=idle,
    )


def compare_with(
    grid: Grid,
    method: str,
    opponent: Opponent,
    metric: str,
    *,
    name: str,
    phase: str = "",
    idle: Sequence[str] = (),
    absent: str = "not run",
    own_scores: bool = False,
) -> Compared:
    """Return the cells on which a method is compared with whatever `opponent` names, cell by cell.

    Parameters
    ----------
    grid : Grid
    method : str
    opponent : callable from (dataset, classifier) to Outcome or None
    metric : str
    name : str
        What the opponent is called.
    phase : {"cv", "holdout"}, optional
        Default the scoring phase.
    idle : sequence of str
        Classifiers to leave out on both sides, since the opponent changes nothing with them.
    absent : str
        What it means that there is no opponent.
    own_scores : bool
        Whether an opponent may have other scores than the grid's cell of its name, as a tuned threshold has
        those at the threshold of the metric that is asked for.
    """
    phase = phase or grid.phase
    without = grid.without(metric, phase) | dict.fromkeys(idle, f"{name} changes nothing with it")
    undefined = grid.undefined(metric, phase)

    def is_defined(outcome: Outcome) -> bool:
        return not undefined or outcome.cell not in undefined  # mostly, there is none to look for

    def opponent_is_defined(outcome: Outcome) -> bool:
        return outcome.is_defined(metric, phase) if own_scores else is_defined(outcome)

    pairs: dict[str, tuple[Pair, ...]] = {}
    gaps: list[Gap] = []
    n_run = n_undefined = 0
    for dataset in grid.datasets:
        here: list[Pair] = []
        missing: list[Gap] = []
        for classifier in grid.run_on(dataset):
            n_run += 1
            treated, control = grid.get(dataset, method, classifier), opponent(dataset, classifier)
            gap = _gap((treated, is_defined), (control, opponent_is_defined), phase, absent)
            n_undefined += gap is not None and gap[1] == _UNDEFINED and _both_scored(treated, control)
            if classifier in without:
                continue
            if gap is not None:
                missing.append(Gap(dataset, classifier, method if gap[0] else name, gap[1]))
            elif treated is not None and control is not None:
                here.append((treated, control))
        gaps += missing
        if here and not missing:
            pairs[dataset] = tuple(here)
    return Compared(
        method,
        name,
        metric,
        phase,
        pairs,
        tuple(gaps),
        tuple(name for name in grid.classifiers if name not in without),
        without,
        n_run - sum(map(len, pairs.values())),
        n_undefined,
        len(grid.datasets),
    )


def _both_scored(treated: Outcome | None, control: Outcome | None) -> bool:
    return treated is not None and control is not None and treated.is_scored and control.is_scored


def _gap(
    of_method: tuple[Outcome | None, Callable[[Outcome], bool]],
    of_control: tuple[Outcome | None, Callable[[Outcome], bool]],
    phase: str,
    absent: str,
) -> tuple[bool, str] | None:
    """Return whether it is the method's, and its reason, where there is no difference.

    Each side is an outcome and what tells whether the metric is defined in it.
    """
    (treated, treated_is_defined), (control, control_is_defined) = of_method, of_control
    if control is None:
        return False, absent
    if treated is None:
        return True, "not run"
    for is_method, outcome in ((False, control), (True, treated)):
        if not outcome.is_scored:
            return is_method, outcome.status
    if not control_is_defined(control):
        return False, _UNDEFINED
    if not treated_is_defined(treated):
        return True, _UNDEFINED
    same_folds = treated.folds(phase) == control.folds(phase)
    return None if same_folds else (True, "other folds")
