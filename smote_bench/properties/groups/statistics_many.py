"""Statistics, continued: with many neighbours asked for, all of them are used, and as often as each other.

Also with more of them than rows are looked at for DANGER.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from smote_bench.properties.cases import Case
from smote_bench.properties.designs import Star
from smote_bench.properties.exact_tests import LEVEL, Finding, binomial_findings, demand_plausible
from smote_bench.properties.kit import prop
from smote_bench.properties.reference import ranked_neighbors
from smote_bench.properties.segments import explain
from smote_bench.properties.stars import read_star
from smote_bench.properties.subject import Subject, rows_and_labels
from smote_bench.properties.violations import Violation, shown

__all__ = ["many_neighbors_are_all_used", "more_neighbors_than_m_are_used"]

_K, _N_ROWS = 20, 40
_N_NEW, _N_NEW_SMOKE = 1200, 600
_FAR = 50.0
_MOST_COPIES = 2


def _cloud(subject: Subject, seed: int, smoke: bool) -> Case:
    n_new = _N_NEW_SMOKE if smoke else _N_NEW
    y = np.repeat([0, 1], [_N_ROWS + n_new, _N_ROWS])
    X = np.random.default_rng(seed).normal(size=(len(y), 3)) - _FAR * (y == 0)[:, None]
    recipe = (
        f"y = np.repeat([0, 1], [{_N_ROWS + n_new}, {_N_ROWS}])\n"
        f"X = np.random.default_rng({seed}).normal(size=(len(y), 3)) - {_FAR} * (y == 0)[:, None]"
    )
    return Case(X, y, seed % 2**16, {str(subject.k_name): _K}, recipe)


@prop(
    "statistics",
    "with many neighbours asked for some are never used, or the row itself is: k is capped, a search cut; or "
    "with more than there are one row is in most of the new ones",
    families=("smote",),
    needs=("k", "default counts"),
    design=_cloud,
    false_alarm=LEVEL,
)
def many_neighbors_are_all_used(subject: Subject, case: Case) -> None:
    X, y = subject.arrays(case)
    n = len(case.y)
    new, rows = X[n:][y[n:] == 1], case.X[case.y == 1]
    n_copies = int((np.abs(new[:, None] - rows[None]).max(axis=2) <= 1e-12).any(axis=1).sum())
    if n_copies > _MOST_COPIES:
        raise Violation(f"expected new rows between rows, {n_copies} of {len(new)} are copies of one")
    near = ranked_neighbors(rows, _K)
    found = explain(new, rows, np.repeat(np.arange(_N_ROWS), _K), near.ravel())
    n_lost = int((~found.explained).sum())
    if n_lost:
        raise Violation(
            f"expected new rows between a row and one of its {_K} nearest, {n_lost} of {len(new)} are not"
        )
    # Of two rows that are neighbours of each other either may be the seed: they say nothing.
    certain = found.fits.sum(axis=1) == 1
    seeds, ranks = np.divmod(np.argmax(found.fits[certain], axis=1), _K)
    table = np.zeros((_N_ROWS, _K), dtype=int)
    np.add.at(table, (seeds, ranks), 1)
    is_mutual = (near[near] == np.arange(_N_ROWS)[:, None, None]).any(axis=2)
    telling = np.where(is_mutual, 0, table)
    demand_plausible(
        [
            *(f for row in range(_N_ROWS) for f in _findings(row, table[row], ~is_mutual[row])),
            _farther(telling, is_mutual),
        ]
    )
    _demand_no_favourite(subject, case.seed, len(new))


_N_RING, _TOO_MANY = 6, 10


def _demand_no_favourite(subject: Subject, seed: int, n_new: int) -> None:
    """Raise where one of six rows is in more than half of the new ones, with more neighbours than rows.

    They lie on a ring, so that each is as near to the others as any. To refuse more neighbours than there
    are, or to take fewer, is a choice; by every even one a third of the new rows has a given row at an end.
    """
    recipe = (
        f"rng = np.random.default_rng({seed})\ny = np.repeat([0, 1], [{_N_RING + n_new}, {_N_RING}])\n"
        f"X = rng.normal(size=(len(y), 2)) - {_FAR}\n"
        f"angles = np.arange({_N_RING}) * 2 * np.pi / {_N_RING}\n"
        "X[y == 1] = np.column_stack([np.cos(angles), np.sin(angles)])\n"
        f"X[y == 1] += 0.05 * rng.normal(size=({_N_RING}, 2))"
    )
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], [_N_RING + n_new, _N_RING])
    X = rng.normal(size=(len(y), 2)) - _FAR
    angles = np.arange(_N_RING) * 2 * np.pi / _N_RING
    X[y == 1] = np.column_stack([np.cos(angles), np.sin(angles)])
    X[y == 1] += 0.05 * rng.normal(size=(_N_RING, 2))
    asked = Case(X, y, seed, {str(subject.k_name): _N_RING + _TOO_MANY}, recipe)
    with shown(case=asked):
        try:
            came, labels = subject.call(subject.build(asked), asked.X.copy(), asked.y.copy())
        except Exception:  # how it refuses is for others to say
            return
        values, classes = rows_and_labels(came, labels, asked)
        new, rows = values[len(y) :][classes[len(y) :] == 1], asked.X[y == 1]
        starts, ends = np.triu_indices(_N_RING, k=1)
        fits = explain(new, rows, starts, ends).fits
        fits = fits[fits.any(axis=1)]
        for row in range(_N_RING):
            # All segments that end in a row have its copies on them.
            n_with = int((~fits[:, (starts != row) & (ends != row)].any(axis=1)).sum())
            if stats.binom.sf(n_with - 1, len(fits), 0.5) < LEVEL / _N_RING:
                raise Violation(
                    f"expected each of {_N_RING} rows at an end of about a third of the new ones, with "
                    f"{subject.k_name}={_N_RING + _TOO_MANY}, {n_with} of {len(fits)} have "
                    f"{rows[row].tolist()}",
                    point=rows[row].tolist(),
                )


def _farther(table: np.ndarray, is_mutual: np.ndarray) -> Finding:
    """Test how often one of the farther half was chosen over all rows, by Hoeffding's bound."""
    far = np.arange(_K) >= _K // 2
    n_of_row = (~is_mutual).sum(axis=1)
    share = np.divide((~is_mutual & far).sum(axis=1), n_of_row, out=np.zeros(_N_ROWS), where=n_of_row > 0)
    expected, came, total = (
        float((share * table.sum(axis=1)).sum()),
        int(table[:, far].sum()),
        int(table.sum()),
    )
    p_value = 2 * float(np.exp(-2 * (came - expected) ** 2 / total)) if total else 1.0
    return Finding(
        min(p_value, 1.0),
        lambda: (
            f"the farther half of {_K} neighbours: expected about {expected:.4g} of {total} new rows "
            f"towards them, got {came}"
        ),
    )


def _findings(row: int, counts: np.ndarray, is_one_way: np.ndarray) -> list[Finding]:
    """Test how often each neighbour of a row was chosen among the telling ones, and their farther half."""
    (ranks,) = np.nonzero(is_one_way)
    total = int(counts[ranks].sum())
    if not total:
        return []
    far = ranks[len(ranks) // 2 :]
    return [
        *binomial_findings(
            counts[ranks],
            total,
            1 / len(ranks),
            f"neighbour {{}} of {_K} of one row (number {row})",
            (ranks + 1).tolist(),
        ),
        *binomial_findings(
            counts[far].sum(keepdims=True),
            total,
            len(far) / len(ranks),
            f"the farther of the {_K} neighbours of one row (number {row})",
        ),
    ]


_K_ABOVE, _M_BELOW, _IN_DANGER, _N_FROM_DANGER = 6, 3, 20, 600


def _more_than_m(subject: Subject, seed: int, smoke: bool) -> Case:
    # Two of the three nearest rows of each are of another class.
    star = Star(_K_ABOVE + 1, (2,) * _IN_DANGER, _N_FROM_DANGER, seed=seed % 1000)
    X, y = star.data()
    recipe = f"from smote_bench.properties import Star\n\nX, y = {star!r}.data()"
    settings = {str(subject.k_name): _K_ABOVE, str(subject.m_name): _M_BELOW}
    return Case(X, y, seed % 2**16, settings, recipe, layout={"star": star})


@prop(
    "statistics",
    "where k is larger than m only m neighbours are used: one search serves for both",
    families=("borderline1", "borderline2"),
    needs=("k", "m", "default counts"),
    design=_more_than_m,
    false_alarm=LEVEL,
)
def more_neighbors_than_m_are_used(subject: Subject, case: Case) -> None:
    (answer,) = read_star(subject, case)
    read = answer.lineage
    ranks = read.ranks[read.certain & (read.ranks >= 0)]
    # Borderline-2 may find its partners among the k nearest of all classes: four are of the class.
    fewest = _K_ABOVE if subject.family == "borderline1" else _K_ABOVE - 2
    n_used = len(np.unique(ranks))
    if len(ranks) >= 150 and n_used < fewest:
        raise Violation(
            f"expected new rows towards each of the {_K_ABOVE} nearest rows of the class, {len(ranks)} are "
            f"towards {n_used} of them, with m = {_M_BELOW}"
        )
