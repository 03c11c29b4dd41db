"""The plugin as a user meets it: options, statuses, failures, reports; with and without workers."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import pytest

pytestmark = pytest.mark.versions

ONE = """
methods: {methods}
datasets:
  - {{name: one, file: one.csv, target: y, minority: 1}}
experiment_config: {{cv_folds: 2, selected_classifiers: [{classifiers}]}}
"""
ALONE_AND_WITH_WORKERS = pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "n2"])


@pytest.fixture
def one(bench):
    bench.table("one", 1, rows=80)

    def write(*methods, classifiers="kNN"):
        bench.experiment(ONE.format(methods=list(methods), classifiers=classifiers))
        return bench

    return write


@ALONE_AND_WITH_WORKERS
def test_shows_deltas_progress_and_where_the_files_are(one, options):
    run = one("RandomOverSampler").run(*options)
    assert run.code == 0, run.text
    for text in (
        "mean delta against Original",
        "RandomOverSampler",
        "smote-bench: 2/2 cells",
        f"files: {run.folder}",
    ):
        assert text in run.text
    names = {path.name for path in run.folder.iterdir()}
    assert {"cells.sqlite", "scores.csv", "scores.parquet", "cells.csv", "manifest.json", "tables"} <= names
    tables = {path.name for path in (run.folder / "tables").iterdir()}
    assert {"improvement_one_RandomOverSampler.csv", "results_one.csv", "seconds.csv", "not_ok.csv"} <= tables


@ALONE_AND_WITH_WORKERS
def test_a_cell_that_errs_fails_its_test_and_no_other(one, options):
    run = one("samplers:Broken", "RandomOverSampler").run(*options)
    assert run.code == 1
    assert "1 failed, 2 passed" in run.text
    cell = run.cells["one-samplers:Broken-kNN"]
    assert cell["status"] == "error"
    assert "this sampler is broken on purpose" in cell["reason"]
    assert "samplers.py" in run.text, "the traceback leads to the user's line"
    assert b"Broken" not in run.scores


@ALONE_AND_WITH_WORKERS
def test_a_sampler_that_returns_its_input_is_noop_and_passes(one, options):
    run = one("samplers:Same", "class_weight").run(*options)
    assert run.code == 0
    assert run.cells["one-samplers:Same-kNN"]["status"] == "noop"
    assert run.cells["one-class_weight-kNN"]["status"] == "noop"
    assert "2 noop" in run.text or run.text.count("1 noop") >= 2


@ALONE_AND_WITH_WORKERS
def test_a_cell_over_its_time_limit_fails_and_the_next_classifier_does_not_wait_again(one, options):
    run = one("samplers:Forever", classifiers="kNN, NaiveBayes").run(*options, "--smote-timeout", "5")
    assert run.code == 1
    assert {row["status"] for name, row in run.cells.items() if "Forever" in name} == {"timeout"}
    assert run.text.count("longer than the limit of 5 s") >= 2
    assert "2 passed" in run.text


@pytest.mark.fault(
    injected="kill -9 of a process that computes",
    seen="`error` with the signal",
    lost="that cell",
)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("-n0",), "the process died while it computed this cell (signal SIGKILL)"),
        (("-n2",), "the process died while it computed this cell (signal SIGKILL)"),
        (("-n2", "--smote-timeout=0"), "the worker died while computing this cell (signal SIGKILL)"),
    ],
)
def test_a_process_that_dies_costs_its_cell_and_nothing_else(one, options, words):
    run = one("samplers:Killer", "RandomOverSampler", "samplers:Jitter").run(*options)
    assert run.code == 1
    assert run.cells["one-samplers:Killer-kNN"]["status"] == "error"
    assert run.cells["one-samplers:Killer-kNN"]["reason"].startswith(words)
    assert ("replacing crashed worker" in run.text) == ("--smote-timeout=0" in options)
    assert {
        run.cells[f"one-{m}-kNN"]["status"] for m in ("Original", "RandomOverSampler", "samplers:Jitter")
    } == {"ok"}


@ALONE_AND_WITH_WORKERS
def test_a_cell_that_a_mark_skips_is_unavailable_with_the_marks_reason(one, options):
    bench = one("RandomOverSampler")
    (bench.path / "skip_some.py").write_text(
        "import pytest\n"
        "def pytest_collection_modifyitems(items):\n"
        "    for item in items:\n"
        "        if 'RandomOver' in item.name:\n"
        "            item.add_marker(pytest.mark.skip(reason='not today'))\n"
    )
    run = bench.run(*options, "-p", "skip_some")
    assert run.cells["one-RandomOverSampler-kNN"]["status"] == "unavailable"
    assert run.cells["one-RandomOverSampler-kNN"]["reason"] == "skipped by a mark: Skipped: not today"


@ALONE_AND_WITH_WORKERS
def test_an_unavailable_data_set_is_skipped_with_reason_and_remedy_and_counted(bench, options):
    bench.experiment(
        "methods: [RandomOverSampler]\ndatasets: [Oil, Haberman]\nselected_classifiers: [NaiveBayes]\n"
    )
    run = bench.run(*options, SMOTE_BENCH_OFFLINE="1", SMOTE_BENCH_CACHE=str(bench.path / "cache"))
    assert run.code == 0, run.text
    assert "2 passed, 2 skipped" in run.text
    assert run.cells["Oil-Original-NaiveBayes"]["status"] == "unavailable"
    assert "--smote-data" in run.cells["Oil-Original-NaiveBayes"]["reason"]
    assert "2 unavailable" in run.text
    assert b"Oil" not in run.scores


def test_a_data_file_whose_content_is_not_the_cards_is_an_error_with_both_digests(bench):
    from smote_bench.data.cards import get_card

    folder = bench.path / "data"
    folder.mkdir()
    rows = "\n".join(f"{n},{n % 3},{int(n < 9)}" for n in range(40))
    (folder / get_card("Mammography").file).write_text(f"a,b,class\n{rows}\n")
    bench.experiment("methods: [RandomOverSampler]\ndatasets: [Mammography]\nselected_classifiers: [kNN]\n")
    run = bench.run("--smote-data", str(folder), SMOTE_BENCH_CACHE=str(bench.path / "cache"))
    assert run.code == 1
    assert run.cells["Mammography-Original-kNN"]["status"] == "error"


def test_wrong_options_are_usage_errors_that_help(one):
    bench = one("RandomOverSampler")
    for arguments, words in WRONG_OPTIONS:
        run = bench.run(*arguments)
        assert run.code == 4, (arguments, run.text)
        assert "INTERNALERROR" not in run.text
        for word in words:
            assert word in run.text, (arguments, run.text)


WRONG_OPTIONS = [
    (["--smote-methods", "SMOT"], ["SMOT", "Did you mean 'SMOTE'"]),
    (["--smote-datasets", "Satimge"], ["Satimge", "Did you mean 'Satimage'"]),
    (["--smote-classifiers", "RandomForrest", "-n2"], ["RandomForrest", "Did you mean 'RandomForest'"]),
    (["--smote-metrics", "roc_acu"], ["roc_acu", "Did you mean 'roc_auc'"]),
    (["--smote-timeout", "-3"], ["smote_timeout", "-3"]),
    (["--smote-data", "nowhere", "-n2"], ["--smote-data", "nowhere"]),
    (["--smote-experiment", "defualt"], ["defualt", "Did you mean 'default'"]),
]


def test_a_typo_in_the_file_names_file_line_and_key(one):
    bench = one("RandomOverSampler")
    bench.experiment("methods: [SMOTE]\ndatasets: [Ecoli]\nexperiment_config:\n  cv_fold: 5\n")
    run = bench.run("-n2")
    assert run.code == 4
    assert "experiment.yaml:4" in run.text
    assert "'cv_fold'" in run.text
    assert "Did you mean 'cv_folds'?" in run.text


def test_options_narrow_the_grid_and_original_stays(one):
    bench = one("RandomOverSampler", "samplers:Jitter", classifiers="kNN, NaiveBayes")
    run = bench.run("--smote-methods", "samplers:Jitter", "--smote-classifiers", "kNN")
    assert set(run.cells) == {"one-Original-kNN", "one-samplers:Jitter-kNN"}


@ALONE_AND_WITH_WORKERS
def test_the_report_of_a_case_carries_its_deltas_and_seconds(one, options):
    run = one("RandomOverSampler").run(*options, "--junitxml=junit.xml", "-k", "RandomOverSampler")
    (case,) = ElementTree.parse(run.out.parent / "junit.xml").iter("testcase")
    properties = {p.get("name"): p.get("value") for p in case.iter("property")}
    assert properties["smote_status"] == "ok"
    assert -1 < float(properties["delta_cv_balanced_accuracy"]) < 1
    assert -1 < float(properties["delta_holdout_roc_auc"]) < 1
    assert float(properties["fit_seconds"]) > 0


def test_collecting_ten_thousand_cells_imports_no_sampler_library_and_collects_no_garbage(bench):
    from smote_bench.methods.names import method_names

    methods = [name for name, library, _ in method_names() if library == "sv"][:90]
    text = f"methods: {methods}\ndatasets: {ALL_DATASETS}\nselected_classifiers: {CLASSIFIERS}\n"
    bench.experiment(text)
    (bench.path / "heavy.py").write_text(
        "import gc, sys\n"
        "def pytest_itemcollected(item):\n"
        "    assert not gc.isenabled()\n"
        "def pytest_sessionfinish(session):\n"
        "    print('FROZEN', gc.isenabled(), gc.get_freeze_count() > len(session.items))\n"
        "    heavy = {'tensorflow', 'smote_variants', 'imblearn', 'sklearn', 'numpy', 'pandas'}\n"
        "    print('LOADED', sorted(heavy & set(sys.modules)))\n"
    )
    run = bench.run("--collect-only", "-q", "-q", "-p", "heavy")
    assert f": {91 * 14 * 8}" in run.text, run.text[-500:]
    assert "LOADED []" in run.text
    assert "FROZEN True True" in run.text


ALL_DATASETS = (
    "[Adult, Abalone, Forest_coverage, Haberman, Ionosphere, Mammography, Oil, Phoneme, Pima_diabetes, "
    "Satimage, Ecoli, US_crime, Yeast_ml8, Flare]"
)
CLASSIFIERS = (
    "[RandomForest, SVM, kNN, LogisticRegression, DecisionTree, NaiveBayes, HistGradientBoosting, CatBoost]"
)


def test_a_users_own_test_file_and_hooks_take_part(one):
    bench = one("RandomOverSampler")
    (bench.path / "hooks.py").write_text(
        "def pytest_smote_methods(config):\n"
        "    return {'Mine': {'method': 'samplers:Jitter', 'params': {'scale': 0.5}}}\n"
        "def pytest_smote_classifiers(config):\n"
        "    return {'Bayes': 'sklearn.naive_bayes:GaussianNB'}\n"
        "def pytest_smote_metrics(config):\n"
        "    return {'hits': {'metric': 'judging:hits', 'better': 'high'}}\n"
        "def pytest_smote_datasets(config):\n"
        "    return {'hooked': {'file': 'one.csv', 'target': 'y', 'minority': 1}}\n"
    )
    (bench.path / "judging.py").write_text(
        "def hits(y_true, y_label, y_score):\n    return float((y_true == y_label).sum())\n"
    )
    bench.experiment(
        "methods: [Mine]\ndatasets: [hooked]\nselected_classifiers: [Bayes]\n"
        "experiment_config: {cv_folds: 2, priority_metrics: [hits, roc_auc]}\n"
    )
    run = bench.run("-p", "hooks")
    assert run.code == 0, run.text
    assert set(run.cells) == {"hooked-Original-Bayes", "hooked-Mine-Bayes"}
    assert b",hits," in run.scores


@pytest.mark.parametrize("methods", ["[SMOTE]", "[Original, SMOTE]"])
def test_a_hook_gives_no_other_baseline(one, methods):
    bench = one("RandomOverSampler")
    (bench.path / "hooks.py").write_text(
        "def pytest_smote_methods(config):\n    return {'Original': 'samplers:Jitter'}\n"
    )
    bench.experiment(f"methods: {methods}\ndatasets: [Haberman]\n")
    run = bench.run("-p", "hooks", "--collect-only", "-q")
    assert run.code == 4, run.text
    assert "expected Original without a sampler" in run.text
    assert "samplers:Jitter" in run.text


@pytest.mark.parametrize("workers", ["0", "2"])
def test_fixtures_give_cached_data_sets_and_splits(one, workers):
    bench = one("RandomOverSampler")
    (bench.path / "test_mine.py").write_text(
        "def test_splits(smote_dataset, smote_splits):\n"
        "    data = smote_dataset('one')\n"
        "    assert data is smote_dataset('one')\n"
        "    folds = smote_splits('one')\n"
        "    assert [fold.phase for fold in folds] == ['cv', 'cv', 'holdout']\n"
        "    assert all(set(fold.train).isdisjoint(fold.test) for fold in folds)\n"
    )
    run = bench.run(str(bench.path / "test_mine.py"), "-k", "test_splits", "-n", workers)
    assert "1 passed" in run.text, run.text


def test_a_session_without_cells_is_left_alone(one):
    bench = one("RandomOverSampler")
    (bench.path / "test_other.py").write_text(
        "import os, sys, pytest\n"
        "@pytest.mark.parametrize('n', range(4))\n"
        "def test_plain(n):\n"
        "    assert 'smote_bench.engines.cell_runner' not in sys.modules\n"
    )
    import subprocess

    command = [*bench.command()[:3], "test_other.py", *bench.command()[4:]]
    for options in ([], ["-n2"]):
        done = subprocess.run(
            [*command, *options], cwd=bench.path, env=bench.environment(), capture_output=True, text=True
        )
        assert "4 passed" in done.stdout
        assert "mean delta" not in done.stdout
        assert not (bench.path / "reports").exists()


def test_threads_are_pinned_in_every_worker(one):
    bench = one("pinned:Threads")
    (bench.path / "pinned.py").write_text(
        "import threadpoolctl\n"
        "class Threads:\n"
        "    def fit_resample(self, X, y):\n"
        "        found = {pool['num_threads'] for pool in threadpoolctl.threadpool_info()}\n"
        "        assert found == {1}, found\n"
        "        return X[::-1][:-1], y[::-1][:-1]\n"
    )
    run = bench.run("-n2", OMP_NUM_THREADS="2", OPENBLAS_NUM_THREADS="2")
    assert run.cells["one-pinned:Threads-kNN"]["status"] == "ok", run.text
