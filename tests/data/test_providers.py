"""Where files come from, in which order, and what is said when none has them."""

from __future__ import annotations

import pickle
from pathlib import Path

import pandas as pd
import pytest

from smote_bench.data import providers
from smote_bench.data.cards import data_folder, get_card
from smote_bench.data.dataset import load_dataset
from smote_bench.data.digests import DigestMismatch
from smote_bench.data.fingerprints import fingerprint
from smote_bench.errors import UnavailableError

MIRROR = Path(__file__).resolve().parents[3] / "shared" / "data" / "mirror"
needs_mirror = pytest.mark.skipif(not MIRROR.is_dir(), reason="the data mirror is not beside the checkout")


pytestmark = pytest.mark.usefixtures("no_network")


@pytest.fixture
def only_in_folders(monkeypatch, tmp_path):
    """Take Haberman out of what is bundled; return a folder that has it."""
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "haberman.csv").write_bytes((data_folder() / "data" / "haberman.csv").read_bytes())
    monkeypatch.setattr(providers, "data_folder", lambda: tmp_path / "nothing bundled")
    return folder


def test_what_cannot_be_had_says_why_for_every_provider_and_what_to_do(tmp_path):
    with pytest.raises(UnavailableError) as caught:
        load_dataset("Mammography", data_dir=tmp_path)
    for words in ("not bundled", f"{tmp_path} has no mammography.csv", "cache", "SMOTE_BENCH_OFFLINE"):
        assert words in caught.value.reason
    for words in ("--smote-data", "SMOTE_BENCH_DATA", "smote-bench datasets fetch Mammography"):
        assert words in caught.value.remedy


def test_a_directory_that_does_not_exist_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("SMOTE_BENCH_DATA", str(tmp_path / "mistyped"))
    with pytest.raises(UnavailableError, match="mistyped does not exist"):
        load_dataset("Oil")


def test_takes_the_directory_of_the_argument_before_the_environment(only_in_folders, tmp_path, monkeypatch):
    card = get_card("Haberman")
    monkeypatch.setenv("SMOTE_BENCH_DATA", str(tmp_path / "mistyped"))
    assert providers.provider_of(card) == "unavailable"
    assert providers.locate(card, only_in_folders).provider == "directory"
    monkeypatch.setenv("SMOTE_BENCH_DATA", str(only_in_folders))
    assert load_dataset("Haberman").digest == card.digest


def test_takes_the_bundled_file_before_any_other(tmp_path):
    (tmp_path / "haberman.csv").write_text("not,this\n")
    assert providers.locate(get_card("Haberman"), tmp_path).provider == "bundled"
    assert len(load_dataset("Haberman", data_dir=tmp_path).y) == 306


def test_takes_the_directory_before_the_cache(only_in_folders):
    card = get_card("Haberman")
    providers.cache_folder().mkdir()
    (providers.cache_folder() / card.file).write_bytes((only_in_folders / card.file).read_bytes())
    assert providers.locate(card, only_in_folders).provider == "directory"
    assert providers.locate(card).provider == "cache"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("38,59", "39,59", 1),
        lambda text: "\n".join([*text.splitlines()[:1], *sorted(text.splitlines()[1:])]) + "\n",
        lambda text: "an error page",
    ],
    ids=["a cell", "the row order", "everything"],
)
def test_other_content_under_the_name_fails_naming_both_digests(only_in_folders, change):
    path = only_in_folders / "haberman.csv"
    path.write_text(change(path.read_text()))
    with pytest.raises(DigestMismatch, match=str(path)) as caught:
        load_dataset("Haberman", data_dir=only_in_folders)
    assert caught.value.expected == get_card("Haberman").digest
    assert caught.value.expected in str(caught.value)
    assert caught.value.found in str(caught.value)


def test_a_mismatch_survives_the_way_between_processes():
    sent = DigestMismatch("Oil", "oil.csv", expected="a", found="b", remedy="get another")
    got = pickle.loads(pickle.dumps(sent))
    assert (str(got), got.remedy) == (str(sent), sent.remedy)


def test_the_same_content_in_other_bytes_and_under_other_names_is_accepted(only_in_folders):
    path = only_in_folders / "haberman.csv"
    path.write_text(path.read_text().replace("age", "years", 1).replace("38,59", "38.0,59.00", 1))
    assert load_dataset("Haberman", data_dir=only_in_folders).digest == get_card("Haberman").digest


def test_the_fingerprint_is_the_cards_digest_wherever_the_right_file_lies(only_in_folders):
    here = fingerprint("Haberman", data_dir=only_in_folders)
    assert here["digest"] == get_card("Haberman").digest
    assert here == fingerprint("Haberman")  # found nowhere: whatever is loaded later has this digest or fails


def test_the_fingerprint_of_a_changed_file_is_another(only_in_folders):
    right = fingerprint("Haberman", data_dir=only_in_folders)
    path = only_in_folders / "haberman.csv"
    path.write_text(path.read_text().replace("38,59", "39,59", 1))
    assert fingerprint("Haberman", data_dir=only_in_folders) != right


def test_the_two_versions_have_two_fingerprints():
    assert fingerprint("Haberman", "raw") != fingerprint("Haberman", "processed")


@needs_mirror
@pytest.mark.parametrize("name", ["Mammography", "Oil"])
def test_the_mirror_has_what_is_not_bundled(name):
    card = get_card(name)
    found = load_dataset(name, data_dir=MIRROR)
    assert (found.digest, len(found.y), int(found.y.sum())) == (card.digest, card.rows, card.minority_rows)
    assert load_dataset(name, "processed", data_dir=MIRROR).digest == card.digest_processed


@needs_mirror
@pytest.mark.parametrize("name", ["haberman.csv", "flare.csv"])
def test_the_mirror_has_other_row_orders_of_bundled_sets(name):
    ours, theirs = (pd.read_csv(folder / name) for folder in (data_folder() / "data", MIRROR))
    assert not ours.equals(theirs)
    assert sorted(map(tuple, ours.to_numpy())) == sorted(map(tuple, theirs.to_numpy()))
