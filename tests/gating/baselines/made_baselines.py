"""Evidence that a baseline is made of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.evidence import Evidence
from smote_bench.gating.evidence.panel import HOLDOUT_FOLD, Panel, Unit
from smote_bench.gating.evidence.panel_file import DESCRIPTOR_DIGITS, round_to_digits

METRICS = ("balanced_accuracy", "roc_auc", "brier")


def panel_of(
    cells: Sequence[Cell], names: Sequence[str], seed: int, *, splits: int = 2, draws: int = 3
) -> Panel:
    rng = np.random.default_rng(seed)
    units = [Unit(split, fold) for split in range(splits) for fold in (HOLDOUT_FOLD, 0, 1)]
    panel = Panel.empty(cells, units, range(draws), names)
    panel.present[:] = True
    panel.values[:] = rng.random(panel.values.shape)
    panel.values[..., 0] = rng.integers(0, 60, panel.present.shape) / 60
    panel.digests[:] = rng.integers(1, 2**64, panel.digests.shape, dtype=np.uint64)
    return panel


def evidence_of(seed: int = 0) -> Evidence:
    cells = [Cell(d, m, c) for d in ("Ecoli", "Zoo") for m in ("Original", "SMOTE") for c in ("kNN", "tree")]
    scores = panel_of(cells, METRICS, seed)
    scores.values[0, 0, 0, 1] = np.nan
    scores.present[3, 2, 1] = False
    scores.values[3, 2, 1] = np.nan
    samples = panel_of(
        [Cell("Ecoli", "SMOTE", ""), Cell("Zoo", "SMOTE", "")], ("spread", "duplicates"), seed + 1
    )
    samples.values[:] = round_to_digits(samples.values, DESCRIPTOR_DIGITS)
    broken = Cell("Zoo", "Broken", "kNN")
    return Evidence(
        name="a run",
        scores=scores,
        better={"balanced_accuracy": "high", "roc_auc": "high", "brier": "low"},
        samples=samples,
        statuses={
            **dict.fromkeys(cells, ("ok", "")),
            cells[1]: ("noop", "as it was"),
            broken: ("error", "why"),
        },
        data={"Ecoli": "abc", "Zoo": "def"},
        splits={("Ecoli", split, fold): f"{split}{fold}" for split in (0, 1) for fold in (-1, 0, 1)},
        seconds=dict.fromkeys(cells, (0.001234567, 12.34567)),
        protocol={"test_size": 0.2, "cv_folds": 2, "random_state": 42},
        about={
            "made_at": "2026-01-01T00:00:00+00:00",
            "commit": "c0ffee",
            "packages": {"numpy": "2.0"},
            "experiment": {"name": "small", "file": "small.yaml"},
        },
    )
