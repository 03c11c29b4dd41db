"""Coordinates with a side are signed degrees; watts and newtons are none."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.values.coordinates import are_coordinates, degrees

ROWS = 60


@pytest.fixture
def read(tmp_path):
    def read(values, name="a", **keys):
        labels = ["yes" if n % 4 == 0 else "no" for n in range(ROWS)]
        frame = pd.DataFrame({name: values, "x": [n % 7 for n in range(ROWS)], "y": labels})
        frame.to_csv(tmp_path / "t.csv", index=False)
        entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes", **keys}
        source = parse_source(entry, tmp_path)
        said = [one for one in source.findings if one.column == name and one.kind != "leak"]
        return load_dataset(source).X[name], said

    return read


def test_sides_become_signs_and_are_said(read):
    column, (found,) = read([f"{n + 0.5}{'NS'[n % 3 == 0]}" for n in range(ROWS)])
    assert column.tolist() == [-(n + 0.5) if n % 3 == 0 else n + 0.5 for n in range(ROWS)]
    assert "in degrees, south and west below 0, '0.5S' as -0.5" in found.text
    column, found = read([f"{n + 0.5}{'NS'[n % 3 == 0]}" for n in range(ROWS)], kinds={"a": "nominal"})
    assert len(column.cat.categories) == ROWS
    assert not found


def test_one_side_alone_takes_a_sign_of_degrees_or_the_columns_name(read):
    west = [f"{n} W" for n in range(ROWS)]
    assert read(west, name="power")[0].tolist() == [float(n) for n in range(ROWS)]
    assert read(west, name="start_lon")[0].tolist() == [float(-n) for n in range(ROWS)]
    column, (found,) = read([f"13°{n:02}'30\"W" for n in range(ROWS)], name="power")
    assert column.tolist() == pytest.approx([-(13 + (n + 0.5) / 60) for n in range(ROWS)])
    assert "has coordinates" in found.text


def test_a_few_other_cells_are_missing_and_named(read):
    column, (_, found) = read([*(f"{n}.5{'NS'[n % 2]}" for n in range(58)), "here", "95N"])
    assert column.isna().sum() == 2
    assert "has coordinates, but 2 of 60 cells are none ('here', '95N')" in found.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("52.5N", 52.5),
        ("13.4 W", -13.4),
        ("S33.9", -33.9),
        ("52°31'12\"N", 52.52),
        ("52° 30′ 36″ S", -52.51),
        ("-33°30'", -33.5),
        ("52,5N", 52.5),
        ("181E", None),
        ("91N", None),
        ("52.5", None),
        ("21°C", None),
        ("N52.5S", None),
        ("-5S", None),
    ],
)
def test_cells_as_people_write_them(text, expected):
    assert degrees(text) == expected


def test_two_axes_in_a_column_are_no_coordinates():
    assert not are_coordinates("lat", ["52.5N", "13.4E"], [1, 1])
    assert are_coordinates("place", ["13.4W", "13.4E"], [1, 1])


@given(st.floats(-90, 90).map(lambda value: round(value, 6)))
def test_every_latitude_is_read_back(value):
    assert degrees(f"{abs(value):.6f}{'S' if value < 0 else 'N'}") == value
