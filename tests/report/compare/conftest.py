"""What tests of comparisons may ask for."""

from __future__ import annotations

from typing import Any

import pytest
from made_up import made_up_run

from smote_bench.runs.open import Run, open_run


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made: dict[str, Run] = {}

    def get(**settings: Any) -> Run:
        key = repr(settings)
        if key not in made:
            made[key] = open_run(made_up_run(tmp_path_factory.mktemp("out"), points=None, **settings))
        return made[key]

    return get
