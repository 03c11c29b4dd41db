"""A row that is the header again is refused, with its line, whatever the minority is."""

from __future__ import annotations

import pandas as pd
import pytest

from smote_bench.data.files.read_keys import ReadKeys
from smote_bench.data.sources import parse_source
from smote_bench.data.tables.rarest_label import rarest_label
from smote_bench.errors import ConfigError

WORDS = "smoker,region,churn", [f"{n % 3 and 'yes'},r{n % 4},{'Yes' if n % 4 else 'No'}" for n in range(20)]
NUMBERS = "age,bmi,y", [f"{n % 7},{n / 8},{int(n % 4 == 0)}" for n in range(20)]


def parse(folder, target, minority, **keys):
    entry = {"name": "t", "file": "t.csv", "target": target, "minority": minority, **keys}
    return parse_source(entry, folder)


@pytest.mark.parametrize(("header", "rows"), [WORDS, NUMBERS])
@pytest.mark.parametrize("spelled", [str, str.upper, lambda text: text.replace(",", " , ")])
def test_the_header_amid_the_rows_is_refused_with_its_line(tmp_path, header, rows, spelled):
    (tmp_path / "t.csv").write_text("\n".join([header, *rows, spelled(header), *rows]) + "\n")
    target = header.split(",")[-1]
    with pytest.raises(ConfigError, match=r"t\.csv, line 22: .* got the header again .*: remove it"):
        parse(tmp_path, target, "No" if target == "churn" else 1)


def test_so_it_is_in_a_large_plain_file_in_parquet_and_where_no_minority_is_named(tmp_path):
    header, rows = WORDS
    (tmp_path / "t.csv").write_text("\n".join([header, *rows * 4000, header, *rows]) + "\n")
    with pytest.raises(ConfigError, match=r"t\.csv, line 80002: .* got the header again"):
        parse(tmp_path, "churn", "No")
    with pytest.raises(ConfigError, match="got the header again"):
        rarest_label(tmp_path / "t.csv", "churn", ReadKeys())
    frame = pd.DataFrame([row.split(",") for row in [*rows, header, *rows]], columns=header.split(","))
    frame.to_parquet(tmp_path / "t.parquet")
    with pytest.raises(ConfigError, match=r"row 21 of the data: .* got the header again"):
        parse(tmp_path, "churn", "No", file="t.parquet")


def test_a_label_that_is_called_as_the_target_is_none(tmp_path):
    (tmp_path / "t.csv").write_text("x,y\n" + "1,y\n2,n\n3,n\nx,n\n" * 9)
    assert parse(tmp_path, "y", "y", kinds={"x": "nominal"})
