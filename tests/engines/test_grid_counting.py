"""Nothing is computed twice: resampled rows are shared by classifiers, Original by all methods."""

from __future__ import annotations

import pytest

EXPERIMENT = """
methods:
  A: {method: "samplers:Jitter", params: {scale: 0.01}}
  B: {method: "samplers:Jitter", params: {scale: 0.02}}
  C: RandomOverSampler
datasets:
  - {name: one, file: one.csv, target: y, minority: 1}
  - {name: two, file: two.csv, target: y, minority: 1}
experiment_config:
  cv_folds: 3
  random_runs: 2
  selected_classifiers:
    First: counting:CountingNB
    Second: {classifier: "counting:CountingNB", params: {var_smoothing: 1.0e-6}}
    kNN:
"""
FITS = 2 * (3 + 1)  # repeats x (folds and the final evaluation)


@pytest.fixture
def counted(bench):
    bench.table("one", 1)
    bench.table("two", 2)
    bench.experiment(EXPERIMENT)
    return bench


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "n2"])
def test_each_fold_is_resampled_once_and_each_cell_fitted_once(counted, options):
    run = counted.run(*options)
    assert run.code == 0, run.text
    # A line names rows, seed and content: unique to (data set, repeat, fold); A and B write the same.
    calls = run.count("resample")
    assert len(calls) == 2 * FITS
    assert set(calls.values()) == {2}
    n_cells_that_count = 2 * 4 * 2
    assert sum(run.count("fit").values()) == n_cells_that_count * FITS


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "n2"])
def test_original_is_computed_once_when_only_others_are_selected(counted, options):
    run = counted.run(*options, "-k", "not Original and one- and First")
    assert run.code == 0, run.text
    assert sum(run.count("fit").values()) == (3 + 1) * FITS
    assert run.cells["one-Original-First"]["status"] == "ok"
    assert (run.folder / "tables" / "improvement_one_A.csv").exists()


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "n2"])
def test_rows_are_kept_for_other_classifiers_while_original_is_computed(counted, options):
    run = counted.run(*options, "-k", "one-A")
    assert run.code == 0, run.text
    assert sorted(run.count("resample").values()) == [1] * FITS
