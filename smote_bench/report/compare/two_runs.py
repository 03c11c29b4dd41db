"""What changed between two runs: settings, cells, scores with intervals, statuses, seconds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from smote_bench.report.compare.cells import Cells, Pair, match_cells
from smote_bench.report.compare.differences import Difference, cell_differences, mean_difference
from smote_bench.report.compare.settings import Change, setting_changes
from smote_bench.runs.open import MetricCard, Run
from smote_bench.stats import MIN_DATASETS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "Seconds", "compare_runs"]

_NAMED = 3


@dataclass(frozen=True)
class Seconds:
    """Seconds of the cells that both runs computed themselves.

    Parameters
    ----------
    n_cells : int
    base, other : float
    n_from_memo : int
        Scored cells left out, since a run took them from the memo: nothing was measured in it.
    """

    n_cells: int
    base: float
    other: float
    n_from_memo: int

    @property
    def ratio(self) -> float:
        """Other over base; NaN where there is nothing to divide."""
        return self.other / self.base if self.n_cells and self.base > 0 else math.nan


@dataclass(frozen=True, eq=False)
class Comparison:
    """What is different in a run, seen from the base.

    Parameters
    ----------
    base, other : Run
    changes : list of Change
        Settings.
    cells : Cells
    compared : tuple of Pair
        The pairs whose scores are compared.
    metrics : dict of str to MetricCard
        Of both runs, the priority metrics first.
    priority_metrics : tuple of str
        Of the base, as far as both have them; the first metric where there are none.
    differences : dict of str to Difference
        By metric, over all compared cells.
    by_method : dict of (method, metric) to Difference
        By priority metric; methods as the base names them.
    by_cell : DataFrame
        As from `cell_differences`.
    seconds : Seconds
    seconds_by_method : dict of str to Seconds
    warnings : list of str
        What to know before believing the numbers.
    """

    base: Run
    other: Run
    changes: list[Change]
    cells: Cells
    compared: tuple[Pair, ...]
    metrics: dict[str, MetricCard]
    priority_metrics: tuple[str, ...]
    differences: dict[str, Difference]
    by_method: dict[tuple[str, str], Difference]
    by_cell: pd.DataFrame
    seconds: Seconds
    seconds_by_method: dict[str, Seconds]
    warnings: list[str]

    @property
    def is_paired(self) -> bool:
        """Whether every compared cell has fits on the same rows in both runs."""
        return bool(self.compared) and all(pair.pairing == "paired" for pair in self.compared)

    @property
    def is_all_identical(self) -> bool:
        """Whether something is compared, and all of it is identical."""
        return bool(self.compared) and all(pair.is_identical for pair in self.compared)

    @property
    def n_identical(self) -> int:
        """Cells with the same status and the same scores to the last bit."""
        return sum(pair.is_identical for pair in self.cells.pairs)


def compare_runs(base: Run, other: Run, *, any_data: bool = False) -> Comparison:
    """Compare two runs.

    Parameters
    ----------
    base, other : Run
    any_data : bool
        Compare means of data sets whose version or digest differs, too; otherwise they are left out.
    """
    cells = match_cells(base, other)
    wanted = {"paired", "unpaired"} | ({"other data"} if any_data else set())
    compared = tuple(pair for pair in cells.pairs if pair.pairing in wanted)
    metrics = _common_metrics(base, other)
    priority = tuple(name for name in base.priority_metrics if name in metrics) or tuple(metrics)[:1]
    protocols = (base.manifest["experiment"]["protocol"], other.manifest["experiment"]["protocol"])
    by_cell = cell_differences(compared, metrics, protocols=protocols)
    by_method: dict[tuple[str, str], Difference] = {}
    seconds_by_method = {}
    for method, pairs in _grouped(compared):
        rows = by_cell[by_cell["method"] == method]
        for metric in priority:
            by_method[method, metric] = mean_difference(pairs, rows, metric, protocols=protocols)
        seconds_by_method[method] = _seconds(pairs, base, other)
    return Comparison(
        base,
        other,
        setting_changes(base.manifest, other.manifest),
        cells,
        compared,
        metrics,
        priority,
        {name: mean_difference(compared, by_cell, name, protocols=protocols) for name in metrics},
        by_method,
        by_cell,
        _seconds([pair for pair in cells.pairs if pair.pairing != "not scored"], base, other),
        seconds_by_method,
        list(_warnings(base, other, cells, compared, any_data=any_data)),
    )


def _common_metrics(base: Run, other: Run) -> dict[str, MetricCard]:
    names = dict.fromkeys([*base.priority_metrics, *base.metrics])
    return {name: base.metrics[name] for name in names if name in base.metrics and name in other.metrics}


def _grouped(pairs: Sequence[Pair]) -> Iterator[tuple[str, list[Pair]]]:
    for method in dict.fromkeys(pair.cell.method for pair in pairs):
        yield method, [pair for pair in pairs if pair.cell.method == method]


def _seconds(pairs: Sequence[Pair], base: Run, other: Run) -> Seconds:
    measured = [
        pair
        for pair in pairs
        if pair.base.cell not in base.from_memo and pair.other.cell not in other.from_memo
    ]
    return Seconds(
        len(measured),
        math.fsum(pair.base.total_seconds for pair in measured),
        math.fsum(pair.other.total_seconds for pair in measured),
        len(pairs) - len(measured),
    )


def _warnings(
    base: Run, other: Run, cells: Cells, compared: Sequence[Pair], *, any_data: bool
) -> Iterator[str]:
    if base.folder == other.folder:
        yield "both are the same folder"
    for which, run in (("the base", base), ("the other run", other)):
        if run.damage:
            yield f"a part of {which} is lost, and only the rest is compared: {run.damage}"
        if run.account.cut:
            of = f"{run.account.done} of {run.account.n_selected} cells"
            yield f"{which} was cut ({run.account.cut}): {of} are done, and only those are compared"
    yield from _data_warnings(cells, any_data=any_data)
    yield from _pairing_warnings(base, other, cells, compared)
    n_memo = sum(
        pair.is_identical and (pair.other.cell in other.from_memo or pair.base.cell in base.from_memo)
        for pair in cells.pairs
    )
    if n_memo:
        yield (
            f"{_count(n_memo, 'identical cell')} came from the memo in one run: found again, "
            "not computed again"
        )
    n = len({pair.cell.dataset for pair in compared})
    if all(pair.is_identical for pair in compared):
        return
    if n == 1:
        yield ("one data set: the interval is over its fits, and says nothing of other data sets")
    elif 1 < n < MIN_DATASETS:
        yield f"n = {n} data sets: an interval over so few is wide, and assumes they are typical"


def _data_warnings(cells: Cells, *, any_data: bool) -> Iterator[str]:
    elsewhere = [pair for pair in cells.pairs if pair.pairing == "other data"]
    if not elsewhere:
        return
    names = list(dict.fromkeys(pair.cell.dataset for pair in elsewhere))
    what = f"{_some(names)}: version, digest or positive class differs, so these are not the same scores"
    fate = "compared all the same, as asked, by means of each run" if any_data else "not comparable, left out"
    yield f"{what}; {_count(len(elsewhere), 'cell')} {fate}"


def _pairing_warnings(base: Run, other: Run, cells: Cells, compared: Sequence[Pair]) -> Iterator[str]:
    protocols = [run.manifest["experiment"]["protocol"] for run in (base, other)]
    differing = [
        f"{name} {protocols[0][name]} -> {protocols[1].get(name)}"
        for name in protocols[0]
        if protocols[0][name] != protocols[1].get(name)
    ]
    unpaired = sum(pair.pairing == "unpaired" for pair in compared)
    if unpaired:
        why = f"the protocols differ ({', '.join(differing)})" if differing else "the splits differ"
        yield (
            f"not paired by fold in {_count(unpaired, 'cell')}: {why}, so fits were made on other rows; "
            "means of each run are compared, with wider intervals"
        )
    elif differing and compared:
        n = {len(pair.common) for pair in compared}
        yield (
            f"the protocols differ ({', '.join(differing)}): paired by the fits on the same rows alone "
            f"({' or '.join(map(str, sorted(n)))} a cell)"
        )
    if cells.n_rows_differ:
        yield (
            f"in {_count(cells.n_rows_differ, 'cell')} the training parts count other rows although data and "
            "protocol are the same: the splitter changed (another release of scikit-learn?); not paired"
        )
    phases = {pair.phase for pair in compared}
    if phases == {"holdout"} and any(protocol["cv_folds"] for protocol in protocols):
        yield "compared on the hold-out: only one of the runs cross-validates"


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'s' * (n != 1)}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
