"""What cells are estimated to take, which groups come first, and hints for both."""

from __future__ import annotations

from typing import Any

import pytest

from smote_bench.classifiers.registry import CLASSIFIERS, parse_classifier
from smote_bench.engines.costs import classifier_cost, estimate_seconds, longest_groups_first, method_costs
from smote_bench.evaluation.outcome import Cell
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment
from smote_bench.methods.spec import parse_method


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return experiment_from_text(
        "methods: [SMOTE]\ndatasets: [Haberman, Satimage]\nselected_classifiers: [kNN, RandomForest, SVM]\n"
    )


def test_a_known_cell_takes_what_it_took_before(experiment: Experiment) -> None:
    cell = Cell("Haberman", "SMOTE", "kNN")
    assert estimate_seconds(experiment, {cell: 12.5})(cell) == 12.5


def test_an_unknown_cell_costs_more_with_more_rows_and_with_resampling(experiment: Experiment) -> None:
    estimate = estimate_seconds(experiment, {})
    for classifier in experiment.classifiers:
        small, large = (estimate(Cell(name, "SMOTE", classifier)) for name in ("Haberman", "Satimage"))
        assert 0 < small < large
        assert estimate(Cell("Satimage", "Original", classifier)) < large


def test_estimates_grow_with_the_number_of_fits(experiment: Experiment) -> None:
    twice = experiment_from_text("methods: [SMOTE]\ndatasets: [Haberman]\nrandom_runs: 2\n")
    cell = Cell("Haberman", "SMOTE", "kNN")
    assert estimate_seconds(twice, {})(cell) == pytest.approx(2 * estimate_seconds(experiment, {})(cell))


@pytest.mark.parametrize(
    ("definition", "cost"),
    [
        ("sklearn.svm:SVC", "kernel"),
        ("sklearn.ensemble:RandomForestClassifier", "trees"),
        ("sklearn.ensemble._forest:RandomForestClassifier", "trees"),
        ("sklearn.naive_bayes:GaussianNB", "linear"),
        ("sklearn.neighbors:KNeighborsClassifier", "neighbors"),
        ("xgboost:XGBClassifier", "boosting"),
        ("KerasMLP", "network"),
        ({"classifier": "SVM", "params": {"C": 3}}, "kernel"),
    ],
)
@pytest.mark.parametrize("name", ["Plain", "svm_boost_forest", "knn", "Bayes"])
def test_a_classifier_of_any_name_costs_what_its_class_costs(name: str, definition: Any, cost: str) -> None:
    assert classifier_cost(parse_classifier(name, definition)) == cost


def test_every_built_in_classifier_costs_what_its_kind_of_model_does() -> None:
    assert {name: classifier_cost(spec) for name, spec in CLASSIFIERS.items()} == {
        "RandomForest": "trees",
        "SVM": "kernel",
        "kNN": "neighbors",
        "LogisticRegression": "linear",
        "DecisionTree": "linear",
        "NaiveBayes": "linear",
        "HistGradientBoosting": "boosting",
        "CatBoost": "boosting",
        "KerasMLP": "network",
    }


def test_a_network_is_dearer_than_naive_bayes_and_its_groups_come_before() -> None:
    experiment = _experiment("[KerasMLP, NaiveBayes]")
    estimate = estimate_seconds(experiment, {})
    network, bayes = (Cell("Haberman", "SMOTE", name) for name in ("KerasMLP", "NaiveBayes"))
    assert estimate(network) > 10 * estimate(bayes)
    ranks = longest_groups_first([network, Cell("Satimage", "SMOTE", "NaiveBayes")], estimate)
    assert min(ranks, key=ranks.__getitem__) == ("Haberman", "SMOTE")


def test_the_dearest_class_inside_a_classifier_counts() -> None:
    inner = {"classifier": "sklearn.svm:SVC"}
    bagging = {"classifier": "sklearn.ensemble:BaggingClassifier", "params": {"estimator": inner}}
    assert classifier_cost(parse_classifier("Bagged", bagging)) == "kernel"


def test_a_class_of_which_nothing_is_known_costs_as_much_as_a_forest_unless_a_hint_says_more() -> None:
    assert classifier_cost(parse_classifier("mine:GaussianNB")) == "trees"
    hinted = parse_classifier("Mine", {"classifier": "mine:Net", "cost": "network"})
    assert classifier_cost(hinted) == "network"
    assert classifier_cost(parse_classifier("Again", "Mine", known={"Mine": hinted})) == "network"


def test_hints_in_an_experiment_change_the_order_of_groups() -> None:
    def first(text: str) -> tuple[str, str]:
        experiment = experiment_from_text(text)
        estimate = estimate_seconds(experiment, {})
        ranks = longest_groups_first(experiment.cells.values(), estimate)
        return min((group for group in ranks if group[1] != "Original"), key=ranks.__getitem__)

    text = "datasets: [Satimage]\nselected_classifiers: [NaiveBayes]\nmethods: {A: SMOTE, B: %s}\n"
    assert first(text % "{method: SMOTE, cost: linear}") == ("Satimage", "B")
    assert first(text.replace("A: SMOTE", "A: {method: SMOTE, cost: kernel}") % "SMOTE") == ("Satimage", "A")
    assert first(text % "SMOTE") == first(text % "{method: SMOTE, params: {k_neighbors: 5}}")


@pytest.mark.parametrize(
    ("definition", "costs"),
    [
        ("SMOTE", ()),
        ("imblearn.SVMSMOTE", ("kernel",)),
        ({"method": "SMOTE", "cost": "network"}, ("network",)),
        (["SVMSMOTE", {"method": "SMOTE", "cost": "trees"}], ("trees",)),
        ({"chain": ["SMOTE", "RandomUnderSampler"], "cost": "boosting"}, ("boosting",)),
    ],
)
def test_a_method_costs_what_its_hint_or_its_samplers_say(definition: Any, costs: tuple[str, ...]) -> None:
    assert method_costs(parse_method("Anything", definition)) == costs


def test_a_tuned_threshold_costs_the_fits_of_its_inner_folds() -> None:
    experiment = experiment_from_text(
        "methods: [SMOTE, tuned_threshold]\ndatasets: [Haberman]\nselected_classifiers: [RandomForest]\n"
    )
    estimate = estimate_seconds(experiment, {})
    plain, tuned = (estimate(Cell("Haberman", name, "RandomForest")) for name in ("SMOTE", "tuned_threshold"))
    assert tuned > 3 * plain


def _experiment(classifiers: str) -> Experiment:
    return experiment_from_text(
        f"methods: [SMOTE]\ndatasets: [Haberman, Satimage]\nselected_classifiers: {classifiers}\n"
    )
