"""The neighbour search: exact, in one order, whatever algorithm and data."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import sparse
from sklearn.base import clone

import smote_impls.nearest.neighbors as neighbors
from smote_impls import ADASYN, SMOTE, BorderlineSMOTE
from smote_impls.nearest.blocked_search import BlockedSearch
from smote_impls.nearest.exact_order import distinct_rows
from smote_impls.nearest.neighbors import k_nearest
from smote_impls.nearest.search_choice import N_SAMPLE, TreeTrial

ALGORITHMS = ("chosen", "tree", "blocked", "careful", "row by row")


def naive(reference, queries, k, self_rows=None):
    """Sort all exact distances; of equal ones, the lower row first."""
    reference, queries = (np.asarray(table, np.float64) for table in (reference, queries))
    found = []
    for i, query in enumerate(queries):
        d2 = ((reference - query) ** 2).sum(axis=1)
        order = np.lexsort((np.arange(len(reference)), d2))
        found.append(order[order != self_rows[i]][:k] if self_rows is not None else order[:k])
    return np.array(found)


@pytest.fixture(params=ALGORITHMS)
def algorithm(request, monkeypatch):
    """Force one algorithm, with limits so low that small tables reach what is behind them."""
    use(request.param, monkeypatch)
    return request.param


def use(algorithm, patch):
    """Make `k_nearest` take one algorithm for every table."""
    if algorithm == "chosen":
        return
    patch.setattr(neighbors, "_TREE_COLUMNS", 10**6 if algorithm == "tree" else 0)
    patch.setattr(neighbors, "_FEW_PAIRS", 0)
    patch.setattr(neighbors, "_FEW_OF_A_LATTICE", 0)
    patch.setattr(neighbors, "_WORTH_A_TRIAL", np.inf)
    patch.setattr(neighbors, "_WORTH_A_TRIAL_ANYWHERE", np.inf)
    if algorithm in ("careful", "row by row"):
        patch.setattr(neighbors, "_LIMIT", -(10**6))
    if algorithm == "row by row":
        patch.setattr(neighbors, "_LAST_LIMIT", -(10**6))
        patch.setattr(neighbors, "_SPARE", ())
    patch.setattr("smote_impls.nearest.blocked_search._FIRST_COLUMNS", 3)


CELLS = {
    "ties": st.integers(-2, 2).map(float),
    "tenths": st.integers(-3, 3).map(lambda i: i * 0.1),
    "far offset": st.integers(0, 4).map(lambda i: 1e8 + i * 1e-7),
    "tiny": st.integers(-3, 3).map(lambda i: i * 1e-300),
    "huge": st.integers(-3, 3).map(lambda i: i * 5e307),
    "two clusters": st.sampled_from([0.0, 1e-6, 2e-6, 1e6, 1e6 + 1e-6]),
    "mixed": st.floats(-1e3, 1e3),
}


def scaled_by_hand(X):
    """Do what the search must do by itself: multiply by a power of two, which rounds nothing."""
    half_spread = X.max(axis=0) / 2 - X.min(axis=0) / 2
    largest = half_spread.max()
    if largest == 0 or 1e-100 <= largest <= 1e100:
        return X
    return np.ldexp(np.where(half_spread > 0, X, 0.0), -int(np.frexp(largest)[1]) - 1)


@st.composite
def tables(draw):
    """Draw a table with ties, equal rows and constant columns, some of its rows as queries, and k."""
    kind = draw(st.sampled_from(sorted(CELLS)))
    n_rows, n_columns = draw(st.integers(2, 24)), draw(st.integers(1, 12))
    X = draw(arrays(np.float64, (n_rows, n_columns), elements=CELLS[kind]))
    X = X[draw(arrays(np.intp, n_rows, elements=st.integers(0, n_rows - 1)))] if draw(st.booleans()) else X
    if draw(st.booleans()):
        X[:, draw(st.integers(0, n_columns - 1))] = draw(CELLS[kind])
    own = draw(arrays(np.intp, draw(st.integers(1, n_rows)), elements=st.integers(0, n_rows - 1)))
    return X, own, draw(st.integers(1, n_rows - 1))


@pytest.mark.parametrize("forced", ALGORITHMS)
@settings(deadline=None)
@given(tables())
@example((np.zeros((6, 2)), np.arange(6), 5))
@example((np.full((4, 3), [0.0, 5e307, 1.5e308]), np.array([0]), 1))
@example((np.array([[1.0, 0.0], [1.0, 1e-308], [1.0, 0.0]]), np.array([0]), 1))
def test_agrees_with_sorting_all_distances(forced, drawn):
    X, own, k = drawn
    scaled = scaled_by_hand(X)
    with pytest.MonkeyPatch.context() as patch:
        use(forced, patch)
        np.testing.assert_array_equal(
            k_nearest(X, X[own], k, self_rows=own), naive(scaled, scaled[own], k, own)
        )
        np.testing.assert_array_equal(k_nearest(X, X[own], k), naive(scaled, scaled[own], k))


def random_table(n_rows, n_columns, seed=0):
    return np.random.default_rng(seed).normal(size=(n_rows, n_columns))


@pytest.mark.parametrize("n_columns", [2, 10, 40])
def test_agrees_with_sorting_all_distances_on_larger_tables(algorithm, n_columns):
    X = random_table(3000, n_columns)
    own = np.arange(0, 3000, 30)
    np.testing.assert_array_equal(k_nearest(X, X[own], 7, self_rows=own), naive(X, X[own], 7, own))


def try_both(patch, tree_wins):
    """Make `k_nearest` try a tree, and let it win, lose, or lose after it had won."""
    patch.setattr(neighbors, "_TREE_COLUMNS", 0)
    for name in ("_WORTH_A_TRIAL", "_WORTH_A_TRIAL_ANYWHERE", "_FEW_PAIRS"):
        patch.setattr(neighbors, name, 0)
    patch.setattr(neighbors, "_TREE_PART_QUERIES", 50)
    patch.setattr(TreeTrial, "wins", lambda *_: tree_wins != "never")
    if tree_wins != "never":
        patch.setattr(
            TreeTrial, "is_lost", property(lambda self: tree_wins == "at first" and self.n_queries > 0)
        )


TABLES = {
    "normal": lambda X: X,
    "flat": lambda X: X * [1, 1, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01],
    "integers": lambda X: np.rint(X),
    "tenths": lambda X: np.round(X, 1),
    "equal rows": lambda X: X[np.arange(len(X)) % 200],
    "constant columns": lambda X: np.where(np.arange(8) % 2, 0.3, X),
    "float32": lambda X: X.astype(np.float32),
    "far offset": lambda X: X * 1e-3 + 1e9,
}


@pytest.mark.parametrize("n_jobs", [None, 2])
@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("tree_wins", ["never", "always", "at first"])
def test_gives_the_same_rows_whichever_search_wins(monkeypatch, kind, tree_wins, n_jobs):
    try_both(monkeypatch, tree_wins)
    X = TABLES[kind](random_table(900, 8))
    own = np.arange(900)
    found = k_nearest(X, X, 5, self_rows=own, n_jobs=n_jobs)
    np.testing.assert_array_equal(found, naive(X, X, 5, own))


@pytest.mark.parametrize(
    "sampler", [SMOTE(), BorderlineSMOTE(), BorderlineSMOTE(kind="borderline-2"), ADASYN()]
)
@pytest.mark.parametrize("kind", TABLES)
def test_synthetic_rows_are_the_same_bytes_whichever_search_wins(kind, sampler):
    X = TABLES[kind](random_table(1500, 8))
    y = np.repeat([0, 1], [800, 700])
    made = []
    for tree_wins in ("never", "always", "at first"):
        with pytest.MonkeyPatch.context() as patch:
            try_both(patch, tree_wins)
            made.append(clone(sampler).set_params(random_state=0).fit_resample(X, y)[0].tobytes())
    assert made[0] == made[1] == made[2]


def test_tries_a_tree_on_a_large_table_only(monkeypatch):
    tried = []
    monkeypatch.setattr(TreeTrial, "wins", lambda self, search, sample: bool(tried.append(len(sample))))
    X = random_table(2000, 8)
    k_nearest(X, X[:599], 5)
    k_nearest(X[:400], X[:1200], 5)
    assert tried == []
    k_nearest(X, X[:600], 5)
    assert tried == [N_SAMPLE]


def test_keeps_equal_rows_as_neighbours_and_leaves_out_the_query_itself(algorithm):
    X = np.array([[0.0], [1.0], [1.0], [1.0], [5.0]])
    own = np.arange(5)
    expected = [[1, 2], [2, 3], [1, 3], [1, 2], [1, 2]]
    np.testing.assert_array_equal(k_nearest(X, X, 2, self_rows=own), expected)


def test_orders_all_other_rows_when_k_is_their_number(algorithm):
    X = random_table(700, 12)
    own = np.arange(0, 700, 50)
    np.testing.assert_array_equal(k_nearest(X, X[own], 699, self_rows=own), naive(X, X[own], 699, own))


@pytest.mark.parametrize("dtype", [np.float32, np.int8, np.int64, np.uint8, bool])
def test_takes_any_numeric_type_at_its_value(algorithm, dtype):
    X = np.abs(random_table(400, 15) * 3).astype(dtype)
    own = np.arange(0, 400, 7)
    np.testing.assert_array_equal(k_nearest(X, X[own], 5, self_rows=own), naive(X, X[own], 5, own))


@pytest.mark.parametrize("stays_sparse", [False, True])
def test_gives_the_same_rows_for_csr(monkeypatch, stays_sparse):
    if stays_sparse:
        monkeypatch.setattr(neighbors, "_DENSE_BYTES", 0)
    for seed, factor in ((0, 1.0), (1, 1e-200), (2, 1e200)):
        X = sparse.random(500, 40, density=0.1, format="csr", random_state=seed) * factor
        X = X[np.where(np.arange(500) % 5, np.arange(500), 1)]
        own = np.arange(0, 500, 9)
        expected = k_nearest(X.toarray(), X.toarray()[own], 5, self_rows=own)
        np.testing.assert_array_equal(k_nearest(X, X[own], 5, self_rows=own), expected)


def test_does_not_change_its_tables():
    X = sparse.csr_matrix(([1e200, 2e200, 0.0], ([0, 1, 1], [0, 0, 1])), shape=(3, 2))
    dense, stored = X.toarray(), X.data.copy()
    k_nearest(X, X, 1)
    k_nearest(dense, dense, 1)
    np.testing.assert_array_equal(X.data, stored)
    np.testing.assert_array_equal(dense, X.toarray())


@pytest.mark.parametrize("n_columns", [2, 12])
def test_gives_the_same_bytes_with_any_number_of_threads(n_columns):
    X = np.round(random_table(2000, n_columns), 1)
    own = np.arange(2000)
    one, two, all_cores = (k_nearest(X, X, 5, self_rows=own, n_jobs=n) for n in (None, 2, -1))
    assert one.tobytes() == two.tobytes() == all_cores.tobytes()
    assert one.dtype == np.intp


def test_does_not_prefer_rows_near_the_origin_of_a_far_cluster():
    # Products of such rows agree in all digits of float32 and in most of float64.
    X = random_table(600, 20) * 1e-3
    X[300:] += 1e9
    np.testing.assert_array_equal(k_nearest(X, X[::20], 5), naive(X, X[::20], 5))


def test_does_not_slow_down_or_err_on_few_distinct_rows(monkeypatch):
    def search_no_row_by_itself(*_):
        raise AssertionError("equal rows should be searched once")

    monkeypatch.setattr(neighbors._Searches, "_by_row", search_no_row_by_itself)
    X = random_table(40, 12)[np.random.default_rng(1).integers(0, 40, 20_000)]
    own = np.arange(0, 20_000, 400)
    np.testing.assert_array_equal(k_nearest(X, X[own], 5, self_rows=own), naive(X, X[own], 5, own))


def test_settles_a_lattice_from_its_products(monkeypatch):
    def compute_no_lattice_twice(*_):
        raise AssertionError("integers have no rounding errors to be careful about")

    monkeypatch.setattr(neighbors, "_search_crowded", compute_no_lattice_twice)
    X = np.random.default_rng(0).integers(0, 2, (5000, 20)).astype(float)
    np.testing.assert_array_equal(k_nearest(X, X[:100], 5), naive(X, X[:100], 5))


@pytest.mark.parametrize("n_columns", [3, 10, 50])
def test_keeps_far_below_a_quadratic_table(n_columns):
    X = random_table(20_000, n_columns)
    own = np.arange(0, 20_000, 4)
    k_nearest(X[:100], X[:50], 3)
    tracemalloc.start()
    try:
        k_nearest(X, X[own], 5, self_rows=own)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # 5000 x 20000 float64 would be 800 MB; the blocks are a few MB, the rest are copies of the tables.
    assert peak_bytes < 64e6 + 2 * X.nbytes


def test_keeps_its_blocks_small_when_k_is_the_number_of_rows():
    X = random_table(3000, 10)
    tracemalloc.start()
    try:
        k_nearest(X, X[:200], 3000)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < 256e6


def test_bounds_the_error_of_products_by_what_it_claims():
    for scale in (1e-4, 1.0, 1e4):
        X = random_table(300, 30) * scale + np.arange(30)
        search = BlockedSearch.prepare(X, X, np.ptp(X, axis=0), np.float32)
        own = np.arange(300)
        d2 = ((X[:, None] - X[None]) ** 2).sum(axis=2)
        products = search.left @ search.right
        for column in range(300):
            assert np.all(products[:, column] <= search.thresholds(own, d2[:, column]))


def test_numbers_distinct_rows_by_first_occurrence():
    distinct = distinct_rows(np.array([[2.0, 1.0], [1.0, 2.0], [2.0, 1.0], [-0.0, 3.0], [0.0, 3.0]]))
    assert distinct.first.tolist() == [0, 1, 3]
    assert distinct.of_row.tolist() == [0, 1, 0, 2, 2]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"k": 4}, r"k between 1 and 3, the number of other rows, but got k=4"),
        ({"k": 0}, r"k between 1 and 3.*k=0"),
        ({"queries": np.zeros((4, 3))}, r"reference has 2 columns, but queries has 3"),
        ({"self_rows": np.arange(3)}, r"self_rows for each of 4 queries, but got shape \(3,\)"),
        ({"reference": np.full((4, 2), np.nan)}, r"finite values, but found NaN or inf"),
        ({"queries": np.full((4, 2), np.inf)}, r"finite values, but found NaN or inf"),
        ({"queries": sparse.csr_matrix((4, 2))}, r"both dense or both CSR"),
    ],
)
def test_refuses_what_it_cannot_search(change, message):
    asked = {"reference": np.eye(4, 2), "queries": np.eye(4, 2), "k": 1, "self_rows": np.arange(4)} | change
    with pytest.raises(ValueError, match=message):
        k_nearest(asked["reference"], asked["queries"], asked["k"], self_rows=asked["self_rows"])


def test_answers_no_queries_with_no_rows():
    assert k_nearest(np.eye(4), np.empty((0, 4)), 3).shape == (0, 3)
