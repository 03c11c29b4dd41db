"""What only plotting needs is not imported with a sampler, and is there for who asks for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("smote_variants")

SCRIPT = """
import sys
from smote_bench.environment.targets import load_target
plots = {"seaborn", "matplotlib"}
print(load_target("smote_variants:SMOTE").__name__, sorted(plots & set(sys.modules)))
import smote_variants
print(smote_variants.visualization.relabel_y.__name__, sorted(plots & set(sys.modules)))
"""


def test_a_sampler_of_smote_variants_comes_without_its_plots_until_they_are_used() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["SMOTE []", "relabel_y ['matplotlib', 'seaborn']"]
