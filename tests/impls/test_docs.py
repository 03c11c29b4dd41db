"""The code of docs/samplers.md works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from imblearn.utils.estimator_checks import estimator_checks_generator

from smote_impls import SMOTE

from .small_data import overlapping

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "samplers.md"


def _samplers():
    """The classes that the guide's code blocks define, with the number of lines of each."""
    classes = {}
    for block in re.findall(r"```python\n(.*?)```", GUIDE.read_text(), flags=re.S):
        if "(BaseOversampler)" in block:
            scope = {}
            exec(compile(block, str(GUIDE), "exec"), scope)
            (name,) = re.findall(r"^class (\w+)", block, flags=re.M)
            lines = [line for line in block[block.index("class ") :].splitlines() if line.strip()]
            classes[name] = scope[name], len(lines)
    return classes


SAMPLERS = _samplers()


def test_a_new_sampler_takes_fifteen_lines():
    assert list(SAMPLERS) == ["CautiousSMOTE", "GaussianNoise"]
    assert max(n_lines for _, n_lines in SAMPLERS.values()) <= 15


@pytest.mark.parametrize("name", SAMPLERS)
def test_a_new_sampler_keeps_to_the_contract(name):
    X, y = overlapping()
    sampler = SAMPLERS[name][0](random_state=0)
    X_resampled, y_resampled = sampler.fit_resample(X, y)
    assert np.bincount(y_resampled).tolist() == [160, 160]
    np.testing.assert_array_equal(X_resampled[:200], X)
    assert sampler.__sklearn_tags__().oversampler_family == "generic"


def test_a_new_sampler_passes_imbalanced_learns_checks():
    for estimator, check in estimator_checks_generator(SAMPLERS["CautiousSMOTE"][0](random_state=0)):
        check(estimator)


def test_the_new_samplers_parameter_has_its_effect():
    X, y = overlapping()
    sampler = SAMPLERS["CautiousSMOTE"][0](random_state=0, max_step=0.1)
    sampler.fit_resample(X, y)
    assert 0 < sampler.synthetic_parents_["step"].max() < 0.1


def test_the_message_of_a_small_class_is_the_one_shown():
    X, y = overlapping(n_rows=40, n_minority=4)
    with pytest.raises(ValueError, match="Expected at least") as error:
        SMOTE().fit_resample(X, y)
    assert str(error.value) in " ".join(GUIDE.read_text().split())
