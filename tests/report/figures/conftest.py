"""What tests of the figures may ask for."""

from __future__ import annotations

import pytest
from made_up import made_up_run

from smote_bench.runs.open import open_run


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    failed = {("Ecoli", "SMOTE", "RandomForest"): "error"}
    out = tmp_path_factory.mktemp("six")
    return open_run(made_up_run(out, datasets=6, methods=4, classifiers=2, statuses=failed))


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    return open_run(made_up_run(tmp_path_factory.mktemp("one"), datasets=1, methods=2, classifiers=1))
