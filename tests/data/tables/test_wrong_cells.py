"""An error about cells names the lines of the file in which they stand."""

from __future__ import annotations

import gzip
import pickle
import re
from pathlib import Path

import pytest
import yaml

from smote_bench.data.dataset import load_dataset
from smote_bench.data.sources import parse_source
from smote_bench.data.tables.wrong_cells import WrongCellsError
from smote_bench.errors import ConfigError

ROWS = [f"{n / 7:.3f},{n % 5},{'yes' if n % 4 == 0 else 'no'}" for n in range(60)]


def _source(folder: Path, rows: list[str], head: str = "a,b,left\n", name: str = "mine.csv", **more):
    text = head + "\n".join(rows) + "\n"
    path = folder / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return parse_source({"name": "mine", "file": name, "target": "left", "minority": "yes", **more}, folder)


@pytest.mark.parametrize("name", ["mine.csv", "mine.csv.gz"])
def test_an_infinite_number_is_told_with_its_line(tmp_path: Path, name: str) -> None:
    rows = [*ROWS]
    rows[20], rows[30] = "inf,1,no", "-Infinity,1,no"
    with pytest.raises(ConfigError, match=rf"got 2 infinite.*\({name}, lines 22, 32\)"):
        _source(tmp_path, rows, name=name)


def test_texts_among_numbers_are_told_with_their_lines_and_counted(tmp_path: Path) -> None:
    rows = [f"oops{n},{row.partition(',')[2]}" if n in (3, 9, 11, 13) else row for n, row in enumerate(ROWS)]
    with pytest.raises(ConfigError, match=r"got mostly numbers.*\(mine.csv, lines 5, 11, 13 and more\)"):
        _source(tmp_path, rows)


def test_lines_are_the_files_own_behind_lines_that_are_skipped(tmp_path: Path) -> None:
    rows = [*ROWS]
    rows[1] = "inf,1,no"
    with pytest.raises(ConfigError, match=r"\(mine.csv, line 6\)"):
        _source(
            tmp_path,
            [rows[0], "", *rows[1:]],
            head="# made by hand\n" + "a,b,left\n\n",
            read={"comment": "#"},
        )


def test_the_lines_are_of_the_test_file_where_it_is_that(tmp_path: Path) -> None:
    rows = [*ROWS]
    rows[4] = "inf,1,yes"
    (tmp_path / "later.csv").write_text("a,b,left\n" + "\n".join(rows) + "\n")
    with pytest.raises(ConfigError, match=r"\(later.csv, line 6\)"):
        _source(tmp_path, ROWS, test="later.csv")


def test_the_error_survives_the_way_between_processes() -> None:
    error = pickle.loads(pickle.dumps(WrongCellsError("no", "a", ("x",))))
    assert (str(error), error.column, error.texts) == ("no", "a", ("x",))


@pytest.mark.parametrize("marks", [["k.A."], [".A", ".B"], ["1.#INF"], ["s. o.", "#?"]])
@pytest.mark.parametrize("cell", ["{0}.5", "2024-01-01T{1:02d}:{0:02d}:00", "{1}:{0:02d}"])
def test_words_that_may_stand_for_missing_cells_come_with_the_key_that_says_so(tmp_path, marks, cell):
    cells = (marks[n // 4 % len(marks)] if n % 4 == 3 else cell.format(n, n % 24) for n in range(60))
    rows = [f"{text},{row.partition(',')[2]}" for text, row in zip(cells, ROWS, strict=True)]
    with pytest.raises(ConfigError) as refused:
        _source(tmp_path, rows)
    key = re.search(r"'read: (\{.*?\})' takes (it|them) as missing, or list", str(refused.value))
    column = load_dataset(_source(tmp_path, rows, read=yaml.safe_load(key[1]))).X["a"]
    assert column.dtype == "float64"
    assert column.isna().sum() == 15


def test_of_words_with_digits_or_of_many_nothing_is_taken_as_missing(tmp_path):
    for wrong in (["1,2.3,4", "1..2"], [f"oops{chr(97 + n)}" for n in range(8)]):
        rows = [f'"{wrong[n % len(wrong)]}",1,no' if n % 7 == 3 else row for n, row in enumerate(ROWS)]
        with pytest.raises(ConfigError, match="leave those cells empty, or list") as refused:
            _source(tmp_path, rows)
        assert "na:" not in str(refused.value)
