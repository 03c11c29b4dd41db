"""Two numbers in a cell are no number: it is said that the column is best split."""

from __future__ import annotations

import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.values.number_pairs import pair_of

ROWS = 60


@pytest.fixture
def read(tmp_path):
    def read(values, **keys):
        labels = ["yes" if n % 4 == 0 else "no" for n in range(ROWS)]
        frame = pd.DataFrame({"a": values, "x": [n % 7 for n in range(ROWS)], "y": labels})
        frame.to_csv(tmp_path / "t.csv", index=False)
        entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes", **keys}
        source = parse_source(entry, tmp_path)
        said = [one for one in source.findings if one.column == "a" and one.kind != "leak"]
        return load_dataset(source).X, said

    return read


def test_pairs_that_come_again_are_categories_and_said(read):
    X, (found,) = read([f"{110 + n % 5}/{70 + n % 3}" for n in range(ROWS)])
    assert len(X["a"].cat.categories) == 15
    assert (
        "several numbers in a cell, such as '110/70': it is read as categories, and is best split"
        in found.text
    )
    assert found.remedy == "split it, or 'drop: [a]' leaves it out"


def test_pairs_that_are_all_different_are_left_out_and_said(read):
    X, found = read([f"{n}/{n + 7}" for n in range(ROWS)])
    assert list(X.columns) == ["x"]
    assert [one.kind for one in found] == ["left out", "read"]
    assert "it is left out, and is best split" in found[1].text


@pytest.mark.parametrize(
    "text", ["120/80", "1024x768", "30 × 40", "2:1", "(1.5, 2)", "52.5,13.4", "52.5N, 13.4E", "1|2|3", "-1;2"]
)
def test_pairs_as_people_write_them(text):
    assert pair_of([text, f"{text} ", f"  {text}"], [1, 1, 1]) == text


@pytest.mark.parametrize("text", ["20-29", "1,234", "12", "A/B", "1/B", "1 2", "v1.2.3", "2020-01-01"])
def test_ranges_numbers_and_codes_are_none(text):
    assert pair_of([text, f"{text} ", f"  {text}"], [1, 1, 1]) == ""


def test_a_few_pairs_among_words_are_categories_like_others():
    assert pair_of(["120/80", "110/70", "100/60", "none"], [1, 1, 1, 1]) == ""
