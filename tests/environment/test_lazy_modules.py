"""What hardly anybody uses is not executed with what imports it, and is there for who asks for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
from smote_bench.environment.targets import load_target
plots = {"seaborn", "matplotlib"}
print(load_target("smote_variants:SMOTE").__name__, sorted(plots & set(sys.modules)))
from smote_bench.environment.loaded_code import LoadedCode
from smote_bench.environment.targets import known_files, loaded_among, target_identity
target_identity("own:Sampler")
print(len(loaded_among(known_files(["own:Sampler"]))), sorted(plots & set(sys.modules)))
load_target("own:Sampler")
print(len(loaded_among(known_files(["own:Sampler"]))), sorted(plots & set(sys.modules)))
print(LoadedCode().doubts(["own:Sampler"], {"smote_variants", "own"}), sorted(plots & set(sys.modules)))
import smote_variants
print(smote_variants.visualization.relabel_y.__name__, sorted(plots & set(sys.modules)))
"""


@pytest.mark.parametrize("name", ["numpy.f2py", "numpy.f2py.crackfortran"])
def test_what_computes_comes_without_a_front_end_of_fortran_until_it_is_used(name: str) -> None:
    script = f"""
import sys
from smote_bench.environment.scipy_docs import import_scipy_stats
import_scipy_stats()
from smote_bench.evaluation import evaluate
import numpy
print("scipy.stats" in sys.modules, "numpy.f2py.crackfortran" in sys.modules)
import {name}
print(numpy.f2py.__version__ is not None, numpy.f2py.crackfortran.__name__)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["True False", "True numpy.f2py.crackfortran"]


def test_a_sampler_of_smote_variants_comes_without_its_plots_until_they_are_used(tmp_path: Path) -> None:
    pytest.importorskip("smote_variants")
    (tmp_path / "own.py").write_text("import smote_variants\n\nclass Sampler: pass\n")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == [
        "SMOTE []",
        "0 []",
        "1 []",
        "() []",
        "relabel_y ['matplotlib', 'seaborn']",
    ]
