"""Resample training rows with a method: fresh samplers, seeded, isolated, their output checked."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from smote_bench.data.typed_rows import TypedRows
from smote_bench.environment.isolation import Report, isolated
from smote_bench.environment.leaving import called
from smote_bench.environment.optional_packages import is_installed, missing_package
from smote_bench.environment.target_source import missing_top
from smote_bench.environment.targets import load_target, top_package
from smote_bench.errors import ConfigError, SmoteBenchError, UnavailableError, did_you_mean
from smote_bench.methods.adapters import KNOWN_FAILURES, adapter_of
from smote_bench.methods.row_options import NEED_CATEGORIES, TAKE_ALL_FOR_CATEGORIES
from smote_bench.methods.spec import MethodSpec, Step
from smote_bench.methods.typed_step import (
    FractionalRows,
    encoded_output,
    typed_input,
    typed_output,
    wants_typed_rows,
)

__all__ = ["Resampled", "SamplerError", "load_sampler", "resample"]

Transform = Callable[[np.ndarray], np.ndarray]


class SamplerError(SmoteBenchError):
    """A sampler cannot run, or returned what no classifier may be trained on."""


@dataclass(frozen=True)
class Resampled:
    """Training rows after a method.

    Parameters
    ----------
    X : ndarray of shape (n_rows, n_columns), float64
    y : ndarray of shape (n_rows,), int64
    noop : bool
        Whether the samplers gave back the rows and labels they got, in whatever order.
    seconds : float
        Wall time of the samplers' calls; imports and checks are not in it.
    warnings : tuple of str
        Distinct warnings, log records of level WARNING and above, and the reasons for giving the input back.
    transform : callable or None
        Where a method leaves the feature space (E_SMOTE selects columns, ISOMAP_Hybrid embeds), what rows
        have to go through before a classifier fitted on `X` may see them. None for all others.
    parents : structured ndarray of shape (n_synthetic,), optional
        The sampler's ``synthetic_parents_``, where it has them and is the only step: for each of the last
        rows of `X` the input rows ``seed`` and ``neighbor`` that it lies between.
    between : FractionalRows, optional
        How many of the rows that encoded samplers added lie between categories, of a table that has some;
        None where no sampler made encoded rows.
    """

    X: np.ndarray
    y: np.ndarray
    noop: bool = False
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    transform: Transform | None = None
    parents: np.ndarray | None = None
    between: FractionalRows | None = None


def resample(spec: MethodSpec, X: Any, y: Any, *, seed: int, typed: TypedRows | None = None) -> Resampled:
    """Resample training rows; the arguments and the process's random state stay as they were.

    Parameters
    ----------
    spec : MethodSpec
        What to do. Without steps, `X` and `y` come back as they are.
    X : array-like of shape (n_rows, n_columns)
        Numeric training rows.
    y : array-like of shape (n_rows,)
        Labels, 1 for the minority class and 0 for the majority.
    seed : int
        From 0 to 2**32 - 1. The first sampler gets it as it is, the next ones seeds derived from it.
    typed : TypedRows, optional
        Of the rows of `X`, where they have categories: for samplers that want those. After an encoded
        sampler the numbers of typed rows are scaled ones.

    Raises
    ------
    SamplerError
        If a sampler returns something else than finite rows with labels 0 and 1, or is known not to run.
    UnavailableError
        If a package is missing.
    ConfigError
        If the sampler has no such class or parameter.
    """
    # Python's own int: smote_variants refuses those of numpy.
    seed = int(seed)
    rows, labels = np.array(X, dtype=np.float64, order="C"), np.array(y, dtype=np.int64)
    if not spec.steps:
        return Resampled(rows, labels)
    state, report, transforms, seconds = _Rows(rows, labels, typed), Report(), [], 0.0
    parents = between = None
    for index, step in enumerate(spec.steps):
        try:
            made = _run(step, state, _step_seed(seed, index), report)
        except Exception as error:
            error.add_note(
                f"in step {index + 1} of {len(spec.steps)} of method {spec.name!r}: {_shown(step)}"
            )
            raise
        state, parents = made.rows, made.parents
        if made.between is not None:
            between = made.between if between is None else between + made.between
        seconds += made.seconds
        if made.transform is not None:
            transforms.append(made.transform)
    noop = not transforms and _same_rows(rows, labels, state.X, state.y)
    if noop and not report.messages:
        report.messages.append("INFO: the input came back, and the sampler does not say why")
    return Resampled(
        X=state.X,
        y=state.y,
        noop=noop,
        seconds=seconds,
        warnings=tuple(dict.fromkeys(report.messages)),
        transform=partial(_apply, tuple(transforms)) if transforms else None,
        parents=parents if len(spec.steps) == 1 else None,
        between=between,
    )


@dataclass(frozen=True)
class _Rows:
    """Rows between two samplers: encoded, with what typed ones have beside that."""

    X: np.ndarray
    y: np.ndarray
    typed: TypedRows | None


@dataclass(frozen=True)
class _Made:
    """What one sampler made."""

    rows: _Rows
    transform: Transform | None
    parents: np.ndarray | None
    seconds: float
    between: FractionalRows | None


def load_sampler(target: str) -> Any:
    """Import the class or function behind a target, its adapter where it has one.

    Raises
    ------
    SamplerError
        If the sampler is known not to run.
    UnavailableError
        If the package, or one it imports, is not installed.
    """
    if target in KNOWN_FAILURES:
        raise SamplerError(f"{target} is known not to run: {KNOWN_FAILURES[target]}; choose another method")
    top = top_package(target)
    if (top in _LIBRARIES and not is_installed(top)) or missing_top(target):
        raise _missing(target, top)
    try:
        return load_target(_loaded_target(target))
    except ModuleNotFoundError as error:
        raise _missing(target, error.name or str(error)) from error


def _loaded_target(target: str) -> str:
    adapter = adapter_of(target)
    return target if adapter is None else adapter.adapted_target


_LIBRARIES = ("smote_variants", "imblearn", "smote_impls")


def _missing(target: str, package: str) -> UnavailableError:
    return missing_package(target, package, needed_by=target.partition(":")[0].partition(".")[0])


def _step_seed(seed: int, index: int) -> int:
    """Derive the seed of a chain's later steps, so that two samplers never draw the same numbers."""
    if index == 0:
        return seed
    # 31 bits: some libraries add to a seed before they use it.
    return int(np.random.SeedSequence([seed, index]).generate_state(1)[0]) >> 1


def _run(step: Step, rows: _Rows, seed: int, report: Report) -> _Made:
    """Run one sampler on copies of the data."""
    targets = () if step.target in KNOWN_FAILURES else (_loaded_target(step.target),)
    if step.target in NEED_CATEGORIES:
        _check_columns(step, rows.typed)
    with called("the sampler"), isolated(seed, report, targets=targets):
        found = load_sampler(step.target)
        sampler, call = _build(step, found, seed)
        typed = rows.typed
        if typed is not None and not wants_typed_rows(
            step, found, sampler, after_encoded=typed.numbers is None
        ):
            typed = None
        if rows.typed is not None and (idle := step.rows.idle(is_typed=typed is not None)):
            report.messages.append(idle)
    if step.target in TAKE_ALL_FOR_CATEGORIES and (rows.typed is None or rows.typed.columns.numeric):
        report.messages.append(
            "columns of numbers were taken for categories, each number one of its own: SMOTENC is for both "
            "kinds, SMOTE for numbers"
        )
    try:
        given_X = rows.X.copy() if typed is None else typed_input(rows.X, typed, step.rows)
    except ValueError as error:
        raise SamplerError(f"expected for {_shown(step)} {error}") from error
    given_y = rows.y.copy()
    with called("the sampler"), isolated(seed, report, targets=targets):
        started = time.perf_counter()
        try:
            output = call(given_X, given_y)
        except ModuleNotFoundError as error:
            raise _missing(step.target, error.name or str(error)) from error
        seconds = time.perf_counter() - started
        transform = None if typed is not None else _transform_of(sampler, rows.X)
        if transform is not None:
            transform = partial(_transformed, transform, seed, targets)
    parents = getattr(sampler, "synthetic_parents_", None)
    parents = parents if isinstance(parents, np.ndarray) else None
    if typed is not None:
        return _Made(_typed(step, output, typed), None, parents, seconds, None)
    new_X, new_y = _checked(step, output)
    expected = rows.X.shape[1] if transform is None else transform(rows.X[:1]).shape[1]
    if new_X.shape[1] != expected:
        raise _refused(step, f"X with {expected} columns", f"X with {new_X.shape[1]} columns")
    if rows.typed is None or transform is not None:  # another feature space has no categories
        return _Made(_Rows(new_X, new_y, None), transform, parents, seconds, None)
    columns = rows.typed.columns
    new_X, between = encoded_output(new_X, rows.X, columns, step.rows)
    return _Made(_Rows(new_X, new_y, TypedRows(columns, None)), None, parents, seconds, between)


def _check_columns(step: Step, typed: TypedRows | None) -> None:
    """Refuse rows of one kind alone for a sampler of mixed ones."""
    if typed is None:
        raise UnavailableError(
            f"{_shown(step)} needs columns of categories, and these rows have numbers alone",
            "SMOTE is for those; where categories were read as numbers, name them under 'nominal'",
        )
    if not typed.columns.numeric:
        raise UnavailableError(
            f"{_shown(step)} needs columns of numbers, and these rows have categories alone",
            "SMOTEN is for those",
        )


def _typed(step: Step, output: Any, typed: TypedRows) -> _Rows:
    """Return what a sampler made of typed rows, or say what is wrong with it."""
    table, labels = _pair(step, output)
    try:
        X, made = typed_output(table, typed, step.rows)
    except ValueError as error:
        raise SamplerError(
            f"expected from {_shown(step)} {error}: the sampler cannot be used here"
        ) from error
    return _Rows(X, _labels(step, labels, len(X)), made)


def _build(step: Step, found: Any, seed: int) -> tuple[Any, Callable[..., Any]]:
    """Make a fresh sampler, and what to call on it; a function is its own sampler."""
    accepted = inspect.signature(found).parameters
    params = dict(step.params)
    _check_parameters(step, found, accepted)
    if "random_state" in accepted:
        params["random_state"] = seed
    if _needs_columns(accepted) and "categorical_features" not in params:
        params["categorical_features"] = "auto"  # the columns that are categories in the frame
    if "n_jobs" in accepted:
        # Workers are pytest's; a sampler's own threads would only fight them.
        params.setdefault("n_jobs", 1)
    if not inspect.isclass(found):
        return None, partial(found, **params)
    sampler = found(**params)
    for name in ("fit_resample", "sample"):
        if hasattr(sampler, name):
            return sampler, getattr(sampler, name)
    raise ConfigError(
        f"expected a sampler with fit_resample(X, y) or sample(X, y), but {step.target} has neither: "
        "add fit_resample, or name a function f(X, y)"
    )


def _needs_columns(accepted: Mapping[str, inspect.Parameter]) -> bool:
    """Tell whether a sampler must be told which columns are categories."""
    named = accepted.get("categorical_features")
    return named is not None and named.default is named.empty


def _check_parameters(step: Step, found: Any, accepted: Any) -> None:
    """Refuse a parameter that the sampler does not name: smote_variants would swallow it."""
    names = [name for name, p in accepted.items() if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    open_ended = any(p.kind is p.VAR_KEYWORD for p in accepted.values())
    if open_ended and not step.target.startswith("smote_variants:"):
        return
    if not inspect.isclass(found):
        names = names[2:]
    for name in step.params:
        if name not in names:
            raise ConfigError(
                f"expected parameters of {step.target} ({', '.join(names)}), got {name!r}."
                f"{did_you_mean(name, names)} `smote-bench methods show` lists them with their defaults"
            )


def _transform_of(sampler: Any, X: np.ndarray) -> Transform | None:
    """Return the map into the sampler's own feature space, or None if it has none or it changes nothing."""
    transform: Transform | None = getattr(sampler, "preprocessing_transform", None)
    if transform is None:
        return None
    mapped = np.asarray(transform(X.copy()))
    return None if mapped.shape == X.shape and np.array_equal(mapped, X) else transform


def _transformed(transform: Transform, seed: int, targets: tuple[str, ...], X: np.ndarray) -> np.ndarray:
    """Call a sampler's transform alone, on rows of its own."""
    with called("the sampler"), isolated(seed, Report(), targets=targets):
        return np.ascontiguousarray(transform(X.copy()), dtype=np.float64)


def _apply(transforms: Sequence[Transform], X: Any) -> np.ndarray:
    """Take rows through the transforms of a chain, in its order."""
    rows = np.array(X, dtype=np.float64, order="C")
    for transform in transforms:
        rows = transform(rows)
    return rows


def _checked(step: Step, output: Any) -> tuple[np.ndarray, np.ndarray]:
    """Return a sampler's output as plain arrays, or say what is wrong with it."""
    table, given = _pair(step, output)
    X, y = np.asarray(table), np.asarray(given)
    if X.ndim != 2 or X.dtype.kind not in "fiub":
        raise _refused(step, "X as a 2-d array of numbers", f"shape {X.shape}, dtype {X.dtype}")
    if y.shape != (len(X),):
        raise _refused(step, f"y with one label for each of {len(X)} rows", f"y of shape {y.shape}")
    X = np.array(X, dtype=np.float64, order="C")
    if not np.isfinite(X).all():
        count = int((~np.isfinite(X)).any(axis=1).sum())
        raise _refused(step, "finite values", f"{count} rows with NaN or infinity")
    return X, _labels(step, y, len(X))


def _pair(step: Step, output: Any) -> tuple[Any, Any]:
    if not isinstance(output, (tuple, list)) or len(output) != 2:
        raise _refused(step, "a pair X, y", f"{type(output).__name__}")
    return output[0], output[1]


def _labels(step: Step, given: Any, n_rows: int) -> np.ndarray:
    y = np.asarray(given)
    if y.shape != (n_rows,):
        raise _refused(step, f"y with one label for each of {n_rows} rows", f"y of shape {y.shape}")
    labels = np.unique(y).tolist()
    if labels != [0, 1]:
        raise _refused(step, "labels 0 and 1, both", f"{labels}")
    return y.astype(np.int64)


def _refused(step: Step, expected: str, got: str) -> SamplerError:
    return SamplerError(
        f"expected {expected} from {_shown(step)}, got {got}: the sampler cannot be used here"
    )


def _shown(step: Step) -> str:
    params = ", ".join(f"{name}={value!r}" for name, value in step.params.items())
    return f"{step.target}({params})"


def _same_rows(X: np.ndarray, y: np.ndarray, new_X: np.ndarray, new_y: np.ndarray) -> bool:
    """Return whether two tables hold the same rows with the same labels, in whatever order."""
    if X.shape != new_X.shape or y.sum() != new_y.sum():
        return False
    old, new = np.column_stack([X, y]), np.column_stack([new_X, new_y])
    return bool(np.array_equal(old[np.lexsort(old.T)], new[np.lexsort(new.T)]))
