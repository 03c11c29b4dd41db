"""A sampler that became worse fails the session; one that only draws other numbers does not."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest

from tests.session.conftest import ANEW, COMPARE, verdict_of, with_workers_once

FIRST_SPLIT, OTHER_SPLIT = 4, 4
"""Fits of a cell: three folds and the final evaluation."""

LOOSENING = """
import pytest


def pytest_collection_modifyitems(items):
    for item in items:
        if "-Plain-" in item.name:
            item.add_marker(pytest.mark.smote_gate(KEYWORDS))
"""


@pytest.fixture
def defective(gated):
    """A bench whose Plain flips a fifth of the labels, where the other methods are as they were."""
    gated.defect("Plain", "flipped")
    return gated


def test_flipped_labels_are_a_change_and_a_drop(defective, workers):
    run = defective.run(*workers, *COMPARE, "--junitxml", "junit.xml")
    assert run.code == 1, run.text
    verdict = verdict_of(run)
    assert verdict.result == "fail"
    assert verdict.found("CHANGED") == verdict.found("DROP") == {"Plain"}
    assert "metric gate: FAIL  20 cases: 16 identical, 4 changed" in run.text
    assert "CHANGED Plain" in run.text
    assert "DROP    Plain" in run.text
    assert "Traceback" not in run.text
    assert "INTERNALERROR" not in run.text

    assert "DROP" in (run.folder / "gate.md").read_text()
    assert ElementTree.parse(run.folder / "gate.xml").getroot().findall(".//failure")
    properties = ElementTree.parse(defective.path / "junit.xml").getroot().findall("./testsuite/properties/")
    said = {(p.get("name"), p.get("value")) for p in properties}
    assert ("smote_gate", "fail") in said
    assert {"smote_gate_CHANGED", "smote_gate_DROP"} <= {name for name, _ in said}


@pytest.fixture
def of_one_split(defective):
    """The defective bench, whose baseline has the first split alone: there are no others to look at."""

    def first(panel):
        return panel.take(units=[unit for unit in panel.units if unit.split == 0])

    defective.save_with(scores=first, samples=first)
    return defective


def test_a_drop_on_the_only_split_of_a_baseline_is_undecided(of_one_split, workers):
    run = of_one_split.run(*workers, *COMPARE)
    assert run.code == 8, run.text
    assert verdict_of(run).result == "undecided"
    assert "metric gate: UNDECIDED  20 cases: 16 identical, 4 changed" in run.text
    assert "looked at again" not in run.text
    assert "save a baseline of several (--smote-gate-splits 5)" in run.text


def test_a_test_that_failed_is_not_hidden_by_a_gate_that_is_undecided(of_one_split):
    options = loosen_by_marker(of_one_split, tolerance=-1)
    run = of_one_split.run(*COMPARE, *options)
    assert run.code == 1, run.text


def test_a_missing_case_fails_beside_a_drop_on_one_split(of_one_split):
    text = (of_one_split.path / "experiment.yaml").read_text()
    (of_one_split.path / "experiment.yaml").write_text(text.replace('  Fourth: "fourth:Fourth"\n', ""))
    run = of_one_split.run(*COMPARE)
    assert run.code == 1, run.text
    assert verdict_of(run).problems("missing case")


def test_only_suspicious_methods_are_computed_on_the_other_splits_whatever_the_workers(defective):
    verdicts = []
    for out, workers in (("out", ()), ("other", ("-n2",))):
        run = defective.run(*workers, f"--smote-compare={defective.baseline}", *ANEW, out=out)
        assert run.code == 1, run.text
        assert "metric gate: Plain: looked at again on split 1, seed 0 (4 cases)" in run.text
        n_resampled = {name: sum(run.count(name).values()) for name in ("Plain", "Other", "Third", "Fourth")}
        assert n_resampled == {
            "Plain": 2 * (FIRST_SPLIT + OTHER_SPLIT),
            **dict.fromkeys(("Other", "Third", "Fourth"), 2 * FIRST_SPLIT),
        }
        verdict = verdict_of(run).plain
        for side in ("baseline", "current"):
            verdict[side] = {k: v for k, v in verdict[side].items() if k not in ("name", "made_at")}
        verdicts.append(verdict)
    assert verdicts[0] == verdicts[1]


def test_a_long_second_look_is_shared_by_processes(defective, monkeypatch):
    monkeypatch.setattr("smote_bench.session.second_look._WORTH_PROCESSES_SECONDS", 0.0)
    run = defective.run("-n2", *COMPARE, "-k", "Plain")
    assert run.code == 1, run.text
    assert sum(run.count("Plain").values()) == 2 * (FIRST_SPLIT + OTHER_SPLIT)


def test_an_unchanged_run_computes_the_first_split_only(gated):
    run = gated.run(*COMPARE, *ANEW, "-k", "one- and Nearest")
    assert run.code == 0, run.text
    assert sum(run.count("Plain").values()) == FIRST_SPLIT
    assert "looked at again" not in run.text


def test_a_defect_that_no_source_shows_is_seen_where_nothing_is_taken_from_the_memo(gated):
    run = gated.run(*COMPARE, *ANEW, PLAIN_DEFECT="flipped")
    assert run.code == 1, run.text
    assert verdict_of(run).found("DROP") == {"Plain"}


@with_workers_once("method", "Plain", "Third")
def test_other_random_numbers_of_the_same_distribution_are_within_noise(gated, workers, method):
    gated.defect(method, "reseeded")
    run = gated.run(*workers, *COMPARE)
    assert run.code == 0, run.text
    verdict = verdict_of(run).plain
    assert verdict["result"] == "pass"
    assert verdict["n_changed"] == verdict["n_within_noise"] > 0
    assert "changed" in run.text
    assert "within noise" in run.text


def test_a_rewritten_sampler_that_gives_the_same_rows_is_identical(gated):
    gated.swap("plain.py", "rng.choice(minority,", "rng.choice(1 * minority,")
    run = gated.run(*COMPARE)
    assert run.code == 0, run.text
    assert sum(run.count("Plain").values()) == 2 * FIRST_SPLIT, "it was computed again"
    assert verdict_of(run).plain["n_identical"] == 20


def test_a_gate_that_warns_says_the_same_and_passes(defective):
    run = defective.run(*COMPARE, "--smote-gate=warn")
    assert run.code == 0, run.text
    assert "metric gate: FAIL (only warns)" in run.text
    assert "DROP    Plain" in run.text
    assert verdict_of(run).found("DROP") == {"Plain"}


def test_a_gate_that_is_off_does_nothing(defective):
    run = defective.run(*COMPARE, "--smote-gate=off")
    assert run.code == 0, run.text
    assert "metric gate" not in run.text
    assert not (run.folder / "gate.json").exists()


def loosen_in_yaml(bench, **override):
    path = bench.path / "experiment.yaml"
    path.write_text(f"{path.read_text()}gate:\n  overrides: [{json.dumps(override)}]\n")
    return ()


def loosen_by_marker(bench, **override):
    words = ", ".join(f"{name}={value!r}" for name, value in override.items() if name != "method")
    (bench.path / "loosening.py").write_text(LOOSENING.replace("KEYWORDS", words))
    return ("-p", "loosening")


def test_the_experiment_loosens_one_method(defective):
    loosen_in_yaml(defective, method="Plain", mode="warn")
    run = defective.run(*COMPARE)
    assert run.code == 0, run.text
    verdict = verdict_of(run)
    assert not verdict.found("DROP")
    assert any(f["kind"] == "DROP" and f["is_warning"] for f in verdict.plain["findings"])


def test_markers_loosen_cases(defective, workers):
    options = loosen_by_marker(defective, mode="off")
    run = defective.run(*workers, *COMPARE, *options)
    verdict = verdict_of(run)
    assert not verdict.found("DROP"), "every case of the method is off"
    assert verdict.found("CHANGED") == {"Plain"}, "a marker is for its case, not for the rows"
    assert len(verdict.plain["settings"]["overrides"]) == 4


def test_the_closest_marker_holds(gated):
    words = "tolerance=0.5))\n            item.parent.add_marker(pytest.mark.smote_gate(tolerance=0.1)"
    (gated.path / "loosening.py").write_text(LOOSENING.replace("KEYWORDS)", words))
    run = gated.run(*COMPARE, "-p", "loosening", "-k", "one-Plain-Nearest")
    overrides = verdict_of(run).plain["settings"]["overrides"]
    assert overrides[0]["tolerance"] == 0.1
    assert overrides[-1]["tolerance"] == 0.5, "the last one holds"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("0.03", "write tolerance=0.03"),
        ("tolerance=-1", "expected a drop in the metric's units, 0 or more, got -1"),
        ("mode='of'", "Did you mean 'off'"),
        ("tolerance=0.03, metric='g_men'", "Did you mean 'g_mean'"),
        ("tolerance=0.03, dataset='one'", "a marker is for its own case"),
    ],
)
def test_a_wrong_marker_fails_its_case_with_what_to_write(gated, words, said):
    (gated.path / "loosening.py").write_text(LOOSENING.replace("KEYWORDS", words))
    run = gated.run(*COMPARE, "-p", "loosening", "-k", "one-Plain-Nearest")
    assert run.code == 1, run.text
    assert said in run.text


def test_a_fixed_limit_fails_a_case_and_says_how_often_it_cries_wolf(defective):
    loosen_in_yaml(defective, method="Plain", mode="warn")
    run = defective.run(*COMPARE, "--smote-compare-fail", "balanced_accuracy:0.05")
    assert run.code == 1, run.text
    assert verdict_of(run).found("LIMIT") == {"Plain"}
    assert "fixed limit balanced_accuracy:0.05  false alarms in" in run.text


def test_the_stored_run_gets_the_same_verdict(defective, capsys):
    from smote_bench.cli import main

    run = defective.run(*COMPARE)
    code = main(["gate", "latest", "main", "--reports", str(run.out), "--json", str(run.out / "again.json")])
    again, before = json.loads((run.out / "again.json").read_text()), verdict_of(run).plain
    assert code == run.code == 1
    for part in ("result", "n_cases", "n_identical", "n_changed", "n_within_noise", "findings", "problems"):
        assert again[part] == before[part]


def test_the_stored_run_is_judged_by_its_experiments_own_strictness(defective, capsys):
    from smote_bench.cli import main

    loosen_in_yaml(defective, method="Plain", mode="warn")
    run = defective.run(*COMPARE)
    assert run.code == 0, run.text
    assert main(["gate", "latest", "main", "--reports", str(run.out)]) == 0
    assert "only warns" in capsys.readouterr().out


def test_a_second_look_at_one_of_two_cases_leaves_the_other_sound(defective):
    narrow = ("--smote-methods", "Plain", "--smote-datasets", "one", "--smote-classifiers", "DecisionTree")
    run = defective.run(*COMPARE, *narrow)
    assert "looked at again on split 1" in run.text
    assert not verdict_of(run).problems("missing fit")
