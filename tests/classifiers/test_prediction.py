"""What a fitted classifier says: its own labels in few calls, and errors for what is no answer."""

from __future__ import annotations

import importlib
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import BaggingClassifier, RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.model_selection import FixedThresholdClassifier, GridSearchCV, TunedThresholdClassifierCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import all_estimators
from threadpoolctl import threadpool_limits

from smote_bench.classifiers.prediction import _ARGMAX, BrokenOutput, predict, score_kind

CLASSIFIERS = dict(all_estimators("classifier"))
NOT_FOR_ONE_BINARY_TARGET = {"ClassifierChain", "MultiOutputClassifier"}


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    with threadpool_limits(1):
        yield


def tied_rows(seed: int, n: int = 60) -> tuple[np.ndarray, np.ndarray]:
    """Rows on a coarse grid, many of them twice with both labels: votes, leaves and distances are tied."""
    rng = np.random.default_rng(seed)
    X = rng.integers(0, 3, (n, 2)).astype(float)
    y = (np.arange(n) % 3 == 0).astype(int)
    mirrored = np.vstack([X, -X]), np.append(y, 1 - y)
    return (X, y) if seed % 2 else mirrored


def build(cls: type) -> Any:
    match cls.__name__:
        case "VotingClassifier" | "StackingClassifier":
            return cls([("one", LogisticRegression()), ("other", DecisionTreeClassifier(random_state=0))])
        case "GaussianProcessClassifier":
            return cls(random_state=0)
        case "RadiusNeighborsClassifier":
            return cls(radius=10.0)
        case "SelfTrainingClassifier":
            return cls(LogisticRegression())
    try:
        model = cls()
    except TypeError:
        model = cls(LogisticRegression())
    quick = {"random_state": 0, "n_estimators": 6, "max_iter": 30}
    known = model.get_params()
    return model.set_params(**{name: value for name, value in quick.items() if name in known})


@pytest.mark.parametrize("name", sorted(set(CLASSIFIERS) - NOT_FOR_ONE_BINARY_TARGET))
@pytest.mark.parametrize("seed", [0, 1])
def test_labels_are_what_every_classifier_of_scikit_learn_predicts(name: str, seed: int) -> None:
    X, y = tied_rows(seed)
    X = X - X.min()  # some take counts only
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            model = build(CLASSIFIERS[name]).fit(X, y)
        except ValueError as error:
            if name not in ("NuSVC", "CategoricalNB"):
                raise
            pytest.skip(str(error))
        label, score = predict(model, X)
        assert label.tolist() == model.predict(X).tolist()
    assert np.isnan(score).all() == (score_kind(model) == "none")


OWN_DECISION = {
    "fixed": lambda: FixedThresholdClassifier(LogisticRegression(), threshold=0.1),
    "tuned": lambda: TunedThresholdClassifierCV(GaussianNB(), random_state=0),
    "in a pipeline": lambda: make_pipeline(
        MinMaxScaler(), FixedThresholdClassifier(GaussianNB(), threshold=0.1)
    ),
    "around a pipeline": lambda: FixedThresholdClassifier(
        make_pipeline(MinMaxScaler(), GaussianNB()), threshold=0.9
    ),
    "in a search": lambda: GridSearchCV(
        FixedThresholdClassifier(LogisticRegression()), {"threshold": [0.05, 0.1]}, cv=2
    ),
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", OWN_DECISION)
def test_a_decision_that_is_not_the_larger_probability_is_kept(name: str) -> None:
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(200, 3)), (np.arange(200) % 5 == 0).astype(int)
    X[y == 1] += 0.7
    model = OWN_DECISION[name]().fit(X, y)
    label, score = predict(model, X)
    assert label.tolist() == model.predict(X).tolist()
    assert score.tobytes() == np.ascontiguousarray(model.predict_proba(X)[:, 1]).tobytes()
    assert label.tolist() != (score > 0.5).astype(int).tolist()


def _listed() -> dict[str, type]:
    found = {}
    for target in _ARGMAX:
        module, name = target.split(":")
        if name != "KerasMLP":  # its predict is two lines that say so
            found[name] = getattr(importlib.import_module(module), name)
    return found


@pytest.mark.parametrize("name", _listed())
@settings(deadline=None, max_examples=15)
@given(seed=st.integers(0, 10**6), scale=st.sampled_from([1.0, 1e-9, 1e-17]))
def test_what_is_listed_predicts_the_argmax_also_where_rows_are_tied(
    name: str, seed: int, scale: float
) -> None:
    X, y = tied_rows(seed, 30)
    given_rows = np.vstack([X, X * scale, X + scale, [[0.0, 0.0]]])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = build(_listed()[name])
        if name == "KNeighborsClassifier":
            model.set_params(n_neighbors=4)
        model.fit(X, y)
        label, _ = predict(model, given_rows)
        assert label.tolist() == model.predict(given_rows).tolist()


DISTINCT = np.arange(40.0).reshape(20, 2), (np.arange(20) >= 12).astype(int)


@pytest.mark.parametrize(
    "model", [LogisticRegression(), GaussianNB(), KNeighborsClassifier(3), DecisionTreeClassifier()], ids=repr
)
def test_what_is_listed_is_called_once(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model.fit(*DISTINCT)
    monkeypatch.setattr(type(model), "predict", lambda self, X: pytest.fail("asked twice"))
    label, _ = predict(model, DISTINCT[0] + 0.25)
    assert label.tolist() == DISTINCT[1].tolist()


def test_a_subclass_of_what_is_listed_is_asked_itself() -> None:
    class Cautious(RandomForestClassifier):
        def predict(self, X: Any) -> Any:
            return (self.predict_proba(X)[:, 1] > 0.05).astype(int)

    X, y = tied_rows(1)
    model = Cautious(5, random_state=0).fit(X, y)
    assert (
        predict(model, X)[0].tolist()
        == model.predict(X).tolist()
        != super(Cautious, model).predict(X).tolist()
    )


@pytest.mark.parametrize("around", [lambda model: model, lambda model: make_pipeline(MinMaxScaler(), model)])
def test_an_instance_with_its_own_predict_is_asked_itself(around: Any) -> None:
    X, y = tied_rows(1)
    model = GaussianNB()
    whole = around(model).fit(X, y)
    model.predict = lambda X: np.ones(len(X))
    assert predict(whole, X)[0].tolist() == [1] * len(X)


def test_weighted_votes_of_neighbours_are_asked_for() -> None:
    X, y = tied_rows(0)
    model = KNeighborsClassifier(4, weights="distance").fit(X, y)
    rows = X + 1e-3
    assert predict(model, rows)[0].tolist() == model.predict(rows).tolist()


class Stub(ClassifierMixin, BaseEstimator):
    """Returns what it is told to."""

    def __init__(self, proba: Any = None, label: Any = None, decision: Any = None, classes: Any = (0, 1)):
        self.classes_ = classes
        for name, value in {"predict_proba": proba, "predict": label, "decision_function": decision}.items():
            if value is not None:
                setattr(self, name, lambda X, value=value: value)


class LabelsOnly:
    def __init__(self, label: Any) -> None:
        self.label = label

    def predict(self, X: Any) -> Any:
        return self.label


ROWS = np.zeros((4, 1))
GOOD = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5], [1.0, 0.0]])


def _with(row: int, column: int, value: float) -> np.ndarray:
    proba = GOOD.copy()
    proba[row, column] = value
    return proba


BROKEN = {
    **{
        f"{value} in column {column}": ({"proba": _with(1, column, value)}, "finite numbers .* 1 of 4 rows")
        for column in (0, 1)
        for value in (np.nan, np.inf, -np.inf)
    },
    "a row of NaN": ({"proba": np.where([[0], [1], [0], [0]], np.nan, GOOD)}, "1 of 4 rows"),
    "all NaN": ({"proba": np.full((4, 2), np.nan)}, "4 of 4 rows"),
    "negative": ({"proba": GOOD + [[0.2, -0.2]]}, "from 0 to 1 .* values from -0.2"),
    "above one": ({"proba": GOOD * 2}, "values from 0 to 2"),
    "percentages": ({"proba": GOOD * 100}, "values from 0 to 100"),
    "log probabilities": ({"proba": np.log(GOOD + 1e-9)}, "from 0 to 1"),
    "sum below one": ({"proba": GOOD * 0.9}, "sum to one .* row 0"),
    "one row sums to 1.1": ({"proba": _with(2, 0, 0.6)}, r"sum to one .* \[0.6, 0.5\] in row 2"),
    "the minority's column twice": ({"proba": GOOD[:, [1, 1]]}, "sum to one"),
    "one column": ({"proba": GOOD[:, 1:]}, r"shape \(4, 2\).* got shape \(4, 1\)"),
    "a vector": ({"proba": GOOD[:, 1]}, r"got shape \(4,\)"),
    "three columns": ({"proba": np.full((4, 3), 1 / 3)}, r"got shape \(4, 3\)"),
    "a row too few": ({"proba": GOOD[:3]}, r"got shape \(3, 2\)"),
    "transposed": ({"proba": GOOD.T}, r"got shape \(2, 4\)"),
    "a list of two": ({"proba": [GOOD, GOOD]}, r"got shape \(2, 4, 2\)"),
    "ragged": ({"proba": [[0.5], [0.5, 0.5], [1], [1]]}, "got list"),
    "text": ({"proba": GOOD.astype(str)}, "got ndarray"),
    "nothing": ({"proba": np.array(None)}, r"from predict_proba"),
    "text as objects": ({"proba": GOOD.astype(str).astype(object)}, "got ndarray"),
    "a masked probability": ({"proba": np.ma.masked_equal(GOOD, 0.8)}, "finite numbers .* 1 of 4 rows"),
    "all masked": ({"proba": np.ma.masked_greater(GOOD, -1)}, "4 of 4 rows"),
    "columns in another order": (
        {"proba": pd.DataFrame(GOOD[:, ::-1], columns=[1, 0])},
        r"in the order of classes_, \[0, 1\], .* columns \[1, 0\]",
    ),
    "a class that is not sure of itself": (
        {"proba": np.full((4, 1), 0.3), "classes": [1]},
        r"sum to one .* \[0.3\] in row 0",
    ),
    "complex": ({"proba": GOOD.astype(complex)}, "got ndarray"),
    "text classes": ({"proba": GOOD, "classes": np.array(["0", "1"])}, "classes_ of Stub .* labels"),
    "text objects as classes": ({"proba": GOOD, "classes": np.array(["0", "1"], dtype=object)}, "classes_"),
    "classes 1 and 2": ({"proba": GOOD, "classes": [1, 2]}, "classes_"),
    "classes -1 and 1": ({"proba": GOOD, "classes": [-1, 1]}, "classes_"),
    "a class twice": ({"proba": GOOD, "classes": [1, 1]}, "classes_"),
    "classes with a half": ({"proba": GOOD, "classes": [0, 0.5]}, "classes_"),
    "classes of NaN": ({"proba": GOOD, "classes": [0, np.nan]}, "classes_"),
    "no classes": ({"proba": np.empty((4, 0)), "classes": []}, "classes_"),
    "classes of two outputs": ({"proba": GOOD, "classes": [[0, 1], [0, 1]]}, "classes_"),
    "labels of floats": ({"proba": GOOD, "label": np.array([0, 0.7, 0, 0])}, r"label 0 or 1 .* \[0.0, 0.7\]"),
    "labels of probabilities": ({"decision": GOOD[:, 1], "label": GOOD[:, 1]}, "label 0 or 1"),
    "labels 1 and 2": ({"proba": GOOD, "label": np.array([1, 2, 1, 1])}, r"\[1, 2\]"),
    "labels -1 and 1": ({"decision": GOOD[:, 1], "label": np.array([-1, 1, -1, 1])}, r"\[-1, 1\]"),
    "labels of NaN": ({"proba": GOOD, "label": np.array([0, np.nan, 1, 1])}, "nan"),
    "text labels": ({"proba": GOOD, "label": np.array(["0", "1", "0", "1"])}, "'0', '1'"),
    "labels of None": ({"proba": GOOD, "label": [0, None, 1, 1]}, "label 0 or 1"),
    "a masked label": (
        {"proba": GOOD, "label": np.ma.array([0, 1, 0, 0], mask=[0, 0, 1, 0])},
        r"label 0 or 1 .* \[0, 1, None\]",
    ),
    "a label beyond all floats": ({"proba": GOOD, "label": [10**400, 0, 1, 1]}, "label 0 or 1"),
    "a label too few": ({"proba": GOOD, "label": np.zeros(3)}, r"shape \(3,\)"),
    "a column of labels": ({"proba": GOOD, "label": np.zeros((4, 1))}, r"shape \(4, 1\)"),
    "one label": ({"proba": GOOD, "label": 1}, r"shape \(\)"),
    "a decision of NaN": (
        {"decision": _with(0, 1, np.nan)[:, 1], "label": [0] * 4},
        "decision_function .* 1 of 4",
    ),
    "two columns of decisions": ({"decision": GOOD, "label": [0] * 4}, r"\(one value a row\) .* \(4, 2\)"),
    "text decisions": ({"decision": ["a"] * 4, "label": [0] * 4}, "got list"),
    "a decision too few": ({"decision": [0.1] * 3, "label": [0] * 4}, r"shape \(3,\)"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_output_is_an_error_that_names_it(name: str) -> None:
    answers, words = BROKEN[name]
    with pytest.raises(BrokenOutput, match=words):
        predict(Stub(**answers), ROWS)


@pytest.mark.parametrize("label", [[0.5] * 4, ["a"] * 4, [np.nan] * 4, [2] * 4])
def test_labels_alone_are_checked_too(label: list[Any]) -> None:
    with pytest.raises(BrokenOutput, match="label 0 or 1"):
        predict(LabelsOnly(label), ROWS)


def test_a_classifier_without_classes_is_told_what_is_missing() -> None:
    model = Stub(GOOD)
    del model.classes_
    with pytest.raises(BrokenOutput, match="to have classes_ after fit"):
        predict(model, ROWS)


@pytest.mark.parametrize("kind", [int, np.uint8, np.float32, np.float64, bool, object])
def test_labels_and_classes_of_any_number_type_are_right(kind: Any) -> None:
    expected = [0, 1, 1, 0]
    model = Stub(GOOD, np.array(expected, dtype=kind), classes=np.array([0, 1], dtype=kind))
    label, score = predict(model, ROWS)
    assert (label.tolist(), label.dtype) == (expected, np.int64)
    assert score.tolist() == GOOD[:, 1].tolist()


@pytest.mark.parametrize("kind", [np.float16, np.float32, np.longdouble, list, object])
def test_rounding_and_other_number_types_are_no_breakage(kind: Any) -> None:
    proba = GOOD.tolist() if kind is list else GOOD.astype(kind)
    assert predict(Stub(proba, [0] * 4), ROWS)[1].tolist() == pytest.approx(GOOD[:, 1].tolist(), abs=1e-3)
    beyond = GOOD + 1e-7
    assert predict(Stub(beyond, [0] * 4), ROWS)[1].tolist() == beyond[:, 1].tolist()


def test_columns_and_signs_follow_classes() -> None:
    forward, backward = Stub(GOOD, [0] * 4), Stub(GOOD[:, ::-1], [0] * 4, classes=[1, 0])
    assert predict(forward, ROWS)[1].tolist() == predict(backward, ROWS)[1].tolist()
    decision = np.array([-1.0, 2.0, 0.0, 0.5])
    forward, backward = Stub(None, [0] * 4, decision), Stub(None, [0] * 4, -decision, classes=[1, 0])
    assert predict(forward, ROWS)[1].tolist() == predict(backward, ROWS)[1].tolist() == decision.tolist()


@pytest.mark.parametrize("columns", [[0, 1], ["majority", "minority"], [False, True]])
def test_data_frames_are_read_by_position_where_their_names_do_not_contradict(columns: list[Any]) -> None:
    frame = pd.DataFrame(GOOD, columns=columns)
    label, score = predict(Stub(frame, pd.Series([0, 1, 0, 0], dtype="Int64")), ROWS)
    assert (label.tolist(), score.tolist()) == ([0, 1, 0, 0], GOOD[:, 1].tolist())


@pytest.mark.parametrize(("classes", "score"), [([0], 0.0), ([1], 1.0)])
def test_a_classifier_that_saw_one_class_is_sure_of_it(classes: list[int], score: float) -> None:
    label, found = predict(Stub(np.ones((4, 1)), classes * 4, classes=classes), ROWS)
    assert (label.tolist(), found.tolist()) == (classes * 4, [score] * 4)


def test_without_predict_the_larger_probability_decides() -> None:
    assert predict(Stub(GOOD), ROWS)[0].tolist() == [0, 1, 0, 0]


def test_kinds_of_scores_are_told_apart() -> None:
    X, y = tied_rows(1)
    kinds = {
        "probability": [GaussianNB(), BaggingClassifier()],
        "decision": [RidgeClassifier(), SVC()],
        "none": [VotingClassifier([("a", GaussianNB())])],
    }
    for kind, models in kinds.items():
        assert {score_kind(model.fit(X, y)) for model in models} == {kind}


def test_returned_scores_are_no_view_of_the_rows() -> None:
    rows = np.array([[0.1], [0.7], [0.2], [0.3]])
    score = predict(Stub(None, [0] * 4, rows[:, 0]), rows)[1]
    assert not np.shares_memory(score, rows)
