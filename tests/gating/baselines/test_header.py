"""The readable part of a baseline: found by its name, listed, and JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from gating.baselines.made_baselines import evidence_of
from hypothesis import given
from hypothesis import strategies as st

from smote_bench.errors import ConfigError
from smote_bench.gating.baselines.baseline import list_baselines, load_baseline, save_baseline
from smote_bench.gating.baselines.header import readable_json


def test_is_found_by_its_name_or_by_its_path(tmp_path: Path) -> None:
    path = save_baseline(evidence_of(), tmp_path / "baselines" / "main")
    for word in ("main", str(path), str(path.with_name("main"))):
        assert load_baseline(word, tmp_path).name == "main"


def test_a_misspelt_name_gets_a_suggestion(tmp_path: Path) -> None:
    save_baseline(evidence_of(), tmp_path / "baselines" / "main")
    with pytest.raises(
        ConfigError,
        match=r"expected the name of a baseline in .*, got 'mian'\. Did you mean 'main'\?.* main;",
    ):
        load_baseline("mian", tmp_path)
    with pytest.raises(ConfigError, match=r"there is none; `smote-bench baseline save main` makes it"):
        load_baseline("main", tmp_path / "elsewhere")


def test_the_list_names_those_that_cannot_be_read(tmp_path: Path) -> None:
    good = save_baseline(evidence_of(), tmp_path / "baselines" / "good")
    (tmp_path / "baselines" / "bad.json").write_text("{")
    bad, found = list_baselines(tmp_path)
    assert (bad.name, found.name, found.remark) == ("bad", "good", "")
    assert "cannot be read" in bad.remark
    assert found.header["cases"] == 9
    assert found.n_bytes == sum(p.stat().st_size for p in good.parent.glob("good*"))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=30,
    )
)
def test_readable_json_is_json(value: Any) -> None:
    assert json.loads(readable_json(value)) == value
