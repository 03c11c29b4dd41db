"""Run code that is not ours alone: samplers, classifiers, own metrics.

Such code draws from global generators, changes warning filters, environment variables and the configuration
of libraries, leaves the working directory, logs to stderr. Inside `isolated` it may; outside nothing of it is
left (`smote_bench.environment.process_state` is what that covers), and every block begins in the same
state, whatever ran before.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from smote_bench.environment.leaving import called
from smote_bench.environment.process_state import ProcessState, apply, seed_generators
from smote_bench.environment.targets import load_target, split_target

__all__ = ["Report", "isolated"]


@dataclass
class Report:
    """What was said while foreign code ran, in order, repetitions included."""

    messages: list[str] = field(default_factory=list)


@contextmanager
def isolated(seed: int, report: Report, *, targets: Iterable[str] = ()) -> Iterator[None]:
    """Seed numpy's and Python's global generators for a block, collect what it says, and restore everything.

    Parameters
    ----------
    seed : int
        From 0 to 2**32 - 1.
    report : Report
        Gets distinct warnings and log records of level WARNING and above, also when the block raises.
    targets : iterable of str
        ``package.module:Class`` of what will run: what its module sets while it is imported holds in all of
        its blocks, and in no others.

    Notes
    -----
    A module is imported once per process, so what it sets then would otherwise be there in the first cell
    that needs it and, depending on the order of cells, in others or nowhere else.
    """
    settings = [_settings_of(target) for target in targets]
    state = ProcessState()
    try:
        with _logs(report), _warnings(report):
            for each in settings:
                apply(each)
            seed_generators(seed)
            yield
    finally:
        report.messages.extend(state.restore())


_settings: dict[str, dict[str, Any]] = {}


def _settings_of(target: str) -> dict[str, Any]:
    """Import the module of a target, undo what that set, and return it."""
    module = split_target(target)[0]
    if module not in _settings:
        state = ProcessState()
        try:
            # An import that fails is told where the target is loaded.
            with warnings.catch_warnings(), suppress(Exception), called("the import"):
                load_target(target)
            _settings[module] = state.changes_since()
        finally:
            state.restore()
    return _settings[module]


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
    handler = _Collector(report)
    logging.root.addHandler(handler)
    chatty = logging.getLogger("smote_variants")
    before = chatty.handlers[:], chatty.propagate
    chatty.handlers, chatty.propagate = [handler], False
    try:
        yield
    finally:
        logging.root.removeHandler(handler)
        chatty.handlers, chatty.propagate = before


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
