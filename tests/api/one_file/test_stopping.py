"""When there are repeats enough."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from made_up_one_file import CARD, COST, made_up
from scipy import stats

from smote_bench.api.one_file.stopping import (
    MOST_REPEATS,
    Precision,
    narrow_enough,
    next_repeats,
    precision_of,
)
from smote_bench.report.analysis.answer import answer
from smote_bench.report.analysis.effects import effects_by_method

NOW = Precision(half_width=0.05, n_fits=5, n_folds=5, test_train_ratio=0.25, n_methods=4)


def test_more_repeats_narrow_as_the_corrected_t_says() -> None:
    def factor(n: int) -> float:
        return float(stats.t.ppf(1 - 0.05 / 8, n - 1) * math.sqrt(1 / n + 1 / 4))

    assert NOW.after(1) == pytest.approx(0.05)
    assert NOW.after(3) == pytest.approx(0.05 * factor(15) / factor(5))
    least = stats.norm.ppf(1 - 0.05 / 8) * math.sqrt(1 / 4)
    assert NOW.least == pytest.approx(0.05 * least / factor(5))
    # why ten repeats are the most
    assert NOW.after(MOST_REPEATS) < 1.12 * NOW.least


def test_what_is_foretold_is_what_comes() -> None:
    rng = np.random.default_rng(3)
    gains = rng.normal(0.01, 0.03, size=(4, 6, 5))
    now = precision_of(made_up(gains[:, :2], CARD), CARD.name)
    assert (now.n_fits, now.n_folds, now.n_methods) == (10, 5, 4)
    assert now.test_train_ratio == pytest.approx(0.25)
    # the same spread in six repeats: the differences of the first two, three times over
    thrice = np.concatenate([gains[:, :2]] * 3, axis=1)
    later = effects_by_method(made_up(thrice, CARD), CARD.name)
    spread = math.sqrt((9 / 10) / (29 / 30))  # n - 1 of the estimate
    assert max(effect.half_width for effect in later) == pytest.approx(now.after(6) * spread, rel=1e-9)


@pytest.mark.parametrize(
    ("half_width", "repeats", "affordable", "expected"),
    [
        (0.009, 1, 9, (1, "narrow enough")),
        (0.05, 10, 99, (10, "no use")),
        (0.05, 1, 1, (1, "time")),
        (0.05, 1, 0, (1, "time")),
        (0.05, 1, 4, (4, "more")),
        (0.05, 1, 99, (10, "more")),
        (0.0105, 1, 99, (2, "more")),
        (math.nan, 1, 99, (10, "more")),
    ],
)
def test_the_next_stage(half_width: float, repeats: int, affordable: int, expected: tuple[int, str]) -> None:
    now = dataclasses.replace(NOW, half_width=half_width, n_fits=5 * repeats)
    assert next_repeats(now, 0.01, repeats, affordable) == expected


@pytest.mark.parametrize("repeats", [1, 3])
def test_gains_themselves_do_not_decide(repeats: int) -> None:
    """The same differences shifted up, down or turned round: as many repeats, whatever the answer is."""
    gains = np.random.default_rng(repeats).normal(0, 0.02, size=(4, repeats, 5))
    shown, wanted = set(), set()
    for shift, sign in ((0.0, 1), (0.2, 1), (-0.2, 1), (0.0, -1)):
        run = made_up(shift + sign * gains, CARD)
        shown.add(answer(run).verdict)
        now = precision_of(run, CARD.name)
        wanted.add((round(now.half_width, 12), next_repeats(now, 0.03, repeats, 99)))
    assert {"helps", "hurts"} <= shown
    assert len(wanted) == 1


def test_narrow_enough_is_a_hundredth_of_the_range_or_a_twentieth_of_a_cost() -> None:
    gains = np.zeros((1, 1, 5))
    assert narrow_enough(made_up(gains, CARD), CARD.name) == pytest.approx(0.01)
    assert narrow_enough(made_up(gains, COST, original=3.0), COST.name) == pytest.approx(0.15)


def test_no_spread_is_not_narrow() -> None:
    now = precision_of(made_up(np.full((2, 1, 5), 0.1), CARD), CARD.name)
    assert math.isnan(now.half_width)
    assert next_repeats(now, 0.01, 1, 99) == (MOST_REPEATS, "more")
