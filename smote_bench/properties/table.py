"""A verdict as text: a table for each group, every failure with its counterexample, one line at the end."""

from __future__ import annotations

from smote_bench.properties.engine import Result
from smote_bench.properties.families import FAMILIES
from smote_bench.properties.kit import GROUPS
from smote_bench.properties.readings import readings_of
from smote_bench.properties.subject import Subject
from smote_bench.properties.verdict import Verdict

__all__ = [
    "failures_text",
    "group_heading",
    "header",
    "remarks_text",
    "result_line",
    "summary_line",
    "verdict_json",
]

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


def result_line(result: Result, *, strict: bool = False, excepted: bool = False) -> str:
    """Return a property's line in its group's table."""
    mark = _MARKS[result.status]
    if result.status == "failed" and excepted:
        mark = "known"
    elif result.is_remark and not strict:
        mark = "note"
    name = f"  {mark:<5} {result.property.name:<52}"
    if result.status == "not applicable":
        return f"{name} {result.reason}"
    cut = " (its time was over)" if result.cut else ""
    plural = "case " if result.n_cases == 1 else "cases"
    return f"{name} {result.n_cases:>4} {plural} {result.seconds:6.2f} s{cut}"


def failures_text(verdict: Verdict) -> str:
    """Return every failure in full, but only by name those that another one explains."""
    telling, again = verdict.telling_failures
    text = "\n".join(str(result) for result in telling)
    for result in verdict.stale_exceptions:
        reason = verdict.exceptions[result.property.name]
        text += f"{result.property.name} holds, but is excepted ({reason}): remove the exception\n"
    if again:
        names = ", ".join(result.property.name for result in again)
        text += f"\nThrough the same causes these fail as well (--properties NAME shows one): {names}\n"
    return text


def remarks_text(verdict: Verdict) -> str:
    """Return a line for each convention that is not kept, and for each exception."""
    lines = [
        f"{result.property.name} is a convention of {result.convention} that is not kept: {result.reason}"
        for result in verdict.remarks
    ]
    lines += [
        f"{result.property.name} does not hold, which is known: {verdict.exceptions[result.property.name]}"
        for result in verdict.excepted
    ]
    return "\n".join(lines)


def summary_line(verdict: Verdict) -> str:
    """Return the verdict in one line."""
    applied = [result for result in verdict.results if result.status != "not applicable"]
    n_failed, n_other = len(verdict.failures), len(verdict.results) - len(applied)
    n_known = len(verdict.remarks) + len(verdict.excepted)
    if n_failed:
        holds = f"{n_failed} of {len(applied)} properties do not hold"
    elif n_known:
        holds = f"{len(applied) - n_known} of {len(applied)} properties that apply hold"
    else:
        holds = f"all {len(applied)} properties that apply hold"
    if verdict.remarks:
        holds += f", remarks: {len(verdict.remarks)}"
    if verdict.excepted:
        holds += f", known: {len(verdict.excepted)}"
    if verdict.stale_exceptions:
        holds += f", exceptions that are none: {len(verdict.stale_exceptions)}"
    rest = "; stopped at the first failure" if verdict.stopped else ""
    chance = f"; a correct sampler is rejected by chance with probability <= {verdict.false_alarm:.1g}"
    n_readings = len(readings_of(verdict.subject.family))
    readings = f", and for its reading of the paper in none of {n_readings} places (docs/validate.md)"
    return (
        f"{verdict.word}: {holds}, {n_other} do not apply; {verdict.seconds:.1f} s{rest}"
        f"{chance if verdict.false_alarm else ''}{readings if n_readings else ''}"
    )


def _status(verdict: Verdict, result: Result) -> str:
    """Return a result's status in the light of remarks and exceptions."""
    if result in verdict.stale_exceptions:
        return "failed"
    if result in verdict.excepted:
        return "known"
    return "remark" if result in verdict.remarks else result.status


def verdict_json(verdict: Verdict) -> dict[str, object]:
    """Return the verdict as JSON values."""
    subject = verdict.subject
    return {
        "sampler": subject.name,
        "style": subject.style,
        "family": subject.family,
        "data": str(subject.needs),
        "verdict": verdict.word,
        "accepted": verdict.accepted,
        "strict": verdict.strict,
        "stopped": verdict.stopped,
        "seconds": verdict.seconds,
        "false_alarm": verdict.false_alarm,
        "readings": list(readings_of(verdict.subject.family)),
        "groups": list(GROUPS),
        "results": [
            {
                "property": result.property.name,
                "group": result.property.group,
                "meaning": result.property.meaning,
                "kind": result.property.kind,
                "status": _status(verdict, result),
                "convention": result.convention,
                "exception": verdict.exceptions.get(result.property.name, ""),
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
