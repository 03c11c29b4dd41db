"""A run as one self-contained HTML page: it opens from disk, without a network."""

from __future__ import annotations

import string
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from smote_bench.report.analysis.answer import answer
from smote_bench.report.analysis.cell_intervals import cell_intervals, heat_map
from smote_bench.report.charts import cost, deltas
from smote_bench.report.charts import heat_map as heat
from smote_bench.report.charts.style import TEMPLATE
from smote_bench.report.page import brief
from smote_bench.report.page.answer import answer_section, metric_style
from smote_bench.report.page.compressed import Chunk, asset, json_for_script, page_script, plotly_script
from smote_bench.report.page.datasets import (
    after_original,
    cell_section,
    data_section,
    dataset_chunk,
    dataset_parts,
    points_section,
)
from smote_bench.report.page.provenance import provenance_section
from smote_bench.report.page.slots import MAIN, figure_slot, selectors
from smote_bench.report.page.statistics import Tests, add_statistics, all_tests, scopes, statistics_section
from smote_bench.report.page.theme import CHARTS_IN_THE_DARK, theme_style
from smote_bench.report.text.markup import Html, element, escaped, joined
from smote_bench.runs.open import Run
from smote_bench.runs.whole_folder import write_whole

if TYPE_CHECKING:
    import numpy as np

__all__ = ["SECTIONS", "Part", "build_page", "write_page"]

Embeddings = Mapping[tuple[str, str], "np.ndarray | None"]


class Section(NamedTuple):
    """A part of the page: the ``id`` of its element, its title among the contents, and what makes it."""

    name: str
    title: str
    build: Callable[[Run, Tests], Html]


class Part(NamedTuple):
    """A section that a run alone does not have, and what it adds to the chunk of the whole run."""

    name: str
    title: str
    html: Html
    add: Callable[[Chunk], None]


def write_page(
    run: Run, path: Path, *, embeddings: Embeddings | None = None, part: Part | None = None
) -> Path:
    """Write `build_page` to a file and return its path."""
    path = Path(path)
    write_whole(path, build_page(run, embeddings=embeddings, part=part))
    return path


def build_page(run: Run, *, embeddings: Embeddings | None = None, part: Part | None = None) -> str:
    """Return the page of a run, the same bytes for the same run.

    Parameters
    ----------
    run : Run
    embeddings : mapping of (dataset, method) to ndarray of shape (n_points, 2), optional
        t-SNE coordinates of the recorded points; where there are none the page says how to get them.
    part : Part, optional
        A section behind the answer, such as that of a second run.

    Returns
    -------
    str
        HTML with everything in it: style, script, plotly, and the data compressed.
    """
    template = string.Template(asset("page.html"))
    name = run.manifest["experiment"].get("name") or run.folder.name
    tests = all_tests(run)
    return template.substitute(
        title=escaped(f"{name}: does oversampling help?"),
        heading=escaped(f"{name}: this run was cut" if run.account.cut else name),
        subtitle=escaped(_subtitle(run)),
        style=theme_style() + asset("page.css") + metric_style(len(run.priority_metrics)),
        contents=joined(element("a", title, href=f"#{name}") for name, title in _contents(part)),
        sections=joined(
            [
                SECTIONS[0].build(run, tests),
                part.html if part else Html(),
                *(section.build(run, tests) for section in SECTIONS[1:]),
            ]
        ),
        settings=json_for_script(_settings(run)),
        chunks=_chunks(run, tests, embeddings, part),
        plotly=plotly_script(),
        script=page_script(),
    )


def _contents(part: Part | None) -> list[tuple[str, str]]:
    first, *others = ((section.name, section.title) for section in SECTIONS)
    return [first, *([(part.name, part.title)] if part else []), *others]


def _subtitle(run: Run) -> str:
    parts = {"data set": run.datasets, "method": run.methods, "classifier": run.classifiers}
    counts = (f"{len(names)} {part}{'s' * (len(names) != 1)}" for part, names in parts.items())
    shape = f"{' × '.join(counts)}; {run.account.line}"
    finished = _minute(str(run.manifest.get("finished")))
    said = f"{shape}; finished {finished}; smote-bench {run.manifest['versions']['smote-bench']}"
    return f"{run.account.headline} {said}" if run.account.cut else said


def _minute(stamp: str) -> str:
    """Return a time stamp to the minute, as people write it."""
    return f"{stamp[:16].replace('T', ' ')} UTC"


def _settings(run: Run) -> dict[str, object]:
    """Return what the page's script has to know; user-chosen names are values here, never code."""
    return {
        "template": TEMPLATE,
        "dark": CHARTS_IN_THE_DARK,
        "chunks": {dataset: f"data-{place}" for place, dataset in enumerate(run.datasets)},
        "choices": {
            "dataset": list(run.datasets),
            "method": after_original(run),
            "classifier": list(run.classifiers),
            "metric": list(run.priority_metrics),
            "scope": list(scopes(run)),
        },
    }


def _chunks(run: Run, tests: Tests, embeddings: Embeddings | None, part: Part | None) -> Html:
    main = _main_chunk(run, tests)
    if part:
        part.add(main)
    parts = [_chunk_element(MAIN, main.dumps())]
    n_detailed = n_bytes = 0
    for place, dataset in enumerate(run.datasets):
        n_cells = len(run.of_dataset(dataset))
        is_detailed = (
            n_detailed + n_cells <= brief.MOST_DETAILED_CELLS and n_bytes < brief.MOST_DETAILED_BYTES
        )
        if is_detailed:
            n_detailed += n_cells
            text = dataset_chunk(run, dataset, embeddings).dumps()
        else:
            text = brief.brief_chunk(run, dataset, dataset_parts(run, dataset)).dumps()
        if not is_detailed and n_bytes + len(text) > brief.MOST_BYTES:
            text = brief.nothing_chunk(dataset).dumps()
        n_bytes += len(text)
        parts.append(_chunk_element(f"data-{place}", text))
    return joined(parts)


def _chunk_element(name: str, chunk: str) -> Html:
    return Html(f'<script type="text/plain" id="chunk-{name}">{chunk}</script>\n')


def _main_chunk(run: Run, tests: Tests) -> Chunk:
    chunk = Chunk()
    intervals = cell_intervals(run)
    counts = heat_map(run, intervals)
    chunk.add("heat/interval", heat.improved_counts, run, counts)
    chunk.add("heat/plain", heat.improved_counts, run, counts, beyond_interval=False)
    add_statistics(run, tests, intervals, chunk)
    for metric in run.priority_metrics:
        chunk.add(f"deltas/{metric}", deltas.deltas, run, metric)
        chunk.add(f"front/{metric}", cost.front, run, metric)
    chunk.add("seconds", cost.seconds_split, run)
    chunk.add("growth", cost.growth, run)
    return chunk


def _answer_section(run: Run) -> Html:
    return answer_section(run, *(answer(run, metric) for metric in run.priority_metrics))


def _heat_section(run: Run) -> Html:
    height = 170 + 28 * len(run.methods)
    return element(
        "section",
        element("h2", "Heat map"),
        element(
            "p",
            "Each cell counts data sets: improved / unchanged / worsened against Original. Blue: improved "
            "on more than worsened; orange: the other way; grey: as many. Plain counts take any difference "
            "for a change, and noise makes such differences on nearly every data set.",
        ),
        figure_slot("heat/interval", "Data sets changed beyond the interval", chunk=MAIN, height=height),
        figure_slot("heat/plain", "Data sets changed, plain counts", chunk=MAIN, height=height),
        id="heat-map",
    )


def _cost_section(run: Run) -> Html:
    n_workers = (run.manifest.get("machine") or {}).get("n_workers", "?")
    return element(
        "section",
        element("h2", "Cost"),
        element(
            "p",
            f"Seconds are those of the cells' own work, {n_workers} at a time; "
            "resampling is shared by the classifiers of a data set and counted with each. A point without a "
            "name, as names would overlap there, tells it when it is hovered over or touched.",
        ),
        selectors("cost", metric=run.priority_metrics),
        figure_slot(
            "front/{metric}", "Seconds against quality with the Pareto front", chunk=MAIN, height=430
        ),
        element(
            "div",
            figure_slot(
                "seconds", "Seconds of resampling, fitting, predicting, all else", chunk=MAIN, height=400
            ),
            figure_slot("growth", "Rows after resampling", chunk=MAIN, height=400),
            class_="columns",
        ),
        id="cost",
    )


SECTIONS = (
    Section("answer", "Answer", lambda run, _: _answer_section(run)),
    Section("heat-map", "Heat map", lambda run, _: _heat_section(run)),
    Section("statistics", "Statistics", statistics_section),
    Section("datasets", "Data sets", lambda run, _: data_section(run)),
    Section("cells", "Cells", lambda run, _: cell_section(run)),
    Section("points", "Points", lambda run, _: points_section(run)),
    Section("cost", "Cost", lambda run, _: _cost_section(run)),
    Section("provenance", "Provenance", lambda run, _: provenance_section(run)),
)
"""The page from top to bottom."""
