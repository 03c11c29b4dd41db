"""What all interactive figures share: colours, template, and the step from a plain figure to plotly's."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from smote_bench.report.colours import BETTER, PALE_BETTER, PALE_UNCLEAR, PALE_WORSE, PALETTE, UNCLEAR, WORSE

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from smote_bench.runs.open import Run

__all__ = [
    "BETTER",
    "HATCH",
    "PALETTE",
    "SHADES",
    "TEMPLATE",
    "UNCLEAR",
    "WORSE",
    "Figure",
    "NothingToDraw",
    "colour_of",
    "figure",
    "labels_in",
    "numbers",
    "plain",
    "room_for",
    "to_plotly",
]

Figure = dict[str, Any]
"""A plotly figure as plain values: ``data`` (traces) and ``layout``."""

SHADES = [[0.0, PALE_WORSE], [0.5, PALE_UNCLEAR], [1.0, PALE_BETTER]]
"""From worse over unchanged to better, pale enough for black text."""

HATCH = {"size": 6, "fillmode": "overlay", "fgcolor": "#ffffff", "fgopacity": 0.35, "solidity": 0.25}
"""A pattern of thin white lines: neighbours of a stacked bar are told apart without their colours."""

_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_AXIS = {
    "gridcolor": "#e4e7eb",
    "linecolor": "#9aa5b1",
    "zerolinecolor": "#9aa5b1",
    "zeroline": False,
    "automargin": True,
    "ticks": "outside",
    "tickcolor": "#9aa5b1",
    "title": {"font": {"size": 13}},
}
TEMPLATE: dict[str, Any] = {
    "layout": {
        "font": {"family": _FONT, "size": 13, "color": "#1f2933"},
        "title": {
            "font": {"size": 15},
            "x": 0,
            "xanchor": "left",
            "xref": "container",
            "pad": {"l": 12, "t": 12},
            "y": 1,
            "yanchor": "top",
            "yref": "container",
            "automargin": True,
        },
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "colorway": list(PALETTE),
        "margin": {"l": 60, "r": 20, "t": 48, "b": 48},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "hoverlabel": {"align": "left", "namelength": -1},
        "legend": {"font": {"size": 12}},
        "modebar": {"color": "#52606d", "activecolor": "#1f2933", "bgcolor": "rgba(0, 0, 0, 0)"},
    }
}


LEGEND_ABOVE = {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 1, "xanchor": "right"}
"""A legend in one line between the title and the right end of the axes."""


class NothingToDraw(Exception):
    """A figure that a run has no data for; the message says why, in words for the reader."""


def figure(data: Sequence[dict[str, Any]], title: str, **layout: Any) -> Figure:
    """Return a plain figure of traces, a title and more of the layout."""
    return {"data": list(data), "layout": {"title": {"text": title}, **layout}}


def to_plotly(plain_figure: Figure) -> go.Figure:
    """Return plotly's own figure, validated, with the shared template: for trackers and notebooks."""
    import plotly.graph_objects as go

    return go.Figure({**plain_figure, "layout": {**plain_figure["layout"], "template": TEMPLATE}})


def plain(text: object) -> str:
    """Return a text that plotly shows as it is: it takes ``<b>``, ``<a>`` and entities for markup."""
    return html.escape(str(text), quote=False)


def labels_in(run: Run, methods: Iterable[str]) -> list[str]:
    """Return methods as people read them, with the library that they are of, as plotly shows them."""
    return [plain(run.label_of(method)) for method in methods]


def numbers(values: Iterable[Any], digits: int = 4) -> list[float | None]:
    """Return values as JSON has them: rounded, None where undefined or infinite."""
    return [_number(value, digits) for value in values]


def _number(value: Any, digits: int) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return round(float(value), digits)


def room_for(labels: Sequence[str]) -> int:
    """Return the pixels over a figure that its title and labels standing on end take."""
    return 60 + min(220, max((7 * len(label) for label in labels), default=0))


def colour_of(name: str, names: Sequence[str]) -> str:
    """Return the colour of a name among names, the same in every figure of a run."""
    return PALETTE[names.index(name) % len(PALETTE)]
