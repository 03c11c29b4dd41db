"""Which classifiers split the rows they are fitted on: searches, calibrations, stacks, early stopping.

Over resampled rows, what such a classifier chooses is judged on copies and synthetic twins of the rows that
it is fitted on. It cannot be kept from that here, but it is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

__all__ = [
    "apart_note",
    "is_split_note",
    "noted_parts",
    "split_note",
    "splitting_parts",
    "watch_splits",
]

_AUTO_ROWS = 10_000
"""From more rows on, scikit-learn's gradient boosting on histograms stops early where nothing is said."""

_NOTE = "the classifier splits the resampled rows itself, {}: what it chooses is judged on resampled rows"
_LONGEST_PARTS = 150
"""So that the whole note is shorter than the longest warning that is kept."""

_NOTED = re.compile(re.escape(_NOTE).replace(r"\{\}", "(.*?)"))


def splitting_parts(estimator: Any, n_rows: int, watched: Iterable[str] = ()) -> list[str]:
    """Name the parts of an estimator that split the rows they are fitted on, with what makes them.

    Parameters
    ----------
    estimator : estimator
        Fitted, so that what it builds inside is seen as well; or not.
    n_rows : int
        On which it is fitted.
    watched : iterable of str
        What `watch_splits` saw while it was fitted.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
    >>> splitting_parts(LogisticRegressionCV(cv=3), 100), splitting_parts(LogisticRegression(), 100)
    (['LogisticRegressionCV (cv=3)'], [])
    """
    found = dict.fromkeys(
        f"{type(part).__name__} ({reason})"
        for part, params in _parts(estimator, set())
        if (reason := _reason(part, params, n_rows))
    )
    seen = sorted(set(watched))
    if seen and not found:  # something in its code does, which no parameter tells
        found = {f"{type(estimator).__name__} ({', '.join(seen)} in fit)": None}
    return list(found)


@contextmanager
def watch_splits() -> Iterator[list[str]]:
    """Collect the names of scikit-learn's splitters that are used in a block, as by early stopping."""
    seen: list[str] = []

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def split(self: Any, *args: Any, **more: Any) -> Any:
            seen.append(type(self).__name__)
            return real(self, *args, **more)

        return split

    before = [(cls, vars(cls)["split"]) for cls in _splitters()]
    try:
        for cls, real in before:
            cls.split = watched(real)
        yield seen
    finally:
        for cls, real in before:
            cls.split = real


def _splitters() -> list[Any]:
    """Return scikit-learn's splitters, and those derived from them, that have a ``split`` of their own."""
    from sklearn.model_selection import BaseCrossValidator, BaseShuffleSplit

    found: dict[Any, None] = {}
    left: list[Any] = [BaseCrossValidator, BaseShuffleSplit]
    while left:
        cls = left.pop()
        if "split" in vars(cls):
            found[cls] = None
        left += cls.__subclasses__()
    return list(found)


def split_note(parts: Iterable[str]) -> str:
    """Return the warning of a cell whose classifier splits resampled rows."""
    shown = ", ".join(parts)
    return _NOTE.format(shown if len(shown) <= _LONGEST_PARTS else f"{shown[: _LONGEST_PARTS - 3]}...")


def apart_note(parts: Iterable[str], apart_by: str) -> str:
    """Return the warning of a cell whose classifier splits rows that groups or time should keep apart.

    >>> apart_note(["GridSearchCV (cv=3)"], "groups")
    "the classifier splits its rows itself, without 'groups': GridSearchCV (cv=3)"
    """
    shown = ", ".join(parts)
    cut = shown if len(shown) <= _LONGEST_PARTS else f"{shown[: _LONGEST_PARTS - 3]}..."
    return f"the classifier splits its rows itself, without {apart_by!r}: {cut}"


def is_split_note(text: str) -> bool:
    """Whether a warning is what `split_note` returns."""
    return _NOTED.match(text) is not None


def noted_parts(warnings: Iterable[str]) -> str | None:
    """Return the parts that the first `split_note` among warnings names; None where there is none."""
    noted = (_NOTED.search(text) for text in warnings)
    match = next(filter(None, noted), None)
    return None if match is None else match[1]


def _reason(part: Any, params: Mapping[str, Any], n_rows: int) -> str:
    """Return which parameter makes an estimator split its rows; "" where none does."""
    if "cv" in params and not _means_none(part, params["cv"]):
        return f"cv={_short(params['cv'])}"
    if params.get("probability") is True:  # libsvm calibrates on folds of its own
        return "probability=True"
    if not all(params.get(name, True) for name in ("validation_fraction", "validation_split")):
        return ""  # early stopping by the loss on the rows that are fitted
    if "early_stopping" in params:
        stops = params["early_stopping"]
        is_on = n_rows > _AUTO_ROWS if stops == "auto" else bool(stops)
        return f"early_stopping={_short(stops)}" if is_on else ""
    if "validation_fraction" in params and params.get("n_iter_no_change") is not None:
        return f"n_iter_no_change={_short(params['n_iter_no_change'])}"
    return ""


def _means_none(part: Any, cv: Any) -> bool:
    """Whether a value of ``cv`` says that nothing is split."""
    if isinstance(cv, str):
        return cv == "prefit"
    is_chain = any(cls.__name__ == "_BaseChain" for cls in type(part).__mro__)
    return cv is None and is_chain  # the next model of a chain then gets the true labels


def _params(estimator: Any) -> Mapping[str, Any]:
    try:
        params = estimator.get_params(deep=False)
    except (AttributeError, TypeError):  # no estimator of scikit-learn's kind: nothing is known of it
        return {}
    return params if isinstance(params, Mapping) else {}


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{type(value).__name__}"


def _parts(estimator: Any, seen: set[int]) -> Iterator[tuple[Any, Mapping[str, Any]]]:
    """Yield an estimator and all estimators inside it, in parameters and whatever else it holds.

    Each comes with its parameters.
    """
    if id(estimator) in seen:
        return
    seen.add(id(estimator))
    params = _params(estimator)
    yield estimator, params
    for value in (*params.values(), *getattr(estimator, "__dict__", {}).values()):
        for inner in _estimators(value):
            yield from _parts(inner, seen)


_LEAVES = (str, bytes, int, float, complex, type(None))
"""Not looked into, nor is what numpy has: whether a number is a Mapping takes a walk through all of those."""


def _estimators(value: Any, depth: int = 4) -> Iterator[Any]:
    """Yield the estimators that a value is or holds; of each class in a long list, as a forest's, one."""
    if isinstance(value, _LEAVES) or type(value).__module__ == "numpy":
        return
    if hasattr(value, "get_params") and hasattr(value, "fit") and not isinstance(value, type):
        yield value
        return
    items: Iterable[Any] = ()
    if isinstance(value, Mapping):
        items = value.values()
    elif isinstance(value, (list, tuple)):
        items = value if len(value) <= 20 else {type(item): item for item in value}.values()
    for item in items if depth else ():  # what holds itself comes to an end
        yield from _estimators(item, depth - 1)
