"""A disk that takes no outcome any more is one error, however many cells and workers come to it.

The first test that it meets fails with path, need and room, and carries the reason to the controller. What
the same worker, or another one, has left meanwhile is skipped: it was not run, and not a second error.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from smote_bench.errors import DiskError

__all__ = ["no_room_as_failure", "one_error_without_room", "skip_report", "why_not_recorded"]

_known: pytest.StashKey[DiskError] = pytest.StashKey()
_PROPERTY = "smote_no_room"


@contextlib.contextmanager
def no_room_as_failure(config: pytest.Config) -> Iterator[None]:
    """Fail the test that runs into a `DiskError`, by its words and without a traceback; keep it in mind."""
    try:
        yield
    except DiskError as error:
        config.stash[_known] = error
        raise pytest.fail.Exception(str(error), pytrace=False) from None


@contextlib.contextmanager
def one_error_without_room(item: pytest.Item) -> Iterator[None]:
    """Fail a test as `no_room_as_failure` does, or skip it where one failed before; tell the controller."""
    stash, tell = item.config.stash, item.user_properties.append
    if known := stash.get(_known, None):
        tell((_PROPERTY, known.reason))
        pytest.skip(known.reason)
    try:
        with no_room_as_failure(item.config):
            yield
    except pytest.fail.Exception:
        if known := stash.get(_known, None):
            tell((_PROPERTY, known.reason))
        raise


def why_not_recorded(report: pytest.TestReport) -> str:
    """Return why a disk did not take the outcome of a report's cell; empty where there was no such error."""
    return next((str(value) for name, value in report.user_properties if name == _PROPERTY), "")


def skip_report(report: pytest.TestReport, reason: str) -> None:
    """Make a skip of a report that failed."""
    path, line, _ = report.location
    report.outcome, report.longrepr = "skipped", (path, line or 0, f"Skipped: {reason}")
