"""What was found in the tables of a run before its first cell, as its summary and its caveats say it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from smote_bench.data.clearml_tables.names import is_clearml
from smote_bench.data.clearml_tables.reading import clearml_remarks
from smote_bench.data.findings import Finding, together
from smote_bench.data.sources import DatasetEntry, UserFile

__all__ = ["finding_caveats", "finding_lines", "findings_from_json", "findings_of", "findings_to_json"]

_MOST_OF_A_DATASET = 12
"""Findings of one data set that a summary shows; all are in the manifest."""

_MOST_CAVEATS = 8


def findings_of(entry: DatasetEntry) -> tuple[Finding, ...]:
    """Return what was found in a data set's table; of the catalogue's nothing is looked for.

    With it, which class counts as positive, where an experiment says so.
    """
    source = entry.source
    said = (entry.positive.finding(),) if entry.positive is not None else ()
    if isinstance(source, UserFile):
        return (*said, *source.findings)
    remarks = clearml_remarks(source) if is_clearml(source) else ()
    return (*said, *(Finding("read", "", text) for text in remarks))


def findings_to_json(findings: Sequence[Finding]) -> list[dict[str, str]]:
    """Return findings as JSON values: kind, column, text and remedy of each."""
    return [dataclasses.asdict(finding) for finding in findings]


def findings_from_json(plain: Sequence[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Rebuild findings from `findings_to_json`."""
    return tuple(Finding(**{part: str(one[part]) for part in one}) for one in plain)


def finding_lines(findings: Mapping[str, Sequence[Finding]]) -> list[str]:
    """Return a line for each finding, those that make scores doubtful first and called by their kind.

    Parameters
    ----------
    findings : mapping of data set to sequence of Finding

    Examples
    --------
    >>> finding_lines({"own": [Finding("read", "", "tabs between values"), Finding("leak", "b", "b is y")]})
    ['own: leak: b is y', 'own: tabs between values']
    """
    lines = []
    for name, found in findings.items():
        shown = together(found)
        told = [f"{name}: {one.kind}: {one}" for one in shown if one.is_caveat]
        told += [f"{name}: {one}" for one in shown if not one.is_caveat]
        lines += told[:_MOST_OF_A_DATASET]
        if len(told) > _MOST_OF_A_DATASET:
            lines.append(f"{name}: and {len(told) - _MOST_OF_A_DATASET} findings more, in manifest.json")
    return lines


def finding_caveats(findings: Mapping[str, Sequence[Finding]]) -> list[str]:
    """Return what makes the scores of a data set doubtful, a sentence each: leaks before what is suspected.

    Parameters
    ----------
    findings : mapping of data set to sequence of Finding
    """
    doubtful = [(name, one) for name, found in findings.items() for one in together(found) if one.is_caveat]
    doubtful.sort(key=lambda pair: pair[1].kind != "leak")  # stable: else in the experiment's order
    said = [f"{name}: {one}." for name, one in doubtful[:_MOST_CAVEATS]]
    more = len(doubtful) - len(said)
    return [*said, f"And {more} findings more of this kind, on the cards of the data sets."] if more else said
