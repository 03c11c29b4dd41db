"""How many synthetic rows `sampling_strategy` asks for, class by class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any

import numpy as np

__all__ = ["STRATEGY_NAMES", "synthetic_counts"]

STRATEGY_NAMES = ("auto", "minority", "not minority", "not majority", "all")


def synthetic_counts(
    strategy: Any, present: Mapping[Any, int], labels: Callable[[], np.ndarray]
) -> dict[Any, int]:
    """Return how many synthetic rows each targeted class is to get.

    Parameters
    ----------
    strategy : float, str, dict, list or callable
        As `smote_impls.BaseOversampler` documents it.
    present : mapping
        The classes, ascending, and the rows that each has; at least two.
    labels : callable
        Returns ``y``; called when `strategy` is a callable, which wants it.

    Returns
    -------
    dict
        In the order of `present`; 0 for a targeted class that is large enough.

    Raises
    ------
    ValueError
        If a class is unknown, a target lies below the present count, or the form does not suit the data.
    TypeError
        If a callable returns no dict, or a target is no integer.
    """
    if callable(strategy):
        targets = strategy(labels())
        if not isinstance(targets, Mapping):
            raise TypeError(
                "Expected the callable sampling_strategy to return a dict of class and number of rows, "
                f"got {targets!r}."
            )
        return _from_targets(targets, present)
    if isinstance(strategy, str):
        return _from_targets(dict.fromkeys(_named(strategy, present), max(present.values())), present)
    if isinstance(strategy, Mapping):
        return _from_targets(strategy, present)
    if isinstance(strategy, list):
        return _from_targets(dict.fromkeys(strategy, max(present.values())), present)
    return _from_targets(_by_ratio(strategy, present), present)


def _named(name: str, present: Mapping[Any, int]) -> list[Any]:
    # Between classes of one size the first is taken, as in imbalanced-learn.
    majority, minority = max(present, key=present.__getitem__), min(present, key=present.__getitem__)
    if name == "minority":
        return [minority]
    left_out = {"all": None, "not minority": [minority], "not majority": [majority], "auto": [majority]}[name]
    return [label for label in present if left_out is None or label not in left_out]


def _by_ratio(ratio: Real, present: Mapping[Any, int]) -> dict[Any, int]:
    if len(present) != 2:
        raise ValueError(
            f"Expected two classes with sampling_strategy={ratio!r}, got {len(present)}: {list(present)}. "
            "With more than two, give a dict of class and number of rows."
        )
    minority, majority = sorted(present, key=present.__getitem__)
    if present[minority] == present[majority]:
        minority, majority = majority, minority  # the first of equals counts as the majority, as for names
    wanted = int(present[majority] * float(ratio))
    if wanted < present[minority]:
        raise ValueError(
            f"Expected sampling_strategy to be at least the present ratio, "
            f"{present[minority]}/{present[majority]}, since oversampling removes no rows; "
            f"got {ratio!r}. Give a larger one."
        )
    return {minority: wanted}


def _from_targets(targets: Mapping[Any, Any], present: Mapping[Any, int]) -> dict[Any, int]:
    for label, wanted in targets.items():
        if label not in present:
            raise ValueError(
                f"Expected the classes in sampling_strategy to be in y, got {label!r}; y has {list(present)}."
                + _suggestion(label, present)
            )
        if not isinstance(wanted, Integral) or isinstance(wanted, bool):
            raise TypeError(
                f"Expected a whole number of rows for class {label!r} in sampling_strategy, got {wanted!r} "
                f"(type={type(wanted).__name__}). Round it."
            )
        if wanted < present[label]:
            raise ValueError(
                f"Expected sampling_strategy to ask for at least the {present[label]} rows that "
                f"class {label!r} has, since oversampling removes none; got {wanted}. "
                "Give the number of rows after resampling."
            )
    return {label: int(targets[label]) - count for label, count in present.items() if label in targets}


def _suggestion(label: Any, present: Mapping[Any, int]) -> str:
    close = get_close_matches(str(label), [str(known) for known in present], n=1)
    if not close:
        return ""
    known = next(known for known in present if str(known) == close[0])
    return f" Did you mean {known!r} (type={type(known).__name__})?"
