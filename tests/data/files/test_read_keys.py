"""The key ``read``: it overrides what is guessed, its mistakes are told, it is part of the key where set."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile

import pytest

from smote_bench.data.dataset import load_dataset
from smote_bench.data.files.read_keys import ReadKeys, parse_read_keys
from smote_bench.data.fingerprints import fingerprint
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

ENTRY = {"name": "own", "file": "own.csv", "target": "y", "minority": "yes"}


@pytest.fixture
def load(tmp_path):
    def load(text, encoding="utf-8", **keys):
        (tmp_path / keys.get("file", "own.csv")).write_bytes(text.encode(encoding))
        return load_dataset(parse_source({**ENTRY, **keys}, tmp_path))

    return load


@pytest.mark.parametrize(
    ("text", "read", "values"),
    [
        ("a^y\n1^yes\n2^no\n3^no\n", {"sep": "^"}, [1, 2, 3]),
        ("a   y\n1 yes\n 2   no\n3 no \n", {"sep": "blank"}, [1, 2, 3]),
        ("a\ty\n1\tyes\n2\tno\n3\tno\n", {"sep": "tab"}, [1, 2, 3]),
        ('a,y\n"1,5",yes\n"2e,1",no\n"3,0",no\n'.replace("2e,1", "2,1e1"), {"decimal": ","}, [1.5, 21, 3]),
        ('a,y\n"1,234.5",yes\n2,no\n"-3,000,000",no\n', {"thousands": ","}, [1234.5, 2, -3e6]),
        ("a;y\n1.234,5;yes\n2;no\n3.000;no\n", {"thousands": "."}, [1234.5, 2, 3000]),
        ("a;y\n1'234.5;yes\n2;no\n3;no\n", {"thousands": "apostrophe"}, [1234.5, 2, 3]),
        ("x,x\n\na,y\n1,yes\n2,no\n3,no\n", {"header": 3}, [1, 2, 3]),
        ("1,yes\n2,no\n3,no\n", {"header": ["a", "y"]}, [1, 2, 3]),
        ("%% by x\na,y\n1,yes\n%% 7,no\n2,no\n3,no\n", {"comment": "%%"}, [1, 2, 3]),
        ("a,y\n1,yes\n2,no\nweg,no\n-9,no\n", {"na": ["WEG", -9]}, [1, 2, None, None]),
        ("a,y\n1,yes\n2,no\n-9.0,no\n", {"na": -9}, [1, 2, None]),
    ],
)
def test_what_is_said_of_a_file_holds_without_a_guess(load, text, read, values):
    own = load(text, read=read)
    found = [None if value != value else value for value in own.X["a"].tolist()]
    assert found == values
    assert own.y.tolist() == [1] + [0] * (len(values) - 1)
    assert "sep" not in read or "separated" not in own.card.remarks
    assert "decimal" not in read or "decimal" not in own.card.remarks


def test_an_encoding_that_is_said_is_taken(load):
    text = "größe,y\n1,yes\n2,no\n3,no\n"
    assert list(load(text, "cp437", read={"encoding": "cp437"}).X.columns) == ["größe"]
    with pytest.raises(ConfigError, match="expected a CSV file in ascii at"):
        load(text, read={"encoding": "ascii"})


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-7"])
def test_a_wrong_encoding_is_an_error_that_says_so(load, encoding):
    # an odd number of bytes, a letter that is none in utf-7, no mark of utf-16
    text = "größe,y\n" + "1é,yes\n2,no\n3,no\n" * 5 + "4,no"
    with pytest.raises(ConfigError, match=r"encoding|expected a column"):
        load(text, read={"encoding": encoding})


def test_utf_16_that_lacks_its_mark_is_named_as_what_it_is(load):
    with pytest.raises(ConfigError, match=r"correct 'encoding' in 'read', the file looks like utf-16-le"):
        load("a,y\n1,yes\n2,no\n3,no\n", "utf-16-le", read={"encoding": "utf-16"})


def test_an_arff_file_in_another_encoding_than_given_is_an_error(load):
    text = "@relation a\n@attribute a numeric\n@attribute y {yes,no}\n@data\n1,yes\n2,no\n3,no\n"
    with pytest.raises(
        ConfigError, match=r"own\.arff.*correct 'encoding' in 'read', the file looks like utf-8,"
    ):
        load(text, file="own.arff", read={"encoding": "utf-16"})


def test_a_file_without_a_header_has_numbered_columns(load):
    own = load("1,5,yes\n2,6,no\n3,7,no\n", read={"header": False}, target="c3")
    assert list(own.X.columns) == ["c1", "c2"]
    assert own.X["c1"].tolist() == [1, 2, 3]
    with pytest.raises(ConfigError, match=r"'read: \{header: false\}' says that there is none"):
        load("2,5,1\n2,6,0\n3,7,0\n")


def test_names_of_another_number_than_the_cells_are_refused(load):
    with pytest.raises(ConfigError, match="line 1: expected 3 cells as in the header, got 2"):
        load("1,yes\n2,no\n", read={"header": ["a", "b", "y"]})


def test_only_what_is_named_stands_for_a_missing_cell(load):
    text = "a,b,y\n1,NA,yes\n2,?,no\n3,x,no\n"
    assert load(text).X["b"].isna().tolist() == [True, True, False]
    own = load(text, read={"na": {"only": ["?"]}})
    assert own.X["b"].isna().tolist() == [False, True, False]
    assert "NA" in own.X["b"].cat.categories


@pytest.mark.parametrize(
    ("read", "words"),
    [
        ("sep", r"expected \{sep, encoding, .*\} for 'read', got 'sep' \(str\)"),
        ({"seps": ";"}, "expected the keys sep, encoding, .* got 'seps'.* Did you mean 'sep'"),
        ({"sep": "ab"}, "expected one character between cells, .* for 'sep' in 'read', got 'ab'"),
        ({"sep": 1}, r"for 'sep' in 'read', got 1 \(int\)"),
        ({"encoding": "utf-9"}, "expected a codec of Python, such as cp1252 for 'encoding'"),
        ({"encoding": "rot13"}, "a codec of Python"),
        ({"encoding": "punycode"}, "a codec of Python"),
        ({"encoding": "zlib"}, "a codec of Python"),
        ({"decimal": ";"}, "expected '.' or ',' for 'decimal' in 'read', got ';'"),
        ({"thousands": "x"}, "for 'thousands' in 'read', got 'x'"),
        ({"thousands": ",", "decimal": ","}, "another character for 'thousands' than for 'decimal'"),
        ({"header": 0}, "the number of the header's line from 1 on, .* got 0"),
        ({"header": True}, "got True"),
        ({"header": ["a", "a"]}, "distinct names for 'header'"),
        ({"comment": " "}, "for 'comment' in 'read', got ' '"),
        ({"na": {"all": []}}, "expected a list of values that stand for missing cells"),
        ({"na": [True]}, r"got \[True\] \(list\)"),
    ],
)
def test_wrong_keys_and_values_are_told_with_what_is_allowed(read, words):
    with pytest.raises(ConfigError, match=f"dataset 'own': .*{words}"):
        parse_read_keys(read, "dataset 'own'")


def test_it_is_part_of_the_fingerprint_where_it_is_set_only(tmp_path):
    (tmp_path / "own.csv").write_text("a,y\n1,yes\n2,no\n3,no\n")
    plain = fingerprint(parse_source(ENTRY, tmp_path))
    assert "read" not in plain
    for read in ({}, None):
        assert fingerprint(parse_source({**ENTRY, "read": read}, tmp_path)) == plain
    told = fingerprint(parse_source({**ENTRY, "read": {"na": [2], "header": 1}}, tmp_path))
    assert told == {**plain, "read": {"na": ["2"], "header": 1}}
    assert not ReadKeys()


def _zipped(path, content):
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("inside.csv", content)


@pytest.mark.parametrize(
    ("suffix", "pack"),
    [
        ("gz", lambda path, content: path.write_bytes(gzip.compress(content))),
        ("bz2", lambda path, content: path.write_bytes(bz2.compress(content))),
        ("xz", lambda path, content: path.write_bytes(lzma.compress(content))),
        ("zip", _zipped),
    ],
)
def test_packed_text_is_read_as_it_is_unpacked(tmp_path, suffix, pack):
    pack(tmp_path / f"own.csv.{suffix}", b"a;y\n1,5;yes\n2;no\n3;no\n")
    own = load_dataset(parse_source({**ENTRY, "file": f"own.csv.{suffix}"}, tmp_path))
    assert own.X["a"].tolist() == [1.5, 2, 3]
    (tmp_path / f"own.csv.{suffix}").write_bytes(b"a,y\n1,yes\n2,no\n")
    with pytest.raises(
        ConfigError, match=rf"packed as \.{suffix} at .*own\.csv\.{suffix}, as its name says, got text"
    ):
        parse_source({**ENTRY, "file": f"own.csv.{suffix}"}, tmp_path)


def test_a_zip_of_several_files_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "own.csv.zip", "w") as packed:
        packed.writestr("a.csv", "a,y\n")
        packed.writestr("b.csv", "a,y\n")
    with pytest.raises(ConfigError, match=r"a zip of 2 files \('a.csv', 'b.csv'\)"):
        parse_source({**ENTRY, "file": "own.csv.zip"}, tmp_path)
