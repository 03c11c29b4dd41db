"""Write the tables and pictures of docs/flare.md from a run of benchmarks/experiments/flare.yaml.

    python tools/document_flare.py reports/latest

What it needs to say about re-fitting comes from ``tools/refit_demonstration.py``.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.commands.documents import write_into
from smote_bench.evaluation.outcome import Cell
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.cell_intervals import cell_intervals, share_tested
from smote_bench.report.analysis.class_counts import class_counts, holdout_counts, ratio_words, rows_words
from smote_bench.runs.open import Run, open_run
from smote_bench.runs.tables import scoring_phase
from smote_bench.stats import holm, resampled_t, resampled_t_columns

DOCS = Path(__file__).resolve().parent.parent / "docs"
DOCUMENT = DOCS / "flare.md"
NETWORK = "KerasMLP"
METRICS = ("balanced_accuracy", "recall", "precision", "roc_auc")
PICTURES = (ORIGINAL, "RandomOverSampler")
ALPHA = 0.05
LIBRARIES = ("tensorflow", "sklearn", "imblearn", "numpy")


def main() -> None:
    """Write every part and say where."""
    if len(sys.argv) != 2:
        raise SystemExit(
            "expected the folder of a run of flare.yaml, as in: document_flare.py reports/latest"
        )
    run = open_run(Path(sys.argv[1]))
    for name, make in PARTS.items():
        write_into(DOCUMENT, f"flare {name}", f"\n{make(run)}\n\n")
    print(DOCUMENT, *draw_pictures(run), sep="\n")


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose first column holds names."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def facts_text(run: Run) -> str:
    """Return what was run, how long it took and what was not ok."""
    protocol = run.manifest["experiment"]["protocol"]
    statuses = pd.Series([outcome.status for outcome in run.outcomes]).value_counts()
    seconds = float(run.cells[["resample_seconds", "fit_seconds", "predict_seconds"]].sum().sum())
    versions = ", ".join(f"{name} {v}" for name, v in run.manifest["versions"].items() if name in LIBRARIES)
    return (
        f"{len(run.outcomes)} cells ({', '.join(f'{n} {status}' for status, n in statuses.items())}), "
        f"{protocol['random_runs']} hold-outs each, random_state {protocol['random_state']} and up; "
        f"{seconds / 60:.0f} minutes of work in all cells together; {versions}."
    )


def counts_text(run: Run) -> str:
    """Return majority and minority rows before and after each treatment."""
    (dataset,) = run.datasets
    rows = [
        [
            counts.method,
            *(f"{rows_words(p, False)} / {rows_words(p, True)}" for p in (counts.before, counts.after)),
            ratio_words(counts.after),
        ]
        for counts in class_counts(run, dataset)
    ]
    test = holdout_counts(run, dataset)
    total = f"Hold-out: {rows_words(test, False)} majority and {rows_words(test, True)} minority rows."
    return markdown(["treatment", "train before", "train after", "ratio after"], rows) + f"\n\n{total}"


def results_text(run: Run) -> str:
    """Return a table of mean and interval for each metric: treatments down, classifiers across."""
    parts = []
    for metric in METRICS:
        rows = [
            [method, *(_score(run, method, c, metric) for c in run.classifiers)] for method in run.methods
        ]
        parts.append(f"**{metric}**\n\n{markdown(['treatment', *run.classifiers], rows)}")
    return "\n\n".join(parts)


def _score(run: Run, method: str, classifier: str, metric: str) -> str:
    values = _values(run, method, classifier, metric)
    if values is None:
        return "not scored"
    undefined = int(np.isnan(values).sum())
    if undefined:
        return f"undefined in {undefined} of {len(values)}"
    found = resampled_t(values, _ratio(run))
    return _with_interval(f"{found.mean:.3f}", found.half_width)


def _with_interval(mean: str, half_width: float) -> str:
    return f"{mean} (no spread)" if np.isnan(half_width) else f"{mean} ± {half_width:.3f}"


def _values(run: Run, method: str, classifier: str, metric: str) -> np.ndarray | None:
    outcome = run.by_cell.get(Cell(run.datasets[0], method, classifier))
    if outcome is None or not outcome.is_scored:
        return None
    return np.array(outcome.values(metric, scoring_phase(outcome)))


def _ratio(run: Run) -> float:
    return share_tested(run, next((outcome for outcome in run.outcomes if outcome.is_scored), None))


def differences_text(run: Run) -> str:
    """Return which differences to no treatment are more than noise, alone and with all counted."""
    found = cell_intervals(run, METRICS)
    found["holm"] = found.groupby("metric")["p"].transform(holm)
    first = found[found["metric"] == METRICS[0]]
    deltas = {(row["method"], row["classifier"]): _delta(row) for row in first.to_dict("records")}
    rows = [
        [method, *(deltas.get((method, classifier), "not run") for classifier in run.classifiers)]
        for method in run.methods
        if method != ORIGINAL
    ]
    table = markdown(["treatment", *run.classifiers], rows)
    counted = [[metric, *_counted(found[found["metric"] == metric])] for metric in METRICS]
    header = ["metric", "differences", "undefined", "beyond their interval: better", "worse"]
    counts = markdown([*header, "after Holm: better", "worse"], counted)
    return (
        f"{METRICS[0]}, treatment minus {ORIGINAL}; bold: beyond its own 95% interval; "
        f"★: also with all {len(first)} differences of the metric counted (Holm).\n\n{table}\n\n{counts}"
    )


def _delta(row: Mapping[Hashable, Any]) -> str:
    if np.isnan(row["delta"]):
        return "–"
    text = _with_interval(f"{row['delta']:+.3f}", row["half_width"])
    beyond = f"**{text}**" if row["verdict"] in ("improved", "worsened") else text
    return beyond + (" ★" if row["holm"] < ALPHA else "")


def _counted(found: pd.DataFrame) -> Iterator[str]:
    yield str(len(found))
    yield str(int(found["p"].isna().sum()))
    sure = found["holm"] < ALPHA
    for kept in (found["verdict"], found["verdict"].where(sure)):
        yield from (str(int((kept == verdict).sum())) for verdict in ("improved", "worsened"))


def network_text(run: Run) -> str:
    """Return how far the network's treatments are told apart, and which one a single run would have named."""
    parts = []
    for classifier in [name for name in run.classifiers if name.startswith(NETWORK)]:
        values = {m: _values(run, m, classifier, METRICS[0]) for m in run.methods if m != ORIGINAL}
        scored = pd.DataFrame({method: v for method, v in values.items() if v is not None})
        pairs = list(itertools.combinations(scored.columns, 2))
        columns = np.column_stack([scored[a] - scored[b] for a, b in pairs])
        p = resampled_t_columns(columns, _ratio(run))["p"]
        wins = scored.idxmax(axis=1).value_counts()
        # The first of equal ones.
        best = ", ".join(f"{method} {n}" for method, n in wins.items())
        parts.append(
            f"- `{classifier}`: {int((p < ALPHA).sum())} of the {len(pairs)} pairs of treatments differ in "
            f"{METRICS[0]} at p < 0.05, {int((holm(p) < ALPHA).sum())} with all pairs counted (Holm). Best "
            f"in how many of the {len(scored)} hold-outs: {best}."
        )
    return "\n".join(parts)


def draw_pictures(run: Run) -> list[Path]:
    """Write the training histories of two treatments, as PNG alone."""
    from PIL import Image

    from smote_bench.report.figures.history import draw_history
    from smote_bench.report.figures.style import paper_style, save

    written: list[Path] = []
    with paper_style():
        for method in PICTURES:
            figure = draw_history(run, run.datasets[0], method)
            written += save(figure, DOCS / "images" / f"flare_history_{method}", endings=("png",))
    for path in written:
        picture = Image.open(path).convert("RGB")
        picture.quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)
    return written


PARTS = {
    "run": facts_text,
    "counts": counts_text,
    "results": results_text,
    "differences": differences_text,
    "network": network_text,
}

if __name__ == "__main__":
    main()
