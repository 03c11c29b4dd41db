"""A verdict as JUnit XML, as CI servers read it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from smote_bench.experiment.gate_settings import LEVELS
from smote_bench.gating.verdicts.finding_words import about_words, finding_words, tag
from smote_bench.gating.verdicts.verdict import Finding, Verdict
from smote_bench.gating.verdicts.words import incomparable_lines, lines

__all__ = ["to_junit"]

_SUITE = "smote-bench gate"
_LEVEL_WORDS = {"method": "over all data sets", "dataset": "on each data set", "case": "in each case"}
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML cannot hold, not even escaped."""


def to_junit(verdict: Verdict) -> str:
    """Return a verdict as JUnit XML.

    One test for whether the sides are comparable (an error where they are not), one for each problem, one for
    each method and level that was compared (an error where alarms of one split leave it undecided). With mode
    ``warn`` nothing fails: it is in the output.
    """
    tests = [_comparable(verdict), *_problems(verdict)]
    if verdict.result != "not comparable":
        tests += _comparisons(verdict)
    counts = {
        "tests": len(tests),
        "failures": sum(test.find("failure") is not None for test in tests),
        "errors": sum(test.find("error") is not None for test in tests),
        "skipped": 0,
    }
    suite = ElementTree.Element("testsuite", {"name": _SUITE, **{name: str(n) for name, n in counts.items()}})
    suite.extend(tests)
    _output(suite, lines(verdict, more="gate.md"))
    root = ElementTree.Element("testsuites", name=_SUITE)
    root.append(suite)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _comparable(verdict: Verdict) -> ElementTree.Element:
    test = _test("structure", "comparable")
    if verdict.incomparable or verdict.result == "not comparable":
        said = incomparable_lines(verdict)
        _bad(test, verdict, "error", said[0] if said else "not comparable", said)
    return test


def _problems(verdict: Verdict) -> list[ElementTree.Element]:
    tests = []
    for problem in verdict.problems:
        test = _test("structure", f"{problem.what}: {problem.where}")
        _bad(test, verdict, "failure", problem.reason, [problem.reason])
        tests.append(test)
    return tests


def _comparisons(verdict: Verdict) -> list[ElementTree.Element]:
    compared = [(limit.method, limit.level) for limit in verdict.limits]
    compared += [(finding.method, finding.level) for finding in verdict.findings]
    compared = list(dict.fromkeys(compared))
    tests = []
    for method in dict.fromkeys(method for method, _ in compared):
        for level in LEVELS:
            if (method, level) not in compared:
                continue
            here = [found for found in verdict.findings if (found.method, found.level) == (method, level)]
            test = _test("metrics", f"{method or 'all methods'}, {_LEVEL_WORDS[level]}")
            alarms = [finding for finding in here if not finding.is_warning]
            if alarms:
                said = _said(alarms, verdict)
                is_decided = not all(alarm.is_of_one_split for alarm in alarms)
                _bad(test, verdict, "failure" if is_decided else "error", said[0], said)
            _output(test, _said([finding for finding in here if finding.is_warning], verdict))
            tests.append(test)
    return tests


def _said(findings: Sequence[Finding], verdict: Verdict) -> list[str]:
    return [
        f"{tag(finding).strip()} {about_words(finding)}: {finding_words(finding, verdict.findings)}"
        for finding in findings
    ]


def _test(part: str, name: str) -> ElementTree.Element:
    return ElementTree.Element("testcase", classname=f"gate.{part}", name=_legal(name), time="0")


def _bad(test: ElementTree.Element, verdict: Verdict, kind: str, message: str, said: Sequence[str]) -> None:
    """Say what is wrong: as a failure or an error, or as output where the gate only warns."""
    if verdict.settings.mode == "fail":
        found = ElementTree.SubElement(test, kind, message=_legal(message), type=kind)
        found.text = _legal("\n".join(said))
    else:
        _output(test, said)


def _output(element: ElementTree.Element, said: Sequence[str]) -> None:
    if said:
        text = _legal("\n".join(said))
        out = element.find("system-out")
        if out is None:
            out = ElementTree.SubElement(element, "system-out")
            out.text = text
        else:
            out.text = f"{out.text}\n{text}"


def _legal(text: str) -> str:
    return _FORBIDDEN.sub(" ", text)
