"""Parameters as JSON from which they can be told apart: other values never give the same text.

JSON alone makes one of the keys 0, "0" and None's "null", of tuples and lists, and has no arrays. Plain YAML
data stay as they are; everything else says its type.
"""

from __future__ import annotations

import hashlib
import inspect
import io
import json
import math
import os
import pickle
from collections.abc import Mapping
from typing import Any

from smote_bench.environment.targets import target_identity
from smote_bench.errors import SmoteBenchError

__all__ = ["parameter_identity"]

_TYPE = "!type"


def parameter_identity(value: Any) -> Any:
    """Return JSON values that differ whenever parameters do; the order of a mapping is no difference.

    Parameters
    ----------
    value : object
        Data as YAML gives them, or whatever a hook put among the parameters: arrays, functions, estimators.
        What can neither be compared by content nor by its code is like nothing else, so that no stored result
        answers for it.

    Examples
    --------
    >>> parameter_identity({"max_depth": 3})
    {'max_depth': 3}
    >>> parameter_identity({0: 1}) == parameter_identity({"0": 1})
    False
    """
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return value
    if kind is float:
        return value if math.isfinite(value) else _tagged(value, repr(value))
    if kind is list:
        return [parameter_identity(item) for item in value]
    if isinstance(value, Mapping):
        return _mapping(value)
    if kind in (tuple, set, frozenset):
        items = [parameter_identity(item) for item in value]
        return _tagged(value, items if kind is tuple else sorted(items, key=_text))
    if isinstance(value, type) or inspect.isroutine(value):
        return _code(value)
    return _tagged(value, _content(value))


def _mapping(value: Mapping[Any, Any]) -> Any:
    pairs = [(parameter_identity(key), parameter_identity(item)) for key, item in value.items()]
    if type(value) is dict and all(type(key) is str for key in value) and _TYPE not in value:
        return dict(sorted(pairs))
    return _tagged(value, sorted(([key, item] for key, item in pairs), key=lambda pair: _text(pair[0])))


def _tagged(value: Any, *content: Any) -> dict[str, Any]:
    kind = type(value)
    return {_TYPE: f"{kind.__module__}:{kind.__qualname__}", "content": list(content)}


def _text(plain: Any) -> str:
    return json.dumps(plain, sort_keys=True)


def _code(value: Any) -> dict[str, Any]:
    """Return what identifies a class or function: its name and the code of its module."""
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", "")
    if module == "builtins":
        return {_TYPE: "code", "name": name}
    owner = getattr(value, "__self__", None)  # of a compiled function, its module
    is_bound = owner is not None and not inspect.ismodule(owner)
    if not module or module == "__main__" or "<" in name or is_bound:
        return _like_nothing_else()
    try:
        return {_TYPE: "code", "name": name, "identity": target_identity(f"{module}:{name}")}
    except SmoteBenchError:
        return _like_nothing_else()


def _content(value: Any) -> Any:
    """Return the digest of an object's pickle and the code it names; without, it is like nothing else."""
    stream = io.BytesIO()
    pickler = _Pickler(stream, protocol=5)
    try:
        pickler.dump(value)
    except Exception:
        return _like_nothing_else()
    code = {_text(_code(found)) for found in pickler.code}
    return {"pickle": hashlib.sha256(stream.getvalue()).hexdigest(), "code": sorted(code)}


class _Pickler(pickle.Pickler):
    """Notes the classes and functions that a pickle holds by name only."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.code: list[Any] = []

    def reducer_override(self, found: Any) -> Any:
        if isinstance(found, type) or inspect.isroutine(found):
            self.code.append(found)
        return NotImplemented


def _like_nothing_else() -> dict[str, Any]:
    return {_TYPE: "unknown", "number": os.urandom(16).hex()}
