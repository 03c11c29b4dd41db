"""Findings say what was found and which key changes it."""

from __future__ import annotations

import pytest

from smote_bench.data.findings import Finding


@pytest.mark.parametrize(
    ("kind", "is_caveat"), [("read", False), ("left out", False), ("suspect", True), ("leak", True)]
)
def test_what_makes_scores_doubtful_is_a_caveat(kind: str, is_caveat: bool) -> None:
    assert Finding(kind, "b", "what").is_caveat == is_caveat


def test_a_finding_ends_in_its_remedy_where_it_has_one() -> None:
    assert str(Finding("leak", "b", "b is the target", "'drop: [b]' leaves it out")).endswith(
        "the target; 'drop: [b]' leaves it out"
    )
    assert str(Finding("read", "", "tabs between values")) == "tabs between values"
