"""Who owns a file, wherever packages lie, and what an owner's files contain."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from smote_bench.environment import installed, targets
from smote_bench.environment.installed import Owner, is_standard, owner_of
from smote_bench.environment.local_code import local_code, origin_of
from smote_bench.environment.targets import package_contents, target_identity

SAMPLER = "import numpy\nSCALE = 0.1\n"


def _forget() -> None:
    for value in (*vars(installed).values(), targets._package_contents):
        if hasattr(value, "cache_clear"):
            value.cache_clear()


@pytest.fixture(autouse=True)
def new_process() -> None:
    """Forget what was kept of the disk, as every process does; what is made up must not be kept."""
    _forget()
    yield
    _forget()


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of packages that is on the search path and is not the interpreter's."""
    folder = tmp_path / "elsewhere" / "site-packages"
    folder.mkdir(parents=True)
    monkeypatch.syspath_prepend(str(folder))
    return folder


def _install(site: Path, files: dict[str, str], *, name: str = "Shipped-One", requires: str = "") -> None:
    """Do what an installer does: write the files, and last the RECORD."""
    info = site / f"{name.replace('-', '_').lower()}-1.0.dist-info"
    info.mkdir(exist_ok=True)
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata + (f"Requires-Dist: {requires}\n" if requires else ""))
    lines = []
    for path, text in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_text(text)
        os.utime(site / path, ns=(1, 1))
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
        lines.append(f"{path},sha256={digest},{len(text)}")
    (info / "RECORD").write_text("\n".join([*lines, f"{info.name}/RECORD,,"]) + "\n")
    _forget()


FILES = {
    "shipped_one/__init__.py": "from shipped_one._s import S\n",
    "shipped_one/_s.py": SAMPLER,
    "shipped_one/table.csv": "1\n",
}


def _edit_in_place(site: Path) -> None:
    (site / "shipped_one/_s.py").write_text(SAMPLER.replace("0.1", "3.0"))  # of the same size


def _reinstall(site: Path) -> None:
    _install(site, {**FILES, "shipped_one/_s.py": SAMPLER.replace("0.1", "3.0")})


def _remove(site: Path) -> None:
    (site / "shipped_one/_s.py").unlink()


def _add(site: Path) -> None:
    (site / "shipped_one/more.py").write_text("")


def _edit_data(site: Path) -> None:
    (site / "shipped_one/table.csv").write_text("22\n")


@pytest.mark.parametrize("change", [_edit_in_place, _reinstall, _remove, _add, _edit_data])
def test_the_identity_of_an_installed_target_changes_with_its_files(site: Path, change: object) -> None:
    _install(site, FILES)
    before = target_identity("shipped_one:S")
    assert before["contents"]
    change(site)
    _forget()
    assert target_identity("shipped_one:S") != before


def test_installing_the_same_again_changes_nothing(site: Path) -> None:
    _install(site, FILES)
    before = target_identity("shipped_one:S")
    _install(site, FILES)
    for path in FILES:
        (site / path).touch()  # newer than the RECORD: read, and found to be the same
    _forget()
    assert target_identity("shipped_one:S") == before


def test_files_that_nobody_touched_are_not_read(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _install(site, FILES)
    monkeypatch.setattr(installed, "_digest_like", lambda recorded, path: pytest.fail(f"reads {path}"))
    assert target_identity("shipped_one:S")["contents"]


def test_a_package_without_a_record_enters_by_its_bytes(site: Path) -> None:
    """As Debian installs."""
    _install(site, FILES)
    (site / "shipped_one-1.0.dist-info" / "RECORD").unlink()
    _forget()
    assert owner_of(site / "shipped_one/_s.py") == Owner(site / "shipped_one-1.0.dist-info")
    before = target_identity("shipped_one:S")
    _edit_in_place(site)
    _forget()
    assert target_identity("shipped_one:S") != before


def test_versions_of_what_an_installed_target_imports_and_requires_are_in_its_identity(site: Path) -> None:
    _install(
        site, {**FILES, "shipped_one/_s.py": SAMPLER + "def f():\n    import minisom\n"}, requires="joblib>=1"
    )
    identity = target_identity("shipped_one:S")
    assert {"numpy", "minisom"} <= set(identity["needs"])
    assert set(identity["required"]) == {"joblib"}


@pytest.mark.parametrize(
    "line", ["import os, below", "try: import below\nexcept ImportError: pass", "x = 1; import below"]
)
def test_what_an_installed_target_imports_enters_by_what_was_installed(site: Path, line: str) -> None:
    _install(site, {"shipped_one/__init__.py": f"{line}\n"})
    _install(site, {"below/__init__.py": "X = 1\n"}, name="below")
    before = target_identity("shipped_one:S")
    _install(site, {"below/__init__.py": "X = 2\n"}, name="below")
    assert target_identity("shipped_one:S") != before


def test_words_of_an_installed_text_do_not_make_a_folder_of_the_user_part_of_it(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(site, {"shipped_one/__init__.py": '"""Data\nfrom measures, as everywhere.\n"""\n'})
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "measures.py").write_text("X = 1\n")
    before = target_identity("shipped_one:S")
    (tmp_path / "measures.py").write_text("X = 2\n")
    _forget()
    assert target_identity("shipped_one:S") == before


def test_an_archive_that_a_local_module_imports_from_enters_by_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    identities = []
    for value in "12":
        folder = tmp_path / value
        folder.mkdir()
        with zipfile.ZipFile(folder / "packed.zip", "w") as archive:
            archive.writestr("packed/__init__.py", f"X = {value}\n")
        (folder / "mine.py").write_text("from packed import X\nclass S: ...\n")
        with monkeypatch.context() as patch:
            patch.setattr(sys, "path", [str(folder), str(folder / "packed.zip"), *sys.path])
            identities.append(target_identity("mine:S"))
        _forget()
    assert identities[0] != identities[1]


def test_what_a_local_module_imports_enters_by_version_and_by_what_was_installed(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(site, FILES)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "wraps_shipped_one.py").write_text("from shipped_one import S\n")
    before = target_identity("wraps_shipped_one:S")
    assert before["needs"] == {"shipped_one": "1.0"}
    _reinstall(site)
    assert target_identity("wraps_shipped_one:S") != before


def test_an_editable_install_enters_by_its_files(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(site, {}, name="editable-one")
    source = tmp_path / "src" / "editable_one"
    source.mkdir(parents=True)
    (source / "__init__.py").write_text("k = 5\n")
    monkeypatch.syspath_prepend(str(source.parent))
    (tmp_path / "uses_editable.py").write_text("import editable_one\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    def identities() -> list[object]:
        _forget()
        users = ("editable_one:A", "uses_editable:B")
        return [*map(target_identity, users), package_contents("editable_one")]

    before = identities()
    (source / "__init__.py").write_text("k = 6\n")
    assert all(one != two for one, two in zip(before, identities(), strict=True))


def test_an_editable_module_enters_by_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "single_mod.py").write_text("k = 5\n")
    before = package_contents("single_mod")
    (tmp_path / "single_mod.py").write_text("k = 6\n")
    _forget()
    assert package_contents("single_mod") != before


def test_an_installed_part_of_a_namespace_is_not_local(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _install(site, {"shared_ns/theirs/__init__.py": "k = 5\n"}, name="shared-theirs")
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    (tmp_path / "src/shared_ns/own").mkdir(parents=True)
    (tmp_path / "src/shared_ns/own/__init__.py").write_text("from shared_ns.theirs import k\n")
    found = local_code("shared_ns.own", origin_of("shared_ns.own"))
    assert set(found.files) == {"shared_ns.own"}
    assert found.packages == {"shared_theirs"}
    assert target_identity("shared_ns.own:k")["needs"] == {"shared_theirs": "1.0"}


def test_a_dist_info_that_does_not_list_a_file_does_not_own_it(site: Path) -> None:
    _install(site, FILES)
    (site / "loose.py").write_text("")
    assert owner_of(site / "loose.py") is None
    assert owner_of(site / "shipped_one/_s.py") is not None


def test_pythons_own_library_is_told_from_packages() -> None:
    assert is_standard(Path(sysconfig.get_path("stdlib"), "json", "__init__.py"))
    assert not is_standard(Path(sysconfig.get_path("stdlib"), "site-packages", "numpy", "__init__.py"))


@pytest.mark.parametrize("link", [False, True])
def test_packages_outside_the_interpreters_folder_have_the_same_identity(tmp_path: Path, link: bool) -> None:
    """As with `pip install --user`, Debian's dist-packages, or a cache that is linked to."""
    (tmp_path / "own.py").write_text("import numpy\nfrom sklearn.neighbors import NearestNeighbors\n")
    folder = Path(sysconfig.get_path("purelib"))
    if link:
        (tmp_path / "linked").symlink_to(folder)
        folder = tmp_path / "linked"
    code = (
        "import json, sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p]\n"
        f"sys.path += {[str(Path(installed.__file__).parents[2]), str(tmp_path), str(folder)]!r}\n"
        "import ast; parsed, parse = [], ast.parse\n"
        "ast.parse = lambda text, *a, **k: parsed.append(text) or parse(text, *a, **k)\n"
        "import sysconfig; real = sysconfig.get_path\n"
        "sysconfig.get_path = lambda name, *a: real(name, *a) if 'std' in name else '/nowhere'\n"
        "from smote_bench.environment.targets import target_identity\n"
        "print(json.dumps([target_identity('own:f'), target_identity('sklearn.svm:SVC'), len(parsed)]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    sys.path.append(str(tmp_path))
    try:
        expected = [target_identity("own:f"), target_identity("sklearn.svm:SVC"), 1]
    finally:
        sys.path.remove(str(tmp_path))
    assert json.loads(done.stdout) == expected
    assert expected[0]["needs"].keys() == {"numpy", "sklearn"}


def test_no_installed_package_counts_as_local_code() -> None:
    origin = origin_of("smote_impls")
    found = local_code("smote_impls", origin)
    assert {"numpy", "sklearn"} <= found.packages
    folders = {
        path.parents[len(path.parents) - 1 - path.parts.index("smote_impls")] for path in found.files.values()
    }
    assert {folder.name for folder in folders} == {"smote_impls"}
