"""What all figures share: colours, sizes, fonts, and how they are saved so that they repeat to the byte."""

from __future__ import annotations

import contextlib
import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from smote_bench.report.colours import BETTER, PALETTE, UNCLEAR, WORSE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

__all__ = [
    "BETTER",
    "COLOURS",
    "DOUBLE",
    "MARKERS",
    "SINGLE",
    "UNCLEAR",
    "WORSE",
    "new_figure",
    "paper_style",
    "save",
    "say",
    "slanted",
    "title",
    "wrapped",
]

COLOURS = PALETTE
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*")

SINGLE, DOUBLE = 3.5, 7.2
"""Widths of one and of two columns of a journal's page, in inches."""

_DPI = 150
_STYLE = {
    "font.size": 8,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "lines.linewidth": 1.2,
    # Glyphs are drawn a third faster, and as well at this resolution.
    "text.hinting": "none",
    # Names are the users': a dollar in one is no formula.
    "text.parse_math": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "smote-bench",
}


@contextlib.contextmanager
def paper_style() -> Iterator[None]:
    """Draw in the style of all figures, whatever the user's own matplotlib settings are."""
    from matplotlib import style

    with style.context(["default", _STYLE]):
        yield


def new_figure(
    width: float, height: float, *, layout: Literal["constrained"] | None = "constrained"
) -> Figure:
    """Return a figure of a size in inches that belongs to no window."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=_DPI, layout=layout)
    # Else every save makes a canvas and measures all texts anew: a figure filled again keeps its own.
    FigureCanvasAgg(figure)
    return figure


def title(ax: Axes, text: str, **looks: Any) -> None:
    """Put a title above a panel, at a fixed height: to find one, matplotlib measures all labels."""
    ax.set_title(text, y=1.0, pad=4, **looks)


def wrapped(names: Iterable[str], width: int = 24) -> list[str]:
    r"""Break long names over lines, after a dot, colon or underscore where there is one.

    >>> wrapped(["SMOTE", "my_package.samplers:Oversampler"])
    ['SMOTE', 'my_package.samplers:\nOversampler']
    """
    return ["\n".join(_pieces(name, width)) for name in names]


def _pieces(name: str, width: int) -> Iterator[str]:
    while len(name) > width:
        ends = [found.end() for found in re.finditer(r"[\s.:_/,-]", name) if found.end() <= width]
        end = ends[-1] if ends else width
        yield name[:end]
        name = name[end:]
    yield name


def slanted(ax: Axes, places: Sequence[float] | NDArray[Any], names: Iterable[str]) -> None:
    """Name places along the x axis by words that do not run into each other."""
    ax.set_xticks(places, wrapped(names, 18), rotation=25, ha="right", rotation_mode="anchor")


def say(ax: Axes, text: str) -> None:
    """Put the reason into a panel that has nothing to show."""
    ax.set_axis_off()
    words = textwrap.fill(text, 34)
    ax.text(0.5, 0.5, words, ha="center", va="center", transform=ax.transAxes, color="#444444")


def save(figure: Figure, stem: Path, endings: Sequence[str] = ("png", "svg")) -> list[Path]:
    """Save a figure in each format; no dates and no random names, so that the bytes repeat.

    Parameters
    ----------
    figure : Figure
    stem : Path
        Without the ending.
    endings : sequence of str
    """
    engine = figure.get_layout_engine()
    if engine is not None:
        # Once: with an engine in place every format is drawn twice, and laid out anew.
        engine.execute(figure)
        figure.set_layout_engine(None)
    paths: list[Path] = []
    for ending in endings:
        # Not with_suffix: a method's name may have dots.
        path = stem.with_name(f"{stem.name}.{ending}")
        metadata = {"Date": None} if ending == "svg" else {"Software": None} if ending == "png" else None
        # Level 3 takes three quarters of the default's time for the same size.
        quick: dict[str, Any] = {"pil_kwargs": {"compress_level": 3}} if ending == "png" else {}
        figure.savefig(path, dpi=_DPI, metadata=metadata, **quick)
        paths.append(path)
    return paths
