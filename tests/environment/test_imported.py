"""Modules that were imported are found by their files, and looked at once."""

from __future__ import annotations

import importlib
import sys
import types
from pathlib import Path

import pytest

from smote_bench.environment import imported
from smote_bench.environment.imported import imported_from, modules_mark, modules_since


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of modules that can be imported, and are forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("going_mod", "coming_mod", "fresh_mod"):
        (tmp_path / f"{name}.py").write_text("")
        monkeypatch.delitem(sys.modules, name, raising=False)
    return tmp_path


def test_an_import_leaves_its_mark_also_where_another_module_is_forgotten(local: Path) -> None:
    importlib.import_module("going_mod")
    before = modules_mark()
    assert modules_mark() == before
    importlib.import_module("coming_mod")
    del sys.modules["going_mod"]
    assert modules_mark() != before
    assert "coming_mod" in modules_since(before)
    again = modules_mark()
    old = sys.modules.pop("coming_mod")
    importlib.import_module("coming_mod")
    assert modules_mark() != again, old
    assert "coming_mod" in modules_since(again)


def test_modules_since_a_mark_are_those_alone_in_the_order_they_came(local: Path) -> None:
    mark = modules_mark()
    assert modules_since(mark) == []
    for name in ("going_mod", "coming_mod", "fresh_mod"):
        importlib.import_module(name)
    assert modules_since(mark) == ["going_mod", "coming_mod", "fresh_mod"]
    assert modules_since(None) == list(sys.modules)


def test_a_module_is_found_by_its_file_as_long_as_it_is_imported(local: Path) -> None:
    file = str(local / "fresh_mod.py")
    assert imported_from(file) is None
    module = importlib.import_module("fresh_mod")
    assert imported_from(file) is module
    sys.modules["other_name"] = sys.modules.pop("fresh_mod")
    try:
        assert imported_from(file) is module
    finally:
        del sys.modules["other_name"]
    assert imported_from(file) is None
    again = importlib.import_module("fresh_mod")
    assert imported_from(file) is again is not module


def test_modules_are_looked_at_once(local: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imported_from("none")
    looked_at = []
    monkeypatch.setattr(imported, "module_file", lambda module: looked_at.append(module))
    for _ in range(3):
        imported_from("none")
    assert looked_at == []
    monkeypatch.setitem(sys.modules, "watched_mod", types.ModuleType("watched_mod"))
    for _ in range(3):
        imported_from("none")
    assert looked_at == [sys.modules["watched_mod"]]
