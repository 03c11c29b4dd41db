"""Fixtures over the shared samplers and data."""

from __future__ import annotations

import pytest
from sklearn.base import clone

from .small_data import SAMPLERS, overlapping


@pytest.fixture(params=SAMPLERS)
def sampler(request):
    """Each of the samplers, with a seed."""
    return clone(SAMPLERS[request.param])


@pytest.fixture
def data():
    """X of shape (200, 3), y with 40 ones."""
    return overlapping()
