"""What failures have in common: one error breaks many properties, and a reader wants to see it once.

Rows off their segments fail whatever is measured on segments; an exception fails whatever wanted an answer.
The messages of the shared checks tell the cause; tests hold both together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

__all__ = ["cause_of", "split_by_cause"]

Failure = TypeVar("Failure")

# What a message says, and the property whose matter it is.
_MESSAGES = (
    (r"expected X of shape", "answers_ordinary_data"),
    (r"expected (row \d+ to be|at least the \d+ rows of the input)", "originals_come_first"),
    (r"expected every new row of class", "rows_lie_between_neighbors"),
    (r"expected column \d+ of new rows of class", "rows_stay_in_the_box"),
    (r"(\{[^}]*\}) became \1", "the_minority_grows"),
)
# What compares answers with one seed says nothing of its own where the seed does not decide.
_SEEDED = "same_seed_gives_same_bytes"
_NEEDS_THE_SEED = re.compile(
    r"expected (a new sampler's \d+ rows after a failed call|the classifier to be fitted"
    r"|the rows of a new sampler|the same (\d+ )?rows"
    r"|.* to give the (rows of a new sampler|same bytes))"
)
# Who refuses ordinary data in words says nothing new where it refuses others, in whatever words; what NumPy
# says of a NaN or a shape is no word of the sampler's.
_ANSWERS = "answers_ordinary_data"
_REFUSED = re.compile(
    r"^expected an answer.*\braised (on each of \d+: )?(ValueError|RuntimeError): "
    r"(?!.*(cannot convert|NaN|broadcast|reshape|zero-size))\w"
)
# A row outside the box is off every segment.
_IMPLIED = {"rows_stay_in_the_box": "rows_lie_between_neighbors"}


def cause_of(reason: str) -> str:
    """Return the cause that a violation may share with others: an exception, a property's name, or nothing.

    Parameters
    ----------
    reason : str
        A violation in words.
    """
    # Without its numbers: the same exception of two data sets is the same.
    if found := re.search(r"raised (?:on each of \d+: )?(\w+: [^\d]{0,40})", reason):
        return found.group(1)
    return next((name for pattern, name in _MESSAGES if re.search(pattern, reason)), "")


def split_by_cause(
    failures: Iterable[Failure], name: Callable[[Failure], str], reason: Callable[[Failure], str]
) -> tuple[list[Failure], list[Failure]]:
    """Part failures into those to be shown, and those that only show again what one of these shows.

    Parameters
    ----------
    failures : iterable
        In the kit's order.
    name, reason : callable
        The name of a failure's property, and its reason.
    """
    failures = list(failures)
    refuses = any(name(one) == _ANSWERS and _REFUSED.search(reason(one)) for one in failures)
    failed = {name(failure) for failure in failures}
    seen: set[str] = set()
    telling: list[Failure] = []
    again: list[Failure] = []
    for failure in failures:
        cause = cause_of(reason(failure))
        if _SEEDED in failed and name(failure) != _SEEDED and _NEEDS_THE_SEED.match(reason(failure)):
            cause = _SEEDED
        if refuses and _REFUSED.search(reason(failure)):
            cause = _ANSWERS
        while _IMPLIED.get(cause) in failed:
            cause = _IMPLIED[cause]
        shown_elsewhere = cause != name(failure) and (cause in seen or cause in failed)
        (again if shown_elsewhere else telling).append(failure)
        if cause:
            seen.add(cause)
    return telling, again
