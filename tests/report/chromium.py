"""A headless Chromium for tests of pages: found on this machine, or the test says how to get one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["CONTRASTS", "Visit", "browser", "find_chromium"]

VARIABLE = "SMOTE_BENCH_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE = 60_000
"""Milliseconds that a page may take on a busy machine before a test gives up."""

# Text of HTML and of figures with a ratio of contrast below WCAG 2's AA. Text in the fields of heat maps and
# bars, which lies on what is drawn below it, is left to test_colours.py.
CONTRASTS = """() => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const luminance = (rgb) => {
    const [r, g, b] = rgb
      .map((c) => c / 255)
      .map((s) => (s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const svg = at.querySelector?.(":scope > .svg-container > svg > rect, :scope > svg > rect") ?? null;
      if (svg && element.closest("svg")) return channels(getComputedStyle(svg).fill).slice(0, 3);
      const rgb = channels(getComputedStyle(at).backgroundColor);
      if (rgb.length === 3 || rgb[3] === 1) return rgb.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const poor = [], grounds = [];
  let n = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility()) continue;
    if (element.closest("script, option, .heatmaplayer, .bars")) continue;
    const style = getComputedStyle(element);
    const ink = channels(element.closest("svg") ? style.fill : style.color);
    if (ink.length < 3 || ink[3] === 0) continue;
    const ground = groundOf(element);
    const [dark, light] = [luminance(ink.slice(0, 3)), luminance(ground)].sort((a, b) => a - b);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    n += 1;
    grounds.push(luminance(ground));
    if (ratio < (large ? 3 : 4.5)) poor.push([node.data.trim().slice(0, 40), ink, ground, ratio]);
  }
  return { n, poor, grounds, paper: luminance(channels(getComputedStyle(document.body).backgroundColor)) };
}"""


def find_chromium(environment: Mapping[str, str]) -> str:
    """Return the path of Chromium; skip the test where there is none, and fail it in CI.

    In CI a test that is skipped would prove nothing for as long as nobody looks.
    """
    named = environment.get(VARIABLE)
    found = named or next(filter(None, (shutil.which(n, path=environment.get("PATH")) for n in _NAMES)), "")
    if found and Path(found).exists():
        return found
    message = (
        f"expected Chromium as one of {', '.join(_NAMES)} on PATH or at {VARIABLE}, got {named!r}: "
        "install it (Debian and Ubuntu: apt-get install chromium; Fedora: dnf install chromium; macOS: brew "
        f"install --cask chromium) or set {VARIABLE} to its path"
    )
    if environment.get("CI", "").lower() in ("1", "true", "yes"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for all tests of a module."""
    path = find_chromium(os.environ)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # The sandbox refuses to run as root, which containers do.
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@dataclass
class Visit:
    """A page opened from disk, with everything that went wrong or left it."""

    page: Page
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @classmethod
    def open(cls, browser: Browser, path: Path, *, before: str = "", script: bool = True) -> Visit:
        """Open a file at 1280 x 800; `before` is JavaScript run before the page's own."""
        page = browser.new_context(
            viewport={"width": 1280, "height": 800}, java_script_enabled=script
        ).new_page()
        page.set_default_timeout(_PATIENCE)
        visit = cls(page)
        page.on("console", lambda said: visit.problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: visit.problems.append(str(error)))
        page.on("dialog", lambda dialog: visit.problems.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: visit.requests.append(request.url))
        if before:
            page.add_init_script(before)
        page.goto(path.as_uri())
        return visit

    def show(self, slot: str) -> None:
        """Bring a slot into view and wait until it is filled."""
        self.page.locator(f"#{slot}").scroll_into_view_if_needed()
        self.page.wait_for_selector(f"#{slot}[data-shown]", state="attached")

    def choose(self, selector: str, value: str, slot: str) -> None:
        """Make a choice and wait until a slot shows something else, once it is seen."""
        before = self.page.locator(f"#{slot}").get_attribute("data-shown")
        self.page.select_option(f"#{selector}", value)
        self.page.locator(f"#{slot}").scroll_into_view_if_needed()
        self.page.wait_for_function(
            "([slot, before]) => document.getElementById(slot).dataset.shown !== before", arg=[slot, before]
        )

    def trace(self, slot: str, place: int, part: str) -> object:
        """Return an attribute of a trace of a drawn figure."""
        return self.page.evaluate(
            "([slot, place, part]) => document.getElementById(slot).data[place][part]", [slot, place, part]
        )

    def left_the_page(self) -> list[str]:
        """Return the requests for anything but the file itself."""
        return [u for u in self.requests if not u.startswith(("file:", "data:", "blob:"))] + [
            u
            for u in self.requests
            if u.startswith("file:") and u.split("#")[0] != self.page.url.split("#")[0]
        ]
