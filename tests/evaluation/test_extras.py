"""What is kept of a data set beside its cells: how its categories are laid out in the figures of points."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fold_sources import fold_source
from mixed_table import mixed_experiment, mixed_table

from smote_bench.evaluation.extras import CARD, take_extra


def card(folder: Path) -> dict:
    return json.loads(take_extra(CARD, fold_source(mixed_experiment(folder, ["SMOTE"])), "People", ""))


def test_the_card_says_as_what_categories_are_drawn(tmp_path: Path) -> None:
    assert card(tmp_path)["encoding"] == (
        "one-hot features of 2 columns of categories, scaled with the numbers (minmax)"
    )


def test_the_card_of_numbers_alone_says_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = mixed_table().drop(columns=["plan", "city"])
    monkeypatch.setattr("mixed_table.mixed_table", lambda: table)
    assert "encoding" not in card(tmp_path)
