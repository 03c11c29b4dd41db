"""A verdict in Markdown, whole: what a terminal has no room for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from smote_bench.experiment.gate_settings import LEVELS
from smote_bench.gating.verdicts.finding_words import about_words, as_number, change_words, measure_title
from smote_bench.gating.verdicts.verdict import Finding, Limit, Verdict
from smote_bench.gating.verdicts.words import changed_versions, grouped_problems, headline, last_line
from smote_bench.report.text.document import Block, Section, Table, as_markdown

__all__ = ["to_markdown"]

_LEVEL_WORDS = {"method": "method", "dataset": "data set", "case": "case"}
_MOST_IDS = 50
_P_WORDS = "p is adjusted (Holm) within its level; the levels share alpha. Fixed limits have none."


def to_markdown(verdict: Verdict) -> str:
    """Return a verdict as Markdown: verdict, problems, findings, limits, settings; names are escaped."""
    sections = [
        Section("Metric gate", _head(verdict), level=1),
        _problems("Not comparable", verdict.incomparable),
        _problems("Problems", verdict.problems),
        _findings("Alarms", verdict.alarms),
        _findings("Warnings", [finding for finding in verdict.findings if finding.is_warning]),
        Section("Cases", _cases(verdict)),
        Section("What would have been seen", [_limits(verdict.limits)] if verdict.limits else []),
        Section("Settings", [_settings(verdict), _sides(verdict)]),
    ]
    return as_markdown([section for section in sections if section.blocks])


def _head(verdict: Verdict) -> list[Block]:
    blocks: list[Block] = [headline(verdict)]
    if verdict.result == "not comparable":
        blocks.append("No score was judged: this is no pass.")
    else:
        blocks.append(last_line(verdict))
    return [*blocks, list(verdict.notes)] if verdict.notes else blocks


def _problems(title: str, problems: Sequence[Any]) -> Section:
    rows = [
        (what, str(len(wheres)), _ids(wheres), reason) for what, wheres, reason in grouped_problems(problems)
    ]
    return Section(title, [Table(("what", "n", "where", "reason"), rows, n_left=4)] if rows else [])


def _findings(title: str, findings: Sequence[Finding]) -> Section:
    if not findings:
        return Section(title, [])
    header = ("kind", "level", "where", "measure", "change", "before", "after", "limit", "p", "data sets")
    rows = [
        (
            finding.kind,
            _LEVEL_WORDS[finding.level],
            about_words(finding),
            measure_title(finding),
            change_words(finding),
            *map(_cell, (finding.before, finding.after, finding.limit, finding.p)),
            f"{finding.n_datasets} of {finding.of_datasets}" if finding.level == "method" else "",
        )
        for finding in findings
    ]
    return Section(title, [Table(header, rows, n_left=5), _P_WORDS])


def _cases(verdict: Verdict) -> list[Block]:
    said: list[str] = []
    if verdict.new_cases:
        said.append(f"New, not in the baseline and not judged: {_ids(verdict.new_cases)}")
    if verdict.not_selected:
        said.append(f"Not selected: {_ids(verdict.not_selected)}")
    return [said] if said else []


def _ids(ids: Sequence[str]) -> str:
    more = len(ids) - _MOST_IDS
    return ", ".join(ids[:_MOST_IDS]) + (f" and {more} more (gate.json)" if more > 0 else "")


def _limits(limits: Sequence[Limit]) -> Table:
    """Return the limits by level, method and metric: from the smallest to the largest."""
    groups: dict[tuple[str, str, str], list[Limit]] = {}
    for limit in limits:
        groups.setdefault((limit.level, limit.method, limit.metric), []).append(limit)
    rows = [
        (
            _LEVEL_WORDS[level],
            method or "all methods",
            metric,
            str(len(group)),
            _range([limit.alarms_beyond for limit in group]),
            _range([limit.would_see for limit in group]),
            _range([float(limit.n_units) for limit in group]),
        )
        for (level, method, metric), group in sorted(
            groups.items(),
            key=lambda item: (LEVELS.index(item[0][0]), *item[0][1:]),
        )
    ]
    header = (
        "level",
        "method",
        "metric",
        "comparisons",
        "alarms beyond a drop of",
        "sees 95 of 100",
        "folds",
    )
    return Table(header, rows, n_left=3)


def _range(values: Sequence[float]) -> str:
    known = [value for value in values if not math.isnan(value)]
    if not known:
        return "unknown"
    low, high = as_number(min(known)), as_number(max(known))
    return low if low == high else f"{low} to {high}"


def _settings(verdict: Verdict) -> Table:
    settings = verdict.settings
    rows = [
        ("mode", settings.mode),
        ("alpha", as_number(settings.alpha)),
        *((f"tolerance, {_LEVEL_WORDS[level]}", as_number(settings.tolerance[level])) for level in LEVELS),
        ("metrics", ", ".join(settings.metrics) or "all that the baseline has"),
        *((f"fixed limit {name}", _fixed(verdict, name)) for name in settings.fixed),
        *((f"override {n + 1}", _override(item)) for n, item in enumerate(settings.overrides)),
    ]
    if settings.max_slowdown is not None:
        rows.append(("slowdown up to", as_number(settings.max_slowdown)))
    return Table(("setting", "value"), rows, n_left=2)


def _fixed(verdict: Verdict, metric: str) -> str:
    rate = verdict.fixed_rate.get(metric, math.nan)
    often = "at an unknown rate" if math.isnan(rate) else f"in {as_number(100 * rate)} % of runs"
    return f"{as_number(verdict.settings.fixed[metric])}: false alarms {often}"


def _override(override: Any) -> str:
    return ", ".join(f"{name} {value}" for name, value in vars(override).items() if value not in ("", None))


def _sides(verdict: Verdict) -> Table:
    """Return what is known of both sides, packages that differ among it."""
    before, after = _facts(verdict.baseline), _facts(verdict.current)
    rows = [(name, before.get(name, ""), after.get(name, "")) for name in dict.fromkeys((*before, *after))]
    versions = changed_versions(verdict)
    if versions:
        rows.append(("versions that differ", "", ", ".join(versions)))
    return Table(("", "baseline", "current"), rows, n_left=3)


def _facts(side: Mapping[str, Any]) -> dict[str, str]:
    about = side.get("about")
    flat = {**(about if isinstance(about, Mapping) else {}), **side}
    return {name: str(value) for name, value in flat.items() if isinstance(value, str | int | float)}


def _cell(value: float) -> str:
    return "" if math.isnan(value) else as_number(value)
