"""ARFF as Weka, OpenML, R and KEEL write it: every cell is what the file says, or an error names the line."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.files.arff_files import read_arff
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

HEAD = "@relation t\n@attribute x real\n@attribute y {yes, no}\n@data\n"


@pytest.fixture
def read(tmp_path):
    def read(text, file="t.arff", encoding="utf-8"):
        path = tmp_path / file
        path.write_bytes(text.encode(encoding))
        frame, findings = read_arff(path, "own")
        cells = {
            name: [None if pd.isna(cell) else cell for cell in frame[name].tolist()] for name in frame.columns
        }
        return cells, [finding.text for finding in findings]

    return read


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}1.5,yes\n?,no\n",
        f"{HEAD}1.5,yes\n,no\n",
        f"{HEAD}1.5 yes\n?\tno\n",
        f"{HEAD}  1.5 ,\tyes \n ? , no\n",
        f"{HEAD}'1.5',\"yes\"\n?,'no'\n",
        f"{HEAD}1.5 'yes'\n?  \"no\" % by blanks\n",
        f"{HEAD}1.5,yes % a comment\n%another, one\n\n   % and one\n?,no,\n",
        f"{HEAD}{{0 1.5, 1 yes}}\n{{1 no, 0 ?}} % sparse\n",
        re.sub("@[a-z]+|real", lambda found: found[0].upper(), HEAD) + "1.5,yes\n?,no\n",
        HEAD.replace("\n", "\r\n").replace("@data", "@Data  \t") + "1.5,yes\r?,no\n",
        HEAD.replace("@data", "@DATA % of today") + "1.5,yes\n?,no\n",
        HEAD.replace(" real", "\tREAL % a word").replace("attribute ", "attribute\t\t") + "1.5,yes\n?,no\n",
        HEAD.replace("{yes, no}", "{ yes no } ") + "1.5,yes\n?,no\n",
        HEAD.replace("{yes, no}", "{'yes' \"no\"}") + "1.5,yes\n?,no\n",
        HEAD.replace("{yes, no}", "{'yes' , 'no', 'it\\'s, {so}'} % labels") + "1.5,yes\n?,no\n",
        HEAD.replace("y {", "y{") + "1.5,yes\n?,no\n",
        HEAD.replace("x real", "'x' integer").replace("y {", '"y"{') + "1.5,yes\n?,no\n",
    ],
)
def test_two_rows_are_two_rows_however_they_are_written(read, text):
    assert read(text) == ({"x": [1.5, None], "y": ["yes", "no"]}, [])


def test_a_quoted_label_after_unquoted_ones_is_the_same_label(read):
    text = HEAD.replace("no}", "no, 'not known'}") + "1,no\n2,'not known'\n3,\"no\"\n4,not known\n"
    assert read(text)[0]["y"] == ["no", "not known", "no", "not known"]


def test_names_and_values_may_have_any_letters_blanks_and_quotes(read):
    text = (
        "@relation 'größen % x'\n@attribute 'größe in \\'m\\'' real\n@attribute \"two  words\" {'µ, "
        "\\\"1\\\"', é, '10%', 5%}\n"
        "@data\n1.5,'µ, \"1\"'\n2,é\n3,10%\n4,5%\n"
    )
    assert read(text)[0] == {
        "größe in 'm'": [1.5, 2, 3, 4],
        "two  words": ['µ, "1"', "é", "10%", "5%"],
    }


def test_other_encodings_are_read_with_a_word(read):
    text = HEAD.replace("yes", "größer") + "1.5,größer\n2,no\n"
    for encoding, word in (("latin-1", "LATIN-1"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16-LE")):
        cells, (said,) = read(text, encoding=encoding)
        assert cells["y"] == ["größer", "no"]
        assert f"read as {word}" in said


def test_a_question_mark_in_quotes_is_a_category(read, tmp_path):
    text = HEAD.replace("y {", "c {a, '?'}\n@attribute y {") + "1,a,yes\n2,'?',no\n3,?,no\n4,\"?\",no\n"
    assert read(text)[0]["c"] == ["a", "?", None, "?"]
    entry = {"name": "own", "file": "t.arff", "target": "y", "minority": "yes"}
    X = load_dataset(parse_source(entry, tmp_path)).X
    assert X["c"].tolist()[1::2] == ["?", "?"]
    assert X["c"].isna().tolist() == [False, False, True, False]


def test_sparse_rows_mean_0_and_the_first_value_where_they_say_nothing(read):
    head = "@attribute a real\n@attribute b {u, 'v w'}\n@attribute c string\n@attribute y {n, p}\n@data\n"
    cells, (said,) = read(head + "{}\n{0 2, 1 'v w', 2 'a } , b', 3 p}\n{ }\n{3 p, 1 ?}\n")
    assert cells == {
        "a": [0, 2, 0, 0],
        "b": ["u", "v w", "u", None],
        "c": [None, "a } , b", None, None],
        "y": ["n", "p", "n", "p"],
    }
    assert said.endswith("what they leave out is 0, and of nominal attributes the first value, as 'u' of 'b'")


def test_text_attributes_are_text_and_an_identifier_where_nearly_all_differ(read, tmp_path):
    head = "@attribute id string\n@attribute x real\n@attribute note STRING\n@attribute y {n, p}\n@data\n"
    notes = ["'not, good'", "good"]
    rows = [f"c{n}x,{n % 7}.5,{notes[n % 2]},{'np'[n % 3 == 0]}" for n in range(60)]
    assert read(f"{head}" + "\n".join(rows))[0]["note"][:2] == ["not, good", "good"]
    source = parse_source({"name": "own", "file": "t.arff", "target": "y", "minority": "p"}, tmp_path)
    assert list(load_dataset(source).X) == ["x", "note"]
    assert any(finding.kind == "left out" and finding.column == "id" for finding in source.findings)


def test_dates_are_read_by_their_form(read):
    head = "@attribute a date\n@attribute b date \"dd.MM.yyyy HH:mm\"\n@attribute c DATE 'yyyy'\n@data\n"
    cells, _ = read(f"{head}2024-01-31T10:00:00,'31.01.2024 10:00',2024\n?,\"01.02.2024 00:30\",?\n")
    assert cells == {
        "a": [pd.Timestamp("2024-01-31 10:00"), None],
        "b": [pd.Timestamp("2024-01-31 10:00"), pd.Timestamp("2024-02-01 00:30")],
        "c": [pd.Timestamp("2024-01-01"), None],
    }


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("1,yes\n2,no,3\n", "line 6: expected 2 cells, one for each attribute, got 3 ('2,no,3')"),
        ("1,yes\n2\n", "line 6: expected 2 cells, one for each attribute, got 1"),
        ("1,yes\n%\n\n1,maybe\n", "line 8: expected one of 'yes', 'no' in attribute 'y', got 'maybe'"),
        ("1;5,yes\n", "line 5: expected a number in attribute 'x', got '1;5'"),
        ("1_0,yes\n", "line 5: expected a number in attribute 'x', got '1_0'"),
        ("1,'yes\n2,no\n", "line 5: expected a quotation mark that is closed before the next comma, got"),
        ("1,yes,{5}\n", "got '{5}': make an attribute of the weights"),
        ("{1 yes},{5}\n", "got ',{5}': make an attribute of the weights"),
        ("{2 yes}\n", "line 5: expected {number value, number value} with distinct numbers from 0 to 1"),
        ("{0 1, 0 2}\n", "line 5: expected {number value"),
        ("{0 1, 1 yes\n", "line 5: expected {number value"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(read, rows, words):
    with pytest.raises(ConfigError, match=re.escape(words)):
        read(f"{HEAD}{rows}")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("@attribute x relational", "line 2: expected numeric, real, integer, string, a date"),
        ("@attribute x date 'QQ'", "line 2: expected numeric, real, integer, string, a date"),
        ("@attribute two words real", "of attribute 'two', got 'words real'"),
        ("@attribute x", "as the type of attribute 'x', got ''"),
        ("@attribute 'x real", "line 2: expected a name, in quotes where it has blanks"),
        ("@attribute x {a, b", "line 2: expected {values, by, commas} in one line"),
        ("@attribute x {it's, b}\n@attribute x real", "line 3: expected distinct names of attributes"),
    ],
)
def test_a_wrong_attribute_is_refused_with_its_line(read, line, words):
    with pytest.raises(ConfigError, match=re.escape(words)):
        read(HEAD.replace("@attribute x real", line) + "1,yes\n")


def _quoted(text, mark):
    escaped = text.replace("\\", "\\\\").replace(mark, f"\\{mark}").replace("\n", "\\n").replace("\t", "\\t")
    return f"{mark}{escaped}{mark}"


TEXTS = st.text(st.sampled_from("ab ?%,'\"\\{}\n\té"), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.none() | st.floats(-1e9, 1e9), st.none() | TEXTS, TEXTS), min_size=1, max_size=6
    ),
    name=TEXTS,
    marks=st.lists(st.sampled_from("'\""), min_size=3, max_size=3),
    sparse=st.booleans(),
    by=st.sampled_from([",", " , ", ",\t"]),
)
def test_every_cell_comes_back_as_it_was_written(tmp_path_factory, rows, name, marks, sparse, by):
    labels = dict.fromkeys(label for _, _, label in rows)
    lines = [
        "@relation t",
        "@attribute number numeric",
        f"@attribute {_quoted(f'n{name}', marks[0])} string",
        f"@attribute label {{{by.join(_quoted(label, marks[1]) for label in labels)}}}",
        "@data",
    ]
    for value, text, label in rows:
        cells = [
            "?" if value is None else repr(value),
            "?" if text is None else _quoted(text, marks[2]),
            _quoted(label, marks[0]),
        ]
        row = by.join(f"{n} {cell}" for n, cell in enumerate(cells)) if sparse else by.join(cells)
        lines.append(f"{{{row}}}" if sparse else row)
    path = tmp_path_factory.mktemp("arff") / "t.arff"
    path.write_bytes("\n".join(lines).encode())
    frame, _ = read_arff(path, "own")
    assert frame.columns.tolist() == ["number", f"n{name}", "label"]
    np.testing.assert_array_equal(
        frame["number"], [np.nan if value is None else value for value, _, _ in rows]
    )
    found = [None if pd.isna(text) else text for text in frame[f"n{name}"]]
    assert found == [text for _, text, _ in rows]
    assert frame["label"].tolist() == [label for _, _, label in rows]


def test_whole_numbers_that_are_too_long_for_floats_keep_their_digits(read):
    cells, _ = read(f"{HEAD}12345678901234567891,yes\n?,no\n-7,no\n1e3,no\n")
    assert cells["x"] == ["12345678901234567891", None, "-7", "1000"]
    cells, _ = read(f"{HEAD}12345678901234567891,yes\n0.5,no\n")
    assert cells["x"] == [12345678901234567891.0, 0.5]
