"""Samplers that return the wrong rows, in the wrong order, or the wrong number of them."""

from __future__ import annotations

import numpy as np
from sklearn.utils import check_random_state

from broken_samplers import broken
from broken_samplers.plain import GaussianNoise, PlainADASYN, PlainOversampler, PlainSMOTE


@broken("originals_come_first", family="smote")
class ShufflesItsAnswer(PlainSMOTE):
    """Mixes originals and new rows."""

    def stack(self, rows, classes):
        X, y = super().stack(rows, classes)
        order = check_random_state(0).permutation(len(y))
        return X[order], y[order]


@broken("the_minority_grows", family="generic")
class GivesItsInputBack(GaussianNoise):
    """Computes new rows and forgets to append them."""

    def stack(self, rows, classes):
        return super().stack(rows[:1], classes[:1])


@broken("originals_come_first", family="smote")
class PutsNewRowsFirst(PlainSMOTE):
    """New rows, then the originals."""

    def stack(self, rows, classes):
        return super().stack(rows[::-1], classes[::-1])


@broken("originals_come_first", family="generic")
class RoundsEverything(GaussianNoise):
    """Rounds the originals as well."""

    def stack(self, rows, classes):
        X, y = super().stack(rows, classes)
        return X.round(2), y


@broken("originals_come_first", "shared_rows_are_no_matter", family="smote")
class DropsDuplicates(PlainSMOTE):
    """Keeps one of equal rows."""

    def read(self, X, y):
        X, y = super().read(X, y)
        keep = np.sort(np.unique(np.column_stack([X, y]), axis=0, return_index=True)[1])
        return X[keep], y[keep]


@broken("originals_come_first", family="smote")
class GroupsByClass(PlainSMOTE):
    """Returns the rows class after class."""

    def stack(self, rows, classes):
        X, y = super().stack(rows, classes)
        order = np.argsort(y, kind="stable")
        return X[order], y[order]


@broken("default_balances_fully", "every_strategy_gives_exact_counts", family="smote")
class MakesOneTooFew(PlainSMOTE):
    """Off by one."""

    def n_new(self, y):
        return {label: n - 1 if n > 1 else n for label, n in super().n_new(y).items()}


@broken("default_balances_fully", family="adasyn")
class CutsSharesOfADASYN(PlainADASYN):
    """Cuts every share to 60%."""

    def allocate(self, density, n):
        return super().allocate(density, int(0.4 * n))


@broken("default_balances_fully", family="smote")
class MakesWholeMultiples(PlainSMOTE):
    """As many rows of each seed, as with the N% of the paper, so that the rest is lost."""

    def n_new(self, y):
        return {label: n // (y == label).sum() * (y == label).sum() for label, n in super().n_new(y).items()}


@broken("only_minorities_grow", family="generic")
class GrowsTheMajorityToo(GaussianNoise):
    """Every class gets as many new rows."""

    def n_new(self, y):
        n = max(super().n_new(y).values())
        return dict.fromkeys(np.unique(y), n)


@broken("only_minorities_grow", family="smote")
class FlipsLabels(PlainSMOTE):
    """New rows are labelled as the majority."""

    def stack(self, rows, classes):
        return super().stack(rows, [classes[0], *(np.zeros_like(labels) for labels in classes[1:])])


@broken("every_strategy_gives_exact_counts", family="smote")
class TakesTheRatioOfTheTotal(PlainSMOTE):
    """A ratio of all rows rather than of the majority."""

    def n_new(self, y):
        if not isinstance(self.sampling_strategy, float):
            return super().n_new(y)
        minority = np.unique(y)[np.argmin(np.unique(y, return_counts=True)[1])]
        return {minority: max(0, int(self.sampling_strategy * len(y)) - int((y == minority).sum()))}


@broken("every_strategy_gives_exact_counts", family="smote")
class AddsTheTarget(PlainSMOTE):
    """A target in a dict is added to the rows that there are."""

    def n_new(self, y):
        if isinstance(self.sampling_strategy, dict):
            super().n_new(y)
            return {label: n for label, n in self.sampling_strategy.items() if label != 0}
        return super().n_new(y)


@broken("every_strategy_gives_exact_counts", family="smote")
class IgnoresItsStrategy(PlainSMOTE):
    """Always balances fully."""

    def n_new(self, y):
        super().n_new(y)
        return PlainOversampler("auto").n_new(y)


@broken("balanced_data_is_left_alone", family="smote")
class AlwaysMakesOne(PlainSMOTE):
    """At least one row."""

    def n_new(self, y):
        return {label: max(1, n) for label, n in (super().n_new(y) or {1: 1}).items()}


@broken("balanced_data_is_left_alone", family="smote")
class StacksNothing(PlainSMOTE):
    """Puts new rows together before it looks whether there are any: numpy complains of no arrays."""

    def stack(self, rows, classes):
        made = np.vstack(rows[1:])
        return np.vstack([rows[0], made]), np.concatenate(classes)


@broken("labels_do_not_decide_the_minority", family="smote")
class TakesOneForTheMinority(PlainSMOTE):
    """Class 1 is the minority, whatever the counts."""

    def n_new(self, y):
        wanted = super().n_new(y)
        if 1 in y and self.sampling_strategy == "auto":
            return {1: abs(int((y != 1).sum()) - int((y == 1).sum()))}
        return wanted


@broken("labels_do_not_decide_the_minority", family="smote")
class TakesTheLargestLabel(PlainSMOTE):
    """The last of the sorted labels is the minority."""

    def n_new(self, y):
        n = max(super().n_new(y).values(), default=0)
        return {np.unique(y)[-1]: n} if len(np.unique(y)) == 2 else super().n_new(y)


@broken("row_order_does_not_change_counts", family="smote")
class NeedsSortedLabels(PlainSMOTE):
    """Takes the change of label from row to row for the border of the classes."""

    def new_rows(self, X, y, label, n, rng):
        first = int(np.argmax(y == label))
        where = slice(first, first + int((y == label).sum()))
        return super().new_rows(X[where], np.full(len(X[where]), label), label, n, rng)


@broken("row_order_does_not_change_counts", family="smote")
class CountsFromTheFirstRow(PlainSMOTE):
    """Takes the class of the first row for the majority."""

    def n_new(self, y):
        wanted = super().n_new(y)
        return {label: n if label != y[0] else n // 2 for label, n in wanted.items()}


@broken("only_the_classes_asked_for_grow", family="smote")
class GrowsEveryMinority(PlainSMOTE):
    """A dict or a word that names one class balances all."""

    def n_new(self, y):
        wanted = super().n_new(y)
        return wanted if len(np.unique(y)) == 2 else PlainOversampler().n_new(y)


@broken("only_the_classes_asked_for_grow", family="smote")
class KnowsTwoClasses(PlainSMOTE):
    """Grows the smallest class only, as if there were two."""

    def n_new(self, y):
        wanted = super().n_new(y)
        smallest = min(wanted, key=lambda label: (y == label).sum(), default=None)
        return {smallest: wanted[smallest]} if wanted else {}


@broken("new_rows_stay_with_their_class", family="smote")
class MixesMinorities(PlainSMOTE):
    """Everything that is not the majority counts as the minority."""

    def new_rows(self, X, y, label, n, rng):
        labels, numbers = np.unique(y, return_counts=True)
        rest = np.where(y == labels[np.argmax(numbers)], -99, label)
        return super().new_rows(X, rest, label, n, rng)


@broken("new_rows_stay_with_their_class", family="smote")
class SwapsNewLabels(PlainSMOTE):
    """Puts the labels of two classes' new rows the wrong way round."""

    def stack(self, rows, classes):
        return super().stack(rows, [classes[0], *classes[:0:-1]])


@broken("classes_get_their_own_randomness", family="smote")
class ReadsTheSeedForEveryClass(PlainSMOTE):
    """check_random_state inside the loop over classes."""

    def new_rows(self, X, y, label, n, rng):
        return super().new_rows(X, y, label, n, self.generator())


@broken("classes_get_their_own_randomness", family="smote")
class ReadsTheSeedForEveryStep(PlainSMOTE):
    """Seeds and neighbours go on, the steps begin anew with every class."""

    def steps(self, n, n_features, rng):
        return self.generator().uniform(size=(n, 1))


@broken("only_the_classes_asked_for_grow", family="smote")
class MistakesATieForAMinority(PlainSMOTE):
    """A class as large as the largest gets a row too."""

    def n_new(self, y):
        wanted = super().n_new(y)
        return {label: n or (len(np.unique(y)) > 2) for label, n in wanted.items()}


@broken("a_callable_strategy_is_given_the_labels", family="smote")
class CallsWithCodes(PlainSMOTE):
    """Labels are numbered first; what a callable returns is taken for labels, or for numbers of some."""

    def n_new(self, y):
        if not callable(self.sampling_strategy):
            return super().n_new(y)
        labels, codes = np.unique(y, return_inverse=True)
        wanted = self.sampling_strategy(codes)
        numbers = dict(enumerate(labels.tolist()))
        named = {label if label in y else numbers.get(label, label): n for label, n in wanted.items()}
        return {label: max(0, n - int((y == label).sum())) for label, n in named.items()}


@broken("copies_are_of_their_own_class", family="generic")
class CopiesFromTheWholeTable(PlainOversampler):
    """Draws copies by their number in the class, and looks that up in the table."""

    oversampler_family = "generic"

    def new_rows(self, X, y, label, n, rng):
        return X[rng.randint((y == label).sum(), size=n)]


@broken("copies_are_of_their_own_class", family="generic")
class LabelsCopiesInTheOrderOfSizes(PlainOversampler):
    """Copies of several classes stand in the order of labels, their labels in that of how many they are."""

    oversampler_family = "generic"

    def new_rows(self, X, y, label, n, rng):
        return X[rng.choice(np.flatnonzero(y == label), size=n)]

    def stack(self, rows, classes):
        return super().stack(rows, [classes[0], *sorted(classes[1:], key=len, reverse=True)])


@broken("new_rows_stay_with_their_class", family="smote")
class SortsLabelsAsTexts(PlainSMOTE):
    """New rows stand in the order of numbers, their labels in that of texts: 10 comes before 9."""

    def stack(self, rows, classes):
        return super().stack(rows, [classes[0], *sorted(classes[1:], key=lambda made: str(made[0]))])


@broken("hundreds_of_classes_are_told_apart", family="smote")
class NumbersClassesInOneByte(PlainSMOTE):
    """Classes are numbered in int8, so that from the 129th on they are counted from the end."""

    def stack(self, rows, classes):
        values, labels = super().stack(rows, classes)
        names = np.unique(classes[0])
        codes = np.searchsorted(names, labels).astype(np.int8)
        return values, np.concatenate([classes[0], names[codes[len(classes[0]) :]]])
