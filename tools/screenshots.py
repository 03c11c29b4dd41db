#!/usr/bin/env python3
"""Make the screenshots of a run's page that README and docs show.

    python tools/screenshots.py reports/latest --out docs/images
    python tools/screenshots.py reports/latest --out docs/images --dataset Satimage --method SMOTE

Writes ``report_SECTION.png`` for each section, at 1280 pixels wide; ``report_first_screen.png``, what a
reader sees first at 1280 x 800; ``report_dark.png``, the same in the dark; and ``report_phone.png``, the cost
at 390 pixels. Needs Chromium on PATH, or its path in SMOTE_BENCH_CHROMIUM.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from smote_bench.report.page import page as page_of_a_run

if TYPE_CHECKING:
    from playwright.sync_api import FloatRect, Page

SECTIONS = tuple(section.name for section in page_of_a_run.SECTIONS)
CHOICES = ("dataset", "method", "classifier", "metric")
MAX_BYTES = 300_000
_PATIENCE = 120_000
_TALLEST = 2200
_DESK = {"width": 1280, "height": 800}
_PHONE = {"width": 390, "height": 844}


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

        def opened(**looks: Any) -> Page:
            page = browser.new_page(**looks)
            page.set_default_timeout(_PATIENCE)
            page.goto(f"{report.as_uri()}#answer?{urlencode(chosen)}")
            _wait(page, "answer")
            page.evaluate("scrollTo(0, 0)")
            return page

        page = opened(viewport=_DESK)
        written.append(save(page.screenshot(), out / "report_first_screen.png"))
        written += [
            save(_picture(page, section), out / f"report_{section.replace('-', '_')}.png")
            for section in sections
        ]
        dark = opened(viewport=_DESK, color_scheme="dark")
        written.append(save(dark.screenshot(), out / "report_dark.png"))
        phone = opened(viewport=_PHONE, is_mobile=True, has_touch=True)
        written.append(save(_picture(phone, "cost"), out / "report_phone.png"))
        browser.close()
    return written


def _picture(page: Page, section: str) -> bytes:
    # Above a section it would hide what is under it.
    page.add_style_tag(content="header { position: static !important }")
    _wait(page, section)
    return page.screenshot(full_page=True, clip=_frame(page, section))


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
    wide = (page.viewport_size or _DESK)["width"]
    return {"x": 0, "y": top, "width": wide, "height": min(height, _TALLEST)}


def save(picture: bytes, path: Path) -> Path:
    """Save a picture in the 256 colours that most of its pixels have; the others become the nearest of them.

    What is drawn has few colours, and edges have the rest: a palette of all of them
    turns pale grounds pink.
    """
    from PIL import Image

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    counted: Any = image.getcolors(image.width * image.height)
    frequent = [colour for _, colour in sorted(counted, reverse=True)[:256]]
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in frequent for channel in colour])
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > MAX_BYTES:
        raise SystemExit(
            f"expected at most {MAX_BYTES} bytes, got {path.stat().st_size} in {path}: "
            "choose another data set"
        )
    return path


if __name__ == "__main__":
    main()
