"""`n_jobs`: what it may be, the threads that it starts, and rows that do not depend on it."""

import multiprocessing
import warnings

import joblib
import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import clone
from threadpoolctl import threadpool_info, threadpool_limits

import smote_impls.nearest.blocked_search
import smote_impls.threads
from smote_bench.methods.resampling import resample
from smote_bench.methods.spec import parse_method
from smote_impls.nearest.neighbors import k_nearest
from smote_impls.threads import in_threads, thread_count

from .small_data import SAMPLERS, overlapping

NO_NUMBERS = [0, 1.5, 2.0, "2", "all", [2]]


@pytest.fixture
def pools(monkeypatch):
    """The sizes of all pools of threads that are started."""
    started = []

    class Pool(smote_impls.threads.ThreadPoolExecutor):
        def __init__(self, n_threads):
            started.append(n_threads)
            super().__init__(n_threads)

    monkeypatch.setattr(smote_impls.threads, "ThreadPoolExecutor", Pool)
    return started


@pytest.mark.parametrize("n_jobs", NO_NUMBERS)
def test_rejects_what_is_no_number_of_threads(sampler, data, n_jobs):
    sampler.set_params(n_jobs=n_jobs)
    message = r"The 'n_jobs' parameter of \w+ must be an int in the range \[1, inf\), .* or None. Got "
    for method in (sampler.fit, sampler.fit_resample):
        with pytest.raises(ValueError, match=message):
            method(*data)


@pytest.mark.parametrize("n_jobs", NO_NUMBERS)
def test_the_search_by_itself_rejects_it_too(n_jobs):
    with pytest.raises(ValueError, match=r"a number of threads from 1 on, or -1 \(.*\), but got .*; set one"):
        k_nearest(np.eye(4), np.eye(4), 1, n_jobs=n_jobs)


def test_counts_threads_as_scikit_learn_does():
    n_cores = joblib.cpu_count()
    assert [thread_count(n_jobs) for n_jobs in (None, 1, 5, np.int64(2))] == [1, 1, 5, 2]
    assert [thread_count(n_jobs) for n_jobs in (-1, -2, -1000)] == [n_cores, max(1, n_cores - 1), 1]
    with joblib.parallel_config(backend="threading", n_jobs=3):
        assert [thread_count(n_jobs) for n_jobs in (None, 1)] == [3, 1]


def test_a_process_that_may_have_no_children_may_have_threads(monkeypatch):
    # So are workers of Dask, where joblib warns and says 1.
    monkeypatch.setitem(multiprocessing.current_process()._config, "daemon", True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert thread_count(2) == 2
        assert thread_count(-1) == joblib.cpu_count()


@pytest.mark.parametrize(
    ("n_queries", "n_threads", "n_parts", "expected"),
    [
        (100, 1, 1, 1),
        (100, 1, 7, 7),
        (100, 3, 1, 3),
        (4_000, 2, 1, 7),
        (100_000, 2, 1, 8),
        (100_000, 2, 16, 16),
        (3, 1000, 1, 3),
        (1, 2, 1, 1),
        (0, 2, 4, 1),
    ],
)
def test_parts_come_in_order_and_none_is_empty(n_queries, n_threads, n_parts, expected):
    found = in_threads(list, np.arange(n_queries), n_threads, n_parts)
    assert [query for part in found for query in part] == list(range(n_queries))
    assert len(found) == expected


def sparse_table():
    X, y = overlapping(900, 30, 200)
    return sparse.csr_matrix(np.maximum(X - 0.5, 0)), y


def changed(change, n_columns):
    X, y = overlapping(3000, n_columns, 700)
    return change(X), y


TABLES = {
    "tree": lambda: overlapping(3000, 3, 700),
    "tree or products": lambda: overlapping(3000, 12, 700),
    "products": lambda: overlapping(3000, 40, 700),
    "lattice": lambda: changed(lambda X: np.rint(X).astype(np.int64), 8),
    "crowded": lambda: changed(lambda X: np.round(X) * 0.1, 8),
    "equal rows": lambda: tuple(part[np.arange(3000) % 600] for part in overlapping(3000, 12, 700)),
    "frame": lambda: changed(pd.DataFrame, 12),
    "sparse": sparse_table,
}


def bytes_of(sampler, X, y, n_jobs):
    """All that a sampler says: rows, labels, parents."""
    sampler = clone(sampler).set_params(n_jobs=n_jobs)
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    rows = X_resampled.toarray() if sparse.issparse(X_resampled) else np.asarray(X_resampled)
    return rows.tobytes(), np.asarray(y_resampled).tobytes(), sampler.synthetic_parents_.tobytes()


@pytest.mark.parametrize("name", SAMPLERS)
@pytest.mark.parametrize("kind", TABLES)
def test_rows_are_the_same_bytes_for_every_n_jobs(pools, kind, name):
    X, y = TABLES[kind]()
    alone = bytes_of(SAMPLERS[name], X, y, None)
    assert pools == []
    for n_jobs in (1, 2, 3, 7, -1, -2):
        assert bytes_of(SAMPLERS[name], X, y, n_jobs) == alone, n_jobs
    assert {2, 3, 7} <= set(pools)


@pytest.mark.parametrize("n_jobs", [None, 1])
def test_one_thread_is_that_of_the_caller(pools, sampler, data, n_jobs):
    sampler.set_params(n_jobs=n_jobs).fit_resample(*data)
    assert pools == []


def test_pinned_libraries_leave_n_jobs_its_threads_and_each_is_one(pools, monkeypatch):
    inside = []
    nearest = smote_impls.nearest.blocked_search.BlockedSearch.nearest

    def watched(*args):
        inside.append(
            {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}
        )
        return nearest(*args)

    monkeypatch.setattr(smote_impls.nearest.blocked_search.BlockedSearch, "nearest", watched)
    X = overlapping(400, 40)[0]
    with threadpool_limits(1):
        k_nearest(X, X, 3, n_jobs=2)
    k_nearest(X, X, 3, n_jobs=2)
    assert pools == [2, 2]
    assert set().union(*inside) == {1}


def test_the_grid_passes_one_thread_unless_a_method_says_otherwise(pools):
    X, y = overlapping()
    for definition, threads in (("SMOTE", []), ({"method": "SMOTE", "params": {"n_jobs": 2}}, [2])):
        pools.clear()
        rows = resample(parse_method("mine", definition), X, y, seed=0).X
        assert pools == threads
        assert rows.tobytes() == resample(parse_method("SMOTE", "SMOTE"), X, y, seed=0).X.tobytes()
