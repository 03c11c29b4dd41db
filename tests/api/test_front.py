"""``import smote_bench``: free, lazy, complete; and what its plugin brings into the sessions of others."""

from __future__ import annotations

import ast
import inspect
import os
import subprocess
import sys
from pathlib import Path

import pytest

import smote_bench

ROOT = Path(__file__).resolve().parents[2]


def _python(*words: str, cwd: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment = {**clean, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_import_brings_nothing_but_the_version(tmp_path: Path) -> None:
    code = "import sys; before = set(sys.modules); import smote_bench; print(set(sys.modules) - before)"
    found = ast.literal_eval(_python("-c", code, cwd=tmp_path))
    assert found - {"__future__"} == {"smote_bench", "smote_bench.version"}


def test_a_name_imports_only_what_it_needs(tmp_path: Path) -> None:
    code = "import smote_bench, sys; smote_bench.ConfigError; print('numpy' in sys.modules)"
    assert _python("-c", code, cwd=tmp_path).strip() == "False"
    code = "import smote_bench, sys; smote_bench.run; print('pytest' in sys.modules)"
    assert _python("-c", code, cwd=tmp_path).strip() == "False"


@pytest.mark.parametrize("name", sorted({*smote_bench.__all__} - {"__version__"}))
def test_every_public_name_is_there_and_documented(name: str) -> None:
    found = getattr(smote_bench, name)
    assert name in dir(smote_bench)
    assert inspect.getdoc(found)
    assert callable(found)


def test_type_checkers_see_the_same_names_in_the_same_places() -> None:
    tree = ast.parse((ROOT / "smote_bench" / "__init__.py").read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == smote_bench._HOMES
    assert {*seen, "__version__"} == {*smote_bench.__all__}


def test_an_unknown_name_gets_a_suggestion() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'open_rum'\. Did you mean 'open_run'\?"):
        smote_bench.open_rum  # noqa: B018


def test_the_plugin_brings_next_to_nothing_into_the_sessions_of_others(tmp_path: Path) -> None:
    (tmp_path / "test_theirs.py").write_text(
        "import sys\n"
        "def test_theirs():\n"
        "    print('loaded', sorted(name for name in sys.modules if name.startswith('smote_bench')))\n"
        "    print('heavy', {'numpy', 'pandas', 'sklearn', 'scipy', 'hypothesis', 'yaml'} & {*sys.modules})\n"
    )
    words = ("-m", "pytest", "-s", "-q", "-p", "no:cacheprovider", "-p", "smote_bench.plugin")
    text = _python(*words, cwd=tmp_path)
    (loaded,) = (line for line in text.splitlines() if "loaded" in line)
    assert "heavy set()" in text
    assert {*ast.literal_eval(loaded.partition("loaded ")[2])} <= {
        "smote_bench",
        "smote_bench.environment",
        "smote_bench.environment.stopping",
        "smote_bench.errors",
        "smote_bench.hookspec",
        "smote_bench.plain_text",
        "smote_bench.plugin",
        "smote_bench.session",
        "smote_bench.session.case",
        "smote_bench.session.controller",
        "smote_bench.session.crashes",
        "smote_bench.session.draft",
        "smote_bench.session.gate",
        "smote_bench.session.let_go",
        "smote_bench.session.lost_cells",
        "smote_bench.session.memory_use",
        "smote_bench.session.no_room",
        "smote_bench.session.options",
        "smote_bench.session.progress",
        "smote_bench.session.retries",
        "smote_bench.session.stopping",
        "smote_bench.session.told_once",
        "smote_bench.session.time_left",
        "smote_bench.session.xdist_hooks",
        "smote_bench.version",
    }
