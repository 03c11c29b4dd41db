"""Findings say what was found and which key changes it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.data.findings import Finding, yaml_name


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


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)


@given(TEXTS | st.sampled_from(["no", "Unnamed: 0", "1", "a#b", "x y ", "null", "x:", "x: y"]))
def test_a_name_in_a_remedy_is_read_by_yaml_as_it_is(name: str) -> None:
    assert yaml.safe_load(f"drop: [{yaml_name(name)}]") == {"drop": [name]}
    assert yaml.safe_load(f"groups: {yaml_name(name)}") == {"groups": name}
