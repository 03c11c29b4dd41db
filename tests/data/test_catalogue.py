"""The cards, and datasets loaded by name: what they promise is what is loaded."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import MinMaxScaler

from smote_bench.data import cards
from smote_bench.data.cards import catalogue_names, data_folder, get_card
from smote_bench.data.dataset import load_dataset, without_duplicates
from smote_bench.data.digests import DigestMismatch, content_digest, file_sha256
from smote_bench.errors import ConfigError

NAMES = [
    "Adult",
    "Abalone",
    "Forest_coverage",
    "Haberman",
    "Ionosphere",
    "Mammography",
    "Oil",
    "Phoneme",
    "Pima_diabetes",
    "Satimage",
    "Ecoli",
    "US_crime",
    "Yeast_ml8",
    "Flare",
]
BUNDLED = [name for name in NAMES if name not in ("Mammography", "Oil")]
SMALL = [name for name in BUNDLED if name not in ("Adult", "Forest_coverage")]

PINNED_DIGEST = "c01f68897a6813450f73c9f95431c293d256068b1f5d2e451fb99bbc511bc9fd"


@pytest.fixture(autouse=True)
def no_network(monkeypatch, tmp_path):
    monkeypatch.setenv("SMOTE_BENCH_OFFLINE", "1")
    monkeypatch.setenv("SMOTE_BENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("SMOTE_BENCH_DATA", raising=False)


def test_names_the_fourteen_datasets_in_order():
    assert list(catalogue_names()) == NAMES


def test_an_installed_package_takes_the_data_inside_it(monkeypatch, tmp_path):
    monkeypatch.setattr(cards, "__file__", str(tmp_path / "smote_bench" / "data" / "cards.py"))
    assert data_folder() == tmp_path / "datasets"
    (tmp_path / "smote_bench" / "_datasets").mkdir(parents=True)
    assert data_folder() == tmp_path / "smote_bench" / "_datasets"


def test_suggests_the_dataset_that_was_meant():
    with pytest.raises(ConfigError, match=r"got 'satimage'.* Did you mean 'Satimage'"):
        get_card("satimage")


def test_bundles_twelve_files_and_never_the_two_whose_terms_are_unstated():
    bundled = {path.name for path in (data_folder() / "data").iterdir()}
    assert {get_card(name).file for name in BUNDLED} <= bundled
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


def test_a_changed_cell_in_a_bundled_file_fails_naming_both_digests(tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    text = (data_folder() / "data" / "ecoli.csv").read_text()
    (tmp_path / "data" / "ecoli.csv").write_text(text.replace("0.49,0.29", "0.48,0.29", 1))
    monkeypatch.setattr("smote_bench.data.providers.data_folder", lambda: tmp_path)
    with pytest.raises(DigestMismatch, match=get_card("Ecoli").digest) as caught:
        load_dataset("Ecoli")
    assert caught.value.found in str(caught.value)
    assert caught.value.found != caught.value.expected


def test_rejects_a_version_that_does_not_exist():
    with pytest.raises(ConfigError, match=r"got 'procesed'\. Did you mean 'processed'"):
        load_dataset("Ecoli", "procesed")


def test_the_digest_of_a_small_table_is_pinned():
    X = pd.DataFrame(
        {
            "number": [1.0, -0.0, np.nan],
            "kind": pd.Categorical(["b", "a", None], categories=["a", "b"]),
            "size": pd.Categorical(["low", "high", "low"], categories=["low", "high"], ordered=True),
        }
    )
    # Changing the digest orphans every stored result and every card: think twice.
    assert content_digest(X, np.array([0, 1, 0])) == PINNED_DIGEST


def test_the_digest_sees_values_order_kinds_and_target_but_not_names():
    X = pd.DataFrame({"a": [1.0, 2.0], "b": pd.Categorical(["x", "y"])})
    y = np.array([0, 1])
    digest = content_digest(X, y)
    assert content_digest(X.set_axis(["p", "q"], axis=1), y) == digest
    assert content_digest(X.iloc[::-1], y) != digest
    assert content_digest(X[["b", "a"]], y) != digest
    assert content_digest(X.assign(a=[1.0, np.nextafter(2.0, 3)]), y) != digest
    assert content_digest(X.assign(b=pd.Categorical(["x", "y"], ordered=True)), y) != digest
    assert content_digest(X, 1 - y) != digest


def test_the_digest_does_not_depend_on_how_categories_are_stored_or_which_zero_it_is():
    y = np.array([0, 1])
    stored = pd.DataFrame({"a": [0.0, 1.0], "b": pd.Categorical(["x", None], categories=["w", "x"])})
    same = pd.DataFrame({"a": [-0.0, 1.0], "b": pd.Categorical(["x", None])})
    assert content_digest(stored, y) == content_digest(same, y)


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
