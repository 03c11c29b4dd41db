"""What `make check` and pre-commit run: the same tools in the same versions."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
TOOLS = ["ruff check", "ruff format --check", "mypy", "lint-imports", "codespell", "doctest"]


@pytest.fixture(scope="module")
def hooks() -> dict[str, str]:
    """Return the revision of each hook; of our own none."""
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    return {hook["id"]: repo.get("rev", "") for repo in config["repos"] for hook in repo["hooks"]}


@pytest.mark.parametrize(("hook", "package"), [("ruff-check", "ruff"), ("codespell", "codespell")])
def test_pre_commit_has_the_version_that_make_check_installs(
    hooks: dict[str, str], hook: str, package: str
) -> None:
    pinned = re.search(rf"^{package}==(\S+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.M)
    assert pinned is not None
    assert hooks[hook] == f"v{pinned[1]}"


def test_pre_commit_runs_every_linter_of_make_check(hooks: dict[str, str]) -> None:
    assert {"ruff-check", "ruff-format", "codespell", "mypy", "import-linter"} == set(hooks)


@pytest.mark.parametrize("tool", TOOLS)
def test_make_check_runs(tool: str) -> None:
    recipe = re.search(r"^check:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    assert recipe is not None
    assert tool in recipe[1]


def test_types_are_checked_strictly() -> None:
    assert "strict = true" in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_a_warning_is_an_error_here() -> None:
    with pytest.raises(UserWarning, match="nobody expects this one"):
        warnings.warn("nobody expects this one", stacklevel=1)
