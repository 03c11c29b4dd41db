"""The files of a run and of its cells that go with them to MLflow: tables, figures, the page."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.tracking import TrackingSettings
from smote_bench.methods.names import ORIGINAL

if TYPE_CHECKING:
    from smote_bench.evaluation.outcome import Outcome
    from smote_bench.report.figures.curves import CellCurves, CurvesSheet
    from smote_bench.report.trackers.mlflow.content import Contents
    from smote_bench.runs.open import Run

__all__ = ["CellFiles", "run_files"]

_FILES = (
    "report.html",
    "summary.md",
    "scores.csv",
    "cells.csv",
    "manifest.json",
    "gate.json",
    "gate.md",
    "report-errors.txt",
)
_FOLDERS = {"tables": "*", "figures": "*.png"}


def run_files(run: Run, folder: Path) -> None:
    """Copy what is shown of a whole run into a folder; a run without a report has fewer."""
    for name in _FILES:
        if (run.folder / name).is_file():
            shutil.copyfile(run.folder / name, folder / name)
    for name, pattern in _FOLDERS.items():
        found = sorted((run.folder / name).glob(pattern))
        if found:
            (folder / name).mkdir()
        for path in found:
            shutil.copyfile(path, folder / name / path.name)


class CellFiles:
    """Writes the files of cells, one after the other.

    Parameters
    ----------
    run : Run
    contents : Contents
    """

    def __init__(self, run: Run, contents: Contents) -> None:
        self._run, self._contents = run, contents
        settings = TrackingSettings.of(run.manifest)
        wanted = {"roc": settings.enable_roc_curves, "pr": settings.enable_precision_recall_curves}
        self._panels = [name for name, is_wanted in wanted.items() if is_wanted]
        self._by_cell = dict(iter(run.scores.groupby(["dataset", "method", "classifier"], sort=False)))
        self._sheets: dict[str, CurvesSheet] = {}
        self._original = functools.lru_cache(maxsize=2 * len(run.classifiers))(self._curves)

    def write(self, outcome: Outcome, folder: Path) -> None:
        """Write a cell's files: of a scored one its scores and curves, of a failed one the traceback."""
        cell = outcome.cell
        if outcome.traceback:
            (folder / "traceback.txt").write_text(outcome.traceback, encoding="utf-8")
        if not outcome.is_scored:
            return
        scores = self._by_cell[cell.dataset, cell.method, cell.classifier]
        scores.to_csv(folder / "scores.csv", index=False)
        self._contents.table(cell).to_csv(folder / "metrics.csv")
        if self._panels:
            self._draw(cell, folder / "curves.png")

    def _draw(self, cell: Cell, path: Path) -> None:
        from smote_bench.report.figures.curves import CurvesSheet
        from smote_bench.report.figures.style import paper_style

        name = cell.classifier
        with paper_style():
            if name not in self._sheets:
                self._sheets[name] = CurvesSheet([name], self._panels)
            before = {name: self._original(Cell(cell.dataset, ORIGINAL, name))}
            after = before if cell.method == ORIGINAL else {name: self._curves(cell)}
            self._sheets[name].draw(cell.dataset, cell.method, before, after)
            self._sheets[name].save_png(path)

    def _curves(self, cell: Cell) -> CellCurves | None:
        from smote_bench.report.figures.curves import cell_curves

        return cell_curves(self._run, cell)
