"""The page's statistics in words and tables: each test with its n, or why it was refused."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Mapping

import pandas as pd

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis import over_datasets
from smote_bench.report.analysis.effects import candidates
from smote_bench.report.analysis.over_datasets import TestResults
from smote_bench.report.charts import statistics as charts
from smote_bench.report.page.compressed import Chunk
from smote_bench.report.page.slots import MAIN, figure_slot, html_slot, selectors
from smote_bench.report.page.table_files import metric_stem, with_files
from smote_bench.report.text.markup import Html, element, joined, number, table
from smote_bench.runs.open import Run

__all__ = ["Tests", "add_statistics", "all_tests", "scopes", "statistics_section"]

Tests = Mapping[tuple[str, str, str], TestResults]

_MEAN = "mean of all"
"""The scope of the tests in which a data set's score is the mean over classifiers."""


_VERSIONS = {
    "complete": "Complete cases",
    "worst": "Failed cells imputed with the worst rank",
}


def all_tests(run: Run) -> Tests:
    """Return the tests of every priority metric by metric, scope and version."""
    return {
        (metric, scope, failed): over_datasets.tests(run, metric, classifier, failed)  # type: ignore[arg-type]
        for metric in run.priority_metrics
        for scope, classifier in scopes(run).items()
        for failed in _VERSIONS
    }


def scopes(run: Run) -> dict[str, str | None]:
    """Return what a data set's score may be, by its name: the mean over classifiers, or one of them.

    In a large run it is the mean alone: eleven times the tests would take most of a report's time.
    """
    several = len(run.classifiers) > 1 and not run.is_large
    one = {name: name for name in run.classifiers} if several else {}
    return {_MEAN: None, **one}


def add_statistics(run: Run, tests: Tests, intervals: pd.DataFrame, chunk: Chunk) -> None:
    """Add the tests, and the corrected resampled t of every cell, to a chunk."""
    for metric in run.priority_metrics:
        for scope, failed in itertools.product(scopes(run), _VERSIONS):
            results, key = tests[metric, scope, failed].renamed(run.label_of), f"{metric}/{scope}/{failed}"
            chunk.add_html(f"tests/{key}", _in_words(run, results))
            chunk.add(f"ranks/{key}", functools.partial(charts.critical_difference, results))
            chunk.add(f"bayes/{key}", functools.partial(charts.bayes_bars, results))
        for classifier in () if run.is_large else run.classifiers:
            chunk.add(
                f"intervals/{metric}/{classifier}", charts.interval_map, run, intervals, metric, classifier
            )


def statistics_section(run: Run, tests: Tests) -> Html:
    """Return the section ``statistics``."""
    n_failed = sum(not outcome.is_scored for outcome in run.outcomes)
    differ = n_failed or any(results.n_failed_cells for results in tests.values())
    note = (
        f"{n_failed} of {len(run.outcomes)} cells have no scores, so there are two versions: on the "
        "data sets on which every method is scored, and on all, with the worst rank for a gap."
        if differ
        else f"All {len(run.outcomes)} cells are scored and no score is undefined: imputing failed cells "
        "with the worst rank gives the same."
    )
    choice = "{metric}/{scope}"
    versions = [
        element(
            "div",
            element("h3", words),
            html_slot(f"tests/{choice}/{failed}", chunk=MAIN),
            figure_slot(f"ranks/{choice}/{failed}", f"Critical-difference diagram, {words}", chunk=MAIN),
            figure_slot(f"bayes/{choice}/{failed}", f"Bayesian signed test, {words}", chunk=MAIN),
        )
        for failed, words in _VERSIONS.items()
        if differ or failed == "complete"
    ]
    return element(
        "section",
        element("h2", "Statistics"),
        element(
            "p",
            "A data set is one observation: its score is the mean over folds, and over classifiers unless "
            "one is chosen. The tests ask whether a difference would be seen again on other data sets.",
        ),
        selectors("statistics", metric=run.priority_metrics, scope=list(scopes(run))),
        element("p", note, class_="note"),
        _families(run),
        element("div", *versions, class_="columns"),
        *(() if run.is_large else _each_cell(run)),
        id="statistics",
    )


def _families(run: Run) -> Html:
    """Return which p is of what: one family of tests for each question."""
    picked, others = len(candidates(run)), len(run.methods) - 1
    pairs = len(run.methods) * others // 2
    of_arms = " (the trivial arms are what they are compared with)" if picked < others else ""
    rows = [
        [
            "Does the method that came out best help? (Answer)",
            "max-T over signs of data sets, on mean gains; of one data set the corrected resampled t",
            f"{picked} methods to pick from, each against {ORIGINAL}{of_arms}",
            "the largest of the family (max-T), else Bonferroni",
        ],
        [
            "Do the methods differ at all?",
            "Friedman, Iman and Davenport's F, on ranks",
            f"one test of all {len(run.methods)} methods",
            "none needed",
        ],
        [
            "Which pairs differ?",
            "Nemenyi, on mean ranks",
            f"all {pairs} pairs of {len(run.methods)} methods",
            "Nemenyi's own: the studentized range",
        ],
        [
            f"Which methods differ from {ORIGINAL}?",
            "Wilcoxon signed-rank, on ranks of differences",
            f"{others} methods against {ORIGINAL}, trivial arms too",
            "Holm; the column before it has none",
        ],
        [
            "Did this cell change?",
            "Nadeau and Bengio's corrected resampled t, on folds",
            "this cell alone",
            "none: 1 in 20 cells changes by chance",
        ],
    ]
    caption = "Families of tests, by the counts of the run; methods without a score are in none."
    return element(
        "details",
        element(
            "summary",
            "Which p is of what: two p of one method differ where the question, and with it the test or the "
            "family, differs",
        ),
        table(["Question", "Test", "Family", "Correction"], rows, caption=caption, n_names=4),
        id="families",
    )


def _each_cell(run: Run) -> tuple[Html, ...]:
    """Return the map of all cells; in a large run it has too many to be looked at."""
    return (
        element("h3", "Each cell: corrected resampled t (Nadeau and Bengio)"),
        element(
            "p",
            "Folds share training rows, so the variance of their mean is corrected for that. An interval of "
            "a cell speaks of this data set and classifier alone, and is not corrected for looking at many.",
        ),
        selectors("intervals", metric=run.priority_metrics, classifier=run.classifiers),
        figure_slot(
            "intervals/{metric}/{classifier}", "Delta of each cell with its verdict", chunk=MAIN, height=400
        ),
    )


def _in_words(run: Run, results: TestResults) -> Html:
    parts: list[Html] = [
        element(
            "p",
            element("strong", f"n = {results.n_datasets} data sets"),
            f", {len(results.methods)} methods, {results.n_failed_cells} failed or undefined (data set, "
            "method) pairs.",
        ),
        element("p", _friedman(results)),
    ]
    if results.warnings:
        items = (element("li", _sentence(warning)) for warning in results.warnings)
        parts.append(element("ul", *items, class_="warnings"))
    tests, nemenyi = _stems(run, results)
    parts.append(with_files(run, _mean_ranks(results), nemenyi, tests))
    if results.wilcoxon is not None and len(results.wilcoxon):
        parts.append(with_files(run, _wilcoxon(results.wilcoxon), tests))
    return joined(parts)


def _stems(run: Run, results: TestResults) -> tuple[str, str]:
    """Return the stems of the tables of tests and of pairs: files are of the mean over classifiers."""
    if results.classifier is not None:
        return "", ""
    pairs = metric_stem(run, "nemenyi", results.metric) if results.failed == "complete" else ""
    return metric_stem(run, "tests", results.metric), pairs


def _friedman(results: TestResults) -> str:
    if results.friedman is None:
        return "Friedman test: refused, see below."
    found = results.friedman
    k = len(results.methods)
    text = (
        f"Friedman test, one for all {k} methods: χ² = {found.chi2:.2f}, F = {found.F:.2f}, "
        f"p {_relation(found.p)} (of F; one test needs no correction)"
    )
    if results.cd is None or math.isnan(results.cd):
        return f"{text}."
    return f"{text}. Nemenyi: mean ranks differ beyond CD = {results.cd:.2f} (α = {results.alpha:g})."


def _mean_ranks(results: TestResults) -> Html:
    ranks = results.mean_ranks.dropna().sort_values(kind="stable")
    if ranks.empty:
        return element("p", "No data set carries a rank of every method.", class_="note")
    control, best = results.nemenyi, ranks.index[0]
    rows = [
        [method, number(rank, ".3f"), _pair(control, method, best), _pair(control, method, ORIGINAL)]
        for method, rank in ranks.items()
    ]
    header = ["Method", "Mean rank", f"Nemenyi p vs {best}", f"Nemenyi p vs {ORIGINAL}"]
    caption = f"Mean ranks, 1 is best (n = {results.n_datasets})"
    if control is not None:
        k = len(ranks)
        caption += (
            f". Nemenyi's p count all {k * (k - 1) // 2} pairs of {k} methods (studentized range): they need "
            "no other correction"
        )
    return table(header, rows, caption=caption)


def _pair(p: pd.DataFrame | None, method: object, other: object) -> str:
    if p is None or method == other or method not in p.index or other not in p.columns:
        return "–"
    return _p(float(p.loc[method, other]))  # type: ignore[arg-type, index]


def _wilcoxon(frame: pd.DataFrame) -> Html:
    rows = [
        [
            method,
            number(row["n"], ".0f"),
            number(row["statistic"], ".1f"),
            _p(row["p"]),
            _p(row["p_holm"]),
        ]
        for method, row in frame.iterrows()
    ]
    k = int(frame["p"].notna().sum())
    header = ["Method", "n", "Statistic", "Wilcoxon p, uncorrected", f"Wilcoxon p, Holm over {k} methods"]
    caption = (
        f"Wilcoxon signed-rank test against {ORIGINAL}, Holm over {k} methods. It tests ranks of "
        "differences; the answer at the top tests mean gains, and counts the methods that were to be picked "
        "from: another test of another family, so its p is another one."
    )
    return table(header, rows, caption=caption)


def _relation(p: float) -> str:
    """Return a p with its sign, for a sentence."""
    text = _p(p)
    return text if text.startswith("<") else f"= {text}"


def _p(value: float) -> str:
    if number(value) == "–":
        return "–"
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
