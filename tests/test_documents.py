"""Documents and docstrings name modules, files and headings that exist; the changelog keeps its form."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from smote_bench.report.trackers.registry import GROUP as TRACKERS
from tools import fault_table

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
SOURCES = sorted(path for name in ("smote_bench", "smote_impls") for path in (ROOT / name).rglob("*.py"))
PLACEHOLDERS = {"Mine"}
"""What examples call something of the reader's own."""

_DOTTED = re.compile(r"(?<![\w/.-])smote_(?:bench|impls)(?:\.\w+)*(?::\w+|\.\w+)")
_FOLDERS = "smote_bench|smote_impls|tests|docs|benchmarks|tools|datasets"
_FILES = r"\.ci/\w+|\.importlinter|Makefile|LICENSE|pyproject\.toml|constraints\.txt|pytest\.ini|conftest\.py"
_PATH = re.compile(rf"(?<![\w/.-])(?:{_FOLDERS})/[\w./-]*\w|(?<=`)(?:{_FILES})(?=`)")
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")
_PYTHON_FILE = re.compile(r"(?<![\w/.*-])[\w/]+\.py\b")


def resolves(name: str) -> bool:
    """Tell whether a dotted name is a module, something in one, or the entry points of trackers."""
    if name == TRACKERS:
        return True
    *parts, last = re.split("[.:]", name)
    if last in PLACEHOLDERS:
        return resolves(".".join(parts)) if len(parts) > 1 else True
    found, rest = None, [*parts, last]
    for n in range(len(rest), 0, -1):
        try:
            found = importlib.import_module(".".join(rest[:n]))
        except ModuleNotFoundError:
            continue
        rest = rest[n:]
        break
    for part in rest:
        if not hasattr(found, part):
            # fields without a default are no attributes of their class
            return part in getattr(found, "__annotations__", {})
        found = getattr(found, part)
    return found is not None


def docstrings(path: Path) -> Iterator[str]:
    """Yield every string of a file that stands alone as a statement."""
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Expr(value=ast.Constant(value=str(text))):
                yield text


def slugs(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_dotted_names_of_a_page_resolve(page: Path) -> None:
    assert [name for name in set(_DOTTED.findall(page.read_text())) if not resolves(name)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_paths_of_a_page_exist(page: Path) -> None:
    assert sorted(path for path in set(_PATH.findall(page.read_text())) if not (ROOT / path).exists()) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    for target, anchor in _LINK.findall(page.read_text()):
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        assert not anchor or anchor in slugs(file), f"{target}#{anchor}"


def test_functions_classes_and_tests_that_the_guide_names_are_there() -> None:
    files = [*SOURCES, *(ROOT / "tests").rglob("*.py")]
    words = {word for path in files for word in re.findall(r"\w+", path.read_text())}
    named = re.findall(r"`((?:test_|_|[A-Z])\w+)(?:\.\w+)*`", (ROOT / "CONTRIBUTING.md").read_text())
    assert len(named) > 30
    assert sorted({name for name in named if name not in words} - {"Makefile"}) == []


def test_every_page_is_listed_in_the_readme() -> None:
    listed = {target for target, _ in _LINK.findall((ROOT / "README.md").read_text())}
    assert {str(page.relative_to(ROOT)) for page in PAGES[1:]} <= listed


def test_dotted_names_of_docstrings_resolve() -> None:
    wrong = {
        (path.name, name)
        for path in SOURCES
        for text in docstrings(path)
        for name in re.findall(r"`(smote_(?:bench|impls)(?:\.\w+)+)`", text)
        if not resolves(name)
    }
    assert wrong == set()


def test_files_that_docstrings_name_exist() -> None:
    """Beside the file that names them, below the package, or below the repository."""
    wrong = {
        (path.name, name)
        for path in SOURCES
        for text in docstrings(path)
        for name in _PYTHON_FILE.findall(text)
        if not any((folder / name).exists() for folder in (path.parent, ROOT / "smote_bench", ROOT))
    }
    assert wrong == set()


def test_the_changelog_has_the_usual_headings_once_and_in_order() -> None:
    kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
    title, *releases = re.split(r"^## ", (ROOT / "CHANGELOG.md").read_text(), flags=re.MULTILINE)
    assert title.startswith("# Changelog\n")
    assert releases[0].startswith("[Unreleased]\n")
    for release in releases:
        heading = release.partition("\n")[0]
        assert re.fullmatch(r"\[Unreleased\]|\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading)
        there = re.findall(r"^### (.*)$", release, flags=re.MULTILINE)
        assert there == [kind for kind in kinds if kind in there], heading


def test_the_faults_are_those_that_tests_inject() -> None:
    text = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    table = text.partition("<!-- faults: begin -->\n")[2].partition("<!-- faults: end -->")[0]
    assert table.strip() == fault_table.table().strip(), "run python tools/fault_table.py"
    assert len(fault_table.faults()) >= 30
