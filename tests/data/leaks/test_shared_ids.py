"""An identifier that is no feature still tells which rows belong together.

Also of: remedies.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.leaks.remedies import keep_together
from smote_bench.data.leaks.shared_ids import shared_id_leaks
from smote_bench.data.sources import parse_source

N = 600
RNG = np.random.default_rng(0)
Y = (RNG.random(N) < 0.25).astype(int)
PATIENT = np.arange(N) // 4
OF_PATIENTS = (RNG.random(N // 4) < 0.3).astype(int)[PATIENT]


def _texts(numbers: np.ndarray) -> list[str]:
    return [f"C{number:04d}" for number in numbers]


def _found(name: str, values: object, y: np.ndarray = Y, **keys: object) -> list[str]:
    return [one.kind for one in shared_id_leaks(pd.DataFrame({name: values}), y, **keys)]


@pytest.mark.parametrize("values", [PATIENT[::-1], _texts(PATIENT)])
def test_a_dropped_column_of_groups_is_named_whatever_it_is_called(values: object) -> None:
    assert _found("x", values, OF_PATIENTS, dropped=["x"]) == ["leak"]
    assert _found("x", values, Y, dropped=["x"]) == []


@pytest.mark.parametrize("dropped", [(), ("customer",)])
def test_an_identifier_that_some_rows_share_is_named(dropped: tuple[str, ...]) -> None:
    some = np.r_[np.arange(N - 20), np.arange(20)]
    (found,) = shared_id_leaks(pd.DataFrame({"customer": _texts(some)}), Y, dropped=dropped)
    assert found.kind == "suspect"
    assert "40 of 600 rows share their value of 'customer' with another (580 values)" in found.text
    assert found.remedy == "'groups: customer' keeps them on one side"
    assert _found("customer", _texts(np.arange(N)), dropped=dropped) == []


@pytest.mark.parametrize(
    "name", ["MRN", "Kundennummer", "ssn", "acct", "policy_number", "Fallnummer", "KdNr"]
)
def test_a_number_under_a_name_that_leaves_it_out_is_one_too(name: str) -> None:
    numbers = np.r_[np.arange(N - 60), np.arange(60)] * 7 + 10_000
    assert _found(name, numbers, features=[name]) == ["suspect"]
    is_test = np.arange(N) >= N - 120
    assert _found(name, numbers, is_test=is_test) == ["suspect"]
    assert _found(name, RNG.integers(0, 40, N) + 10_000, features=[name]) == []  # codes of categories


@pytest.mark.parametrize("name", ["DNI", "visit number", "income", "num_visits", "member_since"])
def test_a_number_that_may_be_measured_is_none(name: str) -> None:
    numbers = np.r_[np.arange(N - 60), np.arange(60)] * 7 + 10_000
    assert _found(name, numbers, features=[name]) == []


def test_spellings_of_one_value_are_one() -> None:
    texts = _texts(np.arange(N))
    texts[-8:] = [f" {text.lower()} " for text in texts[:8]]
    assert _found("customer", texts) == ["suspect"]


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("city", RNG.choice(["Bern", "Basel", "Genf"], N)),
        ("when", pd.date_range("2020-01-01", periods=N // 2).astype(str).repeat(2)),
        ("price", RNG.integers(0, 90, N) / 10),
        (
            "note",
            ["nothing was said of it"] * 10 + [f"he said number {n} of it" for n in range(N - 10)],
        ),
        ("id", np.arange(N)),
        ("gone", [None] * N),
    ],
)
def test_what_names_no_rows_is_not_named(name: str, values: object) -> None:
    assert _found(name, values, dropped=[name]) == []
    is_test = np.arange(N) >= N // 2
    assert _found(name, values, dropped=[name], is_test=is_test) == []


@pytest.mark.parametrize("is_feature", [False, True])
def test_of_a_given_split_the_test_rows_that_are_not_new_are_counted(is_feature: bool) -> None:
    frame = pd.DataFrame({"customer": _texts(np.arange(N) % 500)})
    is_test = np.arange(N) >= 450
    features = ["customer"] * is_feature
    (found,) = shared_id_leaks(frame, Y, is_test, features=features)
    assert found.kind == "suspect"
    assert found.text.startswith(
        "100 of 150 test rows have a value of 'customer' that rows of the training part"
    )
    assert shared_id_leaks(frame, Y, np.arange(N) >= 596, features=features) == []


def test_a_feature_is_looked_at_where_it_is_called_like_an_identifier() -> None:
    some = _texts(np.r_[np.arange(N - 100), np.arange(100)])
    assert _found("customer", some, features=["customer"]) == ["suspect"]
    assert _found("model", some, features=["model"]) == []


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = {"a": RNG.normal(size=N), "b": RNG.normal(size=N), "customer": _texts(PATIENT), "y": OF_PATIENTS}
    pd.DataFrame(rows).to_csv(tmp_path / "t.csv", index=False)
    return tmp_path


def _of_file(folder: Path, **keys: object) -> list[tuple[str, str]]:
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "1", **keys}
    return [(one.kind, one.column) for one in parse_source(entry, folder).findings if one.is_caveat]


def test_dropped_identifiers_of_a_file_are_looked_at(table: Path) -> None:
    assert _of_file(table, drop=["customer"]) == [("leak", "customer")]
    assert _of_file(table, groups="customer") == []


def test_identifiers_of_a_file_and_its_test_file_are_compared(table: Path) -> None:
    rows = pd.read_csv(table / "t.csv")
    rows.iloc[:40].assign(a=9.0).to_csv(table / "test.csv", index=False)
    assert _of_file(table, drop=["customer"], test="test.csv") == [("suspect", "customer")]
    assert _of_file(table, test="test.csv") == [("suspect", "customer"), ("leak", "customer")]
    rows.iloc[:40].assign(a=9.0, customer=_texts(7000 + PATIENT[:40])).to_csv(table / "test.csv", index=False)
    assert _of_file(table, drop=["customer"], test="test.csv") == []


def test_later_rows_of_one_who_is_known_are_what_a_split_by_time_asks_for(table: Path) -> None:
    rows = pd.read_csv(table / "t.csv").assign(day=np.arange(N))
    rows.to_csv(table / "t.csv", index=False)
    assert _of_file(table, drop=["customer"], time="day") == []


@pytest.mark.parametrize(
    ("keys", "remedy"),
    [
        ({}, "'groups: who' keeps them on one side"),
        ({"is_given": True}, "move all rows of a value to one side of the given split"),
        ({"has_times": True, "is_given": True}, "'groups: who' in place of 'time'"),
    ],
)
def test_what_keeps_rows_together_depends_on_the_split(keys, remedy):
    assert keep_together("who", **keys) == remedy


def test_rows_on_both_sides_of_a_given_split_have_its_remedy():
    frame = pd.DataFrame({"customer": [f"K{n % 40:03d}" for n in range(120)]})
    is_test = np.arange(120) >= 80
    (found,) = shared_id_leaks(frame, np.arange(120) % 3 == 0, is_test)
    assert found.remedy == "move all rows of a value to one side of the given split"
