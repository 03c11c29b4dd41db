"""Structure of samplers that remove rows: which rows stay, in tables of any order, shape and size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial, reduce

import numpy as np
from scipy import stats

from smote_bench.properties.cases import Case
from smote_bench.properties.exact_tests import LEVEL, Finding, demand_plausible
from smote_bench.properties.groups.structure_removing import (
    at_equal_distances,
    demand_no_more,
    kept_by_seeds,
)
from smote_bench.properties.kit import prop
from smote_bench.properties.subject import Subject
from smote_bench.properties.violations import Refused, Violation, as_time_allows, shown

__all__ = [
    "a_seed_decides_which_rows_stay",
    "adjacent_rows_do_not_stay_together",
    "islands_of_the_majority_keep_rows",
    "no_row_of_a_large_table_comes_back_twice",
]

_SIZES = (500, 1500, 4500)
_LONGEST_SECONDS = 4.5


def _large_tables(subject: Subject, seed: int, smoke: bool) -> Case:
    tables = [_table(seed, n) for n in _SIZES]
    return replace(tables[0], layout={"cases": tables})


def _table(seed: int, n: int) -> Case:
    rng = np.random.default_rng([seed, n])
    y = np.repeat([0, 1], [n - n // 4, n // 4])
    rng.shuffle(y)
    recipe = (
        f"n = {n}\ny = np.repeat([0, 1], [n - n // 4, n // 4])\nrng = np.random.default_rng([{seed}, n])\n"
        "rng.shuffle(y)\nX = rng.normal(size=(n, 2)) + 3 * y[:, None]"
    )
    return Case(rng.normal(size=(n, 2)) + 3 * y[:, None], y, seed % 2**16, recipe=recipe)


@prop(
    "structure",
    "of a table of some thousand rows a row comes back more often than it was there",
    families=("undersampler", "cleaning"),
    design=_large_tables,
    full_only=True,
)
def no_row_of_a_large_table_comes_back_twice(subject: Subject, case: Case) -> None:
    for large in as_time_allows(case.layout["cases"], _LONGEST_SECONDS):
        with shown(case=large):
            demand_no_more(subject, large)


_N_ISLANDS, _ON_EACH = 4, (15, 9)
_BESIDE, _BETWEEN = 20.0, 1000.0


def _islands(subject: Subject, seed: int, smoke: bool) -> Case:
    """Lay out islands of the majority, each with one of the minority as the nearest other."""
    rng = np.random.default_rng(seed)
    y = np.tile(np.repeat([0, 1], _ON_EACH), _N_ISLANDS)
    island = np.repeat(np.arange(_N_ISLANDS), sum(_ON_EACH))
    X = 0.5 * rng.normal(size=(len(y), 2)) + np.column_stack([_BETWEEN * island, _BESIDE * y])
    order = rng.permutation(len(y))
    return Case(X[order].round(3), y[order], seed % 2**16)


@prop(
    "structure",
    "all rows go that lie among their own: safe ones are removed, and doubtful ones stay",
    families=("cleaning",),
    needs=("default counts",),
    design=_islands,
)
def islands_of_the_majority_keep_rows(subject: Subject, case: Case) -> None:
    if subject.k(case) >= min(_ON_EACH):
        return
    _demand_rows_of_each(subject, case)
    with shown(setup=_DOUBTFUL.format(seed=case.seed)):
        _demand_rows_of_each(subject, _with_doubtful(case))


# Further islands of the minority, each with one row of the majority amid them, which may stay or go.
_AMID = (1, 6)
_DOUBTFUL = f"""rng = np.random.default_rng({{seed}})
places = np.repeat({_BETWEEN} * np.arange({_N_ISLANDS}, {2 * _N_ISLANDS}), {sum(_AMID)})
X = np.vstack([X, 0.5 * rng.normal(size=({_N_ISLANDS * sum(_AMID)}, 2)) + np.outer(places, [1, 0])])
y = np.r_[y, np.tile(np.repeat([0, 1], {list(_AMID)}), {_N_ISLANDS})]"""


def _with_doubtful(case: Case) -> Case:
    rng = np.random.default_rng(case.seed)
    places = np.repeat(_BETWEEN * np.arange(_N_ISLANDS, 2 * _N_ISLANDS), sum(_AMID))
    X = 0.5 * rng.normal(size=(len(places), 2)) + np.outer(places, [1, 0])
    y = np.tile(np.repeat([0, 1], _AMID), _N_ISLANDS)
    return replace(case, X=np.vstack([case.X, X]), y=np.r_[case.y, y])


def _demand_rows_of_each(subject: Subject, case: Case) -> None:
    X, y = subject.arrays(case)
    island = (X[y == 0, 0] / _BETWEEN).round()
    n_left = [int((island == number).sum()) for number in range(_N_ISLANDS)]
    # One that is left stands for those around it, as condensed neighbours do.
    if 0 in n_left:
        raise Violation(
            f"expected rows of class 0 to stay of each of {_N_ISLANDS} islands of {_ON_EACH[0]} rows, whose "
            f"nearest other rows are of class 1; {n_left} stay"
        )


_CALLS, _FEWEST_CALLS, _SECONDS = 40, 30, 0.6


@prop(
    "structure",
    "rows stay in stretches of the table: what was written down together is kept, or lost, together",
    families=("undersampler",),
    needs=("seed", "default counts"),
    design=at_equal_distances,
    false_alarm=LEVEL,
)
def adjacent_rows_do_not_stay_together(subject: Subject, case: Case) -> None:
    stays = kept_by_seeds(subject, case, _CALLS, _SECONDS)
    # Where now more and now fewer rows stay, any two stay together more often than by chance.
    if stays is None or len(stays) < _FEWEST_CALLS or len(np.unique(stays.sum(axis=1))) > 1:
        return
    demand_plausible(_together(stays, first) for first in (0, 1))


def _together(stays: np.ndarray, first: int) -> Finding:
    """Test how often the rows of pairs, none of which shares a row with another, both stay.

    By the law of rows that know nothing of each other but stay as often as these; rows that are drawn without
    replacement are together less often.
    """
    left, right = stays[:, first:-1:2], stays[:, first + 1 :: 2]
    n_calls, n_pairs = left.shape
    n = int((left & right).sum())
    each = [
        stats.hypergeom.pmf(np.arange(n_calls + 1), n_calls, one.sum(), other.sum())
        for one, other in zip(left.T, right.T, strict=True)
    ]
    law = reduce(np.convolve, each)
    expected = float(law @ np.arange(len(law)))
    words = partial(
        "pairs of adjacent rows that both stay: expected about {:.0f} of {} as of rows at any two places, "
        "got {}".format,
        expected,
        n_calls * n_pairs,
        n,
    )
    return Finding(float(min(1.0, law[n:].sum())), words)


_N_SEEDS, _N_ORDERS, _SIZES_OF_CLOUD = 5, 4, (45, 15)


def _cloud(subject: Subject, seed: int, smoke: bool) -> Case:
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.repeat([0, 1], _SIZES_OF_CLOUD))
    return Case(rng.normal(size=(len(y), 2)).round(3), y, seed % 2**16, layout={"seed": seed})


@prop(
    "structure",
    "a seed is taken, and the same rows stay with each: the first of the table, or those with some value",
    families=("undersampler",),
    needs=("seed", "default counts"),
    design=_cloud,
    convention="smote-bench",
)
def a_seed_decides_which_rows_stay(subject: Subject, case: Case) -> None:
    X, y = subject.arrays(case)
    if (y == 0).sum() in (0, (case.y == 0).sum()):
        return  # `undersampling_balances`
    for seed in range(case.seed + 1, case.seed + _N_SEEDS):
        other, _ = subject.arrays(replace(case, seed=seed))
        if not np.array_equal(_in_order(X), _in_order(other)):
            return
    # Whose choice is by value may have no use for chance; whose choice is by place alone chooses nothing.
    seeds = f"the seeds {case.seed} to {case.seed + _N_SEEDS - 1}"
    places = _places(case.X, X[y == 0])
    if places is not None and all(places == other for other in _places_in_other_orders(subject, case)):
        raise Violation(
            "expected the seed, or the rows, to decide which of class 0 stay, it is those at the places "
            f"{places[:8]}, ... with {seeds}, in whichever order its rows stand",
            convention="",
        )
    raise Violation(f"expected other rows to stay with some of {seeds}, they are the same with each")


def _places_in_other_orders(subject: Subject, case: Case) -> list[Sequence[int] | None]:
    """Return the places of the majority's rows that stay, after these changed places with each other."""
    found = []
    own = np.flatnonzero(case.y == 0)
    for number in range(_N_ORDERS):
        X = case.X.copy()
        X[own] = X[np.random.default_rng([case.layout["seed"], number]).permutation(own)]
        try:
            came, y = subject.arrays(replace(case, X=X))
        except Refused:
            return [None]
        found.append(_places(X, came[y == 0]))
    return found


def _places(X: np.ndarray, rows: np.ndarray) -> Sequence[int] | None:
    """Return the places of rows in a table, in order; None where one is none of its rows."""
    place = {tuple(row): number for number, row in enumerate(X.tolist())}
    found = [place.get(tuple(row), -1) for row in rows.tolist()]
    return None if -1 in found else sorted(found)


def _in_order(X: np.ndarray) -> np.ndarray:
    return X[np.lexsort(X.T)]
