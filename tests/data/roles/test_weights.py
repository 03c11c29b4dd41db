"""Weights of rows: numbers as features may have them, or refused with the first cell that is none.

Also of: dressed_cells, role_cells.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.roles.weights import weights_findings, weights_of
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError
from smote_bench.scoring import score_fold


@pytest.mark.parametrize(
    ("cells", "expected", "shown"),
    [
        (["1,234", "500", "2,000,000"], [1234, 500, 2e6], "'2,000,000' as 2000000"),
        (["50%", "7.5%"], [50, 7.5], "'7.5%' as 7.5"),
        (["0,5", "1,25"], [0.5, 1.25], "'1,25' as 1.25"),
        (["$5", "$1,000.50"], [5, 1000.5], "'$1,000.50' as 1000.5"),
        (["1.234,5", "2,5"], [1234.5, 2.5], "'1.234,5' as 1234.5"),
        (["5 kg", "6 KG"], [5, 6], "as 5"),
        (["0.36 Tsd.", "1.229 Mio."], [360, 1229000], "'1.229 Mio.' as 1229000"),
    ],
)
def test_numbers_in_clothes_are_read_as_features_are_with_a_word(tmp_path, cells, expected, shown):
    column = pd.Series(cells, name="w")
    np.testing.assert_array_equal(weights_of(column, "t"), expected)
    (found,) = weights_findings(column)
    assert shown in found.text
    assert not found.is_caveat
    rows = [f'{n}.5,"{cell}",{n % 2}' for n, cell in enumerate(cells * 2)]
    (tmp_path / "t.csv").write_text("\n".join(["x,w,y", *rows]), encoding="utf-8")
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": 1, "weights": "w"}
    source = parse_source(entry, tmp_path)
    np.testing.assert_array_equal(load_dataset(source).roles.weights, expected * 2)
    assert any(shown in one.text for one in source.findings)


def test_weights_that_may_be_read_in_two_ways_are_a_caveat():
    (found,) = weights_findings(pd.Series(["1,234", "2,345"], name="w"))
    assert found.is_caveat
    assert "',' may be read otherwise, it is taken to part thousands" in found.text


@pytest.mark.parametrize(
    "cells", [["0.5", "2.5", "999", "999"], [0.5, 2.5, 999.0, 999.0], ["$1", "$2", "$999", "$999"]]
)
def test_a_weight_that_may_stand_for_none_is_a_caveat(cells):
    found = weights_findings(pd.Series(cells, name="w"))[-1]
    assert found.is_caveat
    assert "which is 'weights', has 999 in 2 of 4 rows, all others are from" in found.text
    assert weights_findings(pd.Series([1.0, 2.0, 1000.0, 1000.0], name="w")) == []


def test_of_plain_numbers_nothing_is_said():
    assert weights_findings(pd.Series(["1", "2.5"], name="w")) == []
    assert weights_findings(pd.Series([1, 2], name="w")) == []


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (
            ["1", "much", "2", "lots"],
            r"got 2 cells that are none \('much', 'lots'\), the first in row 2 of 4",
        ),
        (
            ["50%", "7", "8%"],
            r"got 1 cells that are none \('7'\), the first in row 2 of 3: correct them; num",
        ),
        (["2 hrs", "3 hrs", "30M"], r"got 1 cells that are none \('30M'\)"),
        (["1", "inf"], r"got 1 cells that are none \('inf'\), the first in row 2 of 2"),
        (["5", "-1.5"], r"got 1 cells below 0 \('-1.5'\), the first in row 2 of 2"),
        (["$5", "($2)"], r"got 1 cells below 0 \('\(\$2\)'\)"),
        (["0", "0"], "got 0 in every row: correct them, or remove 'weights'"),
        (
            ["1", "2e300"],
            r"got 2e\+300 as the largest.* between 1e-50 and 1e\+50: .*divide all by one number",
        ),
        (["0", "1e-300"], "got 1e-300 as the largest"),
    ],
)
def test_what_is_no_weight_is_refused_with_the_first_cell_and_their_count(cells, words):
    with pytest.raises(ConfigError, match=words):
        weights_of(pd.Series(cells, name="w"), "t")


@pytest.mark.parametrize("magnitude", [1e-50, 1.0, 1e50])
def test_scores_of_the_largest_and_the_smallest_weights_are_those_of_ones(magnitude):
    rng = np.random.default_rng(0)
    y, label, score = rng.integers(0, 2, 100), rng.integers(0, 2, 100), rng.random(100)
    weights = weights_of(pd.Series(np.full(100, magnitude), name="w"), "t")
    names = ("mcc", "g_mean", "f1_macro", "roc_auc", "average_precision", "brier", "log_loss")
    found = score_fold(y, label, score, names, weights=weights)
    assert found == pytest.approx(score_fold(y, label, score, names), rel=1e-9)


@pytest.mark.parametrize(
    ("of_class", "noun"), [(1, "all 10 rows of the minority"), (0, "all 30 rows of the majority")]
)
def test_a_class_without_weight_is_refused_by_name(tmp_path, of_class, noun):
    labels = [int(n % 4 == 0) for n in range(40)]
    rows = [f"{n}.5,{int(label != of_class)},{label}" for n, label in enumerate(labels)]
    (tmp_path / "t.csv").write_text("\n".join(["x,w,y", *rows]), encoding="utf-8")
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": 1, "weights": "w"}
    with pytest.raises(ConfigError, match=f"a weight above 0 .* column 'w', .* got 0 in {noun}: no score is"):
        load_dataset(parse_source(entry, tmp_path))


def test_a_class_without_weight_on_one_side_of_a_given_split_is_refused(tmp_path):
    rows = [f"{n}.5,{int(n % 4 > 0)},{int(n % 4 == 0)}" for n in range(40)]
    (tmp_path / "test.csv").write_text("\n".join(["x,w,y", *rows]), encoding="utf-8")
    rows = [f"{n}.25,1,{int(n % 4 == 0)}" for n in range(40)]
    (tmp_path / "t.csv").write_text("\n".join(["x,w,y", *rows]), encoding="utf-8")
    entry = {"name": "t", "file": "t.csv", "test": "test.csv", "target": "y", "minority": 1, "weights": "w"}
    with pytest.raises(ConfigError, match="got 0 in all 10 rows of the minority among the rows that test"):
        load_dataset(parse_source(entry, tmp_path))


@pytest.mark.parametrize(
    "weights", [[1.0] * 99 + [1e12], [0.0] * 196 + [1.0, 2.0, 1.0, 2.0], [1e40] + [1e-40] * 50]
)
def test_weights_by_which_few_rows_count_are_a_caveat(weights):
    (found,) = weights_findings(pd.Series(weights, name="w"))
    assert found.is_caveat
    assert "scores depend on few rows" in found.text


@pytest.mark.parametrize(
    "weights",
    [[1.0] * 100, [0.0] * 90 + [1.0] * 10, np.geomspace(0.01, 10, 100), [1.0] * 9 + [1e6], [1, 2] * 50],
)
def test_weights_of_surveys_and_of_few_rows_are_none(weights):
    assert weights_findings(pd.Series(weights, name="w")) == []


def test_a_word_that_may_be_thousands_beside_bare_weights_is_a_caveat():
    (found,) = weights_findings(pd.Series([f"{n}.5 mln" for n in range(1, 20)] + ["48", "35"], name="w"))
    assert found.is_caveat
    assert "'mln' may stand for thousands or millions as well" in found.text
