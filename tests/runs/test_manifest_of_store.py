"""What a run was is known of its store alone, where no manifest was written or where it was deleted."""

from __future__ import annotations

import functools
import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from made_up import made_up_run

from smote_bench.errors import ConfigError
from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.from_run import run_evidence
from smote_bench.report.build import ReportSettings, write_report
from smote_bench.runs.asked import Asked, write_asked, write_draft
from smote_bench.runs.listing import find_run, list_runs
from smote_bench.runs.manifest_of_store import check_manifest, headline_of, manifest_of
from smote_bench.runs.open import open_run

COMMAND = ["grid.py", "-k", "a or b"]


@pytest.fixture
def killed(tmp_path: Path) -> tuple[Path, dict]:
    """A run without a manifest and a cell less than it was asked for, and the manifest that it had."""
    return _killed(tmp_path)


def _killed(out: Path) -> tuple[Path, dict]:
    folder = made_up_run(out, datasets=2, methods=2, classifiers=2, folds=2, rows=60, points=None)
    manifest = json.loads((folder / "manifest.json").read_text())
    store = folder / "cells.sqlite"
    cells = tuple(open_run(folder).by_cell)
    write_asked(store, Asked(cells), COMMAND, Path.cwd())
    draft = {**manifest, "cut": None, "finished": None, "cells": {}}
    write_draft(store, draft)
    with sqlite3.connect(store) as db:
        db.execute("DELETE FROM cells WHERE dataset = ? AND method = ? AND classifier = ?", _names(cells[-1]))
    db.close()
    for path in folder.iterdir():
        if path.name != "cells.sqlite":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return folder, manifest


def _names(cell: Cell) -> tuple[str, ...]:
    return tuple(vars(cell).values())


def test_is_what_the_run_would_have_written(killed: tuple[Path, dict]) -> None:
    folder, manifest = killed
    found = manifest_of(folder)
    differing = {key for key in manifest if found[key] != manifest[key]}
    assert differing <= {"cut", "cells", "finished"}
    assert list(found) == list(manifest)
    assert found["cells"]["asked"] == found["cells"]["done"] + 1 == 8
    assert headline_of(folder) == (
        "This run was cut (no manifest.json: killed, or still running): 7 of 8 cells are done."
    )
    assert not (folder / "manifest.json").exists()


@pytest.mark.fault(
    injected="the manifest of a run is missing: everything was killed, or it was deleted",
    seen="the run is listed, reported, compared and gated by what is in its store, and said to be cut where "
    "cells are missing; before the first cell an error names folder, file and the command that goes on",
    lost="nothing",
)
def test_a_run_without_a_manifest_is_listed_reported_and_judged(killed: tuple[Path, dict]) -> None:
    folder, manifest = killed
    (entry,) = list_runs(folder.parent.parent)
    assert (entry.status, entry.is_readable, entry.n_cells) == ("unfinished", True, 7)
    assert entry.datasets == tuple(manifest["experiment"]["datasets"])
    assert "7 of 8 cells, which can be reported as they are in cells.sqlite: run the same" in entry.remark
    assert find_run("one-made-up", folder.parent.parent) == folder
    run = open_run(folder)
    assert list(run.not_run.values()) == ["no manifest.json: killed, or still running"]
    assert "This run was cut (no manifest" in run_evidence(folder).about["cut"]
    report = write_report(folder, ReportSettings(tsne="off"))
    assert report.failures == []
    assert "This run was cut" in (folder / "report.html").read_text()
    assert "7 of 8 cells" in (folder / "summary.md").read_text()


def test_a_deleted_manifest_makes_no_whole_run_a_cut_one(killed: tuple[Path, dict]) -> None:
    folder, _ = killed
    write_asked(folder / "cells.sqlite", Asked(tuple(open_run(folder).by_cell)), COMMAND, Path.cwd())
    assert manifest_of(folder)["cut"] is None
    assert headline_of(folder) == ""


def test_before_the_first_cell_the_error_names_folder_file_and_command(tmp_path: Path) -> None:
    store = tmp_path / "runs" / "a" / "cells.sqlite"
    write_asked(store, Asked((Cell("Ecoli", "SMOTE", "kNN"),)), COMMAND, Path.cwd())
    for read in (manifest_of, check_manifest, open_run, run_evidence):
        with pytest.raises(ConfigError, match=r"without manifest\.json: 0 cells are in") as caught:
            read(store.parent)
        assert str(store.parent) in str(caught.value)
        assert str(caught.value).endswith(": pytest grid.py -k 'a or b'")


@pytest.mark.parametrize("damage", ["store", "draft"])
def test_a_store_that_says_nothing_either_is_named(killed: tuple[Path, dict], damage: str) -> None:
    folder, _ = killed
    if damage == "store":
        (folder / "cells.sqlite").write_bytes(b"no database" * 500)
    else:
        with sqlite3.connect(folder / "cells.sqlite") as db:
            db.execute("UPDATE draft SET manifest = '[1, 2]'")
        db.close()
    for read in (manifest_of, check_manifest, open_run):
        with pytest.raises(ConfigError, match=r"without manifest\.json: '.*cells\.sqlite' is damaged"):
            read(folder)
    (entry,) = list_runs(folder.parent.parent)
    assert (entry.status, entry.is_readable) == ("broken", False)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"schema": "nine"}, "schema is 'nine', expected a whole number"),
        ({"commit": "abc"}, "commit is 'abc', expected an object"),
        ({"machine": [2]}, r"machine is \[2\], expected an object"),
        ({"experiment": {"name": "a", "methods": ["SMOTE"]}}, r"experiment\.methods is \['SMOTE'\]"),
        ({"experiment": {"name": "a", "datasets": {"Ecoli": 1}}}, r"experiment\.datasets\.Ecoli is 1"),
    ],
)
def test_a_draft_that_somebody_has_changed_is_told_in_words(
    killed: tuple[Path, dict], change: dict, why: str
) -> None:
    folder, draft = killed
    with sqlite3.connect(folder / "cells.sqlite") as db:
        db.execute("UPDATE draft SET manifest = ?", [json.dumps({**draft, **change})])
    db.close()
    (entry,) = list_runs(folder.parent.parent)
    assert entry.status == "broken"
    assert re.search(why, entry.remark)
    with pytest.raises(ConfigError, match=why):
        open_run(folder)


@pytest.mark.parametrize("missing", ["schema", "commit", "machine", "experiment.name", "experiment.datasets"])
def test_a_draft_without_a_part_leaves_no_command_without_words(
    killed: tuple[Path, dict], missing: str
) -> None:
    folder, draft = killed
    *above, name = missing.split(".")
    changed = json.loads(json.dumps(draft))
    del functools.reduce(dict.__getitem__, above, changed)[name]
    with sqlite3.connect(folder / "cells.sqlite") as db:
        db.execute("UPDATE draft SET manifest = ?", [json.dumps(changed)])
    db.close()
    (entry,) = list_runs(folder.parent.parent)
    assert entry.status in ("broken", "unfinished")
    said = ""
    try:
        n_outcomes = len(open_run(folder).outcomes)
    except ConfigError as error:
        said = str(error)
    assert str(folder) in said if said else n_outcomes == 7


def test_a_broken_manifest_beside_such_a_store_may_be_moved_away(killed: tuple[Path, dict]) -> None:
    folder, _ = killed
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    (entry,) = list_runs(folder.parent.parent)
    assert "reports are made of it once manifest.json is moved away" in entry.remark
    (folder / "manifest.json").rename(folder / "manifest.json.broken")
    assert len(open_run(folder).outcomes) == 7
