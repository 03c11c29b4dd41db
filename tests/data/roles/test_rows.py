"""What a table says of its rows beside features and target."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from smote_bench.data.cards import get_card
from smote_bench.data.dataset import Dataset, without_duplicates
from smote_bench.data.roles.rows import RowRoles


def test_no_roles_are_false_and_stay_none_of_any_rows() -> None:
    assert not RowRoles()
    assert not RowRoles().take(np.array([0, 1]))


def test_roles_follow_their_rows() -> None:
    roles = RowRoles(groups=np.array([3, 1, 2]), weights=np.array([0.5, 1.0, 2.0])).take(np.array([2, 0]))
    assert roles
    assert (roles.groups.tolist(), roles.weights.tolist()) == ([2, 3], [2.0, 0.5])
    assert roles.times is None


def test_roles_of_repeated_rows_go_with_them() -> None:
    card = dataclasses.replace(get_card("Ecoli"), drop_duplicates=True)
    table = Dataset(
        X=pd.DataFrame({"a": [1.0, 1.0, 2.0]}),
        y=np.array([0, 0, 1]),
        name="own",
        version="raw",
        digest="",
        card=card,
        roles=RowRoles(weights=np.array([7.0, 8.0, 9.0])),
    )
    kept, n_removed = without_duplicates(table)
    assert (n_removed, kept.roles.weights.tolist()) == (1, [15.0, 9.0])
