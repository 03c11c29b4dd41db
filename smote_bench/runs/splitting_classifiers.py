"""Which classifiers of a run split resampled rows, as its cells noted."""

from __future__ import annotations

from collections.abc import Iterable

from smote_bench.classifiers.row_splitting import noted_parts
from smote_bench.evaluation.outcome import Outcome

__all__ = ["splitting_classifiers", "splitting_lines"]

_MEANING = (
    "what it chooses inside is judged on resampled rows, among them copies and synthetic twins of those it "
    "is fitted on, so it may choose worse than on the original rows"
)


def splitting_classifiers(outcomes: Iterable[Outcome]) -> dict[str, tuple[str, int]]:
    """Return by classifier which parts split resampled rows, and in how many cells."""
    found: dict[str, tuple[str, int]] = {}
    for outcome in outcomes:
        noted = noted_parts(outcome.warnings)
        if noted is not None:
            parts, n = found.get(outcome.cell.classifier, (noted, 0))
            found[outcome.cell.classifier] = parts, n + 1
    return found


def splitting_lines(outcomes: Iterable[Outcome]) -> list[str]:
    """Say of a run which classifiers split resampled rows, and what that does; nothing where none does."""
    found = splitting_classifiers(outcomes)
    if not found:
        return []
    names = "; ".join(f"{name}: {parts}, {n} cells" for name, (parts, n) in found.items())
    it = (
        "A classifier splits the resampled rows itself"
        if len(found) == 1
        else "Classifiers split resampled rows"
    )
    return [f"{it} ({names}): {_MEANING}."]
