"""What an answer says and warns of, and runs of given scores for it to speak about."""

from __future__ import annotations

from collections.abc import Sequence

from made_up_scores import cell, scored_run

from smote_bench.report.analysis.answer import Answer
from smote_bench.runs.open import Run


def said(found: Answer, *words: str) -> bool:
    return any(all(word in sentence for word in words) for sentence in found.sentences)


def warned(found: Answer, *words: str) -> bool:
    return any(all(word in caveat for word in words) for caveat in found.caveats)


def run_of_table(rows: dict[str, Sequence[float | str]]) -> Run:
    cells = []
    for method, scores in rows.items():
        for i, score in enumerate(scores):
            names = (f"d{i}", method, "kNN")
            if isinstance(score, str):
                cells.append(cell(names, status=score))
            else:
                cells.append(cell(names, [score, score + 0.01 * (i % 3)], [score]))
    return scored_run(cells)
