"""How seconds or bytes grow with a table, from a few that were measured on smaller ones."""

from __future__ import annotations

import bisect
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

__all__ = ["Growth", "Point", "Shape"]

_LEAST = 1e-5
_SPAN = 3.0
"""A slope is taken from tables that differ by so much in rows: nearer ones are noise."""
_DRAWN, _MOST_BY_COLUMNS = 1.0, 1.5
_OVER = 1.5
"""How much longer something is taken to take that was stopped, than it had by then."""


@dataclass(frozen=True)
class Shape:
    """What is expected of a curve before anything is measured.

    Parameters
    ----------
    rows, columns : float
        Powers of the numbers of rows and columns.
    least, most : float
        Between which the power of rows lies beyond what was measured: what does not grow with the rows is
        soon little, and a steep end may be noise.
    """

    rows: float = 1.3
    columns: float = 0.5
    least: float = 1.0
    most: float = 2.3


_ANY = Shape()


@dataclass(frozen=True)
class Point:
    """One measurement.

    Parameters
    ----------
    rows, columns : int
        Of the training part.
    value : float
        Seconds or bytes.
    is_least : bool
        Whether it was stopped there, and would have been more.
    table : str
        The data set whose rows these were.
    """

    rows: int
    columns: int
    value: float
    is_least: bool = False
    table: str = ""


@dataclass(frozen=True)
class Growth:
    """A curve through points: straight between them where both axes are logarithms.

    Parameters
    ----------
    points : sequence of Point
        At least one.
    shape : Shape
    """

    points: Sequence[Point]
    shape: Shape = _ANY

    @classmethod
    def of(cls, points: Sequence[Point], shape: Shape) -> Growth:
        """Return the curve with the power of columns that the points speak for, near the one expected."""
        return cls(points, replace(shape, columns=_column_power(points, shape)))

    def at(self, rows: float, columns: int, table: str = "") -> float:
        """Return the value for a table of that size; by rows of its data set, where some were measured."""
        own = [point for point in self.points if point.table == table] if table else []
        known = self._curve(own or self.points)
        x = math.log(max(rows, 2))
        place = bisect.bisect([at for at, _ in known], x)
        if place == 0:
            y = known[0][1] - (self._slope() * (known[0][0] - x) if own else 0.0)
        elif place == len(known):
            y = known[-1][1] + self._slope() * (x - known[-1][0])
        else:
            (x0, y0), (x1, y1) = known[place - 1], known[place]
            y = y0 + (y1 - y0) * (x - x0) / (x1 - x0)
        return math.exp(min(y + self.shape.columns * math.log(max(columns, 1)), 60.0))

    def without_last(self) -> Growth | None:
        """Return the curve without its largest table, to be held against it; None where nothing is left."""
        return Growth.of(self.points[:-1], self.shape) if len(self.points) > 1 else None

    @staticmethod
    def _over(point: Point) -> float:
        return max(point.value, _LEAST) * (_OVER if point.is_least else 1.0)

    def _curve(self, points: Sequence[Point]) -> list[tuple[float, float]]:
        """Return logarithms of rows and of the value for one column, in the order of rows."""
        found: dict[float, list[float]] = {}
        for point in points:
            y = math.log(self._over(point)) - self.shape.columns * math.log(max(point.columns, 1))
            found.setdefault(math.log(max(point.rows, 2)), []).append(y)
        return [(x, math.fsum(ys) / len(ys)) for x, ys in sorted(found.items())]

    def _slope(self) -> float:
        """Return the power of rows beyond what was measured, by rows of one data set where possible."""
        by_table: dict[str, list[Point]] = {}
        for point in self.points:
            by_table.setdefault(point.table, []).append(point)
        own = [self._end(self._curve(points)) for name, points in by_table.items() if name]
        found = [slope for slope in own if slope is not None]
        slope = math.fsum(found) / len(found) if found else self._end(self._curve(self.points))
        return self.shape.rows if slope is None else min(max(slope, self.shape.least), self.shape.most)

    @staticmethod
    def _end(known: Sequence[tuple[float, float]]) -> float | None:
        x1, y1 = known[-1]
        far = [(x, y) for x, y in known if x1 - x >= math.log(_SPAN)]
        return (y1 - far[-1][1]) / (x1 - far[-1][0]) if far else None


def _column_power(points: Sequence[Point], shape: Shape) -> float:
    """Return the power of columns of a plane through logarithms, drawn to what is expected of both powers."""
    expected = shape.columns
    if len(points) < 3:
        return expected
    x = [math.log(max(point.rows, 2)) for point in points]
    z = [math.log(max(point.columns, 1)) for point in points]
    y = [math.log(max(point.value, _LEAST)) for point in points]
    mx, mz, my = (math.fsum(values) / len(points) for values in (x, z, y))
    # residuals of what is expected, explained by what differs from it
    rest = [c - my - shape.rows * (a - mx) - expected * (b - mz) for a, b, c in zip(x, z, y, strict=True)]
    xx = math.fsum((a - mx) ** 2 for a in x) + _DRAWN
    zz = math.fsum((b - mz) ** 2 for b in z) + _DRAWN
    xz = math.fsum((a - mx) * (b - mz) for a, b in zip(x, z, strict=True))
    xr = math.fsum((a - mx) * r for a, r in zip(x, rest, strict=True))
    zr = math.fsum((b - mz) * r for b, r in zip(z, rest, strict=True))
    more = (xx * zr - xz * xr) / (xx * zz - xz * xz)
    return min(max(expected + more, 0.0), _MOST_BY_COLUMNS)
