"""What tests of the charts may ask for."""

from __future__ import annotations

import pytest
from made_up import made_up_run

from smote_bench.runs.open import Run, open_run


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    # On the first data set the method is far better, on each classifier.
    folder = made_up_run(tmp_path_factory.mktemp("run"), datasets=6, methods=4, effects={"SMOTE": 0.9})
    return open_run(folder)
