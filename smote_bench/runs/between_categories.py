"""Which methods of a run made rows between categories, as its cells noted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from smote_bench.evaluation.between_categories import noted_between
from smote_bench.evaluation.outcome import Outcome

__all__ = ["between_lines", "methods_between"]

_MOST = 4


def methods_between(outcomes: Iterable[Outcome]) -> dict[str, dict[str, tuple[str, str]]]:
    """Return by method and data set which share of the added rows is between categories, of which columns.

    A cell that came to no end knows of its first fits alone, and is asked only where there is no other.
    """
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for outcome in sorted(outcomes, key=lambda outcome: not outcome.is_scored):
        if (noted := noted_between(outcome.warnings)) is not None:
            found.setdefault(outcome.cell.method, {}).setdefault(outcome.cell.dataset, noted)
    return found


def between_lines(outcomes: Iterable[Outcome]) -> list[str]:
    """Say of a run which methods made rows between categories, and what to do; nothing where none did."""
    found = methods_between(outcomes)
    if not found:
        return []
    named = []
    for method, by_dataset in found.items():
        each = [f"{dataset}: {share} of the rows it added" for dataset, (share, _) in by_dataset.items()]
        named.append(f"{method} ({_few(each, '; ')})")
    columns = next(iter(next(iter(found.values())).values()))[1]
    return [
        f"Rows between categories, as 0.37 of one and 0.63 of another ({columns}), were made by "
        f"{_few(named, ', ')}: these samplers take one-hot features for numbers. A sampler of typed "
        "rows, as SMOTENC, takes categories as such; repair: round sets them to the nearest one."
    ]


def _few(words: Sequence[str], mark: str) -> str:
    more = f"{mark}and {len(words) - _MOST} more" if len(words) > _MOST else ""
    return mark.join(words[:_MOST]) + more
