"""A verdict as JUnit: a test for each method and level and for each problem."""

from __future__ import annotations

from xml.etree import ElementTree

from gating.made_evidence import NASTY, finding, verdict
from gating.verdicts.full_verdict import full_verdict

from smote_bench.experiment.gate_settings import GateSettings
from smote_bench.gating.verdicts.junit import to_junit
from smote_bench.gating.verdicts.verdict import Problem, Verdict


def _suite(given: Verdict) -> ElementTree.Element:
    found = ElementTree.fromstring(to_junit(given)).find("testsuite")
    assert found is not None
    return found


def _tests(given: Verdict) -> dict[str, ElementTree.Element]:
    return {test.attrib["name"]: test for test in _suite(given).iter("testcase")}


def test_junit_has_a_test_for_each_method_and_level_and_for_each_problem() -> None:
    tests = _tests(full_verdict())
    assert list(tests) == [
        "comparable",
        "missing fit: Ecoli-SMOTE-kNN",
        "SMOTE, over all data sets",
        "SMOTE, in each case",
        "ADASYN, over all data sets",
    ]
    failed = {name: test.find("failure") for name, test in tests.items() if test.find("failure") is not None}
    assert list(failed) == [
        "missing fit: Ecoli-SMOTE-kNN",
        "SMOTE, over all data sets",
        "SMOTE, in each case",
    ]
    assert failed["SMOTE, in each case"].text == (  # type: ignore[union-attr]
        "DROP SMOTE on Ecoli with kNN: g_mean -0.0125 +- 0.0016 (alarms beyond -0.0094)"
    )
    assert "only warns" in str(tests["ADASYN, over all data sets"].findtext("system-out"))


def test_junit_counts_what_it_holds() -> None:
    suite = _suite(full_verdict())
    assert {name: suite.attrib[name] for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5",
        "failures": "3",
        "errors": "0",
        "skipped": "0",
    }
    assert str(suite.findtext("system-out")).startswith("metric gate: FAIL")


def test_junit_of_a_pass_has_tests_that_passed() -> None:
    suite = _suite(verdict("pass"))
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["errors"]) == ("3", "0", "0")


def test_a_verdict_that_is_not_comparable_is_an_error_in_junit() -> None:
    tests = _tests(
        verdict("not comparable", incomparable=(Problem("data", "Ecoli", "expected a, got b: c"),))
    )
    assert list(tests) == ["comparable"]
    error = tests["comparable"].find("error")
    assert error is not None
    assert error.attrib["message"] == "DIFFERS data of Ecoli: expected a, got b: c"


def test_nothing_fails_in_junit_where_the_gate_only_warns() -> None:
    suite = _suite(full_verdict(settings=GateSettings(mode="warn")))
    assert (suite.attrib["failures"], suite.attrib["errors"]) == ("0", "0")
    assert "g_mean -0.0125" in str(
        _tests(full_verdict(settings=GateSettings(mode="warn")))["SMOTE, in each case"].findtext("system-out")
    )


def test_names_cannot_break_junit() -> None:
    hostile = full_verdict(findings=(finding(method=NASTY),), problems=(Problem("status", NASTY, NASTY),))
    tests = _tests(hostile)
    assert any("<b>|`x`*</b>" in name for name in tests)
