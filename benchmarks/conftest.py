"""What a directory's name collects: the grid. The other files are collected where they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.runtime_cases import COLUMNS, ROWS, positive_numbers


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options of `test_runtime.py`."""
    group = parser.getgroup("smote-bench")
    for what, default in (("rows", ROWS), ("columns", COLUMNS)):
        group.addoption(
            f"--smote-runtime-{what}",
            metavar="N,N",
            type=positive_numbers,
            default=default,
            help=f"numbers of {what} in benchmarks/test_runtime.py (default: {','.join(map(str, default))})",
        )


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out a file that is neither the grid nor named on the command line."""
    if collection_path.suffix != ".py" or collection_path.name in ("test_grid.py", "conftest.py"):
        return None
    if collection_path.name == "test_properties.py" and config.getoption("--oversampler"):
        return None
    named = [Path(config.invocation_params.dir, arg.partition("::")[0]).resolve() for arg in config.args]
    return None if collection_path.resolve() in named else True
