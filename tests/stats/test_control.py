"""The z-test of mean ranks against a control's."""

from __future__ import annotations

import pandas as pd
import pytest

from smote_bench.stats import (
    z_against_control,
)


def test_the_z_of_a_better_method_is_positive() -> None:
    found = z_against_control(pd.Series({"Original": 2.6, "SMOTE": 1.4, "ADASYN": 2.0}), 10, "Original")
    assert found["z"].gt(0).all()
    assert found.index[0] == "SMOTE"


def test_refuses_a_control_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="expected a control among SMOTE, got 'Original'"):
        z_against_control(pd.Series({"SMOTE": 1.0}), 10, "Original")
