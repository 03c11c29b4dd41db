"""docs/file_formats.md names the tables, columns, keys and numbers that the code writes."""

from __future__ import annotations

import dataclasses
import importlib
import json
import re
import sqlite3
from pathlib import Path

import pytest
from pyarrow import parquet

from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.evaluation.samples import Sample
from smote_bench.experiment.file import experiment_from_text
from smote_bench.runs.asked import Asked, write_asked
from smote_bench.runs.manifest import build_manifest
from smote_bench.runs.settings import RunSettings
from smote_bench.runs.store import Store
from smote_bench.runs.tables import SCORE_COLUMNS, cell_rows

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "file_formats.md").read_text()
TABLES = ("cells", "predictions", "extras", "begun")
OF_A_RUN = ("asked", "command", "draft")
FIT = Fit("cv", 0, 0, {"recall": 0.5}, 0.1, 0.1, 0.1, (9, 3), (9, 9))
OUTCOME = Outcome(Cell("Ecoli", "SMOTE", "kNN"), "ok", fits=(FIT,))


def rows(title: str) -> list[list[str]]:
    """Return the rows of the page's table below a comment with this title."""
    table = PAGE.partition(f"<!-- {title} -->\n")[2].partition("\n\n")[0]
    assert table, f"docs/file_formats.md has no table '{title}'"
    return [[cell.strip(" `") for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


def first(title: str) -> list[str]:
    return [row[0] for row in rows(title)]


@pytest.mark.parametrize("table", [*TABLES, *OF_A_RUN])
def test_a_table_of_the_store_has_these_columns(table: str, tmp_path: Path) -> None:
    write_asked(tmp_path / "cells.sqlite", Asked(), [], tmp_path)
    with sqlite3.connect(tmp_path / "cells.sqlite") as db:
        columns = [[name, kind] for _, name, kind, *_ in db.execute(f"PRAGMA table_info({table})")]
    assert [row[:2] for row in rows(f"table {table}")] == columns


def test_the_store_has_no_other_table(tmp_path: Path) -> None:
    Store(tmp_path / "cells.sqlite").close()
    with sqlite3.connect(tmp_path / "cells.sqlite") as db:
        there = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert there == set(TABLES)


def test_the_numbers_of_the_formats_are_those_of_the_code() -> None:
    found = re.findall(r"`(smote_bench[\w.]+)\.([A-Z]+)` = (\d+)", PAGE)
    assert len(found) == 4
    for module, name, number in found:
        assert getattr(importlib.import_module(module), name) == int(number)


def test_the_scores_have_these_columns() -> None:
    assert first("columns of scores.csv") == list(SCORE_COLUMNS)


def test_the_cells_have_these_columns() -> None:
    (row,) = cell_rows([OUTCOME], set())
    assert first("columns of cells.csv") == list(row)


def test_a_manifest_has_these_keys() -> None:
    experiment = experiment_from_text("methods: [SMOTE]\ndatasets: [Ecoli]\n", "grid.yaml")
    manifest = build_manifest(experiment, RunSettings("run"), [OUTCOME], set(), [])
    assert first("keys of manifest.json") == list(manifest)
    described = {row[0]: row[1] for row in rows("keys of manifest.json")}
    for key in ("experiment", "cells", "machine"):
        assert re.findall(r"`?(\w+)`?(?:, |$)", described[key]) == list(manifest[key])


def test_an_outcome_and_a_fit_have_these_keys() -> None:
    written = json.loads(OUTCOME.dumps())
    assert set(first("keys of an outcome")) == set(written)
    assert first("keys of a fit") == list(written["fits"][0])


def test_a_sample_has_these_keys() -> None:
    assert first("keys of a sample") == [field.name for field in dataclasses.fields(Sample)]


def test_a_baseline_has_these_keys() -> None:
    header = json.loads((ROOT / "reports" / "baselines" / "gate.json").read_text())
    assert set(first("keys of a baseline")) == set(header)


@pytest.mark.parametrize("part", ["fits", "samples"])
def test_a_baselines_table_has_the_columns_that_are_named(part: str) -> None:
    baseline = ROOT / "reports" / "baselines"
    there = parquet.read_schema(baseline / f"gate.{part}.parquet").names
    metrics = {name for name, _ in json.loads((baseline / "gate.json").read_text())["metrics"]}
    (line,) = re.findall(rf"^\| `NAME\.{part}\.parquet` \| [^|]* \| (.*) \|$", PAGE, flags=re.MULTILINE)
    named = re.findall(r"`(\w+)`", line)
    if part == "fits":
        assert named == [name for name in there if name not in metrics]
    else:
        assert there[6:7] + there[-1:] == named
        assert there[:6] == ["dataset", "method", "classifier", "split", "fold", "seed"]
