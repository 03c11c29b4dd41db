"""What tests of data may ask for."""

from __future__ import annotations

import pytest
from data.own_file import TABLE


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "own.csv").write_text(TABLE)
    return tmp_path
