"""`positive` names one of the two classes as a whole, and nothing else."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from data.catalogue_names import BUNDLED

from smote_bench.data.cards import data_folder, get_card
from smote_bench.data.positive import parse_positive
from smote_bench.data.sources import UserFile, parse_source, positive_of
from smote_bench.errors import ConfigError


def _parse(folder: Path, labels: list[str], minority: object, positive: object) -> UserFile:
    rows = [f"{n},{label}" for n, label in enumerate(labels)]
    (folder / "own.csv").write_text("\n".join(["a,y", *rows]) + "\n")
    entry = {"name": "own", "file": "own.csv", "target": "y", "minority": minority, "positive": positive}
    source = parse_source(entry, folder)
    assert isinstance(source, UserFile)
    return source


@pytest.mark.parametrize(
    ("labels", "minority", "positive", "code", "said"),
    [
        ("bbggg", "b", "g", 0, "the majority ('g')"),
        ("bbggg", "b", "b", 1, "the minority ('b')"),
        ("bbggg", "b", "G", 0, "the majority ('G')"),
        ("11000", 1, 0, 0, "the majority ('0')"),
        ("rabcc", "r", ["a", "b", "c"], 0, "the majority ('a', 'b', 'c')"),
        ("rabcc", "r", "majority", 0, "the majority"),
        ("rsabc", ["r", "s"], ["r", "s"], 1, "the minority ('r', 's')"),
        ("98123", ">7", "majority", 0, "the majority"),
        ("bbggg", "b", "minority", 1, "the minority"),
    ],
)
def test_a_class_is_named_by_all_its_labels_or_by_its_word(
    tmp_path: Path, labels: str, minority: object, positive: object, code: int, said: str
) -> None:
    found = _parse(tmp_path, list(labels), minority, positive).positive
    assert found is not None
    assert (found.code, found.said) == (code, said)


def test_labels_called_like_the_words_are_labels(tmp_path: Path) -> None:
    labels = ["majority"] * 2 + ["minority"] * 3
    found = _parse(tmp_path, labels, "majority", "minority").positive
    assert found is not None
    assert found.class_ == "majority"


@pytest.mark.parametrize(
    ("labels", "minority", "positive", "said"),
    [
        (
            "bbggg",
            "b",
            "x",
            "value of 'y', majority or minority for 'positive', got 'x': there are",
        ),
        ("rabcc", "r", "a", "got 'a' without 'b', 'c'.*name them all, or write 'positive: majority'"),
        ("rabcc", "r", ["r", "a"], "expected the labels of one class for 'positive'"),
        ("bbggg", "b", True, "in quotes, as in .yes."),
        ("bbggg", "b", [], "expected a value of the target"),
        ("bbggg", "b", {"g": 1}, "expected a value of the target"),
        ("98123", ">7", "1", "without '2', '3'"),
    ],
)
def test_what_is_no_class_is_refused(
    tmp_path: Path, labels: str, minority: object, positive: object, said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        _parse(tmp_path, list(labels), minority, positive)


@pytest.mark.parametrize("name", BUNDLED)
def test_cards_name_the_label_of_the_majority_where_there_is_one(name: str) -> None:
    card = get_card(name)
    labels = Counter(map(str, pd.read_csv(data_folder() / "data" / card.file)[card.target]))
    others = [label for label in labels if label != card.minority]
    is_condition = card.minority.startswith(">0")
    assert card.majority == (others[0] if len(others) == 1 and not is_condition else "")


@pytest.mark.parametrize(
    ("source", "value", "code"),
    [
        ("Ionosphere", "g", 0),
        ("Ionosphere", "b", 1),
        ("Ecoli", "majority", 0),
        ("US_crime", "majority", 0),
        ("US_crime", "minority", 1),
        ("keel:ecoli3", 0, 0),
        ("keel:ecoli3", "majority", 0),
        ("clearml:Ecoli@raw", "majority", 0),
        ("Mammography", -1, 0),
    ],
)
def test_data_sets_that_are_known_by_name_have_classes_too(source: str, value: object, code: int) -> None:
    found = positive_of(source, value)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    ("source", "value"), [("Ionosphere", "x"), ("Ecoli", "cp"), ("clearml:Ecoli@raw", "g")]
)
def test_a_class_that_a_known_data_set_does_not_have_is_refused(source: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"got '{value}': there are"):
        positive_of(source, value)


def test_nothing_said_is_nothing() -> None:
    assert parse_positive(None, "b", "x") is None
    assert positive_of("Ionosphere", None) is None
