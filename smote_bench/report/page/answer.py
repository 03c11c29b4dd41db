"""The page's first screen: the answer in words, its caveats, and the methods ranked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.answer import Answer
from smote_bench.report.analysis.ranking import ranking
from smote_bench.report.analysis.same_method import same_method_lines
from smote_bench.report.page.slots import MAIN, figure_slot
from smote_bench.report.page.table_files import metric_stem, with_files
from smote_bench.report.text.markup import Html, element, joined, number, table
from smote_bench.runs.open import Run
from smote_bench.runs.trivial_arms import threshold_note

__all__ = ["answer_section", "answer_words", "metric_style", "ranking_table"]

_VERDICTS = {
    "helps": "{} helps, compared with doing nothing",
    "hurts": "{} hurts, compared with doing nothing",
    "no difference shown": "No difference shown",
    "undecided": "Undecided",
}


def answer_section(run: Run, *answers: Answer) -> Html:
    """Return the section ``answer``; readable without a script, and so is the choice of the metric.

    Parameters
    ----------
    run : Run
    *answers : Answer
        One for each priority metric, in their order; the first one is shown until another is chosen.
    """
    return element(
        "section",
        element("h2", "Answer"),
        joined(_inputs(run)),
        element(
            "div",
            *(
                element("div", _first_screen(answer), class_="panel", data_metric=answer.metric)
                for answer in answers
            ),
            class_="panels",
            aria_live="polite",
        ),
        _tabs(run),
        element(
            "div",
            *(
                element("div", _ranking(run, metric), class_="panel", data_metric=metric)
                for metric in run.priority_metrics
            ),
            class_="panels",
        ),
        figure_slot("deltas/{metric}", "Mean delta of each method with its interval", chunk=MAIN, height=400),
        id="answer",
    )


def metric_style(n_metrics: int) -> str:
    """Return the CSS that shows the panels of the checked metric and marks its label."""
    rules = [
        f".tab:nth-of-type({n}):checked ~ .panels > .panel:nth-child({n}) {{ display: block; }}\n"
        f".tab:nth-of-type({n}):checked ~ .tabs > label:nth-of-type({n}) "
        "{ background: var(--blue); color: var(--on-blue); }\n"
        for n in range(1, n_metrics + 1)
    ]
    return ".panel { display: none; }\n" + "".join(rules)


def _first_screen(answer: Answer) -> Html:
    said = answer_words(answer)
    caveats = answer.caveats or ["None found in this run."]
    warned = element(
        "aside",
        element("h3", "Caveats"),
        element("ul", *(element("li", caveat) for caveat in caveats)),
        class_="caveats",
        aria_label="Caveats",
    )
    return element("div", said, warned, class_="first")


def answer_words(answer: Answer) -> Html:
    """Return the verdict and its sentences."""
    verdict = _VERDICTS.get(answer.verdict, answer.verdict).format(answer.subject)
    return element(
        "div",
        element("p", verdict, class_="verdict"),
        *(element("p", sentence) for sentence in answer.sentences),
        class_="said",
    )


def _inputs(run: Run) -> list[Html]:
    """Return radio buttons before all panels: which shows is CSS, so that it works without a script."""
    return [
        element(
            "input",
            type="radio",
            name="metric",
            id=f"metric-{place}",
            value=metric,
            checked=place == 0,
            class_="tab",
        )
        for place, metric in enumerate(run.priority_metrics)
    ]


def _tabs(run: Run) -> Html:
    labels = (
        element("label", metric, for_=f"metric-{place}") for place, metric in enumerate(run.priority_metrics)
    )
    return element("div", element("span", "Metric:"), *labels, class_="tabs", id="metric-tabs")


def _ranking(run: Run, metric: str) -> Html:
    same = (element("p", line, class_="note") for line in same_method_lines(run, metric))
    return joined([with_files(run, ranking_table(run, metric), metric_stem(run, "ranking", metric)), *same])


def ranking_table(run: Run, metric: str) -> Html:
    """Return the methods by mean rank, with what the numbers are below them."""
    rows = ranking(run, metric)
    card = run.metrics[metric]
    n = int(rows["n_datasets"].max() or 0)
    better = {"high": "higher is better", "low": "lower is better"}.get(card.better or "", "no direction")
    caption = (
        f"{metric} ({better}): methods by mean rank over {n} data set{'s' * (n != 1)} that all are scored "
        f"on. Delta: mean difference to {ORIGINAL} ± 95% interval of this method alone "
        "(Student's t; the answer above counts all methods), bold where it does not hold 0. "
        + (
            "Best trivial arm: chosen in cross-validation, compared on the hold-out."
            if run.manifest["experiment"]["protocol"]["cv_folds"]
            else "Best trivial arm: none, since there is no cross-validation to choose it in."
        )
    )
    note = threshold_note(run.outcomes, metric)
    caption += f" {note}" if note else ""
    header = [
        "Method",
        "Mean rank",
        "Mean delta ± 95%",
        "n",
        f"Win / tie / loss vs {ORIGINAL}",
        "… vs best trivial arm",
        "Seconds",
        "Not ok",
    ]
    rows["method"] = rows["method"].map(run.label_of)
    return table(header, [_row(row) for row in rows.to_dict("records")], caption=caption, class_="ranking")


def _row(row: Mapping[Any, Any]) -> list[object]:
    return [
        row["method"],
        number(row["mean_rank"], ".2f"),
        _delta(row),
        _n(row),
        _record(row, ""),
        _record(row, "trivial_"),
        number(row["seconds"], ",.1f" if row["seconds"] >= 1 else ".2g"),
        row["not_ok"] or "0",
    ]


def _delta(row: Mapping[Any, Any]) -> object:
    if number(row["delta"]) == "–":
        return "–"
    half = number(row["half_width"])
    clear = half != "–" and abs(row["delta"]) > row["half_width"]
    text = f"{row['delta']:+z.4f} ± {half}" if half != "–" else f"{row['delta']:+z.4f} (no interval)"
    return element("strong", text) if clear else text


def _n(row: Mapping[Any, Any]) -> str:
    if number(row["n"]) == "–":
        return "–"
    left_out, why = number(row["left_out"], ".0f"), str(row["left_out_because"])
    if not int(row["n"]) and why:
        return f"0: {why}"
    more = "" if left_out in ("–", "0") else f", {left_out} cells left out ({why})"
    basis = str(row["basis"]).replace("datasets", "data sets")
    return f"{int(row['n'])} {basis}{more}"


def _record(row: Mapping[Any, Any], prefix: str) -> str:
    counts = [number(row[f"{prefix}{name}"], ".0f") for name in ("wins", "ties", "losses")]
    return "–" if "–" in counts else " / ".join(counts)
