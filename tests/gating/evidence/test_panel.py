"""Panels: what is taken from them, and what they do not have."""

from __future__ import annotations

import numpy as np

from smote_bench.evaluation.outcome import Cell
from smote_bench.gating.evidence.panel import Panel, Unit

A, B = Cell("d", "m", "a"), Cell("d", "m", "b")


def _panel() -> Panel:
    panel = Panel.empty([A, B], [Unit(0, 0), Unit(0, 1)], [0, 1], ["x", "y"])
    panel.values[:] = np.arange(panel.values.size).reshape(panel.values.shape)
    panel.present[:] = True
    panel.digests[:] = 7
    return panel


def test_takes_cells_units_draws_and_measures_in_the_order_asked_for() -> None:
    taken = _panel().take(cells=[B, A], units=[Unit(0, 1)], draws=[1], names=["y"])
    assert taken.values.ravel().tolist() == [15.0, 7.0]
    assert taken.present.all()


def test_what_a_panel_does_not_have_is_absent_and_undefined() -> None:
    taken = _panel().take(
        cells=[A, Cell("d", "other", "a")], units=[Unit(9, 0), Unit(0, 0)], names=["x", "z"]
    )
    assert taken.present[:, :, 0].tolist() == [[False, True], [False, False]]
    assert np.isnan(taken.values[1]).all()
    assert np.isnan(taken.values[0, 1, :, 1]).all()
    assert taken.values[0, 1, :, 0].tolist() == [0.0, 2.0]
    assert taken.digests[0, 0, 0] == 0
