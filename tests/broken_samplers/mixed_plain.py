"""Plain correct SMOTENC and SMOTEN of frames, independent of smote_impls: bases of the broken ones.

Written for being broken: every decision is a method of its own, so that one bug is one short override.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from imblearn.utils import check_sampling_strategy
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state

__all__ = ["PlainSMOTEN", "PlainSMOTENC"]


class PlainSMOTENC(BaseEstimator):
    """Chawla et al. (2002), section 6.1; ties of votes are drawn."""

    oversampler_family = "smotenc"

    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5):
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state
        self.k_neighbors = k_neighbors

    def fit_resample(self, X, y):
        """Return the rows of a frame, then the new ones, and their labels."""
        frame, labels = self.read(X, y)
        numbers, codes, levels = self.split(frame)
        rng = self.generator()
        new_numbers, new_codes, new_labels = [numbers], [codes], [labels]
        for label, n in check_sampling_strategy(self.sampling_strategy, labels, "over-sampling").items():
            if n:
                made = self.new_rows(numbers, codes, labels, label, self.n_rows(n), rng)
                new_numbers.append(made[0])
                new_codes.append(made[1])
                new_labels.append(np.full(len(made[0]), label))
        made = self.frame(np.vstack(new_numbers), np.vstack(new_codes), levels, frame)
        return self.hand_back(made, np.concatenate(new_labels), frame)

    def read(self, X, y):
        """Return valid input: a frame and its labels by position."""
        y = np.asarray(y)
        if not isinstance(X, pd.DataFrame):
            raise TypeError("expected a frame")
        if len(X) != len(y):
            raise ValueError(f"expected a label for each of {len(X)} rows, got {len(y)}")
        if len(np.unique(y)) < 2:
            raise ValueError("expected at least two classes")
        X = X.reset_index(drop=True)
        numbers = X[self.numeric(X)]
        if not np.isfinite(numbers.to_numpy(dtype=float)).all():
            raise ValueError("expected numbers that are finite")
        return X, y

    def numeric(self, frame):
        """Return the names of the columns of numbers; booleans are categories."""
        return [name for name in frame if frame[name].dtype.kind in "iuf"]

    def split(self, frame):
        """Return the numbers, the codes of the categories, and their levels column by column."""
        numeric = self.numeric(frame)
        numbers = frame[numeric].to_numpy(dtype=float)
        codes, levels = [], []
        for name in frame.columns.drop(numeric):
            code, level = self.factorize(frame[name])
            codes.append(code)
            levels.append(level)
        return numbers, np.column_stack(codes) if codes else np.empty((len(frame), 0), int), levels

    def factorize(self, column):
        """Return codes and levels of a column."""
        return pd.factorize(column.astype(object))

    def generator(self):
        """Return the generator of one call."""
        return check_random_state(self.random_state)

    def n_rows(self, n):
        """Return how many rows are made where `n` are missing."""
        return n

    def new_rows(self, numbers, codes, y, label, n, rng):
        """Return numbers and codes of `n` new rows of a class."""
        own = np.flatnonzero(y == label)
        if len(own) <= self.k_neighbors:
            raise ValueError(f"expected more than {self.k_neighbors} rows of class {label}, got {len(own)}")
        distances = self.distances(numbers, codes, y, own)
        np.fill_diagonal(distances, np.inf)
        near = np.argsort(distances, axis=1, kind="stable")[:, : self.k_neighbors]
        seeds = self.seeds(len(own), n, rng)
        chosen = near[seeds, rng.randint(0, near.shape[1], size=n)]
        steps = self.steps(n, numbers.shape[1], rng)
        start, end = numbers[own[seeds]], numbers[own[chosen]]
        voted = [
            [self.vote(codes[own, c], seed, near[seed], other, rng, c) for c in range(codes.shape[1])]
            for seed, other in zip(seeds, chosen, strict=True)
        ]
        return start + steps * (end - start), np.array(voted, dtype=int).reshape(n, codes.shape[1])

    def seeds(self, n_own, n, rng):
        """Return which rows of the class are started from."""
        return rng.randint(0, n_own, size=n)

    def steps(self, n, width, rng):
        """Return a step for each new row."""
        return rng.uniform(size=(n, 1))

    def distances(self, numbers, codes, y, own):
        """Return the squared distances of a class's rows."""
        apart = ((numbers[own][:, None] - numbers[own][None]) ** 2).sum(axis=2)
        return apart + self.price(numbers, y, own) * self.n_different(codes[own])

    def price(self, numbers, y, own):
        """Return what a differing category adds to a squared distance."""
        return np.median(numbers[own].std(axis=0)) ** 2

    def n_different(self, codes):
        """Return in how many categories rows differ."""
        return (codes[:, None] != codes[None]).sum(axis=2)

    def vote(self, codes, seed, near, other, rng, column):
        """Return the level of a new row in one column; `other` is the row stepped towards."""
        return self.most(codes[self.voters(seed, near)], rng)

    def voters(self, seed, near):
        """Return the rows of the class that vote."""
        return near

    def most(self, votes, rng):
        """Return the level with most votes."""
        counts = np.bincount(votes)
        return self.settle((counts == counts.max()).nonzero()[0], rng)

    def settle(self, tied, rng):
        """Return one of the levels with as many votes."""
        return tied[rng.randint(len(tied))]

    def frame(self, numbers, codes, levels, frame):
        """Return all rows as a frame, columns and types as in the input."""
        columns = {}
        numeric, other = self.numeric(frame), 0
        for name in frame.columns:
            if name in numeric:
                columns[name] = self.as_type(numbers[:, numeric.index(name)], frame[name].dtype)
            else:
                columns[name] = self.as_category(codes[:, other], levels[other], frame[name].dtype)
                other += 1
        return pd.DataFrame(columns)

    def as_type(self, values, dtype):
        """Return numbers in the type of their column."""
        return (values.round() if dtype.kind in "iu" else values).astype(dtype)

    def as_category(self, codes, levels, dtype):
        """Return a column of levels in the type of their column."""
        return pd.Series(np.asarray(levels, dtype=object)[codes], dtype=object).astype(dtype)

    def hand_back(self, made, labels, frame):
        """Return what the caller gets."""
        return made, labels


class PlainSMOTEN(PlainSMOTENC):
    """Chawla et al. (2002), section 6.2: the value difference metric, and the row itself votes."""

    oversampler_family = "smoten"

    def numeric(self, frame):
        return []

    def distances(self, numbers, codes, y, own):
        distances = np.zeros((len(own), len(own)))
        for column in range(codes.shape[1]):
            shares = self.shares(codes[:, column], y)
            of = shares[:, codes[own, column]]
            distances += np.abs(of[:, :, None] - of[:, None, :]).sum(axis=0) ** self.power
        return distances

    power = 1

    def shares(self, values, y):
        """Return the share of each class among the rows of each level."""
        counts = np.array(
            [np.bincount(values[y == label], minlength=values.max() + 1) for label in np.unique(y)]
        )
        return counts / counts.sum(axis=0)

    def voters(self, seed, near):
        return np.append(near, seed)
