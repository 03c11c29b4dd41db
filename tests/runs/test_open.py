"""A run read back from its folder."""

from __future__ import annotations

import contextlib
import json
import math
import re
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up import made_up_run
from sklearn.metrics import roc_auc_score

from smote_bench.errors import ConfigError, SmoteBenchError
from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.from_run import run_evidence
from smote_bench.runs.open import open_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    statuses = {
        ("Haberman", "SMOTE", "RandomForest"): "error",
        ("Ecoli", "class_weight", "RandomForest"): "noop",
    }
    return made_up_run(tmp_path_factory.mktemp("out"), statuses=statuses)


def test_names_come_in_the_experiments_order(folder: Path) -> None:
    run = open_run(folder)
    assert run.datasets == ("Ecoli", "Haberman", "Ionosphere")
    assert run.methods == ("Original", "SMOTE", "class_weight", "RandomOverSampler")
    assert run.classifiers == ("RandomForest", "LogisticRegression")
    assert [outcome.cell for outcome in run.outcomes[:3]] == [
        Cell("Ecoli", "Original", "RandomForest"),
        Cell("Ecoli", "Original", "LogisticRegression"),
        Cell("Ecoli", "SMOTE", "RandomForest"),
    ]


def test_frames_are_those_of_the_files(folder: Path) -> None:
    run = open_run(folder)
    pd.testing.assert_frame_equal(run.scores, pd.read_csv(folder / "scores.csv"), check_dtype=False)
    cells = run.cells.replace("", np.nan)
    pd.testing.assert_frame_equal(cells, pd.read_csv(folder / "cells.csv"), check_dtype=False)


def test_predictions_are_those_that_were_scored(folder: Path) -> None:
    run = open_run(folder)
    cell = Cell("Ecoli", "SMOTE", "LogisticRegression")
    predictions = run.predictions(cell)
    assert predictions is not None
    for fit, tested in zip(run.by_cell[cell].fits, predictions.fits, strict=True):
        assert (fit.phase, fit.repeat, fit.fold) == (tested.phase, tested.repeat, tested.fold)
        assert roc_auc_score(tested.truth, tested.score) == pytest.approx(fit.scores["roc_auc"], abs=1e-12)
    assert run.predictions(Cell("Haberman", "SMOTE", "RandomForest")) is None


def test_points_and_cards_are_there_by_name(folder: Path) -> None:
    run = open_run(folder)
    points = run.points("Ecoli", "SMOTE")
    assert points is not None
    assert np.bincount(points.group).tolist() == [150, 50, 0, 100]
    assert run.points("Ecoli", "class_weight") is None
    card = run.card("Haberman")
    assert card is not None
    assert (card["duplicates"], card["rows_split"]) == (3, 297)
    assert run.card("Nowhere") is None


def test_metrics_know_their_direction_and_range(folder: Path) -> None:
    run = open_run(folder)
    assert (run.metrics["brier"].better, run.metrics["roc_auc"].better) == ("low", "high")
    assert run.metrics["log_loss"].high == math.inf
    assert run.metrics["mcc"].low == -1
    assert run.priority_metrics[0] == "balanced_accuracy"


def test_the_link_to_the_latest_run_is_followed_also_as_a_text_file(folder: Path, tmp_path: Path) -> None:
    latest = folder.parent.parent / "latest"
    assert open_run(latest).folder == folder
    text = folder.parent.parent / "latest.txt"
    text.write_text(f"runs/{folder.name}\n")
    assert open_run(text).outcomes == open_run(folder).outcomes


def test_a_folder_without_a_finished_run_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"expected the folder of a finished run, got .* without manifest"):
        open_run(tmp_path)


@pytest.mark.fault(
    injected="a finished run's store of which nothing can be read",
    seen="one error: what else there is of the run, and the command that takes its cells from the memo",
    lost="nothing that is in the memo",
)
@pytest.mark.parametrize("left", [b"no database at all" * 1000, None], ids=["foreign", "cut"])
def test_of_a_store_that_cannot_be_read_it_is_said_what_else_there_is(
    folder: Path, tmp_path: Path, left: bytes | None
) -> None:
    run = tmp_path / "run"
    shutil.copytree(folder, run)
    store = run / "cells.sqlite"
    store.write_bytes(left if left is not None else store.read_bytes()[:4096])
    with pytest.raises(SmoteBenchError, match=r"is damaged .*: not a cell of it can be read") as caught:
        open_run(run)
    assert "scores.csv, cells.csv, tables beside it are as they were written" in str(caught.value)
    assert "takes the cells from the memo: " in str(caught.value)


@pytest.mark.fault(
    injected="cells are missing in the store of a finished run",
    seen="report and comparison say how many are left of how many; the gate judges nothing",
    lost="the cells that are missing, which a new run takes from the memo",
)
def test_a_store_with_fewer_cells_than_its_manifest_counts_is_damaged(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "runs" / "copy"
    shutil.copytree(folder, copy)
    assert open_run(copy).damage == ""
    total = json.loads((copy / "manifest.json").read_text())["cells"]["total"]
    with contextlib.closing(sqlite3.connect(copy / "cells.sqlite")) as db, db:
        n = db.execute("DELETE FROM cells WHERE method = 'SMOTE'").rowcount
    assert 0 < n < total
    damage = open_run(copy).damage
    assert f"is damaged (cells are missing): {total - n} of {total} cells could be read" in damage
    with pytest.raises(ConfigError, match=rf"cells are missing\), {total - n} of {total} are left"):
        run_evidence(copy)


@pytest.mark.parametrize(
    "cells", [{}, {"total": 7}, {"total": 7, "by_status": {}, "from_memo": "many"}, None]
)
def test_a_manifest_that_does_not_say_how_many_cells_there_were_is_no_proof_of_all(
    folder: Path, tmp_path: Path, cells: dict | None
) -> None:
    copy = tmp_path / "runs" / "copy"
    shutil.copytree(folder, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest |= {"cells": cells} if cells is not None else {}
    if cells is None:
        del manifest["cells"]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    run = open_run(copy)
    n = len(run.outcomes)
    of = (cells or {}).get("total", "all")
    assert (
        f"manifest.json' is damaged (it does not say how many cells there were): {n} of {of} " in run.damage
    )
    with pytest.raises(ConfigError, match=rf"how many cells there were\), {n} of {of} are left"):
        run_evidence(copy)
    (copy / "manifest.json").write_text(json.dumps(manifest | {"cells": {"total": "many"}}))
    for read in (open_run, run_evidence):
        with pytest.raises(ConfigError, match=r"cells\.total is 'many', expected a whole number"):
            read(copy)


@pytest.mark.parametrize("card", ["[]", "7", "{"])
def test_a_damaged_card_is_lost_and_nothing_else(folder: Path, tmp_path: Path, card: str) -> None:
    copy = tmp_path / "runs" / "copy"
    shutil.copytree(folder, copy)
    with contextlib.closing(sqlite3.connect(copy / "cells.sqlite")) as db, db:
        db.execute("UPDATE extras SET data = ? WHERE kind = 'card' AND dataset = 'Ecoli'", (card,))
    run = open_run(copy)
    with pytest.warns(UserWarning, match=re.escape(str(copy))):
        assert run.card("Ecoli") is None
    assert run.card("Haberman") is not None


@pytest.mark.parametrize(
    ("part", "name"), [("protocol", "random_state"), ("metric_cards", "balanced_accuracy")]
)
def test_a_manifest_without_a_part_that_all_need_is_named(
    folder: Path, tmp_path: Path, part: str, name: str
) -> None:
    copy = tmp_path / "runs" / "copy"
    shutil.copytree(folder, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    del manifest["experiment"][part][name]
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ConfigError, match=f"{part} without {name}"):
        open_run(copy)
