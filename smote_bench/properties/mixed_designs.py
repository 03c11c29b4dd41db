"""Typed rows laid out so that votes tie for certain, and so that it shows where new rows come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.properties.cases import Case
from smote_bench.properties.designs import Star
from smote_bench.properties.mixed_frames import MixedCase, Rows, mixed_case
from smote_bench.properties.subject import Subject

__all__ = ["Groups", "Outlier", "TiedStar", "groups_case", "outlier_case", "tied_case"]

_N_NEW, _N_NEW_SMOKE = 3000, 2000
# Enough in a smoke run too.
_N_OF_GROUPS = 1500
_MOST_OF_OUTLIER = 3000
_N_COLUMNS = 6


@dataclass(frozen=True)
class TiedStar:
    """A star with a category in which the k nearest rows of all others have A and B equally often.

    Every row that is none of these has a level of its own, so that all differ in as much and the price of a
    difference does not matter.

    Parameters
    ----------
    star : Star
    k : int
        An even number of neighbours.
    """

    star: Star
    k: int

    def data(self) -> tuple[pd.DataFrame, np.ndarray]:
        """Return the frame and the classes."""
        X, y = self.star.data()
        own = np.flatnonzero(y == 1)
        number = np.argmax((X[own] - self.star.middle(1))[:, self.star.axes(1)], axis=1)
        levels = np.full(len(y), "majority", dtype=object)
        levels[own] = [self._level(int(place)) for place in number]
        return pd.DataFrame(X).add_prefix("x").assign(level=pd.Categorical(levels)), y

    def _level(self, place: int) -> str:
        return "AB"[place % 2] if place < self.k else f"own {place}"


@dataclass(frozen=True)
class Groups:
    """Groups of k + 1 rows of class 1 that several columns tell apart; in one more A and B tie.

    The whole group votes where the row itself does; where it does not, A and B come out equally often too.

    Parameters
    ----------
    k : int
    n_groups : int
    n_new : int
        By how many rows class 0 is larger than class 1.
    ties : bool
        Whether A and B are there equally often; else all have A.
    """

    k: int
    n_groups: int
    n_new: int
    ties: bool = True

    def data(self) -> tuple[pd.DataFrame, np.ndarray]:
        """Return the frame and the classes."""
        half = (self.k + 1) // 2
        group_votes = ["A"] * half + ["B"] * half + ["C"] * ((self.k + 1) % 2)
        votes = (group_votes if self.ties else ["A"] * (self.k + 1)) * self.n_groups
        groups = np.repeat(np.arange(self.n_groups), self.k + 1)
        n_majority = len(groups) + self.n_new
        # Of each group's level the majority has another share, and of each vote's the same one.
        shares = np.arange(self.n_groups) / max(self.n_groups - 1, 1)
        beside = np.repeat(np.arange(self.n_groups), (shares * 8 * (self.k + 1)).astype(int))
        rest = np.full(n_majority - len(beside), self.n_groups)
        majority_votes = np.resize(group_votes, n_majority)
        named = [f"g{group}" for group in (*groups, *beside, *rest)]
        columns: dict[str, Any] = {f"group{i}": pd.Categorical(named) for i in range(_N_COLUMNS)}
        columns["vote"] = pd.Categorical([*votes, *majority_votes])
        y = np.repeat([1, 0], [len(groups), n_majority])
        # Without ties in the order of the groups, so that a preference for a part of the table shows.
        order = np.random.default_rng(self.k).permutation(len(y)) if self.ties else np.arange(len(y))
        return pd.DataFrame(columns).iloc[order].reset_index(drop=True), y[order]

    def of(self, case: MixedCase, new: Rows) -> np.ndarray:
        """Return the group that each new row is of; -1 for none."""
        levels = list(dict.fromkeys(case.frame["group0"].astype(object)))
        places = np.array([int(level[1:]) for level in levels])
        first = new.levels[:, 0]
        same = (new.levels[:, :_N_COLUMNS] == first[:, None]).all(axis=1) & (first >= 0)
        found = np.where(same, places[np.where(same, first, 0)], -1)
        of_group: np.ndarray = np.where(found < self.n_groups, found, -1)
        return of_group

    def shares_by_rule(self) -> tuple[float, float]:
        """Return the least and the largest share of A, or B, where a tie goes to the seed's own level."""
        half, size = (self.k + 1) // 2, self.k + 1
        return half / size, 1 - half / size

    def tied_counts(self, case: MixedCase, new: Rows) -> np.ndarray:
        """Return how many new rows of each group have A, and how many B."""
        levels = list(dict.fromkeys(case.frame["vote"].astype(object)))
        groups = self.of(case, new)
        counts = np.zeros((self.n_groups, 2), dtype=int)
        for position, level in enumerate("AB"):
            chosen = (groups >= 0) & (new.levels[:, _N_COLUMNS] == levels.index(level))
            np.add.at(counts[:, position], groups[chosen], 1)
        return counts


@dataclass(frozen=True)
class Outlier:
    """A row of class 1 that is nobody's neighbour, and k groups, the first row of each its neighbour.

    The outlier and the first rows have A, the others B. A first row's neighbours are the others of its group,
    and these are each other's: so A wins a vote at the outlier and, with k > 1, nowhere else, whether or not
    the row itself votes.

    Parameters
    ----------
    k : int
    n_new : int
        By how many rows class 0 is larger than class 1.
    numbers : bool
        Whether numbers tell the rows apart; else categories do, by how many differ.
    seed : int
        Of the order of the rows.
    """

    k: int
    n_new: int
    numbers: bool
    seed: int = 0

    @property
    def n(self) -> int:
        """Rows of class 1."""
        return 1 + self.k * (self.k + 2)

    def data(self) -> tuple[pd.DataFrame, np.ndarray]:
        """Return the frame and the classes."""
        # Of the outlier, then group by group: which group, and whether it is the group's first row.
        group = np.r_[-1, np.repeat(np.arange(self.k), self.k + 2)]
        first = np.r_[False, np.tile(np.arange(self.k + 2) == 0, self.k)]
        y = np.repeat([1, 0], [self.n, self.n + self.n_new])
        rng = np.random.default_rng(self.seed)
        columns = self._numbers(group, first, rng) if self.numbers else self._categories(group, first)
        votes = np.where(first | (group < 0), "A", "B")
        # As many of each in the majority, in proportion: A and B are the same to the metric.
        columns["vote"] = pd.Categorical(np.r_[votes, np.resize(votes, len(y) - self.n)])
        order = rng.permutation(len(y))
        return pd.DataFrame(columns).iloc[order].reset_index(drop=True), y[order]

    def _numbers(self, group: np.ndarray, first: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
        """Return an axis for each group, and narrow columns, by more than half, so that the median is."""
        X = rng.normal(scale=_NARROW, size=(2 * self.n + self.n_new, 2 * self.k + 1))
        own = np.where(first, _FIRST, _LATER)[:, None] * (group[:, None] == np.arange(self.k))
        X[: self.n, : self.k] += own
        X[self.n :, : self.k] -= 10 * _FIRST
        return {f"x{i}": column for i, column in enumerate(X.T)}

    def _categories(self, group: np.ndarray, first: np.ndarray) -> dict[str, Any]:
        """Return five columns for each group: its rows differ from others in all, the first in four."""
        columns = {}
        for number in range(self.k):
            for position in range(_N_DIFFERENT):
                inside = (group == number) & ~(first & (position == 0))
                levels = np.r_[np.where(inside, "in", "out"), np.full(self.n + self.n_new, "out")]
                columns[f"group{number} {position}"] = pd.Categorical(levels)
        return columns

    def from_outlier(self, new: Rows) -> np.ndarray:
        """Return which new rows lie between the outlier and one of the first rows, by their numbers; bool."""
        along = np.sort(new.numbers[:, : self.k], axis=1)
        between = (along[:, -1] > 0.01 * _FIRST) & (along[:, -1] < 0.99 * _FIRST)
        on_axis: np.ndarray = between & (np.abs(along[:, :-1]) < 0.01 * _FIRST).all(axis=1)
        return on_axis


_FIRST, _LATER, _NARROW = 100.0, 110.0, 0.1
_N_DIFFERENT = 5


def _settings(subject: Subject, k: int) -> dict[str, Any]:
    return {subject.k_name: k} if subject.k_name is not None and subject.accepts(subject.k_name) else {}


def _k(subject: Subject, settings: dict[str, Any]) -> int:
    return subject.k(Case(np.empty((0, 0)), np.empty(0), params=settings))


def tied_case(subject: Subject, seed: int, smoke: bool) -> Case:
    """Lay out votes that tie; with an odd number of neighbours that the user fixed, groups only."""
    # With the row itself an even number of votes in either family, so that a rule which prefers the level of
    # the row that is started from gives both equally often.
    settings = _settings(subject, 3 if subject.family == "smoten" else 4)
    k = _k(subject, settings)
    if subject.family == "smoten":
        return _case(Groups(k, 3, _N_OF_GROUPS), seed, settings, "groups")
    star = Star(k + 1, (0,) * 8, _N_NEW_SMOKE if smoke else _N_NEW, seed=seed % 1000)
    return _case(TiedStar(star, k), seed, settings, "star")


def groups_case(subject: Subject, seed: int, _: bool) -> Case:
    """Lay out groups without ties."""
    settings = _settings(subject, 3)
    return _case(Groups(_k(subject, settings), 4, _N_OF_GROUPS, ties=False), seed, settings, "groups")


def outlier_case(subject: Subject, seed: int, _: bool) -> Case:
    """Lay out a row that is nobody's neighbour."""
    settings = _settings(subject, 3)
    k = _k(subject, settings)
    outlier = Outlier(
        k, min(100 * (1 + k * (k + 2)), _MOST_OF_OUTLIER), subject.family == "smotenc", seed % 1000
    )
    return _case(outlier, seed, settings, "outlier")


def _case(design: Any, seed: int, settings: dict[str, Any], name: str) -> MixedCase:
    frame, y = design.data()
    imported = "Star, TiedStar" if name == "star" else type(design).__name__
    recipe = f"from smote_bench.properties import {imported}\n\nX, y = {design!r}.data()"
    layout = {name: design.star if name == "star" else design}
    return mixed_case(frame, y, seed % 2**16, settings, recipe=recipe, layout=layout)
