"""Rows that are removed as repeated: counted, with what becomes of the classes; their weights are added."""

from __future__ import annotations

import numpy as np
import pytest

from smote_bench.data.dataset import load_dataset, without_duplicates
from smote_bench.data.sources import UserFile, parse_source


def coarse(folder, n=400, header="id,sex,plan,w,y", **keys) -> UserFile:
    rng = np.random.default_rng(0)
    columns = zip(
        (f"C{n:05d}x" for n in rng.permutation(n)),
        rng.integers(0, 2, n),
        rng.integers(0, 3, n),
        rng.integers(1, 40, n),
        (rng.random(n) < 0.1).astype(int),
        strict=True,
    )
    (folder / "coarse.csv").write_text(
        header + "\n" + "".join(f"{','.join(map(str, row))}\n" for row in columns)
    )
    entry = {"name": "coarse", "file": "coarse.csv", "target": "y", "minority": "1", **keys}
    return parse_source(entry, folder)


def test_what_is_removed_of_a_coarse_table_is_a_caveat_that_names_the_identifier(tmp_path):
    source = coarse(tmp_path, drop=["w"])
    table, n_removed = without_duplicates(load_dataset(source))
    (found,) = [one for one in source.findings if "equal an earlier one" in one.text]
    assert (found.kind, found.column) == ("suspect", "")
    assert f"{n_removed} of 400 rows" in found.text
    assert f"{len(table.y)} rows are left, {table.y.mean():.1%} of them of the minority" in found.text
    assert "column 'id', which is left out, may tell them apart" in found.text
    assert "drop_duplicates: false" in found.remedy
    kept = coarse(tmp_path, drop=["w"], drop_duplicates=False)
    assert not [one for one in kept.findings if "equal an earlier one" in one.text]
    assert len(without_duplicates(load_dataset(kept))[0].y) == 400


@pytest.mark.parametrize(("n_twice", "kind"), [(5, "read"), (50, "suspect")])
def test_few_removed_rows_are_a_word_and_many_a_caveat(tmp_path, n_twice, kind):
    rng = np.random.default_rng(1)
    lines = [f"{x:.6f},{int(n % 5 == 0)}\n" for n, x in enumerate(rng.normal(size=300))]
    (tmp_path / "t.csv").write_text("x,y\n" + "".join(lines + lines[:n_twice]))
    source = parse_source({"name": "t", "file": "t.csv", "target": "y", "minority": "1"}, tmp_path)
    assert [one.kind for one in source.findings if "equal an earlier one" in one.text] == [kind]


def test_the_weights_of_removed_rows_are_added_to_the_row_that_stays(tmp_path):
    whole = load_dataset(coarse(tmp_path, weights="w", drop=["id"]))
    table, n_removed = without_duplicates(whole)
    assert n_removed > 300
    for label in (0, 1):
        before = whole.roles.weights[whole.y == label].sum()
        assert table.roles.weights[table.y == label].sum() == before
    first = whole.X.iloc[0].tolist()
    same = [n for n in range(len(whole.y)) if whole.X.iloc[n].tolist() == first and whole.y[n] == whole.y[0]]
    assert table.roles.weights[0] == whole.roles.weights[same].sum()
