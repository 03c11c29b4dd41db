"""Errors: the words that help a user on."""

from __future__ import annotations

import pickle

import pytest

from smote_bench.errors import ConfigError, SmoteBenchError, UnavailableError, did_you_mean


@pytest.mark.parametrize("word", ["SMOT", "smote", "SMOTEE"])
def test_suggests_the_closest_choice_in_its_own_spelling(word: str) -> None:
    assert did_you_mean(word, ["ADASYN", "SMOTE"]) == " Did you mean 'SMOTE'?"


def test_suggests_nothing_where_nothing_is_close() -> None:
    assert did_you_mean("kittens", ["ADASYN", "SMOTE"]) == ""


def test_dashes_make_no_option_like_another():
    assert did_you_mean("--foo", ["--tol", "--out"]) == ""
    assert did_you_mean("--grups", ["--out", "--groups"]) == " Did you mean '--groups'?"
    assert did_you_mean("--", ["--out"]) == ""


def test_a_word_that_one_name_begins_with_means_that():
    names = ["Pima_diabetes", "Flare", "German_credit", "Flare_letters_of_all"]
    assert did_you_mean("pima", names) == " Did you mean 'Pima_diabetes'?"
    assert did_you_mean("Pi", names) == ""
    assert did_you_mean("FLARE_LET", ["Flare_letters_of_a_solar_year", "Flare_letters_of_another_year"]) == ""


def test_wrong_configuration_can_be_caught_as_a_value_error() -> None:
    assert issubclass(ConfigError, SmoteBenchError)
    assert issubclass(ConfigError, ValueError)


def test_what_is_unavailable_says_why_and_what_to_do() -> None:
    error = UnavailableError("there is no file", "fetch it")
    assert str(error) == "there is no file; fetch it"
    assert (error.reason, error.remedy) == ("there is no file", "fetch it")


def test_what_is_unavailable_keeps_reason_and_remedy_between_processes() -> None:
    error = pickle.loads(pickle.dumps(UnavailableError("there is no file", "fetch it")))
    assert (error.reason, error.remedy) == ("there is no file", "fetch it")
