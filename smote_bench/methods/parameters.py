"""Parameters of our own samplers against their signatures, read from source: nothing is imported for it."""

from __future__ import annotations

import ast
import functools
import importlib.util
from pathlib import Path

from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.methods.spec import MethodSpec

__all__ = ["check_parameters"]

_OURS = "smote_impls"


def check_parameters(spec: MethodSpec) -> None:
    """Refuse a parameter that a sampler of ours does not have; others' are checked when they are made.

    Raises
    ------
    ConfigError
    """
    for step in spec.steps:
        module, _, name = step.target.partition(":")
        known = _signature(name) if step.params and module == _OURS else ()
        for param in step.params if known else ():
            if param not in known:
                raise ConfigError(
                    f"method {spec.name!r}: {name} has no parameter {param!r}."
                    f"{did_you_mean(param, known)} It has: {', '.join(known)}"
                )


@functools.cache
def _signature(name: str) -> tuple[str, ...]:
    """Return the names of a class's parameters; none where its own ``__init__`` does not tell them all."""
    found = importlib.util.find_spec(_OURS)
    for file in sorted(Path(found.origin).parent.glob("*.py")) if found and found.origin else ():
        text = file.read_text(encoding="utf-8")
        if f"class {name}(" not in text:
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and node.name == name:
                return _of_class(node)
    return ()


def _of_class(node: ast.ClassDef) -> tuple[str, ...]:
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name == "__init__":
            given = part.args
            if given.kwarg is None:
                return tuple(
                    one.arg for one in (*given.args[1:], *given.kwonlyargs) if one.arg != "random_state"
                )
    return ()
