"""Which columns are metrics that a gate can judge, and what is said where none is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from gating.made_evidence import rows, write_csv

from smote_bench.errors import ConfigError
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.tidy import read_table

Rows = list[dict[str, Any]]


def _read(folder: Path, table: Rows, **options: Any) -> Evidence:
    return read_table(write_csv(folder / "a.csv", table), **options)


def test_names_a_column_without_direction_and_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"a\.csv: .* got 'cost'; likewise 'gain'"):
        _read(tmp_path, rows(metrics=("g_mean", "cost", "gain"), long=False))


def test_refuses_a_metric_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"metric 'gmean' of --metrics, got .*Did you mean 'g_mean'\?"):
        _read(tmp_path, rows(), metrics=["gmean"])


def test_refuses_a_table_of_counts_alone(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a metric with a direction, got tp: add a column"):
        _read(tmp_path, rows(metrics=["tp"]))


@pytest.mark.parametrize("name", ["", "Unnamed: 0", "index"])
def test_an_index_that_was_saved_is_left_out_with_a_note(tmp_path: Path, name: str) -> None:
    table = [{name: n, **row} for n, row in enumerate(rows(long=False))]
    found = _read(tmp_path, table)
    assert found.scores.names == ("g_mean", "roc_auc")
    assert any("columns that count the rows" in note for note in found.about["notes"])


def test_a_metric_called_as_an_index_is_one_if_it_counts_nothing_or_has_a_direction(tmp_path: Path) -> None:
    table = [{**row, "index": n} for n, row in enumerate(rows(long=False))]
    assert "index" in _read(tmp_path, table, better={"index": "high"}).scores.names
    with pytest.raises(ConfigError, match="got 'index'"):
        _read(tmp_path, [{**row, "index": n / 7} for n, row in enumerate(rows(long=False))])
