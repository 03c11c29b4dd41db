"""Writes a comparison: compare.md, compare.json, cell_changes.csv, compare.html."""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from smote_bench.plain_text import guarded
from smote_bench.report.compare.differences import verdict
from smote_bench.report.compare.document import comparison_sections
from smote_bench.report.compare.page import comparison_page
from smote_bench.report.compare.two_runs import Comparison
from smote_bench.report.text.document import as_markdown
from smote_bench.runs.folder import file_name
from smote_bench.runs.open import Run
from smote_bench.runs.whole_folder import whole_file, write_whole

__all__ = ["comparison_name", "run_labels", "write_comparison"]

_LONGEST_NAME = 120


def run_labels(runs: Sequence[Run]) -> list[str]:
    """Return a name for each run: its folder's, with as many parents as tell it from the others.

    The same folder twice gets the same folder's name with a number.
    """
    folders = [run.folder.resolve() for run in runs]
    depth = 1
    while depth < max(len(folder.parts) for folder in folders):
        if len({folder.parts[-depth:] for folder in folders}) == len(set(folders)):
            break
        depth += 1
    labels: list[str] = []
    for folder in folders:
        label = "/".join(folder.parts[-depth:]).lstrip("/")
        again = sum(other == label or other.startswith(f"{label} (") for other in labels)
        labels.append(f"{label} ({again + 1})" if again else label)
    return labels


def comparison_name(labels: Sequence[str]) -> str:
    """Return the folder's name for a comparison of runs with these labels."""
    name = file_name("-vs-".join(labels))
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[:_LONGEST_NAME]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def write_comparison(folder: Path, comparisons: Sequence[Comparison], labels: Sequence[str]) -> list[Path]:
    """Write the four files and return their paths.

    Parameters
    ----------
    folder : Path
        Created where it is not there; files of these names are replaced.
    comparisons : sequence of Comparison
    labels : sequence of str
        Of the base and of the others.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sections = comparison_sections(comparisons, labels)
    plain = comparisons_to_json(comparisons, labels)
    write_whole(folder / "compare.md", as_markdown(sections))
    write_whole(folder / "compare.json", json.dumps(plain, indent=2, allow_nan=False) + "\n")
    _write_cells(folder / "cell_changes.csv", comparisons, labels)
    write_whole(folder / "compare.html", comparison_page(comparisons, labels))
    return [folder / name for name in ("compare.html", "compare.md", "compare.json", "cell_changes.csv")]


def comparisons_to_json(comparisons: Sequence[Comparison], labels: Sequence[str]) -> dict[str, Any]:
    """Return comparisons as JSON values; NaN and infinities are null."""
    return {
        "base": {"label": labels[0], "folder": str(comparisons[0].base.folder)},
        "comparisons": [
            _to_json(comparison, label) for comparison, label in zip(comparisons, labels[1:], strict=True)
        ],
    }


def _to_json(c: Comparison, label: str) -> dict[str, Any]:
    scores = [
        {"metric": metric, **_difference(difference, c.metrics[metric].better)}
        for metric, difference in c.differences.items()
    ]
    by_method = [
        {"method": method, "metric": metric, **_difference(difference, c.metrics[metric].better)}
        for (method, metric), difference in c.by_method.items()
    ]
    seconds = {"all": c.seconds, **{f"method {name}": s for name, s in c.seconds_by_method.items()}}
    return {
        "label": label,
        "folder": str(c.other.folder),
        "warnings": c.warnings,
        "settings": [asdict(change) for change in c.changes],
        "renamed": {part: dict(names) for part, names in c.cells.renamed.items()},
        "cells": {
            "in_common": len(c.cells.pairs),
            "identical": c.n_identical,
            "compared": len(c.compared),
            "paired": sum(pair.pairing == "paired" for pair in c.compared),
            "only_base": [vars(cell) for cell in c.cells.only_base],
            "only_other": [vars(cell) for cell in c.cells.only_other],
            "status_changes": [
                {**vars(change.cell), "base": change.base, "other": change.other, "reason": change.reason}
                for change in c.cells.status_changes
            ],
        },
        "scores": scores,
        "scores_by_method": by_method,
        "seconds": {name: {**asdict(s), "ratio": _or_none(s.ratio)} for name, s in seconds.items()},
    }


def _difference(difference: Any, better: str | None) -> dict[str, Any]:
    plain = {
        name: _or_none(value) if isinstance(value, float) else value
        for name, value in asdict(difference).items()
    }
    said = verdict(difference.mean, difference.half_width, better, is_identical=difference.is_identical)
    return {**plain, "verdict": said}


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _write_cells(path: Path, comparisons: Sequence[Comparison], labels: Sequence[str]) -> None:
    """Write a row per compared run, cell and metric; empty where something is undefined."""
    with whole_file(path) as partial, partial.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["run", *comparisons[0].by_cell.columns])
        for comparison, label in zip(comparisons, labels[1:], strict=True):
            for row in comparison.by_cell.itertuples(index=False, name=None):
                values = ["" if isinstance(v, float) and not math.isfinite(v) else v for v in row]
                writer.writerow(map(guarded, [label, *values]))
