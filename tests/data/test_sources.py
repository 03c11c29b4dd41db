"""A user's own file: what is accepted, what is read from it, and what is said when something is wrong."""

from __future__ import annotations

import gzip

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.fingerprints import fingerprint, size_hint
from smote_bench.data.sources import UserFile, parse_source, source_name
from smote_bench.errors import ConfigError

TABLE = """age,colour,size,label
31,red,small,no
25,,large,no
40,blue,small,yes
,red,medium,no
25,red,large,no
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "own.csv").write_text(TABLE)
    return tmp_path


def entry(**changes):
    return {"name": "own", "file": "own.csv", "target": "label", "minority": "yes", **changes}


def test_reads_a_csv_file_without_code(folder):
    own = load_dataset(parse_source(entry(), folder))
    assert own.name == "own"
    assert own.y.tolist() == [0, 0, 1, 0, 0]
    assert own.X["age"].tolist()[:3] == [31, 25, 40]
    assert np.isnan(own.X["age"][3])
    assert own.X["colour"].isna().tolist() == [False, True, False, False, False]
    assert isinstance(own.X["colour"].dtype, pd.CategoricalDtype)
    assert (own.card.rows, own.card.features, own.card.minority_rows, own.card.missing) == (5, 3, 1, 2)


def test_reads_gzip_and_parquet_to_the_same_content(folder):
    (folder / "own.csv.gz").write_bytes(gzip.compress(TABLE.encode()))
    pd.read_csv(folder / "own.csv").to_parquet(folder / "own.parquet")
    digests = {
        load_dataset(parse_source(entry(file=name), folder)).digest
        for name in ("own.csv", "own.csv.gz", "own.parquet")
    }
    assert len(digests) == 1


def test_ordered_categories_keep_their_order(folder):
    own = load_dataset(
        parse_source(entry(ordinal={"size": ["small", "medium", "large"]}), folder), "processed"
    )
    assert own.X["size"].tolist() == [0.0, 1.0, 0.0, 0.5, 1.0]


def test_numbers_can_be_declared_nominal(folder):
    own = load_dataset(parse_source(entry(nominal=["age"]), folder), "processed")
    assert [name for name in own.X.columns if name.startswith("age")] == ["age=25", "age=31", "age=40"]


def test_a_condition_makes_a_numeric_target_binary(folder):
    (folder / "rate.csv").write_text("a,rate\n1,0.1\n2,0.65\n3,0.9\n")
    source = parse_source({"name": "rate", "file": "rate.csv", "target": "rate", "minority": ">0.65"}, folder)
    assert load_dataset(source).y.tolist() == [0, 0, 1]


def test_a_label_that_looks_like_a_condition_is_a_label(folder):
    (folder / "pay.csv").write_text("a,pay\n1,<=50\n2,<=50\n3,>50\n")
    source = parse_source({"name": "pay", "file": "pay.csv", "target": "pay", "minority": ">50"}, folder)
    assert load_dataset(source).y.tolist() == [0, 0, 1]


def test_numeric_labels_are_compared_as_numbers(folder):
    (folder / "one.csv").write_text("a,y\n1,0.0\n2,1.0\n3,0.0\n")
    source = parse_source({"name": "one", "file": "one.csv", "target": "y", "minority": 1}, folder)
    assert load_dataset(source).y.tolist() == [0, 1, 0]


def test_a_file_from_excel_with_a_byte_order_mark_is_read(folder):
    (folder / "own.csv").write_bytes(b"\xef\xbb\xbf" + TABLE.encode())
    assert load_dataset(parse_source(entry(), folder)).X.columns[0] == "age"


def test_a_file_is_found_relative_to_the_experiment_or_absolutely(folder):
    assert parse_source(entry(), folder) == parse_source(
        entry(file=str(folder / "own.csv")), folder / "elsewhere"
    )


def test_duplicates_can_be_kept(folder):
    (folder / "twice.csv").write_text("a,y\n1,0\n1,0\n2,1\n")
    spec = {"name": "twice", "file": "twice.csv", "target": "y", "minority": "1"}
    assert len(load_dataset(parse_source(spec, folder), "processed").y) == 2
    assert len(load_dataset(parse_source({**spec, "drop_duplicates": False}, folder), "processed").y) == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"minorty": "yes"}, "got 'minorty'. Did you mean 'minority'"),
        ({"target": "lable"}, "expected a column 'lable'.* Did you mean 'label'"),
        ({"target": 3}, r"expected text for 'target', got 3 \(int\)"),
        ({"minority": "maybe"}, "label = 'maybe', got none: set 'minority' to one of 'no', 'yes'"),
        ({"minority": "no"}, "to be the minority of own.csv, got 4 of 5 rows"),
        ({"minority": True}, "got True: quote it"),
        ({"minority": ["yes"]}, r"got \['yes'\] \(list\)"),
        ({"file": "missing.csv"}, "there is none"),
        ({"file": "own.xlsx"}, "expected a file ending in .csv, .csv.gz, .parquet, got 'own.xlsx'"),
        ({"name": "Adult"}, "one of the catalogue"),
        ({"name": "my set"}, "got 'my set'"),
        ({"nominal": "colour"}, "expected a list of column names for 'nominal', got 'colour'"),
        ({"nominal": ["color"]}, "Did you mean 'colour'"),
        ({"nominal": ["label"]}, "one role for each column, got two for 'label'"),
        ({"ordinal": {"size": ["small", "small"]}}, "distinct categories of 'size'"),
        ({"ordinal": ["size"]}, r"expected {column: \[lowest, ..., highest\]}"),
        ({"drop_duplicates": "no"}, "expected true or false for 'drop_duplicates', got 'no'"),
    ],
)
def test_rejects_a_wrong_description_of_a_file(folder, changes, message):
    with pytest.raises(ConfigError, match=message):
        parse_source(entry(**changes), folder)


@pytest.mark.parametrize("key", ["name", "file", "target", "minority"])
def test_names_the_key_that_is_missing(folder, key):
    spec = entry()
    del spec[key]
    with pytest.raises(ConfigError, match=f"{key!r} is missing"):
        parse_source(spec, folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a;label\n1;no\n2;yes\n", "separated by commas"),
        ("a,a,label\n1,2,no\n1,2,no\n1,2,yes\n", "got 'a' more than once"),
        ("a,label\n1,no\n2,\n3,yes\n", "got 1 rows without"),
        ("a,label\n", "got 0 rows without and 0 with one"),
        ("", "expected a column 'label'"),
    ],
)
def test_rejects_a_file_that_is_not_such_a_table(folder, text, message):
    (folder / "own.csv").write_text(text)
    with pytest.raises(ConfigError, match=message):
        parse_source(entry(), folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,label\n1,no\n2,no\n3,no\n4,no\n5x,yes\n", "mostly numbers and '5x'"),
        ("a,label\n1,no\ninf,yes\n2,no\n", "expected finite numbers in column 'a', got 1 infinite"),
    ],
)
def test_rejects_cells_that_would_change_a_column_in_silence(folder, text, message):
    (folder / "own.csv").write_text(text)
    source = parse_source(entry(), folder)
    with pytest.raises(ConfigError, match=message):
        load_dataset(source)


def test_rejects_a_category_outside_the_given_order(folder):
    source = parse_source(entry(ordinal={"size": ["small", "large"]}), folder)
    with pytest.raises(ConfigError, match="got 'medium' too"):
        load_dataset(source)


def test_rejects_dates_with_what_to_do(folder):
    dates = pd.to_datetime(["2020-01-01", "2020-01-02", "2020-01-03"])
    pd.DataFrame({"day": dates, "label": ["no", "yes", "no"]}).to_parquet(folder / "own.parquet")
    with pytest.raises(ConfigError, match="turn dates into numbers"):
        load_dataset(parse_source(entry(file="own.parquet"), folder))


def test_a_parquet_target_is_checked_when_it_is_loaded(folder):
    pd.read_csv(folder / "own.csv").to_parquet(folder / "own.parquet")
    with pytest.raises(ConfigError, match="set 'minority' to one of 'no', 'yes'"):
        load_dataset(parse_source(entry(file="own.parquet", minority="maybe"), folder))


def test_catalogue_and_keel_names_pass_as_they_are(tmp_path):
    assert parse_source("Satimage", tmp_path) == source_name("Satimage") == "Satimage"
    assert parse_source("keel:ecoli3", tmp_path) == "keel:ecoli3"


@pytest.mark.parametrize(("value", "message"), [("Satimag", "Did you mean 'Satimage'"), (7, "got 7")])
def test_rejects_what_names_no_dataset(tmp_path, value, message):
    with pytest.raises(ConfigError, match=message):
        parse_source(value, tmp_path)


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
