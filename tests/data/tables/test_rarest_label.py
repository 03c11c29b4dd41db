"""The rarest label is taken for the minority where it may be a label."""

from __future__ import annotations

from pathlib import Path

import pytest

from smote_bench.data.files.read_keys import ReadKeys
from smote_bench.data.tables.rarest_label import rarest_label
from smote_bench.errors import ConfigError


def _rarest(folder: Path, *labels: str, first: str = "") -> str:
    path = folder / "t.csv"
    rows = [f"{n},{label}" for n, label in enumerate(labels)]
    path.write_text("\n".join(["x,y", *filter(None, [first]), *rows]) + "\n")
    return rarest_label(path, "y", ReadKeys())


def test_the_label_in_the_fewest_rows_is_taken(tmp_path: Path) -> None:
    assert _rarest(tmp_path, *["no"] * 40, *["yes"] * 9, "NA") == "yes"
    assert _rarest(tmp_path, "no", "no", "no", "yes") == "yes"


@pytest.mark.parametrize("marker", ["None", "unknown", "-", "missing"])
def test_what_may_stand_for_a_missing_label_is_not_guessed(tmp_path: Path, marker: str) -> None:
    with pytest.raises(ConfigError, match=f"got '{marker}' in 9 of 80 rows .* may stand for a missing label"):
        _rarest(tmp_path, *["a"] * 40, *["b"] * 31, *[marker] * 9)
    assert _rarest(tmp_path, *["a"] * 9, *["b"] * 31, *[marker] * 20) == "a"


@pytest.mark.parametrize("marker", ["-999", "-9", "99"])
def test_a_number_that_may_stand_for_a_missing_label_is_not_guessed(tmp_path: Path, marker: str) -> None:
    with pytest.raises(ConfigError, match=f"got '{marker}' in 9 of 80 rows .* may stand for a missing label"):
        _rarest(tmp_path, *["0"] * 40, *["1"] * 31, *[marker] * 9)
    assert _rarest(tmp_path, *["0"] * 40, *[marker] * 9) == marker


@pytest.mark.parametrize("first", ["°C,unit", "---|---,---|"])
def test_a_line_that_is_no_row_is_not_guessed(tmp_path: Path, first: str) -> None:
    label = first.partition(",")[2]
    with pytest.raises(ConfigError) as told:
        _rarest(tmp_path, *["a"] * 40, *["b"] * 31, first=first)
    assert f"got {label!r} in 1 of 72 rows (line 2: " in str(told.value)
    assert "--comment" in str(told.value)


def test_one_label_asks_for_another_target(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="got 'a' in all rows: another column may be the target"):
        _rarest(tmp_path, "a", "a", "NA")
    with pytest.raises(ConfigError, match=r"expected two labels .*, got none"):
        _rarest(tmp_path, "NA", "NA")


def test_many_numbers_ask_for_a_condition(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"got 50 .*as in --minority '> 0.5'"):
        _rarest(tmp_path, *(str(n / 7) for n in range(50)))
