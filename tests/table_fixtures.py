"""Fixtures: a small table, and samplers written for one test."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import make_classification

__all__ = ["table", "write_sampler"]

Table = tuple[np.ndarray, np.ndarray]
_COUNTER = itertools.count()


@pytest.fixture(scope="session")
def table() -> Table:
    """60 rows, 15 of the minority, 4 columns; no method needs more."""
    return make_classification(
        60, 4, n_informative=3, n_redundant=0, weights=[0.75], class_sep=0.6, random_state=0
    )


@pytest.fixture
def write_sampler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Write a function or class called `sampler` into a module of its own; return its target."""

    def write(source: str) -> str:
        module = f"written_sampler_{next(_COUNTER)}"
        (tmp_path / f"{module}.py").write_text("import numpy as np\n" + textwrap.dedent(source))
        monkeypatch.syspath_prepend(tmp_path)
        return f"{module}:sampler"

    return write
