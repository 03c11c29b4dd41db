"""The same experiment gives the same bytes of scores, however it is run."""

from __future__ import annotations

import pytest

EXPERIMENT = """
methods:
  - RandomOverSampler
  - imblearn.SMOTE
  - imblearn.ADASYN
  - samplers:Jitter
  - class_weight
  - {name: chain, chain: ["samplers:Jitter", {tuned_threshold: {metric: f1}}]}
datasets:
  - {name: one, file: one.csv, target: y, minority: 1}
  - {name: two, file: two.csv, target: y, minority: 1}
  - {name: three, file: three.csv, target: y, minority: 1}
experiment_config:
  cv_folds: 2
  random_runs: 2
  selected_classifiers: [RandomForest, DecisionTree, LogisticRegression, kNN]
"""
N_METHODS = 7  # Original among them
N_CELLS = 3 * N_METHODS * 4

REVERSED = """
def pytest_collection_modifyitems(items):
    items.reverse()
"""


@pytest.fixture(scope="module")
def reference(tmp_path_factory):
    from tests.conftest import Bench

    bench = Bench(tmp_path_factory.mktemp("determinism"))
    for seed, name in enumerate(("one", "two", "three")):
        bench.table(name, seed, rows=90)
    bench.experiment(EXPERIMENT)
    (bench.path / "reversing.py").write_text(REVERSED)
    run = bench.run(out="reference")
    assert run.code == 0, run.text
    assert len(run.cells) == N_CELLS
    return bench, run


@pytest.mark.parametrize(
    "options",
    [("-n2",), ("-n4",), ("-p", "reversing"), ("-n2", "--dist", "worksteal", "-p", "reversing")],
    ids=["n2", "n4", "reversed", "another-scheduler"],
)
def test_scores_have_the_same_bytes(reference, options):
    bench, expected = reference
    run = bench.run(*options, out="-".join(options))
    assert run.code == 0, run.text
    assert run.n_computed == N_CELLS
    assert run.scores == expected.scores


def test_two_halves_run_apart_are_the_whole(reference):
    bench, expected = reference
    first = bench.run("-k", "one- or (two- and kNN)", out="halves")
    rows = set((first.folder / "scores.csv").read_text().splitlines())
    second = bench.run("-n2", "-k", "not (one- or (two- and kNN))", out="halves")
    rows |= set((second.folder / "scores.csv").read_text().splitlines())
    assert rows == set((expected.folder / "scores.csv").read_text().splitlines())
    whole = bench.run(out="halves")
    assert whole.n_computed == 0
    assert whole.scores == expected.scores


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "n2"])
def test_a_killed_run_goes_on_where_it_stopped(reference, options):
    bench, expected = reference
    out = "killed" + "".join(options)
    bench.run_and_kill(*options, after=25, out=out)
    run = bench.run(*options, out=out)
    assert run.code == 0, run.text
    assert run.scores == expected.scores
    # Reported cells were committed before; those in flight may be, too.
    assert run.manifest["cells"]["from_memo"] >= 25
    assert run.n_computed > 0


def test_without_a_memo_everything_is_computed_anew(reference):
    bench, expected = reference
    run = bench.run("--smote-memo", "off", "-k", "one- and kNN", out="reference")
    assert run.n_computed == N_METHODS
    assert set((run.folder / "scores.csv").read_text().splitlines()) <= set(
        (expected.folder / "scores.csv").read_text().splitlines()
    )
