"""The words by which an experiment says how dear a classifier or a method is, and how they are read.

Only the order of work and the estimate of the time left depend on them: no key, id or score does.
"""

from __future__ import annotations

from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["COSTS", "parse_cost"]

COSTS = ("linear", "neighbors", "trees", "boosting", "kernel", "network")
"""Kinds of models, the cheapest first; seconds are in engines/costs.py."""


def parse_cost(value: object, where: str) -> str:
    """Return the hint that stands under ``cost``; "" for none.

    Parameters
    ----------
    value : object
        One of `COSTS`, or None.
    where : str
        Whose hint it is, for the message.

    Raises
    ------
    ConfigError
        For anything else.

    Examples
    --------
    >>> parse_cost("network", "classifier 'Mine'")
    'network'
    """
    if value is None:
        return ""
    if isinstance(value, str) and value in COSTS:
        return value
    raise ConfigError(
        f"{where}: expected 'cost' to be one of {', '.join(COSTS)}, got {value!r} "
        f"(type={type(value).__name__}).{did_you_mean(str(value), COSTS)} Write which kind of model "
        "it costs as much as"
    )
