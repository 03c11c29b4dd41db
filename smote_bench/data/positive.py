"""Which class metrics count as positive: the minority, unless `positive` names the other one.

Samplers oversample the minority either way; y is 1 for the minority either way. Only where predictions are
scored (`smote_bench.evaluation.evaluate`) does this matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smote_bench.data.findings import Finding
from smote_bench.data.values.labels import is_minority, some
from smote_bench.errors import ConfigError

__all__ = ["CLASSES", "Positive", "check_majority", "check_positive", "parse_majority", "parse_positive"]

CLASSES: tuple[str, str] = ("majority", "minority")
"""By their code in y; they may be written for `positive`, where no label can be."""


@dataclass(frozen=True)
class Positive:
    """The class that metrics count as positive.

    Parameters
    ----------
    labels : tuple of str
        As written: labels of the target, or one of `CLASSES`.
    code : int
        Of the class in y: 1 for the minority, 0 for the majority.
    """

    labels: tuple[str, ...]
    code: int

    @property
    def class_(self) -> str:
        """One of `CLASSES`."""
        return CLASSES[self.code]

    @property
    def said(self) -> str:
        """The class with its labels, as in ``the majority ('g')``."""
        names = [label for label in self.labels if label not in CLASSES]
        return f"the {self.class_}" + (f" ({some(names)})" if names else "")

    def finding(self) -> Finding:
        """Return what summaries say of it."""
        return Finding("read", "", f"metrics count {self.said} as positive; the minority is oversampled")

    def to_json(self) -> dict[str, Any]:
        """Return JSON values for the manifest."""
        return {"class": self.class_, "labels": list(self.labels)}


def parse_positive(value: Any, minority: str | Sequence[str], label: str) -> Positive | None:
    """Return the class that an experiment's `positive` names; None where there is no such key.

    Parameters
    ----------
    value : object
        A label, several labels, ``majority`` or ``minority``; None where the key is absent.
    minority : str or sequence of str
        As on the data set.
    label : str
        What messages call the data set.

    Raises
    ------
    ConfigError
        If it is none of these, or labels of both classes.

    Examples
    --------
    >>> parse_positive("g", "b", "Ionosphere").said
    "the majority ('g')"
    >>> parse_positive("majority", ">7", "wine").code
    0
    """
    if value is None:
        return None
    given = value if isinstance(value, list | tuple) else [value]
    if not given or not all(isinstance(one, str | int | float) and str(one).strip() for one in given):
        raise ConfigError(
            f"{label}: expected a value of the target, several of them, majority or minority for 'positive', "
            f"got {value!r} ({type(value).__name__})"
        )
    if any(isinstance(one, bool) for one in given):
        # YAML 1.1 reads yes, no, on and off as truth values, and nobody remembers.
        raise ConfigError(
            f"{label}: expected a value of the target for 'positive', got {value!r}: write the label as "
            "text, in quotes, as in 'yes'"
        )
    labels = tuple(map(str, given))
    codes = {_code(one, minority) for one in labels}
    if len(codes) > 1:
        raise ConfigError(
            f"{label}: expected the labels of one class for 'positive', got {some(labels)}, of which some "
            "are the minority: name one side"
        )
    return Positive(labels, codes.pop())


def _code(text: str, minority: str | Sequence[str]) -> int:
    if any(is_minority([text], minority)):
        return 1
    are_labels = any(is_minority(CLASSES, minority))  # somebody's labels are called like the words
    return CLASSES.index(text) if text in CLASSES and not are_labels else 0


def parse_majority(value: Any, label: str) -> tuple[str, ...]:
    """Return the labels that an experiment's `majority` names; none where there is no such key.

    Raises
    ------
    ConfigError
        If it is no label and no list of labels.
    """
    if value is None:
        return ()
    given = value if isinstance(value, list | tuple) else [value]
    if not given or any(isinstance(v, bool) or not isinstance(v, str | int | float) for v in given):
        raise ConfigError(
            f"{label}: expected a value of the target, or several, for 'majority', got {value!r} "
            f"({type(value).__name__}): quote them"
        )
    return tuple(map(str, given))


def check_majority(
    majority: Sequence[str], counts: Mapping[str, int], minority: str | Sequence[str], name: str, column: str
) -> None:
    """Check that `majority`, where it is given, names all labels that are not the minority, and no others.

    Parameters
    ----------
    majority : sequence of str
    counts : mapping of str to int
        How many rows have each label.
    minority : str or sequence of str
    name, column : str
        Of the data set and its target, for messages.

    Raises
    ------
    ConfigError
    """
    if not majority:
        return
    values = list(counts)
    others = [value for value, flag in zip(values, is_minority(values, minority), strict=True) if not flag]
    named = is_minority(others, majority)
    unknown = [label for label in majority if not any(is_minority(others, label))]
    if unknown or not all(named):
        raise ConfigError(
            f"{name}: expected the labels of {column!r} beside the minority for 'majority', {some(others)}, "
            f"got {some(majority)}: name them all, or remove the key"
        )


def check_positive(
    positive: Positive | None,
    counts: Mapping[str, int],
    minority: str | Sequence[str],
    name: str,
    column: str,
) -> None:
    """Check that `positive` names a class as a whole, for metrics know no classes but two.

    Parameters
    ----------
    positive : Positive or None
    counts : mapping of str to int
        How many rows have each label.
    minority : str or sequence of str
    name, column : str
        Of the data set and its target, for messages.

    Raises
    ------
    ConfigError
        If it names a label that is not there, or only some of a class's labels.
    """
    if positive is None:
        return
    values = list(counts)
    named = [label for label in positive.labels if any(is_minority(values, label))]
    unknown = [label for label in positive.labels if label not in named]
    if unknown == list(positive.labels) and set(unknown) <= set(CLASSES):
        return
    if unknown:
        raise ConfigError(
            f"{name}: expected a value of {column!r}, majority or minority for 'positive', got "
            f"{unknown[0]!r}: there are {some(values)}"
        )
    flags = is_minority(values, minority)
    own = [value for value, flag in zip(values, flags, strict=True) if flag == bool(positive.code)]
    left = [value for value, flag in zip(own, is_minority(own, named), strict=True) if not flag]
    if left:
        raise ConfigError(
            f"{name}: expected all labels of the {positive.class_} for 'positive', got {some(named)} without "
            f"{some(left)}: metrics know two classes; name them all, or write 'positive: {positive.class_}'"
        )
