"""A verdict in Markdown: all that a terminal has no room for, and no name that breaks out."""

from __future__ import annotations

import re

from gating.made_evidence import NASTY, finding, verdict
from gating.verdicts.full_verdict import full_verdict

from smote_bench.gating.verdicts.markdown import to_markdown
from smote_bench.gating.verdicts.verdict import Problem


def test_markdown_has_all_findings_and_limits() -> None:
    findings = tuple(finding(method=f"M{n}") for n in range(50))
    text = to_markdown(full_verdict(findings=findings))
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
    hostile = full_verdict(
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
