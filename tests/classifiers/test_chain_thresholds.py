"""A sampler and then a tuned threshold: chosen on real rows, with the sampler inside each inner fold."""

from __future__ import annotations

import dataclasses
import math
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from fold_sources import fold_source
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import Pipeline
from imblearn.under_sampling import NearMiss, TomekLinks
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import make_scorer
from sklearn.model_selection import StratifiedKFold, TunedThresholdClassifierCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

from smote_bench.environment.timeouts import CellTimeout
from smote_bench.evaluation import folds as folds_module
from smote_bench.evaluation.evaluate import CellPlan, evaluate_cell
from smote_bench.evaluation.folds import FoldSource
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.evaluation.seeding import inner_sampler_seed
from smote_bench.experiment.file import experiment_from_text
from smote_bench.experiment.model import Experiment
from smote_bench.methods.resampling import Resampled, resample

N_FITS = 3  # two folds and a hold-out
MODULE = "smote_bench_chained"


class Marking:
    """Copies minority rows; column 2 names the row it is a copy of, column 3 says that it is one."""

    def fit_resample(self, X, y):
        minority = np.flatnonzero(y == 1)
        new = X[np.resize(minority, (y == 0).sum() - len(minority))].copy()
        new[:, 3] = 1.0
        return np.vstack([X, new]), np.r_[y, np.ones(len(new), dtype=int)]


class Needing:
    """Needs so many minority rows."""

    def __init__(self, rows=8):
        self.rows = rows

    def fit_resample(self, X, y):
        if (y == 1).sum() < self.rows:
            raise ValueError(f"needs {self.rows} minority rows")
        return Marking().fit_resample(X, y)


class Shy(Needing):
    """Gives its input back where there are too few rows."""

    def fit_resample(self, X, y):
        return super().fit_resample(X, y) if (y == 1).sum() >= self.rows else (X, y)


class Selecting(Marking):
    """Leaves the feature space: keeps two columns."""

    def preprocessing_transform(self, X):
        return X[:, :2]

    def fit_resample(self, X, y):
        X, y = super().fit_resample(X, y)
        return X[:, :2], y


def cost(truth, label, score):
    """Ten for a minority row that is missed, one for a false alarm."""
    return 10.0 * ((truth == 1) & (label == 0)).sum() + ((truth == 0) & (label == 1)).sum()


class Recorder(ClassifierMixin, BaseEstimator):
    """Naive Bayes on two columns that writes down the rows it is given."""

    seen: ClassVar[list[tuple[str, np.ndarray, Any]]] = []

    def fit(self, X, y, sample_weight=None):
        self.seen.append(("fit", np.array(X), None if sample_weight is None else np.array(sample_weight)))
        self.model_ = GaussianNB().fit(X[:, :2], y, sample_weight)
        self.classes_ = self.model_.classes_
        return self

    def predict_proba(self, X):
        self.seen.append(("predict", np.array(X), None))
        return self.model_.predict_proba(X[:, :2])


@pytest.fixture(autouse=True)
def module(monkeypatch: pytest.MonkeyPatch) -> None:
    found = types.ModuleType(MODULE)
    found.__file__ = __file__
    for item in (Marking, Needing, Shy, Selecting, Recorder, cost):
        setattr(found, item.__name__, item)
    monkeypatch.setitem(sys.modules, MODULE, found)
    monkeypatch.setattr(Recorder, "seen", [])


@pytest.fixture
def experiment(tmp_path: Path) -> Callable[..., Experiment]:
    """Return what builds an experiment of given methods on 120 rows, 30 of the minority."""

    def build(methods: str, *, minority: int = 30, **more: Any) -> Experiment:
        rng = np.random.default_rng(0)
        y = rng.permutation(np.arange(120) < minority).astype(int)
        X = rng.normal(size=(120, 2)) + 0.8 * y[:, None]
        rows = [
            f"{a!r},{b!r},{n},0,{label}" for n, ((a, b), label) in enumerate(zip(X.tolist(), y, strict=True))
        ]
        (tmp_path / "table.csv").write_text("\n".join(["a,b,id,copy,y", *rows]) + "\n")
        settings = {"cv_folds": 2, "scaling": "none", "selected_classifiers": "[NaiveBayes]", **more}
        return experiment_from_text(
            f"methods: {methods}\n"
            "datasets: [{name: T, file: table.csv, target: y, minority: 1, keep: [id]}]\n"
            + "".join(f"{key}: {value}\n" for key, value in settings.items()),
            str(tmp_path / "exp.yaml"),
        )

    return build


def _plan(experiment: Experiment, method: str, classifier: str) -> CellPlan:
    return CellPlan(
        Cell("T", method, classifier),
        experiment.methods[method],
        experiment.classifiers[classifier],
        experiment.protocol.random_state,
        tuple(experiment.metrics.values()),
    )


def _outcome(
    experiment: Experiment, method: str, classifier: str = "NaiveBayes", source: FoldSource | None = None
) -> Outcome:
    folds = (source or fold_source(experiment)).folds("T", method)
    return evaluate_cell(_plan(experiment, method, classifier), folds)


def _numbers(outcome: Outcome) -> list[str]:
    return [repr((fit.threshold, dict(fit.scores))) for fit in outcome.fits]  # NaN is equal to itself here


def _recall(truth, label):
    return label[truth == 1].mean()


def _specificity(truth, label):
    return (1 - label[truth == 0]).mean()


def _f1(truth, label):
    tp = 2 * (truth & label).sum()
    return tp / (tp + (truth != label).sum())


# Plain functions, since scikit-learn's take half a second of a search for checks.
SCORING = {
    "balanced_accuracy": lambda truth, label: (_recall(truth, label) + _specificity(truth, label)) / 2,
    "f1": _f1,
    "g_mean": lambda truth, label: math.sqrt(_recall(truth, label) * _specificity(truth, label)),
}
MODELS = {
    "NaiveBayes": ("sklearn.naive_bayes:GaussianNB", GaussianNB()),
    "kNN": ("sklearn.neighbors:KNeighborsClassifier", KNeighborsClassifier()),
    "Logistic": ("sklearn.linear_model:LogisticRegression", LogisticRegression()),
    "Tree": ("sklearn.tree:DecisionTreeClassifier", DecisionTreeClassifier(random_state=42)),
}
SAMPLERS = {
    "imblearn.SMOTE": SMOTE(random_state=7),
    "RandomOverSampler": RandomOverSampler(random_state=7),
    "NearMiss": NearMiss(),
    "TomekLinks": TomekLinks(),
}


@pytest.mark.parametrize(
    ("sampler", "metric"),
    [
        *(("imblearn.SMOTE", metric) for metric in SCORING),
        ("RandomOverSampler", "f1"),
        ("NearMiss", "balanced_accuracy"),
        ("TomekLinks", "g_mean"),
    ],
)
def test_the_threshold_is_that_of_a_pipeline_inside_scikit_learns_search(
    experiment: Callable[..., Experiment], monkeypatch: pytest.MonkeyPatch, sampler: str, metric: str
) -> None:
    """One seed for all inner folds, since a pipeline has one."""
    monkeypatch.setattr(folds_module, "inner_sampler_seed", lambda *args: 7)
    classifiers = ", ".join(f"{name}: {{classifier: '{target}'}}" for name, (target, _) in MODELS.items())
    built = experiment(
        f"[{{name: chain, chain: [{sampler}, {{tuned_threshold: {{metric: {metric}}}}}]}}]",
        selected_classifiers=f"{{{classifiers}}}",
    )
    fold = next(fold_source(built).folds("T", "chain"))
    for name, (_, model) in MODELS.items():
        found = evaluate_cell(_plan(built, "chain", name), [fold])
        chain = Pipeline([("sampler", SAMPLERS[sampler]), ("model", model)])
        inner = StratifiedKFold(5, shuffle=True, random_state=42)
        expected = TunedThresholdClassifierCV(chain, scoring=make_scorer(SCORING[metric]), cv=inner)
        try:
            expected.fit(fold.X_before, fold.y_before)
        except ValueError as error:
            assert "constant predictions" in str(error)  # noqa: PT017 - a tree may label all rows alike
            assert found.fits[0].threshold is None
        else:
            assert found.fits[0].threshold == expected.best_threshold_


def test_no_copy_is_ever_judged_and_no_row_on_a_copy_of_itself(experiment: Callable[..., Experiment]) -> None:
    built = experiment(
        f"[{{name: chain, chain: ['{MODULE}:Marking', tuned_threshold]}}]",
        selected_classifiers=f"{{R: {{classifier: '{MODULE}:Recorder'}}}}",
    )
    outcome = _outcome(built, "chain", "R")
    assert outcome.status == "ok", outcome.reason
    fits = [rows for what, rows, _ in Recorder.seen if what == "fit"]
    judged = [rows for what, rows, _ in Recorder.seen if what == "predict"]
    # Per fold five inner fits and the last one; the final evaluation labels its training rows as well.
    assert (len(fits), len(judged)) == (N_FITS * 6, N_FITS * 6 + 1)
    for fitted, held_out in zip(fits, judged, strict=False):
        assert fitted[:, 3].any()
        assert not held_out[:, 3].any()
        assert not set(fitted[:, 2]) & set(held_out[:, 2])
    source = fold_source(built)
    for n, fold in enumerate(source.folds("T", "chain")):
        inner = np.concatenate([rows[:, 2] for rows in judged[6 * n : 6 * n + 5]])
        assert sorted(inner) == sorted(fold.X_before[:, 2])  # every real row, once


def test_weights_in_a_chain_are_those_of_the_rows_that_are_fitted(
    experiment: Callable[..., Experiment],
) -> None:
    built = experiment(
        f"[{{name: chain, chain: ['{MODULE}:Needing': {{rows: 1}}, class_weight, tuned_threshold]}},"
        " {name: plain, chain: [class_weight, tuned_threshold]}]",
        selected_classifiers=f"{{R: {{classifier: '{MODULE}:Recorder'}}}}",
    )
    for method, is_balanced in (("chain", True), ("plain", False)):
        Recorder.seen.clear()
        assert _outcome(built, method, "R").status == "ok"
        for what, rows, weights in Recorder.seen:
            if what == "fit":
                assert len(weights) == len(rows)
                assert (set(weights) == {1.0}) == is_balanced


@pytest.mark.parametrize(
    "chain",
    [
        "[tuned_threshold, imblearn.SMOTE, class_weight]",
        "[class_weight, [tuned_threshold], imblearn.SMOTE]",
        "[[imblearn.SMOTE, class_weight], {tuned_threshold: true}]",
        "[imblearn.SMOTE, class_weight, {tuned_threshold: {metric: balanced_accuracy}}]",
    ],
)
def test_the_order_of_weights_and_threshold_in_a_chain_changes_nothing(
    experiment: Callable[..., Experiment], chain: str
) -> None:
    built = experiment(
        f"[{{name: chain, chain: {chain}}},"
        " {name: usual, chain: [imblearn.SMOTE, class_weight, tuned_threshold]}]"
    )
    one, usual = (_outcome(built, name) for name in ("chain", "usual"))
    assert one.status == usual.status == "ok"
    assert _numbers(one) == _numbers(usual)


CHAIN = "[{name: chain, chain: [imblearn.SMOTE, tuned_threshold]}]"
TWO = "[NaiveBayes, kNN]"


def _counting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    seeds: list[int] = []

    def counted(*args: Any, seed: int, typed: object) -> Resampled:
        seeds.append(seed)
        return resample(*args, seed=seed, typed=typed)

    monkeypatch.setattr(folds_module, "resample", counted)
    return seeds


def test_inner_folds_are_resampled_once_for_all_classifiers_with_seeds_of_their_own(
    experiment: Callable[..., Experiment], monkeypatch: pytest.MonkeyPatch
) -> None:
    built = experiment(CHAIN, selected_classifiers=TWO)
    seeds, source = _counting(monkeypatch), fold_source(built)
    first, second = (_outcome(built, "chain", name, source) for name in ("NaiveBayes", "kNN"))
    assert len(seeds) == len(set(seeds)) == N_FITS * 6
    inner = {inner_sampler_seed(42, 0, fold, n) for fold in (0, 1, "holdout") for n in range(5)}
    assert inner < set(seeds)
    assert first.fits != second.fits


def test_without_a_threshold_no_inner_fold_is_made(
    experiment: Callable[..., Experiment], monkeypatch: pytest.MonkeyPatch
) -> None:
    built = experiment("[imblearn.SMOTE, tuned_threshold]")
    seeds, source = _counting(monkeypatch), fold_source(built)
    for method in built.methods:
        _outcome(built, method, source=source)
    assert len(seeds) == N_FITS * 2


@pytest.mark.parametrize("budget", [0, 2**30])
def test_scores_do_not_depend_on_who_comes_first_or_on_what_is_kept(
    experiment: Callable[..., Experiment], budget: int
) -> None:
    built = experiment(CHAIN, selected_classifiers=TWO)
    alone = {name: _outcome(built, "chain", name) for name in ("NaiveBayes", "kNN")}
    source = fold_source(built, budget_bytes=budget)
    for name in ("kNN", "NaiveBayes", "kNN"):
        again = _outcome(built, "chain", name, source)
        assert _numbers(again) == _numbers(alone[name])


def test_inner_rows_are_protected_as_the_others_are(experiment: Callable[..., Experiment]) -> None:
    fold = next(fold_source(experiment(CHAIN)).folds("T", "chain"))
    for inner in fold.inner:
        for name in ("X", "y", "X_valid", "y_valid"):
            with pytest.raises(ValueError, match="read-only"):
                getattr(inner, name)[:] = 0


def test_held_out_rows_go_through_a_samplers_own_feature_space(experiment: Callable[..., Experiment]) -> None:
    built = experiment(f"[{{name: chain, chain: ['{MODULE}:Selecting', tuned_threshold]}}]")
    fold = next(fold_source(built).folds("T", "chain"))
    assert {(inner.X.shape[1], inner.X_valid.shape[1]) for inner in fold.inner} == {(2, 2)}
    assert _outcome(built, "chain").status == "ok"


def test_a_sampler_that_fails_in_an_inner_fold_alone_is_an_error_that_says_so(
    experiment: Callable[..., Experiment],
) -> None:
    # 12 minority rows in a fold's training part, 9 or 10 in an inner fold's.
    built = experiment(f"[{{name: chain, chain: ['{MODULE}:Needing': {{rows: 11}}, tuned_threshold]}}]")
    outcome = _outcome(built, "chain")
    assert outcome.status == "error"
    assert "the sampler failed in inner fold 1 of 5, on which the threshold is tuned" in outcome.reason
    assert "minority rows): ValueError: needs 11 minority rows" in outcome.reason


def test_a_sampler_that_does_nothing_in_inner_folds_alone_is_told(
    experiment: Callable[..., Experiment],
) -> None:
    built = experiment(f"[{{name: chain, chain: ['{MODULE}:Shy': {{rows: 11}}, tuned_threshold]}}]")
    outcome = _outcome(built, "chain")
    assert outcome.status == "ok"
    told = "the sampler returned its input in 5 of 5 inner folds of the tuned threshold"
    assert any(text.startswith(told) for text in outcome.warnings)


def test_a_chain_whose_sampler_does_nothing_is_no_noop_where_the_threshold_is_tuned(
    experiment: Callable[..., Experiment],
) -> None:
    built = experiment(
        f"[{{name: chain, chain: ['{MODULE}:Shy': {{rows: 99}}, tuned_threshold]}}, tuned_threshold]"
    )
    chain, alone = (_outcome(built, name) for name in ("chain", "tuned_threshold"))
    assert chain.status == "ok"
    assert any(text.startswith("the sampler returned its input: the weights or") for text in chain.warnings)
    assert _numbers(chain) == _numbers(alone)


def test_too_few_real_rows_leave_the_threshold_out_with_a_note(experiment: Callable[..., Experiment]) -> None:
    """Three minority rows: two to train on, one in a fold of the cross-validation."""
    built = experiment(f"[{{name: chain, chain: ['{MODULE}:Marking', tuned_threshold]}}]", minority=3)
    outcome = _outcome(built, "chain")
    assert outcome.status == "ok"
    assert [fit.threshold is None for fit in outcome.fits[:2]] == [True, True]
    assert any("needs 2 rows of each class to be tuned on" in text for text in outcome.warnings)


def test_resampling_inside_counts_as_fitting_for_each_classifier(
    experiment: Callable[..., Experiment], monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*args: Any, **more: Any) -> Resampled:
        return dataclasses.replace(resample(*args, **more), seconds=100.0)

    monkeypatch.setattr(folds_module, "resample", slow)
    built = experiment(CHAIN, selected_classifiers=TWO)
    source = fold_source(built)
    for name in ("NaiveBayes", "kNN"):
        for fit in _outcome(built, "chain", name, source).fits:
            assert fit.resample_seconds == 100.0
            assert fit.fit_seconds == pytest.approx(500.0, abs=50)


def test_a_time_out_in_an_inner_fold_is_not_held_against_the_next_classifier(
    experiment: Callable[..., Experiment], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: Iterator[int] = iter(range(1000))

    def struck(*args: Any, **more: Any) -> Resampled:
        if next(calls) == 3:
            raise CellTimeout("longer than the limit")
        return resample(*args, **more)

    monkeypatch.setattr(folds_module, "resample", struck)
    built = experiment(CHAIN, selected_classifiers=TWO)
    source = fold_source(built)
    first, second = (_outcome(built, "chain", name, source) for name in ("NaiveBayes", "kNN"))
    assert (first.status, second.status) == ("timeout", "ok")


@pytest.mark.parametrize("metric", ["f1", "mcc", "g_mean", "precision", "fn", "accuracy"])
def test_the_trivial_arm_keeps_the_score_that_the_arm_tuned_for_a_metric_has(
    experiment: Callable[..., Experiment], metric: str
) -> None:
    built = experiment(
        f"[tuned_threshold, {{name: for_it, method: tuned_threshold, params: {{metric: {metric}}}}}]",
        selected_classifiers="[NaiveBayes, LogisticRegression]",
    )
    for name in built.classifiers:
        usual, for_it = (_outcome(built, method, name) for method in ("tuned_threshold", "for_it"))
        assert (usual.arm, usual.tuned_for) == ("tuned_threshold", "balanced_accuracy")
        assert (for_it.arm, for_it.tuned_for) == ("tuned_threshold", metric)
        for one, other in zip(usual.fits, for_it.fits, strict=True):
            assert repr(one.tuned_scores) == repr(other.tuned_scores)
            assert repr(one.tuned_scores[metric]) == repr(other.scores[metric])
            assert "roc_auc" not in one.tuned_scores


@pytest.mark.parametrize("place", ["priority_metrics", "metrics"])
def test_a_threshold_is_tuned_for_a_metric_that_the_experiment_defines(
    experiment: Callable[..., Experiment], place: str
) -> None:
    built = experiment(
        "[tuned_threshold, {name: for_it, method: tuned_threshold, params: {metric: cost}},"
        " {name: chain, chain: [imblearn.SMOTE, {tuned_threshold: {metric: cost}}]}]",
        **{place: f"[balanced_accuracy, {{cost: {{metric: '{MODULE}:cost', better: low}}}}]"},
    )
    usual, for_it, chain = (_outcome(built, name) for name in ("tuned_threshold", "for_it", "chain"))
    assert for_it.status == chain.status == "ok"
    assert [fit.tuned_scores["cost"] for fit in usual.fits] == [fit.scores["cost"] for fit in for_it.fits]
    assert for_it.mean("cost", "cv") < _outcome(built, "Original").mean("cost", "cv")


def test_a_chain_keeps_its_threshold_and_is_no_trivial_arm(experiment: Callable[..., Experiment]) -> None:
    outcome = _outcome(experiment(CHAIN), "chain")
    assert (outcome.arm, outcome.tuned_for) == ("", "balanced_accuracy")
    assert all(fit.threshold is not None and fit.tuned_scores is None for fit in outcome.fits)
