"""What goes into a page: its template, style and script; compressed, plotly's script, figures and tables."""

from __future__ import annotations

import base64
import functools
import gzip
import importlib.resources
import json
from collections.abc import Callable
from typing import Any

from smote_bench.report.charts.style import Figure, NothingToDraw
from smote_bench.report.text.markup import Html

__all__ = ["Chunk", "asset", "compressed", "json_for_script", "page_script", "plotly_script"]

_SCRIPTS = (
    *("state", "parts", "places", "labels", "theme", "choices", "anchors", "sorting", "tables"),
    *("start", "printing"),
)
"""Files of the page's script. They share one scope; what runs at once is in the last two."""


def asset(name: str) -> str:
    """Return a file of the pages' assets: template, style or a part of the script."""
    folder = importlib.resources.files("smote_bench.report.page") / "assets"
    return folder.joinpath(*name.split("/")).read_text(encoding="utf-8")


def page_script() -> str:
    """Return the page's own script: its files in order, in one scope that nothing else sees."""
    parts = "\n".join(asset(f"scripts/{name}.js") for name in _SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


class Chunk:
    """Figures and pieces of HTML that the page inflates together, by key.

    A trace that several figures share, such as a curve of `Original`, is kept once.

    Parameters
    ----------
    otherwise : str
        Said where a figure is asked for that is not here.
    """

    def __init__(self, otherwise: str = "") -> None:
        self._otherwise = otherwise
        self._traces: dict[str, int] = {}
        self._figures: dict[str, str] = {}
        self._html: dict[str, str] = {}

    def add(self, key: str, draw: Callable[..., Figure], *arguments: Any, **options: Any) -> None:
        """Add the figure that a function draws; its reason where there is nothing to draw."""
        try:
            figure = draw(*arguments, **options)
        except NothingToDraw as reason:
            self._figures[key] = json.dumps({"message": str(reason)})
            return
        places = [self._traces.setdefault(_dumps(trace), len(self._traces)) for trace in figure["data"]]
        self._figures[key] = _dumps({"traces": places, "layout": figure["layout"]})

    def add_html(self, key: str, content: Html) -> None:
        """Add a piece of HTML."""
        self._html[key] = content

    def dumps(self) -> str:
        """Return the chunk as the page carries it."""
        figures = ",".join(f"{json.dumps(key)}:{text}" for key, text in self._figures.items())
        traces = ",".join(self._traces)
        text = f'"traces":[{traces}],"figures":{{{figures}}},"html":{_dumps(self._html)}'
        if self._otherwise:
            text += f',"otherwise":{_dumps({"message": self._otherwise})}'
        return compressed(f"{{{text}}}")


def compressed(text: str) -> str:
    """Return a text gzip-compressed in base64, the same for the same text."""
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


@functools.cache
def plotly_script() -> str:
    """Return plotly's own script, compressed: 2 MB of base64 instead of 4.8 MB."""
    from plotly.offline import get_plotlyjs

    return compressed(get_plotlyjs())


def json_for_script(value: Any) -> Html:
    """Return JSON that cannot end the script element it stands in."""
    return Html(_dumps(value).replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))


def _dumps(value: Any) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":"))
