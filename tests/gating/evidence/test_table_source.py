"""A file as columns: what is no table, and rows that are as wide as their header."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from gating.made_evidence import rows, write_csv

from smote_bench.errors import ConfigError
from smote_bench.gating.evidence.tidy import read_table


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.ods", b"", r"expected a table in \.csv, .*got .*a\.ods.*: save it as CSV or Parquet"),
        ("a.arff", b"@relation a", r"expected a table in \.csv, .*got .*a\.arff"),
        ("a.xlsx", b"", "expected an Excel table at .*a.xlsx, got File is not a zip file"),
        ("a.parquet", b"PAR1 and no more", "expected Parquet, got ArrowInvalid: .*; write the file again"),
        ("a.csv.gz", b"no gzip", "expected CSV, got BadGzipFile"),
        ("a.csv", "dataset\nZürich\n".encode("latin-1"), "got dataset, without 'method'"),
        ("a.csv", b"", "expected a row for each fit, got none"),
        ("a.csv", b"a,b\n1,2\n3\n", "expected CSV, got ArrowInvalid: .*Expected 2 columns, got 1"),
        ("a.csv", b"a,a\n1,2\n", "expected each column once, got 'a' twice: rename one"),
        ("a.csv", b"dataset;method;fold\nE;S;1\n", "got dataset, method, fold, without 'classifier'"),
        ("a.csv", b"dataset;method\nE;S;1\n", "line 2: expected 2 cells as in the header, got 3"),
    ],
)
def test_refuses_what_is_no_table(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        read_table(path)


@pytest.mark.parametrize("n", [0, 1, 2])
@pytest.mark.parametrize(("ending", "change"), [(",", 1), (",x", 1), (None, -1)])
def test_refuses_a_row_of_another_width(tmp_path: Path, n: int, ending: str | None, change: int) -> None:
    path = write_csv(tmp_path / "a.csv", rows())
    lines = path.read_text().splitlines()
    width = len(lines[0].split(","))
    line = lines[n + 1]
    lines[n + 1] = line.rpartition(",")[0] if ending is None else f"{line}{ending}"
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(ConfigError, match=f"Expected {width} columns, got {width + change}"):
        read_table(path)


def test_blank_lines_before_the_header_do_not_make_numbers_of_names(tmp_path: Path) -> None:
    table = [{**row, "method": {"SMOTE": "7", "Original": "007"}[row["method"]]} for row in rows()]
    path = write_csv(tmp_path / "a.csv", table)
    path.write_text("\n\n" + path.read_text())
    assert {cell.method for cell in read_table(path).scores.cells} == {"7", "007"}


def test_suggests_the_file_that_was_meant(tmp_path: Path) -> None:
    write_csv(tmp_path / "scores.csv", rows())
    with pytest.raises(
        ConfigError, match=r"which is not there\. Did you mean 'scores\.csv'\? Check the path"
    ):
        read_table(tmp_path / "score.csv")


def _dressed(path: Path, table: list[dict[str, object]], form: str) -> Path:
    """Write a table in another form than commas in UTF-8."""
    frame = pd.DataFrame(table)
    if form == "semicolons":
        frame.to_csv(path.with_suffix(".csv"), sep=";", decimal=",", index=False)
        return path.with_suffix(".csv")
    if form == "tabs":
        frame.to_csv(path.with_suffix(".tsv.xz"), sep="\t", index=False)
        return path.with_suffix(".tsv.xz")
    if form == "latin-1":
        frame.to_csv(path.with_suffix(".csv"), index=False, encoding="latin-1")
        return path.with_suffix(".csv")
    if form == "utf-16":
        frame.to_csv(path.with_suffix(".csv"), index=False, encoding="utf-16")
        return path.with_suffix(".csv")
    if form == "comments":
        path.with_suffix(".csv").write_text(
            "# made by a tool\n" + frame.to_csv(index=False), encoding="utf-8"
        )
        return path.with_suffix(".csv")
    if form == "excel":
        frame.to_excel(path.with_suffix(".xlsx"), index=False)
        return path.with_suffix(".xlsx")
    frame.to_feather(path.with_suffix(".feather"))
    return path.with_suffix(".feather")


@pytest.mark.parametrize("form", ["semicolons", "tabs", "latin-1", "utf-16", "comments", "excel", "feather"])
def test_a_table_is_read_in_every_form_that_data_sets_have(tmp_path: Path, form: str) -> None:
    if form == "excel":
        pytest.importorskip("openpyxl")
    table = [{**row, "dataset": f"Zürich {row['dataset']}"} for row in rows()]
    plain = read_table(write_csv(tmp_path / "plain.csv", table))
    dressed = read_table(_dressed(tmp_path / "dressed", table, form))
    assert dressed.scores.cells == plain.scores.cells
    np.testing.assert_array_equal(dressed.scores.values, plain.scores.values)
    if form in ("semicolons", "tabs", "latin-1", "utf-16", "comments"):
        assert len(dressed.about["notes"]) > len(plain.about["notes"]), "what was guessed is said"


@pytest.mark.parametrize("marker", ["", "NA", "n/a", "-", "?", "None", "#N/A", "NULL", "nan"])
def test_what_stands_for_a_missing_cell_in_data_sets_is_an_undefined_score(
    tmp_path: Path, marker: str
) -> None:
    table = rows()
    table[3] = {**table[3], "value": marker}
    values = read_table(write_csv(tmp_path / "a.csv", table)).scores.values
    assert np.isnan(values).sum() == 1


@pytest.mark.parametrize("form", ["{:.2%}", "${:,.4f}", "{:.4f} USD", "{:.4f}s"])
def test_dressed_scores_are_read_with_a_note(tmp_path: Path, form: str) -> None:
    plain = read_table(write_csv(tmp_path / "plain.csv", rows()))
    table = [{**row, "value": form.format(row["value"])} for row in rows()]
    dressed = read_table(write_csv(tmp_path / "dressed.csv", table))
    np.testing.assert_allclose(dressed.scores.values, plain.scores.values, rtol=1e-12)
    assert any("column 'value' is read as numbers" in note for note in dressed.about["notes"])
    assert not any("is read as numbers" in note for note in plain.about["notes"])


def test_scores_that_are_not_written_alike_name_the_first_that_is_no_number(tmp_path: Path) -> None:
    table = rows()
    table[2] = {**table[2], "value": "57.3%"}
    with pytest.raises(ConfigError, match=r"row 4: column 'value': expected a number, .* got '57.3%'"):
        read_table(write_csv(tmp_path / "a.csv", table))


def test_points_that_look_like_those_of_thousands_are_refused(tmp_path: Path) -> None:
    table = rows(long=False, metrics=("cost",))
    for n, row in enumerate(table):
        row["cost"] = f"{700 + n * 37:,}".replace(",", ".")
    with pytest.raises(ConfigError, match=r"'1\.\d{3}' beside whole numbers below 1000.*write '1\d{3}'"):
        read_table(write_csv(tmp_path / "a.csv", table), better={"cost": "low"})


def test_notes_name_no_key_that_the_gate_has_not(tmp_path: Path) -> None:
    table = [
        {**row, "dataset": f"Zürich {row['dataset']}", "value": f"1.{n + 100}"}
        for n, row in enumerate(rows())
    ]
    pd.DataFrame(table).to_csv(tmp_path / "a.csv", sep=";", index=False, encoding="latin-1")
    notes = read_table(tmp_path / "a.csv").about["notes"]
    assert any("may be read in two ways" in note for note in notes)
    assert not any("a.csv" in note for note in notes)  # a verdict says it in front of each
    assert not any("read:" in note for note in notes)
