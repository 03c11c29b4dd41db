"""A verdict as a page of its own: every finding with its picture and its code."""

from __future__ import annotations

from smote_bench.properties.engine import Result
from smote_bench.properties.readings import readings_of
from smote_bench.properties.table import header, result_line, summary_line
from smote_bench.properties.verdict import Verdict
from smote_bench.report.page.theme import theme_style
from smote_bench.report.page.verdict_picture import picture
from smote_bench.report.text.markup import Html, element, joined

__all__ = ["verdict_page"]

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "background:var(--paper);color:var(--ink);overflow-wrap:anywhere}svg{max-width:100%;height:auto}"
    "pre{background:var(--pale);padding:1rem;overflow:auto;font-size:13px}figure{margin:1rem 0}"
    "figcaption{color:var(--soft)}section{border-top:1px solid var(--line);margin-top:2rem}"
)


def verdict_page(verdict: Verdict) -> str:
    """Return a verdict as HTML that needs nothing from elsewhere."""
    telling, again = verdict.telling_failures
    subject = verdict.subject
    parts: list[object] = [
        element("h1", f"{verdict.word}: {subject.name}"),
        element("p", summary_line(verdict)),
        element("pre", header(subject)),
    ]
    parts += [_finding(verdict, result) for result in telling]
    if again:
        names = ", ".join(result.property.name for result in again)
        parts.append(element("p", f"Through the same causes these fail as well: {names}"))
    if verdict.remarks:
        parts.append(element("h2", "Remarks"))
        parts += [_finding(verdict, result) for result in verdict.remarks]
    for result in verdict.excepted:
        parts.append(
            element("p", f"{result.property.name}, known: {verdict.exceptions[result.property.name]}")
        )
    lines = "\n".join(result_line(result, strict=verdict.strict) for result in verdict.results)
    parts += [element("h2", "All properties"), element("pre", lines)]
    if readings_of(subject.family):
        read = [element("li", reading) for reading in readings_of(subject.family)]
        parts += [element("h2", "Readings of the paper that are accepted"), element("ul", *read)]
    meta = Html(
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
    )
    head = joined([meta, element("title", f"{verdict.word}: {subject.name}")])
    style = element("style", Html(theme_style() + _STYLE))
    page = element("html", element("head", head, style), element("body", *parts), lang="en")
    return f"<!doctype html>\n{page}\n"


def _finding(verdict: Verdict, result: Result) -> Html:
    k = 5 if result.case is None else verdict.subject.k(result.case)
    drawn = picture(result, k=k)
    whose = f"a convention of {result.convention}" if result.convention else "a law"
    return element(
        "section",
        element("h2", result.property.name),
        element("p", f"{result.property.group}, {whose}: {result.property.meaning}"),
        element("p", result.reason),
        *([drawn] if drawn is not None else []),
        element("pre", result.counterexample),
    )
