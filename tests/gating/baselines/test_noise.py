"""How far the seeds alone move a score, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.baselines.noise import noise_table
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Panel, Unit


def test_noise_is_the_seeds_standard_deviation_of_folds_and_of_their_means() -> None:
    cells = [Cell("d", method, "c") for method in ("Original", "SMOTE")]
    panel = Panel.empty(cells, [Unit(0, HOLDOUT_FOLD), Unit(0, 0), Unit(0, 1)], (0, 1), ("roc_auc",))
    panel.present[:] = True
    panel.values[0] = 0.5
    panel.values[1, :, :, 0] = [[0.0, 1.0], [0.5, 0.7], [0.5, 0.5]]  # the hold-out's does not enter
    fold = np.sqrt((0.2**2 / 2 + 0) / 2)
    assert noise_table(panel) == {
        "d": {
            "c": {
                "roc_auc": {"fold": pytest.approx(fold), "split_mean": pytest.approx(0.0707), "n_methods": 1}
            }
        }
    }
    assert noise_table(panel.take(draws=[0])) == {}


def test_noise_does_without_undefined_scores_and_is_0_where_no_seed_moves_a_score() -> None:
    panel = Panel.empty([Cell("d", "m", "c")], [Unit(0, 0), Unit(0, 1)], (0, 1, 2), ("a", "b"))
    panel.present[:] = True
    panel.values[0, :, :, 0] = [[0.1, 0.2, 0.3], [np.nan, 0.2, 0.3]]
    panel.values[0, :, :, 1] = 1 / 3
    found = noise_table(panel)["d"]["c"]
    assert found["a"] == {"fold": 0.1, "split_mean": None, "n_methods": 1}
    assert found["b"] == {"fold": 0.0, "split_mean": 0.0, "n_methods": 0}
