"""Adapters: each is registered under the name that users know, and says what it mends."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from smote_bench.methods.adapters import ADAPTERS, REMARKS, Adapter, adapter_of, remark_on
from smote_bench.methods.names import SMOTE_VARIANTS
from smote_bench.methods.resampling import load_sampler

smote_variants = pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")


@pytest.mark.parametrize("adapter", ADAPTERS, ids=lambda adapter: adapter.target.partition(":")[2])
def test_an_adapter_is_a_subclass_under_the_name_the_user_knows(adapter: Adapter) -> None:
    sampler, name = load_sampler(adapter.target), adapter.target.partition(":")[2]
    assert issubclass(sampler, getattr(smote_variants, name))
    assert sampler is not getattr(smote_variants, name)
    assert sampler.__name__ == name
    assert adapter.source_path.is_file()
    assert adapter_of(adapter.target) is adapter
    assert "smote_variants 1.0.1" in remark_on(adapter.target)


def test_remarks_are_on_samplers_that_exist_and_run_as_they_are() -> None:
    for target in REMARKS:
        assert target.partition(":")[2] in SMOTE_VARIANTS
        assert adapter_of(target) is None


def test_every_module_of_the_folder_is_registered() -> None:
    folder = Path(importlib.import_module("smote_bench.methods.adapters").__file__ or "").parent
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert modules == {adapter.module for adapter in ADAPTERS}
