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

__all__ = ["Visit", "browser", "find_chromium"]

VARIABLE = "SMOTE_BENCH_CHROMIUM"
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_PATIENCE = 60_000
"""Milliseconds that a page may take on a busy machine before a test gives up."""


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
        """Make a choice and wait until a slot shows something else."""
        before = self.page.locator(f"#{slot}").get_attribute("data-shown")
        self.page.select_option(f"#{selector}", value)
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
