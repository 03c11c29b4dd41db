"""A verdict as text: a table for each group, every failure with its counterexample, one line at the end."""

from __future__ import annotations

from smote_bench.properties.engine import Result
from smote_bench.properties.families import FAMILIES
from smote_bench.properties.kit import GROUPS
from smote_bench.properties.subject import Subject
from smote_bench.properties.verdict import Verdict

__all__ = ["failures_text", "group_heading", "header", "result_line", "summary_line", "verdict_json"]

_MARKS = {"passed": "ok", "failed": "FAIL", "not applicable": "-"}
_SUGGESTED = {"borderline": "borderline1", "adasyn": "adasyn", "smote": "smote"}


def header(subject: Subject) -> str:
    """Return what is tested: name, style, family, and a hint where the family was not stated."""
    text = f"{subject.name}: style {subject.style}, family {subject.family} ({subject.family_source})"
    if subject.family_source == "not stated":
        suggestion = next((family for word, family in _SUGGESTED.items() if word in subject.name.lower()), "")
        choice = f"--family {suggestion}" if suggestion else f"--family ({'|'.join(FAMILIES)})"
        text += f"\n  held to what any oversampler has to do; {choice} tests where its rows lie as well"
    return text


def group_heading(group: str) -> str:
    """Return the line above a group's properties."""
    return f"\n{group}"


def result_line(result: Result) -> str:
    """Return a property's line in its group's table."""
    name = f"  {_MARKS[result.status]:<5} {result.property.name:<52}"
    if result.status == "not applicable":
        return f"{name} {result.reason}"
    cut = " (its time was over)" if result.cut else ""
    plural = "case " if result.n_cases == 1 else "cases"
    return f"{name} {result.n_cases:>4} {plural} {result.seconds:6.2f} s{cut}"


def failures_text(verdict: Verdict) -> str:
    """Return every failure in full, but only by name those that another one explains."""
    telling, again = verdict.telling_failures
    text = "\n".join(str(result) for result in telling)
    if again:
        names = ", ".join(result.property.name for result in again)
        text += f"\nThrough the same causes these fail as well (--properties NAME shows one): {names}\n"
    return text


def summary_line(verdict: Verdict) -> str:
    """Return the verdict in one line."""
    applied = [result for result in verdict.results if result.status != "not applicable"]
    n_failed, n_other = len(verdict.failures), len(verdict.results) - len(applied)
    word = "REJECTED" if n_failed else "ACCEPTED"
    holds = (
        f"{n_failed} of {len(applied)} properties do not hold"
        if n_failed
        else (f"all {len(applied)} properties that apply hold")
    )
    rest = "; stopped at the first failure" if verdict.stopped else ""
    chance = f"; a correct sampler is rejected with probability <= {verdict.false_alarm:.1g}"
    return (
        f"{word}: {holds}, {n_other} do not apply; {verdict.seconds:.1f} s{rest}"
        f"{chance if verdict.false_alarm else ''}"
    )


def verdict_json(verdict: Verdict) -> dict[str, object]:
    """Return the verdict as JSON values."""
    subject = verdict.subject
    return {
        "sampler": subject.name,
        "style": subject.style,
        "family": subject.family,
        "accepted": verdict.accepted,
        "stopped": verdict.stopped,
        "seconds": verdict.seconds,
        "false_alarm": verdict.false_alarm,
        "groups": list(GROUPS),
        "results": [
            {
                "property": result.property.name,
                "group": result.property.group,
                "meaning": result.property.meaning,
                "status": result.status,
                "reason": result.reason,
                "counterexample": result.counterexample,
                "seed": result.seed,
                "n_cases": result.n_cases,
                "seconds": result.seconds,
                "cut": result.cut,
            }
            for result in verdict.results
        ],
    }
