"""The mean deltas of a whole run as one figure, read from its summary: ``smote-bench figure`` draws it."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import TYPE_CHECKING

from smote_bench.data.files.csv_rows import lift_field_limit
from smote_bench.errors import ConfigError
from smote_bench.report.colours import BETTER, UNCLEAR, WORSE
from smote_bench.runs.manifest_of_store import manifest_of
from smote_bench.runs.whole_folder import file_as_named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["draw_deltas", "save_figure"]


def draw_deltas(run: Path) -> Figure:
    """Draw each method's mean delta against `Original` with its 95% interval, a panel per priority metric.

    Parameters
    ----------
    run : Path
        A run's folder.

    Raises
    ------
    ConfigError
        If the folder holds no finished run, or only `Original`.
    """
    from matplotlib.figure import Figure

    rows, metrics, n_classifiers = _summary(run)
    methods = [row["method"] for row in rows]
    figure = Figure(figsize=(2.4 + 1.75 * len(metrics), 1.4 + 0.32 * len(methods)), layout="constrained")
    axes = figure.subplots(1, len(metrics), sharey=True, squeeze=False)[0]
    for ax, metric in zip(axes, metrics, strict=True):
        for place, row in enumerate(rows):
            mean, half = _number(row[f"delta_{metric}"]), _number(row[f"delta_{metric}_half_width"])
            if math.isnan(mean):
                continue
            spread = 0.0 if math.isnan(half) else half
            is_clear = abs(mean) > half  # never where there is no interval
            colour = (BETTER if mean > 0 else WORSE) if is_clear else UNCLEAR
            ax.errorbar(
                mean, place, xerr=spread, fmt="o", color=colour, markersize=5, capsize=2.5, linewidth=1.4
            )
        ax.axvline(0, color="black", linewidth=0.8)
        ax.set_title(metric, fontsize=10)
        ax.grid(axis="x", color="#dddddd", linewidth=0.6)
        ax.tick_params(labelsize=8)
        ax.locator_params(axis="x", nbins=4)
        ax.spines[["top", "right"]].set_visible(False)
    axes[0].set_yticks(range(len(methods)), methods, fontsize=9)
    axes[0].invert_yaxis()
    figure.supxlabel(
        f"mean delta against Original with 95% interval; {_averaged(rows, metrics, n_classifiers)}; "
        "intervals of each method alone; grey: the interval holds 0, or there is none",
        fontsize=9,
    )
    return figure


def save_figure(figure: Figure, path: Path) -> None:
    """Save a figure as the file's ending says; in SVG with text as text and no date, so that it repeats."""
    import matplotlib

    ending = path.suffix[1:]
    with (
        matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "smote-bench"}),
        file_as_named(path) as place,
    ):
        figure.savefig(place, format=ending, dpi=160, metadata={"Date": None} if ending == "svg" else None)


def _summary(run: Path) -> tuple[list[dict[str, str]], list[str], int]:
    try:
        manifest = manifest_of(run)
        lift_field_limit()
        with (run / "tables" / "summary.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError as error:
        raise ConfigError(
            f"expected the folder of a finished run, got {str(run)!r} without {Path(error.filename).name}: "
            "name a folder such as reports/latest"
        ) from error
    metrics = manifest["experiment"]["priority_metrics"]
    treated = [row for row in rows if row.get(f"delta_{metrics[0]}_n") not in (None, "", "0")]
    if not treated:
        raise ConfigError(f"expected a run with methods beside Original, got none in {str(run)!r}: run some")
    return treated, metrics, len(manifest["experiment"]["classifiers"])


def _averaged(rows: list[dict[str, str]], metrics: list[str], n_classifiers: int) -> str:
    """Count what the means are over; where cells are left out, say of which methods."""
    counts = [int(row[f"delta_{metric}_n"] or 0) for row in rows for metric in metrics]
    n = f"n = {counts[0]}" if len(set(counts)) == 1 else f"n = {min(counts)} to {max(counts)}"
    fewer = [row["method"] for row in rows if any(int(row.get(f"delta_{m}_left_out") or 0) for m in metrics)]
    if not fewer:
        return f"{n}, averaged over {n_classifiers} classifiers"
    names = ", ".join(fewer[:4]) + (f" and {len(fewer) - 4} more" if len(fewer) > 4 else "")
    return f"{n}, cells left out on both sides of: {names} (why: tables/summary.csv)"


def _number(text: str) -> float:
    return float(text) if text else math.nan
