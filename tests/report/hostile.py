"""A run whose names and reasons try to break out of a page."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from made_up import made_up_run

from smote_bench.evaluation.outcome import Cell
from smote_bench.runs.open import Run, open_run

__all__ = ["NASTY", "hostile_run"]

NASTY = ("<script>hacked=1</script>", '"&<img src=x onerror="hacked=1">', "</script><b>", "{method}%{x}'")


@dataclasses.dataclass(frozen=True, eq=False)
class _Renamed(Run):
    """A run under other names, with the predictions and points of the one it was."""

    origin: Run
    old: dict[str, str]

    def predictions(self, cell: Cell) -> Any:
        return self.origin.predictions(Cell(*(self.old.get(name, name) for name in vars(cell).values())))

    def points(self, dataset: str, method: str) -> Any:
        return self.origin.points(self.old.get(dataset, dataset), self.old.get(method, method))

    def card(self, dataset: str) -> Any:
        card = self.origin.card(self.old.get(dataset, dataset))
        return card and {**card, "remarks": NASTY[1], "title": NASTY[2]}


def hostile_run(folder: Path) -> Run:
    """Return a run with a name of `NASTY` for data sets, method, classifier, reasons and warnings."""
    failed = {("Haberman", "SMOTE", "RandomForest"): "error"}
    run = open_run(made_up_run(folder, datasets=6, methods=3, statuses=failed))
    new = {"Ecoli": NASTY[0], "SMOTE": NASTY[1], "RandomForest": NASTY[2], "Haberman": NASTY[3]}

    def named(name: str) -> str:
        return new.get(name, name)

    outcomes = tuple(
        dataclasses.replace(
            outcome,
            cell=Cell(*map(named, vars(outcome.cell).values())),
            reason=outcome.reason and NASTY[0] + NASTY[1],
            warnings=(NASTY[0], NASTY[2]),
        )
        for outcome in run.outcomes
    )
    experiment = dict(run.manifest["experiment"], name=NASTY[2], file=NASTY[0])
    for part in ("datasets", "methods", "classifiers"):
        experiment[part] = {named(name): value for name, value in experiment[part].items()}
    values = {part.name: getattr(run, part.name) for part in dataclasses.fields(run)}
    values |= {part: tuple(map(named, values[part])) for part in ("datasets", "methods", "classifiers")}
    values |= {"outcomes": outcomes, "manifest": {**run.manifest, "experiment": experiment}}
    values["manifest"]["command"] = ["pytest", NASTY[0]]
    return _Renamed(**values, origin=run, old={new_name: name for name, new_name in new.items()})
