"""A user's own file: how it is described, found and named, and what is said when the description is wrong."""

from __future__ import annotations

import pytest
from data.own_file import entry

from smote_bench.data.sources import parse_source, source_name
from smote_bench.errors import ConfigError


def test_a_file_is_found_relative_to_the_experiment_or_absolutely(folder):
    assert parse_source(entry(), folder) == parse_source(
        entry(file=str(folder / "own.csv")), folder / "elsewhere"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"minorty": "yes"}, "got 'minorty'. Did you mean 'minority'"),
        ({"target": "lable"}, "expected a column 'lable'.* Did you mean 'label'"),
        ({"target": 3}, r"expected text for 'target', got 3 \(int\)"),
        ({"minority": "maybe"}, "label = 'maybe', got none: set 'minority' to one of 'no', 'yes'"),
        ({"minority": "no"}, "to be the minority of own.csv, got 4 of 5 rows"),
        ({"minority": True}, "got True, .*write the label as text, in quotes, as in 'yes'"),
        ({"minority": {"yes": 1}}, r"got {'yes': 1} \(dict\)"),
        ({"file": "missing.csv"}, "there is none"),
        (
            {"file": "own.sav"},
            "expected a file ending in .csv, .tsv, .* also with .gz, .*, got 'own.sav'",
        ),
        ({"name": "Adult"}, "one of the catalogue"),
        ({"name": "my set"}, "got 'my set'"),
        ({"nominal": "colour"}, "expected a list of column names for 'nominal', got 'colour'"),
        ({"nominal": ["color"]}, "Did you mean 'colour'"),
        ({"nominal": ["label"]}, "one role for each column, got two for 'label'"),
        ({"ordinal": {"size": ["small", "small"]}}, "distinct categories of 'size'"),
        ({"ordinal": ["size"]}, r"expected {column: \[lowest, ..., highest\]}"),
        ({"drop": [False]}, r"got \[False\]: YAML reads false, no and off .*in quotes, as in \[\"No\"\]"),
        ({"drop": ["a", 2019]}, r"put names in quotes .* as in \[\"2019\"\]"),
        ({"keep": [True]}, r"got \[True\]: YAML reads true, yes and on"),
        ({"kinds": {False: "numeric"}}, "names of columns under 'kinds', got False: YAML reads false"),
        ({"ordinal": {False: ["a", "b"]}}, "names of columns under 'ordinal', got False: YAML reads false"),
        ({"minority": [False, "SE"]}, r"got \[False, 'SE'\] \(list\): YAML reads false, no and off"),
        ({"read": {"na": [False]}}, "for 'na' in 'read', got .*YAML reads false, no and off"),
        ({"drop_duplicates": "no"}, "expected true or false for 'drop_duplicates', got 'no'"),
    ],
)
def test_rejects_a_wrong_description_of_a_file(folder, changes, message):
    with pytest.raises(ConfigError, match=message):
        parse_source(entry(**changes), folder)


@pytest.mark.parametrize("key", ["name", "file", "target", "minority"])
def test_names_the_key_that_is_missing(folder, key):
    spec = entry()
    del spec[key]
    with pytest.raises(ConfigError, match=f"{key!r} is missing"):
        parse_source(spec, folder)


def test_catalogue_and_keel_names_pass_as_they_are(tmp_path):
    assert parse_source("Satimage", tmp_path) == source_name("Satimage") == "Satimage"
    assert parse_source("keel:ecoli3", tmp_path) == "keel:ecoli3"


@pytest.mark.parametrize(("value", "message"), [("Satimag", "Did you mean 'Satimage'"), (7, "got 7")])
def test_rejects_what_names_no_dataset(tmp_path, value, message):
    with pytest.raises(ConfigError, match=message):
        parse_source(value, tmp_path)
