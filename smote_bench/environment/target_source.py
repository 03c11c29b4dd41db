"""What source says of a ``package.module:Class`` before it is imported: that it is there, its parameters.

A misspelt name would else be an error in each cell that needs it, after all others were computed. Where
source cannot tell (names made by code, compiled or loaded modules), nothing is said.
"""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from smote_bench.environment.installed import is_standard
from smote_bench.environment.local_code import is_local, origin_of
from smote_bench.environment.targets import make_importable, split_target, top_package
from smote_bench.errors import ConfigError, did_you_mean

__all__ = ["Written", "check_target_source", "missing_top", "written"]

_MAKES_NAMES = frozenset({"globals", "locals", "setattr", "exec", "vars", "__getattr__", "*"})
_PACKAGES = (
    "sklearn",
    "imblearn",
    "smote_variants",
    "xgboost",
    "lightgbm",
    "catboost",
    "torch",
    "tensorflow",
    "keras",
    "skorch",
    "tabpfn",
    "interpret",
)
"""What samplers and classifiers come from: not installed they are unavailable, nearly so named misspelt."""
_DEEPEST = 8
_SEED = "random_state"


@dataclass(frozen=True)
class Written:
    """What source says of a class or a function.

    Parameters
    ----------
    name : str
    is_class : bool
    parameters : tuple of str
        In their order, without the seed; empty where source does not tell all of them.
    required : tuple of str
        Those without a default.
    bases : frozenset of str
        The names of all its base classes that were found, theirs among them.
    """

    name: str
    is_class: bool
    parameters: tuple[str, ...]
    required: tuple[str, ...] = ()
    bases: frozenset[str] = frozenset()


def check_target_source(target: str) -> None:
    """Refuse a target whose module or name is plainly misspelt.

    Raises
    ------
    ConfigError
        With a suggestion: where no such module is found but one of nearly that name is in the current folder
        or in its package, where a local or installed module has no such name, or a local file is no Python.
    """
    module, name = split_target(target)
    top = module.partition(".")[0]
    make_importable()
    origin = origin_of(module)
    if top in sys.modules and not _is_installed(origin or origin_of(top)):
        return  # made by code, or changed since
    if origin is None:
        _refuse_misspelt_module(module)
        return
    if not _is_python(origin) or is_standard(origin):
        return
    names = _names_in(module, origin)
    first = name.partition(".")[0]
    if names is not None and first not in names:
        public = [known for known in names if not known.startswith("_")]
        of_file = f" Its file is {origin.name}" if is_local(origin) else ""
        raise ConfigError(f"{module} has no {first!r}.{did_you_mean(first, public)}{of_file}")


def _refuse_misspelt_module(module: str) -> None:
    hint = did_you_mean(module, _modules_here())
    if hint:
        raise ConfigError(f"no module {module!r} in the current folder.{hint}")
    top = module.partition(".")[0]
    if origin_of(top) is None:
        hint = "" if top in _PACKAGES else did_you_mean(top, _PACKAGES)
    else:
        hint = did_you_mean(module, _modules_beside(module))
    if hint:
        raise ConfigError(f"no module {module!r}.{hint}")


def _modules_beside(module: str) -> list[str]:
    """Return the public modules of the innermost package of a module's name that is there."""
    parent, _, _ = module.rpartition(".")
    while parent and origin_of(parent) is None:
        parent, _, _ = parent.rpartition(".")
    origin = origin_of(parent) if parent else None
    if origin is None or origin.name != "__init__.py":
        return []
    inside = [one.stem for one in origin.parent.glob("*.py")]
    inside += [one.parent.name for one in origin.parent.glob("*/__init__.py")]
    return [f"{parent}.{name}" for name in sorted(inside) if not name.startswith("_")]


def _is_installed(origin: Path | None) -> bool:
    return origin is not None and not is_standard(origin) and not is_local(origin)


def missing_top(target: str) -> str:
    """Return the package of a target where it is a well-known one that is not installed; else nothing.

    Of others nobody knows whether they are packages or misspelt.
    """
    make_importable()
    top = top_package(target)
    return top if top in _PACKAGES and top not in sys.modules and origin_of(top) is None else ""


def written(target: str) -> Written | None:
    """Return what source says of a class or function, followed through imports; None where it cannot be read.

    Raises
    ------
    ConfigError
        Where a local file is no Python.
    """
    module, name = split_target(target)
    make_importable()
    found = _find(module, name)
    if found is None:
        return None
    at, node = found
    if isinstance(node, ast.ClassDef):
        bases = frozenset(_bases(at, node))
        return Written(name, True, *(_of_class(at, node) or _UNKNOWN), bases)
    return Written(name, False, *(_UNKNOWN if _is_remade(at, node) else _listed(node.args, 0)))


_Definition = ast.ClassDef | ast.FunctionDef
_Parameters = tuple[tuple[str, ...], tuple[str, ...]]
_UNKNOWN: _Parameters = ((), ())


def _find(module: str, name: str, depth: int = 0) -> tuple[str, _Definition] | None:
    """Return where a class or function is defined, and its definition; None where that may be another one."""
    origin = origin_of(module) if depth < _DEEPEST else None
    if origin is None or not _is_python(origin):
        return None
    bound = [node for node in _statements(_tree(origin).body) if name in _bound(node)]
    if len(bound) != 1:
        return None
    (node,) = bound
    if isinstance(node, _Definition):
        return module, node
    if isinstance(node, ast.ImportFrom):
        for one in node.names:  # or a module of that name, which the statement binds in its package
            if (one.asname or one.name) == name:
                return _find(_imported(module, origin, node), one.name, depth + 1)
    return None


def _imported(module: str, origin: Path, node: ast.ImportFrom) -> str:
    """Return the module that a statement imports from, by its whole name."""
    if not node.level:
        return node.module or ""
    is_package = origin.name == "__init__.py"
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _of_class(module: str, node: ast.ClassDef, depth: int = 0) -> _Parameters | None:
    """Return the parameters of a class and those without a default, of its own ``__init__`` or a base's.

    Empty where they may be others, None where neither it nor a base has any.
    """
    makers = [part for part in ast.walk(node) if _makes_objects(part)]
    if _is_remade(module, node) or node.keywords or depth >= _DEEPEST or len(makers) > 1:
        return _UNKNOWN
    for made in makers:
        is_plain = isinstance(made, ast.FunctionDef) and made in node.body and made.name == "__init__"
        return _listed(made.args, 1) if is_plain and isinstance(made, ast.FunctionDef) else _UNKNOWN
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id == "object":
            continue
        found = _find(module, base.id) if isinstance(base, ast.Name) else None
        if found is None or not isinstance(found[1], ast.ClassDef) or found[1] is node:
            return _UNKNOWN
        parameters = _of_class(found[0], found[1], depth + 1)
        if parameters is not None:
            return parameters
    return None


def _is_remade(module: str, node: _Definition) -> bool:
    """Tell whether a decorator may change how a class or function is called; those of libraries add docs."""
    origin = origin_of(module)
    return bool(node.decorator_list) and (origin is None or is_local(origin))


def _makes_objects(part: ast.AST) -> bool:
    """Tell whether a part of a class may say how its objects are made."""
    name = getattr(part, "name", None) if isinstance(part, ast.FunctionDef) else getattr(part, "id", None)
    is_bound = isinstance(part, ast.FunctionDef) or isinstance(getattr(part, "ctx", None), ast.Store)
    return is_bound and name in ("__init__", "__new__", "__call__")


def _bases(module: str, node: ast.ClassDef, depth: int = 0) -> Iterator[str]:
    for base in node.bases if depth < _DEEPEST else ():
        if isinstance(base, ast.Attribute):
            yield base.attr
        elif isinstance(base, ast.Name):
            yield base.id
            found = _find(module, base.id)
            if found is not None and isinstance(found[1], ast.ClassDef):
                yield from _bases(found[0], found[1], depth + 1)


def _listed(given: ast.arguments, skipped: int) -> _Parameters:
    if given.kwarg is not None or given.vararg is not None:
        return _UNKNOWN
    positional = [one.arg for one in (*given.posonlyargs, *given.args)]
    needed = positional[skipped : len(positional) - len(given.defaults)]
    named = [one.arg for one in given.kwonlyargs]
    needed += [name for name, default in zip(named, given.kw_defaults, strict=True) if default is None]
    names = [name for name in (*positional[skipped:], *named) if name != _SEED]
    return tuple(names), tuple(name for name in needed if name != _SEED)


def _is_python(origin: Path) -> bool:
    return origin.suffix == ".py" and origin.is_file()


def _modules_here() -> list[str]:
    """Return modules and packages of the current folder, and the modules of these packages."""
    found = []
    for path in sorted(Path().glob("*")):
        if path.suffix == ".py":
            found.append(path.stem)
        elif (path / "__init__.py").is_file():
            inside = (one for one in sorted(path.glob("*.py")) if one.stem != "__init__")
            found += [path.name, *(f"{path.name}.{one.stem}" for one in inside)]
    return found


@functools.lru_cache(maxsize=64)
def _parsed(origin: Path, _changed: int) -> ast.Module:
    try:
        return ast.parse(origin.read_bytes())
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        at = f"{origin.name}:{line}" if line else origin.name
        raise ConfigError(f"{at} is no Python: {getattr(error, 'msg', error)}") from error


def _tree(origin: Path) -> ast.Module:
    return _parsed(origin, origin.stat().st_mtime_ns)


def _names_in(module: str, origin: Path, depth: int = 0) -> set[str] | None:
    """Return the names that a module has once it is imported; None where code may make others."""
    tree = _tree(origin)
    found: set[str] = set()
    for statement in _statements(tree.body):
        names = _bound(statement)
        if "*" in names and isinstance(statement, ast.ImportFrom):
            theirs = _names_of_all(_imported(module, origin, statement), depth + 1)
            if theirs is None:
                return None
            names = names - {"*"} | theirs
        found |= names
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            found.update(node.names)
        elif isinstance(node, ast.Attribute) and node.attr == "modules":
            return None  # of sys: it may set names there
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return None if _MAKES_NAMES & {*used, *found} else found


def _names_of_all(module: str, depth: int) -> set[str] | None:
    """Return the names that ``from module import *`` can give; None where nobody knows."""
    origin = origin_of(module) if depth < _DEEPEST else None
    if origin is None or not _is_python(origin) or is_standard(origin):
        return None
    return _names_in(module, origin, depth)


def _bound(node: ast.stmt) -> set[str]:
    """Return the names that a statement binds, those of statements below it apart."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = {(one.asname or one.name.partition(".")[0]) for one in node.names}
        inside = isinstance(node, ast.ImportFrom) and node.level == 1 and node.module
        return names | ({inside.partition(".")[0]} if inside else set())  # a package has its modules
    found: set[str] = set()
    waiting: list[ast.AST] = [node]
    while waiting:
        for part in ast.iter_child_nodes(waiting.pop()):
            if isinstance(part, ast.stmt | ast.ExceptHandler | ast.match_case):
                continue
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                found.add(part.id)
            waiting.append(part)
    return found


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield a module's statements, those below conditions and loops too, but not of functions and classes."""
    for node in body:
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for part in ast.iter_child_nodes(node):
                if isinstance(part, ast.stmt):
                    yield from _statements([part])
                elif isinstance(part, ast.ExceptHandler | ast.match_case):
                    yield from _statements(part.body)
