"""Tests mirror the package: each module's tests are found by its name, or a test file names it at its top."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
PACKAGE = TESTS.parent / "smote_bench"
_ALSO = re.compile(r"^Also of: (.+?)\.$", flags=re.DOTALL | re.MULTILINE)


def modules_of(package: Path) -> dict[str, Path]:
    """Return the modules of a package, those that are folders apart: dotted names to paths inside it."""
    paths = (path.relative_to(package) for path in sorted(package.rglob("*.py")))
    return {".".join(path.with_suffix("").parts): path for path in paths if path.name != "__init__.py"}


def mirroring(tests: Path, package: Path) -> Iterator[Path]:
    """Yield the test files in folders that the package has too."""
    for path in sorted(tests.rglob("test_*.py")):
        if (package / path.relative_to(tests).parent).is_dir():
            yield path


def named_after(test: Path, tests: Path) -> str:
    """Return the name of the module whose name a test file has."""
    folder = test.relative_to(tests).parent
    return ".".join((*folder.parts, test.stem.removeprefix("test_")))


def said_at_the_top(test: Path) -> str:
    return ast.get_docstring(ast.parse(test.read_text(encoding="utf-8"))) or ""


def also_of(test: Path, tests: Path, modules: dict[str, Path]) -> Iterator[tuple[str, str | None]]:
    """Yield the names after "Also of:" and the modules meant: of the same folder, or written in full."""
    folder = ".".join(test.relative_to(tests).parent.parts)
    for text in _ALSO.findall(said_at_the_top(test)):
        for name in re.split(r",\s+", text):
            yield name, next((full for full in (f"{folder}.{name}", name) if full in modules), None)


def untested(tests: Path, package: Path) -> list[str]:
    """Return the modules that no test file is named after and none names."""
    modules = modules_of(package)
    found: set[str | None] = set()
    for test in mirroring(tests, package):
        found.add(named_after(test, tests))
        found |= {module for _, module in also_of(test, tests, modules)}
    return sorted(modules.keys() - found)


def test_every_module_has_a_test_file_of_its_name_or_is_named_by_one() -> None:
    assert untested(TESTS, PACKAGE) == [], (
        'add tests/FOLDER/test_MODULE.py, or "Also of: MODULE." at the top of the file that tests the module'
    )


def test_what_a_test_file_names_is_a_module_without_a_file_of_its_own() -> None:
    modules = modules_of(PACKAGE)
    own = {named_after(test, TESTS) for test in mirroring(TESTS, PACKAGE)}
    for test in mirroring(TESTS, PACKAGE):
        for name, module in also_of(test, TESTS, modules):
            assert module is not None, f"{test}: expected a module, got {name!r}"
            assert module not in own, f"{test}: {name!r} has a test file of its own"


def test_every_test_file_says_what_it_is_about() -> None:
    assert [str(test) for test in mirroring(TESTS, PACKAGE) if not said_at_the_top(test)] == []


@pytest.mark.parametrize(
    ("docstring", "missing"),
    [
        ("About one.", ["deep.three", "deep.two"]),
        ("About one.\n\nAlso of: two.", ["deep.three"]),
        ("About one.\n\nAlso of: two,\nthree.", []),
        ("About one.\n\nAlso of: deep.two, deep.three.", []),
        ("About two and three.", ["deep.three", "deep.two"]),
    ],
)
def test_a_module_without_tests_is_noticed(tmp_path: Path, docstring: str, missing: list[str]) -> None:
    package, tests = tmp_path / "package", tmp_path / "tests"
    for folder in (package / "deep", tests / "deep"):
        folder.mkdir(parents=True)
    for name in ("__init__", "one", "two", "three"):
        (package / "deep" / f"{name}.py").touch()
    (tests / "deep" / "test_one.py").write_text(f'"""{docstring}"""\n', encoding="utf-8")
    assert untested(tests, package) == missing
