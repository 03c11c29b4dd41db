"""The places of the page that its script fills, and the selectors that change what is in them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from smote_bench.report.text.markup import Html, element

__all__ = ["MAIN", "figure_slot", "html_slot", "selectors"]

MAIN = "main"
"""The chunk of what concerns the whole run; each data set has one of its own."""


def figure_slot(key: str, label: str, *, chunk: str = "dataset", height: int = 420) -> Html:
    """Return the place of a figure, drawn when it comes into view.

    Parameters
    ----------
    key : str
        Of the figure in its chunk; ``{method}`` and the like stand for what is selected.
    label : str
        What the figure shows, for those who do not see it.
    chunk : {"dataset", "main"}
        That of the selected data set, or that of the run.
    height : int
        Kept free until it is drawn, pixels.
    """
    name = "figure-" + re.sub(r"[^a-z]+", "-", key.replace("{", "").replace("}", "").lower()).strip("-")
    return element(
        "div",
        element(
            "div",
            id=name,
            class_="slot figure",
            role="group",
            aria_label=label,
            data_figure=key,
            data_chunk=chunk,
            style=f"min-height:{height}px",
        ),
        class_="scroll box",
    )


def html_slot(key: str, *, chunk: str = "dataset") -> Html:
    """Return the place of a piece of HTML, filled when it comes into view."""
    name = "part-" + re.sub(r"[^a-z]+", "-", key.replace("{", "").replace("}", "").lower()).strip("-")
    return element("div", id=name, class_="slot", data_html=key, data_chunk=chunk, aria_live="polite")


def selectors(section: str, **choices: Sequence[str]) -> Html:
    """Return a row of selectors; the same choice elsewhere on the page follows.

    Parameters
    ----------
    section : str
        Prefix of the ids.
    **choices : sequence of str
        The values by what is chosen: dataset, method, classifier, metric or scope (of tests).
    """
    words = {"dataset": "Data set", "scope": "Classifiers"}
    labels = []
    for name, values in choices.items():
        options = [element("option", value, value=value) for value in values]
        labels.append(
            element(
                "label",
                words.get(name, name.capitalize()),
                " ",
                element("select", *options, id=f"{section}-{name}", data_state=name),
            )
        )
    return element("div", *labels, class_="selectors")
