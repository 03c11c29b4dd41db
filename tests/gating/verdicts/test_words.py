"""A verdict in words.

Also of: finding_words, verdict.
"""

from __future__ import annotations

import math
import types

import pytest
from gating.made_evidence import NASTY, finding, verdict

from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.verdicts import finding_words
from smote_bench.gating.verdicts.verdict import Problem
from smote_bench.gating.verdicts.words import lines

OUTSIDE = types.SimpleNamespace(title="points outside minority range", scale="share")
NEAREST = types.SimpleNamespace(title="distance to the nearest minority original", scale="log")


@pytest.fixture(autouse=True)
def _cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have two descriptors, whatever the package's own are."""
    monkeypatch.setattr(finding_words, "_descriptors", lambda: {"outside": OUTSIDE, "to_minority": NEAREST})


def test_says_it_as_the_guide_shows_it() -> None:
    findings = (
        finding(
            "CHANGED",
            method="Borderline",
            measure="outside",
            before=0.0,
            after=0.21,
            n_datasets=12,
            of_datasets=12,
        ),
        finding(method="Borderline", n_datasets=9, of_datasets=12),
    )
    assert lines(verdict(findings=findings)) == [
        "metric gate: FAIL  1080 cases: 1044 identical, 36 changed, 33 within noise",
        "CHANGED Borderline  points outside minority range 0 % -> 21 % (12 of 12 data sets)",
        "DROP    Borderline  g_mean -0.0125 +- 0.0016 (alarms beyond -0.0094; 9 of 12 data sets)",
        "false alarms <= 1 % per run; would have seen drops of .008 / .026 / .039 (method / data set / case)",
    ]


def test_a_run_of_the_same_bytes_is_said_in_two_lines() -> None:
    same = verdict("pass", n_cases=1, n_identical=1, n_changed=0, n_within_noise=0)
    assert lines(same)[0] == "metric gate: PASS  1 case: 1 identical"
    assert len(lines(same)) == 2


def test_a_failure_that_only_warns_says_so() -> None:
    assert lines(verdict(settings=GateSettings(mode="warn")))[0].startswith(
        "metric gate: FAIL (only warns)  1080"
    )
    assert lines(verdict("pass", settings=GateSettings(mode="warn")))[0].startswith("metric gate: PASS  1080")


def test_what_a_method_s_finding_says_is_not_said_again() -> None:
    narrower = [finding(level="dataset", dataset=name) for name in ("Ecoli", "Yeast")]
    cases = [finding(level="case", dataset="Ecoli", classifier=name) for name in ("kNN", "LDA")]
    said = lines(verdict(findings=(finding(), *narrower, *cases)))
    assert said[1:-1] == [
        "DROP    SMOTE  g_mean -0.0125 +- 0.0016 (alarms beyond -0.0094; 2 data sets: Ecoli, Yeast)"
    ]


def test_names_the_data_sets_where_they_are_few() -> None:
    alone = finding(level="dataset", dataset="Ecoli")
    method = finding(n_datasets=1, of_datasets=12)
    assert "; 1 of 12 data sets: Ecoli)" in lines(verdict(findings=(method, alone)))[1]
    many = [finding(level="dataset", dataset=f"D{n}") for n in range(3)]
    method = finding(n_datasets=3, of_datasets=12)
    assert "; 3 of 12 data sets)" in lines(verdict(findings=(method, *many)))[1]


def test_what_a_data_set_s_finding_says_is_not_said_again() -> None:
    cases = [finding(level="case", dataset="Ecoli", classifier=name) for name in ("kNN", "LDA")]
    said = lines(verdict(findings=(finding(level="dataset", dataset="Ecoli"), *cases)))
    assert said[1:-1] == [
        "DROP    SMOTE on Ecoli  g_mean -0.0125 +- 0.0016 (alarms beyond -0.0094; alone with kNN, LDA)"
    ]


@pytest.mark.parametrize(
    "other", [{"measure": "roc_auc"}, {"kind": "CHANGED"}, {"method": "ADASYN"}, {"is_warning": True}]
)
def test_what_is_another_finding_is_said(other: dict[str, object]) -> None:
    findings = (finding(), finding(**{"level": "dataset", "dataset": "Ecoli", **other}))  # type: ignore[arg-type]
    assert len(lines(verdict(findings=findings))) == 4


def test_findings_of_a_method_stand_together_the_gravest_method_first() -> None:
    findings = (
        finding("CHANGED", method="B", measure="outside"),
        finding("DROP", method="A"),
        finding("DROP", method="B", measure="roc_auc"),
        finding("DROP", level="case", method="B", dataset="Ecoli", classifier="kNN", measure="mcc"),
        finding("RISE", method="B", is_warning=True),
    )
    said = [[line[:8].strip(), line[8:].split()[0]] for line in lines(verdict(findings=findings))[1:-1]]
    assert said == [["CHANGED", "B"], ["DROP", "B"], ["DROP", "B"], ["DROP", "A"], ["RISE", "B"]]


def test_each_kind_has_its_own_words() -> None:
    where = {"level": "case", "dataset": "Ecoli", "classifier": "kNN"}
    findings = (
        finding("LIMIT", measure="roc_auc", change=-0.0612, limit=-0.05, p=math.nan, **where),
        finding("SLOWER", measure="resample_seconds", before=1.0, after=1.834, limit=0.5, se=math.nan),
        finding("RISE", change=0.02, limit=0.0094, is_warning=True),
        finding("CHANGED", measure="to_minority", before=0.123456, after=12345.6),
        finding("CHANGED", measure="of another release", before=math.nan, after=2.0),
    )
    said = {line[8:].split("  ", 1)[1].lstrip() for line in lines(verdict(findings=findings))[1:-1]}
    assert said == {
        "roc_auc -0.0612 +- 0.0016 (fixed limit -0.0500)",
        "resample_seconds 1.83 times as long (alarms beyond 1.5 times)",
        "g_mean +0.0200 +- 0.0016 (beyond +0.0094; only warns)",
        "distance to the nearest minority original 0.123 -> 12300",
        "of another release undefined -> 2",
    }


def test_a_small_share_keeps_a_digit() -> None:
    shown = finding_words.change_words(finding("CHANGED", measure="outside", before=0.004, after=0.9996))
    assert shown == "0.4 % -> 100.0 %"


def test_a_change_that_rounds_to_nothing_keeps_two_digits() -> None:
    assert finding_words.change_words(finding(change=-0.0000123, se=0.0)) == "-0.000012 +- 0.0000"


@pytest.mark.parametrize("se", [3.6e-17, 9e-13, 0.0])
def test_a_spread_that_is_rounding_alone_is_none(se: float) -> None:
    assert finding_words.change_words(finding(change=-0.2, se=se)) == "-0.2000 +- 0.0000"
    assert finding_words.change_words(finding(change=-4e8, se=1.0)).endswith(" +- 0.0000")
    assert finding_words.change_words(finding(change=-0.2, se=3.6e-7)) == "-0.2000 +- 0.00000036"


def test_a_fixed_limit_is_shown_with_its_false_alarms() -> None:
    settings = GateSettings(fixed={"roc_auc": 0.05, "mcc": 0.1})
    said = lines(verdict(settings=settings, fixed_rate={"roc_auc": 0.1234, "mcc": math.nan}))
    assert said[-2:] == [
        "fixed limit roc_auc:0.05  false alarms in 12.3 % of runs in which nothing changed but the seeds",
        "fixed limit mcc:0.1  false alarms at a rate that is not known",
    ]


def test_what_would_have_been_seen_may_be_unknown() -> None:
    assert lines(verdict(would_see={}))[-1].endswith("how large a drop would have been seen is not known")
    sees = {"method": 0.008, "dataset": math.nan, "case": 1.5}
    assert " .008 / - / 1.5 (" in lines(verdict(would_see=sees))[-1]


def test_the_same_problem_of_many_cases_is_one_line() -> None:
    problems = [Problem("missing fit", f"case {n}", "expected a, got b: do c") for n in range(1000)]
    problems.append(Problem("status", "other", "expected ok, got error: mend it"))
    assert lines(verdict(problems=tuple(problems)))[1:-1] == [
        "PROBLEM missing fit  1000 cases, as case 0, case 1, case 2: expected a, got b: do c",
        "PROBLEM status  other: expected ok, got error: mend it",
    ]


def test_what_cannot_be_compared_is_no_pass_and_no_judgement() -> None:
    incomparable = [
        Problem("data", "Ecoli", "expected a, got b: do c"),
        Problem("cases", "", "expected d, got e: do f"),
    ]
    problem = Problem("missing case", "Yeast", "expected g, got h: do i")
    found = verdict(
        "not comparable",
        incomparable=tuple(incomparable),
        problems=(problem,),
        baseline={"name": "main"},
        current={"name": "today"},
    )
    assert lines(found) == [
        "metric gate: NOT COMPARABLE  today with main",
        "DIFFERS data of Ecoli: expected a, got b: do c",
        "DIFFERS expected d, got e: do f",
        "no score was judged: this is no pass",
        "PROBLEM missing case  Yeast: expected g, got h: do i",
    ]


def test_more_than_twenty_lines_are_counted() -> None:
    findings = tuple(finding(method=f"M{n}") for n in range(50))
    said = lines(verdict(findings=findings), more="all.md")
    assert len(said) == 22
    assert said[-2] == "and 31 more: all.md"


def test_says_which_versions_differ_what_was_not_judged_and_notes() -> None:
    found = verdict(
        "pass",
        baseline={"about": {"packages": {"numpy": "2.1.0", "scipy": "1.0", "imblearn": "0.13"}}},
        current={"packages": {"numpy": "2.2.0", "scipy": "1.0"}},
        new_cases=("a", "b", "c", "d"),
        not_selected=("e",),
        notes=("two scores are undefined",),
    )
    assert lines(found)[2:] == [
        "versions: numpy 2.1.0 -> 2.2.0, imblearn 0.13 -> none",
        "new: 4 cases, as a, b, c, not in the baseline and not judged",
        "not selected: e",
        "note: two scores are undefined",
    ]


def test_versions_that_one_side_does_not_know_do_not_differ() -> None:
    assert len(lines(verdict(baseline={"packages": {"numpy": "2"}}, current={}))) == 2


def test_a_name_cannot_break_out_of_its_line() -> None:
    found = verdict(
        findings=(finding(method=NASTY),), problems=(Problem("status", NASTY, NASTY),), notes=(NASTY,)
    )
    said = lines(found)
    assert len(said) == 5
    assert all(line.isprintable() for line in said)
