"""Labels, gaps, scale and sentinels that a test file alone has are a caveat."""

from __future__ import annotations

import random

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.sources import parse_source
from smote_bench.data.tables.doubts_between_files import doubts_of_test_numbers


def doubts(known, new):
    columns = (pd.Series(np.asarray(values, dtype=np.float64), name="a") for values in (known, new))
    return doubts_of_test_numbers(*columns, "t.csv", "later.csv")


@pytest.fixture
def said_of(tmp_path):
    def said(known, new, name="a"):
        """Return the caveats on a column of texts, but for leaks."""
        for file, cells in (("t.csv", known), ("later.csv", new)):
            rows = (
                f"{cell},{n % 7}.5,{'yes' if n % 4 == 0 else 'no'}"
                for n, cell in enumerate(random.Random(0).sample(cells, len(cells)))
            )
            (tmp_path / file).write_text("\n".join([f"{name},x,y", *rows]))
        entry = {"name": "t", "file": "t.csv", "test": "later.csv", "target": "y", "minority": "yes"}
        found = parse_source(entry, tmp_path).findings
        return [one.text for one in found if one.kind == "suspect" and one.column == name]

    return said


@pytest.mark.parametrize(
    ("known", "new", "words"),
    [
        ([f"{n}K" for n in range(3, 60)], [1000 * n for n in range(3, 60)], "1,000 times as large"),
        ([1000.5 * n for n in range(3, 60)], [n + 0.5 for n in range(3, 60)], "times as small"),
        ([f"{n} kg" for n in range(50, 90)], [1000 * n for n in range(50, 90)], "1,000 times as large"),
        (
            [1600000000 + 86400 * n for n in range(60)],
            [1600000000000 + 86400000 * n for n in range(60)],
            "1,000 times as large",
        ),
    ],
)
def test_a_test_file_in_another_unit_is_a_caveat(said_of, known, new, words):
    found = [
        text for text in said_of(known, new) if text.startswith("later.csv: column 'a' has numbers from")
    ]
    (text,) = found
    assert words in text
    assert "the files may have other units" in text


def test_bare_numbers_beside_those_with_a_letter_that_may_stand_for_thousands_are_a_caveat(said_of):
    known = [f"{n}K" for n in range(30, 90)]
    (text,) = said_of(known, [*known[:50], *range(40, 50)])
    assert text.startswith("later.csv: column 'a' has 10 numbers without 'K', such as 44")
    assert said_of(known, known) == []


def test_a_sentinel_that_is_in_the_test_file_alone_is_a_caveat(said_of):
    new = [-999 if n % 3 == 0 else n % 9 for n in range(60)]
    (text,) = said_of([n % 9 for n in range(60)], new)
    assert text.startswith(
        "later.csv: column 'a' has -999 in 20 of 60 rows, all others of both files are from 0"
    )
    (text,) = said_of(new, new)  # once, of the file that trains
    assert text.startswith("t.csv: column 'a' has -999 in 20 of 60 rows")


@pytest.mark.parametrize(
    ("known", "new"),
    [
        (range(100), range(100, 200)),  # a count that goes on
        (range(100), range(5000, 5003)),  # three rows say nothing
        ([0] * 50, range(1, 50)),
        (range(100), [*range(50, 60), 10_000, 20_000]),
        (range(100), [np.nan] * 50),
        ([18000 + n for n in range(50)], [19000 + n for n in range(50)]),  # days
        (range(1000), [999] * 20),  # among those that train
        (np.random.default_rng(0).lognormal(0, 3, 200), np.random.default_rng(1).lognormal(0, 3, 200)),
    ],
)
def test_numbers_that_go_on_are_none(known, new):
    assert doubts(known, new) == []


def test_nothing_is_said_of_categories_and_truth_values():
    known, new = pd.Series([True, False] * 5, name="a"), pd.Series([True] * 10, name="a")
    assert doubts_of_test_numbers(known, new, "t.csv", "later.csv") == []
    words = pd.Series(["a", "b"] * 5, name="a", dtype="category")
    assert doubts_of_test_numbers(words, words, "t.csv", "later.csv") == []


def of_test_file(folder, known, new, cells=None, **keys):
    """Write labels beside numbers into two files; return the caveats on the second."""
    for file, labels, column in (("t.csv", known, None), ("later.csv", new, cells)):
        column = column or [f"{n % 7}" for n in range(len(labels))]
        rows = (
            f"{cell},{n * 37 % 211}.5,{label}"
            for n, (cell, label) in enumerate(zip(column, labels, strict=True))
        )
        (folder / file).write_text("\n".join(["x,z,y", *rows]))
    entry = {"name": "t", "file": "t.csv", "test": "later.csv", "target": "y", "minority": "yes", **keys}
    found = parse_source(entry, folder).findings
    return [one for one in found if one.kind == "suspect" and one.text.startswith("later.csv: ")]


def test_a_label_that_the_test_file_alone_has_is_a_caveat(tmp_path):
    known, new = ["yes", "no", "no", "no"] * 20, ["ja", "yes", "no", "no", "No"] * 8
    (said,) = of_test_file(tmp_path, known, new)
    assert "later.csv: 'ja' in 8 of 40 rows is a label that t.csv has not, and of the majority" in said.text
    assert not of_test_file(tmp_path, known, ["YES", "no", "no "] * 9)


def test_numbers_that_a_condition_decides_on_are_no_labels(tmp_path):
    known, new = [n % 9 for n in range(90)], [n % 9 + 0.5 for n in range(90)]
    assert not of_test_file(tmp_path, known, new, minority="> 7")


def test_a_column_that_is_empty_in_the_whole_test_file_is_a_caveat(tmp_path):
    known = ["yes", "no", "no", "no", "no"] * 20
    (said,) = of_test_file(tmp_path, known, known, [""] * 100)
    assert (
        "later.csv: column 'x' has no value in 100 rows, and has one in 100 of 100 rows of t.csv" in said.text
    )
    assert said.column == "x"
    assert not of_test_file(tmp_path, known, known, ["", "1"] * 50)
    assert not of_test_file(tmp_path, known, known, [""] * 100, drop=["x"])
