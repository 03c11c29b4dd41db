"""Hypothesis strategies for imbalanced data sets, small enough to read once they have shrunk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis
import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np

from smote_bench.properties.cases import Case
from smote_bench.properties.reference import danger_rows, majority_counts
from smote_bench.properties.subject import APART, Subject

__all__ = ["LAYOUTS", "cases", "has_seeds", "imbalanced_datasets", "seeds"]

LAYOUTS = ("lattice", "cloud", "two clouds", "stretched")

_LATTICE = 8
_N_FEATURES = (1, 4)


def seeds() -> st.SearchStrategy[int]:
    """Seeds for a sampler."""
    return st.integers(0, 2**16)


@st.composite
def imbalanced_datasets(
    draw: st.DrawFn,
    /,
    *,
    n_minority: tuple[int, int] = (4, 10),
    n_extra: tuple[int, int] = (1, 10),
    n_features: tuple[int, int] = (1, 4),
    n_classes: int = 2,
    layouts: tuple[str, ...] = LAYOUTS,
) -> tuple[np.ndarray, np.ndarray]:
    """Draw an imbalanced data set.

    Parameters
    ----------
    n_minority : (int, int)
        Fewest and most rows of each minority class.
    n_extra : (int, int)
        How many more rows than the largest minority class the majority has.
    n_features : (int, int)
    n_classes : int
        Class 0 is the majority; 1, 2, ... are minorities.
    layouts : tuple of str
        ``lattice``: multiples of 1/8 in [-8, 8], with ties and duplicates, and easy to read; ``cloud``:
        normal values with three decimals, hardly a tie; ``two clouds``: half of each minority class amid the
        majority and half far from it; ``stretched``: a cloud whose columns are of different scale.

    Returns
    -------
    X : ndarray of shape (n_samples, n_features), float64
    y : ndarray of shape (n_samples,), int64
        In an order that is drawn too.
    """
    width = draw(st.integers(*n_features))
    counts = [draw(st.integers(*n_minority)) for _ in range(n_classes - 1)]
    n_majority = max(counts) + draw(st.integers(*n_extra))
    y = np.repeat(np.arange(n_classes), [n_majority, *counts])
    layout = draw(st.sampled_from(layouts))
    if layout == "lattice":
        values = hnp.arrays(
            np.int64, (len(y), width), elements=st.integers(-8 * _LATTICE, 8 * _LATTICE), fill=st.nothing()
        )
        X = draw(values) / _LATTICE
    else:
        rng = np.random.default_rng(draw(seeds()))
        X = rng.normal(size=(len(y), width)).round(3)
        if layout == "two clouds":
            X[(y > 0) & (np.arange(len(y)) % 2 == 0), 0] += 12.0
        elif layout == "stretched":
            X *= 4.0 ** np.arange(width)
    order = np.random.default_rng(draw(st.integers(0, 7))).permutation(len(y))
    return X[order], y[order]


@st.composite
def cases(
    draw: st.DrawFn,
    /,
    subject: Subject,
    *,
    n_extra: tuple[int, int] = (1, 10),
    n_features: tuple[int, int] = _N_FEATURES,
    n_classes: int = 2,
    layouts: tuple[str, ...] = LAYOUTS,
    k: tuple[int, int] = (1, 5),
    dataset: Callable[..., st.SearchStrategy[tuple[np.ndarray, np.ndarray]]] = imbalanced_datasets,
    **params: Any,
) -> Case:
    """Draw a case that the subject's family has to have an answer to.

    Where the subject lets the kit set its numbers of neighbours these are drawn as well (few neighbours make
    small counterexamples); every class has more rows than that. For the borderline families at least one row
    of each minority class is in DANGER, for adasyn at least one has a neighbour of another class, however
    ties are settled.

    Parameters
    ----------
    subject : Subject
    n_extra, n_features, n_classes, layouts : see `imbalanced_datasets`
    k : (int, int)
        Fewest and most neighbours.
    dataset : callable
        In place of `imbalanced_datasets`, with the same arguments.
    **params
        Parameters of the sampler to set.
    """
    settings = dict(params)
    if subject.k_name is not None and subject.accepts(subject.k_name):
        settings[subject.k_name] = draw(st.integers(*k))
    probe = Case(np.empty((0, 0)), np.empty(0), params=settings)
    n_neighbors = subject.k(probe)
    fewest = n_neighbors + 1 if subject.family != "generic" else max(n_neighbors + 1, 6)
    if subject.m_name is not None and subject.accepts(subject.m_name):
        settings[subject.m_name] = draw(st.integers(2, 6))
    if subject.family.startswith("borderline"):
        # Every row has m others: to ask for more neighbours than there are may be refused.
        fewest = max(fewest, (subject.m(probe) + 1) // 2)
    fewest = max(fewest, subject.needs.least_rows)
    least = subject.needs.least_columns
    # Fewer columns than it takes are no case; those of the default go up to what it takes.
    hypothesis.assume(n_features[1] >= least or n_features == _N_FEATURES)
    exactly = (least, least) if subject.needs.kinds else n_features
    X, y = draw(
        dataset(
            n_minority=(fewest, fewest + 6),
            n_extra=n_extra,
            n_features=(max(exactly[0], least), max(exactly[1], least)),
            n_classes=n_classes,
            layouts=("cloud",) if subject.needs.apart else layouts,
        ).filter(lambda drawn: has_seeds(subject, Case(drawn[0], drawn[1], params=settings)))
    )
    for column, kind in enumerate(subject.needs.kinds):
        if kind == "category" and column < X.shape[1]:
            X[:, column] = np.abs(np.round(X[:, column] * 2)) % 3
    if subject.needs.apart:
        single = bool((X.astype(np.float32) == X).all())
        X = X + APART * y[:, None]
        # What a property drew for single precision has its digits still.
        X = X.astype(np.float32).astype(np.float64) if single else X
    return Case(X, y, draw(seeds()), settings)


def has_seeds(subject: Subject, case: Case) -> bool:
    """Whether each minority class has a row that the family makes new rows from, however ties are settled."""
    minorities = [label for label in np.unique(case.y) if label != 0]
    if subject.family.startswith("borderline"):
        m = subject.m(case)
        return all(danger_rows(case.X, case.y, label, m)[0].any() for label in minorities)
    if subject.family == "adasyn":
        k = subject.k(case)
        return all(majority_counts(case.X, case.y, label, k)[0].any() for label in minorities)
    return True
