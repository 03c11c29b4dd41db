"""Each page on a bug of a released sampler has a script that asserts it, in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted((DOCS / "defects").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_script_asserts_the_bug(page):
    if page.stem.startswith("smote_variants") and find_spec("smote_variants") is None:
        pytest.skip("smote_variants is not installed")
    (script,) = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("AssertionError: expected "), last


def test_there_are_five_each_with_values_a_place_and_a_mend():
    assert len(PAGES) == 5
    index = (DOCS / "violations.md").read_text(encoding="utf-8")
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for part in ("- right: ", "- wrong, what comes: ", "## Where", "## A mend", "```diff"):
            assert part in text, (page.name, part)
        assert f"(defects/{page.name})" in index
