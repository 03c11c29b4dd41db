"""Text that names the rows is no feature, from CSV and Parquet alike, and is said."""

from __future__ import annotations

import pandas as pd
import pytest
from data.own_file import entry

from smote_bench.data.dataset import load_dataset
from smote_bench.data.identifiers import IdentifierSearch, is_identifier
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

ROWS = 60


@pytest.fixture
def customers(folder):
    frame = pd.DataFrame(
        {
            "customer": [f"C-{n:06d}" for n in range(ROWS)],
            "plan": [f"plan {n % 4}" for n in range(ROWS)],
            "age": [20 + n for n in range(ROWS)],
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
    (remark,) = [text for text in source.remarks if "identifier" in text]
    assert "'customer' is left out" in remark
    assert "60 different texts in 60 rows" in remark
    assert "'nominal'" in remark


@pytest.mark.parametrize("file", ["own.csv", "own.parquet"])
def test_listed_under_nominal_it_stays(customers, file):
    source = parse_source(entry(file=file, nominal=["customer"]), customers)
    assert list(load_dataset(source).X.columns) == ["customer", "plan", "age"]
    assert not [text for text in source.remarks if "identifier" in text]


def test_a_table_of_nothing_else_is_refused(customers):
    frame = pd.read_csv(customers / "own.csv")[["customer", "label"]]
    frame.to_csv(customers / "own.csv", index=False)
    with pytest.raises(ConfigError, match="expected features beside the target"):
        load_dataset(parse_source(entry(), customers))


def test_a_few_rows_of_different_texts_may_be_categories():
    assert not is_identifier([f"city {n}" for n in range(29)], 29)
    assert is_identifier([f"city {n}" for n in range(30)], 30)


def test_texts_that_come_again_are_categories():
    assert not is_identifier([f"city {n}" for n in range(94)], 100)
    assert is_identifier([f"city {n}" for n in range(95)], 100)


def test_a_column_with_a_number_in_it_is_no_identifier():
    search = IdentifierSearch([(0, "a"), (1, "b")], ("", "?"))
    for n in range(40):
        search.add([f"x{n}", "12" if n == 39 else f"y{n}"])
    assert search.found() == {0: (40, 40)}


def test_missing_cells_do_not_count():
    search = IdentifierSearch([(0, "a")], ("", "?"))
    for n in range(80):
        search.add([f"x{n}" if n % 2 else "?"])
    assert search.found() == {0: (40, 40)}
