"""Tables of other tools as one side of a gate."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from gating.made_evidence import rows, write_csv

from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Unit
from smote_bench.gating.evidence.tidy import read_table
from smote_bench.runs.tables import SCORE_COLUMNS

pytestmark = pytest.mark.versions

Rows = list[dict[str, Any]]


def _same(one: Evidence, other: Evidence) -> bool:
    a, b = one.scores, other.scores
    return (
        (a.cells, a.units, a.draws, a.names) == (b.cells, b.units, b.draws, b.names)
        and np.array_equal(a.values, b.values, equal_nan=True)
        and np.array_equal(a.present, b.present)
        and np.array_equal(a.digests, b.digests)
        and (one.statuses, one.data, one.splits) == (other.statuses, other.data, other.splits)
    )


def _read(folder: Path, table: Rows, **options: Any) -> Evidence:
    return read_table(write_csv(folder / "a.csv", table), **options)


def test_reads_every_value_to_its_place(tmp_path: Path) -> None:
    table = rows()
    found = _read(tmp_path, table)
    panel = found.scores
    assert panel.cells == tuple(
        Cell(dataset, method, "kNN") for dataset in ("Ecoli", "Yeast") for method in ("Original", "SMOTE")
    )
    assert panel.units == tuple(Unit(split, fold) for split in (0, 1) for fold in (0, 1, 2))
    assert (panel.draws, panel.names) == ((0, 1), ("g_mean", "roc_auc"))
    assert found.better == {"g_mean": "high", "roc_auc": "high"}
    assert panel.present.all()
    for row in table:
        place = (
            panel.cells.index(Cell(row["dataset"], row["method"], row["classifier"])),
            panel.units.index(Unit(row["split"], row["fold"])),
            row["seed"],
            panel.names.index(row["metric"]),
        )
        assert panel.values[place] == row["value"]


def test_wide_and_long_gzip_and_parquet_say_the_same(tmp_path: Path) -> None:
    long = write_csv(tmp_path / "long.csv", rows())
    wide = write_csv(tmp_path / "wide.CSV", rows(long=False))
    zipped = tmp_path / "long.csv.gz"
    zipped.write_bytes(gzip.compress(long.read_bytes()))
    parquet = tmp_path / "wide.parquet"
    frame = pd.DataFrame(rows(long=False))
    frame.astype({"dataset": "category", "fold": "float64", "split": "Int64"}).to_parquet(parquet)
    assert all(_same(read_table(long), read_table(path)) for path in (wide, zipped, parquet))


def test_the_order_of_rows_and_columns_does_not_matter(tmp_path: Path) -> None:
    table = [
        {
            **row,
            "data_digest": row["dataset"],
            "status": "noop",
            "reason": f"why {row['fold']}",
            "digest": str(n),
        }
        for n, row in enumerate(rows(long=False))
    ]
    one = _read(tmp_path, table)
    random.Random(0).shuffle(table)
    other = _read(tmp_path, [dict(reversed(row.items())) for row in table])
    assert _same(one, other)
    assert one.statuses[Cell("Ecoli", "SMOTE", "kNN")] == ("noop", "why 0")
    assert _same(_read(tmp_path, rows()), _read(tmp_path, rows()[::-1]))


def test_a_table_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", rows())
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_table(path).scores.present.all()


def test_our_own_scores_are_read(tmp_path: Path) -> None:
    table = [
        dict(zip(SCORE_COLUMNS, ("Ecoli", "SMOTE", "kNN", phase, 0, fold, metric, value), strict=True))
        for phase, fold in (("cv", 0), ("cv", 1), ("holdout", 0))
        for metric, value in (("g_mean", 0.5 + fold), ("brier", 0.1), ("tp", 3))
    ]
    found = _read(tmp_path, table)
    assert found.scores.units == (Unit(0, HOLDOUT_FOLD), Unit(0, 0), Unit(0, 1))
    assert found.scores.draws == (0,)
    assert found.better == {"brier": "low", "g_mean": "high"}
    assert found.about["notes"] == [
        "there is no column 'seed': every row is taken for seed 0",
        "metrics left out, as they have no direction or are counts: tp",
    ]


@pytest.mark.parametrize("text", ["", " ", "nan", "NaN", "NA", "null", "None"])
def test_an_empty_score_is_undefined(tmp_path: Path, text: str) -> None:
    table = rows(long=False)
    table[0]["g_mean"] = text
    panel = _read(tmp_path, table).scores
    assert np.argwhere(np.isnan(panel.values)).tolist() == [[0, 0, 0, 0]]
    assert panel.present.all()


def test_a_missing_score_in_parquet_is_undefined(tmp_path: Path) -> None:
    frame = pd.DataFrame(rows(long=False))
    frame.loc[0, "g_mean"] = None
    frame.to_parquet(tmp_path / "a.parquet")
    assert np.isnan(read_table(tmp_path / "a.parquet").scores.values[0, 0, 0, 0])


def test_a_method_may_be_called_none_or_007(tmp_path: Path) -> None:
    table = [{**row, "method": {"SMOTE": "None", "Original": "007"}[row["method"]]} for row in rows()]
    assert {cell.method for cell in _read(tmp_path, table).scores.cells} == {"None", "007"}


def test_a_fit_that_is_not_in_the_table_is_absent(tmp_path: Path) -> None:
    panel = _read(tmp_path, rows(long=False)[1:]).scores
    assert np.argwhere(~panel.present).tolist() == [[0, 0, 0]]


def test_statuses_are_read_with_reasons_and_need_no_scores(tmp_path: Path) -> None:
    table = [{**row, "status": "", "reason": ""} for row in rows(long=False)]
    failed = dict.fromkeys(table[0], "")
    failed |= {
        "dataset": "Iris",
        "method": "SMOTE",
        "classifier": "kNN",
        "status": "error",
        "reason": "no\nrows",
    }
    found = _read(tmp_path, [*table, failed])
    assert found.statuses[Cell("Iris", "SMOTE", "kNN")] == ("error", "no\nrows")
    assert found.statuses[Cell("Ecoli", "SMOTE", "kNN")] == ("ok", "")
    assert len(found.scores.cells) == 4


def test_what_a_failed_case_gave_is_not_averaged(tmp_path: Path) -> None:
    table = [{**row, "status": "ok"} for row in rows(long=False)]
    table[3]["status"] = "timeout"
    found = _read(tmp_path, table)
    assert found.statuses[Cell("Ecoli", "Original", "kNN")][0] == "timeout"
    assert Cell("Ecoli", "Original", "kNN") not in found.scores.cells


def test_digests_are_read(tmp_path: Path) -> None:
    table = [
        {
            **row,
            "data_digest": f"d{row['dataset']}",
            "split_digest": f"s{row['split']}{row['fold']}",
            "digest": "x",
        }
        for row in rows(long=False)
    ]
    table[0]["digest"] = ""
    found = _read(tmp_path, table)
    assert found.data == {"Ecoli": "dEcoli", "Yeast": "dYeast"}
    assert found.splits["Ecoli", 1, 2] == "s12"
    assert len(found.splits) == 12
    assert found.scores.digests[0, 0, 0] == 0
    assert len(np.unique(found.scores.digests)) == 2


def test_takes_directions_of_other_metrics(tmp_path: Path) -> None:
    found = _read(tmp_path, rows(metrics=("g_mean", "cost")), better={"cost": "low"})
    assert found.better == {"cost": "low", "g_mean": "high"}


def test_takes_the_metrics_that_are_asked_for(tmp_path: Path) -> None:
    found = _read(tmp_path, rows(metrics=("g_mean", "cost", "tp"), long=False), metrics=["tp", "g_mean"])
    assert found.scores.names == ("tp", "g_mean")


def _without(column: str) -> Callable[[Rows], Rows]:
    return lambda table: [{name: v for name, v in row.items() if name != column} for row in table]


def _renamed(old: str, new: str) -> Callable[[Rows], Rows]:
    return lambda table: [{new if name == old else name: v for name, v in row.items()} for row in table]


def _with(n: int, **values: Any) -> Callable[[Rows], Rows]:
    return lambda table: [*table[:n], {**table[n], **values}, *table[n + 1 :]]


def _everywhere(**values: Any) -> Callable[[Rows], Rows]:
    return lambda table: [{**row, **values} for row in table]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            _without("fold"),
            r"a\.csv: expected the columns dataset, .*; got .*, without 'fold'\. Rename or add",
        ),
        (_renamed("dataset", "data_set"), r"without 'dataset'\. Did you mean 'data_set'\?"),
        (_without("value"), "without 'value'"),
        (_everywhere(repeat=1), "expected one of the columns 'split' and 'repeat', got both: .*drop one"),
        (_with(3, value="high"), r"a\.csv, row 5: column 'value': expected a number.*, got 'high': mend"),
        (_with(3, value="inf"), r"row 5: column 'value': expected a finite number, got inf: leave the cell"),
        (_with(3, fold="first"), r"row 5: column 'fold': expected a whole number .*, got 'first': number"),
        (_with(3, fold=1.5), r"row 5: column 'fold': .* got '1\.5'"),
        (_with(3, split=-1), r"column 'split': expected a whole number from 0 on, got '-1'"),
        (_with(3, seed=""), r"row 5: column 'seed': .* got an empty cell"),
        (_with(3, method=""), r"row 5: column 'method': expected a name, got an empty cell: fill it in"),
        (_with(3, metric=""), r"row 5: column 'metric': expected a metric, got an empty cell"),
        (
            _with(3, metric="G_mean"),
            r"expected metrics whose direction is known, got 'G_mean'\. Did you mean 'g_",
        ),
        (_everywhere(phase="test"), r"row 2: column 'phase': expected cv or holdout, got 'test'"),
        (
            _everywhere(status="okay"),
            r"column 'status': expected one of ok, .*got 'okay'\. Did you mean 'ok'\?",
        ),
        (
            lambda table: [{**row, "data_digest": n} for n, row in enumerate(table)],
            "expected the same in all",
        ),
        (lambda table: [{**row, "split_digest": n} for n, row in enumerate(table)], "in all rows of a fold"),
        (lambda table: [{**row, "digest": n} for n, row in enumerate(table)], "in all rows of a fit"),
        (
            lambda table: [*table, table[4]],
            r"a\.csv, rows 6 and 98: expected one row .*, got two of Ecoli-Original-kNN, split 0, seed 0, "
            r"fold 2 and metric g_mean: delete one",
        ),
        (lambda _: [], "below the header"),
    ],
)
def test_says_what_is_wrong_with_a_table(
    tmp_path: Path, change: Callable[[Rows], Rows], message: str
) -> None:
    table = change(rows())
    path = tmp_path / "a.csv"
    write_csv(path, table or rows())
    if not table:
        path.write_text(path.read_text(encoding="utf-8").partition("\n")[0] + "\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        read_table(path)


def test_two_rows_of_a_wide_table_for_one_fit_are_refused(tmp_path: Path) -> None:
    table = rows(long=False)
    with pytest.raises(ConfigError, match=r"rows 2 and 50: .*split 0, seed 0, fold 0: delete"):
        _read(tmp_path, [*table, table[0]])


def test_refuses_a_panel_that_would_not_fit_into_memory(tmp_path: Path) -> None:
    table = [
        {**row, "dataset": f"d{n}", "seed": n, "fold": n} for n, row in enumerate(rows(long=False, folds=60))
    ]
    with pytest.raises(
        ConfigError, match="expected cases that share splits, seeds and folds, got 960 cases x"
    ):
        _read(tmp_path, table)


def test_reading_a_csv_imports_no_pandas(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", rows())
    code = (
        "import sys; from smote_bench.gating.evidence.tidy import read_table; read_table(sys.argv[1]);"
        "print({'pandas', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
