"""Arguments of the wrong type are told in three parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from smote_bench.arguments import as_flag, as_integer, as_names, as_path, as_text
from smote_bench.errors import ConfigError


def test_names_come_alone_in_lists_or_in_whatever_is_gone_through_once() -> None:
    assert as_names("metrics", None, "g_mean") is None
    assert as_names("metrics", "mcc", "g_mean") == ["mcc"]
    for several in (["a", "b"], ("a", "b"), iter(["a", "b"]), np.array(["a", "b"])):
        assert as_names("metrics", several, "g_mean") == ["a", "b"]


@pytest.mark.parametrize("value", [[], (), iter(()), "", [""], 3, [3], {"a": 1}, b"a", True])
def test_no_names_and_what_is_none_are_refused(value: Any) -> None:
    with pytest.raises(ConfigError, match=r"^expected names for metrics, got .*\['g_mean'\], or leave"):
        as_names("metrics", value, "g_mean")


@pytest.mark.parametrize("value", ["no", "x", 0, 1, None, []])
def test_a_flag_is_no_truth_of_something_else(value: object) -> None:
    assert as_flag("smoke", True) is True
    with pytest.raises(ConfigError, match=r"^expected True or False for smoke, got .* \(\w+\): write"):
        as_flag("smoke", value)


@pytest.mark.parametrize("value", ["x", 1.5, True, None, -1])
def test_integers_are_pythons_and_numpys(value: object) -> None:
    assert as_integer("seed", np.int64(3)) == 3
    with pytest.raises(ConfigError, match=r"^expected an integer, 0 or more, for seed, got"):
        as_integer("seed", value)


@pytest.mark.parametrize("value", [3, None, b"folder", ["folder"]])
def test_paths_and_text_are_nothing_else(value: object) -> None:
    assert as_path("out", "reports") == as_path("out", Path("reports")) == Path("reports")
    with pytest.raises(ConfigError, match=r"^expected a folder for out, got"):
        as_path("out", value)
    with pytest.raises(ConfigError, match=r"^expected words for reason, got .* as text"):
        as_text("reason", value, "words")
