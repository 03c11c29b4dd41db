"""What data a sampler takes is stated or found, and it is judged on these.

Also of: families.
"""

from __future__ import annotations

import numpy as np
import pytest
from broken_samplers.plain import PlainSMOTE
from broken_samplers.removing import PlainUndersampler
from imblearn.combine import SMOTEENN
from imblearn.under_sampling import RandomUnderSampler, TomekLinks

from smote_bench.cli import main
from smote_bench.errors import ConfigError
from smote_bench.properties import Subject, validate
from smote_bench.properties.probing import parse_columns, probe


class WantsTwenty(PlainSMOTE):
    """Refuses fewer than twenty rows of a class, and fewer than three columns."""

    def new_rows(self, X, y, label, n, rng):
        if (y == label).sum() < 20 or X.shape[1] < 3:
            raise ValueError("expected 20 rows of a class and 3 columns")
        return super().new_rows(X, y, label, n, rng)


def test_an_ordinary_sampler_needs_nothing():
    assert str(probe(Subject(PlainSMOTE))) == ""


def test_probing_finds_the_fewest_rows_and_columns():
    found = probe(Subject(WantsTwenty))
    assert (found.least_columns, found.least_rows) == (3, 20)
    assert str(found) == "at least 3 columns and at least 20 rows of each class (found by probing)"


def test_a_sampler_is_judged_on_data_that_it_takes():
    names = ["answers_ordinary_data", "originals_come_first", "same_seed_gives_same_bytes"]
    assert validate(WantsTwenty, family="generic", properties=names, smoke=True).accepted
    assert validate(
        WantsTwenty, family="generic", properties=names, smoke=True, columns="numeric:3", min_rows=20
    ).accepted
    assert not validate(
        WantsTwenty, family="generic", properties=names, smoke=True, columns="numeric:2", min_rows=20
    ).accepted


class WantsClusters(PlainSMOTE):
    """Refuses, in changing words, classes that do not lie apart, and those of fewer than twenty rows."""

    def new_rows(self, X, y, label, n, rng):
        if (y == label).sum() < 20:
            raise ValueError(f"n_samples={len(y)} is too few")
        own = X[y == label]
        if np.linalg.norm(own.mean(axis=0) - X[y != label].mean(axis=0)) < 5:
            raise RuntimeError("no cluster of that class was found")
        return super().new_rows(X, y, label, n, rng)


def test_a_sampler_that_wants_clusters_gets_one_finding_that_says_so():
    names = [
        "answers_ordinary_data",
        "originals_come_first",
        "equal_rows_give_equal_rows",
        "one_column_is_enough",
    ]
    verdict = validate(WantsClusters, family="generic", properties=names, smoke=True)
    assert str(verdict.subject.needs) == (
        "at least 20 rows of each class and classes that lie apart from each other (found by probing)"
    )
    (finding,), again = verdict.telling_failures
    assert finding.property.name == "answers_ordinary_data"
    assert "it takes at least 20 rows of each class and classes that lie apart" in finding.reason
    assert [result.property.name for result in again] == ["equal_rows_give_equal_rows"]
    assert {r.property.name for r in verdict.results if r.status == "passed"} >= {"originals_come_first"}


def test_one_that_wants_more_columns_than_are_drawn_as_a_rule_is_judged_on_them():
    class WantsFive(PlainSMOTE):
        def new_rows(self, X, y, label, n, rng):
            if X.shape[1] < 5:
                raise ValueError("expected 5 columns")
            return super().new_rows(X, y, label, n, rng)

    (result,) = validate(WantsFive, family="generic", properties=["originals_come_first"], smoke=True).results
    assert result.status == "passed"
    assert result.n_cases


def test_kmeans_smote_is_refused_once_and_judged_where_it_answers():
    names = ["answers_ordinary_data", "originals_come_first", "heavy_imbalance_is_dealt_with"]
    verdict = validate("imblearn.over_sampling:KMeansSMOTE", properties=names, smoke=True)
    (finding,), _ = verdict.telling_failures
    assert "No clusters found" in finding.reason
    assert "(it takes at least 20 rows of each class and classes that lie apart" in finding.reason


def test_columns_of_categories_are_drawn_where_they_are_stated():
    seen = []

    class Looks(PlainSMOTE):
        def new_rows(self, X, y, label, n, rng):
            seen.append(X)
            return super().new_rows(X, y, label, n, rng)

    validate(
        Looks,
        family="generic",
        properties=["originals_come_first"],
        smoke=True,
        columns="category:1,numeric:2",
    )
    assert all(X.shape[1] == 3 and set(np.unique(X[:, 0])) <= {0.0, 1.0, 2.0} for X in seen)


def test_columns_read_as_kinds_and_numbers():
    assert parse_columns("category:1, numeric:2") == ("category", "numeric", "numeric")
    for wrong in ("text:1", "numeric", "numeric:0", "numeric:x"):
        with pytest.raises(ConfigError, match="expected --columns as KIND:NUMBER"):
            parse_columns(wrong)


def test_a_wrong_number_of_rows_exits_with_2(capsys):
    assert main(["validate", "imblearn.over_sampling:SMOTE", "--min-rows", "0"]) == 2
    assert "expected min_rows to be 1 or more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("sampler", "family"),
    [
        (RandomUnderSampler, "undersampler"),
        (TomekLinks, "cleaning"),
        (SMOTEENN, "combined"),
        (PlainUndersampler, "undersampler"),
    ],
)
def test_samplers_that_remove_rows_have_laws_of_their_own(sampler, family):
    verdict = validate(sampler, smoke=True)
    assert verdict.subject.family == family
    assert verdict.accepted, [str(failure) for failure in verdict.failures]
    applied = [r.property.name for r in verdict.results if r.status == "passed"]
    assert "the_minority_gains_in_share" in applied
    assert "originals_come_first" not in applied
