"""The part of an identifier that rows share is named; numbers in a row and random ids have none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from data.leaky_tables import labels

from smote_bench.data.leaks.id_parts import id_part_leaks
from smote_bench.data.sources import parse_source

RNG = np.random.default_rng(0)
N = 480
PATIENT, VISIT = np.arange(N) // 6, np.arange(N) % 6
OF_PATIENTS = np.repeat(labels(RNG, 80, 20), 6)
OF_ROWS = labels(RNG, N, 120)
BOTH = list(zip(PATIENT.tolist(), VISIT.tolist(), strict=True))

OF_A_PART = {
    "P7-V1": [f"P{p:03d}-V{v}" for p, v in BOTH],
    "a file in a folder": [f"img/P{p:03d}/slice{v}.png" for p, v in BOTH],
    "7.1": [f"{p}.{v}" for p, v in BOTH],
    "a number with a fraction": [p + v / 10 for p, v in BOTH],
    "101L": [f"{p + 100}{'ABCDEF'[v]}" for p, v in BOTH],
    "site, patient, visit": [f"S{p % 3}_{p:03d}_{v}" for p, v in BOTH],
}
OF_NONE = {
    "numbers behind one word": [f"INV-{n:05d}" for n in range(N)],
    "numbers behind a year": [f"{2020 + n // 100}-{n:05d}" for n in range(N)],
    "random ids": ["-".join(f"{k:08x}" for k in RNG.integers(0, 2**32, 2)) for _ in range(N)],
    "names of people": [f"{'ABCDEFGHIJKLMNOP'[n % 16]}. Smith {n}" for n in range(N)],
    "whole numbers": list(range(N)),
    "plain texts": [f"C{n:05d}" for n in range(N)],
}


def _found(values: object, y: np.ndarray = OF_PATIENTS, name: str = "a", **keys: object) -> list[str]:
    return [one.kind for one in id_part_leaks(pd.Series(values, name=name), y, 8, **keys)]


@pytest.mark.parametrize("kind", OF_A_PART)
def test_the_beginning_of_an_identifier_is_named_where_its_rows_have_one_label(kind: str) -> None:
    (found,) = id_part_leaks(pd.Series(OF_A_PART[kind], name="a"), OF_PATIENTS, 8)
    assert found.kind == "leak"
    assert "80 beginnings, such as" in found.text
    assert "of 6.0 rows each, 80 of them with rows of one class only" in found.text
    assert found.remedy.startswith("write that part into a column of its own")


@pytest.mark.parametrize("kind", OF_A_PART)
def test_without_such_labels_the_name_has_to_say_whose_a_row_is(kind: str) -> None:
    assert _found(OF_A_PART[kind], OF_ROWS, "patient") == ["suspect"]
    assert _found(OF_A_PART[kind], OF_ROWS, "a") == ["read"]


@pytest.mark.parametrize("y", [OF_PATIENTS, OF_ROWS])
@pytest.mark.parametrize("kind", OF_NONE)
def test_identifiers_without_such_a_part_are_left_alone(kind: str, y: np.ndarray) -> None:
    assert _found(OF_NONE[kind], y, "patient") == []


def test_a_given_split_that_keeps_a_beginning_together_is_in_order() -> None:
    values = OF_A_PART["P7-V1"]
    assert _found(values, is_test=PATIENT >= 60) == []
    assert _found(values, is_test=VISIT >= 4) == ["leak"]


def test_of_a_given_split_the_advice_is_to_move_rows() -> None:
    is_test = np.arange(N) % 3 == 0
    (found,) = id_part_leaks(pd.Series(OF_A_PART["P7-V1"], name="a"), OF_PATIENTS, 8, is_test)
    assert found.remedy == "move all rows of a beginning to one side of the given split"


def test_gaps_and_few_rows_are_no_trouble() -> None:
    values = [None, *OF_A_PART["P7-V1"][1:]]
    assert _found(values) == ["leak"]
    assert _found(values[:20], OF_PATIENTS[:20]) == []
    assert _found([None] * N) == []


@pytest.mark.parametrize(
    ("kind", "name"), [("P7-V1", "patient"), ("a file in a folder", "path"), ("7.1", "patient")]
)
def test_it_is_among_the_findings_of_a_file(tmp_path, kind: str, name: str) -> None:
    lines = [
        f"{value},{x:.9f},{y}"
        for value, x, y in zip(OF_A_PART[kind], RNG.normal(size=N), OF_PATIENTS, strict=True)
    ]
    (tmp_path / "t.csv").write_text("\n".join([f"{name},x,y", *lines]) + "\n")
    for more in ({}, {"drop": [name]}):
        found = parse_source(
            {"name": "t", "file": "t.csv", "target": "y", "minority": 1, **more}, tmp_path
        ).findings
        caveats = [one for one in found if one.is_caveat]
        assert len(caveats) == 1, caveats
        leak = caveats[0]
        assert (leak.kind, leak.column) == ("leak", name)
        assert "beginnings" in leak.text


def test_the_first_half_of_a_random_code_is_a_hint_alone():
    rng = np.random.default_rng(0)
    codes = [f"{rng.integers(0, 1500):04}-{''.join(rng.choice(list('ABCDEFGH'), 5))}" for _ in range(3000)]
    y = rng.integers(0, 2, 3000)
    found = id_part_leaks(pd.Series(codes, name="customer_id"), y, 5)
    assert [one.kind for one in found] in ([], ["read"])
    visits = [f"{n // 3:04}-V{n % 3}" for n in range(3000)]
    (found,) = id_part_leaks(pd.Series(visits, name="customer_id"), y, 5)
    assert found.kind == "suspect"


def test_the_whole_part_of_a_number_of_a_grid_is_no_beginning():
    y = np.arange(120) % 2
    assert id_part_leaks(pd.Series(18 + np.arange(120) / 10, name="index"), y, 5) == []
