"""What a process has imported is looked at once, and after an import as far as it is new."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable

import pytest

from smote_bench.environment import imported
from smote_bench.environment.imported import (
    imported_files,
    modules_mark,
    names_since,
    number_imported,
)

Bring = Callable[[str], types.ModuleType]


@pytest.fixture
def bring(monkeypatch: pytest.MonkeyPatch) -> Bring:
    """Return what puts a module of a name where an import would, until the test ends."""

    def put(name: str) -> types.ModuleType:
        module = types.ModuleType(name)
        module.__file__ = f"/nowhere/{name}.py"
        monkeypatch.delitem(sys.modules, name, raising=False)  # an import comes last
        monkeypatch.setitem(sys.modules, name, module)
        return module

    return put


def test_only_what_was_imported_since_is_looked_at_again(
    bring: Bring, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = number_imported()
    looked_at = []
    true = imported.module_file
    monkeypatch.setattr(imported, "module_file", lambda module: looked_at.append(module) or true(module))
    first, second = bring("first_new"), bring("second_new")
    assert names_since(number) == ["first_new", "second_new"]
    assert imported_files()["/nowhere/first_new.py"] is first
    assert imported_files()["/nowhere/second_new.py"] is second
    assert looked_at == [first, second]
    assert names_since(number_imported()) == []


def test_what_was_forgotten_is_no_longer_there_and_counts_again_when_it_comes_back(bring: Bring) -> None:
    bring("going_mod")
    number = number_imported()
    sys.modules.pop("going_mod")
    assert "/nowhere/going_mod.py" not in imported_files()
    assert names_since(number) == []
    again = bring("going_mod")
    assert names_since(number) == ["going_mod"]
    assert imported_files()["/nowhere/going_mod.py"] is again


@pytest.mark.parametrize("n_gone", [1, 2, 3])
def test_an_import_is_seen_beside_as_many_that_were_forgotten(bring: Bring, n_gone: int) -> None:
    old = [f"old_{place}" for place in range(n_gone)]
    for name in (*old, "last_old"):
        bring(name)
    number = number_imported()
    for name in old:
        sys.modules.pop(name)
    for name in ("new_a", "new_b"):
        bring(name)
    assert sorted(names_since(number)) == ["new_a", "new_b"]
    assert not {f"/nowhere/{name}.py" for name in old} & set(imported_files())
    assert {"/nowhere/new_a.py", "/nowhere/new_b.py", "/nowhere/last_old.py"} <= set(imported_files())


def test_imports_are_seen_where_the_last_module_was_put_last_again(bring: Bring) -> None:
    last = bring("last_mod")
    number = number_imported()
    bring("between_mod")
    sys.modules["last_mod"] = sys.modules.pop("last_mod")
    assert names_since(number) == ["between_mod"]
    assert imported_files()["/nowhere/last_mod.py"] is last


def test_a_module_that_is_imported_anew_is_the_one_of_its_file(bring: Bring) -> None:
    bring("twice_mod")
    before = modules_mark()
    assert modules_mark() == before
    assert number_imported()
    anew = bring("twice_mod")
    assert modules_mark() != before
    assert imported_files()["/nowhere/twice_mod.py"] is anew


def test_what_is_no_module_has_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    number = number_imported()
    monkeypatch.setitem(sys.modules, "a_number", 3)
    monkeypatch.setitem(sys.modules, "nothing", None)
    assert names_since(number) == ["a_number", "nothing"]
    assert 3 not in imported_files().values()
