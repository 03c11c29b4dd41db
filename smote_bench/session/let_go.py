"""Lets go of what pytest keeps of every passed case: the reports of 100,000 cases take a gigabyte."""

from __future__ import annotations

from typing import Any

import pytest

__all__ = ["let_go"]


def let_go(report: pytest.TestReport, reporter: Any | None, *, durations: bool) -> None:
    """Empty a passed report that everybody has seen, and take those of set-up and teardown off pytest's list.

    What failed, was skipped, or printed something stays whole, for it is shown at the end.

    Parameters
    ----------
    report : pytest.TestReport
    reporter : pytest.TerminalReporter or None
        Counts reports by keeping them.
    durations : bool
        Whether the slowest parts are shown at the end, for which all are kept.
    """
    if not report.passed or report.sections:
        return
    report.user_properties = []
    report.keywords = {}
    if report.when == "call" or durations or reporter is None:
        return
    kept = reporter.stats.get("")
    if kept and kept[-1] is report:
        kept.pop()
