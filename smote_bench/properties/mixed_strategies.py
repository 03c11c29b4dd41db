"""Hypothesis strategies for typed frames: any rows, and islands whose rows are neighbours for certain."""

from __future__ import annotations

import weakref
from typing import Any

import hypothesis
import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pandas as pd

from smote_bench.properties.cases import Case
from smote_bench.properties.mixed_frames import MixedCase, mixed_case, read_rows
from smote_bench.properties.mixed_reference import readings
from smote_bench.properties.subject import Subject

__all__ = ["ALWAYS", "OTHERS", "category", "column_kinds", "island_cases", "mixed_cases", "neighbors_of"]

ALWAYS = ("nominal", "ordinal")
"""The kinds of categories that pandas marks as such; texts and booleans are drawn for who votes on them."""

OTHERS = ("text", "object", "boolean")

_WORDS = ("red", "blue", "green", "grey")
_STEPS = ("low", "mid", "high", "top")
_NEVER = "never seen"
_LATTICE = 8
_ISLANDS_APART = 1000.0
# So many columns tell the islands of categories apart that no others can join two of them.
_N_GROUP_COLUMNS = 6
_NAMES = ("b", "d", "a", "e", "c", "f")


def category(kind: str, codes: np.ndarray) -> Any:
    """Return a column of that kind with these levels, 0 to 3."""
    if kind == "boolean":
        return pd.Series(codes % 2 == 1)
    if kind in ("text", "object"):
        # What pandas makes of words is its own type or objects, by its version.
        return pd.Series([_WORDS[code] for code in codes], dtype=object if kind == "object" else None)
    if kind == "ordinal":
        return pd.Categorical([_STEPS[code] for code in codes], categories=[*_STEPS, "last"], ordered=True)
    # In no order that a sort would give, and with a level that no row has.
    return pd.Categorical([_WORDS[code] for code in codes], categories=[_NEVER, *_WORDS])


_KINDS: weakref.WeakKeyDictionary[Subject, tuple[str, ...]] = weakref.WeakKeyDictionary()


def column_kinds(subject: Subject) -> tuple[str, ...]:
    """Return the kinds of categories that a subject takes as such: those beside `ALWAYS` by a call."""
    if subject not in _KINDS:
        _KINDS[subject] = (*ALWAYS, *(kind for kind in OTHERS if _takes(subject, kind)))
    return _KINDS[subject]


def _takes(subject: Subject, kind: str) -> bool:
    """Return whether such a column comes back as it went in, and both its levels do, on a small table.

    Of pairs with a level each, numbers far apart: half of the new rows have each level, where one that is
    taken for a number has mixtures. Of categories alone, each pair is of one level.
    """
    y = np.repeat([0, 1], [60, 12])
    pairs = np.arange(72) // 2
    if subject.family == "smotenc":
        columns = {"x": 100.0 * pairs, "kind": category(kind, np.arange(72) % 2)}
    else:
        # Of each pair's level the majority has another share.
        named = [*np.repeat(np.arange(6), 4 * np.arange(6)), *np.repeat(np.arange(6), 2)]
        columns = {"pair": pd.Categorical([f"p{pair}" for pair in named]), "kind": category(kind, pairs % 2)}
    frame = pd.DataFrame({**columns, "other": category("nominal", np.zeros(72, int))})
    case = mixed_case(frame, y, params=_with_k(subject, 1))
    try:
        X, labels = subject.call(subject.build(case), case.frame.copy(), y.copy())
        levels = read_rows(case, X, labels).levels[len(y) :]
    except Exception:
        return False
    levels = levels[:, list(frame.columns.drop("x", errors="ignore")).index("kind")]
    return len(levels) > 0 and bool((levels >= 0).all()) and 0.1 < levels.mean() < 0.9


def _with_k(subject: Subject, k: int) -> dict[str, Any]:
    return {subject.k_name: k} if subject.k_name is not None and subject.accepts(subject.k_name) else {}


def neighbors_of(subject: Subject, params: dict[str, Any]) -> int:
    """Return the number of neighbours of a call with these parameters."""
    return subject.k(Case(np.empty((0, 0)), np.empty(0), params=params))


@st.composite
def mixed_cases(
    draw: st.DrawFn,
    /,
    subject: Subject,
    *,
    n_extra: tuple[int, int] = (3, 10),
    n_numbers: tuple[int, int] = (1, 3),
    n_categories: tuple[int, int] = (1, 3),
    k: tuple[int, int] = (1, 5),
    n_minorities: int = 1,
    kinds: tuple[str, ...] | None = None,
    layouts: tuple[str, ...] = ("lattice", "cloud"),
    **params: Any,
) -> MixedCase:
    """Draw a case of a frame with numbers (for `smotenc`) and categories, columns in any order.

    The majority has a level in each column that the minority has not.

    Parameters
    ----------
    subject : Subject
    n_extra : (int, int)
        How many more rows than a minority class the majority has.
    n_numbers, n_categories : (int, int)
        The fewest and most columns.
    k : (int, int)
        The fewest and most neighbours, where the kit may set them.
    n_minorities : int
    kinds : tuple of str, optional
        Of the categories; default all that the subject takes.
    layouts : tuple of str
        ``lattice``: multiples of 1/8, with ties; ``cloud``: normal values with three decimals.
    **params
        Parameters of the sampler to set.
    """
    settings = {**params, **_with_k(subject, draw(st.integers(*k)))}
    fewest = max(neighbors_of(subject, settings) + 1, subject.needs.least_rows, 4)
    counts = [draw(st.integers(fewest, fewest + 5)) for _ in range(n_minorities)]
    n_majority = max(counts) + draw(st.integers(*n_extra))
    y = np.repeat(np.arange(n_minorities + 1), [n_majority, *counts])
    n = len(y)
    width = draw(st.integers(*n_categories)) + (2 if subject.family == "smoten" else 0)
    codes = draw(hnp.arrays(np.int64, (n, width), elements=st.integers(0, 2), fill=st.nothing()))
    codes[(y == 0) & (np.arange(n) % 3 == 0)] = 3
    chosen = draw(st.lists(st.sampled_from(kinds or column_kinds(subject)), min_size=width, max_size=width))
    columns: list[Any] = [category(kind, codes[:, i]) for i, kind in enumerate(chosen)]
    if subject.family == "smotenc":
        columns += list(draw(_numbers(n, draw(st.integers(*n_numbers)), draw(st.sampled_from(layouts)))).T)
    return _in_any_order(draw, columns, y, settings)


@st.composite
def _numbers(draw: st.DrawFn, /, n: int, width: int, layout: str) -> np.ndarray:
    if layout == "lattice":
        drawn = hnp.arrays(
            np.int64, (n, width), elements=st.integers(-8 * _LATTICE, 8 * _LATTICE), fill=st.nothing()
        )
        lattice: np.ndarray = draw(drawn) / _LATTICE
        return lattice
    # Far from one, so that a deviation and its square are not much the same.
    scale = draw(st.sampled_from([1.0, 16.0, 0.0625]))
    # Of columns of two widths the median of deviations is not their mean.
    widths = np.array(draw(st.lists(st.sampled_from([1.0, 0.0625]), min_size=width, max_size=width)))
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    cloud: np.ndarray = rng.normal(size=(n, width)).round(3) * scale * widths
    return cloud


def _in_any_order(
    draw: st.DrawFn,
    columns: list[Any],
    y: np.ndarray,
    settings: dict[str, Any],
    islands: np.ndarray | None = None,
) -> MixedCase:
    """Return a case with columns and rows in an order that is drawn."""
    rng = np.random.default_rng(draw(st.integers(0, 7)))
    rows, order = rng.permutation(len(y)), rng.permutation(len(columns))
    names = [_NAMES[i] if i < len(_NAMES) else f"x{i}" for i in range(len(columns))]
    frame = pd.DataFrame({names[i]: columns[i] for i in order}).iloc[rows].reset_index(drop=True)
    layout = {} if islands is None else {"islands": islands[rows].tolist()}
    return mixed_case(frame, y[rows], draw(st.integers(0, 2**16)), settings, layout=layout)


@st.composite
def island_cases(
    draw: st.DrawFn,
    /,
    subject: Subject,
    *,
    n_extra: tuple[int, int] = (8, 14),
    k: tuple[int, int] = (2, 5),
    n_minorities: int = 1,
    kinds: tuple[str, ...] | None = None,
) -> MixedCase:
    """Draw a case whose minority rows stand on islands of k + 1, each the neighbour of all others there.

    That holds for any sensible price of a difference, so that votes can be looked at whatever it is.
    """
    settings = _with_k(subject, draw(st.integers(*k)))
    size = neighbors_of(subject, settings) + 1
    n_islands = max(draw(st.integers(1, 3)), -(-max(4, subject.needs.least_rows) // size))
    counts = [n_islands * size] * n_minorities
    n_majority = counts[0] + draw(st.integers(*n_extra))
    y = np.repeat(np.arange(n_minorities + 1), [n_majority, *counts])
    islands = np.r_[np.full(n_majority, -1), np.tile(np.repeat(np.arange(n_islands), size), n_minorities)]
    n_votes = draw(st.integers(1, 2))
    codes = draw(hnp.arrays(np.int64, (len(y), n_votes), elements=st.integers(0, 2), fill=st.nothing()))
    codes[(y == 0) & (np.arange(len(y)) % 3 == 0)] = 3
    chosen = draw(
        st.lists(st.sampled_from(kinds or column_kinds(subject)), min_size=n_votes, max_size=n_votes)
    )
    columns: list[Any] = [category(kind, codes[:, i]) for i, kind in enumerate(chosen)]
    if subject.family == "smotenc":
        numbers = np.random.default_rng(draw(st.integers(0, 2**16))).normal(size=(len(y), 3)).round(3)
        # Two of three columns are narrow, and so is the median of their deviations.
        numbers[:, 0] += _ISLANDS_APART * (islands + 5.0 * y)
        columns += list(numbers.T)
    else:
        columns += _group_columns(islands, y)
    case = _in_any_order(draw, columns, y, settings, islands)
    hypothesis.assume(_is_of_islands(subject, case))
    return case


def _group_columns(islands: np.ndarray, y: np.ndarray) -> list[Any]:
    """Return columns that say the island, whose levels the majority has too, each in another share."""
    groups = islands + 3 * (y - 1)
    majority = np.flatnonzero(y == 0)
    # None of the first island's, some of the second's, the rest the last one's.
    groups[majority] = np.where(np.arange(len(majority)) < len(majority) // 4, 1, 2)
    return [pd.Categorical([f"g{group}" for group in groups])] * _N_GROUP_COLUMNS


def _is_of_islands(subject: Subject, case: MixedCase) -> bool:
    """Return whether each row's neighbours are all of its island by every reading of the distance."""
    rows = read_rows(case, case.frame, case.y)
    islands = np.array(case.layout["islands"])
    for label in np.unique(case.y)[1:]:
        own = case.y == label
        same = islands[own][:, None] == islands[own][None, :]
        for reading in readings(subject.family, rows, label, neighbors_of(subject, dict(case.params))):
            if (reading.possible & ~same).any():
                return False
    return True
