"""docs/architecture.md shows the layers that `.importlinter` holds; every package says what belongs in it."""

from __future__ import annotations

import ast
import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "architecture.md").read_text()


def contracts() -> dict[str, list[list[str]]]:
    """Return the layers by the package they are of, top first."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return {
        parser[section]["containers"].strip(): [
            re.findall(r"\w+", line) for line in parser[section]["layers"].strip().splitlines()
        ]
        for section in parser.sections()
        if parser[section].get("type") == "layers"
    }


def drawn(package: str) -> list[list[str]]:
    """Return the layers as the page draws them below a package's name."""
    picture = re.search(rf"^{re.escape(package)}\n((?:.*#.*\n)+)", PAGE, flags=re.MULTILINE)
    assert picture is not None, f"docs/architecture.md has no picture of {package}"
    return [re.findall(r"\w+", line.partition("#")[0]) for line in picture[1].splitlines()]


@pytest.mark.parametrize("package", contracts())
def test_the_page_draws_the_layers_of_a_contract_in_its_order(package: str) -> None:
    assert drawn(package) == contracts()[package]


def test_every_layer_has_its_row_in_the_same_order() -> None:
    rows = re.findall(r"^\| `smote_bench/(\w+)(?:/|\.py)` \| ", PAGE, flags=re.MULTILINE)
    assert rows == [name for layer in contracts()["smote_bench"] for name in layer]


def test_every_package_says_in_its_first_line_what_belongs_there() -> None:
    for path in (ROOT / "smote_bench").rglob("__init__.py"):
        assert ast.get_docstring(ast.parse(path.read_text())), path
