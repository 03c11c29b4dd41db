"""Datasets loaded by name: what the cards promise is what is loaded."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from data.catalogue_names import SMALL
from sklearn.preprocessing import MinMaxScaler

from smote_bench.data.cards import data_folder, get_card
from smote_bench.data.dataset import load_dataset, without_duplicates
from smote_bench.data.digests import content_digest
from smote_bench.errors import ConfigError

pytestmark = pytest.mark.usefixtures("no_network")


@pytest.mark.parametrize("name", SMALL)
def test_raw_is_the_file_as_it_is(name):
    card = get_card(name)
    raw = load_dataset(name)
    assert raw.X.shape == (card.rows, card.features)
    assert int(raw.y.sum()) == card.minority_rows
    assert raw.y.dtype == np.int64
    assert raw.digest == card.digest == content_digest(raw.X, raw.y)


@pytest.mark.parametrize("name", SMALL)
def test_processed_is_all_numbers_and_as_on_the_card(name):
    processed = load_dataset(name, "processed")
    assert set(processed.X.dtypes) == {np.dtype("float64")}
    assert not processed.X.isna().to_numpy().any()
    assert processed.digest == get_card(name).digest_processed


@pytest.mark.parametrize("name", ["Satimage", "Pima_diabetes", "Ecoli", "Ionosphere"])
def test_processed_equals_min_max_scaling_of_the_whole_table_to_the_bit(name):
    card = get_card(name)
    table = pd.read_csv(data_folder() / "data" / card.file)
    table = table.drop_duplicates()  # only Ionosphere has a duplicate
    expected = MinMaxScaler().fit_transform(table.iloc[:, :-1])
    processed = load_dataset(name, "processed")
    assert processed.X.to_numpy().tobytes() == np.ascontiguousarray(expected).tobytes()
    assert (processed.y == (table.iloc[:, -1].astype(str) == card.minority)).all()


def test_flare_has_the_first_seven_columns_and_keeps_its_duplicates():
    flare = load_dataset("Flare")
    header = (data_folder() / "data" / "flare.csv").read_text().splitlines()[0].split(",")
    assert list(flare.X.columns) == header[:7]
    assert len(load_dataset("Flare", "processed").y) == len(flare.y) == 1066
    assert without_duplicates(flare)[1] == 0


def test_duplicates_leave_the_whole_table_before_any_split():
    raw = load_dataset("Haberman")
    split, n_removed = without_duplicates(raw)
    assert (len(raw.y), len(split.y), n_removed, int(split.y.sum())) == (306, 289, 17, 79)
    assert without_duplicates(load_dataset("Haberman", "processed"))[1] == 0


def test_us_crime_takes_rates_above_the_limit_only():
    assert int(load_dataset("US_crime").y.sum()) == 150  # with >= it would be 158


def test_abalone_has_one_hot_sex_when_processed():
    processed = load_dataset("Abalone", "processed")
    assert [name for name in processed.X.columns if "=" in name] == ["Sex=F", "Sex=I", "Sex=M"]


def test_rejects_a_version_that_does_not_exist():
    with pytest.raises(ConfigError, match=r"got 'procesed'\. Did you mean 'processed'"):
        load_dataset("Ecoli", "procesed")


def test_collecting_needs_neither_pandas_nor_numpy():
    code = (
        "import sys; from pathlib import Path\n"
        "from smote_bench.data import cards, fingerprints\n"
        "from smote_bench.commands import datasets\n"
        "for name in cards.catalogue_names():\n"
        "    fingerprints.fingerprint(name), fingerprints.size_hint(name), cards.get_card(name)\n"
        "print([m for m in ('numpy', 'pandas', 'sklearn', 'scipy', 'pyarrow') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
