"""The report at the end of a session: the whole one, or the page alone where it was asked to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.environment.stopping import stop_asked

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from smote_bench.session.crashes import Crashes
    from smote_bench.session.setup import Setup

__all__ = ["make_report"]


def make_report(
    setup: Setup,
    reporter: pytest.TerminalReporter,
    crashes: Crashes,
    *,
    jobs: int,
    say: Callable[[str], None],
) -> None:
    """Make the report of the run in its folder; what fails is shown, and never undoes the run.

    A signal that comes meanwhile, or came before, leaves no more than the page and ``summary.md``: they are
    what says that the run was cut.
    """
    folder = Path(setup.settings.run_dir)
    reporter.section("report")
    if not stop_asked():
        try:
            _whole(setup, folder, reporter, crashes, jobs, say)
        except KeyboardInterrupt:
            reporter.write_line(f"report: left, {stop_asked() or 'interrupted'}", yellow=True)
        else:
            return
    _page_alone(folder)
    reporter.write_line(
        f"report: {folder / 'report.html'} (without figures and tables for people, since it was to stop: "
        f"smote-bench report {folder} makes them)"
    )


def _whole(
    setup: Setup,
    folder: Path,
    reporter: pytest.TerminalReporter,
    crashes: Crashes,
    jobs: int,
    say: Callable[[str], None],
) -> None:
    from smote_bench.report.build import (
        FIGURES_AFTER_A_RUN,
        SHARE_AFTER_A_RUN,
        ReportSettings,
        write_report,
    )

    report = write_report(
        folder,
        ReportSettings(
            tsne=setup.tsne,
            most_figures=FIGURES_AFTER_A_RUN,
            share=SHARE_AFTER_A_RUN,
            jobs=jobs,
            memo=Path(setup.settings.memo) if setup.settings.memo else None,
            reuse=True,
        ),
        say=say,
    )
    for text in report.lines:
        reporter.write_line(text)
    for text in report.failures:
        reporter.write_line(f"report: {text}", red=True)
    if report.failures:
        crashes.told()
    for what, trace in report.tracebacks.items():
        crashes.add_traceback(what, trace)


def _page_alone(folder: Path) -> None:
    from smote_bench.report.page.page import write_page
    from smote_bench.report.text.ci_summary import write_ci_summary
    from smote_bench.runs.open import open_run

    run = open_run(folder)
    if not (folder / "report.html").exists():
        write_page(run, folder / "report.html")
    if not (folder / "summary.md").exists():
        write_ci_summary(run)
