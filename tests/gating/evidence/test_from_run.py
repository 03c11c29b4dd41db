"""A run's folder as evidence.

Also of: evidence.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_up import made_up_run

from smote_bench.errors import ConfigError
from smote_bench.evaluation.extras import SAMPLES
from smote_bench.evaluation.outcome import Cell, Fit, Outcome
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.from_run import run_evidence
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Unit
from smote_bench.runs.run_store import RunStore
from smote_bench.runs.store import Store

DATASET, SMOTE = "Ecoli", "SMOTE"
TASK = Cell(DATASET, SMOTE, "RandomForest")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return made_up_run(tmp_path, datasets=1, methods=3, folds=2, points=None)


def _fit(phase: str, repeat: int, fold: int, score: float, seconds: float = 1.0) -> Fit:
    scores = {"roc_auc": score, "balanced_accuracy": score / 2}
    return Fit(phase, repeat, fold, scores, seconds, 2 * seconds, 0.1, (9, 1), (9, 9))


def _put_part(run: Path, words: str, *fits: Fit, status: str = "ok", reason: str = "") -> None:
    store = Store(run / "cells.sqlite")
    store.put(f"part {words}", Outcome(TASK, status, reason, digest="made-up", fits=fits), part=words)
    store.close()


def _sample(phase: str, repeat: int, fold: int, draw: int = 0, **more: Any) -> dict[str, Any]:
    return {
        "phase": phase,
        "repeat": repeat,
        "fold": fold,
        "draw": draw,
        "noop": False,
        "test_digest": f"{fold:016x}",
        "rows_digest": f"{draw + 1:016x}",
        "n_synthetic": 8,
        "descriptors": {"spread": 0.123456, "centre": None},
        **more,
    }


def _put_samples(run: Path, method: str, samples: list[dict[str, Any]], key: str = "s") -> None:
    store = Store(run / "cells.sqlite")
    data = json.dumps(samples).encode()
    store.put_extra(f"{method}{key}", SAMPLES, data, dataset=DATASET, method=method)
    store.close()


def _value(evidence: Evidence, cell: Cell, unit: Unit, draw: int, metric: str) -> float:
    scores = evidence.scores
    place = scores.cells.index(cell), scores.units.index(unit), scores.draws.index(draw)
    return float(scores.values[(*place, scores.names.index(metric))])


def test_every_fit_of_the_run_is_in_the_panel_with_its_scores(run: Path) -> None:
    evidence = run_evidence(run)
    scores = evidence.scores
    assert scores.units == (Unit(0, HOLDOUT_FOLD), Unit(0, 0), Unit(0, 1))
    assert (len(scores.cells), scores.draws, scores.present.all()) == (6, (0,), True)
    store = Store(run / "cells.sqlite")
    for outcome in store.outcomes():
        for fit in outcome.fits:
            unit = Unit(fit.repeat, HOLDOUT_FOLD if fit.phase == "holdout" else fit.fold)
            for metric in scores.names:
                assert _value(evidence, outcome.cell, unit, 0, metric) == fit.scores[metric]
    store.close()


def test_the_gates_own_metrics_come_first_then_the_priority_metrics_that_have_a_direction(
    tmp_path: Path,
) -> None:
    run = made_up_run(
        tmp_path, datasets=1, methods=2, folds=2, points=None, priority_metrics=("brier", "g_mean", "tp")
    )
    evidence = run_evidence(run)
    assert evidence.scores.names == ("balanced_accuracy", "g_mean", "f1_macro", "roc_auc", "brier", "tp")
    assert evidence.better["brier"] == "low"
    assert evidence.better["g_mean"] == "high"


def test_parts_add_splits_and_seeds_where_they_were_computed(run: Path) -> None:
    _put_part(run, "split 1, seed 0", _fit("cv", 1, 0, 0.5), _fit("holdout", 1, 0, 0.7))
    _put_part(run, "splits 0-1, seed 2", _fit("cv", 0, 1, 0.25), _fit("cv", 1, 0, 0.75))
    evidence = run_evidence(run)
    scores = evidence.scores
    assert scores.draws == (0, 2)
    assert scores.units == tuple(
        Unit(split, fold) for split, fold in [(0, -1), (0, 0), (0, 1), (1, -1), (1, 0)]
    )
    assert _value(evidence, TASK, Unit(1, -1), 0, "roc_auc") == 0.7
    assert _value(evidence, TASK, Unit(0, 1), 2, "roc_auc") == 0.25
    assert _value(evidence, TASK, Unit(1, 0), 2, "balanced_accuracy") == 0.375
    here = scores.present[scores.cells.index(TASK)]
    assert here.tolist() == [[True, False], [True, False], [True, True], [True, False], [True, True]]
    assert math.isnan(_value(evidence, TASK, Unit(0, 0), 2, "roc_auc"))
    others = [n for n, cell in enumerate(scores.cells) if cell != TASK]
    assert scores.present[others].sum() == 3 * len(others)


def test_seconds_are_means_per_fit_of_the_first_seed(run: Path) -> None:
    before = run_evidence(run).seconds[TASK]
    _put_part(run, "split 1, seed 0", _fit("cv", 1, 0, 0.5, seconds=7.0))
    _put_part(run, "split 0, seed 1", _fit("cv", 0, 0, 0.5, seconds=1000.0))
    resample, fit = run_evidence(run).seconds[TASK]
    assert resample == pytest.approx((3 * before[0] + 7) / 4)
    assert fit == pytest.approx((3 * before[1] + 14) / 4)


@pytest.mark.parametrize(
    ("own", "part", "expected"),
    [
        ("ok", "error", ("error", "split 1, seed 0: of the part")),
        ("error", "ok", ("error", "ValueError: made up")),
        ("noop", "timeout", ("timeout", "split 1, seed 0: of the part")),
        ("noop", "ok", ("noop", "a made-up noop")),
        ("ok", "noop", ("noop", "split 1, seed 0: of the part")),
    ],
)
def test_the_gravest_status_of_a_cell_and_its_parts_is_its_status(
    tmp_path: Path, own: str, part: str, expected: tuple[str, str]
) -> None:
    run = made_up_run(
        tmp_path, datasets=1, methods=2, folds=2, points=None, statuses={tuple(vars(TASK).values()): own}
    )
    reason = "" if part == "ok" else "of the part"
    _put_part(run, "split 1, seed 0", _fit("cv", 1, 0, 0.5), status=part, reason=reason)
    assert run_evidence(run).statuses[TASK] == expected


def test_fits_of_a_part_that_failed_are_no_scores(run: Path) -> None:
    _put_part(run, "split 1, seed 0", _fit("cv", 1, 0, 0.5), status="error", reason="ValueError: no")
    assert {unit.split for unit in run_evidence(run).scores.units} == {0}


def test_cells_without_scores_are_in_the_statuses_alone(tmp_path: Path) -> None:
    run = made_up_run(
        tmp_path, datasets=1, methods=2, folds=2, points=None, statuses={tuple(vars(TASK).values()): "error"}
    )
    evidence = run_evidence(run)
    assert TASK not in evidence.scores.cells
    assert len(evidence.statuses) == 4
    assert len(evidence.scores.cells) == 3


def test_a_fits_digest_is_of_all_its_scores_and_of_the_resampled_rows(run: Path) -> None:
    own = [_sample("cv", 0, 0), _sample("cv", 0, 1), _sample("holdout", 0, 0)]
    _put_samples(run, SMOTE, own)
    first = run_evidence(run)
    cell = first.scores.cells.index(TASK)
    digests = first.scores.digests[cell, :, 0]
    assert len(set(digests.tolist()) - {0}) == 3
    assert np.array_equal(run_evidence(run).scores.digests, first.scores.digests)

    _put_samples(run, SMOTE, [{**own[0], "rows_digest": "f" * 16}, *own[1:]])
    changed = run_evidence(run).scores.digests[cell, :, 0] != digests
    assert changed.tolist() == [False, True, False]

    store = Store(run / "cells.sqlite")
    outcome = next(o for o in store.outcomes() if o.cell == TASK)
    plain = json.loads(outcome.dumps())
    del plain["crc32"]  # of the text as it was
    plain["fits"][1]["scores"]["tp"] += 1  # of no gate's metrics
    (key,) = store._db.execute(
        "SELECT key FROM cells WHERE method = ? AND classifier = ?", (TASK.method, TASK.classifier)
    ).fetchone()
    store.put(key, Outcome.loads(json.dumps(plain)))
    store.close()
    changed = run_evidence(run).scores.digests[cell, :, 0] != digests
    assert changed.tolist() == [False, True, True]


def test_a_fit_whose_rows_were_not_recorded_has_no_digest(run: Path) -> None:
    _put_samples(run, SMOTE, [_sample("cv", 0, 0)])
    evidence = run_evidence(run)
    known = evidence.scores.digests[evidence.scores.cells.index(TASK), :, 0] != 0
    assert known.tolist() == [False, True, False]


def test_methods_without_steps_share_the_rows_of_original_and_describe_nothing(run: Path) -> None:
    _put_samples(run, "Original", [_sample("cv", 0, 0, descriptors={})])
    evidence = run_evidence(run)
    known = {cell.method for n, cell in enumerate(evidence.scores.cells) if evidence.scores.digests[n].any()}
    assert known == {"Original", "class_weight"}
    assert evidence.samples is None


def test_descriptors_come_by_method_unit_and_draw_with_four_digits(run: Path) -> None:
    _put_samples(run, SMOTE, [_sample("cv", 0, 0), _sample("holdout", 0, 0)])
    _put_samples(run, SMOTE, [_sample("cv", 0, 0, 1)], key="of a part")
    samples = run_evidence(run).samples
    assert samples is not None
    assert samples.cells == (Cell(DATASET, SMOTE, ""),)
    assert (samples.units, samples.draws) == ((Unit(0, -1), Unit(0, 0)), (0, 1))
    assert samples.names == ("n_synthetic", "spread", "centre")
    assert (samples.values[0, 1, :, 0] > 0).all()  # a count, beside the descriptors
    assert samples.values[0, 1, :, 1].tolist() == [0.1235, 0.1235]
    assert np.isnan(samples.values[..., 2]).all()
    assert samples.present[0].tolist() == [[True, False], [True, True]]
    assert samples.digests[0].tolist() == [[1, 0], [1, 2]]


def test_splits_are_known_by_the_digests_of_their_test_rows(run: Path) -> None:
    _put_samples(
        run, "Original", [_sample("cv", 0, 1, descriptors={}), _sample("holdout", 0, 0, descriptors={})]
    )
    assert run_evidence(run).splits == {
        (DATASET, 0, HOLDOUT_FOLD): f"{0:016x}",
        (DATASET, 0, 1): f"{1:016x}",
    }


def test_tells_data_protocol_and_where_it_came_from(run: Path) -> None:
    evidence = run_evidence(run)
    assert evidence.data == {DATASET: "made-up"}
    assert evidence.protocol == {
        "test_size": 0.2,
        "cv_folds": 2,
        "random_state": 42,
        "random_runs": 1,
    }
    assert evidence.name == run.name
    about = evidence.about
    assert {"commit", "packages", "python", "made_at", "methods", "classifiers"} <= set(about)
    assert "numpy" in about["packages"]
    assert len(about["methods"][SMOTE]["source"]) == 16
    assert set(about["datasets"]) == {DATASET}


def test_a_folder_that_is_no_finished_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"expected the folder of a finished run, got .* without manifest"):
        run_evidence(tmp_path)


def test_a_damaged_store_is_refused_in_words(run: Path) -> None:
    (run / "cells.sqlite").write_bytes(b"")
    with pytest.raises(ConfigError, match=r"is damaged \(no such table: cells\). Nothing is judged on"):
        run_evidence(run)


def test_a_run_without_cells_is_refused(run: Path) -> None:
    store = Store(run / "cells.sqlite")
    store._db.execute("DELETE FROM cells")
    store.close()
    with pytest.raises(ConfigError, match=r"expected a run with cells, got .* without any: run it again"):
        run_evidence(run)


def test_a_cell_whose_worker_died_in_a_part_is_an_error_and_keeps_its_own_scores(run: Path) -> None:
    store = RunStore(run / "cells.sqlite")
    store.put_lost(TASK, "the worker died", part="split 1, seed 0")
    store.close()
    evidence = run_evidence(run)
    assert evidence.statuses[TASK] == ("error", "split 1, seed 0: the worker died")
    assert TASK in evidence.scores.cells
