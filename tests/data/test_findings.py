"""Findings say what was found and which key changes it."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.data.findings import Finding, together, yaml_name


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


def alike(n: int) -> list[Finding]:
    return [
        Finding(
            "left out", f"c{k}", f"t.csv: column 'c{k}' is left out: {k:,} texts", f"'keep: [c{k}]' keeps it"
        )
        for k in range(n)
    ]


def test_many_that_say_the_same_are_one_with_their_number() -> None:
    other = Finding("read", "", "t.csv: tabs between cells")
    assert together([*alike(8), other]) == [*alike(8), other]
    first, last = together([*alike(2000)[:1000], other, *alike(2000)[1000:]])
    assert last == other
    assert str(first).startswith(
        "t.csv: column 'c0' is left out: 0 texts, and 1,999 more columns alike: 'c1', 'c2', 'c3', 'c4', "
    )
    assert first.remedy == "'keep: [c0]' keeps it"


def test_what_is_said_of_rows_or_in_other_words_stays_by_itself() -> None:
    of_rows = [Finding("suspect", "", f"{n} rows are equal") for n in range(20)]
    of_kinds = [
        Finding(kind, f"c{n}", f"column 'c{n}' is one") for n in range(6) for kind in ("read", "leak")
    ]
    assert together([*of_rows, *of_kinds]) == [*of_rows, *of_kinds]
