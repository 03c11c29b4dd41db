"""A finished run as scripts and notebooks see it: tables, ranking, figures, report."""

from __future__ import annotations

import copy
import os
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from smote_bench.arguments import as_flag, as_names, as_path, got
from smote_bench.errors import ConfigError, SmoteBenchError, TrackerError, did_you_mean
from smote_bench.methods.names import ORIGINAL
from smote_bench.runs import open as stored
from smote_bench.runs.listing import find_run

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

__all__ = ["Run", "open_run", "stored_run"]

_KEYS = ["dataset", "classifier", "phase", "repeat", "fold", "metric"]


class Run:
    """A finished run, read from its folder; `run` and `open_run` return it.

    In a notebook it shows the answer in words and the ranking of the methods. Tables and `manifest` are
    copies: what is changed in them changes nothing here.

    Parameters
    ----------
    folder : path
        Of a finished run.

    Raises
    ------
    ConfigError
        If it is no folder of a finished run.

    Examples
    --------
    >>> run = open_run("latest")  # doctest: +SKIP
    >>> run.ranking("g_mean")[["method", "mean_rank", "delta"]]  # doctest: +SKIP
    """

    def __init__(self, folder: str | Path) -> None:
        self._stored = stored.open_run(as_path("folder", folder, "the folder of a finished run"))

    @property
    def folder(self) -> Path:
        """The folder with all files of the run."""
        return self._stored.folder

    @property
    def manifest(self) -> dict[str, Any]:
        """Experiment, versions, commit, machine, digests: what is in ``manifest.json``."""
        return copy.deepcopy(dict(self._stored.manifest))

    @property
    def datasets(self) -> tuple[str, ...]:
        """The data sets that were run, in the experiment's order."""
        return self._stored.datasets

    @property
    def methods(self) -> tuple[str, ...]:
        """The methods that were run, ``Original`` first."""
        return self._stored.methods

    @property
    def classifiers(self) -> tuple[str, ...]:
        """The classifiers that were run."""
        return self._stored.classifiers

    @property
    def metrics(self) -> tuple[str, ...]:
        """The metrics that were computed."""
        return tuple(self._stored.metrics)

    @property
    def priority_metrics(self) -> tuple[str, ...]:
        """The metrics that decide; the first one answers."""
        return self._stored.priority_metrics

    @property
    def scores(self) -> pd.DataFrame:
        """Every score of every scored cell, as in ``scores.csv``.

        Columns dataset, method, classifier, phase (``cv`` or ``holdout``), repeat, fold, metric, value; an
        undefined score is NaN.
        """
        return self._stored.scores.copy()

    @property
    def cells(self) -> pd.DataFrame:
        """A row for every cell, as in ``cells.csv``, failed ones too.

        Columns dataset, method, classifier, version, status (``ok``, ``noop``, ``error``, ``timeout``,
        ``unavailable``, or ``not_run`` for a cell that was not selected or not come to), reason, seconds,
        resample_seconds, fit_seconds, predict_seconds, other_seconds (reading and preparing the table where
        no earlier cell had, scoring), from_memo, majority_before, minority_before, majority_after,
        minority_after (rows before and after resampling, of the final evaluation's training part, first
        repeat), warnings.
        """
        return self._stored.cells.copy()

    @property
    def cut(self) -> str:
        """Why the run did not come to its end, such as ``interrupted by Ctrl-C``; empty where it did.

        Then cells are missing from every table and figure; in `cells` they have the status ``not_run``.
        """
        return self._stored.account.cut

    @property
    def answer(self) -> list[str]:
        """Did it help, which method, is it more than noise: the report's first sentences."""
        return list(self._answer().sentences)

    @property
    def caveats(self) -> list[str]:
        """What is to be known before the answer is believed, the gravest first."""
        return list(self._answer().caveats)

    def deltas(self) -> pd.DataFrame:
        """Return every score beside ``Original``'s on the same fold.

        Returns
        -------
        DataFrame
            A row for every fit of a scored cell of another method and every metric: dataset, method,
            classifier, phase, repeat, fold, metric, treated, original, delta (treated minus original,
            whichever way is better). Where ``Original`` has no score, original and delta are NaN.
        """
        scores = self._stored.scores
        is_original = scores["method"] == ORIGINAL
        original = scores[is_original].drop(columns="method").rename(columns={"value": "original"})
        treated = scores[~is_original].rename(columns={"value": "treated"})
        frame = treated.merge(original, on=_KEYS, how="left", validate="many_to_one")
        return frame.assign(delta=frame["treated"] - frame["original"])

    def intervals(self, metrics: str | Iterable[str] | None = None) -> pd.DataFrame:
        """Return what each method changed in each cell, with Nadeau and Bengio's 95% interval.

        Parameters
        ----------
        metrics : str or iterable of str, optional
            Default the priority metrics.

        Returns
        -------
        DataFrame
            dataset, method, classifier, metric, original, treated, delta, half_width, n_fits, p, verdict
            (``improved``, ``unchanged``, ``worsened``, ``undefined``), plain (the same by the sign of the
            difference alone), reason.

        Raises
        ------
        ConfigError
            If the run has no such metric.
        """
        from smote_bench.report.analysis.cell_intervals import cell_intervals

        names = as_names("metrics", metrics, self.priority_metrics[0])
        return cell_intervals(self._stored, None if names is None else [self._metric(n) for n in names])

    def ranking(self, metric: str | None = None) -> pd.DataFrame:
        """Return the methods by mean rank, best first, with their mean delta to ``Original``.

        Parameters
        ----------
        metric : str, optional
            Default the first priority metric.

        Returns
        -------
        DataFrame
            method, mean_rank, n_datasets, delta and half_width of its 95% interval, n and basis (what the
            interval is over), left_out (how many it is not over) and left_out_because, wins, ties, losses and
            undefined (against ``Original``), trivial_wins, trivial_ties and trivial_losses (against the best
            trivial arm), seconds, not_ok, n_failed.

        Raises
        ------
        ConfigError
            If the run has no such metric.
        """
        from smote_bench.report.analysis.ranking import ranking

        return ranking(self._stored, self._metric(metric))

    def report(
        self,
        *,
        again: bool = False,
        tsne: Literal["auto", "on", "off"] = "auto",
        against: Run | None = None,
    ) -> Path:
        """Write the report's page, figures and tables into the run's folder, unless they are there.

        Parameters
        ----------
        again : bool
            Make it anew.
        tsne : {"auto", "on", "off"}
            Embed the points of the figures; auto: where it takes about a minute at most, and after a run
            a tenth of the time that its cells took.
        against : Run, optional
            Another run that this one is compared with on its page, which is made anew for it.

        Returns
        -------
        Path
            Of ``report.html``, a file that needs no network: ``webbrowser.open(path.as_uri())``.

        Raises
        ------
        SmoteBenchError
            If the page could not be made; what failed beside it is a warning.
        """
        if tsne not in ("auto", "on", "off"):
            raise ConfigError(f"expected tsne to be auto, on or off, got {tsne!r}: write one of them")
        if against is not None and against.folder.resolve() == self.folder.resolve():
            raise ConfigError(f"expected another run in 'against', got {self.folder}, which is this one")
        page = self.folder / "report.html"
        if not as_flag("again", again) and against is None and page.is_file():
            return page
        from smote_bench.report.build import FIGURES_AFTER_A_RUN, ReportSettings, write_report
        from smote_bench.runs.memo import memo_of

        memo = memo_of(self.folder.parent.parent)
        settings = ReportSettings(
            tsne=tsne,
            most_figures=FIGURES_AFTER_A_RUN,
            memo=memo if memo.is_file() else None,
            against=None if against is None else against.folder,
        )
        page.unlink(missing_ok=True)
        made = write_report(self.folder, settings)
        if not page.is_file():
            raise SmoteBenchError(f"expected {page}, got none: {'; '.join(made.failures)}")
        for failure in made.failures:
            warnings.warn(f"report: {failure}", stacklevel=2)
        return page

    def track(self, to: str | Iterable[str]) -> None:
        """Send the run to trackers; what is there already is not sent again.

        Parameters
        ----------
        to : str or iterable of str
            ``clearml``, ``mlflow``, a tracker of another package, ``package.module:Class``.

        Raises
        ------
        ConfigError, UnavailableError
            For an unknown name, or one whose package is not installed: nothing is sent.
        TrackerError
            If something could not be sent; the same call sends what is missing.
        """
        from smote_bench.report.trackers.publish import publish
        from smote_bench.report.trackers.registry import check_tracker

        names = as_names("to", to, "mlflow") or []
        for name in names:
            check_tracker(name)
        problems = [publish(self.folder, name, say=lambda _text: None) for name in names]
        if any(problems):
            raise TrackerError("\n".join(problem for problem in problems if problem))

    def figure(
        self,
        name: str = "deltas",
        *,
        metric: str | None = None,
        dataset: str | None = None,
        method: str | None = None,
    ) -> Figure:
        """Draw one of the report's figures.

        Parameters
        ----------
        name : str
            Over all data sets: ``deltas``, ``seconds``, ``rows``; for a metric: ``ranks``, ``heat_map``,
            ``bayes``, ``pareto``; for a data set: ``deltas``, ``folds``, ``confusion``; for a data set and a
            method: ``curves``, ``history``, ``points``. The pictures are in docs/reports.md.
        metric : str, optional
            Default the first priority metric.
        dataset, method : str, optional
            Default the only one that the run has (beside ``Original``).

        Returns
        -------
        matplotlib.figure.Figure
            It belongs to no window: ``figure.savefig("deltas.pdf")``.

        Raises
        ------
        ConfigError
            If there is no such figure; the message has those that there are.
        """
        from smote_bench.report.figures.files import FIGURES, draw_figure
        from smote_bench.report.figures.shown import shown
        from smote_bench.report.figures.summary_deltas import draw_deltas

        if not isinstance(name, str) or name not in FIGURES:
            raise ConfigError(
                f"expected a figure's name, got {name!r}.{did_you_mean(str(name), FIGURES)} "
                f"Choose from {', '.join(FIGURES)}"
            )
        needs = FIGURES[name]
        given = {"metric": metric, "dataset": dataset, "method": method}
        over_all = name == "deltas" and dataset is None
        for what, value in given.items():
            if value is not None and (what not in needs or over_all):
                of = f"{name} with a dataset" if over_all and what == "dataset" else name
                raise ConfigError(f"expected no {what} for the figure {of}, got {value!r}: leave it out")
        if over_all:
            return shown(draw_deltas(self.folder))
        key = [self._metric(metric) if what == "metric" else self._one(what, given[what]) for what in needs]
        figure = draw_figure(self._stored, name, *key)
        if figure is None:
            of = f" of {', '.join(key)}" if key else ""
            raise ConfigError(
                f"expected something to draw for the figure {name}{of}, got none in this run: see its cells"
            )
        return shown(figure)

    def _one(self, what: str, wanted: str | None) -> str:
        """Return the data set or method that is meant; the only one where nothing was said."""
        known = self.datasets if what == "dataset" else self.methods
        default = known if what == "dataset" else [name for name in known if name != ORIGINAL]
        if wanted is None and len(default) == 1:
            return default[0]
        if wanted is None:
            raise ConfigError(f"expected {what}=, got none: choose from {', '.join(known)}")
        return _known(what, wanted, known)

    def _metric(self, wanted: str | None) -> str:
        return self.priority_metrics[0] if wanted is None else _known("metric", wanted, self.metrics)

    def _answer(self) -> Any:
        from smote_bench.report.analysis.answer import answer

        return answer(self._stored)

    def __repr__(self) -> str:
        cells = self._stored.cells
        counts = cells["status"].value_counts()
        said = ", ".join(f"{n} {status}" for status, n in counts.items())
        cut = f", cut ({self.cut})" if self.cut else ""
        return f"<Run {self.folder.name}: {len(cells)} cells ({said}){cut} in {_from_here(self.folder)}>"

    def _repr_html_(self) -> str:
        from smote_bench.report.page.answer import answer_words, ranking_table
        from smote_bench.report.text.markup import element

        metric = self.priority_metrics[0]
        cut = [element("p", self._stored.account.headline)] if self.cut else []
        return element(
            "div",
            *cut,
            answer_words(self._answer()),
            ranking_table(self._stored, metric),
            element("p", repr(self)),
        )


def open_run(run: str | Path, out: str | Path = "reports") -> Run:
    """Open a finished run.

    Parameters
    ----------
    run : path or str
        A run's folder; the name of one below ``out/runs``, or a part of it that no other has; ``latest``.
    out : path
        The folder of reports, as given to `run`.

    Raises
    ------
    ConfigError
        If it is none, several, or has no manifest. A run that was cut is opened, and `Run.cut` says so.

    Examples
    --------
    >>> open_run("nowhere", out="no_reports")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    smote_bench.errors.ConfigError: expected a run's folder, the name of one in 'no_reports/runs' or ...
    """
    if not isinstance(run, str | os.PathLike):
        raise ConfigError(
            f"expected a run's folder or name, got {got(run)}: write it as text, such as 'latest'"
        )
    return Run(find_run(os.fspath(run), as_path("out", out)))


def stored_run(run: Run | str | Path, out: str | Path = "reports") -> stored.Run:
    """Return what the reports work on, of a run that is given as such or as for `open_run`."""
    reports = as_path("out", out)
    return (run if isinstance(run, Run) else open_run(run, reports))._stored


def _known(what: str, wanted: object, known: Sequence[str]) -> str:
    if isinstance(wanted, str) and wanted in known:
        return wanted
    raise ConfigError(
        f"expected a {what} of this run, got {wanted!r}.{did_you_mean(str(wanted), known)} "
        f"It has: {', '.join(known)}"
    )


def _from_here(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
