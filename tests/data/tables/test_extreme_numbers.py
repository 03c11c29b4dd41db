"""Numbers beyond what float64 and its squares hold are named before the first cell."""

from __future__ import annotations

import decimal

import pandas as pd
import pytest

from smote_bench.data.sources import parse_source

ENTRY = {"name": "own", "file": "own.csv", "target": "y", "minority": "yes"}


def caveats(folder, cells, **keys):
    rows = [f"{n % 3},{cell},{'yes' if n in (3, 8) else 'no'}" for n, cell in enumerate(cells)]
    (folder / "own.csv").write_text("\n".join(["x,a,y", *rows]) + "\n")
    found = parse_source({**ENTRY, **keys}, folder).findings
    return [str(one) for one in found if one.column == "a" and one.kind == "suspect"]


@pytest.mark.parametrize("missing", ["", "NA"])
def test_whole_numbers_beyond_two_to_the_53_are_named(tmp_path, missing):
    (said,) = caveats(tmp_path, [*(2**53 + n % 4 for n in range(9)), missing])
    assert "column 'a' has 9 whole numbers beyond 2**53" in said
    assert caveats(tmp_path, [*(2**53 + n % 4 for n in range(9)), missing], drop=["a"]) == []


def test_huge_numbers_are_named(tmp_path):
    (said,) = caveats(tmp_path, ["1e308", "-1e200", *"1234567"])
    assert "column 'a' has 2 numbers beyond 1e150" in said


def test_other_numbers_are_not(tmp_path):
    assert caveats(tmp_path, [2**53 - 1 - n for n in range(9)]) == []
    assert caveats(tmp_path, [1e20 + 0.5, 1.5, *"1234567"]) == []


LONG = [5 * 10**19 + 1 + 7 * n * n for n in range(40)]


def parquet_findings(folder, values, name="a", **keys):
    labels = ["yes" if n % 4 == 0 else "no" for n in range(len(values))]
    frame = pd.DataFrame({name: values, "x": [1.5 + n % 7 for n in range(len(values))], "y": labels})
    frame.to_parquet(folder / "own.parquet")
    entry = {**ENTRY, "file": "own.parquet", "drop_duplicates": False, **keys}
    return [one for one in parse_source(entry, folder).findings if one.column == name and one.kind != "leak"]


@pytest.mark.parametrize("write", [str, "-{}".format, "{:,} €".format, "{:,}".format])
def test_longer_numbers_than_any_integer_are_named_however_they_are_written(tmp_path, write):
    texts = [write(number) for number in LONG]
    (said,) = caveats(tmp_path, [f'"{text}"' for text in texts])
    assert "whole numbers beyond 2**53 in 40 rows: 40 lose digits" in said
    found = parquet_findings(tmp_path, texts)
    assert "40 lose digits" in " ".join(one.text for one in found if one.kind == "suspect")


def test_long_decimals_of_arrow_are_named_exact_ones_and_fractions_are_not(tmp_path):
    found = parquet_findings(tmp_path, [decimal.Decimal(number) for number in LONG])
    assert [one.kind for one in found] == ["read", "suspect"]
    found = parquet_findings(tmp_path, [decimal.Decimal(2**60 + n * n * 2**20) for n in range(40)])
    assert [one.kind for one in found] == ["read"]
    found = parquet_findings(tmp_path, [decimal.Decimal(f"0.{number}") for number in LONG])
    assert [one.kind for one in found] == ["read"]


@pytest.mark.parametrize("made", [str, decimal.Decimal, lambda n: 10**17 + n % 10**6 // 7])
def test_long_numbers_that_name_the_rows_are_left_out_however_alike_as_floats(tmp_path, made):
    found = parquet_findings(tmp_path, [made(number) for number in LONG], "account_no")
    assert [one.kind for one in found] == ["left out"]
    assert "as an identifier: 40 different" in found[0].text
    kept = parquet_findings(tmp_path, [made(number) for number in LONG], "account_no", keep=["account_no"])
    assert [one.kind for one in kept][-1] == "suspect"


@pytest.mark.parametrize("made", [str, decimal.Decimal])
def test_texts_and_decimals_that_count_the_rows_are_left_out_as_numbers_are(tmp_path, made):
    (found,) = parquet_findings(tmp_path, [made(n) for n in range(40)])
    assert found.kind == "left out"
    assert "as a counter of the rows: 0 to 39" in found.text
