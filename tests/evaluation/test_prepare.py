"""A prepared fold: what it takes as it is, refuses, and says of what was filled in."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from data.made_tables import dataset

from smote_bench.data.preprocessing import Preprocessing
from smote_bench.errors import ConfigError
from smote_bench.evaluation.prepare import prepare_fold


def test_a_fold_of_the_processed_version_takes_its_rows_as_they_are():
    X = pd.DataFrame({"a": [0.0, 0.5, 1.0]})
    fold = prepare_fold(dataset(X, "processed"), np.array([2, 0]), np.array([1]))
    assert (fold.X_train.tolist(), fold.X_test.tolist(), fold.remarks) == ([[1.0], [0.0]], [[0.5]], ())


def test_a_fold_refuses_a_processed_version_made_another_way():
    with pytest.raises(ConfigError, match="standard"):
        prepare_fold(
            dataset(pd.DataFrame({"a": [0.0, 1.0]}), "processed", Preprocessing()),
            np.array([0]),
            np.array([1]),
            Preprocessing(scaling="standard"),
        )


def test_a_fold_says_what_was_filled_in_and_on_which_side():
    X = pd.DataFrame({"a": [1.0, np.nan, 3.0, np.nan]})
    fold = prepare_fold(dataset(X), np.array([0, 1, 2]), np.array([3]))
    assert [remark.split(" missing")[0] for remark in fold.remarks] == ["training rows: 1", "test rows: 1"]
