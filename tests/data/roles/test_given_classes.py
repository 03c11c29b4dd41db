"""A test file of one class is refused by the class and the file; it may lack labels of a class."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

ENTRY = {"name": "t", "file": "t.csv", "target": "y", "minority": ["a", "b"], "test": "later.csv"}
TRAIN = "acccbccdccdd"


@pytest.fixture
def load(tmp_path):
    def load(tested, **keys):
        for file, labels in (("t.csv", TRAIN), ("later.csv", tested)):
            rows = [f"{n * 7 % 31}.5,{label}" for n, label in enumerate(labels)]
            (tmp_path / file).write_text("\n".join(["x,y", *rows]) + "\n")
        return load_dataset(parse_source({**ENTRY, **keys}, tmp_path))

    return load


def test_a_test_file_without_the_minority_is_refused_with_the_labels_that_it_has(load):
    with pytest.raises(
        ConfigError,
        match=r"t: expected rows of both classes in the test file later\.csv, got 3 rows, all of the majority"
        r": column 'y' has no 'a' or 'b' there \(it has 'c', 'A!'\)\. .*remove 'test', and the hold-out is",
    ):
        load(["c", "c", "A!"])


def test_a_test_file_without_the_majority_is_refused(load):
    with pytest.raises(
        ConfigError, match=r"later\.csv, got 2 rows, all of the minority: .* than 'a' or 'b' there"
    ):
        load("ab")


@pytest.mark.parametrize(
    "keys", [{}, {"majority": ["c", "d"]}, {"positive": ["c", "d"]}, {"positive": ["a", "b"]}]
)
def test_a_test_file_may_lack_labels_of_a_class(load, keys):
    np.testing.assert_array_equal(load("acc", **keys).y[len(TRAIN) :], [1, 0, 0])


def test_a_label_that_majority_does_not_name_is_refused_in_the_test_file_too(load):
    with pytest.raises(ConfigError, match="beside the minority for 'majority', 'c', 'e', got 'c'"):
        load("ace", majority=["c", "d"])


def test_the_file_that_trains_has_to_have_every_label(load):
    with pytest.raises(ConfigError, match=r"expected rows of t\.csv with y = 'z', got none"):
        load("acc", minority=["a", "z"])


def test_a_target_of_one_label_is_told_so(tmp_path):
    (tmp_path / "t.csv").write_text("x,y\n1,a\n2,a\n")
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "a"}
    with pytest.raises(
        ConfigError, match=r"expected rows of two classes in t\.csv, got y = 'a' in all 2 rows"
    ):
        parse_source(entry, tmp_path)
