"""Builds a run's report from its folder: tables, the page, figures, the summary for CI."""

from __future__ import annotations

import contextlib
import math
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from smote_bench.report.reuse import copy_report, forget_report, note_report, report_key
from smote_bench.runs.disk import why_no_room
from smote_bench.runs.manifest_file import MANIFEST
from smote_bench.runs.manifest_of_store import manifest_of
from smote_bench.runs.missing_tables import missing_tables, table_writers
from smote_bench.runs.open import Run, finished_run, open_run
from smote_bench.runs.whole_folder import write_whole

if TYPE_CHECKING:
    from smote_bench.report.analysis.embeddings import Embeddings, Wanted

__all__ = [
    "ERRORS",
    "FIGURES_AFTER_A_RUN",
    "FIGURES_ON_DEMAND",
    "SHARE_AFTER_A_RUN",
    "Report",
    "ReportSettings",
    "write_report",
]

_LOCK = ".report.lock"

ERRORS = "report-errors.txt"
"""Where the tracebacks of parts that could not be made are."""


FIGURES_AFTER_A_RUN, FIGURES_ON_DEMAND = 40, 150
"""Figures of one method on one data set that are drawn unasked: four take about a second of one core."""

SHARE_AFTER_A_RUN = 0.1
"""What figures may take unasked, and t-SNE again, as a share of the seconds that the cells took."""

_FIGURES_A_SECOND, _SECONDS_TO_START = 4, 1.0
_FIGURES_THAT_PAY_A_PROCESS = 24
"""Each process reads the run and imports matplotlib, pandas and scipy for itself: some two seconds."""


@dataclass(frozen=True)
class ReportSettings:
    """How a report is made.

    Parameters
    ----------
    tsne : {"auto", "on", "off"}
        See `smote_bench.report.analysis.embeddings.embed_points`.
    most_figures : int, optional
        Figures of one method on one data set are left out where they are more than these; default no limit.
    share : float, optional
        Figures are drawn, those over all data sets first, then those of each data set, then those of each
        method, as far as they take at most this share of the seconds that the cells took; new embeddings are
        made with ``tsne="auto"`` if they do. Default no limit.
    jobs : int
        Processes for figures and embeddings.
    memo : Path, optional
        The file of outcomes shared by runs, where embeddings are kept.
    reuse : bool
        Copy the report of an earlier run that was made of the same.
    against : Path, optional
        The folder of a second run, which the page compares this one with.
    """

    tsne: Wanted = "auto"
    most_figures: int | None = None
    share: float | None = None
    jobs: int = 1
    memo: Path | None = None
    reuse: bool = False
    against: Path | None = None


@dataclass
class Report:
    """What came of it.

    Parameters
    ----------
    lines : list of str
        For the terminal.
    failures : list of str
        The parts that could not be made, each with its reason.
    tracebacks : dict of str to str
        Of each of these parts.
    """

    lines: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    tracebacks: dict[str, str] = field(default_factory=dict)


@dataclass
class _Job:
    """What the parts are made of."""

    run: Run
    settings: ReportSettings
    say: Callable[[str], None]
    embeddings: Embeddings
    lines: list[str]
    failures: list[str]


def write_report(
    folder: Path, settings: ReportSettings | None = None, *, say: Callable[[str], None] = lambda _text: None
) -> Report:
    """Write ``report.html``, ``figures/``, ``summary.md`` and the tables for people into a run's folder.

    A part that fails is named, and the others are made all the same.

    Parameters
    ----------
    folder : Path
        Of a finished run.
    settings : ReportSettings, optional
    say : callable
        Told what is being done.

    Raises
    ------
    ConfigError
        If `folder` is no folder of a finished run.
    """
    settings = settings or ReportSettings()
    folder = finished_run(Path(folder).resolve())
    with _alone(folder, say):
        return _write_report(folder, settings, say)


@contextlib.contextmanager
def _alone(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other process makes the report of this run: they write the same files."""
    lock = FileLock(folder / _LOCK)
    try:
        try:
            lock.acquire(timeout=0)
        except Timeout:
            say("waiting for another process, which makes this report")
            lock.acquire()
    except OSError as error:
        if not why_no_room(error):
            raise
        yield  # what is written says so
        return
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            (folder / _LOCK).unlink(missing_ok=True)
        lock.release()


def _write_report(folder: Path, settings: ReportSettings, say: Callable[[str], None]) -> Report:
    twin = _copied(folder, settings) if settings.reuse else None
    if twin is not None:  # not a cell was read for it
        _tell_ci(folder)
        return Report([f"report: {folder / 'report.html'} (that of {twin.name}: nothing in it has changed)"])
    report, is_as_read = _made(folder, settings, say)
    if not is_as_read and (folder / MANIFEST).is_file():
        say("again, as the run has ended since it was read")
        report, is_as_read = _made(folder, settings, say)
    if not is_as_read:
        report.lines.append("the run went on while its report was made: it is of the cells of before")
    return report


def _made(folder: Path, settings: ReportSettings, say: Callable[[str], None]) -> tuple[Report, bool]:
    """Make the report, and tell whether the run is still as it was read."""
    from smote_bench.report.analysis.embeddings import Embeddings

    report = Report()
    job = _Job(open_run(folder), settings, say, Embeddings(), report.lines, report.failures)
    if job.run.damage:
        report.failures.append(job.run.damage)
    if not job.run.outcomes:
        report.failures.append(
            f"nothing was made, as {folder} has no cell that can be read: run it again; what is in the "
            "folder stays as it was"
        )
        return report, True
    no_room: dict[str, Exception] = {}
    made: list[str] = []
    with table_writers(job.run) as writers:
        for what, write in writers.items():
            with _told(what, say, report, no_room):
                made += [what] * write()
    for what, make in _PARTS.items():
        with _told(what, say, report, no_room):
            make(job)
    if no_room:  # one error for all that the disk did not take
        first = next(iter(no_room.values()))
        report.failures.append(f"{', '.join(no_room)} could not be written to {folder}: {first}")
    is_as_read = manifest_of(folder) == job.run.manifest
    is_whole = is_as_read and not (no_room or report.tracebacks or missing_tables(folder))
    with contextlib.suppress(OSError):
        _write_up(folder, job, report, is_whole=is_whole)
    if made:
        n = len(job.run.outcomes)
        report.lines.append(f"made of the {n} cells in the store, as they were not there: {', '.join(made)}")
    if "page" not in {*no_room, *report.tracebacks}:  # else one that is there is of before
        report.lines.append(f"report: {folder / 'report.html'}")
    report.lines += _left_out(job)
    return report, is_as_read


@contextlib.contextmanager
def _told(
    what: str, say: Callable[[str], None], report: Report, no_room: dict[str, Exception]
) -> Iterator[None]:
    """Say what is made inside, and go on where it cannot be made; a disk without room is noted apart."""
    say(what)
    try:
        yield
    except Exception as error:
        if why_no_room(error):
            no_room[what] = error
            return
        report.failures.append(f"{what} could not be made: {type(error).__name__}: {error}")
        report.tracebacks[what] = traceback.format_exc()


def _write_up(folder: Path, job: _Job, report: Report, *, is_whole: bool) -> None:
    """Note what the report was made of, or write down why parts of it were not."""
    settings = job.settings
    errors = folder / ERRORS
    errors.unlink(missing_ok=True)
    if report.tracebacks:
        texts = [f"{what}\n{trace}" for what, trace in report.tracebacks.items()]
        write_whole(errors, "\n".join(texts))
        report.failures.append(f"tracebacks: {errors}")
    if settings.against is not None or not is_whole:
        forget_report(folder)  # no later run may copy it
    else:
        # Made of what is known now: embeddings came to the memo while it was made.
        note_report(folder, report_key(folder, settings.tsne, settings.memo))


def _copied(folder: Path, settings: ReportSettings) -> Path | None:
    try:
        return copy_report(folder, report_key(folder, settings.tsne, settings.memo))
    except FileNotFoundError:  # a table that a full disk did not take: the report is made as far as it goes
        return None


def _embed(job: _Job) -> None:
    from smote_bench.report.analysis.embeddings import embed_points

    job.embeddings = embed_points(
        job.run,
        job.settings.tsne,
        seconds=_seconds_left(job),
        memo=job.settings.memo,
        jobs=job.settings.jobs,
        progress=lambda done, total: job.say(f"t-SNE {done} of {total}"),
    )


def _tables(job: _Job) -> None:
    from smote_bench.report.text.write_tables import write_text_tables

    write_text_tables(job.run, job.run.folder)


def _page(job: _Job) -> None:
    from smote_bench.report.page.page import write_page

    part = None
    if job.settings.against is not None:
        from smote_bench.report.compare.part import against_part

        other = open_run(finished_run(job.settings.against.resolve()))
        if other.damage:
            job.failures.append(other.damage)
        part = against_part(job.run, other)
    write_page(job.run, job.run.folder / "report.html", embeddings=job.embeddings.by_name, part=part)


def _figures(job: _Job) -> None:
    plan = _plan(job)
    if not plan.over_all:
        return  # nor is matplotlib imported
    from smote_bench.report.figures.files import write_figures

    write_figures(
        job.run,
        job.run.folder,
        embeddings=job.embeddings.by_name,
        jobs=job.settings.jobs if plan.n_figures > _FIGURES_THAT_PAY_A_PROCESS else 1,
        each_dataset=plan.each_dataset,
        each_method=plan.each_method,
    )


def _summary(job: _Job) -> None:
    from smote_bench.report.text.ci_summary import write_ci_summary

    write_ci_summary(job.run)


_PARTS: dict[str, Callable[[_Job], None]] = {
    "t-SNE": _embed,
    "tables": _tables,
    "page": _page,
    "figures": _figures,
    "summary": _summary,
}


def _tell_ci(folder: Path) -> None:
    from smote_bench.report.text.ci_summary import append_to_step_summary

    append_to_step_summary((folder / "summary.md").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class _Plan:
    """Which figures are drawn: those over all data sets, of each one, of each method on each one."""

    over_all: bool
    each_dataset: bool
    each_method: bool
    n_figures: int


def _plan(job: _Job) -> _Plan:
    """Return which figures are drawn.

    Training histories come and go with those of single methods, uncounted: few classifiers keep any.
    """
    run, most = job.run, job.settings.most_figures
    # Each method has curves, and most have points.
    of_methods = len(run.datasets) * (2 * len(run.methods) - 1)
    over_all, of_datasets = 4 * len(run.priority_metrics) + 2, 3 * len(run.datasets)
    counts = [over_all, over_all + of_datasets, over_all + of_datasets + of_methods]
    left = _seconds_left(job)
    fits = [left is None or _SECONDS_TO_START + n / _FIGURES_A_SECOND <= left for n in counts]
    if most is not None and of_methods > most:
        fits[2] = False
    if run.is_large:  # which has none of single data sets
        fits[1:] = False, False
    return _Plan(fits[0], fits[1], fits[2], counts[sum(fits) - 1] if any(fits) else 0)


def _seconds_left(job: _Job) -> float | None:
    """Return what figures, and embeddings again, may take; None for no limit."""
    share = job.settings.share
    return None if share is None else share * math.fsum(one.total_seconds for one in job.run.outcomes)


def _figures_of_methods(job: _Job) -> str:
    from smote_bench.report.analysis.history import classifiers_with_history

    kinds = ("curves", "history", "points") if classifiers_with_history(job.run) else ("curves", "points")
    *first, last = (f"figures/{kind}_*" for kind in kinds)
    return f"{', '.join(first)} and {last}, which the page shows"


def _left_out(job: _Job) -> list[str]:
    """Say what would have taken long and was not made, and the command that makes it."""
    parts = []
    if job.embeddings.left_out and job.settings.tsne != "off":
        n, points = len(job.embeddings.left_out), job.embeddings.n_points_left_out
        parts.append(f"t-SNE of {n} pairs of data set and method ({points} points)")
    if job.embeddings.thinned:
        few = sorted(set(job.embeddings.thinned.values()))
        drawn = f"{few[0]:,}" + (f" to {few[-1]:,}" if len(few) > 1 else "")
        parts.append(f"t-SNE of all points, of which {drawn} are drawn")
    plan = _plan(job)
    if not plan.over_all:
        parts.append("figures/, which the page shows")
    elif not plan.each_dataset and not job.run.is_large:  # which has none of them
        parts.append("the figures of each data set and of each method, which the page shows")
    elif not plan.each_method and not job.run.is_large:
        parts.append(_figures_of_methods(job))
    if not parts:
        return []
    command = f"smote-bench report {job.run.folder}"
    pairs = len(job.run.datasets) * (2 * len(job.run.methods) - 1)
    if pairs > FIGURES_ON_DEMAND and not plan.each_method and not job.run.is_large:
        command += " --figures all"
    return [f"left out, as it takes long: {'; '.join(parts)}. {command} makes it"]
