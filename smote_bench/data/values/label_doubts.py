"""Labels that may be none, as -999 and "unknown", and labels that may be one, as ``Y`` beside ``yes``."""

from __future__ import annotations

from collections.abc import Sequence

from smote_bench.data.values.loose_texts import without_zeros_behind_words
from smote_bench.data.values.markers import may_say_none
from smote_bench.data.values.number_texts import number

__all__ = ["may_be_one", "may_stand_for_none"]

_NINES = frozenset(sign * (10.0**n - 1) for n in range(1, 7) for sign in (1, -1))
_TRUTHS = (frozenset(("yes", "y", "true", "t", "1")), frozenset(("no", "n", "false", "f", "0")))
_SHORTEST_WORD, _SHORTEST_TRUTH = 3, 2
_MOST_LABELS = 50


def may_stand_for_none(labels: Sequence[str]) -> list[str]:
    """Return the labels that may stand for a missing one: ``unknown`` and such, or nines far from the others.

    >>> may_stand_for_none(["0", "1", "-9", "-999"]), may_stand_for_none(["yes", "no", "None"])
    (['-9', '-999'], ['None'])
    >>> may_stand_for_none(["5", "6", "9"]), may_stand_for_none(["1", "99"])
    ([], [])
    """
    words = [label for label in labels if may_say_none(label)]
    numbers = {
        label: value for label in labels if label not in words and (value := number(label)) is not None
    }
    others = [value for value in numbers.values() if value not in _NINES]
    if len(numbers) + len(words) < len(labels) or len(others) < 2:
        return words
    low, high = min(others), max(others)
    nines = [label for label, value in numbers.items() if max(low - value, value - high) > high - low > 0]
    # A 9 beside a few small numbers may be one of them, as a grade is.
    return [
        label
        for label in labels
        if label in words or (label in nines and numbers[label] in _NINES and numbers[label] != 9)
    ]


def may_be_one(labels: Sequence[str], others: Sequence[str]) -> list[tuple[str, str]]:
    """Return pairs of a label of one class and a label of the other that may be two spellings of one.

    They are two words for true, or two for false, or a word and its first letter where no other word has it,
    or they differ in accents, dashes, apostrophes, signs between words or zeros in front of
    numbers behind words.

    >>> may_be_one(["yes"], ["Y", "no"]), may_be_one(["M"], ["male", "F"]), may_be_one(["A"], ["AB", "B"])
    ([('yes', 'Y')], [('M', 'male')], [])
    >>> may_be_one(["F"], ["N", "S", "V"]), may_be_one(["true"], ["T", "F"])
    ([], [('true', 'T')])
    >>> may_be_one(["at risk"], ["at_risk", "safe"]), may_be_one(["A-"], ["A+"]), may_be_one(["1.5"], ["1-5"])
    ([('at risk', 'at_risk')], [], [])
    >>> may_be_one(["grade 03"], ["grade 3"]), may_be_one(["E011"], ["E11"])
    ([('grade 03', 'grade 3')], [])
    """
    if len(labels) + len(others) > _MOST_LABELS:
        return []
    words = {label.strip().casefold() for label in (*labels, *others)}
    return [(one, other) for one in labels for other in others if _are_alike(one, other, words)]


def _are_alike(one: str, other: str, words: set[str]) -> bool:
    if (
        number(one) is None
        and number(other) is None
        and without_zeros_behind_words(one) == without_zeros_behind_words(other)
    ):
        return True
    short, long = sorted((one.strip().casefold(), other.strip().casefold()), key=len)
    if any(short in truths and long in truths for truths in _TRUTHS):
        # F and N, or T and Y, are classes of other things as well
        return len(long) >= _SHORTEST_TRUTH or words <= _TRUTHS[0] | _TRUTHS[1]
    initials = [word for word in words if word.startswith(short) and len(word) >= _SHORTEST_WORD]
    return len(short) == 1 and short.isalpha() and initials == [long]
