"""How many seconds a cell may take, and which groups of cells come first.

By seconds of earlier runs where there are some, and elsewhere by an a-priori estimate from rows, columns and
the kinds of models behind method and classifier: from a hint (`smote_bench.cost_hints`) or from the class.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from smote_bench.classifiers.registry import classifier_targets
from smote_bench.cost_hints import COSTS
from smote_bench.data.fingerprints import size_hint
from smote_bench.errors import UnavailableError
from smote_bench.methods.names import ORIGINAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from smote_bench.classifiers.registry import ClassifierSpec
    from smote_bench.data.sources import UserFile
    from smote_bench.evaluation.outcome import Cell
    from smote_bench.experiment.model import Experiment
    from smote_bench.methods.spec import MethodSpec

__all__ = ["classifier_cost", "estimate_seconds", "fit_seconds", "longest_groups_first", "method_costs"]

# Classes whose cost is known, in whichever module of these packages they live.
_PACKAGES = (
    "sklearn",
    "imblearn",
    "smote_variants",
    "smote_impls",
    "smote_bench",
    "catboost",
    "xgboost",
    "lightgbm",
)
_CLASSES = {
    "linear": (
        "LogisticRegression",
        "RidgeClassifier",
        "SGDClassifier",
        "Perceptron",
        "PassiveAggressiveClassifier",
        "GaussianNB",
        "BernoulliNB",
        "MultinomialNB",
        "ComplementNB",
        "CategoricalNB",
        "NearestCentroid",
        "LinearDiscriminantAnalysis",
        "QuadraticDiscriminantAnalysis",
        "LinearSVC",
        "DummyClassifier",
        "DecisionTreeClassifier",
        "FastDecisionTreeClassifier",
        "ExtraTreeClassifier",
    ),
    "neighbors": ("KNeighborsClassifier", "RadiusNeighborsClassifier"),
    "trees": (
        "FastRandomForestClassifier",
        "RandomForestClassifier",
        "ExtraTreesClassifier",
        "BaggingClassifier",
        "BalancedRandomForestClassifier",
        "BalancedBaggingClassifier",
        "SMOTE_IPF",
    ),
    "boosting": (
        "HistGradientBoostingClassifier",
        "GradientBoostingClassifier",
        "AdaBoostClassifier",
        "CatBoostClassifier",
        "XGBClassifier",
        "LGBMClassifier",
        "RUSBoostClassifier",
        "EasyEnsembleClassifier",
    ),
    "kernel": (
        "CalibratedSVC",
        "SVC",
        "NuSVC",
        "GaussianProcessClassifier",
        "LabelPropagation",
        "LabelSpreading",
        "SVMSMOTE",
        "SVM_balance",
    ),
    "network": ("KerasMLP", "MLPClassifier", "DEAGO"),
}
_COST_OF = {name: cost for cost, names in _CLASSES.items() for name in names}

# Fits on inner folds that a tuned threshold adds to each fit, on four fifths of its rows.
_INNER_FITS = 5


def estimate_seconds(experiment: Experiment, known: Mapping[Cell, float]) -> Callable[[Cell], float]:
    """Return a function that estimates a cell's seconds, from earlier runs or else from its size."""
    sizes = {name: _size(entry.source) for name, entry in experiment.datasets.items()}
    methods = {name: method_costs(spec) for name, spec in experiment.methods.items()}
    classifiers = {name: classifier_cost(spec) for name, spec in experiment.classifiers.items()}
    fits = experiment.protocol.fits_per_cell

    def estimate(cell: Cell) -> float:
        if cell in known:
            return known[cell]
        rows, features = sizes[cell.dataset]
        grown = rows if cell.method == ORIGINAL else 1.6 * rows
        resampling = 0.01 + 2e-7 * rows * features
        resampling += sum(fit_seconds(cost, rows, features) for cost in methods[cell.method])
        fitting = fit_seconds(classifiers[cell.classifier], grown, features)
        if experiment.methods[cell.method].has_inner_fits:
            fitting += _INNER_FITS * fit_seconds(classifiers[cell.classifier], 0.8 * grown, features)
        return fits * (resampling + fitting)

    return estimate


def classifier_cost(spec: ClassifierSpec) -> str:
    """Return which kind of model a classifier costs as much as, whatever its name.

    Its hint; or else the dearest of the classes behind it, nested ones too; "trees" for those of which
    nothing is known, since a dear cell that comes last is waited for, and a cheap one that comes first costs
    nothing.
    """
    if spec.cost:
        return spec.cost
    found = [cost for target in classifier_targets(spec) if (cost := _cost_of(target))]
    return max(found, key=COSTS.index, default="trees")


def method_costs(spec: MethodSpec) -> tuple[str, ...]:
    """Return the kinds of models that a method fits on its way: its hint, or those known of its samplers."""
    if spec.cost:
        return (spec.cost,)
    return tuple(cost for step in spec.steps if (cost := _cost_of(step.target)))


def _cost_of(target: str) -> str:
    module, _, name = target.partition(":")
    return _COST_OF.get(name.rpartition(".")[2], "") if module.partition(".")[0] in _PACKAGES else ""


def _size(source: str | UserFile) -> tuple[int, int]:
    try:
        return size_hint(source)
    except UnavailableError:
        return 1, 1  # its cells are skipped with the reason, in no time


def fit_seconds(cost: str, rows: float, features: int) -> float:
    """Return the order of magnitude of one fit; the ratios matter more than the seconds."""
    match cost:
        case "linear":
            return 0.003 + 1e-6 * rows * features
        case "neighbors":
            return 0.003 + 1e-9 * rows**2 * features
        case "trees":
            return 0.03 + 7e-6 * rows * math.sqrt(features) * math.log2(rows + 2)
        case "boosting":
            return 0.5 + 2e-6 * rows * features
        case "kernel":
            return 0.01 + 2e-8 * rows**2 * math.sqrt(features)
        case "network":
            return 0.1 + 1e-3 * rows
    raise AssertionError(f"no seconds for the cost {cost!r}")


def longest_groups_first(
    cells: Iterable[Cell], estimate: Callable[[Cell], float]
) -> dict[tuple[str, str], float]:
    """Return each group's rank key: sorting by it puts the dearest group first.

    `Original` goes just before the first other group of its data set, since every delta needs it.
    """
    seconds: dict[tuple[str, str], float] = {}
    for cell in cells:
        seconds[cell.group] = seconds.get(cell.group, 0.0) + estimate(cell)
    dearest: dict[str, float] = {}
    for (dataset, _), value in seconds.items():
        dearest[dataset] = max(dearest.get(dataset, 0.0), value)
    return {
        group: -(dearest[group[0]] * (1 + 1e-9) if group[1] == ORIGINAL else value)
        for group, value in seconds.items()
    }
