"""What names the rows is no feature, text and counters, from CSV and Parquet alike, and is said."""

from __future__ import annotations

import uuid

import numpy as np
import pandas as pd
import pytest
from data.own_file import entry
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.values.identifiers import (
    counted_rows,
    is_called_identifier,
    is_identifier,
    naming_texts,
)
from smote_bench.errors import ConfigError

ROWS = 60


@pytest.fixture
def customers(folder):
    frame = pd.DataFrame(
        {
            "customer": [f"C-{n:06d}" for n in range(ROWS)],
            "plan": [f"plan {n % 4}" for n in range(ROWS)],
            "age": [20 + n * 7 % 41 for n in range(ROWS)],
            "label": ["yes" if n % 5 == 0 else "no" for n in range(ROWS)],
        }
    )
    frame.to_csv(folder / "own.csv", index=False)
    frame.to_parquet(folder / "own.parquet")
    return folder


@pytest.mark.parametrize("file", ["own.csv", "own.parquet"])
def test_a_number_of_customers_is_left_out_and_named(customers, file):
    source = parse_source(entry(file=file), customers)
    assert list(load_dataset(source).X.columns) == ["plan", "age"]
    (found,) = [finding for finding in source.findings if finding.kind == "left out"]
    assert found.column == "customer"
    assert "60 different texts in 60 rows" in found.text
    assert found.remedy == "'keep: [customer]' keeps it"


@pytest.mark.parametrize("file", ["own.csv", "own.parquet"])
@pytest.mark.parametrize(
    "keys", [{"nominal": ["customer"]}, {"keep": ["customer"]}, {"kinds": {"customer": "nominal"}}]
)
def test_what_is_asked_for_stays(customers, file, keys):
    source = parse_source(entry(file=file, **keys), customers)
    assert list(load_dataset(source).X.columns) == ["customer", "plan", "age"]
    assert not [finding for finding in source.findings if finding.kind == "left out"]


def test_a_table_of_nothing_else_is_refused_with_what_was_left_out(customers):
    frame = pd.read_csv(customers / "own.csv")[["customer", "label"]]
    frame.to_csv(customers / "own.csv", index=False)
    with pytest.raises(ConfigError, match=r"expected features beside the target.*'keep: \[customer\]'"):
        parse_source(entry(), customers)


@pytest.mark.parametrize("file", ["own.csv", "own.parquet"])
@pytest.mark.parametrize(
    ("name", "counter"),
    [
        ("Unnamed: 0", range(ROWS)),
        ("nr", range(1, ROWS + 1)),
        ("nr", range(ROWS, 0, -1)),
        ("nr", [n * 37 % ROWS for n in range(ROWS)]),
        ("nr", [2 * n + n % 2 for n in range(ROWS)]),
        ("nr", [n * 7919 % 100_003 for n in range(ROWS)]),
        ("place", range(0, 10 * ROWS, 10)),
        ("place", [n + (n > 20) + (n > 40) for n in range(ROWS)]),
        ("place", [n * 37 % ROWS for n in range(ROWS)]),
        ("patient_id", [n * 7919 % 100_003 for n in range(ROWS)]),
        ("patient_id", [7919 * max(n, 2) % 100_003 for n in range(ROWS)]),
    ],
)
def test_a_counter_of_the_rows_is_left_out(customers, file, name, counter):
    frame = pd.read_csv(customers / "own.csv").assign(**{name: list(counter)})
    frame.to_csv(customers / "own.csv", index=False)
    frame.to_parquet(customers / "own.parquet")
    source = parse_source(entry(file=file), customers)
    assert name not in load_dataset(source).X
    assert name in [finding.column for finding in source.findings if finding.kind == "left out"]
    kept = load_dataset(parse_source(entry(file=file, keep=[name]), customers))
    assert kept.X[name].tolist() == [float(n) for n in counter]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("income", [n * 7919 % 100_003 for n in range(ROWS)]),
        ("income", sorted(n * 7919 % 100_003 for n in range(ROWS))),
        ("income", sorted(n * 7 % 181 for n in range(ROWS))),
        ("income", sorted((n * 7 % 181 for n in range(ROWS)), reverse=True)),
        ("year", range(1960, 1960 + ROWS)),
        ("birthYear", range(2020, 2020 - ROWS, -1)),
        ("patient_id", [n // 2 for n in range(ROWS)]),
        ("weight", [n + 0.5 for n in range(ROWS)]),
        ("month", [n % 12 for n in range(ROWS)]),
        ("id", [n // 3 for n in range(ROWS)]),
        ("nr", [*range(ROWS - 1), np.nan]),
        ("nr", range(29)),
    ],
)
def test_a_measurement_stays(name, values):
    assert counted_rows(name, np.array(list(values), dtype=float)) == ""


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        (
            "income",
            [2 * n + n % 2 for n in range(ROWS)],
            "rises from each row to the next, 0 to 119: it is kept",
        ),
        (
            "year",
            range(1960 + ROWS, 1960, -1),
            "falls from each row to the next, 2020 to 1961: it is kept, as its",
        ),
    ],
)
def test_a_sorted_feature_stays_and_is_named(customers, name, values, words):
    frame = pd.read_csv(customers / "own.csv").assign(**{name: list(values)})
    frame.to_csv(customers / "own.csv", index=False)
    source = parse_source(entry(), customers)
    assert load_dataset(source).X[name].tolist() == [float(n) for n in values]
    (found,) = [finding for finding in source.findings if finding.column == name and finding.kind == "read"]
    assert words in found.text
    assert f"'drop: [{name}]' leaves it out" in found.remedy
    source = parse_source(entry(keep=[name]), customers)
    assert not [finding for finding in source.findings if finding.column == name and finding.kind == "read"]


def test_an_identifier_of_which_some_come_again_says_how_to_keep_them_together():
    values = np.array([7919 * max(n, 2) % 100_003 for n in range(ROWS)], dtype=float)
    said = counted_rows("patient_id", values)
    assert said.startswith(
        "as an identifier: 58 different whole numbers in 60 rows, and its name; 'groups: pat"
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(60, 400), st.floats(1.6, 20))
def test_a_file_sorted_by_a_measurement_keeps_it(seed, n_rows, gaps):
    rng = np.random.default_rng(seed)
    values = np.sort(rng.choice(int(gaps * n_rows), n_rows, replace=False)).astype(float)
    assert counted_rows("measure", values) == ""
    assert counted_rows("measure", values[::-1]) == ""


def test_uuids_are_told_in_a_few_rows():
    texts = [str(uuid.UUID(int=7919 * n)) for n in range(5)]
    assert naming_texts(texts, 5).startswith("as an identifier")
    assert naming_texts([*texts[:-1], "x"], 5) == ""


def test_a_few_rows_of_different_texts_may_be_categories():
    assert naming_texts([f"city {n}" for n in range(29)], 29) == ""
    assert naming_texts([f"city {n}" for n in range(30)], 30)
    assert not is_identifier([f"city {n}" for n in range(29)], 29)
    assert is_identifier([f"city {n}" for n in range(30)], 30)


def test_texts_that_come_again_are_categories():
    assert naming_texts([f"city {n}" for n in range(94)], 100) == ""
    assert naming_texts([f"city {n}" for n in range(95)], 100)


def test_long_texts_are_free_text_although_some_come_again():
    texts = [f"the {n} patient says that it hurts a lot, mostly at night" for n in range(60)]
    assert naming_texts(texts, 100).startswith("as free text: 60 different texts in 100 rows, of 12 words")
    assert naming_texts(texts, 200) == ""


def test_hashes_with_digits_alone_are_identifiers_numbers_are_none():
    assert naming_texts([f"{n * 2654435761 % 2**32:08x}" for n in range(500)], 500)
    assert naming_texts([f"{n}" for n in range(500)], 500) == ""
    assert naming_texts([f"{n * 7919 % 1_000_000:06d}" for n in range(500)], 500)


CALLED = "MRN Kundennummer Patientennummer SK_ID_CURR EmployeeNumber PolicyNumber MemberNo S.No. phone"


@pytest.mark.parametrize(
    "name", [*CALLED.split(), "encounter_nbr", "ssn", "sku", "Sr.No.", "kontonummer", "IMEI", "claim_no"]
)
def test_different_whole_numbers_under_a_name_of_identifiers_are_left_out(name):
    values = np.random.default_rng(0).permutation(9 * 100)[:100].astype(float)
    assert counted_rows(name, values).startswith("as an identifier: 100 different whole numbers")
    assert counted_rows(name, values + 0.5) == ""
    assert counted_rows(name, values // 90) == ""


@pytest.mark.parametrize("name", ["DNI", "vin", "key", "visit_number", "user number"])
def test_short_numbers_under_a_name_of_measurements_too_are_kept(name):
    values = np.random.default_rng(0).permutation(9 * 100)[:100].astype(float)
    assert counted_rows(name, values) == ""
    assert counted_rows(name, values * 104_729 + 10_000).startswith("as an identifier: 100 different")


MEASURES = "paid humid valid number_of_views order_value employee_count phone_bill user_num id_score"


@pytest.mark.parametrize("name", [*MEASURES.split(), "income", "case_count", "keyword_hits", "visits"])
def test_so_they_are_not_under_a_name_of_measures(name):
    values = np.random.default_rng(0).permutation(9 * 100)[:100].astype(float)
    assert counted_rows(name, values) == ""


def test_names_of_identifiers_are_whole_words():
    assert all(
        map(is_called_identifier, ["ID", "row_id", "customerID", "Unnamed: 0", "index", "PassengerId"])
    )
    assert not any(map(is_called_identifier, ["paid", "acid", "grid", "income", "valid", "humid", "age"]))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(30, 400))
def test_columns_of_measurements_are_not_left_out(seed, n_rows):
    rng = np.random.default_rng(seed)
    for values in (
        rng.normal(50, 10, n_rows),
        rng.integers(0, 100, n_rows).astype(float),
        rng.lognormal(10, 1, n_rows).round(),
        rng.integers(0, 10 * n_rows, n_rows).astype(float),
        np.sort(rng.normal(50, 10, n_rows).round(2)),
        rng.poisson(3, n_rows).astype(float),
    ):
        assert counted_rows("measure", values) == ""


@pytest.mark.parametrize("step", [1.0, 0.1, 2.5])
@pytest.mark.parametrize("is_shuffled", [False, True])
def test_an_id_with_a_fraction_that_counts_is_a_counter(step, is_shuffled):
    values = 0.05 + step * np.arange(600)
    values = np.random.default_rng(0).permutation(values) if is_shuffled else values
    assert f"600 different numbers in steps of {step:g}" in counted_rows("id", values)
    assert counted_rows("depth", values) == ""
    assert counted_rows("id", values[:20]) == ""


def test_an_id_with_a_fraction_that_does_not_count_is_kept():
    rng = np.random.default_rng(0)
    assert counted_rows("id", rng.normal(size=600)) == ""
    assert counted_rows("id", rng.integers(0, 300, 600) + 0.5) == ""
    assert counted_rows("id", 1e12 + rng.normal(size=600)) == ""
    assert counted_rows("id", np.arange(600) // 6 + np.arange(600) % 6 / 10) == ""


def test_an_id_of_halves_is_left_out_of_a_file(tmp_path):
    lines = [f"{n}.5,{n * 7919 % 1009},{n % 3 // 2}" for n in range(120)]
    (tmp_path / "t.csv").write_text("\n".join(["id,x,y", *lines]) + "\n")
    source = parse_source({"name": "t", "file": "t.csv", "target": "y", "minority": 1}, tmp_path)
    (found,) = [one for one in source.findings if one.kind == "left out"]
    assert (found.column, found.remedy) == ("id", "'keep: [id]' keeps it")


def test_an_index_with_a_fraction_may_be_measured():
    assert not counted_rows("index", 18 + np.arange(120) / 10)
    assert counted_rows("id", 18 + np.arange(120) / 10)
