"""What a module of ours runs is found by reading, and found whole."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from smote_bench.environment.code_digest import (
    PACKAGE,
    _files,
    _imported,
    digest_of_files,
    modules_behind,
    package_digest,
)


def _parsed_imports(path: Path) -> Iterator[Path]:
    """Yield the modules that a file imports, as Python's own parser finds them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    unseen = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        names = []
        if id(node) in unseen:
            continue
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import, which modules_behind does not read"
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "smote_bench":
                module = PACKAGE.joinpath(*parts[1:])
                for found in (module.with_suffix(".py"), module / "__init__.py"):
                    if found.is_file() and found != PACKAGE.with_suffix(".py"):
                        yield found


def test_the_imports_of_every_module_are_found() -> None:
    there = {path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")}
    for path in sorted(PACKAGE.rglob("*.py")):
        names = _imported(path.read_text(encoding="utf-8"))
        found = {file for name in names for file in _files(name, there)}
        assert {file.relative_to(PACKAGE).as_posix() for file in _parsed_imports(path)} <= found, path


def test_follows_imports_of_imports_and_leaves_out_those_for_type_checkers(tmp_path: Path) -> None:
    texts = {
        "__init__.py": "",
        "a.py": "from smote_bench import b\nif TYPE_CHECKING:\n    from smote_bench import typed\n\nk = 1\n",
        "b.py": "def later():\n    from smote_bench.folder.c import (\n        thing,\n    )\n",
        "folder/__init__.py": "",
        "folder/c.py": "import smote_bench.a\n",
        "typed.py": "",
        "other.py": "",
    }
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    found = {path.relative_to(tmp_path).as_posix() for path in modules_behind(["a"], tmp_path)}
    assert found == set(texts) - {"typed.py", "other.py"}


def test_a_digest_changes_with_the_bytes_and_names_of_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("k = 5\n")
    two.write_text("k = 5\n")
    digests = {digest_of_files(files, tmp_path) for files in ([one], [two], [one, two])}
    one.write_text("k = 6\n")
    assert digest_of_files([one], tmp_path) not in digests
    assert len(digests) == 3


def test_the_digest_of_the_package_is_that_of_all_its_files() -> None:
    assert package_digest() != digest_of_files(PACKAGE.rglob("*.py"))
