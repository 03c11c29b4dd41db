"""Contract of a scikit-learn estimator: parameters, clones, pickles, pipelines."""

from __future__ import annotations

import dataclasses
import pickle
import sys
from functools import partial
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.utils import get_tags

from smote_bench.properties.cases import Case, Code
from smote_bench.properties.families import FAMILIES, NUMERIC, OVERSAMPLERS
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, one_line
from smote_bench.properties.violations import Violation

__all__ = [
    "a_clone_is_an_unfitted_equal",
    "a_pickle_gives_the_same_answer",
    "constructor_only_stores_parameters",
    "describes_itself",
    "fitting_keeps_parameters",
    "parameters_round_trip",
    "works_in_a_pipeline",
]

_plain = partial(cases, n_extra=(12, 16), layouts=("cloud",))


def _attempt(what: str, setup: str, action: Any) -> Any:
    """Return what `action` returns; an exception of it is a violation."""
    try:
        return action()
    except Violation:
        raise
    except Exception as error:
        came = one_line(error)
        raise Violation(f"expected {what}, it raised {came}", setup=setup) from error


def _public_fitted(sampler: Any) -> list[str]:
    return sorted(name for name in vars(sampler) if name.endswith("_") and not name.startswith("_"))


def _same_answer(subject: Subject, case: Case, sampler: Any, what: str, setup: str) -> None:
    """Raise unless `sampler` gives the answer of a new one with this case's seed and parameters."""
    X, y = subject.answer_of(sampler, case, setup=setup)
    if subject.lacks("seed"):
        return
    X_new, y_new = subject.answer(case)
    if not (np.array_equal(X, X_new) and np.array_equal(y, y_new)):
        raise Violation(
            f"expected {what} to give the rows of a new sampler with the same parameters, the answers "
            f"differ ({len(y)} rows, and {len(y_new)} of the new one)",
            setup=setup,
        )


@prop(
    "contract",
    "the constructor does more than store its parameters, so that clones and grid searches go wrong",
    families=FAMILIES,
    needs=("estimator",),
    cases=_plain,
    examples=3,
    convention="scikit-learn",
)
def constructor_only_stores_parameters(subject: Subject, case: Case) -> None:
    params = dict(case.params)
    if subject.accepts("sampling_strategy"):
        params["sampling_strategy"] = {1: int((case.y == 0).sum())}
    # A RandomState is not turned into another by check_random_state, a number is.
    for seed in (case.seed, np.random.RandomState(case.seed)):
        made = subject.fresh(seed, **params)
        setup = f"vars({subject.new_code(case)})"
        given = {**params, **subject.params}
        if not subject.lacks("seed") and subject.seed_name is not None:
            given[subject.seed_name] = seed
        for name, value in given.items():
            stored = getattr(made, name, Code("nothing"))
            if stored is not value:
                raise Violation(
                    f"expected {name}={value!r} to be stored as it is, got {stored!r}", setup=setup
                )
        if isinstance(subject.target, type) and _public_fitted(made):
            raise Violation(
                f"expected fitted attributes after fitting only, the constructor sets {_public_fitted(made)}",
                setup=setup,
            )


@prop(
    "contract",
    "get_params does not tell, or set_params does not set, what the sampler uses",
    families=NUMERIC,
    needs=("estimator",),
    cases=_plain,
    examples=4,
    convention="scikit-learn",
)
def parameters_round_trip(subject: Subject, case: Case) -> None:
    setup = f"sampler = {subject.new_code(case)}\nsampler.get_params()"
    made = subject.build(case)
    params = _attempt("get_params to answer", setup, lambda: made.get_params(deep=False))
    missing = [name for name in subject.parameters if name not in params]
    if missing:
        raise Violation(f"expected get_params to name {missing[0]!r}, got {sorted(params)}", setup=setup)
    for name, value in {**case.params, **subject.params}.items():
        if params[name] is not value and params[name] != value:
            raise Violation(
                f"expected get_params()[{name!r}] to be {value!r}, got {params[name]!r}", setup=setup
            )
    setup = f"params = {subject.new_code(case)}.get_params()\nsampler = {_bare(subject)}.set_params(**params)"
    other = subject.fresh()
    returned = _attempt("set_params to take what get_params gave", setup, lambda: other.set_params(**params))
    if returned is not other:
        raise Violation(f"expected set_params to return the sampler, got {returned!r}", setup=setup)
    _same_answer(subject, case, other, "a sampler that got its parameters by set_params", setup)
    try:
        subject.fresh().set_params(no_such_parameter=1)
    except ValueError:
        return
    except Exception as error:
        raise Violation(
            f"expected a ValueError for an unknown parameter, got {type(error).__name__}", setup=setup
        ) from error
    raise Violation("expected set_params(no_such_parameter=1) to raise, it did not", setup=setup)


def _bare(subject: Subject) -> str:
    return subject.new_code(subject.with_seed(Case(np.empty((0, 0)), np.empty(0)), None))


@prop(
    "contract",
    "a clone carries what was fitted, or gives another answer, so that cross-validation leaks or differs",
    families=NUMERIC,
    needs=("estimator",),
    cases=_plain,
    examples=4,
    convention="scikit-learn",
)
def a_clone_is_an_unfitted_equal(subject: Subject, case: Case) -> None:
    code = subject.new_code(case)
    made = subject.build(case)
    setup = f"from sklearn.base import clone\nsampler = {code}\ncopied = clone(sampler)"
    copied = _attempt("clone to work", setup, lambda: clone(made))
    _same_answer(subject, case, copied, "a clone", f"{setup}\ncopied.fit_resample(X, y)")
    if isinstance(subject.target, type) and _public_fitted(made):
        raise Violation(
            f"expected a sampler to stay unfitted while its clone is used, got {_public_fitted(made)}"
        )
    subject.answer_of(made, case)
    setup = f"from sklearn.base import clone\nsampler = {code}\nsampler.fit_resample(X, y)\n"
    setup += "copied = clone(sampler)"
    copied = _attempt("clone to work on a fitted sampler", setup, lambda: clone(made))
    left = _public_fitted(copied)
    if left:
        raise Violation(f"expected a clone without fitted attributes, it has {left}", setup=setup)
    _same_answer(subject, case, copied, "a clone of a fitted sampler", f"{setup}\ncopied.fit_resample(X, y)")
    _demand_keywords_in_clones(subject, case)


# What the kit would set if the constructor named it.
_BY_KEYWORD = ("k_neighbors", "n_neighbors", "m_neighbors")


def _demand_keywords_in_clones(subject: Subject, case: Case) -> None:
    """Raise where a number of neighbours that the constructor takes by **kwargs is lost in a clone."""
    unnamed = [name for name in _BY_KEYWORD if name not in subject.parameters]
    if not subject.takes_any_keyword or subject.lacks("seed"):
        return
    for name in unnamed:
        asked = dataclasses.replace(case, params={**case.params, name: 1})
        try:
            made = subject.build(asked)
            copied = clone(made)
            expected, came = (subject.call(one, case.X.copy(), case.y.copy()) for one in (made, copied))
        except Exception:  # refused: that is one way not to lose it
            continue
        if not np.array_equal(np.asarray(expected[0]), np.asarray(came[0])):
            raise Violation(
                f"expected a clone to keep {name}=1, which the constructor takes, it gives other rows",
                case=asked,
                setup=f"from sklearn.base import clone\ncopied = clone({subject.new_code(asked)})\n"
                "copied.fit_resample(X, y)",
            )


def _can_be_imported(sampler: Any) -> bool:
    """Whether pickle can find the class at all: one made inside a function it cannot."""
    made = type(sampler)
    return getattr(sys.modules.get(made.__module__), made.__qualname__, None) is made


@prop(
    "contract",
    "it cannot be pickled, or answers differently afterwards, so that it cannot be stored or run in parallel",
    families=NUMERIC,
    needs=("estimator",),
    cases=_plain,
    examples=4,
    convention="scikit-learn",
)
def a_pickle_gives_the_same_answer(subject: Subject, case: Case) -> None:
    made = subject.build(case)
    if not _can_be_imported(made):
        return
    for fitted in (False, True):
        setup = f"import pickle\nsampler = {subject.new_code(case)}\n"
        if fitted:
            setup += "sampler.fit_resample(X, y)\n"
            subject.answer_of(made, case)
        setup += "copied = pickle.loads(pickle.dumps(sampler))"
        copied = _attempt("pickle to work", setup, lambda: pickle.loads(pickle.dumps(made)))
        what = f"a pickled {'fitted' if fitted else 'unfitted'} sampler"
        _same_answer(subject, case, copied, what, f"{setup}\ncopied.fit_resample(X, y)")


@prop(
    "contract",
    "fit_resample changes a parameter, or leaves what it found under a name without a trailing underscore",
    families=NUMERIC,
    needs=("estimator",),
    cases=_plain,
    examples=4,
    convention="scikit-learn",
)
def fitting_keeps_parameters(subject: Subject, case: Case) -> None:
    if subject.accepts("sampling_strategy") and subject.family in OVERSAMPLERS:
        targets = {1: int((case.y == 0).sum())}
        case = dataclasses.replace(case, params={**case.params, "sampling_strategy": targets})
    made = subject.build(case)
    before, attributes = made.get_params(deep=False), set(vars(made))
    shown = {name: repr(value) for name, value in before.items()}
    subject.answer_of(made, case)
    setup = f"sampler = {subject.new_code(case)}\nsampler.fit_resample(X, y)\nsampler.get_params()"
    for name, value in made.get_params(deep=False).items():
        if value is not before[name] or repr(value) != shown[name]:
            raise Violation(f"expected {name} to stay {shown[name]}, it became {value!r}", setup=setup)
    new = sorted(set(vars(made)) - attributes)
    misnamed = [name for name in new if not (name.startswith("_") or name.endswith("_"))]
    if misnamed:
        raise Violation(f"expected fitted attributes to end in '_', got {misnamed}", setup=setup)
    n_features = getattr(made, "n_features_in_", case.X.shape[1])
    if n_features != case.X.shape[1]:
        raise Violation(f"expected n_features_in_ to be {case.X.shape[1]}, got {n_features!r}", setup=setup)


@prop(
    "contract",
    "a sampler cannot be shown or asked for its tags, which logs, notebooks and scikit-learn's tools do",
    families=NUMERIC,
    needs=("estimator",),
    cases=_plain,
    examples=2,
    convention="scikit-learn",
)
def describes_itself(subject: Subject, case: Case) -> None:
    made = subject.build(case)
    setup = f"repr({subject.new_code(case)})"
    shown = _attempt("repr to work", setup, lambda: repr(made))
    if not isinstance(shown, str) or not shown:
        raise Violation(f"expected repr to be text, got {shown!r}", setup=setup)
    if hasattr(made, "__sklearn_tags__"):
        setup = f"from sklearn.utils import get_tags\nget_tags({subject.new_code(case)})"
        _attempt("its tags to be read", setup, lambda: get_tags(made))
    subject.answer_of(made, case)
    setup = f"sampler = {subject.new_code(case)}\nsampler.fit_resample(X, y)\nrepr(sampler)"
    _attempt("repr to work after fitting", setup, lambda: repr(made))


class _Recorder(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # no types in scikit-learn
    """A classifier that keeps what it was fitted on."""

    def fit(self, X: Any, y: Any) -> _Recorder:
        self.X_, self.y_ = np.asarray(X), np.asarray(y)
        self.classes_ = np.unique(y)
        return self

    def predict(self, X: Any) -> np.ndarray:
        return np.full(len(X), self.classes_[0])


@prop(
    "contract",
    "it does not work in imbalanced-learn's Pipeline, the one way to resample inside cross-validation",
    families=NUMERIC,
    needs=("estimator",),
    cases=_plain,
    examples=3,
    convention="scikit-learn",
)
def works_in_a_pipeline(subject: Subject, case: Case) -> None:
    # Not at the top: it takes a second, which a sampler without imbalanced-learn need not wait for.
    from imblearn.pipeline import make_pipeline

    setup = (
        "from imblearn.pipeline import make_pipeline\nfrom sklearn.dummy import DummyClassifier\n"
        f"make_pipeline({subject.new_code(case)}, DummyClassifier()).fit(X, y).predict(X)"
    )
    pipeline = make_pipeline(subject.build(case), _Recorder())
    X, y = case.X.copy(), case.y.copy()
    predicted = _attempt("a pipeline to fit and predict", setup, lambda: pipeline.fit(X, y).predict(X))
    if len(predicted) != len(case.y):
        raise Violation(f"expected {len(case.y)} predictions, got {len(predicted)}", setup=setup)
    X_new, y_new = subject.answer(case, in_order=False)
    seen = pipeline[-1]
    if len(seen.y_) != len(y_new) or (not subject.lacks("seed") and not np.array_equal(seen.X_, X_new)):
        raise Violation(
            f"expected the classifier to be fitted on the {len(y_new)} rows that fit_resample gives, it got "
            f"{len(seen.y_)} other rows",
            setup=setup,
        )
