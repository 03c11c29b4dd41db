"""Publishing data sets as ClearML Datasets: NAME.csv with the target in its last column, and metadata."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smote_bench.data.clearml_tables.metadata import FORMAT
from smote_bench.data.clearml_tables.process import answers_of, check_reachable
from smote_bench.data.csv_writing import write_csv
from smote_bench.data.dataset import Dataset
from smote_bench.data.preprocessing import Preprocessing

__all__ = ["Pushed", "ToPush", "push"]


@dataclass(frozen=True)
class ToPush:
    """A data set, and what its version is to be called in ClearML."""

    dataset: Dataset
    version: str

    @property
    def label(self) -> str:
        """As ``NAME@VERSION``."""
        return f"{self.dataset.name}@{self.version}"


@dataclass(frozen=True)
class Pushed:
    """What became of one.

    Parameters
    ----------
    item : ToPush
    id, server : str
        Where it is in ClearML.
    problem : str
        Why it was not sent, with what to do; empty where it is there.
    is_new : bool
        Whether it was sent now.
    """

    item: ToPush
    id: str
    server: str
    problem: str = ""
    is_new: bool = False


def push(items: Sequence[ToPush], project: str) -> Iterator[Pushed]:
    """Publish data sets that are not there yet; yield what became of each.

    Parameters
    ----------
    items : sequence of ToPush
    project : str
        ClearML's project.

    Raises
    ------
    UnavailableError
        If ClearML is not installed, has no credentials, or does not answer.
    """
    check_reachable("pushing data sets")
    with tempfile.TemporaryDirectory(prefix="smote-bench-push-") as folder:
        sent = [_written(item, key, Path(folder)) for key, item in enumerate(items)]
        for answer in answers_of({"do": "push", "project": project, "items": sent}):
            yield _pushed(items[answer["item"]], answer)


def _pushed(item: ToPush, answer: dict[str, Any]) -> Pushed:
    id, server = str(answer["id"]), str(answer["server"])
    problem = ""
    if "unfinished" in answer:
        problem = (
            f"expected no {item.label} at {server}, got one that was begun and not finished ({id}, "
            f"{answer['unfinished']}): wait for whoever is publishing it, or delete it there and push again"
        )
    elif "there" in answer and answer["there"] != item.dataset.digest:
        problem = (
            f"expected no {item.label} at {server}, or one with digest {item.dataset.digest}, got {id} with "
            f"{answer['there'] or 'none'}: published versions are not replaced; push it under another with "
            f"--as {item.dataset.version}-2, or delete that one there"
        )
    return Pushed(item, id, server, problem, is_new="there" not in answer and not problem)


def _written(item: ToPush, key: int, folder: Path) -> dict[str, Any]:
    """Write a table into a folder of its own; return what the process that publishes it needs."""
    dataset = item.dataset
    here = folder / str(key)
    here.mkdir()
    path = here / f"{dataset.name}.csv"
    target = _free_name(dataset)
    columns = {str(name): dataset.X[name] for name in dataset.X}
    write_csv(path, {**columns, target: _labels(dataset)})
    card = dataset.card
    return {
        "key": key,
        "name": dataset.name,
        "version": item.version,
        "file": str(path),
        "metadata": _metadata(item, target),
        "description": f"{card.title} ({dataset.version}). {card.source}. Licence: {card.licence}.",
    }


def _metadata(item: ToPush, target: str) -> dict[str, Any]:
    """Return what a table is published with: the original's first three keys, and all to read it back by."""
    import pandas as pd

    dataset, X, card = item.dataset, item.dataset.X, item.dataset.card
    categories = {str(name): X[name].cat for name in X if isinstance(X[name].dtype, pd.CategoricalDtype)}
    made_with = dataset.preprocessing or Preprocessing()
    return {
        "total_samples": len(X),
        "features": X.shape[1],
        "classes": 2,
        "minority_samples": int(dataset.y.sum()),
        "format": FORMAT,
        "dataset": dataset.name,
        "version": item.version,
        "kind": dataset.version,
        "digest": dataset.digest,
        "target": target,
        "minority": "1",
        "minority_in_source": card.minority,
        "nominal": [name for name, column in categories.items() if not column.ordered],
        "ordinal": {name: list(column.categories) for name, column in categories.items() if column.ordered},
        "drop_duplicates": card.drop_duplicates,
        "preprocessing": made_with.to_json() if dataset.version == "processed" else None,
        "title": card.title,
        "source": card.source,
        "licence": card.licence,
        "citation": card.citation,
        "remarks": card.remarks,
    }


def _labels(dataset: Dataset) -> Any:
    import pandas as pd

    return pd.Series(dataset.y)


def _free_name(dataset: Dataset) -> str:
    """Return the target's name; another where a feature made by the recipe has it."""
    name = dataset.card.target
    while name in dataset.X.columns:
        name += "_"
    return name
