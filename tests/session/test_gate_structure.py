"""What a session's gate says when a run does not consist of what its baseline consists of."""

from __future__ import annotations

from smote_bench.gating.evidence.panel import Panel, Unit
from tests.session.conftest import ANEW, COMPARE, METHODS, N_CASES, verdict_of, with_workers_once

CLASSIFIERS = ("DecisionTree", "Nearest")


def ids(method: str) -> set[str]:
    return {f"{dataset}-{method}-{c}" for dataset in ("one", "two") for c in CLASSIFIERS}


def with_another_fold(panel: Panel, case: str) -> Panel:
    """Return scores in which one case was tested on one fold more than the others."""
    more = panel.take(units=sorted([*panel.units, Unit(0, 3)]))
    place = [cell.id for cell in panel.cells].index(case)
    there, model = more.units.index(Unit(0, 3)), more.units.index(Unit(0, 2))
    for part in (more.values, more.present, more.digests):
        part[place, there] = part[place, model]
    return more


def test_an_unchanged_run_is_identical(gated, workers):
    run = gated.run(*workers, *COMPARE)
    assert run.code == 0, run.text
    assert f"metric gate: PASS  {N_CASES} cases: {N_CASES} identical" in run.text
    assert verdict_of(run).plain["n_identical"] == N_CASES


def test_a_renamed_method_is_a_missing_case_and_a_new_one(gated, workers):
    gated.swap("experiment.yaml", "Other: ", "Renamed: ")
    run = gated.run(*workers, *COMPARE)
    assert run.code == 1, run.text
    verdict = verdict_of(run)
    assert verdict.problems("missing case").keys() == ids("Other")
    assert set(verdict.plain["new_cases"]) == ids("Renamed")
    assert "metric gate: FAIL" in run.text
    assert "PROBLEM missing case" in run.text
    assert "not in the baseline and not judged" in run.text


def test_an_added_method_is_listed_and_no_reason_to_fail(gated):
    gated.swap("experiment.yaml", "  Other: ", "  Added: RandomOverSampler\n  Other: ")
    run = gated.run(*COMPARE, "-k", "Nearest")
    assert run.code == 0, run.text
    assert set(verdict_of(run).plain["new_cases"]) == {"one-Added-Nearest", "two-Added-Nearest"}


def test_a_fold_that_only_the_baseline_has_is_missing(gated, workers):
    gated.save_with(scores=lambda panel: with_another_fold(panel, "one-Plain-Nearest"))
    run = gated.run(*workers, *COMPARE, "-k", "Nearest")
    assert run.code == 1, run.text
    assert verdict_of(run).problems("missing fit").keys() == {"one-Plain-Nearest"}
    assert "fold 3" in verdict_of(run).problems("missing fit")["one-Plain-Nearest"]


def test_cases_that_fell_from_ok_and_scores_that_became_undefined_are_problems(gated, workers):
    becomes = dict(zip(METHODS, ("error", "noop", "timeout", "unavailable"), strict=True))
    run = gated.run(
        *workers,
        *COMPARE,
        *ANEW,
        "--smote-timeout",
        "4",
        "-k",
        "one- and Nearest or two-Original-Nearest",
        **{f"{method.upper()}_DEFECT": status for method, status in becomes.items()},
        UNDEFINED_ROWS="19",  # the hold-out of two; that of one has 20
    )
    assert run.code == 1, run.text
    verdict = verdict_of(run)
    assert verdict.result == "fail"
    said = verdict.problems("status")
    for method, status in becomes.items():
        assert f"expected status ok, got {status}" in said[f"one-{method}-Nearest"]
    assert len(said) == 4
    undefined = verdict.problems("undefined score")
    assert "two-Original-Nearest" in undefined, "NaN where there was a value"
    assert "share_right" in undefined["two-Original-Nearest"]
    assert "one-Original-Nearest" not in undefined
    assert run.text.count("PROBLEM status") == 4


@with_workers_once("status", "error", "noop", "unavailable")
def test_a_fall_from_ok_of_every_case_fails_the_session(gated, workers, status):
    gated.defect("Plain", status)
    run = gated.run(*workers, *COMPARE, "-k", "one-Plain-Nearest")
    assert run.code == 1, run.text
    assert verdict_of(run).problems("status").keys() == {"one-Plain-Nearest"}
