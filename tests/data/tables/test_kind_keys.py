"""What a user says of the kinds of columns: checked with what is allowed, and part of the fingerprint."""

from __future__ import annotations

import pytest
from data.own_file import entry

from smote_bench.data.fingerprints import fingerprint
from smote_bench.data.sources import parse_source
from smote_bench.data.tables.kind_keys import KindKeys
from smote_bench.errors import ConfigError


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"keep": "age"}, r"expected a list of column names for 'keep', got 'age': write \[a, b\]"),
        ({"keep": ["agee"]}, "expected a column 'agee'.* Did you mean 'age'"),
        ({"keep": ["age"], "drop": ["age"]}, "one role for each column, got two for 'age'"),
        ({"kinds": ["age"]}, "expected {column: kind} for 'kinds'"),
        (
            {"kinds": {"age": "numerc"}},
            "one of numeric, nominal, ordinal, date, boolean as the kind of 'age'.* Did you mean 'numeric'",
        ),
        ({"kinds": {"agee": "numeric"}}, "expected a column 'agee'.* Did you mean 'age'"),
        ({"kinds": {"label": "nominal"}}, "one role for each column, got two for 'label'"),
        ({"kinds": {"age": "nominal"}, "nominal": ["age"]}, "one role for each column, got two for 'age'"),
        ({"kinds": {"colour": "numeric"}}, "expected numbers in column 'colour', as 'kinds' says, got 'red'"),
        ({"kinds": {"colour": "boolean"}}, "expected truth values such as yes and no in column 'colour'"),
        ({"kinds": {"colour": "date"}}, "expected dates in column 'colour'"),
        ({"kinds": {"colour": "ordinal"}}, "numbers, which have an order, .* give it under 'ordinal'"),
        ({"kinds": {"age": "boolean"}}, "expected truth values in column 'age'"),
        ({"dates": "days"}, r"expected 'number' \(days\) or 'drop' for 'dates', got 'days'"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_allowed(folder, changes, message):
    with pytest.raises(ConfigError, match=message):
        parse_source(entry(**changes), folder)


def test_keys_that_are_not_set_are_not_part_of_the_fingerprint(folder):
    assert "kinds" not in fingerprint(parse_source(entry(), folder))
    known = [
        fingerprint(parse_source(entry(**changes), folder))["kinds"]
        for changes in ({"keep": ["age"]}, {"kinds": {"age": "nominal"}}, {"dates": "drop"})
    ]
    assert known == [{"keep": ["age"]}, {"kinds": {"age": "nominal"}}, {"dates": "drop"}]


def test_the_order_in_which_they_are_written_does_not_count():
    one = KindKeys(("a", "b"), (("c", "date"), ("d", "nominal")))
    other = KindKeys(("b", "a"), (("d", "nominal"), ("c", "date")))
    assert repr(one.to_json()) == repr(other.to_json())
