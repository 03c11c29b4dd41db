"""Typed frames are drawn as said, shown as code that builds them again, and read level by level.

Also of: mixed_demands, mixed_strategies, mixed_designs.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pytest
from broken_samplers import BROKEN
from broken_samplers.mixed import PaysNothing, TakesBooleansForNumbers
from broken_samplers.mixed_plain import PlainSMOTEN, PlainSMOTENC
from imblearn.over_sampling import SMOTEN, SMOTENC

from smote_bench.properties import (
    PROPERTIES,
    Groups,
    Outlier,
    Star,
    Subject,
    TiedStar,
    Violation,
    recheck,
    run_property,
)
from smote_bench.properties.families import family_of
from smote_bench.properties.mixed_demands import demand_explained, demand_known_levels, demand_originals
from smote_bench.properties.mixed_frames import frame_code, is_number, mixed_case, read_rows
from smote_bench.properties.mixed_reference import readings
from smote_bench.properties.mixed_strategies import category, column_kinds, island_cases, mixed_cases

FRAME = pd.DataFrame(
    {
        "color": pd.Categorical(["red", "blue", "red", "red"], categories=["never", "red", "blue"]),
        "size": [1.5, 2.0, 2.5, 0.0],
        "step": pd.Categorical(["low", "top", "low", "top"], categories=["low", "mid", "top"], ordered=True),
        "word": pd.Series(["a", "b", "b", "a"], dtype=object),
        "sure": [True, False, True, True],
        "count": pd.Series([1, 2, 3, 4], dtype="int32"),
    }
)
LABELS = np.array([0, 0, 1, 1])


def test_the_code_of_a_frame_builds_it_again():
    names: dict[str, pd.DataFrame] = {}
    exec(f"import pandas as pd\nagain = {frame_code(FRAME)}", names)
    again = names["again"]
    pd.testing.assert_frame_equal(again, FRAME)
    assert list(again["color"].cat.categories) == ["never", "red", "blue"]
    assert [name for name in FRAME if is_number(FRAME[name])] == ["size", "count"]


def test_levels_are_read_by_value_and_unknown_ones_are_told():
    case = mixed_case(FRAME, LABELS)
    came = pd.concat([FRAME, FRAME.iloc[[2]].assign(color="green", word="b")], ignore_index=True)
    rows = read_rows(case, came, [*LABELS, 1])
    assert rows.levels[:, 0].tolist() == [0, 1, 0, 0, -1]
    assert rows.numbers[:, 1].tolist() == [1, 2, 3, 4, 3]
    # In another order of columns, and as an array.
    assert read_rows(case, came[came.columns[::-1]], [*LABELS, 1]).levels.tolist() == rows.levels.tolist()
    assert (
        read_rows(case, came.astype(object).to_numpy(), [*LABELS, 1]).levels.tolist() == rows.levels.tolist()
    )
    with pytest.raises(Violation, match=r"shape \(n, 6\)"):
        read_rows(case, came.iloc[:, :2].to_numpy(), [*LABELS, 1])
    with pytest.raises(Violation, match="numbers in column 'size'"):
        read_rows(case, came.astype(object).assign(size="x"), [*LABELS, 1])


def test_demands_name_the_row():
    case = mixed_case(FRAME, LABELS)
    with pytest.raises(Violation, match=r"expected row 1 to be .*'blue'.* got .*'red'"):
        demand_originals(case, (FRAME.assign(color="red"), LABELS))
    more = pd.concat([FRAME, FRAME.iloc[[2]].assign(color="blue")], ignore_index=True)
    with pytest.raises(Violation, match=r"levels that rows of class 1 have.*'blue'"):
        demand_known_levels(case, (more, [*LABELS, 1]))
    subject = Subject(PlainSMOTENC, params={"k_neighbors": 1})
    with pytest.raises(Violation, match="1 of 1 are not"):
        demand_explained(subject, case, (more, [*LABELS, 1]))


@pytest.mark.parametrize("sampler", [PlainSMOTENC, PlainSMOTEN])
@pytest.mark.parametrize("strategy", [mixed_cases, island_cases])
def test_what_is_drawn_has_enough_rows_and_a_level_of_the_majority_alone(strategy, sampler):
    subject = Subject(sampler)

    @hypothesis.settings(
        max_examples=10, database=None, deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
    )
    @hypothesis.given(strategy(subject, kinds=("nominal", "ordinal")))
    def drawn(case):
        frame = case.frame
        assert (case.y == 1).sum() > subject.k(case)
        assert (case.y == 0).sum() > (case.y == 1).sum()
        assert any(is_number(frame[name]) for name in frame) == (subject.family == "smotenc")
        rows = read_rows(case, frame, case.y)
        own = [set(rows.levels[case.y == 1, c].tolist()) for c in range(rows.levels.shape[1])]
        assert any(set(rows.levels[:, c].tolist()) - own[c] for c in range(rows.levels.shape[1]))

    drawn()


def test_kinds_of_columns_are_found_by_a_call():
    assert column_kinds(Subject(PlainSMOTENC)) == ("nominal", "ordinal", "text", "object", "boolean")
    assert column_kinds(Subject(TakesBooleansForNumbers)) == ("nominal", "ordinal", "text", "object")
    assert column_kinds(Subject(SMOTENC)) == ("nominal", "ordinal")
    assert set(column_kinds(Subject(SMOTEN))) >= {"nominal", "ordinal", "object"}
    assert category("ordinal", np.array([0, 2])).tolist() == ["low", "high"]


def test_families_of_mixed_samplers_are_known_and_those_of_their_heirs():
    class Mine(SMOTENC):
        """A variant of it."""

    assert Subject(SMOTENC).family == "smotenc"
    assert family_of(Mine("auto")) == ("smotenc", "the list of known samplers")
    assert family_of(SMOTEN())[0] == "smoten"
    assert Subject(PlainSMOTEN).family == "smoten"


def test_categories_are_told_by_their_types_where_a_constructor_wants_to_know():
    assert Subject(SMOTENC).fresh().categorical_features == "auto"
    assert Subject(SMOTENC, params={"categorical_features": [0]}).params == {"categorical_features": [0]}
    assert Subject(PlainSMOTENC).params == {}


def test_in_a_tied_star_a_and_b_have_half_of_the_votes():
    star = TiedStar(Star(5, (0,) * 8, 100, seed=3), 4)
    frame, y = star.data()
    own = frame[y == 1]
    assert own["level"].value_counts()[["A", "B"]].tolist() == [2, 2]
    assert own["level"].nunique() == len(own) - 2


def test_groups_are_told_by_their_columns():
    groups = Groups(4, 3, 100)
    frame, y = groups.data()
    assert (y == 1).sum() == 15
    case = mixed_case(frame, y)
    own = read_rows(case, frame, y).of(np.flatnonzero(y == 1))
    assert np.bincount(groups.of(case, own)).tolist() == [5, 5, 5]
    assert groups.tied_counts(case, own).tolist() == [[2, 2]] * 3


FOUND = (
    "SortsCategories",
    "CutsOffWholeNumbers",
    "LetsNeighborsVoteAlone",
    "FillsWhatIsMissing",
    "WantsTwoNumbers",
)

RUN = """
import json, sys, warnings
warnings.simplefilter("ignore")
for name, code in json.load(sys.stdin).items():
    try:
        exec(compile(code, name, "exec"), {"__name__": "pasted"})
    except AssertionError:
        print("asserted", name)
    except Exception as error:
        print("raised", name, repr(error))
    else:
        print("passed", name)
"""


def test_pasted_findings_of_frames_assert_their_failure_in_a_new_process(monkeypatch):
    monkeypatch.setattr("smote_bench.properties.engine._SHRINK_CALLS", 20)
    codes = {}
    for name in FOUND:
        made = BROKEN[name]
        result = run_property(
            PROPERTIES[made.killed_by[0]], Subject(made.sampler, family=made.family), seed=1
        )
        codes[name] = result.counterexample
    tests = str(Path(__file__).resolve().parents[1])
    child = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {tests!r})\n{RUN}"],
        input=json.dumps(codes),
        capture_output=True,
        text=True,
        check=True,
    )
    assert child.stdout.splitlines() == [f"asserted {name}" for name in FOUND]


def test_recheck_takes_a_frame():
    frame = FRAME[["color", "size"]]
    recheck("mixed_input_comes_first", PlainSMOTENC, frame, [0, 0, 1, 1], params={"k_neighbors": 1})
    assert PaysNothing().oversampler_family == "smotenc"


@pytest.mark.parametrize("k", [1, 2, 3, 5])
@pytest.mark.parametrize("family", ["smotenc", "smoten"])
def test_an_outlier_is_nobodys_neighbor_by_any_reading(family, k):
    X, y = Outlier(k, 50, numbers=family == "smotenc", seed=3).data()
    rows = read_rows(mixed_case(X, y), X, y)
    has_a = (X["vote"] == "A").to_numpy()[y == 1]
    assert has_a.sum() == 1 + k
    for reading in readings(family, rows, 1, k):
        near = reading.possible
        # Of the rows with A the outlier alone has such rows for neighbours, and it has no others.
        asks_a = near[:, has_a].any(axis=1)
        outlier = int(np.flatnonzero(asks_a & has_a)[0])
        assert (asks_a & has_a).sum() == 1
        assert near[outlier].sum() == k
        assert has_a[near[outlier]].all()
        assert not near[:, outlier].any()
