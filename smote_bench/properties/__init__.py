"""The property kit: put an oversampler to it and get a verdict with a minimal counterexample.

Loading this package imports hypothesis, numpy and scikit-learn; the grid never does.
"""

from __future__ import annotations

from smote_bench.properties.cases import Case
from smote_bench.properties.designs import Star
from smote_bench.properties.engine import Result, run_property
from smote_bench.properties.families import FAMILIES
from smote_bench.properties.groups import PROPERTIES
from smote_bench.properties.islands import Islands
from smote_bench.properties.kit import GROUPS, Property
from smote_bench.properties.loading import as_subject
from smote_bench.properties.mixed_designs import Groups, Outlier, TiedStar
from smote_bench.properties.parametrize import PropertyRemark, parametrize_with_properties
from smote_bench.properties.pasting import recheck
from smote_bench.properties.strategies import imbalanced_datasets
from smote_bench.properties.subject import Subject
from smote_bench.properties.twins import Twins
from smote_bench.properties.verdict import Verdict, validate
from smote_bench.properties.violations import Violation

__all__ = [
    "FAMILIES",
    "GROUPS",
    "PROPERTIES",
    "Case",
    "Groups",
    "Islands",
    "Outlier",
    "Property",
    "PropertyRemark",
    "Result",
    "Star",
    "Subject",
    "TiedStar",
    "Twins",
    "Verdict",
    "Violation",
    "as_subject",
    "imbalanced_datasets",
    "parametrize_with_properties",
    "recheck",
    "run_property",
    "validate",
]
