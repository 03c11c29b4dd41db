"""The identity of a method changes whenever its results may change."""

from __future__ import annotations

import importlib.metadata
import json
from pathlib import Path

import pytest

from smote_bench.methods.adapters import Adapter
from smote_bench.methods.identity import method_identity
from smote_bench.methods.spec import parse_method


def identity(name: str, definition: object = None) -> str:
    return json.dumps(method_identity(parse_method(name, definition)), sort_keys=True)


def test_parameters_weights_and_threshold_change_it() -> None:
    definitions = [
        None,
        {"n_neighbors": 3},
        ["SMOTE", "class_weight"],
        ["SMOTE", "tuned_threshold"],
        ["SMOTE", {"tuned_threshold": {"metric": "f1"}}],
        ["SMOTE"] * 2,
    ]
    assert len({identity("SMOTE", definition) for definition in definitions}) == len(definitions)
    assert identity("SMOTE") == identity("SMOTE")


@pytest.mark.parametrize("package", ["smote-variants", "scikit-learn", "numpy", "scipy"])
def test_the_version_of_a_package_below_changes_it(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, version = identity("sv.SMOTE"), importlib.metadata.version

    def changed(name: str) -> str:
        return "0" if name.replace("_", "-") == package else version(name)

    monkeypatch.setattr(importlib.metadata, "version", changed)
    assert identity("sv.SMOTE") != before


def test_the_version_of_keras_changes_deago_only(monkeypatch: pytest.MonkeyPatch) -> None:
    before, version = [identity("DEAGO"), identity("SMOTE")], importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "0" if name == "keras" else version(name))
    assert identity("DEAGO") != before[0]
    assert identity("SMOTE") == before[1]


def test_the_source_of_an_adapter_changes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = identity("SOI_CJ")
    edited = tmp_path / "soi_cj.py"
    edited.write_text("# another")
    monkeypatch.setattr(Adapter, "source_path", edited)
    assert identity("SOI_CJ") != before


def test_the_source_of_a_users_sampler_changes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    source = tmp_path / "identified_sampler.py"
    source.write_text("def same(X, y):\n    return X, y\n")
    before = identity("identified_sampler:same")
    source.write_text("def same(X, y):\n    return X * 1, y\n")
    assert identity("identified_sampler:same") != before
