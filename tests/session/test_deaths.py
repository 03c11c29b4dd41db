"""Workers die at every step of a cell: each cell has one outcome, and nobody else is blamed.

Also of: case, controller, lost_cells, xdist_hooks.
"""

from __future__ import annotations

import sqlite3
from types import SimpleNamespace

import pytest

from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.evaluation.parts import Part
from smote_bench.runs.run_store import DIED, RunStore, Worker
from smote_bench.runs.settings import RunSettings
from smote_bench.session.controller import SmoteSession

BEFORE = ("fit", "committing", "original-prepare", "late-original-fit")
AFTER = ("committed", "report", "late-original-committed")

# In each data set a worker dies at the step that the data set is named after, with one method and classifier.
PLUGIN = """
import os
from collections import defaultdict

now = []


def dies(step, method="samplers:Jitter"):
    if now and now[-1] in [(step, method, "kNN"), ("late-" + step, method, "kNN")]:
        os._exit(9)


def step(owner, name, before="", after=""):
    real = getattr(owner, name)

    def stepped(*args, **named):
        for prefix, method in (("", "samplers:Jitter"), ("original-", "Original")):
            dies(prefix + before, method)
        result = real(*args, **named)
        for prefix, method in (("", "samplers:Jitter"), ("original-", "Original")):
            dies(prefix + after, method)
        return result

    setattr(owner, name, stepped)


def pytest_configure(config):
    if "DEATHS" not in os.environ or not hasattr(config, "workerinput"):
        return
    from smote_bench import plugin
    from smote_bench.evaluation import evaluate
    from smote_bench.evaluation import folds
    from smote_bench.runs.run_store import RunStore
    from smote_bench.engines.cell_runner import CellRunner
    from smote_bench.runs.store import Store

    step(folds, "prepare_fold", before="prepare")
    step(evaluate, "fit_predict", before="fit")
    step(RunStore, "put", before="commit", after="committed")
    step(RunStore, "_insert", after="committing")

    obtain, evaluated = CellRunner._obtain, plugin.SmoteCase.evaluate

    def obtaining(self, cell, *where):
        now.append((cell.dataset, cell.method, cell.classifier))
        try:
            return obtain(self, cell, *where)
        finally:
            now.pop()

    def evaluating(self):
        now.append((self.cell.dataset, self.cell.method, self.cell.classifier))
        evaluated(self)
        dies("report")
        now.pop()

    CellRunner._obtain, plugin.SmoteCase.evaluate = obtaining, evaluating


def pytest_collection_modifyitems(items):
    # Late: the cells that need Original for their deltas come before it.
    items.sort(key=lambda item: "[late-" in item.name and "-Original-" in item.name)
"""
EXPERIMENT = """
methods: ["samplers:Jitter", {{More: {{method: "samplers:Jitter", params: {{scale: 0.1}}}}}}]
datasets:
{datasets}
experiment_config:
  cv_folds: 2
  selected_classifiers: [kNN, NaiveBayes]
  metrics: [balanced_accuracy, roc_auc]
  priority_metrics: [balanced_accuracy]
"""


def cell(step):
    """Return the id of the cell whose worker dies at a step."""
    return f"{step}-{'Original' if 'original' in step else 'samplers:Jitter'}-kNN"


def scores(run):
    """Return the lines of scores.csv by test id."""
    found = {}
    for line in (run.folder / "scores.csv").read_text().splitlines()[1:]:
        found.setdefault("-".join(line.split(",")[:3]), []).append(line)
    return found


def test_each_cell_has_one_outcome_whatever_the_step_its_worker_dies_at(bench):
    steps = (*BEFORE, *AFTER)
    for seed, name in enumerate(steps):
        bench.table(name, seed, rows=60)
    rows = [f"  - {{name: {name}, file: {name}.csv, target: y, minority: 1}}" for name in steps]
    bench.experiment(EXPERIMENT.format(datasets="\n".join(rows)))
    (bench.path / "deaths.py").write_text(PLUGIN)
    whole, dying = scores(bench.run(out="undisturbed")), set(map(cell, BEFORE))

    # worksteal keeps the order of the items
    options = ("-n2", "--dist=worksteal", "-p", "deaths", "--max-worker-restart=99", "-rA")
    # without a limit the workers compute themselves, not their children
    run = bench.run(*options, "--smote-timeout=0", DEATHS="on")
    db = sqlite3.connect(run.folder / "cells.sqlite")
    rows = db.execute("SELECT dataset || '-' || method || '-' || classifier, status FROM cells").fetchall()
    assert len(rows) == len(dict(rows)) == len(whole)
    assert {name for name, status in rows if status == "error"} == dying
    # Who waited for the lock of an Original finds its holder dead, and does not know how it died.
    reasons = {row["reason"] for row in run.cells.values() if row["status"] == "error"}
    assert f"{DIED} (exit code 9)" in reasons <= {DIED, f"{DIED} (exit code 9)"}
    assert run.manifest["cells"]["by_status"] == {"error": len(dying), "ok": len(whole) - len(dying)}
    assert scores(run) == {name: lines for name, lines in whole.items() if name not in dying}

    failed = {line.partition("[")[2].partition("]")[0] for line in run.text.splitlines() if "FAILED " in line}
    assert (run.code, failed) == (1, dying)
    assert f"{len(whole) - len(failed)} passed" in run.text

    again = bench.run("-n2")
    assert again.code == 0
    assert scores(again) == whole
    alone = {cell("committed"), cell("late-original-committed")}  # in the run's store, not yet in the memo
    taken = {name for name, row in again.cells.items() if row["from_memo"] == "True"}
    assert taken == set(whole) - dying - alone


TASK = Cell("one", "m", "c")
PART = Part(1, 1, 0)
WORKER = Worker("s", "gw0")


@pytest.fixture
def session(tmp_path):
    """Return a controller's session of one cell, whose baseline is to have one part beside."""
    experiment = SimpleNamespace(cells={TASK.id: TASK})
    gate = SimpleNamespace(parts=lambda experiment: [PART])
    setup = SimpleNamespace(experiment=experiment, gate=gate, settings=RunSettings(str(tmp_path)))
    config = SimpleNamespace(invocation_params=SimpleNamespace(args=()))
    return SmoteSession(config, lambda: setup)


def crash(session):
    """Return the report of the cell's test after its worker died."""
    report = pytest.TestReport(f"grid.py::cell[{TASK.id}]", ("", 0, ""), {}, "failed", "gw0 crashed", "???")
    session.worker_died(report.nodeid, report, WORKER)
    return report


@pytest.mark.parametrize("is_begun", [False, True])
@pytest.mark.parametrize(
    ("own", "part", "outcome", "words"),
    [
        (None, None, "failed", f"one-m-c: error: {DIED}"),
        ("error", None, "failed", "one-m-c: error: why"),
        ("timeout", None, "failed", "one-m-c: timeout: why"),
        ("unavailable", None, "skipped", "why"),
        ("ok", None, "failed", f"one-m-c, split 1, seed 0: error: {DIED}"),
        ("ok", "error", "failed", "one-m-c, split 1, seed 0: error: why"),
        ("ok", "ok", "passed", ""),
        ("noop", "ok", "passed", ""),
    ],
)
def test_a_test_is_reported_for_what_the_store_says_of_its_cell(
    session, tmp_path, monkeypatch, own, part, outcome, words, is_begun
):
    store = RunStore(tmp_path / "cells.sqlite")
    for status, name in ((own, ""), (part, PART.label)):
        if status is not None:
            store.put(f"k{name}", Outcome(TASK, status, "" if status == "ok" else "why"), part=name)
    monkeypatch.setenv("PYTEST_XDIST_TESTRUNUID", WORKER.session)
    monkeypatch.setenv("PYTEST_XDIST_WORKER", WORKER.name)
    if is_begun:  # what it was at when it died: Original, for the deltas
        store.begin("o", Cell("one", "Original", "c"))
    report = crash(session)
    assert (report.outcome, report.when) == (outcome, "call")
    assert words in str(report.longrepr or "")
    assert [o.status for o in store.outcomes() if o.cell == TASK] == [own or "error"]
    original = store.outcome_of(Cell("one", "Original", "c"))
    assert (original.status if original else None) == ("error" if is_begun else None)
    assert dict(report.user_properties)["smote_status"] == (own or "error")


def test_a_worker_that_dies_after_its_last_word_on_a_cell_changes_nothing(session):
    session._seen.add(TASK.id)
    report = crash(session)
    assert (report.outcome, report.when, report.longrepr) == ("passed", "teardown", None)


@pytest.mark.fault(
    injected="a cell ends its worker, and is handed out again (`--dist=loadfile`, `loadscope`)",
    seen="one worker dies in it; the next reports what is recorded of it and goes on; exit code 1",
    lost="nothing",
)
@pytest.mark.parametrize("dist", ["loadfile", "loadscope"])
def test_a_cell_that_is_handed_out_again_costs_one_worker(bench, dist):
    bench.table("one", 0, rows=60)
    (bench.path / "deadly.py").write_text(
        "import os\n\n\nclass Ends:\n    def fit_resample(self, X, y):\n        os._exit(9)\n"
    )
    rows = "  - {name: one, file: one.csv, target: y, minority: 1}"
    text = EXPERIMENT.replace('"samplers:Jitter",', '"deadly:Ends",', 1)
    bench.experiment(text.format(datasets=rows))
    run = bench.run("-n1", f"--dist={dist}", "--smote-timeout=0")
    assert run.code == 1, run.text
    assert run.manifest["cells"]["by_status"] == {"error": 2, "ok": 4}
    assert run.text.count("replacing crashed worker") == 2, "one for each of the two classifiers"
