"""The styles in which a sampler may be written, and what its call or constructor takes."""

from __future__ import annotations

import inspect
from typing import Any

from smote_bench.errors import ConfigError

__all__ = ["STYLES", "accepted_parameters", "requires", "style_of"]

STYLES = ("estimator", "object", "sample", "function")
"""By name: one of scikit-learn's, another with ``fit_resample``, one of smote_variants', a function."""


def style_of(target: Any, name: str) -> str:
    """Return which of `STYLES` a class, an instance or a function is of.

    Raises
    ------
    ConfigError
        If it is of none.
    """
    if hasattr(target, "fit_resample") and hasattr(target, "get_params") and not hasattr(target, "sample"):
        return "estimator"
    if hasattr(target, "sample") and callable(target.sample):
        return "sample"
    if hasattr(target, "fit_resample"):
        return "object"
    if callable(target) and not isinstance(target, type):
        _refuse_other_functions(target, name)
        return "function"
    raise ConfigError(
        f"expected fit_resample(X, y), sample(X, y) or a function of X and y, {name!r} is "
        f"{'a class' if isinstance(target, type) else type(target).__name__} without any of these"
    )


def _refuse_other_functions(target: Any, name: str) -> None:
    try:
        inspect.signature(target).bind(None, None)
    except TypeError as error:
        raise ConfigError(f"expected {name} to be a function of X and y, it is not: {error}") from error
    except ValueError:  # a builtin without a signature: calling it will show
        pass


def accepted_parameters(target: Any, style: str) -> tuple[str, ...]:
    """Return the names of the parameters that a call or a constructor takes."""
    described = target if style == "function" or isinstance(target, type) else type(target)
    try:
        parameters = list(inspect.signature(described).parameters.values())
    except (TypeError, ValueError):
        return ()
    named = [p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    return tuple(named[2:] if style == "function" else named)


def requires(target: type, parameter: str) -> bool:
    """Return whether a constructor cannot do without a parameter."""
    try:
        found = inspect.signature(target).parameters.get(parameter)
    except (TypeError, ValueError):
        return False
    return found is not None and found.default is inspect.Parameter.empty
