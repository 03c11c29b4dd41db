"""Which labels are the minority: named, compared as numbers, or by a condition.

Also of: data.values.label_doubts.
"""

from __future__ import annotations

import csv
import re

import pandas as pd
import pytest
import yaml

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


@pytest.mark.parametrize("kind", ["csv", "parquet", "plain"])
@pytest.mark.parametrize(
    "mark", ["None", "unknown", "missing", "-", "unbekannt", "k.A.", "N/D", "Don\u2019t know"]
)
def test_a_label_of_the_majority_that_may_stand_for_none_is_a_caveat(tmp_path, mark, kind):
    frame = pd.DataFrame({"a": [n / 8 for n in range(12)], "y": ["yes", "no", mark] + ["no", mark, "no"] * 3})
    if kind == "csv":  # quoted, and so no plain file
        frame.to_csv(tmp_path / "t.csv", index=False, quoting=csv.QUOTE_ALL)
    elif kind == "plain":
        frame.to_csv(tmp_path / "t.csv", index=False)
    else:
        frame.to_parquet(tmp_path / "t.parquet")
    entry = {"name": "t", "file": f"t.{kind.replace('plain', 'csv')}", "target": "y", "minority": "yes"}
    (found,) = (one for one in parse_source(entry, tmp_path).findings if one.is_caveat)
    assert f"{mark!r} in 4 rows may stand for no label, and is of the majority" in found.text
    assert f'\'majority: ["no", "{mark}"]\'' in found.remedy
    for named in ({"majority": ["no", mark]}, {"positive": [mark, "no"]}, {"minority": mark}):
        assert not [one for one in parse_source({**entry, **named}, tmp_path).findings if one.is_caveat]


def test_beside_one_label_none_is_the_other_class(tmp_path):
    (tmp_path / "t.csv").write_text("a,y\n1,ill\n2,none\n3,none\n")
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "ill"}
    assert not [one for one in parse_source(entry, tmp_path).findings if "no label" in one.text]


def caveats(tmp_path, labels, **keys):
    rows = "".join(f"{n / 8},{label}\n" for n, label in enumerate(labels))
    (tmp_path / "t.csv").write_text("a,y\n" + rows, encoding="utf-8")
    entry = {"name": "t", "file": "t.csv", "target": "y", **keys}
    return [one for one in parse_source(entry, tmp_path).findings if one.is_caveat and not one.column]


def test_numbers_of_the_majority_that_may_stand_for_no_label_are_a_caveat(tmp_path):
    labels = ["0"] * 7 + ["1", "-9", "-999", "-999"] * 2
    (found,) = caveats(tmp_path, labels, minority=1)
    assert "'-9' in 2 rows and '-999' in 4 rows may stand for no label, and is of the majority" in found.text
    assert caveats(tmp_path, labels, minority=1, majority=[0, -9, -999]) == []
    assert caveats(tmp_path, [str(n % 10) for n in range(40)], minority=3) == []


@pytest.mark.parametrize(
    ("mark", "minority", "of"),
    [
        ("-999", "< 20", "minority"),
        ("999", "> 30", "minority"),
        ("9999", "<= 15", "majority"),
        ("-999", ["< 15", "> 36"], "minority"),
    ],
)
def test_a_condition_that_takes_what_stands_for_no_label_for_a_number_is_a_caveat(
    tmp_path, mark, minority, of
):
    labels = [f"{12 + n % 50 / 2}" for n in range(100)]
    assert caveats(tmp_path, labels, minority=minority) == []
    (found,) = caveats(tmp_path, [*labels, mark, mark], minority=minority)
    assert f"has {mark} in 2 rows, all others are from 12 to 36.5" in found.text
    assert f"is of the {of}" in found.text


@pytest.mark.parametrize(
    ("minority", "other"),
    [
        ("pre-term", "pre\u2011term"),
        ("Crohn's", "Crohn\u2019s"),
        ("décès", "deces"),
        ("non-fraud", "non\u2013fraud"),
        ("at risk", "at_risk"),
        ("non-fraud", "nonfraud"),
    ],
)
def test_a_label_of_the_majority_with_other_signs_than_the_minority_is_a_caveat(tmp_path, minority, other):
    labels = ["safe"] * 20 + [minority, other] * 4
    (found,) = caveats(tmp_path, labels, minority=minority)
    assert f"{other!r} in 4 rows may be another word for {minority!r}" in found.text
    assert caveats(tmp_path, labels, minority=[minority, other]) == []
    assert caveats(tmp_path, labels, minority=minority, majority=["safe", other]) == []


def test_signs_of_minus_are_one(tmp_path):
    rows = "".join(f"{n / 8},{label}\n" for n, label in enumerate(["1"] * 6 + ["-1", "\u22121", "\u20131"]))
    (tmp_path / "t.csv").write_text("a,y\n" + rows, encoding="utf-8")
    source = parse_source({"name": "t", "file": "t.csv", "target": "y", "minority": -1}, tmp_path)
    assert load_dataset(source).y.tolist() == [0] * 6 + [1] * 3
    assert any("are taken for one label" in one.text for one in source.findings)


@pytest.mark.parametrize(
    ("labels", "minority", "pair"),
    [
        (["no"] * 5 + ["yes", "Y", "N"], "yes", ("Y", "yes")),
        (["0"] * 5 + ["1", "true"], 1, ("true", "1")),
        (["healthy"] * 5 + ["sick", "S"], "sick", ("S", "sick")),
    ],
)
def test_a_word_of_the_majority_that_may_be_one_of_the_minority_is_a_caveat(tmp_path, labels, minority, pair):
    (found,) = caveats(tmp_path, labels, minority=minority)
    other, one = pair
    assert f"{other!r} in 1 rows may be another word for {one!r}, which is the minority" in found.text
    both = re.search(r"'minority: (\[.*?\])'", found.remedy)[1]
    assert not [
        one for one in caveats(tmp_path, labels, minority=yaml.safe_load(both)) if "may be" in one.text
    ]
    majority = re.search(r"'majority: (\[.*?\])'", found.remedy)[1]
    assert caveats(tmp_path, labels, minority=minority, majority=yaml.safe_load(majority)) == []


@pytest.mark.parametrize(
    ("labels", "minority"),
    [
        (["A", "AB", "B", "0"] * 3, "AB"),
        (["0", "1", "2"] * 3, "1"),
        (["no"] * 5 + ["N", "yes"], "yes"),  # both of the majority
        (["setosa", "s", "sand"] * 3, "s"),  # of two words
    ],
)
def test_labels_that_are_not_alike_are_no_caveat(tmp_path, labels, minority):
    assert caveats(tmp_path, labels, minority=minority) == []
