"""How a comparison's numbers are written: with sign, interval and n."""

from __future__ import annotations

import math

from smote_bench.report.compare.differences import Difference, verdict
from smote_bench.report.compare.two_runs import Seconds

__all__ = ["count", "difference_cells", "plus_minus", "ratio_words", "shortened", "signed", "with_n"]


def difference_cells(difference: Difference, better: str | None) -> list[str]:
    """Return a difference as cells of a table: interval, n, cells, verdict."""
    said = verdict(difference.mean, difference.half_width, better, is_identical=difference.is_identical)
    n = f"{difference.n} {difference.basis}"
    return [signed(difference), n, str(difference.n_cells), said]


def with_n(difference: Difference, better: str | None) -> str:
    """Return a difference as one cell of a table, with a star where its interval excludes zero."""
    said = verdict(difference.mean, difference.half_width, better, is_identical=difference.is_identical)
    if said in ("identical", "undefined"):
        return said
    star = "" if said == "no difference shown" else "*"
    unit = "" if difference.basis == "data sets" else " fits"
    return f"{signed(difference)}{star} (n={difference.n}{unit})"


def signed(difference: Difference) -> str:
    """Return a difference with its interval, or that there is none."""
    if difference.is_identical:
        return "identical"
    return plus_minus(difference.mean, difference.half_width)


def plus_minus(mean: float, half_width: float) -> str:
    """Return a mean with its interval."""
    if math.isnan(mean):
        return "-"
    # no interval is said, not left out: a bare number looks certain
    return f"{mean:+z.4f} " + ("(no interval)" if math.isnan(half_width) else f"± {half_width:.4f}")


def ratio_words(seconds: Seconds) -> str:
    """Return other over base."""
    return "-" if math.isnan(seconds.ratio) else f"{seconds.ratio:.2f}"


def shortened(text: str, width: int = 40) -> str:
    """Return a text that fits a column: digests are told apart by their beginnings, paths by their ends."""
    if len(text) <= width:
        return text
    return "..." + text[3 - width :] if "/" in text and " " not in text else text[: width - 3] + "..."


def count(n: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{n} {noun}{'s' * (n != 1)}"
