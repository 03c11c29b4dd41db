"""The answer for one file in words."""

from __future__ import annotations

import math

import numpy as np
from made_up_one_file import CARD, COST, made_up

from smote_bench.api.one_file.stages import Found, Question
from smote_bench.api.one_file.stopping import Precision
from smote_bench.api.one_file.words import answer_parts, gains_table, more_sentences
from smote_bench.report.analysis.answer import answer
from smote_bench.report.analysis.effects import effects_by_method

QUESTION = Question({}, n_rows=300, n_columns=3, n_folds=5, metric=CARD.name)
NOW = Precision(0.05, 5, 5, 0.25, 4)


def _said(found: Found, gain: float = 0.02, *, is_shown: bool = False) -> str:
    return "\n".join(more_sentences(QUESTION, found, gain, is_shown=is_shown))


def test_every_reason_to_stop_is_said() -> None:
    found = Found({}, 1, NOW, 0.06, "narrow enough")
    assert _said(found, 0.2) == (
        "Stopped after 1 repeat: the intervals are as narrow as asked for (±0.0500, asked: ±0.06)."
    )
    no_use = _said(Found({}, 10, NOW, 0.01, "no use"))
    assert "hardly narrow by repeating, as all folds share the same 300 rows" in no_use
    time = _said(Found({}, 1, NOW, 0.01, "time", seconds_per_repeat=30.0))
    assert f"10 repeats would make them about ±{NOW.after(10):.4f}, in about 6 minutes" in time
    left_out = _said(Found({}, 1, NOW, 0.06, "time", ("RandomForest",)), 0.2)
    assert left_out.splitlines() == [
        "There was no time for RandomForest: give it more with --minutes.",
        "Stopped after 1 repeat, as the time was over: the intervals are ±0.0500.",
    ]
    assert "no spread" in _said(Found({}, 1, Precision(math.nan, 5, 5, 0.25, 4), 0.01, "no use"))


def test_rows_needed_grow_with_the_square() -> None:
    found = Found({}, 10, NOW, 0.01, "no use")
    factor = (NOW.least / 0.01) ** 2
    assert f"{factor:.1f} times as many" in _said(found)
    assert f"it takes about {round(300 * factor, -2):,.0f} rows" in _said(found)
    # the answer has the metric's sign, a gain is positive where it is better: no sign cannot contradict it
    assert "as the one seen (0.0010) to show" in _said(found, gain=-0.001)
    assert "For intervals of ±0.0123 it takes" in _said(Found({}, 10, NOW, 0.0123456, "no use"))
    assert "to show" not in _said(found, gain=0.001, is_shown=True)
    assert "No number of rows that anybody has" in _said(found, gain=1e-9)


def test_the_table_has_the_intervals_of_the_answer() -> None:
    gains = np.random.default_rng(1).normal(0.02, 0.02, size=(3, 2, 5))
    for card, sign in ((CARD, 1), (COST, -1)):
        run = made_up(gains, card)
        lines = gains_table(run, card.name)
        for line, effect in zip(lines, effects_by_method(run, card.name), strict=True):
            low, high = sorted((sign * effect.low, sign * effect.high))
            assert line == f"{effect.method}  {sign * effect.gain:+.4f}  ({low:+.4f} to {high:+.4f})"
    assert [heading for heading, _ in answer_parts(answer(run))] == ["The answer", "What it is worth"]
