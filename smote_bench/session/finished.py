"""What is done with a finished run: it is sent to trackers, and hooks are told."""

from __future__ import annotations

import functools
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["hand_on"]


def hand_on(
    config: pytest.Config,
    folder: Path,
    trackers: Sequence[str],
    reporter: pytest.TerminalReporter,
    *,
    whole: bool,
) -> None:
    """Send a run to its trackers, then tell the hooks; what fails there is shown and fails nothing.

    Parameters
    ----------
    config : pytest.Config
    folder : Path
        The run's.
    trackers : sequence of str
    reporter : pytest.TerminalReporter
    whole : bool
        Whether the session came to its end; a run that did not is kept and not handed on.
    """
    hooks = config.hook.pytest_smote_run_finished
    if not trackers and not hooks.get_hookimpls():
        return
    if trackers:
        _send(folder, trackers, reporter, whole=whole)
    if whole and hooks.get_hookimpls():
        _tell(config, folder, reporter)


def _send(folder: Path, trackers: Sequence[str], reporter: pytest.TerminalReporter, *, whole: bool) -> None:
    from smote_bench.report.trackers.publish import NOT_SENT, publish, resend_command

    reporter.section("trackers")
    for name in trackers:
        if not whole:
            reporter.write_line(
                f"{NOT_SENT}{name}: the run is not whole. Finish it with the same command, or send what "
                f"there is: {resend_command(folder, name)}",
                yellow=True,
            )
            continue
        problem = publish(folder, name, say=functools.partial(_say, reporter, name))
        if problem is not None:
            reporter.write_line(problem, yellow=True)


def _tell(config: pytest.Config, folder: Path, reporter: pytest.TerminalReporter) -> None:
    from smote_bench.runs.open import open_run

    try:
        config.hook.pytest_smote_run_finished(config=config, run=open_run(folder))
    except Exception as error:
        reporter.write_line(
            f"a hook pytest_smote_run_finished raised {type(error).__name__}: {error}. Nothing of the run is "
            "lost",
            yellow=True,
        )
        reporter.write_line("".join(traceback.format_exception(error)).rstrip(), yellow=True)


def _say(reporter: pytest.TerminalReporter, tracker: str, text: str) -> None:
    reporter.write_line(f"{tracker}: {text}")
