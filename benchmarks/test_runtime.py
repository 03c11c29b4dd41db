"""Seconds of the samplers as rows and columns grow: ours beside imbalanced-learn's and smote_variants'.

    pytest benchmarks/test_runtime.py
    pytest benchmarks/test_runtime.py --smote-runtime-rows 100000,1000000 -k SMOTE-100000x10

One thread each. `benchmarks/runtime_table.py` takes the same cases in turns and writes the table of the docs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from threadpoolctl import threadpool_limits

from benchmarks.runtime_cases import Case, cases, make_data

# Beyond this one round takes seconds, and tells enough.
_MANY_ROWS = 50_000


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a case of every size, sampler and library."""
    option = metafunc.config.getoption
    chosen = cases(option("--smote-runtime-rows"), option("--smote-runtime-columns"))
    metafunc.parametrize("case", chosen, ids=[f"{case.group}-{case.library}" for case in chosen])


@pytest.fixture(autouse=True)
def one_thread(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep every library to one thread, and out of parallel sessions, which time nothing."""
    if hasattr(request.config, "workerinput"):
        pytest.skip("seconds beside other workers mean nothing: run benchmarks/test_runtime.py with -n 0")
    with threadpool_limits(1):
        yield


def test_runtime(benchmark: Any, case: Case) -> None:
    """Fails only when the sampler errs or does not grow the minority."""
    if case.library == "smote_variants":
        pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")
    X, y = make_data(case.n_rows, case.n_columns)
    benchmark.group = case.group
    rounds = 1 if case.n_rows > _MANY_ROWS else 5
    _, y_resampled = benchmark.pedantic(
        case.resampler(), args=(X, y), rounds=rounds, warmup_rounds=int(rounds > 1)
    )
    assert (y_resampled == 1).sum() > (y == 1).sum()
