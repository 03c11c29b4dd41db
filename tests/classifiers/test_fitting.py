"""One fit, one prediction: labels, scores, weights, thresholds, warnings."""

import json
import re
import sys
import types

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.utils.class_weight import compute_sample_weight
from threadpoolctl import threadpool_limits

from smote_bench.classifiers.fitting import fit_predict
from smote_bench.classifiers.prediction import NotApplicable
from smote_bench.classifiers.registry import build_classifier, parse_classifier

pytestmark = pytest.mark.versions

NAMES = [
    "RandomForest",
    "SVM",
    "kNN",
    "LogisticRegression",
    "DecisionTree",
    "NaiveBayes",
    "HistGradientBoosting",
]


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Fit as a worker does; two threads on two busy cores make gradient boosting 100 times slower."""
    with threadpool_limits(1):
        yield


@pytest.fixture(scope="module")
def split():
    X, y = make_classification(240, 5, n_informative=3, weights=[0.85], flip_y=0.05, random_state=3)
    return X[:160], y[:160], X[160:]


@pytest.mark.parametrize("name", NAMES)
def test_labels_are_the_estimators_own_and_scores_its_probabilities(name, split):
    X, y, X_test = split
    spec = parse_classifier(name)
    prediction = fit_predict(spec, X, y, X_test, seed=1)
    alone = build_classifier(spec, 1).fit(X, y)
    assert prediction.label.tolist() == alone.predict(X_test).tolist()
    assert prediction.score.tobytes() == np.ascontiguousarray(alone.predict_proba(X_test)[:, 1]).tobytes()
    assert (prediction.label.dtype, prediction.score.dtype) == (np.int64, np.float64)
    # With a release of scikit-learn that it is not compared with, the forest says that it is slower.
    assert [text for text in prediction.warnings if "scikit-learn's own, slower code" not in text] == []
    assert prediction.fit_seconds > 0
    assert prediction.predict_seconds > 0


def test_equal_probabilities_take_the_first_class():
    X = np.array([[0.0], [0.0]])
    for name in ("RandomForest", "DecisionTree", "LogisticRegression"):
        # The forest's bootstraps are undone: every tree sees one row of each class at the same place.
        definition = {"bootstrap": False} if name == "RandomForest" else None
        prediction = fit_predict(parse_classifier(name, definition), X, [0, 1], X, seed=0)
        assert prediction.score.tolist() == [0.5, 0.5]
        assert prediction.label.tolist() == [0, 0]


def test_predicts_probabilities_once_per_fit(split, monkeypatch):
    calls = []
    original = GaussianNB.predict_proba
    monkeypatch.setattr(
        GaussianNB, "predict_proba", lambda self, X: calls.append(len(X)) or original(self, X)
    )
    monkeypatch.setattr(GaussianNB, "predict", lambda self, X: pytest.fail("predicted twice"), raising=False)
    fit_predict(parse_classifier("NaiveBayes"), *split, seed=0)
    assert calls == [len(split[2])]


def test_without_probabilities_the_decision_function_is_the_score(split):
    X, y, X_test = split
    spec = parse_classifier("Ridge", "sklearn.linear_model:RidgeClassifier")
    prediction = fit_predict(spec, X, y, X_test, seed=0)
    assert prediction.score.min() < 0
    assert prediction.label.tolist() == (prediction.score > 0).astype(int).tolist()


def test_one_class_in_training_scores_zero_for_the_other():
    prediction = fit_predict(parse_classifier("DecisionTree"), [[0.0], [1.0]], [0, 0], [[0.5]], seed=0)
    assert (prediction.label.tolist(), prediction.score.tolist()) == ([0], [0.0])


@pytest.mark.parametrize("name", ["RandomForest", "SVM", "LogisticRegression", "DecisionTree", "NaiveBayes"])
def test_balanced_weights_raise_the_minoritys_scores(name, split):
    definition = {"max_depth": 3} if "Forest" in name or "Tree" in name else None
    spec = parse_classifier(name, definition)
    plain = fit_predict(spec, *split, seed=0)
    balanced = fit_predict(spec, *split, seed=0, class_weight="balanced")
    assert balanced.score.mean() > plain.score.mean() + 0.05


def test_balances_through_the_parameter_where_there_is_one(split):
    X, y, X_test = split
    spec = parse_classifier("LogisticRegression")
    balanced = fit_predict(spec, *split, seed=0, class_weight="balanced")
    expected = (
        LogisticRegression(class_weight="balanced", max_iter=1000).fit(X, y).predict_proba(X_test)[:, 1]
    )
    assert balanced.score.tolist() == expected.tolist()


def test_balances_through_sample_weight_otherwise(split):
    X, y, X_test = split
    balanced = fit_predict(parse_classifier("NaiveBayes"), *split, seed=0, class_weight="balanced")
    expected = (
        GaussianNB().fit(X, y, sample_weight=compute_sample_weight("balanced", y)).predict_proba(X_test)
    )
    assert balanced.score.tolist() == expected[:, 1].tolist()


@pytest.mark.parametrize(
    "last",
    ["sklearn.linear_model:LogisticRegression", "sklearn.naive_bayes:GaussianNB", "sklearn.svm:LinearSVC"],
)
def test_balances_the_last_step_of_a_pipeline(last, split):
    steps = [
        ["scale", {"classifier": "sklearn.preprocessing:StandardScaler"}],
        ["model", {"classifier": last}],
    ]
    spec = parse_classifier("Scaled", {"classifier": "sklearn.pipeline:Pipeline", "params": {"steps": steps}})
    plain = fit_predict(spec, *split, seed=0)
    balanced = fit_predict(spec, *split, seed=0, class_weight="balanced")
    assert balanced.score.mean() > plain.score.mean()


def test_class_weights_do_not_apply_to_neighbours(split):
    with pytest.raises(NotApplicable, match="kNN has no class weights: KNeighborsClassifier has neither"):
        fit_predict(parse_classifier("kNN"), *split, seed=0, class_weight="balanced")


@pytest.mark.parametrize("name", NAMES)
def test_a_tuned_threshold_changes_labels_only(name, split):
    spec = parse_classifier(name)
    plain = fit_predict(spec, *split, seed=5)
    tuned = fit_predict(spec, *split, seed=5, tuned_threshold=True)
    assert tuned.score.tobytes() == plain.score.tobytes()
    assert tuned.label.sum() >= plain.label.sum()
    above, below = tuned.score[tuned.label == 1], tuned.score[tuned.label == 0]
    assert above.min() > below.max()


def test_warnings_are_returned_once_and_short(split):
    spec = parse_classifier("LogisticRegression", {"max_iter": 1})
    X, y, X_test = split
    prediction = fit_predict(spec, X, y, X_test, seed=0, tuned_threshold=True)
    assert len(prediction.warnings) == 1
    assert re.match(r"ConvergenceWarning: lbfgs failed to converge", prediction.warnings[0])
    assert len(prediction.warnings[0]) <= 230
    assert "\n" not in prediction.warnings[0]


def test_fewer_folds_for_a_threshold_are_recorded():
    X, y = np.random.default_rng(0).normal(size=(40, 2)), np.array([1, 1, 1] + [0] * 37)
    X[:3] += 1
    prediction = fit_predict(parse_classifier("NaiveBayes"), X, y, X, seed=0, tuned_threshold=True)
    assert prediction.warnings == (
        "UserWarning: threshold tuned with 3 folds, not 5: the smaller class has 3 rows",
    )


def test_the_forest_of_the_protocol_predicts_as_scikit_learns(split):
    X, y, X_test = split
    prediction = fit_predict(parse_classifier("RandomForest"), *split, seed=42)
    expected = RandomForestClassifier(n_estimators=100, random_state=42).fit(X, y)
    assert prediction.score.tolist() == expected.predict_proba(X_test)[:, 1].tolist()
    assert prediction.label.tolist() == expected.predict(X_test).tolist()


class Recorder(LogisticRegression):
    """Has a history of the form it is told to have."""

    record = None

    def fit(self, X, y, sample_weight=None):
        self.history_ = self.record
        return super().fit(X, y, sample_weight)


def fitted_history(monkeypatch, split, record, target="smote_bench_recorder:Recorder", params=None):
    module = types.ModuleType("smote_bench_recorder")
    module.Recorder = Recorder
    monkeypatch.setitem(sys.modules, "smote_bench_recorder", module)
    monkeypatch.setattr(Recorder, "record", record)
    spec = parse_classifier("Mine", {"classifier": target, "params": params or {}})
    return fit_predict(spec, *split, seed=0)


def test_any_estimators_history_is_taken(split, monkeypatch):
    found = fitted_history(monkeypatch, split, {"loss": np.array([0.5, 0.25]), "val_loss": (1, 2)})
    assert found.history == {"loss": [0.5, 0.25], "val_loss": [1.0, 2.0]}
    assert found.warnings == ()


def test_the_history_of_a_pipelines_last_step_is_taken(split, monkeypatch):
    steps = [["model", {"classifier": "smote_bench_recorder:Recorder"}]]
    found = fitted_history(monkeypatch, split, {"loss": [1.0]}, "sklearn.pipeline:Pipeline", {"steps": steps})
    assert found.history == {"loss": [1.0]}


@pytest.mark.parametrize("record", [None, {}])
def test_without_a_history_there_is_none(split, monkeypatch, record):
    found = fitted_history(monkeypatch, split, record)
    assert (found.history, found.warnings) == (None, ())


@pytest.mark.parametrize("record", [[{"loss": 1}], {"loss": "text"}, {"loss": 0.5}, 3])
def test_a_history_of_another_form_is_left_out_with_a_warning(split, monkeypatch, record):
    found = fitted_history(monkeypatch, split, record)
    assert found.history is None
    assert re.match(
        "UserWarning: expected history_ to map names to numbers per epoch, got", found.warnings[0]
    )


def test_who_splits_rows_that_groups_keep_apart_is_named_unless_it_knows_them():
    X, y = make_classification(120, 4, random_state=0)
    groups = np.arange(120) // 3
    search = parse_classifier(
        "Search",
        {
            "classifier": "sklearn.model_selection:GridSearchCV",
            "params": {
                "estimator": {"classifier": "sklearn.tree:DecisionTreeClassifier"},
                "param_grid": {"max_depth": [1, 2]},
                "cv": 3,
            },
        },
    )
    apart = {"groups": groups}
    told = fit_predict(search, X, y, X, seed=0, apart_by="groups", apart=apart).warnings
    assert told == ("the classifier splits its rows itself, without 'groups': GridSearchCV (cv=3)",)
    machine = parse_classifier("SVM")
    assert not fit_predict(machine, X, y, X, seed=0, apart_by="groups", apart=apart).warnings
    (told,) = fit_predict(machine, X, y, X, seed=0, apart_by="time", apart={"times": groups * 1.0}).warnings
    assert told.startswith("the classifier splits its rows itself, without 'time': CalibratedClassifierCV")


def _within(name, estimator, **params):
    return {"classifier": f"sklearn.{name}", "params": {**estimator, **params}}


@pytest.mark.parametrize(
    ("within", "alone"),
    [
        (
            _within("model_selection:GridSearchCV", {"estimator": None}, param_grid={"C": [0.1]}, cv=3),
            lambda one: one.set_params(C=0.1),
        ),
        (_within("ensemble:VotingClassifier", {"estimators": [["a", None]]}, voting="soft"), lambda one: one),
    ],
)
@pytest.mark.parametrize("inner", ["linear_model:LogisticRegression", "neighbors:KNeighborsClassifier"])
def test_weights_of_rows_are_handed_on_where_all_that_is_fitted_takes_them(split, within, alone, inner):
    X, y, X_test = split
    text = json.dumps(within).replace("null", json.dumps({"classifier": f"sklearn.{inner}"}))
    if "Neighbors" in inner:
        text = text.replace('"C": [0.1]', '"n_neighbors": [5]')
    spec = parse_classifier("Within", json.loads(text))
    weights = np.where(y == 1, 9.0, 1.0)
    found = fit_predict(spec, X, y, X_test, seed=1, sample_weight=weights)
    if "Neighbors" in inner:
        assert any("is fitted without the rows' weights" in said for said in found.warnings)
        return
    model = alone(LogisticRegression()).fit(X, y, sample_weight=weights)
    np.testing.assert_allclose(found.score, model.predict_proba(X_test)[:, 1], rtol=1e-9)
    assert not any("weights" in said for said in found.warnings)
