"""The written-out names are those of the installed libraries."""

from __future__ import annotations

import importlib

import pytest

from smote_bench.methods.names import (
    IMBLEARN,
    OURS,
    OURS_BY_PREFIX,
    SMOTE_VARIANTS,
    lookup_target,
    method_names,
)
from smote_bench.methods.spec import parse_method


def test_the_oversamplers_are_those_smote_variants_has() -> None:
    import smote_variants

    assert sorted(cls.__name__ for cls in smote_variants.get_all_oversamplers()) == sorted(SMOTE_VARIANTS)
    assert len(SMOTE_VARIANTS) == 91


def test_the_samplers_are_those_imbalanced_learn_discovers() -> None:
    from imblearn.utils.testing import all_estimators

    discovered = {
        name: cls.__module__
        for name, cls in all_estimators(type_filter="sampler")
        if name != "FunctionSampler"
    }
    written = {name: module for module, names in IMBLEARN.items() for name in names}
    assert sorted(written) == sorted(discovered)
    assert all(discovered[name].startswith(module) for name, module in written.items())


def test_ours_are_the_samplers_of_smote_impls() -> None:
    import smote_impls

    samplers = {name for name in smote_impls.__all__ if hasattr(getattr(smote_impls, name), "fit_resample")}
    assert {*OURS, *OURS_BY_PREFIX} == samplers - {"BaseOversampler"}


@pytest.mark.parametrize("name", OURS)
def test_a_bare_name_of_ours_goes_before_the_libraries(name: str) -> None:
    assert lookup_target(name) == f"smote_impls:{name}" == lookup_target(f"ours.{name}")


@pytest.mark.parametrize("name", OURS_BY_PREFIX)
def test_a_bare_name_that_imbalanced_learn_has_too_stays_its(name: str) -> None:
    assert lookup_target(f"ours.{name}") == f"smote_impls:{name}"
    assert lookup_target(name) == lookup_target(f"imblearn.{name}") != lookup_target(f"ours.{name}")


@pytest.mark.parametrize("module", sorted(IMBLEARN))
def test_every_imbalanced_learn_target_can_be_imported(module: str) -> None:
    assert all(hasattr(importlib.import_module(module), name) for name in IMBLEARN[module])


def test_listed_names_are_unique_and_each_reaches_its_own_library() -> None:
    rows = method_names()
    listed = [name for name, _, _ in rows]
    assert len(listed) == len(set(listed))
    tops = {"sv": "smote_variants", "imblearn": "imblearn", "ours": "smote_impls"}
    for name, library, _ in rows:
        if library in tops:
            assert parse_method(name).steps[0].target.startswith(tops[library])


def test_an_unknown_prefix_or_name_has_no_target() -> None:
    assert lookup_target("sklearn.SMOTE") is None
    assert lookup_target("sv.TomekLinks") is None
