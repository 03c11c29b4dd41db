"""In what workers differ is told by name, with both values and who they are."""

from __future__ import annotations

import json

import pytest

from smote_bench.engines.dask.trust import check_workers, difference
from smote_bench.errors import ConfigError

HERE = {
    "python": [3, 11],
    "code": "a" * 64,
    "libraries": {"numpy": "2.4.1", "pandas": "3.1.1"},
    "environment": {},
}


def test_equal_workers_are_fine() -> None:
    check_workers(HERE, {"tcp://1": HERE, "tcp://2": json.loads(json.dumps(HERE))})


def test_a_table_of_what_differs() -> None:
    old = {**HERE, "python": [3, 12], "libraries": {"numpy": "2.4.1", "pandas": "2.0"}}
    other = {**old, "environment": {"MKL_CBWR": "AVX2"}}
    with pytest.raises(ConfigError, match="2 of 3 differ") as found:
        check_workers(HERE, {"tcp://1": HERE, "tcp://2": old, "tcp://3": other})
    lines = str(found.value).splitlines()
    assert [line.split() for line in lines[1:-1]] == [
        ["here", "there", "workers"],
        ["Python", "3.11", "3.12", "tcp://2", "and", "1", "more"],
        ["environment", "MKL_CBWR", "none", "AVX2", "tcp://3"],
        ["libraries", "pandas", "3.1.1", "2.0", "tcp://2", "and", "1", "more"],
    ]
    assert "pip freeze here" in lines[-1]


def test_many_differences_are_cut() -> None:
    there = {f"n{n}": 1 for n in range(100)}
    with pytest.raises(ConfigError, match="and 88 more"):
        check_workers({}, {"tcp://1": there})


def test_the_parts_of_two_keys() -> None:
    here = {"shared": json.dumps({"code": "a"}), "method": json.dumps({"source": "1"})}
    there = {**here, "method": json.dumps({"source": "2"})}
    assert difference(here, there) == "method source: 1 here, 2 there"
