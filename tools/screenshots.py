#!/usr/bin/env python3
"""Make the screenshots of a run's page that README and docs show.

    python tools/screenshots.py reports/latest --out docs/images
    python tools/screenshots.py reports/latest --out docs/images --dataset Satimage --method SMOTE

Writes ``report_SECTION.png`` for each section, at 1280 pixels wide, and ``report_first_screen.png``, what a
reader sees first at 1280 x 800. Needs Chromium on PATH, or its path in SMOTE_BENCH_CHROMIUM.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from smote_bench.report.page import page as page_of_a_run

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Page

SECTIONS = tuple(section.name for section in page_of_a_run.SECTIONS)
CHOICES = ("dataset", "method", "classifier", "metric")
MAX_BYTES = 300_000
_PATIENCE = 120_000
_TALLEST = 2200


def main() -> None:
    """Read the command line, take the pictures, say where they are."""
    parser = argparse.ArgumentParser(description="Make the screenshots of a run's page.")
    parser.add_argument("run", type=Path, help="a run's folder with its report.html, or the file itself")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--sections", nargs="*", choices=SECTIONS, default=list(SECTIONS))
    for choice in CHOICES:
        parser.add_argument(f"--{choice}", help="to be selected on the page")
    options = parser.parse_args()
    page = options.run if options.run.is_file() else options.run / "report.html"
    if not page.is_file():
        raise SystemExit(f"expected {page}, got no file: make it with `smote-bench report {options.run}`")
    options.out.mkdir(parents=True, exist_ok=True)
    chosen = {name: value for name in CHOICES if (value := getattr(options, name))}
    for path in take(page.resolve(), options.out, options.sections, chosen):
        print(f"{path} ({path.stat().st_size / 1000:.0f} kB)")


def take(report: Path, out: Path, sections: list[str], chosen: dict[str, str]) -> list[Path]:
    """Take the pictures and return their paths."""
    from playwright.sync_api import sync_playwright

    written = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(_PATIENCE)
        page.goto(f"{report.as_uri()}#answer?{urlencode(chosen)}")
        _wait(page, "answer")
        page.evaluate("scrollTo(0, 0)")
        written.append(save(page.screenshot(), out / "report_first_screen.png"))
        # Above a section it would hide what is under it.
        page.add_style_tag(content="header { position: static !important }")
        for section in sections:
            _wait(page, section)
            picture = page.screenshot(full_page=True, clip=_frame(page, section))
            written.append(save(picture, out / f"report_{section.replace('-', '_')}.png"))
        browser.close()
    return written


def chromium() -> str:
    """Return the path of Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("SMOTE_BENCH_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise SystemExit(f"expected one of {', '.join(names)} on PATH, got none: apt-get install chromium")
    return found


def _wait(page: Page, section: str) -> None:
    """Bring each place of a section into view until it is filled."""
    for slot in page.locator(f"section#{section} .slot").all():
        slot.evaluate("slot => slot.scrollIntoView({ behavior: 'instant' })")
        page.wait_for_selector(f"#{slot.get_attribute('id')}[data-shown]", state="attached")


def _frame(page: Page, section: str) -> FloatRect:
    """Return where a section is in the page, over its full width."""
    top, height = page.evaluate(
        "name => { const box = document.getElementById(name).getBoundingClientRect();"
        " return [box.top + scrollY, box.height]; }",
        section,
    )
    return {"x": 0, "y": top, "width": 1280, "height": min(height, _TALLEST)}


def save(picture: bytes, path: Path) -> Path:
    """Save a picture in 256 colours."""
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    # A colour of few pixels, as in a legend, keeps its place among the 256: a median cut greys it.
    image.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > MAX_BYTES:
        raise SystemExit(
            f"expected at most {MAX_BYTES} bytes, got {path.stat().st_size} in {path}: "
            "choose another data set"
        )
    return path


if __name__ == "__main__":
    main()
