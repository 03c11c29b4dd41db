"""A failure common to many cells is shown once, with its traceback once and a count."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.conftest import Bench

EXPERIMENT = """
name: broken
methods: {Bad: "samplers:Broken", Worse: "worse:Worse"}
datasets:
- {name: one, file: one.csv, target: y, minority: 1}
- {name: two, file: two.csv, target: y, minority: 1}
experiment_config: {cv_folds: 2, selected_classifiers: {DecisionTree: , kNN: }}
"""
WORSE = """
class Worse:
    def fit_resample(self, X, y):
        raise KeyError("another fault")
"""


@pytest.fixture
def broken(tmp_path) -> Bench:
    bench = Bench(tmp_path)
    for seed, name in enumerate(("one", "two")):
        bench.table(name, seed)
    (tmp_path / "worse.py").write_text(WORSE)
    bench.experiment(EXPERIMENT)
    return bench


@pytest.mark.parametrize("workers", ["0", "2"])
def test_each_fault_has_one_traceback_and_one_count(broken: Bench, workers: str) -> None:
    run = broken.run("-n", workers, "--junitxml=out.xml")
    assert run.code == 1, run.text
    failures = run.text[run.text.index("= FAILURES =") : run.text.index("= smote-bench =")]
    assert failures.count("Traceback (most recent call last)") == 2
    assert failures.count("test_cell[") == 2
    assert "6 more cells failed as one above did" in failures
    assert "4 error: RuntimeError: this sampler is broken on purpose, at samplers.py:" in run.text
    assert "4 error: KeyError: 'another fault', at worse.py:4 in fit_resample" in run.text
    assert run.text.count("\nFAILED ") == 8, "pytest's own list has them all"
    cases = ET.parse(broken.path / "out.xml").iter("failure")
    assert sum("Traceback (most recent call last)" in (case.text or "") for case in cases) == 8


def test_without_tracebacks_nothing_is_said_of_them(broken: Bench) -> None:
    run = broken.run("-n", "0", "--tb=no")
    assert "more cells failed as one above" not in run.text
    assert "8 failed" in run.text


def test_other_tests_are_all_shown(broken: Bench) -> None:
    (broken.path / "test_mine.py").write_text(
        "import pytest\n@pytest.mark.parametrize('n', [1, 2])\ndef test_mine(n): assert not n\n"
    )
    run = broken.run("-n", "0", "test_mine.py")
    assert run.text.count("_ test_mine[") == 2
