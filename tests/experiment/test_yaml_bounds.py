"""Files that are small to write and dear to read are refused before anything of them is built."""

from __future__ import annotations

import itertools

import pytest
from experiment.from_text import experiment_of

from smote_bench.errors import ConfigError
from smote_bench.experiment.yaml_bounds import (
    LONGEST_VALUE,
    MOST_ENTRIES,
    MOST_LEVELS,
    TooLarge,
    check_bounds,
)
from smote_bench.experiment.yaml_source import MOST_BYTES, YamlSource

REST = "methods: [SMOTE]\ndatasets: [Haberman]\n"


def laughs(template, words="abcdefghi"):
    lines = [f"{words[0]}: &{words[0]} {template.format('x')}"]
    pairs = itertools.pairwise(words)
    lines += [f"{new}: &{new} {template.format('*' + old)}" for old, new in pairs]
    return "\n".join(lines) + "\n" + REST


NINE = "[" + ",".join(["{0}"] * 9) + "]"
PAIRS = "{{p: {0}, q: {0}, r: {0}, s: {0}, t: {0}, u: {0}, v: {0}, w: {0}}}"
BOMBS = {
    "aliases": (laughs(NINE), "expected at most 50,000 entries with aliases written out", 5),
    "aliases in mappings": (laughs(PAIRS), "expected at most 50,000 entries", 5),
    "lists in lists": ("methods: " + "[" * 200_000 + "]" * 200_000, "expected at most 50 levels", 1),
    "mappings in mappings": ("a: " + "{b: " * 5000 + "1" + "}" * 5000, "expected at most 50 levels", 1),
    "a long list": ("methods: [" + "SMOTE, " * 200_000 + "]\n", "expected at most 50,000 entries", 1),
    "a long value": (
        f"name: {'n' * (LONGEST_VALUE + 1)}\n",
        "expected a value of at most 1,000,000 characters",
        1,
    ),
}


@pytest.mark.fault(
    injected="an experiment file of a few bytes that stands for thousands of entries, levels or letters",
    seen="exit 4 within a second, with file and line",
    lost="nothing",
)
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_with_its_line(bomb):
    text, words, line = BOMBS[bomb]
    with pytest.raises(ConfigError) as refused:
        YamlSource(text, "bomb.yaml")
    assert str(refused.value).startswith(f"bomb.yaml:{line}: {words}")


def test_merged_mappings_count_as_often_as_they_are_merged():
    keys = ", ".join(f"k{n}: 1" for n in range(100))
    text = f"a: &a {{{keys}}}\n" + "".join(f"b{n}: {{<<: *a}}\n" for n in range(600))
    with pytest.raises(TooLarge, match="entries"):
        check_bounds(text)


def test_as_much_as_is_allowed_is_read():
    check_bounds("[" + "a," * (MOST_ENTRIES - 1) + "]")
    check_bounds("[" * MOST_LEVELS + "]" * MOST_LEVELS)
    check_bounds("x" * LONGEST_VALUE)


def test_an_alias_of_the_block_it_stands_in_is_no_endless_loop():
    check_bounds("a: &a [*a, *a]\n")
    with pytest.raises(ConfigError, match="an alias of the block it stands in"):
        YamlSource("a: &a [*a]\n", "x.yaml")


def test_a_large_file_is_refused_unread(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(ConfigError, match=r"expected a YAML file of at most 5,000,000 bytes, got 5,000,001"):
        YamlSource.read(path)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("random_state: " + "9" * 5000, "expected"),
        ("random_state: " + "9" * 4000, "expected a number below 10 to the power of 308"),
        ("random_state: " + "9" * 300, "expected a whole number, 0 or more, below"),
        ("cv_folds: 1000000000", "expected a whole number, 0, or 2 to 100,000; got 1000000000"),
        ("random_runs: 1000000000", "expected a whole number, 1 to 10,000; got 1000000000"),
        (
            "name: " + "m" * 260,
            "at most 200 characters that can be printed, got one of 260",
        ),
        ('name: "a\\x1b[31m"', "that can be printed"),
    ],
)
def test_numbers_and_names_beyond_reason_are_refused_in_few_words(setting, words):
    with pytest.raises(ConfigError) as refused:
        experiment_of(REST + setting + "\n")
    assert words in str(refused.value)
    assert len(str(refused.value)) < 400
    assert "\x1b" not in str(refused.value)


@pytest.mark.fault(
    injected="names longer than file names may be", seen="exit 4, by name and length", lost="nothing"
)
@pytest.mark.parametrize("kind", ["methods: [{name: %s, method: SMOTE}]\ndatasets: [Haberman]\n"])
def test_a_name_of_260_letters_is_refused_by_name_and_length(kind):
    with pytest.raises(ConfigError, match=r"a name of at most 200 characters, got one of 260: m+\.\.\."):
        experiment_of(kind % ("m" * 260))
