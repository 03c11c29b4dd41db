"""Writes the tables of the analysis as CSV, and every table of a run as Markdown and LaTeX beside its CSV."""

from __future__ import annotations

import csv
import itertools
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.data.files.csv_rows import lift_field_limit
from smote_bench.methods.names import ORIGINAL
from smote_bench.plain_text import guarded, unguarded
from smote_bench.report.text.analysis_tables import analysis_tables
from smote_bench.report.text.text_table import TextTable, format_number, is_number
from smote_bench.runs.folder import file_name
from smote_bench.runs.whole_folder import whole_folder

if TYPE_CHECKING:
    from smote_bench.runs.open import Run

__all__ = ["write_text_tables"]

_Rows = list[list[str]]

_OF_METHODS = ("method",)
_MOST_LINES = 500
"""Of a large run's table that is written as Markdown and LaTeX too."""


def write_text_tables(run: Run, folder: Path) -> list[Path]:
    """Write ``tables/*.md`` and ``tables/*.tex`` beside the CSV files, and the CSV files of the analysis.

    The CSV files that are there stay as they are. The results of a data set are shown by the priority metrics
    alone, as mean ± standard deviation: its CSV has all metrics.

    Parameters
    ----------
    run : Run
    folder : Path
        The run's.

    Returns
    -------
    list of Path
        What was written.
    """
    tables = Path(folder) / "tables"
    captions = _captions(run)
    names: list[str] = []
    lift_field_limit()
    with whole_folder(tables) as fresh:
        for path in sorted(tables.glob("*.csv")):
            shutil.copy2(path, fresh)
        for name, caption, frame in analysis_tables(run):
            captions[name] = caption
            people = frame.map(guarded).rename(columns=guarded)
            people.to_csv(fresh / f"{name}.csv", index=False, lineterminator="\n")
            names.append(f"{name}.csv")
        for path in sorted(fresh.glob("*.csv")):
            if not _is_for_people(path, _MOST_LINES if run.is_large else None):
                continue
            with path.open(newline="", encoding="utf-8") as file:
                header, *rows = ([*map(unguarded, cells)] for cells in csv.reader(file))
            table = _text_table(run, path.stem, header, rows, captions.get(path.stem, path.stem))
            for ending, text in (("md", table.markdown()), ("tex", table.latex(path.stem))):
                # Not with_suffix: a name may have dots.
                fresh.joinpath(f"{path.stem}.{ending}").write_text(text, encoding="utf-8")
                names.append(f"{path.stem}.{ending}")
    return [tables / name for name in names]


def _is_for_people(path: Path, most: int | None) -> bool:
    """Whether a table is short enough to be read, not searched; another is CSV alone."""
    if most is None:
        return True
    with path.open("rb") as file:
        return sum(1 for _ in itertools.islice(file, most + 1)) <= most


def _captions(run: Run) -> dict[str, str]:
    captions = {
        "summary": "Each method over all data sets and classifiers.",
        "seconds": "Seconds of each cell; resampling is shared by the classifiers of a method.",
        "not_ok": "Cells that are not ok, and why.",
    }
    where = "on the hold-out" if run.test_size else "in cross-validation"
    for dataset in run.datasets:
        captions[f"results_{file_name(dataset)}"] = f"{dataset}: mean ± standard deviation over fits."
        captions[f"improvement_{file_name(dataset)}"] = (
            f"{dataset}: each method against {ORIGINAL} {where}, by the priority metrics."
        )
        for method in run.methods:
            name = f"improvement_{file_name(dataset)}_{file_name(method)}"
            captions[name] = f"{dataset}: {method} against {ORIGINAL} {where}."
    return captions


def _text_table(run: Run, name: str, header: list[str], rows: _Rows, caption: str) -> TextTable:
    rows = _labelled(run, header, rows)
    if name.startswith("results_"):
        return _results(run, header, rows, caption)
    return TextTable(header, _formatted(rows), caption)


def _labelled(run: Run, header: list[str], rows: _Rows) -> _Rows:
    """Return the rows with methods as people read them; CSV has their names, by which programs join."""
    places = [n for n, name in enumerate(header) if name.lower() in _OF_METHODS]
    for row in rows:
        for place in places:
            row[place] = run.label_of(row[place])
    return rows


def _formatted(rows: _Rows) -> _Rows:
    """Return the rows with the numbers of columns that hold nothing else to four decimals."""
    if not rows:
        return rows
    columns = [
        [format_number(cell) if cell else "" for cell in column]
        if all(is_number(cell) for cell in column if cell)
        else list(column)
        for column in zip(*rows, strict=True)
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def _results(run: Run, header: list[str], rows: _Rows, caption: str) -> TextTable:
    """Return a data set's results by the priority metrics; the best of each column stands out."""
    place = {name: n for n, name in enumerate(header)}
    metrics = [metric for metric in run.priority_metrics if metric in place]
    shown, bold = [[row[place["Method"]], row[place["Classifier"]]] for row in rows], set()
    for column, metric in enumerate(metrics, start=2):
        means = [row[place[metric]] for row in rows]
        spreads = [row[place[f"{metric}_std"]] for row in rows]
        for line, mean, spread in zip(shown, means, spreads, strict=True):
            known = [format_number(value) for value in (mean, spread) if value]
            line.append(" ± ".join(known) if mean else "")
        bold |= {(row, column) for row in _best(means, run.metrics[metric].better)}
    for line, row in zip(shown, rows, strict=True):
        line += [row[place["Phase"]], row[place["Fits"]]]
    return TextTable(["Method", "Classifier", *metrics, "Phase", "Fits"], shown, caption, frozenset(bold))


def _best(means: Sequence[str], better: str | None) -> list[int]:
    """Return the rows with the best mean to four digits; none where no direction is better."""
    known = {row: round(float(mean), 4) for row, mean in enumerate(means) if mean}
    if better is None or not known:
        return []
    best = min(known.values()) if better == "low" else max(known.values())
    return [row for row, mean in known.items() if mean == best]
