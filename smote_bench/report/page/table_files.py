"""Links from the page's tables to the files of the run that hold them, with every digit and every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from urllib.parse import quote

from smote_bench.report.text.markup import Html, element, joined
from smote_bench.runs.folder import file_name
from smote_bench.runs.open import Run

__all__ = ["dataset_stem", "improvement_stem", "metric_stem", "with_files"]


def with_files(run: Run, shown: Html, *stems: str) -> Html:
    """Return a table below links to its files, which lie beside the page; without those that are not there.

    The page's script puts a link that makes a file of what is shown where no link is.

    Parameters
    ----------
    run : Run
    shown : Html
        The table.
    *stems : str
        Names in ``tables/`` without their ending; empty ones are of no file.
    """
    names = [f"{stem}.csv" for stem in stems if stem]
    there = [name for name in names if (run.folder / "tables" / name).is_file()]
    if not there:
        return shown
    links = (
        element(
            "a",
            name if len(there) > 1 else "CSV",
            href=f"tables/{quote(name)}",
            title=f"tables/{name}, beside this page",
            class_="csv",
        )
        for name in there
    )
    return joined([element("div", *links, class_="tools"), shown])


def metric_stem(run: Run, kind: str, metric: str) -> str:
    """Return the stem of a metric's table, such as ``ranking_roc_auc``; empty where two metrics share it."""
    return _own(f"{kind}_{file_name(metric)}", (f"{kind}_{file_name(one)}" for one in run.priority_metrics))


def dataset_stem(run: Run, dataset: str) -> str:
    """Return the stem of a data set's results; empty where two data sets share it."""
    return _own(f"results_{file_name(dataset)}", (f"results_{file_name(one)}" for one in run.datasets))


def improvement_stem(run: Run, dataset: str, method: str) -> str:
    """Return the stem of a method's improvements on a data set; empty where two pairs share it."""
    if run.is_large:  # one file for all methods
        stems = (f"improvement_{file_name(one)}" for one in run.datasets)
        return _own(f"improvement_{file_name(dataset)}", stems)
    key = "improvement stems", ""
    if key not in run.computed:
        run.computed[key] = Counter(
            f"improvement_{file_name(one)}_{file_name(other)}".casefold()
            for one in run.datasets
            for other in run.methods
        )
    stem = f"improvement_{file_name(dataset)}_{file_name(method)}"
    return stem if run.computed[key][stem.casefold()] == 1 else ""


def _own(stem: str, stems: Iterable[str]) -> str:
    """Return the stem; empty where several have it, as their files' names do not tell whose they are."""
    alike = sum(one.casefold() == stem.casefold() for one in stems)
    return stem if alike == 1 else ""
