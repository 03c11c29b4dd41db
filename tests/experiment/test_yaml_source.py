"""YAML as plain data, and errors that name file, line and key."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.errors import ConfigError
from smote_bench.experiment.yaml_source import YamlSource

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=8), st.dates()
)
keys = st.one_of(st.text(max_size=8), st.integers(0, 9))
trees = st.recursive(
    scalars, lambda t: st.one_of(st.lists(t, max_size=3), st.dictionaries(keys, t, max_size=3)), max_leaves=10
)


def _read(text: str) -> Any:
    return YamlSource(text, "exp.yaml").data


@given(trees)
@settings(max_examples=40, deadline=None)
def test_reads_what_the_safe_loader_of_yaml_reads(tree: Any) -> None:
    text = yaml.safe_dump(tree, allow_unicode=True)
    # Not the tree itself: PyYAML writes the character NEL as a line end, and reads a space.
    assert _read(text) == yaml.safe_load(text)


@given(
    st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), trees, min_size=1, max_size=4),
    st.integers(0, 3),
)
@settings(max_examples=40, deadline=None)
def test_names_the_line_of_every_key(tree: dict[str, Any], n_comments: int) -> None:
    text = "# a comment\n" * n_comments + yaml.safe_dump(tree, sort_keys=False)
    source = YamlSource(text, "exp.yaml")
    lines = text.split("\n")
    for key in tree:
        found = re.match(r"exp\.yaml:(\d+): (\w+): wrong", str(source.error((key,), "wrong")))
        assert found is not None
        assert lines[int(found[1]) - 1].startswith((f"{key}:", f"'{key}':", f'"{key}":', f"? {key}"))


def test_names_the_line_of_a_value_deep_inside() -> None:
    source = YamlSource("a:\n  - b: 1\n    c:\n      d: 2\n", "exp.yaml")
    assert str(source.error(("a", 0, "c", "d"), "wrong")) == "exp.yaml:4: a.0.c.d: wrong"


def test_names_the_line_of_the_nearest_parent_of_what_is_missing() -> None:
    source = YamlSource("a:\n  - b: 1\n", "exp.yaml")
    assert str(source.error(("a", 0, "zz"), "missing")) == "exp.yaml:2: a.0.zz: missing"


def test_an_empty_file_is_none() -> None:
    assert _read("# nothing\n") is None


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert _read("\ufeffa: 1\n") == {"a": 1}


def test_own_keys_win_over_merged_ones_each_time_the_block_is_used() -> None:
    text = "base: &base {k: 5, p: 1}\nmore: &more\n  <<: *base\n  k: 7\nagain: *more\n"
    assert _read(text) == {"base": {"k": 5, "p": 1}, "more": {"k": 7, "p": 1}, "again": {"k": 7, "p": 1}}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1, 2\n", r"exp\.yaml:2: expected YAML, got: .*; mend the line"),
        ("a: 1\n b: 2\n", r"exp\.yaml:2: expected YAML, got: .*; mend the line"),
        ("a: 1\n--- \nb: 2\n", r"exp\.yaml:2: expected YAML, got: .*another document"),
        ("a: *nowhere\n", r"exp\.yaml:1: expected YAML, got: .*undefined alias"),
        ("a: \0\n", r"exp\.yaml: expected YAML, got: .*control characters.*; mend the file"),
        ("a: 1\nb: 2\na: 3\n", r"exp\.yaml:3: a: is there twice; keep one"),
        ("x:\n  <<: {k: 1}\n  k: 2\n  k: 3\n", r"exp\.yaml:4: x\.k: is there twice"),
        ("a: 1\n[1, 2]: 3\n", r"exp\.yaml:1: expected a word as key"),
        ("{a: 1}: 3\n", r"exp\.yaml:1: expected a word as key"),
        ("a:\n  when: 2024-13-45\n", r"exp\.yaml:2: a\.when: expected a value, got '2024-13-45' .*quote it"),
        ("a: &a\n  - *a\n", r"exp\.yaml:1: a\.0: expected data, got an alias of the block it stands in"),
        ("a: &a\n  b: {c: *a}\n", r"exp\.yaml:2: a\.b\.c: expected data, got an alias"),
    ],
)
def test_refuses_what_is_no_yaml_naming_the_line(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        _read(text)


@pytest.mark.parametrize(
    "tag",
    ["!!python/object/apply:os.getcwd []", "!!python/name:os.getcwd", "!mine 5", "!mine {b: 5}", "!!set {b}"],
)
def test_nothing_in_a_file_runs_code(tag: str) -> None:
    with pytest.raises(
        ConfigError, match=r"exp\.yaml:1: .*(determine a constructor|expected plain data, got the tag)"
    ):
        _read(f"a: {tag}\n")


def test_refuses_unknown_keys_with_a_suggestion() -> None:
    source = YamlSource("first: 1\nsecnd: 2\n", "exp.yaml")
    with pytest.raises(
        ConfigError, match=r"exp\.yaml:2: secnd: unknown key 'secnd'\. Did you mean 'second'\? Expected"
    ):
        source.check_keys(source.data, ["first", "second"])


def test_says_that_a_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"expected a YAML file, got .*absent\.yaml.*: No such file.*; check the path"
    ):
        YamlSource.read(tmp_path / "absent.yaml")


def test_says_that_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="expected a YAML file"):
        YamlSource.read(tmp_path)


def test_says_that_a_file_is_no_utf8(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: é\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"expected UTF-8 text in .*latin\.yaml.*save it as UTF-8"):
        YamlSource.read(tmp_path / "latin.yaml")


def test_a_misspelt_file_is_suggested(tmp_path: Path) -> None:
    (tmp_path / "grid.yaml").write_text("a: 1")
    with pytest.raises(ConfigError, match=r"No such file or directory; check the path\. Did you mean 'grid"):
        YamlSource.read(tmp_path / "grd.yaml")
    with pytest.raises(ConfigError, match="Is a directory; check the path"):
        YamlSource.read(tmp_path)


@pytest.mark.parametrize(
    "number",
    [
        "0x" + "f" * 4_000,
        "0b" + "1" * 30_000,
        "0" + "7" * 6_000,
        ":".join(["59"] * 3_000),
        ":".join(["59"] * 300_000),  # an hour, if it were built
        ":".join(["59"] * 300) + ".5",
        "9" * 5_000,
        "-" + "9" * 310,
        "1." + "0" * 5_000,
    ],
    ids=lambda number: f"{number[:4]} of {len(number)}",
)
@pytest.mark.parametrize("text", ["a: 1\nb: {}\n", "a: 1\n{}: 2\n", "a: 1\nb: [1, {}]\n"])
def test_refuses_a_number_that_nobody_can_print_with_its_line(number: str, text: str) -> None:
    if text.endswith("2\n"):
        number = f"? {number}\n"  # only so may a key be long
    with pytest.raises(
        ConfigError, match=r"exp\.yaml:2: (b.*: )?expected a number below 10 to .* characters"
    ):
        _read(text.format(number))


def test_a_long_number_that_is_a_float_is_taken() -> None:
    assert _read("a: " + "9" * 300) == {"a": int("9" * 300)}
    assert _read("a: '" + "9" * 5_000 + "'") == {"a": "9" * 5_000}


@pytest.mark.parametrize(
    "value",
    ["!!int ''", "!!int word", "!!float ''", "!!bool maybe", "!!timestamp soon"],
)
def test_refuses_what_its_tag_or_form_does_not_fit(value: str) -> None:
    with pytest.raises(ConfigError, match=r"exp\.yaml:2: b: expected a value, got .*; quote it"):
        _read(f"a: 1\nb: {value}\n")


def test_waits_at_no_pipe_and_reads_no_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    for name in ("pipe.yaml", "zero.yaml"):
        with pytest.raises(ConfigError, match=f"expected a YAML file, got .*{name}', which is no regular"):
            YamlSource.read(tmp_path / name)


def test_reads_no_further_than_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("smote_bench.experiment.yaml_source.MOST_BYTES", 10)
    (tmp_path / "a.yaml").write_text("a: 1234567")
    assert YamlSource.read(tmp_path / "a.yaml").data == {"a": 1234567}
    (tmp_path / "a.yaml").write_text("a: 12345678")
    with pytest.raises(ConfigError, match=r"at most 10 bytes, got 11 in .*: split it"):
        YamlSource.read(tmp_path / "a.yaml")


def test_a_folder_is_not_suggested_for_itself(tmp_path: Path) -> None:
    (tmp_path / "grid.yaml").mkdir()
    with pytest.raises(ConfigError, match=r"Is a directory; check the path\.$"):
        YamlSource.read(tmp_path / "grid.yaml")


def test_lines_may_end_as_on_other_systems(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a: 1\r\nb: 'c\r\n\r\n  d'\r\n")
    assert YamlSource.read(tmp_path / "a.yaml").data == {"a": 1, "b": "c\nd"}


@pytest.mark.parametrize(("written", "read"), [("010", "8"), ("0x1F", "31"), ("12:30", "750"), ("0b11", "3")])
def test_a_label_that_yaml_reads_as_another_number_is_refused(written: str, read: str) -> None:
    with pytest.raises(ConfigError, match=f"got {written}, which YAML reads as {read}: put it in quotes"):
        _read(f"datasets:\n  - {{name: a, minority: {written}}}\n")
    assert _read(f"datasets:\n  - {{minority: '{written}'}}\n") == {"datasets": [{"minority": written}]}
    assert _read(f"seed: {written}\n") == {"seed": int(read)}


@pytest.mark.parametrize(
    "written",
    [
        *("10", "-1", "+5", "1.50", ".5", "1.0e+3", ".inf", ".nan", "0", "-0.0"),
        *("9007199254740993", "9223372036854775807", "-9223372036854775808", "1_000"),
    ],
)
def test_other_numbers_of_data_sets_are_not(written: str) -> None:
    assert repr(_read(f"datasets: [{written}]")) == repr(yaml.safe_load(f"datasets: [{written}]"))
