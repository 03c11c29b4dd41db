"""Samplers that break what every caller relies on: estimators, seeds, containers, errors."""

from __future__ import annotations

import copy
import random

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.utils import check_random_state

from broken_samplers import broken
from broken_samplers.plain import GaussianNoise, PlainOversampler, PlainSMOTE

# -- answers ---------------------------------------------------------------------------------------


@broken("answers_ordinary_data", family="smote")
class WalksAUnitDirection(PlainSMOTE):
    """Divides by the distance, which is 0 between duplicates."""

    def combine(self, start, end, steps):
        length = np.sqrt(((end - start) ** 2).sum(axis=1, keepdims=True))
        with np.errstate(all="ignore"):
            return start + steps * length * ((end - start) / length)


@broken("answers_ordinary_data", family="smote")
class ReturnsACall(PlainSMOTE):
    """Returns a third thing in the first place."""

    def fit_resample(self, X, y):
        return {"X": X, "y": y}


# -- randomness ------------------------------------------------------------------------------------


@broken("same_seed_gives_same_bytes", family="smote")
class DrawsStepsUnseeded(PlainSMOTE):
    """Makes a new generator for the steps, without the seed."""

    def steps(self, n, n_features, rng):
        return np.random.default_rng().uniform(size=(n, 1))


@broken("same_seed_gives_same_bytes", family="generic")
class TakesSeedZeroForNone(GaussianNoise):
    """`random_state or None`."""

    def generator(self):
        return check_random_state(self.random_state or None)


@broken("same_seed_gives_same_bytes", family="smote")
class KnowsPythonsIntegersOnly(PlainSMOTE):
    """isinstance(seed, int) leaves NumPy's integers out."""

    def generator(self):
        return check_random_state(self.random_state if isinstance(self.random_state, int) else None)


@broken("same_seed_gives_same_bytes", family="smote")
class CountsItsCalls(PlainSMOTE):
    """Adds the number of samplers made so far to the seed."""

    made = 0

    def generator(self):
        type(self).made += 1
        return check_random_state(self.random_state + type(self).made)


@broken("a_sampler_can_be_used_again", "constructor_only_stores_parameters", family="smote")
class ReadsTheSeedInTheConstructor(PlainSMOTE):
    """Keeps one generator for its life."""

    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5):
        super().__init__(sampling_strategy, random_state, k_neighbors)
        self.random_state = check_random_state(random_state)


@broken("a_sampler_can_be_used_again", family="smote")
class KeepsItsGenerator(PlainSMOTE):
    """Makes the generator in the first call and goes on with it in the next."""

    def generator(self):
        if not hasattr(self, "rng_"):
            self.rng_ = check_random_state(self.random_state)
        return self.rng_


@broken("a_sampler_can_be_used_again", family="smote")
class RemembersItsNeighbors(PlainSMOTE):
    """Searches once for each number of rows and takes the same neighbours for the next data of that size."""

    def neighbors(self, rows, k):
        self.known_ = getattr(self, "known_", {})
        if len(rows) not in self.known_:
            self.known_[len(rows)] = super().neighbors(rows, k)
        return self.known_[len(rows)]


@broken("different_seeds_differ", family="smote")
class IgnoresItsSeed(PlainSMOTE):
    """A seed of its own, left from debugging."""

    def generator(self):
        return check_random_state(42)


@broken("the_global_random_state_plays_no_part", family="smote")
class SeedsTheGlobalState(PlainSMOTE):
    """np.random.seed, as in old code."""

    def generator(self):
        np.random.seed(self.random_state if isinstance(self.random_state, int) else None)
        return np.random.mtrand._rand


@broken("the_global_random_state_plays_no_part", family="smote")
class PicksWithPythonsRandom(PlainSMOTE):
    """Takes the seeds from the module random."""

    def seeds(self, candidates, n, rng):
        return np.array(random.choices(candidates.tolist(), k=n))


@broken("the_global_random_state_plays_no_part", family="generic")
class WastesAGlobalNumber(GaussianNoise):
    """Draws one number from the global state and does not use it."""

    def generator(self):
        np.random.uniform()
        return super().generator()


@broken("a_random_state_instance_goes_on", family="smote")
class TakesOnlyNumbers(PlainSMOTE):
    """RandomState(seed) refuses a RandomState."""

    def generator(self):
        return np.random.RandomState(self.random_state)


@broken("a_random_state_instance_goes_on", family="smote")
class CopiesTheState(PlainSMOTE):
    """Works on a copy of the generator, so that it never goes on."""

    def generator(self):
        return copy.deepcopy(check_random_state(self.random_state))


@broken("no_seed_gives_new_rows_each_time", family="smote")
class HidesASeed(PlainSMOTE):
    """None means 0."""

    def generator(self):
        return check_random_state(0 if self.random_state is None else self.random_state)


# -- the estimator ---------------------------------------------------------------------------------


@broken("constructor_only_stores_parameters", family="smote")
class CopiesTheStrategy(PlainSMOTE):
    """Stores a copy of a mapping, which scikit-learn's clone refuses."""

    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5):
        super().__init__(copy.deepcopy(sampling_strategy), random_state, k_neighbors)


@broken("constructor_only_stores_parameters", family="smote")
class IsFittedFromTheStart(PlainSMOTE):
    """Sets a fitted attribute in its constructor, so that check_is_fitted is satisfied."""

    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5):
        super().__init__(sampling_strategy, random_state, k_neighbors)
        self.sampling_strategy_ = {}


@broken("parameters_round_trip", family="smote")
class ForgetsAParameter(PlainSMOTE):
    """get_params is written by hand and lacks one."""

    def get_params(self, deep=True):
        return {"sampling_strategy": self.sampling_strategy, "random_state": self.random_state}


@broken("parameters_round_trip", family="smote")
class IgnoresSetParams(PlainSMOTE):
    """The number of neighbours in use is copied in the constructor, set_params does not reach it."""

    def __init__(self, sampling_strategy="auto", random_state=None, k_neighbors=5):
        super().__init__(sampling_strategy, random_state, k_neighbors)
        self._k = k_neighbors

    def neighbors(self, rows, k):
        return super().neighbors(rows, self._k)


@broken("parameters_round_trip", family="smote")
class TakesAnyParameter(PlainSMOTE):
    """set_params sets whatever it is given."""

    def set_params(self, **params):
        vars(self).update(params)
        return self


@broken("a_clone_is_an_unfitted_equal", family="smote")
class ClonesWithItsFit(PlainSMOTE):
    """Its clone is a deep copy."""

    def __sklearn_clone__(self):
        return copy.deepcopy(self)


@broken("a_clone_is_an_unfitted_equal", family="smote")
class TakesNeighborsByKeyword(PlainSMOTE):
    """Takes the number of neighbours by keyword, which get_params does not see: a clone has five."""

    def __init__(self, sampling_strategy="auto", random_state=None, **options):
        super().__init__(sampling_strategy, random_state, **options)


@broken("a_pickle_gives_the_same_answer", family="smote")
class HoldsALambda(PlainSMOTE):
    """Keeps a function that pickle cannot find."""

    def fit_resample(self, X, y):
        self.step_ = lambda rng: rng.uniform()
        return super().fit_resample(X, y)


@broken("a_pickle_gives_the_same_answer", family="smote")
class LosesItsNeighborsInAPickle(PlainSMOTE):
    """__setstate__ falls back on defaults."""

    def __getstate__(self):
        return {"random_state": self.random_state, "sampling_strategy": self.sampling_strategy}

    def __setstate__(self, state):
        self.__init__(random_state=1, sampling_strategy=state["sampling_strategy"], k_neighbors=1)


@broken("fitting_keeps_parameters", family="smote")
class ChangesItsParameter(PlainSMOTE):
    """Replaces the strategy by the counts it stands for."""

    def n_new(self, y):
        self.sampling_strategy = super().n_new(y)
        return dict(self.sampling_strategy)

    def fit_resample(self, X, y):
        self.sampling_strategy = (
            "auto" if isinstance(self.sampling_strategy, dict) else self.sampling_strategy
        )
        return super().fit_resample(X, y)


@broken("fitting_keeps_parameters", family="smote")
class EmptiesTheStrategy(PlainSMOTE):
    """Takes each class out of the caller's mapping when it is done."""

    def n_new(self, y):
        wanted = super().n_new(y)
        if isinstance(self.sampling_strategy, dict):
            self.sampling_strategy.clear()
        return wanted


@broken("fitting_keeps_parameters", family="smote")
class NamesItsFitWithoutUnderscore(PlainSMOTE):
    """Leaves a public attribute behind that looks like a parameter."""

    def fit_resample(self, X, y):
        self.n_rows = len(X)
        return super().fit_resample(X, y)


@broken("describes_itself", family="smote")
class CannotBeShown(PlainSMOTE):
    """repr reads what only fitting sets."""

    def __repr__(self, **kwargs):
        return f"{type(self).__name__}(made={self.sampling_strategy_})"


@broken("works_in_a_pipeline", family="smote")
class AlsoTransforms(PlainSMOTE):
    """Has transform beside fit_resample, which a Pipeline refuses."""

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X


# -- containers ------------------------------------------------------------------------------------


@broken("frames_come_back_as_frames", family="smote")
class SortsColumns(PlainSMOTE):
    """Builds the frame out of a dictionary in alphabetical order."""

    def like_X(self, values, X):
        made = super().like_X(values, X)
        return made[sorted(made.columns)] if isinstance(made, pd.DataFrame) else made


@broken("frames_come_back_as_frames", family="smote")
class ReturnsArraysForFrames(PlainSMOTE):
    """Loses the frame."""

    def like_X(self, values, X):
        return values


@broken("frames_come_back_as_frames", family="smote")
class KeepsTheIndex(PlainSMOTE):
    """Concatenates the new rows with their own numbers, so that labels of rows repeat."""

    def like_X(self, values, X):
        made = super().like_X(values, X)
        if isinstance(made, pd.DataFrame):
            made.index = [*X.index, *range(len(made) - len(X))]
        return made


@broken("frames_come_back_as_frames", family="smote")
class LosesColumnDtypes(PlainSMOTE):
    """One dtype for the whole frame."""

    def like_X(self, values, X):
        return (
            pd.DataFrame(values, columns=X.columns)
            if isinstance(X, pd.DataFrame)
            else super().like_X(values, X)
        )


@broken("series_come_back_as_series", family="smote")
class ForgetsTheNameOfY(PlainSMOTE):
    """A Series without its name."""

    def like_y(self, labels, y):
        return pd.Series(labels, dtype=y.dtype) if isinstance(y, pd.Series) else labels


@broken("series_come_back_as_series", family="smote")
class AlignsByIndex(PlainSMOTE):
    """Puts y into the frame, which pandas does by index and not by position."""

    def read(self, X, y):
        if isinstance(X, pd.DataFrame) and isinstance(y, pd.Series):
            y = y.reindex(X.index, fill_value=0)
        return super().read(X, y)


@broken("sparse_comes_back_sparse", family="smote")
class ReturnsDenseRows(PlainSMOTE):
    """Makes sparse data dense and leaves them so."""

    def like_X(self, values, X):
        return values if sparse.issparse(X) else super().like_X(values, X)


@broken("sparse_comes_back_sparse", family="generic")
class ReturnsOtherFormat(GaussianNoise):
    """Always CSR."""

    def like_X(self, values, X):
        return sparse.csr_matrix(values) if sparse.issparse(X) else super().like_X(values, X)


@broken("lists_are_accepted", family="smote")
class AsksForAShape(PlainSMOTE):
    """Reads X.shape before it made an array of X."""

    def fit_resample(self, X, y):
        self.shape_ = X.shape
        return super().fit_resample(X, y)


@broken("dtype_is_kept", family="smote")
class AlwaysComputesInFloat64(PlainSMOTE):
    """float32 and integers become float64."""

    def read(self, X, y):
        X, y = super().read(X, y)
        return X.astype(np.float64), y


@broken("labels_keep_their_type", family="smote")
class TakesLabelsForNumbers(PlainSMOTE):
    """Labels go through an array of integers."""

    def read(self, X, y):
        X, y = super().read(X, y)
        return X, y.astype(np.int64)


@broken("labels_keep_their_type", family="smote")
class EncodesLabels(PlainSMOTE):
    """Returns the numbers that it gave to the classes."""

    def read(self, X, y):
        X, y = super().read(X, y)
        return X, y if set(y.tolist()) == {0, 1} and y.dtype.kind == "i" else np.unique(
            y, return_inverse=True
        )[1]


@broken("inputs_are_left_alone", family="generic")
class CentersInPlace(GaussianNoise):
    """Subtracts the mean from the caller's array."""

    def read(self, X, y):
        X, y = super().read(X, y)
        if X.flags.writeable and X.dtype == np.float64:
            X -= X.mean(axis=0)
        return X, y


@broken("inputs_are_left_alone", family="smote")
class GrowsTheCallersList(PlainSMOTE):
    """Puts the new rows behind the caller's own, where these are a list."""

    def fit_resample(self, X, y):
        rows, labels = super().fit_resample(X, y)
        if isinstance(X, list):
            X += rows[len(X) :].tolist()
        return rows, labels


@broken("inputs_are_left_alone", family="smote")
class ResetsTheCallersIndex(PlainSMOTE):
    """Gives the caller's frame a new index."""

    def fit_resample(self, X, y):
        if isinstance(X, pd.DataFrame):
            X.index = range(len(X))
        return super().fit_resample(X, y)


@broken("read_only_arrays_are_accepted", family="smote")
class WritesBackWhatItRead(PlainSMOTE):
    """Scales in place and back, which leaves the values but needs to write."""

    def read(self, X, y):
        X, y = super().read(X, y)
        X *= 1
        return X, y


@broken("memory_layout_does_not_matter", family="smote")
class ReadsMemoryInOrder(PlainSMOTE):
    """Reshapes the buffer of an array in Fortran order as if it were in C order."""

    def read(self, X, y):
        X, y = super().read(X, y)
        self.flat_ = X.ravel(order="K").reshape(X.shape)
        return X, y

    def new_rows(self, X, y, label, n, rng):
        return super().new_rows(self.flat_.astype(np.float64), y, label, n, rng)


# -- errors ----------------------------------------------------------------------------------------


@broken("rejects_missing_and_infinite_values", family="smote")
class DropsMissingRows(PlainSMOTE):
    """Rows with NaN are left out in silence."""

    def read(self, X, y):
        if isinstance(X, np.ndarray) and X.dtype == np.float64 and X.ndim == 2 and len(X) == len(y):
            keep = ~np.isnan(X).any(axis=1)
            X, y = X[keep], y[keep]
        return super().read(X, y)


@broken("rejects_missing_and_infinite_values", family="smote")
class DropsMissingRowsOfFrames(PlainSMOTE):
    """dropna, where there is one."""

    def read(self, X, y):
        if isinstance(X, pd.DataFrame):
            keep = X.notna().all(axis=1).to_numpy()
            X, y = X[keep], np.asarray(y)[keep]
        return super().read(X, y)


@broken("rejects_missing_and_infinite_values", family="generic")
class FillsMissingValues(GaussianNoise):
    """NaN becomes 0, infinity 1.8e308."""

    def read(self, X, y):
        return super().read(np.nan_to_num(X) if isinstance(X, np.ndarray) and X.dtype.kind == "f" else X, y)


@broken("rejects_one_class", family="smote")
class TakesOneClass(PlainSMOTE):
    """Has nothing to balance and does not say so."""

    def n_new(self, y):
        return super().n_new(y) if len(np.unique(y)) > 1 else {}


@broken("rejects_wrong_shapes", family="smote")
class ReshapesVectors(PlainSMOTE):
    """Takes a vector for a column."""

    def read(self, X, y):
        return super().read(X.reshape(-1, 1) if isinstance(X, np.ndarray) and X.ndim == 1 else X, y)


@broken("rejects_wrong_shapes", family="smote")
class CutsToTheShorter(PlainSMOTE):
    """zip(X, y) ends with the shorter of the two."""

    def read(self, X, y):
        n = min(np.shape(X)[0], np.shape(y)[0])
        return super().read(X[:n], y[:n])


@broken("rejects_text", family="smote")
class TurnsTextIntoZero(PlainSMOTE):
    """pd.to_numeric(errors="coerce") and fillna(0)."""

    def read(self, X, y):
        if isinstance(X, np.ndarray) and X.dtype == object:
            X = pd.DataFrame(X).apply(pd.to_numeric, errors="coerce").fillna(0.0).to_numpy()
        return super().read(X, y)


@broken("rejects_text", family="smote")
class SaysNothingOnText(PlainSMOTE):
    """Raises, without a word."""

    def read(self, X, y):
        try:
            return super().read(X, y)
        except ValueError:
            raise ValueError from None


@broken("rejects_impossible_targets", family="smote")
class ClipsTargets(PlainSMOTE):
    """A target below the present count is taken for 'nothing to do'."""

    def n_new(self, y):
        if not isinstance(self.sampling_strategy, dict):
            return super().n_new(y)
        return {label: max(0, n - int((y == label).sum())) for label, n in self.sampling_strategy.items()}


@broken("rejects_impossible_targets", family="smote")
class SkipsUnknownClasses(PlainSMOTE):
    """A class that is not in y is passed over."""

    def n_new(self, y):
        if not isinstance(self.sampling_strategy, dict):
            return super().n_new(y)
        known = {label: n for label, n in self.sampling_strategy.items() if label in y}
        return PlainOversampler(known).n_new(y) if known else {}


@broken("rejects_impossible_targets", family="smote")
class TakesAnyWordForAuto(PlainSMOTE):
    """Unknown words mean the default."""

    def n_new(self, y):
        known = ("minority", "not minority", "not majority", "all", "auto")
        if isinstance(self.sampling_strategy, str) and self.sampling_strategy not in known:
            return PlainOversampler().n_new(y)
        return super().n_new(y)


@broken("too_few_rows_are_said_so", family="smote")
class FallsOverFewRows(PlainSMOTE):
    """Sorts distances and picks a neighbour that is not there."""

    def neighbors(self, rows, k):
        distances = np.sqrt(((rows[:, None] - rows[None]) ** 2).sum(axis=2))
        return distances.argsort(axis=1, kind="stable")[:, 1:]

    def partners(self, neighbors, seeds, rng):
        return neighbors[seeds, rng.randint(self.k_neighbors, size=len(seeds))]


@broken("too_few_rows_are_said_so", family="smote")
class PadsFewRowsWithZeros(PlainSMOTE):
    """Fills up the class with rows of zeros until there are enough."""

    def new_rows(self, X, y, label, n, rng):
        lacking = max(0, self.k_neighbors + 1 - int((y == label).sum()))
        X = np.vstack([X, np.full((lacking, X.shape[1]), 99.0)])
        return super().new_rows(X, np.concatenate([y, np.full(lacking, label)]), label, n, rng)


@broken("an_error_leaves_no_trace", family="smote")
class StaysLocked(PlainSMOTE):
    """A flag that is only taken back where all went well."""

    def fit_resample(self, X, y):
        if getattr(self, "_busy", False):
            raise RuntimeError("already in use")
        self._busy = True
        answer = super().fit_resample(X, y)
        self._busy = False
        return answer


@broken("inputs_are_left_alone", family="smote")
class CodesLabelsInPlace(PlainSMOTE):
    """Writes 0, 1, ... into the caller's labels; what it returns has the right ones."""

    def fit_resample(self, X, y):
        answer = super().fit_resample(X, np.array(y))
        if isinstance(y, np.ndarray) and y.dtype.kind == "i" and y.flags.writeable:
            y[...] = np.unique(y, return_inverse=True)[1]
        return answer
