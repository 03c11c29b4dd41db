"""Data sets to ClearML and back, through its real SDK against a stand-in for its servers on loopback.

Also of: child, metadata, names, process, data.clearml_push.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from clearml_server import ClearMLServer

from smote_bench.data import clearml_push
from smote_bench.data.cards import get_card
from smote_bench.data.clearml_push import ToPush, push
from smote_bench.data.clearml_tables import process as clearml_process
from smote_bench.data.clearml_tables import reading as clearml
from smote_bench.data.clearml_tables.metadata import notes_of
from smote_bench.data.clearml_tables.names import PROJECT, parse_clearml, version_of
from smote_bench.data.clearml_tables.process import answers_of
from smote_bench.data.dataset import load_dataset
from smote_bench.data.digests import DigestMismatch, content_digest
from smote_bench.data.fingerprints import fingerprint, size_hint
from smote_bench.data.preprocessing import Preprocessing
from smote_bench.data.sources import DatasetEntry, parse_source
from smote_bench.data.tables.table_files import read_table
from smote_bench.errors import ConfigError, UnavailableError
from tests.conftest import skip_without

OWN = 'size,colour,weight,label\nsmall,red,1.5,yes\nlarge,,0.1,no\nsmall,"a, b",,no\nlarge,red,1e-300,no\n'

# As people published before smote-bench: the table with its target last, and numbers about it.
PLAIN = """
import pathlib, sys
from clearml import Dataset
made = Dataset.create(dataset_name="Plain", dataset_project="SMOTE Test Bench", dataset_version="1.0.0")
pathlib.Path("Plain.csv").write_text(sys.argv[1])
made.add_files("Plain.csv")
made.set_metadata({"total_samples": 6, "features": 2, "classes": 2})
made.upload(show_progress=False)
made.finalize()
"""
PLAIN_TABLE = "x,colour,y\n1.5,red,0\n2,blue,0\n3,red,0\n4,blue,0\n5,red,1\n6,red,1\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A server with Ecoli and a table with all kinds of columns, pushed there."""
    skip_without("clearml")
    folder = tmp_path_factory.mktemp("clearml")
    (folder / "own.csv").write_text(OWN)
    with ClearMLServer() as server, pytest.MonkeyPatch.context() as patch:
        set_up(patch, server, folder)
        items = [ToPush(load_dataset("Ecoli", version), version) for version in ("raw", "processed")]
        items += [ToPush(own_table(folder), "raw"), ToPush(standardised(), "processed")]
        said = list(push(items, PROJECT))
        assert [(pushed.is_new, pushed.problem) for pushed in said] == [(True, "")] * 4
        assert server.unknown == []
        yield server


@pytest.fixture
def server(published, tmp_path, monkeypatch):
    """That server, asked from an empty cache."""
    set_up(monkeypatch, published, tmp_path)
    published.calls.clear()
    yield published
    published.refuse_credentials, published.fail = False, {}


@pytest.fixture(scope="module")
def fetched(published, tmp_path_factory):
    """The cache after all were read."""
    folder = tmp_path_factory.mktemp("fetched")
    with pytest.MonkeyPatch.context() as patch:
        set_up(patch, published, folder)
        for name in ("Ecoli@raw", "Ecoli@processed", "own@raw", "standardised@processed"):
            clearml.fetch(f"clearml:{name}")
    return folder / "cache"


@pytest.fixture
def filled(server, fetched, tmp_path):
    """The server, with a cache in which all of them are."""
    shutil.copytree(fetched, tmp_path / "cache")
    server.calls.clear()
    return server


@pytest.fixture
def fresh_server(tmp_path, monkeypatch):
    """An empty server."""
    skip_without("clearml")
    with ClearMLServer() as running:
        set_up(monkeypatch, running, tmp_path)
        yield running


def set_up(patch, server, folder):
    environment = server.environment(folder, SMOTE_BENCH_CACHE=str(folder / "cache"), SMOTE_BENCH_OFFLINE="")
    for name in os.environ.keys() - environment.keys():
        patch.delenv(name)
    for name, value in environment.items():
        patch.setenv(name, value)
    patch.setattr(clearml, "_failures", {})


def own_table(folder):
    described = {
        "name": "own",
        "file": "own.csv",
        "target": "label",
        "minority": "yes",
        "ordinal": {"size": ["small", "large"]},
        "drop_duplicates": False,
    }
    return load_dataset(parse_source(described, folder))


def standardised():
    """A table that the recipe would change if it were applied a second time."""
    made = load_dataset("Ecoli", "processed", preprocessing=Preprocessing(scaling="standard"))
    return replace(made, name="standardised")


def publish_plain(server, folder, table=PLAIN_TABLE):
    (folder / "plain.py").write_text(PLAIN)
    subprocess.run(
        [sys.executable, "plain.py", table], cwd=folder, check=True, capture_output=True, timeout=300
    )


def files_of(server, name, ending):
    """Return what was uploaded of a data set, in order."""
    return [
        content for path, content in server.files.items() if f"/{name}/" in path and path.endswith(ending)
    ]


def cached_own(folder):
    (found,) = (folder / "cache" / "clearml").glob("own_raw-*/table.csv")
    return found


@pytest.mark.parametrize(
    ("source", "parts"),
    [
        ("clearml:Ecoli@raw", ("", "SMOTE Test Bench", "Ecoli", "raw")),
        ("clearml:My/own tables/Ecoli@1.0.2", ("", "My/own tables", "Ecoli", "1.0.2")),
        (f"clearml:{'0aF' * 10}12", (f"{'0af' * 10}12", "", "", "")),
    ],
)
def test_a_data_set_is_named_or_asked_for_by_its_id(source, parts, tmp_path):
    named = parse_clearml(source)
    assert (named.id, named.project, named.name, named.version) == parts
    assert parse_source(source, tmp_path) == source


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("clearml:Ecoly", "got 'clearml:Ecoly': name a version too, as in 'clearml:Ecoli@raw'"),
        ("clearml:Ecoli:raw", "as in 'clearml:Ecoli@raw'"),
        ("clearml:churn", "as in 'clearml:churn@raw'"),
        ("clearml:", "or 'clearml:ID' with an id of 32 hexadecimal digits, got 'clearml:'"),
        ("clearml:a@b@c", "one '@' stands between"),
        ("clearml:a@b/c", "'/' only behind the project"),
        ("clearml:Ecoli@ raw", "got 'clearml:Ecoli@ raw'"),
        ("clearm:Ecoli@raw", "'keel:NAME' or 'clearml:NAME@VERSION', got 'clearm:Ecoli@raw'"),
    ],
)
def test_what_names_no_clearml_data_set_is_refused(source, message, tmp_path):
    with pytest.raises(ConfigError, match=message):
        parse_source(source, tmp_path)


def test_a_name_tells_whether_the_recipe_was_applied():
    assert DatasetEntry("clearml:Ecoli@processed-2", "raw", Preprocessing()).version == "processed"
    assert DatasetEntry("clearml:Ecoli@raw", "raw", Preprocessing()).version == "raw"
    assert version_of("clearml:Ecoli@processedish") is None
    assert version_of("Ecoli") is None


@pytest.mark.parametrize("version", ["raw", "processed"])
def test_a_published_table_comes_back_to_the_bit(filled, version):
    mine, back = load_dataset("Ecoli", version), load_dataset(f"clearml:Ecoli@{version}")
    assert (back.version, back.digest, back.name) == (version, mine.digest, f"clearml:Ecoli@{version}")
    assert back.X.to_numpy().tobytes() == mine.X.to_numpy().tobytes()
    assert list(back.X.columns) == list(mine.X.columns)
    assert np.array_equal(back.y, mine.y)
    assert (back.card.licence, back.card.drop_duplicates) == (mine.card.licence, mine.card.drop_duplicates)
    assert filled.address in back.card.source


def test_kinds_orders_missing_cells_and_tiny_numbers_come_back(filled, tmp_path):
    (tmp_path / "own.csv").write_text(OWN)
    mine, back = own_table(tmp_path), load_dataset("clearml:own@raw")
    pd.testing.assert_frame_equal(back.X, mine.X)
    assert back.X["size"].cat.ordered
    assert np.array_equal(back.y, mine.y)
    assert (back.card.drop_duplicates, back.digest) == (False, mine.digest)


@pytest.mark.parametrize("version", ["raw", "processed"])
@pytest.mark.parametrize("name", ["Abalone", "Flare", "US_crime", "Haberman"])
def test_the_file_and_the_metadata_are_all_that_reading_takes(name, version, tmp_path):
    dataset = load_dataset(name, version)
    written = clearml_push._written(ToPush(dataset, version), 0, tmp_path)
    metadata = json.loads(json.dumps(written["metadata"]))
    notes = notes_of(metadata, f"clearml:{name}@{version}", Path(written["file"]))
    X, y = read_table(Path(written["file"]), notes)
    assert X.dtypes.tolist() == dataset.X.dtypes.tolist()
    assert content_digest(X, y) == notes.digest == dataset.digest


def test_raw_from_clearml_is_processed_as_ours_is_and_processed_is_left_as_it_is(filled):
    ours = load_dataset("Ecoli", "processed")
    assert load_dataset("clearml:Ecoli@raw", "processed").digest == ours.digest
    for version in ("raw", "processed"):
        back = load_dataset("clearml:standardised@processed", version)
        assert (back.version, back.digest) == ("processed", standardised().digest)
        assert back.preprocessing == Preprocessing(scaling="standard")


def test_the_file_has_the_target_last_and_the_metadata_have_the_originals_keys(published):
    (archive, *_) = files_of(published, "Ecoli", ".zip")
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        assert opened.namelist() == ["Ecoli.csv"]
        header, first, *_ = opened.read("Ecoli.csv").decode().splitlines()
    card = get_card("Ecoli")
    assert header.split(",") == [*load_dataset("Ecoli").X.columns, card.target]
    assert first.split(",")[-1] == "0"
    metadata = json.loads(files_of(published, "Ecoli", "metadata.json")[0])
    assert {key: metadata[key] for key in ("total_samples", "features", "classes")} == {
        "total_samples": 336,
        "features": 7,
        "classes": 2,
    }
    assert (metadata["digest"], metadata["version"]) == (card.digest, "raw")
    assert (metadata["licence"], metadata["source"]) == (card.licence, card.source)


def test_it_is_fetched_once_and_read_without_a_server_from_then_on(server, monkeypatch):
    load_dataset("clearml:Ecoli@raw")
    n_calls = len(server.calls)
    assert n_calls > 0
    monkeypatch.setattr(clearml_process, "is_installed", lambda package: False)
    load_dataset("clearml:Ecoli@raw")
    assert len(server.calls) == n_calls


def test_an_id_names_a_version_too(server):
    (raw, _) = server.named("Ecoli")
    assert load_dataset(f"clearml:{raw['id']}").digest == get_card("Ecoli").digest


def test_a_changed_file_in_the_cache_is_noticed_when_it_is_read(filled, tmp_path):
    path = cached_own(tmp_path)
    path.write_text(path.read_text().replace("0.1", "0.2"))
    with pytest.raises(DigestMismatch, match=r"run `smote-bench datasets fetch 'clearml:own@raw'`"):
        load_dataset("clearml:own@raw")
    clearml.fetch("clearml:own@raw")
    assert load_dataset("clearml:own@raw").digest


def test_a_table_that_is_not_what_its_metadata_say_is_not_stored(server, tmp_path, monkeypatch):
    path = next(path for path in server.files if "/own/" in path and path.endswith("metadata.json"))
    lie = json.loads(server.files[path]) | {"digest": "0" * 64}
    monkeypatch.setitem(server.files, path, json.dumps(lie).encode())
    with pytest.raises(DigestMismatch, match=r"0{64}, got .*; nothing was stored; its file is not the one"):
        load_dataset("clearml:own@raw")
    assert not list((tmp_path / "cache" / "clearml").glob("*/table.csv"))


def test_a_file_that_came_damaged_is_not_stored(server, monkeypatch):
    path = next(path for path in server.files if "/own/" in path and path.endswith(".zip"))
    damaged = BytesIO()
    with zipfile.ZipFile(damaged, "w") as archive:
        archive.writestr("own.csv", "size,colour,weight,label\nsmall,red,1.5,1\n")
    monkeypatch.setitem(server.files, path, damaged.getvalue())
    assert "came damaged (own.csv)" in unavailable("clearml:own@raw")


def test_what_bears_the_name_of_the_catalogue_must_be_the_catalogues(fresh_server):
    ecoli = load_dataset("Ecoli")
    X = ecoli.X.copy()
    X.iloc[0, 0] += 1
    other = replace(ecoli, X=X, digest=content_digest(X, ecoli.y))
    assert [pushed.is_new for pushed in push([ToPush(other, "raw")], "Elsewhere")] == [True]
    with pytest.raises(DigestMismatch, match="that is not the catalogue's Ecoli") as caught:
        load_dataset("clearml:Elsewhere/Ecoli@raw")
    assert (caught.value.expected, caught.value.found) == (ecoli.digest, other.digest)


def test_a_version_is_sent_once_and_never_replaced(server):
    ecoli = load_dataset("Ecoli")
    n_files, n_tasks = len(server.files), len(server.tasks)
    changed = replace(ecoli, digest="0" * 64)
    same, other = push([ToPush(ecoli, "raw"), ToPush(changed, "raw")], PROJECT)
    assert (same.is_new, same.problem) == (False, "")
    assert "push it under another with --as raw-2" in other.problem
    assert f"with digest {'0' * 64}, got {same.id} with {ecoli.digest}" in other.problem
    assert (len(server.files), len(server.tasks)) == (n_files, n_tasks)


def test_a_version_that_was_begun_is_neither_read_nor_sent_again(server, monkeypatch):
    (raw, _) = server.named("Ecoli")
    for status in ("stopped", "in_progress"):
        monkeypatch.setitem(raw, "status", status)
        assert f"is not finished (its status is '{status}'); wait for it" in unavailable()
        clearml._failures.clear()
        assert raw["status"] == status
    (pushed,) = push([ToPush(load_dataset("Ecoli"), "raw")], PROJECT)
    assert f"begun and not finished ({raw['id']}, in_progress)" in pushed.problem


def test_what_a_dead_pusher_left_is_replaced(fresh_server):
    haberman = ToPush(load_dataset("Haberman"), "raw")
    (first,) = push([haberman], PROJECT)
    fresh_server.tasks[first.id]["status"] = "stopped"  # as the server does after a time
    (second,) = push([haberman], PROJECT)
    assert second.is_new
    assert {id: task["status"] for id, task in fresh_server.tasks.items()} == {second.id: "completed"}


@pytest.mark.parametrize("failing", ["files.post", "tasks.completed", "tasks.add_or_update_artifacts"])
def test_a_push_that_fails_is_told_and_leaves_nothing_in_the_way(fresh_server, failing):
    haberman = ToPush(load_dataset("Haberman"), "raw")
    fresh_server.fail = {failing: 500}
    with pytest.raises(UnavailableError, match="ClearML"):
        list(push([haberman], PROJECT))
    fresh_server.fail = {}
    (pushed,) = push([haberman], PROJECT)
    assert (pushed.is_new, pushed.problem) == (True, "")
    assert [task["status"] for task in fresh_server.tasks.values()] == ["completed"]


def test_what_the_original_published_is_read_by_its_rules_and_remembered(fresh_server, tmp_path):
    publish_plain(fresh_server, tmp_path)
    plain = load_dataset("clearml:Plain@1.0.0")
    assert (plain.version, plain.card.target, plain.card.minority) == ("raw", "y", "1")
    assert plain.y.tolist() == [0, 0, 0, 0, 1, 1]
    assert [str(dtype) for dtype in plain.X.dtypes] == ["float64", "category"]
    (remark,) = clearml.clearml_remarks("clearml:Plain@1.0.0")
    assert "the last column ('y'), the minority its rarer label ('1', 2 of 6 rows)" in remark
    assert remark == plain.card.remarks

    publish_plain(
        fresh_server, tmp_path, PLAIN_TABLE.replace("1.5", "1.25")
    )  # under the same name and version
    assert load_dataset("clearml:Plain@1.0.0").digest == plain.digest
    with pytest.raises(DigestMismatch, match="it has changed since it was fetched: if that is right, remove"):
        clearml.fetch("clearml:Plain@1.0.0")
    assert load_dataset("clearml:Plain@1.0.0").digest == plain.digest


@pytest.mark.parametrize("labels", ["a a b b", "a b c c", "a a a a"])
def test_a_target_without_a_rarer_class_is_refused(tmp_path, labels):
    path = tmp_path / "table.csv"
    path.write_text("\n".join(["x,y", *(f"1,{label}" for label in labels.split())]) + "\n")
    with pytest.raises(ConfigError, match="expected a target of two classes, one rarer, in the last column"):
        notes_of(None, "clearml:a@b", path)


def test_metadata_of_a_later_release_are_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"form 'smote-bench dataset 1', got .*use a newer smote-bench"):
        notes_of({"format": "smote-bench dataset 2"}, "clearml:a@b", tmp_path / "none.csv")


def test_the_key_of_results_follows_the_content(filled, tmp_path):
    first = fingerprint("clearml:own@raw")
    assert first == fingerprint("clearml:own@raw")
    path = cached_own(tmp_path)
    path.write_text(path.read_text().replace("0.1", "0.2"))
    assert fingerprint("clearml:own@raw") != first


def test_the_size_is_guessed_until_it_is_in_the_cache(server):
    guess = size_hint("clearml:own@raw")
    assert server.calls == []
    load_dataset("clearml:own@raw")
    assert size_hint("clearml:own@raw") == (4, 3) != guess


def unavailable(source="clearml:Ecoli@raw"):
    with pytest.raises(UnavailableError) as caught:
        load_dataset(source)
    return str(caught.value)


def test_a_version_that_is_not_there_is_told_with_those_that_are(server):
    said = unavailable("clearml:Ecoli@raw-9")
    assert "no data set Ecoli of version 'raw-9' (there is: processed, raw)" in said
    assert "smote-bench datasets push Ecoli --to clearml" in said
    assert "has no data set " + "0" * 32 in unavailable(f"clearml:{'0' * 32}")


def test_a_failure_is_repeated_without_asking_again(server):
    first = unavailable("clearml:Nowhere/Ecoli@raw")
    n_calls = len(server.calls)
    assert unavailable("clearml:Nowhere/Ecoli@raw") == first
    assert len(server.calls) == n_calls > 0


def test_wrong_credentials_are_told_as_such(server):
    server.refuse_credentials = True
    said = unavailable()
    assert "does not take the credentials (Unauthorized (invalid credentials)" in said
    assert server.calls == ["auth.login"]


def test_without_credentials_it_is_said_how_to_get_them(server, monkeypatch, tmp_path):
    for name in ("CLEARML_API_ACCESS_KEY", "CLEARML_API_SECRET_KEY", "CLEARML_CONFIG_FILE"):
        monkeypatch.delenv(name)
    (tmp_path / "clearml.conf").unlink()
    assert "ClearML has no credentials" in unavailable()
    assert server.calls == []


def test_a_configuration_file_that_is_not_there_is_told(server, monkeypatch):
    monkeypatch.setenv("CLEARML_CONFIG_FILE", "nowhere.conf")
    assert "expected CLEARML_CONFIG_FILE to name a file, got 'nowhere.conf'" in unavailable()


def test_a_dead_server_is_told_at_once(server, monkeypatch):
    with ClearMLServer() as dead:
        address = dead.address
    monkeypatch.setenv("CLEARML_API_HOST", address)
    assert f"ClearML at {address} does not answer (ConnectionError); start the server" in unavailable()


def test_a_server_that_dies_in_the_middle_is_told(fresh_server):
    fresh_server.die_after(3)
    assert "does not answer" in unavailable()


def test_a_failing_server_is_not_taken_for_one_without_the_data_set(server):
    server.fail = {"tasks.get_all": 500}
    said = unavailable()
    assert "ClearML failed" in said
    assert "500" in said


def test_an_address_that_is_no_api_server_is_told(server):
    server.fail = {"auth.login": 404}
    assert "answers HTTP 404 to a login" in unavailable()


def test_without_the_package_it_is_said_how_to_install_it(server, monkeypatch):
    monkeypatch.setattr(clearml_process, "is_installed", lambda package: False)
    assert "pip install 'smote-bench[clearml]'" in unavailable()
    with pytest.raises(UnavailableError, match=r"pushing data sets needs clearml.*smote-bench\[clearml\]"):
        list(push([ToPush(load_dataset("Ecoli"), "raw")], PROJECT))


def test_it_can_be_switched_off(server, monkeypatch):
    monkeypatch.setenv("SMOTE_BENCH_OFFLINE", "1")
    assert "switched off by SMOTE_BENCH_OFFLINE" in unavailable()
    assert server.calls == []


def test_in_clearmls_offline_mode_nothing_can_be_read_back(server, monkeypatch):
    monkeypatch.setenv("CLEARML_OFFLINE_MODE", "1")
    assert "ClearML is in offline mode" in unavailable()


def test_notes_in_the_cache_that_cannot_be_read_are_told_with_the_folder(filled, tmp_path):
    notes = cached_own(tmp_path).with_name("dataset.json")
    for text in ("{", '{"schema": 1}'):
        notes.write_text(text)
        with pytest.raises(ConfigError, match=f"remove {notes.parent}"):
            load_dataset("clearml:own@raw")


def test_a_process_that_says_nothing_is_ended(server):
    with pytest.raises(UnavailableError, match="process ended with code -9 before it had answered"):
        list(answers_of({"do": "fetch"}, silence=0.0))


def test_clearml_is_imported_in_the_other_process_only(server):
    code = (
        "import sys\nfrom smote_bench.data.dataset import load_dataset\n"
        "load_dataset('clearml:own@raw')\nassert 'clearml' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
