"""The comparison's page in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from report.chromium import Visit
from report.two_runs import a_run

from smote_bench.report.compare.page import comparison_page
from smote_bench.report.compare.two_runs import compare_runs

if TYPE_CHECKING:
    from playwright.sync_api import Browser
from report.two_runs import FOLDS

_HOSTILE = "</script><img src=x onerror=alert(1)>{metric}"


def _opened(browser: Browser, text: str, folder: Path) -> Visit:
    file = folder / "compare.html"
    file.write_text(text, encoding="utf-8")
    return Visit.open(browser, file)


def test_figures_are_drawn_and_follow_the_metric_without_a_request(browser: Browser, tmp_path: Path) -> None:
    names = [(dataset, method) for dataset in ("one", _HOSTILE) for method in ("Original", _HOSTILE)]
    base, other = (a_run({name: [v + shift for v in FOLDS] for name in names}) for shift in (0.0, 0.1))
    visit = _opened(browser, comparison_page([compare_runs(base, other)], ["x", _HOSTILE]), tmp_path)
    for kind in ("method", "cell"):
        slot = f"figure-b-{kind}-metric"
        visit.show(slot)
        assert "roc_auc" in visit.page.locator(f"#{slot} .gtitle").text_content()
        visit.choose(f"b-by-{kind}-metric", "brier", slot)
        assert "brier" in visit.page.locator(f"#{slot} .gtitle").text_content()
        visit.choose(f"b-by-{kind}-metric", "roc_auc", slot)
    assert visit.problems == []
    assert visit.left_the_page() == []


def test_a_page_of_identical_runs_carries_no_plotting_library(browser: Browser, tmp_path: Path) -> None:
    run = a_run({("one", "SMOTE"): FOLDS})
    text = comparison_page([compare_runs(run, run)], ["x", "y"])
    assert len(text) < 100_000
    visit = _opened(browser, text, tmp_path)
    assert "identical in all 1 compared cell" in visit.page.locator(".verdict").text_content()
    assert visit.problems == []
