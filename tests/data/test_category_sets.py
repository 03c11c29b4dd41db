"""The sets with categories: of which kind their columns are, and that no shipped experiment changes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

from smote_bench.data.cards import catalogue_names, data_folder, get_card
from smote_bench.data.dataset import load_dataset

pytestmark = pytest.mark.usefixtures("no_network")

ROOT = Path(__file__).resolve().parents[2]
NEW = ["German_credit", "Contraceptive", "Hepatitis", "Flare_letters", "Tic_tac_toe"]


def _kinds(X: pd.DataFrame) -> tuple[int, int, int]:
    """Count the columns of numbers, and those of categories without and with an order."""
    dtypes = [X[column].dtype for column in X]
    ordered = [dtype.ordered for dtype in dtypes if isinstance(dtype, pd.CategoricalDtype)]
    return len(dtypes) - len(ordered), ordered.count(False), ordered.count(True)


def _table() -> dict[str, list[str]]:
    text = (ROOT / "docs" / "datasets.md").read_text(encoding="utf-8")
    lines = text.split("## Sets with categories")[1].split("## ")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {name: rest for name, *rest in cells[2:]}


def test_the_documented_table_names_every_set_with_categories():
    cards = [get_card(name) for name in catalogue_names()]
    assert list(_table()) == [card.name for card in cards if card.nominal or card.ordinal]


@pytest.mark.parametrize("name", list(_table()))
def test_the_documented_table_says_what_is_loaded(name):
    table = load_dataset(name)
    card, kinds = get_card(name), _kinds(table.X)
    found = [len(table.X), *kinds, card.missing, f"{table.y.mean():.1%}"]
    assert _table()[name] == [str(value) for value in found]


def test_ordered_categories_are_in_their_order():
    assert list(load_dataset("German_credit").X["present_employment"].cat.categories) == [
        "A71",
        "A72",
        "A73",
        "A74",
        "A75",
    ]
    assert list(load_dataset("Contraceptive").X["Standard-of-living"].cat.categories) == ["1", "2", "3", "4"]


def test_flare_letters_has_the_regions_of_flare_in_their_order():
    coded, letters = load_dataset("Flare"), load_dataset("Flare_letters")
    assert (coded.y == letters.y).all()
    for theirs, ours in zip(coded.X, letters.X.iloc[:, :7], strict=True):
        # One letter for each code, and one code for each letter.
        pairs = set(zip(coded.X[theirs], letters.X[ours].astype(str), strict=True))
        assert len(pairs) == coded.X[theirs].nunique() == letters.X[ours].nunique()


def test_a_board_that_x_has_not_won_is_the_minority():
    table = load_dataset("Tic_tac_toe")
    boards = table.X.astype(str).to_numpy() == "x"
    lines = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]
    won = [any(board[list(line)].all() for line in lines) for board in boards]
    assert [not x for x in won] == list(table.y == 1)


@pytest.mark.parametrize("name", NEW)
def test_the_added_sets_are_small_and_have_a_minority_of_a_useful_size(name):
    card = get_card(name)
    assert (data_folder() / "data" / card.file).stat().st_size < 300_000
    assert 0.05 < card.minority_rows / card.rows < 0.35


@pytest.mark.parametrize(
    "path", sorted((ROOT / "benchmarks" / "experiments").glob("*.yaml")), ids=lambda x: x.stem
)
def test_no_shipped_experiment_takes_them_unasked(path):
    named = yaml.safe_load(path.read_text(encoding="utf-8"))["datasets"]
    assert named
    if path.stem != "mixed":
        assert not {x if isinstance(x, str) else x["name"] for x in named} & set(NEW)
