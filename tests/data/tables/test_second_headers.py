"""Lines of words below the header, as units or questions: a caveat says that they are taken for rows."""

from __future__ import annotations

import pandas as pd
import pytest

from smote_bench.data.sources import parse_source

ROWS = [f"{n % 7 + 0.5},{n},{'ab'[n % 2]},{'yes' if n % 4 else 'no'}" for n in range(40)]


def said(folder, *lines, header="len,mass,kind,y", name="t.csv", **keys):
    """Return the caveats on lines that look like names."""
    text = "\n".join([header, *lines]) + "\n"
    (folder / name).write_text(text, encoding="utf-8")
    entry = {"name": "t", "file": name, "target": "y", "minority": "no", "drop_duplicates": False, **keys}
    findings = parse_source(entry, folder).findings
    return [str(one) for one in findings if one.is_caveat and "nowhere else" in one.text]


@pytest.mark.parametrize(
    "line",
    [
        "cm,kg,name,code",
        "How long?,How heavy?,What kind?,Did it break?",
        "Response,Response,Response,Response",
        ",Mass in kg,kind of,class",  # one column of numbers, with its name
    ],
)
def test_a_line_of_words_below_the_header_is_a_caveat(tmp_path, line):
    (caveat,) = said(tmp_path, line, *ROWS)
    assert "t.csv, line 2" in caveat
    assert "is taken for a row of the majority" in caveat
    assert said(tmp_path, *ROWS) == []


def test_so_are_two(tmp_path):
    (caveat,) = said(tmp_path, "Length,Weight,What?,Broken?", '{"Id":1},{"Id":4},{"Id":2},{"Id":3}', *ROWS)
    assert "of the first 2 rows" in caveat
    assert "remove them from the file" in caveat


def test_so_is_one_of_a_sheet(tmp_path):
    cells = [line.split(",") for line in ["cm,kg,name,code", *ROWS]]
    frame = pd.DataFrame(
        [[*((float(a), int(b)) if n else (a, b)), c, d] for n, (a, b, c, d) in enumerate(cells)]
    )
    frame.columns = ["len", "mass", "kind", "y"]
    frame.to_excel(tmp_path / "t.xlsx", index=False)
    entry = {"name": "t", "file": "t.xlsx", "target": "y", "minority": "no", "drop_duplicates": False}
    found = [one for one in parse_source(entry, tmp_path).findings if "nowhere else" in one.text]
    assert ["t.xlsx, the first row" in one.text for one in found] == [True]


@pytest.mark.parametrize(
    "line",
    [
        "1.5,kg,c,maybe",  # a number among numbers
        "x,kg,a,maybe",  # a category that comes again
        "x,kg,c,yes",  # a label that comes again
        "x,kg,c,no",
        "<0.5,kg,c,maybe",
        "placebo,,c,screen failure",  # one column of numbers
        "unknown,missing,c,maybe",
        "3 cm,kg,c,maybe",
    ],
)
def test_a_row_with_a_value_that_others_have_is_a_row(tmp_path, line):
    assert said(tmp_path, line, *ROWS) == []


def test_a_row_of_the_minority_is_one_though_it_stands_alone(tmp_path):
    assert said(tmp_path, "1.5,5,c,rare", *ROWS, minority="rare") == []
    assert said(tmp_path, "x,z,c,rare", *ROWS, minority="rare") == []


def test_where_most_labels_stand_alone_one_says_nothing(tmp_path):
    rows = [f"{n % 7 + 0.5},{n},{'ab'[n % 2]},{'no' if n % 4 == 0 else f'name {n}'}" for n in range(40)]
    assert said(tmp_path, "cm,kg,name,code", *rows) == []


@pytest.mark.parametrize("line", ["ochre,XXL,rare", "Andorra,catholic,principality", "Color,Size,Class"])
def test_categories_alone_say_nothing(tmp_path, line):
    rows = [f"{'rgb'[n % 3]},{'SML'[n // 3 % 3]},{'yes' if n % 4 else 'no'}" for n in range(40)]
    assert said(tmp_path, line, *rows, header="color,size,y") == []
