"""Decision and cost curves on the page: there where an experiment says what errors cost."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace

import pytest

from smote_bench.metrics import EXPECTED_COST
from smote_bench.report.charts import decisions
from smote_bench.report.charts.cells import CellSource
from smote_bench.report.charts.style import NothingToDraw
from smote_bench.report.page.compressed import Chunk
from smote_bench.report.page.datasets import cell_section, dataset_chunk
from smote_bench.runs.open import MetricCard, Run


@pytest.fixture
def costly(run: Run) -> Run:
    card = MetricCard(
        EXPECTED_COST, "low", 0.0, float("inf"), "expected cost", "(1 fp + 3 fn) / n", (1.0, 3.0)
    )
    return replace(run, metrics={**run.metrics, EXPECTED_COST: card})


def test_a_curve_for_each_classifier_before_and_after_and_a_mark_at_the_costs(costly: Run) -> None:
    source = CellSource(costly)
    drawn = decisions.decision_curves(source, "Ecoli", "SMOTE")
    names = [trace["name"] for trace in drawn["data"]]
    assert names[:2] == ["act on all rows", "act on none"]
    assert len(names) == 2 + 2 * len(costly.classifiers)
    assert drawn["layout"]["shapes"][0]["x0"] == pytest.approx(1 / 4)
    cost = decisions.cost_curves(source, "Ecoli", "SMOTE")
    assert 0 < cost["layout"]["shapes"][0]["x0"] < 1
    bound = cost["data"][0]["y"]
    for trace in cost["data"][1:]:
        assert all(found <= most + 1e-9 for found, most in zip(trace["y"], bound, strict=True))


def test_without_costs_nothing_is_drawn_and_the_page_has_no_room_for_it(run: Run, costly: Run) -> None:
    with pytest.raises(NothingToDraw, match="does not say what errors cost"):
        decisions.decision_curves(CellSource(run), "Ecoli", "SMOTE")
    assert "Deciding by cost" not in str(cell_section(run))
    assert "Deciding by cost" in str(cell_section(costly))
    written = [_figures(dataset_chunk(of, "Ecoli", None)) for of in (run, costly)]
    assert {key.partition("/")[0] for key in written[1] - written[0]} == {"decision", "costs"}


def _figures(chunk: Chunk) -> set[str]:
    return set(json.loads(gzip.decompress(base64.b64decode(chunk.dumps())))["figures"])
