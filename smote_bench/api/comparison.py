"""What changed between two runs."""

from __future__ import annotations

from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from smote_bench.api.run import Run, stored_run
from smote_bench.arguments import as_flag
from smote_bench.report.compare.differences import Difference, verdict
from smote_bench.report.compare.document import comparison_sections
from smote_bench.report.compare.files import run_labels
from smote_bench.report.compare.settings import Change
from smote_bench.report.compare.two_runs import compare_runs
from smote_bench.report.text.document import as_text, html_section
from smote_bench.report.text.markup import element

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.report.compare import two_runs

__all__ = ["Comparison", "compare"]


class Comparison:
    """What is different in a run, seen from the base; `compare` returns it.

    ``print(comparison)`` shows settings, cells, scores and seconds, as ``smote-bench compare`` does.
    """

    def __init__(self, compared: two_runs.Comparison) -> None:
        self._compared = compared

    @property
    def cells(self) -> pd.DataFrame:
        """A row per cell that both runs scored and metric.

        Columns dataset, method, classifier, pairing, metric, base, other, delta (other minus base),
        half_width, p, n, identical, p_holm, verdict.
        """
        return self._compared.by_cell.copy()

    @property
    def differences(self) -> pd.DataFrame:
        """A row per metric: its mean difference over all compared cells.

        Columns metric, mean (other minus base), half_width of its 95% interval, p, n, basis (what n counts),
        n_cells, n_left_out, is_identical, verdict.
        """
        found = self._compared.differences
        rows = [({"metric": metric}, metric, one) for metric, one in found.items()]
        return _frame(rows, self._compared, ["metric"])

    @property
    def by_method(self) -> pd.DataFrame:
        """As `differences`, a row per method and priority metric."""
        found = self._compared.by_method
        rows = [
            ({"method": method, "metric": metric}, metric, one) for (method, metric), one in found.items()
        ]
        return _frame(rows, self._compared, ["method", "metric"])

    @property
    def changes(self) -> pd.DataFrame:
        """The settings, versions and digests that differ."""
        import pandas as pd

        names = [part.name for part in fields(Change)]
        return pd.DataFrame([asdict(change) for change in self._compared.changes], columns=names)

    @property
    def warnings(self) -> list[str]:
        """What to know before believing the numbers."""
        return list(self._compared.warnings)

    @property
    def is_identical(self) -> bool:
        """Whether every compared cell has the same scores to the last bit."""
        return self._compared.is_all_identical

    def _sections(self, *, brief: bool) -> list[Any]:
        labels = run_labels([self._compared.base, self._compared.other])
        return comparison_sections([self._compared], labels, brief=brief)

    def __str__(self) -> str:
        return as_text(self._sections(brief=True))

    def __repr__(self) -> str:
        c = self._compared
        same = f"{c.n_identical} of {len(c.cells.pairs)} cells in common identical"
        return f"<Comparison {c.base.folder.name} -> {c.other.folder.name}: {same}>"

    def _repr_html_(self) -> str:
        return element("div", *map(html_section, self._sections(brief=True)))


def compare(
    base: Run | str | Path, other: Run | str | Path, *, out: str | Path = "reports", any_data: bool = False
) -> Comparison:
    """Compare two finished runs.

    Parameters
    ----------
    base, other : Run, path or str
        As for `open_run`.
    out : path
        The folder of reports in which names are looked up.
    any_data : bool
        Compare means of data sets whose version or digest differs, too; otherwise they are left out.

    Raises
    ------
    ConfigError
        If one of them is no finished run.

    Examples
    --------
    >>> comparison = compare("before", "after")  # doctest: +SKIP
    >>> comparison.differences[["metric", "mean", "half_width", "verdict"]]  # doctest: +SKIP
    """
    as_flag("any_data", any_data)
    return Comparison(compare_runs(stored_run(base, out), stored_run(other, out), any_data=any_data))


def _frame(
    rows: list[tuple[dict[str, str], str, Difference]], compared: two_runs.Comparison, names: list[str]
) -> pd.DataFrame:
    import pandas as pd

    columns = [*names, *(part.name for part in fields(Difference)), "verdict"]
    return pd.DataFrame(
        [{**of, **asdict(one), "verdict": _verdict(one, compared, metric)} for of, metric, one in rows],
        columns=columns,
    )


def _verdict(one: Difference, compared: two_runs.Comparison, metric: str) -> str:
    better = compared.metrics[metric].better
    return verdict(one.mean, one.half_width, better, is_identical=one.is_identical)
