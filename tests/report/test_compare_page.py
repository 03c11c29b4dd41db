"""The comparison's page in a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from report.two_runs import a_run

from smote_bench.report.compare import compare_runs
from smote_bench.report.compare_page import comparison_page

FOLDS = [0.5, 0.6, 0.7, 0.6, 0.6]
_HOSTILE = "</script><img src=x onerror=alert(1)>{metric}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    api = pytest.importorskip(
        "playwright.sync_api",
        reason="needs playwright: pip install playwright && playwright install chromium",
    )
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with api.sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except api.Error as error:
            pytest.skip(f"needs Chromium (apt install chromium, or playwright install chromium): {error}")
        yield started
        started.close()


def _opened(browser: Any, text: str, folder: Path) -> tuple[Any, list[str]]:
    file = folder / "compare.html"
    file.write_text(text, encoding="utf-8")
    page = browser.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: None if request.url == file.as_uri() else troubles.append(request.url))
    page.on("dialog", lambda dialog: (troubles.append(dialog.message), dialog.dismiss()))
    page.goto(file.as_uri())
    return page, troubles


def test_figures_are_drawn_and_follow_the_metric_without_a_request(browser: Any, tmp_path: Path) -> None:
    names = [(dataset, method) for dataset in ("one", _HOSTILE) for method in ("Original", _HOSTILE)]
    base, other = (a_run({name: [v + shift for v in FOLDS] for name in names}) for shift in (0.0, 0.1))
    page, troubles = _opened(browser, comparison_page([compare_runs(base, other)], ["x", _HOSTILE]), tmp_path)
    for kind in ("method", "cell"):
        place = page.locator(f"#figure-b-{kind}-metric")
        place.scroll_into_view_if_needed()
        place.locator("svg.main-svg").first.wait_for()
    title = page.locator("#figure-b-method-metric .gtitle")
    assert "roc_auc" in title.text_content()
    page.locator("#figure-b-method-metric").scroll_into_view_if_needed()
    page.select_option("select[data-state=metric] >> nth=0", "brier")
    page.wait_for_function(
        "document.querySelector('#figure-b-method-metric .gtitle').textContent.includes('brier')"
    )
    assert troubles == []
    page.close()


def test_a_page_of_identical_runs_carries_no_plotting_library(browser: Any, tmp_path: Path) -> None:
    run = a_run({("one", "SMOTE"): FOLDS})
    text = comparison_page([compare_runs(run, run)], ["x", "y"])
    assert len(text) < 100_000
    page, troubles = _opened(browser, text, tmp_path)
    assert "identical in all 1 compared cell" in page.locator(".verdict").text_content()
    assert troubles == []
    page.close()
