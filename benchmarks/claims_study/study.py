#!/usr/bin/env python3
"""Count how often the report's sentences are false where nothing is true, and how often they find what is.

    python benchmarks/claims_study/study.py [--out docs/claims_study.md]

Runs are made up, the sentences are the report's own (`smote_bench.report.analysis.answer`). The table stands
between the markers of the document.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
from scipy import stats  # noqa: E402

from benchmarks.claims_study.claims import CLAIMS, said, unadjusted  # noqa: E402
from benchmarks.claims_study.truths import STEP, Truth, draw, run_of  # noqa: E402
from smote_bench.commands.documents import check_document, write_into  # noqa: E402
from smote_bench.report.analysis.answer import answer  # noqa: E402

METHODS = (1, 9, 30)
DATASETS = (8, 14)
SEED = 10
_FALSE = {
    # Without any effect there is nothing better or worse; with the same effect there is nothing to beat.
    "null": tuple(name for name in CLAIMS if "class weights" not in name and "arm" not in name),
    "equal": ("beat class weights", "worse than class weights", "beat the best arm"),
}


@dataclass
class Counted:
    """How many of `n` runs of a truth made each claim, now and before."""

    truth: Truth
    n: int = 0
    now: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)


def main() -> int:
    """Count, print the tables and write them."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--runs", type=int, default=300, help="made-up runs of each truth without effects")
    ask.add_argument(
        "--power-runs", type=int, default=100, help="made-up runs of each effect and of each other law"
    )
    ask.add_argument("--out", type=Path, help="the file whose table is replaced")
    args = ask.parse_args()
    for name in ("runs", "power_runs"):
        if getattr(args, name) < 1:
            ask.error(f"expected --{name.replace('_', '-')} of at least 1, got {getattr(args, name)}")
    if args.out:
        check_document(args.out, "claims study")  # refused now, not after a quarter of an hour
    started, text = time.process_time(), ""
    for text, is_whole in render(args.runs, args.power_runs):
        seconds = f"{time.process_time() - started:.0f} s of one core."
        if args.out:  # after every row, so that what is known is not lost when it is stopped
            end = seconds if is_whole else "**Stopped before the end.**"
            write_into(args.out, "claims study", f"\n{text}\n\n{end}\n")
    print(f"{text}\n\n{seconds}")
    return 0


def count(truth: Truth, n: int) -> Counted:
    """Make up runs and count what is claimed of them; of the first method, where it alone has an effect."""
    counted = Counted(truth, n)
    entropy = [SEED, truth.n_datasets, truth.n_methods, *truth.law.encode()]
    for seed in np.random.SeedSequence(entropy).spawn(n):
        scores = draw(truth, np.random.default_rng(seed))
        found = answer(run_of(scores))
        before, method = unadjusted(scores)
        counted.now.update(said(found))
        counted.before.update(before)
        counted.now["found"] += found.verdict == "helps" and found.method == "m0"
        counted.before["found"] += "helped" in before and method == 0
    return counted


def render(n_runs: int, n_power: int) -> Iterator[tuple[str, bool]]:
    """Yield the tables as Markdown after each row, and whether they are whole."""
    over = [(n, k) for n in DATASETS for k in METHODS]
    parts: list[tuple[str, Sequence[Truth], int]] = [
        ("Normal gains", [Truth("normal", n, k) for n, k in over], n_runs),
        (
            "Gains of three values: a row more, equal or less",
            [Truth("three values", n, k) for n, k in over],
            n_runs,
        ),
        (
            "One data set, five folds",
            [Truth(law, 1, k) for law in ("normal", "rows") for k in METHODS],
            n_runs,
        ),
        (_FOUND, [Truth(law, n, k, first=1.5) for law in ("normal", "related") for n, k in over], n_power),
        (
            "Related methods, and heavy tails",
            [Truth(law, 8, 9) for law in ("related", "heavy tails")],
            n_power,
        ),
        (
            "Outside the assumption: skewed gains, each method its own",
            [Truth("skewed", n, 9) for n in DATASETS],
            n_power,
        ),
    ]
    done: list[str] = []
    for title, truths, n in parts:
        rows: list[list[str]] = []
        head = _HEAD_FOUND if title == _FOUND else _HEAD
        for truth in truths:
            rows.append(_found(truth, n) if title == _FOUND else _false(truth, n))
            print(*rows[-1], sep=" | ", file=sys.stderr, flush=True)
            said = f"{n} runs a row; in percent, before → now (95% interval)."
            table = f"### {title}\n\n{said}\n\n{_table(head, rows)}"
            yield "\n\n".join([*done, table]), truth is parts[-1][1][-1]
        done.append(table)


_FOUND = "One method has an effect: how often it is found"
_HEAD = ["gains", "data sets", "methods", *_FALSE["null"], *_FALSE["equal"]]
_HEAD_FOUND = ["gains", "data sets", "methods", "before, %", "now, %"]


def _false(truth: Truth, n: int) -> list[str]:
    """Return a row of the rates of false claims, before and now."""
    of = {
        "null": count(truth, n),
        "equal": count(dataclasses.replace(truth, common=STEP, with_weights=True), n),
    }
    cells = [
        f"{100 * of[where].before[claim] / n:.1f} → {_rate(of[where].now[claim], n)}"
        for where, claims in _FALSE.items()
        for claim in claims
    ]
    return [truth.law, str(truth.n_datasets), str(truth.n_methods), *cells]


def _found(truth: Truth, n: int) -> list[str]:
    """Return a row of how often the one method with an effect is said to help."""
    counted = count(truth, n)
    shown = [truth.law, str(truth.n_datasets), str(truth.n_methods)]
    return [*shown, f"{100 * counted.before['found'] / n:.0f}", _rate(counted.now["found"], n)]


def _rate(k: int, n: int) -> str:
    """Return a rate in percent with Wilson's 95% interval.

    >>> _rate(3, 300)
    '1.0 (0.3 to 2.9)'
    """
    bounds = stats.binomtest(k, n).proportion_ci(method="wilson")
    return f"{100 * k / n:.1f} ({100 * bounds.low:.1f} to {100 * bounds.high:.1f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
