"""How much scores differ: verdicts and intervals, worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest
from report.two_runs import FOLDS, a_run, said

from smote_bench.report.compare.differences import verdict
from smote_bench.report.compare.two_runs import compare_runs


def test_worse_is_said_of_metrics_that_are_better_when_low(runs: Any) -> None:
    assert verdict(0.02, 0.01, "low") == "worse"
    assert verdict(-0.02, 0.01, "low") == "better"
    assert verdict(-0.02, 0.01, None) == "lower"


@pytest.mark.parametrize(
    ("mean", "half_width"), [(0.02, 0.02), (0.02, math.nan), (0.00004, 0.00001), (0.0, 0.0), (-0.01, 0.02)]
)
def test_claims_nothing_that_the_interval_does_not_carry(mean: float, half_width: float) -> None:
    assert verdict(mean, half_width, "high") == "no difference shown"


def test_an_undefined_mean_is_undefined_even_where_both_are_the_same() -> None:
    assert verdict(math.nan, math.nan, "high", is_identical=True) == "undefined"


def test_the_interval_over_data_sets_is_students() -> None:
    base = a_run({("one", "SMOTE"): FOLDS, ("two", "SMOTE"): FOLDS})
    other = a_run({("one", "SMOTE"): [v + 0.1 for v in FOLDS], ("two", "SMOTE"): [v + 0.3 for v in FOLDS]})
    d = compare_runs(base, other).differences["roc_auc"]
    assert d.mean == pytest.approx(0.2)
    assert d.half_width == pytest.approx(12.7062 * 0.1, rel=1e-5)  # t(0.975; 1) x sd / sqrt(2)
    assert (d.n, d.basis, d.n_cells) == (2, "data sets", 2)


def test_the_interval_over_one_data_sets_fits_is_nadeau_and_bengios() -> None:
    differences = [0.0, 0.1, 0.2, 0.1, 0.1]
    base = a_run({("one", "SMOTE"): FOLDS})
    other = a_run({("one", "SMOTE"): [a + b for a, b in zip(FOLDS, differences, strict=True)]})
    comparison = compare_runs(base, other)
    d = comparison.differences["roc_auc"]
    # variance 0.005; (1/5 + 1/4) of it; t(0.975; 4) = 2.77645
    expected = 2.77645 * math.sqrt(0.005 * 0.45)
    assert (d.mean, d.half_width) == (pytest.approx(0.1), pytest.approx(expected, rel=1e-5))
    assert (d.n, d.basis) == (5, "fits")
    cell = comparison.by_cell.set_index("metric").loc["roc_auc"]
    assert cell["half_width"] == pytest.approx(expected, rel=1e-5)
    assert any("one data set" in warning for warning in comparison.warnings)


def test_the_unpaired_interval_is_welchs_with_corrected_variances() -> None:
    base = a_run({("one", "SMOTE"): FOLDS})
    other = a_run({("one", "SMOTE"): [v + 0.1 for v in FOLDS]}, random_state=7)
    comparison = compare_runs(base, other)
    # both variances 0.005, each times (1/5 + 1/4); 8 degrees of freedom; t(0.975; 8) = 2.30600
    expected = 2.30600 * math.sqrt(2 * 0.005 * 0.45)
    assert comparison.differences["roc_auc"].half_width == pytest.approx(expected, rel=1e-5)
    assert comparison.by_cell.set_index("metric").loc["roc_auc", "half_width"] == pytest.approx(
        expected, rel=1e-5
    )


def test_holm_adjusts_over_the_cells_of_each_metric() -> None:
    names = [("one", f"m{n}") for n in range(10)]
    shifts = [0.05, 0.06, 0.05, 0.07, 0.06]
    base = a_run(dict.fromkeys(names, FOLDS))
    other = a_run({name: [v + s for v, s in zip(FOLDS, shifts, strict=True)] for name in names})
    rows = compare_runs(base, other).by_cell.groupby("metric")
    auc = rows.get_group("roc_auc")
    assert auc["p_holm"].tolist() == pytest.approx([10 * p for p in auc["p"]])
    assert set(rows.get_group("brier")["verdict"]) == {"identical"}


@pytest.mark.parametrize("seed", [42, 7])
@pytest.mark.parametrize("datasets", [("one",), ("one", "two", "three")])
@pytest.mark.parametrize("shift", [0.1, -0.1, 0.0])
def test_the_same_shift_everywhere_has_no_interval_and_no_verdict(
    seed: int, datasets: tuple[str, ...], shift: float
) -> None:
    base, other = (
        a_run({(name, "SMOTE"): [0.5 + change] * 5 for name in datasets}, random_state=state)
        for change, state in ((0.0, 42), (shift, seed))
    )
    compared = compare_runs(base, other)
    cells = compared.by_cell[compared.by_cell["metric"] == "roc_auc"]
    assert cells["half_width"].isna().all()
    assert set(cells["verdict"]) == {"no difference shown" if shift else "identical"}
    assert (cells["p"].isna() if shift else cells["p"] == 1).all()


def test_unpaired_fits_widen_the_interval() -> None:
    base = a_run({("one", "SMOTE"): FOLDS})
    values = [v + 0.1 + 0.001 * n for n, v in enumerate(FOLDS)]
    paired = compare_runs(base, a_run({("one", "SMOTE"): values}))
    unpaired = compare_runs(base, a_run({("one", "SMOTE"): values}, random_state=7))
    assert not unpaired.is_paired
    a, b = (c.differences["roc_auc"] for c in (paired, unpaired))
    assert a.mean == pytest.approx(b.mean)
    assert b.half_width > 10 * a.half_width
    assert said(paired, "roc_auc") == "better"
    assert said(unpaired, "roc_auc") == "no difference shown"


def test_undefined_scores_are_left_out_and_counted() -> None:
    base = a_run({("one", "SMOTE"): FOLDS, ("two", "SMOTE"): FOLDS})
    other = a_run({("one", "SMOTE"): [math.nan, *FOLDS[1:]], ("two", "SMOTE"): FOLDS})
    d = compare_runs(base, other).differences["roc_auc"]
    assert (d.n_cells, d.n_left_out, d.n) == (1, 1, 5)


def test_an_undefined_score_is_identical_to_itself() -> None:
    # two NaNs, as two files give: one object would equal itself in a container
    base, other = (a_run({("one", "SMOTE"): [float("nan"), *FOLDS[1:]]}) for _ in range(2))
    assert compare_runs(base, other).n_identical == 1
