#!/usr/bin/env python3
"""Make the screenshot of a run's cells in MLflow's page that docs/mlflow.md shows.

    smote-bench track reports/latest --to mlflow    # says what to start and the link
    python tools/mlflow_screenshot.py LINK --until Satimage --out docs/images/mlflow_runs.png

Needs Chromium on PATH, or its path in SMOTE_BENCH_CHROMIUM.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from screenshots import chromium, save

MAX_BYTES = 150_000
_PATIENCE = 120_000

# A panel that MLflow opens on the first visit, over a third of the page.
_WITHOUT_ASSISTANT = (
    "for (const [key, value] of [['mlflow.assistant.panelOpen_v1', 'false'],"
    " ['mlflow.assistant.fab.autoOpenedOnFirstLoad_v1', 'true']]) localStorage.setItem(key, value);"
)


def main() -> None:
    """Read the command line, take the picture, say where it is."""
    parser = argparse.ArgumentParser(description="Make the screenshot of a run's cells in MLflow's page.")
    parser.add_argument("link", help="as `smote-bench track` says it")
    parser.add_argument("--until", required=True, help="a text that is there when the table is")
    parser.add_argument("--out", type=Path, default=Path("docs/images/mlflow_runs.png"))
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=640)
    options = parser.parse_args()
    save(take(options.link, options.until, (options.width, options.height)), options.out)
    size = options.out.stat().st_size
    if size > MAX_BYTES:
        raise SystemExit(f"expected at most {MAX_BYTES} bytes, got {size} in {options.out}: make it smaller")
    print(f"{options.out} ({size / 1000:.0f} kB)")


def take(link: str, until: str, size: tuple[int, int]) -> bytes:
    """Return the picture of a page once a text is on it."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": size[0], "height": size[1]})
        page.set_default_timeout(_PATIENCE)
        page.add_init_script(_WITHOUT_ASSISTANT)
        page.goto(link)
        page.get_by_text(until).first.wait_for()
        # What MLflow says of every shared view, and the way to its other pages, take half of the picture.
        for name in ("Hide banner", "Toggle sidebar"):
            if page.get_by_label(name).count():
                page.get_by_label(name).first.click()
        page.get_by_text(until).first.wait_for()
        picture: bytes = page.screenshot(animations="disabled")
        browser.close()
    return picture


if __name__ == "__main__":
    main()
