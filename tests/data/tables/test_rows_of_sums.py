"""A row of sums that has a label is refused, with its line; a category that is called so is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

N = 60
RNG = np.random.default_rng(0)
AGE, PAID = RNG.integers(18, 90, N), np.round(RNG.gamma(2, 40, N), 2)
LABELS = ["yes" if n % 4 == 0 else "no" for n in range(N)]


def rows(parts=3):
    return [(f"D{n % parts}", AGE[n], PAID[n], LABELS[n]) for n in range(N)]


def put(folder, table, header="dept,age,paid,y", sep=","):
    lines = [sep.join(map(str, row)) for row in table]
    (folder / "t.csv").write_text("\n".join([header, *lines]) + "\n")


def parse(folder, **keys):
    return parse_source({"name": "t", "file": "t.csv", "target": "y", "minority": "yes", **keys}, folder)


@pytest.mark.parametrize(
    "word", ["Grand Total", "TOTAL", "Summe", "Sum:", "D1 Total", "Total (all)", "Insgesamt"]
)
@pytest.mark.parametrize("place", [0, N])
def test_a_row_of_sums_with_a_label_is_refused_with_its_line(tmp_path, word, place):
    table = rows()
    table.insert(place, (word, AGE.sum(), PAID.sum().round(2), "yes"))
    put(tmp_path, table)
    with pytest.raises(ConfigError, match=rf"t\.csv, line {place + 2}: expected a row of the data") as said:
        parse(tmp_path)
    assert f"'{word}' in column 'dept', and 'age' is {AGE.sum()}, the sum of 60 rows: remove it" in str(
        said.value
    )


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize(
    "words", [("poor", "average", "good"), ("media", "retail"), ("liked all of it", "no")]
)
def test_words_for_sums_that_are_categories_refuse_no_row(tmp_path, seed, words):
    rng = np.random.default_rng(seed)
    sectors = rng.choice(words, 40)
    counts = rng.integers(0, 6, (40, 2))
    put(tmp_path, [(*row, LABELS[n]) for n, row in enumerate(zip(sectors, *counts.T, strict=True))])
    assert not [one for one in parse(tmp_path).findings if "row of sums" in one.text]


def test_counts_of_what_is_rare_are_no_sums(tmp_path):
    accidents, claims = [0] * (N - 3) + [1, 1, 2], [0] * (N - 4) + [1, 1, 1, 3]
    put(tmp_path, [("a", *row) for row in zip(accidents, claims, LABELS, strict=True)])
    assert parse(tmp_path)


def test_so_are_sums_below_each_part_and_above(tmp_path):
    below = [
        row
        for n in range(0, N, 20)
        for row in [*rows()[n : n + 20], ("Subtotal", AGE[n : n + 20].sum(), PAID[n : n + 20].sum(), "20")]
    ]
    for table in (below, below[::-1], [*below, ("Total", AGE.sum(), PAID.sum(), "60")]):
        put(tmp_path, table)
        with pytest.raises(ConfigError, match="one of sums or means"):
            parse(tmp_path)
    put(tmp_path, below)
    with pytest.raises(ConfigError, match=r"remove it and 2 more that are called so"):
        parse(tmp_path)


def test_so_is_one_that_nothing_calls_so(tmp_path):
    put(tmp_path, [*rows(), ("D2", AGE.sum(), PAID.sum().round(2), "no")])
    with pytest.raises(ConfigError, match=r"line 62: .* 'age' is \d+, the sum of the other 60 rows"):
        parse(tmp_path)


def test_so_are_means_amounts_and_rows_called_so_by_the_label(tmp_path):
    put(tmp_path, [*rows(), ("Average", AGE.mean(), PAID.mean().round(2), "yes")])
    with pytest.raises(ConfigError, match=r"'Average' in column 'dept', and 'age' is .*, the mean of 60"):
        parse(tmp_path)
    put(
        tmp_path,
        [*((d, f"${a}", f"{p:.2f} USD", y) for d, a, p, y in rows()), ("All", f"${AGE.sum()}", "", "yes")],
    )
    with pytest.raises(ConfigError, match=r"'All' in column 'dept', and 'age' is .*, the sum"):
        parse(tmp_path)
    put(tmp_path, [*rows(), ("", AGE.sum(), "", "Total")])
    with pytest.raises(ConfigError, match="'Total' in column 'the target', and 'age' is"):
        parse(tmp_path)


def test_so_is_one_of_a_large_plain_file_and_of_a_frame(tmp_path):
    n = 30_000
    table = pd.DataFrame({"a": np.arange(n) % 97 + 0.123456789, "b": np.arange(n) % 31, "d": "D1"})
    table["y"] = np.where(np.arange(n) % 5, "no", "yes")
    table["e"] = "abcdefghijklmnop"
    table.loc[n] = [table.a.sum(), table.b.sum(), "Total", "yes", "x"]
    table.to_csv(tmp_path / "t.csv", index=False)
    table.to_parquet(tmp_path / "t.parquet")
    with pytest.raises(ConfigError, match=r"t\.csv, line 30002: .*'Total' in column 'd'"):
        parse(tmp_path)
    with pytest.raises(ConfigError, match=r"row 30,001 of the data: .*'Total' in column 'd'"):
        parse(tmp_path, file="t.parquet")


def test_a_row_that_is_called_so_and_far_from_all_others_is_a_caveat(tmp_path):
    put(tmp_path, [*rows(), ("Total", 2 * AGE.sum() + 7, PAID[3], "yes")])
    (found,) = (one for one in parse(tmp_path).findings if one.is_caveat and "row of sums" in one.text)
    assert "t.csv, line 62: 'Total' in column 'dept', and 'age' is" in found.text


@pytest.mark.parametrize(
    "table",
    [
        [*rows(), ("Total", AGE[3], PAID[3], "yes")],
        [("All" if n % 2 else "Part", *row[1:]) for n, row in enumerate(rows())],
        [*rows(), ("D1", 200, 5000, "no")],
    ],
)
def test_a_category_that_is_called_so_is_none(tmp_path, table):
    put(tmp_path, table)
    assert not [one for one in parse(tmp_path).findings if "sums" in one.text]


def test_rare_counts_are_none(tmp_path):
    counts = [(0, 0, 0, "no")] * 20 + [(1, 1, 0, "yes"), (0, 0, 0, "no"), (1, 1, 0, "yes")]
    put(tmp_path, counts, "a,b,c,y")
    assert not [one for one in parse(tmp_path).findings if "sums" in one.text]
