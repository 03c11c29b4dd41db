"""Failures that many cells have in common are shown once by pytest, and counted.

The reports stay as they are, for `--junitxml`, the short summary and whoever else reads them.
"""

from __future__ import annotations

from collections.abc import Generator

import pytest

__all__ = ["ToldOnce"]


class ToldOnce:
    """Takes what was told already out of what pytest's section FAILURES shows."""

    def __init__(self) -> None:
        self._all: list[pytest.TestReport] | None = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_terminal_summary(
        self, terminalreporter: pytest.TerminalReporter
    ) -> Generator[None, None, None]:
        """Hide what is alike while pytest writes the section, which it does before any other plugin's."""
        failed = terminalreporter.stats.get("failed")
        shown = first_of_each(failed or [])
        if failed is not None and len(shown) < len(failed):
            self._all, terminalreporter.stats["failed"] = failed, shown
        try:
            return (yield)
        finally:
            self.give_back(terminalreporter)

    def give_back(self, reporter: pytest.TerminalReporter) -> None:
        """Put the hidden reports back, and say how many there are; once."""
        if self._all is None:
            return
        n = len(self._all) - len(reporter.stats["failed"])
        reporter.stats["failed"], self._all = self._all, None
        if reporter.config.getoption("tbstyle") != "no":
            reporter.write_line(
                f"{n} more cell{'s' * (n != 1)} failed as one above did: counted below, whole in --junitxml"
            )


def first_of_each(reports: list[pytest.TestReport]) -> list[pytest.TestReport]:
    """Return the reports without those of cells that failed as one before them did."""
    told: set[tuple[str, ...]] = set()
    shown = []
    for report in reports:
        key = _key(report)
        if key is None or key not in told:
            shown.append(report)
        if key is not None:
            told.add(key)
    return shown


def _key(report: pytest.TestReport) -> tuple[str, ...] | None:
    said = dict(report.user_properties)
    if "smote_cell" not in said or said.get("smote_status") in (None, "ok", "noop"):
        return None  # another test, or a part of a cell's longer protocol
    from smote_bench.runs.failure_groups import failure_key  # not in the sessions of others

    return failure_key(str(said["smote_status"]), str(said.get("smote_reason", "")), report.longreprtext)
