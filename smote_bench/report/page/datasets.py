"""The page's parts about one data set: its card, results, improvements, cells and points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from smote_bench.data.findings import Finding, together
from smote_bench.evaluation.outcome import Cell
from smote_bench.methods.names import ORIGINAL
from smote_bench.report.analysis.class_counts import class_counts, holdout_counts, ratio_words, rows_words
from smote_bench.report.analysis.history import classifiers_with_history
from smote_bench.report.charts import cells, decisions, history, points
from smote_bench.report.page.brief import extremes, row_filter
from smote_bench.report.page.classification_text import classification_text
from smote_bench.report.page.compressed import Chunk
from smote_bench.report.page.slots import figure_slot, html_slot, selectors
from smote_bench.report.page.table_files import dataset_stem, improvement_stem, with_files
from smote_bench.report.text.markup import Html, element, escaped, facts, joined, number, table
from smote_bench.runs.failure_groups import grouped_failures
from smote_bench.runs.open import Run
from smote_bench.runs.tables import improvement_rows, results_rows

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "after_original",
    "cell_section",
    "data_section",
    "dataset_chunk",
    "dataset_parts",
    "points_section",
]

_FACTS = {
    "title": "Title",
    "source": "Source",
    "licence": "Licence",
    "citation": "Citation",
    "remarks": "Remarks, sources of error",
    "version": "Version",
    "digest": "Digest",
}
_ROLES = {"groups": "Groups", "time": "Time", "test": "Test part", "weights": "Weights"}
_COUNTED = ("Majority", "Minority", "Ratio")


def data_section(run: Run) -> Html:
    """Return the section ``datasets``."""
    return element(
        "section",
        element("h2", "Each data set"),
        *((extremes(run), row_filter("datasets")) if run.is_large else ()),
        selectors("datasets", dataset=run.datasets),
        html_slot("card"),
        html_slot("counts"),
        element("h3", "Results"),
        html_slot("results"),
        element("h3", "Improvement"),
        selectors("improvement", method=after_original(run)),
        html_slot("improvement/{method}"),
        id="datasets",
    )


def cell_section(run: Run) -> Html:
    """Return the section ``cells``."""
    return element(
        "section",
        element("h2", "Each cell"),
        selectors("cells", dataset=run.datasets, method=after_original(run), classifier=run.classifiers),
        html_slot("status/{method}/{classifier}"),
        figure_slot("folds/{method}/{classifier}", "Metrics by fold", height=460),
        element(
            "p",
            "Curves are those of the hold-out, which no choice was made on; repeats are pooled. A colour per "
            f"classifier; solid: {ORIGINAL}, dashed: the method. The legend gives the metric's mean.",
            class_="note",
        ),
        html_slot("gaps/{method}"),
        element(
            "div",
            figure_slot("roc/{method}", "ROC curves", height=520),
            figure_slot("pr/{method}", "Precision-recall curves", height=520),
            class_="columns",
        ),
        element(
            "div",
            figure_slot("calibration/{method}", "Calibration curves", height=520),
            figure_slot("confusion/{method}/{classifier}", "Confusion matrices", height=520),
            class_="columns",
        ),
        *(_decision_part() if decisions.costs_of(run) else ()),
        html_slot("reports/{method}/{classifier}"),
        *(_history_part() if classifiers_with_history(run) else ()),
        id="cells",
    )


def _decision_part() -> tuple[Html, ...]:
    return (
        element("h3", "Deciding by cost"),
        element(
            "p",
            "Left: what acting from a probability on is worth, in true positives a row; the line is where "
            "the experiment's costs put that probability, if probabilities are right. Right: the least cost, "
            "as a share of getting every row wrong, that a threshold chosen after looking could have had.",
            class_="note",
        ),
        element(
            "div",
            figure_slot("decision/{method}", "Decision curves", height=520),
            figure_slot("costs/{method}", "Cost curves", height=520),
            class_="columns",
        ),
    )


def _history_part() -> tuple[Html, ...]:
    return (
        element("h3", "Training by epoch"),
        figure_slot("history/{method}/{classifier}", "Training by epoch", height=history.HEIGHT),
        element(
            "p",
            "Of the final evaluation. Neither line is a score: the classifier sets validation rows aside "
            "from what it is given, which is the training part after resampling, so that after "
            "oversampling they may be copies of rows that it trains on, or lie between them. A gap is an "
            "undefined value, such as precision while no row is called minority; the mean ends where the "
            "first repeat stops.",
            class_="note",
        ),
    )


def points_section(run: Run) -> Html:
    """Return the section ``points``."""
    return element(
        "section",
        element("h2", "Where the points went"),
        element(
            "p",
            "The training part of the hold-out, first repeat, as the sampler sees it. The principal axes are "
            "those of the rows before resampling, the same for every method; t-SNE lays out original and "
            "synthetic rows together, and its distances between groups mean little.",
        ),
        selectors("points", dataset=run.datasets, method=after_original(run)),
        html_slot("sample/{method}"),
        element(
            "div",
            figure_slot("pca/{method}", "Points on the principal axes", height=520),
            figure_slot("tsne/{method}", "Points laid out by t-SNE", height=520),
            class_="columns",
        ),
        id="points",
    )


def dataset_chunk(
    run: Run, dataset: str, embeddings: Mapping[tuple[str, str], np.ndarray | None] | None
) -> Chunk:
    """Return everything the page shows of one data set."""
    chunk, source = Chunk(), cells.CellSource(run)
    for key, content in dataset_parts(run, dataset).items():
        chunk.add_html(key, content)
    with_history = bool(classifiers_with_history(run))
    has_costs = decisions.costs_of(run) is not None
    for method in run.methods:
        chunk.add_html(f"improvement/{method}", _improvement(run, dataset, method))
        chunk.add(f"roc/{method}", cells.roc, source, dataset, method)
        chunk.add(f"pr/{method}", cells.precision_recall, source, dataset, method)
        chunk.add(f"calibration/{method}", cells.calibration, source, dataset, method)
        if has_costs:
            chunk.add(f"decision/{method}", decisions.decision_curves, source, dataset, method)
            chunk.add(f"costs/{method}", decisions.cost_curves, source, dataset, method)
        chunk.add_html(f"gaps/{method}", _gaps(run, dataset, method))
        note = points.sample_note(run, dataset, method)
        chunk.add_html(f"sample/{method}", element("p", note, class_="note") if note else Html())
        chunk.add(f"pca/{method}", points.principal_axes, run, dataset, method)
        chunk.add(f"tsne/{method}", points.embedding, run, dataset, method, embeddings)
        for classifier in run.classifiers:
            cell, key = Cell(dataset, method, classifier), f"{method}/{classifier}"
            chunk.add_html(f"status/{key}", _status(run, cell))
            chunk.add(f"folds/{key}", cells.folds, source, cell)
            chunk.add(f"confusion/{key}", cells.confusion, source, cell)
            chunk.add_html(f"reports/{key}", _reports(source, cell))
            if with_history:
                chunk.add(f"history/{key}", history.training_history, source, cell)
    return chunk


def dataset_parts(run: Run, dataset: str) -> dict[str, Html]:
    """Return what concerns a whole data set: its card, the rows of each class, its results."""
    return {
        "card": _card(run, dataset),
        "counts": _class_counts(run, dataset),
        "results": _results(run, dataset),
    }


def after_original(run: Run) -> list[str]:
    """Return the methods, `Original` last: the first one is selected, and a comparison is worth seeing."""
    return [*(m for m in run.methods if m != ORIGINAL), *(m for m in run.methods if m == ORIGINAL)]


def _card(run: Run, dataset: str) -> Html:
    card = run.card(dataset)
    heading = element("h3", dataset)
    if card is None:
        return joined([heading, element("p", _no_card(run, dataset), class_="note")])
    values: dict[str, object] = {
        "Shape": f"{_count(card.get('rows', '?'))} rows × {card.get('features', '?')} features",
        "Minority": f"{_count(card.get('minority_rows'))} rows (ratio {_ratio(card.get('ratio'))} : 1)",
        "Duplicates": _count(card.get("duplicates")),
        "Outliers": _count(card.get("outliers")),
        "Missing values": _count(card.get("missing")),
        "Rows split": _count(card.get("rows_split")),
    }
    roles = card.get("roles") or {}
    values |= {words: roles[key] for key, words in _ROLES.items() if key in roles}
    values |= {words: card[key] for key, words in _FACTS.items() if card.get(key) not in (None, "")}
    if found := run.findings.get(dataset):
        values.pop(_FACTS["remarks"], None)  # of a table that was read here, they are its findings
        values[_FACTS["remarks"]] = element("ul", *map(_finding, together(found)), class_="findings")
    return joined([heading, facts(values)])


def _finding(finding: Finding) -> Html:
    kind = element("strong", f"{finding.kind}: ") if finding.is_caveat else Html()
    return element("li", kind, str(finding))


def _no_card(run: Run, dataset: str) -> str:
    reasons = dict.fromkeys(o.reason for o in run.of_dataset(dataset) if not o.is_scored)
    return f"No card was recorded. {' '.join(reasons)}".strip()


def _count(value: Any) -> str:
    return number(value, ",.0f") if not isinstance(value, str) else value


def _ratio(value: Any) -> str:
    return number(value, ".2f") if not isinstance(value, str) else value


def _class_counts(run: Run, dataset: str) -> Html:
    """Return the rows of each class before and after every method; nothing where no cell is scored."""
    counted = class_counts(run, dataset)
    known = [counts for counts in counted if counts.after]
    if not known:
        return Html()
    body = [
        [
            counts.method,
            *(
                words
                for part in (counts.before, counts.after)
                for words in (rows_words(part, False), rows_words(part, True), ratio_words(part))
            ),
        ]
        for counts in known
    ]
    header = ["Method", *(f"{what} {when}" for when in ("before", "after") for what in _COUNTED)]
    n_repeats = max(len(counts.after) for counts in known)
    repeats = f"; lowest to highest of {n_repeats} repeats where they differ" if n_repeats > 1 else ""
    test = holdout_counts(run, dataset)
    hold_out = f" Hold-out: {rows_words(test, False)} and {rows_words(test, True)}." if test else ""
    caption = f"Rows of the final evaluation's training part before and after each method{repeats}.{hold_out}"
    unknown = [
        element("p", f"{counts.method}: no rows were counted. {counts.reason}", class_="note")
        for counts in counted
        if not counts.after
    ]
    return joined([element("h3", "Class counts"), table(header, body, caption=caption), *unknown])


def _results(run: Run, dataset: str) -> Html:
    rows = results_rows(run.of_dataset(dataset), run.priority_metrics)
    if not rows:
        return element("p", f"No cell of {dataset} is scored.", class_="note")
    phases = " and ".join({"cv": "cross-validation", "holdout": "hold-out"}[row["Phase"]] for row in rows[:1])
    body = [
        [
            row["Method"],
            row["Classifier"],
            *(f"{number(row[m])} ± {number(row[f'{m}_std'], '.3f')}" for m in run.priority_metrics),
            row["Fits"],
        ]
        for row in rows
    ]
    header = ["Method", "Classifier", *run.priority_metrics, "Fits"]
    caption = f"Results: mean ± standard deviation over the {phases}"
    return with_files(run, table(header, body, caption=caption, n_names=2), dataset_stem(run, dataset))


def _improvement(run: Run, dataset: str, method: str) -> Html:
    by_arm = [
        {c: o for c in run.classifiers if (o := run.by_cell.get(Cell(dataset, arm, c))) is not None}
        for arm in (ORIGINAL, method)
    ]
    rows = improvement_rows(by_arm[0], by_arm[1], run.priority_metrics) if method != ORIGINAL else []
    if not rows:
        why = "choose another method" if method == ORIGINAL else "the cells below say why"
        return element("p", f"No improvement table of {method} on {dataset}: {why}.", class_="note")
    body = [
        [
            row["Classifier"],
            row["Metric"],
            number(row["Original"]),
            number(row[method]),
            _change(run, row),
            number(row["Delta_Percent"], "+.1f"),
        ]
        for row in rows
    ]
    header = ["Classifier", "Metric", ORIGINAL, method, "Delta", "Delta %"]
    where = f"on the hold-out ({_holdouts(run)})" if run.test_size else "in cross-validation"
    caption = f"Improvement of {method} {where}"
    shown = table(header, body, caption=caption, n_names=2)
    return with_files(run, shown, improvement_stem(run, dataset, method))


def _holdouts(run: Run) -> str:
    """Return how many splits a score on the hold-out is of, and what that means beside cross-validation."""
    protocol = run.manifest["experiment"]["protocol"]
    n = protocol["random_runs"]
    splits = "one split" if n == 1 else f"mean over {n} splits"
    return f"{splits}: noisier than the cross-validation" if protocol["cv_folds"] else splits


def _change(run: Run, row: dict[str, Any]) -> Html:
    delta = row["Delta_Absolute"]
    if delta is None or not round(delta, 4):
        return escaped(number(delta, "+z.4f"))
    better = (delta < 0) == (run.metrics[row["Metric"]].better == "low")
    mark, kind = ("▲", "better") if better else ("▼", "worse")
    return element("span", f"{delta:+z.4f} {mark}", class_=kind, title=kind)


def _status(run: Run, cell: Cell) -> Html:
    outcome = run.by_cell.get(cell)
    if outcome is None:
        return element("p", f"{cell.id} is not in this run.", class_="failed")
    if outcome.status == "ok":
        body = [element("p", element("strong", cell.id), ": ok.", class_="note")]
    else:
        words = element("strong", f"{cell.id}: {outcome.status}. ")
        body = [element("p", words, outcome.reason, class_="failed")]
    if outcome.warnings:
        body.append(element("ul", *(element("li", w) for w in outcome.warnings), class_="warnings"))
    return joined(body)


def _gaps(run: Run, dataset: str, method: str) -> Html:
    """Return which cells have no curves in the figures, with their reasons."""
    cells = [Cell(dataset, arm, c) for arm in dict.fromkeys((ORIGINAL, method)) for c in run.classifiers]
    failed = [o for cell in cells if (o := run.by_cell.get(cell)) is not None and not o.is_scored]
    if not failed:
        return Html()
    items = (element("li", f"{g.which}: {g.status}. {g.words}") for g in grouped_failures(failed))
    return element("div", "Without curves:", element("ul", *items), class_="failed")


def _reports(source: cells.CellSource, cell: Cell) -> Html:
    """Return scikit-learn's classification reports of the matrices above them."""
    panels = cells.confusion_panels(source, cell)
    if not panels or source.outcome(cell) is None:
        return Html()
    blocks = [
        # The titles are escaped for plotly, in the same way.
        element(
            "figure",
            element("figcaption", Html(title)),
            element("pre", classification_text(counts, source.run.class_names(cell.dataset))),
        )
        for title, counts in panels
    ]
    heading = element("h3", "Classification reports")
    return joined([heading, element("div", *blocks, class_="columns reports")])
