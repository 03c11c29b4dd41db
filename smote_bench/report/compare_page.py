"""The page of a comparison: the same words and tables, self-contained, without a script."""

from __future__ import annotations

import html
from collections.abc import Sequence

from smote_bench.report.compare import Comparison
from smote_bench.report.compare_document import comparison_sections
from smote_bench.report.document import as_html

__all__ = ["comparison_page"]

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem }
h1, h2, h3 { line-height: 1.2 }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .75rem; border-bottom: 1px solid #d8dee4; text-align: left; vertical-align: top }
.number { text-align: right }
"""


def comparison_page(comparisons: Sequence[Comparison], labels: Sequence[str]) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    comparisons : sequence of Comparison
    labels : sequence of str
        Of the base and of the others.
    """
    title = html.escape(" vs ".join(labels))
    body = as_html(comparison_sections(comparisons, labels))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )
