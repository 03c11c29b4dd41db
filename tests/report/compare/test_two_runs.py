"""Two runs compared: what is identical, what the intervals carry, what cannot be compared."""

from __future__ import annotations

import copy
import dataclasses
import math
from pathlib import Path
from typing import Any

import pytest
from made_up import made_up_run
from report.two_runs import a_run, with_outcomes

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.report.compare.differences import verdict
from smote_bench.report.compare.two_runs import Comparison, compare_runs
from smote_bench.runs.open import Run, open_run

FOLDS = [0.5, 0.6, 0.7, 0.6, 0.6]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made: dict[str, Run] = {}

    def get(**settings: Any) -> Run:
        key = repr(settings)
        if key not in made:
            made[key] = open_run(made_up_run(tmp_path_factory.mktemp("out"), points=None, **settings))
        return made[key]

    return get


def _said(comparison: Comparison, metric: str) -> str:
    d = comparison.differences[metric]
    return verdict(d.mean, d.half_width, comparison.metrics[metric].better, is_identical=d.is_identical)


def test_the_same_run_made_twice_is_identical(tmp_path: Path, runs: Any) -> None:
    again = open_run(made_up_run(tmp_path, points=None))
    comparison = compare_runs(runs(), again)
    assert comparison.n_identical == len(comparison.cells.pairs) == 24
    assert {_said(comparison, metric) for metric in comparison.metrics} == {"identical"}
    assert set(comparison.by_cell["verdict"]) == {"identical"}


def test_another_seed_is_no_difference_shown(runs: Any) -> None:
    comparison = compare_runs(runs(), runs(seed=1))
    assert comparison.n_identical == 0
    assert comparison.is_paired
    assert _said(comparison, "balanced_accuracy") == "no difference shown"


def test_finds_the_method_that_got_better_and_no_other(runs: Any) -> None:
    base = runs(datasets=8, methods=3, effects={"SMOTE": -1.0})
    comparison = compare_runs(base, runs(datasets=8, methods=3, effects={"SMOTE": 0.0}, seed=1))
    by_method = {}
    for method in base.methods:
        d = comparison.by_method[method, "balanced_accuracy"]
        by_method[method] = verdict(d.mean, d.half_width, "high")
        assert (d.n, d.basis) == (8, "data sets")
    assert by_method == {
        "Original": "no difference shown",
        "SMOTE": "better",
        "class_weight": "no difference shown",
    }


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


def test_another_protocol_is_not_paired_and_says_why(runs: Any) -> None:
    comparison = compare_runs(runs(), runs(folds=10, seed=1))
    assert {pair.pairing for pair in comparison.compared} == {"unpaired"}
    assert any("not paired" in warning and "cv_folds 5 -> 10" in warning for warning in comparison.warnings)
    assert [(c.what, c.base, c.other) for c in comparison.changes] == [("cv_folds", "5", "10")]
    assert comparison.differences["balanced_accuracy"].n == 3


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
    assert _said(paired, "roc_auc") == "better"
    assert _said(unpaired, "roc_auc") == "no difference shown"


def test_repeats_that_both_runs_have_are_paired() -> None:
    base = a_run({("one", "SMOTE"): FOLDS + [0.9] * 5}, random_runs=2)
    # its first repeat has the seed of the base's second
    other = a_run({("one", "SMOTE"): [0.8] * 5}, random_state=43)
    comparison = compare_runs(base, other)
    (pair,) = comparison.compared
    assert (pair.pairing, len(pair.common)) == ("paired", 5)
    assert comparison.differences["roc_auc"].mean == pytest.approx(-0.1)
    assert any("paired by the fits on the same rows" in warning for warning in comparison.warnings)


def test_splits_of_other_sizes_are_not_the_same_rows() -> None:
    base = a_run({("one", "SMOTE"): FOLDS})

    def resized(outcome: Outcome) -> Outcome:
        fits = tuple(dataclasses.replace(fit, rows_before=(81, 19)) for fit in outcome.fits)
        return dataclasses.replace(outcome, fits=fits)

    comparison = compare_runs(base, with_outcomes(base, resized))
    assert comparison.cells.n_rows_differ == 1
    assert not comparison.is_paired
    assert any("splitter changed" in warning for warning in comparison.warnings)


def test_another_digest_is_left_out_and_warned_of(runs: Any) -> None:
    base = runs()

    def other_table(outcome: Outcome) -> Outcome:
        is_ecoli = outcome.cell.dataset == "Ecoli"
        return dataclasses.replace(outcome, digest="another") if is_ecoli else outcome

    other = with_outcomes(runs(seed=1), other_table)
    comparison = compare_runs(base, other)
    assert comparison.differences["roc_auc"].n == 2
    assert "Ecoli" not in set(comparison.by_cell["dataset"])
    assert any("Ecoli" in warning and "8 cells not comparable" in warning for warning in comparison.warnings)
    as_asked = compare_runs(base, other, any_data=True)
    assert as_asked.differences["roc_auc"].n == 3
    assert any("as asked" in warning for warning in as_asked.warnings)


def test_cells_in_one_run_only_are_told_apart(runs: Any) -> None:
    small, large = runs(datasets=2, methods=2), runs(datasets=3, methods=2)
    comparison = compare_runs(small, large)
    assert comparison.cells.only_base == ()
    assert {cell.dataset for cell in comparison.cells.only_other} == {"Ionosphere"}
    assert {cell.dataset for cell in compare_runs(large, small).cells.only_base} == {"Ionosphere"}


def test_cells_that_broke_stand_first_among_changed_statuses(runs: Any) -> None:
    broke = {("Ionosphere", "SMOTE", "RandomForest"): "error", ("Ecoli", "SMOTE", "RandomForest"): "noop"}
    comparison = compare_runs(runs(), runs(statuses=broke))
    first, second = comparison.cells.status_changes
    assert (first.cell.dataset, first.base, first.other, first.is_loss) == ("Ionosphere", "ok", "error", True)
    assert first.reason == "ValueError: made up"
    assert (second.other, second.is_loss) == ("noop", False)
    assert len(comparison.compared) == 23


def test_the_same_scores_under_another_status_are_not_identical() -> None:
    base = a_run({("one", "SMOTE"): FOLDS})
    other = with_outcomes(base, lambda o: dataclasses.replace(o, status="noop", reason="nothing to do"))
    assert compare_runs(base, other).n_identical == 0


def test_a_renamed_method_is_compared_under_the_bases_name() -> None:
    base = a_run({("one", "Original"): FOLDS, ("one", "SMOTE"): FOLDS})
    other = _with_method_renamed(base, "SMOTE", "mine")
    comparison = compare_runs(base, other)
    assert comparison.cells.renamed["methods"] == {"SMOTE": "mine"}
    assert comparison.n_identical == 2
    assert not comparison.cells.only_base
    assert not comparison.cells.only_other


def test_another_definition_is_no_new_name() -> None:
    base = a_run({("one", "Original"): FOLDS, ("one", "SMOTE"): FOLDS})
    other = _with_method_renamed(base, "SMOTE", "mine")
    other.manifest["experiment"]["methods"]["mine"]["steps"][0]["params"] = {"k": 7}
    comparison = compare_runs(base, other)
    assert not comparison.cells.renamed["methods"]
    assert [cell.method for cell in comparison.cells.only_base] == ["SMOTE"]
    assert [cell.method for cell in comparison.cells.only_other] == ["mine"]


def _with_method_renamed(run: Run, before: str, after: str) -> Run:
    def rename(outcome: Outcome) -> Outcome:
        cell = outcome.cell
        name = after if cell.method == before else cell.method
        return dataclasses.replace(outcome, cell=Cell(cell.dataset, name, cell.classifier))

    manifest: Any = copy.deepcopy(run.manifest)
    methods = manifest["experiment"]["methods"]
    methods[after] = methods.pop(before) | {"name": after}
    return dataclasses.replace(with_outcomes(run, rename), manifest=manifest)


def test_undefined_scores_are_left_out_and_counted() -> None:
    base = a_run({("one", "SMOTE"): FOLDS, ("two", "SMOTE"): FOLDS})
    other = a_run({("one", "SMOTE"): [math.nan, *FOLDS[1:]], ("two", "SMOTE"): FOLDS})
    d = compare_runs(base, other).differences["roc_auc"]
    assert (d.n_cells, d.n_left_out, d.n) == (1, 1, 5)


def test_an_undefined_score_is_identical_to_itself() -> None:
    # two NaNs, as two files give: one object would equal itself in a container
    base, other = (a_run({("one", "SMOTE"): [float("nan"), *FOLDS[1:]]}) for _ in range(2))
    assert compare_runs(base, other).n_identical == 1


def test_the_hold_out_is_compared_where_one_run_has_no_folds(runs: Any) -> None:
    comparison = compare_runs(runs(), runs(folds=0))
    assert {pair.phase for pair in comparison.compared} == {"holdout"}
    # same test_size and random_state: the same hold-out
    assert comparison.is_paired
    assert any("hold-out" in warning for warning in comparison.warnings)


def test_seconds_leave_out_what_came_from_the_memo() -> None:
    base = a_run({("one", "SMOTE"): FOLDS, ("two", "SMOTE"): FOLDS})
    other = dataclasses.replace(base, from_memo=frozenset([Cell("two", "SMOTE", "kNN")]))
    comparison = compare_runs(base, other)
    assert (comparison.seconds.n_cells, comparison.seconds.n_from_memo) == (1, 1)
    assert comparison.seconds.base == pytest.approx(6 * 0.6)
    assert comparison.seconds.ratio == pytest.approx(1)
    assert any("1 identical cell came from the memo" in warning for warning in comparison.warnings)


def test_runs_without_a_cell_in_common_have_nothing_to_compare() -> None:
    comparison = compare_runs(a_run({("one", "SMOTE"): FOLDS}), a_run({("two", "SMOTE"): FOLDS}))
    assert not comparison.cells.pairs
    assert comparison.differences["roc_auc"].n == 0
    assert _said(comparison, "roc_auc") == "undefined"
