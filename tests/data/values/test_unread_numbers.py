"""Texts with a number each are told from codes: most are measurements in a form that is not known."""

from __future__ import annotations

import pandas as pd
import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.values.unread_numbers import unread_numbers

ROWS = 240


def load(folder, cells, **keys):
    labels = ["yes" if n * 7 % 11 < 3 else "no" for n in range(ROWS)]
    frame = pd.DataFrame({"v": cells, "x": [n * 13 % 57 for n in range(ROWS)], "y": labels})
    frame.to_csv(folder / "t.csv", index=False)
    source = parse_source({"name": "t", "file": "t.csv", "target": "y", "minority": "yes", **keys}, folder)
    return load_dataset(source).X["v"], [one for one in source.findings if one.column == "v"]


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("{}+", "suspect"),
        ("≥{}", "suspect"),
        ("> {}", "suspect"),
        ("{} (est.)", "suspect"),
        ("{}*", "suspect"),
        ("[{}]", "suspect"),
        ("{} von 100", "suspect"),
        ("%{}", "suspect"),
        ("{} H2O", "suspect"),
        ("Euro {}.5", "suspect"),
        ("Euro {}", "read"),
        ("R {}", "read"),
        ("RM{}", "read"),
        ("#{}", "read"),
        ("Ward {}", "read"),
    ],
)
def test_numbers_in_a_form_that_is_not_known_are_categories_with_a_word(tmp_path, form, kind):
    cells = [form.format(20 + n * 7 % 60) for n in range(ROWS)]
    X, (found,) = load(tmp_path, cells)
    assert (len(X.cat.categories), found.kind) == (60, kind)
    assert "60 texts with a number in each" in found.text
    _, found = load(tmp_path, cells, kinds={"v": "nominal"})
    assert found == []


def test_weeks_and_days_are_categories_with_a_caveat(tmp_path):
    _, (found,) = load(tmp_path, [f"{28 + n * 5 % 13}+{n * 3 % 7}" for n in range(ROWS)])
    assert found.is_caveat


def test_numbers_with_words_of_several_kinds_are_categories_with_a_caveat(tmp_path):
    cells = [f"{60 + n % 44} min" if n % 2 else f"{n % 5 + 1} Season{'s' * (n % 5 > 0)}" for n in range(ROWS)]
    _, (found,) = load(tmp_path, cells)
    assert found.is_caveat
    _, (found,) = load(tmp_path, [f"{n % 40}K" if n % 2 else f"{n % 40}kt" for n in range(ROWS)])
    assert found.is_caveat


@pytest.mark.parametrize(
    "cells",
    [
        [f"{letter}{n}" for n in range(1, 6) for letter in "ABCDEFG"],  # grades of loans
        [f"E{n}.{m}" if n % 2 else f"I{n}.{m}" for n in range(10, 15) for m in range(10)],
        [f"{n}{'ABCDEF'[n % 6]}" for n in range(1, 40)],  # seats, flats
        [f"{n}{'st' if n in (1, 21, 31) else 'th'}" for n in range(1, 32)],
        [f"{n}-{n + 4}" for n in range(0, 150, 5)],
        [f"{n:03}A" for n in range(40)],
        [f"SKU-{n}-{n % 50}" for n in range(60)],
        [f"1.{n}.2" for n in range(40)],
        [f"word {chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(60)],
        [f"{n}+" for n in range(19)],
    ],
)
def test_codes_classes_and_few_texts_are_passed_over(cells):
    assert unread_numbers(cells, [5] * len(cells)) == ""


def test_of_categories_that_are_seen_once_one_thing_is_said(tmp_path):
    _, found = load(tmp_path, [f"{n * 7 % 211}+" for n in range(ROWS)])
    assert [("seen once" in one.text, one.is_caveat) for one in found] == [(True, True)]
