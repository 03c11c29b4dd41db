"""imbalanced-learn's own checks, over every sampler, with no expected failures."""

from __future__ import annotations

from imblearn.utils.estimator_checks import parametrize_with_checks

from smote_impls import (
    ADASYN,
    SMOTE,
    SMOTEENN,
    SMOTEN,
    SMOTENC,
    BorderlineSMOTE,
    RandomOverSampler,
    SMOTETomek,
)


@parametrize_with_checks(
    [
        SMOTE(random_state=0),
        SMOTE(random_state=0, k_neighbors="auto"),
        BorderlineSMOTE(random_state=0, kind="borderline-1"),
        BorderlineSMOTE(random_state=0, kind="borderline-2"),
        ADASYN(random_state=0),
        SMOTENC(random_state=0, categorical_features=[0]),
        SMOTEN(random_state=0),
        RandomOverSampler(random_state=0),
        RandomOverSampler(random_state=0, shrinkage=1),
        SMOTETomek(random_state=0),
        SMOTETomek(random_state=0, categorical_features=[0]),
        SMOTEENN(random_state=0),
    ]
)
def test_passes_imbalanced_learn(estimator, check):
    check(estimator)
