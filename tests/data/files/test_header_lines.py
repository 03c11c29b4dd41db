"""Where a header lacks the target, an error says which of the next lines has it."""

from __future__ import annotations

import pytest

from smote_bench.data.files.header_lines import line_with
from smote_bench.data.sources import parse_source
from smote_bench.errors import ConfigError

KEYS = "Station;Kiel\nLat;54,3\nSensor;A7\n"


def test_lines_of_keys_before_the_header_are_answered_with_its_line(tmp_path):
    (tmp_path / "t.csv").write_text(KEYS + "temp;hum;y\n" + "1,5;3;yes\n2,5;4;no\n3,5;4;no\n" * 9)
    entry = {"name": "t", "file": "t.csv", "target": "y", "minority": "yes"}
    with pytest.raises(ConfigError, match=r"line 4 has 'y': 'read: {header: 4}' says"):
        parse_source(entry, tmp_path)
    assert parse_source({**entry, "read": {"header": 4}}, tmp_path).findings


def test_a_name_that_no_line_has_or_the_first_alone_is_in_none(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"a,y\n1,yes\n\xff,no\n")
    assert [line_with(tmp_path / "t.csv", name) for name in ("y", "z", "yes")] == [0, 0, 2]
