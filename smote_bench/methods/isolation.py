"""Run foreign code alone: global generators seeded, warnings and logs caught, everything put back at the end.

Samplers draw from numpy's global generator, change warning filters and environment variables, log to stderr.
Inside `isolated` they may; outside nothing of it is left.
"""

from __future__ import annotations

import logging
import os
import random
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import numpy as np

__all__ = ["Report", "isolated"]


@dataclass
class Report:
    """What was said while foreign code ran, in order, repetitions included."""

    messages: list[str] = field(default_factory=list)


@contextmanager
def isolated(seed: int, report: Report) -> Iterator[None]:
    """Seed numpy's and Python's global generators for a block, collect what it says, and restore everything.

    Parameters
    ----------
    seed : int
        From 0 to 2**32 - 1.
    report : Report
        Gets distinct warnings and log records of level WARNING and above, also when the block raises.
    """
    with ExitStack() as stack:
        stack.enter_context(_seeded(seed))
        stack.enter_context(_environment())
        stack.enter_context(_logs(report))
        stack.enter_context(_warnings(report))
        yield


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    numpy_state, python_state = np.random.get_state(), random.getstate()
    try:
        np.random.seed(seed)
        random.seed(seed)
        yield
    finally:
        np.random.set_state(numpy_state)
        random.setstate(python_state)


@contextmanager
def _environment() -> Iterator[None]:
    before = dict(os.environ)
    try:
        yield
    finally:
        if dict(os.environ) != before:
            for name in set(os.environ) - set(before):
                del os.environ[name]
            os.environ.update(before)


@contextmanager
def _warnings(report: Report) -> Iterator[None]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            yield
        finally:
            report.messages.extend(
                dict.fromkeys(f"{warning.category.__name__}: {warning.message}" for warning in caught)
            )


@contextmanager
def _logs(report: Report) -> Iterator[None]:
    """Catch log records; the lines smote_variants writes to stderr for every call stay out of sight."""
    root, chatty = logging.getLogger(), logging.getLogger("smote_variants")
    handler = _Collector(report)
    before = chatty.handlers[:], chatty.propagate
    root.addHandler(handler)
    chatty.handlers, chatty.propagate = [handler], False
    try:
        yield
    finally:
        root.removeHandler(handler)
        # The first import of smote_variants adds its own handler in here: that one stays.
        added = [other for other in chatty.handlers if other is not handler]
        chatty.handlers, chatty.propagate = [*before[0], *added], before[1]


# smote_variants logs at INFO why it gives its input back, and says it nowhere else.
_REASONS_AT_INFO = ("returning copies for", "Too few minority samples", "not enough dimensions")


class _Collector(logging.Handler):
    def __init__(self, report: Report) -> None:
        super().__init__(level=logging.INFO)
        self.report = report

    def emit(self, record: logging.LogRecord) -> None:
        telling = record.levelno >= logging.WARNING or (
            record.name == "smote_variants" and any(words in str(record.msg) for words in _REASONS_AT_INFO)
        )
        if telling:
            self.report.messages.append(f"{record.levelname}: {record.getMessage()}")
