"""What tests of the page may ask for."""

from __future__ import annotations

import pytest
from made_up import made_up_run

from smote_bench.runs.open import Run, open_run


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return open_run(made_up_run(tmp_path_factory.mktemp("run"), datasets=6))
