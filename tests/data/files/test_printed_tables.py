"""Tables as terminals and Markdown print them are refused by what they look like."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.data.dataset import load_dataset
from smote_bench.data.files import printed_tables
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

ROWS = [(n, "yes" if n % 4 == 0 else "no") for n in range(12)]
PRINTED = {
    "psql": " id |  y  \n----+-----\n" + "".join(f" {n:2} | {y}\n" for n, y in ROWS) + "(12 rows)\n",
    "markdown": "| id | y |\n|---:|:--|\n" + "".join(f"| {n} | {y} |\n" for n, y in ROWS),
    "short markdown": "| id | y |\n|-|:-:|\n" + "".join(f"| {n} | {y} |\n" for n, y in ROWS),
    "bare markdown": "id | y\n--- | ---\n" + "".join(f"{n} | {y}\n" for n, y in ROWS),
    "mysql": "+----+-----+\n| id | y   |\n+----+-----+\n" + "".join(f"| {n:2} | {y:3} |\n" for n, y in ROWS),
    "rst": "==== ====\n id   y\n==== ====\n" + "".join(f" {n:2}  {y}\n" for n, y in ROWS),
    "sqlcmd": "id  y\n--- ---\n" + "".join(f"{n:3} {y}\n" for n, y in ROWS),
    "duckdb": "┌────┬─────┐\n│ id │  y  │\n├────┼─────┤\n" + "".join(f"│ {n} │ {y} │\n" for n, y in ROWS),
    "polars": "shape: (12, 2)\n┌─────┬─────┐\n│ id  ┆ y   │\n╞═════╪═════╡\n",
}


def parse(folder, content, file="t.txt", **keys):
    packed = gzip.compress(content.encode()) if file.endswith(".gz") else content.encode()
    (folder / file).write_bytes(packed)
    return parse_source({"name": "t", "file": file, "target": "y", "minority": "yes", **keys}, folder)


@pytest.mark.parametrize("file", ["t.txt", "t.csv", "t.csv.gz"])
@pytest.mark.parametrize("kind", list(PRINTED))
def test_a_printed_table_is_refused_by_its_rule(tmp_path, kind, file):
    with pytest.raises(
        ConfigError, match=r"got a table as programs print it .* write it as CSV where it com"
    ):
        parse(tmp_path, PRINTED[kind], file)


def test_it_may_be_read_where_its_owner_says_how(tmp_path):
    text = "id|y\n---+---\n" + "".join(f"{n * n}.5|{y}\n" for n, y in ROWS)
    source = parse(tmp_path, text, read={"sep": "|", "comment": "-"})
    assert load_dataset(source).X["id"].tolist() == [n * n + 0.5 for n, _ in ROWS]


@pytest.mark.parametrize(
    "line", ["a,y", "-1,-2", "--,--", "---", "-", "|-|-|", "a-b|c", "1 2", "a\tb", "", "=1+1"]
)
def test_other_lines_are_no_rules(line):
    assert printed_tables._RULE.fullmatch(line) is None


@given(st.lists(st.sampled_from(["a", "-", "--", "1", "", "-1"]), min_size=1), st.sampled_from(",;\t"))
def test_cells_between_usual_marks_are_no_rule(cells, mark):
    assert printed_tables._RULE.fullmatch(mark.join(cells)) is None or mark == "\t"
