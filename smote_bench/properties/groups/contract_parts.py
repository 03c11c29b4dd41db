"""Contract on estimators that are given as parameters: they are the caller's, who may use them elsewhere."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import partial

from sklearn.base import BaseEstimator, clone

from smote_bench.properties.cases import Case, Code
from smote_bench.properties.families import NUMERIC
from smote_bench.properties.kit import prop
from smote_bench.properties.strategies import cases
from smote_bench.properties.subject import Subject, shortest_module
from smote_bench.properties.violations import Violation

__all__ = ["estimators_given_as_parameters_are_left_alone"]


def _parts() -> dict[str, BaseEstimator]:
    """Return an estimator for each name that parameters of samplers have which take one."""
    from imblearn.over_sampling import SMOTE
    from imblearn.under_sampling import EditedNearestNeighbours, TomekLinks
    from sklearn.cluster import KMeans
    from sklearn.neighbors import NearestNeighbors
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier

    clusters = KMeans(n_clusters=2, n_init=1, random_state=11)
    tree, near = DecisionTreeClassifier(random_state=11), NearestNeighbors(n_neighbors=3)
    neighbors = ("k_neighbors", "m_neighbors", "n_neighbors", "nn_k", "nn", "neighbors", "nn_estimator")
    return {
        "smote": SMOTE(k_neighbors=2, random_state=11),
        "enn": EditedNearestNeighbours(n_neighbors=2),
        "tomek": TomekLinks(),
        "svm_estimator": SVC(),
        "scaler": StandardScaler(),
        **dict.fromkeys(("kmeans_estimator", "clusterer"), clusters),
        **dict.fromkeys(("estimator", "base_estimator", "classifier"), tree),
        **dict.fromkeys(neighbors, near),
    }


@prop(
    "contract",
    "an estimator that was given as a parameter has other parameters afterwards, or is fitted",
    families=NUMERIC,
    needs=("estimator",),
    cases=partial(cases, n_extra=(12, 16), layouts=("cloud",)),
    examples=1,
    convention="scikit-learn",
)
def estimators_given_as_parameters_are_left_alone(subject: Subject, case: Case) -> None:
    for name, given in _parts().items():
        if not subject.accepts(name):
            continue
        part = clone(given)
        before = copy.deepcopy(vars(part))
        try:
            sampler = subject.fresh(case.seed, **{**case.params, name: part})
            subject.call(sampler, case.X.copy(), case.y.copy())
        except Exception:  # whether an estimator is taken there is for the sampler to say
            continue
        after = vars(part)
        changed = sorted(key for key in {*before, *after} if repr(before.get(key)) != repr(after.get(key)))
        if changed:
            kind = type(part)
            raise Violation(
                f"expected the {kind.__name__} given as {name} to stay as it was, it has other values of "
                f"{', '.join(changed[:5])}",
                case=replace(case, params={**case.params, name: Code("part")}),
                setup=f"from {shortest_module(kind.__module__, kind.__name__)} import {kind.__name__}\n"
                f"part = {given!r}",
            )
