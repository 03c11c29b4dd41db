"""Which labels are the minority: named, compared as numbers, or by a condition."""

from __future__ import annotations

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source


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
