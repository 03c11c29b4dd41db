"""Names of columns: on one line, without blanks around, none left empty."""

from __future__ import annotations

from smote_bench.data.files.column_names import names_of


def test_names_are_put_on_one_line_with_a_word():
    names = names_of(["a", "weight\r\n (kg)", " b\n"])
    assert names.header == ["a", "weight (kg)", "b"]
    assert names.remarks("t.csv") == [
        "t.csv: blanks around names of columns are left out, as of ' b\\n'",
        "t.csv: line breaks in names of columns are read as blanks, as in 'weight (kg)'",
    ]


def test_columns_without_a_name_get_one_that_no_other_has():
    names = names_of(["", "Unnamed: 0", " \n"])
    assert names.header == ["Unnamed: 0_", "Unnamed: 0", "Unnamed: 2"]
    assert names.nameless == {0, 2}
    assert names.remarks("t.csv") == []
