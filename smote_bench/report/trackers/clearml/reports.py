"""What a ClearML task is shown, as plain values, and how each is handed to ClearML's logger."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Line", "Plot", "Report", "Scalar", "Table", "send"]

_UNDEFINED = "undefined"


@dataclass(frozen=True)
class Scalar:
    """A point of a curve; the value is finite: ClearML would show another as 0."""

    title: str
    series: str
    value: float
    step: int


@dataclass(frozen=True)
class Table:
    """A table whose numbers keep all their digits.

    Parameters
    ----------
    title, series : str
    step : int
    columns : sequence of str
    rows : sequence of sequence
        NaN and None are shown as ``undefined``.
    formats : mapping of column to str
        How its numbers are shown, in d3's words (``.4f``).
    """

    title: str
    series: str
    step: int
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    formats: Mapping[str, str]


@dataclass(frozen=True)
class Plot:
    """A figure of plotly as plain values; ClearML writes the series' name above it."""

    title: str
    series: str
    step: int
    figure: Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """A line of the console."""

    text: str


Report = Scalar | Table | Plot | Line


def send(logger: Any, report: Report) -> None:
    """Hand something to a task's logger.

    Parameters
    ----------
    logger : clearml.Logger
    report : Report
    """
    match report:
        case Scalar(title, series, value, step):
            assert math.isfinite(value), report
            logger.report_scalar(title, series, value=value, iteration=step)
        case Plot(title, series, step, figure):
            logger.report_plotly(title, series, iteration=step, figure=dict(figure))
        case Line(text):
            logger.report_text(text, print_console=False)
        case Table(title, series, step):
            rows, formats = _cells(report)
            # A list of rows: of a data frame ClearML keeps ten digits.
            logger.report_table(
                title, series, iteration=step, table_plot=rows, extra_data={"cells": {"format": formats}}
            )


def _cells(table: Table) -> tuple[list[list[Any]], list[list[str]]]:
    """Return header and rows, and by column the format of every cell: a format would make 0 of a word."""
    rows: list[list[Any]] = [list(table.columns)]
    formats: list[list[str]] = [[] for _ in table.columns]
    for row in table.rows:
        shown = [_UNDEFINED if _is_undefined(value) else value for value in row]
        rows.append(shown)
        for column, name, value in zip(formats, table.columns, shown, strict=True):
            column.append(table.formats.get(name, "") if isinstance(value, int | float) else "")
    return rows, formats


def _is_undefined(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))
