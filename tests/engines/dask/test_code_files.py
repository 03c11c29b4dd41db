"""The user's modules: found with all that they import, by the paths that Python finds them under."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from smote_bench.engines.dask import code_files
from smote_bench.engines.dask.code_files import code_behind
from smote_bench.errors import ConfigError


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "my_shipped"
    (folder / "deep").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "deep" / "__init__.py").write_text("")
    (folder / "deep" / "samplers.py").write_text("from my_shipped import help\nclass One: pass\n")
    (folder / "help.py").write_text("import numpy\nWORD = 1\n")
    (folder / "other.py").write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return folder


def test_a_module_comes_with_its_imports_and_packages(package: Path) -> None:
    code = code_behind(["my_shipped.deep.samplers:One", "sklearn.svm:SVC", "smote_impls:SMOTE"])
    assert set(code.files) == {
        "my_shipped/__init__.py",
        "my_shipped/deep/__init__.py",
        "my_shipped/deep/samplers.py",
        "my_shipped/help.py",
    }
    assert code.files["my_shipped/help.py"] == (package / "help.py").read_bytes()
    assert code.places["my_shipped/help.py"] == str(package / "help.py")
    assert str(package.parent) in code.roots
    (package / "help.py").write_text("import numpy\nWORD = 2\n")
    assert code_behind(["my_shipped.deep.samplers:One"]).digest != code.digest


def test_nothing_of_the_user_is_nothing() -> None:
    code = code_behind(["sklearn.svm:SVC", "no_such_module_anywhere:X"])
    assert (dict(code.files), code.digest) == ({}, "")


def test_too_much_is_refused(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code_files, "MOST_BYTES", 10)
    with pytest.raises(ConfigError, match="install them as a package on every worker"):
        code_behind(["my_shipped.deep.samplers:One"])
