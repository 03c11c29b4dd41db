"""Numbers beyond what float64 and its squares hold are named before the first cell."""

from __future__ import annotations

import pytest

from smote_bench.data.sources import parse_source

ENTRY = {"name": "own", "file": "own.csv", "target": "y", "minority": "yes"}


def caveats(folder, cells, **keys):
    rows = [f"{n % 3},{cell},{'yes' if n in (3, 8) else 'no'}" for n, cell in enumerate(cells)]
    (folder / "own.csv").write_text("\n".join(["x,a,y", *rows]) + "\n")
    found = parse_source({**ENTRY, **keys}, folder).findings
    return [str(one) for one in found if one.column == "a" and one.kind == "suspect"]


@pytest.mark.parametrize("missing", ["", "NA"])
def test_whole_numbers_beyond_two_to_the_53_are_named(tmp_path, missing):
    (said,) = caveats(tmp_path, [*(2**53 + n % 4 for n in range(9)), missing])
    assert "column 'a' has 9 whole numbers beyond 2**53" in said
    assert caveats(tmp_path, [*(2**53 + n % 4 for n in range(9)), missing], drop=["a"]) == []


def test_huge_numbers_are_named(tmp_path):
    (said,) = caveats(tmp_path, ["1e308", "-1e200", *"1234567"])
    assert "column 'a' has 2 numbers beyond 1e150" in said


def test_other_numbers_are_not(tmp_path):
    assert caveats(tmp_path, [2**53 - 1 - n for n in range(9)]) == []
    assert caveats(tmp_path, [1e20 + 0.5, 1.5, *"1234567"]) == []
