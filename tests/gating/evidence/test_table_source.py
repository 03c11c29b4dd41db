"""A file as columns: what is no table, and rows that are as wide as their header."""

from __future__ import annotations

from pathlib import Path

import pytest
from gating.made_evidence import rows, write_csv

from smote_bench.errors import ConfigError
from smote_bench.gating.evidence.tidy import read_table


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"", r"expected a table in \.csv, .*got .*a\.xlsx.*: save it as CSV or Parquet"),
        ("a.parquet", b"PAR1 and no more", "expected Parquet, got ArrowInvalid: .*; write the file again"),
        ("a.csv.gz", b"no gzip", "expected CSV in UTF-8, got BadGzipFile"),
        ("a.csv", "dataset\nZürich\n".encode("latin-1"), "expected CSV in UTF-8, got"),
        ("a.csv", b"", "expected CSV in UTF-8, got ArrowInvalid"),
        ("a.csv", b"a,b\n1,2\n3\n", "expected CSV in UTF-8, got ArrowInvalid: .*Expected 2 columns, got 1"),
        ("a.csv", b"a,a\n1,2\n", "expected each column once, got 'a' twice: rename one"),
        ("a.csv", b"dataset;method;fold\nE;S;1\n", "Separate the columns by commas"),
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
