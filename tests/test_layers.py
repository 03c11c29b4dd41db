"""The layers of the package: written down in .importlinter, held by import-linter."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "smote_bench"
FOLDERS = sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

FORBIDDEN = """
def draw():
    from smote_bench.report.build import write_report
    return write_report
"""
CIRCLE = """
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from smote_bench.stats.wilcoxon import SignedRank
"""


def lint_imports(folder: Path) -> tuple[int, str]:
    """Hold what lies in a folder to the folder's contracts; return the exit code and what was printed."""
    pytest.importorskip("importlinter", reason="import-linter comes with the extra dev")
    # Without PYTHONPATH, the folder itself comes before what is installed.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of our packages and their contracts, to be spoilt."""
    for name in ("smote_bench", "smote_impls"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def spoil(module: Path, code: str) -> None:
    module.write_text(module.read_text(encoding="utf-8") + code, encoding="utf-8")


def test_the_contracts_hold():
    code, output = lint_imports(ROOT)
    assert code == 0, output
    assert "0 broken" in output


def test_one_import_upwards_breaks_the_contract(copy):
    spoil(copy / "smote_bench" / "stats" / "ranks.py", FORBIDDEN)
    code, output = lint_imports(copy)
    assert code == 1, output
    assert "Layers import downwards only BROKEN" in output
    assert "smote_bench.stats.ranks -> smote_bench.report.build" in output


def test_a_circle_that_only_type_checkers_see_breaks_the_contract(copy):
    spoil(copy / "smote_bench" / "stats" / "adjust.py", CIRCLE)
    code, output = lint_imports(copy)
    assert code == 1, output
    assert "No circle between modules, not even for types BROKEN" in output
    assert "Contracts: 5 kept, 1 broken" in output


def test_a_sampler_that_imports_the_bench_breaks_the_contract(copy):
    spoil(copy / "smote_impls" / "smote.py", "\nfrom smote_bench import errors\n")
    code, output = lint_imports(copy)
    assert code == 1, output
    assert "The samplers know nothing of the bench BROKEN" in output


def test_a_folder_without_a_layer_breaks_the_contract(copy):
    (copy / "smote_bench" / "trackers").mkdir()
    (copy / "smote_bench" / "trackers" / "__init__.py").write_text('"""New."""\n', encoding="utf-8")
    code, output = lint_imports(copy)
    assert code == 1, output
    assert "smote_bench.trackers" in output


def test_the_package_has_a_dozen_folders_and_at_most_as_many_modules_beside_them():
    assert 9 <= len(FOLDERS) <= 15, [folder.name for folder in FOLDERS]
    modules = sorted(path.name for path in PACKAGE.glob("*.py") if path.name != "__main__.py")
    assert len(modules) <= 12, modules


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_says_in_a_sentence_what_belongs_there(folder):
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
    assert said, f"{folder.name}/__init__.py: expected a docstring that says what belongs there, got none"
    first = said.split("\n\n")[0]
    assert first[0].isupper(), first
    assert first.endswith("."), first
