"""Targets: from ``package.module:Class`` to the object, and to what identifies the code behind it."""

from __future__ import annotations

import importlib.machinery
import importlib.metadata
import sys
from pathlib import Path

import pytest

from smote_bench.environment import targets
from smote_bench.environment.targets import (
    load_target,
    loaded_among,
    package_version,
    split_target,
    target_identity,
)
from smote_bench.errors import ConfigError


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder on the import path, whose modules are forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize(
    "target", ["SMOTE", "a.b.SMOTE", "a:", ":b", "a b:c", "a:b:c", "a..b:c", "../a:b", "a:b()"]
)
def test_rejects_a_target_that_is_not_module_colon_class(target: str) -> None:
    with pytest.raises(ConfigError, match=r"expected 'package\.module:Class', got .*: put a colon"):
        split_target(target)


def test_splits_a_target_at_its_colon() -> None:
    assert split_target("a.b:C.d") == ("a.b", "C.d")


def test_loads_a_nested_attribute(local: Path) -> None:
    (local / "nested_mod.py").write_text("class A:\n    class B:\n        word = 'found'\n")
    assert load_target("nested_mod:A.B").word == "found"


def test_suggests_no_module_where_a_class_is_meant(local: Path) -> None:
    (local / "near_mod.py").write_text("import json as sampler\nclass SAMPLER: ...\n")
    with pytest.raises(ConfigError, match=r"Did you mean 'SAMPLER'\?"):
        load_target("near_mod:SAMPLR")


def test_suggests_the_class_that_the_module_has(local: Path) -> None:
    (local / "spelt_mod.py").write_text("class Oversampler: ...\n")
    with pytest.raises(ConfigError, match=r"'spelt_mod' has no 'Oversamplr'\. Did you mean 'Oversampler'\?"):
        load_target("spelt_mod:Oversamplr")


def test_says_that_a_module_is_not_there() -> None:
    with pytest.raises(ConfigError, match="there is no module 'no_such_module': check the spelling"):
        load_target("no_such_module.sub:Class")


def test_says_which_module_a_users_file_fails_to_import(local: Path) -> None:
    (local / "needy_mod.py").write_text("import no_such_dependency\n")
    with pytest.raises(ModuleNotFoundError, match="no_such_dependency"):
        load_target("needy_mod:Class")


def test_finds_modules_of_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here_mod.py").write_text("value = 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry != ""])
    assert load_target("here_mod:value") == 1
    del sys.modules["here_mod"]


def test_identity_never_executes_the_target(local: Path) -> None:
    package = local / "explosive"
    package.mkdir()
    for name in ("__init__.py", "part.py"):
        (package / name).write_text("raise SystemExit('executed')\n")
    assert target_identity("explosive.part:Class")["source"]
    assert "explosive" not in sys.modules


def test_identity_changes_with_the_users_file(local: Path) -> None:
    file = local / "mine_mod.py"
    file.write_text("k = 5\n")
    before = target_identity("mine_mod:Class")
    assert target_identity("mine_mod:Class") == before
    file.write_text("k = 6\n")
    assert target_identity("mine_mod:Class") != before


@pytest.mark.parametrize(
    "statement",
    [
        "import far_mod",
        "from far_mod import thing",
        "def later():\n    import far_mod",
        "try:\n    import far_mod\nexcept ImportError:\n    pass",
    ],
)
def test_identity_changes_with_a_local_file_it_imports(local: Path, statement: str) -> None:
    (local / "near_mod.py").write_text(statement + "\n")
    (local / "far_mod.py").write_text("import farther_mod\n")
    (local / "farther_mod.py").write_text("k = 5\n")
    before = target_identity("near_mod:Class")
    (local / "farther_mod.py").write_text("k = 6\n")
    assert target_identity("near_mod:Class") != before


@pytest.mark.parametrize(
    "statement", ["from . import sister", "from .sister import k", "from family.sister import k"]
)
def test_identity_changes_with_a_module_of_its_own_package(local: Path, statement: str) -> None:
    package = local / "family"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "brother.py").write_text(statement + "\n")
    (package / "sister.py").write_text("k = 5\n")
    before = target_identity("family.brother:Class")
    (package / "sister.py").write_text("k = 6\n")
    after = target_identity("family.brother:Class")
    assert after != before
    (package / "__init__.py").write_text("k = 7\n")
    assert target_identity("family.brother:Class") != after


def test_identity_survives_files_that_import_each_other(local: Path) -> None:
    (local / "hen_mod.py").write_text("import egg_mod\n")
    (local / "egg_mod.py").write_text("import hen_mod\n")
    assert target_identity("hen_mod:Class")["source"] == target_identity("egg_mod:Class")["source"]


@pytest.mark.parametrize("text", ["def broken(:\n", "k = 1\0\n"])
def test_identity_of_a_file_that_python_refuses_is_still_its_bytes(local: Path, text: str) -> None:
    file = local / "refused_mod.py"
    file.write_text(text)
    before = target_identity("refused_mod:Class")
    file.write_text(text + "# more\n")
    assert target_identity("refused_mod:Class") != before


def test_identity_changes_with_a_local_extension_module(local: Path) -> None:
    file = local / ("compiled_mod" + importlib.machinery.EXTENSION_SUFFIXES[0])
    file.write_bytes(b"\x7fELF one")
    before = target_identity("compiled_mod:Class")
    file.write_bytes(b"\x7fELF two")
    assert target_identity("compiled_mod:Class") != before


def _pretend_version(monkeypatch: pytest.MonkeyPatch, distribution: str, version: str) -> None:
    real = importlib.metadata.version
    monkeypatch.setattr(
        importlib.metadata, "version", lambda name: version if name == distribution else real(name)
    )


def test_identity_changes_with_the_version_of_an_installed_package(monkeypatch: pytest.MonkeyPatch) -> None:
    before = target_identity("imblearn.over_sampling:SMOTE")
    assert before["version"] == importlib.metadata.version("imbalanced-learn")
    _pretend_version(monkeypatch, "imbalanced-learn", "99.9")
    assert target_identity("imblearn.over_sampling:SMOTE") == {**before, "version": "99.9"}


def test_identity_changes_with_the_version_of_a_package_that_local_code_imports(
    local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (local / "user_mod.py").write_text("from sklearn.neighbors import NearestNeighbors\n")
    before = target_identity("user_mod:Class")
    _pretend_version(monkeypatch, "scikit-learn", "99.9")
    after = target_identity("user_mod:Class")
    assert (before["source"], after["needs"]) == (after["source"], {"sklearn": "99.9"})
    assert after != before


@pytest.fixture
def odd_distribution(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install a package whose distribution has another name, as umap-learn ships umap."""

    site = tmp_path / "site"
    info = site / "odd_name_learn-1.0.dist-info"
    (site / "oddmod").mkdir(parents=True)
    (site / "oddmod" / "__init__.py").write_text("")
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd-name-learn\nVersion: 1.0\n")
    (info / "top_level.txt").write_text("oddmod\n")
    monkeypatch.syspath_prepend(str(site))
    roots = targets._installed_roots()
    monkeypatch.setattr(targets, "_installed_roots", lambda: (*roots, site.resolve()))
    for cached in (targets._distribution_of, targets._owners):
        cached.cache_clear()
    yield info
    for cached in (targets._distribution_of, targets._owners):
        cached.cache_clear()


def test_finds_the_version_of_a_package_whose_distribution_has_another_name(odd_distribution: Path) -> None:
    assert package_version("oddmod") == "1.0"


def test_identity_of_an_installed_file_without_a_distribution_is_its_bytes(odd_distribution: Path) -> None:
    loose = odd_distribution.parent / "loose_mod.py"
    loose.write_text("k = 5\n")
    before = target_identity("loose_mod:Class")
    loose.write_text("k = 6\n")
    assert target_identity("loose_mod:Class") != before


def test_refuses_a_file_that_changed_after_its_module_was_imported(local: Path) -> None:
    file = local / "edited_mod.py"
    file.write_text("class A: ...\nclass B: ...\n")
    target_identity("edited_mod:A")
    load_target("edited_mod:A")
    file.write_text("class A: ...\nclass B: k = 1\n")
    with pytest.raises(ConfigError, match=r"edited_mod.*changed .* start again"):
        target_identity("edited_mod:B")


def test_a_file_counts_as_loaded_from_its_import_on(local: Path) -> None:
    files = [local / "first_mod.py", local / "second_mod.py"]
    for file in files:
        file.write_text("class A: ...\n")
    known = {"target": dict.fromkeys(files, b"")}
    assert loaded_among(known) == ()
    load_target("first_mod:A")
    assert loaded_among(known) == (files[0],)
    load_target("second_mod:A")
    assert set(loaded_among(known)) == set(files)


@pytest.mark.parametrize(("module", "distribution"), [("sklearn.svm", "scikit-learn"), ("yaml", "pyyaml")])
def test_finds_versions_of_packages_by_their_modules(module: str, distribution: str) -> None:
    assert package_version(module) == importlib.metadata.version(distribution)


def test_local_code_is_not_looked_for_in_every_distribution(
    local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (local / "plain_mod.py").write_text("import json, sklearn\n")
    monkeypatch.setattr(
        importlib.metadata, "packages_distributions", lambda: pytest.fail("reads all metadata")
    )
    target_identity("plain_mod:Class")


def test_local_and_standard_modules_have_no_version() -> None:
    assert package_version("no_such_module") is None
    assert package_version("json") is None
