"""The page of a comparison: the words and tables that document.py makes, and two figures."""

from __future__ import annotations

import string
from collections.abc import Sequence

from smote_bench.report.charts.style import TEMPLATE
from smote_bench.report.compare import chart
from smote_bench.report.compare.document import comparison_sections, run_letters
from smote_bench.report.compare.two_runs import Comparison
from smote_bench.report.page.compressed import Chunk, asset, json_for_script, page_script, plotly_script
from smote_bench.report.page.slots import MAIN, figure_slot, selectors
from smote_bench.report.page.theme import CHARTS_IN_THE_DARK, theme_style
from smote_bench.report.text.document import Section, html_section
from smote_bench.report.text.markup import Html, element, escaped, joined

__all__ = ["comparison_page"]

_STYLE = """
#comparison > h1 { position: absolute; left: -9999px; }
caption { position: absolute; left: -9999px; }
thead th:has(.word) { text-align: left; }
th, td { white-space: normal; vertical-align: top; }
td { min-width: 4rem; }
td.name { max-width: 22rem; }
"""


def comparison_page(comparisons: Sequence[Comparison], labels: Sequence[str]) -> str:
    """Return the page as HTML with everything in it, the same bytes for the same runs.

    Parameters
    ----------
    comparisons : sequence of Comparison
    labels : sequence of str
        Of the base and of the others.
    """
    letters = run_letters(len(labels))
    by_letter = dict(zip(letters[1:], comparisons, strict=True))
    sections = comparison_sections(comparisons, labels)
    drawn = {letter: c for letter, c in by_letter.items() if not c.is_all_identical and c.compared}
    heading = f"{labels[0]} and {', '.join(labels[1:])}"
    return string.Template(asset("page.html")).substitute(
        title=escaped(f"{heading}: what changed"),
        heading=escaped(heading),
        subtitle="What changed between runs",
        style=theme_style() + asset("page.css") + _STYLE,
        contents=joined(
            element("a", section.title, href=f"#{section.name}") for section in sections if section.level <= 2
        ),
        sections=joined(html_section(section, _figures(section, drawn, letters[0])) for section in sections),
        settings=json_for_script(
            {
                "template": TEMPLATE,
                "dark": CHARTS_IN_THE_DARK,
                "chunks": {},
                "choices": {"metric": _metrics(comparisons)},
            }
        ),
        chunks=_chunk(drawn, letters[0]),
        # where nothing changed there is nothing to draw: neither library nor script
        plotly=plotly_script() if drawn else "",
        script=page_script() if drawn else "",
    )


def _figures(section: Section, drawn: dict[str, Comparison], a: str) -> Html:
    """Return the places of the figures that stand at the end of a section."""
    for letter, comparison in drawn.items():
        for kind, height in (("method", 200 + 28 * len(comparison.base.methods)), ("cell", 480)):
            if section.name == f"{letter.lower()}-by-{kind}":
                return joined(
                    [
                        selectors(section.name, metric=_metrics([comparison])),
                        figure_slot(
                            f"{letter}/{kind}/{{metric}}",
                            f"{letter} against {a} by {kind}",
                            chunk=MAIN,
                            height=height,
                        ),
                    ]
                )
    return Html("")


def _metrics(comparisons: Sequence[Comparison]) -> list[str]:
    return list(dict.fromkeys(metric for c in comparisons for metric in c.priority_metrics))


def _chunk(drawn: dict[str, Comparison], a: str) -> Html:
    chunk = Chunk()
    for letter, comparison in drawn.items():
        for metric in comparison.priority_metrics:
            chunk.add(f"{letter}/method/{metric}", chart.by_method, comparison, metric, a, letter)
            chunk.add(f"{letter}/cell/{metric}", chart.by_cell, comparison, metric, a, letter)
    return Html(f'<script type="text/plain" id="chunk-{MAIN}">{chunk.dumps()}</script>')
