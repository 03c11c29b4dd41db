"""Samplers of typed frames that go wrong with levels, prices, neighbours, votes, types or seeds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.utils import check_random_state

from broken_samplers import broken
from broken_samplers.mixed_plain import PlainSMOTEN, PlainSMOTENC
from smote_impls import SMOTENC

__all__: list[str] = []


# -- levels


@broken("only_known_levels_come_back", family="smotenc")
class DrawsFromAllDeclaredLevels(PlainSMOTENC):
    """Settles ties between all levels that the type declares."""

    def factorize(self, column):
        if isinstance(column.dtype, pd.CategoricalDtype):
            return column.cat.codes.to_numpy().astype(int), list(column.cat.categories)
        return super().factorize(column)

    def split(self, frame):
        numbers, codes, levels = super().split(frame)
        self.n_levels = [len(level) for level in levels]
        return numbers, codes, levels

    def vote(self, codes, seed, near, other, rng, column):
        counts = np.bincount(codes[near], minlength=self.n_levels[column])
        tied = np.flatnonzero(counts == counts.max())
        return rng.choice(tied) if len(tied) == 1 else rng.randint(self.n_levels[column])


@broken("only_known_levels_come_back", "levels_are_voted_by_near_rows", family="smotenc")
class LetsTheMajorityVote(PlainSMOTENC):
    """Takes the most frequent level of the whole table."""

    def new_rows(self, numbers, codes, y, label, n, rng):
        made, _ = super().new_rows(numbers, codes, y, label, n, rng)
        most = [np.bincount(codes[y == 0, c]).argmax() for c in range(codes.shape[1])]
        return made, np.tile(most, (n, 1))


@broken("levels_are_voted_by_near_rows", family="smotenc")
class CopiesTheSeedsLevels(PlainSMOTENC):
    """New rows have the levels of the row they start from."""

    def vote(self, codes, seed, near, other, rng, column):
        return codes[seed]


@broken("levels_are_voted_by_near_rows", family="smotenc")
class CopiesTheNeighborsLevels(PlainSMOTENC):
    """New rows have the levels of the row that is stepped towards."""

    def vote(self, codes, seed, near, other, rng, column):
        return codes[other]


@broken("levels_are_voted_by_near_rows", family="smotenc")
class DrawsALevelOfTheNeighbors(PlainSMOTENC):
    """Draws one of the neighbours' levels, however few have it."""

    def most(self, votes, rng):
        return rng.choice(np.unique(votes))


@broken("levels_are_voted_by_near_rows", family="smotenc")
class AveragesCodes(PlainSMOTENC):
    """The mean of the neighbours' codes, rounded: of red and green comes blue."""

    def most(self, votes, rng):
        return int(np.rint(votes.mean()))


@broken("levels_are_voted_by_near_rows", family="smotenc")
class TakesTheMedianOfOrderedLevels(PlainSMOTENC):
    """Codes in order and their median, because a level has an order."""

    def factorize(self, column):
        if isinstance(column.dtype, pd.CategoricalDtype):
            return column.cat.codes.to_numpy().astype(int), list(column.cat.categories)
        return super().factorize(column)

    def most(self, votes, rng):
        return int(np.sort(votes)[len(votes) // 2])


@broken("levels_are_voted_by_near_rows", family="smotenc")
class TakesTheRarestLevel(PlainSMOTENC):
    """Fewest votes in place of most."""

    def most(self, votes, rng):
        counts = np.bincount(votes)
        return int(np.flatnonzero(counts == counts[counts > 0].min())[0])


@broken("levels_are_voted_by_near_rows", family="smotenc")
class LetsTheWholeClassVote(PlainSMOTENC):
    """One level for all new rows of a class."""

    def vote(self, codes, seed, near, other, rng, column):
        return self.most(codes, rng)


@broken("levels_are_voted_by_near_rows", family="smotenc")
class TakesVotesOfTheWrongRows(PlainSMOTENC):
    """Looks the neighbours up in all rows, though their numbers are those within the class."""

    def new_rows(self, numbers, codes, y, label, n, rng):
        made, voted = super().new_rows(numbers, codes, y, label, n, rng)
        return made, np.roll(voted, 1, axis=0)


@broken("neighbors_alone_vote", family="smotenc")
class LetsTheRowItselfVote(PlainSMOTENC):
    """The row that is started from has a vote as well."""

    def voters(self, seed, near):
        return np.r_[seed, near]


class _OtherVoters:
    """The neighbours of the row that is stepped towards, or of one of the nearest, vote."""

    def distances(self, numbers, codes, y, own):
        self.apart = super().distances(numbers, codes, y, own)
        return self.apart

    def vote(self, codes, seed, near, other, rng, column):
        near = np.argsort(self.apart[other], kind="stable")[: len(near)]
        return super().vote(codes, other, near, seed, rng, column)


@broken("neighbors_of_the_seed_vote", family="smotenc")
class AsksNeighborsOfTheOther(_OtherVoters, PlainSMOTENC):
    """The neighbours of the row that is stepped towards vote."""


@broken("neighbors_of_the_seed_vote", family="smoten")
class AsksNeighborsOfANeighbor(_OtherVoters, PlainSMOTEN):
    """One of the nearest rows and its neighbours vote."""


@broken("classes_vote_for_themselves", family="smotenc")
class LetsAllClassesVote(PlainSMOTENC):
    """With a second class to enlarge, votes are those of the class before."""

    def new_rows(self, numbers, codes, y, label, n, rng):
        made, voted = super().new_rows(numbers, codes, y, label, n, rng)
        if label > 1:
            _, voted = super().new_rows(numbers, codes, y, 1, n, rng)
        return made, voted


@broken("ties_are_settled_evenly", family="smotenc")
class PrefersOneOfTiedLevels(PlainSMOTENC):
    """Of tied levels the first comes out in six of ten draws."""

    def settle(self, tied, rng):
        return tied[0] if len(tied) == 1 or rng.uniform() < 0.6 else rng.choice(tied[1:])


# -- numbers and neighbours


@broken("numbers_lie_between_near_rows", family="smotenc")
class StepsColumnByColumn(PlainSMOTENC):
    """A step for each column: rows fill boxes, not segments."""

    def steps(self, n, width, rng):
        return rng.uniform(size=(n, width))


@broken("numbers_lie_between_near_rows", family="smotenc")
class StepsBeyond(PlainSMOTENC):
    """Steps up to one and a half."""

    def steps(self, n, width, rng):
        return 1.5 * rng.uniform(size=(n, 1))


@broken("numbers_lie_between_near_rows", family="smotenc")
class TakesTheFarthest(PlainSMOTENC):
    """The farthest rows for the nearest."""

    def distances(self, numbers, codes, y, own):
        return -super().distances(numbers, codes, y, own)


# -- prices


@broken("a_difference_costs_the_median_squared", family="smotenc")
class PaysTheMedianOnce(PlainSMOTENC):
    """The median itself on squared distances."""

    def price(self, numbers, y, own):
        return np.median(numbers[own].std(axis=0))


@broken("a_difference_costs_the_median_squared", family="smotenc")
class HalvesTheMedian(PlainSMOTENC):
    """Half the median in each of two columns of an encoding: half of its square in all."""

    def price(self, numbers, y, own):
        return super().price(numbers, y, own) / 2


@broken("a_difference_costs_the_median_squared", family="smotenc")
class PaysTheMean(PlainSMOTENC):
    """The mean of the deviations."""

    def price(self, numbers, y, own):
        return numbers[own].std(axis=0).mean() ** 2


@broken("a_difference_costs_the_median_squared", family="smotenc")
class PaysForAllRows(PlainSMOTENC):
    """Deviations of the whole table, ten times as far apart."""

    def price(self, numbers, y, own):
        return (3 * np.median(numbers.std(axis=0))) ** 2


@broken("a_difference_costs_the_median_squared", family="smotenc")
class PaysNothing(PlainSMOTENC):
    """Neighbours by numbers alone."""

    def price(self, numbers, y, own):
        return 0.0


@broken("a_difference_costs_the_median_squared", family="smotenc")
class PaysOnceARow(PlainSMOTENC):
    """One price however many categories differ."""

    def n_different(self, codes):
        return np.minimum(super().n_different(codes), 1)


@broken("a_difference_costs_the_median_squared", family="smotenc")
class ForgetsTheLastCategory(PlainSMOTENC):
    """Compares all categories but one."""

    def n_different(self, codes):
        return super().n_different(codes[:, :-1])


@broken("each_class_has_its_own_price", family="smotenc")
class KeepsTheFirstPrice(PlainSMOTENC):
    """The price of the first class that is enlarged is that of all."""

    def price(self, numbers, y, own):
        return super().price(numbers, y, np.flatnonzero(y == 1))


# -- frames


@broken("mixed_columns_keep_their_types", family="smotenc")
class PutsNumbersFirst(PlainSMOTENC):
    """Numbers, then categories, whatever the order was."""

    def hand_back(self, made, labels, frame):
        numeric = self.numeric(frame)
        return made[[*numeric, *made.columns.drop(numeric)]], labels


@broken("mixed_columns_keep_their_types", family="smotenc")
class SortsCategories(PlainSMOTENC):
    """Categories come back sorted, and without those that no row has."""

    def as_category(self, codes, levels, dtype):
        return pd.Series(np.asarray(levels, dtype=object)[codes], dtype=object).astype("category")


@broken("mixed_columns_keep_their_types", family="smotenc")
class ForgetsTheOrder(PlainSMOTENC):
    """Ordered categories come back without order."""

    def hand_back(self, made, labels, frame):
        for name in made:
            if isinstance(made[name].dtype, pd.CategoricalDtype) and made[name].cat.ordered:
                made[name] = made[name].cat.as_unordered()
        return made, labels


@broken("mixed_columns_keep_their_types", family="smotenc")
class GivesObjects(PlainSMOTENC):
    """All columns come back as objects."""

    def hand_back(self, made, labels, frame):
        return made.astype(object), labels


@broken("mixed_input_comes_first", family="smotenc")
class GivesCodesBack(PlainSMOTENC):
    """Levels of the input are those of a sorted table of them."""

    def as_category(self, codes, levels, dtype):
        return super().as_category(codes, sorted(levels, key=str), dtype)


@broken("mixed_input_comes_first", family="smotenc")
class PutsNewMixedRowsFirst(PlainSMOTENC):
    """New rows first."""

    def hand_back(self, made, labels, frame):
        n = len(made) - len(frame)
        order = np.r_[np.arange(len(frame), len(made)), np.arange(len(frame))] if n else np.arange(len(made))
        return made.iloc[order].reset_index(drop=True), labels[order]


@broken("mixed_counts_are_exact", family="smotenc")
class MakesOneMore(PlainSMOTENC):
    """One row too many."""

    def n_rows(self, n):
        return n + 1


@broken("mixed_inputs_are_left_alone", family="smotenc")
class EncodesInPlace(PlainSMOTENC):
    """Turns the caller's categories into codes."""

    def fit_resample(self, X, y):
        kept = X.copy()
        for name in X:
            if isinstance(X[name].dtype, pd.CategoricalDtype):
                X[name] = X[name].cat.codes
        return super().fit_resample(kept, y)


@broken("mixed_rows_and_labels_go_by_position", family="smotenc")
class LooksLabelsUpByIndex(PlainSMOTENC):
    """Matches labels to rows by the index."""

    def read(self, X, y):
        return super().read(X, y.loc[X.index] if isinstance(y, pd.Series) else y)


@broken("booleans_are_categories", family="smotenc")
class TakesBooleansForNumbers(PlainSMOTENC):
    """False and True are 0 and 1, and whatever is between them is True."""

    def numeric(self, frame):
        return [name for name in frame if frame[name].dtype.kind in "iufb"]


@broken("texts_are_categories", family="smotenc")
class CutsTextsShort(PlainSMOTENC):
    """Texts come back with three letters."""

    def as_category(self, codes, levels, dtype):
        if not isinstance(dtype, pd.CategoricalDtype) and dtype.kind != "b":
            levels = [level[:3] for level in levels]
        return super().as_category(codes, levels, dtype)


@broken("whole_numbers_of_frames_are_not_cut_off", family="smotenc")
class CutsOffWholeNumbers(PlainSMOTENC):
    """Casts in place of rounding."""

    def as_type(self, values, dtype):
        return values.astype(dtype)


@broken("whole_numbers_of_frames_are_not_cut_off", family="smotenc")
class RoundsWholeNumbersUp(PlainSMOTENC):
    """Takes the next whole number above."""

    def as_type(self, values, dtype):
        return (np.ceil(values) if dtype.kind in "iu" else values).astype(dtype)


@broken("whole_numbers_of_few_values_are_no_levels", family="smotenc")
class VotesOnFewValues(PlainSMOTENC):
    """Of whole numbers with no more than five values in the class one of these comes back, the nearest."""

    def as_type(self, values, dtype):
        self.known = np.unique(values[: self.n_rows_read])
        if dtype.kind in "iu" and len(self.known) <= 5:
            values = self.known[np.abs(values[:, None] - self.known).argmin(axis=1)]
        return super().as_type(values, dtype)

    def read(self, X, y):
        self.n_rows_read = len(y)
        return super().read(X, y)


# -- seeds, parameters, refusals


@broken("mixed_same_seed_gives_same_rows", family="smotenc")
class DrawsTiesUnseeded(PlainSMOTENC):
    """Ties are settled by NumPy's global state."""

    def settle(self, tied, rng):
        return np.random.choice(tied)


@broken("mixed_different_seeds_differ", family="smotenc")
class SeedsWithNought(PlainSMOTENC):
    """Takes no notice of its seed."""

    def generator(self):
        return check_random_state(0)


@broken("mixed_parameters_are_kept", family="smotenc")
class ClampsItsNeighbors(PlainSMOTENC):
    """Writes what it found into a parameter."""

    def new_rows(self, numbers, codes, y, label, n, rng):
        self.sampling_strategy = {label: n + int((y == label).sum())}
        return super().new_rows(numbers, codes, y, label, n, rng)


@broken("mixed_nonsense_is_refused", family="smotenc")
class FillsWhatIsMissing(PlainSMOTENC):
    """Takes nought for what is missing."""

    def read(self, X, y):
        numeric = self.numeric(X)
        X = X.copy()
        X[numeric] = X[numeric].replace([np.inf, -np.inf], np.nan).fillna(0.0)
        return super().read(X, y)


@broken("mixed_too_few_rows_are_said_so", family="smotenc")
class LeavesSmallClassesAlone(PlainSMOTENC):
    """Gives the input back without a word where a class is small."""

    def new_rows(self, numbers, codes, y, label, n, rng):
        if (y == label).sum() <= self.k_neighbors:
            return numbers[:0], codes[:0]
        return super().new_rows(numbers, codes, y, label, n, rng)


@broken("mixed_frames_are_answered", family="smotenc")
class WantsTwoNumbers(PlainSMOTENC):
    """Fails with a single column of numbers."""

    def price(self, numbers, y, own):
        if numbers.shape[1] < 2:
            raise ValueError("expected two columns")
        return super().price(numbers, y, own)


# -- what is no matter


@broken("names_of_levels_do_not_matter", family="smotenc")
class TakesNanForMissing(PlainSMOTENC):
    """A level called nan, or nothing, is a missing one, filled with the first."""

    def factorize(self, column):
        codes, levels = super().factorize(column)
        missing = [i for i, level in enumerate(levels) if str(level) in ("nan", "", "None")]
        return np.where(np.isin(codes, missing), 0, codes), levels


@broken("names_of_levels_do_not_matter", family="smotenc")
class TakesNamesForNumbers(PlainSMOTENC):
    """Categories of whole numbers are interpolated and rounded to the nearest of them."""

    def new_rows(self, numbers, codes, y, label, n, rng):
        made, voted = super().new_rows(numbers, codes, y, label, n, rng)
        for column, levels in enumerate(self.levels):
            if all(isinstance(level, int) and not isinstance(level, bool) for level in levels):
                voted[:, column] = rng.choice(codes[y == label, column], size=n)
        return made, voted

    def split(self, frame):
        numbers, codes, self.levels = super().split(frame)
        return numbers, codes, self.levels


@broken("names_of_levels_do_not_matter", family="smotenc")
class MeasuresNamesThatAreNumbers(PlainSMOTENC):
    """Levels that are numbers are as far from each other as these."""

    def split(self, frame):
        numbers, codes, self.levels = super().split(frame)
        return numbers, codes, self.levels

    def distances(self, numbers, codes, y, own):
        distances = super().distances(numbers, codes, y, own)
        for column, levels in enumerate(self.levels):
            if all(isinstance(level, int) for level in levels):
                values = np.array(levels, dtype=float)[codes[own, column]]
                distances += (values[:, None] - values[None]) ** 2
        return distances


@broken("places_of_columns_do_not_matter", family="smotenc")
class WantsCategoriesLast(PlainSMOTENC):
    """Takes the columns for numbers first and categories after, on the way back."""

    def frame(self, numbers, codes, levels, frame):
        numeric = self.numeric(frame)
        ordered = frame[[*numeric, *frame.columns.drop(numeric)]]
        made = super().frame(numbers, codes, levels, ordered)
        return made.set_axis(list(frame.columns), axis=1)


@broken("units_of_numbers_do_not_matter", family="smotenc")
class TakesSmallForNothing(PlainSMOTENC):
    """Where the price is close to nothing every level is as good as another."""

    def new_rows(self, numbers, codes, y, label, n, rng):
        self.small = np.median(numbers[y == label].std(axis=0)) < 1e-8
        return super().new_rows(numbers, codes, y, label, n, rng)

    def vote(self, codes, seed, near, other, rng, column):
        return (
            rng.choice(np.unique(codes))
            if self.small
            else super().vote(codes, seed, near, other, rng, column)
        )


@broken("a_constant_category_stays", family="smotenc")
class DropsConstantCategories(PlainSMOTENC):
    """Fails where a category has one level."""

    def factorize(self, column):
        codes, levels = super().factorize(column)
        if len(levels) < 2:
            raise ValueError("expected at least two levels")
        return codes, levels


@broken("as_many_levels_as_rows_are_taken", family="smotenc")
class PutsRareLevelsTogether(PlainSMOTENC):
    """Levels beyond the tenth are taken for the tenth."""

    def factorize(self, column):
        codes, levels = super().factorize(column)
        return np.minimum(codes, 9), levels


@broken("numbers_without_spread_are_taken", family="smotenc")
class DividesByTheDeviation(PlainSMOTENC):
    """Divides by deviations, which may be nought, and multiplies by them again."""

    def new_rows(self, numbers, codes, y, label, n, rng):
        with np.errstate(all="ignore"):
            scale = numbers[y == label].std(axis=0)
            made, voted = super().new_rows(numbers / scale, codes, y, label, n, rng)
            return made * scale, voted


# -- categories alone


@broken("the_row_itself_votes", family="smoten")
class LetsNeighborsVoteAlone(PlainSMOTEN):
    """The row that is started from has no vote."""

    def voters(self, seed, near):
        return near


@broken("levels_differ_as_their_classes_do", family="smoten")
class CountsDifferences(PlainSMOTEN):
    """Neighbours by the number of columns that differ."""

    def distances(self, numbers, codes, y, own):
        return self.n_different(codes[own]).astype(float)


@broken("levels_differ_as_their_classes_do", family="smoten")
class ComparesWithinTheClass(PlainSMOTEN):
    """Differences of levels from how often they are in the class, in place of which class they are in."""

    def shares(self, values, y):
        return np.bincount(values[y == 1], minlength=values.max() + 1)[None, :] / (y == 1).sum()


@broken("levels_are_voted_by_near_rows", family="smoten")
class DrawsEachColumn(PlainSMOTEN):
    """Each column of some row of the class."""

    def vote(self, codes, seed, near, other, rng, column):
        return rng.choice(codes)


@broken("levels_are_voted_by_near_rows", family="smoten")
class CopiesRows(PlainSMOTEN):
    """Random oversampling by another name."""

    def vote(self, codes, seed, near, other, rng, column):
        return codes[seed]


@broken("ties_are_settled_evenly", family="smoten")
class PrefersTheFirstLevel(PlainSMOTEN):
    """Of tied levels the first comes out in six of ten draws."""

    def settle(self, tied, rng):
        return tied[0] if len(tied) == 1 or rng.uniform() < 0.6 else rng.choice(tied[1:])


@broken("nominal_seeds_are_chosen_uniformly", family="smoten")
class StartsFromTheFirstHalf(PlainSMOTEN):
    """Starts from rows of the first half twice as often."""

    def seeds(self, n_own, n, rng):
        seeds = rng.randint(0, n_own, size=n)
        return np.where(rng.uniform(size=n) < 0.4, seeds // 2, seeds)


# -- the star, whose numbers are read as those of any


@broken("steps_are_uniform", family="smotenc")
class StepsHalfTheWay(PlainSMOTENC):
    """Steps up to a half."""

    def steps(self, n, width, rng):
        return 0.5 * rng.uniform(size=(n, 1))


# -- many of them


@broken("all_of_many_neighbors_vote", family="smotenc")
class FirstFiveVote(PlainSMOTENC):
    """The five nearest rows vote, however many are asked for."""

    def voters(self, seed, near):
        return super().voters(seed, near[:5])


@broken("a_constant_number_counts_in_the_price", family="smotenc")
class LeavesConstantsOutOfThePrice(PlainSMOTENC):
    """The median is that of the numbers that vary."""

    def price(self, numbers, y, own):
        varies = numbers[own].std(axis=0) > 0
        return super().price(numbers[:, varies] if varies.any() else numbers, y, own)


@broken("a_constant_number_counts_in_the_price", family="smotenc")
class LeavesWholeNumbersOutOfThePrice(PlainSMOTENC):
    """The median is that of columns of floats: those of whole numbers are numbers too."""

    def split(self, frame):
        self.is_float = np.array([frame[name].dtype.kind == "f" for name in self.numeric(frame)])
        return super().split(frame)

    def price(self, numbers, y, own):
        return super().price(numbers[:, self.is_float] if self.is_float.any() else numbers, y, own)


@broken("hundreds_of_levels_are_told_apart", family="smotenc")
class CodesAreBytes(PlainSMOTENC):
    """Votes are counted by codes of one byte."""

    def vote(self, codes, seed, near, other, rng, column):
        firsts = {}
        for code in codes:
            firsts.setdefault(code % 256, code)
        return firsts[super().vote(codes % 256, seed, near, other, rng, column)]


@broken("hundreds_of_levels_are_told_apart", family="smoten")
class ReadsCodesAsBytes(PlainSMOTEN):
    """Keeps codes of levels in one byte each."""

    def factorize(self, column):
        codes, levels = super().factorize(column)
        return codes.astype(np.uint8).astype(int), levels

    def frame(self, numbers, codes, levels, frame):
        made = super().frame(numbers, codes, levels, frame)
        return pd.concat([frame, made.iloc[len(frame) :]], ignore_index=True)


@broken("the_median_of_two_deviations_is_between_them", family="smotenc")
class PaysTheMedianOfVariances(PlainSMOTENC):
    """Takes the median of variances, which is that of deviations for an odd number of columns."""

    def price(self, numbers, y, own):
        return float(np.median(numbers[own].var(axis=0)))


@broken("levels_differ_as_all_classes_do", family="smoten")
class LooksAtOneClass(PlainSMOTEN):
    """Compares shares of the last class alone: enough for two classes."""

    def shares(self, values, y):
        return super().shares(values, y)[-1:]


# -- arrays


@broken("columns_of_arrays_keep_their_places", family="smotenc")
class MovesColumnsOfArrays(SMOTENC):
    """Hands an array back with its numbers first and its codes last."""

    def fit_resample(self, X, y, **params):
        X_resampled, y_resampled = super().fit_resample(X, y, **params)
        if isinstance(X_resampled, np.ndarray):
            order = np.concatenate([self.numeric_features_, self.categorical_features_])
            X_resampled = X_resampled[:, order]
        return X_resampled, y_resampled


# -- another process


@broken("mixed_rows_are_the_same_in_another_process", family="smoten")
class SettlesTiesByHash(PlainSMOTEN):
    """Takes of tied levels the one that a set has first."""

    def settle(self, tied, rng):
        return max(tied.tolist(), key=lambda code: hash(str(code)))
