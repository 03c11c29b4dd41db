"""Tables written as CSV and read back to the bit."""

from __future__ import annotations

import gzip

import numpy as np
import pandas as pd
import pytest

from smote_bench.data.csv_writing import write_csv
from smote_bench.data.tables.file_columns import exact_floats

NUMBERS = [0.1 + 0.2, -0.0, 1e300, 5e-324, 3.0, np.nan, 1 / 3]


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
def test_numbers_come_back_to_the_bit(tmp_path, name):
    write_csv(tmp_path / name, {"a": pd.Series(NUMBERS)})
    back = pd.read_csv(tmp_path / name, skip_blank_lines=False, **exact_floats())["a"].to_numpy(dtype=float)
    assert back.tobytes() == np.array(NUMBERS).tobytes()


def test_texts_with_commas_and_missing_cells_keep_their_place(tmp_path):
    column = pd.Series(["a, b", None, 'say "x"'], dtype="category")
    write_csv(tmp_path / "t.csv", {"text": column, "n": pd.Series([1, 2, 3])})
    assert (tmp_path / "t.csv").read_bytes() == b'text,n\n"a, b",1\n,2\n"say ""x""",3\n'


def test_columns_of_different_length_are_refused(tmp_path):
    with pytest.raises(ValueError, match="shorter"):
        write_csv(tmp_path / "t.csv.gz", {"a": pd.Series([1, 2]), "b": pd.Series([1])})
    with gzip.open(tmp_path / "t.csv.gz", "rt") as stream:
        assert stream.read() == "a,b\n1,1\n"
