"""What a run leaves behind, written from its store.

Also of: row_writing, tables_folder, tidy_tables, whole_folder.
"""

from __future__ import annotations

import csv
import errno
import json
import math
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.errors import ConfigError, DiskError
from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.experiment.file import experiment_from_text
from smote_bench.runs.asked import Asked
from smote_bench.runs.files import write_run
from smote_bench.runs.settings import RunSettings
from smote_bench.runs.store import Store
from smote_bench.runs.tables import NOT_OK_COLUMNS, SECONDS_COLUMNS
from smote_bench.runs.whole_folder import whole_folder, write_as_named

pytestmark = pytest.mark.versions

TEXT = """
methods: [SMOTE]
datasets: [Ecoli, Haberman, Oil]
selected_classifiers: [kNN, RandomForest]
priority_metrics: [roc_auc]
metrics: [roc_auc, g_mean]
"""


def _outcome(cell: Cell, *scores: float) -> Outcome:
    fits = [
        Fit("cv", 0, n, {"roc_auc": v, "g_mean": 0.0}, 0.1, 0.1, 0.1, (9, 1), (9, 9))
        for n, v in enumerate(scores)
    ]
    fits.append(Fit("holdout", 0, 0, {"roc_auc": scores[0], "g_mean": 0.0}, 0.1, 0.1, 0.1, (9, 1), (9, 9)))
    return Outcome(cell, "ok", fits=tuple(fits), version="raw", digest="abc")


def _write(
    folder: Path, *, reverse: bool = False, first: float = 0.5, text: str = TEXT
) -> tuple[Path, list[str]]:
    """Fill a run's store and write its files: Ecoli scored, SMOTE failed on Haberman, Oil is not here."""
    experiment = experiment_from_text(text, "grid.yaml")
    run = folder / "runs" / "one"
    store = Store(run / "cells.sqlite")
    cells = list(experiment.cells.values())
    for n, cell in enumerate(reversed(cells) if reverse else cells):
        if cell.dataset == "Oil":
            outcome = Outcome(cell, "unavailable", "no provider has Oil; fetch it")
        elif cell.dataset == "Haberman" and cell.method == "SMOTE":
            outcome = Outcome(cell, "error", "ValueError: no")
        else:
            outcome = _outcome(cell, first if cell.method == "Original" else 0.75, 0.25)
        store.put(f"{n}", outcome)
    store.close()
    (run / ".locks").mkdir()
    return run, write_run(experiment, RunSettings(str(run)), ["-k", "Ecoli"])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_has_the_published_files_and_nothing_half_written(tmp_path: Path) -> None:
    run, _ = _write(tmp_path)
    found = sorted(path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file())
    assert [name for name in found if not name.startswith("cells.sqlite")] == [
        "cells.csv",
        "manifest.json",
        "scores.csv",
        "scores.parquet",
        "tables/improvement_Ecoli_SMOTE.csv",
        "tables/not_ok.csv",
        "tables/results_Ecoli.csv",
        "tables/results_Haberman.csv",
        "tables/seconds.csv",
        "tables/summary.csv",
    ]
    assert (tmp_path / "latest").resolve() == run.resolve()
    assert not (run / ".locks").exists()


def test_a_run_that_was_cut_leaves_latest_where_it_was(tmp_path: Path) -> None:
    whole, said = _write(tmp_path)
    assert f"latest: {tmp_path / 'latest'}" in said
    experiment = experiment_from_text(TEXT, "grid.yaml")
    cut = tmp_path / "runs" / "two"
    cells = list(experiment.cells.values())
    store = Store(cut / "cells.sqlite")
    store.put("0", _outcome(cells[0], 0.5, 0.5))
    store.close()
    lines = write_run(
        experiment, RunSettings(str(cut)), [], why_cut="interrupted by Ctrl-C", asked=Asked(tuple(cells))
    )
    assert (tmp_path / "latest").resolve() == whole.resolve()
    assert "latest: still one; only a whole run takes its place" in lines


def test_the_scores_have_the_same_bytes_in_whatever_order_cells_were_computed(tmp_path: Path) -> None:
    one, _ = _write(tmp_path / "one")
    other, _ = _write(tmp_path / "other", reverse=True)
    for name in ("scores.csv", "scores.parquet", "cells.csv", "tables/summary.csv"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


@given(st.one_of(st.floats(0, 1), st.floats(-1e9, 1e9), st.sampled_from([math.nan, math.inf, -math.inf])))
@settings(max_examples=12, deadline=None)
def test_csv_and_parquet_hold_every_score_exactly(score: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run, _ = _write(Path(folder), first=score)
        written = _rows(run / "scores.csv")
        table = pyarrow.parquet.read_table(run / "scores.parquet").to_pylist()
    assert list(table[0]) == list(written[0])
    values = [row["value"] for row in table if row["method"] == "Original" and row["metric"] == "roc_auc"]
    expected = None if math.isnan(score) else score
    assert expected in values
    assert [row["value"] for row in table] == [
        float(row["value"]) if row["value"] else None for row in written
    ]


def test_an_undefined_score_is_an_empty_cell(tmp_path: Path) -> None:
    run, _ = _write(tmp_path, first=math.nan)
    row = next(
        row for row in _rows(run / "scores.csv") if row["method"] == "Original" and row["metric"] == "roc_auc"
    )
    assert row["value"] == ""
    assert {row["Delta_Percent"] for row in _rows(run / "tables" / "improvement_Ecoli_SMOTE.csv")} == {""}


def test_an_improvement_table_has_its_six_columns(tmp_path: Path) -> None:
    run, _ = _write(tmp_path)
    rows = _rows(run / "tables" / "improvement_Ecoli_SMOTE.csv")
    assert list(rows[0]) == ["Classifier", "Metric", "Original", "SMOTE", "Delta_Absolute", "Delta_Percent"]
    assert rows[0] | {"Metric": "roc_auc"} == {
        "Classifier": "kNN",
        "Metric": "roc_auc",
        "Original": "0.5",
        "SMOTE": "0.75",
        "Delta_Absolute": "0.25",
        "Delta_Percent": "50.0",
    }
    # g_mean was 0 before and after: its percentage is empty, not 0.
    assert rows[1]["Delta_Percent"] == ""


def test_every_cell_that_is_not_ok_is_in_its_table_and_in_the_summary(tmp_path: Path) -> None:
    run, lines = _write(tmp_path)
    rows = _rows(run / "tables" / "not_ok.csv")
    assert [(row["dataset"], row["method"], row["status"]) for row in rows] == [
        *[("Haberman", "SMOTE", "error")] * 2,
        *[("Oil", "Original", "unavailable")] * 2,
        *[("Oil", "SMOTE", "unavailable")] * 2,
    ]
    assert "2 error: ValueError: no (Haberman-SMOTE-kNN, Haberman-SMOTE-RandomForest)" in lines
    first = "Oil-Original-kNN, Oil-Original-RandomForest, Oil-SMOTE-kNN"
    assert f"4 unavailable: no provider has Oil; fetch it ({first} and 1 more)" in lines


def test_every_cell_has_a_row(tmp_path: Path) -> None:
    run, _ = _write(tmp_path)
    assert len(_rows(run / "cells.csv")) == 12


def test_the_summary_ends_with_where_the_files_are(tmp_path: Path) -> None:
    run, lines = _write(tmp_path)
    assert lines[-2].startswith(f"files: {run}/ (scores.csv")
    assert lines[-1] == f"latest: {tmp_path / 'latest'}"


def test_a_run_without_any_score_still_has_its_files(tmp_path: Path) -> None:
    run, lines = _write(tmp_path, text=TEXT.replace("Ecoli, Haberman, Oil", "Oil"))
    assert _rows(run / "scores.csv") == []
    assert pyarrow.parquet.read_table(run / "scores.parquet").num_rows == 0
    assert (run / "tables" / "seconds.csv").read_text() == ",".join(SECONDS_COLUMNS) + "\n"
    assert _rows(run / "tables" / "not_ok.csv")[0].keys() == set(NOT_OK_COLUMNS)
    assert any("4 unavailable" in line for line in lines)


def test_parameters_that_json_does_not_know_do_not_lose_the_manifest(tmp_path: Path) -> None:
    text = TEXT.replace("[kNN, RandomForest]", "{kNN: {metric_params: {since: 2024-05-06}}}")
    run, _ = _write(tmp_path, text=text)
    manifest = json.loads((run / "manifest.json").read_text())
    assert manifest["experiment"]["classifiers"]["kNN"]["params"]["metric_params"] == {
        "since": "datetime.date(2024, 5, 6)"
    }


def test_writing_a_run_again_replaces_its_files(tmp_path: Path) -> None:
    run, _ = _write(tmp_path)
    before = (run / "scores.csv").read_bytes()
    experiment = experiment_from_text(TEXT, "grid.yaml")
    write_run(experiment, RunSettings(str(run)), [])
    assert (run / "scores.csv").read_bytes() == before


@pytest.mark.parametrize("name", ["NA", "null", "nan", "a,b", 'a"b', "1"])
def test_names_are_text_in_parquet_whatever_they_look_like(tmp_path: Path, name: str) -> None:
    text = TEXT.replace("[SMOTE]", json.dumps({name: "SMOTE"}))
    run, _ = _write(tmp_path, text=text)
    assert set(pyarrow.parquet.read_table(run / "scores.parquet")["method"].to_pylist()) == {"Original", name}


def test_names_that_make_the_same_file_name_overwrite_nothing(tmp_path: Path) -> None:
    methods = "methods: {'a:b': RandomOverSampler, a_b: RandomOverSampler}"
    run, _ = _write(tmp_path, text=TEXT.replace("methods: [SMOTE]", methods))
    headers = {path.name: list(_rows(path)[0])[3] for path in (run / "tables").glob("improvement_Ecoli*")}
    assert headers == {"improvement_Ecoli_a_b.csv": "a:b", "improvement_Ecoli_a_b-2.csv": "a_b"}


def test_writing_again_leaves_no_table_of_before(tmp_path: Path) -> None:
    run, _ = _write(tmp_path)
    (run / "tables" / "results_Gone.csv").write_text("old")
    write_run(experiment_from_text(TEXT, "grid.yaml"), RunSettings(str(run)), [])
    assert not (run / "tables" / "results_Gone.csv").exists()
    assert (run / "tables" / "results_Ecoli.csv").exists()


def test_what_was_read_otherwise_than_it_stands_in_a_file_is_said_with_the_summary(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("a,y\n1,1,\n2,0,\n3,0,\n")
    experiment = experiment_from_text(
        "methods: [SMOTE]\ndatasets: [{name: own, file: own.csv, target: y, minority: 1}]\n",
        str(tmp_path / "grid.yaml"),
    )
    run = tmp_path / "runs" / "one"
    store = Store(run / "cells.sqlite")
    for n, cell in enumerate(experiment.cells.values()):
        store.put(f"{n}", Outcome(cell, "unavailable", "not today"))
    store.close()
    lines = write_run(experiment, RunSettings(str(run)), [])
    assert "own: own.csv: commas at the end of the header or of the rows are left out" in lines


def test_a_part_that_cannot_be_written_is_told_and_the_others_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = _write(tmp_path)
    for name in ("manifest.json", "scores.csv"):
        (run / name).unlink()

    def breaks(*args: object) -> None:
        raise ZeroDivisionError("broken on purpose")

    monkeypatch.setattr("smote_bench.runs.tidy_tables.cell_rows", breaks)
    experiment, settings = experiment_from_text(TEXT, "grid.yaml"), RunSettings(str(run))
    told: list[str] = []
    lines = write_run(experiment, settings, [], failed=lambda what, error: told.append(f"{what}: {error}"))
    assert told == ["cells: broken on purpose"]
    assert (run / "manifest.json").is_file()
    assert (run / "scores.csv").is_file()
    assert any(line.startswith("files: ") for line in lines)
    with pytest.raises(ZeroDivisionError):
        write_run(experiment, settings, [])


def test_a_table_without_room_says_how_many_bytes_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = _write(tmp_path)
    sizes = {name: (run / name).stat().st_size for name in ("scores.csv", "cells.csv")}

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("smote_bench.runs.whole_folder.os.replace", full)
    experiment, settings = experiment_from_text(TEXT, "grid.yaml"), RunSettings(str(run))
    told: dict[str, str] = {}
    write_run(experiment, settings, [], failed=lambda what, error: told.update({what: str(error)}))
    assert f"to write {sizes['scores.csv']:,} bytes or more to '{run}/.scores.csv.partial'" in told["scores"]
    assert f"to write {sizes['cells.csv']:,} bytes or more to '{run}/.cells.csv.partial'" in told["cells"]
    assert {"manifest", "summary"} <= set(told)


def test_files_that_could_not_be_written_are_not_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = _write(tmp_path)
    for name in ("scores.csv", "cells.csv", "manifest.json"):
        (run / name).unlink()

    def full(path: Path, *_more: object) -> None:
        raise DiskError(f"expected to write to {path}, but the disk is full", "the disk is full")

    monkeypatch.setattr("smote_bench.runs.tidy_tables.whole_file", full)
    monkeypatch.setattr("smote_bench.runs.files.write_whole", full)
    experiment, settings = experiment_from_text(TEXT, "grid.yaml"), RunSettings(str(run))
    lines = write_run(experiment, settings, [], failed=lambda *_: None)
    assert f"files: {run}/ (scores.parquet, tables/)" in lines


@pytest.mark.fault(
    injected="a name that a spreadsheet would run as a formula, in tables for people",
    seen="an apostrophe before it there; scores.csv and cells.csv have it as it is, to be joined by",
    lost="nothing",
)
def test_a_name_that_is_a_formula_is_guarded_in_tables_for_people(tmp_path: Path) -> None:
    name = "=1+cmd|'/c calc'!A1"
    run, _ = _write(tmp_path, text=TEXT.replace("[SMOTE]", json.dumps({name: "RandomOverSampler"})))
    assert {row["method"] for row in _rows(run / "scores.csv")} == {"Original", name}
    assert {row["method"] for row in _rows(run / "cells.csv")} == {"Original", name}
    for path in (run / "tables").glob("*.csv"):
        with path.open(newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        assert not [cell for cell in cells if cell.startswith("=")], path
    assert f"'{name}" in {row["method"] for row in _rows(run / "tables" / "summary.csv")}


@pytest.mark.fault(
    injected="the store of a running session is damaged",
    seen="one error with the file and how many cells could be read; tables and report of these; exit code 3",
    lost="outcomes in what was damaged; the same command takes them from the memo",
)
def test_of_a_damaged_store_everything_is_written_that_can_be_read(tmp_path: Path) -> None:
    run, _ = _write(tmp_path)
    experiment = experiment_from_text(TEXT, "grid.yaml")
    cells = list(experiment.cells.values())
    store = run / "cells.sqlite"
    data = store.read_bytes()
    store.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))  # the first page names the tables
    told: list[str] = []
    write_run(
        experiment,
        RunSettings(str(run)),
        [],
        asked=Asked.of(cells, cells[:-1]),
        failed=lambda what, error: told.append(f"{what}: {error}"),
    )
    (damage,) = told
    assert "cells.sqlite' is damaged" in damage
    assert f"0 of {len(cells) - 1} cells could be read" in damage
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    counts = manifest["cells"]
    assert (counts["asked"], counts["done"]) == (len(cells), 0)
    assert sum(counts["not_run"].values()) == len(cells)
    assert "damaged store" in manifest["cut"]
    with (run / "cells.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == len(cells)


def test_a_file_that_a_user_names_is_written_whole_through_links_and_into_devices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, link, pipe = (tmp_path / name for name in ("file", "link", "pipe"))
    file.write_text("old")
    link.symlink_to(file)
    write_as_named(link, "new")
    assert (link.is_symlink(), file.read_text()) == (True, "new")
    os.mkfifo(pipe)
    with open(os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)) as reader:
        write_as_named(pipe, "said")
        assert reader.read() == "said"
    assert pipe.is_fifo()
    file.chmod(0o600)
    write_as_named(link, "new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    other = tmp_path / "other"
    other.hardlink_to(file)
    write_as_named(other, "new")
    assert other.samefile(file)
    other.unlink()
    for wrong in (tmp_path / "no" / "file", tmp_path / ("l" * 260)):
        with pytest.raises(ConfigError, match=rf"can be written, got '{wrong}' \((No such|File name)"):
            write_as_named(wrong, "text")
    long = tmp_path / ("l" * 250)
    write_as_named(long, "as ever")
    assert long.read_text() == "as ever"
    long.unlink()
    code = f"from pathlib import Path; from {write_as_named.__module__} import write_as_named as write; "
    code += "write(Path('/dev/stdout'), 'said'); print(' and more')"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout == "said and more\n"
    link.unlink()
    link.symlink_to("/dev/stdout")
    with (tmp_path / "out").open("w") as out:
        print("before", file=out, flush=True)
        subprocess.run([sys.executable, "-c", code.replace("/dev/stdout", str(link))], stdout=out, check=True)
    assert (tmp_path / "out").read_text() == "before\nsaid and more\n"
    (tmp_path / "out").unlink()

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("smote_bench.runs.whole_folder.os.replace", full)
    with pytest.raises(DiskError, match=r"expected to write 5 bytes .*Make room, or name another file$"):
        write_as_named(file, "later")
    assert file.read_text() == "new"
    assert {path.name for path in tmp_path.iterdir()} == {"file", "link", "pipe"}


def test_a_folder_is_replaced_through_a_link_and_a_file_is_left(tmp_path: Path) -> None:
    there, link, file = (tmp_path / name for name in ("there", "link", "file"))
    there.mkdir(mode=0o555)
    link.symlink_to(there)
    for text in ("one", "two"):
        with whole_folder(link) as partial:
            (partial / "a").write_text(text)
            partial.chmod(0o555)
    assert (link.is_symlink(), (there / "a").read_text()) == (True, "two")
    file.write_text("mine")
    with (
        pytest.raises(ConfigError, match=rf"expected a folder or nothing at '{file}', got a file"),
        whole_folder(file),
    ):
        pass
    assert file.read_text() == "mine"
    assert {path.name for path in tmp_path.iterdir()} == {"there", "link", "file"}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_a_file_that_a_user_names_stays_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("old")
    os.chown(file, 1, 2)
    file.chmod(0o640)
    write_as_named(file, "new")
    found = file.stat()
    assert (found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)) == (1, 2, 0o640)
    assert file.read_text() == "new"
