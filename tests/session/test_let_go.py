"""What the controller keeps of cases that passed: nothing that grows with what they say."""

from __future__ import annotations

import json

import pytest

EXPERIMENT = """
methods: [RandomOverSampler, 'samplers:Broken']
datasets: [{name: one, file: one.csv, target: y, minority: 1}]
experiment_config: {cv_folds: 0, selected_classifiers: [kNN]}
"""
KEPT = """
import json, pathlib, pytest

@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    kept = {
        key: [[report.when, report.nodeid, len(report.user_properties), len(report.keywords)]
              for report in reports if hasattr(report, "nodeid")]
        for key, reports in terminalreporter.stats.items()
    }
    pathlib.Path("kept.json").write_text(json.dumps(kept))
"""


@pytest.mark.parametrize("options", [(), ("-n2",)], ids=["alone", "n2"])
def test_of_a_passed_case_its_name_is_kept_and_a_failed_one_is_kept_whole(bench, options):
    kept = _kept(bench, *options)
    passed = {nodeid.partition("[")[2]: rest for _, nodeid, *rest in kept["passed"]}
    assert passed == {"one-Original-kNN]": [0, 0], "one-RandomOverSampler-kNN]": [0, 0]}
    ((when, nodeid, n_properties, n_keywords),) = kept["failed"]
    assert (when, nodeid.partition("[")[2]) == ("call", "one-samplers:Broken-kNN]")
    assert n_properties >= 3
    assert n_keywords > 0
    # Set-up and teardown of what passed are gone; pytest counts neither.
    assert {nodeid.partition("[")[2] for _, nodeid, *_ in kept.get("", [])} <= {"one-samplers:Broken-kNN]"}


def test_durations_that_were_asked_for_are_shown_for_set_up_too(bench):
    assert len(_kept(bench, "--durations=0")[""]) == 6


def _kept(bench, *options):
    bench.table("one", 1, rows=60)
    bench.experiment(EXPERIMENT)
    bench.path.joinpath("kept.py").write_text(KEPT)
    bench.run("-p", "kept", "--smote-no-report", *options)
    return json.loads(bench.path.joinpath("kept.json").read_text())
