"""scikit-learn's classification report of a confusion matrix, written fast.

scikit-learn takes 14 ms and the time of all rows for one such table; a page has two thousand of them, half a
minute's work. The text is scikit-learn's to the letter, which a test compares.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable

from smote_bench.data.positive import CLASSES

__all__ = ["classification_text"]

_NAMES_WIDTH = len("weighted avg")


@functools.lru_cache(maxsize=4096)
def classification_text(counts: tuple[int, int, int, int], classes: tuple[str, str] = CLASSES) -> str:
    """Return the text of `smote_bench.report.analysis.curves.classification_report`.

    Parameters
    ----------
    counts : tuple of int
        tn, fp, fn, tp.
    classes : tuple of str
        The names of the negative and the positive class.
    """
    tn, fp, fn, tp = counts
    total = sum(counts)
    rows = [
        (_ratio(tn, tn + fn), _ratio(tn, tn + fp), _ratio(2 * tn, 2 * tn + fp + fn)),
        (_ratio(tp, tp + fp), _ratio(tp, tp + fn), _ratio(2 * tp, 2 * tp + fp + fn)),
    ]
    support = (tn + fp, fn + tp)
    lines = [f"{'':>{_NAMES_WIDTH}} " + "".join(f" {name:>9}" for name in _HEADER), ""]
    lines += [_line(name, *row) for name, row in zip(classes, zip(rows, support, strict=True), strict=True)]
    lines += ["", f"{'accuracy':>{_NAMES_WIDTH}} {'':>20} {_ratio(tn + tp, total):>9.3f} {total:>9}"]
    columns = list(zip(*rows, strict=True))
    lines.append(_line("macro avg", [_mean(column, (1, 1)) for column in columns], total))
    lines.append(_line("weighted avg", [_mean(column, support) for column in columns], total))
    return "\n".join(lines) + "\n"


_HEADER = ("precision", "recall", "f1-score", "support")


def _line(name: str, values: Iterable[float], support: int) -> str:
    numbers = "".join(f" {value:>9.3f}" for value in values)
    return f"{name:>{_NAMES_WIDTH}} {numbers} {support:>9}"


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _mean(values: tuple[float, ...], weights: tuple[int, ...]) -> float:
    """Return the mean over the classes whose value is defined, as scikit-learn does."""
    known = [(v, w) for v, w in zip(values, weights, strict=True) if not math.isnan(v)]
    total = sum(w for _, w in known)
    if not total:  # the classes with a value have no rows: each counts alike
        return sum(v for v, _ in known) / len(known) if known else math.nan
    return sum(v * w for v, w in known) / total
