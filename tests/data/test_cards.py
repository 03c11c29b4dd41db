"""The cards of the catalogue: who made the data, on what terms, and that files are as they say."""

from __future__ import annotations

import pytest
from data.catalogue_names import BUNDLED, NAMES

from smote_bench.data import cards
from smote_bench.data.cards import catalogue_names, data_folder, get_card
from smote_bench.data.digests import file_sha256
from smote_bench.errors import ConfigError

pytestmark = pytest.mark.usefixtures("no_network")


def test_names_the_nineteen_datasets_in_order():
    assert list(catalogue_names()) == NAMES


def test_an_installed_package_takes_the_data_inside_it(monkeypatch, tmp_path):
    monkeypatch.setattr(cards, "__file__", str(tmp_path / "smote_bench" / "data" / "cards.py"))
    assert data_folder() == tmp_path / "datasets"
    (tmp_path / "smote_bench" / "_datasets").mkdir(parents=True)
    assert data_folder() == tmp_path / "smote_bench" / "_datasets"


def test_suggests_the_dataset_that_was_meant():
    with pytest.raises(ConfigError, match=r"got 'satimage'.* Did you mean 'Satimage'"):
        get_card("satimage")


def test_bundles_seventeen_files_and_never_the_two_whose_terms_are_unstated():
    bundled = {path.name for path in (data_folder() / "data").iterdir()}
    assert {get_card(name).file for name in BUNDLED} <= bundled
    assert len(BUNDLED) == 17
    assert not bundled & {get_card("Mammography").file, get_card("Oil").file}


@pytest.mark.parametrize("name", NAMES)
def test_every_card_says_who_made_the_data_and_on_what_terms(name):
    card = get_card(name)
    assert all(
        [card.title, card.source, card.licence, card.citation, card.remarks, card.target, card.minority]
    )
    assert len(card.digest) == len(card.digest_processed) == len(card.sha256) == 64


@pytest.mark.parametrize(
    ("name", "minority_rows", "rows"),
    [("Mammography", 260, 11183), ("Satimage", 626, 6435), ("Oil", 41, 937)],
)
def test_cards_hold_the_counts_of_the_literature_corrected(name, minority_rows, rows):
    card = get_card(name)
    assert (card.minority_rows, card.rows) == (minority_rows, rows)
    assert card.ratio == pytest.approx((rows - minority_rows) / minority_rows, abs=0.001)


@pytest.mark.parametrize("name", BUNDLED)
def test_bundled_files_are_the_cards_to_the_byte(name):
    card = get_card(name)
    path = data_folder() / "data" / card.file
    assert (file_sha256(path), path.stat().st_size) == (card.sha256, card.bytes)
