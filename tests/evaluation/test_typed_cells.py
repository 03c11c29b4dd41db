"""Cells on tables with categories: typed rows for samplers and classifiers, against computations apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from fold_sources import fold_source
from mixed_table import mixed_experiment, mixed_table
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder

from smote_bench.evaluation.evaluate import CellPlan, evaluate_cell
from smote_bench.evaluation.outcome import Cell, Outcome
from smote_bench.evaluation.seeding import classifier_seed, sampler_seed
from smote_bench.experiment.model import Experiment
from smote_bench.metrics import METRICS

HALF = {"sampling_strategy": 0.6}
NUMBERS, CATEGORIES = ["age", "income"], ["plan", "city"]


def outcome_of(experiment: Experiment, method: str, classifier: str) -> Outcome:
    plan = CellPlan(
        Cell("People", method, classifier),
        experiment.methods[method],
        experiment.classifiers[classifier],
        experiment.protocol.random_state,
        tuple(METRICS[name] for name in ("balanced_accuracy", "roc_auc")),
    )
    return evaluate_cell(plan, fold_source(experiment).folds("People", method))


def typed(table: pd.DataFrame) -> pd.DataFrame:
    levels = {name: sorted(table[name].unique()) for name in CATEGORIES}
    return table.assign(**{n: pd.Categorical(table[n], categories=levels[n]) for n in CATEGORIES})


def by_hand(
    experiment: Experiment, *, scaled: bool = False, native: bool = False
) -> list[tuple[float, float]]:
    """Resample typed rows with imbalanced-learn, encode and scale with scikit-learn, fit and score."""
    from imblearn.over_sampling import SMOTENC

    table = mixed_table()
    X, y = typed(table.drop(columns="left")), (table["left"] == "yes").to_numpy().astype(int)
    scores = []
    for rows in fold_source(experiment).splits("People"):
        train, test = X.iloc[rows.train], X.iloc[rows.test]
        scaler = MinMaxScaler().fit(train[NUMBERS])
        encoder = OneHotEncoder(sparse_output=False).fit(train[CATEGORIES])
        if scaled:
            train = train.assign(**dict(zip(NUMBERS, scaler.transform(train[NUMBERS]).T, strict=True)))
        seed = sampler_seed(experiment.protocol.random_state, rows.repeat, rows.sampler_fold, 0)
        made, labels = SMOTENC("auto", random_state=seed).fit_resample(train, y[rows.train])
        seed = classifier_seed(experiment.protocol.random_state, rows.repeat, 0)
        sides = []
        for side, is_scaled in ((made, scaled), (test, False)):
            numbers = side[NUMBERS].to_numpy() if is_scaled else scaler.transform(side[NUMBERS])
            if native:
                sides.append(side.assign(**dict(zip(NUMBERS, numbers.T, strict=True))))
            else:
                sides.append(np.column_stack([numbers, encoder.transform(side[CATEGORIES])]))
        model: Any = LogisticRegression(max_iter=1000, random_state=seed)
        if native:
            model = HistGradientBoostingClassifier(categorical_features="from_dtype", random_state=seed)
        model.fit(sides[0], labels)
        truth = y[rows.test]
        scores.append(
            (
                balanced_accuracy_score(truth, model.predict(sides[1])),
                roc_auc_score(truth, model.predict_proba(sides[1])[:, 1]),
            )
        )
    return scores


def scores_of(outcome: Outcome) -> list[tuple[float, float]]:
    assert outcome.status == "ok", outcome.reason
    return [(fit.scores["balanced_accuracy"], fit.scores["roc_auc"]) for fit in outcome.fits]


@pytest.mark.parametrize("scaled", [False, True])
def test_smotenc_scores_as_a_pipeline_by_hand(tmp_path: Path, scaled: bool) -> None:
    method = {"NC": {"method": "imblearn.SMOTENC", **({"scaled": True} if scaled else {})}}
    experiment = mixed_experiment(tmp_path, [method])
    outcome = outcome_of(experiment, "NC", "LogisticRegression")
    np.testing.assert_allclose(scores_of(outcome), by_hand(experiment, scaled=scaled), atol=1e-9)
    assert not any("between" in text for text in outcome.warnings)


def test_a_classifier_of_typed_rows_scores_as_by_hand(tmp_path: Path) -> None:
    native = {"classifier": "HistGradientBoosting", "rows": "typed"}
    experiment = mixed_experiment(tmp_path, [{"NC": "imblearn.SMOTENC"}], {"Native": native})
    outcome = outcome_of(experiment, "NC", "Native")
    np.testing.assert_allclose(scores_of(outcome), by_hand(experiment, native=True), atol=1e-9)


def test_native_categories_matter_and_are_used_without_a_sampler_and_inside_thresholds(
    tmp_path: Path,
) -> None:
    classifiers = {
        "Plain": {"classifier": "HistGradientBoosting"},
        "Native": {"classifier": "HistGradientBoosting", "rows": "typed"},
    }
    tuned = {"tuned": {"method": "imblearn.SMOTENC", "tuned_threshold": True}}
    experiment = mixed_experiment(tmp_path, ["tuned_threshold", tuned], classifiers)
    for method in ("Original", "tuned_threshold", "tuned"):
        native, plain = (outcome_of(experiment, method, name) for name in ("Native", "Plain"))
        assert native.status == plain.status == "ok", (native.reason, plain.reason)
        assert scores_of(native) != scores_of(plain)


def test_random_oversampling_of_typed_rows_gives_the_bytes_of_encoded_ones(tmp_path: Path) -> None:
    methods = ["RandomOverSampler", {"encoded": {"method": "RandomOverSampler", "rows": "encoded"}}]
    experiment = mixed_experiment(tmp_path, methods)
    source = fold_source(experiment)
    for one, other in zip(
        source.folds("People", "RandomOverSampler"), source.folds("People", "encoded"), strict=True
    ):
        assert one.X.tobytes() == other.X.tobytes()
        assert one.y.tobytes() == other.y.tobytes()
        assert one.between is None
        assert other.between is not None


def test_an_encoded_sampler_between_categories_is_named_and_repair_is_an_arm_of_its_own(
    tmp_path: Path,
) -> None:
    rounded = {"rounded": {"method": "SMOTE", "repair": "round"}}
    native = {"classifier": "HistGradientBoosting", "rows": "typed"}
    experiment = mixed_experiment(
        tmp_path, ["SMOTE", rounded], {"LogisticRegression": None, "Native": native}
    )
    plain = outcome_of(experiment, "SMOTE", "LogisticRegression")
    (note,) = [text for text in plain.warnings if "between categories" in text]
    between = np.concatenate([_between(fold) for fold in fold_source(experiment).folds("People", "SMOTE")])
    share = between.mean()
    assert note.startswith(
        f"the sampler made rows between categories: {int(100 * share)}% of the rows it added"
    )
    assert outcome_of(experiment, "SMOTE", "Native").status == "unavailable"
    repaired = outcome_of(experiment, "rounded", "LogisticRegression")
    (note,) = [text for text in repaired.warnings if "between categories" in text]
    assert note.startswith(f"rows between categories were set to the nearest: {int(100 * share)}%")
    assert outcome_of(experiment, "rounded", "Native").status == "ok"
    for one, other in zip(
        fold_source(experiment).folds("People", "SMOTE"),
        fold_source(experiment).folds("People", "rounded"),
        strict=True,
    ):
        groups = [(one.X[:, at], other.X[:, at]) for at in _groups()]
        for made, whole in groups:
            assert np.array_equal(whole.argmax(axis=1), made.argmax(axis=1))
            assert np.array_equal(np.sort(whole, axis=1)[:, -2:], [[0.0, 1.0]] * len(whole))
        assert np.array_equal(one.X[:, [0, 3]], other.X[:, [0, 3]])  # the numbers stay


def _groups() -> list[slice]:
    return [slice(1, 3), slice(4, 7)]  # plan and city among age, plan, income, city


def _between(fold: Any) -> list[bool]:
    added = fold.X[len(fold.X_before) :]
    return [any(not np.isin(row[at], (0.0, 1.0)).all() for at in _groups()) for row in added]


def test_a_chain_goes_from_typed_to_encoded_rows_and_back(tmp_path: Path) -> None:
    chains = [
        {"there": {"chain": ["imblearn.SMOTENC", "TomekLinks"]}},
        {"back": {"chain": ["TomekLinks", "imblearn.SMOTENC"]}},
        {"repaired": {"chain": [{"SMOTE": {"repair": "round", "params": HALF}}, "imblearn.SMOTENC"]}},
        {"between": {"chain": [{"SMOTE": HALF}, "imblearn.SMOTENC"]}},
    ]
    experiment = mixed_experiment(tmp_path, chains)
    for method in ("there", "back", "repaired"):
        assert outcome_of(experiment, method, "LogisticRegression").status == "ok"
    outcome = outcome_of(experiment, "between", "LogisticRegression")
    assert outcome.status == "error"
    assert "made by the sampler before it: give that one repair: round" in outcome.reason


def test_a_table_of_numbers_alone_gives_no_typed_rows(tmp_path: Path) -> None:
    experiment = mixed_experiment(tmp_path, ["SMOTE"])
    mixed_table()[[*NUMBERS, "left"]].to_csv(tmp_path / "people.csv", index=False)
    folds = list(fold_source(experiment).folds("People", "SMOTE"))
    assert all(fold.columns is None and fold.between is None for fold in folds)


def test_a_sampler_of_categories_is_unavailable_where_there_are_none(tmp_path: Path) -> None:
    experiment = mixed_experiment(tmp_path, [{"NC": "imblearn.SMOTENC"}])
    mixed_table()[[*NUMBERS, "left"]].to_csv(tmp_path / "people.csv", index=False)
    outcome = outcome_of(experiment, "NC", "LogisticRegression")
    assert outcome.status == "unavailable"
    assert "needs columns of categories" in outcome.reason
    mixed_table()[[*CATEGORIES, "left"]].to_csv(tmp_path / "people.csv", index=False)
    outcome = outcome_of(experiment, "NC", "LogisticRegression")
    assert outcome.status == "unavailable"
    assert "needs columns of numbers" in outcome.reason
    assert "SMOTEN is for those" in outcome.reason


def test_truth_values_are_categories_to_those_that_see_them_and_numbers_to_all_others(
    tmp_path: Path,
) -> None:
    """The same table with yes and no, and with 1 and 0 in their place."""
    methods = ["SMOTE", "SMOTENC", {"rounded": {"method": "SMOTE", "repair": "round"}}, "NearMiss"]
    words = mixed_experiment(tmp_path, methods)
    table = mixed_table().assign(plan=lambda rows: np.where(rows["plan"] == "full", "yes", "no"))
    table.to_csv(tmp_path / "people.csv", index=False)
    (tmp_path / "coded").mkdir()
    coded = mixed_experiment(tmp_path / "coded", methods)
    codes = table.assign(plan=(table["plan"] == "yes").astype(int))
    codes.to_csv(tmp_path / "coded" / "people.csv", index=False)
    found = {name: outcome_of(words, name, "LogisticRegression") for name in words.methods}
    as_numbers = {name: outcome_of(coded, name, "LogisticRegression") for name in words.methods}
    for name in ("Original", "SMOTE", "NearMiss"):
        assert scores_of(found[name]) == scores_of(as_numbers[name])
    for name in ("SMOTENC", "rounded"):
        assert scores_of(found[name]) != scores_of(as_numbers[name])
    told = {name: " ".join(outcome.warnings) for name, outcome in found.items()}
    assert "of the rows it added (plan" in told["SMOTE"]
    assert "plan" in told["rounded"]
    assert "between" not in told["SMOTENC"]
    assert "plan" not in " ".join(as_numbers["SMOTE"].warnings)


@pytest.mark.parametrize("method", ["SMOTEN", "imblearn.SMOTEN"])
def test_numbers_that_are_taken_for_categories_are_said(tmp_path: Path, method: str) -> None:
    told = "columns of numbers were taken for categories"
    outcome = outcome_of(mixed_experiment(tmp_path, [method]), method, "LogisticRegression")
    assert outcome.status == "ok"
    assert any(told in text for text in outcome.warnings)
    (tmp_path / "categories").mkdir()
    experiment = mixed_experiment(tmp_path / "categories", [method])
    mixed_table()[["plan", "city", "left"]].to_csv(tmp_path / "categories" / "people.csv", index=False)
    outcome = outcome_of(experiment, method, "LogisticRegression")
    assert not any(told in text for text in outcome.warnings)
