"""Fingerprints and sizes of data sets: known from the bytes of a file, without reading it as a table."""

from __future__ import annotations

import pandas as pd
import pytest
from data.own_file import TABLE, entry

from smote_bench.data.fingerprints import fingerprint, size_hint
from smote_bench.data.sources import UserFile, parse_source


def test_the_fingerprint_of_a_file_changes_with_everything_that_changes_the_data(folder):
    source = parse_source(entry(), folder)
    known = [fingerprint(source), fingerprint(source, "processed")]
    known += [fingerprint(source, "processed", recipe={"scaling": "standard", "n_neighbors": 5})]
    for changes in (
        {"target": "size", "minority": "medium"},
        {"target": "size", "minority": "small"},
        {"nominal": ["age"]},
        {"ordinal": {"size": ["small", "medium", "large"]}},
        {"ordinal": {"size": ["large", "medium", "small"]}},
        {"drop_duplicates": False},
    ):
        known.append(fingerprint(parse_source(entry(**changes), folder)))
    (folder / "own.csv").write_text(TABLE.replace("31,", "32,"))
    known.append(fingerprint(source))
    assert len({repr(value) for value in known}) == len(known)


def test_the_fingerprint_does_not_change_with_where_the_file_lies(folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "own.csv").write_text(TABLE)
    assert fingerprint(parse_source(entry(), folder)) == fingerprint(parse_source(entry(), other))


def test_the_size_of_a_file_is_about_known_without_reading_it(folder):
    assert size_hint(parse_source(entry(), folder)) == (5, 3)
    rows = 30000
    (folder / "big.csv").write_text("a,b,label\n" + "1.25,2.5,no\n" * rows + "1.25,2.5,yes\n")
    big = UserFile("big", folder / "big.csv", "label", "yes")
    n_rows, n_features = size_hint(big)
    assert n_features == 2
    assert n_rows == pytest.approx(rows, rel=0.05)


def test_the_size_of_a_parquet_file_is_in_its_footer(folder):
    pd.read_csv(folder / "own.csv").to_parquet(folder / "own.parquet", index=False)
    assert size_hint(parse_source(entry(file="own.parquet"), folder)) == (5, 3)


def test_the_size_of_a_catalogue_set_is_on_its_card():
    assert size_hint("Mammography") == (11183, 6)
