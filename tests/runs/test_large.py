"""When a run is too large for a file of each of its parts, and what it has instead."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from made_up import made_up_run

from smote_bench.runs import large


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_counts_pairs_of_data_set_and_method():
    assert not large.is_large(25, 20)
    assert large.is_large(25, 21)


def test_a_large_run_has_one_improvement_table_per_data_set_with_the_same_numbers(tmp_path, monkeypatch):
    small = made_up_run(tmp_path / "small", datasets=2, methods=3, folds=0, rows=60, points=None)
    monkeypatch.setattr(large, "MOST_PAIRS", 5)
    run = made_up_run(tmp_path / "large", datasets=2, methods=3, folds=0, rows=60, points=None)
    names = sorted(path.name for path in (run / "tables").glob("improvement_*"))
    assert names == ["improvement_Ecoli.csv", "improvement_Haberman.csv"]
    together = _rows(run / "tables" / "improvement_Ecoli.csv")
    assert len(together) == 2 * 2 * 5  # methods x classifiers x priority metrics
    for method in ("SMOTE", "class_weight"):
        apart = {
            (row["Classifier"], row["Metric"]): row
            for row in _rows(small / "tables" / f"improvement_Ecoli_{method}.csv")
        }
        for row in (row for row in together if row["Method"] == method):
            other = apart[row["Classifier"], row["Metric"]]
            assert row["Treated"] == other[method]
            for name in ("Original", "Delta_Absolute", "Delta_Percent"):
                assert row[name] == other[name]


def test_the_tidy_table_as_parquet_has_a_row_group_for_each_part_of_the_text(tmp_path, monkeypatch):
    parquet = pytest.importorskip("pyarrow.parquet")
    from smote_bench.runs import tidy_tables

    monkeypatch.setattr(tidy_tables, "_PART_BYTES", 4096)
    run = made_up_run(tmp_path, datasets=2, methods=3, rows=60, points=None)
    found = parquet.ParquetFile(run / "scores.parquet")
    assert found.num_row_groups > (run / "scores.csv").stat().st_size // 4096 - 1 > 10
    rows = _rows(run / "scores.csv")
    table = found.read().to_pylist()
    assert len(table) == len(rows)
    for text, typed in zip(rows, table, strict=True):
        value = "" if typed["value"] is None else repr(typed["value"])
        assert {**text, "value": ""} == {**{k: str(v) for k, v in typed.items()}, "value": ""}
        assert value == text["value"]
