"""A verdict as JSON, Markdown and JUnit."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from gate.made_evidence import NASTY, finding, verdict

from smote_bench.errors import ConfigError
from smote_bench.experiment.gate_settings import GateSettings, Override
from smote_bench.gate.verdicts.files import dumps, from_json, to_json, to_junit, to_markdown, write_verdict
from smote_bench.gate.verdicts.verdict import Problem, Verdict

SETTINGS = GateSettings(
    metrics=("g_mean",),
    fixed={"roc_auc": 0.05},
    overrides=(Override(dataset="Ecoli", tolerance=0.03), Override(method="SMOTE", mode="warn")),
    max_slowdown=1.5,
)
PROBLEM = Problem("missing fit", "Ecoli-SMOTE-kNN", "expected a, got b: do c")


def _full(**others: Any) -> Verdict:
    findings = (
        finding(p=math.nan, limit=-math.inf),
        finding(level="case", dataset="Ecoli", classifier="kNN"),
        finding("RISE", method="ADASYN", is_warning=True),
    )
    given = {
        "problems": (PROBLEM,),
        "findings": findings,
        "new_cases": ("Iris-SMOTE-kNN",),
        "not_selected": ("Wine-SMOTE-kNN",),
        "would_see": {"method": 0.008, "dataset": math.nan, "case": 0.039},
        "fixed_rate": {"roc_auc": math.nan},
        "settings": SETTINGS,
        "notes": ("a note",),
        "baseline": {"name": "main", "splits": 5, "packages": {"numpy": "2.1"}},
        "current": {"name": "today", "packages": {"numpy": "2.2"}},
    }
    return verdict(**{**given, **others})


def _suite(given: Verdict) -> ElementTree.Element:
    found = ElementTree.fromstring(to_junit(given)).find("testsuite")
    assert found is not None
    return found


def _tests(given: Verdict) -> dict[str, ElementTree.Element]:
    return {test.attrib["name"]: test for test in _suite(given).iter("testcase")}


def test_json_keeps_a_verdict_to_the_last_field() -> None:
    text = dumps(_full())
    # NaN is not equal to itself, so the texts are compared
    assert dumps(from_json(json.loads(text))) == text
    again = from_json(json.loads(text))
    assert again.settings == SETTINGS
    assert again.problems == (PROBLEM,)
    assert again.findings[1:] == _full().findings[1:]
    assert math.isnan(again.findings[0].p)
    assert again.findings[0].limit == -math.inf
    assert math.isnan(again.would_see["dataset"])
    assert math.isnan(again.limits[1].would_see)


def test_json_is_strict_and_says_what_a_terminal_does() -> None:
    plain = json.loads(dumps(_full()), parse_constant=pytest.fail)
    assert plain["exit_code"] == 1
    assert plain["lines"][0].startswith("metric gate: FAIL  1080 cases")
    assert plain["would_see"]["dataset"] is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": 99}, "expected a verdict of format 1, got 99: judge again"),
        ({"result": "great"}, "expected a result among pass, fail, undecided, not comparable, got 'great'"),
    ],
)
def test_refuses_json_of_another_form(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        from_json({**to_json(_full()), **change})


def test_markdown_has_all_findings_and_limits() -> None:
    findings = tuple(finding(method=f"M{n}") for n in range(50))
    text = to_markdown(_full(findings=findings))
    assert text.startswith("# Metric gate\n\nmetric gate: FAIL  1080 cases")
    assert all(f"| M{n} |" in text for n in range(50))
    assert "| missing fit | 1 | Ecoli-SMOTE-kNN | expected a, got b: do c |" in text
    assert "| method | SMOTE | g\\_mean | 1 | 0.0094 | 0.012 | 5 |" in text
    assert "Iris-SMOTE-kNN" in text
    assert "| override 1 | dataset Ecoli, tolerance 0.03 |" in text
    assert "numpy 2.1 -\\> 2.2" in text


def test_markdown_of_an_incomparable_verdict_says_that_it_is_no_pass() -> None:
    text = to_markdown(
        verdict("not comparable", incomparable=(Problem("data", "Ecoli", "expected a, got b: c"),))
    )
    assert "No score was judged: this is no pass." in text
    assert "## Not comparable" in text
    assert "| data | 1 | Ecoli | expected a, got b: c |" in text
    assert "false alarms" not in text


def test_names_cannot_break_out_of_markdown() -> None:
    hostile = _full(
        findings=(finding(method=NASTY),), problems=(Problem("status", NASTY, NASTY),), notes=(NASTY,)
    )
    text = to_markdown(hostile)
    assert not re.search(r"(?<!\\)[<`*]", text)
    n_columns = {
        len(re.findall(r"(?<!\\)\|", line))
        for line in text.splitlines()
        if "&" in line and line.startswith("|")
    }
    assert n_columns == {5, 11}


def test_junit_has_a_test_for_each_method_and_level_and_for_each_problem() -> None:
    tests = _tests(_full())
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
    suite = _suite(_full())
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
    suite = _suite(_full(settings=GateSettings(mode="warn")))
    assert (suite.attrib["failures"], suite.attrib["errors"]) == ("0", "0")
    assert "g_mean -0.0125" in str(
        _tests(_full(settings=GateSettings(mode="warn")))["SMOTE, in each case"].findtext("system-out")
    )


def test_names_cannot_break_junit() -> None:
    hostile = _full(findings=(finding(method=NASTY),), problems=(Problem("status", NASTY, NASTY),))
    tests = _tests(hostile)
    assert any("<b>|`x`*</b>" in name for name in tests)


def test_writes_three_files_and_no_part_of_one(tmp_path: Path) -> None:
    paths = write_verdict(tmp_path / "new", _full())
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["gate.json", "gate.md", "gate.xml"]
    assert [path.name for path in paths] == ["gate.json", "gate.md", "gate.xml"]
    assert json.loads(paths[0].read_text(encoding="utf-8"))["result"] == "fail"
    ElementTree.parse(paths[2])
