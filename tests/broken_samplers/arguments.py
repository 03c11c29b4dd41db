"""Samplers that take wrong arguments, or forget right ones."""

from __future__ import annotations

import hashlib
import os
import time
import warnings

import numpy as np
from imblearn.combine import SMOTETomek
from sklearn.utils import check_random_state

from broken_samplers import broken
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainSMOTE

__all__: list[str] = []

# -- numbers of neighbours -------------------------------------------------------------------------


@broken("rejects_wrong_numbers_of_neighbors", family="smote")
class ClampsNeighbors(PlainSMOTE):
    """At least one neighbour, whatever was asked for."""

    def neighbors(self, rows, k):
        return super().neighbors(rows, max(1, k) if isinstance(k, int | np.integer) else k)


@broken("rejects_wrong_numbers_of_neighbors", family="smote")
class CutsNeighborsOff(PlainSMOTE):
    """int(2.5) is 2."""

    def neighbors(self, rows, k):
        return super().neighbors(rows, int(k))


@broken("rejects_wrong_numbers_of_neighbors", family="smote")
class FallsBackToFive(PlainSMOTE):
    """What is no number is the default."""

    def neighbors(self, rows, k):
        return super().neighbors(rows, k if isinstance(k, int | np.integer | float) else 5)


@broken("rejects_wrong_numbers_of_neighbors", family="adasyn")
class TakesTheSize(PlainADASYN):
    """abs(k): minus one is one."""

    def neighbors(self, rows, k):
        return super().neighbors(rows, abs(k) if k else 1)

    def hardness(self, X, y, label):
        k = self.n_neighbors
        self.n_neighbors = abs(k) if k else 1
        try:
            return super().hardness(X, y, label)
        finally:
            self.n_neighbors = k


@broken("too_many_neighbors_are_said_so", family="smote")
class TakesFewerNeighbors(PlainSMOTE):
    """As many as there are, without a word: a matter of style, and so a remark."""

    def neighbors(self, rows, k):
        return super().neighbors(rows, min(k, len(rows) - 1))


@broken("set_params_reaches_a_used_sampler", family="smote")
class KeepsItsFirstSeed(PlainSMOTE):
    """Remembers the seed of the first call."""

    def generator(self):
        if not hasattr(self, "first_seed_"):
            self.first_seed_ = self.random_state
        return check_random_state(self.first_seed_)


@broken("set_params_reaches_a_used_sampler", family="smote")
class KeepsItsFirstK(PlainSMOTE):
    """Remembers the number of neighbours of the first call."""

    def neighbors(self, rows, k):
        self.k_ = getattr(self, "k_", k)
        return super().neighbors(rows, self.k_)


class _WithJobs(PlainSMOTE):
    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5, n_jobs=None):
        super().__init__(sampling_strategy, random_state, k_neighbors)
        self.n_jobs = n_jobs


@broken("n_jobs_does_not_matter", family="smote")
class DrawsForEachJob(_WithJobs):
    """A stream for each job."""

    def steps(self, n, n_features, rng):
        parts = np.array_split(np.arange(n), self.n_jobs or 1)
        streams = [np.random.RandomState(rng.randint(2**31)) for _ in parts]
        return np.vstack([r.uniform(size=(len(part), 1)) for r, part in zip(streams, parts, strict=True)])


@broken("n_jobs_does_not_matter", family="smote")
class LosesTheRemainderOfJobs(_WithJobs):
    """An even number of rows for each job, and the rest again from the first."""

    def seeds(self, candidates, n, rng):
        seeds = super().seeds(candidates, n, rng)
        each = n // (self.n_jobs or 1)
        seeds[each * (self.n_jobs or 1) :] = seeds[0]
        return seeds if (self.n_jobs or 1) == 1 else np.roll(seeds, 1)


@broken("keywords_are_not_swallowed", family="smote")
def swallows_the_seed(X, y, k_neighbors=5, **kwargs):
    """Takes random_state, and any other word, for nothing."""
    return PlainSMOTE(k_neighbors=k_neighbors).fit_resample(X, y)


# -- seeds -----------------------------------------------------------------------------------------


@broken("seeds_of_any_value_differ", family="smote")
class ZeroIsFortyTwo(PlainSMOTE):
    """`random_state or 42`."""

    def generator(self):
        return check_random_state(self.random_state or 42)


@broken("seeds_of_any_value_differ", family="generic")
class FewSeeds(GaussianNoise):
    """Takes the seed's remainder: 41 streams in all."""

    def generator(self):
        seed = self.random_state
        return check_random_state(seed % 41 if isinstance(seed, int | np.integer) else seed)


@broken("seeds_of_any_value_differ", family="smote")
def unseeded_is_forty_two(X, y, k_neighbors=5, seed=None):
    """A function whose default is a seed all the same."""
    return PlainSMOTE(k_neighbors=k_neighbors, random_state=42 if seed is None else seed).fit_resample(X, y)


@broken("repeatable_without_a_seed_of_its_own", family="smote")
def takes_no_seed(X, y, k_neighbors=5):
    """Draws from the system's entropy, and nobody can repeat it."""
    seed = int.from_bytes(os.urandom(4), "little")
    return PlainSMOTE(k_neighbors=k_neighbors, random_state=seed).fit_resample(X, y)


@broken("repeatable_without_a_seed_of_its_own", family="generic")
class SeedsByTheClock:
    """A plain object that reads the clock."""

    def fit_resample(self, X, y):
        return GaussianNoise(random_state=time.perf_counter_ns() % 2**32).fit_resample(X, y)


@broken("a_generator_is_used_or_refused", family="smote")
class IgnoresGenerators(PlainSMOTE):
    """What is neither a number nor a RandomState is no seed."""

    def generator(self):
        known = isinstance(self.random_state, int | np.integer | np.random.RandomState)
        return check_random_state(self.random_state if known else None)


@broken("a_generator_is_used_or_refused", family="generic")
class HashesItsSeed(GaussianNoise):
    """The hash of an object is its address."""

    def generator(self):
        seed = self.random_state
        known = seed is None or isinstance(seed, int | np.integer | np.random.RandomState)
        return check_random_state(seed if known else id(seed) % 1000 + time.perf_counter_ns() % 2**20)


# -- surroundings ----------------------------------------------------------------------------------


@broken("surroundings_are_left_alone", family="smote")
class SilencesNumpy(PlainSMOTE):
    """np.seterr for good."""

    def combine(self, start, end, steps):
        np.seterr(all="ignore")
        return super().combine(start, end, steps)


@broken("surroundings_are_left_alone", family="smote")
class SilencesWarnings(PlainSMOTE):
    """warnings.filterwarnings for good."""

    def combine(self, start, end, steps):
        warnings.filterwarnings("ignore", message="only of this sampler")
        return super().combine(start, end, steps)


@broken("surroundings_are_left_alone", family="smote")
class SilencesAllWarnings(PlainSMOTE):
    """The filter that somebody may have set before."""

    def combine(self, start, end, steps):
        warnings.filterwarnings("ignore")
        return super().combine(start, end, steps)


@broken("surroundings_are_left_alone", family="generic")
class SetsTheEnvironment(GaussianNoise):
    """Limits the threads of whatever comes after."""

    def generator(self):
        os.environ["OMP_NUM_THREADS"] = str(int(os.environ.get("OMP_NUM_THREADS", "1")) + 1)
        return super().generator()


@broken("surroundings_are_left_alone", family="generic")
class ChangesTheDirectory(GaussianNoise):
    """Goes to the root, "for temporary files"."""

    def generator(self):
        os.chdir(os.sep)
        return super().generator()


@broken("results_do_not_share_memory", family="smote")
class HandsTheInputBack(PlainSMOTE):
    """Nothing to do: the very same arrays, a remark."""

    def fit_resample(self, X, y):
        if isinstance(X, np.ndarray) and len(set(np.unique(y, return_counts=True)[1])) == 1:
            return X, y
        return super().fit_resample(X, y)


@broken("another_process_gives_the_same_rows", family="smote")
class SeedsByHash(PlainSMOTE):
    """The hash of a text is another one in each process."""

    def generator(self):
        return check_random_state((hash(f"seed {self.random_state}")) % 2**32)


@broken("another_process_gives_the_same_rows", family="smote")
class GoesThroughASetOfClasses(PlainSMOTE):
    """Grows classes in the order of a set, which for words is another one in each process."""

    def n_new(self, y):
        wanted = super().n_new(y)
        return {label: wanted[label] for label in set(wanted)}


@broken("another_process_gives_the_same_rows", family="smote")
class SeedsByTheHour(PlainSMOTE):
    """Mixes the time in, by the hour."""

    def generator(self):
        return check_random_state((self.random_state or 0) + int(time.time() // 3600))


@broken("another_process_gives_the_same_rows", family="generic")
class SeedsByDirectory(GaussianNoise):
    """Mixes the working directory in."""

    def generator(self):
        here = int(hashlib.sha256(os.getcwd().encode()).hexdigest()[:6], 16)
        return check_random_state((self.random_state or 0) + here)


@broken("estimators_given_as_parameters_are_left_alone", family="combined")
class SeedsTheGivenSmote(SMOTETomek):
    """Gives its seed to the SMOTE that it was given, in place of a clone of it."""

    def _validate_estimator(self):
        super()._validate_estimator()
        if self.smote is not None:
            self.smote_ = self.smote.set_params(random_state=self.random_state)
