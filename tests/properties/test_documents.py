"""What the documents say of the kit is so."""

from __future__ import annotations

import re
from pathlib import Path

from smote_bench.properties import GROUPS, PROPERTIES, as_subject, run_property

ROOT = Path(__file__).resolve().parents[2]


def test_the_guide_lists_every_property_with_its_meaning():
    text = (ROOT / "docs" / "validate.md").read_text().partition("<!-- properties: begin -->")[2]
    listed = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", text, flags=re.MULTILINE))
    assert listed == {prop.name: prop.meaning for prop in PROPERTIES.values()}, (
        "run python tools/document_properties.py"
    )


def test_the_readme_and_the_changelog_count_the_properties():
    for name in ("README.md", "CHANGELOG.md"):
        assert f"{len(PROPERTIES)} properties" in (ROOT / name).read_text()
    assert {prop.group for prop in PROPERTIES.values()} == set(GROUPS)


def test_the_failure_that_the_guide_shows_is_real():
    text = (ROOT / "docs" / "validate.md").read_text()
    result = run_property(PROPERTIES["answers_ordinary_data"], as_subject("imblearn.over_sampling:ADASYN"))
    assert result.reason in text
    assert result.counterexample.splitlines()[-1] in text
