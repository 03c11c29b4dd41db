"""A run in MLflow's server: sent over HTTP, and looked at in its page by a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from made_up import made_up_run
from report.chromium import browser  # noqa: F401
from report.trackers.mlflow_server import served
from report.trackers.mlflow_stores import FoundRun, clean_environment, needs_mlflow, publish, read_store

from smote_bench.report.trackers.mlflow.view import link_to_view, view_of
from smote_bench.runs.open import open_run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_mlflow

SECRET = "hush"
PAGE = "<!doctype html><title>made up</title><h1>Oversampling helps, says the page</h1>"
_PATIENCE = 60_000


@dataclass(frozen=True)
class Served:
    """A server that a run was sent to."""

    address: str
    folder: Path
    said: str
    runs: list[FoundRun]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    out = tmp_path_factory.mktemp("served")
    folder = made_up_run(out, datasets=1, methods=2, classifiers=2, folds=2, points=None)
    (folder / "report.html").write_text(PAGE)
    environment = clean_environment(out / "home")
    with served(out, environment) as address:
        uri = address.replace("http://", f"http://me:{SECRET}@")
        done = publish(folder, {**environment, "MLFLOW_TRACKING_URI": uri})
        assert done.returncode == 0, done.stdout + done.stderr
        yield Served(
            address, folder, done.stdout + done.stderr, read_store(address, environment, whole=False)
        )


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:  # noqa: F811
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(_PATIENCE)
    yield opened
    context.close()


def test_a_run_sent_over_http_is_there_with_its_files(server: Served) -> None:
    by_name = {run.name: run for run in server.runs}
    cells = [f"Ecoli-{m}-{c}" for m in ("Original", "SMOTE") for c in ("RandomForest", "LogisticRegression")]
    assert sorted(by_name) == sorted([server.folder.name, *cells])
    assert by_name[cells[0]].artifacts == ["curves.png", "metrics.csv", "scores.csv"]
    assert by_name[cells[0]].artifact_uri.startswith("mlflow-artifacts:")
    kept = list((server.folder.parent.parent / "served").rglob("report.html"))
    assert [path.read_text() for path in kept] == [PAGE]


def test_the_password_is_neither_shown_nor_kept(server: Served) -> None:
    ledger = (server.folder / "tracked.json").read_text()
    assert SECRET not in server.said + ledger
    assert server.address in ledger
    assert all(SECRET not in str(run) for run in server.runs)


def test_the_link_shows_the_cells_with_their_gains_in_the_page(server: Served, page: Page) -> None:
    (link,) = (line.split()[-1] for line in server.said.splitlines() if line.startswith("to see it: "))
    assert link == link_to_view(server.address, "1")
    page.goto(link)
    for name in ("Ecoli-SMOTE-RandomForest", "Ecoli-Original-LogisticRegression"):
        page.get_by_text(name, exact=True).first.wait_for()
    page.locator("[role=columnheader]", has_text="cv_delta/balanced_accuracy").first.wait_for()
    assert page.get_by_text(server.folder.name, exact=True).count() == 0


def test_the_runs_page_opens_as_it_is_without_the_link(server: Served, page: Page) -> None:
    page.goto(f"{server.address}/#/experiments/1/runs")
    page.get_by_text(server.folder.name, exact=True).first.wait_for()


def test_the_report_opens_in_the_page_of_the_run(server: Served, page: Page) -> None:
    parent = next(run for run in server.runs if run.name == server.folder.name)
    page.goto(f"{server.address}/#/experiments/1/runs/{parent.id}/artifacts/report.html")
    page.frame_locator("iframe").get_by_text("Oversampling helps, says the page").wait_for()


def test_the_view_sorts_by_the_first_priority_metric_the_better_way_first(tmp_path: Path) -> None:
    for metric, ascending in (("roc_auc", False), ("brier", True)):
        run = open_run(
            made_up_run(
                tmp_path / metric,
                datasets=1,
                methods=2,
                classifiers=1,
                points=None,
                priority_metrics=(metric,),
            )
        )
        state = json.loads(view_of(run))
        assert state["orderByKey"] == f"metrics.`cv_delta/{metric}`"
        assert state["orderByAsc"] is ascending
        assert f"tags.smote_bench.run = '{run.folder.name}'" in state["searchFilter"]
