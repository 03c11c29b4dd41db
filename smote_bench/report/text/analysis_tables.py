"""The analysis of a run as tables for files: what the page shows, for other tools and for papers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from smote_bench.runs.folder import file_name

if TYPE_CHECKING:
    import pandas as pd

    from smote_bench.runs.open import Run

__all__ = ["analysis_tables"]


def analysis_tables(run: Run) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield the name, the caption and the frame of each table.

    ``cell_intervals``, ``heat_map``, ``friedman``; for each priority metric ``ranking_<metric>``,
    ``tests_<metric>`` and, where there is one, ``nemenyi_<metric>``.
    """
    from smote_bench.report.analysis.cell_intervals import cell_intervals, heat_map
    from smote_bench.report.analysis.ranking import ranking

    intervals = cell_intervals(run)
    yield (
        "cell_intervals",
        "Each cell against Original: 95% interval and p of the corrected resampled t (Nadeau-Bengio), of "
        "this cell alone, without a correction for looking at many.",
        intervals,
    )
    yield (
        "heat_map",
        "Data sets on which a method improved, left unchanged or worsened a metric.",
        heat_map(run, intervals),
    )
    joint: list[dict[str, Any]] = []
    for metric in run.priority_metrics:
        stem = file_name(metric)
        yield f"ranking_{stem}", f"Methods by mean rank of {metric}; 1 is best.", ranking(run, metric)
        yield from _tests(run, metric, stem, joint)
    import pandas as pd

    yield (
        "friedman",
        "Friedman's test over data sets (p_chi2; p is of Iman and Davenport's F), one for all methods of a "
        "metric, and Nemenyi's critical difference.",
        pd.DataFrame(joint),
    )


def _tests(
    run: Run, metric: str, stem: str, joint: list[dict[str, Any]]
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Yield the tests of one metric; failed cells left out, and, where there are any, ranked last."""
    import pandas as pd

    from smote_bench.report.analysis.over_datasets import tests

    results = [tests(run, metric)]
    if results[0].n_failed_cells:
        results.append(tests(run, metric, failed="worst"))
    parts: list[pd.DataFrame] = []
    for result in results:
        friedman = result.friedman
        joint.append(
            {
                "metric": metric,
                "failed": result.failed,
                "n_datasets": result.n_datasets,
                "n_methods": len(result.methods),
                "n_failed_cells": result.n_failed_cells,
                **{name: getattr(friedman, name, None) for name in ("chi2", "p_chi2", "F", "p")},
                "critical_difference": result.cd,
                "alpha": result.alpha,
                "warnings": " | ".join(result.warnings),
            }
        )
        part = pd.DataFrame({"mean_rank": result.mean_ranks.astype(float)})
        part.index.name = "method"
        for prefix, table in (("wilcoxon", result.wilcoxon), ("bayes", result.bayes)):
            if table is not None:
                part = part.join(table.add_prefix(f"{prefix}_"), how="outer")
        in_order = [method for method in run.methods if method in part.index]
        parts.append(part.loc[in_order].reset_index().assign(failed=result.failed))
    # Joined to methods that were not tested, counts had become 13.0.
    table = pd.concat(parts).convert_dtypes()
    caption = (
        f"Each method against Original by {metric}, over data sets: Wilcoxon's signed-rank test (p: "
        "uncorrected; p_holm: Holm over these methods), Bayesian signed-rank and sign test."
    )
    yield f"tests_{stem}", caption, table
    if results[0].nemenyi is not None:
        pairs = results[0].nemenyi.rename_axis(index="method", columns=None).reset_index()
        yield f"nemenyi_{stem}", _nemenyi_caption(metric, len(pairs)), pairs


def _nemenyi_caption(metric: str, k: int) -> str:
    family = f"all {k * (k - 1) // 2} pairs are one family (studentized range)"
    return f"Nemenyi's p of each pair of methods by {metric}: {family}."
