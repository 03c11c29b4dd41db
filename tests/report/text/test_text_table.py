"""Tables as Markdown and LaTeX: nothing in a cell is taken for markup."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from smote_bench.report.text.text_table import TextTable, escape_markdown, format_number

SPECIAL = "_%&#${}~^\\|*`<>[]\n ab1±"
CELLS = st.text(SPECIAL, max_size=8)


def _latex_body(text):
    return text.split("\\midrule\n")[1].split("\\bottomrule")[0].strip().splitlines()


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_latex_keeps_cells_and_leaves_no_special_character_bare(rows):
    lines = _latex_body(TextTable(["a", "b", "c"], rows).latex("x"))
    assert len(lines) == len(rows)
    for line in lines:
        assert line.endswith(r"\\")
        plain = re.sub(r"\\text\w+\{\}|\\[&%$#_{}]|\$\\pm\$", "", line.removesuffix(r"\\"))
        assert plain.count("&") == 2
        assert not set(plain) & set("_%#${}~^\\<>|`")


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_markdown_keeps_three_cells_on_one_line_a_row(rows):
    lines = TextTable(["a", "b", "c"], rows).markdown().split("\n")[2:-1]
    assert len(lines) == len(rows)
    for line in lines:
        bars = re.sub(r"\\.", "", line)
        assert bars.count("|") == 4
        assert not set(bars) & set("*`<>[]")


def test_each_special_character_has_its_latex_form():
    text = TextTable(["h"], [["_%&#${}~^\\|`"]]).latex("x")
    assert (
        r"\_\%\&\#\$\{\}\textasciitilde{}\textasciicircum{}\textbackslash{}\textbar{}\textasciigrave{} \\"
        in text
    )


def test_names_with_underscores_stay_readable_in_markdown():
    assert escape_markdown("Safe_Level_SMOTE") == "Safe_Level_SMOTE"
    assert escape_markdown("_x_") == r"\_x\_"


def test_best_cells_are_bold_and_numbers_stand_right():
    table = TextTable(["m", "x"], [["A", "0.1 ± 0.2"], ["B", "0.3"]], "C", frozenset({(1, 1)}))
    assert table.markdown() == "C\n\n| m | x |\n| --- | ---: |\n| A | 0.1 ± 0.2 |\n| B | **0.3** |\n"
    assert r"\begin{tabular}{lr}" in table.latex("x")
    assert r"B & \textbf{0.3} \\" in table.latex("x")
    assert r"\caption{C}\label{tab:x-y}" in table.latex("x_y")


def test_a_long_table_breaks_over_pages():
    short, long = (TextTable(["x"], [["1"]] * n).latex("x") for n in (40, 41))
    assert "longtable" not in short
    assert long.startswith("% needs the packages booktabs, longtable\n\\begin{longtable}{r}")
    assert long.count(r"\toprule") == 2, "the head is repeated on every page"


def test_a_table_without_rows_has_its_head():
    assert TextTable(["a", "b"], []).markdown() == "| a | b |\n| --- | --- |\n"
    assert r"a & b \\" in TextTable(["a", "b"], []).latex("x")


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6))
def test_numbers_keep_four_decimals_or_their_first_digits(value):
    assert abs(float(format_number(repr(value))) - value) <= max(0.00005, 0) + 1e-9
    assert value == 0 or float(format_number(repr(value))) != 0
