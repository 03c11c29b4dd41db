"""A counterexample in two dimensions: rows, nearest neighbours, and the row that is wrong, as SVG."""

from __future__ import annotations

import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.engine import Result
from smote_bench.report.colours import BETTER_TEXT as BETTER
from smote_bench.report.colours import WORSE_TEXT as WORSE
from smote_bench.report.text.markup import Html, element, escaped

__all__ = ["picture"]

_SIZE, _EDGE, _MOST_ROWS = 360, 24, 400


def picture(result: Result, *, k: int) -> Html | None:
    """Return a failure's rows as SVG, or None where there is nothing to be drawn.

    Circles are rows of the majority, squares those of the other classes. Lines lead to the `k` nearest rows
    of a row in its class, and a cross is the row that is wrong. Of more than two columns the two that vary
    most are shown.

    Parameters
    ----------
    result : Result
        Failed, with its case.
    k : int
    """
    case = result.case
    if case is None or case.X.ndim != 2 or not 0 < len(case.X) <= _MOST_ROWS:
        return None
    point = None if result.point is None else np.asarray(result.point, dtype=float)[None, :]
    if point is not None and (point.shape[1] != case.X.shape[1] or not np.isfinite(point).all()):
        point = None
    everything = case.X if point is None else np.vstack([case.X, point])
    columns = _columns(case.X)
    flat = np.zeros((len(everything), 2))
    flat[:, : len(columns)] = everything[:, columns]
    if not np.isfinite(flat).all():
        return None
    low, high = flat.min(axis=0), flat.max(axis=0)
    width = np.where(high > low, high - low, 1.0)
    places = _EDGE + (flat - low) / width * (_SIZE - 2 * _EDGE)
    places[:, 1] = _SIZE - places[:, 1]
    parts = [*_lines(case, places, k), *_marks(case, places)]
    if point is not None:
        x, y = places[-1]
        left, right, top, bottom = (f"{value:.1f}" for value in (x - 6, x + 6, y - 6, y + 6))
        path = f"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}"
        what = element("title", f"the row that is wrong: {point[0].tolist()}")
        parts.append(element("path", what, d=path, stroke=WORSE, stroke_width=3))
    words = f"columns {' and '.join(map(str, columns))} of {case.X.shape[1]}, {len(case.X)} rows"
    drawing = element(
        "svg",
        *parts,
        viewBox=f"0 0 {_SIZE} {_SIZE}",
        width=_SIZE,
        height=_SIZE,
        role="img",
        aria_label=f"{result.property.name}: {words}",
    )
    return element("figure", drawing, element("figcaption", words))


def _columns(X: np.ndarray) -> list[int]:
    with np.errstate(all="ignore"):
        spread = np.nan_to_num(np.ptp(X, axis=0))
    return sorted(np.argsort(-spread, kind="stable")[:2].tolist())


def _lines(case: Case, places: np.ndarray, k: int) -> list[Html]:
    """Return lines from each row of a small class to its nearest rows of that class."""
    lines = []
    for label in np.unique(case.y):
        rows = np.flatnonzero(case.y == label)
        if label == 0 or len(rows) > 60:
            continue
        with np.errstate(all="ignore"):
            distances = ((case.X[rows][:, None, :] - case.X[rows][None, :, :]) ** 2).sum(axis=2)
        np.fill_diagonal(distances, np.inf)
        for row, near in zip(rows, np.argsort(distances, axis=1)[:, : max(1, k)], strict=True):
            for other in rows[near]:
                (x1, y1), (x2, y2) = places[row].round(1), places[other].round(1)
                if row != other:
                    lines.append(element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke="var(--line)"))
    return lines


def _marks(case: Case, places: np.ndarray) -> list[Html]:
    marks = []
    for row, (label, (x, y)) in enumerate(zip(case.y, places[: len(case.y)], strict=True)):
        title = element("title", escaped(f"row {row} of class {label}: {case.X[row].tolist()}"))
        if label == 0:
            marks.append(
                element(
                    "circle", title, cx=round(x, 1), cy=round(y, 1), r=4, fill="none", stroke="var(--soft)"
                )
            )
        else:
            box = {"x": round(x - 4, 1), "y": round(y - 4, 1), "width": 8, "height": 8}
            marks.append(element("rect", title, **box, fill=BETTER))
    return marks
