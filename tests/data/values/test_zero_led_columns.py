"""Codes with leading zeros keep them; numbers that are written with some stay numbers."""

from __future__ import annotations

import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.files import plain_text
from smote_bench.data.sources import parse_source


def load(folder, cells, **keys):
    rows = "".join(f"{cell},{n % 7},{'yes' if n % 4 == 0 else 'no'}\n" for n, cell in enumerate(cells))
    (folder / "z.csv").write_text(f"code,x,y\n{rows}")
    source = parse_source({"name": "z", "file": "z.csv", "target": "y", "minority": "yes", **keys}, folder)
    return load_dataset(source).X, source.findings


ZIPS = ["02134", "10001", "", "94105", "00501"] * 10


def test_zip_codes_are_categories_with_their_zeros(tmp_path):
    X, findings = load(tmp_path, ZIPS)
    assert list(X["code"].cat.categories) == ["00501", "02134", "10001", "94105"]
    assert X["code"].isna().sum() == 10
    assert X["x"].dtype == "float64"
    (found,) = [finding for finding in findings if finding.column == "code"]
    assert "codes with a leading 0, such as '02134'" in found.text
    X, _ = load(tmp_path, ZIPS, kinds={"code": "numeric"})
    assert X["code"].tolist()[0] == 2134.0


@pytest.mark.parametrize("sep", ["^", "~", ":", "-", "]", "|", ","])
@pytest.mark.parametrize("smallest", [0, 1 << 20])
def test_zip_codes_keep_their_zeros_whatever_parts_the_cells_and_however_large_the_file(
    tmp_path, monkeypatch, sep, smallest
):
    monkeypatch.setattr(plain_text, "SMALLEST_BYTES", smallest)
    rows = "".join(f"1.5{sep}{cell}{sep}{'yes' if n % 4 == 0 else 'no'}\n" for n, cell in enumerate(ZIPS))
    (tmp_path / "z.csv").write_text(f"x{sep}code{sep}y\n{rows}")
    entry = {"name": "z", "file": "z.csv", "target": "y", "minority": "yes", "read": {"sep": sep}}
    X = load_dataset(parse_source(entry, tmp_path)).X
    assert list(X["code"].cat.categories) == ["00501", "02134", "10001", "94105"]


@pytest.mark.parametrize(
    "cells",
    [["01", "12", "07"] * 10, ["007", "12", "5"] * 10, ["0.5", "1.5", "0"] * 10, ["10001", "94105"] * 15],
)
def test_other_numbers_stay_numbers(tmp_path, cells):
    X, _ = load(tmp_path, cells)
    assert X["code"].tolist() == [float(cell) for cell in cells]


@pytest.mark.parametrize("mark", ["", "NA", "-", "none", "?"])
def test_a_missing_cell_does_not_decide_whether_digits_are_numbers(tmp_path, mark):
    X, _ = load(tmp_path, [*["007", "12", "103"] * 10, mark])
    assert X["code"].tolist()[:30] == [7.0, 12.0, 103.0] * 10
    assert X["code"].isna().tolist() == [False] * 30 + [True]
    X, _ = load(tmp_path, [*["007", "120", "103"] * 10, mark])
    assert X["code"].cat.categories.tolist()[:3] == ["007", "103", "120"]


@pytest.mark.parametrize("smallest", [0, 1 << 40])
@pytest.mark.parametrize(("late", "is_code"), [("02134", True), ("12134", False), ("9", False)])
def test_a_zero_that_comes_late_in_a_long_file_counts(tmp_path, monkeypatch, smallest, late, is_code):
    monkeypatch.setattr(plain_text, "SMALLEST_BYTES", smallest)
    monkeypatch.setattr("smote_bench.data.tables.lost_texts._ROWS", 12)
    X, _ = load(tmp_path, [*["94105", "10001", "60601"] * 20, late])
    assert X["code"].iloc[-1] == (late if is_code else float(late))
