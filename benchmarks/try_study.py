#!/usr/bin/env python3
"""Count how often `smote-bench try` says "helps" of files in which nothing can help.

    python benchmarks/try_study.py [--files 1000] [--out docs/try.md]

The labels of a made-up file have nothing to do with its columns, so that every method's balanced accuracy and
ROC AUC is one half in truth. Its cells are computed by the bench, with the two fastest classifiers; how many
repeats count is decided by the rule of the command, with time for a number drawn from one to ten. Beside it,
for the first files (`--contrast`): one repeat, ten, and what would come of stopping as soon as it "helps".
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
import yaml  # noqa: E402
from scipy import stats  # noqa: E402

from smote_bench.api.one_file.choice import experiment_of, n_folds_for  # noqa: E402
from smote_bench.api.one_file.stopping import (  # noqa: E402
    MOST_REPEATS,
    narrow_enough,
    next_repeats,
    precision_of,
)
from smote_bench.commands.documents import check_document, write_into  # noqa: E402
from smote_bench.engines.compute import CellComputer  # noqa: E402
from smote_bench.evaluation.outcome import Outcome  # noqa: E402
from smote_bench.experiment.file import experiment_from_text  # noqa: E402
from smote_bench.report.analysis.answer import answer  # noqa: E402
from smote_bench.runs.open import MetricCard, Run  # noqa: E402

SEED = 20
METRICS = {"balanced_accuracy": "balanced accuracy (discrete)", "roc_auc": "ROC AUC (continuous)"}
METHODS = ("SMOTE", "BorderlineSMOTE", "ADASYN", "SMOTEENN")
CLASSIFIERS = ("NaiveBayes", "DecisionTree")
RULES = ("as the command stops", "one", "ten", "until it helps")
_CARDS = {name: MetricCard(name, "high", 0.0, 1.0, name, "") for name in METRICS}


def table(rng: np.random.Generator) -> pd.DataFrame:
    """Return a file without any signal: 80 to 400 rows, 2 to 6 columns, 10 to 35 percent minority."""
    n, share = int(rng.integers(80, 401)), rng.uniform(0.1, 0.35)
    frame = pd.DataFrame(rng.normal(size=(n, rng.integers(2, 7)))).add_prefix("x")
    frame["y"] = rng.permutation(np.arange(n) < max(12, round(share * n))).astype(int)
    return frame


def outcomes_of(frame: pd.DataFrame, folder: Path, repeats: int = MOST_REPEATS) -> list[Outcome]:
    """Compute the cells of a file with so many repeats."""
    frame.to_csv(folder / "made_up.csv", index=False)
    content = experiment_of(
        {"name": "made_up", "file": "made_up.csv", "target": "y", "minority": "1"},
        n_folds=n_folds_for(int(frame["y"].sum())),
        repeats=repeats,
        methods=METHODS,
        classifiers=CLASSIFIERS,
    )
    content["experiment_config"]["metrics"] = list(METRICS)
    content["experiment_config"]["priority_metrics"] = list(METRICS)
    experiment = experiment_from_text(yaml.safe_dump(content), str(folder / "made_up.yaml"))
    computer = CellComputer(experiment)
    return [computer.outcome(cell) for cell in experiment.cells.values()]


def first_repeats(outcomes: Sequence[Outcome], repeats: int, metric: str) -> Run:
    """Return the run that has so many of the repeats, with the metric that decides."""
    cut = [
        dataclasses.replace(one, fits=tuple(fit for fit in one.fits if fit.repeat < repeats))
        for one in outcomes
    ]
    return Run(
        Path("nowhere"),
        {"experiment": {"protocol": {"test_size": 0.2, "random_runs": repeats}}},
        tuple(cut),
        frozenset(),
        _CARDS,
        (metric,),
        ("made_up",),
        ("Original", *METHODS),
        CLASSIFIERS,
    )


def verdicts(outcomes: Sequence[Outcome], metric: str, affordable: int) -> dict[str, tuple[str, int]]:
    """Return the verdict of each rule of stopping, and after how many repeats it came.

    Where not all repeats were computed, of the command's rule alone.
    """
    repeats, why = 1, "more"
    while why == "more":
        run = first_repeats(outcomes, repeats, metric)
        now = precision_of(run, metric)
        repeats, why = next_repeats(now, narrow_enough(run, metric), repeats, affordable)
    computed = 1 + max(fit.repeat for fit in outcomes[0].fits)
    if computed < MOST_REPEATS:
        return {RULES[0]: (answer(first_repeats(outcomes, repeats, metric)).verdict, repeats)}
    runs = {n: first_repeats(outcomes, n, metric) for n in range(1, MOST_REPEATS + 1)}
    said = {n: answer(run).verdict for n, run in runs.items()}
    helped = next((n for n in said if said[n] == "helps"), MOST_REPEATS)
    stops = dict(zip(RULES, (repeats, 1, MOST_REPEATS, helped), strict=True))
    return {rule: (said[n], n) for rule, n in stops.items()}


def main() -> int:
    """Evaluate the files, keep what came of each, print the table and write it."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--files", type=int, default=1000)
    ask.add_argument("--first", type=int, default=0, help="the first file's number (0)")
    ask.add_argument("--contrast", type=int, default=150, help="so many files with the other rules (150)")
    ask.add_argument("--keep", type=Path, default=ROOT / "reports" / "try_study.jsonl", metavar="FILE")
    ask.add_argument("--out", type=Path, help="the document whose table is replaced")
    args = ask.parse_args()
    if args.out:
        check_document(args.out, "try study")
    args.keep.parent.mkdir(parents=True, exist_ok=True)
    done = {one["file"]: one for one in kept(args.keep)}
    for number in range(args.first, args.first + args.files):
        if number in done:
            continue
        rng = np.random.default_rng([SEED, number])
        frame, affordable = table(rng), int(rng.integers(1, MOST_REPEATS + 1))
        repeats = MOST_REPEATS if number < args.contrast else affordable
        with tempfile.TemporaryDirectory() as folder:
            outcomes = outcomes_of(frame, Path(folder), repeats)
        found = {metric: verdicts(outcomes, metric, affordable) for metric in METRICS}
        done[number] = {"file": number, "found": found}
        with args.keep.open("a", encoding="utf-8") as file:
            file.write(json.dumps(done[number]) + "\n")
    text = render([done[n] for n in sorted(done)])
    print(text)
    if args.out:
        write_into(args.out, "try study", f"\n{text}\n\n")
    return 0


def kept(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what is kept of earlier files; the last line may have been cut off."""
    if path.exists():
        lines = path.read_text(encoding="utf-8").splitlines()
        yield from (json.loads(line) for line in lines if line.endswith("}"))


def render(records: Sequence[dict[str, Any]]) -> str:
    """Return the rates with Wilson's 95% intervals."""
    lines = [
        '| metric | repeats | files | "helps", % | "hurts", % | mean repeats |',
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for metric, title in METRICS.items():
        for rule in RULES:
            found = [record["found"][metric][rule] for record in records if rule in record["found"][metric]]
            if not found:
                continue
            counts = Counter(verdict for verdict, _ in found)
            mean = sum(n for _, n in found) / len(found)
            rates = (_rate(counts[verdict], len(found)) for verdict in ("helps", "hurts"))
            lines.append(f"| {' | '.join([title, rule, str(len(found)), *rates, f'{mean:.1f}'])} |")
    return "\n".join(lines)


def _rate(k: int, n: int) -> str:
    bounds = stats.binomtest(k, n).proportion_ci(method="wilson")
    return f"{100 * k / n:.1f} ({100 * bounds.low:.1f} to {100 * bounds.high:.1f})"


if __name__ == "__main__":
    sys.exit(main())
