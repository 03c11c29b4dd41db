"""A verdict in words: some twenty lines for a terminal, gravest first."""

from __future__ import annotations

import math
import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from smote_bench.experiment.gate_settings import LEVELS
from smote_bench.gating.verdicts.finding_words import about_words, as_number, finding_words, tag
from smote_bench.gating.verdicts.verdict import Finding, Problem, Verdict

__all__ = ["changed_versions", "finding_lines", "headline", "incomparable_lines", "last_line", "lines"]
__all__ += ["grouped_problems", "problem_lines"]

_MOST = 20
_MOST_NOTES = 6
_EXAMPLES = 3


def lines(verdict: Verdict, *, more: str = "gate.md") -> list[str]:
    """Return a verdict as lines for a terminal.

    Parameters
    ----------
    verdict : Verdict
    more : str
        Where the rest is said to be when there is more than fits.

    Returns
    -------
    list of str
        The verdict with its counts; problems; alarms, then warnings, of one method together; which rate of
        false alarms and which drops to reckon with; notes.
    """
    if verdict.result == "not comparable":
        body = incomparable_lines(verdict)
        return _plain([headline(verdict), *_cut(body, more), *_ends(verdict, more)])
    body = [*problem_lines(verdict.problems), *finding_lines(verdict.findings)]
    return _plain([headline(verdict), *_cut(body, more), last_line(verdict), *_ends(verdict, more)])


def _plain(said: Sequence[str]) -> list[str]:
    """Take out line breaks and control characters, which names and reasons may hold."""
    return [re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", line) for line in said]


def headline(verdict: Verdict) -> str:
    """Return the verdict and its counts in one line."""
    only_warns = "" if verdict.settings.mode == "fail" or verdict.result == "pass" else " (only warns)"
    said = f"metric gate: {verdict.result.upper()}{only_warns}"
    if verdict.result == "not comparable":
        sides = [str(side["name"]) for side in (verdict.current, verdict.baseline) if side.get("name")]
        return said + (f"  {sides[0]} with {sides[1]}" if len(sides) == 2 else "")
    counts = f"{verdict.n_cases} case{'s' * (verdict.n_cases != 1)}: {verdict.n_identical} identical"
    if verdict.n_changed:
        counts += f", {verdict.n_changed} changed, {verdict.n_within_noise} within noise"
    return f"{said}  {counts}"


def last_line(verdict: Verdict) -> str:
    """Return the rate of false alarms, and the drops that would have been seen at each level."""
    rate = f"{as_number(100 * verdict.settings.alpha)} % per run"
    is_held = verdict.result != "undecided"
    said = f"false alarms <= {rate}" if is_held else f"false alarms on one split: more than {rate}"
    known = [verdict.would_see.get(level, math.nan) for level in LEVELS]
    if all(map(math.isnan, known)):
        return f"{said}; how large a drop would have been seen is not known"
    words = [(level, _short(value)) for level, value in zip(LEVELS, known, strict=True)]
    names = {"method": "method", "dataset": "data set", "case": "case"}
    return (
        f"{said}; would have seen drops of {' / '.join(value for _, value in words)} "
        f"({' / '.join(names[level] for level, _ in words)}{_half(verdict)})"
    )


def _half(verdict: Verdict) -> str:
    """Return what the quieter half of each level's comparisons sees: the noisiest ones decide the whole."""
    by_level = {
        level: [limit.would_see for limit in verdict.limits if limit.level == level] for level in LEVELS
    }
    if not all(by_level.values()):
        return ""
    return f"; half of them {' / '.join(_short(statistics.median(values)) for values in by_level.values())}"


def _short(value: float) -> str:
    """Return a drop as in ``.008``; a dash where it is not known."""
    if math.isnan(value):
        return "-"
    digits = 3 if abs(value) >= 0.0005 else 5
    return f"{value:.{digits}f}".replace("0.", ".", 1) if abs(value) < 1 else as_number(value)


def incomparable_lines(verdict: Verdict) -> list[str]:
    """Return why the sides cannot be compared; problems found all the same come after."""
    said = [
        f"DIFFERS {reason if not where else f'{what} of {where}: {reason}'}"
        for what, where, reason in _grouped(verdict.incomparable)
    ]
    return [*said, "no score was judged: this is no pass", *problem_lines(verdict.problems)]


def problem_lines(problems: Sequence[Problem]) -> list[str]:
    """Return a line for each thing that is wrong, however many cases it is wrong with."""
    return [f"PROBLEM {what}  {where}: {reason}" for what, where, reason in _grouped(problems)]


def grouped_problems(problems: Iterable[Problem]) -> list[tuple[str, tuple[str, ...], str]]:
    """Return problems as (what, all it is wrong with, reason), the same reason once, most frequent first."""
    groups: dict[tuple[str, str], list[str]] = {}
    for problem in problems:
        groups.setdefault((problem.what, problem.reason), []).append(problem.where)
    ranked = sorted(groups.items(), key=lambda item: -len(item[1]))
    return [(what, tuple(wheres), reason) for (what, reason), wheres in ranked]


def _grouped(problems: Iterable[Problem]) -> list[tuple[str, str, str]]:
    found = []
    for what, wheres, reason in grouped_problems(problems):
        n = len(wheres)
        shown = ", ".join(wheres[:_EXAMPLES])
        found.append((what, shown if n <= _EXAMPLES else f"{n} cases, as {shown}", reason))
    return found


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """Return findings as lines: alarms first, a method's together, the same at narrower levels left out."""
    said: list[str] = []
    for is_warning in (False, True):
        chosen = [finding for finding in findings if finding.is_warning == is_warning]
        shown = _unfolded(chosen)
        # methods come in the order of their gravest finding
        by_method: dict[str, list[Finding]] = {}
        for finding in shown:
            by_method.setdefault(finding.method, []).append(finding)
        # a name longer than most is not padded to by the others
        width = min(40, max((len(about_words(finding)) for finding in shown), default=0))
        for block in by_method.values():
            for finding in sorted(block, key=lambda finding: LEVELS.index(finding.level)):
                about = about_words(finding).ljust(width)
                said.append(f"{tag(finding)} {about}  {finding_words(finding, chosen)}")
    return said


def _unfolded(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out what a finding of a wider level says already: the same kind of the same measure."""
    wider = {(f.kind, f.method, f.measure, f.dataset, f.level) for f in findings}

    def is_said(finding: Finding) -> bool:
        same = (finding.kind, finding.method, finding.measure)
        if finding.level == "method":
            return False
        if (*same, "", "method") in wider:
            return True
        return finding.level == "case" and (*same, finding.dataset, "dataset") in wider

    return [finding for finding in findings if not is_said(finding)]


def _cut(body: Sequence[str], more: str, most: int = _MOST) -> list[str]:
    if len(body) <= most:
        return list(body)
    return [*body[: most - 1], f"and {len(body) - most + 1} more: {more}"]


def _ends(verdict: Verdict, more: str) -> list[str]:
    """Return what stands below: fixed limits' rates, versions, cases that were not judged, notes."""
    said = [_fixed_words(metric, verdict) for metric in verdict.settings.fixed]
    versions = changed_versions(verdict)
    if versions:
        said.append(f"versions: {', '.join(versions)}")
    if verdict.new_cases:
        said.append(f"new: {_listed(verdict.new_cases)}, not in the baseline and not judged")
    if verdict.not_selected:
        said.append(f"not selected: {_listed(verdict.not_selected)}")
    return [*said, *_cut([f"note: {note}" for note in verdict.notes], more, _MOST_NOTES)]


def _fixed_words(metric: str, verdict: Verdict) -> str:
    limit = as_number(verdict.settings.fixed[metric])
    rate = verdict.fixed_rate.get(metric, math.nan)
    if math.isnan(rate):
        return f"fixed limit {metric}:{limit}  false alarms at a rate that is not known"
    often = f"{as_number(100 * rate)} % of runs in which nothing changed but the seeds"
    return f"fixed limit {metric}:{limit}  false alarms in {often}"


def _listed(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:_EXAMPLES])
    return shown if len(ids) <= _EXAMPLES else f"{len(ids)} cases, as {shown}"


def changed_versions(verdict: Verdict) -> list[str]:
    """Return which packages differ, as ``numpy 2.1.0 -> 2.2.0``; one that is not known is left out."""
    before, after = _packages(verdict.baseline), _packages(verdict.current)
    return [
        f"{name} {before.get(name) or 'none'} -> {after.get(name) or 'none'}"
        for name in dict.fromkeys((*before, *after))
        if before and after and before.get(name) != after.get(name)
    ]


def _packages(side: Mapping[str, Any]) -> Mapping[str, Any]:
    about = side.get("about", side)
    found = about.get("packages") if isinstance(about, Mapping) else None
    return found if isinstance(found, Mapping) else {}
