"""The oversampler under test: how it is built, seeded and called, and what it claims to be.

Four styles are understood: a scikit-learn estimator or a plain object with ``fit_resample(X, y)``,
smote_variants' ``sample(X, y)``, and a function ``f(X, y)``. Building, seeding, calling, and writing a call
as code are here, since they have to agree on the style.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import functools
import inspect
import json
import sys
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from smote_bench.environment.leaving import called
from smote_bench.errors import ConfigError, did_you_mean
from smote_bench.properties.cases import Case
from smote_bench.properties.families import MIXED, REMOVERS, check_family, family_of
from smote_bench.properties.row_order import input_rows_first
from smote_bench.properties.said import heard_words, no_logs
from smote_bench.properties.styles import accepted_parameters, requires, style_of
from smote_bench.properties.told_categories import PARAMETER, code_of, first_way, told
from smote_bench.properties.violations import Refused, Violation

__all__ = [
    "APART",
    "DataNeeds",
    "Subject",
    "one_line",
    "rows_and_labels",
    "shortest_module",
]

APART = 100.0
"""How far classes that lie apart are from each other, where rows of each are about one from its middle."""

_SEED_NAMES = ("random_state", "seed", "rng")
_K_NAMES = {
    "adasyn": ("n_neighbors", "k_neighbors", "k"),
    "borderline1": ("k_neighbors", "k"),
    "borderline2": ("k_neighbors", "k"),
}
_M_NAMES = ("m_neighbors", "n_neighbors", "m")
_COUNT_NAMES = ("sampling_strategy", "proportion", "ratio")
_DEFAULT_K, _DEFAULT_M = 5, 10


@dataclasses.dataclass(frozen=True)
class DataNeeds:
    """What data have to be for a sampler to take them.

    Parameters
    ----------
    kinds : tuple of str
        The kind of each column, ``numeric`` or ``category``; empty for any number of numeric ones.
    least_columns, least_rows : int
        The fewest columns, and the fewest rows of each class.
    source : str
        Where that is known from.
    apart : bool
        Whether each class has to lie in a cloud of its own, as samplers that make clusters want it.
    """

    kinds: tuple[str, ...] = ()
    least_columns: int = 1
    least_rows: int = 0
    source: str = ""
    apart: bool = False

    def __str__(self) -> str:
        wanted = []
        if self.kinds and "category" in self.kinds:
            wanted.append(f"columns {', '.join(self.kinds)}")
        elif self.least_columns > 1:
            wanted.append(f"at least {self.least_columns} columns")
        if self.least_rows:
            wanted.append(f"at least {self.least_rows} rows of each class")
        if self.apart:
            wanted.append("classes that lie apart from each other")
        return f"{' and '.join(wanted)} ({self.source})" if wanted else ""


class Subject:
    """An oversampler, ready to be called on cases.

    Parameters
    ----------
    target : class, instance or function
        What to test. An instance is copied for every call, never used itself.
    name : str, optional
        Shown in tables; default the class's or function's name.
    family : str, optional
        One of `FAMILIES`; read from the sampler where it is not given.
    params : mapping, optional
        Parameters for the constructor, or keyword arguments of a function. The kit leaves them as they are.

    Raises
    ------
    ConfigError
        If `target` cannot be called in any style, or its constructor raises.
    """

    def __init__(
        self,
        target: Any,
        *,
        name: str | None = None,
        family: str | None = None,
        params: Mapping[str, Any] | None = None,
    ) -> None:
        self.target = target
        self.params = dict(params or {})
        self.name = name or str(getattr(target, "__name__", type(target).__name__))
        self.style = style_of(target, self.name)
        self._accepted = accepted_parameters(target, self.style)
        self._check_params()
        # imbalanced-learn's SMOTENC wants to be told; what a frame's types say is told where nobody does.
        asked = PARAMETER in self._accepted and PARAMETER not in self.params
        is_required = asked and isinstance(target, type) and requires(target, PARAMETER)
        self._assumed: dict[str, Any] = {PARAMETER: "auto"} if is_required else {}
        self._way = ""
        made = self.fresh()
        if family is not None:
            self.family, self.family_source = check_family(family), "stated"
        else:
            self.family, self.family_source = family_of(made)
        self._example = made
        self.needs = DataNeeds()
        if asked and self.family in MIXED:
            self._way = first_way(self._answers, numbers=self.family != "smoten")
            if self._way:
                self._assumed = {PARAMETER: []}

    def _answers(self, way: str, frame: pd.DataFrame, y: np.ndarray) -> bool:
        """Whether it answers when it is told its categories in a way, or is not told."""
        try:
            self.call(self.fresh(0, **({PARAMETER: told(way, frame)} if way else {})), frame, y)
        except Exception:
            return False
        return True

    def _check_params(self) -> None:
        unknown = [name for name in self.params if name not in self._accepted]
        if unknown:
            raise ConfigError(
                f"{self.name}: expected parameters out of {', '.join(self._accepted) or '(none)'}, got "
                f"{unknown[0]!r}.{did_you_mean(unknown[0], self._accepted)}"
            )

    # -- what it can do

    def accepts(self, parameter: str) -> bool:
        """Return whether the kit may set a parameter: it exists, and the user did not fix it."""
        return parameter in self._accepted and parameter not in self.params

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters that its constructor, or the function, takes."""
        return self._accepted

    @property
    def other_parameters(self) -> tuple[str, ...]:
        """Those that the kit may set and that no rule of a family, of counts, seeds or jobs is about."""
        known = {self.seed_name, self.k_name, self.m_name, "n_jobs", PARAMETER, *_COUNT_NAMES, *_SEED_NAMES}
        return tuple(name for name in self._accepted if name not in known and name not in self.params)

    @functools.cached_property
    def takes_any_keyword(self) -> bool:
        """Whether its constructor, or the function, takes keywords that it does not name."""
        described = self.target if self.style == "function" or isinstance(self.target, type) else None
        try:
            kinds = [p.kind for p in inspect.signature(described).parameters.values()] if described else []
        except (TypeError, ValueError):
            return False
        return inspect.Parameter.VAR_KEYWORD in kinds

    @property
    def importable(self) -> bool:
        """Whether another process finds the class or function by its name, and parameters fit JSON."""
        module = sys.modules.get(getattr(self.target, "__module__", ""))
        name = getattr(self.target, "__qualname__", "")
        if module is None or "." in name or module.__name__ == "__main__":
            return False
        try:
            json.dumps(self.params)
        except (TypeError, ValueError):
            return False
        return getattr(module, name, None) is self.target

    @property
    def seed_name(self) -> str | None:
        """The parameter that takes the seed, or None."""
        return next((name for name in _SEED_NAMES if name in self._accepted), None)

    @property
    def k_name(self) -> str | None:
        """The parameter that holds the number of neighbours to interpolate with, or None."""
        names = _K_NAMES.get(self.family, ("k_neighbors", "n_neighbors", "k"))
        return next((name for name in names if name in self._accepted), None)

    @property
    def m_name(self) -> str | None:
        """The parameter that holds the number of neighbours that decide on DANGER, or None."""
        if not self.family.startswith("borderline"):
            return None
        return next((name for name in _M_NAMES if name in self._accepted and name != self.k_name), None)

    def k(self, case: Case) -> int:
        """Return the number of neighbours that a case's call interpolates with."""
        return self._number(self.k_name, case, _DEFAULT_K)

    def m(self, case: Case) -> int:
        """Return the number of neighbours that decide on DANGER in a case's call."""
        return self._number(self.m_name, case, _DEFAULT_M)

    def _number(self, name: str | None, case: Case, default: int) -> int:
        value = case.params.get(name, self.default(name)) if name else default
        if isinstance(value, int | np.integer):
            return int(value)
        # An estimator for neighbours counts the row itself, as imbalanced-learn has it.
        return int(getattr(value, "n_neighbors", default + 1)) - 1

    def default(self, name: str) -> Any:
        """Return what a parameter is where the kit does not set it."""
        if name in self.params:
            return self.params[name]
        if self.style == "function":
            return inspect.signature(self.target).parameters[name].default
        return getattr(self._example, name, None)

    def claims(self, convention: str) -> bool:
        """Return whether its tags claim a convention, so that breaking it is no matter of style.

        Scikit-learn's are claimed by having tags at all, imbalanced-learn's by its tags for samplers or by
        the input tag ``dataframe``; those of smote-bench by nothing.
        """
        if convention == "scikit-learn":
            return self.tags is not None
        if convention == "imbalanced-learn":
            return bool(getattr(getattr(self.tags, "input_tags", None), "dataframe", False)) or (
                getattr(self.tags, "sampler_tags", None) is not None
            )
        return False

    @property
    def converts_as_imbalanced_learn(self) -> bool:
        """Whether a base class of imbalanced-learn makes arrays of frames for it, and frames of answers."""
        kind = type(self._example)
        own = next((base for base in kind.__mro__ if "fit_resample" in vars(base)), None)
        library = kind.__module__.partition(".")[0] == "imblearn"
        return own is not None and own.__module__ == "imblearn.base" and not library

    @functools.cached_property
    def tags(self) -> Any:
        """Its scikit-learn tags; None where it has none, or they cannot be read."""
        read = getattr(self._example, "__sklearn_tags__", None)
        if read is None:
            return None
        try:
            return read()
        except Exception:  # `describes_itself` reports them
            return None

    def lacks(self, need: str) -> str:
        """Return in words what the subject lacks of `need`, or an empty string.

        Needs are a style (``estimator``), ``fit_resample`` (either style that has it), ``seed`` (a seed can
        be given), ``other parameters`` (than the usual ones), ``no seed``, ``any keyword``, ``importable``,
        ``sparse`` (its tags say so), ``multiclass``, ``default counts`` (the user fixed nothing that decides
        how many rows there will be), ``k`` and ``m`` (the kit may set that number of neighbours), or the name
        of a parameter that the kit wants to set.
        """
        if need == "estimator":
            return "" if self.style == "estimator" else "it is no scikit-learn estimator (no get_params)"
        if need == "fit_resample":
            return (
                ""
                if self.style in ("estimator", "object")
                else f"its style is {self.style}, not fit_resample"
            )
        if need == "sparse":
            says_so = bool(getattr(getattr(self.tags, "input_tags", None), "sparse", False))
            return "" if says_so else "its tags do not say that it takes sparse matrices"
        if need == "other parameters":
            return "" if self.other_parameters else "it has no parameters but the usual ones"
        if need == "no seed":
            if self.seed_name is not None or self.takes_any_keyword:
                return "it takes a seed"
            return ""
        if need == "any keyword":
            return "" if self.takes_any_keyword else "it takes no keywords but those that it names"
        if need == "importable":
            return "" if self.importable else "another process cannot import it by its name"
        if need == "multiclass":
            # smote_variants' samplers and plain functions are made for two classes.
            has_it = self.accepts("sampling_strategy")
            return "" if has_it else "it has no sampling_strategy for more than two classes"
        if need == "default counts":
            fixed = next((name for name in _COUNT_NAMES if name in self.params), None)
            return f"{fixed!r} is fixed to {self.params[fixed]!r}" if fixed else ""
        if need == "seed":
            if self.seed_name is None:
                return f"it takes no seed (none of {', '.join(_SEED_NAMES)})"
            if self.seed_name not in self.params:
                return ""
            return f"{self.seed_name!r} is fixed to {self.params[self.seed_name]!r}"
        name = {"k": self.k_name, "m": self.m_name}.get(need, need)
        if name is None:
            return f"it has no parameter for {need}"
        if name not in self._accepted:
            return f"it has no parameter {name!r}"
        return f"{name!r} is fixed to {self.params[name]!r}" if name in self.params else ""

    # -- calling it

    def fresh(self, seed: Any = None, /, **params: Any) -> Any:
        """Return a sampler that was never used, or, for a function, a function of X and y.

        Raises
        ------
        ConfigError
            If it cannot be built.
        """
        settings = {**self._assumed, **params, **self.params}
        if seed is not None and self.seed_name is not None and self.seed_name not in self.params:
            settings.setdefault(self.seed_name, seed)
        if self.style == "function":
            return functools.partial(self.target, **settings)
        try:
            if isinstance(self.target, type):
                return self.target(**settings)
            made = copy.deepcopy(self.target)
            if hasattr(made, "set_params"):
                made.set_params(**settings)
            else:
                for name, value in settings.items():
                    setattr(made, name, value)
            return made
        except Exception as error:
            raise ConfigError(
                f"expected {self.name} to be built with {settings or 'no parameters'}, its constructor "
                f"raised {type(error).__name__}: {error}. Give parameters as JSON after '?', as in "
                'package.module:Class?{"n": 3}'
            ) from error

    def build(self, case: Case) -> Any:
        """Return a fresh sampler with a case's seed and parameters."""
        made = self.fresh(case.seed, **case.params)
        return self._told(made, getattr(case, "frame", None))

    def settings_of(self, case: Case) -> dict[str, Any]:
        """Return the parameters of a case's call but for its seed, with those that the user fixed."""
        frame = getattr(case, "frame", None)
        assumed = {PARAMETER: told(self._way, frame)} if self._way and frame is not None else self._assumed
        return {**assumed, **case.params, **self.params}

    def call(self, sampler: Any, X: Any, y: Any) -> tuple[Any, Any]:
        """Call a sampler; whatever it raises is raised.

        Of a sampler that makes rows, those of the input come first, wherever it put them: `input_rows_first`.

        Raises
        ------
        Violation
            If what it returns is not a pair.
        """
        return self._in_order(X, y, self.as_returned(sampler, X, y))

    def as_returned(self, sampler: Any, X: Any, y: Any) -> tuple[Any, Any]:
        """Call a sampler as `call` does, and return its rows in its own order."""
        with warnings.catch_warnings(), np.errstate(all="ignore"), no_logs():
            warnings.simplefilter("ignore")
            return self._pair(sampler, X, y)

    def _in_order(self, X: Any, y: Any, answer: tuple[Any, Any]) -> tuple[Any, Any]:
        return answer if self.family in REMOVERS else input_rows_first(X, y, answer)

    def heard(self, sampler: Any, X: Any, y: Any) -> tuple[tuple[Any, Any], set[str]]:
        """Call a sampler as `call` does, and return what it said as well: warnings, also those that it logs.

        What is said to programmers (deprecations and the like) and below the level of a warning is left out.
        """
        with np.errstate(all="ignore"), heard_words() as said:
            answer = self._pair(sampler, X, y)
        return self._in_order(X, y, answer), said

    def bare_call(self, sampler: Any, X: Any, y: Any) -> tuple[Any, Any]:
        """Call a sampler with nothing around it, so that what it does to its surroundings shows."""
        return self._pair(sampler, X, y)

    def _pair(self, sampler: Any, X: Any, y: Any) -> tuple[Any, Any]:
        method = {"sample": "sample", "function": "__call__"}.get(self.style, "fit_resample")
        sampler = self._told(sampler, X)
        with called("the sampler"):
            answer = getattr(sampler, method)(X, y)
        if not isinstance(answer, tuple | list) or len(answer) < 2:
            raise Violation(f"expected the pair (X_resampled, y_resampled), got {type(answer).__name__}")
        return answer[0], answer[1]

    def _told(self, sampler: Any, X: Any) -> Any:
        """Tell a sampler which columns of a frame are categories, where it has to be told."""
        if not self._way or not isinstance(X, pd.DataFrame):
            return sampler
        columns = told(self._way, X)
        if isinstance(sampler, functools.partial):
            return functools.partial(sampler, **{PARAMETER: columns})
        if getattr(sampler, PARAMETER, None) != columns:
            if hasattr(sampler, "set_params"):
                sampler.set_params(**{PARAMETER: columns})
            else:
                setattr(sampler, PARAMETER, columns)
        return sampler

    def answer(
        self, case: Case, X: Any = None, y: Any = None, *, setup: str = "", in_order: bool = True
    ) -> tuple[Any, Any]:
        """Resample a case that every sampler must be able to deal with.

        Parameters
        ----------
        case : Case
        X, y : optional
            In place of the case's own, such as the same rows as a DataFrame.
        setup : str
            The code that makes these of the case's own.
        in_order : bool
            Whether the rows of the input are put first, as `call` does.

        Raises
        ------
        Violation
            If the sampler raises.
        """
        return self.answer_of(self.build(case), case, X, y, setup=setup, in_order=in_order)

    def answer_of(
        self,
        sampler: Any,
        case: Case,
        X: Any = None,
        y: Any = None,
        *,
        setup: str = "",
        in_order: bool = True,
    ) -> tuple[Any, Any]:
        """Resample as `answer` does, with a sampler that was built, and perhaps used, before."""
        called = case if X is None and y is None and not setup else None  # what a pasted call shows
        X, y = case.X.copy() if X is None else X, case.y.copy() if y is None else y
        try:
            return (self.call if in_order else self.as_returned)(sampler, X, y)
        except Violation as violation:
            raise Violation(violation.message, case=called, setup=setup) from None
        except Exception as error:
            raise Violation(
                f"expected an answer on valid data, it raised {one_line(error)}", case=called, setup=setup
            ) from error

    def with_seed(self, case: Case, seed: Any) -> Case:
        """Return a case with another kind of seed than a number, such as None or a RandomState."""
        if self.seed_name is None:
            return case
        return dataclasses.replace(case, params={**case.params, self.seed_name: seed})

    def arrays(self, case: Case, *, in_order: bool = True) -> tuple[np.ndarray, np.ndarray]:
        """Resample a case where only an answer is of use; return float64 rows and labels, as `answer` does.

        Raises
        ------
        Refused
            If the sampler raises: whether it may is for other properties to say.
        """
        try:
            call = self.call if in_order else self.as_returned
            X, y = call(self.build(case), case.X.copy(), case.y.copy())
        except (Violation, ConfigError):
            raise
        except Exception as error:
            raise Refused(one_line(error)) from error
        return rows_and_labels(X, y, case)

    # -- showing it

    def code(self, case: Case, setup: str = "") -> str:
        """Return code that makes the case's call, ready to be pasted."""
        imported, _ = self._import_and_name()
        lines = ["import numpy as np", *([imported] if imported else []), "", case.data_code()]
        lines += [setup] if setup else []
        return "\n".join([*lines, f"X_resampled, y_resampled = {self.call_code(case)}"])

    def call_code(self, case: Case) -> str:
        """Return the expression that makes the case's call, for code that makes it more than once."""
        if self.style == "function":
            shown = self._shown(case)
            return f"{self._import_and_name()[1]}(X, y{', ' if shown else ''}{shown})"
        return f"{self.new_code(case)}.{'sample' if self.style == 'sample' else 'fit_resample'}(X, y)"

    def new_code(self, case: Case) -> str:
        """Return the expression that builds a case's sampler."""
        return f"{self._import_and_name()[1]}({self._shown(case)})"

    def _shown(self, case: Case) -> str:
        assumed = {PARAMETER: code_of(self._way)} if self._way else self._assumed
        settings = {**assumed, **case.params, **self.params}
        if self.seed_name is not None and self.seed_name not in self.params:
            settings.setdefault(self.seed_name, case.seed)
        return ", ".join(f"{name}={value!r}" for name, value in settings.items())

    def named(self) -> tuple[str, str]:
        """Return the line that imports the class or function, empty where none does, and its name."""
        return self._import_and_name()

    def _import_and_name(self) -> tuple[str, str]:
        named = self.target if hasattr(self.target, "__qualname__") else type(self.target)
        name, top = named.__qualname__, named.__qualname__.partition(".")[0]
        if "<" in name or named.__module__ == "__main__":
            return "", name.rsplit(".", 1)[-1]
        return f"from {shortest_module(named.__module__, top)} import {top}", name


def shortest_module(module: str, name: str) -> str:
    """Return the outermost package that has `name` too: what its documentation tells users to import."""
    words = module.split(".")
    found = getattr(sys.modules.get(module), name, None)
    for n in range(1, len(words)):
        outer = ".".join(words[:n])
        if found is not None and getattr(sys.modules.get(outer), name, None) is found:
            return outer
    return module


def rows_and_labels(X: Any, y: Any, case: Case) -> tuple[np.ndarray, np.ndarray]:
    """Return an answer as a float64 matrix and a label vector of the same length.

    Raises
    ------
    Violation
        If it is not such a pair.
    """
    with contextlib.suppress(AttributeError):
        X = X.toarray()
    X, y = np.asarray(X), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != case.X.shape[1] or y.shape != (X.shape[0],):
        raise Violation(
            f"expected X of shape (n, {case.X.shape[1]}) and y of shape (n,), got {X.shape} and {y.shape}"
        )
    try:
        return X.astype(np.float64), y
    except (TypeError, ValueError) as error:
        raise Violation(f"expected numbers in X, got dtype {X.dtype}") from error


def one_line(error: BaseException) -> str:
    """Return an exception's type and message without line breaks."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
