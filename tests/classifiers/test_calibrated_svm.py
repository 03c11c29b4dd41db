"""The support vector machine with probabilities."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import SVC

from smote_bench.classifiers.calibrated_svm import CalibratedSVC

pytestmark = pytest.mark.versions


@pytest.fixture(scope="module")
def table():
    return make_classification(200, 4, n_informative=3, n_redundant=0, weights=[0.85], random_state=1)


def test_labels_follow_its_probabilities(table):
    X, y = table
    machine = CalibratedSVC(random_state=0).fit(X, y)
    assert machine.predict(X).tolist() == machine.predict_proba(X).argmax(axis=1).tolist()


def test_ranks_rows_as_the_machine_itself_does(table):
    X, y = table
    score = CalibratedSVC(random_state=0).fit(X, y).predict_proba(X)[:, 1]
    assert roc_auc_score(y, score) == roc_auc_score(y, SVC().fit(X, y).decision_function(X))


def test_raises_no_deprecation(table):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        CalibratedSVC(random_state=0).fit(*table)


def test_another_seed_gives_other_folds(table):
    X, y = table
    first, same, other = (CalibratedSVC(random_state=seed).fit(X, y).predict_proba(X) for seed in (0, 0, 1))
    assert first.tobytes() == same.tobytes()
    assert first.tobytes() != other.tobytes()


def test_class_weights_reach_the_calibration(table):
    X, y = table
    plain, balanced = (
        CalibratedSVC(class_weight=weight, random_state=0).fit(X, y).predict_proba(X)[:, 1]
        for weight in (None, "balanced")
    )
    assert abs(plain.mean() - y.mean()) < 0.05
    assert balanced.mean() > plain.mean() + 0.1


def test_uses_fewer_folds_for_a_small_class(table):
    X, y = table
    keep = np.r_[np.flatnonzero(y == 0), np.flatnonzero(y == 1)[:2]]
    assert CalibratedSVC(random_state=0).fit(X[keep], y[keep]).predict_proba(X).shape == (200, 2)


@pytest.mark.parametrize(("y", "found"), [([0, 0, 0, 1], r"\{0: 3, 1: 1\}"), ([0, 0, 0, 0], r"\{0: 4\}")])
def test_rejects_a_class_of_one_row(y, found):
    with pytest.raises(ValueError, match=f"expected two classes with two rows each, got {found}"):
        CalibratedSVC().fit(np.zeros((4, 1)), y)


def test_can_be_cloned(table):
    machine = clone(CalibratedSVC(C=3.0, gamma=0.1, random_state=2))
    assert machine.get_params()["C"] == 3.0
    assert machine.fit(*table).calibrated_.estimator.gamma == 0.1


def _few_rows(seed):
    """Rows as in small medical tables: 5 of the minority among 30, a weak signal in one of 5 columns."""
    rng = np.random.default_rng(seed)
    y = (np.arange(30) < 5).astype(int)
    return rng.normal(size=(30, 5)) + y[:, None] * [0.5, 0, 0, 0, 0], y


@pytest.mark.parametrize("seed", range(25))
def test_probabilities_keep_the_machines_order_however_few_rows_calibrate_them(seed):
    X, y = _few_rows(seed)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        score = CalibratedSVC(random_state=0).fit(X, y).predict_proba(X)[:, 1]
    decision = SVC().fit(X, y).decision_function(X)
    assert roc_auc_score(y, score) == roc_auc_score(y, decision)
    platts = CalibratedClassifierCV(
        SVC(), cv=StratifiedKFold(5, shuffle=True, random_state=0), ensemble=False
    ).fit(X, y)
    inverted = platts.calibrated_classifiers_[0].calibrators[0].a_ >= 0
    assert [str(each.message).startswith("Platt's calibration came out inverted") for each in caught] == (
        [True] if inverted else []
    )
    if not inverted:
        assert score.tobytes() == platts.predict_proba(X)[:, 1].tobytes()


def test_some_of_these_calibrations_are_inverted_and_turned_to_the_classes_share():
    turned = 0
    for seed in range(25):
        X, y = _few_rows(seed)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            score = CalibratedSVC(random_state=0).fit(X, y).predict_proba(X)[:, 1]
        if caught:
            turned += 1
            assert score.mean() == pytest.approx(6 / 32)
    assert turned > 3


def test_a_turned_calibration_follows_the_class_weights():
    means = {}
    for weight in (None, "balanced"):
        found = []
        for seed in range(25):
            X, y = _few_rows(seed)
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                score = CalibratedSVC(class_weight=weight, random_state=0).fit(X, y).predict_proba(X)[:, 1]
            found += [score.mean()] if caught else []
        means[weight] = np.mean(found)
    assert means["balanced"] > means[None] + 0.1


def test_calibrates_on_folds_of_whole_groups():
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(20), 6)
    X = rng.normal(size=(20, 3))[groups] + rng.normal(size=(120, 3)) / 50
    y = (groups % 3 == 0).astype(int)  # noise for a group that is not known
    plain, grouped = CalibratedSVC(random_state=0), CalibratedSVC(random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of noise, the calibration may come out inverted
        found = grouped.fit(X, y, groups=groups).predict_proba(X)[:, 1]
    assert np.ptp(found) < np.ptp(plain.fit(X, y).predict_proba(X)[:, 1])
    for train, test in grouped.calibrated_.cv.split(X, y):
        assert not set(groups[train]) & set(groups[test])


def test_says_that_one_group_has_all_rows_of_a_class(table):
    X, y = table
    with pytest.warns(UserWarning, match="in one group alone"):
        machine = CalibratedSVC(random_state=0).fit(X, y, groups=y)
    expected = CalibratedSVC(random_state=0).fit(X, y).predict_proba(X)
    np.testing.assert_array_equal(machine.predict_proba(X), expected)
