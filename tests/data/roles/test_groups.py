"""Groups on both sides of a given split are refused, however their names are written."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.roles.groups import alike_groups, joined_spellings, lone_groups, unknown_groups
from smote_bench.data.roles.keys import RoleKeys
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError


def write(path, groups, part=""):
    lines = [f"{n}.5,{group},{part or 'train'},{n % 3 // 2}" for n, group in enumerate(groups)]
    path.write_text("\n".join(["x,g,part,y", *lines]) + "\n")


def parse(folder, **keys):
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": 1, "groups": "g", **keys}
    return parse_source(entry, folder)


OTHERWISE = [
    ("1", "1", ""),
    ("1", "1.0", "1 are written otherwise, as '1' and '1.0', which are one number"),
    ("1.50", "1.5", "as '1.50' and '1.5', which are one number"),
    ("P1", "p1", "as 'P1' and 'p1', which differ in case alone"),
    ("straße", "STRASSE", "which differ in case alone"),
    ("P-1", "P–1", "which look or mean the same"),
    ("Ward 3", "Ward  3", "which look or mean the same"),
    ("2024-03-05", "05.03.2024", "which look or mean the same"),
]


@pytest.mark.parametrize(("train", "test", "told"), OTHERWISE)
def test_a_group_of_the_test_file_that_trains_is_refused_however_it_is_written(tmp_path, train, test, told):
    write(tmp_path / "t.csv", [train, train, "7", "8", "9", "10"])
    write(tmp_path / "later.csv", ["11", test, test, "12", "13", "14"])
    with pytest.raises(ConfigError, match=r"no group on both sides .* got 1 with 2 rows") as said:
        load_dataset(parse(tmp_path, test="later.csv", drop=["part"]))
    assert told in str(said.value)


@pytest.mark.parametrize(("train", "test", "told"), OTHERWISE)
def test_so_is_one_on_both_sides_of_a_split_column(tmp_path, train, test, told):
    write(tmp_path / "t.csv", [train, "7", "8", "9"])
    write(tmp_path / "tested.csv", [test, test, "12", "13"], "test")
    below = (tmp_path / "tested.csv").read_text().split("\n", 1)[1]
    (tmp_path / "t.csv").write_text((tmp_path / "t.csv").read_text() + below)
    with pytest.raises(ConfigError, match=r"no group on both sides .* got 1 with 2 rows") as said:
        load_dataset(parse(tmp_path, split="part"))
    assert told in str(said.value)


def test_numbers_of_parquet_are_the_groups_of_a_text_file(tmp_path):
    import pandas as pd

    write(tmp_path / "t.csv", ["1", "2", "3", "4"])
    pd.read_csv(tmp_path / "t.csv").to_parquet(tmp_path / "t.parquet")
    write(tmp_path / "later.csv", ["4.0", "5.0", "6.0", "7.0"])
    with pytest.raises(ConfigError, match=r"as '4' and '4\.0', which are one number"):
        load_dataset(parse(tmp_path, file="t.parquet", test="later.csv", drop=["part"]))


def test_long_numbers_that_floats_make_equal_are_two_groups(tmp_path):
    write(tmp_path / "t.csv", ["9007199254740992", "2", "3", "4"])
    write(tmp_path / "later.csv", ["9007199254740993", "5", "6", "7"])
    found = load_dataset(parse(tmp_path, test="later.csv", drop=["part"]))
    assert len(set(found.roles.groups.tolist())) == 8


def test_groups_in_several_spellings_are_said():
    frame = pd.DataFrame({"who": ["P1", "p1", "P2"]})
    (found,) = joined_spellings(frame, RoleKeys(groups="who"))
    assert (found.kind, found.column) == ("read", "who")
    assert "1 of 2 groups are written in several ways, as 'P1' and 'p1'" in found.text
    assert joined_spellings(frame.iloc[1:], RoleKeys(groups="who")) == []
    assert joined_spellings(frame, RoleKeys(groups="who"), 2) == [found]
    assert joined_spellings(frame, RoleKeys()) == []


def test_groups_of_one_row_each_are_said_to_join_nothing():
    keys = RoleKeys(groups="visit")
    (found,) = lone_groups(keys, np.arange(3))
    assert found.is_caveat
    assert "column 'visit': each of the 3 groups has one row, and 'groups' keeps none together" in found.text
    assert lone_groups(keys, np.array([0, 1, 0])) == []
    assert lone_groups(RoleKeys(), None) == []


def test_an_identifier_under_groups_silences_no_finding_of_a_patient(tmp_path):
    lines = [f"V{n},P{n // 6},{n * 7919 % 1009}.5,{n // 6 * 13 % 80 // 60}" for n in range(480)]
    (tmp_path / "t.csv").write_text("\n".join(["visit,patient,x,y", *lines]) + "\n")
    for more in ({}, {"drop": ["patient"]}):
        found = parse(tmp_path, groups="visit", **more).findings
        assert [one.column for one in found if one.is_caveat] == ["visit", "patient"]


@pytest.mark.parametrize(
    ("groups", "unknown"),
    [
        (["1", "2", "3", "3", "-999", "-999"], "-999"),
        (["P1", "P2", "P2", "-999", "-999"], "-999"),
        (["Smith", "Jones", "Unknown", "Unknown"], "Unknown"),
        (["Schmidt", "Unbekannt", "Unbekannt"], "Unbekannt"),
        ([1.0, 2.0, 2.0, 9999.0, 9999.0], "9999.0"),
    ],
)
def test_a_group_of_all_that_are_unknown_is_suspected(groups, unknown):
    (found,) = unknown_groups(pd.DataFrame({"who": groups}), RoleKeys(groups="who"))
    assert found.is_caveat
    assert f"2 of {len(groups)} rows have '{unknown}', which may stand for an unknown group" in found.text


@pytest.mark.parametrize(
    "groups", [["1", "2", "99"], ["98", "99", "99", "100"], ["P1", "P2", "99"], ["a", "unknown"], ["a", "a"]]
)
def test_one_row_and_a_number_among_others_are_not(groups):
    assert unknown_groups(pd.DataFrame({"who": groups}), RoleKeys(groups="who")) == []
    assert unknown_groups(pd.DataFrame({"who": groups}), RoleKeys()) == []


@pytest.mark.parametrize(
    "groups",
    [
        *(
            ["P_3", "P 3", "P 4"],
            ["Zürich", "Zurich"],
            ["2024-03-05", "3/13/2024"],
            ["05.03.2024", "05/03/2024"],
        ),
        *(
            ["P03", "P3"],
            ["Patient 012", "Patient 12"],
            ["#007", "#7"],
            ["2024/0012", "2024/12"],
            ["07A", "7A"],
        ),
    ],
)
def test_groups_that_are_kept_apart_and_may_be_one_are_suspected(groups):
    (found,) = alike_groups(pd.DataFrame({"who": groups}), RoleKeys(groups="who"))
    assert found.is_caveat
    assert f"{groups[0]!r}" in found.text
    assert f"{groups[1]!r}" in found.text


@pytest.mark.parametrize(
    "groups",
    [
        ["P1", "p1", "P2"],
        ["1", "-1", "1.5"],
        ["A+", "A-"],
        ["3/5/2024", "3/6/2024"],
        ["1-11", "11-1"],
        ["P10", "P1"],
        ["v1.05", "v1.5"],
        ["P0", "P00A"],
    ],
)
def test_other_groups_are_not(groups):
    assert alike_groups(pd.DataFrame({"who": groups}), RoleKeys(groups="who")) == []
    assert alike_groups(pd.DataFrame({"who": groups}), RoleKeys()) == []


def test_groups_that_differ_in_signs_may_differ_in_zeros_from_another():
    signs, zeros = alike_groups(pd.DataFrame({"who": ["P_03", "P 03", "P3"]}), RoleKeys(groups="who"))
    assert "'P_03'" in signs.text
    assert "'P 03'" in signs.text
    assert "'P3'" in zeros.text
