"""Whatever local code a target can import is part of its identity, or what it computes is not shared.

Also of: loaded_code.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from smote_bench.classifiers.registry import CLASSIFIERS
from smote_bench.environment.code_digest import PACKAGE
from smote_bench.environment.loaded_code import LoadedCode
from smote_bench.environment.local_code import local_code, origin_of
from smote_bench.environment.targets import load_target, target_identity

pytestmark = pytest.mark.versions

# Files, the target, and the file that is edited.
KINDS = {
    "__getattr__ of a package": (
        {
            "lz/__init__.py": "def __getattr__(n):\n    import importlib\n"
            "    return getattr(importlib.import_module('lz._' + n.lower()), n)\n",
            "lz/_s.py": "class S: k = 5\n",
        },
        "lz:S",
        "lz/_s.py",
    ),
    "__getattr__ that is assigned": (
        {
            "lz/__init__.py": "from lz.sub import lazily\n__getattr__ = lazily('deep.part')\n",
            "lz/sub.py": "import sys\ndef lazily(name):\n    def find(n):\n        __import__('lz.' + name)\n"
            "        return getattr(sys.modules['lz.' + name], n)\n    return find\n",
            "lz/deep/__init__.py": "",
            "lz/deep/part.py": "class S: k = 5\n",
        },
        "lz:S",
        "lz/deep/part.py",
    ),
    "__getattr__ that reaches another package": (
        {
            "lz/__init__.py": "import importlib\ndef __getattr__(n):\n"
            "    return getattr(importlib.import_module('other.place'), n)\n",
            "other/__init__.py": "",
            "other/place.py": "from helper_of_place import S\n",
            "helper_of_place.py": "class S: k = 5\n",
        },
        "lz:S",
        "helper_of_place.py",
    ),
    "its own folder on sys.path": (
        {
            "m.py": "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).parent / 'lib'))\n"
            "from outer import S\n",
            "lib/outer.py": "from further import S\n",
            "lib/further.py": "class S: k = 5\n",
        },
        "m:S",
        "lib/further.py",
    ),
    "a file loaded by its path": (
        {
            "m.py": "import importlib.util as u, os\n"
            "place = os.path.join(os.path.dirname(__file__), 'd', 'impl.py')\n"
            "spec = u.spec_from_file_location('impl', place)\n"
            "impl = u.module_from_spec(spec)\nspec.loader.exec_module(impl)\nS = impl.S\n",
            "d/impl.py": "class S: k = 5\n",
        },
        "m:S",
        "d/impl.py",
    ),
    "a star import": (
        {
            "m.py": "from pk import *\nS = part.S\n",
            "pk/__init__.py": "__all__ = ['part']\n",
            "pk/part.py": "class S: k = 5\n",
        },
        "m:S",
        "pk/part.py",
    ),
    "a namespace package": (
        {"m.py": "from ns.deep.part import S\n", "ns/deep/part.py": "class S: k = 5\n"},
        "m:S",
        "ns/deep/part.py",
    ),
    "text that is executed": (
        {
            "m.py": "import pathlib\nexec(pathlib.Path(__file__).with_name('text.py').read_text())\n",
            "text.py": "class S: k = 5\n",
        },
        "m:S",
        "text.py",
    ),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a folder on the import path, whose modules are forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


@pytest.mark.parametrize(("files", "target", "edited"), KINDS.values(), ids=KINDS.keys())
def test_an_identity_changes_with_code_that_is_imported_by_other_means_than_its_name(
    folder: Path, files: dict[str, str], target: str, edited: str
) -> None:
    _write(folder, files)
    before = target_identity(target)
    assert target_identity(target) == before
    assert not set(sys.modules) & {"lz", "m", "other", "outer", "pk"}
    (folder / edited).write_text(files[edited].replace("k = 5", "k = 6"))
    assert target_identity(target) != before


@pytest.mark.parametrize(("files", "target", "edited"), KINDS.values(), ids=KINDS.keys())
def test_there_is_no_doubt_about_code_that_is_in_an_identity(
    folder: Path, files: dict[str, str], target: str, edited: str
) -> None:
    _write(folder, files)
    target_identity(target)
    before = set(sys.modules)
    assert load_target(target).k == 5
    assert LoadedCode().doubts([target], set(sys.modules) - before) == ()


def test_other_files_of_the_folder_are_no_matter(folder: Path) -> None:
    _write(folder, {"m.py": "import near\n", "near.py": "", "far.py": "k = 5\n", "pk/__init__.py": "k = 5\n"})
    before = target_identity("m:S")
    _write(folder, {"far.py": "k = 6\n", "pk/__init__.py": "k = 6\n"})
    assert target_identity("m:S") == before


def test_environments_and_hidden_folders_do_not_enter_with_a_whole_folder(folder: Path) -> None:
    venv = {"env/pyvenv.cfg": "", "env/lib/mod.py": "k = 5\n", ".hidden/mod.py": "k = 5\n"}
    _write(folder, {"m.py": "import sys\nsys.path.append('lib')\n", **venv})
    before = target_identity("m:S")
    _write(folder, {name: "k = 6\n" for name in venv if name.endswith(".py")})
    assert target_identity("m:S") == before


# What reading cannot find: a folder above the module's own, a name from the environment.
UNSEEN = {
    "above": "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'lib'))\n"
    "from unseen_lib import S\n",
    "later": "import sys, pathlib\nsys.path.insert(0, str(pathlib.Path(__file__).parents[1] / 'lib'))\n"
    "def S():\n    from unseen_lib import S\n    return S\n",
    "by the back door": "import sys, pathlib, builtins\n"
    "folder = str(pathlib.Path(__file__).parents[1] / 'lib')\ngetattr(sys, 'pa' + 'th').insert(0, folder)\n"
    "S = getattr(builtins, '__imp' + 'ort__')('unseen' + '_lib').S\n",
}


@pytest.mark.parametrize("text", UNSEEN.values(), ids=UNSEEN.keys())
def test_what_code_outside_of_its_identity_computed_is_not_shared(
    folder: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(folder, {"src/unseen_user.py": text, "lib/unseen_lib.py": "class S: k = 5\n"})
    monkeypatch.syspath_prepend(str(folder / "src"))
    target_identity("unseen_user:S")
    code, before = LoadedCode(), set(sys.modules)
    load_target("unseen_user:S")()
    for new in (set(sys.modules) - before, set()):  # of the first cell, and of later ones of this process
        (doubt,) = code.doubts(["unseen_user:S"], new)
        assert doubt == (
            "not shared with later runs: the code of unseen_user:S also imports unseen_lib.py, "
            "which its imports do not name"
        )
    assert code.doubts(["sklearn.svm:SVC"], set()) == ()


def test_what_another_target_of_the_same_cell_names_is_no_doubt_about_this_one(folder: Path) -> None:
    """A metric takes part in the cells of all samplers, and imports none of them."""
    names = ("one_metric", "one_sampler", "other_sampler")
    _write(folder, {f"{name}.py": "class S: k = 5\n" for name in names})
    metric, one, other = (f"{name}:S" for name in names)
    for target in (metric, one, other):
        target_identity(target)
    code = LoadedCode()
    for sampler in (one, other, one):
        before = set(sys.modules)
        for target in (metric, sampler):
            load_target(target)
        assert code.doubts([metric, sampler], set(sys.modules) - before) == ()


def test_a_file_edited_between_its_key_and_its_import_is_not_shared(folder: Path) -> None:
    _write(folder, {"swift_mod.py": "class S: k = 5\n"})
    target_identity("swift_mod:S")
    _write(folder, {"swift_mod.py": "class S: k = 6\n"})
    load_target("swift_mod:S")
    code = LoadedCode()
    for new in (["swift_mod"], []):  # of the first cell, and of later ones of this process
        (doubt,) = code.doubts(["swift_mod:S"], new)
        assert doubt.endswith("swift_mod.py was edited while swift_mod:S was being imported")


def test_a_file_edited_after_its_import_is_no_doubt_about_what_was_imported(folder: Path) -> None:
    _write(folder, {"slow_mod.py": "class S: k = 5\n"})
    target_identity("slow_mod:S")
    load_target("slow_mod:S")
    code = LoadedCode()
    assert code.doubts(["slow_mod:S"], ["slow_mod"]) == ()
    _write(folder, {"slow_mod.py": "class S: k = 6\n"})
    assert code.doubts(["slow_mod:S"], []) == ()


def test_the_script_that_starts_a_run_is_no_doubt(folder: Path) -> None:
    _write(folder, {"started_s.py": "class S: k = 5\n"})
    (folder / "script.py").write_text(
        "import sys\n"
        "from smote_bench.environment.loaded_code import LoadedCode\n"
        "from smote_bench.environment.targets import load_target, target_identity\n"
        "target_identity('started_s:S'); before = set(sys.modules)\n"
        "load_target('started_s:S'); sys.modules['__mp_main__'] = sys.modules['__main__']  # as joblib does\n"
        "print(LoadedCode().doubts(['started_s:S'], set(sys.modules) - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "()"


@pytest.mark.parametrize("name", ["RandomForest", "SVM", "KerasMLP"])
def test_the_code_of_our_classifiers_is_theirs_and_not_the_whole_package(name: str) -> None:
    module = CLASSIFIERS[name].target.partition(":")[0]
    origin = origin_of(module)
    assert origin is not None
    found = local_code(module, origin).files
    folders = {path.relative_to(PACKAGE).parts[0] for path in found.values()}
    assert module in found
    assert folders <= {"__init__.py", "classifiers", "environment", "errors.py", "plain_text.py"}


def test_a_package_that_imports_by_text_has_the_same_identity_in_every_process(tmp_path: Path) -> None:
    package = tmp_path / "by_text"
    package.mkdir()
    names = [f"part{n}" for n in range(20)]
    texts = "".join(f"import by_text.{name}\n" for name in names)
    for name in names:
        (package / f"{name}.py").write_text(f"{texts}import importlib\nA = 'by_text.{name}'\n")
    (package / "__init__.py").write_text(
        "import importlib\ndef get(name):\n    return importlib.import_module(name)\n"
    )
    code = (
        "from smote_bench.environment.targets import target_identity\n"
        "print(target_identity('by_text.part3:get')['source'])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(seen) == 1
