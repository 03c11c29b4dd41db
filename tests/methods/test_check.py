"""Checking methods: status, rows, repeatability and limits, and the table of it.

Also of: trial.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from smote_bench.methods.check import COLUMNS, check_methods, to_markdown
from smote_bench.methods.spec import parse_method

Table = tuple[np.ndarray, np.ndarray]

SAMPLERS = {
    "doubles": "def sampler(X, y):\n    return np.vstack([X, X[y == 1]]), np.append(y, y[y == 1])\n",
    "does_nothing": "def sampler(X, y):\n    return X, y\n",
    "fails": "def sampler(X, y):\n    raise ValueError('on\\npurpose')\n",
    "hangs": "def sampler(X, y):\n    while True:\n        pass\n",
    "dies": "import os\ndef sampler(X, y):\n    os._exit(3)\n",
    "drifts": (
        "import itertools\ncount = itertools.count()\n"
        "def sampler(X, y):\n    return np.vstack([X, [[next(count)] * 4]]), np.append(y, 1)\n"
    ),
}


@pytest.fixture
def frame(write_sampler: Callable[[str], str], table: Table) -> pd.DataFrame:
    specs = [parse_method(name, write_sampler(source)) for name, source in SAMPLERS.items()]
    found = check_methods({"small": table}, specs, timeout_seconds=3.0, n_jobs=2)
    assert list(found.columns) == list(COLUMNS)
    return found.set_index("method")


def test_tells_what_came_of_each_method(frame: pd.DataFrame) -> None:
    assert frame["status"].to_dict() == {
        "doubles": "ok",
        "does_nothing": "noop",
        "fails": "error",
        "hangs": "timeout",
        "dies": "error",
        "drifts": "ok",
    }
    assert frame.loc["doubles", ["rows_before", "rows_after", "ratio_after"]].tolist() == [60, 75, 1.5]
    assert frame["remark"]["fails"] == "ValueError: on purpose"
    assert frame["remark"]["hangs"] == "no result after 3 s"
    assert frame["remark"]["dies"] == "the process died with exit code 3"
    repeatable = frame["reproducible"]
    assert repeatable["doubles"]
    assert not repeatable["drifts"]
    assert pd.isna(repeatable["fails"])
    markdown = to_markdown(frame.reset_index())
    assert "ok, 0.00" in markdown.splitlines()[2]
    assert "**not reproducible**" in markdown.splitlines()[-1]


def row(method: str, dataset: str, **changed: object) -> dict[str, object]:
    defaults = dict(zip(COLUMNS, [method, "sv", dataset, "ok", 1.25, 9, 12, 2.0, True, ""], strict=True))
    return {**defaults, **changed}


def test_the_table_has_a_line_a_method_and_says_which_table_a_remark_is_on() -> None:
    rows = [
        row("A", "one", remark="adapted; odd here"),
        row("A", "two", remark="adapted", status="noop"),
        row("B|C", "one", status="timeout", remark="no result"),
    ]
    assert to_markdown(pd.DataFrame(rows)).splitlines() == [
        "| method | library | one | two | remarks |",
        "| --- | --- | --- | --- | --- |",
        "| A | sv | ok, 1.2 s, 12 rows, 1:2.0 | noop, 1.2 s | adapted; one: odd here |",
        r"| B\|C | sv | timeout |  | no result |",
    ]


def test_remarks_of_adapters_are_in_the_table(table: Table) -> None:
    found = check_methods(
        {"small": table}, [parse_method("SPY"), parse_method("class_weight")], timeout_seconds=60
    )
    assert found["library"].tolist() == ["sv", "trivial"]
    assert "it adds no rows" in found["remark"][0]
